//! What is told of a run: a line for each feed and each failure, or an object for each page and each feed.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;
use jiff::tz::Offset;
use rapporteur::pretty::visible;
use rapporteur_store::{Fetch, Stored};
use serde_json::{Value, json};

use crate::args::CollectFormat;

/// How often the bar moves.
const TICK: Duration = Duration::from_millis(200);

/// What came of the pages of one list, or of all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) new: u64,
    pub(super) changed: u64,
    pub(super) known: u64,
    pub(super) failed: u64,
    /// Passed over as too old.
    pub(super) old: u64,
    /// Left for another time: over the limit, or the host wants a rest.
    pub(super) left: u64,
}

impl Counts {
    pub(super) fn add(&mut self, other: Counts) {
        self.new += other.new;
        self.changed += other.changed;
        self.known += other.known;
        self.failed += other.failed;
        self.old += other.old;
        self.left += other.left;
    }

    pub(super) fn stored(&mut self, stored: Stored) {
        match stored {
            Stored::Added => self.new += 1,
            Stored::Revised => self.changed += 1,
            Stored::Known => self.known += 1,
        }
    }

    /// "3 new, 12 known"
    fn words(self) -> String {
        let parts = [
            (self.new, "new"),
            (self.changed, "changed"),
            (self.known, "known"),
            (self.failed, "failed"),
            (self.old, "too old"),
            (self.left, "left for later"),
        ];
        let told: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
        if told.is_empty() { "nothing".to_owned() } else { told.join(", ") }
    }

    fn is_news(self) -> bool {
        self.new + self.changed + self.failed + self.left > 0
    }
}

fn word(stored: Stored) -> &'static str {
    match stored {
        Stored::Added => "new",
        Stored::Revised => "changed",
        Stored::Known => "known",
    }
}

/// A page that is done with.
#[derive(Clone, Copy)]
pub(super) struct PageTold<'a> {
    /// The list that it is of.
    pub(super) feed: &'a str,
    pub(super) fetch: &'a Fetch,
    /// What became of it, or why it could not be had.
    pub(super) outcome: Result<Stored, &'a str>,
    pub(super) title: Option<&'a str>,
    pub(super) n_statements: usize,
}

/// A list that was looked at.
#[derive(Clone, Copy)]
pub(super) struct ListTold<'a> {
    /// Its address, or its path.
    pub(super) name: &'a str,
    pub(super) title: Option<&'a str>,
    pub(super) counts: Counts,
    /// How many lists it holds; what holds lists is no feed.
    pub(super) n_lists: usize,
    pub(super) notes: &'a [String],
}

/// Tells what is done.
pub(super) struct Report {
    format: CollectFormat,
    /// Whether it goes on and on: then lists without news are not told, and the time is.
    is_service: bool,
    bar: Option<ProgressBar>,
    n_lists: u64,
    n_failed_lists: u64,
    all: Counts,
    n_requests: u64,
    n_bytes: u64,
    /// Whether standard output can no longer be written to.
    pub(super) is_unheard: bool,
}

impl Report {
    pub(super) fn new(format: CollectFormat, is_service: bool) -> Self {
        let bar = io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{spinner} {wide_msg}")
                .expect("the template is right, or its test would fail");
            let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr()).with_style(style);
            bar.enable_steady_tick(TICK);
            bar.set_message("asking");
            bar
        });
        Report {
            format,
            is_service,
            bar,
            n_lists: 0,
            n_failed_lists: 0,
            all: Counts::default(),
            n_requests: 0,
            n_bytes: 0,
            is_unheard: false,
        }
    }

    /// So many pages are to be fetched besides.
    pub(super) fn expect(&self, n_pages: u64) {
        self.bar.iter().for_each(|bar| bar.inc_length(n_pages));
    }

    /// A request was answered.
    pub(super) fn asked(&mut self, n_bytes: u64) {
        self.n_requests += 1;
        self.n_bytes += n_bytes;
    }

    /// A page is done with: stored, or as it was, or not to be had.
    pub(super) fn page(&mut self, told: &PageTold) {
        let PageTold { feed, fetch, outcome, title, n_statements } = *told;
        let (word, reason) = match outcome {
            Ok(stored) => {
                self.all.stored(stored);
                (word(stored), None)
            }
            Err(reason) => {
                self.all.failed += 1;
                self.complain(&fetch.url, reason);
                ("failed", Some(reason))
            }
        };
        self.step();
        self.object(|| {
            json!({
                "event": "page", "at": fetch.at, "url": fetch.url, "feed": feed, "outcome": word,
                "status": fetch.status, "article": fetch.article, "title": title, "statements": n_statements,
                "reason": reason,
            })
        });
    }

    /// A page is left for another time.
    pub(super) fn page_left(&mut self) {
        self.all.left += 1;
        self.step();
    }

    /// Pages that need not be asked for, or are left.
    pub(super) fn passed(&mut self, counts: Counts) {
        self.all.add(counts);
    }

    /// A list could not be had.
    pub(super) fn list_failed(&mut self, name: &str, reason: &str) {
        self.n_lists += 1;
        self.n_failed_lists += 1;
        self.complain(name, reason);
        self.object(|| json!({"event": "feed", "url": name, "outcome": "failed", "reason": reason}));
    }

    /// A list is left for another time, which a service need not say each time.
    pub(super) fn list_left(&mut self, name: &str, reason: &str) {
        self.n_lists += 1;
        if !self.is_service {
            self.complain(name, reason);
        }
        self.object(|| json!({"event": "feed", "url": name, "outcome": "left", "reason": reason}));
    }

    /// A list is done with.
    pub(super) fn list(&mut self, told: &ListTold) {
        let ListTold { name, title, counts, n_lists, notes } = *told;
        for note in notes.iter().filter(|note| !note.starts_with("encoding")) {
            self.complain(name, note);
        }
        let words = match n_lists {
            0 => {
                self.n_lists += 1;
                self.feed_object(told);
                counts.words()
            }
            1 => "1 list".to_owned(),
            n => format!("{n} lists"),
        };
        if n_lists > 0 {
            self.object(|| json!({"event": "list", "url": name, "title": title, "lists": n_lists, "notes": notes}));
        }
        if self.format == CollectFormat::Text && (counts.is_news() || !self.is_service) {
            let name = title.map_or_else(|| name.to_owned(), |title| format!("{title} ({name})"));
            let time = if self.is_service { format!("{}  ", time()) } else { String::new() };
            self.print(&format!("{time}{name}: {words}"));
        }
    }

    fn feed_object(&mut self, told: &ListTold) {
        let ListTold { name, title, counts, notes, .. } = *told;
        let Counts { new, changed, known, failed, old, left } = counts;
        self.object(|| {
            json!({
                "event": "feed", "url": name, "outcome": "read", "title": title, "new": new, "changed": changed,
                "known": known, "failed": failed, "old": old, "left": left, "notes": notes,
            })
        });
    }

    /// Something that people should know.
    pub(super) fn remark(&self, line: &str) {
        let print = || drop(writeln!(io::stderr(), "{}", visible(line)));
        match &self.bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    /// The bar goes while nothing is to be done.
    pub(super) fn rest(&mut self, until: Timestamp) {
        if let Some(bar) = &self.bar {
            bar.set_length(0);
            bar.set_position(0);
            bar.set_message(format!("the next look is at {}", clock(until)));
        }
    }

    /// Ends the bar and says what was done; returns whether anything failed.
    pub(super) fn finish(&mut self) -> bool {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
        let feeds = match (self.n_lists, self.is_service) {
            (1, false) => "1 feed".to_owned(),
            (n, false) => format!("{n} feeds"),
            (n, true) => format!("{n} looks at feeds"),
        };
        let failed = match self.n_failed_lists {
            0 => String::new(),
            n => format!(", {n} of them failed"),
        };
        let megabytes = self.n_bytes as f64 / 1e6;
        let words = self.all.words();
        if self.format == CollectFormat::Text {
            self.print(&format!("{feeds}{failed}: {words}; {} requests, {megabytes:.1} MB", self.n_requests));
        }
        let Counts { new, changed, known, failed, old, left } = self.all;
        let (n_lists, n_failed, n_requests, n_bytes) =
            (self.n_lists, self.n_failed_lists, self.n_requests, self.n_bytes);
        self.object(|| {
            json!({
                "event": "end", "feeds": n_lists, "failed_feeds": n_failed, "new": new, "changed": changed,
                "known": known, "failed": failed, "old": old, "left": left, "requests": n_requests, "bytes": n_bytes,
            })
        });
        self.n_failed_lists > 0 || self.all.failed > 0
    }

    fn step(&self) {
        if let Some(bar) = &self.bar {
            bar.inc(1);
            let (done, all) = (bar.position(), bar.length().unwrap_or_default());
            bar.set_message(format!("{done} of {all} pages: {}", self.all.words()));
        }
    }

    fn complain(&self, name: &str, reason: &str) {
        self.remark(&format!("{name}: {reason}"));
    }

    fn object(&mut self, make: impl FnOnce() -> Value) {
        if self.format == CollectFormat::Jsonl {
            // JSON escapes what a terminal would obey, and is for programs.
            let line = make().to_string();
            self.write(&line);
        }
    }

    fn print(&mut self, line: &str) {
        self.write(&visible(line));
    }

    fn write(&mut self, line: &str) {
        let write = || {
            let mut out = io::stdout().lock();
            writeln!(out, "{line}").and_then(|()| out.flush())
        };
        let written = match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        };
        self.is_unheard |= written.is_err();
    }
}

fn time() -> String {
    clock(Timestamp::now())
}

/// The time of day at Greenwich; where the machine is, nobody told.
fn clock(at: Timestamp) -> String {
    Offset::UTC.to_datetime(at).strftime("%Y-%m-%d %H:%MZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_told_without_what_is_none() {
        let counts = Counts { new: 3, known: 12, left: 1, ..Counts::default() };
        assert_eq!(counts.words(), "3 new, 12 known, 1 left for later");
        assert_eq!(Counts::default().words(), "nothing");
        assert!(counts.is_news() && !Counts { known: 5, ..Counts::default() }.is_news());
    }

    #[test]
    fn the_bar_looks_right() {
        ProgressStyle::with_template("{spinner} {wide_msg}").unwrap();
    }
}
