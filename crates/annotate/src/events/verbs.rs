//! Events that a verb tells of.

use std::ops::Range;

use rapporteur_record::{BlockKind, Status};

use super::clause::{Group, Place};
use super::parties::Side;
use super::words::{Marks, Trigger};
use super::{Finder, Mention};
use crate::classes::Classes;
use crate::lang::Form;

impl<'r> Finder<'_, '_, 'r, '_> {
    /// The event of a verb, if it is one.
    pub(super) fn verb(
        &mut self,
        trigger: &'r Trigger,
        tokens: Range<usize>,
        form: Form,
        group: &Group,
        place: &Place,
        used: &mut Vec<usize>,
    ) -> Option<Mention<'r>> {
        let reading = self.clauses.reading;
        let at = tokens.start;
        let next_is_by = reading.tokens.get(tokens.end).is_some_and(|token| token.is(Classes::BY));
        let participle = matches!(form, Form::Past | Form::Participle);
        let passive = participle && (group.be || next_is_by && !group.have);
        let object = self.object(&tokens, place);
        let with = if trigger.with.is_empty() { None } else { Some(self.with(trigger, &tokens, group, passive, place)?) };
        if self.unreal.drops(trigger.kind, at, place) || self.is_figure(trigger, &tokens, object.as_ref(), place) {
            return None;
        }
        let subject = self.parties.subject(at, group, place);
        let (doer, done_to) = if passive { (self.by(&tokens, place), subject) } else { (subject, Side::Nothing) };
        if !self.may_act(trigger, &doer, &done_to, passive, form) {
            return None;
        }
        if trigger.takes('w') && !self.collective(&doer) {
            return None;
        }
        let concrete = object.as_ref().is_some_and(|object| self.is_concrete(object));
        if trigger.takes('p') && !(object.is_none() && trigger.kind == "TRAVEL" || concrete && self.is_named(object.as_ref())) {
            return None;
        }
        if trigger.takes('c') && !passive && !concrete && !participle_alone(form, group) {
            return None;
        }
        used.extend(with);
        let mut mention = Mention {
            trigger,
            tokens: tokens.clone(),
            status: self.in_content(at, Some(form), self.clauses.of_verb(at, form, group, place)),
            actors: Vec::new(),
            recipients: Vec::new(),
            mediators: Vec::new(),
            when: None,
            place: None,
            told: true,
            title: place.kind == BlockKind::Title,
        };
        if trigger.takes('w') && matches!(mention.status, Status::Ongoing) {
            mention.status = Status::Past;
        }
        self.roles(&mut mention, doer, done_to, object, place);
        mention.told = !mention.actors.is_empty();
        Some(mention)
    }

    /// Who of those found has which part.
    fn roles(&mut self, mention: &mut Mention, doer: Side, done_to: Side, object: Option<Range<usize>>, place: &Place) {
        let trigger = mention.trigger;
        let end = place.sentence.end;
        let at = mention.tokens.start;
        let object = object.map_or(Side::Nothing, |object| self.parties.with_following(&object, end, at));
        let (start, stop) = (mention.tokens.end, end.min(mention.tokens.end + MAX_OBJECT));
        if trigger.takes('h') {
            let sides = self.between(start, stop, at);
            mention.mediators = doer.parties();
            mention.actors = if sides.is_empty() { object.parties() } else { sides };
            if mention.actors.is_empty() {
                mention.actors.clone_from(&self.parties.pair);
            }
            mention.actors.retain(|actor| !mention.mediators.contains(actor));
            return;
        }
        mention.actors = doer.parties();
        if trigger.takes('s') {
            let mut others = self.between(start, stop, at);
            others.extend(self.after_mark(Marks::WITH, start, stop, at));
            if trigger.with.is_empty() {
                others.extend(object.parties());
            }
            others.extend(done_to.parties());
            others.retain(|other| !mention.actors.contains(other));
            mention.actors.extend(others);
            if mention.actors.len() < 2 && !self.parties.pair.is_empty() && self.parties.pair.contains(mention.actors.first().unwrap_or(&usize::MAX)) {
                mention.actors.clone_from(&self.parties.pair);
            }
        } else {
            let mut recipients = done_to.parties();
            if trigger.takes('t') || trigger.takes('w') || trigger.takes('c') {
                recipients.extend(if trigger.with.is_empty() { object.parties() } else { Vec::new() });
                if recipients.is_empty() {
                    recipients = self.after_mark(Marks::PLACE_TO.or(Marks::AGAINST), start, stop, at);
                }
            }
            recipients.retain(|other| !mention.actors.contains(other));
            recipients.dedup();
            mention.recipients = recipients;
        }
    }

    /// "by police": who did what is told in the passive.
    fn by(&mut self, tokens: &Range<usize>, place: &Place) -> Side {
        let end = place.sentence.end.min(tokens.end + MAX_BY);
        let by = (tokens.end..end).find(|&at| self.clauses.reading.tokens[at].is(Classes::BY));
        let phrase = by.and_then(|by| self.parties.resolver.phrases.starting_at(by + 1, place.sentence.end, false));
        phrase.map_or(Side::Nothing, |phrase| self.parties.with_following(&phrase, place.sentence.end, tokens.start))
    }

    /// Whether those found can do it.
    fn may_act(&self, trigger: &Trigger, doer: &Side, done_to: &Side, passive: bool, form: Form) -> bool {
        if trigger.takes('f') {
            return true;
        }
        if passive {
            return *doer != Side::Thing && (!trigger.takes('c') || done_to.acts() || doer.acts() || *done_to == Side::Nothing);
        }
        match doer {
            Side::Parties(_) | Side::Somebody => true,
            Side::Nothing => matches!(form, Form::Ing | Form::Past | Form::Participle),
            Side::Thing => false,
        }
    }

    /// The noun phrase after a verb.
    pub(super) fn object(&self, tokens: &Range<usize>, place: &Place) -> Option<Range<usize>> {
        let reading = self.clauses.reading;
        let end = place.sentence.end;
        let skip = |&at: &usize| {
            let token = &reading.tokens[at];
            let on_day = token.is(Classes::PREPOSITION) && reading.tokens.get(at + 1).is_some_and(|t| t.is(Classes::TIME));
            token.is(Classes::ADVERB | Classes::TIME) && !token.is(Classes::DETERMINER)
                || on_day
                || reading.written(at).ends_with("ly")
        };
        let start = (tokens.end..end.min(tokens.end + 4)).find(|at| !skip(at))?;
        self.parties.resolver.phrases.starting_at(start, end, false)
    }

    /// One of the words that a trigger needs: after it or, in the passive, before it.
    fn with(&self, trigger: &Trigger, tokens: &Range<usize>, group: &Group, passive: bool, place: &Place) -> Option<usize> {
        let reading = self.clauses.reading;
        let is_one = |&at: &usize| {
            let lower = reading.written(at).to_lowercase();
            trigger.with.contains(&lower.as_str()) && reading.tokens[at].case != Case::Upper
        };
        let stops = |at: &usize| {
            let token = &reading.tokens[*at];
            !token.mark.is_some_and(|mark| ";:.".contains(mark))
                && !(token.is(Classes::THAT) && token.is(Classes::SUBORDINATOR) && *at > tokens.end)
        };
        let right = (tokens.end..place.sentence.end.min(tokens.end + MAX_WITH)).take_while(stops);
        let found = right.into_iter().find(is_one);
        if found.is_some() || !passive {
            return found;
        }
        let floor = place.sentence.start.max(group.start.saturating_sub(MAX_WITH));
        (floor..group.start).rev().take_while(stops).find(is_one)
    }

    /// Whether a phrase may be hit, held or killed.
    fn is_concrete(&self, phrase: &Range<usize>) -> bool {
        let reading = self.clauses.reading;
        let end = self.parties.resolver.phrases.core_end(phrase);
        let head = &reading.tokens[end - 1];
        let abstracted = (phrase.start..end).any(|at| self.clauses.marks(at).any(Marks::ABSTRACT));
        let pronoun = head.is(Classes::OBJECT) && !self.clauses.marks(phrase.start).any(Marks::ABSTRACT);
        !abstracted && (pronoun || head.is_word())
    }

    fn is_named(&self, phrase: Option<&Range<usize>>) -> bool {
        phrase.is_some_and(|phrase| {
            phrase.clone().any(|at| self.clauses.names.at(at).is_some() || self.clauses.marks(at).any(Marks::AGENT))
        })
    }

    /// "fight inflation", "fired questions at": a figure of speech by what it is done to.
    fn is_figure(&self, trigger: &Trigger, tokens: &Range<usize>, object: Option<&Range<usize>>, place: &Place) -> bool {
        let figurative = matches!(trigger.kind, "ASSAULT" | "COERCE" | "RETREAT" | "MOBILIZE" | "PROTEST" | "TRAVEL");
        if !figurative || !trigger.with.is_empty() {
            return false;
        }
        if object.is_some_and(|object| !self.is_concrete(object)) {
            return true;
        }
        let reading = self.clauses.reading;
        let end = place.sentence.end.min(tokens.end + 5);
        let preposition = (tokens.end..end).next().filter(|&at| reading.tokens[at].is(Classes::PREPOSITION));
        preposition.is_some_and(|at| (at + 1..end).any(|near| self.clauses.marks(near).any(Marks::ABSTRACT)))
    }

    /// The sides of "between A and B".
    pub(super) fn between(&mut self, start: usize, end: usize, at: usize) -> Vec<usize> {
        let found = (start..end).find(|&between| self.clauses.marks(between).any(Marks::BETWEEN));
        let phrase = found.and_then(|between| {
            self.parties.resolver.phrases.starting_at(between + 1, between + 1 + MAX_OBJECT, false)
        });
        let Some(phrase) = phrase else { return Vec::new() };
        self.parties.with_following(&phrase, phrase.end + MAX_OBJECT, at).parties()
    }

    /// Those after a preposition of a kind: "with Iran", "against Syria".
    pub(super) fn after_mark(&mut self, marks: Marks, start: usize, end: usize, at: usize) -> Vec<usize> {
        let reading = self.clauses.reading;
        let clause = |at: &usize| !reading.tokens[*at].mark.is_some_and(|mark| ",;:.".contains(mark));
        for found in (start..end).take_while(clause).filter(|&at| self.clauses.marks(at).any(marks)).take(3) {
            let phrase = self.parties.resolver.phrases.starting_at(found + 1, end + 4, false);
            let Some(phrase) = phrase else { continue };
            let parties = self.parties.with_following(&phrase, end + 4, at).parties();
            if !parties.is_empty() {
                return parties;
            }
        }
        Vec::new()
    }
}

/// "the soldiers | captured in Mariupol"
fn participle_alone(form: Form, group: &Group) -> bool {
    matches!(form, Form::Past | Form::Participle) && !group.be && !group.have && false
}

use crate::tokens::Case;

/// "by" is looked for in so many tokens after a passive.
const MAX_BY: usize = 12;

/// What a trigger needs stands no further from it.
const MAX_WITH: usize = 11;

/// Those after "between" and "with" stand no further from the trigger.
const MAX_OBJECT: usize = 14;
