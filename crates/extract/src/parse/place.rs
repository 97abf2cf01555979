//! Where elements and text go in the tree.

use web_atoms::local_name;

use super::builder::{Builder, Keeps};
use super::entities::{self, Source};
use super::names::{Kind, Name};
use super::stack::Scope;
use super::tokens::is_space;
use crate::tree::{Data, Id, NONE, Piece};

/// A place in the tree: the end of `parent`, or before a child of it.
#[derive(Clone, Copy)]
pub(super) struct Spot {
    pub(super) parent: Id,
    pub(super) before: Id,
}

impl Builder<'_> {
    /// Takes the white space off the beginning of a text.
    pub(super) fn leading_spaces(&self, text: &mut Piece) -> Piece {
        let n_spaces = self.tree.str(text).bytes().take_while(|&byte| is_space(byte)).count();
        let spaces = text.start..text.start + n_spaces as u32;
        text.start = spaces.end;
        spaces
    }

    /// Where the next piece goes: into what is open, but not between the parts of a table.
    pub(super) fn spot(&self) -> Spot {
        if self.stack.current_kind().is_table_frame() { self.foster_spot() } else { self.current_spot() }
    }

    /// The end of what is open.
    pub(super) fn current_spot(&self) -> Spot {
        Spot { parent: self.stack.current().map_or(0, |open| open.id), before: NONE }
    }

    /// Before the table that is open, or into the template within it.
    fn foster_spot(&self) -> Spot {
        let (table, template) = (self.stack.find(Kind::Table), self.stack.find(Kind::Template));
        if table <= template {
            return Spot { parent: self.stack.at(template.max(1)).id, before: NONE };
        }
        let table = self.stack.at(table).id;
        Spot { parent: self.tree.node(table).parent, before: table }
    }

    /// Adds an element with the attributes of the start tag that is read.
    pub(super) fn add(&mut self, name: &Name) -> Id {
        self.add_at(name, self.spot())
    }

    pub(super) fn add_at(&mut self, name: &Name, spot: Spot) -> Id {
        let start = self.tree.n_attrs();
        for attr in &self.tokens.attrs {
            let value = self.tree.write(|out| entities::decode(out, attr.value, Source::Value));
            self.tree.add_attr(attr.name, value);
        }
        let data = Data::Element { name: name.local.clone(), attrs: start..self.tree.n_attrs() };
        self.put(data, spot)
    }

    /// Adds an element that no tag of the page stands for.
    pub(super) fn add_bare(&mut self, name: &Name, spot: Spot) -> Id {
        self.put(Data::Element { name: name.local.clone(), attrs: 0..0 }, spot)
    }

    pub(super) fn put(&mut self, data: Data, spot: Spot) -> Id {
        let id = self.tree.add(data);
        self.move_to(id, spot);
        id
    }

    fn move_to(&mut self, id: Id, spot: Spot) {
        if spot.before == NONE {
            self.tree.append(spot.parent, id);
        } else {
            self.tree.insert_before(spot.before, id);
        }
    }

    /// Adds an element and goes on within it.
    pub(super) fn open(&mut self, name: &Name) -> Id {
        self.open_at(name, self.spot())
    }

    pub(super) fn open_at(&mut self, name: &Name, spot: Spot) -> Id {
        let id = self.add_at(name, spot);
        self.stack.push(id, name);
        id
    }

    /// Opens an element that no tag of the page stands for.
    pub(super) fn open_implied(&mut self, kind: Kind) -> Id {
        let name = self.names.of(kind);
        let id = self.add_bare(&name, self.current_spot());
        self.stack.push(id, &name);
        id
    }

    /// Adds an element of that kind without content or attributes.
    pub(super) fn add_implied(&mut self, kind: Kind) {
        let name = self.names.of(kind);
        self.add_bare(&name, self.spot());
    }

    /// Adds an element that holds no markup, with its content.
    pub(super) fn raw(&mut self, name: &Name) {
        self.raw_at(name, self.spot());
    }

    pub(super) fn raw_at(&mut self, name: &Name, spot: Spot) {
        let id = self.add_at(name, spot);
        let mut content = self.tokens.raw(&name.local);
        // The end tag goes with it.
        self.tokens.next();
        if self.keeps == Keeps::Read && !self.is_read(name.kind, id) {
            return;
        }
        let source = match name.kind {
            Kind::Title | Kind::Textarea => Source::Escapable,
            _ => Source::Raw,
        };
        if name.kind == Kind::Textarea {
            content = content.strip_prefix('\r').unwrap_or(content);
            content = content.strip_prefix('\n').unwrap_or(content);
        }
        let text = self.tree.write(|out| entities::decode(out, content, source));
        self.add_text(Spot { parent: id, before: NONE }, text);
    }

    /// Whether anything reads the content of an element without markup.
    fn is_read(&self, kind: Kind, id: Id) -> bool {
        let is_json = || self.tree.attr(id, "type").is_some_and(|kind| kind.to_ascii_lowercase().contains("ld+json"));
        kind != Kind::Style && (kind != Kind::Script || is_json())
    }

    /// The rest of the page as text.
    pub(super) fn plain(&mut self) {
        let rest = self.tokens.rest();
        let text = self.tree.write(|out| entities::decode(out, rest, Source::Raw));
        self.add_text(self.current_spot(), text);
    }

    pub(super) fn add_text(&mut self, spot: Spot, text: Piece) {
        if text.is_empty() {
            return;
        }
        let before = match spot.before {
            NONE => self.tree.node(spot.parent).last,
            next => self.tree.node(next).prev,
        };
        if !self.tree.extend_text(before, &text) {
            self.put(Data::Text(text), spot);
        }
    }

    /// Ends the link that is open, as the standard's adoption agency does: blocks that go on beyond it are taken out of
    /// it, and what they hold so far stays a link.
    pub(super) fn close_link(&mut self) -> bool {
        let place = self.stack.in_scope(Kind::A, Scope::Marker);
        if place == 0 || place < self.stack.boundary(Scope::Plain) {
            return false;
        }
        let blocks = self.stack.special_above(place);
        if blocks.is_empty() {
            self.stack.pop_through(place);
            return true;
        }
        let below = self.stack.below(place).map_or(0, |open| open.id);
        let mut spot = match self.stack.below(place) {
            Some(open) if open.kind.is_table_frame() => self.foster_spot(),
            _ => Spot { parent: below, before: NONE },
        };
        let attrs = match &self.tree.node(self.stack.at(place).id).data {
            Data::Element { attrs, .. } => attrs.clone(),
            _ => 0..0,
        };
        for block in blocks {
            self.move_to(block, spot);
            let link = self.tree.add(Data::Element { name: local_name!("a"), attrs: attrs.clone() });
            self.tree.adopt(block, link);
            self.tree.append(block, link);
            spot = Spot { parent: block, before: NONE };
        }
        self.stack.take_out(place);
        true
    }
}
