//! JSON Feed 1.0 and 1.1.

use serde_json::Value;

use super::{Entry, Error, Feed, Kind, MAX_ENTRIES, MAX_SUMMARY, text};
use crate::link;

/// Reads a JSON Feed; one that breaks off can't be read in part.
pub(super) fn read(json: &str, url: Option<&str>) -> Result<Feed, Error> {
    let value: Value = serde_json::from_str(json).map_err(|_| Error::NotAFeed("broken JSON"))?;
    let Some(items) = value.get("items").and_then(Value::as_array) else {
        return Err(Error::NotAFeed("other JSON"));
    };
    let base = string(&value, "feed_url").and_then(|stated| link::web(url, &stated)).or_else(|| url.map(str::to_owned));
    let base = base.as_deref();
    let authors = authors(&value);
    let entries = items.iter().take(MAX_ENTRIES).map(|item| entry(item, base, &authors)).collect();
    let mut notes = Vec::new();
    if items.len() > MAX_ENTRIES {
        notes.push(format!("{} entries beyond the first {MAX_ENTRIES} were left out", items.len() - MAX_ENTRIES));
    }
    Ok(Feed {
        kind: Kind::Json,
        title: string(&value, "title").and_then(|title| text::kept(&title, MAX_SUMMARY)),
        link: string(&value, "home_page_url").and_then(|link| link::web(base, &link)),
        entries,
        notes,
    })
}

fn entry(item: &Value, base: Option<&str>, of_feed: &[String]) -> Entry {
    let get = |name| string(item, name);
    let date = |name| get(name).and_then(|date| crate::dates::written(&date));
    let own = authors(item);
    let guid = get("id");
    let link = get("url").or_else(|| get("external_url")).or_else(|| guid.clone().filter(|id| id.starts_with("http")));
    let plain = |name| get(name).and_then(|plain| text::kept(&plain, MAX_SUMMARY));
    let html = || get("content_html").and_then(|html| text::html(&html, MAX_SUMMARY));
    Entry {
        title: plain("title"),
        link: link.and_then(|link| link::web(base, &link)),
        published: date("date_published"),
        updated: date("date_modified"),
        authors: if own.is_empty() { of_feed.to_vec() } else { own },
        summary: plain("summary").or_else(|| plain("content_text")).or_else(html),
        guid,
    }
}

/// A string, or a number that stands for one.
fn string(value: &Value, name: &str) -> Option<String> {
    match value.get(name)? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn authors(value: &Value) -> Vec<String> {
    let many = value.get("authors").and_then(Value::as_array).into_iter().flatten();
    let names = many.chain(value.get("author")).filter_map(|author| string(author, "name"));
    let mut authors: Vec<String> = Vec::new();
    for name in names.take(20) {
        if !authors.contains(&name) {
            authors.push(name);
        }
    }
    authors
}
