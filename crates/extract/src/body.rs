//! The article's own blocks, out of all that stand in its container.
//!
//! Furniture, lists of links and litter go; so does what stands before the headline, the byline and date lines under
//! it, headings that nothing follows, and a long paragraph that was there before.

use std::collections::HashSet;
use std::ops::Range;

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
    /// The key of the standfirst, and the blocks that print it.
    pub(crate) standfirst: String,
    pub(crate) standfirst_blocks: Range<usize>,
    pub(crate) byline: &'a [String],
    /// The key of the text that the page states in JSON-LD, or nothing.
    pub(crate) witness: &'a str,
    /// The trees that choose the blocks.
    pub(crate) trees: &'a Trees,
}

/// What the rules say of a block of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
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
    /// It stands in another article, which follows the page's own.
    Next,
    /// It is the time of a live blog's entry.
    Time,
    /// It is a post of somebody else.
    Post,
}

impl Verdict {
    /// Whether the block stays where nothing else is asked.
    pub(crate) fn keeps(self) -> bool {
        matches!(self, Verdict::Kept | Verdict::Time | Verdict::Post)
    }
}

/// Why a block that was chosen is left out after all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// It was printed before: it is the title, the standfirst, or a long block once more.
    Repeat,
    /// It is a quotation that only repeats words of the text.
    Pull,
    /// It is a heading that nothing follows.
    Idle,
}

/// What became of a block of the page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fate {
    pub(crate) verdict: Verdict,
    /// The log-odds that the trees give it, if they were asked.
    pub(crate) odds: Option<f32>,
    pub(crate) cut: Option<Cut>,
}

impl Fate {
    /// Whether it is in the article's body.
    pub(crate) fn is_kept(&self) -> bool {
        self.cut.is_none() && self.odds.map_or(self.verdict.keeps(), |odds| odds > 0.0)
    }
}

/// The article's body, and how it came about.
pub(crate) struct Body {
    pub(crate) blocks: Vec<Block>,
    /// What became of each block of the page.
    pub(crate) fates: Vec<Fate>,
}

/// Cuts the body out of the page.
pub(crate) fn body(around: &Around) -> Body {
    cut_out(around, false)
}

/// The same, where it is asked how sure each choice is.
pub(crate) fn explained(around: &Around) -> Body {
    cut_out(around, true)
}

fn cut_out(around: &Around, exactly: bool) -> Body {
    let verdicts = verdicts(around);
    let odds = crate::keep::log_odds(around, &verdicts, exactly);
    let fates = verdicts.into_iter().zip(odds);
    let mut fates: Vec<Fate> = fates.map(|(verdict, odds)| Fate { verdict, odds, cut: None }).collect();
    agree_in_rows(around, &mut fates);
    cut_repeats(around, &mut fates);
    cut_pull_quotes(around, &mut fates);
    cut_idle_headings(around, &mut fates);
    let kept: Vec<(usize, &Block)> = kept(around, &fates).collect();
    let blocks = rows_joined(around, crate::live::times_joined(&kept, &fates));
    Body { blocks, fates }
}

/// The blocks that are kept so far, with their places.
fn kept<'a>(around: &'a Around, fates: &'a [Fate]) -> impl DoubleEndedIterator<Item = (usize, &'a Block)> {
    around.layout.blocks.iter().enumerate().filter(|(at, _)| fates[*at].is_kept())
}

/// What the rules say of each block of the page.
pub(crate) fn verdicts(around: &Around) -> Vec<Verdict> {
    let blocks = &around.layout.blocks;
    let mut verdicts = vec![Verdict::Outside; blocks.len()];
    let mut inside = Vec::new();
    let within = within(around);
    for (at, block) in blocks.iter().enumerate() {
        if around.layout.is_next(block) {
            verdicts[at] = Verdict::Next;
        } else if around.layout.is_dropped(block) {
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
    mark_litter(around, &kept, &mut verdicts);
    crate::live::mark_times(blocks, &inside[start..], &mut verdicts);
    mark_gallery(around, &mut verdicts);
    mark_first_pictures(around, &mut verdicts);
    for at in around.title_block.into_iter().chain(around.standfirst_blocks.clone()) {
        verdicts[at] = Verdict::Headline;
    }
    verdicts
}

/// At most so many quotations are looked for elsewhere in the text.
const MAX_QUOTES: usize = 24;

/// Cuts quotations that only repeat words of a paragraph.
fn cut_pull_quotes(around: &Around, fates: &mut [Fate]) {
    let quotes = kept(around, fates).filter(|(_, block)| block.kind == BlockKind::Quote && block.text.len() >= 25);
    let quotes: Vec<(usize, String)> = quotes.map(|(at, block)| (at, key(quoted(around, block)))).collect();
    if quotes.is_empty() || quotes.len() > MAX_QUOTES {
        return;
    }
    let running = kept(around, fates).filter(|(_, block)| block.kind == BlockKind::Paragraph);
    let running: Vec<String> = running.map(|(_, block)| key(&block.text)).collect();
    let running = running.join(" ");
    for (at, quote) in quotes {
        if running.contains(&quote) {
            fates[at].cut = Some(Cut::Pull);
        }
    }
}

/// The words of a quotation that were pulled out of the text, without what is printed under them.
fn quoted<'a>(around: &Around, block: &'a Block) -> &'a str {
    let mut at = block.node;
    let is_pull = std::iter::from_fn(|| {
        let now = Some(at).filter(|&at| at != NONE)?;
        at = around.tree.node(now).parent;
        Some(now)
    });
    let is_pull = is_pull.take(4).any(|id| around.layout.hints[id as usize].has(Hints::PULL));
    let line = block.text.lines().next().unwrap_or_default();
    match line.rfind(['”', '"', '»', '’']) {
        Some(end) if is_pull && end > 20 => &line[..end],
        _ if is_pull => line,
        _ => &block.text,
    }
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
    if Some(at) == around.title_block || around.standfirst_blocks.contains(&at) {
        Verdict::Headline
    } else if around.layout.hints[block.node as usize].has(Hints::POST) {
        Verdict::Post
    } else if is_link_line(block) {
        // "Related: Who looks after the bridges?"
        if tables::litter(&block.text) == Some(Litter::Line) { Verdict::Litter } else { Verdict::Links }
    } else if is_label(around, block) {
        Verdict::Label
    } else if is_credit_line(around, block) {
        Verdict::Credit
    } else if !block.text.chars().any(char::is_alphanumeric) || is_clock(block) {
        Verdict::Blank
    } else {
        Verdict::Kept
    }
}

/// A page with less running text, in bytes, may be a gallery, whose text are its captions.
const LITTLE_TEXT: f32 = 600.0;
/// A gallery has so many captions, and each so many words.
const LEAST_CAPTIONS: usize = 3;
const LEAST_CAPTION_WORDS: usize = 5;

/// Keeps the captions of a gallery, which stand outside what little text it has.
fn mark_gallery(around: &Around, verdicts: &mut [Verdict]) {
    let blocks = &around.layout.blocks;
    let kept = blocks.iter().zip(&*verdicts).filter(|(_, verdict)| **verdict == Verdict::Kept);
    if kept.map(|(block, _)| block.mass).sum::<f32>() > LITTLE_TEXT {
        return;
    }
    let is_caption = |at: &usize| {
        let block = &blocks[*at];
        let words = block.link_density() < 0.3 && block.n_words >= LEAST_CAPTION_WORDS;
        block.kind == BlockKind::Caption && words && matches!(verdicts[*at], Verdict::Outside | Verdict::Kept)
    };
    let captions: Vec<usize> = (around.title_block.unwrap_or(0)..blocks.len()).filter(is_caption).collect();
    if captions.len() >= LEAST_CAPTIONS {
        captions.into_iter().for_each(|at| verdicts[at] = Verdict::Kept);
    }
}

/// Keeps the captions between the headline and the text, which stand outside the element that holds the text.
fn mark_first_pictures(around: &Around, verdicts: &mut [Verdict]) {
    let (blocks, first) = (&around.layout.blocks, verdicts.iter().position(|verdict| *verdict == Verdict::Kept));
    let (Some(title), Some(first)) = (around.title_block, first) else { return };
    for at in title..first {
        let is_caption = blocks[at].kind == BlockKind::Caption && blocks[at].link_density() < 0.3;
        if is_caption && verdicts[at] == Verdict::Outside && text::n_words(&blocks[at].text) >= LEAST_CAPTION_WORDS {
            verdicts[at] = Verdict::Kept;
        }
    }
}

/// Whether a block is what a player shows: "0:00 / 1:32".
fn is_clock(block: &Block) -> bool {
    let plain = block.kind == BlockKind::Paragraph && block.row == NONE;
    plain && block.text.contains(':') && !block.text.chars().any(char::is_alphabetic)
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
fn mark_litter(around: &Around, blocks: &[(usize, &Block)], verdicts: &mut [Verdict]) {
    let mut skip = None;
    for (n, &(at, block)) in blocks.iter().enumerate() {
        if let Some(level) = skip {
            if is_teaser(around, verdicts, at) || !ends_section(block, level) {
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
            Some(Litter::Line | Litter::Rest | Litter::Wall) => verdicts[at] = Verdict::Litter,
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

/// Whether a block stands with a link to elsewhere that it tells of.
fn is_teaser(around: &Around, verdicts: &[Verdict], at: usize) -> bool {
    let node = |at: usize| around.layout.blocks[at].node;
    let parent = |at: usize| around.tree.node(node(at)).parent;
    at > 0 && verdicts[at - 1] == Verdict::Links && [node(at - 1), parent(at - 1)].contains(&parent(at))
}

/// Whether most of the text stands before.
fn is_late(before: &[(usize, &Block)], after: &[(usize, &Block)]) -> bool {
    let mass = |blocks: &[(usize, &Block)]| blocks.iter().map(|(_, block)| block.mass).sum::<f32>();
    mass(before) > 0.5 * mass(after)
}

/// The cells of a table row as one block.
fn rows_joined(around: &Around, blocks: Vec<Block>) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::new();
    for block in blocks {
        match out.last_mut() {
            Some(last) if is_same_row(around, last, &block) => {
                last.text.push_str(" | ");
                last.text.push_str(&block.text);
                last.node = block.node;
            }
            _ => out.push(block),
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

/// The cells of a table's row are kept or dropped together, as most of them are.
fn agree_in_rows(around: &Around, fates: &mut [Fate]) {
    let blocks = &around.layout.blocks;
    let mut start = 0;
    for row in blocks.chunk_by(|one, next| is_same_row(around, one, next)) {
        let row_fates = &mut fates[start..start + row.len()];
        start += row.len();
        let asked = || row_fates.iter().filter_map(|fate| fate.odds);
        let (n_asked, n_kept) = (asked().count(), asked().filter(|odds| *odds > 0.0).count());
        if row.len() < 2 || n_asked < 2 {
            continue;
        }
        let keeps = n_kept * 2 >= n_asked;
        let agrees = |odds: &f32| (*odds > 0.0) == keeps;
        let surest =
            asked().filter(agrees).fold(0.0, |best: f32, odds| if odds.abs() > best.abs() { odds } else { best });
        // A date is a cell like others.
        for fate in row_fates.iter_mut().filter(|fate| fate.odds.is_some() || fate.verdict == Verdict::Credit) {
            fate.odds = fate.odds.filter(agrees).or(Some(surest));
        }
    }
}

/// Cuts blocks that repeat the title, the standfirst, or a long block before.
fn cut_repeats(around: &Around, fates: &mut [Fate]) {
    let mut seen = HashSet::new();
    let kept: Vec<usize> = kept(around, fates).map(|(at, _)| at).collect();
    for (n, at) in kept.into_iter().enumerate() {
        let block = &around.layout.blocks[at];
        let own = key(&block.text);
        let early = n < 4;
        let title = early && block.kind != BlockKind::ListItem && own == around.title;
        let standfirst = early && !around.standfirst.is_empty() && own == around.standfirst;
        let running = matches!(block.kind, BlockKind::Paragraph | BlockKind::Quote) && block.row == NONE;
        let again = running && own.len() > 60 && !seen.insert(own);
        if title || standfirst || again {
            fates[at].cut = Some(Cut::Repeat);
        }
    }
}

/// So many headings in a row at the end are a list of their own.
const LISTED: usize = 3;

/// Cuts the headings at the end, under which nothing stands.
fn cut_idle_headings(around: &Around, fates: &mut [Fate]) {
    let ends = kept(around, fates).rev().take_while(|(_, block)| block.kind == BlockKind::Heading);
    let ends: Vec<usize> = ends.map(|(at, _)| at).collect();
    if ends.len() < LISTED {
        ends.into_iter().for_each(|at| fates[at].cut = Some(Cut::Idle));
    }
}
