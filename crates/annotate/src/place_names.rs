//! Which names are names of places, told by the words around them and by the table of the world.
//!
//! The model takes "Paris, France" or "Union Hospital in Leeds" for one name; here it is parted. A name that the table has
//! and that stands where places stand ("in | Leeds", "East Java | province", "Leeds, | England") is a place, whatever
//! the model takes it for, and wherever else the article has it. A capital that speaks is its state.

use std::collections::HashSet;
use std::ops::Range;

use rapporteur_record::EntityKind;

use crate::classes::Classes;
use crate::lang::Form;
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
    let whole = learned.iter().filter(|name| name.kind == EntityKind::Person && name.tokens.len() > 1);
    let persons: HashSet<&str> =
        whole.flat_map(|name| [reading.written(name.tokens.start), reading.written(name.tokens.end - 1)]).collect();
    let may_be = |name: &&Name| {
        let open = name.known.is_none() && !name.demonym && !name.agency;
        let person = name.tokens.clone().any(|at| reading.tokens[at].is(Classes::FIRST_NAME | Classes::HONORIFIC));
        open && !person && !persons.contains(reading.written(name.tokens.end - 1)) && is_known(reading, &name.tokens)
    };
    let mut places = HashSet::new();
    for list in [learned.iter().collect::<Vec<_>>(), rules.iter().collect()] {
        let mut before: Option<&Name> = None;
        for name in list {
            let listed = before.is_some_and(|before| follows_in_list(reading, before, name));
            let stands = stands_as_place(reading, &name.tokens);
            let place = (stands || listed && name.kind != EntityKind::Person) && may_be(&name);
            if place {
                places.insert(reading.words(&name.tokens));
            }
            let is_place = place || name.kind == EntityKind::Place && (listed || stands);
            before = Some(name).filter(|_| is_place);
        }
    }
    places
}

/// "in Leeds, | York and | Hull"
fn follows_in_list(reading: &Reading, before: &Name, name: &Name) -> bool {
    let joint = &reading.tokens[before.tokens.end..name.tokens.start.max(before.tokens.end)];
    let ends = reading
        .tokens
        .get(name.tokens.end)
        .is_none_or(|next| !next.is_word() || next.is(Classes::AND | Classes::PREPOSITION));
    ends && (1..=2).contains(&joint.len()) && joint.iter().all(|token| token.is_mark(',') || token.is(Classes::AND))
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
pub(crate) fn call_places<'n>(reading: &Reading, places: &HashSet<&str>, names: impl Iterator<Item = &'n mut Name>) {
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

/// "Moscow said": a capital that speaks is its state, and no place.
pub(crate) fn let_capitals_speak(reading: &Reading, names: &mut Names) {
    let speaks: Vec<bool> = names.iter().map(|name| is_capital(name) && acts(reading, names, &name.tokens)).collect();
    for (name, speaks) in names.iter_mut().zip(speaks) {
        let state = name.country.and_then(|code| reading.lexicon.state(code)).filter(|_| speaks);
        if state.is_some() {
            *name = Name { known: state, kind: EntityKind::State, ..name.clone() };
        }
    }
}

fn is_capital(name: &Name) -> bool {
    name.known.is_some() && name.kind == EntityKind::Place && name.country.is_some()
}

/// Whether a name is the subject of a verb of saying: "Moscow | has denied", "Moscow and | Ankara | agreed".
fn acts(reading: &Reading, names: &Names, tokens: &Range<usize>) -> bool {
    let before = tokens.start.checked_sub(1).map(|at| &reading.tokens[at]);
    if before.is_some_and(|token| token.is(Classes::PREPOSITION | Classes::TO) && token.case == Case::Lower) {
        return false;
    }
    let next = reading.tokens.get(tokens.end);
    if next.is_some_and(|token| token.is(Classes::AND))
        && let Some(other) = names.starting_at(tokens.end + 1)
        && other.tokens.start == tokens.end + 1
        && (is_capital(other) || other.kind == EntityKind::State)
    {
        return says(reading, other.tokens.end);
    }
    says(reading, tokens.end)
}

/// Whether a finite verb of saying begins at a token: "said", "has also said", "would not say".
fn says(reading: &Reading, at: usize) -> bool {
    let group = at..reading.tokens.len().min(at + MOST_OF_A_GROUP);
    let inner = Classes::HAVE | Classes::MODAL | Classes::ADVERB | Classes::NEGATION;
    let verb = group.clone().find(|&at| !reading.tokens[at].is(inner));
    verb.is_some_and(|verb| {
        let finite = |form: Form| verb > at && form != Form::Ing || matches!(form, Form::Third | Form::Past);
        reading.tokens[verb].word.is_some_and(|word| word.verbs.iter().any(|(_, form)| finite(*form)))
    })
}

/// A verb stands within so many tokens of its subject.
const MOST_OF_A_GROUP: usize = 4;
