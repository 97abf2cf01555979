//! `rapporteur entity`, as typed.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;

use super::Database;

/// Correct who is one: merge, split, undo; or give people ids from a file
///
/// Each correction is written down and can be taken back. It holds for articles that come later, too.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Entity {
    #[command(subcommand)]
    pub(crate) command: EntityCommand,
}

const EXAMPLES: &str = "\
Examples:
  Two that `rapporteur who` lists are one:
      rapporteur entity merge p:4h7k2m9qab-3 p:04hmasw9nf-17
  What one outlet wrote of the name was of somebody else:
      rapporteur entity split p:4h7k2m9qab-3 --outlet example.org --until 2014-12-31
  What was corrected, and that it was wrong after all:
      rapporteur entity log
      rapporteur entity undo 2
  Ids of Wikidata:
      rapporteur entity import people.jsonl.gz";

#[derive(Debug, Subcommand)]
pub(crate) enum EntityCommand {
    /// Two are one
    Merge {
        /// An id, or a name that one person only has
        #[arg(value_name = "ONE")]
        one: String,
        /// Another of the same kind
        #[arg(value_name = "OTHER")]
        other: String,
        #[command(flatten)]
        database: Database,
    },
    /// Some of one are somebody else: those articles for which all that is given holds
    Split(Box<Split>),
    /// Take a correction back; one that took back can be taken back too
    Undo {
        /// Its number in `rapporteur entity log`
        #[arg(value_name = "N")]
        number: u64,
        #[command(flatten)]
        database: Database,
    },
    /// List all corrections
    Log {
        /// How they are printed
        #[arg(long, value_name = "FORMAT", default_value = "table")]
        format: LogFormat,
        #[command(flatten)]
        database: Database,
    },
    /// Give people ids, from a subset of Wikidata or of FollowTheMoney data
    ///
    /// JSONL, perhaps compressed with gzip, zstd or xz. An item of Wikidata has `id`, `labels`, `aliases` and
    /// `descriptions`, as in its dumps or as plain texts and lists; an entity of FollowTheMoney has `id`, `schema` and
    /// `properties`. A person gets an id where one name leads to one item, or where office, state and description tell
    /// which; nobody gets one by a common name alone. An item that is there already is replaced.
    Import {
        /// The file; `-` is standard input
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        database: Database,
    },
}

/// What is split off.
#[derive(Debug, Args)]
pub(crate) struct Split {
    /// An id, or a name that one person only has
    #[arg(value_name = "WHO")]
    pub(crate) who: String,

    /// In this article, by its id; may be given more than once
    #[arg(long = "article", value_name = "ID", required_unless_present_any = ["name", "role", "country", "outlet", "since", "until"])]
    pub(crate) articles: Vec<String>,

    /// Called so, in full
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,

    /// With these words in an office
    #[arg(long, value_name = "WORDS")]
    pub(crate) role: Option<String>,

    /// Of this state, in two letters
    #[arg(long, value_name = "CODE")]
    pub(crate) country: Option<String>,

    /// In an outlet with these words in name or domain
    #[arg(long, value_name = "OUTLET")]
    pub(crate) outlet: Option<String>,

    /// Published on this day, YYYY-MM-DD, or later
    #[arg(long, value_name = "DAY")]
    pub(crate) since: Option<Date>,

    /// Published on this day or earlier
    #[arg(long, value_name = "DAY")]
    pub(crate) until: Option<Date>,

    #[command(flatten)]
    pub(crate) database: Database,
}

/// How corrections are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people
    Table,
    /// One JSON object a line
    Jsonl,
}
