//! `who` and `entity` from outside, on a small database of our own texts.

#[path = "find/database.rs"]
#[expect(dead_code, reason = "the tests of find need more of it")]
mod database;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rapporteur::extract::Form;
use serde_json::Value;

use database::{csv_rows, folder, put, read};

/// The binary's status, standard output and standard error.
fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rapporteur"));
    command.current_dir(folder).args(arguments).stdin(Stdio::null()).env("COLUMNS", "120");
    for variable in ["NO_COLOR", "TERM", "RAPPORTEUR_DB"] {
        command.env_remove(variable);
    }
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Standard output of a run that has nothing to complain of.
fn out(folder: &Path, arguments: &[&str]) -> String {
    let (status, out, err) = run(folder, arguments);
    assert_eq!((status, err.as_str()), (0, ""), "{arguments:?}");
    out
}

/// Whose names are told how.
const TEXTS: [(&str, &str, &str); 5] = [
    (
        "https://harbourpost.example/1",
        "2021-03-01",
        "Norwegian foreign minister Robert Vesk said on Monday that the ferry would sail. “We will not wait,” Vesk said.",
    ),
    (
        "https://deccanobserver.example/2",
        "2021-03-04",
        "Robert Vesk said the talks were over. Vesk denied that he had lied.",
    ),
    ("https://echo.example/3", "2021-03-05", "The striker Robert Vesk said that he would leave the club for good."),
    ("https://echo.example/4", "2021-03-06", "Robert Vesk, the striker, said that he had changed his mind."),
    ("https://echo.example/5", "2021-03-07", "Laura Halden said that nobody had asked her."),
];

fn news(test: &str) -> PathBuf {
    let folder = folder(&format!("who-{test}"));
    put(&folder, TEXTS.map(|(url, day, text)| read(text.as_bytes(), Form::Text, Some(url), day)));
    folder
}

fn objects(json: &str) -> Vec<Value> {
    serde_json::from_str(json).unwrap()
}

/// Those of the name, by the day that they were named first.
fn people(folder: &Path, name: &str) -> Vec<Value> {
    let mut people = objects(&out(folder, &["who", "--format", "json", name]));
    people.sort_by_key(|person| person["first"].to_string());
    people
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[test]
fn people_of_one_name_are_listed_apart() {
    let here = news("apart");
    let (status, out, err) = run(&here, &["who", "Vesk"]);
    assert_eq!(status, 0);
    for words in ["foreign minister", "striker", "2021-03-01", "2021-03-05 – 2021-03-06", "NO"] {
        assert!(out.contains(words), "{words}: {out}");
    }
    assert!(err.contains("Who is meant? `rapporteur who p:"), "{err}");
    let people = people(&here, "robert vesk");
    let said: Vec<usize> = people.iter().map(|person| person["statements"].as_array().unwrap().len()).collect();
    assert!(people.len() >= 2 && said[0] >= 2, "{people:?}");
}

#[test]
fn an_id_picks_one_and_shows_all_that_was_said() {
    let here = news("picked");
    let minister = &people(&here, "robert vesk")[0];
    let id = text(&minister["id"]);
    for arguments in [vec!["who", id], vec!["who", "Vesk", "--id", id], vec!["show", id]] {
        let out = out(&here, &arguments);
        assert!(out.contains("We will not wait") && out.contains("harbourpost.example"), "{out}");
        assert!(!out.contains("leave the club"), "{out}");
    }
    let lines = out(&here, &["find", "--format", "jsonl", &format!("speaker:{id}")]);
    let keys = |statements: &Value| -> Vec<String> {
        statements.as_array().unwrap().iter().map(|one| text(&one["key"]).to_owned()).collect()
    };
    let found: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(keys(&Value::from(found)), keys(&minister["statements"]));
    let some = out(&here, &["find", "--format", "jsonl", &format!("speaker:{id} ferry")]);
    assert_eq!(some.lines().count(), 1);
    let either = out(&here, &["find", "--format", "jsonl", &format!("speaker:{id} speaker:halden")]);
    assert_eq!(either.lines().count(), lines.lines().count() + 1);
    let (status, _, err) = run(&here, &["who", "p:zzzzzzzzzz-0"]);
    assert_eq!((status, err.contains("nobody has the id")), (1, true), "{err}");
}

#[test]
fn programs_get_statements_with_whose_they_are() {
    let here = news("formats");
    let people = people(&here, "vesk");
    let n: usize = people.iter().map(|person| person["statements"].as_array().unwrap().len()).sum();
    let lines = out(&here, &["who", "--format", "jsonl", "vesk"]);
    assert_eq!(lines.lines().count(), n);
    let ids: Vec<&str> = people.iter().map(|person| text(&person["id"])).collect();
    for line in lines.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        assert!(ids.contains(&text(&line["person"])) && line["content"].is_string());
    }
    let rows = csv_rows(&out(&here, &["who", "--format", "csv", "vesk"]));
    assert_eq!((rows.len(), rows[0][..3].join(" ")), (n + 1, "person person_name key".to_owned()));
    assert!(rows.iter().all(|row| row.len() == rows[0].len()));
    assert_eq!(out(&here, &["who", "--format", "jsonl", "-n", "1", ids[0]]).lines().count(), 1);
    let (status, out, err) = run(&here, &["who", "--format", "json", "Nobody"]);
    assert_eq!((status, out.as_str(), err.contains("nobody has this name")), (0, "[]\n", true));
}

#[test]
fn what_is_merged_by_hand_is_listed_and_taken_back() {
    let here = news("merged");
    let before = people(&here, "vesk");
    let (one, other) = (text(&before[0]["id"]), text(&before[1]["id"]));
    let told = out(&here, &["entity", "merge", one, other]);
    assert!(
        told.starts_with("1: Robert Vesk (p:") && told.contains("`rapporteur entity undo 1` takes it back"),
        "{told}"
    );
    assert_eq!(people(&here, "vesk").len(), before.len() - 1);
    let log = out(&here, &["entity", "log"]);
    assert!(log.contains("are one") && log.contains("yes"), "{log}");
    out(&here, &["entity", "undo", "1"]);
    assert_eq!(people(&here, "vesk"), before);
    let log = out(&here, &["entity", "log", "--format", "jsonl"]);
    let first: Value = serde_json::from_str(log.lines().next().unwrap()).unwrap();
    assert_eq!((&first["act"], &first["undone"]), (&"merge".into(), &true.into()));
    let striker = before.iter().find(|person| person["n_articles"] == 2).unwrap();
    out(&here, &["entity", "split", text(&striker["id"]), "--since", "2021-03-06", "--outlet", "echo.example"]);
    assert_eq!(people(&here, "vesk").len(), before.len() + 1);
}

#[test]
fn what_cannot_be_done_is_said_in_a_line() {
    let here = news("wrong");
    let (status, _, err) = run(&here, &["entity", "merge", "Vesk", "Laura Halden"]);
    assert_eq!(status, 1);
    assert!(err.contains("Several have this name") && err.contains("say which by its id"), "{err}");
    let (status, _, err) = run(&here, &["entity", "split", "Laura Halden"]);
    assert_eq!((status, err.contains("--article")), (2, true), "{err}");
    let (status, _, err) = run(&here, &["entity", "undo", "7"]);
    assert_eq!((status, err.as_str()), (1, "rapporteur: there is no decision 7\n"));
    let (status, _, err) = run(&here, &["entity", "log", "--db", "none.db"]);
    assert_eq!((status, err.contains("no such database")), (1, true), "{err}");
    let (status, _, err) = run(&here, &["entity", "undo", "1", "--db", "none.db"]);
    assert_eq!((status, err.contains("no such database"), here.join("none.db").exists()), (1, true, false), "{err}");
}

#[test]
fn ids_come_from_a_file_and_bad_lines_are_named() {
    let here = news("imported");
    fs::write(
        here.join("people.jsonl"),
        "[\n{\"id\":\"Q77\",\"labels\":{\"en\":\"Laura Halden\"},\"descriptions\":{\"en\":\"poet\"}},\n{\"id\":\n\
         {\"id\":\"Q78\"}\n{\"id\":\"n-1\",\"schema\":\"Person\",\"properties\":{\"name\":[\"Robert Vesk\"],\"country\":[\"no\"]}}\n]\n",
    )
    .unwrap();
    let (status, out, err) = run(&here, &["entity", "import", "people.jsonl"]);
    assert_eq!((status, out.contains("2 items, 2 bad lines")), (1, true), "{out}{err}");
    assert!(err.contains("people.jsonl: line 3: no JSON") && err.contains("line 4: it has no label"), "{err}");
    assert_eq!(people(&here, "halden")[0]["authority"], "Q77");
    let ids: Vec<Value> = people(&here, "vesk").iter().map(|person| person["authority"].clone()).collect();
    assert_eq!(ids.iter().filter(|id| **id == "n-1").count(), 1, "{ids:?}");
}

#[test]
fn nothing_of_a_page_reaches_a_terminal_raw() {
    let here = folder("who-hostile");
    let mut document =
        read(b"Laura Halden said that nobody had asked her.", Form::Text, Some("https://x.example/"), "");
    let hostile = "Laura Halden\u{1b}[31m\u{202e}";
    for entity in &mut document.entities {
        entity.name = hostile.to_owned();
    }
    put(&here, [document]);
    for format in ["table", "json", "jsonl"] {
        let (_, out, err) = run(&here, &["who", "--format", format, "halden*"]);
        let raw = |text: &str| text.contains(['\u{1b}', '\u{202e}']);
        assert!(out.contains("Halden") && !raw(&out) && !raw(&err), "{format}: {out:?}");
    }
    for name in ["\u{1b}[35q", "\"", "NEAR(", "*", "'; DROP TABLE people; --", "p:", "p:\u{1b}-1", &"x".repeat(5000)] {
        let (status, out, err) = run(&here, &["who", name]);
        assert!(status < 2 && !out.contains('\u{1b}') && !err.contains('\u{1b}'), "{name}: {err}");
        assert_eq!(err.lines().count(), 1, "{err}");
    }
}
