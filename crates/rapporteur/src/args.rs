//! The command line, as typed: a file for each command, and one for what they share.

mod collect;
mod config;
mod entity;
mod export;
mod extract;
mod find;
mod import;
mod keep;
mod read;
mod setup;
mod shared;
mod show;
mod stats;
mod who;
mod why;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

pub(crate) use self::collect::{Collect, CollectFormat};
pub(crate) use self::config::{Config, ConfigFormat};
pub(crate) use self::entity::{Entity, EntityCommand, LogFormat, Split};
pub(crate) use self::export::Export;
pub(crate) use self::extract::{Extract, ExtractFormat};
pub(crate) use self::find::{Find, FindFormat, Limit};
pub(crate) use self::import::{FieldNames, Import, SummaryFormat};
pub(crate) use self::keep::{Backup, Check};
pub(crate) use self::read::{Format, Read};
pub(crate) use self::setup::{Completions, Doctor, DoctorFormat, Man};
pub(crate) use self::shared::{Database, Fetching, FormName, LongestPage, ModelArg, ModelName, OffsetsName, When};
pub(crate) use self::show::{Show, ShowFormat};
pub(crate) use self::stats::{Stats, StatsFormat};
pub(crate) use self::who::Who;
pub(crate) use self::why::{Why, WhyFormat};

/// Reads the news and keeps the record: who said what, through whom, tied to the characters that say so.
#[derive(Debug, Parser)]
#[command(name = "rapporteur", version, about, max_term_width = 100, arg_required_else_help = true, after_help = SETTINGS)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// The configuration file [default: see `rapporteur config --help`]
    #[arg(long, global = true, value_name = "FILE", display_order = 900)]
    pub(crate) config: Option<PathBuf>,
}

const SETTINGS: &str =
    "Options can also be set in a file, rapporteur.toml, and in the environment: `rapporteur config --help`.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Read(Read),
    Why(Why),
    Extract(Extract),
    Import(Import),
    Collect(Collect),
    Find(Find),
    Show(Show),
    Who(Who),
    Stats(Stats),
    Export(Export),
    Entity(Entity),
    Backup(Backup),
    Check(Check),
    Doctor(Doctor),
    Config(Config),
    Completions(Completions),
    Man(Man),
}

impl Command {
    /// Whether it is there to tell what is wrong, with settings too.
    pub(crate) fn lives_with_problems(&self) -> bool {
        matches!(self, Command::Config(_) | Command::Doctor(_) | Command::Completions(_) | Command::Man(_))
    }
}
