//! Joins the names that the rules find with those that the model finds.
//!
//! The tables know for certain what a word of theirs names; the model knows best where any other name begins and ends
//! and what kind of thing it names. A name of the rules that the model passes over stays where its form speaks for it.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use rapporteur_record::{EntityKind, Span};

use crate::classes::Classes;
use crate::names::{self, Name, Names};
use crate::place_names;
use crate::reading::Reading;
use crate::tokens::Case;

/// One list of names from both.
pub(crate) fn join(reading: &Reading, rules: Names, found: &[(Span, EntityKind)]) -> Names {
    let whole = found.iter().filter_map(|(span, kind)| Some((tokens(reading, *span, *kind)?, *kind)));
    let pieces = whole.flat_map(|(tokens, kind)| place_names::split(reading, tokens, kind));
    let mut learned: Vec<Name> = pieces.filter_map(|(tokens, kind)| learned(reading, &rules, tokens, kind)).collect();
    learned.dedup_by(|next, name| next.tokens.start < name.tokens.end);
    agree(reading, &mut learned);
    let places = place_names::in_place(reading, &rules, &learned);
    place_names::call_places(reading, &places, learned.iter_mut());
    let overlaps = |name: &Name| {
        let first = learned.partition_point(|other| other.tokens.end <= name.tokens.start);
        learned.get(first).is_some_and(|other| other.tokens.start < name.tokens.end)
    };
    let whole = rules.iter().filter(|name| stands_alone(reading, name)).chain(&learned);
    let whole = whole.filter(|name| name.kind == EntityKind::Person && name.tokens.len() > 1);
    let surnames: HashSet<&str> = whole.map(|name| reading.written(name.tokens.end - 1)).collect();
    // "Adair rules out …": a surname that begins a headline.
    let surname = |name: &Name| {
        let single = name.kind == EntityKind::Person && name.tokens.len() == 1;
        single && surnames.contains(reading.written(name.tokens.start))
    };
    let stays = |name: &&Name| !overlaps(name) && (stands_alone(reading, name) || surname(name));
    let mut list: Vec<Name> = rules.iter().filter(stays).cloned().collect();
    let place = |name: &&Name| !stays(name) && !overlaps(name) && places.contains(reading.words(&name.tokens));
    list.extend(rules.iter().filter(place).map(place_names::as_place));
    list.append(&mut learned);
    list.sort_by_key(|name| name.tokens.start);
    Names::new(list, reading.tokens.len())
}

/// One name has one kind in an article: the one that it is given most often, and a person's surname is a person.
fn agree(reading: &Reading, names: &mut [Name]) {
    let mut surnames: HashSet<&str> = HashSet::new();
    let mut counts: HashMap<&str, Vec<(EntityKind, usize)>> = HashMap::new();
    for name in names.iter() {
        if name.kind == EntityKind::Person && name.tokens.len() > 1 {
            surnames.insert(reading.written(name.tokens.end - 1));
        }
        let kinds = counts.entry(reading.words(&name.tokens)).or_default();
        match kinds.iter_mut().find(|(kind, _)| *kind == name.kind) {
            Some((_, n)) => *n += 1,
            None => kinds.push((name.kind, 1)),
        }
    }
    for name in names.iter_mut() {
        let before = name.tokens.start.checked_sub(1);
        let located = before.is_some_and(|at| reading.tokens[at].is(Classes::LOCATIVE));
        if name.tokens.len() == 1 && surnames.contains(reading.written(name.tokens.start)) && !located {
            *name = Name { kind: EntityKind::Person, known: None, country: None, ..name.clone() };
        } else if name.known.is_none() && !name.demonym {
            let kinds = &counts[reading.words(&name.tokens)];
            let most = kinds.iter().map(|(_, n)| *n).max().unwrap_or(0);
            let kind = kinds.iter().find(|(_, n)| *n == most).map(|(kind, _)| *kind);
            name.kind = kind.unwrap_or(name.kind);
        }
    }
}

/// A name of the model with what the rules know of it.
fn learned(reading: &Reading, rules: &Names, tokens: Range<usize>, kind: EntityKind) -> Option<Name> {
    let kind = if is_given_and_surname(reading, &tokens, kind) { EntityKind::Person } else { kind };
    // "Prince | Edward Island" has no prince.
    let place = kind == EntityKind::Place && place_names::is_known(reading, &tokens);
    if let Some(better) = better(reading, rules, &tokens, kind).filter(|_| !place) {
        return Some(better.clone());
    }
    let inside = |name: &&Name| tokens.start <= name.tokens.start && name.tokens.end <= tokens.end;
    let at = |at: usize| rules.at(at).filter(inside);
    let same = at(tokens.start).filter(|name| name.tokens == tokens);
    if let Some(name) = same {
        let kind = if name.known.is_some() || name.demonym { name.kind } else { kind };
        return Some(Name { kind, ..name.clone() });
    }
    let country = tokens.clone().filter_map(at).find_map(|name| name.country);
    let gender = if kind == EntityKind::Person && tokens.len() > 1 {
        names::gender(reading, tokens.start)
    } else {
        Classes::default()
    };
    Some(Name { tokens, kind, known: None, country, demonym: false, agency: false, gender })
}

/// "Anna Holt", whatever the model takes it for: a given name and one or two words that no body has in its name.
fn is_given_and_surname(reading: &Reading, tokens: &Range<usize>, kind: EntityKind) -> bool {
    let vague = matches!(kind, EntityKind::Organization | EntityKind::Other | EntityKind::Work);
    let given = reading.tokens[tokens.start].is(Classes::FIRST_NAME) && (2..=3).contains(&tokens.len());
    let mut rest = tokens.start + 1..tokens.end;
    vague
        && given
        && rest.all(|at| reading.tokens[at].case == Case::Capital && !reading.tokens[at].is(Classes::ORGANIZATION))
}

/// The rules' name that ends where the model's does, where the rules know better how far it goes: without the office
/// before it ("Mogadishu miller | Ahmed Warsame"), with initials ("P. | Sankaran Nair"), with all of a body's words.
fn better<'n>(reading: &Reading, rules: &'n Names, tokens: &Range<usize>, kind: EntityKind) -> Option<&'n Name> {
    let name = rules.at(tokens.end - 1).or_else(|| rules.at(tokens.start))?;
    let (own, known) = (&name.tokens, name.known.is_some());
    if own == tokens {
        return None;
    }
    // "Anna Holt | SC": letters after a name are none of it.
    let letters = |at: usize| reading.tokens[at].case == Case::Upper;
    if name.kind == EntityKind::Person && kind == EntityKind::Person && own.start == tokens.start && own.len() > 1 {
        return Some(name).filter(|_| own.end < tokens.end && (own.end..tokens.end).all(letters));
    }
    if name.kind != kind && name.kind != EntityKind::Person {
        return None;
    }
    let initial = |at: usize| reading.written(at).trim_end_matches('.').len() == 1;
    let shorter = tokens.start < own.start && own.end == tokens.end && own.len() > 1;
    let longer = own.start < tokens.start && own.end == tokens.end;
    // "president | Juan Tomás Vega", taken for "Tomás Vega": the office tells where the name begins.
    let after_office = kind == EntityKind::Person && follows_office(reading, own.start);
    let fits = match name.kind {
        EntityKind::Person => shorter || longer && (after_office || (own.start..tokens.start).all(initial)),
        EntityKind::Organization => !known && own.start <= tokens.start && tokens.end <= own.end,
        _ => false,
    };
    fits.then_some(name)
}

/// The tokens of a name less titles and determiners before it; none if nothing is left or words are cut.
fn tokens(reading: &Reading, span: Span, kind: EntityKind) -> Option<Range<usize>> {
    let tokens = &reading.tokens;
    let mut start = tokens.partition_point(|token| token.span.end() <= span.start());
    let mut end = tokens.partition_point(|token| token.span.start() < span.end());
    while start < end
        && (!tokens[start].is_word() || tokens[start].is(Classes::DETERMINER) && !tokens[start].is_capital())
    {
        start += 1;
    }
    while start < end && kind == EntityKind::Person && tokens[start].is(Classes::HONORIFIC) {
        start += 1;
    }
    let small = |at: usize| tokens[at].case == Case::Lower && tokens[at].is(Classes::CLOSED | Classes::PREPOSITION);
    while start < end && (!tokens[end - 1].is_word() || reading.is_possessive(end - 1) || small(end - 1)) {
        end -= 1;
    }
    (start < end).then_some(start..end)
}

/// Whether the word before a token is an office or a form of address.
fn follows_office(reading: &Reading, at: usize) -> bool {
    at > 0 && reading.tokens[at - 1].is(Classes::HONORIFIC | Classes::ROLE)
}

/// Whether a name that only the rules found stays.
fn stands_alone(reading: &Reading, name: &Name) -> bool {
    let titled = follows_office(reading, name.tokens.start);
    let given = name.tokens.len() > 1 && reading.tokens[name.tokens.start].is(Classes::FIRST_NAME);
    name.known.is_some() || name.demonym || name.kind == EntityKind::Person && (titled || given)
}
