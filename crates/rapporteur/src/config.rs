//! `rapporteur config`: the options, their values, and where these come from.

use std::io::{self, Write};

use anyhow::{Context, bail};
use clap::{Arg, Command};
use rapporteur::pretty::visible;
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use crate::args::{Config, ConfigFormat};
use crate::settings::{self, Origin, Setting, Settings};

/// Shows the values; returns whether all is well with them.
pub(crate) fn run(args: &Config, settings: &Settings, command: &Command) -> anyhow::Result<bool> {
    let only = args.only.as_deref();
    let is_wanted = |setting: &&Setting| only.is_none_or(|only| setting.command == only);
    let wanted: Vec<&Setting> = settings.all.iter().filter(is_wanted).collect();
    if let (Some(only), true) = (only, wanted.is_empty()) {
        bail!("there is no command `{only}` with options");
    }
    let shown = match (args.template, args.format) {
        (true, _) => template(&wanted, command),
        (false, ConfigFormat::Json) => json(&wanted, settings),
        (false, ConfigFormat::Table) => table(&wanted, settings),
    };
    match io::stdout().lock().write_all(shown.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        written => written.context("standard output")?,
    }
    for problem in &settings.problems {
        let _ = writeln!(io::stderr(), "{}", visible(problem));
    }
    for name in &settings.unknown_variables {
        let _ = writeln!(io::stderr(), "{}", visible(&format!("{name}: a variable for no option")));
    }
    Ok(settings.problems.is_empty())
}

/// "rapporteur.toml, line 3"
fn origin(setting: &Setting, settings: &Settings) -> String {
    match &setting.origin {
        Origin::Default if setting.values.is_empty() => String::new(),
        Origin::Default => "default".to_owned(),
        Origin::Environment(name) => name.clone(),
        Origin::File(line) => format!("{}, line {line}", file(settings)),
    }
}

fn file(settings: &Settings) -> String {
    settings.file.as_ref().map_or_else(String::new, |path| path.display().to_string())
}

fn value(setting: &Setting) -> String {
    match &setting.values[..] {
        [] => "-".to_owned(),
        values => values.join(" "),
    }
}

/// One row for each option with the same value from the same place, and the commands for which that holds.
fn table(wanted: &[&Setting], settings: &Settings) -> String {
    let mut rows: Vec<([String; 3], Vec<&str>)> = Vec::new();
    let mut sorted = wanted.to_vec();
    sorted.sort_by(|one, other| one.option.cmp(&other.option));
    for setting in sorted {
        let row = [setting.option.clone(), value(setting), origin(setting, settings)];
        let row = row.map(|cell| visible(&cell).into_owned());
        match rows.iter_mut().find(|(known, _)| *known == row) {
            Some((_, commands)) => commands.push(&setting.command),
            None => rows.push((row, vec![&setting.command])),
        }
    }
    let head = ["Option", "Value", "From"].map(str::to_owned);
    let width = |at: usize| {
        let cells = rows.iter().map(|(row, _)| row[at].width()).filter(|width| *width <= WIDEST);
        cells.max().unwrap_or(0).max(head[at].width())
    };
    let widths = [width(0), width(1), width(2)];
    let line = |row: &[String; 3], last: &str| {
        let cells = row.iter().zip(widths).map(|(cell, width)| {
            let padding = width.saturating_sub(cell.width());
            format!("{cell}{}  ", " ".repeat(padding))
        });
        format!("{}{last}", cells.collect::<String>()).trim_end().to_owned() + "\n"
    };
    let rows: String = rows.iter().map(|(row, commands)| line(row, &commands.join(", "))).collect();
    format!("{}\n\n{}{rows}", visible(&told_file(settings)), line(&head, "Commands"))
}

/// A longer cell is not lined up with, in columns.
const WIDEST: usize = 40;

fn told_file(settings: &Settings) -> String {
    if settings.file.is_some() {
        return format!("Configuration file: {}", file(settings));
    }
    let places: Vec<String> = settings.places.iter().map(|place| place.display().to_string()).collect();
    match places.is_empty() {
        true => "Configuration file: none is to be read".to_owned(),
        false => format!("Configuration file: none at {}", places.join(" or ")),
    }
}

fn json(wanted: &[&Setting], settings: &Settings) -> String {
    let object = |setting: &&Setting| {
        let value = match &setting.values[..] {
            [] => Value::Null,
            [value] => json!(value),
            values => json!(values),
        };
        let (from, line, variable) = match &setting.origin {
            Origin::Default => ("default", None, None),
            Origin::File(line) => ("file", Some(line), None),
            Origin::Environment(name) => ("environment", None, Some(name)),
        };
        let file = line.and(settings.file.as_ref()).map(|path| path.display().to_string());
        json!({
            "command": setting.command, "option": setting.option, "value": value, "from": from, "file": file,
            "line": line, "variable": variable,
        })
    };
    let all: Vec<Value> = wanted.iter().map(object).collect();
    format!("{:#}\n", Value::Array(all))
}

/// A file in which nothing is set yet: what several commands have with the same default first, then each command's own.
fn template(wanted: &[&Setting], command: &Command) -> String {
    let key = |setting: &Setting| (setting.option.clone(), setting.default().to_vec());
    let n_like = |one: &Setting| wanted.iter().filter(|other| key(other) == key(one)).count();
    let mut shared: Vec<(String, Vec<String>)> = Vec::new();
    let mut out = HEAD.to_owned();
    for setting in wanted.iter().filter(|setting| n_like(setting) > 1) {
        // Of an option with several defaults, only one can be for all.
        if !shared.iter().any(|(option, _)| *option == setting.option) {
            shared.push(key(setting));
            out.push_str(&template_line(setting, command));
        }
    }
    let mut last = "";
    for setting in wanted.iter().filter(|setting| !shared.contains(&key(setting))) {
        if setting.command != last {
            out.push_str(&format!("\n[{}]\n", setting.command.replace(' ', ".")));
            last = &setting.command;
        }
        out.push_str(&template_line(setting, command));
    }
    out
}

const HEAD: &str = "\
# The configuration of Rapporteur. `rapporteur config` shows what holds.

# For all commands
";

fn template_line(setting: &Setting, command: &Command) -> String {
    let help = arg(setting, command).and_then(Arg::get_help).map(ToString::to_string).unwrap_or_default();
    let value = match setting.default() {
        [] => "…".to_owned(),
        [value] if matches!(value.as_str(), "true" | "false") || value.parse::<f64>().is_ok() => value.clone(),
        values => values.iter().map(|value| format!("{value:?}")).collect::<Vec<_>>().join(", "),
    };
    format!("# {}\n#{} = {value}\n", help.lines().next().unwrap_or_default(), setting.option)
}

fn arg<'a>(setting: &Setting, command: &'a Command) -> Option<&'a Arg> {
    let mut command = command;
    for name in setting.command.split(' ') {
        command = command.find_subcommand(name)?;
    }
    settings::arg(command, &setting.option)
}
