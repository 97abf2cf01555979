//! The command line.

mod args;
mod inputs;
mod load;
mod panics;
mod paper;
mod pool;
mod print;
mod progress;
mod read;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};

use crate::args::{Cli, Command};

fn main() -> ExitCode {
    let Command::Read(args) = Cli::parse().command;
    let inputs = read::paired(&args).unwrap_or_else(|reason| usage(&reason));
    match read::run(&args, inputs) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(io::stderr(), "rapporteur: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Says what is wrong with the command, and ends with status 2.
fn usage(reason: &str) -> ! {
    let mut command = Cli::command();
    command.build();
    let read = command.find_subcommand_mut("read").expect("`read` is a command");
    read.error(ErrorKind::WrongNumberOfValues, reason).exit()
}
