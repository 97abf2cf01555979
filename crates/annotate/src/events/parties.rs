//! Who takes part in an event: the words on either side of its trigger, and the entities that they mean.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::clause::{Clauses, Group, Place};
use super::words::Marks;
use crate::attribute::Report;
use crate::classes::Classes;
use crate::lang::Form;
use crate::phrases::Phrases;
use crate::reading::Reading;
use crate::resolve::Resolver;

/// What stands where one who takes part is looked for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Side {
    /// Entities.
    Parties(Vec<usize>),
    /// Somebody who acts, and no entity.
    Somebody,
    /// What can't act: "the market".
    Thing,
    Nothing,
}

impl Side {
    pub(super) fn parties(self) -> Vec<usize> {
        if let Side::Parties(parties) = self { parties } else { Vec::new() }
    }

    pub(super) fn acts(&self) -> bool {
        matches!(self, Side::Parties(_) | Side::Somebody)
    }
}

/// Finds those who take part.
pub(super) struct Parties<'s, 'p, 'r, 'a> {
    pub(super) resolver: &'s mut Resolver<'p, 'r, 'a>,
    /// Finds phrases in quotations, too.
    pub(super) phrases: Phrases<'s, 'a>,
    pub(super) clauses: Clauses<'r, 'a>,
    pub(super) reports: &'s [Report],
    /// Their numbers by the first token of their sentence.
    pub(super) by_sentence: BTreeMap<usize, Vec<usize>>,
    /// For each token the report in whose content it stands, the innermost.
    pub(super) content_of: &'s [Option<u32>],
    /// The two whom the article is about.
    pub(super) pair: Vec<usize>,
    /// Who was last named by what speaks for a state: "the Sudanese army", then "the army".
    pub(super) forces: Option<usize>,
    /// Entities by where a mention of them ends.
    pub(super) known: HashMap<usize, usize>,
}

impl<'a> Parties<'_, '_, '_, 'a> {
    pub(super) fn reading(&self) -> &Reading<'a> {
        self.clauses.reading
    }

    /// The subject of a verb.
    pub(super) fn subject(&mut self, at: usize, group: &Group, place: &Place) -> Side {
        let floor = place.sentence.start;
        if let Some(to) = group.to {
            return self.of_infinitive(at, to, place);
        }
        let end = group.subject_end;
        if let Some(who) = end.checked_sub(1).filter(|&who| who >= floor && self.clauses.marks(who).any(Marks::WHO)) {
            let comma = usize::from(who > floor && self.reading().tokens[who - 1].is_mark(','));
            if self.reading().tokens[who].is(Classes::WH | Classes::THAT)
                && let Some(phrase) = self.phrases.ending_at(who - comma, floor)
            {
                return self.side(&phrase, at);
            }
        }
        if end > floor
            && let Some(phrase) = self.phrases.ending_at(end, floor)
            && self.same_content(phrase.end - 1, at)
            && !self.after_preposition(phrase.start, floor)
        {
            let side = self.with_joined(&phrase, at, floor);
            if side != Side::Nothing {
                return side;
            }
        }
        let content = self.content_of[at];
        match self.nearest(group.start, at, floor) {
            Side::Nothing if self.clauses.forms(at).contains(&Form::Ing) && !group.be => {
                content.map_or(Side::Nothing, |report| self.speaker(report as usize))
            }
            side => side,
        }
    }

    /// "urged both sides to stop": both; "agreed to meet": who agreed; at the head of what was said: who said it.
    fn of_infinitive(&mut self, at: usize, to: usize, place: &Place) -> Side {
        let floor = place.sentence.start;
        let lowest = floor.max(to.saturating_sub(MAX_REACH));
        let asked = (lowest..to)
            .rev()
            .find(|&verb| self.clauses.marks(verb).any(Marks::DEMAND) && !self.clauses.forms(verb).is_empty());
        if let Some(verb) = asked
            && verb + 1 < to
        {
            let start = (verb + 1..to).find(|&n| !self.reading().tokens[n].is(Classes::PREPOSITION));
            if let Some(phrase) = start.and_then(|start| self.phrases.starting_at(start, to, false)) {
                return self.with_following(&phrase, to, at);
            }
        }
        let governor = (lowest..to)
            .rev()
            .find(|&verb| !self.clauses.forms(verb).is_empty() || self.reading().tokens[verb].is(Classes::BE));
        if let Some(verb) = governor {
            let group = self.clauses.group(verb, floor);
            if group.to.is_none() {
                return self.subject(verb, &group, place);
            }
        }
        match (self.nearest(to, at, floor), self.content_of[at]) {
            (Side::Nothing, Some(report)) => self.speaker(report as usize),
            (side, _) => side,
        }
    }

    /// Those nearest to the left who are no object, or who says the words.
    pub(super) fn nearest(&mut self, end: usize, at: usize, floor: usize) -> Side {
        let lowest = floor.max(end.saturating_sub(MAX_LEFT));
        let content = self.content_of[at];
        let mut best = None;
        for token in (lowest..end).rev() {
            if self.content_of[token] != content
                || self.reading().tokens[token].quote != self.reading().tokens[at].quote
            {
                continue;
            }
            if self.reading().tokens[token].is_mark(';') {
                break;
            }
            if self.is_anchor(token) && !self.after_preposition(self.start_of(token, floor), floor) {
                best = Some(token);
                break;
            }
        }
        if let Some(token) = best
            && let Some(phrase) = self.phrases.ending_at(self.end_of(token), floor)
        {
            return self.with_joined(&phrase, at, floor);
        }
        Side::Nothing
    }

    pub(super) fn speaker(&mut self, report: usize) -> Side {
        let reports = self.reports;
        let source = reports[report].named.as_ref().or(reports[report].source.as_ref());
        match source.and_then(|source| self.resolver.quiet(source)) {
            Some(number) => Side::Parties(vec![number]),
            None => Side::Somebody,
        }
    }

    fn is_anchor(&self, token: usize) -> bool {
        let word = &self.reading().tokens[token];
        let name = self.clauses.names.at(token).is_some_and(|name| !name.demonym && name.tokens.end == token + 1);
        name || word.is(Classes::SUBJECT) && !word.is(Classes::WH)
            || self.clauses.marks(token).any(Marks::AGENT) && !self.next_is_noun(token)
    }

    fn next_is_noun(&self, token: usize) -> bool {
        let Some(next) = self.reading().tokens.get(token + 1) else { return false };
        next.is_word() && self.clauses.marks(token + 1).any(Marks::AGENT) || self.reading().is_possessive(token + 1)
    }

    fn start_of(&self, token: usize, floor: usize) -> usize {
        let phrase = self.phrases.ending_at(self.end_of(token), floor);
        phrase.map_or(token, |phrase| phrase.start)
    }

    fn end_of(&self, token: usize) -> usize {
        self.clauses.names.at(token).map_or(token + 1, |name| name.tokens.end)
    }

    fn after_preposition(&self, start: usize, floor: usize) -> bool {
        let Some(before) = start.checked_sub(1).filter(|&before| before >= floor) else { return false };
        let token = &self.reading().tokens[before];
        // "at least 27 people"
        let amount = self.clauses.marks(start).any(Marks::QUANTITY) || self.clauses.marks(before).any(Marks::QUANTITY);
        token.is(Classes::PREPOSITION) && !token.is(Classes::SUBORDINATOR) && !amount
    }

    fn same_content(&self, a: usize, b: usize) -> bool {
        self.content_of[a] == self.content_of[b]
    }

    /// A phrase that ends a list, with those before it: "Russia and | Ukraine".
    pub(super) fn with_joined(&mut self, phrase: &Range<usize>, at: usize, floor: usize) -> Side {
        let mut side = self.side(phrase, at);
        let mut start = phrase.start;
        for _ in 0..MAX_JOINED {
            let Some(link) = start.checked_sub(1).filter(|&link| link > floor) else { break };
            let token = &self.reading().tokens[link];
            if !(token.is(Classes::AND) || token.is_mark(',')) || !side.acts() {
                break;
            }
            let end = if self.reading().tokens[link - 1].is_mark(',') { link - 1 } else { link };
            let Some(before) = self.phrases.ending_at(end, floor) else { break };
            if self.reading().tokens[before.start].is(Classes::SUBJECT) {
                break;
            }
            let Side::Parties(mut others) = self.side(&before, at) else { break };
            if let Side::Parties(found) = &side {
                others.retain(|other| !found.contains(other));
                others.extend(found);
            }
            side = Side::Parties(others);
            start = before.start;
        }
        side
    }

    /// A phrase that begins a list, with those after it.
    pub(super) fn with_following(&mut self, phrase: &Range<usize>, end: usize, at: usize) -> Side {
        let mut side = self.side(phrase, at);
        let mut last = phrase.end;
        for _ in 0..MAX_JOINED {
            let Some(token) = self.reading().tokens.get(last).filter(|_| last + 1 < end) else { break };
            if !(token.is(Classes::AND) || token.is_mark(',')) || !side.acts() {
                break;
            }
            let start = if self.reading().tokens[last + 1].is(Classes::AND) { last + 2 } else { last + 1 };
            let Some(next) = self.phrases.starting_at(start, end, false) else { break };
            let verb = self.reading().tokens.get(next.end).is_some_and(|_| !self.clauses.forms(next.end).is_empty());
            if token.is_mark(',') && verb {
                break;
            }
            let Side::Parties(others) = self.side(&next, at) else { break };
            let mut all = side.clone().parties();
            all.extend(others.into_iter().filter(|other| !side_has(&side, *other)));
            side = Side::Parties(all);
            last = next.end;
        }
        side
    }
}

fn side_has(side: &Side, number: usize) -> bool {
    matches!(side, Side::Parties(parties) if parties.contains(&number))
}

/// A subject that does not touch its verb is looked for in so many tokens.
pub(super) const MAX_LEFT: usize = 40;

/// What governs an infinitive is looked for in so many tokens.
pub(super) const MAX_REACH: usize = 16;

/// A list of those who act has no more members.
const MAX_JOINED: usize = 6;

/// Who is called by more words than this gets no entity.
pub(super) const MAX_DESCRIPTION: usize = 12;

/// Whom somebody speaks for is looked for among so many entities.
pub(super) const MAX_FIGURES: usize = 300;
