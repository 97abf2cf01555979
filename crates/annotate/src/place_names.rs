//! Which names are names of places, told by the words around them and by the table of the world.
//!
//! The model takes "Paris, France" or "Union Hospital in Leeds" for one name; here it is parted. A name that the table has
//! and that stands where places stand ("in | Leeds", "East Java | province", "Leeds, | England") is a place, whatever
//! the model takes it for, and wherever else the article has it.

use std::collections::HashSet;
use std::ops::Range;

use rapporteur_record::EntityKind;

use crate::classes::Classes;
use crate::names::{Name, Names};
use crate::reading::Reading;
use crate::tokens::Case;

/// The names in what the model takes for one: of a place parted at commas and small words, of a body less the place
/// where it is.
pub(crate) fn split(reading: &Reading, tokens: Range<usize>, kind: EntityKind) -> Vec<(Range<usize>, EntityKind)> {
    if !matches!(kind, EntityKind::Place | EntityKind::Organization) || tokens.len() < 2 || is_known(reading, &tokens) {
        return vec![(tokens, kind)];
    }
    let capital = |at: &usize| reading.tokens[*at].is_capital();
    let mut pieces = Vec::new();
    let mut rest = tokens;
    loop {
        let own = if pieces.is_empty() { kind } else { EntityKind::Place };
        let Some(cut) = (rest.start + 1..rest.end).find(|&at| parts(reading, &rest, at, kind)) else {
            pieces.push((rest, own));
            return pieces;
        };
        pieces.push((rest.start..cut, own));
        let Some(next) = (cut + 1..rest.end).find(capital) else { return pieces };
        rest.start = next;
    }
}

/// Whether token `at` parts two names, or ends one.
fn parts(reading: &Reading, tokens: &Range<usize>, at: usize, kind: EntityKind) -> bool {
    let token = &reading.tokens[at];
    let (before, after) = (tokens.start..at, at + 1..tokens.end);
    let known = |part: &Range<usize>| !part.is_empty() && is_known(reading, part);
    if token.is(Classes::LOCATIVE) && token.case == Case::Lower {
        return kind == EntityKind::Place || known(&after);
    }
    if kind != EntityKind::Place {
        return false;
    }
    if token.is(Classes::OF) {
        return known(&before);
    }
    let inner = token.is(Classes::NAME_PARTICLE | Classes::DEFINITE) && !after.is_empty();
    token.is_mark(',') || token.case == Case::Lower && token.is_word() && !inner && !reading.is_possessive(at)
}

/// Whether the table has a place of that name.
pub(crate) fn is_known(reading: &Reading, tokens: &Range<usize>) -> bool {
    !reading.lexicon.atlas.look_up(reading.words(tokens)).places.is_empty()
}

/// The names, as written, that stand where places stand somewhere in the article and are in the table.
pub(crate) fn in_place<'a>(reading: &Reading<'a>, rules: &Names, learned: &[Name]) -> HashSet<&'a str> {
    let taken = |name: &&Name| name.kind == EntityKind::Person && name.tokens.len() > 1;
    let persons: HashSet<&str> = learned
        .iter()
        .filter(taken)
        .flat_map(|name| [reading.written(name.tokens.start), reading.written(name.tokens.end - 1)])
        .collect();
    let may_be = |name: &&Name| {
        let open = name.known.is_none() && !name.demonym && !name.agency;
        let person = name.tokens.clone().any(|at| reading.tokens[at].is(Classes::FIRST_NAME | Classes::HONORIFIC));
        open && !person && !persons.contains(reading.written(name.tokens.end - 1))
    };
    let names = rules.iter().chain(learned).filter(may_be).filter(|name| stands_as_place(reading, &name.tokens));
    names.filter(|name| is_known(reading, &name.tokens)).map(|name| reading.words(&name.tokens)).collect()
}

/// "in | Leeds", "the city of | Leeds", "East Java | province"
fn stands_as_place(reading: &Reading, tokens: &Range<usize>) -> bool {
    let words = &reading.lexicon.atlas.words;
    let called = |at: usize| {
        let token = reading.tokens.get(at).filter(|token| token.is_word() && token.case == Case::Lower);
        token.is_some_and(|token| words.kind(&reading.text[token.span]).is_some())
    };
    let Some(before) = tokens.start.checked_sub(1) else { return called(tokens.end) };
    let token = &reading.tokens[before];
    let lower = token.case == Case::Lower;
    let ends = reading.tokens.get(tokens.end).is_none_or(|next| !next.is_word() || next.case == Case::Lower);
    ends && (lower && token.is(Classes::LOCATIVE | Classes::ORIGIN)
        || token.is(Classes::OF) && before > 0 && called(before - 1)
        || called(before)
        || called(tokens.end))
}

/// Makes places of the names in `places`, except of those that tables or the article know as something else.
pub(crate) fn call_places(reading: &Reading, places: &HashSet<&str>, names: &mut [Name]) {
    for name in names {
        if name.known.is_none() && !name.demonym && !name.agency && places.contains(reading.words(&name.tokens)) {
            *name = as_place(name);
        }
    }
}

/// The name as that of a place.
pub(crate) fn as_place(name: &Name) -> Name {
    Name { kind: EntityKind::Place, gender: Classes::default(), ..name.clone() }
}
