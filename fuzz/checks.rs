//! What holds for any bytes. The fuzz targets check it, and so does a test of the main build, for some seconds:
//! `crates/rapporteur/tests/mutated.rs`.

#![allow(dead_code, reason = "each target uses a part")]

use std::sync::LazyLock;

use rapporteur::annotate::Annotator;
use rapporteur::article::{header, markdown, tei};
use rapporteur::extract::{Form, Page, article};
use rapporteur::pretty::{Paper, pretty};
use rapporteur::record::{Article, Document, Offsets};
use serde_json::Value;

static RULES: LazyLock<Annotator> = LazyLock::new(Annotator::rules);

/// A page is read or refused, twice alike; the record is sound, and every format prints it.
pub(crate) fn page(bytes: &[u8]) {
    for form in [Form::Html, Form::Auto] {
        let page = Page { bytes, form, url: Some("https://news.example/2023/10/19/story"), ..Page::default() };
        let read = article(&page);
        assert_eq!(read, article(&page), "the same bytes give the same article");
        if let Ok(article) = read {
            has_sound_blocks(&article);
            is_clean(&article.text, "the text of a page");
            if form == Form::Html {
                is_printed(article);
            }
        }
    }
}

/// A text comes back as it was, and its document is sound.
pub(crate) fn text(bytes: &[u8]) {
    let Ok(article) = article(&Page { bytes, form: Form::Text, ..Page::default() }) else { return };
    // Zeros may be those of UTF-16, an escape that of ISO-2022-JP, and a byte order mark is none of the text.
    if let Ok(text) = std::str::from_utf8(bytes)
        && !text.starts_with('\u{feff}')
        && !text.contains(['\0', '\u{1b}'])
    {
        assert_eq!(article.text, text);
    }
    has_sound_blocks(&article);
    is_printed(article);
}

fn has_sound_blocks(article: &Article) {
    let mut end = 0;
    for block in &article.blocks {
        assert!(block.span.start() >= end && article.text.get(block.span.start()..block.span.end()).is_some());
        end = block.span.end();
    }
}

/// Nothing that a terminal would obey.
fn is_clean(text: &str, what: &str) {
    let found = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t'));
    assert_eq!(found, None, "{what} has a control character");
}

/// Annotates the article and prints it in every way.
fn is_printed(article: Article) {
    let document = RULES.annotate(article.clone());
    assert_eq!(document, RULES.annotate(article.clone()), "the same article gives the same document");
    for width in [20, 100] {
        is_clean(&pretty(&document, Paper { width, colours: false }), "the reading for people");
        pretty(&document, Paper { width, colours: true });
    }
    header(&article);
    markdown(&article, true);
    tei(&article);
    spans_are_sound(&document);
    let json = document.to_json(Offsets::Codepoint);
    assert_eq!(Document::from_json(&json).as_ref(), Ok(&document), "what is printed is read again");
}

/// All spans of the record, in each unit, are of the same words.
fn spans_are_sound(document: &Document) {
    let text = &document.article.text;
    let chars: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let units: Vec<usize> =
        text.char_indices().flat_map(|(at, c)| std::iter::repeat_n(at, c.len_utf16())).chain([text.len()]).collect();
    let all = [Offsets::Byte, Offsets::Codepoint, Offsets::Utf16].map(|offsets| {
        let value: Value = serde_json::from_str(&document.to_json(offsets)).expect("the record prints JSON");
        let mut spans = Vec::new();
        collect(&value, &mut spans);
        spans
    });
    let [bytes, codepoints, utf16] = all;
    assert_eq!((bytes.len(), bytes.len()), (codepoints.len(), utf16.len()));
    for ((bytes, codepoints), utf16) in bytes.iter().zip(codepoints).zip(utf16) {
        assert!(text.get(bytes.0..bytes.1).is_some(), "{bytes:?} are no characters of the text");
        assert_eq!(*bytes, (chars[codepoints.0], chars[codepoints.1]));
        assert_eq!(*bytes, (units[utf16.0], units[utf16.1]));
    }
}

/// Every span in a printed document, in the order of printing.
fn collect(value: &Value, spans: &mut Vec<(usize, usize)>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, spans)),
        Value::Object(fields) => fields.iter().for_each(|(key, field)| match key.as_str() {
            "span" => spans.extend(span(field)),
            "content" | "cue" | "source" | "trigger" => {
                spans.extend(field.as_array().expect("a list of spans").iter().filter_map(span));
            }
            _ => collect(field, spans),
        }),
        _ => {}
    }
}

fn span(pair: &Value) -> Option<(usize, usize)> {
    let end = |at: usize| usize::try_from(pair[at].as_u64()?).ok();
    Some((end(0)?, end(1)?))
}
