//! The headline: which of a page's titles it is, and without the site's name.
//!
//! The visible headline wins where it agrees with what the page says of itself (`og:title`, JSON-LD, `<title>`);
//! where none agrees, what the page says is taken, less a beginning or end that names the site.

use rapporteur_record::BlockKind;

use crate::blocks::Layout;
use crate::head::Head;
use crate::jsonld::Stated;
use crate::text::{folded, key};

/// What stands between a title and a site's name.
const SEPARATORS: &[&str] = &[" | ", " - ", " – ", " — ", " :: ", " » ", " « ", " · ", " • ", " : ", " / ", " ~ "];

/// The title, and the index of the block that prints it.
pub(crate) struct Title {
    pub(crate) text: Option<String>,
    pub(crate) block: Option<usize>,
}

/// Finds the title; `known` is what is known of it beside the page, `names` are the site's names.
pub(crate) fn title(layout: &Layout, head: &Head, stated: &Stated, known: Option<&str>, names: &[String]) -> Title {
    let mut claims = claims(head, stated, names);
    claims.extend(known.map(folded).filter(|known| !known.is_empty()));
    let keys: Vec<String> = claims.iter().map(|claim| key(claim)).filter(|key| key.len() > 3).collect();
    let block = headline(layout, &keys);
    if let Some(block) = block {
        let text = folded(&layout.blocks[block].text);
        return Title { text: Some(text), block: Some(block) };
    }
    Title { text: claims.into_iter().next(), block: None }
}

/// What the page says its title is, the best first.
fn claims(head: &Head, stated: &Stated, names: &[String]) -> Vec<String> {
    let og = head.meta(&["og:title", "twitter:title"]).map(str::to_owned);
    let item = head.items("headline").next().map(|item| item.0.to_owned());
    let others = head.meta(&["dc.title", "title", "sailthru.title", "parsely-title"]).map(str::to_owned);
    let all = [stated.headline.clone(), og, item, head.title.clone(), others];
    all.into_iter().flatten().map(|claim| without_site(&folded(&claim), names)).filter(|c| !c.is_empty()).collect()
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
