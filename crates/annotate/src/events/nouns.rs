//! Events that a noun tells of: "talks between", "a visit to", "after the attack".
//!
//! Such a noun has happened or not as the verb says that governs it, before it or after ("called for talks", "the talks
//! will resume"), or the preposition before it ("after the attack").

use std::ops::Range;

use rapporteur_record::{BlockKind, EntityKind, Status};

use super::clause::Place;
use super::parties::Side;
use super::words::{Marks, Trigger};
use super::{Finder, Mention};
use crate::classes::Classes;
use crate::lang::Form;
use crate::tokens::Case;

impl<'r> Finder<'_, '_, 'r, '_> {
    /// The event of a noun, if it is one.
    pub(super) fn noun(&mut self, trigger: &'r Trigger, tokens: Range<usize>, place: &Place) -> Option<Mention<'r>> {
        let at = tokens.start;
        if self.unreal.drops(trigger.kind, at, place) || self.unreal.is_figure(&tokens, trigger.kind, place) {
            return None;
        }
        // "peace | talks team", "attack helicopter": a noun before another says what kind of thing that is.
        if self.is_modifier(&tokens, place) {
            return None;
        }
        let start = self.premodifiers(at, place);
        let (sides, mediators, told) = self.sides(trigger, &tokens, start, place);
        // "the deal" takes up what was told before.
        let taken_up =
            trigger.takes('k') && self.clauses.reading.tokens[start].is(Classes::DEFINITE | Classes::POSSESSIVE);
        let specific = trigger.takes('s') && !trigger.rest.is_empty() && !self.parties.pair.is_empty();
        // "quit the deal", "ended the siege": what is done with it is the event, or that there is none.
        let governor = self.verb_before(start, place).map(|(verb, _)| self.clauses.marks(verb));
        let ends = governor.is_some_and(|marks| marks.any(Marks::END.or(Marks::CEASE)));
        if ends && matches!(trigger.kind, "COERCE" | "SANCTION" | "ASSAULT") {
            return None;
        }
        if trigger.takes('k') && governor.is_some() && !ends && !self.is_lightly_governed(start, place) {
            return None;
        }
        let (mut actors, recipients) = self.noun_roles(trigger, &tokens, start, sides, place);
        if actors.is_empty() {
            actors = self.implied(trigger);
        }
        let told = told || trigger.takes('v') && !actors.is_empty();
        if trigger.takes('q') && !told && !specific && !taken_up {
            return None;
        }
        if self.is_prospect(start, place) || self.is_predicate(start, place) || self.is_scare_quote(&tokens) {
            return None;
        }
        let (status, also, sure) = self.of_noun(start, &tokens, trigger.mode == Some("battle"), place);
        Some(Mention {
            trigger,
            tokens,
            status: self.in_content(at, None, status),
            told: told || !recipients.is_empty(),
            actors,
            recipients,
            mediators,
            when: None,
            place: None,
            also,
            sure,
            taken_up,
            body: None,
            title: place.kind == BlockKind::Title,
            kind: trigger.kind,
        })
    }

    /// "it is not | a surrender", but "there was an attack"
    fn is_predicate(&self, start: usize, place: &Place) -> bool {
        let reading = self.clauses.reading;
        let skip = |at: &usize| reading.tokens[*at].is(Classes::ADVERB | Classes::NEGATION);
        let before = (place.sentence.start..start).rev().find(|at| !skip(at));
        before.is_some_and(|be| {
            let there = be > place.sentence.start
                && reading.tokens[be - 1].is_word()
                && self.clauses.marks(be - 1).any(Marks::THERE);
            reading.tokens[be].is(Classes::BE) && !there && !reading.is_possessive(be)
        })
    }

    /// "a sign of | withdrawal", "any | ceasefire"
    fn is_prospect(&self, start: usize, place: &Place) -> bool {
        let reading = self.clauses.reading;
        let of = start.checked_sub(1).filter(|&of| of > place.sentence.start && reading.tokens[of].is(Classes::OF));
        let prospect = of.is_some_and(|of| self.clauses.marks(of - 1).any(Marks::PROSPECT));
        let any = self.clauses.marks(start).any(Marks::NO) && !reading.tokens[start].is(Classes::NEGATION);
        prospect || any && reading.tokens[start].is(Classes::DETERMINER)
    }

    /// “withdrawal”: a word or two in quotation marks that nobody is told to have said.
    fn is_scare_quote(&self, tokens: &Range<usize>) -> bool {
        let quote = self.clauses.reading.quote_at(tokens.start);
        quote.is_some_and(|quote| quote.tokens.len() <= 4 && self.content_of[tokens.start].is_none())
    }

    fn is_modifier(&self, tokens: &Range<usize>, place: &Place) -> bool {
        let reading = self.clauses.reading;
        if tokens.end >= place.sentence.end || reading.is_possessive(tokens.end) {
            return false;
        }
        let next = &reading.tokens[tokens.end];
        let closed = Classes::CLOSED | Classes::OPENER | Classes::ADVERB | Classes::TIME;
        next.is_word()
            && next.case == Case::Lower
            && !next.is(closed)
            && self.clauses.forms(tokens.end).iter().all(|form| *form == Form::Base)
            && !reading.written(tokens.end - 1).ends_with('s')
            && !next.is(Classes::VERB)
    }

    /// Where the words before a noun that belong to it begin.
    pub(super) fn premodifiers(&self, at: usize, place: &Place) -> usize {
        let reading = self.clauses.reading;
        let floor = place.sentence.start.max(at.saturating_sub(MAX_BEFORE));
        let mut start = at;
        while start > floor {
            let token = &reading.tokens[start - 1];
            let named = self.clauses.names.at(start - 1).is_some();
            let closed = Classes::CLOSED | Classes::TIME_ADVERB;
            let opener = token.is(Classes::OPENER) && !token.is(Classes::SUBJECT);
            if token.is(Classes::THAT) {
                break;
            }
            if opener {
                return start - 1;
            }
            let possessive = reading.is_possessive(start - 1);
            let verb = !named && !possessive && self.is_finite_here(start - 1, place);
            if !(token.is_word() || possessive || token.is_mark('“') || token.is_mark('‘'))
                || token.is(closed) && !named && !possessive
                || verb
            {
                break;
            }
            start -= 1;
        }
        start
    }

    fn is_finite_here(&self, at: usize, place: &Place) -> bool {
        let group = self.clauses.group(at, place.sentence.start);
        let forms = self.clauses.forms(at);
        let opened = at > 0 && self.clauses.reading.tokens[at - 1].is(Classes::OPENER);
        !opened
            && (group.to.is_some() && forms.contains(&Form::Base) || self.clauses.finite(at, &group, place).is_some())
            || !opened && forms.contains(&Form::Ing) && self.clauses.reading.tokens[at].case == Case::Lower
    }

    /// All sides of an event of a noun, who mediates, and whether the words beside it tell.
    fn sides(
        &mut self,
        trigger: &Trigger,
        tokens: &Range<usize>,
        start: usize,
        place: &Place,
    ) -> (Vec<usize>, Vec<usize>, bool) {
        let at = tokens.start;
        let end = place.sentence.end.min(tokens.end + MAX_AFTER);
        let mut sides = self.between(tokens.end, end, at);
        if sides.is_empty() {
            sides = self.owners(start, at);
        }
        if trigger.takes('s') || trigger.takes('h') {
            let others = self.after_mark(Marks::WITH, tokens.end, end, at);
            if !others.is_empty() && sides.is_empty() {
                sides = self.governor(start, place).parties();
            }
            if !others.is_empty() && sides.is_empty() && self.parties.pair.contains(&others[0]) {
                sides.clone_from(&self.parties.pair);
            }
            for other in others {
                if !sides.contains(&other) {
                    sides.push(other);
                }
            }
        }
        if trigger.takes('s') && sides.len() < 2 {
            let doers = self.governor(start, place).parties();
            if doers.len() > 1 || sides.is_empty() && doers.iter().any(|doer| self.parties.pair.contains(doer)) {
                sides = doers;
            } else {
                for doer in doers.into_iter().filter(|_| !self.parties.pair.is_empty()) {
                    if !sides.contains(&doer) && !sides.is_empty() && self.parties.pair.contains(&doer) {
                        sides.push(doer);
                    }
                }
            }
        }
        if trigger.takes('s')
            && sides.is_empty()
            && self.verb_before(start, place).is_none()
            && start > place.sentence.start
        {
            // A headline without a verb: "India, UK close to pact"
            let near = self.parties.nearest(start, at, place.sentence.start).parties();
            if near.len() > 1 {
                sides = near;
            }
        }
        let told = !sides.is_empty();
        if trigger.takes('y') {
            for other in self.after_mark(Marks::FROM, tokens.end, end, at) {
                if !sides.contains(&other) {
                    sides.push(other);
                }
            }
        }
        if trigger.takes('s') && sides.len() < 2 && (sides.is_empty() || !trigger.takes('y')) {
            let pair = &self.parties.pair;
            if sides.is_empty() || pair.contains(&sides[0]) {
                sides.clone_from(pair);
            }
        }
        if trigger.takes('h') {
            let mediators = self.governor(start, place).parties();
            let mut mediators = if mediators.is_empty() { sides.clone() } else { mediators };
            mediators.dedup();
            sides.retain(|side| !mediators.contains(side));
            if sides.is_empty() {
                sides.clone_from(&self.parties.pair);
                sides.retain(|side| !mediators.contains(side));
            }
            return (sides, mediators, told);
        }
        (sides, Vec::new(), told)
    }

    fn noun_roles(
        &mut self,
        trigger: &Trigger,
        tokens: &Range<usize>,
        start: usize,
        sides: Vec<usize>,
        place: &Place,
    ) -> (Vec<usize>, Vec<usize>) {
        if !trigger.takes('v') || trigger.takes('s') {
            return (sides, Vec::new());
        }
        let end = place.sentence.end.min(tokens.end + MAX_AFTER);
        let by = (tokens.end..end).find(|&at| self.clauses.reading.tokens[at].is(Classes::BY));
        let by = by.and_then(|by| self.parties.phrases.starting_at(by + 1, place.sentence.end, false));
        let mut actors = match by {
            Some(phrase) => self.parties.with_following(&phrase, place.sentence.end, tokens.start).parties(),
            None => sides,
        };
        if actors.is_empty() && self.is_lightly_governed(start, place) {
            actors = self.governor(start, place).parties();
        }
        let mut recipients = self.after_mark(Marks::AGAINST.or(Marks::PLACE_TO), tokens.end, end, tokens.start);
        recipients.retain(|other| !actors.contains(other));
        (actors, recipients)
    }

    /// "Russia's", "Israeli", "India-China": those who own a noun's event.
    fn owners(&mut self, start: usize, at: usize) -> Vec<usize> {
        let (reading, names) = (self.clauses.reading, self.clauses.names);
        let mut owners = Vec::new();
        let mut token = start;
        while token < at {
            let mut found: Vec<usize> = Vec::new();
            let states = self.hyphenated(token);
            if states.len() > 1 {
                found = states;
                token += 1;
            } else if let Some(name) = names.at(token) {
                token = name.tokens.end;
                let state = name.country.filter(|_| name.demonym);
                found.extend(match state {
                    Some(country) => self.parties.resolver.state(country),
                    // "Geneva talks" are in Geneva.
                    None if name.kind == EntityKind::Place && name.country.is_none() => None,
                    None => self.parties.resolver.cast.of(name).map(|number| self.parties.resolver.state_of(number)),
                });
            } else {
                if reading.tokens[token].is(Classes::POSSESSIVE)
                    && token == start
                    && let Side::Parties(meant) = self.parties.side(&(token..token + 1), token)
                {
                    found = meant;
                }
                token += 1;
            }
            for number in found {
                if !owners.contains(&number) {
                    owners.push(number);
                }
            }
        }
        owners
    }

    /// "India-China": the states of a word with a hyphen.
    fn hyphenated(&mut self, token: usize) -> Vec<usize> {
        let reading = self.clauses.reading;
        let written = reading.written(token);
        if !written.contains(['-', '–']) || !reading.tokens[token].is_capital() {
            return Vec::new();
        }
        let countries = written.split(['-', '–']).map(|part| {
            reading.lexicon.names_from(part).iter().find(|name| name.rest.is_empty()).and_then(|known| known.country)
        });
        let countries: Vec<_> = countries.flatten().collect();
        countries.into_iter().filter_map(|country| self.parties.resolver.state(country)).collect()
    }

    /// The subject of the verb that governs a noun: "the two | held talks".
    fn governor(&mut self, start: usize, place: &Place) -> Side {
        let Some((verb, _)) = self.verb_before(start, place) else { return Side::Nothing };
        let group = self.clauses.group(verb, place.sentence.start);
        let side = self.parties.subject(verb, &group, place);
        if side.acts() { side } else { Side::Nothing }
    }

    /// Who takes part where nothing beside the noun tells: in a strike the union, on a trip who travelled before.
    fn implied(&self, trigger: &Trigger) -> Vec<usize> {
        let figures = &self.parties.resolver.cast.figures;
        let union = |figure: &crate::entities::Figure| {
            figure.name.to_lowercase().split(' ').any(|word| {
                let word = self.clauses.reading.lexicon.get(word);
                word.is_some_and(|word| word.events.marks.any(Marks::UNION))
            }) && matches!(figure.kind, EntityKind::Organization | EntityKind::Group)
        };
        match trigger.kind {
            "PROTEST" if trigger.mode == Some("strike") => figures.iter().position(union).into_iter().collect(),
            "TRAVEL" => {
                let before = self.mentions.iter().rev().take(2).find(|mention| mention.kind == "TRAVEL");
                before.map_or_else(Vec::new, |mention| mention.actors.clone())
            }
            _ => Vec::new(),
        }
    }

    /// "carried out | an attack", but not "condemned | an attack"
    fn is_lightly_governed(&self, start: usize, place: &Place) -> bool {
        let marks = Marks::LIGHT.or(Marks::BEGIN).or(Marks::GO_ON).or(Marks::CANCEL).or(Marks::PROMISE);
        self.verb_before(start, place).is_some_and(|(verb, _)| {
            self.clauses.marks(verb).any(marks) || self.clauses.reading.tokens[verb].is(Classes::BE)
        })
    }

    /// The verb to the left of a noun phrase that begins at `start`, and its form.
    fn verb_before(&self, start: usize, place: &Place) -> Option<(usize, Form)> {
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
    fn of_noun(
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

/// A noun has no more words before it than this.
const MAX_BEFORE: usize = 12;

/// Those who take part stand no further behind the noun.
const MAX_AFTER: usize = 12;

/// The verb that governs a noun is looked for in so many tokens.
const MAX_GOVERNOR: usize = 14;
