//! Links made whole: a reference and the URL it is relative to (RFC 3986, section 5.2).
//!
//! What is whole already stays as it is written, so that a link is told as its page tells it.

/// The longest URL; a longer one is no link.
pub(crate) const LONGEST: usize = 8 << 10;

/// The parts of a URL, each with its own mark: `https:`, `//host`, `/path`, `?query`, `#fragment`.
#[derive(Clone, Copy, Default)]
struct Parts<'a> {
    scheme: &'a str,
    authority: &'a str,
    path: &'a str,
    query: &'a str,
    fragment: &'a str,
}

/// `reference` as seen from `base`, if the two make a URL of the web.
pub(crate) fn web(base: Option<&str>, reference: &str) -> Option<String> {
    let url = resolve(base.unwrap_or_default(), &clean(reference));
    let scheme = parts(&url).scheme;
    let is_web = scheme.eq_ignore_ascii_case("http:") || scheme.eq_ignore_ascii_case("https:");
    (is_web && url.len() <= LONGEST && !parts(&url).authority.trim_start_matches('/').is_empty()).then_some(url)
}

/// A reference without the white space that pages put around and into it.
fn clean(reference: &str) -> String {
    let reference = reference.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    let kept = reference.chars().filter(|c| !matches!(c, '\n' | '\r' | '\t'));
    kept.collect::<String>().replace(' ', "%20")
}

/// `reference` as seen from `base`; what can't be made whole is given back.
pub(crate) fn resolve(base: &str, reference: &str) -> String {
    let (from, to) = (parts(base), parts(reference));
    if !to.scheme.is_empty() || from.scheme.is_empty() {
        return reference.to_owned();
    }
    if !to.authority.is_empty() {
        return format!("{}{reference}", from.scheme);
    }
    let Parts { scheme, authority, .. } = from;
    if to.path.is_empty() {
        let query = if to.query.is_empty() { from.query } else { to.query };
        return format!("{scheme}{authority}{}{query}{}", from.path, to.fragment);
    }
    let merged = if to.path.starts_with('/') { to.path.to_owned() } else { merge(&from, to.path) };
    format!("{scheme}{authority}{}{}{}", without_dots(&merged), to.query, to.fragment)
}

fn parts(url: &str) -> Parts<'_> {
    let (rest, fragment) = split(url, "#");
    let (rest, query) = split(rest, "?");
    let (scheme, rest) = match rest.find(':') {
        Some(at) if is_scheme(&rest[..at]) => rest.split_at(at + 1),
        _ => ("", rest),
    };
    let (authority, path) = match rest.strip_prefix("//") {
        Some(after) => rest.split_at(2 + after.find('/').unwrap_or(after.len())),
        None => ("", rest),
    };
    Parts { scheme, authority, path, query, fragment }
}

fn split<'a>(text: &'a str, mark: &str) -> (&'a str, &'a str) {
    text.split_at(text.find(mark).unwrap_or(text.len()))
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

fn merge(base: &Parts, path: &str) -> String {
    if !base.authority.is_empty() && base.path.is_empty() {
        return format!("/{path}");
    }
    let folder = base.path.rfind('/').map_or("", |at| &base.path[..=at]);
    format!("{folder}{path}")
}

fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.split('/').peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        match segment {
            "." | ".." => {
                if segment == ".." && kept.len() > 1 {
                    kept.pop();
                }
                if is_last {
                    kept.push("");
                }
            }
            segment => kept.push(segment),
        }
    }
    kept.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_standard() {
        let base = "http://a/b/c/d;p?q";
        let normal = [
            ("g:h", "g:h"),
            ("g", "http://a/b/c/g"),
            ("./g", "http://a/b/c/g"),
            ("g/", "http://a/b/c/g/"),
            ("/g", "http://a/g"),
            ("//g", "http://g"),
            ("?y", "http://a/b/c/d;p?y"),
            ("g?y", "http://a/b/c/g?y"),
            ("#s", "http://a/b/c/d;p?q#s"),
            ("g#s", "http://a/b/c/g#s"),
            ("g?y#s", "http://a/b/c/g?y#s"),
            (";x", "http://a/b/c/;x"),
            ("g;x?y#s", "http://a/b/c/g;x?y#s"),
            ("", "http://a/b/c/d;p?q"),
            (".", "http://a/b/c/"),
            ("./", "http://a/b/c/"),
            ("..", "http://a/b/"),
            ("../", "http://a/b/"),
            ("../g", "http://a/b/g"),
            ("../..", "http://a/"),
            ("../../g", "http://a/g"),
        ];
        let abnormal = [
            ("../../../../g", "http://a/g"),
            ("/./g", "http://a/g"),
            ("/../g", "http://a/g"),
            ("g.", "http://a/b/c/g."),
            ("..g", "http://a/b/c/..g"),
            ("./../g", "http://a/b/g"),
            ("./g/.", "http://a/b/c/g/"),
            ("g/../h", "http://a/b/c/h"),
            ("g?y/../x", "http://a/b/c/g?y/../x"),
            ("g#s/../x", "http://a/b/c/g#s/../x"),
        ];
        for (reference, expected) in normal.into_iter().chain(abnormal) {
            assert_eq!(resolve(base, reference), expected, "{reference}");
        }
    }

    #[test]
    fn links_of_the_web() {
        let base = Some("https://a.example");
        assert_eq!(web(base, " b c\n").as_deref(), Some("https://a.example/b%20c"));
        assert_eq!(web(None, "HTTP://b.example/").as_deref(), Some("HTTP://b.example/"));
        for none in ["javascript:alert(1)", "data:text/html,x", "mailto:a@b.example", "http:///x", "https:"] {
            assert_eq!(web(base, none), None, "{none}");
        }
        assert_eq!(web(None, "/relative"), None);
        assert_eq!(web(base, &"x".repeat(LONGEST)), None);
    }
}
