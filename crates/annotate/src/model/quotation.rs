//! Which tokens stand in quotation marks, as the reading model sees it: one level, a paragraph at a time.

use std::ops::Range;

use super::text::{Characters, is_space, is_word};

/// Where a token stands as to quotation marks. The numbers are the model's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quotation {
    /// Outside.
    Out = 0,
    /// Inside.
    In = 1,
    /// The opening mark.
    Opening = 2,
    /// The closing mark.
    Closing = 3,
    /// Inside of a quotation that its paragraph doesn't close.
    InUnclosed = 4,
    /// The opening mark of such a one.
    OpeningUnclosed = 5,
}

impl Quotation {
    /// The mark that stands for all that do the same, `“` or `”`; none for other tokens.
    pub(super) fn mark(self) -> Option<&'static str> {
        match self {
            Quotation::Opening | Quotation::OpeningUnclosed => Some("“"),
            Quotation::Closing => Some("”"),
            Quotation::Out | Quotation::In | Quotation::InUnclosed => None,
        }
    }
}

/// The state of every token; `tokens` are character numbers.
pub(super) fn states(text: &Characters, tokens: &[Range<usize>], starts_paragraph: &[bool]) -> Vec<Quotation> {
    let mut states = vec![Quotation::Out; tokens.len()];
    let mut first = 0;
    while first < tokens.len() {
        let end = (first + 1..tokens.len()).find(|&k| starts_paragraph[k]).unwrap_or(tokens.len());
        mark_paragraph(text, &tokens[first..end], &mut states[first..end]);
        first = end;
    }
    states
}

fn mark_paragraph(text: &Characters, tokens: &[Range<usize>], states: &mut [Quotation]) {
    let closes_single =
        |token: &Range<usize>| matches!(sign(text, token), Some('\'' | '’')) && closes_single(text, token.start);
    // Where single marks can still close: asked once, so that a row of opening ones takes no longer.
    let last_single = tokens.iter().rposition(closes_single);
    let mut opened: Option<(usize, char)> = None;
    for (k, token) in tokens.iter().enumerate() {
        let sign = sign(text, token);
        states[k] = match (opened, sign) {
            (None, Some(c)) if opens_double(c) || (opens_single(text, token.start, c) && last_single > Some(k)) => {
                opened = Some((k, c));
                Quotation::Opening
            }
            (None, _) => Quotation::Out,
            (Some((_, opener)), Some(c)) if closes(opener, c, || closes_single(token)) => {
                opened = None;
                Quotation::Closing
            }
            (Some(_), _) => Quotation::In,
        };
    }
    if let Some((k, _)) = opened {
        states[k..].fill(Quotation::InUnclosed);
        states[k] = Quotation::OpeningUnclosed;
    }
}

/// The character of a token that is only one.
fn sign(text: &Characters, token: &Range<usize>) -> Option<char> {
    if token.len() == 1 { text.get(token.start) } else { None }
}

fn opens_double(c: char) -> bool {
    matches!(c, '"' | '“' | '„' | '«' | '”')
}

fn closes(opener: char, c: char, single: impl Fn() -> bool) -> bool {
    if matches!(opener, '\'' | '‘') {
        single()
    } else {
        matches!(c, '"' | '”' | '»') || (c == '“' && opener == '„')
    }
}

/// Whether a single mark stands before a word, after a space, a bracket or nothing.
fn opens_single(text: &Characters, at: usize, c: char) -> bool {
    let free = at == 0 || text.get(at - 1).is_some_and(|before| is_space(before) || matches!(before, '(' | '['));
    matches!(c, '\'' | '‘') && free && text.get(at + 1).is_some_and(|after| is_word(after) && !after.is_ascii_digit())
}

/// Whether a single mark stands after something that is no space, and not before a word.
fn closes_single(text: &Characters, at: usize) -> bool {
    at > 0 && !text.get(at - 1).is_some_and(is_space) && !text.get(at + 1).is_some_and(is_word)
}
