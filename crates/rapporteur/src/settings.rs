//! Values of options that were not typed: from the environment, and from a configuration file.
//!
//! All comes from the one definition of the command line. Each option of each command can be given, for all commands
//! that have it or for one; what is found is put into the definition as its default, so that what is typed outweighs
//! it. The environment outweighs the file, and the narrower name the wider.

mod file;
mod place;

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::Resettable;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command};

use self::file::{Given, Table};

/// The option that names the file.
pub(crate) const CONFIG: &str = "config";
/// What all variables begin with.
const PREFIX: &str = "RAPPORTEUR_";
/// Variables that stand for no option.
const OTHERS: [&str; 2] = ["RAPPORTEUR_CONFIG", "RAPPORTEUR_MODELS"];

/// The value of one option of one command.
#[derive(Clone, Debug)]
pub(crate) struct Setting {
    /// The command's name, "entity merge".
    pub(crate) command: String,
    /// The option's, or the name of what stands without one.
    pub(crate) option: String,
    /// None where it is left to the command.
    pub(crate) values: Vec<String>,
    pub(crate) origin: Origin,
    /// Its value if nobody gives one.
    default: Vec<String>,
    /// clap's name of it.
    id: String,
}

impl Setting {
    /// Its value if nobody gives one.
    pub(crate) fn default(&self) -> &[String] {
        &self.default
    }
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The command itself.
    Default,
    /// The configuration file, at this line.
    File(usize),
    /// This variable.
    Environment(String),
}

/// All values, and what is wrong with them.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    /// The file that was read.
    pub(crate) file: Option<PathBuf>,
    /// Where a file was looked for.
    pub(crate) places: Vec<PathBuf>,
    pub(crate) all: Vec<Setting>,
    /// One line each.
    pub(crate) problems: Vec<String>,
    /// Variables that look as if they were meant for an option and are for none.
    pub(crate) unknown_variables: Vec<String>,
}

/// The options of one command that can be set.
struct Known {
    /// The names on the way to it.
    path: Vec<String>,
    command: Command,
}

/// Finds all values for `command`, which is about to be called with `arguments`.
pub(crate) fn find(command: &Command, arguments: &[OsString]) -> Settings {
    let mut settings = Settings::default();
    let commands = commands(command);
    let table = match place::found(arguments, &mut settings.places) {
        Ok(None) => Table::default(),
        Ok(Some(path)) => {
            let (table, problems) = file::read(&path);
            settings.problems.extend(problems);
            settings.file = Some(path);
            table
        }
        Err(problem) => {
            settings.problems.push(problem);
            Table::default()
        }
    };
    let variables: Vec<(String, String)> = env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, value)| name.starts_with(PREFIX) && !value.is_empty())
        .collect();
    let file_name = settings.file.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
    let mut sources = Sources { table: &table, variables: &variables, commands: &commands, file_name: &file_name };
    settings.problems.extend(sources.unknown());
    settings.unknown_variables = sources.unknown_variables();
    for known in &commands {
        for arg in known.command.get_arguments().filter(|arg| is_settable(arg)) {
            settings.all.push(sources.setting(known, arg, &mut settings.problems));
        }
    }
    settings
}

/// What is wrong at one place is told once, however many commands it holds for.
fn note(problems: &mut Vec<String>, place: &str, reason: &str) {
    if !problems.iter().any(|problem| problem.starts_with(place)) {
        problems.push(format!("{place}{reason}"));
    }
}

/// The definition with these values as its defaults.
pub(crate) fn applied(mut command: Command, settings: &Settings) -> Command {
    for setting in settings.all.iter().filter(|setting| setting.origin != Origin::Default) {
        let path: Vec<&str> = setting.command.split(' ').collect();
        command = with(command, &path, setting);
    }
    command
}

fn with(command: Command, path: &[&str], setting: &Setting) -> Command {
    match path.split_first() {
        Some((name, rest)) => command.mut_subcommand(name, |inner| with(inner, rest, setting)),
        None => command
            .mut_arg(&setting.id, |arg| arg.env(Resettable::Reset).default_values(setting.values.iter().cloned())),
    }
}

/// The commands that do something, without those that only hold others.
fn commands(root: &Command) -> Vec<Known> {
    let mut open: Vec<Known> = vec![Known { path: Vec::new(), command: root.clone() }];
    let mut found = Vec::new();
    while let Some(Known { path, command }) = open.pop() {
        let inner = command.get_subcommands().map(|inner| Known {
            path: path.iter().cloned().chain([inner.get_name().to_owned()]).collect(),
            command: inner.clone(),
        });
        open.extend(inner);
        if !command.has_subcommands() {
            found.push(Known { path, command });
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found
}

/// Options with a long name, and lists that may be left out on the command line.
fn is_settable(arg: &Arg) -> bool {
    let is_value = matches!(arg.get_action(), ArgAction::Set | ArgAction::Append | ArgAction::SetTrue);
    let is_named = arg.get_long().is_some() || !arg.is_required_set() && takes_many(arg);
    is_value && is_named && !arg.is_global_set() && !arg.is_hide_set()
}

/// The option of that name.
pub(crate) fn arg<'a>(command: &'a Command, option: &str) -> Option<&'a Arg> {
    command.get_arguments().find(|arg| is_settable(arg) && name(arg) == option)
}

/// The name of an option in files: as it is typed.
fn name(arg: &Arg) -> &str {
    arg.get_long().unwrap_or(arg.get_id().as_str())
}

/// Its name in the environment.
fn variable(path: &[String], option: &str) -> String {
    let words: Vec<&str> = path.iter().map(String::as_str).chain([option]).collect();
    format!("{PREFIX}{}", words.join("_").replace(['-', ' '], "_").to_uppercase())
}

/// Where values come from.
struct Sources<'a> {
    table: &'a Table,
    variables: &'a [(String, String)],
    commands: &'a [Known],
    file_name: &'a str,
}

impl Sources<'_> {
    /// The value that weighs most. What holds for all commands is passed over where it does not suit, if it suits another.
    fn setting(&mut self, known: &Known, arg: &Arg, problems: &mut Vec<String>) -> Setting {
        let option = name(arg);
        let setting = |values: Vec<String>, origin| Setting {
            command: known.path.join(" "),
            option: option.to_owned(),
            values,
            origin,
            default: defaults(arg),
            id: arg.get_id().to_string(),
        };
        for (path, is_own) in [(&known.path[..], true), (&[][..], false)] {
            let name = variable(path, option);
            let Some((_, value)) = self.variables.iter().find(|(variable, _)| *variable == name) else { continue };
            let values = split(arg, value);
            match self.checked(known, arg, &values, is_own) {
                Ok(true) => return setting(values, Origin::Environment(name)),
                Ok(false) => {}
                Err(reason) => note(problems, &format!("{name}: "), &reason),
            }
        }
        for (path, is_own) in [(&known.path[..], true), (&[][..], false)] {
            let Some(Given { values, line }) = self.table.get(path, option) else { continue };
            let values = values.clone();
            match self.checked(known, arg, &values, is_own) {
                Ok(true) => return setting(values, Origin::File(*line)),
                Ok(false) => {}
                Err(reason) => note(problems, &format!("{}: line {line}: {option}: ", self.file_name), &reason),
            }
        }
        setting(defaults(arg), Origin::Default)
    }

    /// Whether the values suit; what is given for all commands may suit only others.
    fn checked(&self, known: &Known, arg: &Arg, values: &[String], is_own: bool) -> Result<bool, String> {
        let Err(reason) = check(&known.command, arg, values) else { return Ok(true) };
        let suits_another = self.commands.iter().any(|other| {
            self::arg(&other.command, name(arg)).is_some_and(|arg| check(&other.command, arg, values).is_ok())
        });
        if !is_own && suits_another { Ok(false) } else { Err(reason) }
    }

    /// Names in the file that are none.
    fn unknown(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut names: Vec<_> = self.table.names().collect();
        names.sort_by_key(|(.., line)| *line);
        for (path, option, line) in names {
            let at = format!("{}: line {line}", self.file_name);
            let below: Vec<&Known> = self.commands.iter().filter(|known| known.path.starts_with(path)).collect();
            if below.is_empty() {
                if option.is_some() {
                    continue;
                }
                let names = self.commands.iter().map(|known| known.path.join("."));
                problems.push(format!(
                    "{at}: there is no command `{}`{}",
                    path.join(" "),
                    hint(&path.join("."), names)
                ));
                continue;
            }
            let Some(option) = option else { continue };
            let has = |known: &&&Known| path.is_empty() || known.path == path;
            let options = below.iter().filter(has).flat_map(|known| known.command.get_arguments());
            let names: Vec<String> = options.filter(|arg| is_settable(arg)).map(|arg| name(arg).to_owned()).collect();
            if !names.iter().any(|name| name == option) {
                let of = if path.is_empty() { String::new() } else { format!(" of `{}`", path.join(" ")) };
                problems.push(format!("{at}: there is no option `{option}`{of}{}", hint(option, names)));
            }
        }
        problems
    }

    fn unknown_variables(&self) -> Vec<String> {
        let is_known = |name: &str| {
            OTHERS.contains(&name)
                || self.commands.iter().any(|known| {
                    known.command.get_arguments().filter(|arg| is_settable(arg)).any(|arg| {
                        name == variable(&known.path, self::name(arg)) || name == variable(&[], self::name(arg))
                    })
                })
        };
        self.variables.iter().map(|(name, _)| name.clone()).filter(|name| !is_known(name)).collect()
    }
}

/// What an option is without being given.
fn defaults(arg: &Arg) -> Vec<String> {
    match arg.get_action() {
        ArgAction::SetTrue => vec!["false".to_owned()],
        _ => arg.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect(),
    }
}

/// What a variable holds, if several values can be told apart in it.
fn split(arg: &Arg, value: &str) -> Vec<String> {
    match arg.get_action() {
        ArgAction::SetTrue if matches!(value, "1" | "yes" | "on") => vec!["true".to_owned()],
        ArgAction::SetTrue if matches!(value, "0" | "no" | "off") => vec!["false".to_owned()],
        _ if takes_many(arg) => value.split_whitespace().map(str::to_owned).collect(),
        _ => vec![value.to_owned()],
    }
}

fn takes_many(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::Append) || arg.get_num_args().is_some_and(|range| range.max_values() > 1)
}

/// Whether the command takes these values for its option, which clap is asked.
fn check(command: &Command, arg: &Arg, values: &[String]) -> Result<(), String> {
    if matches!(arg.get_action(), ArgAction::SetTrue) {
        let is_switch = matches!(values, [value] if value == "true" || value == "false");
        return if is_switch { Ok(()) } else { Err(format!("{} is neither true nor false", quoted(values))) };
    }
    if values.len() > 1 && !takes_many(arg) {
        return Err(format!("{} values where one is meant", values.len()));
    }
    let typed = values.iter().map(|value| match arg.get_long() {
        Some(long) => format!("--{long}={value}"),
        None => value.clone(),
    });
    let before = if arg.get_long().is_some() { vec![String::new()] } else { vec![String::new(), "--".to_owned()] };
    let Err(error) = command.clone().try_get_matches_from(before.into_iter().chain(typed)) else { return Ok(()) };
    let choice = match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(valid)) if !valid.is_empty() => Some(format!("one of {}", valid.join(", "))),
        _ => None,
    };
    match error.kind() {
        ErrorKind::InvalidValue | ErrorKind::ValueValidation | ErrorKind::InvalidUtf8 => {
            let why =
                std::error::Error::source(&error).map(ToString::to_string).or(choice.map(|one| format!("not {one}")));
            Err(format!("{}: {}", quoted(values), why.unwrap_or_else(|| "not a value of this option".to_owned())))
        }
        // What else is missing on this command line, the real one may have.
        _ => Ok(()),
    }
}

fn quoted(values: &[String]) -> String {
    values.iter().map(|value| format!("{value:?}")).collect::<Vec<_>>().join(", ")
}

/// What may have been meant, or all that there is.
fn hint(typed: &str, names: impl IntoIterator<Item = String>) -> String {
    let mut names: Vec<String> = names.into_iter().collect();
    names.sort();
    names.dedup();
    let near = names.iter().map(|name| (distance(typed, name), name)).min();
    match near {
        Some((distance, name)) if distance <= 2 => format!("; did you mean `{name}`?"),
        _ => format!("; there are: {}", names.join(", ")),
    }
}

/// How many letters have to be changed, added or left out (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.chars().take(64).enumerate() {
        let mut before = row[0];
        row[0] = at + 1;
        for n in 0..other.len() {
            let change = before + usize::from(other[n] != letter);
            before = row[n + 1];
            row[n + 1] = change.min(row[n] + 1).min(before + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_is_found() {
        assert_eq!(distance("modle", "model"), 2);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(hint("every", ["ever".to_owned(), "model".to_owned()]), "; did you mean `ever`?");
        assert_eq!(hint("colour-of-hair", ["b".to_owned(), "a".to_owned()]), "; there are: a, b");
    }

    #[test]
    fn commands_in_commands_have_options_of_their_own() {
        let db = || Arg::new("path").long("db-file").default_value("a.db");
        let merge = Command::new("merge").arg(db()).arg(Arg::new("one").required(true));
        let root = Command::new("x")
            .subcommand(Command::new("entity").subcommand(merge))
            .subcommand(Command::new("check").arg(db()));
        let found = commands(&root);
        assert_eq!(found.iter().map(|known| known.path.join(" ")).collect::<Vec<_>>(), ["check", "entity merge"]);
        assert_eq!(variable(&found[1].path, "db-file"), "RAPPORTEUR_ENTITY_MERGE_DB_FILE");
        let setting = Setting {
            command: "entity merge".to_owned(),
            option: "db-file".to_owned(),
            values: vec!["b.db".to_owned()],
            origin: Origin::File(1),
            default: Vec::new(),
            id: "path".to_owned(),
        };
        let root = applied(root, &Settings { all: vec![setting], ..Settings::default() });
        let value = |typed: &[&str]| {
            let matches = root.clone().try_get_matches_from(typed).unwrap();
            let mut inner = &matches;
            while let Some((_, next)) = inner.subcommand() {
                inner = next;
            }
            inner.get_one::<String>("path").unwrap().clone()
        };
        assert_eq!(value(&["x", "entity", "merge", "one"]), "b.db");
        assert_eq!(value(&["x", "entity", "merge", "one", "--db-file", "c.db"]), "c.db");
        assert_eq!(value(&["x", "check"]), "a.db");
    }
}
