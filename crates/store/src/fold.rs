//! Names and words as they are compared: without case, accents and punctuation.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The words of `text`, in lower case, without accents, one space between them.
pub fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let plain = text.nfkd().filter(|ch| !is_combining_mark(*ch)).flat_map(char::to_lowercase);
    for ch in plain {
        match ch {
            'ß' => folded.push_str("ss"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' => folded.push('d'),
            ch if ch.is_alphanumeric() => folded.push(ch),
            _ if folded.is_empty() || folded.ends_with(' ') => {}
            _ => folded.push(' '),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_punctuation_do_not_count() {
        assert_eq!(folded("  Sérgio  O’Neill-ŁUKASZ, Jr. "), "sergio o neill lukasz jr");
        assert_eq!(folded("…"), "");
    }
}
