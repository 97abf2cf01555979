//! The verb that governs a noun, and what it says of whether the noun's event has happened.
//!
//! "called for talks", "the talks will resume": the verb before the noun or the one after; or else the preposition before it, as in
//! "after the attack".

use std::ops::Range;

use rapporteur_record::Status;

use super::Finder;
use super::clause::Place;
use super::words::Marks;
use crate::classes::Classes;
use crate::lang::Form;
use crate::tokens::Case;

impl Finder<'_, '_, '_, '_> {
    /// The verb to the left of a noun phrase that begins at `start`, and its form.
    pub(super) fn verb_before(&self, start: usize, place: &Place) -> Option<(usize, Form)> {
        let reading = self.clauses.reading;
        let floor = place.sentence.start.max(start.saturating_sub(MAX_GOVERNOR));
        for at in (floor..start).rev() {
            let token = &reading.tokens[at];
            let clause =
                self.clauses.marks(at).any(Marks::IF) || token.is(Classes::THAT) && token.is(Classes::SUBORDINATOR);
            if token.mark.is_some_and(|mark| ",;:.—".contains(mark))
                || token.quote != reading.tokens[start].quote
                || self.content_of[at] != self.content_of[start]
                || clause && !token.is(Classes::PREPOSITION) && at + 1 < start
                || clause && !self.clauses.marks(at).any(Marks::IF)
            {
                return None;
            }
            if token.is(Classes::BE) && self.clauses.forms(at + 1).is_empty() {
                return Some((at, Form::Third));
            }
            let group = self.clauses.group(at, place.sentence.start);
            if let Some(form) = self.clauses.finite(at, &group, place) {
                return Some((at, form));
            }
            let forms = self.clauses.forms(at);
            if group.to.is_some() && forms.contains(&Form::Base) {
                return Some((at, Form::Base));
            }
            if forms.contains(&Form::Ing)
                && token.case == Case::Lower
                && !(at > 0 && reading.tokens[at - 1].is(Classes::OPENER))
            {
                return Some((at, Form::Ing));
            }
        }
        None
    }

    /// The first finite verb after a noun.
    fn verb_after(&self, end: usize, place: &Place) -> Option<(usize, Form)> {
        let reading = self.clauses.reading;
        for at in end..place.sentence.end.min(end + MAX_GOVERNOR) {
            let token = &reading.tokens[at];
            if token.mark.is_some_and(|mark| ";:.—".contains(mark))
                || end > 0 && token.quote != reading.tokens[end - 1].quote
            {
                return None;
            }
            if token.is(Classes::BE | Classes::MODAL | Classes::HAVE) {
                let verb = (at + 1..place.sentence.end.min(at + 6)).find(|&verb| !self.clauses.forms(verb).is_empty());
                let verb = verb.filter(|&verb| self.clauses.group(verb, place.sentence.start).start <= at);
                return Some(verb.map_or((at, Form::Third), |verb| {
                    let group = self.clauses.group(verb, place.sentence.start);
                    (verb, self.clauses.finite(verb, &group, place).unwrap_or(Form::Past))
                }));
            }
            let group = self.clauses.group(at, place.sentence.start);
            if let Some(form) = self.clauses.finite(at, &group, place) {
                // "a trip | pencilled in for Monday has been called off"
                let next = reading.tokens.get(at + 1);
                let reduced = form == Form::Past
                    && !group.have
                    && !group.be
                    && next.is_some_and(|next| next.is(Classes::PREPOSITION | Classes::BY | Classes::ADVERB));
                let later = (at + 1..place.sentence.end.min(at + 8))
                    .take_while(|&n| reading.tokens[n].is_word())
                    .any(|n| reading.tokens[n].is(Classes::BE | Classes::HAVE | Classes::MODAL));
                if !(reduced && later) {
                    return Some((at, form));
                }
            }
        }
        None
    }

    /// Whether the event of a noun has happened, the verb that tells it if it belongs to the trigger, and whether
    /// words tell it at all.
    pub(super) fn of_noun(
        &self,
        start: usize,
        tokens: &Range<usize>,
        battle: bool,
        place: &Place,
    ) -> (Status, Option<usize>, bool) {
        let reading = self.clauses.reading;
        let marks = |at: usize| self.clauses.marks(at);
        let before = start.checked_sub(1).filter(|&before| before >= place.sentence.start);
        if reading.tokens[start].is(Classes::NEGATION) && start < tokens.start {
            return (Status::Denied, None, true);
        }
        let phase = Marks::CANCEL.or(Marks::BEGIN).or(Marks::END).or(Marks::GO_ON);
        let of_verb = |verb: usize| Some(verb).filter(|&verb| marks(verb).any(phase));
        let next = (start..tokens.end).any(|at| marks(at).any(Marks::NEXT));
        if let Some(before) = before {
            let link = reading.tokens[before].is(Classes::PREPOSITION | Classes::LINK);
            if marks(before).any(Marks::AFTER) {
                let main = self.clauses.of_sentence(tokens.start, place, Status::Past);
                let status = if main == Status::Planned { Status::Planned } else { Status::Past };
                return (status, None, true);
            }
            if marks(before).any(Marks::BEFORE) && !marks(before).any(Marks::PLACE_TO) {
                return (Status::Planned, None, true);
            }
            let noun = before.checked_sub(1).filter(|&noun| link && noun >= place.sentence.start);
            if noun.is_some_and(|noun| marks(noun).any(Marks::DEMAND_NOUN) && self.stands_as_noun(noun, place)) {
                return (Status::Demanded, None, true);
            }
            if noun.is_some_and(|noun| marks(noun).any(Marks::PLAN_NOUN) && self.stands_as_noun(noun, place)) {
                return (Status::Planned, None, true);
            }
            // "is | in talks"
            if start == tokens.start && reading.tokens[before].is(Classes::LOCATIVE) {
                let be = before > place.sentence.start && reading.tokens[before - 1].is(Classes::BE);
                let main = self.clauses.of_sentence(tokens.start, place, Status::Ongoing);
                if be || main == Status::Ongoing {
                    return (Status::Ongoing, None, true);
                }
            }
        }
        let next_word = tokens.end;
        if next_word < place.sentence.end && marks(next_word).any(Marks::CALLED_OFF) {
            return (Status::Cancelled, Some(next_word), true);
        }
        let (status, also, sure) = match self.verb_before(start, place) {
            // "walked out of | the talks": they were on.
            Some((verb, form)) if self.is_left(start, verb) => {
                let own = self.governed(verb, form, place);
                let on = matches!(own, Status::Planned | Status::Conditional | Status::Demanded);
                (if on { Status::Ongoing } else { Status::Past }, None, true)
            }
            Some((verb, form)) => (self.governed(verb, form, place), of_verb(verb), true),
            None => match self.verb_after(tokens.end, place) {
                Some((verb, form)) => (self.of_subject(verb, form, battle, place), of_verb(verb), true),
                None => (Status::Past, None, false),
            },
        };
        if next && !matches!(status, Status::Cancelled | Status::Demanded | Status::Conditional | Status::Denied) {
            return (Status::Planned, also, true);
        }
        (status, also, sure)
    }

    /// Whether a definite noun after a preposition is what an event's verb turns away from.
    fn is_left(&self, start: usize, verb: usize) -> bool {
        let tokens = &self.clauses.reading.tokens;
        let senses = tokens[verb].word.map(|word| &word.events.triggers);
        let kinds = senses.into_iter().flatten().map(|(number, _)| self.clauses.reading.lexicon.trigger(*number).kind);
        tokens[start].is(Classes::DEFINITE)
            && start > verb + 1
            && tokens[start - 1].is(Classes::PREPOSITION)
            && kinds.into_iter().any(|kind| matches!(kind, "REJECT" | "RETREAT"))
    }

    fn stands_as_noun(&self, at: usize, place: &Place) -> bool {
        let group = self.clauses.group(at, place.sentence.start);
        self.clauses.finite(at, &group, place).is_none()
    }

    /// The status of what a verb does something with: "cancelled talks", "called for talks", "held talks".
    fn governed(&self, verb: usize, form: Form, place: &Place) -> Status {
        let marks = self.clauses.marks(verb);
        let group = self.clauses.group(verb, place.sentence.start);
        let own = self.clauses.of_verb(verb, form, &group, place);
        let happened = matches!(own, Status::Past | Status::Ongoing);
        match () {
            () if marks.any(Marks::CANCEL) && happened => Status::Cancelled,
            () if marks.any(Marks::DEMAND) && (happened || own == Status::Demanded) => Status::Demanded,
            () if marks.any(Marks::PROMISE) && happened => Status::Planned,
            () if marks.any(Marks::DENY.or(Marks::CEASE)) && happened => Status::Denied,
            () if marks.any(Marks::THREAT) && happened => Status::Conditional,
            () if marks.any(Marks::GO_ON) && own == Status::Ongoing => Status::Ongoing,
            () => own,
        }
    }

    /// The status of a verb's subject: "the talks | were called off", "the talks | continue".
    fn of_subject(&self, verb: usize, form: Form, battle: bool, place: &Place) -> Status {
        let marks = self.clauses.marks(verb);
        let group = self.clauses.group(verb, place.sentence.start);
        let own = self.clauses.of_verb(verb, form, &group, place);
        let next = self.clauses.marks(verb + 1);
        match () {
            () if marks.any(Marks::CANCEL) && own == Status::Past => Status::Cancelled,
            () if marks.any(Marks::DUE)
                || self.clauses.reading.tokens[verb].is(Classes::BE) && next.any(Marks::DUE) =>
            {
                Status::Planned
            }
            () if marks.any(Marks::PROMISE) && group.be => Status::Planned,
            () if marks.any(Marks::BEGIN) && own == Status::Past && battle => Status::Ongoing,
            () => own,
        }
    }
}

/// The verb that governs a noun is looked for in so many tokens.
const MAX_GOVERNOR: usize = 14;
