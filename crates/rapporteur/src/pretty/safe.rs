//! What a page may carry that a terminal would obey, made visible instead.
//!
//! A page's text is hostile: an escape sequence in a headline could repaint the screen, a bidi override in a name
//! could turn a quotation round. Nothing of a page reaches a terminal without passing through here.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// `text` on one line, with nothing left in it that a terminal obeys.
///
/// Line breaks and tabs become spaces, other controls a visible picture (`␛`) or U+FFFD, and characters that turn
/// the direction of writing their number (`‹U+202E›`).
pub fn visible(text: &str) -> Cow<'_, str> {
    match text.find(is_unsafe) {
        None => Cow::Borrowed(text),
        Some(at) => {
            let mut safe = text[..at].to_owned();
            text[at..].chars().for_each(|c| push_visible(&mut safe, c));
            Cow::Owned(safe)
        }
    }
}

fn push_visible(safe: &mut String, c: char) {
    match c {
        '\t'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => safe.push(' '),
        '\0'..='\u{1F}' => safe.extend(char::from_u32(0x2400 + c as u32)),
        '\u{7F}' => safe.push('␡'),
        '\u{80}'..='\u{9F}' => safe.push(char::REPLACEMENT_CHARACTER),
        // Where a word may be hyphenated: terminals print it as a hyphen.
        '\u{AD}' => {}
        c if turns_direction(c) => safe.push_str(&format!("‹U+{:04X}›", c as u32)),
        c => safe.push(c),
    }
}

fn is_unsafe(c: char) -> bool {
    c.is_control() || turns_direction(c) || matches!(c, '\u{AD}' | '\u{2028}' | '\u{2029}')
}

/// Embeddings, overrides, isolates and marks of Unicode's bidirectional algorithm.
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// `text` fenced off, where it holds writing that runs from right to left, so that what stands around it keeps its
/// place.
pub(super) fn isolated(text: String) -> String {
    if text.chars().any(runs_leftward) { format!("\u{2068}{text}\u{2069}") } else { text }
}

/// Hebrew to Arabic Extended-A, their presentation forms, and the right-to-left scripts of the supplementary plane.
fn runs_leftward(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}'
        | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

/// Columns that `text` takes on a terminal, which puts one character after the other.
pub(super) fn n_columns(text: &str) -> usize {
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_are_shown_not_obeyed() {
        assert_eq!(visible("\u{1b}[31mred\u{7}\u{9b}2J"), "␛[31mred␇\u{FFFD}2J");
    }

    #[test]
    fn bidi_controls_show_their_number() {
        assert_eq!(visible("a\u{202E}b\u{2069}c\u{200F}"), "a‹U+202E›b‹U+2069›c‹U+200F›");
    }

    #[test]
    fn clean_text_is_not_copied() {
        assert!(matches!(visible("“Да”, 他说"), Cow::Borrowed(_)));
    }

    #[test]
    fn line_breaks_become_spaces() {
        assert_eq!(visible("one\ntwo\tthree\u{2028}four"), "one two three four");
    }

    #[test]
    fn only_right_to_left_writing_is_isolated() {
        assert_eq!(isolated("نتنياهو".into()), "\u{2068}نتنياهو\u{2069}");
        assert_eq!(isolated("Netanyahu".into()), "Netanyahu");
    }
}
