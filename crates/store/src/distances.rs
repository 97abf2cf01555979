//! Spans as distances: `[905,1045]` after `[870,900]` is written `[5,140]`. Distances repeat where places do not, so that
//! zstd makes the record of a document a good deal smaller.
//!
//! Nothing is known of the JSON but its strings: every list of two whole numbers is taken for a span, and comes back as
//! it was.

/// JSON with each pair of numbers as the distance from the last pair's end, and its length.
pub(crate) fn shorten(json: &str) -> String {
    converted(json, |end, [first, second]| {
        let pair = [first.checked_sub(end)?, second.checked_sub(first)?];
        Some((second, pair))
    })
}

/// What was shortened.
pub(crate) fn restore(json: &str) -> String {
    converted(json, |end, [distance, length]| {
        let first = end.checked_add(distance)?;
        let second = first.checked_add(length)?;
        Some((second, [first, second]))
    })
}

/// Replaces each pair by what `convert` makes of it and of the end of the pair before; it returns the new end too.
fn converted(json: &str, convert: impl Fn(i64, [i64; 2]) -> Option<(i64, [i64; 2])>) -> String {
    let (mut out, mut end, mut rest) = (String::with_capacity(json.len()), 0, json);
    while let Some(at) = rest.find(['"', '[']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('"') {
            let length = string(rest);
            out.push_str(&rest[..length]);
            rest = &rest[length..];
            continue;
        }
        match pair(rest).and_then(|(pair, length)| Some((convert(end, pair)?, length))) {
            Some(((new_end, [first, second]), length)) => {
                out.push_str(&format!("[{first},{second}]"));
                (end, rest) = (new_end, &rest[length..]);
            }
            None => {
                out.push('[');
                rest = &rest[1..];
            }
        }
    }
    out + rest
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
fn pair(json: &str) -> Option<([i64; 2], usize)> {
    let end = json.find(']')?;
    let (first, second) = json[1..end].split_once(',')?;
    Some(([number(first)?, number(second)?], end + 1))
}

/// A number as it is printed, and no other writing of it.
fn number(text: &str) -> Option<i64> {
    let number: i64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spans_are_distances() {
        let json = r#"{"a \" [1,2]":[[870,900],[905,1045]],"source":[850,854],"members":[3,1],"one":[7],"no":[]}"#;
        let short = r#"{"a \" [1,2]":[[870,30],[5,140]],"source":[-195,4],"members":[-851,-2],"one":[7],"no":[]}"#;
        assert_eq!(shorten(json), short);
        assert_eq!(restore(short), json);
    }

    proptest! {
        #[test]
        fn any_text_comes_back(text in r#"([\[\]",:\\a é-]|[0-9]{1,20}|\[[0-9]{1,5},[0-9]{1,5}\]){0,40}"#) {
            prop_assert_eq!(restore(&shorten(&text)), text);
        }
    }
}
