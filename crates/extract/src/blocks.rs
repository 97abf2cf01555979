//! A page as a row of blocks: paragraphs, headings, list items, with what is known of the place where each stands.
//!
//! One walk over the tree cuts the text at block elements and at double line breaks. A second pass, over the elements
//! from the leaves up, adds up how much running text each holds ([`Layout::mass`]); a third, from the root down, marks
//! what is furniture. An element whose class says "sidebar" is believed only while it holds little of the page's
//! text, because sites do call their article so.

use rapporteur_record::BlockKind;
use rustc_hash::FxHashMap;
use web_atoms::{LocalName, local_name};

use crate::embeds;
use crate::tables::{self, Hints};
use crate::text;
use crate::tree::{Data, Id, NONE, Step, Tree};

/// One piece of a page's text.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) kind: BlockKind,
    /// Of a heading, 1 to 6; else 0.
    pub(crate) level: u8,
    pub(crate) text: String,
    pub(crate) n_words: usize,
    /// How many bytes of running text it counts for: long unlinked paragraphs in full, lines and teasers little.
    pub(crate) mass: f32,
    /// Bytes of the text inside links.
    pub(crate) n_link: usize,
    /// Bytes of the text in bold, and in italics.
    pub(crate) n_bold: usize,
    pub(crate) n_italic: usize,
    /// The innermost block element around it.
    pub(crate) node: Id,
    /// The table row it stands in.
    pub(crate) row: Id,
}

impl Block {
    /// The part of the text inside links, from 0 to 1.
    pub(crate) fn link_density(&self) -> f32 {
        self.n_link as f32 / self.text.len().max(1) as f32
    }

    /// With another text, and what hangs on it.
    fn with_text(self, text: &str) -> Self {
        let mut block = Block { n_words: text::n_words(text), text: text.to_owned(), ..self };
        block.mass = block.running();
        block
    }

    fn running(&self) -> f32 {
        if self.level > 0 || self.n_words < 8 || self.kind == BlockKind::Caption || self.link_density() > 0.5 {
            return 0.0;
        }
        let sentence = if text::ends_sentence(&self.text) { 1.0 } else { 0.5 };
        let length = (self.n_words as f32 / 25.0).min(1.0);
        (self.text.len() - self.n_link) as f32 * sentence * length
    }
}

/// The blocks of a page and what is known of its elements, by [`Id`].
pub(crate) struct Layout {
    pub(crate) blocks: Vec<Block>,
    /// Elements with text, each after all below it.
    pub(crate) order: Vec<Id>,
    /// What their names hint at.
    pub(crate) hints: Vec<Hints>,
    /// Bytes of running text below them.
    pub(crate) mass: Vec<f32>,
    /// Whether they are furniture.
    pub(crate) dropped: Vec<bool>,
    /// Whether they hold another article, which follows the page's own.
    pub(crate) next: Vec<bool>,
}

impl Layout {
    pub(crate) fn new(tree: &Tree) -> Self {
        let mut cutter = Cutter::new(tree);
        cutter.walk();
        let Cutter { blocks, order, hints, hidden, .. } = cutter;
        let n = tree.len();
        let mut layout = Layout { blocks, order, hints, mass: vec![0.0; n], dropped: vec![false; n], next: Vec::new() };
        for block in &layout.blocks {
            layout.mass[block.node as usize] += block.mass;
        }
        roll_up(tree, &layout.order, &mut layout.mass);
        layout.mark_furniture(tree, &hidden);
        layout
    }

    /// The running text of the whole page.
    pub(crate) fn total(&self) -> f32 {
        self.mass[0]
    }

    fn mark_furniture(&mut self, tree: &Tree, hidden: &[bool]) {
        for &id in self.order.iter().rev() {
            let (at, parent) = (id as usize, tree.node(id).parent);
            let above = parent != NONE && self.dropped[parent as usize];
            self.dropped[at] = above || self.is_furniture(tree, id, hidden[at]);
        }
    }

    fn is_furniture(&self, tree: &Tree, id: Id, hidden: bool) -> bool {
        let (hints, name) = (self.hints[id as usize], tree.name(id));
        if matches!(name, local_name!("body") | local_name!("html") | local_name!("main")) {
            return false;
        }
        let (mass, rest) = (self.mass[id as usize], self.total() - self.mass[id as usize]);
        let weak = hints.has(Hints::DROP) && !hints.has(Hints::BODY) || tables::is_furniture(&name);
        hidden && (rest > 0.8 * mass || mass < 200.0)
            || hints.has(Hints::COMMENTS) && rest > 400.0f32.min(mass) && rest > 0.15 * mass
            || (hints.has(Hints::COMMENTS) || weak) && mass <= 0.4 * self.total()
    }

    /// Whether a block stands in another article.
    pub(crate) fn is_next(&self, block: &Block) -> bool {
        self.next.get(block.node as usize).is_some_and(|next| *next)
    }

    /// Whether a block stands in furniture.
    pub(crate) fn is_dropped(&self, block: &Block) -> bool {
        self.dropped[block.node as usize]
    }
}

/// Adds to each element what stands below it.
pub(crate) fn roll_up(tree: &Tree, order: &[Id], values: &mut [f32]) {
    for &id in order {
        let parent = tree.node(id).parent;
        if parent != NONE {
            values[parent as usize] += values[id as usize];
        }
    }
}

/// What is open around the walk.
#[derive(Clone, Copy, Default)]
struct Around {
    level: u8,
    quote: bool,
    item: bool,
    caption: bool,
    /// In the part of a quotation that names its author.
    author: bool,
    /// In a post of somebody else, which is cut whole.
    post: bool,
    /// In text set as it is typed.
    typed: bool,
    link: bool,
    bold: bool,
    italic: bool,
    node: Id,
    row: Id,
}

struct Cutter<'a> {
    tree: &'a Tree,
    blocks: Vec<Block>,
    order: Vec<Id>,
    hints: Vec<Hints>,
    hidden: Vec<bool>,
    open: Vec<Around>,
    /// Quotations and posts that are open, with the number of blocks before each.
    quotes: Vec<(Id, usize)>,
    /// The last block, if its element names the author of a quotation.
    author: Option<usize>,
    text: String,
    n_link: usize,
    n_bold: usize,
    n_italic: usize,
    n_breaks: usize,
    names: String,
    /// What classes hint at that were read before.
    known: FxHashMap<&'a str, Hints>,
    /// So many blocks are cut; what comes then is one.
    most: usize,
}

/// So many are remembered; more would only help who wants to make them hard to find.
const MOST_KNOWN: usize = 500;

/// A page may have so many blocks whatever its length, and one more for so many of its bytes. Of two thousand pages of
/// the news one comes near it, and all others to half at most. To judge a block costs much more than to read it.
const FREE_BLOCKS: usize = 1000;
const BYTES_PER_BLOCK: usize = 64;

impl<'a> Cutter<'a> {
    fn new(tree: &'a Tree) -> Self {
        Cutter {
            tree,
            blocks: Vec::new(),
            order: Vec::new(),
            hints: vec![Hints::default(); tree.len()],
            hidden: vec![false; tree.len()],
            open: vec![Around { row: NONE, ..Around::default() }],
            quotes: Vec::new(),
            author: None,
            text: String::new(),
            n_link: 0,
            n_bold: 0,
            n_italic: 0,
            n_breaks: 0,
            names: String::new(),
            known: FxHashMap::default(),
            most: FREE_BLOCKS + tree.n_bytes() / BYTES_PER_BLOCK,
        }
    }

    fn around(&self) -> Around {
        *self.open.last().expect("the document is always open")
    }

    fn walk(&mut self) {
        let mut at = Some(Step::Enter(0));
        while let Some(step) = at {
            let skips = match step {
                Step::Enter(id) => !self.enter(id),
                Step::Leave(id) => {
                    self.leave(id);
                    false
                }
            };
            at = match step {
                Step::Enter(id) if skips => Some(Step::Leave(id)),
                step => self.tree.next_step(0, &step),
            };
        }
        self.most = usize::MAX;
        self.flush();
    }

    /// Takes a node in; `false` if nothing below it is the page's text.
    fn enter(&mut self, id: Id) -> bool {
        match &self.tree.node(id).data {
            Data::Document => {}
            Data::Text(text) => self.push(self.tree.str(text)),
            Data::Element { name, .. } => {
                self.open.push(self.around());
                if tables::is_skipped(name) {
                    return false;
                }
                if *name == local_name!("br") {
                    self.line_break();
                }
                self.enter_element(id, name);
            }
        }
        true
    }

    fn enter_element(&mut self, id: Id, name: &LocalName) {
        let hints = self.see_names(id);
        let is_block = tables::is_block(name);
        if is_block {
            self.flush();
        }
        let around = self.open.last_mut().expect("just pushed");
        if is_block {
            around.node = id;
        }
        let is_post = !around.post && (hints.has(Hints::POST) && !is_whole(name) || tables::is_post(name));
        if is_post || *name == local_name!("blockquote") && !around.post {
            self.quotes.push((id, self.blocks.len()));
        }
        around.post |= is_post;
        if is_post {
            self.hints[id as usize] = hints.with(Hints::POST);
        }
        around.author |= around.quote && self.text.is_empty() && is_author(name);
        match *name {
            local_name!("h1") => around.level = 1,
            local_name!("h2") => around.level = 2,
            local_name!("h3") => around.level = 3,
            local_name!("h4") => around.level = 4,
            local_name!("h5") => around.level = 5,
            local_name!("h6") => around.level = 6,
            local_name!("blockquote") => around.quote = true,
            local_name!("pre") => around.typed = true,
            local_name!("li") | local_name!("dt") | local_name!("dd") => around.item = true,
            local_name!("figcaption") => around.caption = true,
            local_name!("caption") => around.caption = true,
            local_name!("tr") => around.row = id,
            local_name!("a") => around.link |= self.tree.attr(id, "href").is_some(),
            _ => {}
        }
        around.quote |= hints.has(Hints::PULL) && !is_whole(name);
        around.bold |= matches!(*name, local_name!("b") | local_name!("strong"));
        around.italic |= matches!(*name, local_name!("i") | local_name!("em"));
        around.caption |= hints.has(Hints::CAPTION) && !is_whole(name);
    }

    /// Looks at what the element is called, and whether it is shown.
    fn see_names(&mut self, id: Id) -> Hints {
        let tree = self.tree;
        for (name, value) in tree.attrs(id) {
            match name {
                "hidden" => self.hidden[id as usize] = true,
                "aria-hidden" => self.hidden[id as usize] |= value == "true",
                "style" => self.hidden[id as usize] |= is_hidden(value),
                _ => {}
            }
        }
        let mut named = tree.attrs(id).filter(|attr| names_element(attr.0));
        let hints = match (named.next(), named.next()) {
            (None, _) => Hints::default(),
            (Some(("class", classes)), None) => self.hints_of(classes),
            _ => self.read_names(tree.attrs(id)),
        };
        self.hints[id as usize] = hints;
        hints
    }

    /// What the classes of an element hint at that has no other names; most are those of an element before.
    fn hints_of(&mut self, classes: &'a str) -> Hints {
        if let Some(hints) = self.known.get(classes) {
            return *hints;
        }
        let hints = self.read_names(std::iter::once(("class", classes)));
        if self.known.len() < MOST_KNOWN {
            self.known.insert(classes, hints);
        }
        hints
    }

    fn read_names<'b>(&mut self, attrs: impl Iterator<Item = (&'b str, &'b str)>) -> Hints {
        self.names.clear();
        for (name, value) in attrs.filter(|attr| names_element(attr.0)) {
            if name == "class" {
                push_classes(&mut self.names, value);
            } else {
                tables::push_names(&mut self.names, value);
            }
        }
        if self.names.is_empty() { Hints::default() } else { tables::hints(&self.names) }
    }

    fn leave(&mut self, id: Id) {
        if !matches!(self.tree.node(id).data, Data::Text(_)) {
            self.order.push(id);
        }
        if let Data::Element { name, .. } = &self.tree.node(id).data {
            if tables::is_block(name) || self.around().author && is_author(name) {
                self.flush();
            }
            let around = self.open.pop();
            if self.quotes.last().is_some_and(|quote| quote.0 == id) {
                self.end_quote(around.is_some_and(|around| around.post));
            }
        }
    }

    /// Makes one block of a post, and one of a quotation's end and its author.
    fn end_quote(&mut self, is_post: bool) {
        let Some((id, start)) = self.quotes.pop() else { return };
        self.flush();
        if is_post {
            embeds::join_post(&mut self.blocks, start, id);
        } else {
            embeds::join_author(&mut self.blocks, start, self.author);
        }
    }

    fn push(&mut self, text: &str) {
        if self.around().typed && text.contains('\n') {
            return self.push_lines(text);
        }
        let before = self.text.len();
        text::push_folded(&mut self.text, text);
        if self.text.len() > before {
            self.n_breaks = if text.trim().is_empty() { self.n_breaks } else { 0 };
            self.n_link += if self.around().link { self.text.len() - before } else { 0 };
            self.n_bold += if self.around().bold { self.text.len() - before } else { 0 };
            self.n_italic += if self.around().italic { self.text.len() - before } else { 0 };
        }
    }

    /// Text with the line breaks that its author typed.
    fn push_lines(&mut self, text: &str) {
        for (n, line) in text.split('\n').enumerate() {
            if n > 0 {
                self.line_break();
            }
            self.push(line);
        }
    }

    /// One line break is kept; two end the paragraph.
    fn line_break(&mut self) {
        self.n_breaks += 1;
        self.end_line();
        if self.n_breaks > 1 {
            self.flush();
        }
    }

    fn end_line(&mut self) {
        self.text.truncate(self.text.trim_end().len());
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    fn flush(&mut self) {
        if self.blocks.len() >= self.most {
            return self.end_line();
        }
        let text = self.text.trim_end();
        let (n_link, n_bold) = (std::mem::take(&mut self.n_link), std::mem::take(&mut self.n_bold));
        let n_italic = std::mem::take(&mut self.n_italic);
        self.n_breaks = 0;
        if !text.is_empty() {
            let around = self.around();
            let (n_link, is_bold) = (n_link.min(text.len()), n_bold >= text.len());
            let kind = if is_bold && reads_like_heading(around, text) { BlockKind::Heading } else { kind(around) };
            let level = if kind == BlockKind::Heading && around.level == 0 { BOLD_LEVEL } else { around.level };
            self.author = around.author.then_some(self.blocks.len());
            let whole = Block {
                kind,
                level,
                text: String::new(),
                n_words: 0,
                mass: 0.0,
                n_link,
                n_bold: n_bold.min(text.len()),
                n_italic: n_italic.min(text.len()),
                node: around.node,
                row: around.row,
            };
            if is_lines(text) {
                let n_link = n_link / text.lines().count();
                let line = |line: &str| Block { n_link, ..whole.clone() }.with_text(line.trim());
                self.blocks.extend(text.lines().map(line));
            } else {
                self.blocks.push(whole.with_text(text));
            }
        }
        self.text.clear();
    }
}

/// The level of a bold line that stands for a heading.
const BOLD_LEVEL: u8 = 6;

/// Whether a bold line heads what follows.
fn reads_like_heading(around: Around, text: &str) -> bool {
    let plain = !around.quote && !around.item && !around.caption && around.row == NONE;
    plain && text.len() < 120 && !text.contains('\n') && !text.ends_with([':', ',']) && !text::ends_sentence(text)
}

/// Whether a text is a few short lines that are no sentences: a headline, a byline and a date.
fn is_lines(text: &str) -> bool {
    let few = (2..=4).contains(&text.lines().count());
    few && text.lines().all(|line| !line.is_empty() && line.len() < 120 && !text::ends_sentence(line))
}

/// Whether an element of a quotation names its author.
fn is_author(name: &LocalName) -> bool {
    matches!(*name, local_name!("cite") | local_name!("footer"))
}

/// Whether an element holds the whole article or page.
fn is_whole(name: &LocalName) -> bool {
    use web_atoms::local_name as local;
    matches!(*name, local!("html") | local!("body") | local!("main") | local!("article") | local!("section"))
}

/// Whether an attribute says what an element is called.
fn names_element(attribute: &str) -> bool {
    matches!(attribute, "class" | "id" | "role" | "data-component" | "data-testid" | "data-module")
}

/// Classes that name the topics of a post, as WordPress gives them, say nothing of the element.
const TOPICS: &[&str] = &["category-", "tag-", "tags-", "has-", "no-", "with-", "wp-theme-"];

fn push_classes(names: &mut String, classes: &str) {
    let telling = |class: &&str| !TOPICS.iter().any(|topic| class.starts_with(topic));
    crate::text::head(classes, 1024)
        .split_ascii_whitespace()
        .filter(telling)
        .for_each(|c| tables::push_names(names, c));
}

fn kind(around: Around) -> BlockKind {
    match around {
        Around { caption: true, .. } => BlockKind::Caption,
        Around { level: 1.., .. } => BlockKind::Heading,
        Around { quote: true, .. } => BlockKind::Quote,
        Around { item: true, .. } => BlockKind::ListItem,
        _ => BlockKind::Paragraph,
    }
}

fn is_hidden(style: &str) -> bool {
    if !style.contains("none") && !style.contains("hidden") {
        return false;
    }
    let style: String = style.chars().filter(|c| !c.is_whitespace()).take(400).collect();
    style.contains("display:none") || style.contains("visibility:hidden")
}
