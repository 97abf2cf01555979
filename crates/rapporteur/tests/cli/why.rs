//! `rapporteur why`: how statements were found.

use std::path::{Path, PathBuf};

use insta::assert_snapshot;
use serde_json::Value;

use super::{folder, rapporteur, run, run_with_stdin, told};

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples")
}

/// What is told of `examples/<name>` in 100 columns and without colours; nothing may be said on standard error.
fn why(name: &str, arguments: &[&str]) -> String {
    let mut command = rapporteur(&examples(), &[&["why", name], arguments].concat());
    let (status, out, err) = told(&command.env("COLUMNS", "100").output().unwrap());
    assert_eq!((status, err.as_str()), (0, ""), "{name}");
    out
}

fn value(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

#[test]
fn why_help_teaches() {
    let (status, out, _) = run(&folder("why_help", &[]), &["why", "--help"]);
    assert_eq!(status, 0);
    assert_snapshot!(out);
}

#[test]
fn talks_by_rules() {
    assert_snapshot!(why("talks.html", &["--model", "rules"]));
}

#[test]
fn every_statement_of_the_reading_is_told() {
    for name in ["talks.html", "hospital-ship.html", "live.html", "interview.txt", "gold/wire.txt"] {
        for model in ["fast", "rules"] {
            let (_, read, _) = run(&examples(), &["read", "--model", model, "--format", "jsonl", name]);
            let statements = value(&read)["statements"].as_array().unwrap().clone();
            let told = value(&why(name, &["--model", model, "--format", "json"]));
            let told = told["statements"].as_array().unwrap();
            assert_eq!(told.len(), statements.len(), "{name}");
            for (told, statement) in told.iter().zip(&statements) {
                let spans = |words: &Value| -> Vec<Value> {
                    words.as_array().unwrap().iter().map(|words| words["span"].clone()).collect()
                };
                assert_eq!(told["statement"], statement["id"]);
                assert_eq!(told["confidence"], statement["confidence"]);
                assert_eq!(spans(&told["content"]), *statement["content"].as_array().unwrap());
                assert_eq!(spans(&told["speaker"]["source"]), *statement["source"].as_array().unwrap());
                assert!(!told["rule"].is_null() || !told["model"].is_null(), "{told}");
            }
            let printed = why(name, &["--model", model]);
            let n_printed = printed.lines().filter(|line| line.trim_start().starts_with("sure ")).count();
            assert_eq!(n_printed, statements.len(), "{name}");
        }
    }
}

#[test]
fn one_statement_is_told_alone() {
    let one = why("talks.html", &["--model", "rules", "--statement", "2"]);
    assert!(one.starts_with("Statement 2 of "), "{one}");
    assert_eq!(one.lines().filter(|line| line.contains("  sure ")).count(), 1, "{one}");
    assert!(why("talks.html", &["--model", "rules"]).contains(one.lines().nth(2).unwrap()), "{one}");
    let json = value(&why("talks.html", &["--model", "rules", "-s", "2", "--format", "json"]));
    assert_eq!(json["statements"].as_array().unwrap().len(), 1);
    assert_eq!(json["statements"][0]["statement"], 1);
    let (status, out, err) = run(&examples(), &["why", "--statement", "999", "talks.html"]);
    assert_eq!((status, out.as_str()), (1, ""));
    assert!(err.starts_with("rapporteur: talks.html: no statement 999: there are "), "{err}");
    assert_eq!(run(&examples(), &["why", "--statement", "0", "talks.html"]).0, 2);
}

#[test]
fn what_cannot_be_read_is_named() {
    let here = folder("why_unread", &[("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")]);
    for (input, reason) in [("nowhere", "no such file or folder"), ("a.png", "not a text but a PNG image")] {
        let (status, out, err) = run(&here, &["why", input]);
        assert_eq!((status, out.as_str()), (1, ""));
        assert_eq!(err, format!("rapporteur: {input}: {reason}\n"));
    }
    assert_eq!(run(&here, &["why"]).0, 2);
    assert_eq!(run(&here, &["why", "a", "b"]).0, 2);
}

#[test]
fn a_page_without_statements_says_so() {
    let here = folder("why_nothing", &[("empty", b""), ("rain", b"It rained.")]);
    for input in ["empty", "rain"] {
        let (status, out, err) = run(&here, &["why", "--as", "text", "--model", "rules", input]);
        assert_eq!((status, err.as_str()), (0, ""));
        assert!(out.starts_with("No statements, read by rules alone\n"), "{out}");
    }
}

#[test]
fn no_control_character_of_a_page_reaches_the_terminal() {
    let text = "Mira Adair said that the \u{9b}2J road \u{202e} was\u{1b}[2J open\u{7}. “No,\u{8} it\u{1b}[31m rained,” Rolf Holt told reporters.";
    let here = folder("why_hostile", &[]);
    for color in ["never", "auto"] {
        for model in ["fast", "rules"] {
            let arguments = ["why", "--as", "text", "--color", color, "--model", model, "-"];
            let (status, out, _) = run_with_stdin(&here, &arguments, text.as_bytes());
            assert_eq!(status, 0);
            assert!(out.contains("said"), "{out}");
            assert!(!out.contains(|c: char| c.is_control() && c != '\n' || c == '\u{202e}'), "{out:?}");
        }
    }
}

#[test]
fn rows_keep_to_the_width() {
    for columns in ["40", "72"] {
        let mut command = rapporteur(&examples(), &["why", "talks.html"]);
        let (_, out, _) = told(&command.env("COLUMNS", columns).output().unwrap());
        let widest = out.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= columns.parse().unwrap(), "{widest}: {out}");
    }
}

#[test]
fn colours_where_they_are_wanted() {
    let coloured = |color: &str| run(&examples(), &["why", "--color", color, "talks.html"]).1.contains('\u{1b}');
    assert!(coloured("always") && !coloured("auto") && !coloured("never"));
}
