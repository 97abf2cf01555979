//! The command line.

mod archives;
mod args;
mod batch;
mod collect;
mod config;
mod doctor;
mod entity;
mod export;
mod extract;
mod find;
mod generate;
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
mod settings;
mod show;
mod stats;
mod web;
mod who;
mod why;
mod why_text;

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches};
use rapporteur::pretty::visible;
use rapporteur::record::Moment;

use crate::args::{Cli, Command};
use crate::inputs::Input;
use crate::settings::Settings;

fn main() -> ExitCode {
    let definition = Cli::command();
    let arguments: Vec<OsString> = env::args_os().collect();
    let settings = settings::find(&definition, &arguments);
    let matches = settings::applied(definition, &settings).get_matches_from(arguments);
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    if !settings.problems.is_empty() && !cli.command.lives_with_problems() {
        settings.problems.iter().for_each(|problem| complain(problem));
        return ExitCode::from(WRONG_COMMAND);
    }
    match run(cli.command, &settings) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            complain(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// The status of a run whose command, or whose settings, were wrong.
const WRONG_COMMAND: u8 = 2;

/// Does what was asked for; returns whether all went well.
fn run(command: Command, settings: &Settings) -> anyhow::Result<bool> {
    match command {
        Command::Read(args) => {
            let inputs = paired("read", &args.inputs, &args.urls, &args.dates);
            read::run(&args, inputs)
        }
        Command::Extract(args) => {
            let paths = extract::paths(&args)?;
            let inputs = paired("extract", &paths, &args.urls, &args.dates);
            extract::run(&args, inputs)
        }
        Command::Why(args) => why::run(&args),
        Command::Collect(args) => {
            let named =
                collect::named(&args).unwrap_or_else(|reason| usage("collect", ErrorKind::InvalidValue, &reason));
            collect::run(&args, named)
        }
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
        Command::Config(args) => config::run(&args, settings, &Cli::command()),
        Command::Doctor(args) => doctor::run(&args, settings),
        Command::Completions(args) => generate::completions(&args, Cli::command()),
        Command::Man(args) => generate::man(&args, Cli::command()),
    }
}

fn complain(line: &str) {
    let _ = writeln!(io::stderr(), "rapporteur: {}", visible(line));
}

/// The inputs of a command; if they don't fit their options, says so and ends with status 2.
fn paired(command: &str, paths: &[PathBuf], urls: &[String], dates: &[Moment]) -> Vec<Input> {
    batch::paired(paths, urls, dates).unwrap_or_else(|reason| usage(command, ErrorKind::WrongNumberOfValues, &reason))
}

/// Says what is wrong with the command of that name, and ends with status 2.
fn usage(name: &str, kind: ErrorKind, reason: &str) -> ! {
    let mut command = Cli::command();
    command.build();
    let command = command.find_subcommand_mut(name).expect("it is a command");
    command.error(kind, visible(reason)).exit()
}
