//! Where a saved page was found, by what the program wrote that saved it.

use memchr::memmem;

/// Browsers write it near the top.
const WITHIN: usize = 4 << 10;

/// The address in `<!-- saved from url=(0031)https://news.example/a/story -->`, as browsers write it.
pub(crate) fn url(html: &str) -> Option<&str> {
    let start = crate::text::head(html, WITHIN);
    let (_, after) = start.split_once("<!-- saved from url=(")?;
    let (length, after) = after.split_once(')')?;
    let url = after.get(..length.parse().ok()?)?;
    is_web(url).then_some(url)
}

/// The `href` of the page's `base`, if it may be the page itself and no folder: other programs put it in.
pub(crate) fn base(html: &str) -> Option<&str> {
    let head = crate::text::head(html, 16 * WITHIN);
    let at = memmem::find(head.as_bytes(), b"<base ")?;
    let tag = &head[at..];
    let tag = &tag[..tag.find('>')?];
    let value = tag.split_once("href=")?.1;
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let url = value[1..].split(quote).next()?;
    let path = url.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("", |found| found.1);
    (is_web(url) && !path.is_empty() && !path.ends_with('/')).then_some(url)
}

fn is_web(url: &str) -> bool {
    let scheme = url.starts_with("http://") || url.starts_with("https://");
    scheme && url.len() <= crate::link::LONGEST && !url.contains(|c: char| c.is_whitespace() || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_and_others_tell_where() {
        let saved = "<!DOCTYPE html>\n<!-- saved from url=(0026)https://news.example/story -->\n<html>";
        assert_eq!(url(saved), Some("https://news.example/story"));
        for none in ["<!-- saved from url=(0014)about:internet -->", "<!-- saved from url=(99)https://x.example/ -->"] {
            assert_eq!(url(none), None);
        }
        assert_eq!(base("<head><base href='https://a.example/b.html' target=x>"), Some("https://a.example/b.html"));
        for none in ["https://a.example/", "https://a.example", "/b", "https://a.example/b/", "javascript:x"] {
            assert_eq!(base(&format!("<base href=\"{none}\">")), None);
        }
    }
}
