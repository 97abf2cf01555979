//! A page saved with all that belongs to it: MHTML (RFC 2557), which is a mail of many parts. Of a mail the page is read
//! likewise.
//!
//! The page is the part that `start` names, or else the first that is HTML, or else plain text. Pictures and styles are
//! passed over without being decoded.

use std::borrow::Cow;

use memchr::{memchr, memmem};

/// A longer header is none.
const LONGEST_HEADER: usize = 64 << 10;

/// Parts within parts are looked into so deep.
const DEEPEST: usize = 8;

/// The page of an archive.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Saved<'a> {
    pub(crate) bytes: Cow<'a, [u8]>,
    /// The encoding that its header names.
    pub(crate) charset: Option<String>,
    /// Where it was found.
    pub(crate) url: Option<String>,
}

/// Whether bytes begin with the header of a mail.
pub(crate) fn is_mhtml(bytes: &[u8]) -> bool {
    Part::new(bytes).is_some_and(|mail| mail.field("mime-version").is_some() && mail.field("content-type").is_some())
}

/// The page in an archive, if it holds one.
pub(crate) fn page(bytes: &[u8]) -> Option<Saved<'_>> {
    let mail = Part::new(bytes)?;
    let parts = mail.leaves();
    let start = mail.parameter("content-type", "start");
    let is_start = |part: &&Part| start.is_some() && part.field("content-id") == start.as_deref() && part.is_html();
    let is_text = |part: &&Part| part.kind().is_none_or(|kind| kind == "text/plain");
    let page = parts.iter().find(is_start).or_else(|| parts.iter().find(|part| part.is_html()));
    let page = page.or_else(|| parts.iter().find(is_text))?;
    let places = [page.field("content-location"), mail.field("snapshot-content-location")];
    let is_web = |place: &&str| place.starts_with("http://") || place.starts_with("https://");
    Some(Saved {
        bytes: page.decoded(),
        charset: page.parameter("content-type", "charset"),
        url: places.into_iter().flatten().find(is_web).map(str::to_owned),
    })
}

/// A header and what follows it.
struct Part<'a> {
    /// Names in small letters, and values in one line.
    fields: Vec<(String, String)>,
    body: &'a [u8],
}

impl<'a> Part<'a> {
    /// `None` if there is no header.
    fn new(bytes: &'a [u8]) -> Option<Self> {
        let mut fields: Vec<(String, String)> = Vec::new();
        let mut at = 0;
        loop {
            let rest = &bytes[at..bytes.len().min(LONGEST_HEADER)];
            let end = memchr(b'\n', rest)?;
            let line = String::from_utf8_lossy(&rest[..end]);
            at += end + 1;
            let text = line.trim();
            if text.is_empty() {
                break;
            }
            if line.starts_with([' ', '\t']) {
                let (_, value) = fields.last_mut()?;
                value.push(' ');
                value.push_str(text);
            } else {
                let (name, value) = text.split_once(':')?;
                let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic());
                fields.push((is_name.then(|| name.to_ascii_lowercase())?, value.trim().to_owned()));
            }
        }
        (!fields.is_empty()).then_some(Part { fields, body: &bytes[at..] })
    }

    fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|field| field.0 == name).map(|field| field.1.as_str())
    }

    /// The media type, in small letters.
    fn kind(&self) -> Option<String> {
        Some(self.field("content-type")?.split(';').next()?.trim().to_ascii_lowercase())
    }

    fn is_html(&self) -> bool {
        self.kind().is_some_and(|kind| kind == "text/html" || kind == "application/xhtml+xml")
    }

    /// A parameter of a field: `boundary` of `multipart/related; boundary="x; y"`.
    fn parameter(&self, field: &str, name: &str) -> Option<String> {
        let mut rest = self.field(field)?.split_once(';')?.1;
        loop {
            let (found, after) = rest.split_once('=')?;
            let after = after.trim_start();
            let (value, after) = match after.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"')?,
                None => after.split_at(after.find(';').unwrap_or(after.len())),
            };
            if found.trim_matches([';', ' ', '\t']).eq_ignore_ascii_case(name) {
                return Some(value.trim().to_owned()).filter(|value| !value.is_empty());
            }
            rest = after;
        }
    }

    /// The parts that have none within, in order.
    fn leaves(&self) -> Vec<Part<'a>> {
        let mut leaves = Vec::new();
        let whole = Part { fields: self.fields.clone(), body: self.body };
        let mut ahead = vec![(whole, 0)];
        while let Some((part, depth)) = ahead.pop() {
            let is_many = part.kind().is_some_and(|kind| kind.starts_with("multipart/"));
            match part.parameter("content-type", "boundary").filter(|_| is_many && depth < DEEPEST) {
                Some(boundary) => ahead.extend(part.parts(&boundary).into_iter().rev().map(|part| (part, depth + 1))),
                None => leaves.push(part),
            }
        }
        leaves
    }

    /// What lies between lines that begin with two hyphens and the boundary.
    fn parts(&self, boundary: &str) -> Vec<Part<'a>> {
        let body = self.body;
        let mark = format!("--{boundary}");
        let marks: Vec<usize> = memmem::find_iter(body, &mark).filter(|&at| at == 0 || body[at - 1] == b'\n').collect();
        let ends = marks.iter().skip(1).copied().chain([body.len()]);
        let part = |(&mark_at, end): (&usize, usize)| {
            let after = &body[mark_at + mark.len()..end];
            let part = &after[memchr(b'\n', after)? + 1..];
            let part = part.strip_suffix(b"\n").map_or(part, |part| part.strip_suffix(b"\r").unwrap_or(part));
            // A part without a header begins with an empty line.
            Part::new(part).or_else(|| Some(Part { fields: Vec::new(), body: part.trim_ascii_start() }))
        };
        marks.iter().zip(ends).filter_map(part).filter(|part| !part.body.is_empty()).collect()
    }

    fn decoded(&self) -> Cow<'a, [u8]> {
        let packing = self.field("content-transfer-encoding").unwrap_or_default();
        if packing.eq_ignore_ascii_case("quoted-printable") {
            Cow::Owned(quoted_printable(self.body))
        } else if packing.eq_ignore_ascii_case("base64") {
            Cow::Owned(base64(self.body))
        } else {
            Cow::Borrowed(self.body)
        }
    }
}

/// `=` and two digits are a byte, `=` at the end of a line takes the line end away; other ones stay.
fn quoted_printable(packed: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(packed.len());
    let mut rest = packed;
    while let Some(at) = memchr(b'=', rest) {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at + 1..];
        let digit = |at: usize| rest.get(at).and_then(|&byte| char::from(byte).to_digit(16));
        if let (Some(high), Some(low)) = (digit(0), digit(1)) {
            out.push((high * 16 + low) as u8);
            rest = &rest[2..];
        } else if let Some(after) = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")) {
            rest = after;
        } else {
            out.push(b'=');
        }
    }
    out.extend_from_slice(rest);
    out
}

/// Up to the padding; what is no digit is passed over.
pub(crate) fn base64(packed: &[u8]) -> Vec<u8> {
    let digits = packed.iter().take_while(|&&byte| byte != b'=').filter_map(|byte| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    });
    let mut out = Vec::with_capacity(packed.len() / 4 * 3);
    let (mut bits, mut n_bits) = (0_u32, 0);
    for digit in digits {
        bits = bits << 6 | u32::from(digit);
        n_bits += 6;
        if n_bits >= 8 {
            n_bits -= 8;
            out.push((bits >> n_bits) as u8);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARCHIVE: &str = "From: <Saved by a browser>\r\nSnapshot-Content-Location: https://news.example/story\r\n\
        Subject: The road is open\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\
        \tboundary=\"--=_x; 1\"\r\n\r\nThis is a page.\r\n----=_x; 1\r\nContent-Type: image/png\r\n\
        Content-Transfer-Encoding: base64\r\n\r\niVBORw0K\r\n----=_x; 1\r\nContent-Type: text/html; charset=\"utf-8\"\r\n\
        Content-ID: <frame-1@mhtml>\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
        <p class=3D\"a\">The road is open, said =\r\nZo=C3=AB. 1=2 and =ZZ=\r\n\r\n----=_x; 1--\r\n";

    #[test]
    fn the_page_is_the_part_of_html() {
        assert!(is_mhtml(ARCHIVE.as_bytes()));
        let saved = page(ARCHIVE.as_bytes()).unwrap();
        assert_eq!(String::from_utf8_lossy(&saved.bytes), "<p class=\"a\">The road is open, said Zoë. 1=2 and =ZZ");
        assert_eq!(
            (saved.charset.as_deref(), saved.url.as_deref()),
            (Some("utf-8"), Some("https://news.example/story"))
        );
    }

    #[test]
    fn start_names_the_page_and_parts_may_have_parts() {
        let archive = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=a; start=\"<2>\"\n\n--a\n\
            Content-Type: text/html\n\n<p>An advertisement</p>\n--a\nContent-Type: multipart/alternative; boundary=b\n\n\
            --b\n\nPlain\n--b\nContent-Type: text/html\nContent-ID: <2>\nContent-Transfer-Encoding: BASE64\n\
            Content-Location: https://news.example/2\n\nPHA+VGhlIHJv\nYWQ8L3A+Cg==\n--b--\n--a--\n";
        let saved = page(archive.as_bytes()).unwrap();
        assert_eq!(&*saved.bytes, b"<p>The road</p>\n");
        assert_eq!(saved.url.as_deref(), Some("https://news.example/2"));
    }

    #[test]
    fn what_is_cut_is_read_up_to_there() {
        for end in 0..ARCHIVE.len() {
            if let Some(saved) = page(&ARCHIVE.as_bytes()[..end]) {
                assert!(saved.bytes.len() <= end);
            }
        }
        let cut = &ARCHIVE.as_bytes()[..ARCHIVE.find("Zo=C3").unwrap()];
        assert!(page(cut).unwrap().bytes.starts_with(b"<p class=\"a\">The road"));
    }

    #[test]
    fn other_texts_are_no_archive() {
        for text in
            ["", "MIME-Version: 1.0", "Title: x\nAuthor: y\n\nText.", "<!doctype html>\n\n", "Note: it is\nso\n\n"]
        {
            assert!(!is_mhtml(text.as_bytes()), "{text}");
        }
    }
}
