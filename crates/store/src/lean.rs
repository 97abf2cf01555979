//! The JSON of a document with its numbers apart, which zstd packs much smaller.
//!
//! Between their numbers, records of mentions and statements are the same words again and again: without them they are
//! one long repetition. The numbers follow in few bytes each, and spans as distances: `[905,1045]` after `[870,900]` is 5
//! and 140. Nothing is known of the JSON but its strings and numbers; every list of two whole numbers is taken for a
//! span, and all comes back as it was.

/// In the place of a span, a whole number, and another number; in JSON no such character can occur.
const SPAN: u8 = 1;
const WHOLE: u8 = 2;
const OTHER: u8 = 3;

/// The JSON without its numbers, and these after it.
pub(crate) fn lean(json: &str) -> Vec<u8> {
    let (mut words, mut numbers) = (Vec::with_capacity(json.len() / 2), Vec::with_capacity(json.len() / 8));
    let (mut end, mut rest) = (0, json);
    while let Some(at) = rest.find(|c: char| c == '"' || c == '[' || c == '-' || c.is_ascii_digit()) {
        words.extend_from_slice(&rest.as_bytes()[..at]);
        rest = &rest[at..];
        let length = match rest.as_bytes()[0] {
            b'"' => string(rest),
            b'[' => match span(rest) {
                Some(([first, second], length)) => {
                    words.push(SPAN);
                    push(&mut numbers, first - end);
                    push(&mut numbers, second - first);
                    (end, rest) = (second, &rest[length..]);
                    continue;
                }
                None => 1,
            },
            _ => {
                let length = rest.find(|c: char| !"+-.eE".contains(c) && !c.is_ascii_digit()).unwrap_or(rest.len());
                if number(&rest[..length], &mut words, &mut numbers) {
                    rest = &rest[length..];
                    continue;
                }
                length
            }
        };
        words.extend_from_slice(&rest.as_bytes()[..length]);
        rest = &rest[length..];
    }
    words.extend_from_slice(rest.as_bytes());
    let mut lean = Vec::with_capacity(words.len() + numbers.len() + 5);
    push(&mut lean, words.len() as i64);
    lean.extend_from_slice(&words);
    lean.extend_from_slice(&numbers);
    lean
}

/// What [`lean`] was made of; `None` if it is nothing that [`lean`] makes.
pub(crate) fn whole(lean: &[u8]) -> Option<String> {
    let mut rest = lean;
    let n_words = usize::try_from(take(&mut rest)?).ok()?;
    let (words, mut numbers) = rest.split_at_checked(n_words)?;
    let (mut json, mut end) = (Vec::with_capacity(lean.len() * 2), 0i64);
    for &byte in words {
        match byte {
            SPAN => {
                let first = end.checked_add(take(&mut numbers)?)?;
                end = first.checked_add(take(&mut numbers)?)?;
                json.extend_from_slice(format!("[{first},{end}]").as_bytes());
            }
            WHOLE => json.extend_from_slice(take(&mut numbers)?.to_string().as_bytes()),
            OTHER => {
                let (bits, after) = numbers.split_first_chunk()?;
                json.extend_from_slice(f32::from_le_bytes(*bits).to_string().as_bytes());
                numbers = after;
            }
            byte => json.push(byte),
        }
    }
    String::from_utf8(json).ok().filter(|_| numbers.is_empty())
}

/// The length of the string that begins here.
fn string(json: &str) -> usize {
    let (mut at, bytes) = (1, json.as_bytes());
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(bytes.len())
}

/// The two whole numbers that are all of the list that begins here, and its length.
fn span(json: &str) -> Option<([i64; 2], usize)> {
    let end = json.find(']')?;
    let (first, second) = json[1..end].split_once(',')?;
    Some(([whole_number(first)?, whole_number(second)?], end + 1))
}

/// Puts a number where it belongs, if it would come back as it is.
fn number(text: &str, words: &mut Vec<u8>, numbers: &mut Vec<u8>) -> bool {
    if let Some(number) = whole_number(text) {
        words.push(WHOLE);
        push(numbers, number);
        return true;
    }
    let Some(number) = text.parse::<f32>().ok().filter(|number| number.to_string() == text) else { return false };
    words.push(OTHER);
    numbers.extend_from_slice(&number.to_le_bytes());
    true
}

/// A number that is printed so and in no other way, and whose distances to others of its kind are numbers too.
fn whole_number(text: &str) -> Option<i64> {
    let number: i32 = text.parse().ok()?;
    (number.to_string() == text).then_some(number.into())
}

/// In base 128, low part first, the sign in the lowest bit.
fn push(bytes: &mut Vec<u8>, number: i64) {
    let mut rest = ((number << 1) ^ (number >> 63)) as u64;
    while rest >= 0x80 {
        bytes.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
}

fn take(bytes: &mut &[u8]) -> Option<i64> {
    let mut number = 0;
    for shift in (0..63).step_by(7) {
        let (&byte, after) = bytes.split_first()?;
        *bytes = after;
        number |= u64::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            return Some((number >> 1) as i64 ^ -((number & 1) as i64));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_stand_apart_and_spans_are_distances() {
        let json = r#"{"a \" [1,2]":[[870,900],[905,1045]],"id":7,"p":0.25,"no":[],"odd":[01,2.50,1e9]}"#;
        let lean = lean(json);
        let words = "{\"a \\\" [1,2]\":[\u{1},\u{1}],\"id\":\u{2},\"p\":\u{3},\"no\":[],\"odd\":[01,2.50,1e9]}";
        assert_eq!(std::str::from_utf8(&lean[1..][..words.len()]), Ok(words));
        assert_eq!(lean[1 + words.len()..][..6], [0xCC, 0x0D, 60, 10, 0x98, 0x02]);
        assert_eq!(whole(&lean).as_deref(), Some(json));
    }

    proptest! {
        #[test]
        fn any_json_comes_back(text in r#"([\[\]{}",:\\a é.e+-]|[0-9]{1,20}|\[[0-9]{1,5},-?[0-9]{1,12}\]|0\.[0-9]{1,9}){0,40}"#) {
            prop_assert_eq!(whole(&lean(&text)), Some(text));
        }

        #[test]
        fn any_bytes_are_taken_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = whole(&bytes);
        }
    }
}
