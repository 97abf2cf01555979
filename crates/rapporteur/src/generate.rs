//! `rapporteur completions` and `rapporteur man`: what the definition of the command line can be turned into.

use std::fs;
use std::io::{self, Write};

use anyhow::{Context, anyhow};
use clap::Command;
use clap_complete::generate;
use rapporteur::pretty::visible;

use crate::args::{Completions, Man};
use crate::load;

/// Prints the script of a shell.
pub(crate) fn completions(args: &Completions, mut command: Command) -> anyhow::Result<bool> {
    let mut script = Vec::new();
    let name = command.get_name().to_owned();
    generate(args.shell, &mut command, name, &mut script);
    match io::stdout().lock().write_all(&script) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(true),
        written => written.map(|()| true).context("standard output"),
    }
}

/// Writes the manual pages.
pub(crate) fn man(args: &Man, command: Command) -> anyhow::Result<bool> {
    let at = |error: io::Error| anyhow!("{}: {}", args.folder.display(), load::reason(&error));
    fs::create_dir_all(&args.folder).map_err(at)?;
    clap_mangen::generate_to(command.disable_help_subcommand(true), &args.folder).map_err(at)?;
    let told = format!("{}: the pages are written; `man -M` or $MANPATH finds them", args.folder.display());
    writeln!(io::stdout(), "{}", visible(&told)).map(|()| true).context("standard output")
}
