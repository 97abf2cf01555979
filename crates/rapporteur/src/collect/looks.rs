//! Looks at lists: when each is due, what is under way, and what comes back (`listed`, `kept`).

mod kept;
mod listed;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::bail;
use jiff::Timestamp;
use rapporteur::fetch::Known;
use rapporteur_store::{Fetch, Store};
use url::Url;

use super::Named;
use super::database::Database;
use super::lists;
use super::queue::Task;
use super::report::{Counts, Report};
use super::workers::{Done, FailedKind, Outcome, Shared};
use crate::args::CollectFormat;
use crate::{interrupt, load, panics};

/// What fails is asked for so often in one look.
const MOST_TRIES: u32 = 3;
/// Pages are stored when there are so many, or when the first has waited for so long.
const BATCH: usize = 16;
const LONGEST_WAIT: Duration = Duration::from_secs(1);
/// How often it is looked whether Ctrl-C was pressed.
const TICK: Duration = Duration::from_millis(100);

/// What the options say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    pub(super) every: Option<Duration>,
    /// Whether it waits for others that write the database.
    pub(super) waits: bool,
    pub(super) since: Option<Duration>,
    pub(super) recheck: Option<Duration>,
    pub(super) limit: usize,
}

/// A list that a person named, and when it is looked at next.
struct Source {
    named: Named,
    next: Instant,
    /// Lists that are being looked at for it.
    n_lists: usize,
}

/// A list that is being looked at.
struct List {
    source: usize,
    /// Its address, or its path.
    name: String,
    depth: u32,
    named: bool,
    title: Option<String>,
    notes: Vec<String>,
    counts: Counts,
    /// Lists that it holds.
    n_lists: usize,
    /// Pages that are not done with.
    n_open: usize,
    /// Whether it has to be seen whole again, since not all that it lists was had.
    is_whole_again: bool,
    /// What is to be noted of its request; none for a file.
    fetch: Option<Fetch>,
}

/// All that is under way.
pub(super) struct Looks<'a> {
    shared: &'a Arc<Shared>,
    done: Receiver<Done>,
    database: Database,
    rules: Rules,
    sources: Vec<Source>,
    lists: BTreeMap<usize, List>,
    n_lists: usize,
    /// Addresses of lists and of pages that are under way.
    asked_lists: BTreeSet<String>,
    asked_pages: BTreeSet<String>,
    n_tasks: usize,
    /// Pages that are done and not yet stored, and since when.
    waiting: Vec<Done>,
    waiting_since: Option<Instant>,
    /// Requests that are not yet noted.
    fetches: Vec<Fetch>,
    report: Report,
}

impl<'a> Looks<'a> {
    pub(super) fn new(
        shared: &'a Arc<Shared>,
        done: Receiver<Done>,
        database: Database,
        named: Vec<Named>,
        rules: Rules,
        format: CollectFormat,
    ) -> Self {
        let next = Instant::now();
        Looks {
            shared,
            done,
            database,
            rules,
            sources: named.into_iter().map(|named| Source { named, next, n_lists: 0 }).collect(),
            lists: BTreeMap::new(),
            n_lists: 0,
            asked_lists: BTreeSet::new(),
            asked_pages: BTreeSet::new(),
            n_tasks: 0,
            waiting: Vec::new(),
            waiting_since: None,
            fetches: Vec::new(),
            report: Report::new(format, rules.every.is_some()),
        }
    }

    /// Goes on until all is done, or, as a service, until it is stopped.
    pub(super) fn run(&mut self) -> anyhow::Result<()> {
        let mut first = true;
        loop {
            if interrupt::asked() || self.report.is_unheard {
                return Ok(());
            }
            if first || self.rules.every.is_some() {
                self.start_due(first)?;
                first = false;
            }
            if self.lists.is_empty() {
                self.note()?;
                if self.rules.every.is_none() {
                    return Ok(());
                }
                self.rest();
                continue;
            }
            match self.done.recv_timeout(TICK) {
                Ok(done) => self.take(done)?,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => bail!("the threads that fetch have ended"),
            }
            let is_old = self.waiting_since.is_some_and(|since| since.elapsed() >= LONGEST_WAIT);
            if self.waiting.len() >= BATCH || is_old || self.n_tasks == 0 {
                self.keep()?;
            }
        }
    }

    /// Stores what is there, when no more is to come. Lists that are not done with are seen whole again next time.
    pub(super) fn stop(&mut self) -> anyhow::Result<()> {
        self.keep()?;
        for mut list in std::mem::take(&mut self.lists).into_values() {
            list.is_whole_again = true;
            let left = Counts { left: list.n_open as u64, ..Counts::default() };
            list.counts.add(left);
            self.report.passed(left);
            self.end(list);
        }
        self.note()
    }

    /// Says what was done; returns whether anything failed.
    pub(super) fn finish(&mut self) -> bool {
        self.database.close();
        let failed = self.report.finish();
        if interrupt::asked() && self.rules.every.is_none() {
            self.report.remark("stopped; what was fetched is stored, and the same command goes on");
        }
        failed
    }

    /// Starts a look at each list that was named and whose time has come.
    fn start_due(&mut self, all: bool) -> anyhow::Result<()> {
        for source in 0..self.sources.len() {
            let Source { named, next, n_lists } = &self.sources[source];
            if *n_lists > 0 || !all && *next > Instant::now() {
                continue;
            }
            let named = named.clone();
            if let Some(every) = self.rules.every {
                self.sources[source].next = Instant::now() + every;
            }
            match named {
                Named::Address(url) => self.ask_list(source, url, 0, true)?,
                Named::File(path) => self.read_file(source, &path)?,
            }
        }
        Ok(())
    }

    fn read_file(&mut self, source: usize, path: &std::path::Path) -> anyhow::Result<()> {
        let name = path.display().to_string();
        let listed = load::bytes(path).and_then(|bytes| panics::caught(|| lists::read(&bytes, None, None)));
        match listed.and_then(|listed| listed) {
            Ok(listed) => {
                let id = self.begin(source, name, 0, true);
                self.listed(id, listed, Timestamp::now())
            }
            Err(reason) => {
                self.report.list_failed(&name, &reason);
                Ok(())
            }
        }
    }

    fn begin(&mut self, source: usize, name: String, depth: u32, named: bool) -> usize {
        let id = self.n_lists;
        self.n_lists += 1;
        self.sources[source].n_lists += 1;
        let list = List {
            source,
            name,
            depth,
            named,
            title: None,
            notes: Vec::new(),
            counts: Counts::default(),
            n_lists: 0,
            n_open: 0,
            is_whole_again: false,
            fetch: None,
        };
        self.lists.insert(id, list);
        id
    }

    /// Asks for a list, unless that is under way.
    fn ask_list(&mut self, source: usize, url: Url, depth: u32, named: bool) -> anyhow::Result<()> {
        if !self.asked_lists.insert(url.to_string()) {
            return Ok(());
        }
        let last = self.store()?.last_fetch(url.as_str())?;
        let known = match last {
            // What the pages of a list are looked at again for is not told by whether the list changed.
            Some(last) if last.error.is_none() && self.rules.recheck.is_none() => {
                Known { etag: last.etag, last_modified: last.last_modified }
            }
            _ => Known::default(),
        };
        let list = self.begin(source, url.to_string(), depth, named);
        self.n_tasks += 1;
        self.shared.queue.push(Task { url, list, entry: None, known, named, n_tries: 0 });
        Ok(())
    }

    fn take(&mut self, done: Done) -> anyhow::Result<()> {
        self.report.asked(done.n_bytes);
        let kind = match &done.outcome {
            Outcome::Failed(failed) => Some(failed.kind),
            _ => None,
        };
        if kind == Some(FailedKind::Shortly) && done.task.n_tries < MOST_TRIES {
            self.fetches.push(done.fetch);
            self.shared.queue.push(done.task);
            return Ok(());
        }
        self.n_tasks -= 1;
        if done.task.entry.is_none() {
            return self.take_list(done);
        }
        self.waiting_since.get_or_insert_with(Instant::now);
        self.waiting.push(done);
        Ok(())
    }

    fn take_list(&mut self, done: Done) -> anyhow::Result<()> {
        let Done { task, outcome, fetch, started, .. } = done;
        match outcome {
            Outcome::List(listed) => {
                if let Some(list) = self.lists.get_mut(&task.list) {
                    list.fetch = Some(fetch);
                }
                self.listed(task.list, listed, started)?;
            }
            Outcome::Failed(failed) => {
                if failed.kind == FailedKind::Resting {
                    self.report.list_left(task.url.as_str(), &failed.reason);
                } else {
                    self.report.list_failed(task.url.as_str(), &failed.reason);
                    self.fetches.push(fetch);
                }
                if let Some(list) = self.lists.remove(&task.list) {
                    self.sources[list.source].n_lists -= 1;
                    self.asked_lists.remove(&list.name);
                }
            }
            Outcome::NotModified | Outcome::Page(_) => {
                if let Some(mut list) = self.lists.remove(&task.list) {
                    list.fetch = Some(fetch);
                    self.end(list);
                }
            }
        }
        Ok(())
    }

    /// Waits for the next look, or for Ctrl-C, and lets others have the database.
    fn rest(&mut self) {
        self.database.close();
        let Some(next) = self.sources.iter().map(|source| source.next).min() else { return };
        let left = next.saturating_duration_since(Instant::now());
        self.report.rest(Timestamp::now().checked_add(left).unwrap_or(Timestamp::MAX));
        while Instant::now() < next && !interrupt::asked() {
            thread::sleep(TICK);
        }
    }

    fn store(&mut self) -> anyhow::Result<&mut Store> {
        self.database.open(self.shared)
    }
}
