//! Bytes to text.
//!
//! A byte order mark decides; then UTF-8, if the bytes are valid and hold a character beyond ASCII, whatever the page
//! declares; then the declaration within the first 1,024 bytes; then a guess. UTF-16 without a mark is known by its
//! zeros.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// A declaration stands within so many bytes.
const DECLARED_WITHIN: usize = 1024;

/// At most so many bytes are guessed from.
const GUESS_FROM: usize = 64 << 10;

/// Decodes a page; what is worth telling goes to `notes`.
pub(crate) fn decode<'a>(bytes: &'a [u8], notes: &mut Vec<String>) -> Cow<'a, str> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return decode_as(encoding, &bytes[mark..], "by its byte order mark", notes);
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && utf16_without_mark(bytes).is_none()
    {
        return Cow::Borrowed(text);
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        return decode_as(encoding, bytes, "by its zeros", notes);
    }
    if is_nearly_utf8(bytes) {
        return decode_as(UTF_8, bytes, "", notes);
    }
    match declared(bytes) {
        Some(encoding) if encoding != UTF_8 => decode_as(encoding, bytes, "as declared", notes),
        _ => decode_as(guessed(bytes), bytes, "by a guess", notes),
    }
}

fn decode_as<'a>(encoding: &'static Encoding, bytes: &'a [u8], how: &str, notes: &mut Vec<String>) -> Cow<'a, str> {
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    if encoding != UTF_8 {
        notes.push(format!("encoding: {}, {how}", encoding.name()));
    }
    if had_errors {
        notes.push(format!("encoding: bytes that are no {} were replaced", encoding.name()));
    }
    text
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
        (n_bad, rest) = (n_bad + 1, bad);
    }
    n_good > n_bad
}

/// The encoding that the page declares.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(DECLARED_WITHIN)]).to_ascii_lowercase();
    let named = ["charset", "encoding"].iter().find_map(|word| start.split_once(word).map(|found| found.1))?;
    let label = named.trim_start().strip_prefix('=')?.trim_start_matches(['"', '\'', ' ']);
    let end = label.find(|c: char| !c.is_ascii_alphanumeric() && !"-_:".contains(c)).unwrap_or(label.len());
    let encoding = Encoding::for_label(&label.as_bytes()[..end])?;
    // A declaration that could be read as ASCII is not of UTF-16.
    Some(if encoding == UTF_16LE || encoding == UTF_16BE { UTF_8 } else { encoding })
}

fn guessed(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(GUESS_FROM)], true);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    if encoding == UTF_8 { WINDOWS_1252 } else { encoding }
}
