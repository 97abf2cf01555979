//! Tokens into the word pieces that the accurate encoder was trained with: BERT's, without case and accents.

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use super::file::{File, ModelError, wrong};
use super::text::is_word;
use super::words::Words;

/// Pieces that a token has at most; of longer ones the first are kept.
pub(super) const PIECES: usize = 4;

/// What cuts tokens into pieces, and the numbers of these.
#[derive(Debug)]
pub(super) struct Pieces {
    /// Pieces that words begin with, and all that is no word.
    heads: Words,
    /// Pieces that go on, without their `##`.
    tails: Words,
    /// Bytes of the longest piece.
    longest: usize,
    unknown: u32,
    /// What stands before and after a window.
    pub(super) bounds: [u32; 2],
}

/// The pieces of one token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct OfToken {
    numbers: [u32; PIECES],
    n: usize,
}

impl OfToken {
    pub(super) fn numbers(&self) -> &[u32] {
        &self.numbers[..self.n]
    }

    fn is_full(&self) -> bool {
        self.n == PIECES
    }

    fn push(&mut self, number: u32) {
        if !self.is_full() {
            self.numbers[self.n] = number;
            self.n += 1;
        }
    }
}

impl Pieces {
    pub(super) fn new(file: &File) -> Result<Self, ModelError> {
        let lines = || Ok::<_, ModelError>(file.lines("pieces")?.zip(0..));
        let heads = Words::new(lines()?.filter(|(piece, _)| !piece.starts_with("##")));
        let tails = Words::new(lines()?.filter_map(|(piece, number)| Some((piece.strip_prefix("##")?, number))));
        let piece = |name: &str| heads.get(name).ok_or_else(|| wrong("pieces", format_args!("no {name}")));
        let (unknown, bounds) = (piece("[UNK]")?, [piece("[CLS]")?, piece("[SEP]")?]);
        Ok(Pieces { longest: heads.longest().max(tails.longest()), heads, tails, unknown, bounds })
    }

    /// A token's pieces, at least one. `mark`: the quotation mark that it is.
    pub(super) fn of(&self, word: &str, mark: Option<&str>) -> OfToken {
        let plain = plain(if mark.is_some() { "\"" } else { word });
        let (mut found, mut rest) = (OfToken::default(), plain.as_str());
        while let Some(c) = rest.chars().next().filter(|_| !found.is_full()) {
            let n = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            if n > 0 {
                self.cut(&rest[..n], &mut found);
                rest = &rest[n..];
            } else {
                // Training took a zero for the end of a word, and for nothing else.
                if c != '\0' {
                    let piece = &rest[..c.len_utf8()];
                    found.push(self.heads.get(piece).unwrap_or(self.unknown));
                }
                rest = &rest[c.len_utf8()..];
            }
        }
        if found.n == 0 {
            found.push(self.unknown);
        }
        found
    }

    /// Cuts word characters, the longest piece first; what can't be cut to its end is one unknown piece.
    fn cut(&self, word: &str, found: &mut OfToken) {
        let before = *found;
        let mut start = 0;
        while start < word.len() {
            let pieces = if start == 0 { &self.heads } else { &self.tails };
            let bound = word.len().min(start + self.longest);
            let mut ends = (start + 1..=bound).rev().filter(|&end| word.is_char_boundary(end));
            let Some((end, number)) = ends.find_map(|end| Some((end, pieces.get(&word[start..end])?))) else {
                *found = before;
                found.push(self.unknown);
                return;
            };
            found.push(number);
            start = end;
        }
    }
}

/// Lower case without marks over and under the letters, apostrophes straight.
fn plain(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let kept = |c: &char| c.is_ascii() || c.general_category() != GeneralCategory::NonspacingMark;
    let straight = |c| if matches!(c, '’' | '‘') { '\'' } else { c };
    word.to_lowercase().nfd().filter(kept).map(straight).collect()
}
