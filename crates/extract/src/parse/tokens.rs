//! A page as tags and the text between them, by the rules of the HTML standard for what shows.
//!
//! Nothing is copied: a token is slices of the page, and references in it are decoded by who keeps it.

use memchr::memchr;

use super::raw;

/// One piece of a page.
#[derive(Debug, PartialEq)]
pub(super) enum Token<'a> {
    /// Text with its references.
    Text(&'a str),
    /// Text of a drawing, without references.
    Literal(&'a str),
    Start(Tag<'a>),
    End(Tag<'a>),
    Comment,
    /// Holds the words after `<!doctype`.
    Doctype(&'a str),
}

/// A start tag or an end tag; the attributes of the last start tag are [`Tokens::attrs`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Tag<'a> {
    /// As it is written.
    pub(super) name: &'a str,
    pub(super) self_closing: bool,
}

/// An attribute as it is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Attr<'a> {
    pub(super) name: &'a str,
    pub(super) value: &'a str,
}

/// At most so many attributes of a tag are kept.
const MOST_ATTRS: usize = 64;

/// Cuts a page into tokens.
pub(super) struct Tokens<'a> {
    html: &'a str,
    at: usize,
    /// Those of the last start tag that are kept, each name once.
    pub(super) attrs: Vec<Attr<'a>>,
    /// Whether an attribute is kept, by the names of tag and attribute.
    keeps: fn(&str, &str) -> bool,
    /// Whether `<![CDATA[` begins text, as it does in drawings.
    pub(super) has_cdata: bool,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(html: &'a str, keeps: fn(&str, &str) -> bool) -> Self {
        Tokens { html, at: 0, attrs: Vec::new(), keeps, has_cdata: false }
    }

    /// The next token; `None` at the end.
    pub(super) fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let start = self.at;
            let end = self.text_end();
            if end > start {
                self.at = end;
                return Some(Token::Text(&self.html[start..end]));
            }
            if start == self.html.len() {
                return None;
            }
            if let Some(token) = self.markup() {
                return Some(token);
            }
        }
    }

    /// The content of an element that holds no markup, up to its end tag, which is the next token.
    pub(super) fn raw(&mut self, name: &str) -> &'a str {
        let start = self.at;
        self.at = match name.eq_ignore_ascii_case("script") {
            true => raw::script_end(self.html.as_bytes(), start),
            false => raw::end(self.html.as_bytes(), start, name),
        };
        &self.html[start..self.at]
    }

    /// All that is left.
    pub(super) fn rest(&mut self) -> &'a str {
        &self.html[std::mem::replace(&mut self.at, self.html.len())..]
    }

    /// Where the next markup begins.
    fn text_end(&self) -> usize {
        let bytes = self.html.as_bytes();
        let mut at = self.at;
        while let Some(found) = memchr(b'<', &bytes[at..]) {
            at += found;
            match bytes.get(at + 1) {
                Some(b'!' | b'?') => return at,
                Some(b'/') if at + 2 < bytes.len() => return at,
                Some(byte) if byte.is_ascii_alphabetic() => return at,
                _ => at += 1,
            }
        }
        bytes.len()
    }

    /// What begins with the `<` here; `None` if it is nothing.
    fn markup(&mut self) -> Option<Token<'a>> {
        let rest = &self.html.as_bytes()[self.at + 1..];
        match rest[0] {
            b'/' if rest[1].is_ascii_alphabetic() => self.tag(2).map(Token::End),
            b'/' if rest[1] == b'>' => {
                self.at += 3;
                None
            }
            b'!' if rest.starts_with(b"!--") => {
                self.at = raw::comment_end(self.html.as_bytes(), self.at + 4);
                Some(Token::Comment)
            }
            b'!' if rest.len() > 7 && rest[1..8].eq_ignore_ascii_case(b"doctype") => {
                let end = self.bogus_end();
                let words = &self.html[self.at + 9..end];
                self.at = (end + 1).min(self.html.len());
                Some(Token::Doctype(words))
            }
            b'!' if self.has_cdata && rest.starts_with(b"![CDATA[") => Some(self.cdata()),
            b'/' | b'!' | b'?' => {
                self.at = (self.bogus_end() + 1).min(self.html.len());
                Some(Token::Comment)
            }
            _ => self.tag(1).map(Token::Start),
        }
    }

    fn cdata(&mut self) -> Token<'a> {
        let start = self.at + 9;
        let length = memchr::memmem::find(&self.html.as_bytes()[start..], b"]]>");
        let end = length.map_or(self.html.len(), |length| start + length);
        self.at = (end + 3).min(self.html.len());
        Token::Literal(&self.html[start..end])
    }

    /// The next `>`, or the end.
    fn bogus_end(&self) -> usize {
        memchr(b'>', &self.html.as_bytes()[self.at..]).map_or(self.html.len(), |length| self.at + length)
    }

    /// The tag whose name begins `skip` bytes from here; `None` if the page ends within it.
    fn tag(&mut self, skip: usize) -> Option<Tag<'a>> {
        let is_start = skip == 1;
        let (html, bytes) = (self.html, self.html.as_bytes());
        let start = self.at + skip;
        let mut at = run(bytes, start, ENDS_NAME);
        let name = &html[start..at];
        let mut self_closing = false;
        if is_start {
            self.attrs.clear();
        }
        // The page ends here, unless the tag does.
        self.at = bytes.len();
        loop {
            match *bytes.get(at)? {
                b'>' => {
                    self.at = at + 1;
                    return Some(Tag { name, self_closing });
                }
                byte if is_space(byte) || byte == b'/' => {
                    self_closing = byte == b'/';
                    at += 1;
                }
                _ => {
                    let (attr, end) = attribute(html, at)?;
                    (at, self_closing) = (end, false);
                    if is_start {
                        self.keep(name, attr);
                    }
                }
            }
        }
    }

    fn keep(&mut self, tag: &str, attr: Attr<'a>) {
        if self.attrs.len() < MOST_ATTRS
            && (self.keeps)(tag, attr.name)
            && self.attrs.iter().all(|known| !known.name.eq_ignore_ascii_case(attr.name))
        {
            self.attrs.push(attr);
        }
    }
}

/// The attribute at `start`, and where it ends; `None` if the page ends within it.
fn attribute(html: &str, start: usize) -> Option<(Attr<'_>, usize)> {
    let bytes = html.as_bytes();
    // A `=` may begin a name.
    let end = run(bytes, start + 1, ENDS_NAME | EQUALS);
    let name = &html[start..end];
    let mut at = run_of_spaces(bytes, end);
    if bytes.get(at) != Some(&b'=') {
        return Some((Attr { name, value: "" }, at));
    }
    at = run_of_spaces(bytes, at + 1);
    match *bytes.get(at)? {
        quote @ (b'"' | b'\'') => {
            let length = memchr(quote, &bytes[at + 1..])?;
            Some((Attr { name, value: &html[at + 1..at + 1 + length] }, at + length + 2))
        }
        _ => {
            let end = run(bytes, at, ENDS_VALUE);
            Some((Attr { name, value: &html[at..end] }, end))
        }
    }
}

/// What bytes do in a tag.
const SPACE: u8 = 1;
const ENDS_NAME: u8 = 2;
const ENDS_VALUE: u8 = 4;
const EQUALS: u8 = 8;

const BYTES: [u8; 256] = {
    let mut bytes = [0; 256];
    let spaces = [b' ', b'\t', b'\n', b'\r', b'\x0c'];
    let mut at = 0;
    while at < spaces.len() {
        bytes[spaces[at] as usize] = SPACE | ENDS_NAME | ENDS_VALUE;
        at += 1;
    }
    bytes[b'/' as usize] = ENDS_NAME;
    bytes[b'>' as usize] = ENDS_NAME | ENDS_VALUE;
    bytes[b'=' as usize] = EQUALS;
    bytes
};

pub(super) fn is_space(byte: u8) -> bool {
    BYTES[byte as usize] & SPACE != 0
}

/// Whether a byte ends the name of a tag.
pub(super) fn ends_name(byte: u8) -> bool {
    BYTES[byte as usize] & ENDS_NAME != 0
}

/// Where the next byte that does `what` stands, or the end.
fn run(bytes: &[u8], mut at: usize, what: u8) -> usize {
    while at < bytes.len() && BYTES[bytes[at] as usize] & what == 0 {
        at += 1;
    }
    at
}

fn run_of_spaces(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() && is_space(bytes[at]) {
        at += 1;
    }
    at
}
