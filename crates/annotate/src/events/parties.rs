//! Who takes part in an event: the words on either side of its trigger, and the entities that they mean.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use rapporteur_record::{EntityKind, Form as Mentioned};

use super::clause::{Clauses, Group, Place};
use super::words::Marks;
use crate::attribute::Report;
use crate::classes::Classes;
use crate::lang::Form;
use crate::phrases::{Head, Phrases};
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
    fn reading(&self) -> &Reading<'a> {
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

    fn speaker(&mut self, report: usize) -> Side {
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

    /// Whom a phrase means.
    pub(super) fn side(&mut self, phrase: &Range<usize>, at: usize) -> Side {
        match self.phrases.head(phrase) {
            Head::Name(name) => {
                let Some(number) = self.resolver.cast.of(name) else { return Side::Thing };
                let figure = &self.resolver.cast.figures[number];
                if matches!(figure.kind, EntityKind::Work | EntityKind::Event) {
                    return Side::Thing;
                }
                let mut all = self.listed(phrase);
                if !all.contains(&number) {
                    all = vec![number];
                }
                Side::Parties(all.into_iter().map(|number| self.resolver.state_of(number)).collect())
            }
            Head::Pronoun(pronoun) => self.pronoun(pronoun, at),
            Head::Noun(noun) => self.noun(phrase, noun),
        }
    }

    /// "Russia and Ukraine", "Greece, Turkey and Britain": all names of a list.
    pub(super) fn listed(&self, phrase: &Range<usize>) -> Vec<usize> {
        let names = self.clauses.names;
        let joined = phrase.clone().any(|at| {
            let and = self.reading().tokens[at].is(Classes::AND);
            and && names.ending_at(at).is_some() && names.starting_at(at + 1).is_some()
        });
        if !joined {
            return Vec::new();
        }
        let inside = names.iter_in(phrase.clone()).filter(|name| !name.demonym);
        inside.filter_map(|name| self.resolver.cast.of(name)).collect()
    }

    fn pronoun(&mut self, pronoun: usize, at: usize) -> Side {
        let marks = self.clauses.marks(pronoun);
        if marks.any(Marks::WE.or(Marks::I)) {
            let Some(speaker) = self.resolver.quoted(pronoun) else { return Side::Somebody };
            let meant = if marks.any(Marks::WE) { self.side_of(speaker) } else { speaker };
            return Side::Parties(vec![meant]);
        }
        if let Some(ours) = self.of_ours(pronoun) {
            return Side::Parties(vec![ours]);
        }
        let content = self.content_of[at].map(|report| self.reports[report as usize].content.clone());
        let content = content.as_deref().unwrap_or(&[]);
        let speaker = self.content_of[at].and_then(|report| self.speaker(report as usize).parties().first().copied());
        // Who speaks in quotation marks is not "he".
        if let Some(speaker) = speaker.filter(|_| self.reading().tokens[pronoun].quote.is_some()) {
            let asked = self.resolver.question(&(pronoun..pronoun + 1), content);
            let found = asked.and_then(|asked| {
                let fits = |one: &&crate::antecedents::Candidate| one.figure != speaker && one.score > asked.least;
                asked.candidates.iter().find(fits).map(|one| one.figure)
            });
            return found.map_or(Side::Somebody, |number| Side::Parties(vec![number]));
        }
        // "Adair said that | she would fly": who says it, where that may be.
        if let Some(speaker) = speaker.filter(|&speaker| self.may_be(pronoun, speaker)) {
            return Side::Parties(vec![speaker]);
        }
        match self.resolver.meant(&(pronoun..pronoun + 1), content) {
            Some(number) => Side::Parties(vec![number]),
            None => Side::Somebody,
        }
    }

    /// Whether a pronoun agrees with an entity.
    fn may_be(&self, pronoun: usize, number: usize) -> bool {
        let token = &self.reading().tokens[pronoun];
        let figure = &self.resolver.cast.figures[number];
        let gender = token.classes & Classes::GENDERS;
        match () {
            () if gender.any(Classes::GENDERS) => {
                let unknown = !figure.gender.any(Classes::GENDERS);
                figure.kind == EntityKind::Person && (unknown || figure.gender.any(gender))
            }
            () if token.is(Classes::PLURAL) => matches!(figure.kind, EntityKind::Group | EntityKind::Organization),
            () => matches!(figure.kind, EntityKind::State | EntityKind::Organization),
        }
    }

    /// “We are sending our foreign minister today. He will …”: who has that office under the one who speaks.
    fn of_ours(&self, pronoun: usize) -> Option<usize> {
        let tokens = &self.reading().tokens;
        let token = &tokens[pronoun];
        if token.quote.is_none() || !token.is(Classes::MASCULINE | Classes::FEMININE) {
            return None;
        }
        let floor = pronoun.saturating_sub(MAX_LEFT);
        let office = (floor..pronoun).rev().take_while(|&at| tokens[at].quote == token.quote).find(|&at| {
            tokens[at].is(Classes::ROLE)
                && (at.saturating_sub(3)..at).any(|ours| {
                    tokens[ours].is(Classes::POSSESSIVE) && self.clauses.marks(ours).any(Marks::WE.or(Marks::I))
                })
        })?;
        let noun = self.reading().written(office).to_lowercase();
        let speaker = self.resolver.quoted(pronoun)?;
        let figures = &self.resolver.cast.figures;
        let country = figures[speaker].country?;
        figures
            .iter()
            .position(|figure| figure.country == Some(country) && figure.roles.iter().any(|office| office.noun == noun))
    }

    /// The state or body that somebody speaks for, or else himself.
    pub(super) fn side_of(&self, number: usize) -> usize {
        let cast = &self.resolver.cast;
        let figure = &cast.figures[number];
        if matches!(figure.kind, EntityKind::State | EntityKind::Group) {
            return number;
        }
        if figure.kind == EntityKind::Person {
            for office in &figure.roles {
                let Some(of) = &office.of else { continue };
                let named = |other: &crate::entities::Figure| {
                    other.kind != EntityKind::Person && other.name.eq_ignore_ascii_case(of)
                };
                if let Some(body) = cast.figures.iter().take(MAX_FIGURES).position(named) {
                    return body;
                }
            }
        }
        let state = |other: &crate::entities::Figure| {
            other.kind == EntityKind::State && other.country.is_some() && other.country == figure.country
        };
        let state = cast.figures.iter().take(MAX_FIGURES).position(state);
        state.or_else(|| self.affiliation(figure)).unwrap_or(number)
    }

    /// "Adair, who coordinates finance for the Alliance": the body that is named beside somebody's name.
    fn affiliation(&self, figure: &crate::entities::Figure) -> Option<usize> {
        let tokens = &self.reading().tokens;
        let mention = figure.mentions.iter().find(|mention| mention.form == Mentioned::Name)?;
        let after = tokens.partition_point(|token| token.span.start() < mention.span.end());
        let comma = figure.kind == EntityKind::Person && tokens.get(after)?.is_mark(',');
        let end = self.reading().sentence_at(after)?.end.min(after + MAX_REACH);
        let mut near = (after + 1..end).filter(|_| comma).take_while(|&at| !tokens[at].is_mark(','));
        near.find_map(|at| {
            let name = self.clauses.names.starting_at(at).filter(|name| name.kind == EntityKind::Organization)?;
            let opener = usize::from(tokens[at - 1].is(Classes::DEFINITE));
            tokens[at - 1 - opener].is(Classes::PREPOSITION).then(|| self.resolver.cast.of(name))?
        })
    }

    fn noun(&mut self, phrase: &Range<usize>, noun: usize) -> Side {
        let marks = self.clauses.marks(noun);
        let token = self.reading().tokens[noun];
        let people = Classes::ROLE | Classes::ROLES | Classes::GROUP | Classes::ORGANIZATION | Classes::SIDE;
        if marks.any(Marks::PAIR) && phrase.len() <= 4 && !self.pair.is_empty() && self.is_pair(phrase) {
            return Side::Parties(self.pair.clone());
        }
        let demonym = (phrase.start..noun)
            .find_map(|at| self.clauses.names.at(at))
            .filter(|name| name.demonym || name.kind == EntityKind::State || name.kind == EntityKind::Group);
        if let Some(name) = demonym
            && marks.any(Marks::FORCES)
        {
            if let Some(country) = name.country.filter(|_| name.kind == EntityKind::State) {
                self.forces = self.resolver.state(country);
                return self.forces.map_or(Side::Somebody, |state| Side::Parties(vec![state]));
            }
            if let Some(number) = self.resolver.cast.of(name) {
                return Side::Parties(vec![number]);
            }
        }
        // "ELN | fighters"
        let owner = self.clauses.names.ending_at(noun).filter(|name| name.tokens.start >= phrase.start);
        let owner = owner.filter(|_| marks.any(Marks::AGENT)).and_then(|name| self.resolver.cast.of(name));
        let body = |number: &usize| {
            matches!(self.resolver.cast.figures[*number].kind, EntityKind::Organization | EntityKind::Group)
        };
        if let Some(number) = owner.filter(body) {
            return Side::Parties(vec![number]);
        }
        // "the army", after "the Sudanese army"
        let bare = phrase.len() <= 2 && self.reading().tokens[phrase.start].is(Classes::DEFINITE);
        // "his side", "their government"
        let first = self.reading().tokens[phrase.start];
        if first.is(Classes::POSSESSIVE) && marks.any(Marks::OURS) && noun <= phrase.start + 2 {
            let speaker =
                self.content_of[noun].and_then(|report| self.speaker(report as usize).parties().first().copied());
            if let Some(speaker) = speaker {
                return Side::Parties(vec![self.side_of(speaker)]);
            }
        }
        if bare
            && marks.any(Marks::FORCES)
            && let Some(state) = self.forces
        {
            return Side::Parties(vec![state]);
        }
        let core = self.phrases.core_end(phrase);
        let end = self.reading().tokens[core - 1].span.end();
        if let Some(&number) = self.known.get(&end) {
            return Side::Parties(vec![number]);
        }
        // "the Albanians", "ethnic Turks"
        if let Some(name) = self.clauses.names.at(noun).filter(|name| name.demonym) {
            let state = name.country.and_then(|country| self.resolver.state(country));
            return state.map_or(Side::Somebody, |state| Side::Parties(vec![state]));
        }
        if marks.any(Marks::ABSTRACT) && !marks.any(Marks::AGENT) {
            return Side::Thing;
        }
        let capital = token.is_capital() && noun > phrase.start;
        if !(marks.any(Marks::AGENT) || token.is(people) && !token.is(Classes::DOCUMENT) || capital) {
            return Side::Thing;
        }
        if phrase.len() > MAX_DESCRIPTION {
            return Side::Somebody;
        }
        let amount = self.clauses.marks(phrase.start).any(Marks::QUANTITY) && phrase.start < noun;
        // "families of soldiers | captured in Mariupol", "four students | in Odal"
        let clause = |&at: &usize| {
            let forms = self.clauses.forms(at);
            let place =
                self.reading().tokens[at].is(Classes::PREPOSITION) && !self.reading().tokens[at].is(Classes::OF);
            at > noun
                && (place
                    || forms.contains(&Form::Past)
                    || forms.contains(&Form::Participle)
                    || forms.contains(&Form::Ing))
        };
        let stop = phrase.clone().find(clause).unwrap_or(phrase.end);
        let phrase = &(phrase.start + usize::from(amount)..stop);
        match self.resolver.meant(phrase, &[]) {
            Some(number) => {
                self.known.insert(end, number);
                Side::Parties(vec![number])
            }
            None => Side::Somebody,
        }
    }

    /// "both sides", "the two countries", "the parties"
    fn is_pair(&self, phrase: &Range<usize>) -> bool {
        let tokens = &self.reading().tokens[phrase.clone()];
        tokens.iter().all(|token| {
            token.is(Classes::OPENER | Classes::COLLECTIVE | Classes::SIDE) || token.is(Classes::OTHER_PRONOUN)
        })
    }
}

fn side_has(side: &Side, number: usize) -> bool {
    matches!(side, Side::Parties(parties) if parties.contains(&number))
}

/// A subject that does not touch its verb is looked for in so many tokens.
const MAX_LEFT: usize = 40;

/// What governs an infinitive is looked for in so many tokens.
const MAX_REACH: usize = 16;

/// A list of those who act has no more members.
const MAX_JOINED: usize = 6;

/// Who is called by more words than this gets no entity.
const MAX_DESCRIPTION: usize = 12;

/// Whom somebody speaks for is looked for among so many entities.
const MAX_FIGURES: usize = 300;
