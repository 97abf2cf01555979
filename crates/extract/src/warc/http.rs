//! The payload of a record: an HTTP response, or the page itself; its coding is undone.

use std::io::{self, Read};

use super::header::{Header, push_field};
use crate::compression::{Compression, Deflated, Inflater, Limits};

/// What a record holds.
pub(super) struct Payload<'a> {
    pub(super) status: Option<u16>,
    pub(super) content_type: Option<String>,
    pub(super) content_encoding: Option<String>,
    pub(super) transfer_encoding: Option<String>,
    /// Whether it is only thought to be a page, as nothing tells its type.
    pub(super) is_guess: bool,
    body: &'a [u8],
}

/// An HTTP header has at most so many bytes and fields.
const MOST_BYTES: usize = 256 << 10;
const MOST_FIELDS: usize = 1000;

/// So many codings are undone, one after another.
const MOST_CODINGS: usize = 3;

impl<'a> Payload<'a> {
    /// The payload of a record, if it is of a page; else why it is passed over.
    pub(super) fn new(block: &'a [u8], header: &Header) -> Result<Self, &'static str> {
        if let Some(reason) = no_page(header.get("warc-type").unwrap_or_default()) {
            return Err(reason);
        }
        let mut payload = Payload {
            status: None,
            content_type: None,
            content_encoding: None,
            transfer_encoding: None,
            is_guess: false,
            body: block,
        };
        if block.starts_with(b"HTTP/") && is_http(header) {
            payload.read_header(block);
        }
        let recorded = header.payload_type();
        let stated = payload.content_type.as_deref().or(recorded.as_deref()).unwrap_or_default();
        match page_type(stated) {
            Some(true) => Ok(payload),
            Some(false) => Err("neither HTML nor text"),
            None => Ok(Payload { is_guess: true, ..payload }),
        }
    }

    fn read_header(&mut self, block: &'a [u8]) {
        let (head, body) = halves(block);
        let mut lines = head.split(|&byte| byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        let status = String::from_utf8_lossy(lines.next().unwrap_or_default()).into_owned();
        let mut fields = Vec::new();
        for line in lines.take(MOST_FIELDS) {
            push_field(&mut fields, line);
        }
        let mut take = |name: &str| {
            let at = fields.iter().position(|field| field.0 == name)?;
            Some(fields.swap_remove(at).1).filter(|value| !value.is_empty())
        };
        self.status = status.split_ascii_whitespace().nth(1).and_then(|status| status.parse().ok());
        self.content_type = take("content-type");
        self.content_encoding = take("content-encoding");
        self.transfer_encoding = take("transfer-encoding");
        self.body = body;
    }

    /// The decoded body; `None` if it is longer than `most`.
    pub(super) fn body(&self, most: usize, notes: &mut Vec<String>) -> Option<Vec<u8>> {
        let is_chunked = self.transfer_encoding.as_deref().is_some_and(|coding| has(coding, "chunked"));
        let mut body = if is_chunked { dechunked(self.body, notes) } else { None };
        let stated = self.content_encoding.as_deref().unwrap_or_default();
        let transfer = self.transfer_encoding.as_deref().unwrap_or_default();
        let codings = stated.split(',').chain(transfer.split(',')).map(|coding| coding.trim().to_ascii_lowercase());
        let codings: Vec<String> = codings.filter(|coding| !is_plain(coding)).collect();
        for coding in codings.iter().rev().take(MOST_CODINGS) {
            let packed = body.as_deref().unwrap_or(self.body);
            match decoded(packed, coding, most, notes) {
                Decoded::AsItIs => {}
                Decoded::Body(unpacked) => body = Some(unpacked),
                Decoded::TooLong => return None,
            }
        }
        let body = body.unwrap_or_else(|| self.body.to_vec());
        (body.len() <= most).then_some(body)
    }
}

/// Why records of this type hold no page.
fn no_page(kind: &str) -> Option<&'static str> {
    match kind.to_ascii_lowercase().as_str() {
        "response" | "resource" | "conversion" => None,
        "request" => Some("a request"),
        "warcinfo" => Some("about the archive"),
        "metadata" => Some("metadata"),
        "revisit" => Some("a revisit without a page"),
        "continuation" => Some("the continuation of another record"),
        _ => Some("of an unknown type"),
    }
}

/// Whether the block may hold an HTTP response.
fn is_http(header: &Header) -> bool {
    header.is_arc() || header.payload_type().is_none() || header.get("warc-type") == Some("response")
}

/// Whether a media type is of a page; `None` if that is open.
fn page_type(stated: &str) -> Option<bool> {
    let kind = stated.split([';', ',']).next().unwrap_or_default().trim().to_ascii_lowercase();
    match kind.as_str() {
        "text/html" | "application/xhtml+xml" | "text/plain" | "application/vnd.wap.xhtml+xml" | "text/htm" => {
            Some(true)
        }
        "" | "application/octet-stream" | "unknown/unknown" | "text/unknown" | "no-type" | "unk" | "html" | "text" => {
            None
        }
        _ => Some(false),
    }
}

/// The header of a response and what comes after it.
fn halves(block: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 0;
    while let Some(length) = memchr::memchr(b'\n', &block[at..]) {
        let line = &block[at..at + length];
        if line.is_empty() || line == b"\r" {
            return (&block[..at], &block[at + length + 1..]);
        }
        at += length + 1;
        if at > MOST_BYTES {
            break;
        }
    }
    (&block[..block.len().min(MOST_BYTES)], &[])
}

fn has(list: &str, word: &str) -> bool {
    list.split(',').any(|coding| coding.trim().eq_ignore_ascii_case(word))
}

fn is_plain(coding: &str) -> bool {
    matches!(coding, "" | "chunked" | "identity" | "none" | "utf-8" | "binary")
}

/// A body put together of its chunks; `None` if it isn't chunked. What follows a broken chunk is taken as it is.
fn dechunked(body: &[u8], notes: &mut Vec<String>) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    loop {
        let Some((length, after)) = chunk_length(rest) else {
            if rest.len() == body.len() {
                notes.push("the body is declared to be chunked, and isn't".to_owned());
                return None;
            }
            if !rest.is_empty() {
                notes.push(format!("the chunks of the body break off at its byte {}", body.len() - rest.len()));
                out.extend_from_slice(rest);
            }
            return Some(out);
        };
        if length == 0 {
            return Some(out);
        }
        let Some(chunk) = after.get(..length) else {
            notes.push("the last chunk of the body is cut off".to_owned());
            out.extend_from_slice(after);
            return Some(out);
        };
        out.extend_from_slice(chunk);
        rest = &after[length..];
        rest = rest.strip_prefix(b"\r").unwrap_or(rest);
        rest = rest.strip_prefix(b"\n").unwrap_or(rest);
    }
}

/// The length that a chunk states, and what comes after the line.
fn chunk_length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let end = memchr::memchr(b'\n', &bytes[..bytes.len().min(4096)])?;
    let line = String::from_utf8_lossy(&bytes[..end]);
    let digits = line.split(';').next().unwrap_or_default().trim();
    let is_hex = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let length = is_hex.then(|| usize::from_str_radix(digits, 16).ok())??;
    Some((length, &bytes[end + 1..]))
}

enum Decoded {
    /// It isn't coded so, or with something unknown.
    AsItIs,
    Body(Vec<u8>),
    TooLong,
}

fn decoded(body: &[u8], coding: &str, most: usize, notes: &mut Vec<String>) -> Decoded {
    let form = match coding {
        "gzip" | "x-gzip" => Compression::Gzip,
        "zstd" => Compression::Zstd,
        "deflate" => return read_all(Deflated::new(body), coding, most, notes),
        "br" => return read_all(brotli_decompressor::Decompressor::new(body, 4096), coding, most, notes),
        _ => {
            notes.push(format!("the body's coding is not known: {:?}", crate::text::head(coding, 40)));
            return Decoded::AsItIs;
        }
    };
    if body.is_empty() || Compression::of(body) != form {
        note_plain(body, coding, notes);
        return Decoded::AsItIs;
    }
    match Inflater::new(body, Limits::default()).map(|stream| read_all(stream, coding, most, notes)) {
        Ok(Decoded::AsItIs) | Err(_) => Decoded::Body(Vec::new()),
        Ok(decoded) => decoded,
    }
}

fn note_plain(body: &[u8], coding: &str, notes: &mut Vec<String>) {
    if !body.is_empty() {
        notes.push(format!("the body is declared to be {coding}, and isn't"));
    }
}

/// All that a decoder gives; what came before an error is kept.
fn read_all(stream: impl Read, coding: &str, most: usize, notes: &mut Vec<String>) -> Decoded {
    let mut out = Vec::new();
    let read = stream.take(most as u64 + 1).read_to_end(&mut out);
    if out.len() > most {
        return Decoded::TooLong;
    }
    match read {
        Err(error) => notes.push(broken(coding, &error)),
        Ok(_) => return Decoded::Body(out),
    }
    if out.is_empty() { Decoded::AsItIs } else { Decoded::Body(out) }
}

fn broken(coding: &str, error: &io::Error) -> String {
    let name = format!("{coding}: ");
    let error = error.to_string();
    format!("the body breaks off: {name}{}", error.strip_prefix(&name).unwrap_or(&error))
}
