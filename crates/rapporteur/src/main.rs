//! The command line.

mod args;
mod batch;
mod collect;
mod entity;
mod export;
mod extract;
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
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use rapporteur::pretty::visible;
use rapporteur::record::Moment;

use crate::args::{Cli, Command};
use crate::inputs::Input;

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Read(args) => {
            let inputs = paired("read", &args.inputs, &args.urls, &args.dates);
            read::run(&args, inputs)
        }
        Command::Extract(args) => {
            let inputs = paired("extract", &args.inputs, &args.urls, &args.dates);
            extract::run(&args, inputs)
        }
        Command::Collect(args) => {
            let named = collect::named(&args)
                .unwrap_or_else(|reason| usage("collect", ErrorKind::WrongNumberOfValues, &reason));
            collect::run(&args, named)
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

/// The inputs of a command; if they don't fit their options, says so and ends with status 2.
fn paired(command: &str, paths: &[PathBuf], urls: &[String], dates: &[Moment]) -> Vec<Input> {
    batch::paired(paths, urls, dates).unwrap_or_else(|reason| usage(command, ErrorKind::WrongNumberOfValues, &reason))
}

/// Says what is wrong with the command, and ends with status 2.
fn usage(command: &str, kind: ErrorKind, reason: &str) -> ! {
    let mut cli = Cli::command();
    cli.build();
    let command = cli.find_subcommand_mut(command).expect("it was just parsed");
    command.error(kind, visible(reason)).exit()
}
