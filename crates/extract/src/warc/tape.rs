//! The unpacked bytes of an archive: lines, blocks, and the places where they stand.

use std::io::{self, BufRead, Read};

use crate::compression::{Compression, Inflater};
use crate::warc::Place;

/// A line that was read, blank lines before it passed.
pub(super) struct Ahead {
    /// Where it begins.
    pub(super) place: Place,
    /// The line without its end.
    pub(super) line: Vec<u8>,
    /// All that was read, blank lines and ends of lines among it.
    pub(super) raw: Vec<u8>,
}

/// The longest line; what is longer comes in pieces.
const LONGEST_LINE: usize = 64 << 10;

/// So many bytes of blank lines are kept; more can be no part of a page.
const KEPT_BLANK: usize = 4 << 10;

/// An archive from which bytes are taken, and to which they can be given back.
pub(super) struct Tape<R: Read> {
    stream: Inflater<R>,
    /// Bytes that are read before the stream, from `at` on.
    back: Vec<u8>,
    at: usize,
}

impl<R: Read> Tape<R> {
    pub(super) fn new(stream: Inflater<R>) -> Self {
        Tape { stream, back: Vec::new(), at: 0 }
    }

    pub(super) fn packed_position(&self) -> u64 {
        self.stream.packed_position()
    }

    pub(super) fn position(&self) -> u64 {
        self.stream.position() - (self.back.len() - self.at) as u64
    }

    /// The first byte of the gzip member that is read now.
    pub(super) fn member_start(&self) -> Option<u64> {
        (self.stream.compression() == Compression::Gzip).then(|| self.stream.member().start)
    }

    pub(super) fn is_packed(&self) -> bool {
        self.stream.compression() != Compression::None
    }

    /// The place of the next byte, once [`Tape::held`] was asked.
    pub(super) fn place(&self) -> Place {
        let position = self.position();
        let member = self.stream.member();
        match self.stream.compression() {
            Compression::None => Place::File(position),
            Compression::Gzip if position == member.unpacked_start => Place::File(member.start),
            _ => Place::Unpacked(position),
        }
    }

    /// Goes to the next gzip member after an error; false if there is none.
    pub(super) fn recover(&mut self) -> bool {
        (self.back, self.at) = (Vec::new(), 0);
        self.stream.recover()
    }

    /// Gives bytes back that were read.
    pub(super) fn push_back(&mut self, bytes: &[u8]) {
        let rest = self.back.split_off(self.at);
        self.back = [bytes, &rest].concat();
        self.at = 0;
    }

    pub(super) fn at_end(&mut self) -> io::Result<bool> {
        Ok(self.held()?.is_empty())
    }

    fn held(&mut self) -> io::Result<&[u8]> {
        if self.at < self.back.len() {
            return Ok(&self.back[self.at..]);
        }
        self.stream.fill_buf()
    }

    fn consume(&mut self, n: usize) {
        if self.at < self.back.len() {
            self.at += n;
        } else {
            self.stream.consume(n);
        }
    }

    /// The next line that isn't blank; `None` at the end.
    pub(super) fn line(&mut self) -> io::Result<Option<Ahead>> {
        let mut raw = Vec::new();
        loop {
            if self.at_end()? {
                return Ok(None);
            }
            let place = self.place();
            let start = raw.len();
            self.raw_line(&mut raw)?;
            let line = bare(&raw[start..]);
            if !line.iter().all(u8::is_ascii_whitespace) {
                return Ok(Some(Ahead { place, line: line.to_vec(), raw }));
            }
            if raw.len() > KEPT_BLANK {
                raw.clear();
            }
        }
    }

    /// The next line of a header without its end; `None` at the end.
    pub(super) fn header_line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut raw = Vec::new();
        self.raw_line(&mut raw)?;
        Ok((!raw.is_empty()).then(|| bare(&raw).to_vec()))
    }

    /// Appends the next line with its end, at most [`LONGEST_LINE`] of it.
    fn raw_line(&mut self, raw: &mut Vec<u8>) -> io::Result<()> {
        let most = raw.len() + LONGEST_LINE;
        loop {
            let held = self.held()?;
            let held = &held[..held.len().min(most - raw.len())];
            let (n, ends) = match memchr::memchr(b'\n', held) {
                Some(at) => (at + 1, true),
                None => (held.len(), held.is_empty()),
            };
            raw.extend_from_slice(&held[..n]);
            self.consume(n);
            if ends || raw.len() == most {
                return Ok(());
            }
        }
    }

    /// Appends `length` bytes, or fewer if the archive ends, or the next record's gzip member begins; says how many.
    pub(super) fn block(&mut self, block: &mut Vec<u8>, length: u64, from: Place) -> io::Result<u64> {
        self.take(length, from, |bytes| block.extend_from_slice(bytes))
    }

    /// As [`Tape::block`], and keeps nothing.
    pub(super) fn pass(&mut self, length: u64, from: Place) -> io::Result<u64> {
        self.take(length, from, |_| ())
    }

    fn take(&mut self, length: u64, from: Place, mut see: impl FnMut(&[u8])) -> io::Result<u64> {
        let mut rest = length;
        while rest > 0 {
            let held = self.held()?;
            let n = held.len().min(usize::try_from(rest).unwrap_or(usize::MAX));
            let begins_record = held.starts_with(b"WARC/");
            if n == 0 || begins_record && self.is_next_member(from) {
                break;
            }
            let held = self.held()?;
            see(&held[..n]);
            self.consume(n);
            rest -= n as u64;
        }
        Ok(length - rest)
    }

    /// Whether the next byte is the first of another gzip member than the one at `from`.
    fn is_next_member(&self, from: Place) -> bool {
        let here = self.place();
        self.stream.compression() == Compression::Gzip
            && matches!((from, here), (Place::File(a), Place::File(b)) if a != b)
    }
}

/// A line without its end.
fn bare(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}
