//! The tokens of a sentence as items of time: hyphens split, phrases joined, digits read.

use std::ops::Range;

use rapporteur_record::Span;

use crate::reading::Reading;
use crate::times::words::{Kind, Sense};

/// A word, a number or a mark, with what it can mean.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item<'l> {
    pub(super) span: Span,
    pub(super) token: usize,
    senses: Senses<'l>,
    /// A number in digits below 10,000, or the day's or the decade's of "24th", "1990s".
    pub(super) digits: Option<i32>,
    /// "7:15", "16.42": hours and minutes.
    pub(super) clock: Option<(i32, i32)>,
    pub(super) mark: Option<char>,
    /// Whether a hyphen ties it to the item before.
    pub(super) tied: bool,
    pub(super) capital: bool,
}

#[derive(Clone, Copy, Debug)]
enum Senses<'l> {
    Word(&'l [Sense]),
    One(Sense),
}

impl Item<'_> {
    fn senses(&self) -> &[Sense] {
        match &self.senses {
            Senses::Word(senses) => senses,
            Senses::One(sense) => std::slice::from_ref(sense),
        }
    }

    pub(super) fn sense(&self, kind: Kind) -> Option<&Sense> {
        self.senses().iter().find(|sense| sense.kind == kind)
    }

    pub(super) fn is(&self, kind: Kind) -> bool {
        self.sense(kind).is_some()
    }

    /// Whether it can mean anything of time.
    pub(super) fn means(&self) -> bool {
        self.digits.is_some() || self.clock.is_some() || !self.senses().is_empty()
    }
}

/// The items of tokens `range`.
pub(super) fn items<'a>(reading: &Reading<'a>, range: Range<usize>) -> Vec<Item<'a>> {
    let mut items = Vec::with_capacity(range.len());
    let mut at = range.start;
    while at < range.end {
        at = push(reading, at, range.end, &mut items);
    }
    items
}

/// Appends the items of the token at `at` and gives the next token.
fn push<'a>(reading: &Reading<'a>, at: usize, end: usize, items: &mut Vec<Item<'a>>) -> usize {
    let token = &reading.tokens[at];
    let written = reading.written(at);
    let senses = Senses::Word(token.word.map_or(&[], |word| word.times.as_slice()));
    let capital = token.is_capital();
    let plain =
        Item { span: token.span, token: at, senses, digits: None, clock: None, mark: token.mark, tied: false, capital };
    if let Some((n_tokens, sense)) = phrase(reading, at, end) {
        let span = Span::new(token.span.start(), reading.tokens[at + n_tokens - 1].span.end());
        items.push(Item { span, senses: Senses::One(sense), ..plain });
        return at + n_tokens;
    }
    let splits = token.is_word() && plain.senses().is_empty() && written.contains(['-', '‑']);
    if splits {
        split(reading, at, written, plain, items);
    } else if written.starts_with(|c: char| c.is_ascii_digit()) {
        number(reading, written, plain, items);
    } else {
        items.push(plain);
    }
    at + 1
}

/// "right now": an expression of several words that begins at `at`.
fn phrase(reading: &Reading, at: usize, end: usize) -> Option<(usize, Sense)> {
    let phrases = &reading.tokens[at].word?.time_phrases;
    phrases.iter().find_map(|(rest, sense)| {
        let fits =
            at + rest.len() < end && rest.iter().enumerate().all(|(n, word)| same(reading.written(at + 1 + n), word));
        fits.then_some((rest.len() + 1, *sense))
    })
}

fn same(written: &str, word: &str) -> bool {
    written.eq_ignore_ascii_case(word)
        || written.strip_prefix('’').is_some_and(|rest| word.strip_prefix('\'') == Some(rest))
}

/// "third-quarter": an item for each piece.
fn split<'a>(reading: &Reading<'a>, at: usize, written: &'a str, plain: Item<'a>, items: &mut Vec<Item<'a>>) {
    let mut start = reading.tokens[at].span.start();
    for (n, piece) in written.split(['-', '‑']).take(MAX_PIECES).enumerate() {
        let span = Span::new(start, start + piece.len());
        start += piece.len() + 1;
        while !reading.text.is_char_boundary(start.min(reading.text.len())) {
            start += 1;
        }
        let item = Item { span, senses: Senses::Word(look_up(reading, piece)), tied: n > 0, ..plain };
        if piece.starts_with(|c: char| c.is_ascii_digit()) {
            number(reading, piece, item, items);
        } else if !piece.is_empty() {
            items.push(item);
        }
    }
}

/// More pieces than that are no expression of time.
const MAX_PIECES: usize = 8;

/// "24", "24th", "1990s", "7:15", "10pm".
fn number<'a>(reading: &Reading<'a>, written: &'a str, plain: Item<'a>, items: &mut Vec<Item<'a>>) {
    let n_digits = written.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = written.split_at(n_digits);
    let value = digits.parse().ok().filter(|_| digits.len() <= 4);
    let clock = rest.strip_prefix([':', '.']).and_then(|rest| clock(digits, rest));
    let parts = |n: usize| {
        (Span::new(plain.span.start(), plain.span.start() + n), Span::new(plain.span.start() + n, plain.span.end()))
    };
    match clock {
        _ if rest.is_empty() => items.push(Item { digits: value, ..plain }),
        Some((hour, minute, n_rest)) => {
            let (whole, tail) = parts(written.len() - n_rest);
            items.push(Item { span: whole, clock: Some((hour, minute)), ..plain });
            if n_rest > 0 {
                let senses = Senses::Word(look_up(reading, &written[written.len() - n_rest..]));
                items.push(Item { span: tail, senses, ..plain });
            }
        }
        None => {
            let senses = look_up(reading, rest);
            let kept = senses.iter().any(|sense| matches!(sense.kind, Kind::OrdinalSuffix | Kind::DecadeSuffix));
            let (whole, tail) = parts(n_digits);
            if kept {
                items.push(Item { digits: value, senses: Senses::Word(senses), ..plain });
            } else if senses.iter().any(|sense| matches!(sense.kind, Kind::Am | Kind::Pm)) {
                items.push(Item { span: whole, digits: value, ..plain });
                items.push(Item { span: tail, senses: Senses::Word(senses), ..plain });
            } else {
                items.push(plain);
            }
        }
    }
}

/// Hours, minutes and the bytes that are left.
fn clock(hours: &str, rest: &str) -> Option<(i32, i32, usize)> {
    let minutes = rest.get(..2).filter(|minutes| minutes.bytes().all(|b| b.is_ascii_digit()))?;
    let after = &rest[2..];
    let (hour, minute) = (hours.parse().ok()?, minutes.parse().ok()?);
    let fits = hours.len() <= 2 && hour < 25 && minute < 60 && !after.starts_with(|c: char| c.is_ascii_digit());
    fits.then_some((hour, minute, after.len()))
}

fn look_up<'a>(reading: &Reading<'a>, word: &str) -> &'a [Sense] {
    let lexicon = reading.lexicon;
    let found = lexicon.get(word).or_else(|| lexicon.get(&word.to_lowercase()));
    found.map_or(&[], |word| word.times.as_slice())
}
