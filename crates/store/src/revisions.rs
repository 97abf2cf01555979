//! What an article said before, and what became of its statements.

use std::collections::{BTreeMap, BTreeSet};

use rapporteur_record::{Document, Statement};

use crate::error::{Error, Problem};
use crate::find::{ARTICLES, article};
use crate::fold::folded;
use crate::{ArticleFound, Store, put};

/// One text of a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// The article with that text.
    pub article: ArticleFound,
    /// When it was fetched, or else changed or published, as far as is known: what revisions are ordered by.
    pub at: Option<String>,
}

/// What became of a statement between two texts; indices into the statements of the earlier and the later document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It is gone.
    Dropped {
        /// In the earlier document.
        before: usize,
    },
    /// The same speaker says it in other words, or the same words have another speaker.
    Changed {
        /// In the earlier document.
        before: usize,
        /// In the later document.
        after: usize,
    },
    /// It is new.
    Added {
        /// In the later document.
        after: usize,
    },
}

/// So many statements of one speaker are compared with each other; further ones count as dropped and added.
const MOST_COMPARED: usize = 200;
/// The share of words that two versions of a statement have in common at least.
const LIKE: f64 = 0.5;

impl Store {
    /// All texts of a URL, the earliest first. Those whose time is unknown come first, by their ids.
    pub fn revisions(&self, url: &str) -> Result<Vec<Revision>, Error> {
        let found = (|| {
            let sql = format!("{ARTICLES} WHERE a.url = ? ORDER BY a.hash");
            let mut query = self.connection.prepare_cached(&sql)?;
            let rows = query.query_map([url], article)?;
            let mut revisions = Vec::new();
            for article in rows {
                let article = article?;
                let sql = "SELECT coalesce(seen, modified, published) FROM articles WHERE id = ?";
                let at: Option<String> =
                    self.connection.prepare_cached(sql)?.query_row([article.row], |row| row.get(0))?;
                revisions.push(Revision { article, at });
            }
            // Stable: those of one time stay in the order of their ids.
            revisions.sort_by_cached_key(|revision| revision.at.as_deref().and_then(instant));
            Ok(revisions)
        })();
        found.map_err(|problem: Problem| problem.at(&self.path))
    }

    /// What became of the statements of one text in another.
    pub fn changes(&self, before: &ArticleFound, after: &ArticleFound) -> Result<Vec<Change>, Error> {
        Ok(changes(&self.document(before)?, &self.document(after)?))
    }
}

/// Milliseconds since 1970; a day without a time is its beginning in UTC.
fn instant(at: &str) -> Option<i64> {
    use rapporteur_record::Moment;
    match at.parse().ok()? {
        Moment::Instant(at, _) => Some(at.as_millisecond()),
        Moment::Day(day) => Some(day.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_millisecond()),
    }
}

/// A statement as it is compared.
struct Compared {
    speaker: String,
    content: String,
}

fn compared(document: &Document) -> Vec<Compared> {
    let compared = |statement: &Statement| {
        let name = statement.speaker.and_then(|id| document.entities.get(id)).map(|entity| entity.name.clone());
        let words = put::content(&document.article.text, &statement.source);
        let content = folded(&put::content(&document.article.text, &statement.content));
        Compared { speaker: folded(&name.unwrap_or(words)), content }
    };
    document.statements.iter().map(compared).collect()
}

/// What became of the statements of `before` in `after`; those that stay as they are, are not listed.
pub(crate) fn changes(before: &Document, after: &Document) -> Vec<Change> {
    let (before, after) = (compared(before), compared(after));
    let (mut old, mut new): (BTreeSet<usize>, BTreeSet<usize>) =
        ((0..before.len()).collect(), (0..after.len()).collect());
    let mut changes = Vec::new();
    pair(&before, &after, &mut old, &mut new, |one| (one.speaker.clone(), one.content.clone()), |_, _| {});
    pair(
        &before,
        &after,
        &mut old,
        &mut new,
        |one| (String::new(), one.content.clone()),
        |before, after| {
            changes.push(Change::Changed { before, after });
        },
    );
    for (before, after) in alike(&before, &after, &old, &new) {
        old.remove(&before);
        new.remove(&after);
        changes.push(Change::Changed { before, after });
    }
    changes.extend(old.into_iter().map(|before| Change::Dropped { before }));
    changes.extend(new.into_iter().map(|after| Change::Added { after }));
    changes.sort_unstable();
    changes
}

/// Takes out of `old` and `new` what agrees in `by`, in order.
fn pair(
    before: &[Compared],
    after: &[Compared],
    old: &mut BTreeSet<usize>,
    new: &mut BTreeSet<usize>,
    by: impl Fn(&Compared) -> (String, String),
    mut found: impl FnMut(usize, usize),
) {
    let mut open: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    new.iter().rev().for_each(|&at| open.entry(by(&after[at])).or_default().push(at));
    let of_old: Vec<usize> = old.iter().copied().collect();
    for at in of_old {
        if let Some(partner) = open.get_mut(&by(&before[at])).and_then(Vec::pop) {
            old.remove(&at);
            new.remove(&partner);
            found(at, partner);
        }
    }
}

/// Pairs of statements of one speaker that have most of their words in common, the likest first.
fn alike(before: &[Compared], after: &[Compared], old: &BTreeSet<usize>, new: &BTreeSet<usize>) -> Vec<(usize, usize)> {
    let by_speaker = |list: &[Compared], open: &BTreeSet<usize>| {
        let mut speakers: BTreeMap<String, Vec<(usize, BTreeSet<String>)>> = BTreeMap::new();
        for &at in open {
            let words = list[at].content.split(' ').map(str::to_owned).collect();
            speakers.entry(list[at].speaker.clone()).or_default().push((at, words));
        }
        speakers
    };
    let (of_old, of_new) = (by_speaker(before, old), by_speaker(after, new));
    let mut pairs = Vec::new();
    for (speaker, olds) in &of_old {
        let Some(news) = of_new.get(speaker) else { continue };
        for (one, words) in olds.iter().take(MOST_COMPARED) {
            for (other, others) in news.iter().take(MOST_COMPARED) {
                let n_shared = words.intersection(others).count();
                let share = n_shared as f64 / (words.len() + others.len() - n_shared).max(1) as f64;
                if share >= LIKE {
                    pairs.push((share, *one, *other));
                }
            }
        }
    }
    pairs.sort_by(|one, other| other.0.total_cmp(&one.0).then((one.1, one.2).cmp(&(other.1, other.2))));
    let (mut taken_old, mut taken_new) = (BTreeSet::new(), BTreeSet::new());
    let free = pairs.into_iter().filter(|&(_, one, other)| {
        let free = !taken_old.contains(&one) && !taken_new.contains(&other);
        free && taken_old.insert(one) && taken_new.insert(other)
    });
    free.map(|(_, one, other)| (one, other)).collect()
}
