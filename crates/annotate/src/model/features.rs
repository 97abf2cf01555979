//! Tokens into the numbers of rows that the encoders look up, and texts into windows.

use std::ops::Range;

use super::text::{Tokens, is_word};
use super::words::Words;

/// Tables of hashed word parts.
pub(super) const N_HASHED: usize = 4;

/// Rows of a token in the encoder's tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Of the static word vectors; 0 is the unknown word's.
    pub(super) word_vector: u32,
    /// Of the hashed word, prefix, suffix and tail.
    pub(super) hashed: [u32; N_HASHED],
    /// How it is written.
    pub(super) shape: u8,
    /// How often such a word is a cue.
    pub(super) cue: u8,
    /// The [`super::quotation::Quotation`].
    pub(super) quotation: u8,
    /// 2 at a paragraph's start, 1 at a sentence's, else 0.
    pub(super) start: u8,
}

/// What maps words to rows.
#[derive(Debug)]
pub(super) struct Vocabulary {
    /// Rows of the static word vectors; none for the accurate model.
    pub(super) words: Words,
    /// Buckets of the cue list.
    pub(super) cues: Words,
    /// For each hashed table the byte that its hashes start with, and how many rows it has.
    pub(super) hashed: [(u8, u32); N_HASHED],
}

impl Vocabulary {
    /// The rows of the token with number `k`.
    pub(super) fn row(&self, text: &str, tokens: &Tokens, k: usize) -> Row {
        let word = &text[tokens.bytes[k].clone()];
        let mark = tokens.quotation[k].mark();
        let norm = mark.map_or_else(|| lower(word), str::to_owned);
        let asked = match mark {
            Some("“") => "``",
            Some(_) => "''",
            None => norm.as_str(),
        };
        Row {
            word_vector: self.words.get(asked).unwrap_or(0),
            hashed: self.hashes(mark.unwrap_or(word), &norm),
            shape: shape(word),
            cue: self.cues.get(&norm).map_or(0, |bucket| u8::try_from(bucket).expect("buckets are few")),
            quotation: tokens.quotation[k] as u8,
            start: if tokens.starts_paragraph[k] { 2 } else { u8::from(tokens.starts_sentence[k]) },
        }
    }

    fn hashes(&self, written: &str, norm: &str) -> [u32; N_HASHED] {
        let n_characters = norm.chars().take(9).count();
        let digit = [b'0' + u8::try_from(n_characters).expect("nine at most")];
        let parts: [[&[u8]; 2]; N_HASHED] = [
            [norm.as_bytes(), b""],
            [first(written, 3).as_bytes(), b""],
            [last(norm, 3).as_bytes(), b""],
            [last(norm, 2).as_bytes(), &digit],
        ];
        std::array::from_fn(|k| {
            let (kind, n_rows) = self.hashed[k];
            let hash = parts[k].into_iter().fold(fnv1a(FNV_START, &[kind]), fnv1a);
            u32::try_from(hash % u64::from(n_rows)).expect("the rest is less than the rows")
        })
    }
}

/// The value that FNV-1a starts with.
pub(super) const FNV_START: u64 = 0xCBF2_9CE4_8422_2325;

/// 64-bit FNV-1a, going on from `hash`.
pub(super) fn fnv1a(hash: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(hash, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3))
}

/// Lower case, with straight apostrophes.
fn lower(word: &str) -> String {
    if word.is_ascii() { word.to_ascii_lowercase() } else { word.to_lowercase().replace('’', "'") }
}

fn first(word: &str, n_characters: usize) -> &str {
    word.char_indices().nth(n_characters).map_or(word, |(at, _)| &word[..at])
}

fn last(word: &str, n_characters: usize) -> &str {
    word.char_indices().rev().nth(n_characters - 1).map_or(word, |(at, _)| &word[at..])
}

/// How a word is written: 0 no letter or digit, 1 lower case, 2 first capital, 3 capitals, 4 one capital, 5 mixed,
/// 6 digits, 7 letters and digits.
pub(super) fn shape(word: &str) -> u8 {
    let (mut n_letters, mut n_capitals, mut first_capital, mut digits) = (0, 0, false, false);
    for c in word.chars().filter(|&c| is_word(c)) {
        if c.is_ascii_digit() {
            digits = true;
            continue;
        }
        let capital = c.is_uppercase();
        first_capital |= capital && n_letters == 0;
        n_letters += 1;
        n_capitals += usize::from(capital);
    }
    match (n_letters, n_capitals) {
        (0, _) => 6 * u8::from(digits),
        _ if digits => 7,
        (_, 0) => 1,
        (1, 1) => 4,
        (letters, capitals) if letters == capitals => 3,
        (_, 1) if first_capital => 2,
        _ => 5,
    }
}

/// Runs of tokens that are read together: whole paragraphs, as many as fit into `limit` tokens; a longer paragraph is
/// cut before a sentence, or anywhere.
pub(super) fn windows(tokens: &Tokens, limit: usize) -> Vec<Range<usize>> {
    let (n, mut windows, mut start) = (tokens.len(), Vec::new(), 0);
    while n - start > limit {
        // A paragraph may end where the next starts, up to the limit itself.
        let bound = start + limit;
        let fits = |starts: &[bool]| (start + 1..=bound).rev().find(|&end| starts[end]);
        let end = fits(&tokens.starts_paragraph).or_else(|| fits(&tokens.starts_sentence)).unwrap_or(bound);
        windows.push(start..end);
        start = end;
    }
    if start < n {
        windows.push(start..n);
    }
    windows
}
