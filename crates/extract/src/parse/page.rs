//! What tags and text do around the body: the standard's `html`, `head`, `body` and framesets, given or implied.

use super::builder::{Builder, Phase};
use super::entities::{self, Source};
use super::names::{Kind, Name};
use super::place::Spot;
use crate::tree::{Id, NONE, Piece};

impl Builder<'_> {
    /// Does what a start tag asks for, or makes ready for it; whether it is done.
    pub(super) fn try_start(&mut self, name: &Name) -> bool {
        match self.current_phase() {
            Phase::BeforeHtml if name.kind == Kind::Html => {
                let html = self.add(name);
                self.open_html(html);
            }
            Phase::BeforeHtml => {
                self.reach_html();
                return false;
            }
            _ if name.kind == Kind::Html => self.merge(1),
            Phase::BeforeHead if name.kind == Kind::Head => {
                self.head = self.open(name);
                self.phase = Phase::Head;
            }
            Phase::BeforeHead => {
                self.reach_head();
                return false;
            }
            Phase::Head => return self.start_in_head(name),
            Phase::AfterHead => return self.start_after_head(name),
            Phase::Frames => self.start_in_frames(name),
            Phase::Body => return self.start_in_frame(name),
        }
        true
    }

    pub(super) fn try_end(&mut self, name: &Name) -> bool {
        let phase = self.current_phase();
        match phase {
            Phase::Body => return self.end_in_frame(name),
            Phase::Frames if name.kind == Kind::Frameset && self.stack.len() > 1 => self.stack.pop(),
            Phase::Frames => {}
            Phase::Head if name.kind == Kind::Head => self.leave_head(),
            _ if name.kind == Kind::Template => {}
            _ if matches!(name.kind, Kind::Html | Kind::Body | Kind::Br)
                || name.kind == Kind::Head && phase != Phase::AfterHead =>
            {
                self.advance(phase);
                return false;
            }
            _ => {}
        }
        true
    }

    pub(super) fn characters(&mut self, mut text: Piece) {
        loop {
            let phase = self.current_phase();
            if text.is_empty() || phase == Phase::Frames {
                return;
            }
            if phase == Phase::Body {
                return self.characters_in_frame(text);
            }
            let spaces = self.leading_spaces(&mut text);
            if matches!(phase, Phase::Head | Phase::AfterHead) {
                self.add_text(self.current_spot(), spaces);
            }
            if !text.is_empty() {
                self.advance(phase);
            }
        }
    }

    /// The phase, but that what is open in the head is read like the body.
    fn current_phase(&self) -> Phase {
        match self.phase {
            Phase::Head | Phase::AfterHead if !matches!(self.stack.current_kind(), Kind::Head | Kind::Html) => {
                Phase::Body
            }
            phase => phase,
        }
    }

    /// Goes to the next phase, for what can't stand in this one.
    fn advance(&mut self, phase: Phase) {
        match phase {
            Phase::BeforeHtml => self.reach_html(),
            Phase::BeforeHead => self.reach_head(),
            Phase::Head => self.leave_head(),
            Phase::AfterHead => self.reach_body(),
            Phase::Body | Phase::Frames => {}
        }
    }

    fn reach_html(&mut self) {
        if self.phase == Phase::BeforeHtml {
            let name = self.names.of(Kind::Html);
            let html = self.add_bare(&name, Spot { parent: 0, before: NONE });
            self.open_html(html);
        }
    }

    fn open_html(&mut self, html: Id) {
        self.stack.push(html, &self.names.of(Kind::Html));
        self.phase = Phase::BeforeHead;
    }

    fn reach_head(&mut self) {
        self.reach_html();
        if self.phase == Phase::BeforeHead {
            self.head = self.open_implied(Kind::Head);
            self.phase = Phase::Head;
        }
    }

    /// Closes the head and what is open in it.
    pub(super) fn leave_head(&mut self) {
        if self.phase == Phase::Head {
            self.stack.pop_to(1);
            self.phase = Phase::AfterHead;
        }
    }

    pub(super) fn reach_body(&mut self) {
        self.reach_head();
        self.leave_head();
        if self.phase == Phase::AfterHead {
            self.stack.pop_to(1);
            self.body = self.open_implied(Kind::Body);
            self.phase = Phase::Body;
        }
    }

    fn start_in_head(&mut self, name: &Name) -> bool {
        match name.kind {
            Kind::Base | Kind::Basefont | Kind::Bgsound | Kind::Link | Kind::Meta => drop(self.add(name)),
            Kind::Title | Kind::Noframes | Kind::Style | Kind::Script => self.raw(name),
            // Scripts do not run here; what is for readers without them stays together.
            Kind::Noscript | Kind::Template => drop(self.open(name)),
            Kind::Head => {}
            _ => {
                self.leave_head();
                return false;
            }
        }
        true
    }

    fn start_after_head(&mut self, name: &Name) -> bool {
        let spot = Spot { parent: self.head, before: NONE };
        match name.kind {
            Kind::Body => {
                self.body = self.open(name);
                (self.phase, self.may_be_frames) = (Phase::Body, false);
            }
            Kind::Frameset => {
                self.open(name);
                self.phase = Phase::Frames;
            }
            Kind::Base | Kind::Basefont | Kind::Bgsound | Kind::Link | Kind::Meta => drop(self.add_at(name, spot)),
            Kind::Title | Kind::Noframes | Kind::Style | Kind::Script => self.raw_at(name, spot),
            Kind::Template => {
                let id = self.add_at(name, spot);
                self.stack.push(id, name);
            }
            Kind::Head => {}
            _ => {
                self.reach_body();
                return false;
            }
        }
        true
    }

    fn start_in_frames(&mut self, name: &Name) {
        match name.kind {
            Kind::Frameset => drop(self.open(name)),
            Kind::Frame => drop(self.add(name)),
            Kind::Noframes => self.raw(name),
            _ => {}
        }
    }

    /// Turns the page into a set of frames, if it has nothing else yet.
    pub(super) fn become_frames(&mut self, name: &Name) {
        if self.may_be_frames && self.phase == Phase::Body {
            self.tree.detach(self.body);
            self.stack.pop_to(1);
            self.open(name);
            self.phase = Phase::Frames;
        }
    }

    /// A second `<body>`: its attributes are the first's, if that has none of the name.
    pub(super) fn start_body_again(&mut self) -> bool {
        if self.stack.has(Kind::Template) {
            return true;
        }
        if self.phase != Phase::Body {
            self.leave_head();
            return false;
        }
        self.may_be_frames = false;
        self.merge(2);
        true
    }

    /// Gives an open element the attributes that it lacks.
    fn merge(&mut self, place: u16) {
        if self.stack.has(Kind::Template) || self.stack.len() < usize::from(place) {
            return;
        }
        let id = self.stack.at(place).id;
        for attr in &self.tokens.attrs {
            let name = attr.name.to_ascii_lowercase();
            if self.tree.attr(id, &name).is_none() {
                let value = self.tree.write(|out| entities::decode(out, attr.value, Source::Value));
                self.tree.add_attr_to(id, &name, value);
            }
        }
    }
}
