//! What a list holds: which of its pages and lists are asked for.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use jiff::Timestamp;
use rapporteur::extract::feeds::Entry as Said;
use rapporteur::record::Moment;
use url::Url;

use super::{List, Looks};
use crate::collect::due::Look;
use crate::collect::lists::Listed;
use crate::collect::queue::Task;
use crate::collect::without_fragment;

/// Lists may be in lists that are in lists, and no deeper: a page that links to a sitemap index has three.
const DEEPEST: u32 = 3;
/// So many lists of one list are looked at in one look.
const MOST_LISTS: usize = 5000;
/// So many sitemaps of an index are looked at in one look, the newest first.
const MOST_SITEMAPS: usize = 50;
impl Looks<'_> {
    /// Asks for what a list holds.
    pub(super) fn listed(&mut self, id: usize, listed: Listed, at: Timestamp) -> anyhow::Result<()> {
        let Some(mut list) = self.lists.remove(&id) else { return Ok(()) };
        list.title = listed.title;
        list.notes = listed.notes;
        if !listed.lists.is_empty() {
            list.is_whole_again = true;
            list.n_lists = listed.lists.len();
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
        let n_nowhere = pages.iter().filter(|said| said.link.is_none()).count();
        if n_nowhere > 0 {
            list.notes.push(format!("{n_nowhere} of {} entries without an address are passed over", pages.len()));
        }
        for mut said in pages {
            let Some(link) = said.link.take() else { continue };
            let url = match Url::parse(&link) {
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
                    // Nothing is made of it, and there may be many.
                    said.summary = None;
                    let entry = Some(Box::new(said));
                    due.push((date, Task { url, list: 0, entry, known, named: false, n_tries: 0 }));
                }
            }
        }
        Ok(due)
    }
}

/// Seconds since 1970; a day is its beginning at Greenwich.
fn second(moment: Moment) -> Option<i64> {
    match moment {
        Moment::Instant(at, _) => Some(at.as_second()),
        Moment::Day(day) => Some(day.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second()),
    }
}
