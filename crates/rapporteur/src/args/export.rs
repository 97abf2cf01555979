//! `rapporteur export`, as typed.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use rapporteur_store::export;

use super::{Database, OffsetsName};

/// Write the record out as tables, for DuckDB, Polars, Spark or a spreadsheet
///
/// A table is a folder in DIR, with a folder for each month of publication: statements/month=2022-03/part-0.parquet.
/// There are articles, statements, entities, mentions, events, times, positions and headlines; the text is in articles,
/// and the others point into it. Articles without a date are in month=__HIVE_DEFAULT_PARTITION__, which is read as none.
/// Who stands across articles is in people/part-0.parquet, and `person` in entities names it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES_AND_STATUS)]
pub(crate) struct Export {
    /// A new or empty folder, or one with an export in it, of which what has changed is replaced
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,

    /// Only articles that this finds, as in `find --articles`, each with all that is in it
    #[arg(value_name = "QUERY")]
    pub(crate) query: Vec<String>,

    /// How the tables are written
    #[arg(long, value_name = "FORMAT", default_value = "parquet")]
    pub(crate) format: ExportFormat,

    /// The first day of publication: 2022, 2022-03 or 2022-03-16
    #[arg(long, value_name = "DAY")]
    pub(crate) since: Option<String>,

    /// The last day of publication
    #[arg(long, value_name = "DAY")]
    pub(crate) until: Option<String>,

    /// What positions count
    #[arg(long, value_name = "UNIT", default_value = "codepoint")]
    pub(crate) offsets: OffsetsName,

    /// Replace an export that was made with another QUERY, format or unit; other files are never touched
    #[arg(long)]
    pub(crate) overwrite: bool,

    #[command(flatten)]
    pub(crate) database: Database,
}

const EXAMPLES_AND_STATUS: &str = "\
Examples:
  Everything; the same command again writes only what has changed:
      rapporteur export tables/
  Who denied most, in DuckDB:
      SELECT speaker_name, count(*) AS n FROM 'tables/statements/*/*.parquet'
      WHERE act = 'deny' GROUP BY ALL ORDER BY n DESC;
  What was said, cut out of its article:
      SELECT s.speaker_name, substr(a.text, s.content[1].start + 1,
                                    s.content[1].\"end\" - s.content[1].start) AS words
      FROM 'tables/statements/*/*.parquet' s
      JOIN 'tables/articles/*/*.parquet' a ON a.id = s.article;
  All denials of a month, in Polars:
      pl.scan_parquet('tables/statements/', hive_partitioning=True) \\
        .filter(act='deny', month='2022-03').collect()
  A year of one outlet, as CSV; lists and positions are JSON in it:
      rapporteur export --format csv --since 2023 --until 2023 tables/ outlet:deccanobserver

`article` and `id` together name a row. Files are written beside themselves and moved when all
are whole, so that a run which is stopped leaves the last export as it was. _export.json lists
the files.

Exit status: 0 if everything was written, 1 if something could not be, 2 if the command was
wrong, 130 if it was interrupted.";

/// How tables are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// Packed columns with types; small and quick to read
    Parquet,
    /// RFC 4180, with a line of headings
    Csv,
    /// One JSON object a line
    Jsonl,
}

impl From<ExportFormat> for export::Format {
    fn from(format: ExportFormat) -> Self {
        match format {
            ExportFormat::Parquet => export::Format::Parquet,
            ExportFormat::Csv => export::Format::Csv,
            ExportFormat::Jsonl => export::Format::Jsonl,
        }
    }
}
