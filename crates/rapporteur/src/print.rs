//! Readings on their way out: each is written at once, with what stands between them.

use std::io::{self, Write};

use crate::args::Format;

/// Writes readings to `out`.
pub(crate) struct Printer<W> {
    out: W,
    format: Format,
    n_printed: usize,
}

impl<W: Write> Printer<W> {
    pub(crate) fn new(out: W, format: Format) -> Self {
        Printer { out, format, n_printed: 0 }
    }

    /// Writes one reading, which is in the printer's format and has no line end at its end.
    pub(crate) fn print(&mut self, reading: &str) -> io::Result<()> {
        let (before, after) = match (self.format, self.n_printed) {
            (Format::Json, 0) => ("[\n  ", ""),
            (Format::Json, _) => (",\n  ", ""),
            (Format::Pretty, 1..) => ("\n\n", "\n"),
            (Format::Pretty | Format::Jsonl, _) => ("", "\n"),
        };
        self.n_printed += 1;
        self.out.write_all(format!("{before}{reading}{after}").as_bytes())?;
        self.out.flush()
    }

    /// Writes what comes after the last reading.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        match (self.format, self.n_printed) {
            (Format::Json, 0) => self.out.write_all(b"[]\n")?,
            (Format::Json, _) => self.out.write_all(b"\n]\n")?,
            (Format::Pretty | Format::Jsonl, _) => {}
        }
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(format: Format, readings: &[&str]) -> String {
        let mut out = Vec::new();
        let mut printer = Printer::new(&mut out, format);
        readings.iter().for_each(|reading| printer.print(reading).unwrap());
        printer.finish().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn json_is_one_array() {
        assert_eq!(printed(Format::Json, &[]), "[]\n");
        assert_eq!(printed(Format::Json, &["{}", "{}"]), "[\n  {},\n  {}\n]\n");
    }

    #[test]
    fn jsonl_is_one_object_a_line() {
        assert_eq!(printed(Format::Jsonl, &[]), "");
        assert_eq!(printed(Format::Jsonl, &["{}", "{}"]), "{}\n{}\n");
    }
}
