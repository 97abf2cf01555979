//! Whether the clause of an expression looks back or ahead.
//!
//! The verb nearest to the left decides, and where there is none the nearest to the right; a word of planning ("due",
//! "scheduled") or a modal looks ahead, so does an infinitive that no verb of doing governs ("declined to").

use std::ops::Range;

use crate::classes::Classes;
use crate::lang::Form;
use crate::reading::Reading;
use crate::times::words::Kind;
use crate::tokens::Case;

/// Where a clause looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tense {
    Past,
    Future,
    Unknown,
}

/// So many tokens are looked at on either side.
const REACH: usize = 24;

/// The tense around tokens `at..end` of a sentence.
pub(super) fn around(reading: &Reading, sentence: &Range<usize>, at: usize, end: usize) -> Tense {
    let same = |token: usize| reading.tokens[token].quote == reading.tokens[at].quote;
    if end < sentence.end && same(end) && is(reading, end, Kind::FutureVerb) {
        return Tense::Future;
    }
    if reading.tokens.get(end).is_some() && reading.is_possessive(end) {
        return Tense::Past;
    }
    let led = at.checked_sub(1).filter(|&led| led >= sentence.start);
    if led.is_some_and(|led| is(reading, led, Kind::Since)) {
        return Tense::Past;
    }
    let left =
        (sentence.start..at).rev().take(REACH).take_while(|&token| same(token) && !reading.tokens[token].is_mark(';'));
    let right = (end..sentence.end).take(REACH).take_while(|&token| same(token) && !reading.tokens[token].is_mark(';'));
    let found = left.chain(right).map(|token| of_token(reading, sentence.start, token));
    let by = led.is_some_and(|led| is(reading, led, Kind::By));
    let unsaid = if by { Tense::Future } else { Tense::Unknown };
    found.into_iter().find(|&tense| tense != Tense::Unknown).unwrap_or(unsaid)
}

fn is(reading: &Reading, token: usize, kind: Kind) -> bool {
    reading.tokens[token].word.is_some_and(|word| word.times.iter().any(|sense| sense.kind == kind))
}

/// What one word tells.
fn of_token(reading: &Reading, start: usize, token: usize) -> Tense {
    let before = |n: usize| token.checked_sub(n).filter(|&at| at >= start);
    let capital = reading.tokens[token].case != Case::Lower;
    if !reading.tokens[token].is_word() || capital && !is(reading, token, Kind::FutureVerb) {
        return Tense::Unknown;
    }
    if is(reading, token, Kind::Plan) || is(reading, token, Kind::FutureVerb) {
        return Tense::Future;
    }
    let modal = (1..=3).filter_map(before).take_while(|&at| reading.tokens[at].is_word());
    let modal = modal.into_iter().any(|at| is(reading, at, Kind::FutureVerb));
    if is_past(reading, token) {
        return if modal { Tense::Future } else { Tense::Past };
    }
    if is(reading, token, Kind::ToInfinitive) {
        return infinitive(reading, start, token);
    }
    if is(reading, token, Kind::Have) {
        return if modal { Tense::Future } else { Tense::Past };
    }
    if is(reading, token, Kind::PresentVerb) { Tense::Future } else { Tense::Unknown }
}

/// "to meet" looks ahead, "declined to meet" back; "to Moscow" tells nothing.
fn infinitive(reading: &Reading, start: usize, to: usize) -> Tense {
    let Some(next) = reading.tokens.get(to + 1) else { return Tense::Unknown };
    let nominal = Classes::OPENER | Classes::PREPOSITION | Classes::OBJECT | Classes::TIME;
    if next.case != Case::Lower || next.is(nominal) || is_past(reading, to + 1) {
        return Tense::Unknown;
    }
    let known = next.is(Classes::VERB | Classes::BE)
        || next.word.is_some_and(|word| word.verbs.iter().any(|(_, form)| *form == Form::Base));
    let governed = to > start && (is(reading, to - 1, Kind::Done) || is_past(reading, to - 1));
    match (to > start && is(reading, to - 1, Kind::Done), known || governed) {
        (true, _) => Tense::Past,
        (false, true) => Tense::Future,
        _ => Tense::Unknown,
    }
}

fn is_past(reading: &Reading, token: usize) -> bool {
    if is(reading, token, Kind::PastVerb) {
        return true;
    }
    let verbs = reading.tokens[token].word.map_or(&[][..], |word| word.verbs.as_slice());
    let past = verbs.iter().any(|(_, form)| *form == Form::Past) && !verbs.iter().any(|(_, form)| *form == Form::Base);
    past || has_past_suffix(reading, reading.written(token))
}

/// Whether a word of more than three letters ends as regular verbs do in the past.
pub(super) fn has_past_suffix(reading: &Reading, written: &str) -> bool {
    let suffix = written.len().checked_sub(2).and_then(|at| written.get(at..)).filter(|_| written.len() > 3);
    let word = suffix.and_then(|suffix| reading.lexicon.get(suffix));
    word.is_some_and(|word| word.times.iter().any(|sense| sense.kind == Kind::PastSuffix))
}
