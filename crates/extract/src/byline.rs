//! Who wrote the article.
//!
//! Names come from JSON-LD, from meta tags, or from what stands by the headline: an element called "author", or a line
//! that begins with a word of the table `by`.

use std::sync::LazyLock;

use crate::blocks::{Block, Layout};
use crate::head::Head;
use crate::jsonld::Stated;
use crate::tables::{Hints, rows};
use crate::text::{folded, key};
use crate::tree::{Id, NONE, Tree};

/// Words before a name ("by"), between names ("and"), and names that are none ("admin").
static WORDS: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    let tables = [include_str!("../lang/en/byline.tsv"), include_str!("../lang/de/byline.tsv")];
    tables.into_iter().flat_map(rows).map(|[word, what]| (word, what)).collect()
});

fn words(what: &'static str) -> impl Iterator<Item = &'static str> {
    WORDS.iter().filter(move |row| row.1 == what).map(|row| row.0)
}

/// Blocks after the headline in which a byline is looked for.
const NEAR: usize = 14;

/// The authors as printed; `outlet` names the site.
pub(crate) fn byline(
    tree: &Tree,
    layout: &Layout,
    head: &Head,
    stated: &Stated,
    title: Option<usize>,
    outlet: &[String],
) -> Vec<String> {
    let is_outlet = |name: &String| outlet.iter().any(|own| key(own) == key(name));
    let people = |names: Vec<String>| -> Vec<String> { names.into_iter().filter(|name| !is_outlet(name)).collect() };
    let stated_names = split_all(&stated.authors);
    if people(stated_names.clone()).len() == stated_names.len() && !stated_names.is_empty() {
        return stated_names;
    }
    let links = head.authors.iter().filter(|link| !in_comments(tree, layout, link.1)).map(|link| link.0.clone());
    let links = dedup(links.filter(|link| !link.is_empty()).collect());
    let items: Vec<String> =
        head.items("author").take(MAX_CALLED).map(|item| named_item(tree, item.1, item.0)).collect();
    let meta = || split_all(&metas(head));
    let sources: [&dyn Fn() -> Vec<String>; 5] = [
        &|| meta(),
        &|| split_all(&items),
        &|| printed(tree, layout, title).unwrap_or_default(),
        &|| split_all(&links[..links.len().min(2)]),
        &|| anywhere(tree, layout).unwrap_or_default(),
    ];
    let found = sources.iter().map(|source| people(source())).find(|names| !names.is_empty());
    found.unwrap_or(stated_names)
}

/// The names in the first element of the page that is called "author", inline ones too, comments aside.
fn anywhere(tree: &Tree, layout: &Layout) -> Option<Vec<String>> {
    let called = (0..tree.len() as Id).filter(|&id| layout.hints[id as usize].has(Hints::BYLINE));
    let mut own = called.filter(|&id| !in_comments(tree, layout, id)).take(MAX_CALLED);
    own.find_map(|id| {
        let text = tree.text(id, LONGEST);
        Some(text).filter(|text| text.len() < LONGEST).map(|text| split(&text)).filter(|names| !names.is_empty())
    })
}

/// At most so many elements called "author" are looked at, and so many bytes of each.
const MAX_CALLED: usize = 50;
/// At most so many elements in one are looked at for its name.
const MAX_WITHIN: usize = 1000;
const LONGEST: usize = 80;

fn metas(head: &Head) -> Vec<String> {
    const NAMES: &[&str] = &[
        "author",
        "article:author",
        "parsely-author",
        "sailthru.author",
        "dc.creator",
        "dcterms.creator",
        "byl",
        "citation_author",
        "dc.author",
        "article.author",
    ];
    for name in NAMES {
        let values = head.metas.iter().filter(|meta| meta.0 == *name).map(|meta| meta.1.clone());
        let values: Vec<String> = values.take(MAX_CALLED).collect();
        if !split_all(&values).is_empty() {
            return values;
        }
    }
    Vec::new()
}

/// The `name` within an `author`, else its own text.
fn named_item(tree: &Tree, id: Id, value: &str) -> String {
    let name = tree.below(id).skip(1).take(MAX_WITHIN).find(|&inner| tree.attr(inner, "itemprop") == Some("name"));
    let text = name.map(|inner| tree.attr(inner, "content").map(folded).unwrap_or_else(|| tree.text(inner, 200)));
    text.unwrap_or_else(|| value.to_owned())
}

fn in_comments(tree: &Tree, layout: &Layout, id: Id) -> bool {
    let mut at = id;
    while at != NONE {
        if layout.hints[at as usize].has(Hints::COMMENTS) {
            return true;
        }
        at = tree.node(at).parent;
    }
    false
}

/// The byline that stands near the headline.
fn printed(tree: &Tree, layout: &Layout, title: Option<usize>) -> Option<Vec<String>> {
    let from = title.map_or(0, |at| at.saturating_sub(3));
    let near = || layout.blocks.iter().enumerate().skip(from).take(NEAR).filter(|(at, _)| Some(*at) != title);
    let marked = near().find_map(|(_, block)| marked(tree, layout, block));
    marked.or_else(|| near().find_map(|(_, block)| led(&block.text)))
}

/// The names in a block of an element called "author".
fn marked(tree: &Tree, layout: &Layout, block: &Block) -> Option<Vec<String>> {
    let (mut at, mut steps) = (block.node, 0);
    while at != NONE && steps < 3 {
        if layout.hints[at as usize].has(Hints::BYLINE) && block.text.len() < 120 {
            return Some(split(&block.text)).filter(|names| !names.is_empty());
        }
        (at, steps) = (tree.node(at).parent, steps + 1);
    }
    None
}

/// The names of a line that begins with "By".
pub(crate) fn led(text: &str) -> Option<Vec<String>> {
    let line = text.lines().next()?.trim();
    if line.len() > 120 {
        return None;
    }
    let names = split(without_lead(line)?);
    let capital = names.iter().all(|name| name.chars().any(|c| c.is_uppercase() || c > '\u{2ff}'));
    Some(names).filter(|names| !names.is_empty() && capital)
}

fn without_lead(line: &str) -> Option<&str> {
    words("by").find_map(|by| {
        let start = line.get(..by.len())?;
        let rest = line.get(by.len()..)?;
        let whole = rest.starts_with([' ', ':', '\u{a0}']);
        (start.to_lowercase() == by && whole).then(|| rest.trim_start_matches([' ', ':', '\u{a0}']))
    })
}

fn split_all(values: &[String]) -> Vec<String> {
    dedup(values.iter().flat_map(|value| split(value)).collect())
}

fn dedup(names: Vec<String>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for name in names {
        if seen.iter().all(|known| key(known) != key(&name)) && seen.len() < 30 {
            seen.push(name);
        }
    }
    seen
}

/// The names in "Ann Lee, Bo Ek and Cy Ford".
pub(crate) fn split(text: &str) -> Vec<String> {
    let line = folded(text.lines().next().unwrap_or_default());
    let line = without_lead(&line).unwrap_or(&line).to_owned();
    let mut parts = vec![line];
    let between = words("and")
        .map(|word| format!(" {word} "))
        .chain([", ", "; ", " | ", " / ", " & ", " • ", " · ", " – ", " — ", " - ", "；", "、"].map(String::from));
    for separator in between {
        parts = parts.iter().flat_map(|part| part.split(separator.as_str())).map(str::to_owned).collect();
    }
    parts.into_iter().map(|part| bare(&part)).filter(|part| is_name(part)).collect()
}

/// A name without a lead, brackets, or an address behind it.
fn bare(part: &str) -> String {
    let part = part.trim().trim_matches(|c: char| ",;:|()[]\"“”".contains(c)).trim();
    let part = without_lead(part).unwrap_or(part);
    let part = part.split(['(', '<', '@']).next().unwrap_or_default();
    part.trim().to_owned()
}

fn is_name(part: &str) -> bool {
    let n_words = part.split_whitespace().count();
    let lower = part.to_lowercase();
    part.chars().any(char::is_alphabetic)
        && (1..=6).contains(&n_words)
        && part.len() < 80
        && part.len() > 2
        && !part.contains("http")
        && !part.contains("www.")
        && part.chars().filter(char::is_ascii_digit).count() < 4
        && !words("no name").any(|word| lower == word)
        && !words("no name in").any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split() {
        assert_eq!(split("By Ann Lee, Bo Ek and Cy Ford"), ["Ann Lee", "Bo Ek", "Cy Ford"]);
        assert_eq!(split("Von Max Muster"), ["Max Muster"]);
        assert_eq!(split("admin"), [""; 0]);
        assert_eq!(led("Byzantine gold found"), None);
    }
}
