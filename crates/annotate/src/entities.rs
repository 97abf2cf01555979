//! Entities: which names are of one and the same person, body, state or place.
//!
//! A surname, or a given name alone, joins the fuller name that the article has; an acronym joins the name that it
//! abbreviates; names from the tables join by the tables. Persons with one surname and different given names stay
//! apart. Roles are read from the words around a name ("Russian foreign minister | Sergey Lavrov").

use std::collections::HashMap;
use std::ops::Range;

use rapporteur_record::{Entity, EntityKind, Form, Mention, Role, Span};

use crate::classes::Classes;
use crate::names::{Name, Names};
use crate::phrases::Phrases;
use crate::reading::Reading;
use crate::tokens::Case;

/// An entity while the article is read.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    pub(crate) kind: EntityKind,
    pub(crate) name: String,
    pub(crate) roles: Vec<Office>,
    pub(crate) country: Option<&'static str>,
    pub(crate) gender: Classes,
    pub(crate) members: Vec<usize>,
    pub(crate) mentions: Vec<Mention>,
}

/// A role as the text gives it.
#[derive(Clone, Debug)]
pub(crate) struct Office {
    /// "foreign minister"
    pub(crate) title: String,
    /// The last word of the title, in lower case: "minister".
    pub(crate) noun: String,
    pub(crate) of: Option<String>,
    pub(crate) country: Option<&'static str>,
    pub(crate) span: Span,
}

/// All entities of an article, and which of them each name is.
pub(crate) struct Cast {
    pub(crate) figures: Vec<Figure>,
    /// By the first token of a name.
    by_name: HashMap<usize, usize>,
}

impl Cast {
    pub(crate) fn gather(phrases: &Phrases) -> Self {
        let mut cast = Cast { figures: Vec::new(), by_name: HashMap::new() };
        let reading = phrases.reading;
        let mut index = NameIndex::default();
        let names: Vec<&Name> = phrases.names.iter().filter(|name| !name.demonym).collect();
        // Full names first, so that a surname in the headline finds its person.
        let (full, short): (Vec<&Name>, Vec<&Name>) =
            names.into_iter().partition(|name| name.tokens.len() > 1 || name.known.is_some());
        for name in full.into_iter().chain(short) {
            let number = index.find(&cast, reading, name).unwrap_or_else(|| cast.add(reading, name));
            cast.see(reading, name, number);
            index.insert(reading, phrases.names, name, number);
        }
        cast.name_states(reading);
        cast.read_roles(phrases);
        cast
    }

    /// "New Delhi" that speaks for India is no fuller name than "India", where the article has both.
    fn name_states(&mut self, reading: &Reading) {
        for figure in self.figures.iter_mut().filter(|figure| figure.kind == EntityKind::State) {
            let written = figure.mentions.iter().map(|mention| one_line(&reading.text[mention.span]));
            let states = written.filter(|name| reading.lexicon.atlas.names_state(name));
            let fullest = states.reduce(|one, next| if next.len() > one.len() { next } else { one });
            figure.name = fullest.unwrap_or_else(|| std::mem::take(&mut figure.name));
        }
    }

    /// The entity of a name.
    pub(crate) fn of(&self, name: &Name) -> Option<usize> {
        self.by_name.get(&name.tokens.start).copied()
    }

    fn add(&mut self, reading: &Reading, name: &Name) -> usize {
        self.figures.push(Figure {
            kind: name.kind,
            name: spelt(reading, name),
            roles: Vec::new(),
            country: name.country,
            gender: Classes::default(),
            members: Vec::new(),
            mentions: Vec::new(),
        });
        self.figures.len() - 1
    }

    fn see(&mut self, reading: &Reading, name: &Name, number: usize) {
        let figure = &mut self.figures[number];
        let written = spelt(reading, name);
        if written.len() > figure.name.len() {
            figure.name = written;
        }
        if figure.kind == EntityKind::Other {
            figure.kind = name.kind;
        }
        figure.gender |= name.gender;
        figure.mentions.push(Mention { span: reading.span(&name.tokens), form: Form::Name });
        self.by_name.insert(name.tokens.start, number);
    }

    fn read_roles(&mut self, phrases: &Phrases) {
        let persons: Vec<(&Name, usize)> =
            phrases.names.iter().filter_map(|name| Some((name, self.of(name)?))).collect();
        for (name, number) in persons {
            let offices = [office_before(phrases, name), office_after(phrases, name)];
            for office in offices.into_iter().flatten() {
                let figure = &mut self.figures[number];
                if matches!(figure.kind, EntityKind::Other) {
                    figure.kind = EntityKind::Person;
                }
                if figure.kind == EntityKind::Person {
                    figure.country = figure.country.or(office.country);
                    figure.roles.push(office);
                }
            }
        }
        for figure in &mut self.figures {
            figure.roles.sort_by_key(|office| office.span);
        }
    }

    /// The entities as the record has them, ordered by first mention, and the new number of each.
    pub(crate) fn finish(mut self) -> (Vec<Entity>, Vec<usize>) {
        for figure in &mut self.figures {
            figure.mentions.sort_by_key(|mention| mention.span);
            figure.mentions.dedup_by_key(|mention| mention.span);
        }
        let mut order: Vec<usize> = (0..self.figures.len()).collect();
        order.sort_by_key(|&number| (self.figures[number].mentions.first().map(|mention| mention.span), number));
        let mut renumbered = vec![0; order.len()];
        for (new, &old) in order.iter().enumerate() {
            renumbered[old] = new;
        }
        let entities = order.iter().enumerate().map(|(id, &old)| entity(id, &self.figures[old], &renumbered)).collect();
        (entities, renumbered)
    }
}

fn entity(id: usize, figure: &Figure, renumbered: &[usize]) -> Entity {
    let role = |office: &Office| Role { title: office.title.clone(), of: office.of.clone(), span: office.span };
    Entity {
        id,
        kind: figure.kind,
        name: figure.name.clone(),
        roles: figure.roles.iter().map(role).collect(),
        country: figure.country.map(str::to_owned),
        lat: None,
        lon: None,
        wikidata: None,
        members: figure.members.iter().map(|&member| renumbered[member]).collect(),
        mentions: figure.mentions.clone(),
    }
}

/// A name as printed, on one line.
fn spelt(reading: &Reading, name: &Name) -> String {
    one_line(reading.words(&name.tokens))
}

/// Words with single spaces between them.
pub(crate) fn one_line(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A name of one word that no title makes a person's.
fn is_short(reading: &Reading, name: &Name) -> bool {
    let before = name.tokens.start.checked_sub(1).map(|before| &reading.tokens[before]);
    name.tokens.len() == 1
        && !name.gender.any(Classes::GENDERS)
        && !before.is_some_and(|before| before.is(Classes::ROLE | Classes::HONORIFIC))
}

/// Finds the entity that a name may be another form of.
#[derive(Default)]
struct NameIndex {
    by_text: HashMap<String, usize>,
    by_known: HashMap<&'static str, usize>,
    by_last: HashMap<String, Vec<usize>>,
    by_first: HashMap<String, Vec<usize>>,
    by_initials: HashMap<String, usize>,
    /// By the first word of a body's longer name: "Norship" for "Norship Ferries".
    by_head: HashMap<String, usize>,
}

impl NameIndex {
    fn find(&self, cast: &Cast, reading: &Reading, name: &Name) -> Option<usize> {
        let text = folded(reading.words(&name.tokens));
        if let Some(known) = name.known {
            // "the Rapid Support Forces", later "RSF"
            let short =
                name.tokens.len() == 1 && reading.tokens[name.tokens.start].case == Case::Upper && !name.demonym;
            let short = short && name.kind != EntityKind::State;
            let initials = || self.by_initials.get(&text).copied().filter(|_| short);
            return self.by_known.get(known).copied().or_else(initials);
        }
        let exact = self
            .by_text
            .get(&text)
            .copied()
            .filter(|&number| name.tokens.len() > 1 || cast.figures[number].kind != EntityKind::Person);
        exact
            .or_else(|| self.person(cast, reading, name))
            .or_else(|| self.by_initials.get(&text).copied())
            .or_else(|| self.by_text.get(&text).copied())
            .or_else(|| self.by_head.get(&text).copied().filter(|_| is_short(reading, name)))
    }

    fn person(&self, cast: &Cast, reading: &Reading, name: &Name) -> Option<usize> {
        if !matches!(name.kind, EntityKind::Person | EntityKind::Other) {
            return None;
        }
        let last = folded(reading.written(name.tokens.end - 1));
        let first = folded(reading.written(name.tokens.start));
        let single = name.tokens.len() == 1;
        let agrees = |&&number: &&usize| {
            let figure = &cast.figures[number];
            let genders = name.gender == Classes::default()
                || figure.gender == Classes::default()
                || name.gender.any(figure.gender);
            figure.kind == EntityKind::Person && genders && (single || shares_given_name(&figure.name, reading, name))
        };
        let here = reading.tokens[name.tokens.start].span.start();
        let nearest = |numbers: &Vec<usize>| {
            let candidates = numbers.iter().filter(agrees);
            candidates.copied().min_by_key(|&number| (distance(&cast.figures[number], here), number))
        };
        self.by_last
            .get(&last)
            .and_then(nearest)
            .or_else(|| self.by_first.get(&first).filter(|_| single).and_then(nearest))
    }

    fn insert(&mut self, reading: &Reading, names: &Names, name: &Name, number: usize) {
        if let Some(known) = name.known {
            self.by_known.entry(known).or_insert(number);
        }
        self.by_text.entry(folded(reading.words(&name.tokens))).or_insert(number);
        if name.tokens.len() > 1 && name.kind == EntityKind::Person {
            let ends = [(name.tokens.end - 1, &mut self.by_last), (name.tokens.start, &mut self.by_first)];
            for (at, map) in ends {
                let numbers = map.entry(folded(reading.written(at))).or_default();
                if !numbers.contains(&number) {
                    numbers.push(number);
                }
            }
        }
        let first = &reading.tokens[name.tokens.start];
        if name.tokens.len() == 2
            && matches!(name.kind, EntityKind::Organization | EntityKind::Other)
            && !first.is(Classes::FIRST_NAME | Classes::ORGANIZATION | Classes::DETERMINER)
            && first.word.is_none()
        {
            self.by_head.entry(folded(reading.written(name.tokens.start))).or_insert(number);
        }
        if name.tokens.len() > 1 && name.kind == EntityKind::Person {
            // "TS:" in a transcript
            self.by_initials.entry(initials(reading, &name.tokens)).or_insert(number);
        }
        if name.tokens.len() > 1 && name.kind != EntityKind::Person {
            self.by_initials.entry(initials(reading, &name.tokens)).or_insert(number);
            // "Alliance of Small Island States (AOSIS)"
            let bracket = name.tokens.end + 1;
            if reading.tokens.get(name.tokens.end).is_some_and(|token| token.is_mark('('))
                && let Some(short) = names.starting_at(bracket)
            {
                self.by_initials.entry(folded(reading.words(&short.tokens))).or_insert(number);
            }
        }
    }
}

/// How far from `here` an entity was named, in bytes; what comes later counts as further than what came before.
/// Only its last mentions are looked at: names are seen in the order of the text.
fn distance(figure: &Figure, here: usize) -> usize {
    let far = |mention: &Mention| {
        let at = mention.span.start();
        if at <= here { here - at } else { (at - here).saturating_add(1 << 30) }
    };
    figure.mentions.iter().rev().take(8).chain(figure.mentions.first()).map(far).min().unwrap_or(usize::MAX)
}

/// "Tayyip Erdogan" and "Recep Tayyip Erdogan", but not "Bill Clinton" and "Hillary Clinton".
fn shares_given_name(full: &str, reading: &Reading, name: &Name) -> bool {
    let given: Vec<String> = full.split_whitespace().map(folded).collect();
    let given = &given[..given.len().saturating_sub(1)];
    given.is_empty() || (name.tokens.start..name.tokens.end - 1).any(|at| given.contains(&folded(reading.written(at))))
}

fn initials(reading: &Reading, tokens: &Range<usize>) -> String {
    let capitals = tokens.clone().filter(|&at| reading.tokens[at].is_capital());
    folded(&capitals.filter_map(|at| reading.written(at).chars().next()).collect::<String>())
}

fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// "Russian foreign minister | Sergey Lavrov", "the Saudi mediator, | Walid Al Harthy,"
fn office_before(phrases: &Phrases, name: &Name) -> Option<Office> {
    let reading = phrases.reading;
    let before = name.tokens.start.checked_sub(1)?;
    let comma = reading.tokens[before].is_mark(',');
    let end = name.tokens.start - usize::from(comma);
    let closed = || reading.tokens.get(name.tokens.end).is_none_or(|token| !token.is_word());
    if end == 0 || comma && !closed() {
        return None;
    }
    if !reading.tokens[end - 1].is(Classes::ROLE) {
        return if comma { None } else { long_office_before(phrases, name) };
    }
    let phrase = phrases.ending_at(end, reading.paragraph_at(end - 1)?.tokens.start)?;
    office(phrases, &phrase, end)
}

/// "Minister of State for External Affairs | Raghunath Mistry": the office is capitals and links back to its noun.
fn long_office_before(phrases: &Phrases, name: &Name) -> Option<Office> {
    let reading = phrases.reading;
    let floor = reading.paragraph_at(name.tokens.start)?.tokens.start.max(name.tokens.start.saturating_sub(MAX_OFFICE));
    let title = |at: &usize| {
        let token = &reading.tokens[*at];
        let link = token.is(Classes::LINK | Classes::AND | Classes::DEFINITE);
        // "External Affairs" in it may pass for a name.
        let other = phrases.names.at(*at).is_none_or(|name| !name.demonym && name.kind != EntityKind::Person);
        token.is_word() && (token.is_capital() || link) && other
    };
    let start = (floor..name.tokens.start).rev().take_while(title).find(|&at| reading.tokens[at].is(Classes::ROLE))?;
    let linked = reading.tokens.get(start + 1).is_some_and(|token| token.is(Classes::LINK));
    let tokens = start..name.tokens.start;
    linked.then(|| Office {
        title: one_line(reading.words(&tokens)),
        noun: reading.written(start).to_lowercase(),
        of: None,
        country: None,
        span: reading.span(&tokens),
    })
}

/// A title before a name is no longer than this, in tokens.
const MAX_OFFICE: usize = 12;

/// "Larysa Demchuk, | a member of the Ukrainian delegation,"
fn office_after(phrases: &Phrases, name: &Name) -> Option<Office> {
    let reading = phrases.reading;
    let comma = reading.tokens.get(name.tokens.end).is_some_and(|token| token.is_mark(','));
    let start = name.tokens.end + 1;
    let opens = comma && reading.tokens.get(start).is_some_and(|token| token.is_word());
    let paragraph = reading.paragraph_at(name.tokens.start)?;
    let phrase = phrases.starting_at(start, paragraph.tokens.end, false).filter(|_| opens)?;
    // "…, | the minister stated": a subject.
    if reading.tokens.get(phrase.end).is_some_and(|token| token.is_word()) && phrases.is_finite(phrase.end) {
        return None;
    }
    let end = phrases.core_end(&phrase);
    let noun = reading.tokens[end - 1].is(Classes::ROLE) && !reading.tokens[end - 1].is(Classes::FIRST_NAME);
    noun.then(|| office(phrases, &phrase, end)).flatten()
}

/// The office in a phrase whose core, ending before `end`, has a role noun last.
pub(crate) fn office(phrases: &Phrases, phrase: &Range<usize>, end: usize) -> Option<Office> {
    let reading = phrases.reading;
    let start = (phrase.start..end).find(|&at| !reading.tokens[at].is(Classes::OPENER))?;
    let owner = owner(phrases, start, end);
    let title_start = owner.as_ref().map_or(start, |owner| owner.title_start).min(end - 1);
    let title = one_line(reading.words(&(title_start..end)));
    let after = owner_after(phrases, phrase, end);
    let owner = owner.or(after);
    Some(Office {
        noun: reading.written(end - 1).to_lowercase(),
        of: owner.as_ref().map(|owner| owner.name.clone()),
        country: owner.and_then(|owner| owner.country),
        span: reading.span(&(start..end)),
        title,
    })
}

struct Owner {
    name: String,
    country: Option<&'static str>,
    title_start: usize,
}

/// "Russian | foreign minister", "Zelensky's | aide", "UN | envoy": to whom an office belongs.
fn owner(phrases: &Phrases, start: usize, end: usize) -> Option<Owner> {
    let reading = phrases.reading;
    // "Mineworkers' Federation | president": a possessive within a name is the name's.
    let within_name = |at: usize| phrases.names.at(at).is_some_and(|name| at + 1 < name.tokens.end);
    let possessive = (start..end).rev().find(|&at| reading.is_possessive(at) && at > start && !within_name(at));
    if let Some(mark) = possessive {
        let name = phrases.names.at(mark - 1).filter(|name| name.tokens.end == mark)?;
        let text = name.known.map_or_else(|| spelt(reading, name), str::to_owned);
        let inner = (name.tokens.start > start && reading.tokens[name.tokens.start - 1].is(Classes::ROLE))
            .then(|| owner(phrases, start, name.tokens.start))
            .flatten();
        return Some(Owner {
            name: text,
            country: name.country.or(inner.and_then(|owner| owner.country)),
            title_start: mark + 1,
        });
    }
    let owns = |name: &&Name| name.tokens.start == start && name.tokens.end < end && name.kind != EntityKind::Other;
    let name = phrases.names.at(start).filter(owns)?;
    let text = name.known.map_or_else(|| spelt(reading, name), str::to_owned);
    Some(Owner { name: text, country: name.country, title_start: name.tokens.end })
}

/// "president | of Ukraine"
fn owner_after(phrases: &Phrases, phrase: &Range<usize>, end: usize) -> Option<Owner> {
    let of = end < phrase.end && phrases.reading.tokens[end].is(Classes::OF);
    let name = (end + 1..phrase.end).find_map(|at| phrases.names.starting_at(at)).filter(|_| of)?;
    let text = name.known.map_or_else(|| spelt(phrases.reading, name), str::to_owned);
    Some(Owner { name: text, country: name.country, title_start: end })
}
