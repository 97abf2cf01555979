//! The open elements. Each question of the standard to them is answered without a walk.
//!
//! An element knows where the next one of its name stands below it, and where the nearest of each sort of boundary
//! stands, itself included. So whether a `p` is open in some scope is one comparison of two places.

use super::names::{Kind, Name, OTHERS};
use crate::tree::Id;

/// A place in the stack, counted from 1; 0 is none.
pub(super) type Place = u16;

/// What hides the elements below it, for the standard's questions.
#[derive(Clone, Copy, Debug)]
pub(super) enum Scope {
    /// "In scope".
    Plain,
    Button,
    ListItem,
    Table,
    /// Any special element.
    Special,
    /// Any special element but `address`, `div` and `p`.
    Item,
    /// What says how the content is read: cells, rows, tables, templates.
    Frame,
    /// What formatting does not reach across: cells, captions, templates, objects.
    Marker,
}

const N_SCOPES: usize = 8;

/// An element that is open.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    pub(super) id: Id,
    pub(super) kind: Kind,
    slot: u32,
    /// The next element of the same name below.
    same: Place,
    /// The nearest boundary of each [`Scope`].
    boundaries: [Place; N_SCOPES],
    /// Taken out, though others above it are open.
    gone: bool,
}

/// All that is open, the outermost first.
#[derive(Default)]
pub(super) struct Stack {
    open: Vec<Open>,
    /// The topmost element of each name.
    tops: Vec<Place>,
}

impl Stack {
    pub(super) fn new() -> Self {
        Stack { open: Vec::new(), tops: vec![0; OTHERS] }
    }

    pub(super) fn len(&self) -> usize {
        self.open.len()
    }

    /// The innermost open element.
    pub(super) fn current(&self) -> Option<&Open> {
        self.open.last()
    }

    pub(super) fn current_kind(&self) -> Kind {
        self.open.last().map_or(Kind::Other, |open| open.kind)
    }

    pub(super) fn at(&self, place: Place) -> &Open {
        &self.open[usize::from(place) - 1]
    }

    /// The element right below another.
    pub(super) fn below(&self, place: Place) -> Option<&Open> {
        self.open.get(usize::from(place).checked_sub(2)?)
    }

    pub(super) fn push(&mut self, id: Id, name: &Name) {
        let slot = name.slot as usize;
        if slot >= self.tops.len() {
            self.tops.resize(slot + 1, 0);
        }
        let place = (self.open.len() + 1) as Place;
        let mut boundaries = self.open.last().map_or([0; N_SCOPES], |below| below.boundaries);
        mark(&mut boundaries, name.kind, place);
        let same = std::mem::replace(&mut self.tops[slot], place);
        self.open.push(Open { id, kind: name.kind, slot: name.slot, same, boundaries, gone: false });
    }

    pub(super) fn pop(&mut self) {
        self.pop_one();
        while self.open.last().is_some_and(|open| open.gone) {
            self.pop_one();
        }
    }

    fn pop_one(&mut self) {
        if let Some(open) = self.open.pop()
            && !open.gone
        {
            self.tops[open.slot as usize] = open.same;
        }
    }

    /// Closes the element there and all above it.
    pub(super) fn pop_through(&mut self, place: Place) {
        while self.open.len() >= usize::from(place).max(1) {
            self.pop();
        }
    }

    /// Closes all above an element.
    pub(super) fn pop_to(&mut self, place: Place) {
        while self.open.len() > usize::from(place) {
            self.pop();
        }
    }

    /// Takes the topmost element of its name out, and leaves those above it open.
    pub(super) fn take_out(&mut self, place: Place) {
        if self.open.len() == usize::from(place) {
            return self.pop();
        }
        let open = &mut self.open[usize::from(place) - 1];
        (open.gone, self.tops[open.slot as usize]) = (true, open.same);
    }

    /// The topmost element of a kind, or 0.
    pub(super) fn find(&self, kind: Kind) -> Place {
        self.tops[kind as usize]
    }

    pub(super) fn has(&self, kind: Kind) -> bool {
        self.find(kind) != 0
    }

    /// The nearest boundary of a scope.
    pub(super) fn boundary(&self, scope: Scope) -> Place {
        self.open.last().map_or(0, |open| open.boundaries[scope as usize])
    }

    /// The topmost element of a kind, if no boundary of the scope hides it; else 0.
    pub(super) fn in_scope(&self, kind: Kind, scope: Scope) -> Place {
        self.visible(self.find(kind), scope)
    }

    /// The topmost element of a name, in the same way.
    pub(super) fn named(&self, name: &Name, scope: Scope) -> Place {
        self.visible(self.tops.get(name.slot as usize).copied().unwrap_or(0), scope)
    }

    fn visible(&self, place: Place, scope: Scope) -> Place {
        if place >= self.boundary(scope) { place } else { 0 }
    }

    /// What kind of frame the content is in.
    pub(super) fn frame(&self) -> Kind {
        match self.boundary(Scope::Frame) {
            0 => Kind::Other,
            place => self.at(place).kind,
        }
    }

    /// The places of open special elements above one, from the outermost.
    pub(super) fn special_above(&self, place: Place) -> Vec<Id> {
        let above = self.open[usize::from(place)..].iter();
        above.filter(|open| open.kind.is_special() && !open.gone).map(|open| open.id).collect()
    }

    /// Closes elements whose end tags may be left out, down to one of `except`.
    pub(super) fn imply_ends(&mut self, except: Kind) {
        while self.current_kind().is_implied() && self.current_kind() != except {
            self.pop();
        }
    }

    /// Closes these too: parts of tables.
    pub(super) fn imply_all_ends(&mut self) {
        let is_part = |kind: Kind| {
            kind.is_row_group() || matches!(kind, Kind::Caption | Kind::Colgroup | Kind::Td | Kind::Th | Kind::Tr)
        };
        while self.current_kind().is_implied() || is_part(self.current_kind()) {
            self.pop();
        }
    }
}

/// Sets the boundaries that an element of that kind is.
fn mark(boundaries: &mut [Place; N_SCOPES], kind: Kind, place: Place) {
    let mut set = |scopes: &[Scope]| scopes.iter().for_each(|&scope| boundaries[scope as usize] = place);
    if kind.is_special() {
        set(&[Scope::Special]);
        if !matches!(kind, Kind::Address | Kind::Div | Kind::P) {
            set(&[Scope::Item]);
        }
    }
    match kind {
        Kind::Ol | Kind::Ul => set(&[Scope::ListItem]),
        Kind::Button => set(&[Scope::Button]),
        Kind::Html => set(&[Scope::Plain, Scope::Button, Scope::ListItem, Scope::Table]),
        Kind::Table => set(&[Scope::Plain, Scope::Button, Scope::ListItem, Scope::Table, Scope::Frame]),
        Kind::Template => {
            set(&[Scope::Plain, Scope::Button, Scope::ListItem, Scope::Table, Scope::Frame, Scope::Marker]);
        }
        Kind::Td | Kind::Th | Kind::Caption => {
            set(&[Scope::Plain, Scope::Button, Scope::ListItem, Scope::Frame, Scope::Marker]);
        }
        Kind::Applet | Kind::Marquee | Kind::Object => {
            set(&[Scope::Plain, Scope::Button, Scope::ListItem, Scope::Marker]);
        }
        Kind::Select => set(&[Scope::Plain, Scope::Button, Scope::ListItem]),
        Kind::Tr | Kind::Tbody | Kind::Thead | Kind::Tfoot | Kind::Colgroup => set(&[Scope::Frame]),
        _ => {}
    }
}
