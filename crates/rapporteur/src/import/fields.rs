//! What a line of JSONL says of an article.

use jiff::Timestamp;
use jiff::tz::Offset;
use rapporteur::extract;
use rapporteur::record::Moment;
use serde_json::{Map, Value};

use super::Bad;
use crate::args::FieldNames;

/// Usual names of fields, the best first. Case, `_` and `-` do not count.
const TEXT: &[&str] =
    &["text", "body", "content", "maintext", "articletext", "articlebody", "fulltext", "article", "rawtext"];
const HTML: &[&str] = &["html", "rawhtml", "pagehtml", "contenthtml", "bodyhtml"];
const URL: &[&str] = &["url", "link", "uri", "canonicalurl", "articleurl"];
const DATE: &[&str] = &[
    "date",
    "published",
    "datepublished",
    "publishedat",
    "publisheddate",
    "publishdate",
    "datepublish",
    "publicationdate",
    "pubdate",
    "publishedtime",
    "timestamp",
];
const TITLE: &[&str] = &["title", "headline"];
const AUTHOR: &[&str] = &["authors", "author", "byline", "creator"];
const OUTLET: &[&str] = &["outlet", "outletname", "publisher", "publication", "sitename", "source", "newspaper"];

/// An article as a line has it.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Fields {
    pub(super) html: Option<String>,
    pub(super) text: Option<String>,
    pub(super) url: Option<String>,
    pub(super) date: Option<Moment>,
    pub(super) title: Option<String>,
    pub(super) authors: Vec<String>,
    pub(super) outlet: Option<String>,
    /// What was not understood.
    pub(super) notes: Vec<String>,
}

/// The JSON object on a line.
pub(super) fn object(line: &[u8]) -> Result<Map<String, Value>, Bad> {
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    match serde_json::from_slice(line) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Bad { kind: "not a JSON object", detail: String::new() }),
        Err(error) => {
            let (what, column) = (error.to_string(), error.column());
            let what = what.split(" at line ").next().unwrap_or_default().to_owned();
            Err(Bad { kind: "not JSON", detail: format!("{what} at its byte {column}") })
        }
    }
}

/// What the object says, by the names that the user gave and else by usual ones.
pub(super) fn fields(object: &Map<String, Value>, names: &FieldNames) -> Result<Fields, Bad> {
    let get = |name: &Option<String>, usual: &[&str]| get(object, name.as_deref(), usual);
    let mut fields = Fields {
        html: get(&names.html_field, HTML).and_then(text),
        text: get(&names.text_field, TEXT).and_then(text),
        url: get(&names.url_field, URL).and_then(line).filter(|url| url.contains("://")),
        title: get(&names.title_field, TITLE).and_then(line),
        authors: get(&names.author_field, AUTHOR).map(lines).unwrap_or_default(),
        outlet: get(&names.outlet_field, OUTLET).and_then(line).filter(|outlet| !outlet.contains("://")),
        ..Fields::default()
    };
    if let Some(date) = get(&names.date_field, DATE) {
        fields.date = moment(date);
        let is_empty = date.is_null() || date.as_str().is_some_and(|date| date.trim().is_empty());
        if fields.date.is_none() && !is_empty {
            fields.notes.push(format!("the record's date is not understood: {}", shown(&date.to_string())));
        }
    }
    if fields.html.is_some() && names.text_field.is_none() || fields.text.is_some() {
        return Ok(fields);
    }
    Err(no_text(object, names))
}

fn no_text(object: &Map<String, Value>, names: &FieldNames) -> Bad {
    let there: Vec<&str> = object.keys().map(String::as_str).take(20).collect();
    let detail = match &names.text_field {
        Some(name) => format!("`{name}` is not there or empty; its fields are {}", shown(&there.join(", "))),
        None => format!("its fields are {}; --text-field names the one with the text", shown(&there.join(", "))),
    };
    Bad { kind: "no text", detail }
}

/// As much as fits in a message.
fn shown(text: &str) -> &str {
    let end = text.char_indices().map(|(at, _)| at).nth(200).unwrap_or(text.len());
    &text[..end]
}

/// The field of that name, or else the first of the usual ones that holds anything.
fn get<'a>(object: &'a Map<String, Value>, name: Option<&str>, usual: &[&str]) -> Option<&'a Value> {
    if let Some(name) = name {
        return object.get(name).or_else(|| {
            let (first, rest) = name.split_once('.')?;
            get(object.get(first)?.as_object()?, Some(rest), &[])
        });
    }
    let plain = |name: &str| name.chars().filter(|c| !"_-".contains(*c)).collect::<String>().to_lowercase();
    usual.iter().find_map(|usual| {
        object.iter().find(|(name, value)| plain(name) == *usual && text(value).is_some()).map(|(_, value)| value)
    })
}

/// A text, or a list of paragraphs; a number as it is written. `None` if it is empty.
fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Array(parts) => parts.iter().filter_map(text).collect::<Vec<_>>().join("\n\n"),
        Value::Object(object) => text(object.get("name")?)?,
        Value::Null | Value::Bool(_) => return None,
    };
    (!text.trim().is_empty()).then_some(text)
}

fn line(value: &Value) -> Option<String> {
    text(value).map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// One name or a list of them.
fn lines(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().filter_map(line).collect(),
        value => line(value).into_iter().collect(),
    }
}

/// Numbers from here on are milliseconds: as seconds they would lie after the year 5000.
const FIRST_MILLISECONDS: i64 = 100_000_000_000;
/// Lower numbers are years, or days as 20220316.
const FIRST_SECONDS: i64 = 100_000_000;

fn moment(value: &Value) -> Option<Moment> {
    let number = value.as_f64().filter(|number| number.abs() >= FIRST_SECONDS as f64).map(|number| number as i64);
    match number {
        Some(number) => {
            let at = if number.abs() >= FIRST_MILLISECONDS {
                Timestamp::from_millisecond(number)
            } else {
                Timestamp::from_second(number)
            };
            Some(Moment::Instant(at.ok()?, Offset::UTC))
        }
        None => extract::date(&text(value)?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str, names: &FieldNames) -> Result<Fields, String> {
        object(json.as_bytes()).and_then(|object| fields(&object, names)).map_err(|bad| bad.to_string())
    }

    fn usual(json: &str) -> Fields {
        read(json, &FieldNames::default()).unwrap()
    }

    #[test]
    fn usual_names_are_known() {
        let one = usual(
            r#"{"text": "T", "url": "https://a.example/1", "date": "2022-03-16", "title": " A  b ", "author": "C"}"#,
        );
        let other = usual(
            r#"{"articleBody": ["T"], "link": "https://a.example/1", "publishedAt": "2022-03-16", "Headline": "A b",
                "authors": [{"name": "C"}], "html": null, "body": ""}"#,
        );
        assert_eq!(one, other);
        assert_eq!(one.title.as_deref(), Some("A b"));
        assert_eq!(one.date.unwrap().to_string(), "2022-03-16");
    }

    #[test]
    fn a_name_that_was_given_is_the_only_one() {
        let names = FieldNames { text_field: Some("article.body".to_owned()), ..FieldNames::default() };
        assert_eq!(read(r#"{"article": {"body": "T"}, "text": "no"}"#, &names).unwrap().text.as_deref(), Some("T"));
        let error = read(r#"{"text": "no", "id": 4}"#, &names).unwrap_err();
        assert_eq!(error, "no text: `article.body` is not there or empty; its fields are id, text");
        let error = read(r#"{"words": "T"}"#, &FieldNames::default()).unwrap_err();
        assert_eq!(error, "no text: its fields are words; --text-field names the one with the text");
    }

    #[test]
    fn dates_come_in_many_forms() {
        for (json, expected) in [
            ("\"2022-03-16\"", "2022-03-16"),
            ("\"2022-03-16 18:20:00\"", "2022-03-16"),
            ("\"Wed, 16 Mar 2022 18:20:00 GMT\"", "2022-03-16T18:20:00+00:00"),
            ("1647454800", "2022-03-16T18:20:00+00:00"),
            ("1647454800000", "2022-03-16T18:20:00+00:00"),
            ("1647454800.25", "2022-03-16T18:20:00+00:00"),
            ("20220316", "2022-03-16"),
        ] {
            let fields = usual(&format!(r#"{{"text": "T", "date": {json}}}"#));
            assert_eq!(fields.date.map(|date| date.to_string()).as_deref(), Some(expected), "{json}");
        }
        let fields = usual(r#"{"text": "T", "date": "soon"}"#);
        assert_eq!((fields.date, fields.notes.len()), (None, 1));
        assert_eq!(usual(r#"{"text": "T", "date": ""}"#).notes, [""; 0]);
    }

    #[test]
    fn what_is_no_object_is_named() {
        let error = |json: &str| read(json, &FieldNames::default()).unwrap_err();
        assert_eq!(error("[1]"), "not a JSON object");
        assert_eq!(error(r#"{"text": "T""#), "not JSON: EOF while parsing an object at its byte 12");
        assert!(error("{\"text\": \"\u{1}\"}").starts_with("not JSON: control character"));
    }
}
