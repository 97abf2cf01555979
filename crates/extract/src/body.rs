//! The article's own blocks, out of all that stand in its container.
//!
//! Furniture, lists of links and litter go; so does what stands before the headline, the byline and date lines under
//! it, headings that nothing follows, and a long paragraph that was there before.

use std::collections::HashSet;

use rapporteur_record::BlockKind;

use crate::blocks::{Block, Layout};
use crate::keep::Trees;
use crate::tables::{self, Hints, Litter};
use crate::text::{self, key};
use crate::tree::{Id, NONE, Tree};

/// What is known when the body is cut out.
pub(crate) struct Around<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) layout: &'a Layout,
    pub(crate) container: Id,
    /// The title, its key, and the block that prints it.
    pub(crate) title_text: String,
    pub(crate) title: String,
    pub(crate) title_block: Option<usize>,
    /// The key of the standfirst, and the block that prints it.
    pub(crate) standfirst: String,
    pub(crate) standfirst_block: Option<usize>,
    pub(crate) byline: &'a [String],
    /// The key of the text that the page states in JSON-LD, or nothing.
    pub(crate) witness: &'a str,
    /// The trees that choose the blocks.
    pub(crate) trees: &'a Trees,
}

/// What the rules say of a block of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    /// It is the article's.
    Kept,
    /// It is printed as the title or as the standfirst.
    Headline,
    /// It stands outside the element that holds the article.
    Outside,
    /// It stands in navigation, a sidebar, comments.
    Furniture,
    /// It stands before the headline.
    Before,
    /// It is a link to elsewhere.
    Links,
    /// It stands in an element for a byline or a date.
    Label,
    /// It is only the byline or a date.
    Credit,
    /// It has neither letters nor digits.
    Blank,
    /// It is a line that pages have around articles.
    Litter,
    /// It stands under a heading of such lines.
    Section,
    /// It stands after the article's end.
    Rest,
}

/// The body's blocks, in order.
pub(crate) fn body(around: &Around) -> Vec<Block> {
    let verdicts = verdicts(around);
    let kept = crate::keep::chosen(around, &verdicts);
    let blocks: Vec<(usize, &Block)> = kept.into_iter().map(|at| (at, &around.layout.blocks[at])).collect();
    let blocks = rows_joined(around, &blocks);
    let blocks = without_repeats(around, blocks);
    without_idle_headings(without_pull_quotes(blocks))
}

/// What the rules say of each block of the page.
pub(crate) fn verdicts(around: &Around) -> Vec<Verdict> {
    let blocks = &around.layout.blocks;
    let mut verdicts = vec![Verdict::Outside; blocks.len()];
    let mut inside = Vec::new();
    let within = within(around);
    for (at, block) in blocks.iter().enumerate() {
        if around.layout.is_dropped(block) {
            verdicts[at] = Verdict::Furniture;
        } else if within[block.node as usize] {
            inside.push(at);
        }
    }
    let start = start(around, &inside);
    inside[..start].iter().for_each(|&at| verdicts[at] = Verdict::Before);
    inside[start..].iter().for_each(|&at| verdicts[at] = verdict(around, at, &blocks[at]));
    let kept = inside[start..].iter().filter(|&&at| verdicts[at] == Verdict::Kept);
    let kept: Vec<(usize, &Block)> = kept.map(|&at| (at, &blocks[at])).collect();
    mark_litter(&kept, &mut verdicts);
    for at in [around.title_block, around.standfirst_block].into_iter().flatten() {
        verdicts[at] = Verdict::Headline;
    }
    verdicts
}

/// At most so many quotations are looked for elsewhere in the text.
const MAX_QUOTES: usize = 24;

/// Quotations that only repeat words of a paragraph taken out.
fn without_pull_quotes(mut blocks: Vec<Block>) -> Vec<Block> {
    let quotes = blocks.iter().filter(|block| block.kind == BlockKind::Quote).count();
    if quotes == 0 || quotes > MAX_QUOTES {
        return blocks;
    }
    let running: Vec<String> =
        blocks.iter().filter(|block| block.kind == BlockKind::Paragraph).map(|block| key(&block.text)).collect();
    let running = running.join(" ");
    blocks.retain(|block| {
        block.kind != BlockKind::Quote || block.text.len() < 25 || !running.contains(&key(&block.text))
    });
    blocks
}

/// For each node, whether it stands in the container.
pub(crate) fn within(around: &Around) -> Vec<bool> {
    let mut within = vec![false; around.tree.len()];
    for id in around.tree.below(around.container) {
        within[id as usize] = true;
    }
    within
}

/// Where the body begins: after the headline, unless much of the text stands before it.
fn start(around: &Around, inside: &[usize]) -> usize {
    let Some(title) = around.title_block else { return 0 };
    let after = inside.iter().position(|&at| at > title).unwrap_or(0);
    let mass = |range: &[usize]| range.iter().map(|&at| around.layout.blocks[at].mass).sum::<f32>();
    if mass(&inside[..after]) * 5.0 < mass(&inside[after..]) { after } else { 0 }
}

/// What a block is by itself.
fn verdict(around: &Around, at: usize, block: &Block) -> Verdict {
    if Some(at) == around.title_block || Some(at) == around.standfirst_block {
        Verdict::Headline
    } else if is_link_line(block) {
        Verdict::Links
    } else if is_label(around, block) {
        Verdict::Label
    } else if is_credit_line(around, block) {
        Verdict::Credit
    } else if !block.text.chars().any(char::is_alphanumeric) {
        Verdict::Blank
    } else {
        Verdict::Kept
    }
}

/// Whether a block is nothing but a link to elsewhere.
fn is_link_line(block: &Block) -> bool {
    let density = block.link_density();
    let n_words = block.n_words;
    match block.kind {
        BlockKind::Heading => false,
        BlockKind::ListItem => density > 0.75 || density > 0.4 && n_words < 8,
        _ => density > 0.8 || density > 0.5 && n_words < 20 && !text::ends_sentence(&block.text),
    }
}

/// Whether a block stands in an element for a byline, a date, or a repeated title.
fn is_label(around: &Around, block: &Block) -> bool {
    let label = around.layout.hints[block.node as usize];
    let n_words = block.n_words;
    let marked = label.has(Hints::BYLINE) || label.has(Hints::DATE);
    marked && n_words < 16 && !text::ends_sentence(&block.text)
}

/// Whether a short block is only the byline or a date.
fn is_credit_line(around: &Around, block: &Block) -> bool {
    // A post that is shown keeps who wrote it, and when.
    if block.kind == BlockKind::Quote {
        return false;
    }
    let n_words = block.n_words;
    if n_words > 14 || text::ends_sentence(&block.text) && n_words > 5 {
        return false;
    }
    let own = key(&block.text);
    let names: usize =
        around.byline.iter().map(|name| key(name)).filter(|name| own.contains(name.as_str())).map(|n| n.len()).sum();
    let dated = block.kind != BlockKind::Heading && n_words < 12 && crate::dates::find(&block.text, false).is_some();
    names > 0 && own.len() < names + 14 || dated || crate::byline::led(&block.text).is_some_and(|_| n_words < 8)
}

/// Marks litter, with what goes with it.
fn mark_litter(blocks: &[(usize, &Block)], verdicts: &mut [Verdict]) {
    let mut skip = None;
    for (n, &(at, block)) in blocks.iter().enumerate() {
        if let Some(level) = skip {
            if !ends_section(block, level) {
                verdicts[at] = Verdict::Section;
                continue;
            }
            skip = None;
        }
        let litter = tables::litter(&block.text);
        let heads_rest = block.level > 0 && tables::heads_rest(&block.text);
        if (heads_rest || litter == Some(Litter::Rest)) && is_late(&blocks[..n], &blocks[n..]) {
            blocks[n..].iter().for_each(|(at, _)| verdicts[*at] = Verdict::Rest);
            return;
        }
        match litter {
            None => {}
            Some(Litter::Line | Litter::Rest) => verdicts[at] = Verdict::Litter,
            Some(Litter::Section) => {
                verdicts[at] = Verdict::Section;
                skip = Some(block.level);
            }
        }
    }
}

/// Whether a block is the article's again, after a section of litter under a heading of `level`.
fn ends_section(block: &Block, level: u8) -> bool {
    let heading = block.level > 0 && (block.level <= level || level == 0);
    heading || block.kind == BlockKind::Paragraph && block.link_density() < 0.3 && block.n_words > 20
}

/// Whether most of the text stands before.
fn is_late(before: &[(usize, &Block)], after: &[(usize, &Block)]) -> bool {
    let mass = |blocks: &[(usize, &Block)]| blocks.iter().map(|(_, block)| block.mass).sum::<f32>();
    mass(before) > 0.5 * mass(after)
}

/// The cells of a table row as one block.
fn rows_joined(around: &Around, blocks: &[(usize, &Block)]) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::new();
    for &(_, block) in blocks {
        match out.last_mut() {
            Some(last) if is_same_row(around, last, block) => {
                last.text.push_str(" | ");
                last.text.push_str(&block.text);
                last.node = block.node;
            }
            _ => out.push(block.clone()),
        }
    }
    out
}

fn is_same_row(around: &Around, last: &Block, block: &Block) -> bool {
    let is_cell = |block: &Block| {
        let parent = around.tree.node(block.node).parent;
        parent == block.row && block.kind == BlockKind::Paragraph
    };
    block.row != NONE
        && block.row == last.row
        && block.node != last.node
        && is_cell(block)
        && is_cell(last)
        && block.text.len() < 300
        && last.text.len() < 1000
}

/// A block that repeats the title, the standfirst, or a long block before it.
fn without_repeats(around: &Around, blocks: Vec<Block>) -> Vec<Block> {
    let mut seen = HashSet::new();
    let mut kept = Vec::new();
    for (n, block) in blocks.into_iter().enumerate() {
        let own = key(&block.text);
        let early = n < 4;
        let title = early && block.kind != BlockKind::ListItem && own == around.title;
        let standfirst = early && !around.standfirst.is_empty() && own == around.standfirst;
        let running = matches!(block.kind, BlockKind::Paragraph | BlockKind::Quote) && block.row == NONE;
        let again = running && own.len() > 60 && !seen.insert(own);
        if !title && !standfirst && !again {
            kept.push(block);
        }
    }
    kept
}

/// So many headings in a row at the end are a list of their own.
const LISTED: usize = 3;

/// Without the headings at the end, under which nothing stands.
fn without_idle_headings(mut blocks: Vec<Block>) -> Vec<Block> {
    let idle = blocks.iter().rev().take_while(|block| block.kind == BlockKind::Heading).count();
    if idle < LISTED {
        blocks.truncate(blocks.len() - idle);
    }
    blocks
}
