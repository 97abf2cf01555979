//! HTML to a [`Tree`], in time linear in the page.
//!
//! html5ever does the parsing. Its tree builder searches the stack of open elements at most tags, and so takes
//! quadratic time on deep pages; a [`Filter`] between tokenizer and tree builder keeps it from that:
//!
//! - start tags below [`MAX_DEPTH`] open elements are dropped, each with its end tag;
//! - formatting elements (`b`, `font`, …), which the standard opens again in each paragraph, become plain inline
//!   elements, all but `a`;
//! - attributes that nothing reads are dropped, and tags with very many are cut before the tokenizer compares them.
//!
//! Drawings (`svg`) and scripts other than JSON-LD leave no text in the tree.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use html5ever::TokenizerResult;
use html5ever::interface::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{Tracer, TreeBuilder, TreeBuilderOpts};
use html5ever::{Attribute, LocalName, Namespace, QualName, local_name, ns};

use crate::tables;
use crate::tree::{Data, Id, NONE, Tree};

/// Start tags are dropped where so many elements are open; browsers do the same.
const MAX_DEPTH: usize = 512;

/// The tree of a page.
pub(crate) fn parse(html: &str) -> Tree {
    let html = crate::trim::trimmed(html);
    let options = TreeBuilderOpts { drop_doctype: true, ..TreeBuilderOpts::default() };
    let tokenizer = Tokenizer::new(Filter::new(TreeBuilder::new(Sink::new(), options)), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(&html));
    while let TokenizerResult::Script(_) | TokenizerResult::EncodingIndicator(_) = tokenizer.feed(&input) {}
    tokenizer.end();
    tokenizer.sink.builder.sink.finish()
}

/// What stands between tokenizer and tree builder.
struct Filter {
    builder: TreeBuilder<Id, Sink>,
    /// Open elements, or a few more than there are.
    n_open: Cell<usize>,
    /// Whether so many are open that there is room only after an end tag.
    full: Cell<bool>,
    /// Names of the start tags that were dropped and not yet closed.
    dropped: RefCell<Vec<LocalName>>,
    /// How many formatting elements of each name may be open; an end tag too many would be searched for in vain.
    formatting: RefCell<HashMap<LocalName, usize>>,
    /// How many `svg` are open.
    n_drawings: Cell<usize>,
}

impl Filter {
    fn new(builder: TreeBuilder<Id, Sink>) -> Self {
        Filter {
            builder,
            n_open: Cell::new(0),
            full: Cell::new(false),
            dropped: RefCell::default(),
            formatting: RefCell::default(),
            n_drawings: Cell::new(0),
        }
    }

    /// Whether one more element may be opened.
    fn has_room(&self) -> bool {
        if self.full.get() {
            return false;
        }
        self.n_open.set(self.n_open.get() + 1);
        if self.n_open.get() < MAX_DEPTH {
            return true;
        }
        let counter = Counter(Cell::new(0));
        self.builder.trace_handles(&counter);
        self.n_open.set(counter.0.get());
        self.full.set(counter.0.get() >= MAX_DEPTH);
        !self.full.get()
    }

    /// Whether the tag goes on to the tree builder.
    fn admits(&self, tag: &Tag) -> bool {
        if self.in_drawing(tag) {
            return false;
        }
        match tag.kind {
            TagKind::StartTag => tables::is_void(&tag.name) || self.admits_start(tag),
            TagKind::EndTag => self.admits_end(&tag.name),
        }
    }

    /// Whether an end tag may find its element.
    fn may_close(&self, name: &LocalName) -> bool {
        if !tables::is_formatting(name) {
            return true;
        }
        let mut counts = self.formatting.borrow_mut();
        let Some(count) = counts.get_mut(name).filter(|count| **count > 0) else { return false };
        *count -= 1;
        true
    }

    /// Whether an end tag goes on to the tree builder.
    fn admits_end(&self, name: &LocalName) -> bool {
        let admits = !self.closes_dropped(name) && self.may_close(name);
        self.full.set(self.full.get() && !admits);
        admits
    }

    fn admits_start(&self, tag: &Tag) -> bool {
        let room = self.has_room() || tables::is_raw(&tag.name);
        if !room {
            self.dropped.borrow_mut().push(tag.name.clone());
        } else if tables::is_formatting(&tag.name) {
            *self.formatting.borrow_mut().entry(tag.name.clone()).or_default() += 1;
        }
        room
    }

    fn closes_dropped(&self, name: &LocalName) -> bool {
        let mut dropped = self.dropped.borrow_mut();
        let closes = dropped.last() == Some(name);
        if closes {
            dropped.pop();
        }
        closes
    }

    /// Whether the tag is part of a drawing. One that was never closed ends where a page's own blocks begin.
    fn in_drawing(&self, tag: &Tag) -> bool {
        let n = self.n_drawings.get();
        let (is_svg, opens) = (tag.name == local_name!("svg"), tag.kind == TagKind::StartTag);
        if is_svg && opens {
            self.n_drawings.set(n + usize::from(!tag.self_closing));
        } else if is_svg {
            self.n_drawings.set(n.saturating_sub(1));
        } else if n > 0 && (tables::is_block(&tag.name) || tag.name == local_name!("body")) {
            self.n_drawings.set(0);
            return false;
        }
        is_svg || n > 0
    }
}

impl TokenSink for Filter {
    type Handle = Id;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Id> {
        match token {
            Token::TagToken(mut tag) => {
                if !self.admits(&tag) {
                    return TokenSinkResult::Continue;
                }
                simplify(&mut tag);
                self.builder.process_token(Token::TagToken(tag), line)
            }
            Token::CommentToken(_) | Token::ParseError(_) => TokenSinkResult::Continue,
            Token::CharacterTokens(_) if self.n_drawings.get() > 0 => TokenSinkResult::Continue,
            token => self.builder.process_token(token, line),
        }
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// Takes from a tag what nothing here reads.
fn simplify(tag: &mut Tag) {
    if tables::is_formatting(&tag.name) {
        tag.name = LocalName::from(format!("x-{}", tag.name));
    }
    if tag.name != local_name!("meta") {
        tag.attrs.retain(|attr| tables::is_read(&attr.name.local));
    }
}

/// Counts what the tree builder holds.
struct Counter(Cell<usize>);

impl Tracer for Counter {
    type Handle = Id;

    fn trace_handle(&self, _: &Id) {
        self.0.set(self.0.get() + 1);
    }
}

/// The name of an element, owned because the arena may grow while the tree builder looks at it.
#[derive(Debug)]
struct Name(QualName);

impl ElemName for Name {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

/// Builds the tree as the tree builder says.
struct Sink {
    tree: RefCell<Tree>,
    names: RefCell<Vec<QualName>>,
}

impl Sink {
    fn new() -> Self {
        let document = QualName::new(None, ns!(), local_name!(""));
        Sink { tree: RefCell::new(Tree::new()), names: RefCell::new(vec![document]) }
    }

    fn add(&self, data: Data, name: QualName) -> Id {
        self.names.borrow_mut().push(name);
        self.tree.borrow_mut().add(data)
    }

    /// Adds text after `before`, which may be no node; `None` if it went into a text that was there.
    fn text(&self, parent: Id, before: Id, text: &str) -> Option<Id> {
        if self.tree.borrow().is(parent, &local_name!("style")) || !self.wants_script(parent) {
            return None;
        }
        if before != NONE
            && let Data::Text(there) = &mut self.tree.borrow_mut().node_mut(before).data
        {
            there.push_str(text);
            return None;
        }
        Some(self.add(Data::Text(text.to_owned()), QualName::new(None, ns!(), local_name!(""))))
    }

    fn wants_script(&self, id: Id) -> bool {
        let tree = self.tree.borrow();
        !tree.is(id, &local_name!("script"))
            || tree.attr(id, "type").is_some_and(|kind| kind.to_ascii_lowercase().contains("ld+json"))
    }
}

impl TreeSink for Sink {
    type Handle = Id;
    type Output = Tree;
    type ElemName<'a> = Name;

    fn finish(self) -> Tree {
        self.tree.into_inner()
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Id {
        0
    }

    fn elem_name(&self, id: &Id) -> Name {
        Name(self.names.borrow()[*id as usize].clone())
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, _: ElementFlags) -> Id {
        self.add(Data::Element { name: name.local.clone(), attrs }, name)
    }

    fn create_comment(&self, _: StrTendril) -> Id {
        self.add(Data::Text(String::new()), QualName::new(None, ns!(), local_name!("")))
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Id {
        self.create_comment(StrTendril::new())
    }

    fn append(&self, parent: &Id, child: NodeOrText<Id>) {
        let last = self.tree.borrow().node(*parent).last;
        let child = match child {
            NodeOrText::AppendNode(id) => Some(id),
            NodeOrText::AppendText(text) => self.text(*parent, last, &text),
        };
        if let Some(id) = child {
            self.tree.borrow_mut().append(*parent, id);
        }
    }

    fn append_before_sibling(&self, sibling: &Id, child: NodeOrText<Id>) {
        let (parent, prev) = (self.tree.borrow().node(*sibling).parent, self.tree.borrow().node(*sibling).prev);
        let child = match child {
            NodeOrText::AppendNode(id) => Some(id),
            NodeOrText::AppendText(text) if parent != NONE => self.text(parent, prev, &text),
            NodeOrText::AppendText(_) => None,
        };
        if let Some(id) = child {
            self.tree.borrow_mut().insert_before(*sibling, id);
        }
    }

    fn append_based_on_parent_node(&self, element: &Id, previous: &Id, child: NodeOrText<Id>) {
        if self.tree.borrow().node(*element).parent == NONE {
            self.append(previous, child);
        } else {
            self.append_before_sibling(element, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    /// A template's contents stay within the template.
    fn get_template_contents(&self, target: &Id) -> Id {
        *target
    }

    fn same_node(&self, x: &Id, y: &Id) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn add_attrs_if_missing(&self, target: &Id, more: Vec<Attribute>) {
        let mut tree = self.tree.borrow_mut();
        let Data::Element { attrs, .. } = &mut tree.node_mut(*target).data else { return };
        for attr in more {
            if attrs.len() < 64 && attrs.iter().all(|there| there.name != attr.name) {
                attrs.push(attr);
            }
        }
    }

    fn remove_from_parent(&self, target: &Id) {
        self.tree.borrow_mut().detach(*target);
    }

    fn reparent_children(&self, node: &Id, new_parent: &Id) {
        let mut tree = self.tree.borrow_mut();
        while tree.node(*node).first != NONE {
            let child = tree.node(*node).first;
            tree.append(*new_parent, child);
        }
    }
}
