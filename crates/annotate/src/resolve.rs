//! Who is meant: the entity behind a source, an addressee or a relay.
//!
//! A name is its entity. A role noun is the person who has that role ("Zelensky's aide", "the envoy"), or somebody
//! new who is called by the description ("a Turkish diplomat"). A pronoun is the person who fits in gender and was
//! last a source or the subject of a sentence. What fits nobody stays open.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use rapporteur_record::{EntityKind, Form, Mention};

use crate::attribute::Report;
use crate::classes::Classes;
use crate::entities::{Cast, Figure, office, one_line};
use crate::names::Name;
use crate::phrases::{Head, Phrases};
use crate::tokens::Case;

/// Tells who is meant, report by report in the order of the text.
pub(crate) struct Resolver<'p, 'r, 'a> {
    pub(crate) phrases: &'p Phrases<'r, 'a>,
    pub(crate) cast: Cast,
    /// Those who spoke so far, by the first token of the source that named them.
    speakers: BTreeMap<usize, Vec<usize>>,
    /// Those who have no name, by their description in lower case.
    described: HashMap<String, usize>,
}

impl<'p, 'r, 'a> Resolver<'p, 'r, 'a> {
    pub(crate) fn new(phrases: &'p Phrases<'r, 'a>, cast: Cast) -> Self {
        Resolver { phrases, cast, speakers: BTreeMap::new(), described: HashMap::new() }
    }

    /// Those who speak in a report; several where they speak jointly.
    pub(crate) fn speakers(&mut self, report: &Report) -> Vec<usize> {
        let Some(source) = report.named.as_ref().or(report.source.as_ref()) else { return Vec::new() };
        let found = match self.joint(source) {
            Some(all) => all,
            None => self.entity(source, report).into_iter().collect(),
        };
        let found: Vec<usize> = found.into_iter().map(|number| self.state_of(number)).collect();
        if !found.is_empty() {
            self.speakers.entry(source.start).or_default().extend(&found);
        }
        found
    }

    /// "Kyiv said": the state, where the article names it.
    fn state_of(&self, number: usize) -> usize {
        let figure = &self.cast.figures[number];
        if figure.kind != EntityKind::Place || figure.country.is_none() {
            return number;
        }
        let state = |other: &Figure| other.kind == EntityKind::State && other.country == figure.country;
        self.cast.figures.iter().position(state).unwrap_or(number)
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
        let (number, form) = match self.phrases.head(phrase) {
            Head::Name(name) => (self.cast.of(name)?, None),
            Head::Pronoun(at) => (self.pronoun(at, report)?, Some(Form::Pronoun)),
            Head::Noun(at) => (self.nominal(phrase, at, report)?, Some(Form::Nominal)),
        };
        if let Some(form) = form {
            let core = phrase.start..self.phrases.core_end(phrase);
            let span = self.phrases.reading.span(if form == Form::Pronoun { phrase } else { &core });
            let figure = &mut self.cast.figures[number];
            figure.mentions.push(Mention { span, form });
        }
        Some(number)
    }

    /// The entity of a phrase that is a name, without looking further.
    pub(crate) fn named(&self, phrase: &Range<usize>) -> Option<usize> {
        match self.phrases.head(phrase) {
            Head::Name(name) => self.cast.of(name),
            _ => None,
        }
    }

    fn pronoun(&mut self, at: usize, report: &Report) -> Option<usize> {
        let token = self.phrases.reading.tokens[at];
        let gender = token.classes & (Classes::MASCULINE | Classes::FEMININE);
        if gender == Classes::default() {
            return self.impersonal(at, report);
        }
        let found = self.last_subject(at, report, |figure| {
            let known = figure.gender & (Classes::MASCULINE | Classes::FEMININE);
            let someone = figure.kind == EntityKind::Person || figure.kind == EntityKind::Other && is_named(figure);
            someone && (known == Classes::default() || known.any(gender))
        })?;
        self.cast.figures[found].gender |= gender;
        self.cast.figures[found].kind = EntityKind::Person;
        Some(found)
    }

    /// "it" is a body or a state that spoke before; "they" a group or several.
    fn impersonal(&self, at: usize, report: &Report) -> Option<usize> {
        let plural = self.phrases.reading.tokens[at].is(Classes::PLURAL);
        let first_or_second = !plural
            && self.phrases.reading.tokens[at].case == Case::Capital
            && self.phrases.reading.written(at).len() == 1;
        if first_or_second || self.phrases.reading.tokens[at].is(Classes::WH) {
            return None;
        }
        self.last_subject(at, report, |figure| match figure.kind {
            EntityKind::Group => plural,
            EntityKind::Organization | EntityKind::State | EntityKind::Work => !plural,
            _ => false,
        })
    }

    /// Who that fits was last a source, or else named first in a sentence, going back from token `at`.
    fn last_subject(&self, at: usize, report: &Report, fits: impl Fn(&Figure) -> bool) -> Option<usize> {
        let reading = self.phrases.reading;
        let paragraph = reading.paragraphs.partition_point(|paragraph| paragraph.tokens.end <= at);
        let in_content = |token: usize| report.content.iter().any(|content| content.contains(&token));
        for paragraph in reading.paragraphs[..=paragraph.min(reading.paragraphs.len() - 1)].iter().rev().take(MAX_BACK)
        {
            let before = paragraph.sentences.partition_point(|sentence| sentence.start <= at);
            for sentence in paragraph.sentences[..before].iter().rev().take(MAX_SENTENCES) {
                let spoke = self.speakers.range(sentence.start..sentence.end.min(at)).flat_map(|(_, numbers)| numbers);
                if let Some(&number) = spoke.into_iter().find(|&&number| fits(&self.cast.figures[number])) {
                    return Some(number);
                }
                let named = self.phrases.names.iter_in(sentence.start..sentence.end.min(at)).filter(|name| {
                    !name.demonym
                        && reading.tokens[name.tokens.start].quote.is_none()
                        && !in_content(name.tokens.start)
                        && !self.owns(name)
                });
                let found =
                    named.filter_map(|name| self.cast.of(name)).find(|&number| fits(&self.cast.figures[number]));
                if found.is_some() {
                    return found;
                }
            }
        }
        None
    }

    /// "Zelensky's | aide": the name only says whose.
    fn owns(&self, name: &Name) -> bool {
        let next = name.tokens.end;
        next < self.phrases.reading.tokens.len() && self.phrases.reading.is_possessive(next)
    }

    /// "Zelensky's aide", "the envoy", "a Turkish diplomat", "the ministry"
    fn nominal(&mut self, phrase: &Range<usize>, head: usize, report: &Report) -> Option<usize> {
        let reading = self.phrases.reading;
        let token = &reading.tokens[head];
        let described = office(self.phrases, phrase, head + 1)?;
        let first = &reading.tokens[phrase.start];
        let indefinite = first.is(Classes::ARTICLE) && !first.is(Classes::DEFINITE) || first.is(Classes::OTHER_PRONOUN);
        if !indefinite {
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
            if best.is_some() {
                return best;
            }
            let bare = first.is(Classes::DEFINITE) && head == phrase.start + 1;
            if bare && token.is(Classes::ORGANIZATION) {
                let body = self.last_subject(phrase.start, report, |figure| figure.kind == EntityKind::Organization);
                if body.is_some() {
                    return body;
                }
            }
            if bare && token.is(Classes::ROLE) {
                let speaker = self.last_subject(phrase.start, report, |figure| {
                    figure.kind == EntityKind::Person && figure.roles.is_empty()
                });
                if speaker.is_some() {
                    return speaker;
                }
            }
        }
        Some(self.describe(phrase, head, described))
    }

    /// A new entity that is called by its description.
    fn describe(&mut self, phrase: &Range<usize>, head: usize, described: crate::entities::Office) -> usize {
        let reading = self.phrases.reading;
        let name = one_line(reading.words(&(phrase.start..self.description_end(phrase))));
        let name = if reading.tokens[phrase.start].is(Classes::OPENER) { small_initial(&name) } else { name };
        let key = name.to_lowercase();
        let same = self.described.get(&key).filter(|_| !reading.tokens[head].is(Classes::ROLE));
        if let Some(&number) = same {
            return number;
        }
        let token = &reading.tokens[head];
        let kind = match () {
            () if token.is(Classes::ROLE) => EntityKind::Person,
            () if token.is(Classes::ROLES | Classes::GROUP) => EntityKind::Group,
            () if token.is(Classes::ORGANIZATION) && !token.is(Classes::DOCUMENT) => EntityKind::Organization,
            () if token.is(Classes::DOCUMENT | Classes::COMMUNICATION) => EntityKind::Work,
            () => EntityKind::Other,
        };
        let gender = token.classes & (Classes::MASCULINE | Classes::FEMININE);
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

    /// A description goes on over "of the army delegation" and stops at a comma or a clause.
    fn description_end(&self, phrase: &Range<usize>) -> usize {
        let tokens = &self.phrases.reading.tokens;
        let stops = |at: &usize| {
            tokens[*at].mark.is_some_and(|mark| mark != '&' && tokens[*at].quote.is_none())
                || tokens[*at].is(Classes::WH)
        };
        (phrase.start + 1..phrase.end).find(stops).unwrap_or(phrase.end)
    }
}

/// Whether somebody has the office that is described: the same noun, of the same state or person where both are told.
fn holds(figure: &Figure, described: &crate::entities::Office) -> bool {
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

/// Whether a name, and not only a description, stands for somebody.
fn is_named(figure: &Figure) -> bool {
    figure.mentions.iter().any(|mention| mention.form == Form::Name)
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

/// A pronoun looks back over no more sentences of a paragraph than this.
const MAX_SENTENCES: usize = 30;

/// A pronoun looks back over no more paragraphs than this.
pub(crate) const MAX_BACK: usize = 6;
