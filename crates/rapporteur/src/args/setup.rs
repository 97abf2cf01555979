//! The commands that look after the program itself, as typed.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use clap_complete::Shell;

use super::{Database, ModelArg};

/// Look whether everything is in order, and say what to do where it is not
///
/// Looked at are the program and its machine, the configuration, the weights, and the database: whether it opens, who
/// writes it, what was left unfinished, how much room is left, and whether it is sound and a backup of it can be read,
/// for which one is made and deleted. Nothing is changed, and nothing is asked of the network.
#[derive(Debug, Args)]
#[command(after_help = DOCTOR_STATUS)]
pub(crate) struct Doctor {
    #[command(flatten)]
    pub(crate) database: Database,

    #[command(flatten)]
    pub(crate) model: ModelArg,

    /// Make no backup, which takes as long as reading the whole database
    #[arg(long)]
    pub(crate) quick: bool,

    /// How it is told
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: DoctorFormat,
}

const DOCTOR_STATUS: &str = "Exit status: 0 if nothing fails, 1 if anything does; a warning is no failure.";

/// How it is told what was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DoctorFormat {
    /// For people
    Table,
    /// One JSON array
    Json,
}

/// Print a script that completes commands and options in a shell
#[derive(Debug, Args)]
#[command(after_help = COMPLETIONS_EXAMPLES)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: Shell,
}

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  bash, for you alone:
      rapporteur completions bash > ~/.local/share/bash-completion/completions/rapporteur
  zsh, into a folder of $fpath:
      rapporteur completions zsh > ~/.zfunc/_rapporteur
  fish:
      rapporteur completions fish > ~/.config/fish/completions/rapporteur.fish
  PowerShell, in your profile:
      rapporteur completions powershell | Out-String | Invoke-Expression";

/// Write the manual pages, one for each command
#[derive(Debug, Args)]
#[command(after_help = MAN_EXAMPLES)]
pub(crate) struct Man {
    /// The folder; it is made if it is not there
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
}

const MAN_EXAMPLES: &str = "\
Examples:
  For you alone, and read at once:
      rapporteur man ~/.local/share/man/man1
      man rapporteur-read";
