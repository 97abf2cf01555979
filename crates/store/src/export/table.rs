//! What a table is, whatever format it is written in: named columns, and rows of values.

use std::borrow::Cow;

use jiff::civil::Date;
use rapporteur_record::Span;

/// A table's name and columns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Table {
    /// Lower case, the plural of what a row is.
    pub name: &'static str,
    /// In the order of a row's values.
    pub columns: &'static [Column],
}

/// A column, or a part of a [`Kind::Group`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Column {
    /// As it is called in the file.
    pub name: &'static str,
    /// What its values are.
    pub kind: Kind,
    /// How many there are in a row.
    pub shape: Shape,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// Words that come again and again: names, kinds, ids. Parquet keeps each once.
    Word,
    /// Text of which hardly two are alike.
    Text,
    /// Yes or no.
    Flag,
    /// A number from 0: ids in a document, counts.
    Count,
    /// From 0 to 1.
    Fraction,
    /// Degrees, WGS 84.
    Degrees,
    /// A calendar day.
    Day,
    /// Start and end of a stretch of `articles.text`, half-open, in the unit that the file names.
    Span,
    /// Several values together.
    Group(&'static [Column]),
}

/// How many values a column has in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One.
    One,
    /// One or none.
    Maybe,
    /// Any number, in order.
    List,
}

/// A value of a row. Where a column may be empty, [`Value::None`] says so.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "they are those of `Kind` and `Shape`")]
pub enum Value<'a> {
    None,
    Text(Cow<'a, str>),
    Flag(bool),
    Count(u32),
    Fraction(f32),
    Degrees(f64),
    Day(Date),
    Span(Span),
    Group(Vec<Value<'a>>),
    List(Vec<Value<'a>>),
}

impl Column {
    /// A column with one value in each row.
    pub const fn one(name: &'static str, kind: Kind) -> Self {
        Column { name, kind, shape: Shape::One }
    }

    /// A column that may be empty.
    pub const fn maybe(name: &'static str, kind: Kind) -> Self {
        Column { name, kind, shape: Shape::Maybe }
    }

    /// A column of lists.
    pub const fn list(name: &'static str, kind: Kind) -> Self {
        Column { name, kind, shape: Shape::List }
    }

    /// Whether `value` may stand in this column.
    pub fn takes(&self, value: &Value) -> bool {
        match (self.shape, value) {
            (Shape::Maybe, Value::None) => true,
            (Shape::List, Value::List(values)) => values.iter().all(|value| self.kind.takes(value)),
            (Shape::List, _) => false,
            (Shape::One | Shape::Maybe, value) => self.kind.takes(value),
        }
    }
}

impl Kind {
    fn takes(self, value: &Value) -> bool {
        match (self, value) {
            (Kind::Word | Kind::Text, Value::Text(_))
            | (Kind::Flag, Value::Flag(_))
            | (Kind::Count, Value::Count(_))
            | (Kind::Fraction, Value::Fraction(_))
            | (Kind::Degrees, Value::Degrees(_))
            | (Kind::Day, Value::Day(_))
            | (Kind::Span, Value::Span(_)) => true,
            (Kind::Group(columns), Value::Group(values)) => fits(columns, values),
            _ => false,
        }
    }
}

/// Whether the values are of these columns.
pub(super) fn fits(columns: &[Column], values: &[Value]) -> bool {
    columns.len() == values.len() && columns.iter().zip(values).all(|(column, value)| column.takes(value))
}

impl<'a> Value<'a> {
    /// A list of what `values` become.
    pub fn list<T>(values: impl IntoIterator<Item = T>) -> Self
    where
        Value<'a>: From<T>,
    {
        Value::List(values.into_iter().map(Value::from).collect())
    }

    /// How much memory it takes, about, in bytes.
    #[cfg(feature = "parquet")]
    pub(super) fn weight(&self) -> usize {
        let inside = match self {
            Value::Text(text) => text.len(),
            Value::Group(values) | Value::List(values) => values.iter().map(Value::weight).sum(),
            _ => 0,
        };
        inside + 8
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Value::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Value::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Value::Text(Cow::Owned(text))
    }
}

impl From<bool> for Value<'_> {
    fn from(flag: bool) -> Self {
        Value::Flag(flag)
    }
}

/// Ids and counts of one document, whose text is shorter than 4 GiB.
impl From<usize> for Value<'_> {
    fn from(count: usize) -> Self {
        Value::Count(u32::try_from(count).unwrap_or(u32::MAX))
    }
}

impl From<f32> for Value<'_> {
    fn from(fraction: f32) -> Self {
        Value::Fraction(fraction)
    }
}

impl From<f64> for Value<'_> {
    fn from(degrees: f64) -> Self {
        Value::Degrees(degrees)
    }
}

impl From<Date> for Value<'_> {
    fn from(day: Date) -> Self {
        Value::Day(day)
    }
}

impl From<Span> for Value<'_> {
    fn from(span: Span) -> Self {
        Value::Span(span)
    }
}

impl<'a, T> From<Option<T>> for Value<'a>
where
    Value<'a>: From<T>,
{
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::None, Value::from)
    }
}
