//! Cuts tags with very many attributes.
//!
//! html5ever compares each attribute of a tag with all before it, so that one wide tag takes quadratic time. A tag
//! loses here what follows its [`MAX_ATTRIBUTES`]th word; no page that means to be read has so many.

use std::borrow::Cow;

use memchr::memchr;

/// How many words, names or values, a tag may hold.
const MAX_ATTRIBUTES: usize = 2048;

/// A tag with fewer bytes cannot hold too many attributes.
const SHORT: usize = 2 * MAX_ATTRIBUTES;

/// The page, its wide tags cut.
pub(crate) fn narrowed(html: &str) -> Cow<'_, str> {
    let bytes = html.as_bytes();
    let (mut at, mut kept, mut out) = (0, 0, None::<String>);
    while let Some(found) = memchr(b'<', &bytes[at..]) {
        let start = at + found;
        let tag = tag_end(bytes, start + 1);
        if let Some(cut) = tag.cut {
            let out = out.get_or_insert_default();
            out.push_str(&html[kept..cut]);
            kept = tag.end;
        }
        at = tag.end;
    }
    match out {
        None => Cow::Borrowed(html),
        Some(mut out) => {
            out.push_str(&html[kept..]);
            Cow::Owned(out)
        }
    }
}

struct TagEnd {
    /// The position of its `>`, or where the search goes on.
    end: usize,
    /// Where it is cut.
    cut: Option<usize>,
}

/// The end of the tag whose name begins at `start`.
fn tag_end(bytes: &[u8], start: usize) -> TagEnd {
    if !bytes.get(start).is_some_and(u8::is_ascii_alphabetic) {
        return TagEnd { end: start, cut: None };
    }
    let short = &bytes[start..bytes.len().min(start + SHORT)];
    // Most tags end, quoted `>` or not, before they could be wide; a quoted one only ends the search early.
    if let Some(end) = memchr(b'>', short)
        && memchr(b'"', &short[..end]).is_none()
        && memchr(b'\'', &short[..end]).is_none()
    {
        return TagEnd { end: start + end, cut: None };
    }
    walk(bytes, start)
}

fn walk(bytes: &[u8], start: usize) -> TagEnd {
    let (mut at, mut n_words, mut cut, mut after_equals) = (start, 0, None, false);
    while at < bytes.len() {
        let byte = bytes[at];
        match byte {
            b'>' => break,
            b'"' | b'\'' if after_equals => match memchr(byte, &bytes[at + 1..]) {
                Some(length) => at += length + 1,
                None => break,
            },
            b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' | b'/' | b'=' => n_words += 1,
            _ => {}
        }
        after_equals = byte == b'=' || after_equals && byte.is_ascii_whitespace();
        at += 1;
        if n_words == MAX_ATTRIBUTES && cut.is_none() {
            cut = Some(at).filter(|&at| bytes.get(at).is_none_or(|byte| byte & 0xC0 != 0x80));
        }
    }
    TagEnd { end: at.min(bytes.len()), cut }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_tags_are_cut_and_others_kept() {
        let wide = format!("<p>é</p><a {}>x</a><b title='>'>y</b>", "q=\"é>\" ".repeat(5000));
        let out = narrowed(&wide);
        assert!(out.len() < wide.len() / 2, "{}", out.len());
        assert!(out.ends_with(">x</a><b title='>'>y</b>"), "{}", &out[out.len() - 40..]);
        let page = "<p class=\"a\">1 < 2 <<<a href='x";
        assert_eq!(narrowed(page), page);
    }
}
