//! Joins the names that the rules find with those that the model finds.
//!
//! The tables know for certain what a word of theirs names; the model knows best where any other name begins and ends
//! and what kind of thing it names. A name of the rules that the model passes over stays where its form speaks for it.

use std::ops::Range;

use rapporteur_record::{EntityKind, Span};

use crate::classes::Classes;
use crate::names::{Name, Names};
use crate::reading::Reading;

/// One list of names from both.
pub(crate) fn join(reading: &Reading, rules: Names, found: &[(Span, EntityKind)]) -> Names {
    let learned: Vec<Name> = found.iter().filter_map(|(span, kind)| learned(reading, &rules, *span, *kind)).collect();
    let overlaps = |name: &Name| {
        let first = learned.partition_point(|other| other.tokens.end <= name.tokens.start);
        learned.get(first).is_some_and(|other| other.tokens.start < name.tokens.end)
    };
    let mut list: Vec<Name> =
        rules.iter().filter(|name| !overlaps(name) && stands_alone(reading, name)).cloned().collect();
    list.extend(learned.iter().cloned());
    list.sort_by_key(|name| name.tokens.start);
    Names::new(list, reading.tokens.len())
}

/// A name of the model with what the rules know of it.
fn learned(reading: &Reading, rules: &Names, span: Span, kind: EntityKind) -> Option<Name> {
    let tokens = tokens(reading, span, kind)?;
    let inside = |name: &&Name| tokens.start <= name.tokens.start && name.tokens.end <= tokens.end;
    let at = |at: usize| rules.at(at).filter(inside);
    let same = at(tokens.start).filter(|name| name.tokens == tokens);
    if let Some(name) = same {
        let kind = if name.known.is_some() || name.demonym { name.kind } else { kind };
        return Some(Name { kind, ..name.clone() });
    }
    let country = tokens.clone().filter_map(at).find_map(|name| name.country);
    let gender =
        if kind == EntityKind::Person && tokens.len() > 1 { gender(reading, tokens.start) } else { Classes::default() };
    Some(Name { tokens, kind, known: None, country, demonym: false, agency: false, gender })
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
    while start < end && (!tokens[end - 1].is_word() || reading.is_possessive(end - 1)) {
        end -= 1;
    }
    (start < end).then_some(start..end)
}

/// Whether a name that only the rules found stays.
fn stands_alone(reading: &Reading, name: &Name) -> bool {
    let titled = name.tokens.start > 0 && reading.tokens[name.tokens.start - 1].is(Classes::HONORIFIC | Classes::ROLE);
    name.known.is_some() || name.demonym || name.kind == EntityKind::Person && (titled || name.tokens.len() > 1)
}

fn gender(reading: &Reading, at: usize) -> Classes {
    let token = &reading.tokens[at];
    match (token.is(Classes::MASCULINE), token.is(Classes::FEMININE)) {
        (true, false) => Classes::MASCULINE,
        (false, true) => Classes::FEMININE,
        _ => Classes::default(),
    }
}
