//! `rapporteur stats`, as typed.

use clap::{Args, ValueEnum};

use super::{Database, When};

/// Count what is in the database: articles, statements, outlets, months, acts, speakers, and what was skipped
///
/// Nothing is unpacked for it, so it is quick.
#[derive(Debug, Args)]
pub(crate) struct Stats {
    /// List at most N outlets and speakers, and N months, the last ones; `all` lists all
    #[arg(short = 'n', long, value_name = "N", default_value = "10", value_parser = super::find::limit)]
    pub(crate) limit: super::Limit,

    /// How it is printed; json has all months and reasons
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: StatsFormat,

    /// When to use colours; `auto` looks for a terminal and heeds NO_COLOR
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: When,

    #[command(flatten)]
    pub(crate) database: Database,
}

/// How counts are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum StatsFormat {
    /// For people
    Table,
    /// One JSON object, indented
    Json,
}
