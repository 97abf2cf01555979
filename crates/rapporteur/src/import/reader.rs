//! What is in one file: pages, pieces of JSON, records of an archive.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read};

use rapporteur::extract::compression::{Compression, Inflater, Limits};
use rapporteur::extract::warc::{self, Capture};

use super::Bad;
use super::lines::{LONGEST, Lines, Piece};
use super::objects::Objects;
use super::sources::Place;
use crate::archives::{begins_archive, limits, no_page};
use crate::load::{self, Stream};

/// A record as it came.
pub(crate) enum Raw {
    Page(Vec<u8>),
    Line(Vec<u8>),
    Capture(Box<Capture>),
}

/// What is read, one record at a time.
pub(super) struct Reader {
    contents: Contents,
    /// The most bytes of a page.
    max_page: u64,
    /// Of the last record.
    pub(super) place: Place,
    /// What was passed over, by the reason.
    pub(super) not_pages: BTreeMap<&'static str, u64>,
    /// False where a disk or a network failed.
    pub(super) is_whole: bool,
}

enum Contents {
    Page(Option<Stream>),
    Pieces(Pieces),
    Archive(Box<warc::Reader<Stream>>),
    /// There is nothing more to be read.
    Done,
}

/// JSON, in whichever way its objects are parted.
enum Pieces {
    Lines(Box<Lines<Inflater<Stream>>>),
    Objects(Box<Objects<Inflater<Stream>>>),
}

impl Pieces {
    fn unit(&self) -> &'static str {
        match self {
            Pieces::Lines(_) => "line",
            Pieces::Objects(_) => "object",
        }
    }

    fn next(&mut self) -> io::Result<Option<Piece>> {
        match self {
            Pieces::Lines(lines) => lines.next(),
            Pieces::Objects(objects) => objects.next(),
        }
    }

    fn place(&self) -> (u64, u64) {
        match self {
            Pieces::Lines(lines) => lines.place(),
            Pieces::Objects(objects) => objects.place(),
        }
    }

    fn n_bytes_read(&self) -> u64 {
        match self {
            Pieces::Lines(lines) => lines.stream().packed_position(),
            Pieces::Objects(objects) => objects.stream().packed_position(),
        }
    }
}

impl Reader {
    /// Sees what a stream is.
    pub(super) fn new(stream: Stream, max_page: u64) -> io::Result<Self> {
        let contents = contents(stream, max_page)?;
        Ok(Reader { contents, max_page, place: Place::Whole, not_pages: BTreeMap::new(), is_whole: true })
    }

    /// Whether all of it is one page.
    pub(super) fn is_page(&self) -> bool {
        matches!(self.contents, Contents::Page(_))
    }

    /// The next record, or what is wrong with it; `None` at the end.
    pub(super) fn next(&mut self) -> Option<Result<Raw, Bad>> {
        match &mut self.contents {
            Contents::Done => None,
            Contents::Page(stream) => {
                let stream = stream.take()?;
                let read = load::unpacked(stream, self.max_page);
                Some(read.map(Raw::Page).map_err(|detail| Bad { kind: "not readable", detail }))
            }
            Contents::Pieces(pieces) => {
                let unit = pieces.unit();
                match pieces.next() {
                    Ok(Some(piece)) => {
                        self.place = Place::Piece { unit, number: piece.number, start: piece.start };
                        Some(piece.bytes.map(Raw::Line).ok_or_else(|| too_long(unit)))
                    }
                    Ok(None) => None,
                    Err(error) => {
                        let (number, start) = pieces.place();
                        self.place = Place::Piece { unit, number: number + 1, start };
                        self.is_whole = is_of_the_data(&error);
                        self.contents = Contents::Done;
                        Some(Err(broken(&error)))
                    }
                }
            }
            Contents::Archive(reader) => loop {
                match reader.next()? {
                    Ok(capture) => {
                        self.place = Place::Record { number: capture.number, at: capture.place };
                        match no_page(&capture) {
                            Some(reason) => *self.not_pages.entry(reason).or_default() += 1,
                            None => return Some(Ok(Raw::Capture(Box::new(capture)))),
                        }
                    }
                    Err(bad) => {
                        self.place = Place::Record { number: bad.number, at: bad.place };
                        return Some(Err(match bad.reason.as_str() {
                            warc::TOO_LONG => Bad { kind: "too long", detail: load::too_long_a_page(self.max_page) },
                            _ => Bad { kind: "a broken record", detail: bad.reason },
                        }));
                    }
                }
            },
        }
    }

    /// Takes in what an archive passed over.
    pub(super) fn finish(&mut self) {
        if let Contents::Archive(reader) = &self.contents {
            for (reason, n) in &reader.tally().skipped {
                *self.not_pages.entry(reason).or_default() += n;
            }
            let n_records = reader.tally().n_records;
            if let Place::Record { at, .. } = self.place {
                self.place = Place::Record { number: n_records, at };
            }
        }
    }

    /// Bytes of the stream that were read so far, if that can be told.
    pub(super) fn n_bytes_read(&self) -> Option<u64> {
        match &self.contents {
            Contents::Page(_) | Contents::Done => None,
            Contents::Pieces(pieces) => Some(pieces.n_bytes_read()),
            Contents::Archive(reader) => Some(reader.packed_position()),
        }
    }
}

impl Raw {
    /// 128 bits by which a record is known again. When it was captured does not matter.
    pub(super) fn hash(&self, manner: &str) -> [u8; 16] {
        let mut hasher = blake3::Hasher::new();
        let parts: [&[u8]; 3] = match self {
            Raw::Page(bytes) => [b"page", b"", bytes],
            Raw::Line(line) => [b"line", b"", line],
            Raw::Capture(capture) => [b"capture", capture.url.as_bytes(), &capture.body],
        };
        for part in [manner.as_bytes(), parts[0], parts[1], parts[2]] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        let mut hash = [0; 16];
        hash.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        hash
    }
}

fn too_long(unit: &str) -> Bad {
    Bad { kind: "too long", detail: format!("{unit} of more than {} MiB", LONGEST >> 20) }
}

fn broken(error: &io::Error) -> Bad {
    Bad { kind: "not readable", detail: load::reason(error) }
}

/// Whether an error tells of the data, and not of what they are read from.
fn is_of_the_data(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof)
}

/// So many bytes of a file are looked at; they hold the first block of anything packed.
const LOOKED_AT: usize = 256 << 10;
/// So many are enough if they are not packed.
const ENOUGH: usize = 64;

/// Sees what a stream is.
fn contents(mut stream: Stream, max_page: u64) -> io::Result<Contents> {
    let mut start = Vec::new();
    let mut buffer = vec![0; 16 << 10];
    while start.len() < LOOKED_AT {
        let n_bytes = match stream.read(&mut buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        start.extend_from_slice(&buffer[..n_bytes]);
        let is_plain = Compression::of(&start) == Compression::None;
        if n_bytes == 0 || is_plain && start.trim_ascii_start().len() >= ENOUGH {
            break;
        }
    }
    let unpacked = unpacked(&start);
    let unpacked = unpacked.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&unpacked).trim_ascii_start();
    let stream: Stream = Box::new(Cursor::new(start).chain(stream));
    if begins_archive(unpacked) {
        return Ok(Contents::Archive(Box::new(warc::Reader::new(stream, limits(max_page))?)));
    }
    let is_list = unpacked.strip_prefix(b"[").is_some_and(|list| list.trim_ascii_start().starts_with(b"{"));
    if is_list || unpacked.starts_with(b"{\n") || unpacked.starts_with(b"{\r\n") {
        let objects = Objects::new(Inflater::new(stream, Limits::default())?);
        return Ok(Contents::Pieces(Pieces::Objects(Box::new(objects))));
    }
    if unpacked.starts_with(b"{") {
        let lines = Lines::new(Inflater::new(stream, Limits::default())?);
        return Ok(Contents::Pieces(Pieces::Lines(Box::new(lines))));
    }
    Ok(Contents::Page(Some(stream)))
}

/// The first bytes of what `start` unpacks to, as far as that can be told.
fn unpacked(start: &[u8]) -> Vec<u8> {
    let mut unpacked = Vec::new();
    if let Ok(stream) = Inflater::new(start, Limits::default()) {
        // It is cut off, and so ends with an error.
        let _ = stream.take(ENOUGH as u64 * 16).read_to_end(&mut unpacked);
    }
    unpacked
}
