//! UTF-8 that somebody read as windows-1252 and wrote as UTF-8 again, set right: "itâ€™s" is "it’s", "CafÃ©" is "Café".
//!
//! A sequence is some characters that are the bytes of one character. Natural text has such, too: "NESCAFÉ®" and
//! "gemäß" before a space that does not break are the bytes of letters of other scripts. So a sequence is put right only
//! where it is certain by itself, or where the whole page is made of sequences and most are certain.

use memchr::memchr_iter;

/// What bytes 0x80 to 0x9F are in windows-1252.
const SIGNS: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";

/// What was done to text may have been done twice and more.
const MOST_ROUNDS: usize = 3;

/// The text set right, and at how many places; `None` where nothing is wrong.
pub(crate) fn repaired(text: &str) -> Option<(String, usize)> {
    let mut repaired: Option<(String, usize)> = None;
    for _ in 0..MOST_ROUNDS {
        let (so_far, n) = repaired.as_ref().map_or((text, 0), |(text, n)| (text, *n));
        let Some((better, n_more)) = round(so_far) else { break };
        repaired = Some((better, n.max(n_more)));
    }
    let (so_far, n) = repaired.as_ref().map_or((text, 0), |(text, n)| (text, *n));
    match signs(so_far) {
        Some((better, n_signs)) => Some((better, n + n_signs)),
        None => repaired,
    }
}

/// Control characters that no text has are signs of windows-1252 that somebody read as Latin-1: U+0092 is "’". The only
/// one in use is U+0085, the end of a line.
fn signs(text: &str) -> Option<(String, usize)> {
    let sign = |c: char| match c {
        '\u{85}' => None,
        '\u{80}'..='\u{9f}' => SIGNS.chars().nth(c as usize - 0x80).filter(|sign| *sign != c),
        _ => None,
    };
    let starts = memchr_iter(0xc2, text.as_bytes());
    let n = starts.filter(|&at| text[at..].chars().next().and_then(sign).is_some()).count();
    (n > 0).then(|| (text.chars().map(|c| sign(c).unwrap_or(c)).collect(), n))
}

/// Some characters that are the bytes of one.
struct Sequence {
    start: usize,
    end: usize,
    stands_for: char,
    is_certain: bool,
}

fn round(text: &str) -> Option<(String, usize)> {
    let mut sequences = sequences(text);
    if sequences.is_empty() {
        return None;
    }
    mark_chains(&mut sequences);
    let n_certain = sequences.iter().filter(|sequence| sequence.is_certain).count();
    let n_chars: usize = sequences.iter().map(|found| text[found.start..found.end].chars().count()).sum();
    let is_whole = n_certain * 2 > sequences.len() && n_chars == text.bytes().filter(|&byte| byte >= 0xc0).count();
    sequences.retain(|sequence| sequence.is_certain || is_whole);
    if sequences.is_empty() {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for Sequence { start, end, stands_for, .. } in &sequences {
        out.push_str(&text[done..*start]);
        out.push(*stands_for);
        done = *end;
    }
    out.push_str(&text[done..]);
    Some((out, sequences.len()))
}

fn sequences(text: &str) -> Vec<Sequence> {
    let mut found: Vec<Sequence> = Vec::new();
    // A first byte of UTF-8 is a character from U+00C2 to U+00F4, which itself begins with byte 0xC3.
    for start in memchr_iter(0xc3, text.as_bytes()) {
        if found.last().is_none_or(|last| last.end <= start)
            && let Some(sequence) = sequence(text, start)
        {
            found.push(sequence);
        }
    }
    found
}

fn sequence(text: &str, start: usize) -> Option<Sequence> {
    let mut chars = text[start..].chars();
    let first = chars.next()?;
    let mut bytes = [first as u8, 0, 0, 0];
    let n = match bytes[0] {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    let mut end = start + first.len_utf8();
    let mut second = None;
    for byte in &mut bytes[1..n] {
        let c = chars.next()?;
        *byte = byte_of(c).filter(|byte| (0x80..0xc0).contains(byte))?;
        end += c.len_utf8();
        second = second.or(Some(*byte));
    }
    let stands_for = std::str::from_utf8(&bytes[..n]).ok()?.chars().next()?;
    let before = text[..start].chars().next_back();
    let is_certain = is_certain(bytes[0], second?, before, stands_for);
    Some(Sequence { start, end, stands_for, is_certain })
}

/// The byte that a character is in windows-1252, or in Latin-1, which some programs take instead.
fn byte_of(c: char) -> Option<u8> {
    match u8::try_from(c) {
        Ok(byte) => (byte >= 0x80).then_some(byte),
        Err(_) => SIGNS.chars().position(|sign| sign == c).map(|at| 0x80 + at as u8),
    }
}

/// Whether the sequence is nothing else: no word goes on like that.
fn is_certain(first: u8, second: u8, before: Option<char>, stands_for: char) -> bool {
    match first {
        // A capital letter with a sign after it: natural at the end of a word in capitals alone, "AMANHÃ”".
        0xc2 | 0xc3 => !before.is_some_and(char::is_uppercase) || !can_follow_a_word(second),
        // "â€™", "â‚¬", "â„¢": quotation marks and dashes, currencies, the signs of trade.
        0xe2 => matches!(second, 0x80 | 0x82 | 0x84),
        // A byte order mark, and what stands for a character that was lost.
        0xef => matches!(stands_for, '\u{feff}' | '\u{fffd}'),
        // Emoji.
        0xf0 => second == 0x9f,
        _ => false,
    }
}

/// Quotation marks, dashes, a space, footnotes: what can stand right behind the last letter of a word.
fn can_follow_a_word(second: u8) -> bool {
    matches!(second, 0x80..=0xa0 | 0xae | 0xb2..=0xb4 | 0xb7 | 0xb9 | 0xbb)
}

/// Three sequences in a row are certain, whatever they are: letters of another script.
fn mark_chains(sequences: &mut [Sequence]) {
    for chain in sequences.chunk_by_mut(|one, next| one.end == next.start).filter(|chain| chain.len() >= 3) {
        chain.iter_mut().for_each(|sequence| sequence.is_certain = true);
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::WINDOWS_1252;

    use super::*;

    /// The text as those write it who take UTF-8 for windows-1252.
    fn spoilt(text: &str) -> String {
        WINDOWS_1252.decode_without_bom_handling(text.as_bytes()).0.into_owned()
    }

    #[test]
    fn what_was_spoilt_comes_back() {
        let texts = [
            "It’s a café, “she” said — naïve… 5 €, 10 °C.",
            "La séance a été levée à midi",
            "Министр сказал: нет.",
            "部長は記者団に語った。",
            "Zoë 😀 said so",
        ];
        for text in texts {
            let once = spoilt(text);
            assert_ne!(once, text);
            assert_eq!(repaired(&once).unwrap().0, text, "{once}");
            assert_eq!(repaired(&spoilt(&once)).unwrap().0, text, "{once}, twice");
            assert_eq!(repaired(text), None, "{text}");
        }
        let latin_1: String = "It’s a café".bytes().map(char::from).collect();
        assert_eq!(repaired(&latin_1), Some(("It’s a café".to_owned(), 2)));
    }

    #[test]
    fn controls_are_signs() {
        let text = "\u{93}I don\u{92}t\u{94}, é\u{85}\u{81}";
        assert_eq!(repaired(text), Some(("“I don’t”, é\u{85}\u{81}".to_owned(), 3)));
    }

    #[test]
    fn a_part_of_a_page_is_set_right_and_the_rest_stays() {
        let page = "<h1>Über “Straßen”</h1><p>Der JÃ¤ger sagte, es wÃ¼rde wÃ¤rmer.</p>";
        let right = "<h1>Über “Straßen”</h1><p>Der Jäger sagte, es würde wärmer.</p>";
        assert_eq!(repaired(page), Some((right.to_owned(), 3)));
    }

    #[test]
    fn natural_text_stays() {
        for text in [
            "NESCAFÉ® is sold as NESTLÉ® PURE LIFE",
            "gemäß\u{a0}§ 5, Groß\u{ad}väter",
            "« La Liberté\u{a0}», dit-il, « égalité\u{a0}» et « terminé”\u{a0}».",
            "so groß“, sagte er",
            "“ATÉ AMANHÔ DISSE A «IRMû E “MÃE”",
            "SÃO PAULO, NÃO, Ângela, Âge, à Â",
            "Ð and Þ are letters of Iceland: ÍÞRÓTTIR",
        ] {
            assert_eq!(repaired(text), None, "{text}");
        }
    }
}
