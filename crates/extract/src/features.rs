//! What is known of a block when it is decided whether it is the article's: numbers, for the trees of `keep`.
//!
//! None is of a site: they say what a block is, what stands around it, and how much of the page looks as it does.

use std::hash::{Hash, Hasher};

use rapporteur_record::BlockKind;
use rustc_hash::{FxHashMap, FxHasher};
use web_atoms::{LocalName, local_name};

use crate::blocks::Block;
use crate::body::{Around, Verdict, within};
use crate::tables::Hints;
use crate::text::{self, key};
use crate::tree::{Id, NONE};

/// What each number is, in their order.
pub(crate) const NAMES: [&str; 66] = [
    "verdict",
    "kind",
    "level",
    "n_chars",
    "n_words",
    "links",
    "sentence",
    "upper",
    "digits",
    "colon",
    "question",
    "at",
    "copyright",
    "bar",
    "address",
    "lower_start",
    "commas",
    "quotes",
    "own_drop",
    "own_comments",
    "own_body",
    "own_caption",
    "own_standfirst",
    "own_byline",
    "own_date",
    "above_drop",
    "above_comments",
    "above_caption",
    "drop_distance",
    "aside",
    "figure",
    "table",
    "blockquote",
    "header",
    "footer",
    "nav",
    "form",
    "list",
    "anchor",
    "section",
    "article",
    "depth",
    "tag",
    "parent_share",
    "look_share",
    "look_count",
    "parent_mass",
    "container_share",
    "place",
    "before",
    "since_title",
    "before_words",
    "before_links",
    "before_verdict",
    "before_kind",
    "before_same",
    "after_words",
    "after_links",
    "after_verdict",
    "after_kind",
    "after_same",
    "witness",
    "repeats",
    "parent_links",
    "title_words",
    "total",
];

/// The numbers of one block, in the order of [`NAMES`].
pub(crate) type Features = [f32; NAMES.len()];

/// Elements looked at above a block.
const MOST_ABOVE: usize = 24;
/// The longest beginning of a block that is looked for in what the page states.
const WITNESS_KEY: usize = 40;

/// What is known of a whole page.
pub(crate) struct Survey<'a> {
    around: &'a Around<'a>,
    verdicts: &'a [Verdict],
    within: Vec<bool>,
    /// Running text by parent, by look, and how many blocks have that look.
    parents: FxHashMap<Id, f32>,
    looks: FxHashMap<u64, (f32, usize)>,
    keys: FxHashMap<u64, usize>,
    lengths: Vec<f32>,
    links: Vec<f32>,
    /// Running text that is kept by the rules, before each block.
    before: Vec<f32>,
    kept: f32,
    title: Vec<String>,
}

impl<'a> Survey<'a> {
    pub(crate) fn new(around: &'a Around<'a>, verdicts: &'a [Verdict]) -> Self {
        let n = around.tree.len();
        let mut survey = Survey {
            around,
            verdicts,
            within: within(around),
            parents: FxHashMap::default(),
            looks: FxHashMap::default(),
            keys: FxHashMap::default(),
            lengths: vec![0.0; n],
            links: vec![0.0; n],
            before: Vec::new(),
            kept: 0.0,
            title: words(&around.title_text),
        };
        survey.count();
        survey
    }

    fn count(&mut self) {
        let layout = self.around.layout;
        for (block, verdict) in layout.blocks.iter().zip(self.verdicts) {
            let mass = block.mass();
            *self.parents.entry(self.around.tree.node(block.node).parent).or_default() += mass;
            let look = self.looks.entry(self.look(block)).or_default();
            look.0 += mass;
            look.1 += 1;
            *self.keys.entry(hash(&block.text)).or_default() += 1;
            self.lengths[block.node as usize] += block.text.len() as f32;
            self.links[block.node as usize] += block.n_link as f32;
            self.before.push(self.kept);
            self.kept += if *verdict == Verdict::Kept { mass } else { 0.0 };
        }
        crate::blocks::roll_up(self.around.tree, &layout.order, &mut self.lengths);
        crate::blocks::roll_up(self.around.tree, &layout.order, &mut self.links);
    }

    /// What a block's element and the one around it look like: their tags and classes.
    fn look(&self, block: &Block) -> u64 {
        let tree = self.around.tree;
        let mut hasher = FxHasher::default();
        for id in [block.node, tree.node(block.node).parent] {
            if id != NONE {
                tree.name(id).hash(&mut hasher);
                tree.attr(id, "class").hash(&mut hasher);
            }
        }
        hasher.finish()
    }

    /// The numbers of the block at that place.
    pub(crate) fn features(&self, at: usize) -> Features {
        let block = &self.around.layout.blocks[at];
        let mut out = Vec::with_capacity(NAMES.len());
        out.push(verdict(self.verdicts[at]));
        self.push_text(&mut out, block);
        self.push_elements(&mut out, block);
        self.push_place(&mut out, at, block);
        self.push_neighbour(&mut out, block, at.checked_sub(1));
        self.push_neighbour(&mut out, block, Some(at + 1));
        self.push_page(&mut out, block);
        out.try_into().expect("as many as there are names")
    }

    fn push_text(&self, out: &mut Vec<f32>, block: &Block) {
        let text = &block.text;
        let (mut n_letters, mut n_upper, mut n_digits, mut n_commas, mut quotes) = (0, 0, 0, 0, false);
        for c in text.chars() {
            n_letters += u32::from(c.is_alphabetic());
            n_upper += u32::from(c.is_uppercase());
            n_digits += u32::from(c.is_ascii_digit());
            n_commas += u32::from(matches!(c, ',' | '،' | '、' | '，'));
            quotes |= matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '「');
        }
        let n_words = text::n_words(text) as f32;
        out.extend([kind(block), f32::from(block.level), (text.len() as f32).ln_1p(), n_words, block.link_density()]);
        out.push(flag(text::ends_sentence(text)));
        out.extend([n_upper as f32 / (n_letters.max(1)) as f32, n_digits as f32 / text.len().max(1) as f32]);
        out.extend([flag(text.ends_with(':')), flag(text.ends_with('?')), flag(text.contains('@'))]);
        out.extend([flag(text.contains(['©', '®'])), flag(text.contains(['|', '•', '·', '»', '›', '→']))]);
        out.push(flag(text.contains("http") || text.contains("www.")));
        out.push(flag(text.chars().find(|c| c.is_alphanumeric()).is_some_and(char::is_lowercase)));
        out.extend([n_commas as f32 / n_words.max(1.0), flag(quotes)]);
    }

    fn push_elements(&self, out: &mut Vec<f32>, block: &Block) {
        let (tree, layout) = (self.around.tree, self.around.layout);
        let own = layout.hints[block.node as usize];
        let hints =
            [Hints::DROP, Hints::COMMENTS, Hints::BODY, Hints::CAPTION, Hints::STANDFIRST, Hints::BYLINE, Hints::DATE];
        out.extend(hints.map(|hint| flag(own.has(hint))));
        let mut above = Above::default();
        let (mut at, mut steps) = (block.node, 0);
        while at != NONE && at != self.around.container && steps < MOST_ABOVE {
            above.see(&tree.name(at), layout.hints[at as usize], steps);
            (at, steps) = (tree.node(at).parent, steps + 1);
        }
        let inside = self.within[block.node as usize];
        out.extend([flag(above.drop), flag(above.comments), flag(above.caption), above.drop_distance]);
        out.extend(above.elements.map(flag));
        out.push(if inside { steps as f32 } else { -1.0 });
        out.push(tag(&tree.name(block.node)));
    }

    fn push_place(&self, out: &mut Vec<f32>, at: usize, block: &Block) {
        let layout = self.around.layout;
        let parent = self.around.tree.node(block.node).parent;
        let total = layout.mass[self.around.container as usize].max(1.0);
        let look = self.looks.get(&self.look(block)).copied().unwrap_or_default();
        out.push(self.parents.get(&parent).copied().unwrap_or_default() / total);
        out.extend([look.0 / total, (look.1 as f32).ln_1p()]);
        out.push(if parent == NONE { 0.0 } else { layout.mass[parent as usize] / total });
        out.push(total / layout.total().max(1.0));
        out.push(at as f32 / layout.blocks.len() as f32);
        out.push(self.before[at] / self.kept.max(1.0));
        let since = self.around.title_block.map_or(-100.0, |title| at as f32 - title as f32);
        out.push(since.clamp(-100.0, 100.0));
    }

    fn push_neighbour(&self, out: &mut Vec<f32>, block: &Block, at: Option<usize>) {
        let Some((at, other)) = at.and_then(|at| Some((at, self.around.layout.blocks.get(at)?))) else {
            out.extend([-1.0; 5]);
            return;
        };
        let parent = |block: &Block| self.around.tree.node(block.node).parent;
        out.extend([text::n_words(&other.text) as f32, other.link_density(), verdict(self.verdicts[at]), kind(other)]);
        out.push(flag(other.node == block.node || parent(other) == parent(block)));
    }

    fn push_page(&self, out: &mut Vec<f32>, block: &Block) {
        let own = key(&block.text);
        let start: String = own.chars().take(WITNESS_KEY).collect();
        out.push(match self.around.witness {
            "" => 0.0,
            witness => 2.0 * flag(witness.contains(&start)) - 1.0,
        });
        out.push((self.keys.get(&hash(&block.text)).copied().unwrap_or(1) - 1) as f32);
        let parent = self.around.tree.node(block.node).parent as usize;
        out.push(
            self.links.get(parent).copied().unwrap_or_default()
                / self.lengths.get(parent).copied().unwrap_or_default().max(1.0),
        );
        let words = words(&block.text);
        let n_shared = words.iter().take(40).filter(|word| self.title.contains(word)).count();
        out.push(n_shared as f32 / words.len().clamp(1, 40) as f32);
        out.push(self.around.layout.total().ln_1p());
    }
}

/// What stands above a block.
#[derive(Default)]
struct Above {
    drop: bool,
    comments: bool,
    caption: bool,
    drop_distance: f32,
    elements: [bool; 12],
}

impl Above {
    fn see(&mut self, name: &LocalName, hints: Hints, steps: usize) {
        if hints.has(Hints::DROP) && !self.drop {
            (self.drop, self.drop_distance) = (true, steps as f32 + 1.0);
        }
        self.comments |= hints.has(Hints::COMMENTS);
        self.caption |= hints.has(Hints::CAPTION);
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
            _ => return,
        };
        self.elements[which] = true;
    }
}

fn flag(yes: bool) -> f32 {
    f32::from(u8::from(yes))
}

fn verdict(verdict: Verdict) -> f32 {
    f32::from(verdict as u8)
}

fn kind(block: &Block) -> f32 {
    match block.kind {
        BlockKind::Paragraph => 0.0,
        BlockKind::Quote => 1.0,
        BlockKind::ListItem => 2.0,
        BlockKind::Heading => 3.0,
        BlockKind::Caption => 4.0,
        BlockKind::Title | BlockKind::Standfirst => 5.0,
    }
}

fn tag(name: &LocalName) -> f32 {
    match *name {
        local_name!("p") => 0.0,
        local_name!("div") => 1.0,
        local_name!("li") => 2.0,
        local_name!("blockquote") => 3.0,
        local_name!("section") | local_name!("article") | local_name!("main") | local_name!("body") => 4.0,
        local_name!("h1")
        | local_name!("h2")
        | local_name!("h3")
        | local_name!("h4")
        | local_name!("h5")
        | local_name!("h6") => 5.0,
        local_name!("figcaption") | local_name!("caption") | local_name!("figure") => 6.0,
        local_name!("td") | local_name!("th") => 7.0,
        local_name!("pre") => 8.0,
        _ => 9.0,
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    text.hash(&mut hasher);
    hasher.finish()
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 3);
    words.map(str::to_lowercase).take(60).collect()
}

/// What training is given of a block: its text and kind, whether the rules keep it, and its numbers.
#[doc(hidden)]
pub struct Example {
    pub text: String,
    pub kind: BlockKind,
    pub kept: bool,
    pub features: Vec<f32>,
}

/// The blocks of a page as training sees them.
pub(crate) fn examples(around: &Around) -> Vec<Example> {
    let verdicts = crate::body::verdicts(around);
    let survey = Survey::new(around, &verdicts);
    let blocks = around.layout.blocks.iter().enumerate();
    blocks
        .map(|(at, block)| Example {
            text: block.text.clone(),
            kind: block.kind,
            kept: verdicts[at] == Verdict::Kept,
            features: survey.features(at).to_vec(),
        })
        .collect()
}
