//! `rapporteur extract`, as typed.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use rapporteur::record::Moment;

use super::{Fetching, FormName, OffsetsName, When};

/// Print only the articles of pages, clean
///
/// The article that `rapporteur read` reads, without the reading: title, standfirst and text, no navigation, no
/// advertisements, no comments. Nothing is asked of a model, so it is fast.
#[derive(Debug, Args)]
#[command(after_help = EXTRACT_EXAMPLES)]
pub(crate) struct Extract {
    /// Files, folders, web addresses (http:// or https://), or `-` for standard input
    ///
    /// What a file is, its content says: a page or a text, a page saved with its pictures (MHTML), a web archive (WARC or
    /// ARC), of which all pages are read; each may be packed with gzip, zstd, xz, or brotli if its name ends in .br.
    #[arg(required_unless_present = "input_file", value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,

    /// More inputs, one a line of FILE, which may be `-`
    #[arg(short, long, value_name = "FILE")]
    pub(crate) input_file: Option<PathBuf>,

    /// What the inputs are
    #[arg(long = "as", value_name = "FORM", default_value = "auto")]
    pub(crate) form: FormName,

    /// Where the page was found; once for all INPUTs, or once for each, in their order [default: where it was fetched]
    #[arg(long = "url", value_name = "URL")]
    pub(crate) urls: Vec<String>,

    /// The day of publication, YYYY-MM-DD or RFC 3339, whatever the page says; once for all INPUTs, or once for each
    #[arg(long = "date", value_name = "DATE")]
    pub(crate) dates: Vec<Moment>,

    /// How the article is printed
    #[arg(short, long, visible_alias = "output-format", value_name = "FORMAT", default_value = "text")]
    pub(crate) format: ExtractFormat,

    /// Put before the text what is known of the article; json, jsonl and tei always have it
    #[arg(long)]
    pub(crate) with_metadata: bool,

    /// Pass over articles of which title, day of publication or address is not known
    #[arg(long)]
    pub(crate) only_with_metadata: bool,

    /// Pass over articles in another language, a code like `en`
    #[arg(long, visible_alias = "target-language", value_name = "CODE")]
    pub(crate) language: Option<String>,

    /// Pass over articles with fewer characters of text
    #[arg(long, value_name = "N", default_value = "0")]
    pub(crate) min_length: usize,

    /// Write each article to a file in DIR, which is made if it is not there
    ///
    /// A file is called by the name of the page's and by the article's id, so that a second run writes the same files.
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output_dir: Option<PathBuf>,

    /// Instead of the article, mark each block of the page as kept (+) or dropped (-): `rapporteur read --help`
    #[arg(long, conflicts_with = "output_dir")]
    pub(crate) why_text: bool,

    /// When `--why-text` uses colours; `auto` looks for a terminal and heeds NO_COLOR
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: When,

    /// What positions count, in json and jsonl
    #[arg(long, value_name = "UNIT", default_value = "codepoint")]
    pub(crate) offsets: OffsetsName,

    /// Read N inputs at a time [default: one for each core]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub(crate) jobs: Option<u16>,

    #[command(flatten)]
    pub(crate) fetching: Fetching,
}

const EXTRACT_EXAMPLES: &str = "\
Examples:
  The text of a page:
      rapporteur extract page.html
  With title, author and date before it:
      rapporteur extract --format markdown --with-metadata https://…
  A folder of pages, one JSON object a line; and an archive of a crawler:
      rapporteur extract --format jsonl archive/ > articles.jsonl
      rapporteur extract --format jsonl CC-NEWS-20220316*.warc.gz > articles.jsonl

  The articles of a list of addresses, each in a file of its own:
      rapporteur extract -i addresses.txt -o articles/ -f markdown
  Why a paragraph is missing:
      rapporteur extract --why-text page.html

A page that holds no article is named with what it is: an error page, a wall that asks to log in, a list of articles, …

Exit status: 0 if everything was read, 1 if some of it could not be or held no article, 2 if the command was wrong.";

/// How an article is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExtractFormat {
    /// The text alone, blocks parted by blank lines
    Text,
    /// Markdown (CommonMark)
    Markdown,
    /// One JSON array of the record's `article` objects, indented
    Json,
    /// One JSON object a line
    Jsonl,
    /// XML by the Text Encoding Initiative
    Tei,
}
