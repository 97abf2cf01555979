//! Headers of records, of WARC and of ARC, and the lines that begin them.

use std::io::{self, Read};

use jiff::civil::DateTime;
use jiff::tz::Offset;
use memchr::memmem;
use rapporteur_record::Moment;

use super::Trouble;
use super::tape::Tape;

/// A header has at most so many lines and bytes.
const MOST_LINES: usize = 1000;
const MOST_BYTES: usize = 256 << 10;

/// What a record says of itself.
pub(super) struct Header {
    kind: Kind,
    /// Names in lower case, and values, as they come.
    fields: Vec<(String, String)>,
}

enum Kind {
    Warc,
    Arc,
}

/// Whether a line begins an ARC file.
pub(super) fn begins_arc(line: &[u8]) -> bool {
    line.starts_with(b"filedesc://")
}

/// Whether a line begins a record.
pub(super) fn begins_record(line: &[u8], is_arc: bool) -> bool {
    begins_warc(line) || is_arc && arc_fields(line).is_some()
}

fn begins_warc(line: &[u8]) -> bool {
    let Some(version) = line.strip_prefix(b"WARC/") else { return false };
    let version = version.trim_ascii_end();
    (3..=6).contains(&version.len()) && version.iter().all(|&byte| byte.is_ascii_digit() || byte == b'.')
}

/// Where another record begins within the block of one.
pub(super) fn find_record(block: &[u8]) -> Option<usize> {
    memmem::find_iter(block, b"\nWARC/").map(|at| at + 1).find(|&at| {
        let line = block[at..].split(|&byte| byte == b'\n').next().unwrap_or_default();
        let before = &block[..at];
        begins_warc(line) && (before.ends_with(b"\n\n") || before.ends_with(b"\n\r\n"))
    })
}

/// Takes the blank lines from the end of a block that part it from the next record.
pub(super) fn trim_end(block: &mut Vec<u8>) {
    for _ in 0..2 {
        if block.ends_with(b"\n") {
            block.pop();
            if block.ends_with(b"\r") {
                block.pop();
            }
        }
    }
}

/// As much of a line as a message shows.
pub(super) fn shown(line: &[u8]) -> &[u8] {
    &line[..line.len().min(40)]
}

/// The five or ten fields of an ARC header: URL, address, date, type, …, length.
fn arc_fields(line: &[u8]) -> Option<[&str; 4]> {
    let line = std::str::from_utf8(line).ok()?.trim_end();
    for n_fields in [5, 10] {
        let fields: Vec<&str> = line.rsplitn(n_fields, ' ').collect();
        let [length, .., date, _address, url] = fields[..] else { continue };
        let is_date = (8..=18).contains(&date.len()) && date.bytes().all(|byte| byte.is_ascii_digit());
        let has_scheme = url.split_once(':').is_some_and(|(scheme, _)| {
            !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        });
        if fields.len() == n_fields && is_date && has_scheme {
            return Some([url, date, fields[n_fields - 4], length]);
        }
    }
    None
}

impl Header {
    /// The header that begins with this line.
    pub(super) fn new(line: &[u8]) -> Self {
        if begins_warc(line) {
            return Header { kind: Kind::Warc, fields: Vec::new() };
        }
        let [url, date, content_type, length] = arc_fields(line).unwrap_or_default();
        let fields = [
            ("warc-type", if begins_arc(line) { "warcinfo" } else { "response" }),
            ("warc-target-uri", url),
            ("warc-date", date),
            ("content-type", content_type),
            ("content-length", length),
        ];
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Header { kind: Kind::Arc, fields }
    }

    /// The first value of a field, which is named in lower case.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|field| field.0 == name).map(|field| field.1.as_str())
    }

    pub(super) fn is_arc(&self) -> bool {
        matches!(self.kind, Kind::Arc)
    }

    /// How many bytes the record's block has.
    pub(super) fn length(&self) -> Result<u64, String> {
        let text = self.get("content-length").ok_or("it has no Content-Length")?;
        text.trim().parse().map_err(|_| format!("its length is no number: {:?}", crate::text::head(text, 40)))
    }

    /// The target, without the brackets that some writers put around it, spaces as `%20`.
    pub(super) fn url(&self) -> Option<String> {
        let url = self.get("warc-target-uri")?.trim();
        let url = url.strip_prefix('<').unwrap_or(url);
        let url = url.strip_suffix('>').unwrap_or(url);
        Some(url.replace(' ', "%20"))
    }

    /// When the record was made.
    pub(super) fn date(&self) -> Option<Moment> {
        let text = self.get("warc-date")?.trim();
        match self.kind {
            Kind::Warc => text.parse().ok(),
            Kind::Arc => arc_date(text),
        }
    }

    /// The type of a payload that no HTTP header tells.
    pub(super) fn payload_type(&self) -> Option<String> {
        let stated = self.get("content-type").filter(|stated| !stated.trim_start().starts_with("application/http"));
        stated.map(|stated| stated.trim().to_owned()).filter(|stated| !stated.is_empty())
    }
}

/// `20140216050221`, in UTC.
fn arc_date(text: &str) -> Option<Moment> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i16>().ok();
    let part = |from: usize| number(from, from + 2).map_or(0, |part| part as i8);
    let at = DateTime::new(number(0, 4)?, part(4), part(6), part(8), part(10), part(12), 0).ok()?;
    Some(Moment::Instant(Offset::UTC.to_timestamp(at).ok()?, Offset::UTC))
}

/// Reads the lines of a WARC header, to the blank one.
pub(super) fn read<R: Read>(tape: &mut Tape<R>, header: &mut Header) -> Result<(), Trouble> {
    if header.is_arc() {
        return Ok(());
    }
    let (mut n_lines, mut n_bytes) = (0, 0);
    while let Some(line) = tape.header_line()? {
        if line.is_empty() {
            return Ok(());
        }
        (n_lines, n_bytes) = (n_lines + 1, n_bytes + line.len());
        if n_lines > MOST_LINES || n_bytes > MOST_BYTES {
            return Err(Trouble::Record("its header has no end".to_owned()));
        }
        push_field(&mut header.fields, &line);
    }
    Err(Trouble::Stream(io::Error::new(io::ErrorKind::UnexpectedEof, "the archive ends within its header")))
}

/// Adds a line of a header to the fields; one that begins with a space goes on with the last.
pub(super) fn push_field(fields: &mut Vec<(String, String)>, line: &[u8]) {
    let line = String::from_utf8_lossy(line);
    if line.starts_with([' ', '\t']) {
        if let Some(last) = fields.last_mut() {
            last.1.push(' ');
            last.1.push_str(line.trim());
        }
    } else if let Some((name, value)) = line.split_once(':') {
        fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
    }
}
