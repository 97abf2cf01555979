//! The command line, as typed: a file for each command, and one for what they share.

mod entity;
mod export;
mod find;
mod import;
mod keep;
mod read;
mod shared;
mod show;
mod stats;
mod who;
mod why;

use clap::{Parser, Subcommand};

pub(crate) use self::entity::{Entity, EntityCommand, LogFormat, Split};
pub(crate) use self::export::Export;
pub(crate) use self::find::{Find, FindFormat, Limit};
pub(crate) use self::import::{FieldNames, Import, SummaryFormat};
pub(crate) use self::keep::{Backup, Check};
pub(crate) use self::read::{Format, Read};
pub(crate) use self::shared::{Database, Fetching, FormName, ModelArg, ModelName, OffsetsName, When};
pub(crate) use self::show::{Show, ShowFormat};
pub(crate) use self::stats::{Stats, StatsFormat};
pub(crate) use self::who::Who;
pub(crate) use self::why::{Why, WhyFormat};

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
    Why(Why),
    Import(Import),
    Find(Find),
    Show(Show),
    Who(Who),
    Entity(Entity),
    Stats(Stats),
    Export(Export),
    Backup(Backup),
    Check(Check),
}
