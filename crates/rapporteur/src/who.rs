//! `rapporteur who`: who has a name, and what each is on record with.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, bail};
use jiff::Zoned;
use rapporteur::pretty::{Column, Paper, facts, grid, visible};
use rapporteur_store::{PersonFound, Problem, Query, RoleFound, StatementFound, Store};
use serde::Serialize;

use crate::args::{FindFormat, Limit, Who};
use crate::find::csv::Csv;
use crate::find::json::{StatementObject, statement};
use crate::find::parquet::Parquet;
use crate::find::sink::Sink;
use crate::find::table::Table;
use crate::find::{BUFFER, FIRST_PAGE, ms, say};
use crate::{json, paper};

/// One of several is meant if that one says so many times as much as the next.
const LEADS: u64 = 10;
/// So many names, offices and outlets of a person are listed.
const MOST_FACTS: usize = 6;

/// Looks for who was named, and prints what they said.
pub(crate) fn run(args: &Who) -> anyhow::Result<bool> {
    let begun = Instant::now();
    let store = linked(&args.database.path, "who")?;
    let opened = begun.elapsed();
    let people = people(&store, args)?;
    if people.is_empty() {
        say("nobody has this name; a `*` at the end lets it go on, and `rapporteur find` looks in what was said");
    }
    let on_terminal = io::stdout().is_terminal();
    let limit = match args.limit {
        Some(Limit::Most(most)) => Some(most),
        Some(Limit::All) => None,
        None => (on_terminal && args.format == FindFormat::Table).then_some(FIRST_PAGE),
    };
    let out = BufWriter::with_capacity(BUFFER, io::stdout().lock());
    let mut printing = Printing { store: &store, args, limit, n: 0 };
    let written = match args.format {
        FindFormat::Table => printing.table(out, &people),
        FindFormat::Json => printing.json(out, &people),
        FindFormat::Jsonl => printing.jsonl(out, &people),
        FindFormat::Csv => printing.csv(Csv::new(out, args.offsets.into(), args.spreadsheet, on_terminal), &people),
        FindFormat::Parquet if on_terminal => bail!("Parquet is no text: send it to a file, with `> said.parquet`"),
        FindFormat::Parquet => {
            let sink = Parquet::new(io::stdout(), false, args.offsets.into()).context("--format parquet")?;
            printing.parquet(sink, &people)
        }
    };
    match written {
        Err(error) if is_broken_pipe(&error) => return Ok(true),
        written => written?,
    }
    if args.timing {
        let (n_people, n) = (people.len(), printing.n);
        let all = ms(begun.elapsed());
        say(&format!("opened in {}, {n_people} of the name and {n} statements in {all}", ms(opened)));
    }
    Ok(true)
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// The database, with all that is in it linked if it can be written; `command` is who asks.
pub(crate) fn linked(path: &Path, command: &str) -> anyhow::Result<Store> {
    let store = Store::open(path)?;
    let n_waiting = store.n_waiting()?;
    if n_waiting == 0 {
        return Ok(store);
    }
    let holder = format!("`rapporteur {command}` since {}", Zoned::now().strftime("%H:%M:%S"));
    match Store::open_to_write(path, &holder).and_then(|mut writer| writer.link()) {
        Ok(_) => Ok(Store::open(path)?),
        Err(error) if matches!(error.problem, Problem::InUse(_) | Problem::Denied(_) | Problem::Full) => {
            say(&format!("{n_waiting} articles are not looked through for people yet: {}", error.problem));
            Ok(store)
        }
        Err(error) => Err(error.into()),
    }
}

/// Who has the name, or the id.
fn people(store: &Store, args: &Who) -> anyhow::Result<Vec<PersonFound>> {
    let name = args.name.join(" ");
    let mut people = match args.id.as_deref().or(Some(name.as_str()).filter(|name| name.starts_with("p:"))) {
        Some(id) => vec![store.person(id)?],
        None => store.people(&name)?,
    };
    people.retain(|person| args.kind.is_none_or(|kind| person.kind == kind.into()));
    Ok(people)
}

/// Which of several is meant, if that is clear: who says most by far, and is not named least.
fn meant(people: &[PersonFound]) -> Option<&PersonFound> {
    match people {
        [] => None,
        [only] => Some(only),
        [first, rest @ ..] => {
            let most = |count: fn(&PersonFound) -> u64| rest.iter().map(count).max().unwrap_or(0);
            let leads = first.n_statements >= LEADS * most(|person| person.n_statements).max(1);
            (leads && first.n_articles > most(|person| person.n_articles)).then_some(first)
        }
    }
}

struct Printing<'a> {
    store: &'a Store,
    args: &'a Who,
    limit: Option<usize>,
    n: usize,
}

/// A person as programs get it.
#[derive(Serialize)]
struct PersonObject<'a> {
    id: &'a str,
    kind: &'static str,
    name: &'a str,
    country: Option<&'a str>,
    authority: Option<&'a str>,
    n_articles: u64,
    n_statements: u64,
    first: Option<&'a str>,
    last: Option<&'a str>,
    names: Vec<NameObject>,
    roles: Vec<RoleObject>,
    statements: Vec<StatementObject<'a>>,
}

#[derive(Serialize)]
struct NameObject {
    name: String,
    n_articles: u64,
}

#[derive(Serialize)]
struct RoleObject {
    role: String,
    n_articles: u64,
    first: Option<String>,
    last: Option<String>,
}

/// A statement, and whose it is.
#[derive(Serialize)]
struct SaidObject<'a> {
    person: &'a str,
    person_name: &'a str,
    #[serde(flatten)]
    statement: StatementObject<'a>,
}

impl Printing<'_> {
    /// Hands a person's statements to `see`, as many as are wanted.
    fn each(
        &mut self,
        person: &PersonFound,
        mut see: impl FnMut(StatementFound) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let (mut left, mut seen) = (self.limit.unwrap_or(usize::MAX), Ok(()));
        self.store.statements_by(person, |statement| {
            self.n += 1;
            left -= 1;
            seen = see(statement);
            if seen.is_ok() && left > 0 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        seen
    }

    fn table(&mut self, mut out: impl Write, people: &[PersonFound]) -> anyhow::Result<()> {
        let paper = paper::on_stdout(self.args.color);
        if people.len() > 1 {
            let shown = self.limit.map_or(people, |limit| &people[..people.len().min(limit)]);
            out.write_all(self.listed(shown, paper)?.as_bytes())?;
            if shown.len() < people.len() {
                out.flush()?;
                say(&format!("{} of {} with this name: --limit all shows all", shown.len(), people.len()));
            }
        }
        let Some(person) = meant(people) else {
            out.flush()?;
            if let Some(first) = people.first() {
                say(&format!("Who is meant? `rapporteur who {}` shows what the first one said", first.id));
            }
            return Ok(());
        };
        if people.len() > 1 {
            out.write_all(b"\n")?;
        }
        out.write_all(facts(&self.known(person)?, paper).as_bytes())?;
        if person.n_statements > 0 {
            out.write_all(b"\n")?;
            let query = Query::default();
            let mut table = Table::new(&mut out, &query, self.store, paper);
            self.each(person, |statement| Ok(table.statement(&statement)?))?;
            table.finish()?;
        }
        out.flush()?;
        let n_shown = self.n as u64;
        if n_shown < person.n_statements && self.limit == Some(FIRST_PAGE) && self.args.limit.is_none() {
            say(&format!(
                "{n_shown} of {}: --limit 100 or --limit all shows more, and a pipe gets all",
                person.n_statements
            ));
        }
        Ok(())
    }

    /// A row for each.
    fn listed(&self, people: &[PersonFound], paper: Paper) -> anyhow::Result<String> {
        let columns = [
            ("Id", false),
            ("Name", false),
            ("Kind", false),
            ("Role", false),
            ("State", false),
            ("Named", false),
            ("Articles", true),
            ("Statements", true),
        ];
        let columns = columns.map(|(heading, number)| Column { heading, number });
        let mut rows = Vec::new();
        for person in people {
            let role = self.store.roles_of(person)?.into_iter().next().map(|role| role.role);
            rows.push(vec![
                person.id.clone(),
                person.name.clone(),
                person.kind.word().to_owned(),
                role.unwrap_or_default(),
                person.country.clone().unwrap_or_default(),
                span(person.first.as_deref(), person.last.as_deref()),
                person.n_articles.to_string(),
                person.n_statements.to_string(),
            ]);
        }
        Ok(grid(&columns, &rows, paper))
    }

    /// What is known of a person.
    fn known(&self, person: &PersonFound) -> anyhow::Result<Vec<(&'static str, String)>> {
        let told = |role: &RoleFound| {
            let days = span(role.first.as_deref(), role.last.as_deref());
            format!("{} ({days}{}{})", role.role, if days.is_empty() { "" } else { ", " }, times(role.n_articles))
        };
        let names = self.store.names_of(person)?;
        let others: Vec<String> =
            names.into_iter().map(|(name, _)| name).filter(|name| *name != person.name).take(MOST_FACTS).collect();
        let roles: Vec<String> = self.store.roles_of(person)?.iter().take(MOST_FACTS).map(told).collect();
        let outlets = self.store.outlets_of(person)?;
        let n_more = outlets.len().saturating_sub(MOST_FACTS);
        let mut listed: Vec<String> =
            outlets.iter().take(MOST_FACTS).map(|(outlet, n)| format!("{outlet} {n}")).collect();
        if n_more > 0 {
            listed.push(format!("{n_more} more"));
        }
        let kind = [Some(person.kind.word().to_owned()), person.country.clone(), person.authority.clone()];
        let record = format!(
            "{} in {}, {}",
            counted(person.n_statements, "statement"),
            counted(person.n_articles, "article"),
            span(person.first.as_deref(), person.last.as_deref())
        );
        let mut known = vec![
            ("Name", person.name.clone()),
            ("What", kind.into_iter().flatten().collect::<Vec<_>>().join(", ")),
            ("Id", person.id.clone()),
            ("Also", others.join(" · ")),
        ];
        known.extend(roles.into_iter().enumerate().map(|(at, role)| (if at == 0 { "Roles" } else { "" }, role)));
        known.push(("Record", record.trim_end_matches(", ").to_owned()));
        known.push(("Outlets", listed.join(" · ")));
        Ok(known)
    }

    fn json(&mut self, mut out: impl Write, people: &[PersonFound]) -> anyhow::Result<()> {
        out.write_all(b"[")?;
        for (at, person) in people.iter().enumerate() {
            out.write_all(if at == 0 { b"\n  " } else { b",\n  " })?;
            let mut said = Vec::new();
            self.each(person, |statement| {
                said.push(statement);
                Ok(())
            })?;
            let offsets = self.args.offsets.into();
            let statements = said.iter().map(|found| statement(found, offsets)).collect();
            out.write_all(json::line(&self.object(person, statements)?)?.as_bytes())?;
        }
        out.write_all(if people.is_empty() { b"]\n" } else { b"\n]\n" })?;
        Ok(out.flush()?)
    }

    fn object<'p>(
        &self,
        person: &'p PersonFound,
        statements: Vec<StatementObject<'p>>,
    ) -> anyhow::Result<PersonObject<'p>> {
        let names = self.store.names_of(person)?;
        let roles = self.store.roles_of(person)?;
        Ok(PersonObject {
            id: &person.id,
            kind: person.kind.word(),
            name: &person.name,
            country: person.country.as_deref(),
            authority: person.authority.as_deref(),
            n_articles: person.n_articles,
            n_statements: person.n_statements,
            first: person.first.as_deref(),
            last: person.last.as_deref(),
            names: names.into_iter().map(|(name, n_articles)| NameObject { name, n_articles }).collect(),
            roles: roles
                .into_iter()
                .map(|RoleFound { role, n_articles, first, last }| RoleObject { role, n_articles, first, last })
                .collect(),
            statements,
        })
    }

    fn jsonl(&mut self, mut out: impl Write, people: &[PersonFound]) -> anyhow::Result<()> {
        let offsets = self.args.offsets.into();
        for person in people {
            self.each(person, |found| {
                let statement = statement(&found, offsets);
                let said = SaidObject { person: &person.id, person_name: &person.name, statement };
                out.write_all(json::line(&said)?.as_bytes())?;
                Ok(out.write_all(b"\n")?)
            })?;
        }
        Ok(out.flush()?)
    }

    fn csv(&mut self, mut csv: Csv<impl Write>, people: &[PersonFound]) -> anyhow::Result<()> {
        for person in people {
            csv.put_before(vec![("person", person.id.clone()), ("person_name", person.name.clone())]);
            self.each(person, |found| Ok(csv.statement(&found)?))?;
        }
        csv.finish().context("standard output")
    }

    /// As `find` has it: the people of one name, one after another.
    fn parquet(&mut self, mut sink: Parquet, people: &[PersonFound]) -> anyhow::Result<()> {
        for person in people {
            self.each(person, |found| Ok(sink.statement(&found)?))?;
        }
        sink.finish().context("standard output")
    }
}

/// "2014-03-01 – 2022-05-02", or the one day.
fn span(first: Option<&str>, last: Option<&str>) -> String {
    match (first, last) {
        (Some(first), Some(last)) if first != last => format!("{first} – {last}"),
        (Some(day), _) | (_, Some(day)) => day.to_owned(),
        _ => String::new(),
    }
}

fn times(n: u64) -> String {
    visible(&counted(n, "article")).into_owned()
}

fn counted(n: u64, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}
