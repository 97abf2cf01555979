//! Words and marks, with what the tables say of each.
//!
//! A token is a run of letters and digits with its inner hyphens, periods and apostrophes ("U.S.", "O'Malley",
//! "20-year-old"), a clitic split from its word ("'s", "n't"), or one mark. Two straight or grave single marks in a
//! row are one mark, as some newsrooms write quotation marks so.

use rapporteur_record::Span;

use crate::classes::Classes;
use crate::lang::{Lexicon, Word};

/// One word or mark.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token<'l> {
    pub(crate) span: Span,
    /// The mark's first character; `None` for a word.
    pub(crate) mark: Option<char>,
    pub(crate) case: Case,
    pub(crate) classes: Classes,
    /// What the tables say of it.
    pub(crate) word: Option<&'l Word>,
    /// Whether white space stands before it.
    pub(crate) spaced: bool,
    /// Index of the outermost quotation that it stands in; `quotes::attach` sets it.
    pub(crate) quote: Option<u32>,
}

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Lower,
    /// A capital and then small letters: "Kyiv", "McGarrigle"
    Capital,
    /// All capitals, two letters or more: "AFP", "U.S."
    Upper,
    /// Begins with a digit.
    Number,
    Mark,
}

impl Token<'_> {
    pub(crate) fn is(&self, classes: Classes) -> bool {
        self.classes.any(classes)
    }

    pub(crate) fn is_mark(&self, mark: char) -> bool {
        self.mark == Some(mark)
    }

    pub(crate) fn is_word(&self) -> bool {
        self.mark.is_none()
    }

    /// Whether it begins with a capital.
    pub(crate) fn is_capital(&self) -> bool {
        matches!(self.case, Case::Capital | Case::Upper)
    }

    /// Whether it is a clitic that stands for a possessive or for "is".
    pub(crate) fn is_possessive_clitic(&self, text: &str) -> bool {
        !self.spaced && matches!(&text[self.span], "'s" | "’s" | "'S" | "’S" | "'" | "’") && self.mark.is_none()
    }
}

/// Splits `text[span]` and appends its tokens.
pub(crate) fn tokenize<'l>(text: &str, span: Span, lexicon: &'l Lexicon, tokens: &mut Vec<Token<'l>>) {
    let mut scanner = Scanner { text, end: span.end(), at: span.start(), lower: String::new(), lexicon };
    let mut last_end = span.start();
    while let Some(piece) = scanner.next_piece() {
        let spaced = piece.start() > last_end || piece.start() == span.start();
        last_end = piece.end();
        tokens.push(scanner.token(piece, spaced));
    }
}

struct Scanner<'t, 'l> {
    text: &'t str,
    end: usize,
    at: usize,
    lower: String,
    lexicon: &'l Lexicon,
}

impl<'l> Scanner<'_, 'l> {
    fn peek(&self, at: usize) -> Option<char> {
        self.text[at..self.end].chars().next()
    }

    fn next_piece(&mut self) -> Option<Span> {
        let rest = &self.text[self.at..self.end];
        let start = self.at + rest.find(|c: char| !c.is_whitespace())?;
        let first = self.peek(start)?;
        let after = start + first.len_utf8();
        self.at = match first {
            _ if first.is_alphanumeric() => self.word_end(start),
            '#' | '@' | '$' | '€' | '£' if self.peek(after).is_some_and(char::is_alphanumeric) => {
                self.word_end(after)
            }
            '\'' | '’' if start > 0 && self.is_clitic(start) => self.clitic_end(start),
            '\'' | '`' | '-' | '.' if self.peek(after) == Some(first) => self.run_end(after, first),
            _ => after,
        };
        Some(Span::new(start, self.at))
    }

    /// The end of a word that begins at `start`: letters, digits, and marks between them that belong to it.
    fn word_end(&self, start: usize) -> usize {
        let mut at = start;
        while let Some(c) = self.peek(at) {
            let after = at + c.len_utf8();
            let next_joins = self.peek(after).is_some_and(char::is_alphanumeric);
            let joins = match c {
                _ if c.is_alphanumeric() || is_combining(c) => true,
                '\'' | '’' if next_joins => !self.is_clitic(at),
                '-' | '‑' | '&' | '_' | '\u{ad}' => next_joins,
                '.' => self.period_joins(start, at, next_joins),
                ',' | ':' => next_joins && self.between_digits(at),
                _ => false,
            };
            if !joins || self.negation_begins(start, at) {
                break;
            }
            at = after;
        }
        at
    }

    /// Whether a period belongs to the word: "U.S.", "3.5", "J. Smith", "Mr. Smith", "gov.uk".
    fn period_joins(&self, start: usize, at: usize, next_joins: bool) -> bool {
        let word = &self.text[start..at];
        if word.len() > MAX_DOTTED {
            return false;
        }
        let dotted = word.contains('.') && !word.contains(|c: char| c.is_ascii_digit());
        let letter = word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
        if next_joins {
            let next_lower = self.peek(at + 1).is_some_and(|c| c.is_lowercase() || c.is_ascii_digit());
            return letter || dotted || next_lower || self.between_digits(at);
        }
        let single_letters = dotted && word.split('.').all(|piece| piece.chars().count() == 1);
        let initial = letter && word.chars().all(char::is_uppercase) && word != "I";
        initial || single_letters || self.is_abbreviation(word)
    }

    fn is_abbreviation(&self, word: &str) -> bool {
        let capital = word.starts_with(char::is_uppercase) || word.contains('.');
        let known = self.lexicon.get(&word.to_lowercase());
        (capital || matches!(word, "vs" | "etc" | "approx"))
            && known.is_some_and(|w| w.classes.any(Classes::ABBREVIATION))
    }

    fn between_digits(&self, at: usize) -> bool {
        let digit_before = self.text[..at].chars().next_back().is_some_and(|c| c.is_ascii_digit());
        digit_before && self.peek(at + 1).is_some_and(|c| c.is_ascii_digit())
    }

    /// Whether "n't" begins at `at`, inside a word: it is a token of its own.
    fn negation_begins(&self, start: usize, at: usize) -> bool {
        let rest = &self.text.as_bytes()[at..self.end];
        at > start && (rest.starts_with(b"n't") || rest.starts_with("n’t".as_bytes()))
    }

    /// Whether the apostrophe at `at` begins "'s", "'re", "'ve", "'ll", "'d", "'m" and then the word ends.
    fn is_clitic(&self, at: usize) -> bool {
        let follows_word = self.text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
        follows_word && self.clitic_end(at) > at
    }

    fn clitic_end(&self, at: usize) -> usize {
        let Some(mark) = self.peek(at) else { return at };
        let rest = &self.text[at + mark.len_utf8()..self.end];
        let clitic = ["s", "S", "re", "ve", "ll", "d", "m"].into_iter().find(|clitic| {
            let after = rest.strip_prefix(clitic);
            after.is_some_and(|after| !after.starts_with(char::is_alphanumeric))
        });
        clitic.map_or(at, |clitic| at + mark.len_utf8() + clitic.len())
    }

    fn run_end(&self, at: usize, mark: char) -> usize {
        let rest = &self.text[at..self.end];
        at + rest.find(|c| c != mark).unwrap_or(rest.len())
    }

    fn token(&mut self, span: Span, spaced: bool) -> Token<'l> {
        let written = &self.text[span];
        let mut chars = written.chars();
        let first = chars.next().expect("a piece holds a character");
        let bare_clitic = matches!(first, '\'' | '’') && chars.next().is_some_and(char::is_alphabetic);
        if !first.is_alphanumeric() && !bare_clitic && !matches!(first, '#' | '@' | '$' | '€' | '£') {
            return Token {
                span,
                mark: Some(self.mark(written, first)),
                case: Case::Mark,
                classes: Classes::default(),
                word: None,
                spaced,
                quote: None,
            };
        }
        let word = self.look_up(written);
        let classes = word.map_or(Classes::default(), |word| word.classes);
        Token { span, mark: None, case: case(written), classes, word, spaced, quote: None }
    }

    /// The character that stands for a mark: two single marks are a straight double one.
    fn mark(&self, written: &str, first: char) -> char {
        match written {
            "''" | "``" => '"',
            "--" | "---" => '—',
            "–" | "―" => '—',
            _ if written.starts_with("..") => '…',
            _ => first,
        }
    }

    fn look_up(&mut self, written: &str) -> Option<&'l Word> {
        self.lower.clear();
        for c in written.chars() {
            match c {
                '’' => self.lower.push('\''),
                _ => self.lower.extend(c.to_lowercase()),
            }
        }
        let found = self.lexicon.get(&self.lower);
        found.or_else(|| self.lexicon.get(self.lower.trim_end_matches('.')))
    }
}

/// A word of more bytes is no abbreviation and takes no further period.
const MAX_DOTTED: usize = 64;

fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{200c}' | '\u{200d}')
}

fn case(written: &str) -> Case {
    let mut letters = written.chars().filter(|c| c.is_alphabetic());
    if written.starts_with(|c: char| c.is_numeric()) {
        return Case::Number;
    }
    // "al-Qirbi": what is small is a particle.
    let particle =
        written.split_once('-').is_some_and(|(head, tail)| head.len() <= 3 && tail.starts_with(char::is_uppercase));
    match letters.next() {
        Some(first) if first.is_lowercase() && particle => Case::Capital,
        Some(first) if first.is_uppercase() => {
            let mut rest = letters.peekable();
            let upper = rest.peek().is_some() && rest.all(|c| !c.is_lowercase());
            if upper { Case::Upper } else { Case::Capital }
        }
        _ => Case::Lower,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        let lexicon = Lexicon::english();
        let mut tokens = Vec::new();
        tokenize(text, Span::new(0, text.len()), &lexicon, &mut tokens);
        tokens.iter().map(|token| &text[token.span]).collect()
    }

    #[test]
    fn clitics_are_tokens() {
        assert_eq!(split("Zelensky’s aide didn't"), ["Zelensky", "’s", "aide", "did", "n't"]);
        assert_eq!(split("We’ll, O'Malley"), ["We", "’ll", ",", "O'Malley"]);
    }

    #[test]
    fn abbreviations_keep_their_period() {
        assert_eq!(
            split("Mr. J. Smith of the U.S. said 3.5 a.m. no."),
            ["Mr.", "J.", "Smith", "of", "the", "U.S.", "said", "3.5", "a.m.", "no", "."]
        );
    }

    #[test]
    fn two_single_marks_are_one() {
        assert_eq!(split("''So terrible''--he"), ["''", "So", "terrible", "''", "--", "he"]);
    }
}
