//! Reads feeds, sitemaps and OPML, and prints each as a line of JSON.
//!
//! `feed FILES…`, or `feed -` for lines of `file<tab>url<tab>content type` on standard input.

use std::io::{BufRead, Write};

use rapporteur_extract::feeds::{Entry, Source, read};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::stdout().lock();
    let mut inputs: Vec<String> = std::env::args().skip(1).collect();
    if inputs == ["-"] {
        inputs = std::io::stdin().lock().lines().collect::<Result<_, _>>()?;
    }
    for input in inputs {
        let mut parts = input.split('\t');
        let file = parts.next().unwrap_or_default();
        let (url, content_type) = (parts.next().filter(|url| !url.is_empty()), parts.next());
        writeln!(out, "{}", feed(file, &Source { bytes: &std::fs::read(file)?, url, content_type }))?;
    }
    Ok(())
}

fn feed(file: &str, source: &Source) -> Value {
    match read(source) {
        Ok(feed) => json!({
            "file": file,
            "kind": format!("{:?}", feed.kind),
            "title": feed.title,
            "link": feed.link,
            "entries": feed.entries.iter().map(entry).collect::<Vec<_>>(),
            "notes": feed.notes,
        }),
        Err(error) => json!({ "file": file, "error": error.to_string() }),
    }
}

fn entry(entry: &Entry) -> Value {
    json!({
        "title": entry.title,
        "link": entry.link,
        "published": entry.published,
        "updated": entry.updated,
        "authors": entry.authors,
        "summary": entry.summary,
        "guid": entry.guid,
    })
}
