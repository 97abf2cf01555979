//! `rapporteur who`, as typed.

use clap::{Args, ValueEnum};
use rapporteur::record::EntityKind;

use super::find::limit;
use super::{Database, FindFormat, Limit, OffsetsName, When};

/// All that a person or a body is on record with, by day and outlet
///
/// Articles that name one person are brought together by name, office, state and company, and rather kept apart than
/// joined wrongly. People of one name are listed apart, each with its id; an id in the place of the name picks one.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Who {
    /// A name, or words of one, `Lavr*` among them; or an id
    #[arg(value_name = "NAME", required = true)]
    pub(crate) name: Vec<String>,

    /// The one with this id, of all that have the name
    #[arg(long, value_name = "ID")]
    pub(crate) id: Option<String>,

    /// Only people of this kind
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<KindName>,

    /// At most N statements of each, or `all` [default: 20 in a table on a terminal, else all]
    #[arg(short = 'n', long, value_name = "N", value_parser = limit)]
    pub(crate) limit: Option<Limit>,

    /// How they are printed: a table of those of the name and, if it is clear who is meant, of statements; in json, jsonl
    /// and csv all statements of all of them, each with whose it is
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: FindFormat,

    /// Make cells of csv that a spreadsheet would take for a formula begin with an apostrophe
    #[arg(long)]
    pub(crate) spreadsheet: bool,

    /// What positions count, in json, jsonl and csv
    #[arg(long, value_name = "UNIT", default_value = "codepoint")]
    pub(crate) offsets: OffsetsName,

    /// When to use colours; `auto` looks for a terminal and heeds NO_COLOR
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: When,

    /// Say on standard error how long it took
    #[arg(long)]
    pub(crate) timing: bool,

    #[command(flatten)]
    pub(crate) database: Database,
}

const EXAMPLES: &str = "\
Examples:
  Who it is, and the newest of what was said:
      rapporteur who Lavrov
  One of several of the name:
      rapporteur who Lavrov --id p:4h7k2m9qab-3
      rapporteur who p:4h7k2m9qab-3
  A body, by its abbreviation:
      rapporteur who --kind organization WHO
  Everything, for a spreadsheet:
      rapporteur who 'Inés Quiroga' --format csv --spreadsheet > quiroga.csv
  Statements by outlet:
      rapporteur who Lavrov --format jsonl | jq -r .outlet | sort | uniq -c | sort -rn
  What this person denied in a year; `find` takes ids too:
      rapporteur find 'speaker:p:4h7k2m9qab-3 act:deny since:2022 until:2022'

Two that are one, or one that is two? `rapporteur entity merge` and `split` correct it.

Exit status: 0 if it was looked for, found or not; 1 if it could not be; 2 if the command was wrong.";

/// What somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum KindName {
    Person,
    Organization,
    State,
    Group,
}

impl From<KindName> for EntityKind {
    fn from(name: KindName) -> Self {
        match name {
            KindName::Person => EntityKind::Person,
            KindName::Organization => EntityKind::Organization,
            KindName::State => EntityKind::State,
            KindName::Group => EntityKind::Group,
        }
    }
}
