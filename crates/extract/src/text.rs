//! Small questions about text that every part of extraction asks.

use std::sync::LazyLock;

/// Whether a character takes no room in clean text: soft hyphens, zero-width spaces, byte order marks, controls.
fn is_void(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}') || c.is_control() && !c.is_whitespace()
}

/// Appends `text` to `out`, white space folded to single spaces, what takes no room left out.
///
/// No space is put at the beginning of `out`, after a space, or after a line break.
pub(crate) fn push_folded(out: &mut String, text: &str) {
    let bytes = text.as_bytes();
    let mut after_space = out.is_empty() || out.ends_with([' ', '\n']);
    // Most of a text stays as it is, and is copied in runs.
    let (mut run, mut at) = (0, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'!'..=b'~' => (at, after_space) = (at + 1, false),
            b' ' if !after_space => (at, after_space) = (at + 1, true),
            _ => {
                let c = text[at..].chars().next().expect("what is left begins with a character");
                let is_space = c.is_whitespace();
                if is_space || is_void(c) {
                    out.push_str(&text[run..at]);
                    run = at + c.len_utf8();
                    if is_space && !after_space {
                        out.push(' ');
                    }
                }
                after_space = is_space || after_space && is_void(c);
                at += c.len_utf8();
            }
        }
    }
    out.push_str(&text[run..]);
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
    let mut key = String::with_capacity(text.len());
    for c in text.chars() {
        match FOLDED.get(c as usize) {
            Some(Some(folded)) => key.push(*folded),
            Some(None) => {}
            None if is_ideograph(c) => key.push(c),
            // Quotation marks and dashes.
            None if matches!(c, '\u{2000}'..='\u{206f}') => {}
            None if c.is_alphanumeric() => key.extend(c.to_lowercase()),
            None => {}
        }
    }
    key
}

/// Letters and digits of the alphabets that most of the news is written in, in lower case.
static FOLDED: LazyLock<Vec<Option<char>>> = LazyLock::new(|| {
    let folded = |c: char| c.is_alphanumeric().then(|| c.to_lowercase().next().unwrap_or(c));
    ('\0'..'\u{800}').map(folded).collect()
});

/// Chinese characters and kana, which have no case.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}

/// How many words there are, counting two characters of a script without spaces as one.
pub(crate) fn n_words(text: &str) -> usize {
    if !may_have_odd_words(text.as_bytes()) {
        return n_plain_words(text.as_bytes());
    }
    let (mut n_words, mut n_dense, mut after_space) = (0, 0, true);
    for c in text.chars() {
        let is_space = c == ' ' || c.is_whitespace();
        n_words += usize::from(after_space && !is_space);
        after_space = is_space;
        n_dense += usize::from(c >= FIRST_DENSE && is_dense(c));
    }
    n_words + n_dense / 2
}

/// Whether there may be white space beyond ASCII, or a script without spaces. Without a branch, so that many bytes go at
/// once; quotation marks and dashes, which are in most texts, are neither.
fn may_have_odd_words(bytes: &[u8]) -> bool {
    let odd = bytes.windows(3).fold(false, |odd, three| {
        let [first, second, third] = [three[0], three[1], three[2]];
        let is_mark = (first == 0xe2) & (second == 0x80) & (third.wrapping_sub(0x8b) < 0x1d);
        odd | ((first == 0xc2) & (second <= 0xa0)) | ((first.wrapping_sub(0xe0) < 10) & !is_mark)
    });
    odd || bytes.len() > 1 && bytes[bytes.len() - 2] == 0xc2
}

/// Counts without a branch, so that many bytes go at once.
fn n_plain_words(bytes: &[u8]) -> usize {
    let is_space = |byte: u8| byte == b' ' || byte.wrapping_sub(b'\t') < 5;
    let Some((&first, rest)) = bytes.split_first() else { return 0 };
    // A sum of so many fits a byte.
    let runs = rest.chunks(255).zip(bytes.chunks(255));
    let starts = runs.map(|(here, before)| {
        let starts = here.iter().zip(before).map(|(&here, &before)| u8::from(is_space(before) & !is_space(here)));
        usize::from(starts.sum::<u8>())
    });
    usize::from(!is_space(first)) + starts.sum::<usize>()
}

const FIRST_DENSE: char = '\u{0e00}';

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_folded() {
        for (before, text, after) in [
            ("", "  a \n b\u{a0}", "a b "),
            ("a ", " \u{ad} b", "a b"),
            ("a\n", " b\u{200b} c", "a\nb c"),
            ("a", "\u{200b} \u{200b} \u{2003}b\u{7}", "a b"),
            ("é", "\tü  ", "é ü "),
        ] {
            let mut out = before.to_owned();
            push_folded(&mut out, text);
            assert_eq!(out, after, "{text:?}");
        }
    }

    #[test]
    fn words_and_keys() {
        assert_eq!(n_words(" Two words\u{a0}and  “three” "), 4);
        assert_eq!(n_words("a\u{a0}"), 1);
        assert_eq!(n_words("“a” – b… c\u{2028}d € e"), 7);
        assert_eq!(n_words("四つの言葉 x"), 4);
        assert_eq!(n_words(""), 0);
        assert_eq!(n_words(&"ab \n".repeat(300)), 300);
        assert_eq!(key("Ärger – In 2 “Häusern”!"), "ärgerin2häusern");
        assert_eq!(key("Вода、水とパン"), "вода水とパン");
    }
}
