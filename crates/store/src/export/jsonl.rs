//! One JSON object a row, its keys in the order of the columns. A span is `[start, end]`, as in the printed record.

use std::io::{self, Write};

use super::TableWriter;
use super::table::{Column, Kind, Value};

pub(super) struct Jsonl<'w> {
    out: Box<dyn Write + Send + 'w>,
    columns: &'static [Column],
    line: Vec<u8>,
}

impl<'w> Jsonl<'w> {
    pub(super) fn new(columns: &'static [Column], out: Box<dyn Write + Send + 'w>) -> Self {
        Jsonl { out, columns, line: Vec::new() }
    }
}

impl TableWriter for Jsonl<'_> {
    fn row(&mut self, row: &[Value]) -> io::Result<()> {
        self.line.clear();
        object(self.columns, row, &mut self.line)?;
        self.line.push(b'\n');
        self.out.write_all(&self.line)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.flush()
    }
}

fn object(columns: &[Column], values: &[Value], json: &mut Vec<u8>) -> io::Result<()> {
    for (at, (column, value)) in columns.iter().zip(values).enumerate() {
        json.push(if at == 0 { b'{' } else { b',' });
        serde_json::to_writer(&mut *json, column.name)?;
        json.push(b':');
        self::value(column.kind, value, json)?;
    }
    json.push(b'}');
    Ok(())
}

/// Appends the JSON of a value of that kind, or of a list of such.
pub(super) fn value(kind: Kind, value: &Value, json: &mut Vec<u8>) -> io::Result<()> {
    match value {
        Value::None => json.extend_from_slice(b"null"),
        Value::Text(text) => serde_json::to_writer(json, text)?,
        Value::Flag(flag) => serde_json::to_writer(json, flag)?,
        Value::Count(count) => serde_json::to_writer(json, count)?,
        Value::Fraction(fraction) => serde_json::to_writer(json, fraction)?,
        Value::Degrees(degrees) => serde_json::to_writer(json, degrees)?,
        Value::Day(day) => write!(json, "\"{day}\"")?,
        Value::Span(span) => write!(json, "[{},{}]", span.start(), span.end())?,
        Value::Group(values) => {
            let Kind::Group(columns) = kind else { unreachable!("a row fits its table") };
            object(columns, values, json)?;
        }
        Value::List(values) => {
            json.push(b'[');
            for (at, one) in values.iter().enumerate() {
                if at > 0 {
                    json.push(b',');
                }
                self::value(kind, one, json)?;
            }
            json.push(b']');
        }
    }
    Ok(())
}
