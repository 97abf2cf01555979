//! Who wrote the article.
//!
//! Names come from JSON-LD, from meta tags, or from what stands by the headline: an element called "author", a line
//! that begins with a word of the table `by`, a link to an author's page. `names` cuts them out of what is found.

use self::names::{dedup, is_lead, split_all};
pub(crate) use self::names::{led, split};
use crate::blocks::{Block, Layout};
use crate::head::Head;
use crate::jsonld::Stated;
use crate::tables::Hints;
use crate::text::{folded, key};
use crate::tree::{Id, NONE, Tree};

mod names;

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
    let people = |names: Vec<String>| -> Vec<String> {
        let names = names.into_iter().filter(|name| !is_outlet(name));
        names.map(|name| without_outlet(&name, outlet)).collect()
    };
    let stated_names = split_all(&stated.authors);
    if people(stated_names.clone()).len() == stated_names.len() && !stated_names.is_empty() {
        return stated_names;
    }
    let links = head.authors.iter().filter(|link| !in_comments(tree, layout, link.1)).map(|link| link.0.clone());
    let links = dedup(links.filter(|link| !link.is_empty()).collect());
    let items: Vec<String> =
        head.items("author").take(MAX_CALLED).map(|item| named_item(tree, item.1, item.0)).collect();
    let meta = || split_all(&metas(head));
    let sources: [&dyn Fn() -> Vec<String>; 7] = [
        &|| meta(),
        &|| split_all(&items),
        &|| printed(tree, layout, title).unwrap_or_default(),
        &|| split_all(&links[..links.len().min(2)]),
        &|| profile(tree, layout, title).unwrap_or_default(),
        &|| anywhere(tree, layout).unwrap_or_default(),
        &|| signed(layout).unwrap_or_default(),
    ];
    let found = sources.iter().map(|source| people(source())).find(|names| !names.is_empty());
    // Where nobody else is named, the outlet itself may have signed.
    found.unwrap_or_else(|| if stated_names.is_empty() { meta() } else { stated_names })
}

/// A name without the outlet's behind it: "Ann Lee The Harbour".
fn without_outlet(name: &str, outlet: &[String]) -> String {
    let lower = name.to_lowercase();
    let cut = outlet.iter().map(|own| own.to_lowercase()).filter(|own| own.len() > 3).find_map(|own| {
        let rest = lower.strip_suffix(&own)?;
        rest.ends_with(' ').then(|| rest.trim_end().len())
    });
    cut.and_then(|cut| name.get(..cut)).unwrap_or(name).to_owned()
}

/// The name in the first link near the headline that leads to an author's page.
fn profile(tree: &Tree, layout: &Layout, title: Option<usize>) -> Option<Vec<String>> {
    const PAGES: &[&str] =
        &["/author/", "/authors/", "/autor/", "/autoren/", "/auteur/", "/auteurs/", "/profile/", "/by/"];
    let node = layout.blocks[title?].node;
    let leads = |id: &Id| tree.attr(*id, "href").is_some_and(|href| PAGES.iter().any(|page| href.contains(page)));
    let after = tree.below(0).skip_while(|&id| id != node).take(MAX_NODES).filter(leads);
    let mut own = after.filter(|&id| !in_comments(tree, layout, id)).take(MAX_CALLED);
    own.find_map(|id| Some(split(&tree.text(id, LONGEST))).filter(|names| !names.is_empty()))
}

/// So many nodes after the headline may hold the byline.
const MAX_NODES: usize = 400;

/// The names of a short line by itself that begins with "By", anywhere: at the end of the text, below it.
fn signed(layout: &Layout) -> Option<Vec<String>> {
    let short = layout.blocks.iter().filter(|block| block.text.len() < 60 && !layout.is_dropped(block));
    short.filter(|block| !layout.hints[block.node as usize].has(Hints::COMMENTS)).find_map(|block| led(&block.text))
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
        "cxenseparse:author",
        "og:author",
        "article:author_name",
        "author_name",
    ];
    for name in NAMES {
        let values = head.metas.iter().filter(|meta| meta.0 == *name).map(|meta| meta.1.clone());
        let values: Vec<String> = values.take(MAX_CALLED).collect();
        if !split_all(&values).is_empty() {
            return values;
        }
    }
    labelled(head)
}

/// What a card for Twitter names under a label such as "Written by".
fn labelled(head: &Head) -> Vec<String> {
    const LABELS: [(&str, &str); 2] = [("twitter:label1", "twitter:data1"), ("twitter:label2", "twitter:data2")];
    let named = LABELS.iter().find(|(label, _)| head.meta(&[label]).is_some_and(is_lead));
    named.and_then(|(_, data)| head.meta(&[data])).map(str::to_owned).into_iter().collect()
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
    let under = |at: usize| layout.blocks.get(at + 1).map(|block| split(&block.text)).filter(|names| !names.is_empty());
    let label = || near().filter(|(_, block)| is_lead(&block.text)).find_map(|(at, _)| under(at));
    marked.or_else(label).or_else(|| near().find_map(|(_, block)| led(&block.text)))
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
