//! The part of a text that a search found, with the words that it found marked.

use rapporteur_record::Span;
use unicode_width::UnicodeWidthChar;

use super::fit::cut;
use super::line::Line;
use super::safe::{n_columns, visible};
use super::style::Style;
use super::within;

/// What is found is looked at closely in so many bytes for each column that there is.
const BYTES_A_COLUMN: usize = 8;

/// As much of `text` as goes into `columns`, from its beginning, or else from a few words before the first of `hits`.
/// What is found stands in brackets, `⟦…⟧`, where there are no colours.
pub(super) fn excerpt(text: &str, hits: &[Span], columns: usize, base: Style, colours: bool) -> Line {
    let start = start(text, hits, columns);
    let end = within(text, Span::new(0, start.saturating_add(columns * BYTES_A_COLUMN).min(text.len()))).end();
    let mut line = Line::default();
    let mut room = columns;
    if start > 0 {
        line = line.dim("…");
        room -= 1;
    }
    for (piece, is_hit) in pieces(text, Span::new(start, end.max(start)), hits) {
        let style = if is_hit { base.with(found()) } else { base };
        let piece = squeezed(&text[piece]);
        let piece = if is_hit && !colours { format!("⟦{piece}⟧") } else { piece };
        let piece = if line.text.is_empty() { piece.trim_start() } else { piece.as_str() };
        if n_columns(piece) > room {
            return line.with(cut_at_word(piece, room), style);
        }
        room -= n_columns(piece);
        line = line.with(piece, style);
    }
    if end < text.len() { line.dim("…") } else { line }
}

/// As much of the beginning of `text` as goes into `width` columns with "…", and no part of a word if that leaves a third.
fn cut_at_word(text: &str, width: usize) -> String {
    let short = cut(text, width);
    let words = short.trim_end_matches('…');
    let goes_on = text[words.len().min(text.len())..].starts_with(|ch: char| !ch.is_whitespace());
    match words.rfind(' ').filter(|&at| goes_on && at * 3 > words.len()) {
        Some(at) => format!("{}…", words[..at].trim_end()),
        None => short,
    }
}

/// How found words look.
pub(super) fn found() -> Style {
    Style { underline: true, ..Style::coloured(FOUND) }.with(Style::BOLD)
}

/// Orange: it can be read on a dark ground and on a light one.
const FOUND: u8 = 208;

/// Where the excerpt begins.
fn start(text: &str, hits: &[Span], columns: usize) -> usize {
    let Some(hit) = hits.first() else { return 0 };
    let before = &text[..hit.start()];
    let width = |ch: char| ch.width().unwrap_or(1);
    let end = text[..hit.end()].chars().take(columns + 1).map(width).sum::<usize>();
    if end < columns {
        return 0;
    }
    let mut room = columns / 3;
    let near = before.char_indices().rev().take_while(|&(_, ch)| {
        let fits = width(ch) <= room;
        room = room.saturating_sub(width(ch));
        fits
    });
    let near = near.last().map_or(before.len(), |(at, _)| at);
    // From the beginning of a word, unless all of it is one.
    let word = before[near..].find(char::is_whitespace).map_or(near, |at| near + at);
    word + before[word..].len() - before[word..].trim_start().len()
}

/// `window` cut at the ends of `hits`, and whether a piece is one.
fn pieces(text: &str, window: Span, hits: &[Span]) -> Vec<(Span, bool)> {
    let (mut pieces, mut at) = (Vec::new(), window.start());
    let within = hits.iter().filter(|hit| window.contains(**hit) && text.get(hit.range()).is_some());
    for hit in within {
        if hit.start() < at {
            continue;
        }
        pieces.push((Span::new(at, hit.start()), false));
        pieces.push((*hit, true));
        at = hit.end();
    }
    pieces.push((Span::new(at, window.end()), false));
    pieces.retain(|(span, _)| !span.is_empty());
    pieces
}

/// Safe to print, with one space for any white space.
fn squeezed(text: &str) -> String {
    let mut squeezed = String::with_capacity(text.len());
    for ch in visible(text).chars() {
        match ch.is_whitespace() {
            true if squeezed.ends_with(' ') => {}
            true => squeezed.push(' '),
            false => squeezed.push(ch),
        }
    }
    squeezed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpted(text: &str, word: &str, columns: usize) -> String {
        let hits: Vec<Span> = text.match_indices(word).map(|(at, word)| Span::new(at, at + word.len())).collect();
        excerpt(text, &hits, columns, Style::PLAIN, false).text
    }

    #[test]
    fn found_words_are_marked() {
        assert_eq!(excerpted("the  ferry\nsails, the ferry!", "ferry", 40), "the ⟦ferry⟧ sails, the ⟦ferry⟧!");
    }

    #[test]
    fn it_begins_near_the_first_word_that_was_found() {
        let text = "one two three four five six seven eight nine ten eleven twelve";
        assert_eq!(excerpted(text, "nine", 24), "…eight ⟦nine⟧ ten…");
        assert_eq!(excerpted(text, "two", 24), "one ⟦two⟧ three four…");
        assert_eq!(excerpted(text, "zero", 24), "one two three four five…");
        assert_eq!(excerpted(text, "twelve", 24), "…eleven ⟦twelve⟧");
    }

    #[test]
    fn any_text_fits() {
        let long = "俄罗斯外长".repeat(50) + "\u{1b}[2J" + &"x".repeat(900);
        for columns in 1..50 {
            for word in ["外", "x", "\u{1b}", "no"] {
                let text = excerpted(&long, word, columns);
                assert!(n_columns(&text) <= columns + 1, "{columns}: {text}");
                assert!(!text.contains('\u{1b}'));
            }
        }
    }
}
