//! What a run tells: how far it is, what was bad, and at the end what became of everything.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};
use rapporteur::pretty::visible;
use rapporteur_store::{Put, Stored};
use serde_json::json;

use super::Bad;
use super::sources::{Place, Source};

/// What became of the records so far.
#[derive(Debug, Default)]
pub(super) struct Counts {
    /// New articles, revisions among them.
    pub(super) added: u64,
    /// Those of them whose address was known with another text.
    pub(super) revised: u64,
    /// Articles that were there already.
    pub(super) known: u64,
    pub(super) statements: u64,
    /// Files that had been read to their end before.
    pub(super) unchanged: u64,
    /// Records that can't be read, by the reason.
    pub(super) bad: BTreeMap<&'static str, u64>,
    /// What in archives is no page, by the reason.
    pub(super) not_pages: BTreeMap<&'static str, u64>,
}

impl Counts {
    pub(super) fn add(&mut self, put: &Put) {
        for stored in &put.stored {
            match stored {
                Stored::Added => self.added += 1,
                Stored::Revised => (self.added, self.revised) = (self.added + 1, self.revised + 1),
                Stored::Known => self.known += 1,
            }
        }
        self.statements += put.n_statements as u64;
    }

    pub(super) fn n_bad(&self) -> u64 {
        self.bad.values().sum()
    }

    fn n_done(&self) -> u64 {
        self.added + self.known + self.n_bad()
    }
}

/// Tells on standard error how a run goes.
pub(super) struct Report {
    pub(super) counts: Counts,
    bar: Option<ProgressBar>,
    begun: Instant,
    told: Instant,
    /// Bytes of all inputs, if that is known.
    n_bytes: Option<u64>,
}

/// Where no bar can be shown, a line is printed so often.
const PAUSE: Duration = Duration::from_secs(30);

impl Report {
    pub(super) fn new(n_bytes: Option<u64>) -> Self {
        let bar = io::stderr().is_terminal().then(|| bar(n_bytes));
        Report { counts: Counts::default(), bar, begun: Instant::now(), told: Instant::now(), n_bytes }
    }

    /// Everything up to here is stored.
    pub(super) fn stored(&mut self, n_bytes_read: u64) {
        let (n_done, seconds) = (self.counts.n_done(), self.begun.elapsed().as_secs_f64());
        let rate = format!("{}/s", HumanCount((n_done as f64 / seconds.max(0.1)).round() as u64));
        if let Some(bar) = &self.bar {
            bar.set_message(format!("{} stored, {rate}", HumanCount(n_done)));
        } else if self.told.elapsed() >= PAUSE {
            self.told = Instant::now();
            let share = self.n_bytes.filter(|&all| all > 0).map(|all| n_bytes_read.min(all) * 100 / all);
            let share = share.map(|share| format!(", {share} %")).unwrap_or_default();
            self.say(&format!("{} records stored{share}, {rate}", HumanCount(n_done)));
        }
    }

    /// Something else takes its time.
    pub(super) fn busy(&self, what: &'static str) {
        self.bar.iter().for_each(|bar| bar.set_message(what));
    }

    pub(super) fn at(&self, n_bytes_read: u64) {
        self.bar.iter().for_each(|bar| bar.set_position(n_bytes_read));
    }

    pub(super) fn bad(&mut self, source: &Source, place: Place, bad: &Bad) {
        *self.counts.bad.entry(bad.kind).or_default() += 1;
        self.say(&format!("{}{place}: {bad}", source.path.display()));
    }

    pub(super) fn not_pages(&mut self, reasons: &BTreeMap<&'static str, u64>) {
        for (reason, n) in reasons {
            *self.counts.not_pages.entry(reason).or_default() += n;
        }
    }

    /// Prints one line. Nobody may be listening any more, which is no reason to stop.
    pub(super) fn say(&self, line: &str) {
        let print = || drop(writeln!(io::stderr(), "{}", visible(line)));
        match &self.bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    pub(super) fn end(&mut self) {
        self.bar.take().iter().for_each(ProgressBar::finish_and_clear);
    }

    /// The summary, for people.
    pub(super) fn table(&self) -> String {
        let counts = &self.counts;
        let mut rows = vec![("added".to_owned(), counts.added, 0)];
        if counts.revised > 0 {
            rows.push(("other texts of known addresses".to_owned(), counts.revised, 1));
        }
        rows.push(("known before".to_owned(), counts.known, 0));
        rows.push(("could not be read".to_owned(), counts.n_bad(), 0));
        rows.extend(counts.bad.iter().map(|(reason, &n)| ((*reason).to_owned(), n, 1)));
        let n_not_pages: u64 = counts.not_pages.values().sum();
        if n_not_pages > 0 {
            rows.push(("no pages".to_owned(), n_not_pages, 0));
            rows.extend(counts.not_pages.iter().map(|(reason, &n)| ((*reason).to_owned(), n, 1)));
        }
        rows.push(("statements added".to_owned(), counts.statements, 0));
        if counts.unchanged > 0 {
            rows.push(("files unchanged since they were read".to_owned(), counts.unchanged, 0));
        }
        let width = rows.iter().map(|row| HumanCount(row.1).to_string().len()).max().unwrap_or(0);
        let row = |(what, n, depth): &(String, u64, usize)| {
            format!("{:>width$}  {}{what}\n", HumanCount(*n).to_string(), "  ".repeat(*depth))
        };
        let rows: String = rows.iter().map(row).collect();
        format!("{rows}in {}\n", HumanDuration(self.begun.elapsed()))
    }

    /// The summary, for programs.
    pub(super) fn json(&self, is_whole: bool) -> String {
        let Counts { added, revised, known, statements, unchanged, bad, not_pages } = &self.counts;
        let summary = json!({
            "added": added,
            "revised": revised,
            "known": known,
            "bad": bad,
            "not_pages": not_pages,
            "statements": statements,
            "unchanged_files": unchanged,
            "seconds": (self.begun.elapsed().as_secs_f64() * 1000.0).round() / 1000.0,
            "finished": is_whole,
        });
        format!("{summary}\n")
    }
}

fn bar(n_bytes: Option<u64>) -> ProgressBar {
    let look = match n_bytes {
        Some(_) => "{wide_bar} {percent} % of {total_bytes}, {msg}, {eta} left",
        None => "{spinner} {bytes} in {elapsed}, {msg}",
    };
    let style = ProgressStyle::with_template(look).expect("the template is right, or its test would fail");
    let bar = ProgressBar::with_draw_target(n_bytes, ProgressDrawTarget::stderr()).with_style(style);
    bar.set_message("0 stored");
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_looks_of_the_bar_are_right() {
        for n_bytes in [None, Some(9)] {
            bar(n_bytes).finish_and_clear();
        }
    }
}
