//! `find`, `show` and `stats` from outside, on a small database of our own texts.

#[path = "find/database.rs"]
mod database;
#[path = "find/hostile.rs"]
mod hostile;
#[path = "find/show.rs"]
mod show;

use std::path::Path;
use std::process::{Command, Stdio};

use insta::assert_snapshot;
use serde_json::Value;

use database::{examples, folder};

/// What a run gave: status, standard output, standard error.
type Told = (i32, String, String);

/// The binary, about to run in `folder`, unswayed by the environment of the tests.
fn rapporteur(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rapporteur"));
    command.current_dir(folder).args(arguments).stdin(Stdio::null());
    for variable in ["COLUMNS", "NO_COLOR", "TERM", "RAPPORTEUR_DB"] {
        command.env_remove(variable);
    }
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Told {
    told(&mut rapporteur(folder, arguments))
}

fn told(command: &mut Command) -> Told {
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

/// The value of a key in each line.
fn values(jsonl: &str, key: &str) -> Vec<Value> {
    jsonl.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()[key].clone()).collect()
}

fn found(folder: &Path, query: &str) -> Vec<Value> {
    out(folder, &["find", "--format", "jsonl", query]).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn help_teaches() {
    let here = folder("help");
    assert_snapshot!(out(&here, &["find", "--help"]));
}

#[test]
fn statements_are_found_newest_first() {
    let here = examples("newest");
    let all = found(&here, "");
    let days: Vec<&str> = all.iter().map(|one| one["published"].as_str().unwrap_or("")).collect();
    assert!(days.len() > 40 && days.is_sorted_by(|one, next| one[..one.len().min(10)] >= next[..next.len().min(10)]));
    let of_ferrand = found(&here, "speaker:ferrand");
    assert!(of_ferrand.len() == 3 && of_ferrand.iter().all(|one| one["speaker"] == "Lucía Ferrand"), "{of_ferrand:?}");
    assert_eq!(found(&here, "speaker:ferrand deal").len(), found(&here, "DÉAL speaker:\"Lucia Ferrand\"").len());
    let denied = found(&here, "act:deny speaker:quiroga");
    assert!(denied.iter().any(|one| one["content"].as_str().unwrap().contains("had asked")), "{denied:?}");
}

#[test]
fn words_stand_where_the_object_says() {
    let here = examples("spans");
    for (unit, slice) in [("codepoint", points as fn(&str, usize, usize) -> String), ("byte", bytes)] {
        for one in out(&here, &["find", "--format", "jsonl", "--offsets", unit]).lines() {
            let one: Value = serde_json::from_str(one).unwrap();
            let text = database::text_of(&here, one["article"].as_str().unwrap());
            let stretches = one["spans"]["content"].as_array().unwrap();
            let number = |value: &Value| value.as_u64().unwrap() as usize;
            let words: Vec<String> =
                stretches.iter().map(|span| slice(&text, number(&span[0]), number(&span[1]))).collect();
            assert_eq!(one["content"], words.join(" … "), "{unit}");
            assert_eq!(one["offsets"], unit);
        }
    }
}

fn points(text: &str, start: usize, end: usize) -> String {
    text.chars().skip(start).take(end - start).collect()
}

fn bytes(text: &str, start: usize, end: usize) -> String {
    text[start..end].to_owned()
}

#[test]
fn a_table_shows_who_when_where_and_marks_the_words() {
    let here = examples("table");
    for columns in ["60", "100", "200"] {
        let arguments = ["find", "--limit", "6", "deal OR lake OR ship*"];
        let (status, out, err) = told(rapporteur(&here, &arguments).env("COLUMNS", columns));
        assert_eq!((status, err.as_str()), (0, ""));
        assert!(out.lines().all(|line| line.chars().count() <= columns.parse().unwrap()), "{out}");
        assert_snapshot!(format!("table_{columns}"), out);
    }
    let (_, out, _) =
        told(rapporteur(&here, &["find", "--color", "always", "--limit", "1", "deal"]).env("COLUMNS", "100"));
    assert!(out.contains("\u{1b}[1;4;38;5;208mdeal\u{1b}[0m") && !out.contains('⟦'), "{out:?}");
}

#[test]
fn articles_are_found_by_text_and_by_their_statements() {
    let here = examples("articles");
    let ids = |query: &str| values(&out(&here, &["find", "--articles", "--format", "jsonl", "--", query]), "id");
    assert_eq!(ids("").len(), database::N_ARTICLES);
    assert_eq!(ids("lake act:deny").len(), 1);
    assert_eq!((ids("speaker:ferrand").len(), ids("lake -library").len(), ids("-lake").len()), (1, 1, 6));
    assert_snapshot!(out(&here, &["find", "--articles", "lake OR library"]));
}

#[test]
fn csv_is_read_back_by_its_rules() {
    let here = examples("csv");
    let csv = out(&here, &["find", "--format", "csv"]);
    let rows = database::csv_rows(&csv);
    let all = found(&here, "");
    assert_eq!(rows.len(), all.len() + 1);
    assert!(csv.ends_with("\r\n") && rows.iter().all(|row| row.len() == rows[0].len()));
    let column = |name: &str| rows[0].iter().position(|heading| heading == name).unwrap();
    for (row, one) in rows[1..].iter().zip(&all) {
        for name in ["key", "content", "cue", "source", "article", "act"] {
            assert_eq!(one[name], row[column(name)], "{name}");
        }
        let span = &one["spans"]["content"][0];
        assert!(row[column("spans")].starts_with(&format!("{}-{}", span[0], span[1])));
    }
    let articles = database::csv_rows(&out(&here, &["find", "--articles", "--format", "csv"]));
    assert_eq!((articles.len(), articles[0][0].as_str()), (database::N_ARTICLES + 1, "id"));
}

#[test]
fn json_is_one_array() {
    let here = examples("json");
    let array: Value = serde_json::from_str(&out(&here, &["find", "--format", "json", "-n", "3"])).unwrap();
    assert_eq!(array.as_array().unwrap().len(), 3);
    let (status, none, _) = run(&here, &["find", "--format", "json", "zeppelin"]);
    assert_eq!((status, none.as_str()), (0, "[]\n"));
}

#[test]
fn a_pipe_gets_all_and_a_limit_holds() {
    let here = examples("limit");
    let n_all = found(&here, "").len();
    let n_keys = |out: String| out.lines().filter(|line| line.starts_with("20") || line.starts_with("undated")).count();
    assert_eq!(n_keys(out(&here, &["find"])), n_all);
    assert_eq!(n_keys(out(&here, &["find", "--limit", "7"])), 7);
    assert_eq!(n_keys(out(&here, &["find", "--limit", "all"])), n_all);
    assert_eq!(run(&here, &["find", "--limit", "0"]).0, 2);
}

#[test]
fn ranked_is_the_same_set_in_another_order() {
    let here = examples("ranked");
    let keys = |arguments: &[&str]| values(&out(&here, &[&["find", "--format", "jsonl"], arguments].concat()), "key");
    let (mut newest, mut best) = (keys(&["deal OR ship OR library"]), keys(&["--rank", "deal OR ship OR library"]));
    assert!(newest.len() > 3 && newest != best);
    newest.sort_by_key(Value::to_string);
    best.sort_by_key(Value::to_string);
    assert_eq!(newest, best);
    let (status, _, err) = run(&here, &["find", "--rank", "speaker:ferrand"]);
    assert_eq!(status, 2);
    assert!(err.contains("--rank needs words to look for"), "{err}");
}

#[test]
fn what_is_mistyped_is_named() {
    let here = examples("mistyped");
    for (query, wanted) in [
        ("speeker:Ferrand", "no field is called `speeker`: did you mean `speaker:`?"),
        ("act:denies", "act:denies: did you mean `deny`?"),
        ("since:spring", "since:spring: no date: write 2022, 2022-03 or 2022-03-16"),
        ("\"full halt", "a quotation mark is opened and not closed"),
        ("country:Peru", "country:Peru: write two letters"),
    ] {
        let (status, out, err) = run(&here, &["find", query]);
        assert_eq!((status, out.as_str()), (2, ""), "{query}");
        assert!(err.starts_with(&format!("error: {wanted}")), "{err}");
    }
}

#[test]
fn nothing_found_says_which_part_has_none() {
    let here = examples("nothing");
    for (query, wanted) in [
        ("zeppelin", "nothing found: no statement has zeppelin\n"),
        ("lake speaker:Ferand", "nothing found: no statement has speaker:Ferand (did you mean Lucía Ferrand?)\n"),
        (
            "lake since:2031 act:threaten",
            "nothing found: no statement has act:threaten; no statement has since:2031-01-01\n",
        ),
        (
            "speaker:molina act:deny",
            "nothing found: without speaker:molina there are 4; without act:deny there are 5\n",
        ),
    ] {
        let (status, out, err) = run(&here, &["find", query]);
        assert_eq!((status, out.as_str()), (0, ""), "{query}");
        assert!(err.starts_with(wanted), "{query}: {err}");
    }
}

#[test]
fn timing_is_told_apart_from_results() {
    let here = examples("timing");
    let (status, out, err) = run(&here, &["find", "--timing", "--format", "jsonl", "deal"]);
    assert_eq!(status, 0);
    assert!(out.lines().all(|line| line.starts_with('{')));
    assert!(err.starts_with("opened in ") && err.ends_with(" ms\n") && err.contains("the first result after"), "{err}");
}

#[test]
fn a_reader_that_leaves_early_ends_the_run_quietly() {
    let here = examples("early");
    for format in ["table", "json", "jsonl", "csv"] {
        let mut command = rapporteur(&here, &["find", "--format", format]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{format}: {output:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let here = examples("full");
    for arguments in [&["find", "--format", "csv"][..], &["find"], &["stats"]] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = rapporteur(&here, arguments).stdout(full).output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(1) && err.starts_with("rapporteur: standard output: "), "{err}");
    }
}

#[test]
fn what_is_no_database_is_named() {
    let here = folder("no_database");
    let (status, _, err) = run(&here, &["find", "deal"]);
    assert_eq!(status, 1);
    assert_eq!(err, "rapporteur: rapporteur.db: no such database; `rapporteur import` makes one\n");
    std::fs::write(here.join("notes.txt"), "not a database at all, but long enough to be looked at closely").unwrap();
    let (status, _, err) = run(&here, &["find", "--db", "notes.txt", "deal"]);
    assert_eq!(status, 1);
    assert!(err.contains("not a database of Rapporteur"), "{err}");
}
