//! `rapporteur read`, as typed.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use rapporteur::record::Moment;

use super::{Fetching, FormName, ModelArg, OffsetsName, When};

/// Read news pages and print who said what
///
/// An input is a saved web page or a text, or the address of one, which is fetched; or a web archive, of which all pages
/// are read. The reading goes to standard output
/// in the order of the inputs. What can't be read is named on standard error, and the run goes on.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES_AND_STATUS)]
pub(crate) struct Read {
    /// Files, folders, web addresses (http:// or https://), or `-` for standard input
    ///
    /// A folder is read with all folders in it, sorted by name; hidden files and links to folders are passed over. What
    /// a file is, its content says: a page or a text, a page saved with its pictures (MHTML), a web archive (WARC or
    /// ARC); each may be packed with gzip, zstd, xz, or brotli if its name ends in .br.
    /// Addresses are asked for as a browser would, without robots.txt, and a host is not asked for two pages at once.
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,

    /// What the inputs are; `text` keeps each character, so that positions hold in the file itself
    #[arg(long = "as", value_name = "FORM", default_value = "auto")]
    pub(crate) form: FormName,

    /// Where the page was found; once for all INPUTs, or once for each, in their order [default: where it was fetched]
    #[arg(long = "url", value_name = "URL")]
    pub(crate) urls: Vec<String>,

    /// The day of publication, YYYY-MM-DD or RFC 3339, whatever the page says; once for all INPUTs, or once for each
    #[arg(long = "date", value_name = "DATE")]
    pub(crate) dates: Vec<Moment>,

    /// How the reading is printed
    #[arg(long, value_name = "FORMAT", default_value = "pretty")]
    pub(crate) format: Format,

    /// Instead of reading, mark each block of the page as kept (+) or dropped (-), with the reason
    ///
    /// In the order of the page: how likely the block is the article's by the learnt trees, unless the rules settle it;
    /// what it is; what the rules say, and the element that they go by; and how its text begins. With json and jsonl
    /// each page is an object whose `blocks` have kept, kind, verdict, element, probability, cut and text.
    #[arg(long, conflicts_with = "min_confidence")]
    pub(crate) why_text: bool,

    /// What positions count, in json and jsonl
    #[arg(long, value_name = "UNIT", default_value = "codepoint")]
    pub(crate) offsets: OffsetsName,

    /// When to use colours; `auto` looks for a terminal and heeds NO_COLOR
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: When,

    #[command(flatten)]
    pub(crate) model: ModelArg,

    /// Leave out statements that are less sure than P, from 0 to 1
    ///
    /// `0.5` drops what is wrong more often than not. Entities stay; statements are numbered anew.
    #[arg(long, value_name = "P", value_parser = probability)]
    pub(crate) min_confidence: Option<f32>,

    /// Read N inputs at a time [default: one for each core]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub(crate) jobs: Option<u16>,

    #[command(flatten)]
    pub(crate) fetching: Fetching,
}

const EXAMPLES_AND_STATUS: &str = "\
Examples:
  One page, its statements marked in place, and a table of them:
      rapporteur read page.html
      rapporteur read --color always page.html | less -R
  A page of the web, and one that another program fetches:
      rapporteur read https://…
      curl -s https://… | rapporteur read - --url https://…
  A folder of pages, one JSON object a line; and an archive of a crawler:
      rapporteur read --format jsonl archive/ > record.jsonl
      rapporteur read --format jsonl CC-NEWS-20220316*.warc.gz > record.jsonl
  Plain texts, all of one day:
      rapporteur read --as text --date 2022-03-16 *.txt
  Why a paragraph of the page is missing, and which boxes were taken for furniture:
      rapporteur read --why-text page.html
      rapporteur read --why-text --format json page.html | jq '.[].blocks[] | select(.kept | not)'
  Only what is likely right:
      rapporteur read --min-confidence 0.7 page.html
  Who does what by saying something, as a table:
      rapporteur read --format jsonl page.html | jq -r \\
        '.entities as $e | .statements[] | select(.speaker) | [$e[.speaker].name, .act] | @tsv'

Exit status: 0 if everything was read, 1 if some of it could not be, 2 if the command was wrong.";

/// How a reading is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people: the marked article and a table
    Pretty,
    /// One JSON array, indented
    Json,
    /// One JSON object a line
    Jsonl,
}

fn probability(typed: &str) -> Result<f32, String> {
    let number: f32 = typed.parse().map_err(|_| "no number".to_owned())?;
    if (0.0..=1.0).contains(&number) { Ok(number) } else { Err("not from 0 to 1".to_owned()) }
}
