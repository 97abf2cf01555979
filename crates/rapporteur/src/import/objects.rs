//! The objects of a JSON file that is not JSONL: a list of them, or one after another over many lines.

use std::io::{self, BufRead};

use super::lines::{LONGEST, Piece};

/// The objects of `from`, cut where their brackets close; what stands between them and is no comma is given too.
pub(super) struct Objects<R> {
    from: R,
    number: u64,
    at: u64,
}

/// What a piece is so far.
#[derive(Default)]
struct Cut {
    depth: usize,
    is_string: bool,
    is_escaped: bool,
}

/// What a byte does to the piece.
#[derive(PartialEq)]
enum Step {
    /// It is none of it.
    Pass,
    Take,
    /// It is the last of it.
    Last,
    /// It comes after it.
    After,
}

impl Cut {
    /// `is_begun` tells whether anything was taken.
    fn step(&mut self, byte: u8, is_begun: bool) -> Step {
        if self.is_string {
            self.is_string = self.is_escaped || byte != b'"';
            self.is_escaped = !self.is_escaped && byte == b'\\';
            return Step::Take;
        }
        match byte {
            b'"' => self.is_string = true,
            b'{' if self.depth == 0 && is_begun => return Step::After,
            b'{' => self.depth += 1,
            b'}' if self.depth == 1 => return Step::Last,
            b'}' => self.depth = self.depth.saturating_sub(1),
            b',' | b'[' | b']' if self.depth == 0 => return if is_begun { Step::After } else { Step::Pass },
            byte if byte.is_ascii_whitespace() && self.depth == 0 => {
                return if is_begun { Step::After } else { Step::Pass };
            }
            _ => {}
        }
        Step::Take
    }
}

impl<R: BufRead> Objects<R> {
    pub(super) fn new(from: R) -> Self {
        Objects { from, number: 0, at: 0 }
    }

    /// The number of the last object, and the place of the next in bytes.
    pub(super) fn place(&self) -> (u64, u64) {
        (self.number, self.at)
    }

    pub(super) fn stream(&self) -> &R {
        &self.from
    }

    /// The next object; `None` at the end. One that breaks off is given as far as it goes.
    pub(super) fn next(&mut self) -> io::Result<Option<Piece>> {
        let (mut cut, mut bytes, mut length, mut start, mut ended) = (Cut::default(), Vec::new(), 0, self.at, false);
        while !ended {
            let held = match self.from.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                held => held?,
            };
            if held.is_empty() {
                break;
            }
            let mut n_bytes = 0;
            for &byte in held {
                let step = cut.step(byte, length > 0);
                ended = matches!(step, Step::Last | Step::After);
                if step == Step::After {
                    break;
                }
                n_bytes += 1;
                if step == Step::Pass {
                    start = self.at + n_bytes as u64;
                    continue;
                }
                length += 1;
                if length <= LONGEST {
                    bytes.push(byte);
                }
                if ended {
                    break;
                }
            }
            self.from.consume(n_bytes);
            self.at += n_bytes as u64;
        }
        if length == 0 {
            return Ok(None);
        }
        self.number += 1;
        Ok(Some(Piece { number: self.number, start, bytes: (length <= LONGEST).then_some(bytes) }))
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn objects(text: &str) -> Vec<(u64, String)> {
        let mut objects = Objects::new(BufReader::with_capacity(3, text.as_bytes()));
        let mut found = Vec::new();
        while let Some(piece) = objects.next().unwrap() {
            found.push((piece.start, String::from_utf8(piece.bytes.unwrap()).unwrap()));
        }
        assert_eq!(objects.place(), (found.len() as u64, text.len() as u64));
        found
    }

    fn owned(list: &[(u64, &str)]) -> Vec<(u64, String)> {
        list.iter().map(|&(at, text)| (at, text.to_owned())).collect()
    }

    #[test]
    fn objects_are_cut_at_their_brackets() {
        let list = "[\n {\"a\": \"}\\\"{\"},\n{\"b\": {\"c\": [1, {}]}}]\n";
        assert_eq!(objects(list), owned(&[(3, "{\"a\": \"}\\\"{\"}"), (18, "{\"b\": {\"c\": [1, {}]}}")]));
        assert_eq!(objects("{\n1}\n{}{}"), owned(&[(0, "{\n1}"), (5, "{}"), (7, "{}")]));
        assert_eq!(objects("[]"), []);
    }

    #[test]
    fn what_is_no_object_is_given_too() {
        assert_eq!(objects("[1, {}, nul {\"a"), owned(&[(1, "1"), (4, "{}"), (8, "nul"), (12, "{\"a")]));
        assert_eq!(objects("}}{}"), owned(&[(0, "}}"), (2, "{}")]));
    }
}
