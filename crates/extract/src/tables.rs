//! What the tables know: elements, hints of class names, phrases of litter.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder};
use rustc_hash::FxHashMap;
use web_atoms::LocalName;

/// The rows of a table, without its header line.
pub(crate) fn rows<const N: usize>(table: &str) -> impl Iterator<Item = [&str; N]> {
    let rows = table.lines().filter(|line| !line.starts_with("# ") && !line.is_empty());
    rows.map(|line| {
        let mut cells = line.split('\t');
        std::array::from_fn(|_| cells.next().unwrap_or_default())
    })
}

/// What an element is: flags of [`element`].
const BLOCK: u8 = 1;
const SKIP: u8 = 2;
const DROP: u8 = 4;
const POST: u8 = 8;

static ELEMENTS: LazyLock<FxHashMap<LocalName, u8>> = LazyLock::new(|| {
    let mut elements = FxHashMap::default();
    for [name, what] in rows(include_str!("../tables/elements.tsv")) {
        let flag = ["block", "skip", "drop", "post"].iter().position(|known| *known == what);
        *elements.entry(LocalName::from(name)).or_default() |= 1 << flag.expect("a table says what each element is");
    }
    elements
});

fn element(name: &LocalName, flag: u8) -> bool {
    ELEMENTS.get(name).is_some_and(|flags| flags & flag != 0)
}

/// Whether text before and after the element is in different paragraphs.
pub(crate) fn is_block(name: &LocalName) -> bool {
    element(name, BLOCK)
}

/// Whether the element holds a post of somebody else.
pub(crate) fn is_post(name: &LocalName) -> bool {
    element(name, POST)
}

/// Whether the element's text is never the article's.
pub(crate) fn is_skipped(name: &LocalName) -> bool {
    element(name, SKIP)
}

/// Whether the element is furniture, unless it holds the article.
pub(crate) fn is_furniture(name: &LocalName) -> bool {
    element(name, DROP)
}

/// The attributes that extraction reads.
const READ: &[&str] = &[
    "class",
    "id",
    "href",
    "content",
    "itemprop",
    "itemtype",
    "itemscope",
    "datetime",
    "type",
    "rel",
    "style",
    "hidden",
    "lang",
    "role",
    "data-component",
    "data-testid",
    "aria-hidden",
    "title",
    "data-module",
    "property",
];

/// The lengths of those that begin with a letter, as bits.
const LENGTHS: [u32; 32] = {
    let mut lengths = [0; 32];
    let mut at = 0;
    while at < READ.len() {
        lengths[READ[at].as_bytes()[0] as usize % 32] |= 1 << READ[at].len();
        at += 1;
    }
    lengths
};

/// Whether extraction reads the attribute, in whatever case its name is written.
pub(crate) fn is_read(attribute: &str) -> bool {
    let bytes = attribute.as_bytes();
    let may_be = bytes.len() < 32 && bytes.first().is_some_and(|&b| LENGTHS[b as usize % 32] >> bytes.len() & 1 == 1);
    may_be && READ.iter().any(|read| read.eq_ignore_ascii_case(attribute))
}

/// What the names of a class hint at.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Hints(u16);

impl Hints {
    pub(crate) const DROP: Hints = Hints(1);
    pub(crate) const COMMENTS: Hints = Hints(2);
    pub(crate) const BODY: Hints = Hints(4);
    pub(crate) const CAPTION: Hints = Hints(8);
    pub(crate) const TITLE: Hints = Hints(16);
    pub(crate) const STANDFIRST: Hints = Hints(32);
    pub(crate) const BYLINE: Hints = Hints(64);
    pub(crate) const DATE: Hints = Hints(128);
    pub(crate) const POST: Hints = Hints(256);
    pub(crate) const PULL: Hints = Hints(512);

    pub(crate) fn with(self, hint: Hints) -> Hints {
        Hints(self.0 | hint.0)
    }

    pub(crate) fn has(self, hint: Hints) -> bool {
        self.0 & hint.0 != 0
    }
}

struct HintTable {
    matcher: AhoCorasick,
    hints: Vec<u16>,
}

static HINTS: LazyLock<HintTable> = LazyLock::new(|| {
    const NAMES: [&str; 10] =
        ["drop", "comments", "body", "caption", "title", "standfirst", "byline", "date", "post", "pull"];
    let (mut patterns, mut hints) = (Vec::new(), Vec::new());
    for [pattern, hint] in rows(include_str!("../tables/hints.tsv")) {
        let bit = NAMES.iter().position(|name| *name == hint);
        patterns.push(pattern);
        hints.push(1 << bit.expect("a table says what each pattern hints at"));
    }
    let matcher = AhoCorasickBuilder::new().build(patterns).expect("a few hundred short patterns");
    HintTable { matcher, hints }
});

/// What the names in class, id and role hint at.
pub(crate) fn hints(names: &str) -> Hints {
    let table = &*HINTS;
    let found = table.matcher.find_overlapping_iter(names).fold(0, |all, found| all | table.hints[found.pattern()]);
    Hints(found)
}

/// Appends a class or id to `out`, its words in lower case and enclosed by `-`: `relatedPosts_2` is `-related-posts-2-`.
pub(crate) fn push_names(out: &mut String, names: &str) {
    if !out.ends_with('-') {
        out.push('-');
    }
    let mut after_small = false;
    for c in crate::text::head(names, 512).chars() {
        if c.is_ascii_alphanumeric() {
            if c.is_ascii_uppercase() && after_small {
                out.push('-');
            }
            out.push(c.to_ascii_lowercase());
        } else if !out.ends_with('-') {
            out.push('-');
        }
        after_small = c.is_ascii_lowercase();
    }
    if !out.ends_with('-') {
        out.push('-');
    }
}

/// What goes with a line of litter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Litter {
    /// The line.
    Line,
    /// What stands under it up to the next heading.
    Section,
    /// All after it.
    Rest,
    /// The line, which says that there is more for those who pay.
    Wall,
}

#[derive(Default)]
struct LitterTable {
    is: FxHashMap<&'static str, Litter>,
    /// By their first word.
    starts: FxHashMap<&'static str, Vec<(&'static str, Litter)>>,
    ends: Vec<(&'static str, Litter)>,
    has: Vec<(&'static str, Litter)>,
    /// Finds those of `has`.
    matcher: Option<AhoCorasick>,
    heads: Vec<&'static str>,
}

static LITTER: LazyLock<LitterTable> = LazyLock::new(|| {
    let mut table = LitterTable::default();
    let tables = [
        include_str!("../lang/da/litter.tsv"),
        include_str!("../lang/de/litter.tsv"),
        include_str!("../lang/en/litter.tsv"),
        include_str!("../lang/es/litter.tsv"),
        include_str!("../lang/fr/litter.tsv"),
        include_str!("../lang/it/litter.tsv"),
        include_str!("../lang/ja/litter.tsv"),
        include_str!("../lang/nl/litter.tsv"),
        include_str!("../lang/no/litter.tsv"),
        include_str!("../lang/pl/litter.tsv"),
        include_str!("../lang/pt/litter.tsv"),
        include_str!("../lang/ru/litter.tsv"),
        include_str!("../lang/sv/litter.tsv"),
        include_str!("../lang/tr/litter.tsv"),
    ];
    for [phrase, how, what] in tables.into_iter().flat_map(rows) {
        let litter = match what {
            "line" => Litter::Line,
            "section" => Litter::Section,
            "wall" => Litter::Wall,
            _ => Litter::Rest,
        };
        match how {
            "is" => drop(table.is.insert(phrase, litter)),
            "starts" => table.starts.entry(first_word(phrase)).or_default().push((phrase, litter)),
            "heads" => table.heads.push(phrase),
            "ends" => table.ends.push((phrase, litter)),
            _ => table.has.push((phrase, litter)),
        }
    }
    let phrases = table.has.iter().map(|(phrase, _)| phrase);
    table.matcher = AhoCorasickBuilder::new().build(phrases).ok();
    table
});

impl LitterTable {
    /// The first row whose phrase a line has.
    fn has(&self, line: &str) -> Option<Litter> {
        let found = self.matcher.as_ref()?.find_overlapping_iter(line).map(|found| found.pattern().as_usize()).min()?;
        Some(self.has[found].1)
    }
}

fn first_word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '’' && c != '\'').unwrap_or(text.len());
    &text[..end]
}

/// The longest line that is looked up, in bytes.
const LONGEST_LITTER: usize = 300;

/// Whether a line is litter of a page, and what goes with it.
pub(crate) fn litter(line: &str) -> Option<Litter> {
    litter_and_how(line).map(|found| found.0)
}

/// Whether a line is litter by its beginning or end, and not by what stands anywhere in it.
pub(crate) fn is_sure_litter(line: &str) -> bool {
    litter_and_how(line).is_some_and(|found| found.1)
}

/// What goes with a line of litter, and whether it is sure.
fn litter_and_how(line: &str) -> Option<(Litter, bool)> {
    if line.len() > LONGEST_LITTER {
        return None;
    }
    let line = line.to_lowercase();
    let line = line.trim_matches(|c: char| c.is_whitespace() || "•·>»«→›|-–—▶►▸▼".contains(c));
    let bare = line.trim_end_matches(['?', '!', '.', ':', '…', ' ']);
    let table = &*LITTER;
    let starts = table.starts.get(first_word(line)).into_iter().flatten().find(|(phrase, _)| starts_with(line, phrase));
    let short = line.len() <= LONGEST_LITTER / 2;
    let sure = None
        .or_else(|| table.is.get(line).or_else(|| table.is.get(bare)).copied())
        .or_else(|| starts.filter(|_| short).map(|found| found.1))
        .or_else(|| table.ends.iter().find(|(phrase, _)| short && bare.ends_with(phrase)).map(|found| found.1));
    sure.map(|what| (what, true)).or_else(|| table.has(line).map(|what| (what, false)))
}

/// Whether a short heading opens what comes after an article.
pub(crate) fn heads_rest(heading: &str) -> bool {
    let line = heading.to_lowercase();
    crate::text::n_words(heading) < 5 && LITTER.heads.iter().any(|phrase| starts_with(&line, phrase))
}

/// Whether `line` begins with the words of `phrase`.
fn starts_with(line: &str, phrase: &str) -> bool {
    let Some(rest) = line.strip_prefix(phrase) else { return false };
    !phrase.ends_with(char::is_alphabetic) || !rest.starts_with(char::is_alphanumeric)
}
