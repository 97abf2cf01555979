//! `rapporteur stats`: how much there is of what.

use std::io::{self, Write};

use anyhow::Context;
use rapporteur::pretty::{Column, Paper, facts, grid};
use rapporteur_store::{Counted, NameFound, Store};
use serde::Serialize;

use crate::args::{Limit, Stats, StatsFormat};
use crate::{json, paper};

/// Counts and prints.
pub(crate) fn run(args: &Stats) -> anyhow::Result<bool> {
    let store = Store::open(&args.database.path)?;
    let limit = match args.limit {
        Limit::All => usize::MAX,
        Limit::Most(most) => most,
    };
    let counts = Counts::of(&store, limit)?;
    let printed = match args.format {
        StatsFormat::Json => json::indented(&counts)? + "\n",
        StatsFormat::Table => counts.table(limit, paper::on_stdout(args.color)),
    };
    let mut out = io::stdout().lock();
    match out.write_all(printed.as_bytes()).and_then(|()| out.flush()) {
        // `| head` has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(true),
        written => written.map(|()| true).context("standard output"),
    }
}

/// All that is counted, as programs get it.
#[derive(Serialize)]
struct Counts {
    database: String,
    articles: u64,
    /// Articles whose URL has another text besides.
    revised: u64,
    statements: u64,
    names: u64,
    first_day: Option<String>,
    last_day: Option<String>,
    /// Bytes of pages and texts before they were packed, and of the file.
    bytes_of_pages_and_texts: u64,
    bytes_of_file: u64,
    n_outlets: u64,
    outlets: Vec<Row>,
    months: Vec<Row>,
    acts: Vec<Act>,
    speakers: Vec<Speaker>,
    skipped: u64,
    skipped_by_reason: Vec<Skipped>,
}

#[derive(Serialize)]
struct Row {
    name: Option<String>,
    articles: u64,
    statements: u64,
}

#[derive(Serialize)]
struct Act {
    act: &'static str,
    statements: u64,
}

#[derive(Serialize)]
struct Speaker {
    name: String,
    statements: u64,
}

#[derive(Serialize)]
struct Skipped {
    source: String,
    reason: String,
    records: u64,
}

impl Counts {
    fn of(store: &Store, limit: usize) -> anyhow::Result<Self> {
        let stats = store.stats()?;
        let row = |counted: Counted| Row {
            name: counted.name,
            articles: counted.n_articles,
            statements: counted.n_statements,
        };
        let speaker = |name: NameFound| Speaker { name: name.name, statements: name.n_statements };
        let (first_day, last_day) = stats.days.unzip();
        Ok(Counts {
            database: store.path().display().to_string(),
            articles: stats.n_articles,
            revised: stats.n_revised,
            statements: stats.n_statements,
            names: stats.n_names,
            first_day,
            last_day,
            bytes_of_pages_and_texts: stats.snapshot_bytes,
            bytes_of_file: stats.file_bytes,
            n_outlets: stats.n_outlets,
            outlets: store.outlets(limit)?.into_iter().map(row).collect(),
            months: store.months()?.into_iter().map(row).collect(),
            acts: store.acts()?.into_iter().map(|(act, n)| Act { act: act.word(), statements: n }).collect(),
            speakers: store.speakers(limit)?.into_iter().map(speaker).collect(),
            skipped: stats.n_skipped,
            skipped_by_reason: store
                .skipped_by_reason()?
                .into_iter()
                .map(|(source, reason, records)| Skipped { source, reason, records })
                .collect(),
        })
    }

    fn table(&self, limit: usize, paper: Paper) -> String {
        let days = self.first_day.as_deref().zip(self.last_day.as_deref());
        let revised = match self.revised {
            0 => String::new(),
            n => format!(", {} of them texts of a URL that has several", counted(n)),
        };
        let sizes = format!(
            "{}; texts and pages are {} unpacked",
            megabytes(self.bytes_of_file),
            megabytes(self.bytes_of_pages_and_texts)
        );
        let head = [
            ("Database", format!("{}, {sizes}", self.database)),
            ("Articles", format!("{}{revised}", counted(self.articles))),
            ("Statements", counted(self.statements)),
            ("Names", counted(self.names)),
            ("Outlets", counted(self.n_outlets)),
            ("Published", days.map_or_else(String::new, |(first, last)| format!("{first} to {last}"))),
            ("Skipped", counted(self.skipped)),
        ];
        let last_months = self.months.len().saturating_sub(limit);
        let mut parts = vec![facts(&head, paper)];
        parts.push(Self::rows("Outlet", self.outlets.iter(), paper));
        parts.push(Self::rows("Month", self.months[last_months..].iter(), paper));
        let pairs = |heading, rows: Vec<(String, u64)>| {
            let columns = [name(heading), number("Statements")];
            let rows: Vec<Vec<String>> = rows.into_iter().map(|(name, n)| vec![name, counted(n)]).collect();
            if rows.is_empty() { String::new() } else { grid(&columns, &rows, paper) }
        };
        parts.push(pairs("Act", self.acts.iter().map(|act| (act.act.to_owned(), act.statements)).collect()));
        parts.push(pairs("Speaker", self.speakers.iter().map(|one| (one.name.clone(), one.statements)).collect()));
        if !self.skipped_by_reason.is_empty() {
            let columns = [name("Skipped because"), number("Records"), name("Source")];
            let row = |one: &Skipped| vec![one.reason.clone(), counted(one.records), one.source.clone()];
            let rows: Vec<Vec<String>> = self.skipped_by_reason.iter().take(limit).map(row).collect();
            parts.push(grid(&columns, &rows, paper));
        }
        parts.retain(|part| !part.is_empty());
        parts.join("\n")
    }

    fn rows<'a>(heading: &'static str, rows: impl Iterator<Item = &'a Row>, paper: Paper) -> String {
        let columns = [name(heading), number("Articles"), number("Statements")];
        let row = |row: &Row| {
            let name = row.name.clone().unwrap_or_else(|| "unknown".to_owned());
            vec![name, counted(row.articles), counted(row.statements)]
        };
        let rows: Vec<Vec<String>> = rows.map(row).collect();
        if rows.is_empty() { String::new() } else { grid(&columns, &rows, paper) }
    }
}

fn name(heading: &'static str) -> Column {
    Column { heading, number: false }
}

fn number(heading: &'static str) -> Column {
    Column { heading, number: true }
}

/// "17,548"
fn counted(n: u64) -> String {
    let digits = n.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(",")
}

fn megabytes(n_bytes: u64) -> String {
    format!("{:.1} MB", n_bytes as f64 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn digits_stand_in_threes() {
        assert_eq!([0, 999, 1000, 17_548, 1_000_000].map(counted), ["0", "999", "1,000", "17,548", "1,000,000"]);
    }
}
