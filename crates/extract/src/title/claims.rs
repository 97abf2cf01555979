//! All that may be a page's headline, each with numbers for the trees that choose.

use rapporteur_record::BlockKind;

use super::{agrees, without_site};
use crate::blocks::{Block, Layout};
use crate::head::Head;
use crate::jsonld::Stated;
use crate::tables::Hints;
use crate::text::{folded, key, n_words};
use crate::tree::Tree;

/// What each number is, in their order.
pub(crate) const NAMES: [&str; 47] = [
    "h1",
    "h1_place",
    "h2",
    "line",
    "ld",
    "og",
    "twitter",
    "item",
    "title",
    "title_without_site",
    "title_first",
    "title_last",
    "og_without_site",
    "og_first",
    "meta",
    "h1_part",
    "in_h1_end",
    "in_h1_begin",
    "has_h1",
    "in_og",
    "has_og",
    "in_title_begin",
    "in_title_end",
    "has_title",
    "in_ld",
    "has_ld",
    "n_words",
    "n_chars",
    "share_in_address",
    "share_of_address",
    "is_site",
    "has_site",
    "separators",
    "cut_off",
    "place",
    "dropped",
    "called",
    "upper",
    "n_sources",
    "page_h1",
    "page_ld",
    "page_og",
    "page_og_is_ld",
    "page_og_is_h1",
    "page_ld_is_h1",
    "page_title_has_h1",
    "page_news",
];

/// What may be the headline.
pub(crate) struct Claim {
    pub(crate) text: String,
    pub(crate) key: String,
    pub(crate) block: Option<usize>,
    pub(crate) features: Vec<f32>,
    from: [f32; N_SOURCES],
}

impl Claim {
    /// Whether the page states it, less the site's name, and not only prints it.
    pub(crate) fn is_stated(&self) -> bool {
        [4, 5, 6, 7, 9, 12, 14].iter().any(|&source| self.from[source] > 0.0)
    }
}

/// So many of the numbers say where the claim comes from.
const N_SOURCES: usize = 16;

/// What claims are read from; `names` are the site's.
pub(crate) struct Page<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) layout: &'a Layout,
    pub(crate) head: &'a Head,
    pub(crate) stated: &'a Stated,
    pub(crate) url: Option<&'a str>,
    pub(crate) names: &'a [String],
}

/// At most so many headings of a level are looked at, and so many claims told apart.
const MOST_HEADINGS: usize = 8;
const MOST: usize = 48;

/// The claims of a page, printed ones first.
pub(crate) fn claims(page: &Page) -> Vec<Claim> {
    let mut claims = Vec::new();
    printed(page, &mut claims);
    stated(page, &mut claims);
    lines(page, &mut claims);
    let whole = Whole::new(page);
    for claim in &mut claims {
        claim.features = whole.features(page, claim);
    }
    claims
}

/// Adds to the claim of that text where it comes from; `value` is 1, or what says more.
fn add(claims: &mut Vec<Claim>, text: &str, block: Option<usize>, source: usize, value: f32) {
    let text = folded(text);
    let key = key(&text);
    if key.is_empty() || text.len() > LONGEST {
        return;
    }
    let at = claims.iter().position(|claim| claim.key == key).unwrap_or(claims.len());
    if at == claims.len() {
        if at == MOST {
            return;
        }
        claims.push(Claim { text, key, block, features: Vec::new(), from: [0.0; N_SOURCES] });
    }
    let claim = &mut claims[at];
    claim.block = claim.block.or(block);
    if claim.from[source] == 0.0 {
        claim.from[source] = value;
    }
}

/// A longer line is no headline, in bytes.
const LONGEST: usize = 400;

fn printed(page: &Page, claims: &mut Vec<Claim>) {
    let blocks = || page.layout.blocks.iter().enumerate().filter(|(_, block)| block.kind != BlockKind::Caption);
    for (n, (at, block)) in blocks().filter(|(_, block)| block.level == 1).take(MOST_HEADINGS).enumerate() {
        add(claims, &block.text, Some(at), 0, 1.0);
        add(claims, &block.text, Some(at), 1, n as f32 + 1.0);
        for child in page.tree.below(block.node).skip(1).take(12) {
            let text = page.tree.text(child, LONGEST);
            if text.len() > 12 && text.len() < block.text.len() {
                add(claims, &text, Some(at), 15, 1.0);
            }
        }
    }
    let second = blocks().filter(|(_, block)| (2..4).contains(&block.level) && !page.layout.is_dropped(block));
    for (n, (at, block)) in second.take(MOST_HEADINGS).enumerate() {
        add(claims, &block.text, Some(at), 2, n as f32 + 1.0);
    }
}

fn stated(page: &Page, claims: &mut Vec<Claim>) {
    let ld = page.stated.headline.as_deref();
    let meta = |name| page.head.meta(&[name]);
    let item = page.head.items("headline").next().map(|item| item.0);
    let title = page.head.title.as_deref();
    for (text, source) in [(ld, 4), (meta("og:title"), 5), (meta("twitter:title"), 6), (item, 7), (title, 8)] {
        let Some(text) = text else { continue };
        add(claims, text, None, source, 1.0);
    }
    for name in ["dc.title", "title", "sailthru.title", "parsely-title", "citation_title"] {
        meta(name).into_iter().for_each(|text| add(claims, text, None, 14, 1.0));
    }
    for (text, whole, first, last) in [(title, 9, Some(10), Some(11)), (meta("og:title"), 12, Some(13), None)] {
        let Some(text) = text.map(folded) else { continue };
        add(claims, &without_site(&text, page.names), None, whole, 1.0);
        for separator in super::SEPARATORS {
            let split = first.zip(text.split_once(separator));
            split.into_iter().for_each(|(source, (begin, _))| add(claims, begin, None, source, 1.0));
            let split = first.zip(text.rsplit_once(separator));
            split.into_iter().for_each(|(source, (begin, _))| add(claims, begin, None, source, 1.0));
            let split = last.zip(text.rsplit_once(separator));
            split.into_iter().for_each(|(source, (_, end))| add(claims, end, None, source, 1.0));
        }
    }
}

/// Lines that are no headings but print a claim.
fn lines(page: &Page, claims: &mut [Claim]) {
    let longest = claims.iter().map(|claim| claim.text.len()).max().unwrap_or(0);
    let begin = |text: &str| text.chars().find(|c| c.is_alphanumeric()).and_then(|c| c.to_lowercase().next());
    let begins: Vec<Option<char>> = claims.iter().map(|claim| begin(&claim.key)).collect();
    for (at, block) in page.layout.blocks.iter().enumerate() {
        let heading = block.level == 1 || block.kind == BlockKind::Caption;
        if heading || block.text.len() > 2 * longest || !begins.contains(&begin(&block.text)) {
            continue;
        }
        let key = key(&block.text);
        if let Some(claim) = claims.iter_mut().find(|claim| claim.key == key) {
            claim.block = claim.block.or(Some(at));
            claim.from[3] += 1.0;
        }
    }
}

/// What a page has of each source, as keys.
struct Whole {
    h1: Vec<String>,
    ld: String,
    og: String,
    title: String,
    address: Vec<String>,
    sites: Vec<String>,
    news: bool,
}

impl Whole {
    fn new(page: &Page) -> Self {
        let h1 = page.layout.blocks.iter().filter(|block| block.level == 1 && block.text.len() < LONGEST);
        let path =
            page.url.and_then(|url| url.split_once("://")).map(|found| found.1).and_then(|rest| rest.split_once('/'));
        let path = path.map(|found| found.1.split(['?', '#']).next().unwrap_or_default()).unwrap_or_default();
        Whole {
            h1: h1.take(MOST_HEADINGS).map(|block| key(&block.text)).filter(|key| !key.is_empty()).collect(),
            ld: page.stated.headline.as_deref().map(key).unwrap_or_default(),
            og: page.head.meta(&["og:title"]).map(key).unwrap_or_default(),
            title: page.head.title.as_deref().map(key).unwrap_or_default(),
            address: words(path),
            sites: page.names.iter().map(|name| key(name)).collect(),
            news: page.stated.is_news,
        }
    }

    fn features(&self, page: &Page, claim: &Claim) -> Vec<f32> {
        let own = claim.key.as_str();
        let mut out = claim.from.to_vec();
        let inside = |long: &str| long.len() > own.len() && own.len() > 3;
        let in_h1 = |test: fn(&str, &str) -> bool| self.h1.iter().any(|h1| inside(h1) && test(h1, own));
        out.push(share(in_h1(|h1, own| h1.ends_with(own)), own, &self.h1));
        out.push(share(in_h1(|h1, own| h1.starts_with(own)), own, &self.h1));
        let holds = |other: &str| flag(other.len() > 3 && other.len() < own.len() && own.contains(other));
        let held = |other: &str| flag(inside(other) && other.contains(own));
        out.push(self.h1.iter().map(|h1| holds(h1)).fold(0.0, f32::max));
        out.extend([held(&self.og), holds(&self.og)]);
        let title = &self.title;
        out.extend([
            flag(inside(title) && title.starts_with(own)),
            flag(inside(title) && title.ends_with(own)),
            holds(title),
        ]);
        out.extend([held(&self.ld), holds(&self.ld)]);
        out.extend([n_words(&claim.text) as f32, claim.text.len() as f32]);
        self.push_address(&mut out, &claim.text);
        out.push(flag(self.sites.iter().any(|site| site == own)));
        out.push(flag(self.sites.iter().any(|site| site.len() > 3 && own.contains(site.as_str()))));
        out.push(super::SEPARATORS.iter().filter(|separator| claim.text.contains(**separator)).count() as f32);
        out.push(flag(claim.text.ends_with('…') || claim.text.ends_with("...")));
        push_place(&mut out, page, claim.block);
        let letters = claim.text.chars().filter(|c| c.is_alphabetic()).count().max(1);
        out.push(claim.text.chars().filter(|c| c.is_uppercase()).count() as f32 / letters as f32);
        out.push(claim.from.iter().filter(|&&value| value > 0.0).count() as f32);
        let first = self.h1.first().map(String::as_str).unwrap_or_default();
        out.extend([self.h1.len() as f32, flag(!self.ld.is_empty()), flag(!self.og.is_empty())]);
        out.extend([flag(agrees(&self.og, &self.ld)), flag(agrees(&self.og, first)), flag(agrees(&self.ld, first))]);
        out.extend([flag(!first.is_empty() && title.contains(first)), flag(self.news)]);
        out
    }

    /// How many of a claim's words are in the address, and the other way round.
    fn push_address(&self, out: &mut Vec<f32>, text: &str) {
        let own = words(text);
        let both = own.iter().filter(|word| self.address.contains(word)).count() as f32;
        out.extend([both / own.len().max(1) as f32, both / self.address.len().max(1) as f32]);
    }
}

/// What part of the longest printed headline a claim is, where it stands in one.
fn share(stands: bool, own: &str, h1: &[String]) -> f32 {
    let longest = h1.iter().map(String::len).max().unwrap_or(1).max(1);
    if stands { own.len() as f32 / longest as f32 } else { 0.0 }
}

fn push_place(out: &mut Vec<f32>, page: &Page, block: Option<usize>) {
    let found: Option<(usize, &Block)> = block.map(|at| (at, &page.layout.blocks[at]));
    out.push(found.map_or(-1.0, |(at, _)| at as f32 / page.layout.blocks.len() as f32));
    out.push(flag(found.is_some_and(|(_, block)| page.layout.is_dropped(block))));
    out.push(flag(found.is_some_and(|(_, block)| page.layout.hints[block.node as usize].has(Hints::TITLE))));
}

/// The words of a headline or an address as addresses spell them.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 1);
    words.map(plain).take(60).collect()
}

/// A word in lower case, without accents where addresses have none.
fn plain(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for c in word.chars().flat_map(char::to_lowercase) {
        match c {
            'ä' => out.push_str("ae"),
            'ö' => out.push_str("oe"),
            'ü' => out.push_str("ue"),
            'ß' => out.push_str("ss"),
            'á' | 'à' | 'â' | 'ã' | 'å' => out.push('a'),
            'é' | 'è' | 'ê' | 'ë' => out.push('e'),
            'í' | 'ì' | 'î' | 'ï' | 'ı' => out.push('i'),
            'ó' | 'ò' | 'ô' | 'õ' | 'ø' => out.push('o'),
            'ú' | 'ù' | 'û' => out.push('u'),
            'ç' => out.push('c'),
            'ñ' => out.push('n'),
            c => out.push(c),
        }
    }
    out
}

fn flag(yes: bool) -> f32 {
    f32::from(u8::from(yes))
}
