//! What stands near the headline and may sum up the article, with numbers for the trees that choose.

use std::ops::Range;

use rapporteur_record::BlockKind;
use web_atoms::local_name;

use crate::blocks::{Block, Layout};
use crate::tables::{self, Hints};
use crate::text::{key, n_words};
use crate::tree::{Id, NONE, Tree};

/// What each number is, in their order.
pub(crate) const NAMES: [&str; 46] = [
    "place",
    "near_title",
    "blocks_between",
    "n_blocks",
    "n_words",
    "words_a_block",
    "sentence",
    "links",
    "level",
    "kind",
    "bold",
    "own_standfirst",
    "above_standfirst",
    "above_body",
    "above_drop",
    "called_date",
    "called_byline",
    "tag",
    "item",
    "item_body",
    "header",
    "list",
    "figure",
    "is_description",
    "begins_description",
    "begun_by_description",
    "shared_words",
    "is_alternative",
    "in_stated_body",
    "begins_stated_body",
    "title_parent",
    "same_look_after",
    "same_parent_after",
    "mass_beside",
    "share_of_page",
    "words_before",
    "words_after",
    "after_kind",
    "after_bold",
    "date",
    "litter",
    "colon",
    "quote",
    "page_description",
    "page_stated_body",
    "page_news",
];

/// One or more blocks that may be the standfirst.
pub(crate) struct Line {
    pub(crate) blocks: Range<usize>,
    pub(crate) text: String,
    pub(crate) features: Vec<f32>,
    /// Whether it looks as the paragraphs after it do, and nothing else sets it off.
    pub(crate) is_plain: bool,
    /// Whether its element is called a standfirst, and it reads like one.
    pub(crate) is_called: bool,
}

/// What lines are read from.
pub(crate) struct Page<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) layout: &'a Layout,
    /// The block of the headline.
    pub(crate) title: Option<usize>,
    /// What the page says of itself in short, and what it states as a second headline.
    pub(crate) descriptions: &'a [&'a str],
    pub(crate) alternatives: &'a [&'a str],
    /// The key of the text that the page states in JSON-LD, or nothing.
    pub(crate) witness: &'a str,
    pub(crate) is_news: bool,
}

/// Blocks of text after the headline, and before it, in which the standfirst is looked for.
const NEAR: usize = 12;
const BEFORE: usize = 3;
/// Blocks of any kind that are passed for them.
const FAR: usize = 320;
/// A standfirst has at most so many blocks and words.
const MOST_BLOCKS: usize = 8;
const MOST_WORDS: usize = 160;

/// What may be the standfirst, in the order of the page.
pub(crate) fn lines(page: &Page) -> Vec<Line> {
    let blocks = &page.layout.blocks;
    let from = page.title.map_or(0, |at| at + 1);
    let speaks = |&at: &usize| {
        let block = &blocks[at];
        n_words(&block.text) > 2
            && block.link_density() < 0.5
            && (!page.layout.is_dropped(block) || is_called(page, block))
    };
    let after: Vec<usize> = (from..blocks.len()).take(FAR).filter(speaks).take(NEAR).collect();
    // What stands behind the first paragraph of the text is no standfirst.
    let text = after.iter().position(|&at| blocks[at].mass > 0.0 && blocks[at].n_words > 15);
    let until = text.map_or(after.len(), |at| at + 1);
    let before: Vec<usize> = (from.saturating_sub(BEFORE + 1)..from.saturating_sub(1)).filter(speaks).collect();
    let spread = Spread { page, after: &after };
    let mut lines: Vec<Line> = Vec::new();
    for (place, &at) in before.iter().chain(&after[..until]).enumerate() {
        let place = place as f32 - before.len() as f32;
        for blocks in std::iter::once(at..at + 1).chain(spread.elements(at)) {
            if lines.iter().all(|line| line.blocks != blocks) {
                lines.extend(spread.line(blocks, place));
            }
        }
    }
    lines
}

/// Whether an element close around a block is called a standfirst.
fn is_called(page: &Page, block: &Block) -> bool {
    above(page.tree, block.node).take(3).any(|id| page.layout.hints[id as usize].has(Hints::STANDFIRST))
}

/// A node and those around it.
fn above(tree: &Tree, id: Id) -> impl Iterator<Item = Id> + '_ {
    std::iter::successors(Some(id), move |&id| Some(tree.node(id).parent).filter(|&parent| parent != NONE))
}

struct Spread<'a> {
    page: &'a Page<'a>,
    /// The blocks of text after the headline.
    after: &'a [usize],
}

impl Spread<'_> {
    /// The blocks of the elements that begin with a block and hold a few more.
    fn elements(&self, at: usize) -> Vec<Range<usize>> {
        let (tree, blocks) = (self.page.tree, &self.page.layout.blocks);
        let mut found: Vec<Range<usize>> = Vec::new();
        for id in above(tree, blocks[at].node).take(4) {
            let within = |other: &Block| above(tree, other.node).take(6).any(|each| each == id);
            let end = (at..blocks.len().min(at + MOST_BLOCKS + 1)).take_while(|&other| within(&blocks[other])).count();
            let first = at == 0 || !within(&blocks[at - 1]);
            if first && (2..=MOST_BLOCKS).contains(&end) && found.last().is_none_or(|last| last.end != at + end) {
                found.push(at..at + end);
            }
        }
        found
    }

    /// The elements that hold just these blocks.
    fn holders(&self, range: &Range<usize>) -> impl Iterator<Item = Id> {
        let (tree, blocks) = (self.page.tree, &self.page.layout.blocks);
        let (from, until) = (range.start, range.end);
        let holds = move |id: Id, at: usize| {
            blocks.get(at).is_some_and(|block| above(tree, block.node).take(6).any(|each| each == id))
        };
        let just = move |id: &Id| (from..until).all(|at| holds(*id, at)) && !holds(*id, until);
        above(tree, blocks[from].node).take(if until == from + 1 { 1 } else { 4 }).filter(just)
    }

    fn line(&self, range: Range<usize>, place: f32) -> Option<Line> {
        let blocks = &self.page.layout.blocks[range.clone()];
        let words: usize = blocks.iter().map(|block| n_words(&block.text)).sum();
        if words > MOST_WORDS || blocks.iter().any(|block| self.is_other(block)) {
            return None;
        }
        let text: Vec<&str> = blocks.iter().map(|block| block.text.as_str()).collect();
        let mut line = Line {
            blocks: range,
            text: text.join("\n"),
            features: Vec::with_capacity(NAMES.len()),
            is_plain: false,
            is_called: false,
        };
        line.features.push(place);
        self.push_own(&mut line, words);
        self.push_elements(&mut line);
        self.push_stated(&mut line);
        self.push_around(&mut line);
        let first = &self.page.layout.blocks[line.blocks.start];
        let reads = (5..90).contains(&words) && first.link_density() < 0.3 && tables::litter(&line.text).is_none();
        line.is_called =
            reads && self.holders(&line.blocks).any(|id| self.page.layout.hints[id as usize].has(Hints::STANDFIRST));
        Some(line)
    }

    /// Whether a block is the headline again, a caption, a byline or a date.
    fn is_other(&self, block: &Block) -> bool {
        let title = self.page.title.is_some_and(|title| key(&self.page.layout.blocks[title].text) == key(&block.text));
        let short = block.text.len() < 120;
        title
            || block.kind == BlockKind::Caption && !is_called(self.page, block)
            || short && (crate::dates::find(&block.text, false).is_some() || crate::byline::led(&block.text).is_some())
    }

    fn push_own(&self, line: &mut Line, words: usize) {
        let blocks = &self.page.layout.blocks[line.blocks.clone()];
        let out = &mut line.features;
        let between = self.page.title.map_or(-1.0, |title| line.blocks.start as f32 - title as f32);
        out.extend([flag(between == 1.0), between.clamp(-5.0, 60.0), blocks.len() as f32, words as f32]);
        out.extend([words as f32 / blocks.len() as f32, flag(crate::text::ends_sentence(&line.text))]);
        let links: usize = blocks.iter().map(|block| block.n_link).sum();
        out.extend([links as f32 / line.text.len() as f32, f32::from(blocks[0].level), kind(&blocks[0])]);
        out.push(bold(self.page.tree, &blocks[0]));
    }

    fn push_elements(&self, line: &mut Line) {
        let (tree, layout) = (self.page.tree, self.page.layout);
        let block = &layout.blocks[line.blocks.start];
        let hinted = |hint: Hints, most: usize| {
            let at = above(tree, block.node).take(most).position(|id| layout.hints[id as usize].has(hint));
            at.map_or(0.0, |at| at as f32 + 1.0)
        };
        let out = &mut line.features;
        out.push(flag(layout.hints[block.node as usize].has(Hints::STANDFIRST)));
        out.extend([hinted(Hints::STANDFIRST, 4), hinted(Hints::BODY, 5), hinted(Hints::DROP, 4)]);
        out.extend([hinted(Hints::DATE, 2), hinted(Hints::BYLINE, 2), tag(tree, block.node)]);
        let item = |names: &[&str], most: usize| {
            let mut items = above(tree, block.node).take(most).filter_map(|id| tree.attr(id, "itemprop"));
            flag(items.any(|item| names.iter().any(|name| item.eq_ignore_ascii_case(name))))
        };
        out.extend([item(&["description", "alternativeHeadline", "abstract"], 3), item(&["articleBody"], 8)]);
        let within = |wanted: fn(&str) -> bool| flag(above(tree, block.node).take(8).any(|id| wanted(&tree.name(id))));
        out.extend([within(|name| name == "header"), within(|name| matches!(name, "ul" | "ol"))]);
        out.push(within(|name| matches!(name, "figure" | "aside")));
    }

    fn push_stated(&self, line: &mut Line) {
        let own = key(&line.text);
        let page = self.page;
        let descriptions: Vec<String> = page.descriptions.iter().map(|text| key(text)).collect();
        let any = |test: &dyn Fn(&str) -> bool| flag(descriptions.iter().any(|description| test(description)));
        let out = &mut line.features;
        out.push(any(&|description| description == own));
        // A description is often cut off within its last word or sentence.
        out.push(any(&|description| description.len() < own.len() && own.starts_with(cut(description))));
        out.push(any(&|description| description.len() > own.len() && description.starts_with(&own)));
        out.push(page.descriptions.iter().map(|text| shared(&line.text, text)).fold(0.0, f32::max));
        out.push(flag(page.alternatives.iter().any(|text| key(text) == own)));
        let place = (own.len() > 20 && !page.witness.is_empty()).then(|| page.witness.find(&own)).flatten();
        out.extend([flag(place.is_some()), flag(place == Some(0))]);
    }

    fn push_around(&self, line: &mut Line) {
        let (tree, layout) = (self.page.tree, self.page.layout);
        let (blocks, own) = (&layout.blocks, &layout.blocks[line.blocks.start]);
        let parent = |block: &Block| tree.node(block.node).parent;
        let look = |block: &Block| (tree.name(block.node), tree.attr(block.node, "class"));
        let after: Vec<&Block> =
            self.after.iter().filter(|&&at| at >= line.blocks.end).map(|&at| &blocks[at]).take(5).collect();
        let title = self.page.title.map(|at| &blocks[at]);
        let count = |test: &dyn Fn(&Block) -> bool| after.iter().filter(|block| test(block)).count() as f32;
        let out = &mut line.features;
        let (looks, parents) = (count(&|block| look(block) == look(own)), count(&|block| parent(block) == parent(own)));
        out.push(flag(title.is_some_and(|title| parent(title) == parent(own))));
        out.extend([looks, parents]);
        line.is_plain = looks >= 4.0 && parents >= 4.0 && bold(tree, own) < 0.9 && !is_called(self.page, own);
        let mass = layout.mass[parent(own).min(tree.len() as u32 - 1) as usize];
        out.push((mass / layout.mass[own.node as usize].max(50.0)).min(50.0));
        out.push(layout.mass[own.node as usize] / layout.total().max(1.0));
        let before = line.blocks.start.checked_sub(1).map(|at| &blocks[at]);
        let next = after.first();
        out.push(before.map_or(-1.0, |block| n_words(&block.text).min(60) as f32));
        out.push(next.map_or(-1.0, |block| n_words(&block.text).min(90) as f32));
        out.push(next.map_or(-1.0, |block| kind(block)));
        out.push(next.map_or(-1.0, |block| bold(tree, block)));
        let text = &line.text;
        out.push(flag(text.len() < 120 && crate::dates::find(text, false).is_some()));
        out.push(flag(tables::litter(text).is_some()));
        out.extend([flag(text.ends_with([':', '?'])), flag(text.contains(['"', '“', '«', '„', '”']))]);
        let page = self.page;
        out.extend([flag(!page.descriptions.is_empty()), flag(!page.witness.is_empty()), flag(page.is_news)]);
    }
}

/// A description's key without its last letters, which may be of a word cut off.
fn cut(description: &str) -> &str {
    crate::text::head(description, description.len() - description.len().min(12) / 2)
}

/// How many of a line's words a description has.
fn shared(line: &str, description: &str) -> f32 {
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.len() > 2)
            .take(80)
            .map(str::to_lowercase)
            .collect()
    };
    let (own, other) = (words(line), words(description));
    own.iter().filter(|word| other.contains(word)).count() as f32 / own.len().max(1) as f32
}

/// The part of a block that is printed bold.
fn bold(tree: &Tree, block: &Block) -> f32 {
    let is_bold = |id: Id| matches!(tree.name(id), local_name!("b") | local_name!("strong"));
    if above(tree, block.node).take(2).any(is_bold) {
        return 1.0;
    }
    let inside = tree.below(block.node).take(40).find(|&id| is_bold(id));
    inside.map_or(0.0, |id| (tree.text(id, 2000).len() as f32 / block.text.len().max(1) as f32).min(1.0))
}

fn kind(block: &Block) -> f32 {
    match block.kind {
        BlockKind::Paragraph => 0.0,
        BlockKind::Heading => 1.0,
        BlockKind::ListItem => 2.0,
        BlockKind::Quote => 3.0,
        _ => 4.0,
    }
}

fn tag(tree: &Tree, id: Id) -> f32 {
    match tree.name(id) {
        local_name!("p") => 0.0,
        local_name!("div") => 1.0,
        local_name!("h2") => 2.0,
        local_name!("h3") | local_name!("h4") | local_name!("h5") => 3.0,
        local_name!("li") => 4.0,
        local_name!("header") | local_name!("section") | local_name!("article") => 5.0,
        _ => 6.0,
    }
}

fn flag(yes: bool) -> f32 {
    f32::from(u8::from(yes))
}
