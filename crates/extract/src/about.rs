//! What a page says its article is about: the section it stands in, and keywords.

use std::collections::HashSet;

use crate::head::Head;
use crate::jsonld::Stated;
use crate::text::{folded, key};

/// At most so many keywords are kept; pages that list more do so for search engines.
const MAX_KEYWORDS: usize = 40;

/// A longer keyword, in bytes, is none.
const LONGEST: usize = 100;

/// The section, "World".
pub(crate) fn section(head: &Head, stated: &Stated) -> Option<String> {
    let item = || head.items("articlesection").map(|item| item.0).next();
    let found = stated.section.as_deref().or_else(|| head.meta(&["article:section", "section"])).or_else(item)?;
    Some(folded(found)).filter(|found| is_term(found))
}

/// The keywords, each once, by the first of the places for them that has any.
pub(crate) fn keywords(head: &Head, stated: &Stated) -> Vec<String> {
    let metas = |name: &'static str| head.metas.iter().filter(move |meta| meta.0 == name).map(|meta| meta.1.as_str());
    let places = [
        parted(metas("news_keywords")),
        parted(stated.keywords.iter().map(String::as_str)),
        parted(metas("article:tag")),
        parted(metas("keywords")),
    ];
    places.into_iter().find(|terms| !terms.is_empty()).unwrap_or_default()
}

/// The terms of lists that commas or semicolons part.
fn parted<'a>(lists: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut seen = HashSet::new();
    let terms = lists.flat_map(|list| list.split([',', ';', '،', '、'])).map(folded);
    terms.filter(|term| is_term(term) && seen.insert(key(term))).take(MAX_KEYWORDS).collect()
}

fn is_term(text: &str) -> bool {
    text.len() <= LONGEST && text.chars().any(char::is_alphanumeric)
}
