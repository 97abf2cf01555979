//! The pages of `examples/` as they are printed. Read by rules, so that new weights don't change the prints.

use std::path::Path;

use insta::assert_snapshot;

use super::{rapporteur, told};

/// A reading of `examples/<name>` in 100 columns and without colours; nothing may be said on standard error.
fn read(name: &str, arguments: &[&str]) -> String {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let mut command = rapporteur(&examples, &[&["read", "--model", "rules", name], arguments].concat());
    let (status, out, err) = told(&command.env("COLUMNS", "100").output().unwrap());
    assert_eq!((status, err.as_str()), (0, ""), "{name}");
    out
}

#[test]
fn talks() {
    assert_snapshot!(read("talks.html", &[]));
}

/// The same article as the page above: its text, but for a picture's caption, and what is read in it, if its day is told.
#[test]
fn the_page_around_an_article_changes_nothing_in_it() {
    let body = |out: String| out[out.find("La Paz Urges").unwrap()..].to_owned();
    let page = body(read("talks.html", &[]));
    let caption = "  Reed boats on Lake Titicaca | File photo\n\n";
    assert!(page.contains(caption), "{page}");
    assert_eq!(page.replacen(caption, "", 1), body(read("gold/talks.txt", &["--date", "2023-10-19"])));
}

#[test]
fn hospital_ship() {
    assert_snapshot!(read("hospital-ship.html", &[]));
}

#[test]
fn live() {
    assert_snapshot!(read("live.html", &[]));
}

#[test]
fn interview() {
    assert_snapshot!(read("interview.txt", &[]));
}

#[test]
fn scraped() {
    assert_snapshot!(read("scraped.txt", &[]));
}

#[test]
fn ferry() {
    assert_snapshot!(read("gold/ferry.txt", &[]));
}

#[test]
fn wire() {
    assert_snapshot!(read("gold/wire.txt", &[]));
}

#[test]
fn wire_as_json() {
    assert_snapshot!(read("gold/wire.txt", &["--format", "json", "--date", "2024-05-14"]));
}
