//! `show` and `stats`.

use std::path::{Path, PathBuf};

use insta::assert_snapshot;
use rapporteur::extract::Form;
use serde_json::Value;

use crate::database::{examples, folder, put, read};
use crate::{found, out, rapporteur, run, told};

const URL: &str = "https://harbour.example/quay";
const FIRST: &str = "Harbour master Ada Brandt said: “The quay is safe.” She said that no crane had moved since May. \
                     Mayor Tom Okafor denied that money was short.";
const SECOND: &str = "Harbour master Ada Brandt said: “The quay is safe.” She said that no crane had moved since May or June. \
                      Engineer Lena Voss said the wall would fall.";

/// A story that was changed a day later, and another one.
fn revised(test: &str) -> PathBuf {
    let folder = folder(test);
    let text = |text: &str, day: &str| read(text.as_bytes(), Form::Text, Some(URL), day);
    put(&folder, [text(FIRST, "2024-05-01"), text(SECOND, "2024-05-02")]);
    put(&folder, [read("Li said that no ship came.".as_bytes(), Form::Text, Some("https://harbour.example/li"), "")]);
    folder
}

fn key(here: &Path, query: &str) -> String {
    found(here, query)[0]["key"].as_str().unwrap().to_owned()
}

fn json(here: &Path, arguments: &[&str]) -> Value {
    serde_json::from_str(&out(here, arguments)).unwrap()
}

#[test]
fn help_teaches() {
    let here = folder("show_help");
    assert_snapshot!("show_help", out(&here, &["show", "--help"]));
    assert_snapshot!("stats_help", out(&here, &["stats", "--help"]));
}

#[test]
fn a_statement_is_shown_where_it_stands() {
    let here = examples("show_statement");
    let ferrand = key(&here, "speaker:ferrand room via:afp");
    for columns in ["60", "100"] {
        let (status, out, err) = told(rapporteur(&here, &["show", &ferrand]).env("COLUMNS", columns));
        assert_eq!((status, err.as_str()), (0, ""));
        assert!(out.lines().all(|line| line.chars().count() <= columns.parse().unwrap()), "{out}");
        assert_snapshot!(format!("show_statement_{columns}"), out);
    }
    assert_eq!(out(&here, &["show", &ferrand[..9].to_uppercase()]), out(&here, &["show", &ferrand]));
}

#[test]
fn a_citation_can_be_checked_by_others() {
    let here = examples("show_citation");
    for one in found(&here, "") {
        let shown = json(&here, &["show", "--format", "json", one["key"].as_str().unwrap()]);
        assert_eq!((&shown["key"], &shown["content"]), (&one["key"], &one["content"]));
        let text = crate::database::text_of(&here, one["article"].as_str().unwrap());
        let points: Vec<char> = text.chars().collect();
        for selector in shown["citation"]["selector"].as_array().unwrap() {
            let (quote, position) = (&selector[0], &selector[1]);
            let number = |key: &str| position[key].as_u64().unwrap() as usize;
            let cut = |start: usize, end: usize| points[start..end].iter().collect::<String>();
            let (start, end) = (number("start"), number("end"));
            assert_eq!(quote["exact"], cut(start, end));
            assert_eq!(quote["prefix"], cut(start.saturating_sub(32), start));
            assert_eq!(quote["suffix"], cut(end, (end + 32).min(points.len())));
        }
    }
}

#[test]
fn an_article_is_shown_as_it_is_read() {
    let here = examples("show_article");
    let url = "https://www.deccanobserver.example/website/story/world/la-paz-urges-lima-news-187233";
    let shown = out(&here, &["show", url]);
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/talks.html");
    let as_read = out(&here, &["read", "--model", "rules", page.to_str().unwrap()]);
    assert!(shown.starts_with(&as_read), "{shown}");
    assert!(shown.ends_with("rapporteur show 'b3:83127118f6fa#1'\n"), "{shown}");
    let id = "b3:83127118f6fa0e132bd7b1c57bded88f";
    assert_eq!([out(&here, &["show", id]), out(&here, &["show", &id[..9]])], [shown.clone(), shown]);
    let document = json(&here, &["show", "--format", "json", id]);
    let as_read = json(&here, &["read", "--model", "rules", "--format", "json", page.to_str().unwrap()]);
    assert_eq!(document, as_read[0]);
    assert_eq!(
        out(&here, &["show", &format!("{id}#4")]),
        out(&here, &["show", &key(&here, "speaker:ferrand room via:afp")])
    );
}

#[test]
fn what_became_of_a_story_is_told() {
    let here = revised("show_revisions");
    assert_snapshot!("show_revisions", out(&here, &["show", "--revisions", URL]));
    let shown = out(&here, &["show", URL]);
    assert!(shown.contains("June") && shown.ends_with(&out(&here, &["show", "--revisions", URL])), "{shown}");
    let texts = json(&here, &["show", "--revisions", "--format", "json", URL]);
    let changes: Vec<&str> =
        texts[1]["changes"].as_array().unwrap().iter().map(|one| one["change"].as_str().unwrap()).collect();
    assert_eq!(changes, ["dropped", "changed", "added"]);
}

#[test]
fn what_became_of_a_statement_is_told() {
    let here = revised("show_became");
    let became = |query: &str| {
        let shown = json(&here, &["show", "--format", "json", &key(&here, &format!("{query} until:2024-05-01"))]);
        let other = &shown["elsewhere"][0];
        (other["became"].as_str().unwrap().to_owned(), other["stands"].as_bool().unwrap(), other["content"].clone())
    };
    assert_eq!(became("quay"), ("kept".into(), true, Value::Null));
    assert_eq!(became("crane"), ("changed".into(), false, "no crane had moved since May or June".into()));
    assert_eq!(became("money"), ("dropped".into(), false, Value::Null));
    let shown = out(&here, &["show", &key(&here, "money")]);
    assert!(shown.contains("dropped; its words are not"), "{shown}");
    let alone = out(&here, &["show", "--revisions", &key(&here, "ship")]);
    assert_eq!(alone, "Other texts  none of its URL is known\n");
}

#[test]
fn what_names_nothing_or_several_is_told() {
    let here = examples("show_unknown");
    for (what, wanted) in [
        ("Lavrov", "Lavrov: no statement's key, no article's id and no URL; `rapporteur find`"),
        ("zzzzzzzzzzzz", "zzzzzzzzzzzz: no statement's key"),
        ("https://nowhere.example/", "https://nowhere.example/: no article has this URL"),
        ("b3:8312#99", "b3:8312: no statement 99: its statements are numbered from 1 to 15"),
        ("b3:8312#0", "b3:8312: no statement 0"),
        ("nothing#1", "nothing: no article's id begins so"),
        ("", ": no statement's key"),
        ("b3:", "b3:: no statement's key"),
    ] {
        let (status, out, err) = run(&here, &["show", what]);
        assert_eq!((status, out.as_str()), (1, ""), "{what}");
        assert!(err.starts_with(&format!("rapporteur: {wanted}")), "{what}: {err}");
    }
    let several = (0..=9).map(|digit| run(&here, &["show", &digit.to_string()])).find(|(status, ..)| *status == 1);
    let (_, _, err) = several.unwrap();
    assert!(err.contains("several begin so; type more of one: "), "{err}");
}

#[test]
fn stats_count_everything() {
    let here = revised("stats");
    let all = json(&here, &["stats", "--format", "json"]);
    let n = |value: &Value| value.as_u64().unwrap();
    assert_eq!((n(&all["articles"]), n(&all["revised"]), n(&all["n_outlets"])), (3, 2, 1));
    let n_statements = found(&here, "").len() as u64;
    assert_eq!(n(&all["statements"]), n_statements);
    for list in ["outlets", "months", "acts"] {
        let sum: u64 = all[list].as_array().unwrap().iter().map(|row| n(&row["statements"])).sum();
        assert_eq!(sum, n_statements, "{list}");
    }
    let months: Vec<&Value> = all["months"].as_array().unwrap().iter().map(|row| &row["name"]).collect();
    assert_eq!(months, [&Value::Null, &Value::from("2024-05")]);
    assert_eq!((&all["first_day"], &all["last_day"]), (&Value::from("2024-05-01"), &Value::from("2024-05-02")));
    let table = out(&here, &["stats"]);
    let from = table.find("Articles").unwrap();
    assert_snapshot!("stats", &table[from..]);
}

#[test]
fn stats_of_nothing_are_zeros() {
    let here = folder("stats_empty");
    put(&here, []);
    let table = out(&here, &["stats"]);
    assert!(table.contains("Articles    0\n"), "{table}");
    let (status, none, err) = run(&here, &["find", "lake"]);
    assert_eq!((status, none.as_str()), (0, ""));
    assert_eq!(err, "nothing found: the database has no statements; `rapporteur import` fills it\n");
}
