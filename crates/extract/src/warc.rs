//! Web archives: WARC 1.0 and 1.1, and the ARC files before them, packed or not.
//!
//! [`Reader`] goes through an archive once, in constant memory, and gives the pages in it: records of responses,
//! resources and conversions whose payload is HTML or text, their bodies decoded. What it passes over is counted with
//! the reason. A record that can't be read is an error of its own, with its number and place; reading goes on with the
//! next record that can be found: at the next gzip member, or at the next line that begins a record.
//!
//! Archives are written by many programs. A `Content-Length` that is wrong is seen by what follows the record and set
//! right, a body that isn't chunked though it says so is taken as it is; each gives a note.
//!
//! ```
//! use rapporteur_extract::warc;
//!
//! let archive = b"WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: https://a.example/\r\n\
//!     Content-Type: text/plain\r\nContent-Length: 15\r\n\r\nTalks will go on.\r\n\r\n";
//! let page = warc::Reader::new(&archive[..], warc::Limits::default()).unwrap().next().unwrap().unwrap();
//! assert_eq!((page.url.as_str(), page.number), ("https://a.example/", 1));
//! ```

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Read};

use rapporteur_record::Moment;

use crate::compression::{self, Inflater};

mod header;
mod http;
mod tape;

use header::Header;
use tape::{Ahead, Tape};

/// How much of an archive is read.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// A page whose record has more bytes is not read: [`TOO_LONG`].
    pub record: usize,
    /// Nor is one whose decoded body has more bytes.
    pub body: usize,
    /// A record of more bytes than this isn't unpacked to its end: reading goes on with the next gzip member.
    pub passed: u64,
    /// How much memory the packing may take; of the output there is no limit.
    pub window: u64,
}

/// The [`BadRecord::reason`] of a page that is longer than the [`Limits`].
pub const TOO_LONG: &str = "longer than the limit";

/// 64 MiB a record, 20 MiB a body, 1 GiB passed over, 128 MiB of window.
impl Default for Limits {
    fn default() -> Self {
        Limits { record: 64 << 20, body: 20 << 20, passed: 1 << 30, window: 128 << 20 }
    }
}

/// Where a record begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// At this byte of the archive as it is, where reading can begin: of a plain file, or the record's own gzip member.
    File(u64),
    /// At this byte of what the archive unpacks to.
    Unpacked(u64),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::File(at) => write!(f, "byte {at}"),
            Place::Unpacked(at) => write!(f, "unpacked byte {at}"),
        }
    }
}

/// A page of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    /// Which record of the archive it is, counted from 1, records of every kind together.
    pub number: u64,
    /// Where its record begins.
    pub place: Place,
    /// The record's target, spaces as `%20`; empty if the record names none.
    pub url: String,
    /// When it was fetched.
    pub date: Option<Moment>,
    /// The status of the HTTP response; `None` for what isn't one.
    pub status: Option<u16>,
    /// `Content-Type` as the response, or else the record, says it.
    pub content_type: Option<String>,
    /// `Content-Encoding` as the response says it; the body is decoded.
    pub content_encoding: Option<String>,
    /// `Transfer-Encoding` as the response says it; the body is decoded.
    pub transfer_encoding: Option<String>,
    /// The page, decoded.
    pub body: Vec<u8>,
    /// What was wrong with the record, and was set right.
    pub notes: Vec<String>,
}

/// A record that can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRecord {
    /// Which record of the archive it is, counted from 1.
    pub number: u64,
    /// Where it begins.
    pub place: Place,
    /// Its target, where that could be read.
    pub url: Option<String>,
    /// What is wrong.
    pub reason: String,
}

impl fmt::Display for BadRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "record {} at {}: {}", self.number, self.place, self.reason)
    }
}

impl std::error::Error for BadRecord {}

/// What was met in an archive so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Records of every kind, bad ones among them.
    pub n_records: u64,
    /// Those that were given as pages.
    pub n_pages: u64,
    /// Those that can't be read.
    pub n_bad: u64,
    /// Those that were passed over, by the reason.
    pub skipped: BTreeMap<&'static str, u64>,
}

/// The pages of an archive, in its order.
pub struct Reader<R: Read> {
    tape: Tape<R>,
    limits: Limits,
    tally: Tally,
    /// The line after the last record, and its place.
    ahead: Option<Ahead>,
    /// An error that was met after the last record.
    pending: Option<io::Error>,
    /// Whether it is an ARC file.
    is_arc: bool,
    /// Whether the beginning of the next record is looked for.
    lost: bool,
    ended: bool,
}

/// How a record turned out.
enum Outcome {
    Page(Box<Capture>),
    Skipped(&'static str),
}

/// What goes wrong within a record.
enum Trouble {
    /// The record makes no sense; the tape stands after it.
    Record(String),
    /// The stream does.
    Stream(io::Error),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Trouble::Stream(error)
    }
}

/// A record whose header was read.
struct Begun {
    place: Place,
    header: Header,
}

impl<R: Read> Reader<R> {
    /// Reads an archive; whether it is packed is seen. Fails if the stream does.
    pub fn new(stream: R, limits: Limits) -> io::Result<Self> {
        let packing = compression::Limits { window: limits.window, ..compression::Limits::default() };
        Ok(Reader {
            tape: Tape::new(Inflater::new(stream, packing)?),
            limits,
            tally: Tally::default(),
            ahead: None,
            pending: None,
            is_arc: false,
            lost: false,
            ended: false,
        })
    }

    /// What was met so far; complete when the iterator has ended.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// How many bytes of the archive as it is were read so far.
    pub fn packed_position(&self) -> u64 {
        self.tape.packed_position()
    }

    /// How many bytes it unpacked to so far.
    pub fn position(&self) -> u64 {
        self.tape.position()
    }

    /// The line that begins the next record, after errors were given that stand before it; `None` at the end.
    fn next_line(&mut self) -> Result<Option<Ahead>, BadRecord> {
        if let Some(error) = self.pending.take() {
            return Err(self.broken(self.tape.place(), None, &error));
        }
        loop {
            let ahead = match self.ahead.take() {
                Some(ahead) => Some(ahead),
                None => match self.tape.line() {
                    Ok(ahead) => ahead,
                    Err(error) if self.lost && is_of_the_data(&error) => {
                        if self.tape.recover() {
                            continue;
                        }
                        return Ok(None);
                    }
                    Err(error) => return Err(self.broken(self.tape.place(), None, &error)),
                },
            };
            let Some(ahead) = ahead else { return Ok(None) };
            self.is_arc |= header::begins_arc(&ahead.line);
            if header::begins_record(&ahead.line, self.is_arc) {
                self.lost = false;
                return Ok(Some(ahead));
            }
            if !self.lost {
                self.lost = true;
                let found = String::from_utf8_lossy(header::shown(&ahead.line)).into_owned();
                return Err(self.bad(ahead.place, None, format!("no record begins here but {found:?}")));
            }
        }
    }

    fn bad(&mut self, place: Place, url: Option<String>, reason: String) -> BadRecord {
        self.tally.n_records += 1;
        self.tally.n_bad += 1;
        BadRecord { number: self.tally.n_records, place, url, reason }
    }

    /// The stream is broken here; goes to its next member, or ends.
    fn broken(&mut self, place: Place, url: Option<String>, error: &io::Error) -> BadRecord {
        self.ahead = None;
        self.lost = true;
        self.ended = !self.tape.recover();
        self.bad(place, url, error.to_string())
    }

    fn read(&mut self, begun: &mut Begun) -> Result<Outcome, Trouble> {
        header::read(&mut self.tape, &mut begun.header)?;
        let length = match begun.header.length() {
            Ok(length) => length,
            Err(reason) => {
                self.lost = true;
                return Err(Trouble::Record(reason));
            }
        };
        if length > self.limits.record as u64 {
            return self.pass(begun, length);
        }
        let mut block = Vec::with_capacity(length.min(1 << 20) as usize);
        let mut notes = Vec::new();
        let n_bytes = self.tape.block(&mut block, length, begun.place)?;
        if n_bytes < length {
            if self.tape.at_end()? {
                let reason = format!("the archive ends within it: {length} bytes are declared, {n_bytes} are there");
                return Err(Trouble::Record(reason));
            }
            notes.push(format!("Content-Length is {length}, but the record ends after {n_bytes} bytes"));
        }
        self.look_ahead(begun, &mut block, &mut notes)?;
        self.page(begun, &block, notes)
    }

    /// Passes over a record that is too long, and says what it was.
    fn pass(&mut self, begun: &Begun, length: u64) -> Result<Outcome, Trouble> {
        let mut start = Vec::new();
        let n_bytes = self.tape.block(&mut start, length.min(64 << 10), begun.place)?;
        let rest = length - n_bytes;
        if rest > self.limits.passed && self.tape.is_packed() {
            let reason = format!("it is to have {length} bytes, and at most {} are passed over", self.limits.passed);
            return Err(Trouble::Stream(io::Error::new(io::ErrorKind::InvalidData, reason)));
        }
        let passed = n_bytes + self.tape.pass(rest, begun.place)?;
        if passed < length && self.tape.at_end()? {
            let reason = format!("the archive ends within it: {length} bytes are declared, {passed} are there");
            return Err(Trouble::Record(reason));
        }
        match http::Payload::new(&start, &begun.header) {
            Ok(_) => Err(Trouble::Record(TOO_LONG.to_owned())),
            Err(reason) => Ok(Outcome::Skipped(reason)),
        }
    }

    /// Reads the line after a record, by which a wrong length is seen, and sets the block right.
    fn look_ahead(&mut self, begun: &Begun, block: &mut Vec<u8>, notes: &mut Vec<String>) -> Result<(), Trouble> {
        let ahead = match self.tape.line() {
            Ok(ahead) => ahead,
            // A record in its own member isn't whole before its member is.
            Err(error) if matches!(begun.place, Place::File(at) if self.tape.member_start() == Some(at)) => {
                return Err(Trouble::Stream(error));
            }
            Err(error) => {
                self.pending = Some(error);
                return Ok(());
            }
        };
        let Some(ahead) = ahead else { return Ok(()) };
        let is_apart = self.tape.member_start().is_some() && matches!(ahead.place, Place::File(_));
        if is_apart || header::begins_record(&ahead.line, self.is_arc) {
            self.ahead = Some(ahead);
            return Ok(());
        }
        let declared = block.len();
        block.extend_from_slice(&ahead.raw);
        if let Some(next) = header::find_record(block) {
            self.tape.push_back(&block[next..]);
            block.truncate(next);
            header::trim_end(block);
            notes.push(format!("Content-Length is {declared}, but the next record begins before"));
            return Ok(());
        }
        self.lengthen(block)?;
        notes.push(format!("Content-Length is {declared}, but the record goes on to {} bytes", block.len()));
        Ok(())
    }

    /// Adds to a block all that stands before the next record, within the limit.
    fn lengthen(&mut self, block: &mut Vec<u8>) -> Result<(), Trouble> {
        while let Some(line) = self.tape.line()? {
            if header::begins_record(&line.line, self.is_arc) {
                self.ahead = Some(line);
                break;
            }
            if block.len() + line.raw.len() > self.limits.record {
                self.lost = true;
                return Err(Trouble::Record("no record was found within the limit after it".to_owned()));
            }
            block.extend_from_slice(&line.raw);
        }
        header::trim_end(block);
        Ok(())
    }

    /// Makes a page of a record's block.
    fn page(&self, begun: &Begun, block: &[u8], mut notes: Vec<String>) -> Result<Outcome, Trouble> {
        let payload = match http::Payload::new(block, &begun.header) {
            Ok(payload) => payload,
            Err(reason) => return Ok(Outcome::Skipped(reason)),
        };
        let Some(body) = payload.body(self.limits.body, &mut notes) else {
            return Err(Trouble::Record(TOO_LONG.to_owned()));
        };
        if payload.is_guess && crate::sniff::binary(&body).is_some() {
            return Ok(Outcome::Skipped("neither HTML nor text"));
        }
        Ok(Outcome::Page(Box::new(Capture {
            number: self.tally.n_records + 1,
            place: begun.place,
            url: begun.header.url().unwrap_or_default(),
            date: begun.header.date(),
            status: payload.status,
            content_type: payload.content_type.or_else(|| begun.header.payload_type()),
            content_encoding: payload.content_encoding,
            transfer_encoding: payload.transfer_encoding,
            body,
            notes,
        })))
    }

    /// Counts a record and gives what the caller is to see of it.
    fn settle(&mut self, begun: &Begun, outcome: Result<Outcome, Trouble>) -> Option<Result<Capture, BadRecord>> {
        let url = || begun.header.url();
        match outcome {
            Ok(Outcome::Page(page)) => {
                self.tally.n_records += 1;
                self.tally.n_pages += 1;
                Some(Ok(*page))
            }
            Ok(Outcome::Skipped(reason)) => {
                self.tally.n_records += 1;
                *self.tally.skipped.entry(reason).or_default() += 1;
                None
            }
            Err(Trouble::Record(reason)) => Some(Err(self.bad(begun.place, url(), reason))),
            Err(Trouble::Stream(error)) => Some(Err(self.broken(begun.place, url(), &error))),
        }
    }
}

/// Whether an error tells of the data, not of what they are read from.
fn is_of_the_data(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof)
}

impl<R: Read> Iterator for Reader<R> {
    type Item = Result<Capture, BadRecord>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            let ahead = match self.next_line() {
                Ok(Some(ahead)) => ahead,
                Ok(None) => {
                    self.ended = true;
                    break;
                }
                Err(bad) => return Some(Err(bad)),
            };
            let mut begun = Begun { place: ahead.place, header: Header::new(&ahead.line) };
            let outcome = self.read(&mut begun);
            if let Some(item) = self.settle(&begun, outcome) {
                return Some(item);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests;
