//! Events that a verb tells of.

use std::ops::Range;

use rapporteur_record::{BlockKind, EntityKind, Status};

use super::clause::{Group, Place};
use super::parties::Side;
use super::words::{Marks, Trigger};
use super::{Finder, Mention};
use crate::classes::Classes;
use crate::lang::Form;
use crate::tokens::Case;

impl<'r> Finder<'_, '_, 'r, '_> {
    /// The event of a verb, if it is one.
    pub(super) fn verb(
        &mut self,
        trigger: &'r Trigger,
        tokens: Range<usize>,
        (form, with): (Form, Option<usize>),
        group: &Group,
        place: &Place,
        used: &mut Vec<usize>,
    ) -> Option<Mention<'r>> {
        let at = tokens.start;
        let passive = self.is_passive(&tokens, form, group);
        let object = self.object(&tokens, place);
        // "launched | a charm offensive"
        let unreal = |with: usize| with > 0 && self.clauses.marks(with - 1).any(Marks::UNREAL);
        if with.is_some_and(unreal) && self.unreal.is_bodily(trigger.kind) {
            return None;
        }
        // "the meeting | was held": the noun told of it.
        let told = with
            .filter(|&with| with < at)
            .is_some_and(|with| self.mentions.iter().rev().take(8).any(|mention| mention.tokens.contains(&with)));
        if told || trigger.takes('s') && passive && trigger.with.is_empty() && trigger.kind != "AGREE" {
            return None;
        }
        if self.unreal.drops(trigger.kind, at, place) || self.is_figure(trigger, &tokens, object.as_ref(), place) {
            return None;
        }
        let subject = self.parties.subject(at, group, place);
        let (doer, done_to) = if passive { (self.by(&tokens, place), subject) } else { (subject, Side::Nothing) };
        if !self.may_act(trigger, (&doer, &done_to), (passive, form), group, place) {
            return None;
        }
        if trigger.takes('w') && !self.collective(&doer) {
            return None;
        }
        let negated = self.no_subject(group, place);
        let concrete = object.as_ref().is_some_and(|object| self.is_concrete(object));
        if trigger.takes('p') && !(concrete && self.is_named(object.as_ref()))
            || trigger.takes('c') && !passive && !concrete
        {
            return None;
        }
        if trigger.takes('m') && !self.goes_somewhere(&tokens, object.as_ref(), place) {
            return None;
        }
        if trigger.takes('o') && !passive && !self.is_somebody(trigger, &tokens, object.as_ref(), place) {
            return None;
        }
        if trigger.takes('o') && passive && done_to == Side::Thing {
            return None;
        }
        // What joins sides is used up; a truce that is agreed is told of in its own right.
        let with_kept = trigger.kind == "AGREE" && with.is_some_and(|with| self.tells_retreat(with));
        if !with_kept {
            used.extend(with);
        }
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
            also: with.filter(|_| !with_kept),
            kind: trigger.kind,
            sure: true,
            taken_up: false,
            body: None,
            title: place.kind == BlockKind::Title,
        };
        if trigger.takes('w') {
            match mention.status {
                Status::Ongoing => mention.status = Status::Past,
                Status::Conditional | Status::Demanded => return None,
                _ => {}
            }
        }
        if negated && matches!(mention.status, Status::Past | Status::Ongoing | Status::Planned) {
            mention.status = Status::Denied;
        }
        self.roles(&mut mention, doer, done_to, object, place);
        if self.is_interview(&mention) {
            return None;
        }
        self.speak_for(&mut mention);
        if self.parties.pair.is_empty()
            && mention.actors.len() == 2
            && matches!(mention.kind, "AGREE" | "CONSULT")
            && self.collective_all(&mention.actors)
        {
            self.parties.pair.clone_from(&mention.actors);
        }
        mention.told = !mention.actors.is_empty();
        Some(mention)
    }

    fn collective_all(&self, parties: &[usize]) -> bool {
        parties.iter().all(|&number| {
            let kind = self.parties.resolver.cast.figures[number].kind;
            matches!(kind, EntityKind::State | EntityKind::Organization | EntityKind::Group)
        })
    }

    /// A minister who threatens to cut a line acts for his state; who travels or meets goes himself.
    fn speak_for(&self, mention: &mut Mention) {
        let himself =
            matches!(mention.kind, "CONSULT" | "TRAVEL" | "MEDIATE" | "PROTEST") || mention.trigger.takes('w');
        let ahead = !matches!(mention.status, Status::Past | Status::Ongoing);
        if !himself && ahead {
            for actor in &mut mention.actors {
                *actor = self.parties.side_of(*actor);
            }
        }
    }

    /// Whether what is killed or held is somebody.
    fn is_somebody(
        &mut self,
        trigger: &Trigger,
        tokens: &Range<usize>,
        object: Option<&Range<usize>>,
        place: &Place,
    ) -> bool {
        let reading = self.clauses.reading;
        let Some(object) = object else {
            let end = place.sentence.end.min(tokens.end + 4);
            return trigger.takes('s')
                && !self.after_mark(Marks::WITH.or(Marks::AGAINST), tokens.end, end, tokens.start).is_empty();
        };
        object.clone().any(|at| {
            reading.tokens[at].case == Case::Number || self.clauses.names.at(at).is_some_and(|name| name.demonym)
        }) || self.parties.side(object, tokens.start).acts()
    }

    fn tells_retreat(&self, at: usize) -> bool {
        let word = self.clauses.reading.tokens[at].word;
        word.is_some_and(|word| {
            let trigger = |number: usize| self.clauses.reading.lexicon.trigger(number);
            word.events.triggers.iter().any(|(number, _)| !trigger(*number).verb && trigger(*number).kind == "RETREAT")
        })
    }

    /// "nobody | walked out", "no deal | was reached"
    fn no_subject(&self, group: &Group, place: &Place) -> bool {
        let end = group.subject_end;
        let phrase =
            if end > place.sentence.start { self.parties.phrases.ending_at(end, place.sentence.start) } else { None };
        phrase.is_some_and(|phrase| {
            let before = phrase.start.checked_sub(1).filter(|&before| before >= place.sentence.start);
            self.clauses.reading.tokens[phrase.start].is(Classes::NEGATION)
                || self.clauses.marks(phrase.start).any(Marks::NO) && phrase.len() == 1
                || before.is_some_and(|before| self.clauses.reading.tokens[before].is(Classes::NEGATION))
        })
    }

    /// Whether somebody talks to those who report.
    fn is_interview(&self, mention: &Mention) -> bool {
        mention.kind == "CONSULT"
            && mention.trigger.mode == Some("phone")
            && mention.actors.iter().chain(&mention.recipients).any(|&number| {
                let figure = &self.parties.resolver.cast.figures[number];
                let words = figure.name.to_lowercase();
                let listener = words.split(' ').any(|word| {
                    let word = self.clauses.reading.lexicon.get(word);
                    word.is_some_and(|word| word.events.marks.any(Marks::LISTENER))
                });
                listener || figure.kind == EntityKind::Organization && figure.country.is_none()
            })
    }

    /// Whether a place is told where somebody goes.
    fn goes_somewhere(&self, tokens: &Range<usize>, object: Option<&Range<usize>>, place: &Place) -> bool {
        let fits = |at: usize| {
            let name = self.clauses.names.at(at);
            name.is_some_and(|name| matches!(name.kind, EntityKind::Place | EntityKind::State) && !name.demonym)
                || self.clauses.marks(at).any(Marks::PLACE_NOUN)
        };
        let near = tokens.end..place.sentence.end.min(tokens.end + MAX_GOAL);
        let stops = |at: &usize| !self.clauses.reading.tokens[*at].mark.is_some_and(|mark| ",;:.".contains(mark));
        let named = |object: &Range<usize>| object.clone().any(|at| self.clauses.names.at(at).is_some());
        object.is_some_and(named)
            || near.take_while(stops).any(fits)
            || tokens.len() > 1 && !self.clauses.reading.tokens[tokens.end - 1].is(Classes::PREPOSITION)
    }

    /// Whether the verb is in the passive.
    pub(super) fn is_passive(&self, tokens: &Range<usize>, form: Form, group: &Group) -> bool {
        let next = self.clauses.reading.tokens.get(tokens.end);
        let next_is_by = next.is_some_and(|token| token.is(Classes::BY));
        matches!(form, Form::Past | Form::Participle) && (group.be || next_is_by && !group.have)
    }

    /// Who of those found has which part.
    fn roles(&mut self, mention: &mut Mention, doer: Side, done_to: Side, object: Option<Range<usize>>, place: &Place) {
        let trigger = mention.trigger;
        let end = place.sentence.end;
        let at = mention.tokens.start;
        let listed = object.as_ref().map_or_else(Vec::new, |object| self.parties.listed(object));
        let object = object.map_or(Side::Nothing, |object| self.parties.with_following(&object, end, at));
        let (start, stop) = (mention.tokens.end, end.min(mention.tokens.end + MAX_OBJECT));
        if trigger.takes('h') {
            let mut sides = self.between(start, stop, at);
            if sides.is_empty() {
                sides = listed;
            }
            if sides.is_empty() && (start..stop).any(|near| self.clauses.marks(near).any(Marks::PAIR)) {
                sides.clone_from(&self.parties.pair);
            }
            mention.mediators = doer.parties();
            mention.actors = if sides.is_empty() { object.parties() } else { sides };
            if mention.actors.is_empty() {
                mention.actors.clone_from(&self.parties.pair);
            }
            mention.actors.retain(|actor| !mention.mediators.contains(actor));
            let sentence = place.sentence.clone().take(MAX_SENTENCE);
            if sentence.into_iter().any(|at| self.clauses.marks(at).any(Marks::MEDIATOR)) {
                mention.kind = "MEDIATE";
            }
            return;
        }
        mention.actors = doer.parties();
        if trigger.takes('s') {
            let mut others = self.between(start, stop, at);
            others.extend(self.after_mark(Marks::WITH, start, stop, at));
            if trigger.with.is_empty() && trigger.kind != "AGREE" {
                others.extend(object.parties());
            }
            others.extend(done_to.parties());
            others.retain(|other| !mention.actors.contains(other));
            mention.actors.extend(others);
            if mention.actors.is_empty() {
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
        let clause = |at: &usize| !self.clauses.reading.tokens[*at].mark.is_some_and(|mark| ",;:.".contains(mark));
        let by = (tokens.end..end).take_while(clause).find(|&at| self.clauses.reading.tokens[at].is(Classes::BY));
        let phrase = by.and_then(|by| self.parties.phrases.starting_at(by + 1, place.sentence.end, false));
        phrase.map_or(Side::Nothing, |phrase| self.parties.with_following(&phrase, place.sentence.end, tokens.start))
    }

    /// Whether those found can do it.
    fn may_act(
        &self,
        trigger: &Trigger,
        (doer, done_to): (&Side, &Side),
        (passive, form): (bool, Form),
        group: &Group,
        place: &Place,
    ) -> bool {
        if trigger.takes('f') {
            return *doer != Side::Thing || !self.is_abstract_subject(group, place);
        }
        if passive {
            return *doer != Side::Thing
                && (!trigger.takes('c') || done_to.acts() || doer.acts() || *done_to == Side::Nothing);
        }
        match doer {
            Side::Parties(_) | Side::Somebody => true,
            Side::Nothing => matches!(form, Form::Ing | Form::Participle),
            Side::Thing => false,
        }
    }

    /// "oil prices | exploded"
    fn is_abstract_subject(&self, group: &Group, place: &Place) -> bool {
        let end = group.subject_end;
        let phrase =
            if end > place.sentence.start { self.parties.phrases.ending_at(end, place.sentence.start) } else { None };
        phrase.is_some_and(|mut phrase| phrase.any(|at| self.clauses.marks(at).any(Marks::ABSTRACT)))
    }

    /// The noun phrase after a verb.
    pub(super) fn object(&self, tokens: &Range<usize>, place: &Place) -> Option<Range<usize>> {
        let reading = self.clauses.reading;
        let end = place.sentence.end;
        let skip = |&at: &usize| {
            let token = &reading.tokens[at];
            let on_day =
                token.is(Classes::PREPOSITION) && reading.tokens.get(at + 1).is_some_and(|t| t.is(Classes::TIME));
            token.is(Classes::ADVERB | Classes::TIME) && !token.is(Classes::DETERMINER)
                || on_day
                || reading.written(at).ends_with("ly")
        };
        let start = (tokens.end..end.min(tokens.end + 4)).find(|at| !skip(at))?;
        self.parties.phrases.starting_at(start, end, false)
    }

    /// One of the words that a trigger needs: after it or, in the passive, before it.
    pub(super) fn with(
        &self,
        trigger: &Trigger,
        tokens: &Range<usize>,
        group: &Group,
        passive: bool,
        place: &Place,
    ) -> Option<usize> {
        let reading = self.clauses.reading;
        let is_one = |&at: &usize| {
            let lower = reading.written(at).to_lowercase();
            trigger.with.contains(&lower.as_str()) && reading.tokens[at].case != Case::Upper
        };
        let stops = |at: &usize| {
            let token = &reading.tokens[*at];
            !token.mark.is_some_and(|mark| ",;:.".contains(mark))
                && (token.quote == reading.tokens[tokens.start].quote || reading.tokens[tokens.start].quote.is_none())
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
        let end = self.parties.phrases.core_end(phrase);
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
    fn is_figure(
        &self,
        trigger: &Trigger,
        tokens: &Range<usize>,
        object: Option<&Range<usize>>,
        place: &Place,
    ) -> bool {
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
        let reading = self.clauses.reading;
        let limit = self.end_of_sentence(at);
        let end = end.min(limit);
        let goes_on = |near: &usize| {
            let token = &reading.tokens[*near];
            let closed = Classes::SUBORDINATOR | Classes::WH | Classes::AUXILIARY;
            !token.mark.is_some_and(|mark| ",;:.".contains(mark))
                && (!token.is(closed) || token.is(Classes::PREPOSITION) && !token.is(Classes::AS))
        };
        let mut near = (start..end).take_while(goes_on);
        let found = near.find(|&between| self.clauses.marks(between).any(Marks::BETWEEN));
        let phrase = found.and_then(|between| {
            self.parties.phrases.starting_at(between + 1, limit.min(between + 1 + MAX_OBJECT), false)
        });
        let Some(phrase) = phrase else { return Vec::new() };
        self.parties.with_following(&phrase, limit.min(phrase.end + MAX_OBJECT), at).parties()
    }

    fn end_of_sentence(&self, at: usize) -> usize {
        self.clauses.reading.sentence_at(at).map_or(at + 1, |sentence| sentence.end)
    }

    /// Those after a preposition of a kind: "with Iran", "against Syria".
    pub(super) fn after_mark(&mut self, marks: Marks, start: usize, end: usize, at: usize) -> Vec<usize> {
        let reading = self.clauses.reading;
        let limit = self.end_of_sentence(at);
        let (end, reach) = (end.min(limit), limit.min(end + 4));
        let clause = |at: &usize| !reading.tokens[*at].mark.is_some_and(|mark| ",;:.".contains(mark));
        for found in (start..end).take_while(clause).filter(|&at| self.clauses.marks(at).any(marks)).take(3) {
            let phrase = self.parties.phrases.starting_at(found + 1, reach, false);
            let Some(phrase) = phrase else { continue };
            // "with the aide saying that …"
            let clause =
                reading.tokens.get(phrase.end).is_some_and(|_| self.clauses.forms(phrase.end).contains(&Form::Ing));
            if clause {
                continue;
            }
            let parties = self.parties.with_following(&phrase, reach, at).parties();
            if !parties.is_empty() {
                return parties;
            }
        }
        Vec::new()
    }
}

/// A mediator is looked for in so many tokens of a sentence.
const MAX_SENTENCE: usize = 100;

/// The goal of a journey is told in so many tokens.
const MAX_GOAL: usize = 8;

/// "by" is looked for in so many tokens after a passive.
const MAX_BY: usize = 12;

/// What a trigger needs stands no further from it.
const MAX_WITH: usize = 11;

/// Those after "between" and "with" stand no further from the trigger.
const MAX_OBJECT: usize = 14;
