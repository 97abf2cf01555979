//! Texts of feeds, which may be plain, or HTML, or HTML by accident; their dates and authors.

use crate::{parse, text};

/// At most so many bytes of HTML are read for one text.
const LONGEST: usize = 256 << 10;

/// Tags that show that a text is HTML.
const TAGS: &[&str] = &[
    "a",
    "abbr",
    "address",
    "applet",
    "article",
    "audio",
    "b",
    "big",
    "blink",
    "blockquote",
    "body",
    "br",
    "center",
    "cite",
    "code",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "figcaption",
    "figure",
    "font",
    "footer",
    "form",
    "frame",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "input",
    "ins",
    "li",
    "link",
    "main",
    "meta",
    "nobr",
    "noscript",
    "object",
    "ol",
    "p",
    "picture",
    "pre",
    "q",
    "s",
    "script",
    "section",
    "small",
    "source",
    "span",
    "strong",
    "style",
    "sub",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "th",
    "tr",
    "tt",
    "u",
    "ul",
    "video",
    "wbr",
];

/// Plain text of what may be HTML.
pub(super) fn plain(text: &str, most: usize) -> Option<String> {
    if looks_like_html(text) { html(text, most) } else { kept(text, most) }
}

/// Plain text of HTML.
pub(super) fn html(text: &str, most: usize) -> Option<String> {
    if !text.contains(['<', '&']) {
        return kept(text, most);
    }
    let tree = parse::parse(text::head(text, LONGEST));
    kept(&tree.text(0, most), most)
}

/// The text itself, white space folded; `None` if there is nothing.
pub(super) fn kept(text: &str, most: usize) -> Option<String> {
    let folded = text::folded(text::head(text, LONGEST));
    let cut = text::head(&folded, most).trim_end();
    (!cut.is_empty()).then(|| cut.to_owned())
}

fn looks_like_html(text: &str) -> bool {
    let tag = |after: &str| {
        let after = after.strip_prefix('/').unwrap_or(after);
        let end = after.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(0);
        let name = text::head(&after[..end], 16).to_ascii_lowercase();
        TAGS.contains(&name.as_str()) && after[end..].starts_with(['>', '/', ' ', '\n', '\t', '\r'])
    };
    let entity = |after: &str| {
        let end = after.bytes().take(32).position(|byte| byte == b';').unwrap_or(0);
        let name = after[..end].strip_prefix('#').unwrap_or(&after[..end]);
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    text.match_indices('<').any(|(at, _)| tag(&text[at + 1..]))
        || text.match_indices('&').any(|(at, _)| entity(&text[at + 1..]))
}

/// The name in "name@host (Name)", "Name <name@host>", or what there is.
pub(super) fn author(text: &str) -> Option<String> {
    let text = text::folded(text::head(text, 1000));
    let is_address = |text: &str| text.contains('@') && !text.contains(' ');
    let parts = text
        .strip_suffix(')')
        .and_then(|start| start.split_once('('))
        .or_else(|| text.strip_suffix('>').and_then(|start| start.split_once('<')));
    let name = match parts {
        Some((first, second)) if is_address(first.trim()) => second.trim(),
        Some((first, second)) if is_address(second.trim()) => first.trim(),
        _ => text.as_str(),
    };
    let name = name.trim_matches('"').trim();
    (!name.is_empty()).then(|| name.to_owned())
}
