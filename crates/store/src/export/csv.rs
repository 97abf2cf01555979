//! CSV by RFC 4180: a header, CRLF, quotation marks where a value needs them.
//!
//! What is missing is empty, and an empty text is `""`. Lists, spans and groups are JSON. A null character, at which many
//! readers of CSV stop, becomes U+FFFD, so that positions stay as they are.

use std::io::{self, Write};

use super::TableWriter;
use super::jsonl;
use super::table::{Column, Value};

pub(super) struct Csv<'w> {
    out: Box<dyn Write + Send + 'w>,
    columns: &'static [Column],
    line: Vec<u8>,
    json: Vec<u8>,
}

impl<'w> Csv<'w> {
    pub(super) fn new(columns: &'static [Column], mut out: Box<dyn Write + Send + 'w>) -> io::Result<Self> {
        let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
        write!(out, "{}\r\n", names.join(","))?;
        Ok(Csv { out, columns, line: Vec::new(), json: Vec::new() })
    }
}

impl TableWriter for Csv<'_> {
    fn row(&mut self, row: &[Value]) -> io::Result<()> {
        self.line.clear();
        for (at, (column, value)) in self.columns.iter().zip(row).enumerate() {
            if at > 0 {
                self.line.push(b',');
            }
            match value {
                Value::None => {}
                Value::Text(text) => field(text, &mut self.line),
                Value::Day(day) => write!(self.line, "{day}")?,
                Value::Flag(_) | Value::Count(_) | Value::Fraction(_) | Value::Degrees(_) => {
                    jsonl::value(column.kind, value, &mut self.line)?;
                }
                Value::Span(_) | Value::Group(_) | Value::List(_) => {
                    self.json.clear();
                    jsonl::value(column.kind, value, &mut self.json)?;
                    field(&String::from_utf8_lossy(&self.json), &mut self.line);
                }
            }
        }
        self.line.extend_from_slice(b"\r\n");
        self.out.write_all(&self.line)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.flush()
    }
}

fn field(text: &str, line: &mut Vec<u8>) {
    let plain = |byte: u8| !matches!(byte, b',' | b'"' | b'\r' | b'\n' | b'\0');
    let edges_are_words = text.trim().len() == text.len();
    if !text.is_empty() && edges_are_words && text.bytes().all(plain) {
        line.extend_from_slice(text.as_bytes());
        return;
    }
    line.push(b'"');
    for byte in text.bytes() {
        match byte {
            b'"' => line.extend_from_slice(b"\"\""),
            b'\0' => line.extend_from_slice("\u{FFFD}".as_bytes()),
            byte => line.push(byte),
        }
    }
    line.push(b'"');
}
