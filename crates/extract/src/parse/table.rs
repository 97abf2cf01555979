//! What tags and text do in tables. How they are read hangs on the innermost part of a table that is open, the frame.

use super::builder::Builder;
use super::names::{Kind, Name};
use super::stack::Scope;
use crate::tree::{NONE, Piece};

impl Builder<'_> {
    /// Does what a start tag asks for, or closes what it can't stand in; whether it is done.
    pub(super) fn start_in_frame(&mut self, name: &Name) -> bool {
        // These mean the same everywhere.
        if matches!(name.kind, Kind::Template | Kind::Noscript) {
            self.open_at(name, if name.kind == Kind::Template { self.current_spot() } else { self.spot() });
            return true;
        }
        match self.stack.frame() {
            Kind::Table => self.start_in_table(name),
            Kind::Tbody | Kind::Tfoot | Kind::Thead => self.start_in_rows(name),
            Kind::Tr => self.start_in_row(name),
            Kind::Td | Kind::Th | Kind::Caption if is_part(name.kind) => !self.close_frame(),
            Kind::Colgroup => self.start_in_columns(name),
            _ => self.start_in_body(name),
        }
    }

    fn start_in_table(&mut self, name: &Name) -> bool {
        match name.kind {
            Kind::Caption | Kind::Colgroup | Kind::Tbody | Kind::Tfoot | Kind::Thead => self.open_part(name),
            Kind::Col => {
                self.clear_to_frame();
                self.open_implied(Kind::Colgroup);
                return false;
            }
            Kind::Td | Kind::Th | Kind::Tr => {
                self.clear_to_frame();
                self.open_implied(Kind::Tbody);
                return false;
            }
            Kind::Table => {
                self.stack.pop_through(self.stack.boundary(Scope::Frame));
                return false;
            }
            Kind::Style | Kind::Script => self.raw_at(name, self.current_spot()),
            Kind::Input if self.is_hidden_input() => drop(self.add_at(name, self.current_spot())),
            Kind::Form => {
                if self.form == NONE && !self.stack.has(Kind::Template) {
                    self.form = self.add_at(name, self.current_spot());
                }
            }
            _ => return self.start_in_body(name),
        }
        true
    }

    fn start_in_rows(&mut self, name: &Name) -> bool {
        match name.kind {
            Kind::Tr => self.open_part(name),
            Kind::Td | Kind::Th => {
                self.clear_to_frame();
                self.open_implied(Kind::Tr);
                return false;
            }
            Kind::Caption | Kind::Col | Kind::Colgroup | Kind::Tbody | Kind::Tfoot | Kind::Thead => {
                return !self.close_frame();
            }
            _ => return self.start_in_table(name),
        }
        true
    }

    fn start_in_row(&mut self, name: &Name) -> bool {
        match name.kind {
            Kind::Td | Kind::Th => self.open_part(name),
            kind if is_part(kind) => return !self.close_frame(),
            _ => return self.start_in_table(name),
        }
        true
    }

    fn start_in_columns(&mut self, name: &Name) -> bool {
        if name.kind == Kind::Col {
            self.clear_to_frame();
            self.add(name);
            return true;
        }
        !self.close_frame()
    }

    fn open_part(&mut self, name: &Name) {
        self.clear_to_frame();
        self.open_at(name, self.current_spot());
    }

    fn clear_to_frame(&mut self) {
        self.stack.pop_to(self.stack.boundary(Scope::Frame));
    }

    /// Closes the innermost part of a table; whether there is one.
    fn close_frame(&mut self) -> bool {
        let place = self.stack.boundary(Scope::Frame);
        if place != 0 {
            self.stack.pop_through(place);
        }
        place != 0
    }

    /// Does what an end tag asks for, or closes what it can't stand in; whether it is done.
    pub(super) fn end_in_frame(&mut self, name: &Name) -> bool {
        let frame = self.stack.frame();
        let in_body = matches!(frame, Kind::Other | Kind::Template);
        match name.kind {
            // Parts that are not open are none.
            kind if is_part(kind) || kind == Kind::Table => {
                let place = self.stack.in_scope(kind, Scope::Table);
                if in_body || place == 0 {
                    return true;
                }
                self.stack.pop_through(place);
                true
            }
            Kind::Template => self.end_in_body(name),
            _ if frame == Kind::Colgroup => !self.close_frame(),
            _ => self.end_in_body(name),
        }
    }

    /// Adds text; what is no white space can't stand between the parts of a table.
    pub(super) fn characters_in_frame(&mut self, mut text: Piece) {
        let whole = text.clone();
        let spaces = self.leading_spaces(&mut text);
        self.may_be_frames &= text.is_empty();
        if self.stack.current_kind() == Kind::Colgroup {
            self.add_text(self.current_spot(), spaces);
            if !text.is_empty() {
                self.stack.pop();
                self.add_text(self.spot(), text);
            }
        } else if text.is_empty() {
            self.add_text(self.current_spot(), whole);
        } else {
            self.add_text(self.spot(), whole);
        }
    }
}

/// Whether it is a part of a table.
fn is_part(kind: Kind) -> bool {
    kind.is_row_group() || matches!(kind, Kind::Caption | Kind::Col | Kind::Colgroup | Kind::Td | Kind::Th | Kind::Tr)
}
