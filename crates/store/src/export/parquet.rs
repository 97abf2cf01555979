//! Parquet, by the writer of the Arrow project without Arrow.
//!
//! Rows are cut into leaves, columns of plain values with a level of definition and of repetition each, as the format
//! wants them. They are written out as a row group as soon as they take [`GROUP_BYTES`], so that memory does not grow.

use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::{Compression, ZstdLevel};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::ColumnPath;

use super::TableWriter;
use super::table::{Column, Kind, Shape, Table, Value};

/// A row group holds about so much before it is packed: eighty articles of 100 KB, tens of thousands of statements.
const GROUP_BYTES: usize = 8 << 20;
/// No more rows than this: what DuckDB takes for one piece of work.
const GROUP_ROWS: usize = 122_880;
/// Past this zstd takes much longer for little.
const LEVEL: i32 = 3;

pub(super) struct Parquet<'w> {
    writer: SerializedFileWriter<Box<dyn Write + Send + 'w>>,
    columns: &'static [Column],
    leaves: Vec<Leaf>,
    n_rows: usize,
    n_bytes: usize,
}

impl<'w> Parquet<'w> {
    /// `about` is written into the file's metadata.
    pub(super) fn new(table: &Table, about: &[(&str, String)], out: Box<dyn Write + Send + 'w>) -> io::Result<Self> {
        let schema = parse_message_type(&schema(table)).map_err(reason)?;
        let writer = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties(table, about)?));
        let columns = table.columns;
        let mut leaves = Vec::new();
        columns.iter().for_each(|column| add_leaves(column, &mut leaves));
        Ok(Parquet { writer: writer.map_err(reason)?, columns, leaves, n_rows: 0, n_bytes: 0 })
    }

    fn write_group(&mut self) -> io::Result<()> {
        let mut group = self.writer.next_row_group().map_err(reason)?;
        for leaf in &mut self.leaves {
            let mut column = group.next_column().map_err(reason)?.expect("the schema has a column for each leaf");
            leaf.write(column.untyped()).map_err(reason)?;
            column.close().map_err(reason)?;
        }
        group.close().map_err(reason)?;
        (self.n_rows, self.n_bytes) = (0, 0);
        Ok(())
    }
}

impl TableWriter for Parquet<'_> {
    fn row(&mut self, row: &[Value]) -> io::Result<()> {
        put_all(&mut self.leaves, self.columns, row, Place::default());
        self.n_rows += 1;
        self.n_bytes += row.iter().map(Value::weight).sum::<usize>();
        if self.n_bytes >= GROUP_BYTES || self.n_rows >= GROUP_ROWS { self.write_group() } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        if self.n_rows > 0 {
            self.write_group()?;
        }
        self.writer.finish().map_err(reason)?;
        self.writer.inner_mut().flush()
    }
}

/// What went wrong, with the system's own error if it is one.
fn reason(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(error) => io::Error::other(error),
        },
        error => io::Error::other(error),
    }
}

fn properties(table: &Table, about: &[(&str, String)]) -> io::Result<WriterProperties> {
    let about = about.iter().map(|(key, value)| KeyValue::new((*key).to_owned(), value.clone())).collect();
    let level = ZstdLevel::try_new(LEVEL).map_err(reason)?;
    let mut properties =
        WriterProperties::builder().set_compression(Compression::ZSTD(level)).set_key_value_metadata(Some(about));
    for column in table.columns.iter().filter(|column| column.kind == Kind::Text) {
        let path = ColumnPath::from(column.name);
        properties = properties.set_column_dictionary_enabled(path.clone(), false);
        // The least and the greatest of all texts tell a reader nothing.
        properties = properties.set_column_statistics_enabled(path, EnabledStatistics::None);
    }
    Ok(properties.build())
}

/// The table in Parquet's own notation.
fn schema(table: &Table) -> String {
    let fields: String = table.columns.iter().map(field).collect();
    format!("message {} {{ {fields}}}", table.name)
}

fn field(column: &Column) -> String {
    match column.shape {
        Shape::One => typed("required", column.name, column.kind),
        Shape::Maybe => typed("optional", column.name, column.kind),
        Shape::List => {
            let element = typed("required", "element", column.kind);
            format!("required group {} (LIST) {{ repeated group list {{ {element}}} }} ", column.name)
        }
    }
}

fn typed(repetition: &str, name: &str, kind: Kind) -> String {
    let plain = |kind: &str, annotation: &str| format!("{repetition} {kind} {name}{annotation}; ");
    match kind {
        Kind::Word | Kind::Text => plain("binary", " (STRING)"),
        Kind::Flag => plain("boolean", ""),
        Kind::Count => plain("int32", " (INTEGER(32,false))"),
        Kind::Fraction => plain("float", ""),
        Kind::Degrees => plain("double", ""),
        Kind::Day => plain("int32", " (DATE)"),
        Kind::Span => {
            let (start, end) = (typed("required", "start", Kind::Count), typed("required", "end", Kind::Count));
            format!("{repetition} group {name} {{ {start}{end}}} ")
        }
        Kind::Group(columns) => {
            let fields: String = columns.iter().map(field).collect();
            format!("{repetition} group {name} {{ {fields}}} ")
        }
    }
}

/// A column of plain values, and how deep each stands in what may be missing (`defined`) or come again (`repeated`).
struct Leaf {
    values: Values,
    defined: Vec<i16>,
    repeated: Vec<i16>,
}

enum Values {
    Text(Vec<ByteArray>),
    Flag(Vec<bool>),
    /// Counts, as the bits of an unsigned number, and days.
    Number(Vec<i32>),
    Fraction(Vec<f32>),
    Degrees(Vec<f64>),
}

fn add_leaves(column: &Column, leaves: &mut Vec<Leaf>) {
    let mut add = |values: Values| leaves.push(Leaf { values, defined: Vec::new(), repeated: Vec::new() });
    match column.kind {
        Kind::Word | Kind::Text => add(Values::Text(Vec::new())),
        Kind::Flag => add(Values::Flag(Vec::new())),
        Kind::Count | Kind::Day => add(Values::Number(Vec::new())),
        Kind::Fraction => add(Values::Fraction(Vec::new())),
        Kind::Degrees => add(Values::Degrees(Vec::new())),
        Kind::Span => (0..2).for_each(|_| add(Values::Number(Vec::new()))),
        Kind::Group(columns) => columns.iter().for_each(|column| add_leaves(column, leaves)),
    }
}

fn n_leaves(column: &Column) -> usize {
    match column.kind {
        Kind::Span => 2,
        Kind::Group(columns) => columns.iter().map(n_leaves).sum(),
        _ => 1,
    }
}

/// Where in a row a value stands.
#[derive(Clone, Copy, Default)]
struct Place {
    /// How many of the things that may be missing around it are there.
    defined: i16,
    /// Which of the lists around it goes on with it; 0 in a new row.
    repeated: i16,
    /// How many lists are around it.
    depth: i16,
}

fn put_all(leaves: &mut [Leaf], columns: &[Column], values: &[Value], place: Place) {
    let mut rest = leaves;
    for (column, value) in columns.iter().zip(values) {
        let (mine, after) = rest.split_at_mut(n_leaves(column));
        put(mine, column, value, place);
        rest = after;
    }
}

fn put(leaves: &mut [Leaf], column: &Column, value: &Value, place: Place) {
    let there = Place { defined: place.defined + 1, ..place };
    match (column.shape, value) {
        (Shape::One, value) => put_one(leaves, column.kind, value, place),
        (Shape::Maybe, Value::None) => leaves.iter_mut().for_each(|leaf| leaf.levels(place)),
        (Shape::Maybe, value) => put_one(leaves, column.kind, value, there),
        (Shape::List, Value::List(values)) if values.is_empty() => {
            leaves.iter_mut().for_each(|leaf| leaf.levels(place));
        }
        (Shape::List, Value::List(values)) => {
            let inside = Place { depth: place.depth + 1, ..there };
            for (at, value) in values.iter().enumerate() {
                let repeated = if at == 0 { place.repeated } else { inside.depth };
                put_one(leaves, column.kind, value, Place { repeated, ..inside });
            }
        }
        (Shape::List, _) => unreachable!("a row fits its table"),
    }
}

fn put_one(leaves: &mut [Leaf], kind: Kind, value: &Value, place: Place) {
    match (kind, value) {
        (Kind::Group(columns), Value::Group(values)) => put_all(leaves, columns, values, place),
        (Kind::Span, Value::Span(span)) => {
            leaves[0].push(&span.start().into(), place);
            leaves[1].push(&span.end().into(), place);
        }
        (_, value) => leaves[0].push(value, place),
    }
}

impl Leaf {
    fn levels(&mut self, place: Place) {
        self.defined.push(place.defined);
        self.repeated.push(place.repeated);
    }

    fn push(&mut self, value: &Value, place: Place) {
        self.levels(place);
        match (&mut self.values, value) {
            (Values::Text(texts), Value::Text(text)) => match texts.last() {
                // The article's id comes once for each of its mentions.
                Some(last) if last.data() == text.as_bytes() => texts.push(last.clone()),
                _ => texts.push(ByteArray::from(text.as_bytes().to_vec())),
            },
            (Values::Flag(flags), Value::Flag(flag)) => flags.push(*flag),
            (Values::Number(numbers), Value::Count(count)) => numbers.push(count.cast_signed()),
            (Values::Number(numbers), Value::Day(day)) => {
                let days = (*day - jiff::civil::Date::constant(1970, 1, 1)).get_days();
                numbers.push(days);
            }
            (Values::Fraction(fractions), Value::Fraction(fraction)) => fractions.push(*fraction),
            (Values::Degrees(all), Value::Degrees(degrees)) => all.push(*degrees),
            _ => unreachable!("a row fits its table"),
        }
    }

    /// Writes and forgets what it holds.
    fn write(&mut self, writer: &mut ColumnWriter) -> Result<(), ParquetError> {
        let levels = (Some(self.defined.as_slice()), Some(self.repeated.as_slice()));
        match (&mut self.values, writer) {
            (Values::Text(values), ColumnWriter::ByteArrayColumnWriter(writer)) => {
                writer.write_batch(values, levels.0, levels.1)?;
                values.clear();
            }
            (Values::Flag(values), ColumnWriter::BoolColumnWriter(writer)) => {
                writer.write_batch(values, levels.0, levels.1)?;
                values.clear();
            }
            (Values::Number(values), ColumnWriter::Int32ColumnWriter(writer)) => {
                writer.write_batch(values, levels.0, levels.1)?;
                values.clear();
            }
            (Values::Fraction(values), ColumnWriter::FloatColumnWriter(writer)) => {
                writer.write_batch(values, levels.0, levels.1)?;
                values.clear();
            }
            (Values::Degrees(values), ColumnWriter::DoubleColumnWriter(writer)) => {
                writer.write_batch(values, levels.0, levels.1)?;
                values.clear();
            }
            _ => unreachable!("the schema is made of the same columns"),
        }
        self.defined.clear();
        self.repeated.clear();
        Ok(())
    }
}
