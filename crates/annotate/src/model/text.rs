//! Text into the tokens that the reading model sees, with sentence and paragraph starts.
//!
//! The rules, and examples of what they give, are those that the model was trained with (`training/README.md`,
//! `training/examples/tokens.jsonl`); a model must be read with exactly these.

use std::ops::Range;

use super::quotation::{self, Quotation};

/// Characters above U+007F that are no part of a word, first and last.
const BREAKS: [(u32, u32); 21] = [
    (0x80, 0xA9),
    (0xAB, 0xB4),
    (0xB6, 0xB9),
    (0xBB, 0xBF),
    (0xD7, 0xD7),
    (0xF7, 0xF7),
    (0x2C2, 0x2DF),
    (0x1680, 0x1680),
    (0x2000, 0x206F),
    (0x20A0, 0x20CF),
    (0x2100, 0x2BFF),
    (0x2E00, 0x2E7F),
    (0x3000, 0x3020),
    (0xD800, 0xF8FF),
    (0xFE00, 0xFE6F),
    (0xFEFF, 0xFEFF),
    (0xFF00, 0xFF0F),
    (0xFF1A, 0xFF20),
    (0xFFE0, 0xFFFF),
    (0x1F000, 0x1FAFF),
    (0xE0000, 0x10_FFFF),
];
const CLITICS: [&[char]; 6] =
    [&['\'', 's'], &['\'', 'r', 'e'], &['\'', 'v', 'e'], &['\'', 'l', 'l'], &['\'', 'd'], &['\'', 'm']];
const NOT: [char; 3] = ['n', '\'', 't'];
// Part of the model, not of the language tables: another list would show it sentences that it was not trained with.
const ABBREVIATIONS: &str = " mr mrs ms dr prof sen rep gov gen sgt lt col maj capt cmdr adm rev hon st jr sr inc corp co ltd vs no dept est \
     jan feb mar apr jun jul aug sep sept oct nov dec ave blvd mt ft pres supt det atty ";

/// Whether words may hold it.
pub(super) fn is_word(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    let code = u32::from(c);
    let range = BREAKS.partition_point(|&(_, last)| last < code);
    BREAKS.get(range).is_none_or(|&(first, _)| code < first)
}

/// Whether it separates tokens and is none itself.
pub(super) fn is_space(c: char) -> bool {
    matches!(c, '\t'..='\r' | ' ' | '\u{85}' | '\u{A0}' | '\u{AD}' | '\u{1680}' | '\u{2000}'..='\u{200B}' | '\u{200E}' | '\u{200F}'
        | '\u{2028}' | '\u{2029}' | '\u{202F}' | '\u{205F}' | '\u{3000}' | '\u{FEFF}')
}

/// A text as characters that can be counted.
pub(super) struct Characters {
    /// First byte and value of each.
    all: Vec<(u32, char)>,
    n_bytes: usize,
}

impl Characters {
    fn new(text: &str) -> Self {
        let narrow = |at: usize| u32::try_from(at).expect("extraction refuses texts of 4 GiB and more");
        Characters { all: text.char_indices().map(|(at, c)| (narrow(at), c)).collect(), n_bytes: text.len() }
    }

    /// The character with this number, unless the text ends before it.
    pub(super) fn get(&self, number: usize) -> Option<char> {
        self.all.get(number).map(|&(_, c)| c)
    }

    fn has(&self, number: usize, test: impl Fn(char) -> bool) -> bool {
        self.get(number).is_some_and(test)
    }

    fn byte(&self, number: usize) -> usize {
        self.all.get(number).map_or(self.n_bytes, |&(at, _)| at as usize)
    }

    fn bytes(&self, range: &Range<usize>) -> Range<usize> {
        self.byte(range.start)..self.byte(range.end)
    }
}

/// A text's tokens.
#[derive(Debug)]
pub(super) struct Tokens {
    /// Bytes of each in the text.
    pub(super) bytes: Vec<Range<usize>>,
    /// Whether a line break or nothing stands before it.
    pub(super) starts_paragraph: Vec<bool>,
    /// Whether a sentence starts with it; every paragraph starts one.
    pub(super) starts_sentence: Vec<bool>,
    /// Where it stands as to quotation marks.
    pub(super) quotation: Vec<Quotation>,
}

impl Tokens {
    /// Splits a text.
    pub(super) fn new(text: &str) -> Self {
        let characters = Characters::new(text);
        let tokens = split(&characters);
        let starts_paragraph = paragraph_starts(&characters, &tokens);
        let starts_sentence = sentence_starts(text, &characters, &tokens, &starts_paragraph);
        let quotation = quotation::states(&characters, &tokens, &starts_paragraph);
        let bytes = tokens.iter().map(|token| characters.bytes(token)).collect();
        Tokens { bytes, starts_paragraph, starts_sentence, quotation }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }
}

/// Character numbers of every token.
fn split(text: &Characters) -> Vec<Range<usize>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = text.get(at) {
        if is_space(c) {
            at += 1;
        } else if is_word(c) {
            at = split_word(text, at, &mut tokens);
        } else {
            tokens.push(at..at + 1);
            at += 1;
        }
    }
    tokens
}

/// Takes the word that starts at `start`, a clitic apart; the number of the character after it.
fn split_word(text: &Characters, start: usize, tokens: &mut Vec<Range<usize>>) -> usize {
    let digit = |at: usize| text.has(at, |c| c.is_ascii_digit());
    let letter = |at: usize| text.has(at, |c| is_word(c) && !c.is_ascii_digit());
    let mut end = start + 1;
    while let Some(c) = text.get(end) {
        if is_word(c) {
            end += 1;
        } else if (matches!(c, '\'' | '’') && text.has(end + 1, is_word) && !digit(end - 1))
            || (matches!(c, '.' | ',') && digit(end - 1) && digit(end + 1))
        {
            end += 2;
        } else if c == '.' && end == start + 1 && !digit(start) && letter(end + 1) && text.get(end + 2) == Some('.') {
            end += 3; // U.S., a.m., and on: U.S.A.
            while letter(end) && text.get(end + 1) == Some('.') {
                end += 2;
            }
            tokens.push(start..end);
            return end;
        } else {
            break;
        }
    }
    let n_clitic = clitic(text, start..end);
    tokens.push(start..end - n_clitic);
    if n_clitic > 0 {
        tokens.push(end - n_clitic..end);
    }
    end
}

/// Characters of the clitic that a word ends in, less than the whole word.
fn clitic(text: &Characters, word: Range<usize>) -> usize {
    let ends_in = |end: &[char]| {
        word.len() > end.len()
            && end.iter().rev().zip(word.clone().rev()).all(|(&told, at)| match text.get(at) {
                Some('’') => told == '\'',
                // The dotted capital I and the Kelvin sign are no letters of a clitic.
                Some(c) => c.to_ascii_lowercase() == told,
                None => false,
            })
    };
    let found =
        if ends_in(&NOT) { Some(NOT.len()) } else { CLITICS.iter().find(|end| ends_in(end)).map(|end| end.len()) };
    // A word that grows when it is lowered (a dotted capital I) was trained as having no clitic.
    found.filter(|_| word.clone().all(|at| text.has(at, |c| c.is_ascii() || c.to_lowercase().len() == 1))).unwrap_or(0)
}

fn paragraph_starts(text: &Characters, tokens: &[Range<usize>]) -> Vec<bool> {
    let mut before = None;
    let after_break = |token: &Range<usize>| {
        let gap = before.replace(token.end).map(|end| end..token.start);
        gap.is_none_or(|gap| gap.into_iter().any(|at| text.get(at) == Some('\n')))
    };
    tokens.iter().map(after_break).collect()
}

fn sentence_starts(
    text: &str,
    characters: &Characters,
    tokens: &[Range<usize>],
    starts_paragraph: &[bool],
) -> Vec<bool> {
    let mut starts = starts_paragraph.to_vec();
    // The last token before this one that is no closing mark, or a start: kept, not searched, for long rows of marks.
    let mut last = 0;
    for k in 1..tokens.len() {
        let closes = tokens[k - 1].len() == 1 && characters.has(tokens[k - 1].start, is_closer);
        if !closes || starts[k - 1] {
            last = k - 1;
        }
        let gap = tokens[k].start > tokens[k - 1].end;
        if !starts[k] && gap && characters.has(tokens[k].start, opens_sentence) {
            starts[k] = ends_sentence(text, characters, tokens, last, last + 1 < k);
        }
    }
    starts
}

/// Whether the token with number `last` ends a sentence, closing marks after it or not.
fn ends_sentence(text: &str, characters: &Characters, tokens: &[Range<usize>], last: usize, closed: bool) -> bool {
    if tokens[last].len() != 1 {
        return false;
    }
    match characters.get(tokens[last].start) {
        Some('!' | '?' | '…') => true,
        Some('.') if last > 0 => {
            let before = &tokens[last - 1];
            let glued = before.end == tokens[last].start;
            closed || !(glued && is_short(&text[characters.bytes(before)]))
        }
        _ => false,
    }
}

/// Whether a period after the word is its own: "Mr", "J".
fn is_short(word: &str) -> bool {
    let mut characters = word.chars();
    let initial = characters.next().is_some_and(char::is_uppercase) && characters.next().is_none();
    initial || (word.len() < 6 && !word.contains(' ') && ABBREVIATIONS.contains(&format!(" {} ", word.to_lowercase())))
}

fn is_closer(c: char) -> bool {
    matches!(c, '"' | '”' | '’' | '\'' | '»' | ')' | ']')
}

fn opens_sentence(c: char) -> bool {
    c.is_uppercase()
        || c.is_ascii_digit()
        || matches!(c, '"' | '“' | '‘' | '\'' | '«' | '„' | '(' | '[' | '—' | '–' | '-' | '•')
}
