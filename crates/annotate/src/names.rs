//! Names: runs of capitalised words, and names that the tables hold.
//!
//! The tables know states, nationalities, capitals, agencies and seats of government. Any other name is a run of
//! capitals, with particles and "of" where a body's name has them, less the title before it. What a run names is told
//! by its words ("Ministry"), by the title before it ("Mr", "minister"), by a given name, and by the longer form that
//! the article has elsewhere ("Lavrov").

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use rapporteur_record::EntityKind;

use crate::classes::Classes;
use crate::lang::{Known, KnownName};
use crate::reading::{Paragraph, Reading};
use crate::tokens::Case;

/// A name in the text.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    /// The name itself, without title or possessive.
    pub(crate) tokens: Range<usize>,
    pub(crate) kind: EntityKind,
    /// Where a table holds it: the form that its entity goes by.
    pub(crate) known: Option<&'static str>,
    /// ISO 3166-1 alpha-2, from a table.
    pub(crate) country: Option<&'static str>,
    /// "Ukrainian": it says to what something belongs and names nobody.
    pub(crate) demonym: bool,
    /// It passes on what others say.
    pub(crate) agency: bool,
    /// Masculine, feminine, or neither, as far as its title or given name tells.
    pub(crate) gender: Classes,
}

/// All names of an article, in order.
pub(crate) struct Names {
    list: Vec<Name>,
    at_token: Vec<Option<u32>>,
}

impl Names {
    pub(crate) fn find(reading: &Reading) -> Self {
        let lower = words_in_lower_case(reading);
        let finder = Finder { reading, lower: &lower };
        let mut list = Vec::new();
        for paragraph in reading.paragraphs.iter().filter(|paragraph| !paragraph.title_case) {
            finder.find_in(paragraph, &mut list);
        }
        settle_kinds(reading, &mut list);
        for paragraph in reading.paragraphs.iter().filter(|paragraph| paragraph.title_case) {
            let in_title = finder.find_in_title(paragraph, &list);
            list.extend(in_title);
        }
        list.sort_by_key(|name| name.tokens.start);
        Names::new(list, reading.tokens.len())
    }

    /// Names from their list, in the order of the text.
    pub(crate) fn new(list: Vec<Name>, n_tokens: usize) -> Self {
        let mut at_token = vec![None; n_tokens];
        for (number, name) in list.iter().enumerate() {
            let number = u32::try_from(number).expect("names are fewer than bytes");
            at_token[name.tokens.clone()].fill(Some(number));
        }
        Names { list, at_token }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Name> {
        self.list.iter()
    }

    /// All names, to be changed; they stay where they are.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Name> {
        self.list.iter_mut()
    }

    /// The names that begin in a range of tokens.
    pub(crate) fn iter_in(&self, range: Range<usize>) -> impl Iterator<Item = &Name> {
        let first = self.list.partition_point(|name| name.tokens.start < range.start);
        self.list[first..].iter().take_while(move |name| name.tokens.start < range.end)
    }

    /// The name that token `at` is part of.
    pub(crate) fn at(&self, at: usize) -> Option<&Name> {
        self.at_token.get(at).copied().flatten().map(|number| &self.list[number as usize])
    }

    /// The name, other than a nationality, that ends with the token before `end`.
    pub(crate) fn ending_at(&self, end: usize) -> Option<&Name> {
        let name = self.at(end.checked_sub(1)?)?;
        (name.tokens.end == end && !name.demonym).then_some(name)
    }

    /// The name, other than a nationality, that begins with token `start`.
    pub(crate) fn starting_at(&self, start: usize) -> Option<&Name> {
        self.at(start).filter(|name| name.tokens.start == start && !name.demonym)
    }
}

/// Words that the article writes small somewhere: a capital at the start of a sentence doesn't make names of them.
fn words_in_lower_case<'a>(reading: &Reading<'a>) -> HashSet<&'a str> {
    let small = (0..reading.tokens.len()).filter(|&at| reading.tokens[at].case == Case::Lower);
    small.map(|at| reading.written(at)).collect()
}

struct Finder<'r, 'a> {
    reading: &'r Reading<'a>,
    lower: &'r HashSet<&'a str>,
}

impl Finder<'_, '_> {
    fn find_in(&self, paragraph: &Paragraph, list: &mut Vec<Name>) {
        let mut at = paragraph.tokens.start;
        while at < paragraph.tokens.end {
            let found = self.name_at(at, paragraph.tokens.end);
            at = found.as_ref().map_or(at + 1, |name| self.after_letters(name, paragraph.tokens.end));
            list.extend(found);
        }
    }

    fn name_at(&self, at: usize, end: usize) -> Option<Name> {
        let known = self.known_at(at, end);
        let run = self.run_from(at, end);
        match (known, run) {
            (Some((known, known_end)), run) => {
                let longer =
                    run.filter(|run| run.end > known_end && self.names_a_body(run) && known.kind != Known::Demonym);
                Some(
                    longer.map_or_else(
                        || from_table(known, at..known_end),
                        |run| self.plain(run, EntityKind::Organization),
                    ),
                )
            }
            (None, Some(run)) => self.titled(run),
            (None, None) => None,
        }
    }

    /// The longest name of the tables that begins with token `at`, and where it ends.
    fn known_at(&self, at: usize, end: usize) -> Option<(&KnownName, usize)> {
        let known = self.reading.lexicon.names_from(self.reading.written(at));
        let fits = |name: &&KnownName| {
            at + name.rest.len() < end
                && name.rest.iter().enumerate().all(|(n, word)| self.reading.written(at + 1 + n) == *word)
        };
        known.iter().find(fits).map(|name| (name, at + 1 + name.rest.len()))
    }

    /// A run of capitals that begins with token `at`.
    fn run_from(&self, at: usize, end: usize) -> Option<Range<usize>> {
        let tokens = &self.reading.tokens;
        if !tokens[at].is_capital() || self.is_common(at) || tokens[at].is(Classes::TIME) {
            return None;
        }
        let mut last = at + 1;
        while let Some(next) = self.continues(at, last, end) {
            last = next;
        }
        Some(at..last)
    }

    /// Where the run from `start` that has come to `at` goes on to, if it does.
    fn continues(&self, start: usize, at: usize, end: usize) -> Option<usize> {
        let tokens = &self.reading.tokens;
        let capital = |n: usize| n < end && tokens[n].is_capital() && !tokens[n].is(Classes::TIME);
        if at >= end {
            return None;
        }
        let token = &tokens[at];
        let body =
            tokens[at - 1].is(Classes::ORGANIZATION | Classes::ROLE | Classes::ROLES) && tokens[at - 1].is_capital();
        if capital(at) && token.spaced && self.known_at(at, end).is_none_or(|(known, _)| known.kind != Known::Demonym) {
            return Some(at + 1);
        }
        let joins = token.is(Classes::NAME_PARTICLE) && token.case == Case::Lower || token.is_mark('&');
        if joins && !token.is(Classes::DETERMINER) {
            let particle = |&n: &usize| tokens[n].is(Classes::NAME_PARTICLE) && tokens[n].case == Case::Lower;
            let next = (at + 1..end).take(3).find(|n| !particle(n))?;
            return capital(next).then_some(next + 1);
        }
        let possessive = token.is_mark('\'') || token.is_mark('’') || self.reading.is_possessive(at);
        if possessive && !token.spaced && capital(at + 1) && tokens[at + 1].is(Classes::ORGANIZATION) {
            return Some(at + 2);
        }
        if token.is(Classes::AND) && capital(at + 1) && self.ends_in_body(at + 1, end) {
            return Some(at + 2);
        }
        // "Minister of State | for External Affairs"
        let office = tokens[start].is(Classes::ROLE) && tokens[start + 1].is(Classes::LINK);
        match (body || office) && token.is(Classes::LINK) && token.case == Case::Lower {
            true if capital(at + 1) => Some(at + 2),
            true if at + 1 < end && tokens[at + 1].is(Classes::DEFINITE) && capital(at + 2) => Some(at + 3),
            _ => None,
        }
    }

    /// "Railway and | Signal Workers Union": whether the capitals from `at` on end in a body's noun.
    fn ends_in_body(&self, at: usize, end: usize) -> bool {
        let tokens = &self.reading.tokens;
        let possessive = |n: usize| (tokens[n].is_mark('\'') || tokens[n].is_mark('’')) && !tokens[n].spaced;
        let run = (at..end).take_while(|&n| tokens[n].is_capital() && self.known_at(n, end).is_none() || possessive(n));
        run.last().is_some_and(|last| last > at && tokens[last].is(Classes::ORGANIZATION))
    }

    /// Whether the capital at `at` is only that of a sentence's first word, or of a word that never names.
    fn is_common(&self, at: usize) -> bool {
        let token = &self.reading.tokens[at];
        if token.case == Case::Upper && token.span.len() > 1 {
            return false;
        }
        let first = at == 0 || self.reading.tokens[at - 1].mark.is_some_and(|mark| !",;&(—-/".contains(mark));
        if token.is(Classes::CLOSED | Classes::OPENER | Classes::OTHER_PRONOUN) {
            return !token.is(Classes::MODAL) || first;
        }
        let followed = self.reading.tokens.get(at + 1).is_some_and(|next| next.is_capital() && next.spaced);
        let verb = token.word.is_some_and(|word| !word.verbs.is_empty());
        let written = self.reading.written(at);
        let small = || self.lower.contains(written.to_lowercase().as_str());
        let plain = token.is(Classes::VERB | Classes::ADVERB) || verb && !token.is(Classes::FIRST_NAME);
        let noun = token.is(Classes::ROLES | Classes::GROUP) || small();
        first && (plain || noun && !followed)
    }

    fn names_a_body(&self, run: &Range<usize>) -> bool {
        let tokens = &self.reading.tokens;
        tokens[run.end - 1].is(Classes::ORGANIZATION)
            || tokens[run.start].is(Classes::ORGANIZATION)
            || run.clone().any(|at| tokens[at].is(Classes::ORGANIZATION) && run.len() > 2)
    }

    /// The name in a run: what follows the last title in it.
    fn titled(&self, run: Range<usize>) -> Option<Name> {
        let tokens = &self.reading.tokens;
        let is_title =
            |&at: &usize| tokens[at].is(Classes::ROLE | Classes::HONORIFIC) && !tokens[at].is(Classes::FIRST_NAME);
        let title = run.clone().rfind(is_title);
        let start = title.map_or(run.start, |at| self.after_office(at + 1, run.end));
        if start >= run.end || !tokens[start].is_capital() {
            return None;
        }
        let run_start = run.start;
        let name = start..run.end;
        let lower_title =
            run_start > 0 && tokens[run_start - 1].is(Classes::ROLE | Classes::HONORIFIC) && start == run_start;
        if (title.is_some() || lower_title) && !self.names_a_body(&name) {
            let honorific = if title.is_some() { start - 1 } else { run_start - 1 };
            let mut person = self.person(name);
            person.gender |= gender(self.reading, honorific);
            return Some(person);
        }
        let kind = self.kind(&name);
        Some(if kind == EntityKind::Person { self.person(name) } else { self.plain(name, kind) })
    }

    /// "Minister | of External Affairs | Raghunath Mistry": where the name begins after a title.
    fn after_office(&self, at: usize, end: usize) -> usize {
        let tokens = &self.reading.tokens;
        if at >= end || !tokens[at].is(Classes::LINK) {
            return at;
        }
        let given = (at + 2..end).find(|&n| tokens[n].is(Classes::FIRST_NAME) && tokens[n].is_capital());
        given.unwrap_or(if end - at >= 4 { end - 2 } else { end })
    }

    /// What an untitled run names, as far as it tells itself; `Other` where it doesn't.
    fn kind(&self, run: &Range<usize>) -> EntityKind {
        let tokens = &self.reading.tokens;
        let before = |classes| run.start.checked_sub(1).is_some_and(|at| tokens[at].is(classes));
        if self.names_a_body(run) {
            EntityKind::Organization
        } else if tokens[run.start].is(Classes::FIRST_NAME) && run.len() > 1 {
            EntityKind::Person
        } else if run.len() == 1 && tokens[run.start].case == Case::Upper {
            EntityKind::Organization
        } else if before(Classes::LOCATIVE) {
            EntityKind::Place
        } else if (2..5).contains(&run.len()) && !before(Classes::DEFINITE) && self.all_words_are_names(run) {
            EntityKind::Person
        } else {
            EntityKind::Other
        }
    }

    fn all_words_are_names(&self, run: &Range<usize>) -> bool {
        run.clone().all(|at| {
            let token = &self.reading.tokens[at];
            token.case != Case::Upper || self.reading.written(at).ends_with('.')
        })
    }

    fn person(&self, mut tokens: Range<usize>) -> Name {
        // "Áine McGarrigle SC": letters after a name.
        let last = &self.reading.tokens[tokens.end - 1];
        if tokens.len() > 2 && last.case == Case::Upper && !self.reading.written(tokens.end - 1).ends_with('.') {
            tokens.end -= 1;
        }
        let first = self.reading.tokens[tokens.start];
        let given = first.is(Classes::FIRST_NAME) && tokens.len() > 1;
        let gender = if given { gender(self.reading, tokens.start) } else { Classes::default() };
        Name { gender, ..self.plain(tokens, EntityKind::Person) }
    }

    /// Where to look for the next name: not at the letters after a person's.
    fn after_letters(&self, name: &Name, end: usize) -> usize {
        let next = name.tokens.end;
        let letters = name.kind == EntityKind::Person
            && name.tokens.len() > 1
            && next < end
            && self.reading.tokens[next].case == Case::Upper
            && self.known_at(next, end).is_none();
        if letters { next + 1 } else { next }
    }

    fn plain(&self, tokens: Range<usize>, kind: EntityKind) -> Name {
        Name { tokens, kind, known: None, country: None, demonym: false, agency: false, gender: Classes::default() }
    }

    /// Names in a title where every word has a capital: those of the tables, and those that the body has.
    fn find_in_title(&self, paragraph: &Paragraph, body: &[Name]) -> Vec<Name> {
        let mut by_word: HashMap<&str, Vec<&Name>> = HashMap::new();
        for name in body.iter().filter(|name| name.known.is_none() && name.kind != EntityKind::Other) {
            for at in [name.tokens.start, name.tokens.end - 1] {
                by_word.entry(self.reading.written(at)).or_default().push(name);
            }
        }
        let mut found = Vec::new();
        let mut at = paragraph.tokens.start;
        while at < paragraph.tokens.end {
            let known = self.known_at(at, paragraph.tokens.end).map(|(known, end)| from_table(known, at..end));
            let name = known.or_else(|| self.as_in_body(at, paragraph.tokens.end, &by_word));
            at = name.as_ref().map_or(at + 1, |name| name.tokens.end);
            found.extend(name);
        }
        found
    }

    fn as_in_body(&self, at: usize, end: usize, by_word: &HashMap<&str, Vec<&Name>>) -> Option<Name> {
        if !self.reading.tokens[at].is_capital() || self.reading.tokens[at].is(Classes::CLOSED | Classes::OPENER) {
            return None;
        }
        let candidates = by_word.get(self.reading.written(at))?;
        let whole = candidates.iter().find(|name| {
            at + name.tokens.len() <= end
                && name.tokens.clone().zip(at..).all(|(a, b)| self.reading.written(a) == self.reading.written(b))
        });
        let surname = || candidates.iter().find(|name| name.kind == EntityKind::Person);
        let (name, len) = whole.map(|name| (name, name.tokens.len())).or_else(|| surname().map(|name| (name, 1)))?;
        Some(Name { tokens: at..at + len, ..(*name).clone() })
    }
}

/// The gender that a given name or title tells.
pub(crate) fn gender(reading: &Reading, at: usize) -> Classes {
    let token = &reading.tokens[at];
    match (token.is(Classes::MASCULINE), token.is(Classes::FEMININE)) {
        (true, false) => Classes::MASCULINE,
        (false, true) => Classes::FEMININE,
        _ => Classes::default(),
    }
}

fn from_table(known: &KnownName, tokens: Range<usize>) -> Name {
    let (kind, agency) = match known.kind {
        Known::Entity(kind) => (kind, false),
        Known::Demonym => (EntityKind::State, false),
        Known::Capital => (EntityKind::Place, false),
        Known::Agency => (EntityKind::Organization, true),
    };
    Name {
        tokens,
        kind,
        known: Some(known.name),
        country: known.country,
        demonym: known.kind == Known::Demonym,
        agency,
        gender: Classes::default(),
    }
}

/// A word alone takes the kind of the longer name that it ends, or else of the same name elsewhere.
fn settle_kinds(reading: &Reading, list: &mut [Name]) {
    let mut kinds: HashMap<&str, EntityKind> = HashMap::new();
    for name in list.iter().filter(|name| name.kind != EntityKind::Other && name.known.is_none()) {
        let whole = reading.words(&name.tokens);
        kinds.entry(whole).or_insert(name.kind);
        if name.kind == EntityKind::Person {
            kinds.insert(reading.written(name.tokens.end - 1), EntityKind::Person);
        }
    }
    for name in list.iter_mut().filter(|name| name.known.is_none() && name.kind != EntityKind::Person) {
        if let Some(&kind) = kinds.get(reading.words(&name.tokens)) {
            name.kind = kind;
        }
    }
}
