//! Events that a noun tells of: "talks between", "a visit to", "after the attack".
//!
//! Such a noun has happened or not as the verb says that governs it, before it or after ("called for talks", "the talks
//! will resume"), or the preposition before it ("after the attack").

use std::ops::Range;

use rapporteur_record::{BlockKind, EntityKind};

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
}

/// A noun has no more words before it than this.
const MAX_BEFORE: usize = 12;

/// Those who take part stand no further behind the noun.
const MAX_AFTER: usize = 12;
