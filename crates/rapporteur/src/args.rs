//! The command line, as typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use rapporteur::extract::Form;
use rapporteur::record::{Moment, Offsets};

/// Reads the news and keeps the record: who said what, through whom, tied to the characters that say so.
#[derive(Debug, Parser)]
#[command(name = "rapporteur", version, about, max_term_width = 100, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Read(Read),
}

/// Read news pages and print who said what
///
/// An input is a saved web page or a text; nothing is fetched. The reading goes to standard output in the order of
/// the inputs. What can't be read is named on standard error, and the run goes on.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES_AND_STATUS)]
pub(crate) struct Read {
    /// Files, folders, or `-` for standard input
    ///
    /// A folder is read with all folders in it, sorted by name; hidden files and links to folders are passed over.
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,

    /// What the inputs are; `text` keeps each character, so that positions hold in the file itself
    #[arg(long = "as", value_name = "FORM", default_value = "auto")]
    pub(crate) form: FormName,

    /// Where the page was found; once for all INPUTs, or once for each, in their order
    #[arg(long = "url", value_name = "URL")]
    pub(crate) urls: Vec<String>,

    /// The day of publication, YYYY-MM-DD or RFC 3339, whatever the page says; once for all INPUTs, or once for each
    #[arg(long = "date", value_name = "DATE")]
    pub(crate) dates: Vec<Moment>,

    /// How the reading is printed
    #[arg(long, value_name = "FORMAT", default_value = "pretty")]
    pub(crate) format: Format,

    /// What positions count, in json and jsonl
    #[arg(long, value_name = "UNIT", default_value = "codepoint")]
    pub(crate) offsets: OffsetsName,

    /// When to use colours; `auto` looks for a terminal and heeds NO_COLOR
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: When,

    /// Read with trained weights, too: a file that `training/` makes
    ///
    /// They find statements without a common verb of saying, and take thirty times as long as the rules alone.
    #[arg(long, value_name = "FILE")]
    pub(crate) model: Option<PathBuf>,

    /// Read N inputs at a time [default: one for each core]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub(crate) jobs: Option<u16>,
}

const EXAMPLES_AND_STATUS: &str = "\
Examples:
  One page, its statements marked in place, and a table of them:
      rapporteur read page.html
      rapporteur read --color always page.html | less -R
  A page that another program fetches:
      curl -s https://… | rapporteur read - --url https://…
  A folder of pages, one JSON object a line:
      rapporteur read --format jsonl archive/ > record.jsonl
  Plain texts, all of one day:
      rapporteur read --as text --date 2022-03-16 *.txt
  Who does what by saying something, as a table:
      rapporteur read --format jsonl page.html | jq -r \\
        '.entities as $e | .statements[] | select(.speaker) | [$e[.speaker].name, .act] | @tsv'

Exit status: 0 if everything was read, 1 if some of it could not be, 2 if the command was wrong.";

/// How the bytes of an input are taken.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum FormName {
    /// A web page or a text, whichever it looks like
    Auto,
    /// A web page
    Html,
    /// The article itself
    Text,
}

impl From<FormName> for Form {
    fn from(name: FormName) -> Form {
        match name {
            FormName::Auto => Form::Auto,
            FormName::Html => Form::Html,
            FormName::Text => Form::Text,
        }
    }
}

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

/// The unit of printed positions.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum OffsetsName {
    /// Unicode code points, as Python counts
    Codepoint,
    /// UTF-8 bytes, as Rust and Go count
    Byte,
    /// UTF-16 units, as JavaScript and Java count
    Utf16,
}

impl From<OffsetsName> for Offsets {
    fn from(name: OffsetsName) -> Offsets {
        match name {
            OffsetsName::Codepoint => Offsets::Codepoint,
            OffsetsName::Byte => Offsets::Byte,
            OffsetsName::Utf16 => Offsets::Utf16,
        }
    }
}

/// When colours are used.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum When {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// In any case
    Always,
    /// In no case
    Never,
}
