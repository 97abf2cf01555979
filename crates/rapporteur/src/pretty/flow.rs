//! A line of text, marked and broken to a width.
//!
//! Text flows as glyphs: what a reader sees as one character, with its columns, its look, and whether the line may
//! break after it (Unicode line breaking, UAX 14). Brackets of statements are glyphs too, and stick to their words.

use std::borrow::Cow;
use std::ops::Range;

use rapporteur_record::Span;
use unicode_segmentation::UnicodeSegmentation;

use super::lanes::LaneMask;
use super::marks::{Bracket, Marks, Stretch};
use super::safe::{n_columns, visible};
use super::style::Style;

/// What is seen as one character.
#[derive(Clone, Debug)]
pub(super) struct Glyph<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) n_columns: usize,
    pub(super) style: Style,
    pub(super) lanes: LaneMask,
    may_break_after: bool,
}

impl<'a> Glyph<'a> {
    fn new(text: Cow<'a, str>, style: Style, lanes: LaneMask) -> Self {
        Glyph { n_columns: n_columns(&text), text, style, lanes, may_break_after: false }
    }

    fn is_space(&self) -> bool {
        self.text.chars().all(char::is_whitespace)
    }
}

/// The glyphs of `text[line]`, `base` being its look where nothing is said; `write` gives a bracket's text and look.
pub(super) fn glyphs<'a>(
    text: &'a str,
    line: Span,
    marks: &Marks,
    base: Style,
    write: impl Fn(&Bracket) -> (String, Style),
) -> Vec<Glyph<'a>> {
    let mut glyphs = Vec::with_capacity(line.len());
    let mut breaks = unicode_linebreak::linebreaks(&text[line]).map(|(at, _)| at).peekable();
    let mut stretches = marks.stretches_from(line.start()).iter().peekable();
    let mut brackets = marks.brackets_from(line.start()).iter().peekable();
    for (at, grapheme) in text[line].grapheme_indices(true) {
        let (start, end) = (line.start() + at, line.start() + at + grapheme.len());
        while let Some(bracket) = brackets.next_if(|bracket| bracket.at <= start) {
            push_bracket(&mut glyphs, write(bracket), bracket.opens);
        }
        while stretches.next_if(|stretch| stretch.span.end() <= start).is_some() {}
        let here = stretches.peek().filter(|stretch| stretch.span.holds(start));
        glyphs.push(grapheme_glyph(grapheme, base, here.copied()));
        while breaks.next_if(|&next| next < at + grapheme.len()).is_some() {}
        glyphs.last_mut().expect("one was pushed").may_break_after = breaks.peek() == Some(&(at + grapheme.len()));
        while let Some(bracket) = brackets.next_if(|bracket| bracket.at <= end && !bracket.opens) {
            push_bracket(&mut glyphs, write(bracket), false);
        }
    }
    // What opens within the last grapheme.
    while let Some(bracket) =
        brackets.next_if(|bracket| bracket.at < line.end() || bracket.at == line.end() && !bracket.opens)
    {
        push_bracket(&mut glyphs, write(bracket), bracket.opens);
    }
    glyphs
}

fn grapheme_glyph<'a>(grapheme: &'a str, base: Style, here: Option<&Stretch>) -> Glyph<'a> {
    let style = here.map_or(base, |stretch| base.with(stretch.style));
    Glyph::new(visible(grapheme), style, here.map_or(0, |stretch| stretch.lanes))
}

/// An opening bracket sticks to what follows; a closing one to what stands before, and the line breaks after both.
fn push_bracket(glyphs: &mut Vec<Glyph>, (text, style): (String, Style), opens: bool) {
    let mut glyph = Glyph::new(text.into(), style, 0);
    if let (false, Some(last)) = (opens, glyphs.last_mut()) {
        glyph.may_break_after = std::mem::take(&mut last.may_break_after);
        glyph.lanes = last.lanes;
    }
    glyphs.push(glyph);
}

/// Breaks a line into rows of at most `width` columns, spaces at their ends aside. Only what is itself wider than
/// `width` is broken inside a word.
pub(super) fn rows(glyphs: &[Glyph], width: usize) -> Vec<Range<usize>> {
    let (mut rows, mut start, mut filled) = (Vec::new(), 0, 0);
    for word in words(glyphs) {
        let n_columns = columns(trimmed(&glyphs[word.clone()]));
        if filled > 0 && filled + n_columns > width {
            rows.push(start..word.start);
            (start, filled) = (word.start, 0);
        }
        for at in word {
            let glyph = &glyphs[at];
            if filled > 0 && filled + glyph.n_columns > width && !glyph.is_space() {
                rows.push(start..at);
                (start, filled) = (at, 0);
            }
            filled += glyph.n_columns;
        }
    }
    rows.push(start..glyphs.len());
    rows.iter().map(|row| row.start..row.start + trimmed(&glyphs[row.clone()]).len()).collect()
}

/// Runs of glyphs between which the line may break.
fn words(glyphs: &[Glyph]) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    let ends = glyphs.iter().enumerate().filter(|(at, glyph)| glyph.may_break_after || at + 1 == glyphs.len());
    ends.map(move |(at, _)| std::mem::replace(&mut start, at + 1)..at + 1)
}

fn trimmed<'a, 'b>(glyphs: &'b [Glyph<'a>]) -> &'b [Glyph<'a>] {
    let end = glyphs.iter().rposition(|glyph| !glyph.is_space()).map_or(0, |last| last + 1);
    &glyphs[..end]
}

fn columns(glyphs: &[Glyph]) -> usize {
    glyphs.iter().map(|glyph| glyph.n_columns).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(text: &str, width: usize) -> Vec<String> {
        let marks = Marks::default();
        let line = glyphs(text, Span::new(0, text.len()), &marks, Style::PLAIN, |_| unreachable!());
        let row = |row: Range<usize>| line[row].iter().map(|glyph| glyph.text.as_ref()).collect();
        rows(&line, width).into_iter().map(row).collect()
    }

    #[test]
    fn lines_break_at_spaces_and_hyphens() {
        assert_eq!(broken("cease-fire talks resumed", 12), ["cease-fire", "talks", "resumed"]);
        assert_eq!(broken("cease-fire talks", 7), ["cease-", "fire", "talks"]);
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(broken("俄罗斯外长说", 6), ["俄罗斯", "外长说"]);
    }

    #[test]
    fn what_is_wider_than_the_line_is_broken() {
        assert_eq!(broken("https://example.org/a/very-long", 10).concat(), "https://example.org/a/very-long");
        assert_eq!(broken("aaaaaaaa", 3), ["aaa", "aaa", "aa"]);
    }

    #[test]
    fn combining_marks_stay_with_their_letter() {
        assert_eq!(broken("e\u{301}e\u{301}e\u{301}", 2), ["e\u{301}e\u{301}", "e\u{301}"]);
    }

    #[test]
    fn an_empty_line_is_one_empty_row() {
        assert_eq!(broken("", 10), [""]);
    }
}
