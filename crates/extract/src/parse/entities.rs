//! Character references, as HTML has them: with names that need no semicolon, and numbers that mean others.

use std::sync::LazyLock;

use memchr::{memchr2, memchr3};
use rustc_hash::FxHashMap;
use web_atoms::{C1_REPLACEMENTS, NAMED_ENTITIES};

/// What is decoded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// Text between tags: zeros are left out.
    Text,
    /// `title`, `textarea`.
    Escapable,
    /// The value of an attribute: `&copy=1` in a link is none.
    Value,
    /// `script`, `style`: no references.
    Raw,
}

/// Appends what `raw` means to `out`.
pub(super) fn decode(out: &mut String, raw: &str, source: Source) {
    let mut rest = raw;
    let next = |bytes: &[u8]| match source {
        Source::Raw => memchr2(b'\0', b'\r', bytes),
        _ => memchr3(b'&', b'\0', b'\r', bytes),
    };
    while let Some(at) = next(rest.as_bytes()) {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        rest = match rest.as_bytes()[at] {
            b'&' => reference(out, after, source == Source::Value),
            b'\r' => {
                out.push('\n');
                after.strip_prefix('\n').unwrap_or(after)
            }
            _ => {
                if source != Source::Text {
                    out.push('\u{fffd}');
                }
                after
            }
        };
    }
    out.push_str(rest);
}

/// Reads what follows a `&`; gives what comes after the reference.
fn reference<'a>(out: &mut String, after: &'a str, in_value: bool) -> &'a str {
    let found = match after.strip_prefix('#') {
        Some(number) => numbered(out, number),
        None => named(out, after, in_value),
    };
    found.unwrap_or_else(|| {
        out.push('&');
        after
    })
}

fn numbered<'a>(out: &mut String, number: &'a str) -> Option<&'a str> {
    let (digits, radix) = match number.strip_prefix(['x', 'X']) {
        Some(hex) => (hex, 16),
        None => (number, 10),
    };
    let end = digits.bytes().position(|byte| !char::from(byte).is_digit(radix)).unwrap_or(digits.len());
    if end == 0 {
        return None;
    }
    // What does not fit is too large in any case.
    let code = u32::from_str_radix(&digits[..end], radix).unwrap_or(u32::MAX);
    out.push(character(code));
    let rest = &digits[end..];
    Some(rest.strip_prefix(';').unwrap_or(rest))
}

/// windows-1252 has letters where Unicode has controls, and pages mean those.
fn character(code: u32) -> char {
    let replaced = code.checked_sub(0x80).and_then(|at| *C1_REPLACEMENTS.get(at as usize)?);
    replaced.or(char::from_u32(code)).filter(|&c| c != '\0').unwrap_or('\u{fffd}')
}

/// Names are at most so long, and those that need no semicolon so.
const LONGEST: usize = 31;
const LONGEST_BARE: usize = 6;

static BARE: LazyLock<FxHashMap<&'static str, char>> = LazyLock::new(|| {
    let names = NAMED_ENTITIES.entries().filter(|(name, codes)| !name.ends_with(';') && codes.0 != 0);
    names.filter_map(|(name, codes)| Some((*name, char::from_u32(codes.0)?))).collect()
});

fn named<'a>(out: &mut String, after: &'a str, in_value: bool) -> Option<&'a str> {
    let n_letters = after.bytes().take(LONGEST + 1).take_while(u8::is_ascii_alphanumeric).count();
    if after.as_bytes().get(n_letters) == Some(&b';')
        && let Some(text) = common(&after[..n_letters])
    {
        out.push_str(text);
        return Some(&after[n_letters + 1..]);
    }
    if after.as_bytes().get(n_letters) == Some(&b';')
        && let Some(&(first, second)) = NAMED_ENTITIES.get(&after[..=n_letters])
        && first != 0
    {
        out.extend([first, second].into_iter().filter(|&code| code != 0).filter_map(char::from_u32));
        return Some(&after[n_letters + 1..]);
    }
    let most = n_letters.min(LONGEST_BARE);
    let (length, found) = (2..=most).rev().find_map(|length| Some((length, BARE.get(&after[..length])?)))?;
    let next = after.as_bytes().get(length);
    if in_value && next.is_some_and(|byte| *byte == b'=' || byte.is_ascii_alphanumeric()) {
        return None;
    }
    out.push(*found);
    Some(&after[length..])
}

/// The few that pages are full of.
fn common(name: &str) -> Option<&'static str> {
    Some(match name {
        "nbsp" => "\u{a0}",
        "amp" => "&",
        "quot" => "\"",
        "lt" => "<",
        "gt" => ">",
        "rsquo" => "’",
        "ldquo" => "“",
        "rdquo" => "”",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(raw: &str, source: Source) -> String {
        let mut out = String::new();
        decode(&mut out, raw, source);
        out
    }

    #[test]
    fn references_of_text() {
        let text =
            "&amp;lt &ltx &notit; &notin; &NotEqualTilde; &#150;&#x41 &#0; &#xD800; &#99999999999; & &; &# &#x &xyz;";
        assert_eq!(
            decoded(text, Source::Text),
            "&lt <x ¬it; ∉ ≂\u{338} –A \u{fffd} \u{fffd} \u{fffd} & &; &# &#x &xyz;"
        );
        assert_eq!(decoded("a\0b\r\nc\rd", Source::Text), "ab\nc\nd");
    }

    #[test]
    fn references_of_values_and_none() {
        assert_eq!(decoded("?a=1&copy=2&lt&amp;b=3&ampx", Source::Value), "?a=1&copy=2<&b=3&ampx");
        assert_eq!(decoded("&amp;\0", Source::Raw), "&amp;\u{fffd}");
        assert_eq!(decoded("&amp;\0", Source::Escapable), "&\u{fffd}");
    }
}
