//! In which unit printed spans count.

use serde::{Deserialize, Serialize};

use crate::Span;

/// The unit of the spans in printed JSON. Inside the engine a span counts bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Offsets {
    /// Unicode code points: what Python slices by.
    #[default]
    Codepoint,
    /// UTF-8 bytes: Rust, Go.
    Byte,
    /// UTF-16 code units: JavaScript, Java.
    Utf16,
}

impl Offsets {
    /// Turns spans in bytes of `text` into spans in this unit, for what is about to be printed.
    pub fn convert(self, text: &str, spans: &mut [Span]) {
        let converter = Converter::new(text, self);
        spans.iter_mut().for_each(|span| *span = converter.span(*span));
    }
}

/// Converts byte positions in one text to another unit, in constant time a position.
///
/// One count is kept for each stretch of 64 bytes, so that the table is small beside the text.
pub(crate) struct Converter<'a> {
    text: &'a str,
    offsets: Offsets,
    units_before: Vec<u32>,
}

const STRETCH: usize = 64;

impl<'a> Converter<'a> {
    pub(crate) fn new(text: &'a str, offsets: Offsets) -> Self {
        let mut units_before = Vec::new();
        if offsets != Offsets::Byte && !text.is_ascii() {
            let mut n_units = 0;
            for stretch in text.as_bytes().chunks(STRETCH) {
                units_before.push(n_units);
                n_units += count(stretch, offsets);
            }
            units_before.push(n_units);
        }
        Converter { text, offsets, units_before }
    }

    pub(crate) fn span(&self, span: Span) -> Span {
        Span::new(self.position(span.start()), self.position(span.end()))
    }

    /// For each position that the unit can name, the byte that it names; at its end the length of the text.
    pub(crate) fn bytes(text: &str, offsets: Offsets) -> Vec<u32> {
        let width = |ch: char| if offsets == Offsets::Utf16 { ch.len_utf16() } else { 1 };
        let mut bytes = Vec::new();
        for (at, ch) in text.char_indices() {
            // The second half of a surrogate pair names no character boundary: it gets the byte inside the character.
            bytes.extend((0..width(ch)).map(|half| (at + half) as u32));
        }
        bytes.push(text.len() as u32);
        bytes
    }

    fn position(&self, byte: usize) -> usize {
        let Some(&before) = self.units_before.get(byte / STRETCH) else { return byte };
        let stretch = &self.text.as_bytes()[byte / STRETCH * STRETCH..byte];
        (before + count(stretch, self.offsets)) as usize
    }
}

/// Units that begin in `bytes`: a character counts at its first byte, and where it is four bytes long it is two units
/// of UTF-16. Of at most [`STRETCH`] bytes, so that the sum fits in one and processors add many at a time.
fn count(bytes: &[u8], offsets: Offsets) -> u32 {
    debug_assert!(bytes.len() <= STRETCH, "a stretch is no longer");
    let begins = |byte: u8| u8::from(byte & 0xC0 != 0x80);
    let n_units: u8 = match (offsets, <&[u8; STRETCH]>::try_from(bytes)) {
        (Offsets::Utf16, _) => bytes.iter().map(|&byte| begins(byte) + u8::from(byte >= 0xF0)).sum(),
        // Known to be of this length, it takes a few instructions.
        (_, Ok(stretch)) => stretch.iter().map(|&byte| begins(byte)).sum(),
        (_, Err(_)) => bytes.iter().map(|&byte| begins(byte)).sum(),
    };
    u32::from(n_units)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_three_units_name_the_same_characters(before in ".{0,200}", inside in ".{0,200}", after in ".{0,9}") {
            let text = format!("{before}{inside}{after}");
            let span = Span::new(before.len(), before.len() + inside.len());
            let points = Converter::new(&text, Offsets::Codepoint).span(span);
            let units = Converter::new(&text, Offsets::Utf16).span(span);
            let by_points: String = text.chars().skip(points.start()).take(points.len()).collect();
            let by_units: Vec<u16> = text.encode_utf16().skip(units.start()).take(units.len()).collect();
            prop_assert_eq!(&by_points, &inside);
            prop_assert_eq!(String::from_utf16(&by_units).unwrap(), inside);
            prop_assert_eq!(Converter::new(&text, Offsets::Byte).span(span), span);
        }
    }
}
