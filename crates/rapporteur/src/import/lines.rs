//! The lines of a stream, each with its place.

use std::io::{self, BufRead};

/// A line that is not blank, without its end, or another piece of a stream.
pub(super) struct Piece {
    /// Counted from 1; of lines, blank ones among them.
    pub(super) number: u64,
    /// Where it begins, in bytes of what the stream unpacks to.
    pub(super) start: u64,
    /// `None` if it was too long to be kept.
    pub(super) bytes: Option<Vec<u8>>,
}

/// A longer line is passed over.
pub(super) const LONGEST: usize = 64 << 20;

/// The lines of `from`.
pub(super) struct Lines<R> {
    from: R,
    number: u64,
    at: u64,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(from: R) -> Self {
        Lines { from, number: 0, at: 0 }
    }

    /// The number of the last line, and the place of the next in bytes.
    pub(super) fn place(&self) -> (u64, u64) {
        (self.number, self.at)
    }

    pub(super) fn stream(&self) -> &R {
        &self.from
    }

    /// The next line that is not blank. A last line without an end counts as one, unless the stream breaks off in it.
    pub(super) fn next(&mut self) -> io::Result<Option<Piece>> {
        loop {
            let start = self.at;
            let Some(bytes) = self.line()? else { return Ok(None) };
            self.number += 1;
            match bytes {
                Some(bytes) if bytes.trim_ascii().is_empty() => {}
                bytes => return Ok(Some(Piece { number: self.number, start, bytes })),
            }
        }
    }

    /// `None` at the end; within, `None` for a line that is too long.
    fn line(&mut self) -> io::Result<Option<Option<Vec<u8>>>> {
        let (mut line, mut is_long, mut is_any) = (Vec::new(), false, false);
        loop {
            let held = match self.from.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                held => held?,
            };
            if held.is_empty() {
                return Ok(is_any.then(|| (!is_long).then_some(line)));
            }
            is_any = true;
            let end = held.iter().position(|&byte| byte == b'\n');
            let n_bytes = end.map_or(held.len(), |end| end + 1);
            is_long |= line.len() + n_bytes > LONGEST;
            if is_long {
                line = Vec::new();
            } else {
                line.extend_from_slice(&held[..end.unwrap_or(held.len())]);
            }
            self.from.consume(n_bytes);
            self.at += n_bytes as u64;
            if end.is_some() {
                return Ok(Some((!is_long).then_some(line)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Read};

    use super::*;

    #[test]
    fn lines_have_numbers_and_places() {
        let text = b"one\n\n  \r\nfour\r\nlast";
        let mut lines = Lines::new(BufReader::with_capacity(3, &text[..]));
        let mut found = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            found.push((line.number, line.start, String::from_utf8(line.bytes.unwrap()).unwrap()));
        }
        assert_eq!(found, [(1, 0, "one".to_owned()), (4, 9, "four\r".to_owned()), (5, 15, "last".to_owned())]);
        assert_eq!(lines.place(), (5, 19));
    }

    #[test]
    fn a_line_that_is_too_long_is_passed_over() {
        let text = io::repeat(b'x').take(LONGEST as u64 + 1).chain(&b"\nnext"[..]);
        let mut lines = Lines::new(BufReader::with_capacity(1 << 20, text));
        assert!(lines.next().unwrap().unwrap().bytes.is_none());
        let next = lines.next().unwrap().unwrap();
        assert_eq!((next.number, next.start, next.bytes.as_deref()), (2, LONGEST as u64 + 2, Some(&b"next"[..])));
    }
}
