//! Why each block of a page is kept or dropped.

use std::fmt;

use rapporteur_record::{Article, BlockKind};

use crate::NoArticle;
use crate::body::{Around, Fate};
pub use crate::body::{Cut, Verdict};
use crate::text;
use crate::tree::{Id, NONE, Tree};

/// A page that was read, with what became of each of its blocks.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The article, or why there is none.
    pub article: Result<Article, NoArticle>,
    /// The blocks of the page, in its order.
    pub blocks: Vec<Judged>,
}

/// A block of a page, and whether and why it is the article's.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// What it is.
    pub kind: BlockKind,
    /// Its text.
    pub text: String,
    /// Whether it is in the article's text.
    pub kept: bool,
    /// What the rules say of it.
    pub verdict: Verdict,
    /// How likely it is the article's, from 0 to 1, by the learnt trees; `None` where the rules settle it.
    pub probability: Option<f32>,
    /// Why it is left out although it was chosen.
    pub cut: Option<Cut>,
    /// The element that the verdict hangs on, as `div.newsletter`.
    pub element: Option<String>,
}

impl Judged {
    /// A block that only the rules looked at.
    pub(crate) fn by_rule(kind: BlockKind, text: String, verdict: Verdict, cut: Option<Cut>) -> Judged {
        let kept = cut.is_none() && matches!(verdict, Verdict::Kept | Verdict::Headline);
        Judged { kind, text, kept, verdict, probability: None, cut, element: None }
    }
}

/// The blocks of a text that is the article: all are kept.
pub(crate) fn kept(article: Article) -> (Result<Article, NoArticle>, Vec<Judged>) {
    let judge = |block: &rapporteur_record::Block| {
        let is_lead = matches!(block.kind, BlockKind::Title | BlockKind::Standfirst);
        let verdict = if is_lead { Verdict::Headline } else { Verdict::Kept };
        Judged::by_rule(block.kind, article.text[block.span].to_owned(), verdict, None)
    };
    let blocks = article.blocks.iter().map(judge).collect();
    (Ok(article), blocks)
}

impl Verdict {
    /// The verdict in a word.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Kept => "article",
            Verdict::Headline => "headline",
            Verdict::Outside => "outside",
            Verdict::Furniture => "furniture",
            Verdict::Before => "before",
            Verdict::Links => "links",
            Verdict::Label => "label",
            Verdict::Credit => "credit",
            Verdict::Blank => "blank",
            Verdict::Litter => "litter",
            Verdict::Section => "section",
            Verdict::Rest => "rest",
            Verdict::Next => "next",
            Verdict::Time => "time",
            Verdict::Post => "post",
        }
    }
}

/// What the verdict means, for people.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Verdict::Kept => "in the article",
            Verdict::Headline => "title or standfirst",
            Verdict::Outside => "outside the article",
            Verdict::Furniture => "furniture",
            Verdict::Before => "above the headline",
            Verdict::Links => "link to elsewhere",
            Verdict::Label => "byline or date",
            Verdict::Credit => "byline or date",
            Verdict::Blank => "no words",
            Verdict::Litter => "litter",
            Verdict::Section => "under such a heading",
            Verdict::Rest => "after the end",
            Verdict::Next => "another article",
            Verdict::Time => "time of an entry",
            Verdict::Post => "embedded post",
        })
    }
}

impl Cut {
    /// The reason in a word.
    pub fn name(self) -> &'static str {
        match self {
            Cut::Repeat => "repeat",
            Cut::Pull => "pull_quote",
            Cut::Idle => "idle_heading",
        }
    }
}

/// What the reason means, for people.
impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Cut::Repeat => "printed before",
            Cut::Pull => "pulled from the text",
            Cut::Idle => "heading of nothing",
        })
    }
}

/// What became of each block of a page.
pub(crate) fn judged(around: &Around, fates: &[Fate]) -> Vec<Judged> {
    let blocks = around.layout.blocks.iter().zip(fates);
    let judged = blocks.map(|(block, fate)| Judged {
        kind: kind(around, block.kind, fate.verdict, &block.text),
        text: block.text.clone(),
        kept: fate.verdict == Verdict::Headline || fate.is_kept(),
        verdict: fate.verdict,
        probability: fate.odds.map(|odds| 1.0 / (1.0 + (-odds).exp())),
        cut: fate.cut,
        element: element(around, block.node, fate.verdict),
    });
    judged.collect()
}

fn kind(around: &Around, kind: BlockKind, verdict: Verdict, text: &str) -> BlockKind {
    match verdict {
        Verdict::Headline if text::key(text) == around.standfirst => BlockKind::Standfirst,
        Verdict::Headline => BlockKind::Title,
        _ => kind,
    }
}

/// The element that a verdict hangs on.
fn element(around: &Around, node: Id, verdict: Verdict) -> Option<String> {
    let is_part = |id: Id| match verdict {
        Verdict::Furniture => around.layout.dropped[id as usize],
        Verdict::Next => around.layout.next[id as usize],
        _ => false,
    };
    let outermost = || {
        let mut at = node;
        while around.tree.node(at).parent != NONE && is_part(around.tree.node(at).parent) {
            at = around.tree.node(at).parent;
        }
        at
    };
    match verdict {
        Verdict::Furniture | Verdict::Next => Some(named(around.tree, outermost())),
        Verdict::Label | Verdict::Post => Some(named(around.tree, node)),
        _ => None,
    }
}

/// The longest name of an element, in bytes.
const LONGEST: usize = 60;

/// An element's tag and class, or tag and id where it has no class.
fn named(tree: &Tree, id: Id) -> String {
    let mut name = tree.name(id).to_string();
    let classes = tree.attr(id, "class").into_iter().flat_map(str::split_ascii_whitespace).take(3);
    let n_before = name.len();
    for class in classes {
        name.push('.');
        name.push_str(class);
    }
    if let (true, Some(own)) = (name.len() == n_before, tree.attr(id, "id").filter(|own| !own.is_empty())) {
        name.push('#');
        name.push_str(own);
    }
    text::head(&name, LONGEST).to_owned()
}
