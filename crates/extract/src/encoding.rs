//! Bytes to text.
//!
//! The order is that of browsers, but for one thing: UTF-8 that is valid, or nearly, is taken for that whatever is
//! declared. So a byte order mark decides; then UTF-8, if the bytes hold a character beyond ASCII; then what HTTP says;
//! then what the page declares of itself (`prescan`); then a guess, to which the page's domain is told.
//! UTF-16 without a mark is known by its zeros. [`mojibake`] is for text that was decoded wrongly before it came here.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_MAC_CYRILLIC};
use memchr::memchr;

use crate::outlet;

pub(crate) mod mojibake;
mod prescan;
#[cfg(test)]
mod tests;

/// A declaration stands within so many bytes. Browsers look for it in the first 1,024, and begin anew when they meet
/// one later.
const DECLARED_WITHIN: usize = 64 << 10;

/// At most so many bytes are guessed from.
const GUESS_FROM: usize = 1 << 20;

/// What is known of the encoding from outside.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Hints<'a> {
    /// The label that HTTP gives.
    pub(crate) charset: Option<&'a str>,
    /// Where the page was found.
    pub(crate) url: Option<&'a str>,
}

/// An encoding, how it was found, and how many bytes of a mark go before the text.
#[derive(Clone, Copy, Debug)]
struct Found {
    encoding: &'static Encoding,
    how: &'static str,
    mark: usize,
}

/// Decodes a page; what is worth telling goes to `notes`.
pub(crate) fn decode<'a>(bytes: &'a [u8], hints: Hints, notes: &mut Vec<String>) -> Cow<'a, str> {
    if let Some(text) = sound(bytes) {
        return Cow::Borrowed(text);
    }
    let Found { encoding, how, mark } = found(bytes, hints);
    let (text, had_errors) = encoding.decode_without_bom_handling(&bytes[mark..]);
    if encoding != UTF_8 {
        notes.push(format!("encoding: {}, {how}", encoding.name()));
    }
    if had_errors {
        notes.push(format!("encoding: bytes that are no {} were replaced", encoding.name()));
    }
    text
}

/// Bytes that are UTF-8 beyond doubt.
fn sound(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    // ISO-2022-JP is ASCII to the eye, but for its escapes.
    let is_escaped = || memchr(0x1b, bytes).is_some() && bytes.is_ascii();
    (Encoding::for_bom(bytes).is_none() && utf16_without_mark(bytes).is_none() && !is_escaped()).then_some(text)
}

/// What bytes are that are not [`sound`].
fn found(bytes: &[u8], hints: Hints) -> Found {
    let found = |encoding, how| Found { encoding, how, mark: 0 };
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return Found { encoding, how: "by its byte order mark", mark };
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        return found(encoding, "by its zeros");
    }
    if is_nearly_utf8(bytes) {
        return found(UTF_8, "");
    }
    let told = hints.charset.and_then(|label| Encoding::for_label(label.as_bytes()));
    if let Some(encoding) = told.filter(can_be) {
        return found(encoding, "as HTTP says");
    }
    let declared = prescan::declared(&bytes[..bytes.len().min(DECLARED_WITHIN)]);
    if let Some(encoding) = declared.filter(can_be) {
        return found(encoding, "as declared");
    }
    found(guessed(bytes, hints), "by a guess")
}

/// Whether bytes that are no UTF-8, or ASCII with escapes, can be of this encoding: UTF-16 was seen above, and of
/// "replacement" nothing is left.
fn can_be(encoding: &&'static Encoding) -> bool {
    ![UTF_8, UTF_16LE, UTF_16BE, REPLACEMENT].contains(encoding)
}

/// UTF-16 in which every other byte of the beginning is mostly zero.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = &bytes[..bytes.len().min(1024) & !1];
    let zeros = |from: usize| start.iter().skip(from).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), start.len() / 2);
    if half < 4 || (even + odd) * 10 < half * 4 {
        return None;
    }
    if odd > 4 * even {
        Some(UTF_16LE)
    } else if even > 4 * odd {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Whether the bytes are UTF-8 but for a few: a cut character, a quotation from elsewhere.
fn is_nearly_utf8(bytes: &[u8]) -> bool {
    let (mut n_bad, mut n_good, mut rest) = (0, 0, &bytes[..bytes.len().min(1 << 20)]);
    loop {
        let (good, bad) = match std::str::from_utf8(rest) {
            Ok(good) => (good, None),
            Err(error) => {
                let (good, bad) = rest.split_at(error.valid_up_to());
                (std::str::from_utf8(good).unwrap_or_default(), Some(&bad[error.error_len().unwrap_or(bad.len())..]))
            }
        };
        n_good += good.chars().filter(|c| !c.is_ascii()).count();
        let Some(bad) = bad else { break };
        // A character that is cut off at the end says nothing.
        (n_bad, rest) = (n_bad + usize::from(!bad.is_empty()), bad);
    }
    n_good > n_bad
}

fn guessed(bytes: &[u8], hints: Hints) -> &'static Encoding {
    let bytes = &bytes[..bytes.len().min(GUESS_FROM)];
    if is_mac_cyrillic(bytes) {
        return X_MAC_CYRILLIC;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    let domain = hints.url.and_then(top_level_domain);
    let encoding = detector.guess(domain.as_deref().map(str::as_bytes), Utf8Detection::Deny);
    if encoding == UTF_8 { WINDOWS_1252 } else { encoding }
}

/// The one encoding of the web for a whole script that the detector doesn't know. It differs from windows-1251 in the
/// capitals, which lie where that has signs, and in the last letter of the alphabet.
fn is_mac_cyrillic(bytes: &[u8]) -> bool {
    let words = bytes.split(u8::is_ascii).filter(|word| word.len() >= 3).flatten();
    let (mut n, mut n_small, mut n_last, mut n_capital, mut n_foreign) = (0, 0, 0, 0, 0);
    for byte in words {
        n += 1;
        match byte {
            0xe0..=0xfe => n_small += 1,
            0xdf => n_last += 1,
            0x80..=0x9f => n_capital += 1,
            _ => n_foreign += 1,
        }
    }
    let at_least = |part: usize, percent_of_n: usize| part * 100 >= n * percent_of_n;
    n >= 50 && at_least(n_small, 60) && at_least(n_last * 2, 1) && at_least(n_capital * 2, 1) && !at_least(n_foreign, 5)
}

/// The last label of the host of `url`, as the detector wants it.
fn top_level_domain(url: &str) -> Option<String> {
    let label = outlet::host(url)?.trim_end_matches('.').rsplit('.').next()?;
    let fits = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (fits && !label.bytes().all(|byte| byte.is_ascii_digit())).then(|| label.to_ascii_lowercase())
}
