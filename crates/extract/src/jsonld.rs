//! What a page states of its article in JSON-LD.
//!
//! All objects of all scripts are gone through, `@graph` and nested ones too; the first object of the best kind
//! (article before page) speaks for the page. Broken JSON is skipped, but control characters within it are forgiven.

use serde_json::{Map, Value};
use web_atoms::local_name;

use crate::text;
use crate::tree::Tree;

type Object = Map<String, Value>;

/// What is stated; empty where nothing is.
#[derive(Debug, Default)]
pub(crate) struct Stated {
    pub(crate) headline: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) alternative: Option<String>,
    pub(crate) authors: Vec<String>,
    pub(crate) published: Option<String>,
    pub(crate) modified: Option<String>,
    pub(crate) publisher: Option<String>,
    pub(crate) body: Option<String>,
    pub(crate) language: Option<String>,
    pub(crate) section: Option<String>,
    pub(crate) keywords: Vec<String>,
    /// Whether an article speaks for the page, one of the news, or a film.
    pub(crate) is_article: bool,
    pub(crate) is_news: bool,
    pub(crate) is_video: bool,
    /// Whether all may read it without paying, where that is stated.
    pub(crate) is_free: Option<bool>,
}

/// At most so many objects are looked at.
const MAX_OBJECTS: usize = 20_000;

/// At most so many authors are read.
const MAX_AUTHORS: usize = 50;

/// Reads the JSON-LD of a page.
pub(crate) fn stated(tree: &Tree) -> Stated {
    let scripts: Vec<Value> = (0..tree.len() as u32)
        .filter(|&id| tree.is(id, &local_name!("script")) && tree.node(id).first != crate::tree::NONE)
        .filter_map(|id| parse(&raw_text(tree, id)))
        .collect();
    let objects = objects(&scripts);
    let best = objects.iter().filter(|object| rank(object) > 0).rev().max_by_key(|object| rank(object));
    best.map(|object| read(object, &objects)).unwrap_or_default()
}

fn raw_text(tree: &Tree, id: u32) -> String {
    match &tree.node(tree.node(id).first).data {
        crate::tree::Data::Text(text) => tree.str(text).to_owned(),
        _ => String::new(),
    }
}

fn parse(text: &str) -> Option<Value> {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let text = text.trim().trim_start_matches("<!--").trim_start_matches("//<![CDATA[").trim_start_matches("<![CDATA[");
    let text = text.trim_end_matches("-->").trim_end_matches("]]>").trim_end_matches("//").trim();
    serde_json::from_str(text).ok().or_else(|| serde_json::from_str(text.trim_end_matches(';')).ok())
}

/// All objects, each before those inside it.
fn objects(values: &[Value]) -> Vec<&Object> {
    let mut found = Vec::new();
    let mut open: Vec<&Value> = values.iter().rev().collect();
    while let Some(value) = open.pop() {
        match value {
            Value::Array(items) => open.extend(items.iter().rev()),
            Value::Object(object) if found.len() < MAX_OBJECTS => {
                found.push(object);
                open.extend(object.values().filter(|value| !value.is_string()));
            }
            _ => {}
        }
    }
    found
}

fn types(object: &Object) -> Vec<&str> {
    match object.get("@type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// The rank of an article of the news.
const NEWS: u8 = 4;

/// How far an object can speak for the page.
fn rank(object: &Object) -> u8 {
    let of_type = |kind: &str| match kind {
        _ if kind.ends_with("NewsArticle") || kind == "LiveBlogPosting" => NEWS,
        _ if kind.ends_with("Article") || kind == "BlogPosting" || kind == "Report" => 3,
        "WebPage" | "CreativeWork" | "VideoObject" | "Recipe" | "Review" | "HowTo" | "ItemPage" | "AboutPage" => 1,
        "DiscussionForumPosting" | "SocialMediaPosting" | "PodcastEpisode" | "QAPage" | "Dataset" => 1,
        _ => 0,
    };
    let best = types(object).into_iter().map(of_type).max().unwrap_or(0);
    let dated = object.contains_key("headline") || object.contains_key("datePublished");
    if dated || best == 1 { best } else { best.min(2) }
}

/// `true`, or "True" in a string.
fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::String(word) => word.rsplit('/').next()?.to_ascii_lowercase().parse().ok(),
        _ => None,
    }
}

fn read(object: &Object, all: &[&Object]) -> Stated {
    let text = |key: &str| object.get(key).and_then(first_text).map(|value| clean(&value)).filter(|v| !v.is_empty());
    let authors = object.get("author").or_else(|| object.get("creator"));
    let authors = authors.map(|value| people(value, all)).unwrap_or_default();
    Stated {
        headline: text("headline").or_else(|| text("name")),
        description: text("description").or_else(|| text("alternativeHeadline")),
        alternative: text("alternativeHeadline").or_else(|| text("alternateName")),
        authors,
        published: text("datePublished").or_else(|| text("dateCreated")),
        modified: text("dateModified"),
        publisher: object.get("publisher").and_then(|value| people(value, all).into_iter().next()),
        body: text("articleBody"),
        language: text("inLanguage"),
        section: text("articleSection"),
        keywords: object.get("keywords").map(texts).unwrap_or_default(),
        is_article: rank(object) > 2,
        is_news: rank(object) == NEWS,
        is_video: types(object).contains(&"VideoObject"),
        is_free: object.get("isAccessibleForFree").and_then(truth),
    }
}

/// A text with its entities and tags taken out, as some sites put them in.
fn clean(value: &str) -> String {
    if !value.contains(['&', '<']) {
        return text::folded(value);
    }
    let tree = crate::parse::parse(value);
    tree.text(0, usize::MAX)
}

fn first_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => items.iter().find_map(|item| item.as_str().map(str::to_owned)),
        Value::Object(object) => object.get("name").or_else(|| object.get("@value"))?.as_str().map(str::to_owned),
        _ => None,
    }
}

/// All texts of a list, or the one text.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().filter_map(first_text).map(|text| clean(&text)).collect(),
        other => first_text(other).map(|text| clean(&text)).into_iter().collect(),
    }
}

/// The names in an author or publisher.
fn people(value: &Value, all: &[&Object]) -> Vec<String> {
    match value {
        Value::Array(items) => {
            let items = items.iter().take(MAX_AUTHORS).filter(|item| !item.is_array());
            items.flat_map(|item| person(item, all)).collect()
        }
        other => person(other, all),
    }
}

fn person(value: &Value, all: &[&Object]) -> Vec<String> {
    let Value::Object(object) = value else { return first_text(value).map(|name| clean(&name)).into_iter().collect() };
    let named = if object.contains_key("name") { Some(object) } else { referred(object, all) };
    match named.and_then(|named| named.get("name")) {
        Some(Value::String(name)) => vec![clean(name)],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).map(clean).collect(),
        _ => Vec::new(),
    }
}

/// The object that another stands for by its `@id`.
fn referred<'a>(object: &Object, all: &[&'a Object]) -> Option<&'a Object> {
    let id = object.get("@id")?;
    all.iter().find(|other| other.get("@id") == Some(id) && other.contains_key("name")).copied()
}
