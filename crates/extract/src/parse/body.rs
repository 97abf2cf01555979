//! What tags do in the body, outside tables.

use super::builder::Builder;
use super::names::{HEADINGS, Kind, Name};
use super::stack::Scope;

impl Builder<'_> {
    /// Does what a start tag asks for; whether it is done.
    pub(super) fn start_in_body(&mut self, name: &Name) -> bool {
        match name.kind {
            Kind::Body => return self.start_body_again(),
            Kind::Frameset => self.become_frames(name),
            Kind::Base | Kind::Basefont | Kind::Bgsound | Kind::Link | Kind::Meta => drop(self.add(name)),
            Kind::Title | Kind::Noframes | Kind::Style | Kind::Script | Kind::Noembed => self.raw(name),
            Kind::Iframe => {
                self.may_be_frames = false;
                self.raw(name);
            }
            Kind::Address
            | Kind::Article
            | Kind::Aside
            | Kind::Blockquote
            | Kind::Center
            | Kind::Details
            | Kind::Dialog
            | Kind::Dir
            | Kind::Div
            | Kind::Dl
            | Kind::Fieldset
            | Kind::Figcaption
            | Kind::Figure
            | Kind::Footer
            | Kind::Header
            | Kind::Hgroup
            | Kind::Main
            | Kind::Menu
            | Kind::Nav
            | Kind::Ol
            | Kind::P
            | Kind::Search
            | Kind::Section
            | Kind::Summary
            | Kind::Ul => self.open_block(name),
            Kind::Pre | Kind::Listing => {
                self.open_block(name);
                (self.skips_break, self.may_be_frames) = (true, false);
            }
            Kind::Plaintext => {
                self.open_block(name);
                self.plain();
            }
            Kind::Li | Kind::Dd | Kind::Dt => self.start_item(name),
            Kind::Form => self.start_form(name),
            Kind::Table => {
                if !self.quirks {
                    self.close_paragraph();
                }
                self.may_be_frames = false;
                self.open(name);
            }
            // Parts of tables have no place here, but in templates they may stand alone.
            Kind::Caption
            | Kind::Col
            | Kind::Colgroup
            | Kind::Tbody
            | Kind::Td
            | Kind::Tfoot
            | Kind::Th
            | Kind::Thead
            | Kind::Tr => self.start_part_alone(name),
            Kind::Frame | Kind::Head => {}
            _ => self.start_inline(name),
        }
        true
    }

    /// What stands within lines of text.
    fn start_inline(&mut self, name: &Name) {
        match name.kind {
            kind if kind.is_heading() => {
                self.close_paragraph();
                if self.stack.current_kind().is_heading() {
                    self.stack.pop();
                }
                self.open(name);
            }
            Kind::A => {
                let there = self.stack.in_scope(Kind::A, Scope::Marker);
                if there != 0 && !self.close_link() {
                    self.stack.take_out(there);
                }
                self.open(name);
            }
            Kind::Button => {
                self.may_be_frames = false;
                self.close_through(Kind::Button);
                self.open(name);
            }
            Kind::Select => {
                self.may_be_frames = false;
                if !self.close_through(Kind::Select) {
                    self.open(name);
                }
            }
            Kind::Input => {
                self.close_through(Kind::Select);
                self.may_be_frames &= self.is_hidden_input();
                self.add(name);
            }
            Kind::Hr => {
                self.close_paragraph();
                if self.in_select() {
                    self.stack.imply_ends(Kind::Other);
                }
                self.may_be_frames = false;
                self.add(name);
            }
            Kind::Option | Kind::Optgroup => self.start_option(name),
            Kind::Rb | Kind::Rtc | Kind::Rp | Kind::Rt => {
                if self.stack.in_scope(Kind::Ruby, Scope::Plain) != 0 {
                    let over = matches!(name.kind, Kind::Rp | Kind::Rt);
                    self.stack.imply_ends(if over { Kind::Rtc } else { Kind::Other });
                }
                self.open(name);
            }
            Kind::Textarea => {
                self.may_be_frames = false;
                self.raw(name);
            }
            Kind::Xmp => {
                self.close_paragraph();
                self.may_be_frames = false;
                self.raw(name);
            }
            Kind::Param | Kind::Source | Kind::Track => drop(self.add(name)),
            kind if kind.is_void() => {
                self.may_be_frames = false;
                self.add(name);
            }
            kind => {
                self.may_be_frames &= !matches!(kind, Kind::Applet | Kind::Marquee | Kind::Object);
                self.open(name);
            }
        }
    }

    fn open_block(&mut self, name: &Name) {
        self.close_paragraph();
        self.open(name);
    }

    /// Closes a paragraph, which no block can stand in.
    fn close_paragraph(&mut self) {
        let place = self.stack.in_scope(Kind::P, Scope::Button);
        if place != 0 {
            self.stack.pop_through(place);
        }
    }

    /// Closes the nearest element of a kind with what is in it; whether there is one.
    fn close_through(&mut self, kind: Kind) -> bool {
        let place = self.stack.in_scope(kind, Scope::Plain);
        if place != 0 {
            self.stack.pop_through(place);
        }
        place != 0
    }

    fn start_item(&mut self, name: &Name) {
        self.may_be_frames = false;
        let place = self.stack.boundary(Scope::Item);
        if place != 0 {
            let kind = self.stack.at(place).kind;
            let is_same = match name.kind {
                Kind::Li => kind == Kind::Li,
                _ => matches!(kind, Kind::Dd | Kind::Dt),
            };
            if is_same {
                self.stack.pop_through(place);
            }
        }
        self.open_block(name);
    }

    fn start_form(&mut self, name: &Name) {
        let in_template = self.stack.has(Kind::Template);
        if self.form == crate::tree::NONE || in_template {
            self.close_paragraph();
            let form = self.open(name);
            if !in_template {
                self.form = form;
            }
        }
    }

    fn start_option(&mut self, name: &Name) {
        if self.in_select() {
            self.stack.imply_ends(if name.kind == Kind::Option { Kind::Optgroup } else { Kind::Other });
        } else if self.stack.current_kind() == Kind::Option {
            self.stack.pop();
        }
        self.open(name);
    }

    fn start_part_alone(&mut self, name: &Name) {
        if self.stack.frame() == Kind::Template {
            if name.kind.is_void() {
                self.add(name);
            } else {
                self.open_at(name, self.current_spot());
            }
        }
    }

    fn in_select(&self) -> bool {
        self.stack.in_scope(Kind::Select, Scope::Plain) != 0
    }

    pub(super) fn is_hidden_input(&self) -> bool {
        let mut attrs = self.tokens.attrs.iter();
        attrs.any(|attr| attr.name.eq_ignore_ascii_case("type") && attr.value.eq_ignore_ascii_case("hidden"))
    }

    /// Does what an end tag asks for; whether it is done.
    pub(super) fn end_in_body(&mut self, name: &Name) -> bool {
        match name.kind {
            // What comes after them is read on.
            Kind::Body | Kind::Html => {}
            Kind::Head if !self.stack.has(Kind::Template) => self.leave_head(),
            Kind::Template => {
                if self.stack.has(Kind::Template) {
                    self.stack.imply_all_ends();
                    self.stack.pop_through(self.stack.find(Kind::Template));
                }
            }
            Kind::Address
            | Kind::Article
            | Kind::Aside
            | Kind::Blockquote
            | Kind::Button
            | Kind::Center
            | Kind::Details
            | Kind::Dialog
            | Kind::Dir
            | Kind::Div
            | Kind::Dl
            | Kind::Fieldset
            | Kind::Figcaption
            | Kind::Figure
            | Kind::Footer
            | Kind::Header
            | Kind::Hgroup
            | Kind::Listing
            | Kind::Main
            | Kind::Menu
            | Kind::Nav
            | Kind::Ol
            | Kind::Pre
            | Kind::Search
            | Kind::Section
            | Kind::Select
            | Kind::Summary
            | Kind::Ul
            | Kind::Dd
            | Kind::Dt
            | Kind::Applet
            | Kind::Marquee
            | Kind::Noscript
            | Kind::Object => drop(self.close_through(name.kind)),
            Kind::Li => {
                let place = self.stack.in_scope(Kind::Li, Scope::ListItem);
                if place != 0 {
                    self.stack.pop_through(place);
                }
            }
            Kind::Form => self.end_form(),
            Kind::P => {
                if self.stack.in_scope(Kind::P, Scope::Button) == 0 {
                    self.add_implied(Kind::P);
                }
                self.close_paragraph();
            }
            kind if kind.is_heading() => {
                let place = HEADINGS.iter().map(|&kind| self.stack.in_scope(kind, Scope::Plain)).max().unwrap_or(0);
                if place != 0 {
                    self.stack.pop_through(place);
                }
            }
            Kind::Br => {
                self.may_be_frames = false;
                self.add_implied(Kind::Br);
            }
            Kind::A if self.close_link() => {}
            _ => {
                let place = self.stack.named(name, Scope::Special);
                if place != 0 {
                    self.stack.pop_through(place);
                }
            }
        }
        true
    }

    fn end_form(&mut self) {
        let place = self.stack.in_scope(Kind::Form, Scope::Plain);
        if self.stack.has(Kind::Template) {
            if place != 0 {
                self.stack.pop_through(place);
            }
            return;
        }
        let form = std::mem::replace(&mut self.form, crate::tree::NONE);
        if place != 0 && self.stack.at(place).id == form {
            self.stack.imply_ends(Kind::Other);
            self.stack.take_out(place);
        }
    }
}
