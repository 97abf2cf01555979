//! `--why-text`: why each block of a page is kept or dropped; and pages that hold no article.

use std::path::{Path, PathBuf};

use insta::assert_snapshot;
use serde_json::Value;

use super::{folder, rapporteur, run, told};

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples")
}

/// What is told of `examples/<name>` in so many columns.
fn why_text(name: &str, columns: &str, arguments: &[&str]) -> String {
    let mut command = rapporteur(&examples(), &[&["read", "--why-text", name], arguments].concat());
    let (status, out, err) = told(&command.env("COLUMNS", columns).output().unwrap());
    assert_eq!((status, err.as_str()), (0, ""), "{name}");
    out
}

#[test]
fn each_block_has_its_reason() {
    assert_snapshot!(why_text("talks.html", "100", &[]));
}

#[test]
fn on_narrow_paper_every_line_fits() {
    let out = why_text("talks.html", "60", &[]);
    assert!(out.lines().all(|line| line.chars().count() <= 60), "{out}");
    assert_snapshot!(why_text("live.html", "60", &["--color", "always"]));
}

#[test]
fn json_has_the_same_blocks_and_the_kept_ones_are_the_article() {
    let told: Value = serde_json::from_str(&why_text("talks.html", "100", &["--format", "json"])).unwrap();
    let page = &told[0];
    assert_eq!((page["input"].as_str(), page["no_article"].is_null()), (Some("talks.html"), true));
    let blocks = page["blocks"].as_array().unwrap();
    for block in blocks {
        let sure = &block["probability"];
        assert!(sure.is_null() || (0.0..=1.0).contains(&sure.as_f64().unwrap()), "{block}");
    }
    let kept = blocks.iter().filter(|block| block["kept"] == true).map(|block| block["text"].as_str().unwrap());
    let (_, text, _) = run(&examples(), &["extract", "talks.html"]);
    assert_eq!(kept.collect::<Vec<_>>().join("\n\n"), text.trim_end());
    let (_, of_extract, _) = run(&examples(), &["extract", "--why-text", "--format", "json", "talks.html"]);
    assert_eq!(serde_json::from_str::<Value>(&of_extract).unwrap(), told);
}

const WALL: &str = "<title>Log in - The Harbour</title><h1>Log in to continue</h1><form><input type=password></form>\
                    <p>Forgot your password? New to The Harbour? Create an account.</p>";
const LOST: &str =
    "<title>404 - Page not found</title><h1>Page not found</h1><p>The page you requested is not here.</p>";
const STORY: &str =
    "<title>Bridge closed</title><h1>Bridge closed</h1><p>The harbour bridge is closed. Ferries run.</p>";

#[test]
fn pages_that_hold_no_article_are_named_with_what_they_are() {
    let files: [(&str, &[u8]); 3] =
        [("a.html", WALL.as_bytes()), ("b.html", LOST.as_bytes()), ("c.html", STORY.as_bytes())];
    let folder = folder("no_article", &files);
    for command in [&["extract", "."][..], &["read", "--model", "rules", "."]] {
        let (status, out, err) = run(&folder, command);
        let expected = "./a.html: no article: a wall that asks to log in\n./b.html: no article: an error page\n\
                        2 of 3 inputs failed; 2 without an article: a wall that asks to log in (1), an error page (1)\n";
        assert_eq!((status, err.as_str()), (1, expected), "{out}");
        assert!(out.contains("The harbour bridge is closed.") && !out.contains("Forgot"), "{out}");
    }
    let (status, out, err) = run(&folder, &["read", "--why-text", "a.html"]);
    assert_eq!((status, err.as_str()), (0, ""), "that there is none is told like everything else");
    assert!(out.ends_with("No article: a wall that asks to log in\n"), "{out}");
}

#[test]
fn nothing_of_a_page_commands_the_terminal() {
    let page = "<nav class='x\u{1b}[31m'>Home\u{1b}[2J \u{202e}Away</nav><h1>Bridge\u{9b}31m closed</h1><p>The bridge is closed.</p>";
    let folder = folder("why_text_hostile", &[("a.html", page.as_bytes())]);
    for format in ["pretty", "json", "jsonl"] {
        let (status, out, _) = run(&folder, &["read", "--why-text", "--format", format, "a.html"]);
        assert_eq!(status, 0);
        assert!(!out.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{out:?}");
    }
}
