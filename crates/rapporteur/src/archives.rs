//! Web archives among the inputs: each of their pages is an input of its own.

use std::io::Read;
use std::iter;
use std::path::Path;
use std::sync::Arc;

use rapporteur::extract::compression::{Inflater, Limits};
use rapporteur::extract::warc::{self, Capture};

use crate::inputs::{Failure, Input, is_stdin, web_address};
use crate::load::{self, Stream};

/// So many bytes of a file are looked at; they hold the first block of anything packed.
const LOOKED_AT: u64 = 256 << 10;

/// Whether a file is a web archive, by what it begins with.
pub(crate) fn is_archive(path: &Path) -> bool {
    if is_stdin(path) || web_address(path).is_some() {
        return false;
    }
    let Ok((file, _)) = load::open(path) else { return false };
    let mut start = Vec::new();
    let read = Inflater::new(file.take(LOOKED_AT), Limits::default());
    let _ = read.and_then(|stream| stream.take(64).read_to_end(&mut start));
    begins_archive(&start)
}

/// Whether an archive begins like that, unpacked.
pub(crate) fn begins_archive(start: &[u8]) -> bool {
    let start = start.trim_ascii_start();
    start.starts_with(b"WARC/") || start.starts_with(b"filedesc://")
}

/// How much is read of an archive whose pages have at most `max_page` bytes.
pub(crate) fn limits(max_page: u64) -> warc::Limits {
    let usual = warc::Limits::default();
    let body = usize::try_from(max_page).unwrap_or(usize::MAX);
    // A record is longer than its page, which may be sent in chunks.
    warc::Limits { body, record: usual.record.max(body.saturating_mul(2)), ..usual }
}

/// Why a capture is passed over, if it is: a page that was moved, or was not there, or is no page.
pub(crate) fn no_page(capture: &Capture) -> Option<&'static str> {
    let status = capture.status?;
    let kind = capture.content_type.as_deref().unwrap_or_default().trim_start().to_ascii_lowercase();
    match status {
        200..=299 if kind.starts_with("text/plain") => Some("neither HTML nor text"),
        200..=299 => None,
        300..=399 => Some("moved elsewhere (HTTP 3xx)"),
        _ => Some("not given by the server (HTTP 4xx, 5xx)"),
    }
}

/// The inputs, with the pages of an archive in its place. An archive is read as its pages are asked for.
pub(crate) fn pages(
    files: impl Iterator<Item = Result<Input, Failure>>,
    max_page: u64,
) -> impl Iterator<Item = Result<Input, Failure>> {
    files.flat_map(move |file| -> Box<dyn Iterator<Item = Result<Input, Failure>> + Send> {
        match file {
            Ok(input) if is_archive(&input.path) => match archive(input, max_page) {
                Ok(archive) => Box::new(archive),
                Err(failure) => Box::new(iter::once(Err(failure))),
            },
            other => Box::new(iter::once(other)),
        }
    })
}

/// An archive that is being read.
struct Archive {
    /// The file, and what the command line says of it.
    input: Input,
    reader: warc::Reader<Stream>,
    max_page: u64,
    found_any: bool,
}

fn archive(input: Input, max_page: u64) -> Result<Archive, Failure> {
    let opened = load::stream(&input.path)
        .and_then(|(stream, _)| warc::Reader::new(stream, limits(max_page)).map_err(|error| load::reason(&error)));
    match opened {
        Ok(reader) => Ok(Archive { input, reader, max_page, found_any: false }),
        Err(reason) => Err(Failure { path: input.path, reason }),
    }
}

impl Iterator for Archive {
    type Item = Result<Input, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        let path = || self.input.path.clone();
        for record in self.reader.by_ref() {
            match record {
                Ok(capture) if no_page(&capture).is_some() => {}
                Ok(capture) => {
                    self.found_any = true;
                    return Some(Ok(Input { capture: Some(Arc::new(capture)), ..self.input.clone() }));
                }
                Err(bad) => {
                    self.found_any = true;
                    let reason = match bad.reason.as_str() {
                        warc::TOO_LONG => load::too_long_a_page(self.max_page),
                        reason => reason.to_owned(),
                    };
                    let reason = format!("record {} at {}: {reason}", bad.number, bad.place);
                    return Some(Err(Failure { path: path(), reason }));
                }
            }
        }
        let is_empty = !std::mem::replace(&mut self.found_any, true);
        is_empty.then(|| Err(Failure { path: path(), reason: "no pages in this archive".to_owned() }))
    }
}
