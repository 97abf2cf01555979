//! The commands that keep a database well, as typed.

use std::path::PathBuf;

use clap::Args;

use super::Database;

/// Copy the database to a new file, while others write it
///
/// The copy is of one moment, and is looked through before the command ends: a backup that can't be read is none.
#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// The new file; one that is there already is not overwritten
    #[arg(value_name = "FILE")]
    pub(crate) target: PathBuf,

    #[command(flatten)]
    pub(crate) database: Database,
}

/// Look through a database for damage
///
/// Everything is read: the file's structure, the hash of every page and text, every position of every statement, and
/// whether the tables say what the documents say. Exit status: 0 if all is well, 1 if anything is not.
#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) database: Database,
}
