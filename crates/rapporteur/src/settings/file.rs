//! The configuration file: TOML, with a table for each command.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::load;

/// A longer file is no configuration, in bytes.
const LONGEST: u64 = 1 << 20;

/// A value, or several, and where they stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Given {
    pub(super) values: Vec<String>,
    pub(super) line: usize,
}

/// What a file gives.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    /// By the names of the command and the name of the option.
    values: BTreeMap<(Vec<String>, String), Given>,
    /// The tables themselves, with their lines.
    tables: BTreeMap<Vec<String>, usize>,
}

impl Table {
    /// What is given for an option of a command, or, where `path` is empty, of all.
    pub(super) fn get(&self, path: &[String], option: &str) -> Option<&Given> {
        self.values.get(&(path.to_vec(), option.to_owned()))
    }

    /// All names that are used: tables, options in them, and the lines of both.
    pub(super) fn names(&self) -> impl Iterator<Item = (&[String], Option<&str>, usize)> {
        let values = self.values.iter().map(|((path, option), given)| (&path[..], Some(option.as_str()), given.line));
        self.tables.iter().map(|(path, line)| (&path[..], None, *line)).chain(values)
    }
}

/// Reads a file; second comes what is wrong with it, one line each.
pub(super) fn read(path: &Path) -> (Table, Vec<String>) {
    let name = path.display();
    let text = match fs::metadata(path).and_then(|file| if file.len() > LONGEST { Ok(None) } else { read_text(path) }) {
        Ok(Some(text)) => text,
        Ok(None) => return (Table::default(), vec![format!("{name}: longer than a megabyte, so no configuration")]),
        Err(error) => return (Table::default(), vec![format!("{name}: {}", load::reason(&error))]),
    };
    match DeTable::parse(&text) {
        Ok(root) => {
            let mut reader = Reader { text: &text, table: Table::default(), problems: Vec::new() };
            reader.table(&[], root.get_ref());
            let problems = reader.problems.into_iter().map(|problem| format!("{name}: {problem}"));
            (reader.table, problems.collect())
        }
        Err(error) => {
            let line = error.span().map_or(1, |span| line(&text, span.start));
            let words = error.message().lines().next().unwrap_or("broken").to_owned();
            (Table::default(), vec![format!("{name}: line {line}: {words}")])
        }
    }
}

fn read_text(path: &Path) -> std::io::Result<Option<String>> {
    fs::read_to_string(path).map(Some)
}

struct Reader<'a> {
    text: &'a str,
    table: Table,
    problems: Vec<String>,
}

impl Reader<'_> {
    /// Tables in tables are commands in commands, and TOML's own limit bounds how deep they go.
    fn table(&mut self, path: &[String], table: &DeTable) {
        for (key, value) in table.iter() {
            let line = line(self.text, key.span().start);
            if let DeValue::Table(inner) = value.get_ref() {
                let path: Vec<String> = path.iter().cloned().chain([key.get_ref().to_string()]).collect();
                self.table.tables.insert(path.clone(), line);
                self.table(&path, inner);
                continue;
            }
            match values(value) {
                Ok(values) => {
                    let place = (path.to_vec(), key.get_ref().to_string());
                    self.table.values.insert(place, Given { values, line });
                }
                Err(what) => self.problems.push(format!("line {line}: {}: {what}", key.get_ref())),
            }
        }
    }
}

/// A value as it would be typed, or several.
fn values(value: &Spanned<DeValue>) -> Result<Vec<String>, &'static str> {
    match value.get_ref() {
        DeValue::Array(inner) => inner.iter().map(scalar).collect(),
        _ => scalar(value).map(|value| vec![value]),
    }
}

fn scalar(value: &Spanned<DeValue>) -> Result<String, &'static str> {
    match value.get_ref() {
        DeValue::String(text) => Ok(text.to_string()),
        DeValue::Integer(number) => Ok(number.to_string()),
        DeValue::Float(number) => Ok(number.to_string()),
        DeValue::Boolean(is_so) => Ok(is_so.to_string()),
        DeValue::Datetime(date) => Ok(date.to_string()),
        DeValue::Array(_) | DeValue::Table(_) => Err("a list of lists or tables, where texts or numbers are meant"),
    }
}

fn line(text: &str, at: usize) -> usize {
    text.as_bytes()[..at.min(text.len())].iter().filter(|&&byte| byte == b'\n').count() + 1
}
