//! Where that ends which holds no markup: comments, scripts, styles, titles.
//!
//! Each search goes on from where it stands to the end that it gives, so that all of a page take one pass together.

use memchr::{memchr, memchr2};

use super::tokens::ends_name;

/// The end of the content of `name`: its end tag, or that of the page.
pub(super) fn end(bytes: &[u8], start: usize, name: &str) -> usize {
    let mut at = start;
    while let Some(found) = memchr(b'<', &bytes[at..]) {
        at += found;
        if is_tag(&bytes[at..], b"</", name) {
            return at;
        }
        at += 1;
    }
    bytes.len()
}

/// The end of a script, which may hold `<!-- <script> </script> -->`.
pub(super) fn script_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(found) = memchr(b'<', &bytes[at..]) {
        at += found;
        if is_tag(&bytes[at..], b"</", "script") {
            return at;
        }
        at += 1;
        if bytes[at..].starts_with(b"!--") {
            match escaped_end(bytes, at + 1) {
                Escaped::Back(end) => at = end,
                Escaped::Closed(end) => return end,
            }
        }
    }
    bytes.len()
}

/// How a comment in a script ends.
enum Escaped {
    /// The script goes on here.
    Back(usize),
    /// The script ends here.
    Closed(usize),
}

/// The end of a script's comment whose dashes begin at `start`.
fn escaped_end(bytes: &[u8], start: usize) -> Escaped {
    let (mut at, mut within) = (start, false);
    while let Some(found) = memchr2(b'<', b'-', &bytes[at..]) {
        at += found;
        let rest = &bytes[at..];
        if rest.starts_with(b"-->") {
            return Escaped::Back(at + 3);
        }
        if is_tag(rest, b"</", "script") {
            if !within {
                return Escaped::Closed(at);
            }
            within = false;
        } else if is_tag(rest, b"<", "script") {
            within = true;
        }
        at += 1;
    }
    Escaped::Closed(bytes.len())
}

/// Whether `rest` begins with `mark`, `name` and what ends a name.
fn is_tag(rest: &[u8], mark: &[u8], name: &str) -> bool {
    let end = mark.len() + name.len();
    rest.starts_with(mark)
        && rest.get(end).is_some_and(|&byte| ends_name(byte))
        && rest[mark.len()..end].eq_ignore_ascii_case(name.as_bytes())
}

/// Where the page goes on after the comment whose content begins at `start`.
pub(super) fn comment_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(found) = memchr(b'>', &bytes[at..]) {
        at += found + 1;
        let content = &bytes[start..at - 1];
        if content.is_empty() || content == b"-" || content.ends_with(b"--") || content.ends_with(b"--!") {
            return at;
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_end_oddly() {
        for comment in ["-->", ">", "->", "-- x -->", "a--!>", "--!>", "<!---->", "->-->"] {
            let page = format!("{comment}rest");
            let end = comment_end(page.as_bytes(), 0);
            let expected = if comment == "->-->" { "-->rest" } else { "rest" };
            assert_eq!(&page[end..], expected, "{comment}");
        }
        assert_eq!(comment_end(b"-!> --", 0), 6);
    }

    #[test]
    fn scripts_in_scripts() {
        let end = |page: &str| page[script_end(page.as_bytes(), 0)..].to_owned();
        assert_eq!(end("a</scripts></SCRIPT >b"), "</SCRIPT >b");
        assert_eq!(end("<!--<script></script>--></script>b"), "</script>b");
        assert_eq!(end("<!--<script>--></script>b"), "</script>b");
        assert_eq!(end("<!--></script>b"), "</script>b");
        assert_eq!(end("<!-- </script>b"), "</script>b");
        assert_eq!(end("</script"), "");
    }
}
