//! The command line.

mod args;
mod import;
mod inputs;
mod interrupt;
mod keep;
mod load;
mod models;
mod panics;
mod paper;
mod pool;
mod print;
mod progress;
mod read;
mod web;
mod why;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use rapporteur::pretty::visible;

use crate::args::{Cli, Command};

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Read(args) => {
            let inputs = read::paired(&args).unwrap_or_else(|reason| usage("read", &reason));
            read::run(&args, inputs)
        }
        Command::Why(args) => why::run(&args),
        Command::Import(args) => {
            import::check(&args).unwrap_or_else(|reason| usage("import", &reason));
            import::run(&args)
        }
        Command::Backup(args) => keep::backup(&args),
        Command::Check(args) => keep::check(&args),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(io::stderr(), "rapporteur: {}", visible(&format!("{error:#}")));
            ExitCode::FAILURE
        }
    }
}

/// Says what is wrong with the command, and ends with status 2.
fn usage(name: &str, reason: &str) -> ! {
    let mut command = Cli::command();
    command.build();
    let command = command.find_subcommand_mut(name).expect("it is a command");
    command.error(ErrorKind::WrongNumberOfValues, reason).exit()
}
