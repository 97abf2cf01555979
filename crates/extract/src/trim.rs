//! Takes from a page, before it is parsed, what costs time and says nothing.
//!
//! Scripts other than JSON-LD, styles and comments are half of many pages; they are cut by searching for their ends.
//! html5ever compares each attribute of a tag with all before it, so that one wide tag takes quadratic time: a tag
//! loses what follows its [`MAX_ATTRIBUTES`]th word; no page that means to be read has so many.

use std::borrow::Cow;

use memchr::{memchr, memmem};

/// How many words, names or values, a tag may hold.
const MAX_ATTRIBUTES: usize = 2048;

/// The page without all that.
pub(crate) fn trimmed(html: &str) -> Cow<'_, str> {
    let mut cuts = Cuts { html, kept: 0, out: String::new(), unclosed: [false; 3] };
    let mut at = 0;
    while let Some(found) = memchr(b'<', &html.as_bytes()[at..]) {
        at = cuts.see(at + found);
    }
    if cuts.kept == 0 {
        return Cow::Borrowed(html);
    }
    cuts.out.push_str(&html[cuts.kept..]);
    Cow::Owned(cuts.out)
}

/// What was kept so far.
struct Cuts<'a> {
    html: &'a str,
    /// Where what is not yet copied begins.
    kept: usize,
    out: String,
    /// Which of comment, script and style is known to have no end in the rest of the page.
    unclosed: [bool; 3],
}

impl Cuts<'_> {
    /// Looks at the `<` at `start`; gives where to go on.
    fn see(&mut self, start: usize) -> usize {
        let bytes = self.html.as_bytes();
        if bytes[start..].starts_with(b"<!--") {
            return self.cut_to(start, start + 4, 0, b"-->").unwrap_or(start + 4);
        }
        let tag = tag_end(bytes, start + 1);
        if let Some(cut) = tag.cut {
            self.cut(cut, tag.end);
        }
        let text = &bytes[start..tag.end];
        let raw = if is_tag(text, b"<script") && memmem::find(text, b"ld+json").is_none() {
            self.cut_to(tag.end + 1, tag.end + 1, 1, b"</script")
        } else if is_tag(text, b"<style") {
            self.cut_to(tag.end + 1, tag.end + 1, 2, b"</style")
        } else {
            None
        };
        raw.unwrap_or(tag.end)
    }

    /// Cuts from `from` to the first `end` at or after `search`; a comment goes with its end, an element without.
    fn cut_to(&mut self, from: usize, search: usize, which: usize, end: &[u8]) -> Option<usize> {
        let rest = self.html.as_bytes().get(search..)?;
        if self.unclosed[which] {
            return None;
        }
        let Some(found) = find(rest, end) else {
            self.unclosed[which] = true;
            return None;
        };
        let to = search + found + if which == 0 { end.len() } else { 0 };
        self.cut(from, to);
        Some(to)
    }

    fn cut(&mut self, from: usize, to: usize) {
        if from < to {
            self.out.push_str(&self.html[self.kept..from]);
            self.kept = to;
        }
    }
}

fn is_tag(text: &[u8], tag: &[u8]) -> bool {
    let name = text.get(..tag.len()).is_some_and(|name| name.eq_ignore_ascii_case(tag));
    name && !text.get(tag.len()).is_some_and(u8::is_ascii_alphanumeric)
}

/// The first place of `end`, in whatever case.
fn find(text: &[u8], end: &[u8]) -> Option<usize> {
    let mut starts = memmem::find_iter(text, &end[..2]);
    starts.find(|&at| text.get(at..at + end.len()).is_some_and(|found| found.eq_ignore_ascii_case(end)))
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
        let out = trimmed(&wide);
        assert!(out.len() < wide.len() / 2, "{}", out.len());
        assert!(out.ends_with(">x</a><b title='>'>y</b>"), "{}", &out[out.len() - 40..]);
        let page = "<p class=\"a\">1 < 2 <<<a href='x";
        assert_eq!(trimmed(page), page);
    }

    #[test]
    fn scripts_styles_and_comments_go() {
        let page = "a<!-- <p> -->b<SCRIPT src='>'>if (a<b) x</SCRIPT>c<script type='application/ld+json'>{}</script><style>p{}</style>";
        let out = "ab<SCRIPT src='>'></SCRIPT>c<script type='application/ld+json'>{}</script><style></style>";
        assert_eq!(trimmed(page), out);
        assert_eq!(trimmed("<!-- <p>x<script>y"), "<!-- <p>x<script>y");
    }
}
