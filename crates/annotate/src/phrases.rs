//! Noun phrases, found from one of their ends without a parse tree.
//!
//! A source stands next to its cue: [`Phrases::ending_at`] reads leftwards from the verb ("Ukrainian president
//! Volodymyr Zelensky's aide Mykhailo Podolyak | said"), over an apposition or a relative clause between commas;
//! [`Phrases::starting_at`] reads rightwards ("according to | a member of the army delegation").

use std::ops::Range;

use rapporteur_record::EntityKind;

use crate::classes::Classes;
use crate::lang::Form;
use crate::names::{Name, Names};
use crate::reading::Reading;
use crate::tokens::Case;

/// Finds noun phrases.
pub(crate) struct Phrases<'r, 'a> {
    pub(crate) reading: &'r Reading<'a>,
    pub(crate) names: &'r Names,
}

/// What a noun phrase is about.
#[derive(Clone, Debug)]
pub(crate) enum Head<'n> {
    /// "Lavrov", "the Saudi mediator, Walid Al Harthy,"
    Name(&'n Name),
    /// "he"
    Pronoun(usize),
    /// "Zelensky's aide", "a Turkish diplomat": the token of the noun.
    Noun(usize),
}

impl<'r> Phrases<'r, '_> {
    /// The noun phrase that ends before token `end` and begins at or after `floor`.
    pub(crate) fn ending_at(&self, end: usize, floor: usize) -> Option<Range<usize>> {
        if end <= floor {
            return None;
        }
        let core_end = match self.reading.tokens[end - 1].mark {
            Some(',' | '—' | ')' | ']') => self.before_aside(end, floor)?,
            Some(_) => return None,
            None => end,
        };
        let start = match self.core_start(core_end, floor) {
            Some(start) if !self.is_object(start, floor) => start,
            found => self.with_relative_clause(core_end, floor).or(found)?,
        };
        Some(self.less_circumstances(start..end))
    }

    /// "who saw | it": whether a verb or preposition stands before a phrase.
    fn is_object(&self, start: usize, floor: usize) -> bool {
        let Some(before) = start.checked_sub(1).filter(|&before| before >= floor) else { return false };
        let token = &self.reading.tokens[before];
        let preposition = token.is(Classes::PREPOSITION) && !token.is(Classes::SUBORDINATOR);
        self.is_finite(before) || preposition && self.reading.tokens[start].is(Classes::OBJECT)
    }

    /// "a fisherman who saw it | said": the phrase before "who", if no mark stands between.
    fn with_relative_clause(&self, end: usize, floor: usize) -> Option<usize> {
        let tokens = &self.reading.tokens;
        let clause = (floor.max(end.saturating_sub(MAX_RELATIVE))..end).rev().take_while(|&at| tokens[at].is_word());
        let who = clause.into_iter().find(|&at| tokens[at].is(Classes::WH) && tokens[at].is(Classes::SUBJECT))?;
        self.core_start(who, floor)
    }

    /// "Vladimir Medinsky | at the end of the meeting said": a person's name takes no such words.
    fn less_circumstances(&self, phrase: Range<usize>) -> Range<usize> {
        let end = self.core_end(&phrase);
        let named = self.names.ending_at(end).is_some_and(|name| name.kind == EntityKind::Person);
        let circumstance = end < phrase.end && self.reading.tokens[end].is(Classes::PREPOSITION);
        if named && circumstance { phrase.start..end } else { phrase }
    }

    /// "Hugh Hill, a doctor, | said": the end of the phrase before the words between commas, dashes or brackets.
    fn before_aside(&self, end: usize, floor: usize) -> Option<usize> {
        let closing = self.reading.tokens[end - 1].mark?;
        let opening = match closing {
            ')' => '(',
            ']' => '[',
            other => other,
        };
        let lowest = floor.max(end.saturating_sub(MAX_ASIDE));
        let candidates = (lowest..end - 1).rev().filter(|&at| self.reading.tokens[at].is_mark(opening));
        let fits = |at: usize| {
            let start = (at > floor && self.can_be_aside(at + 1..end - 1)).then(|| self.core_start(at, floor))??;
            Some((at, start))
        };
        let mut best = None;
        for (at, start) in candidates.take(4).filter_map(fits) {
            best = Some(at);
            if !self.is_itself_aside(start, floor) {
                break;
            }
        }
        match best {
            // "Desmond Roche (54), of Carrigaline, said"
            Some(at) if self.reading.tokens[at - 1].is_mark(')') => self.before_aside(at, floor),
            None if closing == ',' && end >= 2 && self.reading.tokens[end - 2].is_mark(')') => {
                self.before_aside(end - 1, floor)
            }
            found => found,
        }
    }

    /// "Iryna Bondar, | 34, a teacher, said": an age or "a …" after a comma has its name further left.
    fn is_itself_aside(&self, start: usize, floor: usize) -> bool {
        let token = &self.reading.tokens[start];
        let indefinite = token.is(Classes::ARTICLE) && !token.is(Classes::DEFINITE);
        start > floor && self.reading.tokens[start - 1].is_mark(',') && (indefinite || token.case == Case::Number)
    }

    fn can_be_aside(&self, inner: Range<usize>) -> bool {
        let Some(first) = self.reading.tokens[inner.clone()].first() else { return false };
        if self.reading.quote_at(inner.start).is_some() {
            return false;
        }
        let relative = first.is(Classes::WH) && first.case == Case::Lower;
        let clause = self.has_clause(inner);
        relative || !clause && !first.is(Classes::CONJUNCTION)
    }

    /// Whether a finite verb stands in a range outside a relative clause.
    fn has_clause(&self, mut range: Range<usize>) -> bool {
        let relative = Classes::WH | Classes::THAT;
        let stop = range.find(|&at| self.reading.tokens[at].is(relative) || self.is_finite(at));
        stop.is_some_and(|at| !self.reading.tokens[at].is(relative))
    }

    /// Where the phrase that ends before `end` begins.
    fn core_start(&self, end: usize, floor: usize) -> Option<usize> {
        let floor = floor.max(end.saturating_sub(MAX_PHRASE));
        let tokens = &self.reading.tokens;
        let mut start = end;
        let mut opened = false;
        while start > floor {
            let at = start - 1;
            let token = &tokens[at];
            if token.quote.is_some() && !self.is_scare_quote(at) {
                break;
            }
            if token.is_mark(')') {
                match (floor..at).rev().find(|&open| tokens[open].is_mark('(')) {
                    Some(open) if at - open < 12 => start = open,
                    _ => break,
                }
                continue;
            }
            if !token.is_word() && !self.reading.is_possessive(at) {
                if token.is_mark('%') || token.is_mark('&') || token.quote.is_some() {
                    start = at;
                    continue;
                }
                break;
            }
            if self.reading.is_possessive(at) {
                if start == end {
                    break;
                }
                start = at;
                opened = false;
                continue;
            }
            if token.is(Classes::SUBJECT | Classes::OTHER_PRONOUN)
                && start == end
                && self.names.at(at).is_none_or(|n| n.demonym)
            {
                return Some(at);
            }
            if token.is(Classes::OPENER) && !token.is(Classes::THAT) && self.names.at(at).is_none() {
                // "the | two governments"
                if opened && !tokens[start].is(Classes::OPENER) {
                    break;
                }
                start = at;
                opened = true;
                continue;
            }
            if token.is(Classes::COMPLEMENT)
                && start < end
                && token.case == Case::Lower
                && at > floor
                && self.attaches(at)
            {
                start = at;
                opened = false;
                continue;
            }
            if token.is(Classes::AND) && start < end && at > floor && self.coordinates(at, end) {
                start = at;
                opened = false;
                continue;
            }
            if opened || !self.can_be_in_phrase(at, start, end) {
                break;
            }
            start = self.names.at(at).filter(|name| !name.demonym).map_or(at, |name| name.tokens.start.max(floor));
        }
        while start < end
            && (tokens[start].is(Classes::COMPLEMENT | Classes::AND) && self.names.at(start).is_none()
                || !tokens[start].is_word() && tokens[start].quote.is_none())
        {
            start += 1;
        }
        let holds_noun = (start..end).any(|at| !tokens[at].is(Classes::OPENER) && tokens[at].is_word());
        let demonstrative = end == start + 1 && tokens[start].is(Classes::OPENER);
        (start < end && (holds_noun || demonstrative)).then_some(start)
    }

    /// A quotation of a word or three inside a phrase: "the “city” of tents".
    fn is_scare_quote(&self, at: usize) -> bool {
        let ends = |last: usize| self.reading.tokens[last].mark.is_some_and(|mark| ",.?!".contains(mark));
        self.reading.quote_at(at).is_some_and(|quote| quote.tokens.len() <= 5 && !ends(quote.tokens.end - 2))
    }

    fn can_be_in_phrase(&self, at: usize, start: usize, end: usize) -> bool {
        let token = &self.reading.tokens[at];
        if let Some(name) = self.names.at(at) {
            // Two names side by side are two phrases, unless the first is a nationality or the second a role.
            let next = self.names.at(start).filter(|_| start < end);
            return name.demonym
                || next.is_none_or(|next| {
                    next.demonym
                        || next.tokens.start != start
                        || token.case == Case::Upper && name.kind == EntityKind::Organization
                });
        }
        let named = |name: &Name| matches!(name.kind, EntityKind::Person | EntityKind::Other);
        let person = self.names.ending_at(at).is_some_and(named);
        let noun = Classes::ORGANIZATION | Classes::ROLE | Classes::ROLES | Classes::GROUP | Classes::DOCUMENT;
        // "Adair | shook his head", but "Trump campaign"
        if person && start == end && token.case == Case::Lower && !token.is(noun) {
            return false;
        }
        let closed = token.is(Classes::CLOSED | Classes::ADVERB | Classes::TIME | Classes::SUBORDINATOR);
        let verb = token.is(Classes::VERB)
            && token.case == Case::Lower
            && !self.follows_opener(at)
            && !token.is(Classes::ROLE | Classes::ROLES | Classes::GROUP | Classes::ORGANIZATION | Classes::DOCUMENT);
        !closed && !verb && !self.is_past_cue(at)
    }

    /// "the | end": what stands after a determiner or possessive is no verb.
    fn follows_opener(&self, at: usize) -> bool {
        at > 0 && (self.reading.tokens[at - 1].is(Classes::OPENER) || self.reading.is_possessive(at - 1))
    }

    /// "met", "announced": a verb form that is no adjective before a noun.
    fn is_past_cue(&self, at: usize) -> bool {
        let token = &self.reading.tokens[at];
        let past = self.has_form(at, Form::Past) || self.has_form(at, Form::Third);
        past && token.case == Case::Lower && !token.is(Classes::DOCUMENT | Classes::COMMUNICATION | Classes::ROLE)
    }

    fn has_form(&self, at: usize, form: Form) -> bool {
        let word = self.reading.tokens[at].word;
        word.is_some_and(|word| word.verbs.iter().any(|(_, other)| *other == form))
    }

    /// Whether the preposition at `at` belongs to a noun before it: "the head | of", "officials | in".
    fn attaches(&self, at: usize) -> bool {
        let before = &self.reading.tokens[at - 1];
        if !before.is_word() || before.is(Classes::CLOSED | Classes::TIME | Classes::ADVERB) {
            return false;
        }
        let person = Classes::ROLE
            | Classes::ROLES
            | Classes::GROUP
            | Classes::DOCUMENT
            | Classes::ORGANIZATION
            | Classes::COMMUNICATION;
        let verb = (before.is(Classes::VERB) || self.is_past_cue(at - 1)) && !self.follows_opener(at - 1);
        // "people familiar | with the matter"
        let adjective = at >= 2 && before.case == Case::Lower && self.reading.tokens[at - 2].is(person);
        let named = self.names.ending_at(at).is_some_and(|name| name.kind == EntityKind::Person);
        self.reading.tokens[at].is(Classes::OF) && !verb || before.is(person) || !verb && adjective || named
    }

    /// Whether "and" at `at` joins two sources: "Russia and Ukraine".
    fn coordinates(&self, at: usize, end: usize) -> bool {
        let before = self.names.ending_at(at);
        let after = self.names.at(at + 1);
        let nouns = Classes::ROLES | Classes::GROUP;
        let plural = self.reading.tokens[at - 1].is(nouns) && self.reading.tokens[end - 1].is(nouns);
        before.is_some() && after.is_some() || plural
    }

    /// Whether token `at` is surely a finite verb.
    pub(crate) fn is_finite(&self, at: usize) -> bool {
        let token = &self.reading.tokens[at];
        token.case == Case::Lower
            && (token.is(Classes::AUXILIARY)
                || token.is(Classes::VERB) && !token.is(Classes::ROLE | Classes::TIME)
                || self.is_past_cue(at))
    }

    /// The noun phrase that begins at token `start`, up to `end`; with the words between commas after it, if `asides`.
    pub(crate) fn starting_at(&self, start: usize, end: usize, asides: bool) -> Option<Range<usize>> {
        let tokens = &self.reading.tokens;
        let end = end.min(start + MAX_PHRASE).min(tokens.len());
        let first = tokens.get(start).filter(|_| start < end)?;
        let next_opens = start + 1 < end
            && tokens[start + 1].is_word()
            && !tokens[start + 1].is(Classes::CLOSED | Classes::OPENER | Classes::TIME);
        let owner = first.is(Classes::POSSESSIVE) && next_opens;
        if first.is(Classes::SUBJECT | Classes::OBJECT) && !owner && self.names.at(start).is_none() {
            return Some(start..start + 1);
        }
        let mut at = start;
        while at < end && self.goes_on(start, at, end) {
            at = self.names.at(at).filter(|name| name.tokens.start == at).map_or(at + 1, |name| name.tokens.end);
        }
        if at == start || (start..at).all(|n| tokens[n].is(Classes::OPENER) && self.names.at(n).is_none()) {
            return None;
        }
        Some(start..if asides { self.after_asides(at, end) } else { at })
    }

    fn goes_on(&self, start: usize, at: usize, end: usize) -> bool {
        let token = &self.reading.tokens[at];
        let previous = (at > start).then(|| &self.reading.tokens[at - 1]);
        let after_link = previous
            .is_none_or(|token| token.is(Classes::COMPLEMENT | Classes::AND) || self.reading.is_possessive(at - 1));
        if !token.is_word() && !self.reading.is_possessive(at) {
            return token.is_mark('&')
                || self
                    .reading
                    .quote_at(at)
                    .is_some_and(|quote| quote.tokens.len() <= 5 && at > start && quote.tokens.end <= end);
        }
        if let Some(name) = self.names.at(at) {
            let before = at.checked_sub(1).and_then(|before| self.names.at(before));
            return name.tokens.start < at
                || after_link
                || before.is_none_or(|before| before.demonym || name.demonym) && !self.is_complete(start, at);
        }
        if self.reading.is_possessive(at) {
            return true;
        }
        if token.is(Classes::OPENER) && !token.is(Classes::SUBJECT) {
            // "the | two governments"
            return after_link || (start..at).all(|n| self.reading.tokens[n].is(Classes::OPENER));
        }
        if token.is(Classes::COMPLEMENT) && token.case == Case::Lower {
            let next = at + 1;
            // "urged both sides | to stop", "the ambassador to | Kyiv"
            let infinitive = token.is(Classes::TO)
                && next < end
                && !self.reading.tokens[next].is(Classes::OPENER)
                && self.names.at(next).is_none();
            return at > start && next < end && !infinitive && self.attaches(at) && self.opens_phrase(next);
        }
        if token.is(Classes::AND) {
            return at > start
                && at + 1 < end
                && self.names.ending_at(at).is_some()
                && self.names.starting_at(at + 1).is_some();
        }
        // "denied | reports": a plural after a verb is no verb.
        let plural = at == start && self.has_form(at, Form::Third);
        (plural || self.can_be_in_phrase(at, end, end)) && !(token.is(Classes::ADVERB))
    }

    /// "reporters | Kyiv would": a phrase about people or with a pronoun takes no bare name after it.
    fn is_complete(&self, start: usize, at: usize) -> bool {
        let before = &self.reading.tokens[at - 1];
        at > start && before.is_word() && before.is(Classes::GROUP | Classes::ROLES) && before.case == Case::Lower
    }

    fn opens_phrase(&self, at: usize) -> bool {
        let token = &self.reading.tokens[at];
        token.is_word()
            && (self.names.at(at).is_some() || token.is(Classes::OPENER) || !token.is(Classes::CLOSED | Classes::TIME))
    }

    /// ", whose brother was taken prisoner last May": up to the end or to the comma that closes it.
    fn after_asides(&self, at: usize, end: usize) -> usize {
        let tokens = &self.reading.tokens;
        let opens = at + 1 < end && tokens[at].is_mark(',') && self.reading.quote_at(at + 1).is_none();
        let relative = opens && tokens[at + 1].is(Classes::WH);
        let apposition = opens
            && (tokens[at + 1].is(Classes::OPENER | Classes::ROLE)
                || self.names.at(at + 1).is_some()
                || tokens[at + 1].case == Case::Number);
        if !relative && !apposition {
            return at;
        }
        let close = (at + 1..end).find(|&n| {
            tokens[n].mark.is_some_and(|mark| ",;:.—".contains(mark)) || self.reading.opens_quote(n).is_some()
        });
        let close = close.unwrap_or(end);
        let clause = self.has_clause(at + 1..close);
        if relative || !clause { close } else { at }
    }

    /// What the phrase is about.
    pub(crate) fn head(&self, phrase: &Range<usize>) -> Head<'r> {
        let tokens = &self.reading.tokens;
        let first = phrase.start;
        if phrase.len() <= 2 && tokens[first].is(Classes::SUBJECT | Classes::OBJECT) && self.names.at(first).is_none() {
            return Head::Pronoun(first);
        }
        if phrase.len() == 1 && tokens[first].is(Classes::WH) {
            return Head::Pronoun(first);
        }
        let end = self.core_end(phrase);
        if let Some(name) = self.names.ending_at(end).filter(|name| name.tokens.start >= phrase.start) {
            return Head::Name(name);
        }
        // "Mr Hovland himself", "Áine McGarrigle SC"
        if end > first + 1
            && (tokens[end - 1].is(Classes::OBJECT) || tokens[end - 1].case == Case::Upper)
            && let Some(name) = self.names.ending_at(end - 1)
        {
            return Head::Name(name);
        }
        let comma = (end..phrase.end).find(|&at| tokens[at].mark.is_some_and(|mark| ",—".contains(mark)));
        match comma.and_then(|comma| self.name_in_apposition(comma + 1, phrase.end)) {
            Some(name) => Head::Name(name),
            None => Head::Noun(self.noun_before(first, end)),
        }
    }

    /// "a dealer | accused of …", "people | briefed on …": the last noun that may speak, or else the last word.
    fn noun_before(&self, start: usize, end: usize) -> usize {
        let tokens = &self.reading.tokens;
        let nouns =
            Classes::ROLE | Classes::ROLES | Classes::GROUP | Classes::ORGANIZATION | Classes::DOCUMENT | Classes::SIDE;
        let last = &tokens[end - 1];
        if last.is(nouns) || last.case != Case::Lower || !self.is_past_participle(end - 1) {
            return end - 1;
        }
        (start..end - 1)
            .rev()
            .find(|&at| tokens[at].is(nouns) && !self.reading.is_possessive(at + 1))
            .unwrap_or(end - 1)
    }

    fn is_past_participle(&self, at: usize) -> bool {
        let verb = self.reading.tokens[at].is(Classes::VERB);
        verb || self.is_past_cue(at) || self.reading.written(at).ends_with("ed")
    }

    /// ", Walid Al Harthy,": a name that fills the words between two commas, perhaps after a title.
    fn name_in_apposition(&self, start: usize, end: usize) -> Option<&'r Name> {
        let close = (start..end)
            .find(|&at| self.reading.tokens[at].mark.is_some_and(|mark| ",(—".contains(mark)))
            .unwrap_or(end);
        let name = self.names.ending_at(close)?;
        let titled = (start..name.tokens.start).all(|at| {
            self.reading.tokens[at].is(Classes::ROLE | Classes::HONORIFIC) && self.reading.tokens[at].is_capital()
        });
        (name.tokens.start >= start && titled).then_some(name)
    }

    /// Where the core of a phrase ends: before a comma, a bracket, a preposition or a relative pronoun.
    pub(crate) fn core_end(&self, phrase: &Range<usize>) -> usize {
        let tokens = &self.reading.tokens;
        let inside_name = |at: usize| self.names.at(at).is_some_and(|name| name.tokens.start < at);
        let ends = |at: &usize| {
            let token = &tokens[*at];
            !inside_name(*at)
                && (token.mark.is_some_and(|mark| mark != '&')
                    && token.quote.is_none()
                    && !self.reading.is_possessive(*at)
                    || token.is(Classes::PREPOSITION | Classes::WH | Classes::AND | Classes::ADVERB)
                        && !token.is(Classes::ROLE)
                        && token.case != Case::Upper)
        };
        (phrase.start + 1..phrase.end).find(ends).unwrap_or(phrase.end)
    }
}

/// A relative clause without commas has no more tokens than this.
const MAX_RELATIVE: usize = 15;

/// A phrase of more tokens than this is cut.
const MAX_PHRASE: usize = 100;

/// An aside of more tokens than this is none.
const MAX_ASIDE: usize = 40;
