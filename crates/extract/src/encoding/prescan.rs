//! The encoding that a page declares in its bytes, found as browsers find it before they parse.
//!
//! This is the standard's prescan: tags are walked over with their attributes, so that nothing in a comment, in an
//! attribute's value or in ordinary text declares anything. A `meta` counts if it has a `charset`, or a `content`
//! beside `http-equiv="Content-Type"`; without one the XML declaration counts.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use memchr::{memchr, memmem};

/// The encoding that `start`, the beginning of a page, declares.
pub(super) fn declared(start: &[u8]) -> Option<&'static Encoding> {
    Scan { bytes: start, at: 0 }.tags().or_else(|| of_xml(start))
}

/// The encoding of that name. What can be read as ASCII is not UTF-16.
fn named(label: &[u8]) -> Option<&'static Encoding> {
    let encoding = Encoding::for_label(label)?;
    Some(if encoding == UTF_16LE || encoding == UTF_16BE {
        UTF_8
    } else if encoding.name() == "x-user-defined" {
        WINDOWS_1252
    } else {
        encoding
    })
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
}

struct Attribute {
    name: Vec<u8>,
    value: Vec<u8>,
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ')
}

impl Scan<'_> {
    /// Goes from tag to tag up to one that declares an encoding.
    fn tags(&mut self) -> Option<&'static Encoding> {
        while let Some(found) = memchr(b'<', self.rest()) {
            self.at += found;
            let rest = self.rest();
            if rest.starts_with(b"<!--") {
                // `<!-->` is a comment, too.
                self.at += memmem::find(&rest[2..], b"-->")? + 4;
            } else if is_meta(rest) {
                self.at += 5;
                if let Some(encoding) = self.meta()? {
                    return Some(encoding);
                }
            } else if rest.get(1).is_some_and(u8::is_ascii_alphabetic)
                || rest.get(1) == Some(&b'/') && rest.get(2).is_some_and(u8::is_ascii_alphabetic)
            {
                self.tag()?;
            } else if matches!(rest.get(1), Some(b'!' | b'/' | b'?')) {
                self.at += memchr(b'>', rest)?;
            }
            self.at += 1;
        }
        None
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Walks over a tag.
    fn tag(&mut self) -> Option<()> {
        self.at += self.rest().iter().position(|&byte| is_space(byte) || byte == b'>')?;
        while self.attribute()?.is_some() {}
        Some(())
    }

    /// The encoding of a `meta` whose attributes begin here; `None` at the end of the bytes.
    fn meta(&mut self) -> Option<Option<&'static Encoding>> {
        let (mut seen, mut is_pragma, mut needs_pragma, mut encoding) = ([false; 3], false, None, None);
        while let Some(Attribute { name, value }) = self.attribute()? {
            let Some(which) = [&b"http-equiv"[..], b"content", b"charset"].iter().position(|known| *known == name)
            else {
                continue;
            };
            if std::mem::replace(&mut seen[which], true) {
                continue;
            }
            match which {
                0 => is_pragma = value == b"content-type",
                1 => {
                    if let (None, Some(found)) = (encoding, of_content(&value)) {
                        (encoding, needs_pragma) = (Some(found), Some(true));
                    }
                }
                _ => (encoding, needs_pragma) = (named(&value), Some(false)),
            }
        }
        let counts = needs_pragma.is_some_and(|needs| !needs || is_pragma);
        Some(encoding.filter(|_| counts))
    }

    /// The next attribute of a tag, in small letters; an inner `None` at the end of the tag, and an outer one at the end
    /// of the bytes.
    fn attribute(&mut self) -> Option<Option<Attribute>> {
        self.skip(|byte| is_space(byte) || byte == b'/');
        if self.here()? == b'>' {
            return Some(None);
        }
        let mut name = Vec::new();
        loop {
            match self.here()? {
                b'=' if !name.is_empty() => break,
                b'/' | b'>' => return Some(Some(Attribute { name, value: Vec::new() })),
                byte if is_space(byte) => {
                    self.skip(is_space);
                    if self.here()? != b'=' {
                        return Some(Some(Attribute { name, value: Vec::new() }));
                    }
                    break;
                }
                byte => name.push(byte.to_ascii_lowercase()),
            }
            self.at += 1;
        }
        self.at += 1;
        self.skip(is_space);
        let value = self.value()?;
        Some(Some(Attribute { name, value }))
    }

    fn value(&mut self) -> Option<Vec<u8>> {
        let quote = self.here()?;
        let value = if matches!(quote, b'"' | b'\'') {
            self.at += 1;
            let length = memchr(quote, self.rest())?;
            let value = self.rest()[..length].to_ascii_lowercase();
            self.at += length + 1;
            value
        } else {
            let length = self.rest().iter().position(|&byte| is_space(byte) || byte == b'>')?;
            let value = self.rest()[..length].to_ascii_lowercase();
            self.at += length;
            value
        };
        Some(value)
    }

    fn here(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip(&mut self, is_skipped: impl Fn(u8) -> bool) {
        while self.here().is_some_and(&is_skipped) {
            self.at += 1;
        }
    }
}

fn is_meta(rest: &[u8]) -> bool {
    rest.get(1..5).is_some_and(|name| name.eq_ignore_ascii_case(b"meta"))
        && rest.get(5).is_some_and(|&next| is_space(next) || next == b'/')
}

/// The encoding in a `content` in small letters: `text/html; charset=utf-8`.
fn of_content(content: &[u8]) -> Option<&'static Encoding> {
    let mut rest = content;
    loop {
        rest = &rest[memmem::find(rest, b"charset")? + 7..];
        let Some(value) = rest.trim_ascii_start().strip_prefix(b"=") else { continue };
        let value = value.trim_ascii_start();
        return match value.first()? {
            quote @ (b'"' | b'\'') => named(&value[1..][..memchr(*quote, &value[1..])?]),
            _ => named(value.split(|&byte| is_space(byte) || byte == b';').next()?),
        };
    }
}

/// The encoding in an XML declaration.
fn of_xml(start: &[u8]) -> Option<&'static Encoding> {
    let declaration = start.trim_ascii_start().strip_prefix(b"<?xml")?;
    let declaration = &declaration[..memchr(b'>', declaration)?];
    let rest = declaration[memmem::find(declaration, b"encoding")? + 8..].trim_ascii_start();
    let value = rest.strip_prefix(b"=")?.trim_ascii_start();
    let quote = *value.first().filter(|quote| matches!(quote, b'"' | b'\''))?;
    named(&value[1..][..memchr(quote, &value[1..])?])
}
