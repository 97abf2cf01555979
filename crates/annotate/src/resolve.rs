//! Who is meant: the entity behind a source, an addressee or a relay.
//!
//! A name is its entity. A role noun is the person who has that role ("Zelensky's aide", "the envoy"), or somebody
//! new who is called by the description ("a Turkish diplomat"). Whom a pronoun means, and a role noun that
//! fits nobody's role, is asked of `antecedents`. What fits nobody stays open.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use rapporteur_record::{EntityKind, Form, Mention};

use crate::antecedents::{Anaphor, Antecedents, Described, Found, Question, Search, is_first_person};
use crate::attribute::{Pattern, Report};
use crate::classes::Classes;
use crate::entities::{Cast, Figure, Office, office, one_line};
use crate::names::Name;
use crate::phrases::{Head, Phrases};
use crate::tokens::{Case, Token};

/// Tells who is meant, report by report in the order of the text.
pub(crate) struct Resolver<'p, 'r, 'a> {
    pub(crate) phrases: &'p Phrases<'r, 'a>,
    pub(crate) cast: Cast,
    /// Those who spoke so far, by the first token of the source that named them.
    speakers: BTreeMap<usize, Vec<usize>>,
    /// Those who have no name, by their description in lower case.
    described: HashMap<String, usize>,
    /// Groups without a name, by their noun in lower case; the last one of each.
    groups: HashMap<String, usize>,
    /// What was said, by its first token: its end and, if it is one, its speaker.
    contents: BTreeMap<usize, (usize, Option<usize>)>,
    /// The turns of a transcript, by the same.
    turns: BTreeMap<usize, (usize, Option<usize>)>,
    /// Why a pronoun or role noun is who it is, in the order in which they were asked for.
    pub(crate) antecedents: Vec<Antecedents>,
}

impl<'p, 'r, 'a> Resolver<'p, 'r, 'a> {
    pub(crate) fn new(phrases: &'p Phrases<'r, 'a>, cast: Cast) -> Self {
        Resolver {
            phrases,
            cast,
            speakers: BTreeMap::new(),
            described: HashMap::new(),
            groups: HashMap::new(),
            contents: BTreeMap::new(),
            turns: BTreeMap::new(),
            antecedents: Vec::new(),
        }
    }

    /// Those who speak in a report; several where they speak jointly.
    pub(crate) fn speakers(&mut self, report: &Report) -> Vec<usize> {
        let source = report.named.as_ref().or(report.source.as_ref());
        let Some(source) = source.and_then(|source| self.trimmed(source)) else { return Vec::new() };
        let source = &source;
        let found = match self.joint(source) {
            Some(all) => all,
            None => self.entity(source, report).into_iter().collect(),
        };
        let found: Vec<usize> = found.into_iter().map(|number| self.state_of(number)).collect();
        let alone = if let [speaker] = found[..] { Some(speaker) } else { None };
        for content in &report.content {
            self.contents.insert(content.start, (content.end, alone));
            if report.pattern == Pattern::Turn {
                self.turns.insert(content.start, (content.end, alone));
            }
        }
        if !found.is_empty() {
            self.speakers.entry(source.start).or_default().extend(&found);
        }
        found
    }

    /// "Kyiv said": the state, where the article names it.
    pub(crate) fn state_of(&self, number: usize) -> usize {
        let figure = &self.cast.figures[number];
        if figure.kind != EntityKind::Place || figure.country.is_none() {
            return number;
        }
        let state = |other: &Figure| other.kind == EntityKind::State && other.country == figure.country;
        self.cast.figures.iter().position(state).unwrap_or(number)
    }

    /// A source without marks, prepositions and conjunctions before it: whoever finds sources may give them, too.
    fn trimmed(&self, source: &Range<usize>) -> Option<Range<usize>> {
        let tokens = &self.phrases.reading.tokens;
        let stray = |at: &usize| {
            let link = Classes::PREPOSITION | Classes::AND | Classes::BUT;
            let small = tokens[*at].case != Case::Upper && self.phrases.names.at(*at).is_none();
            !tokens[*at].is_word() || small && tokens[*at].is(link) && !tokens[*at].is(Classes::ROLE)
        };
        let start = source.clone().find(|at| !stray(at))?;
        Some(start..source.end)
    }

    /// "Britain and France", "both sides": each of them.
    fn joint(&mut self, source: &Range<usize>) -> Option<Vec<usize>> {
        let tokens = &self.phrases.reading.tokens;
        let names = self.phrases.names;
        let listed = source.clone().any(|at| {
            tokens[at].is(Classes::AND) && names.ending_at(at).is_some() && names.starting_at(at + 1).is_some()
        });
        if listed {
            let inside = names.iter_in(source.clone()).filter(|name| !name.demonym);
            return Some(inside.filter_map(|name| self.cast.of(name)).collect());
        }
        let end = self.phrases.core_end(source);
        let collective = tokens[end - 1].is(Classes::COLLECTIVE)
            && tokens[source.start].is(Classes::DETERMINER)
            && end - source.start <= 3;
        if !collective {
            return None;
        }
        let pair = self.listed_before(source.start)?;
        Some(pair)
    }

    /// The two of the nearest "A and B" before token `at`.
    fn listed_before(&self, at: usize) -> Option<Vec<usize>> {
        let names = self.phrases.names;
        let parties =
            |name: &&Name| matches!(name.kind, EntityKind::State | EntityKind::Organization | EntityKind::Group);
        (at.saturating_sub(MAX_LISTED).max(1)..at)
            .rev()
            .filter(|&and| {
                self.phrases.reading.tokens[and].is(Classes::AND) || self.phrases.reading.tokens[and].is_mark(',')
            })
            .find_map(|and| {
                let (first, second) =
                    (names.ending_at(and).filter(parties)?, names.starting_at(and + 1).filter(parties)?);
                Some(vec![self.cast.of(first)?, self.cast.of(second)?])
            })
    }

    /// The entity that a phrase means.
    pub(crate) fn entity(&mut self, phrase: &Range<usize>, report: &Report) -> Option<usize> {
        self.meant(phrase, &report.content)
    }

    /// The entity that a phrase means; whom the speaker of `content` names in quotation marks is not meant.
    pub(crate) fn meant(&mut self, phrase: &Range<usize>, content: &[Range<usize>]) -> Option<usize> {
        // "One of | them": the group speaks through one that it has.
        let tokens = &self.phrases.reading.tokens;
        let rest = phrase.start + 2..phrase.end;
        let part = rest.len() == 1 && tokens[phrase.start].is(Classes::DETERMINER);
        if part && tokens[rest.start - 1].is(Classes::OF) && tokens[rest.start].is(Classes::OBJECT) {
            return self.last_group().or_else(|| self.meant(&rest, content));
        }
        let (number, form) = match self.phrases.head(phrase) {
            Head::Name(name) => (self.cast.of(name)?, None),
            Head::Pronoun(at) => (self.pronoun(at, content)?, Some(Form::Pronoun)),
            Head::Noun(at) => (self.nominal(phrase, at, content)?, Some(Form::Nominal)),
        };
        if let Some(form) = form {
            let core = phrase.start..self.phrases.core_end(phrase);
            let span = self.phrases.reading.span(if form == Form::Pronoun { phrase } else { &core });
            let figure = &mut self.cast.figures[number];
            figure.mentions.push(Mention { span, form });
        }
        Some(number)
    }

    /// The group without a name that was mentioned last.
    fn last_group(&self) -> Option<usize> {
        let last = |number: usize| self.cast.figures[number].mentions.iter().map(|mention| mention.span.start()).max();
        self.groups.values().copied().max_by_key(|&number| (last(number), number))
    }

    /// The entity of a report's source, which was found before.
    pub(crate) fn quiet(&self, source: &Range<usize>) -> Option<usize> {
        let found = self.speakers.range(source.start..source.end).next();
        found.and_then(|(_, speakers)| speakers.first().copied())
    }

    /// The entity of a phrase that is a name, without looking further.
    pub(crate) fn named(&self, phrase: &Range<usize>) -> Option<usize> {
        match self.phrases.head(phrase) {
            Head::Name(name) => self.cast.of(name),
            _ => None,
        }
    }

    fn pronoun(&mut self, at: usize, content: &[Range<usize>]) -> Option<usize> {
        let token = self.phrases.reading.tokens[at];
        if token.is(Classes::WH) {
            return self.relative(at, content);
        }
        if is_first_person(self.phrases.reading, at) {
            return self.quoted(at);
        }
        let found = self.ranked(&(at..at + 1), content, None)?;
        let gender = token.classes & GENDERS;
        if gender.any(GENDERS) {
            self.cast.figures[found].gender |= gender;
            self.cast.figures[found].kind = EntityKind::Person;
        }
        Some(found)
    }

    /// "Adair, | who said": the phrase before.
    fn relative(&mut self, at: usize, content: &[Range<usize>]) -> Option<usize> {
        let reading = self.phrases.reading;
        let sentence = reading.sentence_at(at)?;
        let comma = usize::from(at > sentence.start && reading.tokens[at - 1].is_mark(','));
        let phrase = self.phrases.ending_at(at - comma, sentence.start)?;
        match self.phrases.head(&phrase) {
            Head::Pronoun(_) => None,
            Head::Name(_) | Head::Noun(_) => self.meant(&phrase, content),
        }
    }

    /// “I told him so,” she said: who says the words that "I" stands in.
    pub(crate) fn quoted(&self, at: usize) -> Option<usize> {
        let holding = self.contents.range(..=at).rev().take(MAX_HOLDING).find(|(_, (end, _))| at < *end);
        holding.and_then(|(_, (_, speaker))| *speaker)
    }

    /// Whether the source of a report is an "I" inside a quotation, so that the statement around it has to come first.
    pub(crate) fn is_first_person(&self, report: &Report) -> bool {
        let reading = self.phrases.reading;
        report.source.as_ref().is_some_and(|source| {
            source.len() <= 2 && is_first_person(reading, source.start) && reading.tokens[source.start].quote.is_some()
        })
    }

    /// Who of those before is meant by a pronoun or a role noun, as the learnt weights tell.
    fn ranked(&mut self, phrase: &Range<usize>, content: &[Range<usize>], described: Option<&Office>) -> Option<usize> {
        let found = self.question(phrase, content)?;
        let reading = self.phrases.reading;
        let definite = described.filter(|_| reading.tokens[phrase.start].is(Classes::DEFINITE));
        let fits = |figure| definite.is_some_and(|office| reading.lexicon.kinds.fits(&self.cast, figure, office));
        let best = found.candidates.first().filter(|best| best.score > found.least);
        let chosen =
            found.candidates.iter().find(|one| definite.is_some() && one.agency_too() || fits(one.figure)).or(best);
        let chosen = chosen.map(|one| one.figure);
        let candidates = found.candidates.iter().take(MAX_TOLD).map(|one| (one.figure, one.score)).collect();
        self.antecedents.push(Antecedents { phrase: phrase.clone(), candidates });
        chosen
    }

    /// Whom a pronoun or role noun may mean; `None` where nobody before it is looked for.
    pub(crate) fn question(&self, phrase: &Range<usize>, content: &[Range<usize>]) -> Option<Found> {
        let reading = self.phrases.reading;
        let search = Search {
            phrases: self.phrases,
            cast: &self.cast,
            speakers: &self.speakers,
            contents: &self.contents,
            turns: &self.turns,
        };
        let weights = &reading.lexicon.antecedents;
        // Neither whom the phrase itself names, "Adair's aide", nor whom the speaker names in quoted words.
        let quoted = content.iter().map(|content| content.start..content.end.min(content.start + MAX_QUOTED));
        let quoted = quoted.flat_map(|range| self.phrases.names.iter_in(range));
        let quoted = quoted.filter(|name| reading.tokens[name.tokens.start].quote.is_some());
        // Nor who speaks in a turn of a transcript: he is "I" there.
        let turn = self.turns.range(..=phrase.start).next_back().filter(|(_, (end, _))| phrase.start < *end);
        let turn = turn.and_then(|(_, (_, speaker))| *speaker);
        let inside: Vec<usize> = self
            .phrases
            .names
            .iter_in(phrase.clone())
            .chain(quoted)
            .filter_map(|name| self.cast.of(name))
            .chain(turn)
            .collect();
        let mut question = Question {
            anaphor: Anaphor::Person,
            at: phrase.start,
            gender: Classes::default(),
            content,
            not: &inside,
            described: None,
        };
        match self.phrases.head(phrase) {
            Head::Name(_) => None,
            Head::Pronoun(at) => {
                let token = &reading.tokens[at];
                let capital = token.case == Case::Capital && reading.written(at).len() == 1;
                if token.is(Classes::WH | Classes::FIRST_PERSON) || capital {
                    return None;
                }
                question.gender = token.classes & GENDERS;
                question.anaphor = match () {
                    () if question.gender.any(GENDERS) => Anaphor::Person,
                    () if token.is(Classes::PLURAL) => Anaphor::Several,
                    () => Anaphor::Thing,
                };
                Some(search.find(&question, weights))
            }
            Head::Noun(at) => {
                let token = &reading.tokens[at];
                let first = &reading.tokens[phrase.start];
                question.anaphor = match () {
                    () if is_indefinite(first) => return None,
                    () if token.is(Classes::ROLE) => Anaphor::Role,
                    () if token.is(Classes::ORGANIZATION) => Anaphor::Body,
                    () => return None,
                };
                question.gender = token.classes & GENDERS;
                let described = office(self.phrases, phrase, at + 1)?;
                question.described = Some(Described {
                    office: &described,
                    passes_on: token.is(Classes::MEDIA),
                    definite: first.is(Classes::DEFINITE),
                    bare: at == phrase.start + 1 && phrase.end == at + 1,
                });
                Some(search.find(&question, weights))
            }
        }
    }

    /// "Zelensky's aide", "the envoy", "a Turkish diplomat", "the ministry"
    fn nominal(&mut self, phrase: &Range<usize>, head: usize, content: &[Range<usize>]) -> Option<usize> {
        let reading = self.phrases.reading;
        let described = office(self.phrases, phrase, head + 1)?;
        if let Some(state) = self.side(phrase, head) {
            return Some(state);
        }
        let first = &reading.tokens[phrase.start];
        // "people briefed on the plan", later "the people"
        let bare = first.is(Classes::DEFINITE) && head == phrase.start + 1 && self.phrases.core_end(phrase) == head + 1;
        if let Some(&group) = self.groups.get(&described.noun).filter(|_| bare) {
            return Some(group);
        }
        if !is_indefinite(first) {
            let recent = self.cast.figures.len().saturating_sub(MAX_FIGURES);
            let holders =
                self.cast.figures.iter().enumerate().skip(recent).filter(|(_, figure)| holds(figure, &described));
            let here = reading.tokens[phrase.start].span.start();
            let last = |figure: &Figure| {
                figure.mentions.iter().rev().map(|mention| mention.span.start()).find(|&at| at < here)
            };
            let best = holders
                .max_by_key(|(number, figure)| (last(figure), std::cmp::Reverse(*number)))
                .map(|(number, _)| number);
            let best = best.or_else(|| self.ranked(phrase, content, Some(&described)));
            if best.is_some() {
                return best;
            }
        }
        Some(self.describe(phrase, head, described))
    }

    /// "the British side": the state.
    fn side(&mut self, phrase: &Range<usize>, head: usize) -> Option<usize> {
        let reading = self.phrases.reading;
        let name = head.checked_sub(1).filter(|&at| at >= phrase.start).and_then(|at| self.phrases.names.at(at))?;
        let side = reading.tokens[head].is(Classes::SIDE) && name.kind == EntityKind::State;
        self.state(name.country.filter(|_| side)?)
    }

    /// The state of a code, which the article may name only by its seat or nationality.
    pub(crate) fn state(&mut self, country: &'static str) -> Option<usize> {
        let state = |figure: &Figure| figure.kind == EntityKind::State && figure.country == Some(country);
        if let Some(number) = self.cast.figures.iter().position(state) {
            return Some(number);
        }
        let name = self.phrases.reading.lexicon.state(country)?;
        self.cast.figures.push(Figure {
            kind: EntityKind::State,
            name: name.to_owned(),
            roles: Vec::new(),
            country: Some(country),
            gender: Classes::default(),
            members: Vec::new(),
            mentions: Vec::new(),
        });
        Some(self.cast.figures.len() - 1)
    }

    /// A new entity that is called by its description.
    fn describe(&mut self, phrase: &Range<usize>, head: usize, described: Office) -> usize {
        let reading = self.phrases.reading;
        let name = one_line(reading.words(&(phrase.start..self.description_end(phrase))));
        let name = if reading.tokens[phrase.start].is(Classes::OPENER) { small_initial(&name) } else { name };
        let key = name.to_lowercase();
        let same = self.described.get(&key).filter(|_| !reading.tokens[head].is(Classes::ROLE));
        if let Some(number) = same.copied().or_else(|| self.spelt_alike(&name)) {
            return number;
        }
        let token = &reading.tokens[head];
        // "people familiar with the plan"
        let group = (phrase.start..=head).find(|&at| reading.tokens[at].is(Classes::ROLES | Classes::GROUP));
        let adjective = !token.is(Classes::ORGANIZATION | Classes::DOCUMENT | Classes::COMMUNICATION);
        let kind = match () {
            () if token.is(Classes::ROLE) => EntityKind::Person,
            () if token.is(Classes::ROLES | Classes::GROUP) => EntityKind::Group,
            () if group == Some(phrase.start) && adjective => EntityKind::Group,
            () if token.is(Classes::ORGANIZATION) && !token.is(Classes::DOCUMENT) => EntityKind::Organization,
            () if token.is(Classes::DOCUMENT | Classes::COMMUNICATION) => EntityKind::Work,
            () => EntityKind::Other,
        };
        let gender = token.classes & (Classes::MASCULINE | Classes::FEMININE);
        if let Some(noun) = group.filter(|_| kind == EntityKind::Group) {
            self.groups.insert(reading.written(noun).to_lowercase(), self.cast.figures.len());
        }
        self.described.insert(key, self.cast.figures.len());
        let country = described.country;
        let roles = if kind == EntityKind::Person { vec![described] } else { Vec::new() };
        self.cast.figures.push(Figure {
            kind,
            name,
            roles,
            country,
            gender,
            members: Vec::new(),
            mentions: Vec::new(),
        });
        self.cast.figures.len() - 1
    }

    /// "Tavita Seumalo:", "TS:" in a transcript: the person of that name or those initials.
    fn spelt_alike(&self, name: &str) -> Option<usize> {
        let capital = |word: &str| word.chars().next().is_some_and(char::is_uppercase);
        let letters = name.chars().count() <= 3 && name.chars().all(char::is_uppercase);
        let initials =
            |figure: &Figure| figure.name.split(' ').filter_map(|word| word.chars().next()).collect::<String>();
        let alike = |figure: &Figure| {
            figure.name == name || letters && figure.kind == EntityKind::Person && initials(figure) == name
        };
        if !name.split(' ').all(capital) {
            return None;
        }
        self.cast.figures.iter().take(MAX_FIGURES).position(alike)
    }

    /// A description goes on over "of the army delegation" and stops at a comma or a clause.
    fn description_end(&self, phrase: &Range<usize>) -> usize {
        let tokens = &self.phrases.reading.tokens;
        let stops = |at: &usize| {
            tokens[*at].mark.is_some_and(|mark| mark != '&' && tokens[*at].quote.is_none())
                && !self.phrases.reading.is_possessive(*at)
                || tokens[*at].is(Classes::WH)
        };
        (phrase.start + 1..phrase.end).find(stops).unwrap_or(phrase.end)
    }
}

/// Whether somebody has the office that is described: the same noun, of the same state or person where both are told.
pub(crate) fn holds(figure: &Figure, described: &Office) -> bool {
    let organization = figure.kind == EntityKind::Organization
        && figure.name.to_lowercase().split(' ').next_back() == Some(described.noun.as_str());
    let office = figure.roles.iter().any(|office| {
        let owner = match (&office.of, &described.of) {
            (Some(a), Some(b)) => {
                let names = a.ends_with(b.as_str()) || b.ends_with(a.as_str());
                names || office.country.is_some() && office.country == described.country
            }
            _ => true,
        };
        office.noun == described.noun && owner && agrees(&office.title, &described.title)
    });
    organization && described.of.is_none() || office
}

/// Whether a phrase that begins with this token speaks of somebody new.
fn is_indefinite(first: &Token) -> bool {
    first.is(Classes::ARTICLE) && !first.is(Classes::DEFINITE) || first.is(Classes::OTHER_PRONOUN)
}

/// "A Turkish diplomat" at the start of a sentence is "a Turkish diplomat".
fn small_initial(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// "the deputy minister" is no "foreign minister"; "the minister" may be.
fn agrees(title: &str, described: &str) -> bool {
    let words = |text: &str| text.to_lowercase().split(' ').map(str::to_owned).collect::<Vec<_>>();
    let (full, short) = (words(title), words(described));
    short.iter().all(|word| full.contains(word)) || full.iter().all(|word| short.contains(word))
}

/// "Both sides" looks back over no more tokens than this for the two.
const MAX_LISTED: usize = 2000;

/// A role noun is compared with no more entities than this.
const MAX_FIGURES: usize = 300;

/// Names are looked for in so many tokens of a quotation.
const MAX_QUOTED: usize = 200;

/// So many candidates are told of.
const MAX_TOLD: usize = 4;

/// An "I" is looked for in no more contents that begin before it than this.
const MAX_HOLDING: usize = 8;

const GENDERS: Classes = Classes::GENDERS;
