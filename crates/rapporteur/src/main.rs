//! The command line.

mod args;
mod entity;
mod export;
mod find;
mod import;
mod inputs;
mod interrupt;
mod json;
mod keep;
mod load;
mod models;
mod panics;
mod paper;
mod pool;
mod print;
mod progress;
mod read;
mod show;
mod stats;
mod web;
mod who;
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
            let inputs =
                read::paired(&args).unwrap_or_else(|reason| usage("read", ErrorKind::WrongNumberOfValues, &reason));
            read::run(&args, inputs)
        }
        Command::Why(args) => why::run(&args),
        Command::Import(args) => {
            import::check(&args).unwrap_or_else(|reason| usage("import", ErrorKind::WrongNumberOfValues, &reason));
            import::run(&args)
        }
        Command::Find(args) => {
            let query = find::query(&args).unwrap_or_else(|reason| usage("find", ErrorKind::InvalidValue, &reason));
            find::run(&args, &query)
        }
        Command::Show(args) => show::run(&args),
        Command::Who(args) => who::run(&args),
        Command::Entity(args) => entity::run(&args),
        Command::Stats(args) => stats::run(&args),
        Command::Export(args) => {
            let options =
                export::options(&args).unwrap_or_else(|reason| usage("export", ErrorKind::InvalidValue, &reason));
            export::run(&args, &options)
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
fn usage(name: &str, kind: ErrorKind, reason: &str) -> ! {
    let mut command = Cli::command();
    command.build();
    let command = command.find_subcommand_mut(name).expect("it is a command");
    command.error(kind, visible(reason)).exit()
}
