//! The headline: which of a page's titles it is, and without the site's name.
//!
//! All that may be it is gathered (`claims`): headings, JSON-LD, `og:title`, `<title>` with and without what may be the
//! site's name or a kicker. Learnt trees choose (`models/titles.tsv`, by `training/metadata.py`). The block that prints
//! the headline is looked for apart: it may say it in other words.

use std::sync::LazyLock;

use rapporteur_record::BlockKind;

use crate::blocks::Layout;
use crate::forest::Forest;
use crate::text::{folded, key};
use crate::title::claims::{Claim, NAMES, Page};

pub(crate) mod claims;

/// What stands between a title and a site's name.
const SEPARATORS: &[&str] = &[" | ", " - ", " – ", " — ", " :: ", " » ", " « ", " · ", " • ", " : ", " / ", " ~ "];

/// The title, and the index of the block that prints it.
pub(crate) struct Title {
    pub(crate) text: Option<String>,
    pub(crate) block: Option<usize>,
}

static FOREST: LazyLock<Forest> = LazyLock::new(|| Forest::built_in(include_str!("../models/titles.tsv"), &NAMES));

/// Log-odds below which a line that is only printed is no headline.
const LEAST: f32 = -3.0;

/// Finds the title; `known` is what is known of it beside the page.
pub(crate) fn title(page: &Page, known: Option<&str>) -> Title {
    let claims = claims::claims(page);
    let best = FOREST.best(claims.iter().map(|claim| claim.features.as_slice()));
    // What the page itself calls its title is better than none.
    let best = best.map(|(at, odds)| (&claims[at], odds)).filter(|(claim, odds)| *odds > LEAST || claim.is_stated());
    let best = best.map(|(claim, _)| claim);
    let known = known.map(folded).filter(|known| !known.is_empty());
    let block = best.and_then(|best| best.block).filter(|&at| page.layout.blocks[at].level > 0);
    let block = block.or_else(|| headline(page.layout, &keys(&claims, best, known.as_deref())));
    Title { text: best.map(|best| best.text.clone()).or(known), block }
}

/// What the page states as its title, as keys, what was chosen first.
fn keys(claims: &[Claim], best: Option<&Claim>, known: Option<&str>) -> Vec<String> {
    let stated = claims.iter().filter(|claim| claim.is_stated()).map(|claim| claim.key.clone());
    let all = best.map(|best| best.key.clone()).into_iter().chain(stated).chain(known.map(key));
    all.filter(|key| key.len() > 3).collect()
}

/// The block that prints one of the claims: a first-level heading, then other headings, then any short block.
fn headline(layout: &Layout, keys: &[String]) -> Option<usize> {
    let candidates = |wanted: fn(u8) -> bool| {
        let blocks = layout.blocks.iter().enumerate();
        blocks
            .filter(move |(_, block)| wanted(block.level) && block.text.len() < 400 && block.kind != BlockKind::Caption)
    };
    let same = |text: &str| keys.iter().any(|claim| agrees(&key(text), claim));
    let tops: Vec<usize> = candidates(|level| level == 1).map(|(at, _)| at).collect();
    let find = |wanted| candidates(wanted).find(|(_, block)| same(&block.text)).map(|(at, _)| at);
    let only = || match *tops {
        [at] if keys.is_empty() => Some(at),
        [at] if !layout.is_dropped(&layout.blocks[at]) && layout.blocks[at].n_words > 2 => Some(at),
        _ => None,
    };
    let exact = |(at, block): (usize, &crate::blocks::Block)| {
        let key = key(&block.text);
        keys.contains(&key).then_some(at)
    };
    find(|level| level == 1)
        .or_else(|| candidates(|level| level > 1).find_map(exact))
        .or_else(only)
        .or_else(|| candidates(|level| level == 0).find_map(exact))
}

/// Whether two keys are of one title: the same, or one is most of the other.
pub(crate) fn agrees(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    !short.is_empty()
        && (short == long || short.len() * 10 >= long.len() * 4 && short.len() > 12 && long.contains(short))
}

/// A title without the site's name at its end or beginning.
pub(crate) fn without_site(title: &str, names: &[String]) -> String {
    let mut rest = title.trim();
    for separator in SEPARATORS {
        if let Some((before, after)) = rest.rsplit_once(separator)
            && is_site(after, names)
        {
            rest = before.trim();
        }
        if let Some((before, after)) = rest.split_once(separator)
            && is_site(before, names)
        {
            rest = after.trim();
        }
    }
    for name in names {
        let Some(after) = rest.strip_prefix(name.as_str()).and_then(|after| after.strip_prefix(": ")) else { continue };
        rest = after.trim();
    }
    rest.to_owned()
}

/// The pieces of a page title, of which one may be the site's name.
pub(crate) fn parts(title: &str) -> Vec<&str> {
    let mut parts = vec![title];
    for separator in SEPARATORS.iter().chain(&[": "]) {
        parts = parts.into_iter().flat_map(|part| part.split(separator)).collect();
    }
    parts.into_iter().map(str::trim).collect()
}

fn is_site(part: &str, names: &[String]) -> bool {
    let part = key(part);
    let long_enough = part.len() > 2;
    names
        .iter()
        .map(|name| key(name))
        .any(|name| part == name || long_enough && name.len() > 3 && (part.contains(&name) || name.contains(&part)))
}
