//! `rapporteur entity`: what people decide of people, and ids from files.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;

use anyhow::{Context, bail};
use jiff::{Timestamp, Zoned};
use rapporteur::extract::compression::{Inflater, Limits};
use rapporteur::pretty::{Column, grid, visible};
use rapporteur_store::{Authority, Part, Store};
use serde::Serialize;

use crate::args::{Database, Entity, EntityCommand, LogFormat, Split, When};
use crate::find::say;
use crate::inputs::is_stdin;
use crate::{json, paper};

/// So many of one name are listed where a command wants one.
const MOST_LISTED: usize = 8;
/// A longer line of a file is passed over.
const LONGEST_LINE: u64 = 64 << 20;
/// Of so many bad lines each is named.
const MOST_NAMED: usize = 20;

/// Does what was asked.
pub(crate) fn run(args: &Entity) -> anyhow::Result<bool> {
    match &args.command {
        EntityCommand::Merge { one, other, database } => {
            let mut store = opened(database)?;
            let (one, other) = (id(&store, one)?, id(&store, other)?);
            let number = store.merge(&one, &other, &now())?;
            told(&store, number)
        }
        EntityCommand::Split(split) => {
            let mut store = opened(&split.database)?;
            let who = id(&store, &split.who)?;
            let part = part(&store, split)?;
            let number = store.split(&who, &part, &now())?;
            told(&store, number)
        }
        EntityCommand::Undo { number, database } => {
            let mut store = opened(database)?;
            let number = store.undo(*number, &now())?;
            told(&store, number)
        }
        EntityCommand::Log { format, database } => log(&Store::open(&database.path)?, *format),
        EntityCommand::Import { files, database } => {
            let mut store = opened(database)?;
            files.iter().try_fold(true, |well, file| Ok(import(&mut store, file)? && well))
        }
    }
}

/// The database to write, with all that is in it linked. It must be there: no command here makes one.
fn opened(database: &Database) -> anyhow::Result<Store> {
    drop(Store::open(&database.path)?);
    let holder = format!("`rapporteur entity` since {}", Zoned::now().strftime("%H:%M:%S"));
    let mut store = Store::open_to_write(&database.path, &holder)?;
    store.link()?;
    Ok(store)
}

fn now() -> String {
    Timestamp::now().strftime("%FT%TZ").to_string()
}

/// The id that is typed, or that of the only person of the name.
fn id(store: &Store, typed: &str) -> anyhow::Result<String> {
    if typed.starts_with("p:") {
        return Ok(typed.to_owned());
    }
    let people = store.people(typed)?;
    match people.as_slice() {
        [] => bail!("nobody is called {typed}"),
        [only] => Ok(only.id.clone()),
        several => {
            let listed = several.iter().take(MOST_LISTED).map(|person| {
                format!("\n  {}  {}, {}, {} articles", person.id, person.name, person.kind.word(), person.n_articles)
            });
            let more = several.len().saturating_sub(MOST_LISTED);
            let more =
                if more > 0 { format!("\n  and {more} more: `rapporteur who '{typed}'`") } else { String::new() };
            // Each on a line of its own, so not through the one line that errors have.
            let text = listed.map(|line| format!("\n{}", visible(&line[1..]))).collect::<String>() + &more;
            let _ = writeln!(io::stderr(), "Several have this name:{text}");
            bail!("{typed}: say which by its id")
        }
    }
}

fn part(store: &Store, split: &Split) -> anyhow::Result<Part> {
    let mut articles = Vec::new();
    for typed in &split.articles {
        match store.articles_by_id(typed, 2)?.as_slice() {
            [article] => articles.push(article.id.clone()),
            [] => bail!("{typed}: no article's id begins so"),
            _ => bail!("{typed}: several ids begin so: type more"),
        }
    }
    Ok(Part {
        articles,
        name: split.name.clone(),
        role: split.role.clone(),
        country: split.country.as_ref().map(|country| country.to_uppercase()),
        outlet: split.outlet.clone(),
        since: split.since,
        until: split.until,
    })
}

/// Prints the decision that was just made.
fn told(store: &Store, number: u64) -> anyhow::Result<bool> {
    let decisions = store.decisions()?;
    let words = decisions.iter().find(|decision| decision.number == number).map_or("", |decision| &decision.words);
    print(&format!("{number}: {words}\n`rapporteur entity undo {number}` takes it back\n"))
}

fn print(text: &str) -> anyhow::Result<bool> {
    let safe: String = text.lines().map(|line| format!("{}\n", visible(line))).collect();
    write(&safe)
}

fn write(text: &str) -> anyhow::Result<bool> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(true),
        written => written.map(|()| true).context("standard output"),
    }
}

/// A decision as programs get it.
#[derive(Serialize)]
struct DecisionObject<'a> {
    number: u64,
    at: &'a str,
    act: &'a str,
    words: &'a str,
    undoes: Option<u64>,
    undone: bool,
}

fn log(store: &Store, format: LogFormat) -> anyhow::Result<bool> {
    let decisions = store.decisions()?;
    if format == LogFormat::Jsonl {
        let mut text = String::new();
        for decision in &decisions {
            let (at, act, words) = (decision.at.as_str(), decision.act.as_str(), decision.words.as_str());
            let (number, undoes, undone) = (decision.number, decision.undoes, decision.undone);
            text += &json::line(&DecisionObject { number, at, act, words, undoes, undone })?;
            text.push('\n');
        }
        return write(&text);
    }
    if decisions.is_empty() {
        return print("Nothing was corrected yet\n");
    }
    let columns = [("N", true), ("When", false), ("Holds", false), ("What", false)]
        .map(|(heading, number)| Column { heading, number });
    let rows: Vec<Vec<String>> = decisions
        .iter()
        .map(|decision| {
            let holds = if decision.undone { "undone" } else { "yes" };
            vec![decision.number.to_string(), decision.at.clone(), holds.to_owned(), decision.words.clone()]
        })
        .collect();
    write(&grid(&columns, &rows, paper::on_stdout(When::Never)))
}

/// Imports one file; returns whether all its lines could be read.
fn import(store: &mut Store, file: &Path) -> anyhow::Result<bool> {
    let name = file.display().to_string();
    let input: Box<dyn Read> =
        if is_stdin(file) { Box::new(io::stdin()) } else { Box::new(File::open(file).context(name.clone())?) };
    let limits = Limits { output: u64::MAX, ..Limits::default() };
    let mut lines = BufReader::new(Inflater::new(BufReader::new(input), limits).context(name.clone())?);
    let (mut number, mut n_bad, mut broken) = (0u64, 0usize, None);
    let mut bad = |number: u64, reason: &str| {
        n_bad += 1;
        if n_bad <= MOST_NAMED {
            say(&format!("{name}: line {number}: {reason}"));
        }
    };
    let authorities = std::iter::from_fn(|| {
        loop {
            let mut line = Vec::new();
            match (&mut lines).take(LONGEST_LINE).read_until(b'\n', &mut line) {
                Ok(0) => return None,
                Ok(_) => number += 1,
                Err(error) => {
                    broken = Some(error);
                    return None;
                }
            }
            if line.len() as u64 == LONGEST_LINE {
                bad(number, "it is too long");
                if let Err(error) = lines.skip_until(b'\n') {
                    broken = Some(error);
                    return None;
                }
                continue;
            }
            match std::str::from_utf8(&line).map_err(|_| "not UTF-8".to_owned()).and_then(Authority::parse) {
                Ok(Some(authority)) => return Some(authority),
                Ok(None) => {}
                Err(reason) => bad(number, &reason),
            }
        }
    });
    let n_stored = store.put_authorities(authorities)?;
    if n_bad > MOST_NAMED {
        say(&format!("{name}: and {} more lines", n_bad - MOST_NAMED));
    }
    let counted = "SELECT count(*) FROM people WHERE authority IS NOT NULL";
    let n_people: i64 = store.connection().query_row(counted, [], |row| row.get(0))?;
    print(&format!("{name}: {n_stored} items, {n_bad} bad lines; {n_people} people have an id now\n"))?;
    match broken {
        Some(error) => Err(error).context(format!("{name}: after line {number}")),
        None => Ok(n_bad == 0),
    }
}
