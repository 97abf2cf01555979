//! `rapporteur why`, as typed.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use rapporteur::record::Moment;

use super::{Fetching, FormName, ModelArg, OffsetsName, When};

/// Tell why a page is read as it is
///
/// Each statement is printed where it stands, and under it: who speaks, and what the pronoun or role was taken for; the
/// cue, the rule and the model that found it; through whom it came; how sure it is and why. Last comes what was found
/// and left out.
#[derive(Debug, Args)]
#[command(after_help = WHY_EXAMPLES)]
pub(crate) struct Why {
    /// A file, a web address, or `-` for standard input
    #[arg(value_name = "INPUT")]
    pub(crate) input: PathBuf,

    /// Only statement N, as the table of `rapporteur read` counts them, from 1
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) statement: Option<u32>,

    /// What the input is; `text` keeps each character, so that positions hold in the file itself
    #[arg(long = "as", value_name = "FORM", default_value = "auto")]
    pub(crate) form: FormName,

    /// Where the page was found
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,

    /// The day of publication, YYYY-MM-DD or RFC 3339, whatever the page says
    #[arg(long, value_name = "DATE")]
    pub(crate) date: Option<Moment>,

    /// How it is told
    #[arg(long, value_name = "FORMAT", default_value = "pretty")]
    pub(crate) format: WhyFormat,

    /// What positions count, in json
    #[arg(long, value_name = "UNIT", default_value = "codepoint")]
    pub(crate) offsets: OffsetsName,

    /// When to use colours; `auto` looks for a terminal and heeds NO_COLOR
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: When,

    #[command(flatten)]
    pub(crate) model: ModelArg,

    #[command(flatten)]
    pub(crate) fetching: Fetching,
}

const WHY_EXAMPLES: &str = "\
Examples:
  Everything about a page, in a pager:
      rapporteur why --color always page.html | less -R
  Why statement 3 has that speaker:
      rapporteur why --statement 3 page.html
  What the rules alone would have made of it:
      rapporteur why --model rules page.html
  Pronouns, and whom each was taken for:
      rapporteur why --format json page.html | jq -r \\
        '.statements[].speaker | select(.form == \"pronoun\") | [.source[0].text, .entities[0].name] | @tsv'

Exit status: 0 if it was read, 1 if it could not be, 2 if the command was wrong.";

/// How it is told why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum WhyFormat {
    /// For people: each statement and what is known of it
    Pretty,
    /// One JSON object, indented
    Json,
}
