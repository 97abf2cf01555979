//! Looks at lists: what each holds, which of its pages are due, what became of them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::bail;
use jiff::Timestamp;
use rapporteur::extract::feeds::Entry as Said;
use rapporteur::fetch::Known;
use rapporteur::record::Moment;
use rapporteur_store::{Batch, Entry, Fetch, Store, Stored};
use url::Url;

use super::database::Database;
use super::due::Look;
use super::lists::{self, Listed};
use super::queue::Task;
use super::report::{Counts, ListTold, Report};
use super::workers::{Done, FailedKind, Outcome, Shared};
use super::{Named, without_fragment};
use crate::args::CollectFormat;
use crate::{interrupt, load, panics};

/// What fails is asked for so often in one look.
const MOST_TRIES: u32 = 3;
/// Lists may be in lists that are in lists, and no deeper: a page that links to a sitemap index has three.
const DEEPEST: u32 = 3;
/// So many lists of one list are looked at in one look.
const MOST_LISTS: usize = 5000;
/// So many sitemaps of an index are looked at in one look, the newest first.
const MOST_SITEMAPS: usize = 50;
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
                self.report.list_failed(task.url.as_str(), &failed.reason);
                if failed.kind != FailedKind::Resting {
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

    /// Asks for what a list holds.
    fn listed(&mut self, id: usize, listed: Listed, at: Timestamp) -> anyhow::Result<()> {
        let Some(mut list) = self.lists.remove(&id) else { return Ok(()) };
        list.title = listed.title;
        list.notes = listed.notes;
        if !listed.lists.is_empty() {
            list.is_whole_again = true;
            self.ask_lists(&mut list, listed.lists, listed.chosen)?;
        }
        let look = Look { at, recheck: self.rules.recheck };
        let mut due = self.due(&mut list, listed.pages, look)?;
        due.sort_by_key(|(date, _)| Reverse(*date));
        let n_left = due.len().saturating_sub(self.rules.limit);
        due.truncate(self.rules.limit);
        list.counts.left += n_left as u64;
        list.is_whole_again |= n_left > 0;
        list.n_open = due.len();
        self.report.expect(due.len() as u64);
        self.report.passed(list.counts);
        for (_, task) in due {
            self.asked_pages.insert(task.url.to_string());
            self.n_tasks += 1;
            self.shared.queue.push(Task { list: id, ..task });
        }
        match list.n_open {
            0 => self.end(list),
            _ => drop(self.lists.insert(id, list)),
        }
        Ok(())
    }

    fn ask_lists(&mut self, list: &mut List, mut lists: Vec<Said>, chosen: bool) -> anyhow::Result<()> {
        if list.depth >= DEEPEST {
            list.notes.push(format!("its {} lists are too deep in other lists, and are passed over", lists.len()));
            return Ok(());
        }
        let most = if chosen { MOST_LISTS } else { MOST_SITEMAPS };
        if !chosen {
            lists.sort_by_key(|said| Reverse(said.updated.and_then(second)));
        }
        let mut n_asked = 0;
        for said in lists {
            let Some(url) = said.link.as_deref().and_then(|link| Url::parse(link).ok()).map(without_fragment) else {
                continue;
            };
            if !chosen && self.is_unchanged(&url, &said)? {
                continue;
            }
            if n_asked == most {
                list.notes.push(format!("more than {most} lists: the next look takes the others"));
                break;
            }
            n_asked += 1;
            self.ask_list(list.source, url, list.depth + 1, chosen && list.named)?;
        }
        Ok(())
    }

    /// Whether all pages of a list are known and it did not change since, as the list that it is in says.
    fn is_unchanged(&mut self, url: &Url, said: &Said) -> anyhow::Result<bool> {
        let (Some(updated), None) = (said.updated, self.rules.recheck) else { return Ok(false) };
        let last = self.store()?.last_fetch(url.as_str())?;
        let complete =
            last.filter(|last| last.error.is_none() && (last.etag.is_some() || last.last_modified.is_some()));
        let at = complete.and_then(|last| last.at.parse::<Timestamp>().ok());
        Ok(at.zip(second(updated)).is_some_and(|(at, updated)| updated < at.as_second()))
    }

    /// The pages that deserve a look, each with its date; the others are counted.
    fn due(&mut self, list: &mut List, pages: Vec<Said>, look: Look) -> anyhow::Result<Vec<(Option<i64>, Task)>> {
        let mut due = Vec::new();
        let mut seen = BTreeSet::new();
        for said in pages {
            let Some(link) = &said.link else { continue };
            let url = match Url::parse(link) {
                Ok(url) => without_fragment(url),
                Err(error) => {
                    list.counts.failed += 1;
                    list.notes.push(format!("{link} is no address: {error}"));
                    continue;
                }
            };
            if self.rules.since.is_some_and(|age| look.is_older(&said, age)) {
                list.counts.old += 1;
                continue;
            }
            if self.asked_pages.contains(url.as_str()) || !seen.insert(url.to_string()) {
                list.counts.known += 1;
                continue;
            }
            let store = self.store()?;
            let fetched = store.fetched(url.as_str())?;
            let is_stored = fetched.is_none() && store.has_url(url.as_str())?;
            match look.due(&said, fetched.as_ref(), is_stored) {
                None => list.counts.known += 1,
                Some(known) => {
                    let date = said.published.or(said.updated).and_then(second);
                    let entry = Some(Box::new(said));
                    due.push((date, Task { url, list: 0, entry, known, named: false, n_tries: 0 }));
                }
            }
        }
        Ok(due)
    }

    /// Stores the pages that are done, notes their requests, and tells of them.
    fn keep(&mut self) -> anyhow::Result<()> {
        self.waiting_since = None;
        if self.waiting.is_empty() {
            return Ok(());
        }
        let mut batch = Batch { fetches: std::mem::take(&mut self.fetches), ..Batch::default() };
        let mut settled: Vec<Settled> = Vec::new();
        for done in std::mem::take(&mut self.waiting) {
            let Done { task, outcome, mut fetch, .. } = done;
            let outcome = match outcome {
                Outcome::Page(entry) => {
                    let told = Told::of(&entry);
                    batch.entries.push(*entry);
                    Ok(Some(told))
                }
                Outcome::NotModified | Outcome::List(_) => {
                    fetch.article = self.store()?.last_fetch(&fetch.url)?.and_then(|last| last.article);
                    Ok(None)
                }
                Outcome::Failed(failed) => Err(failed),
            };
            if !matches!(&outcome, Err(failed) if failed.kind == FailedKind::Resting) {
                batch.fetches.push(fetch.clone());
            }
            settled.push(Settled { task, outcome, fetch });
        }
        let put = self.database.put(&batch, self.shared)?;
        let mut stored = put.stored.into_iter();
        for one in settled {
            self.settle(one, &mut stored);
        }
        Ok(())
    }

    fn settle(&mut self, settled: Settled, stored: &mut impl Iterator<Item = Stored>) {
        let Settled { task, outcome, fetch } = settled;
        self.asked_pages.remove(task.url.as_str());
        let Some(mut list) = self.lists.remove(&task.list) else { return };
        list.n_open -= 1;
        match outcome {
            Ok(told) => {
                let stored = told.is_some().then(|| stored.next()).flatten().unwrap_or(Stored::Known);
                list.counts.stored(stored);
                let Told { title, n_statements } = told.unwrap_or_default();
                self.report.page(&fetch, stored, n_statements, title.as_deref());
            }
            Err(failed) if failed.kind == FailedKind::Resting => {
                list.counts.left += 1;
                list.is_whole_again = true;
                self.report.page_left();
            }
            Err(failed) => {
                list.counts.failed += 1;
                list.is_whole_again |= failed.kind != FailedKind::ForGood;
                self.report.page_failed(task.url.as_str(), &failed.reason);
            }
        }
        match list.n_open {
            0 => self.end(list),
            _ => drop(self.lists.insert(task.list, list)),
        }
    }

    /// A list is done with.
    fn end(&mut self, mut list: List) {
        self.sources[list.source].n_lists -= 1;
        self.asked_lists.remove(&list.name);
        if let Some(mut fetch) = list.fetch.take() {
            if list.is_whole_again {
                (fetch.etag, fetch.last_modified) = (None, None);
            }
            self.fetches.push(fetch);
        }
        let List { name, title, counts, notes, .. } = &list;
        self.report.list(&ListTold { name, title: title.as_deref(), counts: *counts, notes });
    }

    /// Notes the requests that came with no page.
    fn note(&mut self) -> anyhow::Result<()> {
        if !self.fetches.is_empty() {
            let fetches = std::mem::take(&mut self.fetches);
            self.store()?.put_fetches(&fetches)?;
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

/// A page that is done.
struct Settled {
    task: Task,
    /// What was read, if the page had to be read.
    outcome: Result<Option<Told>, super::workers::Failed>,
    fetch: Fetch,
}

/// What is told of a page that was read.
#[derive(Default)]
struct Told {
    title: Option<String>,
    n_statements: usize,
}

impl Told {
    fn of(entry: &Entry) -> Self {
        let document = entry.document();
        Told { title: document.article.title.clone(), n_statements: document.statements.len() }
    }
}

/// Seconds since 1970; a day is its beginning at Greenwich.
fn second(moment: Moment) -> Option<i64> {
    match moment {
        Moment::Instant(at, _) => Some(at.as_second()),
        Moment::Day(day) => Some(day.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second()),
    }
}
