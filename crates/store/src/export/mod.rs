//! The record as tables in files, for what reads tables: DuckDB, Polars, Spark, a spreadsheet.
//!
//! A table is a folder, and in it there is a folder for each month of publication with one file:
//! `statements/month=2022-03/part-0.parquet`. Articles without a date are in `month=__HIVE_DEFAULT_PARTITION__`, which
//! readers take for a missing value; people belong to no month, and are in `people/part-0.parquet`. In a file articles are in the order of their days and then of their ids, so that the
//! same record gives the same bytes. `tables.rs` has the columns; a file a format has how they are written.

mod csv;
mod folder;
mod jsonl;
#[cfg(feature = "parquet")]
mod parquet;
mod people;
mod table;
mod tables;

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::Path;

use jiff::civil::Date;
use rapporteur_record::Offsets;
use rusqlite::params_from_iter;

pub use self::folder::Files;
use self::folder::{Folder, at};
use self::people::PEOPLE;
pub use self::table::{Column, Kind, Shape, Table, Value};
use self::tables::{Source, TABLES};
use crate::error::{Error, Outcome, Problem};
use crate::find::article_rows;
use crate::key::{WITHIN_DAY_BITS, day_of};
use crate::pack::Unpacker;
use crate::{Page, Query, Store};

/// The name and version of the tables, as the files and `_export.json` have it.
pub const SCHEMA: &str = "rapporteur/export/1";

/// How tables are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Parquet, packed by zstd; needs the feature `parquet`.
    Parquet,
    /// CSV by RFC 4180, lists and spans in it as JSON.
    Csv,
    /// One JSON object a row.
    Jsonl,
}

impl Format {
    /// As it is typed, and what its files end in.
    pub fn word(self) -> &'static str {
        match self {
            Format::Parquet => "parquet",
            Format::Csv => "csv",
            Format::Jsonl => "jsonl",
        }
    }

    /// Whether this build can write it.
    pub fn is_built(self) -> bool {
        self != Format::Parquet || cfg!(feature = "parquet")
    }
}

/// What is exported, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// How files are written.
    pub format: Format,
    /// What spans count.
    pub offsets: Offsets,
    /// Which articles, as typed for [`Query::parse`]: those that [`Store::articles`] finds, each with all that is in it.
    pub query: String,
    /// Whether an export that was made with other options is replaced.
    pub overwrite: bool,
}

/// One step of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// So many of so many articles are done.
    Done(u64, u64),
    /// An article can't be read, and is left out; holds why.
    Damaged(String),
}

/// What was exported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// The tables, and how many rows each has.
    pub n_rows: Vec<(&'static str, u64)>,
    /// Articles that were left out because they can't be read.
    pub n_damaged: u64,
    /// What became of the files.
    pub files: Files,
}

impl Exported {
    /// Whether there was no article to export.
    pub fn is_empty(&self) -> bool {
        self.n_rows.iter().all(|(_, n_rows)| *n_rows == 0)
    }
}

/// Writes the rows of one table.
pub trait TableWriter {
    /// Writes a row: a value for each column.
    fn row(&mut self, row: &[Value]) -> io::Result<()>;
    /// Writes what belongs at the end.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// A writer of `table` to `out`, whose spans count in `offsets`. A row has a value for each column that it
/// [`takes`](Column::takes).
///
/// # Errors
/// Those of `out`, and [`io::ErrorKind::Unsupported`] for a format that this build can't write.
pub fn table_writer<'w>(
    format: Format,
    table: &Table,
    offsets: Offsets,
    out: impl Write + Send + 'w,
) -> io::Result<Box<dyn TableWriter + 'w>> {
    let out: Box<dyn Write + Send + 'w> = Box::new(out);
    Ok(match format {
        Format::Csv => Box::new(csv::Csv::new(table.columns, out)?),
        Format::Jsonl => Box::new(jsonl::Jsonl::new(table.columns, out)),
        Format::Parquet => return parquet_writer(table, offsets, out),
    })
}

#[cfg(feature = "parquet")]
fn parquet_writer<'w>(
    table: &Table,
    offsets: Offsets,
    out: Box<dyn Write + Send + 'w>,
) -> io::Result<Box<dyn TableWriter + 'w>> {
    let offsets = serde_json::to_value(offsets)?.as_str().unwrap_or_default().to_owned();
    let about = [("rapporteur.schema", SCHEMA.to_owned()), ("rapporteur.offsets", offsets)];
    Ok(Box::new(parquet::Parquet::new(table, &about, out)?))
}

#[cfg(not(feature = "parquet"))]
fn parquet_writer<'w>(_: &Table, _: Offsets, _: Box<dyn Write + Send + 'w>) -> io::Result<Box<dyn TableWriter + 'w>> {
    Err(io::Error::new(io::ErrorKind::Unsupported, NO_PARQUET))
}

/// What a build without Parquet says.
pub const NO_PARQUET: &str = "this build cannot write Parquet: take csv or jsonl, a released binary, or one built with \
                              `cargo build --release --features parquet`";

impl Store {
    /// Writes the articles that the query finds, and all that is in them, as tables into `folder`. `see` is told of each
    /// article and may break it off: then nothing in the folder has changed, and `None` is returned.
    ///
    /// The export is of one moment, whatever others write meanwhile, and memory does not grow with it. An export into
    /// the folder of the last one replaces what has changed.
    pub fn export(
        &self,
        folder: &Path,
        options: &Options,
        see: impl FnMut(Step) -> ControlFlow<()>,
    ) -> Result<Option<Exported>, Error> {
        let refuse = |reason: String| Problem::Query(reason).at(folder);
        if !options.format.is_built() {
            return Err(refuse(NO_PARQUET.to_owned()));
        }
        let query = Query::parse(&options.query).map_err(|error| refuse(error.to_string()))?;
        let mut pass = Pass {
            folder: Folder::open(folder, options)?,
            options,
            month: None,
            named: (!options.query.is_empty()).then(BTreeSet::new),
            exported: Exported { n_rows: TABLES.map(|(table, _)| (table.name, 0)).to_vec(), ..Exported::default() },
            see,
        };
        if self.each_exported(&query, &mut pass)?.is_break() {
            return Ok(None);
        }
        let Pass { folder, mut exported, .. } = pass;
        exported.files = folder.finish(options)?;
        Ok(Some(exported))
    }

    fn each_exported<F>(&self, query: &Query, pass: &mut Pass<F>) -> Result<ControlFlow<()>, Error>
    where
        F: FnMut(Step) -> ControlFlow<()>,
    {
        let here = |problem: Problem| problem.at(&self.path);
        let sqlite = |error: rusqlite::Error| Problem::from(error).at(&self.path);
        let _moment = self.connection.unchecked_transaction().map_err(sqlite)?;
        let n_articles = self.count_articles(query)?;
        let found = article_rows(query, Page::default()).map_err(here)?;
        // Two articles of a day may have taken each other's row numbers: the hash has the last word.
        let sql = format!(
            "SELECT f.id FROM ({}) f CROSS JOIN articles a ON a.id = f.id ORDER BY f.id >> {WITHIN_DAY_BITS}, a.hash",
            found.text
        );
        let mut query = self.connection.prepare(&sql).map_err(sqlite)?;
        let mut rows = query.query(params_from_iter(found.values)).map_err(sqlite)?;
        let (mut unpacker, mut n_done) = (Unpacker::default(), 0);
        while let Some(row) = rows.next().map_err(sqlite)? {
            let id: i64 = row.get(0).map_err(sqlite)?;
            match self.source(&mut unpacker, id, pass) {
                Ok(source) => pass.article(day_of(id), &source)?,
                Err(Problem::Damaged(what)) => {
                    pass.exported.n_damaged += 1;
                    if (pass.see)(Step::Damaged(what)).is_break() {
                        return Ok(ControlFlow::Break(()));
                    }
                }
                Err(problem) => return Err(here(problem)),
            }
            n_done += 1;
            if (pass.see)(Step::Done(n_done, n_articles)).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        pass.end_month()?;
        if !pass.exported.is_empty() {
            pass.people(self)?;
        }
        Ok(ControlFlow::Continue(()))
    }

    fn source<F>(&self, unpacker: &mut Unpacker, row: i64, pass: &mut Pass<F>) -> Outcome<Source> {
        let found = self.article_at(row)?;
        let mut seen = self.connection.prepare_cached("SELECT seen FROM articles WHERE id = ?")?;
        let seen = seen.query_row([row], |row| row.get(0))?;
        let document = self.document_at(unpacker, &found)?;
        let named = self.named_in(row)?;
        pass.named.iter_mut().for_each(|all| all.extend(named.iter().map(|(_, person, _)| person)));
        Ok(Source::new(&found, document, seen, &named, pass.options.offsets))
    }
}

/// An export on its way.
struct Pass<'a, F> {
    folder: Folder,
    options: &'a Options,
    /// The month that is being written, and the files of its tables.
    month: Option<(Option<Date>, Vec<Part>)>,
    /// Who is named in what a query finds; not kept if everything is exported.
    named: Option<BTreeSet<i64>>,
    exported: Exported,
    see: F,
}

struct Part {
    path: String,
    writer: Box<dyn TableWriter>,
    n_rows: u64,
}

impl<F> Pass<'_, F> {
    fn article(&mut self, day: Option<Date>, source: &Source) -> Result<(), Error> {
        let month = day.map(Date::first_of_month);
        if self.month.as_ref().is_none_or(|(open, _)| *open != month) {
            self.end_month()?;
            self.month = Some((month, self.begin_month(month)?));
        }
        let (_, parts) = self.month.as_mut().expect("it was just begun");
        for (part, (table, rows)) in parts.iter_mut().zip(&TABLES) {
            for row in rows(source) {
                debug_assert!(table::fits(table.columns, &row), "{}: {row:?}", table.name);
                part.writer.row(&row).map_err(at(&self.folder.place(&part.path)))?;
                part.n_rows += 1;
            }
        }
        Ok(())
    }

    fn begin_month(&self, month: Option<Date>) -> Result<Vec<Part>, Error> {
        let month = month.map_or("__HIVE_DEFAULT_PARTITION__".to_owned(), |day| day.strftime("%Y-%m").to_string());
        TABLES.iter().map(|(table, _)| self.begin(table, &format!("{}/month={month}", table.name))).collect()
    }

    fn begin(&self, table: &Table, folder: &str) -> Result<Part, Error> {
        let Options { format, offsets, .. } = *self.options;
        let path = format!("{folder}/part-0.{}", format.word());
        let writer = table_writer(format, table, offsets, self.folder.begin(&path)?);
        Ok(Part { writer: writer.map_err(at(&self.folder.place(&path)))?, path, n_rows: 0 })
    }

    /// Writes the table of people, at the end.
    fn people(&mut self, store: &Store) -> Result<(), Error> {
        let mut part = self.begin(&PEOPLE, PEOPLE.name)?;
        let place = self.folder.place(&part.path);
        store.each_person(self.named.as_ref(), &mut |row| {
            part.n_rows += 1;
            part.writer.row(row).map_err(at(&place))
        })?;
        self.exported.n_rows.push((PEOPLE.name, part.n_rows));
        self.end(part)
    }

    fn end_month(&mut self) -> Result<(), Error> {
        let parts = self.month.take().map_or(Vec::new(), |(_, parts)| parts);
        for (table_idx, part) in parts.into_iter().enumerate() {
            self.exported.n_rows[table_idx].1 += part.n_rows;
            self.end(part)?;
        }
        Ok(())
    }

    fn end(&mut self, part: Part) -> Result<(), Error> {
        part.writer.finish().map_err(at(&self.folder.place(&part.path)))?;
        self.folder.end(part.path, part.n_rows)
    }
}
