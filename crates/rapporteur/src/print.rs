//! Readings on their way out: each is written at once, with what stands between them.

use std::io::{self, Write};

/// What stands around and between readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Between {
    /// A blank line between them.
    Blank,
    /// One JSON array, whose readings are indented.
    Array,
    /// Each has a line, or lines, of its own.
    Lines,
}

/// Writes readings to `out`.
pub(crate) struct Printer<W> {
    out: W,
    between: Between,
    n_printed: usize,
}

impl<W: Write> Printer<W> {
    pub(crate) fn new(out: W, between: Between) -> Self {
        Printer { out, between, n_printed: 0 }
    }

    /// Writes one reading, which is in the printer's format and has no line end at its end.
    pub(crate) fn print(&mut self, reading: &str) -> io::Result<()> {
        let (before, after) = match (self.between, self.n_printed) {
            (Between::Array, 0) => ("[\n  ", ""),
            (Between::Array, _) => (",\n  ", ""),
            (Between::Blank, 1..) => ("\n\n", "\n"),
            (Between::Blank | Between::Lines, _) => ("", "\n"),
        };
        self.n_printed += 1;
        self.out.write_all(format!("{before}{reading}{after}").as_bytes())?;
        self.out.flush()
    }

    /// Writes what comes after the last reading.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        match (self.between, self.n_printed) {
            (Between::Array, 0) => self.out.write_all(b"[]\n")?,
            (Between::Array, _) => self.out.write_all(b"\n]\n")?,
            (Between::Blank | Between::Lines, _) => {}
        }
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(between: Between, readings: &[&str]) -> String {
        let mut out = Vec::new();
        let mut printer = Printer::new(&mut out, between);
        readings.iter().for_each(|reading| printer.print(reading).unwrap());
        printer.finish().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn json_is_one_array() {
        assert_eq!(printed(Between::Array, &[]), "[]\n");
        assert_eq!(printed(Between::Array, &["{}", "{}"]), "[\n  {},\n  {}\n]\n");
    }

    #[test]
    fn jsonl_is_one_object_a_line() {
        assert_eq!(printed(Between::Lines, &[]), "");
        assert_eq!(printed(Between::Lines, &["{}", "{}"]), "{}\n{}\n");
    }
}
