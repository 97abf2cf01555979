//! `rapporteur import`, as typed.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use rapporteur::record::Moment;

use super::{Database, FormName, LongestPage, ModelArg};

/// Read pages, archives and data sets into the database
///
/// What a file is, its content says: a web page (also one saved with its pictures, MHTML) or a text, a web archive (WARC
/// or ARC), or JSON, an object a line or a list of objects; each may be packed with gzip, zstd or xz, or with brotli if
/// its name ends in .br. What is stored is stored for good: stop the run when you like, and the same command goes on
/// where it stopped. An article that is there already is not added again, and the same address with another text is a
/// revision; both are kept.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES_AND_STATUS)]
pub(crate) struct Import {
    /// Files, folders, or `-` for standard input
    ///
    /// A folder is read with all folders in it, sorted by name; hidden files and links to folders are passed over. Of an
    /// archive the web pages are read that a server gave with success; what else is in it is counted.
    #[arg(required = true, value_name = "PATH")]
    pub(crate) inputs: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) database: Database,

    #[command(flatten)]
    pub(crate) model: ModelArg,

    /// Read N records at a time [default: one for each core]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub(crate) jobs: Option<u16>,

    /// What pages and texts are; `text` keeps each character
    #[arg(long = "as", value_name = "FORM", default_value = "auto")]
    pub(crate) form: FormName,

    /// Where a page was found of which nothing tells it
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,

    /// The day of publication of everything, YYYY-MM-DD or RFC 3339, whatever the records say
    #[arg(long, value_name = "DATE")]
    pub(crate) date: Option<Moment>,

    #[command(flatten)]
    pub(crate) longest: LongestPage,

    /// Do not keep the pages as they came, only their texts
    #[arg(long)]
    pub(crate) no_pages: bool,

    /// Stop at the first record that can't be read, instead of passing it over
    #[arg(long)]
    pub(crate) strict: bool,

    /// Look again into files that were read to their end and have not changed since
    ///
    /// What was bad then is tried again. What was stored is known, and not read anew.
    #[arg(long)]
    pub(crate) again: bool,

    /// Wait while another program writes the database
    #[arg(long)]
    pub(crate) wait: bool,

    /// How the summary is printed
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: SummaryFormat,

    #[command(flatten)]
    pub(crate) fields: FieldNames,
}

/// What the fields of JSONL are called.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Fields of JSONL (a dot goes into an object: article.body)")]
pub(crate) struct FieldNames {
    /// The article's text [default: text, body, content, maintext, … whichever there is]
    #[arg(long, value_name = "NAME")]
    pub(crate) text_field: Option<String>,

    /// The page, as HTML; read instead of the text if there are both and --text-field is not given [default: html, …]
    #[arg(long, value_name = "NAME")]
    pub(crate) html_field: Option<String>,

    /// The article's address [default: url, link, …]
    #[arg(long, value_name = "NAME")]
    pub(crate) url_field: Option<String>,

    /// When it was published: a date in any usual form, or seconds since 1970 [default: date, published, …]
    #[arg(long, value_name = "NAME")]
    pub(crate) date_field: Option<String>,

    /// The headline [default: title, headline]
    #[arg(long, value_name = "NAME")]
    pub(crate) title_field: Option<String>,

    /// Who wrote it, one name or a list [default: authors, author, byline]
    #[arg(long, value_name = "NAME")]
    pub(crate) author_field: Option<String>,

    /// The outlet's name [default: outlet, publisher, site_name, …]
    #[arg(long, value_name = "NAME")]
    pub(crate) outlet_field: Option<String>,
}

/// How the summary is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SummaryFormat {
    /// For people
    Table,
    /// One JSON object
    Json,
}

const EXAMPLES_AND_STATUS: &str = "\
Examples:
  A folder of saved pages, into rapporteur.db of this folder:
      rapporteur import pages/
  A month of a web archive, into a database of your own choice:
      rapporteur import --db news.db CC-NEWS-202203*.warc.gz
  A data set, and one whose fields are called otherwise:
      rapporteur import articles.jsonl.xz
      rapporteur import --text-field article.body --date-field day articles.jsonl
  What another program prints, one JSON object a line:
      crawl | rapporteur import -
  What `rapporteur read --format jsonl` printed, without reading it anew:
      rapporteur import record.jsonl
  Only the summary, for a program:
      rapporteur import --format json articles.jsonl 2> bad.log

Exit status: 0 if everything was read, 1 if some of it could not be, 2 if the command was wrong, 130 if it was
interrupted.";
