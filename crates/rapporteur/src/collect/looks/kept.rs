//! What is done: stored, noted in the log, and told.

use rapporteur_store::{Batch, Entry, Fetch, Stored};

use super::{List, Looks};
use crate::collect::queue::Task;
use crate::collect::report::{ListTold, PageTold};
use crate::collect::workers::{Done, Failed, FailedKind, Outcome};

impl Looks<'_> {
    /// Stores the pages that are done, notes their requests, and tells of them.
    pub(super) fn keep(&mut self) -> anyhow::Result<()> {
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
        let told = outcome.as_ref().ok().and_then(Option::as_ref);
        let outcome = match &outcome {
            Err(failed) if failed.kind == FailedKind::Resting => {
                list.counts.left += 1;
                list.is_whole_again = true;
                self.report.page_left();
                None
            }
            Err(failed) => {
                list.counts.failed += 1;
                list.is_whole_again |= failed.kind != FailedKind::ForGood;
                Some(Err(failed.reason.as_str()))
            }
            Ok(read) => {
                let stored = read.as_ref().and_then(|_| stored.next()).unwrap_or(Stored::Known);
                list.counts.stored(stored);
                Some(Ok(stored))
            }
        };
        if let Some(outcome) = outcome {
            self.report.page(&PageTold {
                feed: &list.name,
                fetch: &fetch,
                outcome,
                title: told.and_then(|told| told.title.as_deref()),
                n_statements: told.map_or(0, |told| told.n_statements),
            });
        }
        match list.n_open {
            0 => self.end(list),
            _ => drop(self.lists.insert(task.list, list)),
        }
    }

    /// A list is done with.
    pub(super) fn end(&mut self, mut list: List) {
        self.sources[list.source].n_lists -= 1;
        self.asked_lists.remove(&list.name);
        if let Some(mut fetch) = list.fetch.take() {
            if list.is_whole_again {
                (fetch.etag, fetch.last_modified) = (None, None);
            }
            self.fetches.push(fetch);
        }
        let List { name, title, counts, n_lists, notes, .. } = &list;
        self.report.list(&ListTold { name, title: title.as_deref(), counts: *counts, n_lists: *n_lists, notes });
    }

    /// Notes the requests that came with no page.
    pub(super) fn note(&mut self) -> anyhow::Result<()> {
        if !self.fetches.is_empty() {
            let fetches = std::mem::take(&mut self.fetches);
            self.store()?.put_fetches(&fetches)?;
        }
        Ok(())
    }
}

/// A page that is done.
struct Settled {
    task: Task,
    /// What was read, if the page had to be read.
    outcome: Result<Option<Told>, Failed>,
    fetch: Fetch,
}

/// What is told of a page that was read.
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
