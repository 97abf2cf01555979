//! What happened, is under way or is planned: types of PLOVER, and MEDIATE and TRAVEL.
//!
//! `events.tsv` tells which words tell of an event; `find` looks at each of them in its sentence. `clause` tells from the
//! verb group whether it has happened, `parties` who takes part, `sides` whom a phrase means, `nouns` and `governor` both
//! for an event that a noun tells of, `unreal` whether it is a match, a film, a figure of speech; `setting` finds day and
//! place. `merge` makes one event of mentions that tell of the same.

mod clause;
mod governor;
mod merge;
mod nouns;
mod parties;
mod setting;
mod sides;
mod unreal;
mod verbs;
pub(crate) mod words;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use rapporteur_record::{Act, BlockKind, EntityKind, Event, Place as Where, Statement, Status, Time};

use crate::attribute::{Pattern, Report};
use crate::classes::Classes;
use crate::lang::Form;
use crate::names::Name;
use crate::phrases::Phrases;
use crate::reading::Reading;
use crate::resolve::Resolver;
use crate::tokens::Case;
use clause::{Clauses, Place};
use parties::{Parties, Side};
use unreal::Unreal;
use words::Trigger;

/// One place where an event is told.
#[derive(Clone, Debug)]
struct Mention<'t> {
    trigger: &'t Trigger,
    /// The type, where it is not the trigger's.
    kind: &'static str,
    tokens: Range<usize>,
    status: Status,
    actors: Vec<usize>,
    recipients: Vec<usize>,
    mediators: Vec<usize>,
    /// Index of a time.
    when: Option<usize>,
    place: Option<Where>,
    /// Those who take part were told beside it, and not only elsewhere.
    told: bool,
    /// A second piece of the trigger: "signed … | treaty", "the strike | was called off".
    also: Option<usize>,
    /// Where the body first tells what the title told.
    body: Option<Range<usize>>,
    /// Whether its words tell the status, and not only a default.
    sure: bool,
    /// In the title.
    title: bool,
    /// It only takes up what was told: "the deal".
    taken_up: bool,
}

/// The events of an article, their parties by number in the resolver's cast.
pub(crate) fn find(resolver: &mut Resolver, reports: &[Report], times: &[Time]) -> Vec<Event> {
    let phrases = resolver.phrases;
    let reading = phrases.reading;
    let clauses = Clauses { reading, names: phrases.names };
    let content_of = contents(reading, reports);
    let unreal = Unreal::new(clauses, times);
    let pair = pair(resolver);
    let figures = resolver.cast.figures.iter().enumerate();
    let known =
        figures.flat_map(|(number, figure)| figure.mentions.iter().map(move |m| (m.span.end(), number))).collect();
    let unquoted = reading.unquoted();
    let phrases = Phrases { reading: &unquoted, names: phrases.names };
    let mut by_sentence: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (number, report) in reports.iter().enumerate() {
        by_sentence.entry(report.sentence.start).or_default().push(number);
    }
    let parties = Parties {
        by_sentence,
        resolver,
        phrases,
        clauses,
        reports,
        content_of: &content_of,
        pair,
        forces: None,
        known,
    };
    let mut finder = Finder { parties, clauses, reports, content_of: &content_of, times, unreal, mentions: Vec::new() };
    for paragraph in &reading.paragraphs {
        if paragraph.kind == BlockKind::Caption {
            continue;
        }
        for sentence in paragraph.sentences.iter().flat_map(|sentence| said_sentences(reading, sentence)) {
            finder.sentence(&Place { sentence, kind: paragraph.kind });
        }
    }
    merge::merge(reading, finder.mentions, times)
}

/// Tells of each event which statement tells it: the innermost that holds its trigger.
pub(crate) fn assert(events: &mut [Event], statements: &[Statement]) {
    for event in events {
        let Some(trigger) = event.trigger.first() else { continue };
        let first = statements
            .partition_point(|other| other.content.first().is_some_and(|content| content.start() <= trigger.start()));
        let near =
            statements[first.saturating_sub(MAX_STATEMENTS)..(first + MAX_STATEMENTS).min(statements.len())].iter();
        let holding = near.filter_map(|statement| {
            let span = statement.content.iter().find(|span| span.contains(*trigger))?;
            Some((span.len(), statement.id))
        });
        event.asserted_by = holding.min().map(|(_, id)| id);
    }
}

/// The sentences within a quotation, which counts as one elsewhere.
fn said_sentences(reading: &Reading, sentence: &Range<usize>) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = sentence.start;
    for at in sentence.start..sentence.end.saturating_sub(1) {
        let (token, next) = (&reading.tokens[at], &reading.tokens[at + 1]);
        let stop = token.mark.is_some_and(|mark| ".!?…".contains(mark)) && token.quote.is_some();
        if stop && next.spaced && next.quote == token.quote && (next.is_capital() || !next.is_word()) {
            parts.push(start..at + 1);
            start = at + 1;
        }
    }
    if start < sentence.end {
        parts.push(start..sentence.end);
    }
    parts
}

/// For each token the report in whose content it stands, the innermost.
fn contents(reading: &Reading, reports: &[Report]) -> Vec<Option<u32>> {
    let mut of = vec![None; reading.tokens.len()];
    let mut order: Vec<(usize, usize, Range<usize>)> = Vec::new();
    for (number, report) in reports.iter().enumerate() {
        order.extend(report.content.iter().map(|content| (content.len(), number, content.clone())));
    }
    order.sort_by_key(|(len, number, _)| (Reverse(*len), *number));
    for (_, number, content) in order {
        of[content].fill(u32::try_from(number).ok());
    }
    of
}

/// The two parties whom an article is about: those that it names most often, together rather than apart.
fn pair(resolver: &Resolver) -> Vec<usize> {
    let (reading, names) = (resolver.phrases.reading, resolver.phrases.names);
    let party = |kind| matches!(kind, EntityKind::State | EntityKind::Organization | EntityKind::Group);
    // The United Nations and the like stand between sides.
    let common = |name: &Name| name.tokens.clone().all(|at| reading.tokens[at].is(Classes::ORGANIZATION));
    let neutral = |name: &Name| name.known.is_some() && name.country.is_none() || common(name);
    let of = |name: &Name| {
        let number = resolver.cast.of(name).filter(|_| !name.demonym);
        let state = |code| {
            let figures = &resolver.cast.figures;
            figures.iter().position(|figure| figure.kind == EntityKind::State && figure.country == Some(code))
        };
        let seat = number
            .is_none_or(|number| matches!(resolver.cast.figures[number].kind, EntityKind::State | EntityKind::Place));
        let itself =
            number.filter(|&number| party(resolver.cast.figures[number].kind) && !name.agency && !neutral(name));
        name.country.filter(|_| seat && !name.agency).and_then(state).or(itself)
    };
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    let mut together: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let mut last: Option<(usize, usize)> = None;
    let mut chained: Option<(usize, usize)> = None;
    for name in names.iter().take(MAX_PAIR) {
        let Some(number) = of(name) else { continue };
        *counts.entry(number).or_default() += 1;
        if let Some((end, other)) = last
            && other != number
            && end < name.tokens.start
        {
            let between = &reading.tokens[end..name.tokens.start];
            let joined = between.len() <= 6
                && between.iter().any(|token| token.is(Classes::AND) || token.is_mark(',') && between.len() == 1);
            let both = (other.min(number), other.max(number));
            match chained.filter(|_| joined) {
                // "Greece, Turkey and Britain" are three.
                Some(before) => *together.entry(before).or_insert(1) -= 1,
                None if joined => *together.entry(both).or_default() += 1,
                None => {}
            }
            chained = Some(both).filter(|_| joined && chained.is_none());
        }
        last = Some((name.tokens.end, number));
    }
    let mut most: Vec<(usize, usize)> = counts.iter().map(|(&number, &n)| (n, number)).collect();
    most.sort_by_key(|&(n, number)| (Reverse(n), number));
    most.truncate(MAX_RIVALS);
    let mut best: Option<(usize, [usize; 2])> = None;
    for (at, &(n, one)) in most.iter().enumerate() {
        for &(n_other, other) in &most[at + 1..] {
            let joint = together.get(&(one.min(other), one.max(other))).copied().unwrap_or(0);
            let kind = |number: usize| resolver.cast.figures[number].kind;
            let country = |number: usize| resolver.cast.figures[number].country;
            // A state and those who fight it at home.
            let at_home = if country(one).is_some() && country(one) == country(other) { 2 } else { 0 };
            let score = 2 * n.min(n_other) + n.max(n_other) + 6 * joint + at_home;
            let states = kind(one) == EntityKind::State && kind(other) == EntityKind::State;
            if best.is_none_or(|(most, _)| score > most) && (joint > 0 || n_other > 1 || states) {
                best = Some((score, [one, other]));
            }
        }
    }
    best.map_or_else(Vec::new, |(_, pair)| pair.to_vec())
}

struct Finder<'s, 'p, 'r, 'a> {
    parties: Parties<'s, 'p, 'r, 'a>,
    clauses: Clauses<'r, 'a>,
    reports: &'s [Report],
    content_of: &'s [Option<u32>],
    times: &'s [Time],
    unreal: Unreal<'r, 'a>,
    mentions: Vec<Mention<'r>>,
}

impl<'r> Finder<'_, '_, 'r, '_> {
    fn sentence(&mut self, place: &Place) {
        let first = self.mentions.len();
        let mut at = place.sentence.start;
        let mut used = Vec::new();
        while at < place.sentence.end {
            let found = self.at(at, place, &mut used);
            at = found.as_ref().map_or(at + 1, |mention| mention.tokens.end);
            self.mentions.extend(found);
        }
        if self.mentions.len() > first {
            let mentions = &mut self.mentions[first..];
            setting::settle(&mut self.parties, self.content_of, self.times, place, mentions);
        }
    }

    /// What token `at` tells of.
    fn at(&mut self, at: usize, place: &Place, used: &mut Vec<usize>) -> Option<Mention<'r>> {
        let reading = self.clauses.reading;
        let token = &reading.tokens[at];
        let word = token.word.filter(|word| !word.events.triggers.is_empty())?;
        if self.clauses.names.at(at).is_some() || token.case == Case::Upper && token.span.len() < 6 {
            return None;
        }
        let group = self.clauses.group(at, place.sentence.start);
        let mut fitting = Vec::new();
        for (number, form) in &word.events.triggers {
            let trigger = reading.lexicon.trigger(*number);
            let end = at + 1 + trigger.rest.len();
            if end > place.sentence.end || !self.clauses.follow(at + 1, &trigger.rest) {
                continue;
            }
            let fits = match trigger.verb {
                true => self.clauses.is_verb(at, *form, &group, place),
                false => !self.is_only_verb(at, &group, place),
            };
            if !fits {
                continue;
            }
            let passive = self.is_passive(&(at..end), *form, &group);
            let with =
                if trigger.with.is_empty() { None } else { self.with(trigger, &(at..end), &group, passive, place) };
            if trigger.with.is_empty() || with.is_some() {
                let distance = with.map_or(usize::MAX, |with| with.abs_diff(at));
                fitting.push((Reverse(trigger.rest.len()), distance, trigger, *form, with));
            }
        }
        fitting.sort_by_key(|(words, distance, ..)| (*words, *distance));
        for (_, _, trigger, form, with) in fitting {
            let tokens = at..at + 1 + trigger.rest.len();
            if trigger.kind.is_empty() {
                used.extend(tokens);
                return None;
            }
            if used.contains(&at) {
                continue;
            }
            let found = match trigger.verb {
                true => self.verb(trigger, tokens, (form, with), &group, place, used),
                false => self.noun(trigger, tokens, place),
            };
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// Whether a word that is also a noun stands here as a verb.
    fn is_only_verb(&self, at: usize, group: &clause::Group, place: &Place) -> bool {
        let forms = self.clauses.reading.tokens[at].word.map_or(&[][..], |word| word.events.forms.as_slice());
        forms.iter().any(|&form| self.clauses.is_verb(at, form, group, place))
    }

    /// What the statement in which it is told makes of a status.
    fn in_content(&self, at: usize, form: Option<Form>, status: Status) -> Status {
        let Some(report) = self.content_of[at].map(|number| &self.reports[number as usize]) else { return status };
        let happened = matches!(status, Status::Past | Status::Ongoing);
        let quoted = self.clauses.reading.tokens[at].quote.is_some()
            && report.cue.as_ref().is_none_or(|cue| self.clauses.reading.tokens[cue.start].quote.is_none());
        match report.act {
            Act::Deny if !quoted && status != Status::Denied => Status::Denied,
            Act::Demand | Act::Request if form == Some(Form::Base) && happened => Status::Demanded,
            Act::Demand | Act::Request if form.is_none() && report.pattern == Pattern::Noun && happened => {
                Status::Demanded
            }
            Act::Demand | Act::Request if form == Some(Form::Base) && status == Status::Planned => Status::Demanded,
            Act::Threaten if status == Status::Planned => Status::Conditional,
            Act::Offer | Act::Promise if status == Status::Ongoing => Status::Planned,
            Act::Ask if status == Status::Ongoing || status == Status::Planned => Status::Conditional,
            _ => status,
        }
    }

    /// Whether those who speak or act are a body, a state, or its head.
    fn collective(&self, side: &Side) -> bool {
        let Side::Parties(parties) = side else { return false };
        parties.iter().any(|&number| {
            let figure = &self.parties.resolver.cast.figures[number];
            let head = figure.roles.iter().any(|office| {
                let words = office.title.to_lowercase();
                words.split(' ').any(|word| {
                    let word = self.clauses.reading.lexicon.get(word);
                    word.is_some_and(|word| word.events.marks.any(words::Marks::HEAD_OF_STATE))
                })
            });
            head || matches!(figure.kind, EntityKind::State | EntityKind::Organization | EntityKind::Group)
        })
    }
}

/// So many statements on either side of a trigger are asked whether they tell it.
const MAX_STATEMENTS: usize = 64;

/// The pair whom an article is about is looked for among so many names.
const MAX_PAIR: usize = 600;

/// So many parties may be of that pair.
const MAX_RIVALS: usize = 16;
