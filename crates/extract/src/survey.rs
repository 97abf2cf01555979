//! What is known of a page as a whole when its blocks are judged: by element, by block, by what looks alike.
//!
//! Two passes, one over the elements from the root down and one over the blocks; what both find is kept by index.

use std::hash::{Hash, Hasher};

use rapporteur_record::BlockKind;
use rustc_hash::{FxHashMap, FxHasher};
use web_atoms::{LocalName, local_name};

use crate::body::{Around, Verdict};
use crate::tables::Hints;
use crate::tree::{Id, NONE};

/// The longest beginning of a block that is looked for in what the page states, in characters of its key.
pub(crate) const WITNESS_KEY: usize = 40;

/// What stands above an element: flags of [`Place::above`].
pub(crate) const ABOVE: usize = 16;
const DROP: usize = 12;
const COMMENTS: usize = 13;
const CAPTION: usize = 14;
const BODY: usize = 15;

/// Where an element stands: below the container of the article, or below the root where it is not in the container.
#[derive(Clone, Copy, Default)]
pub(crate) struct Place {
    /// What stands above it, one bit each; the element itself counts.
    pub(crate) above: u16,
    /// Whether it stands in the container, and how deep below it.
    pub(crate) inside: bool,
    pub(crate) depth: u16,
    /// Steps to what is called furniture, from 1; 0 if nothing is.
    pub(crate) to_drop: u16,
    /// Steps up to what it has in common with the densest element, and from there down to it.
    pub(crate) core: (u16, u16),
    /// The same with the headline.
    pub(crate) title: (u16, u16),
    /// The innermost `article` or `main` around it.
    pub(crate) article: Id,
}

impl Place {
    pub(crate) fn has(&self, what: usize) -> bool {
        self.above & (1 << what) != 0
    }
}

/// What is known of a block.
#[derive(Clone, Copy, Default)]
pub(crate) struct Fact {
    pub(crate) n_words: f32,
    pub(crate) mass: f32,
    pub(crate) link: f32,
    pub(crate) parent: Id,
    pub(crate) above: Id,
    /// The number of its look, and of the look of what is around it.
    pub(crate) look: u32,
    pub(crate) outer: u32,
    /// The number of its text.
    pub(crate) text: u32,
    /// First-level headings before it, other than the title.
    pub(crate) n_tops: f32,
}

/// What blocks of one look, or of one text, have in common.
#[derive(Clone, Copy, Default)]
pub(crate) struct Group {
    pub(crate) count: f32,
    pub(crate) mass: f32,
    pub(crate) n_words: f32,
    pub(crate) n_link: f32,
}

impl Group {
    fn add(&mut self, fact: &Fact) {
        self.count += 1.0;
        self.mass += fact.mass;
        self.n_words += fact.n_words;
        self.n_link += fact.link * fact.n_words;
    }
}

/// What is known of a whole page.
pub(crate) struct Survey<'a> {
    pub(crate) around: &'a Around<'a>,
    pub(crate) verdicts: &'a [Verdict],
    /// By element.
    pub(crate) places: Vec<Place>,
    /// Running text, bytes and bytes of links straight in an element, and below it.
    pub(crate) direct: Vec<f32>,
    pub(crate) lengths: Vec<f32>,
    pub(crate) links: Vec<f32>,
    /// By block.
    pub(crate) facts: Vec<Fact>,
    /// Running text that is kept by the rules, before each block.
    pub(crate) before: Vec<f32>,
    pub(crate) kept: f32,
    /// The last heading at or before each block.
    pub(crate) headings: Vec<u32>,
    pub(crate) looks: Vec<Group>,
    pub(crate) outers: Vec<Group>,
    pub(crate) texts: Vec<u32>,
    /// The longer words of the title, hashed.
    title: Vec<u64>,
}

impl<'a> Survey<'a> {
    pub(crate) fn new(around: &'a Around<'a>, verdicts: &'a [Verdict]) -> Self {
        let n = around.tree.len();
        let mut survey = Survey {
            around,
            verdicts,
            places: vec![Place { article: NONE, ..Place::default() }; n],
            direct: vec![0.0; n],
            lengths: vec![0.0; n],
            links: vec![0.0; n],
            facts: Vec::with_capacity(verdicts.len()),
            before: Vec::with_capacity(verdicts.len()),
            kept: 0.0,
            headings: Vec::with_capacity(verdicts.len()),
            looks: Vec::new(),
            outers: Vec::new(),
            texts: Vec::new(),
            title: words(&around.title_text, 60).collect(),
        };
        survey.count();
        survey.place();
        survey
    }

    /// Whether a block is worth a look: what the rules take for furniture must at least read like running text.
    pub(crate) fn is_candidate(&self, at: usize) -> bool {
        !matches!(self.verdicts[at], Verdict::Outside | Verdict::Furniture) || self.facts[at].mass > 0.0
    }

    /// The part of a block's longer words that the title has.
    pub(crate) fn shared_with_title(&self, text: &str) -> f32 {
        if self.title.is_empty() {
            return 0.0;
        }
        let (mut n_words, mut n_shared) = (0.0, 0.0);
        for word in words(text, 40) {
            n_words += 1.0;
            n_shared += f32::from(u8::from(self.title.contains(&word)));
        }
        n_shared / f32::max(n_words, 1.0)
    }

    fn count(&mut self) {
        let (layout, tree) = (self.around.layout, self.around.tree);
        let mut names = vec![0; tree.len()];
        let (mut looks, mut outers, mut texts) = (FxHashMap::default(), FxHashMap::default(), FxHashMap::default());
        let (mut heading, mut n_tops) = (u32::MAX, 0.0);
        for (at, (block, verdict)) in layout.blocks.iter().zip(self.verdicts).enumerate() {
            let parent = tree.node(block.node).parent;
            let above = if parent == NONE { NONE } else { tree.node(parent).parent };
            let [own, around, outer] = [block.node, parent, above].map(|id| self.look(&mut names, id));
            if block.level == 1 && self.around.title_block.is_none_or(|title| at > title) {
                n_tops += 1.0;
            }
            let fact = Fact {
                n_words: block.n_words as f32,
                mass: block.mass,
                link: block.link_density(),
                parent,
                above,
                look: number(&mut looks, hash(&(own, around))),
                outer: number(&mut outers, hash(&(around, outer))),
                text: number(&mut texts, hash(&block.text)),
                n_tops,
            };
            grown(&mut self.looks, fact.look).add(&fact);
            grown(&mut self.outers, fact.outer).add(&fact);
            *grown(&mut self.texts, fact.text) += 1;
            if parent != NONE {
                self.direct[parent as usize] += fact.mass;
            }
            self.lengths[block.node as usize] += block.text.len() as f32;
            self.links[block.node as usize] += block.n_link as f32;
            self.before.push(self.kept);
            self.kept += if *verdict == Verdict::Kept { fact.mass } else { 0.0 };
            if block.kind == BlockKind::Heading {
                heading = at as u32;
            }
            self.headings.push(heading);
            self.facts.push(fact);
        }
        crate::blocks::roll_up(tree, &layout.order, &mut self.lengths);
        crate::blocks::roll_up(tree, &layout.order, &mut self.links);
    }

    /// What an element looks like: its tag and class.
    fn look(&self, names: &mut [u64], id: Id) -> u64 {
        if id == NONE {
            return 1;
        }
        let name = &mut names[id as usize];
        if *name == 0 {
            *name = hash(&(self.around.tree.name(id), self.around.tree.attr(id, "class"))) | 1;
        }
        *name
    }

    /// Goes over the elements from the root down.
    fn place(&mut self) {
        let (layout, tree) = (self.around.layout, self.around.tree);
        let core = self.core();
        let title = self.around.title_block.map_or(NONE, |at| layout.blocks[at].node);
        let (to_core, to_title) = (self.path(core), self.path(title));
        for &id in layout.order.iter().rev() {
            let at = id as usize;
            let parent = tree.node(id).parent;
            let above =
                self.places.get(parent as usize).copied().unwrap_or(Place { article: NONE, ..Place::default() });
            let hints = layout.hints[at];
            let name = tree.name(id);
            let mut place = above;
            let (core, title) = (to_core[at], to_title[at]);
            place.core = if core == u16::MAX { (above.core.0.saturating_add(1), above.core.1) } else { (0, core) };
            place.title = if title == u16::MAX { (above.title.0.saturating_add(1), above.title.1) } else { (0, title) };
            if matches!(name, local_name!("article") | local_name!("main")) {
                place.article = id;
            }
            if id == self.around.container {
                (place.above, place.to_drop, place.inside, place.depth) = (0, 0, true, 0);
            } else {
                place.depth = above.depth.saturating_add(1);
                place.above |= flags(tree.attr(id, "itemprop"), &name, hints);
                place.to_drop = match (hints.has(Hints::DROP), above.to_drop) {
                    (true, _) => 1,
                    (false, 0) => 0,
                    (false, steps) => steps.saturating_add(1),
                };
            }
            self.places[at] = place;
        }
    }

    /// The element with most running text straight in its children.
    fn core(&self) -> Id {
        let mut best = (NONE, 0.0);
        for (at, block) in self.around.layout.blocks.iter().enumerate() {
            let parent = self.facts[at].parent;
            if parent == NONE || self.around.layout.is_dropped(block) {
                continue;
            }
            let direct = self.direct[parent as usize];
            if direct > best.1 {
                best = (parent, direct);
            }
        }
        best.0
    }

    /// For each element above `from`, the steps down to it; elsewhere the largest number.
    fn path(&self, from: Id) -> Vec<u16> {
        let mut out = vec![u16::MAX; self.around.tree.len()];
        let (mut at, mut steps) = (from, 0u16);
        while at != NONE {
            out[at as usize] = steps;
            (at, steps) = (self.around.tree.node(at).parent, steps.saturating_add(1).min(u16::MAX - 1));
        }
        out
    }
}

fn flags(itemprop: Option<&str>, name: &LocalName, hints: Hints) -> u16 {
    let which = match *name {
        local_name!("aside") => 0,
        local_name!("figure") => 1,
        local_name!("table") => 2,
        local_name!("blockquote") => 3,
        local_name!("header") => 4,
        local_name!("footer") => 5,
        local_name!("nav") => 6,
        local_name!("form") => 7,
        local_name!("ul") | local_name!("ol") | local_name!("dl") => 8,
        local_name!("a") => 9,
        local_name!("section") => 10,
        local_name!("article") => 11,
        _ => ABOVE,
    };
    let mut out = if which < ABOVE { 1 << which } else { 0 };
    out |= u16::from(hints.has(Hints::DROP)) << DROP;
    out |= u16::from(hints.has(Hints::COMMENTS)) << COMMENTS;
    out |= u16::from(hints.has(Hints::CAPTION)) << CAPTION;
    let body = hints.has(Hints::BODY) || itemprop.is_some_and(|name| name.eq_ignore_ascii_case("articlebody"));
    out | u16::from(body) << BODY
}

fn grown<T: Default + Clone>(items: &mut Vec<T>, at: u32) -> &mut T {
    let at = at as usize;
    if at >= items.len() {
        items.resize(at + 1, T::default());
    }
    &mut items[at]
}

fn number(numbers: &mut FxHashMap<u64, u32>, hash: u64) -> u32 {
    let next = numbers.len() as u32;
    *numbers.entry(hash).or_insert(next)
}

fn hash(what: &impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    what.hash(&mut hasher);
    hasher.finish()
}

/// The first longer words of a text, hashed in lower case.
fn words(text: &str, most: usize) -> impl Iterator<Item = u64> + '_ {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 3);
    words.take(most).map(|word| {
        let mut hasher = FxHasher::default();
        word.chars().flat_map(char::to_lowercase).for_each(|c| hasher.write_u32(c as u32));
        hasher.finish()
    })
}
