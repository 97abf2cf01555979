//! Tokens to a tree, by the standard's rules for what stands where: here what holds for all of a page.

use super::entities::{self, Source};
use super::names::{Kind, Name, Names};
use super::stack::Stack;
use super::tokens::{Tag, Token, Tokens};
use crate::tables;
use crate::tree::{Id, NONE, Tree};

/// Start tags are dropped where so many elements are open; browsers do the same.
const MAX_DEPTH: usize = 512;

/// A page may have so many nodes whatever its length, and one more for so many of its bytes; beyond, tags are white space.
/// The densest page of two thousand has one for each 13.
const FREE_NODES: usize = 10_000;
const BYTES_PER_NODE: usize = 8;

/// Which part of the page is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    BeforeHtml,
    BeforeHead,
    Head,
    AfterHead,
    Body,
    Frames,
}

/// What is left out of the tree.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Keeps {
    /// What nothing reads: most attributes, scripts other than JSON-LD, styles.
    Read,
    /// Nothing.
    #[cfg_attr(not(test), expect(dead_code, reason = "the standard's own tests compare whole trees"))]
    All,
}

/// A page, half built.
pub(super) struct Builder<'a> {
    pub(super) tokens: Tokens<'a>,
    pub(super) tree: Tree,
    pub(super) stack: Stack,
    pub(super) phase: Phase,
    /// The form that is open, or `NONE`.
    pub(super) form: Id,
    /// Whether nothing yet keeps the page from being a set of frames.
    pub(super) may_be_frames: bool,
    pub(super) quirks: bool,
    /// Whether a line break that comes next is not text.
    pub(super) skips_break: bool,
    pub(super) names: Names,
    pub(super) keeps: Keeps,
    pub(super) head: Id,
    pub(super) body: Id,
    /// Slots of the start tags that were dropped and not yet closed.
    dropped: Vec<u32>,
    /// The drawing that is open, and how many of its kind.
    drawing: Option<(Kind, usize)>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(html: &'a str, keeps: Keeps) -> Self {
        let attributes: fn(&str, &str) -> bool = match keeps {
            Keeps::All => |_, _| true,
            Keeps::Read => |tag, attr| tables::is_read(attr) || tag.eq_ignore_ascii_case("meta"),
        };
        Builder {
            tokens: Tokens::new(html, attributes),
            tree: Tree::new(html.len()),
            stack: Stack::new(),
            names: Names::new(),
            phase: Phase::BeforeHtml,
            keeps,
            head: NONE,
            body: NONE,
            form: NONE,
            may_be_frames: true,
            quirks: true,
            skips_break: false,
            dropped: Vec::new(),
            drawing: None,
        }
    }

    pub(super) fn finish(mut self) -> Tree {
        while let Some(token) = self.tokens.next() {
            let skips_break = std::mem::take(&mut self.skips_break);
            match token {
                Token::Text(text) => self.text(text, skips_break),
                Token::Start(tag) => self.start(tag),
                Token::End(tag) => self.end(tag),
                Token::Doctype(words) => self.doctype(words),
                Token::Comment | Token::Literal(_) => {}
            }
        }
        self.reach_body();
        self.tree
    }

    fn doctype(&mut self, words: &str) {
        if self.phase == Phase::BeforeHtml {
            let name = words.split_ascii_whitespace().next().unwrap_or_default();
            self.quirks = !name.eq_ignore_ascii_case("html");
        }
    }

    fn start(&mut self, tag: Tag) {
        let mut name = self.names.get(tag.name);
        if self.in_drawing(&name, Some(tag)) {
            return;
        }
        if name.kind == Kind::Image {
            name = self.names.of(Kind::Img);
        }
        let is_open = !name.kind.is_void() && !name.kind.is_raw();
        if is_open && self.stack.len() >= MAX_DEPTH || self.is_dense() && !name.kind.is_raw() {
            return self.drop_start(&name);
        }
        while !self.try_start(&name) {}
    }

    fn end(&mut self, tag: Tag) {
        let name = self.names.get(tag.name);
        if self.in_drawing(&name, None) {
            return;
        }
        if self.dropped.last() == Some(&name.slot) {
            self.dropped.pop();
            return;
        }
        while !self.try_end(&name) {}
        if self.stack.len() < MAX_DEPTH && !self.is_dense() {
            self.dropped.clear();
        }
    }

    /// Whether the page has more nodes than its length allows.
    fn is_dense(&self) -> bool {
        self.tree.len() > FREE_NODES + self.tree.n_bytes() / BYTES_PER_NODE
    }

    fn drop_start(&mut self, name: &Name) {
        if !name.kind.is_void() {
            self.dropped.push(name.slot);
        }
        if self.is_dense() {
            let space = self.tree.write(|out| out.push(' '));
            self.characters(space);
        }
    }

    fn text(&mut self, raw: &str, skips_break: bool) {
        if self.drawing.is_some() {
            return;
        }
        let mut text = self.tree.write(|out| entities::decode(out, raw, Source::Text));
        if skips_break && self.tree.str(&text).starts_with('\n') {
            text.start += 1;
        }
        self.characters(text);
    }

    /// Whether a tag is part of a drawing or a formula. One that was never closed ends where a page's own blocks begin.
    fn in_drawing(&mut self, name: &Name, start: Option<Tag>) -> bool {
        match &mut self.drawing {
            None if !matches!(name.kind, Kind::Svg | Kind::Math) => return false,
            None => self.drawing = start.filter(|tag| !tag.self_closing).map(|_| (name.kind, 1)),
            Some((kind, n)) if *kind == name.kind => {
                *n = if let Some(tag) = start { *n + usize::from(!tag.self_closing) } else { *n - 1 };
                if *n == 0 {
                    self.drawing = None;
                }
            }
            Some(_) if name.kind == Kind::Body || tables::is_block(&name.local) => {
                self.drawing = None;
                self.tokens.has_cdata = false;
                return false;
            }
            Some(_) => {}
        }
        self.tokens.has_cdata = self.drawing.is_some();
        true
    }
}
