//! Small questions about text that every part of extraction asks.

/// Whether a character takes no room in clean text: soft hyphens, zero-width spaces, byte order marks, controls.
fn is_void(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}') || c.is_control() && !c.is_whitespace()
}

/// Appends `text` to `out`, white space folded to single spaces, what takes no room left out.
///
/// No space is put at the beginning of `out`, after a space, or after a line break.
pub(crate) fn push_folded(out: &mut String, text: &str) {
    for c in text.chars() {
        if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with([' ', '\n']) {
                out.push(' ');
            }
        } else if !is_void(c) {
            out.push(c);
        }
    }
}

/// `text`, white space folded to single spaces.
pub(crate) fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_folded(&mut out, text);
    out.truncate(out.trim_end().len());
    out
}

/// The letters and digits of `text` in lower case: what two printings of one line have in common.
pub(crate) fn key(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// How many words there are, counting two characters of a script without spaces as one.
pub(crate) fn n_words(text: &str) -> usize {
    if text.is_ascii() {
        let starts = |pair: &[u8]| pair[0].is_ascii_whitespace() && !pair[1].is_ascii_whitespace();
        let first = text.bytes().next().is_some_and(|byte| !byte.is_ascii_whitespace());
        return usize::from(first) + text.as_bytes().windows(2).filter(|pair| starts(pair)).count();
    }
    text.split_whitespace().count() + text.chars().filter(|&c| is_dense(c)).count() / 2
}

/// Whether a character belongs to a script that is written without spaces.
fn is_dense(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')
}

/// Whether a line ends as a sentence does, closing quotation marks and brackets aside.
pub(crate) fn ends_sentence(text: &str) -> bool {
    let bare = text.trim_end_matches(|c: char| c.is_whitespace() || "\"'”’»)]“".contains(c));
    bare.ends_with(['.', '!', '?', '…', '。', '！', '？', '।', '؟', '۔'])
}

/// The longest beginning of `text` with at most `most` bytes that ends on a character boundary.
pub(crate) fn head(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
