//! What was read from where, what was passed over, and what was fetched.

use rusqlite::{OptionalExtension, Transaction, params};

use crate::error::{Error, Outcome};
use crate::put::{Batch, Put, Stored};
use crate::{Problem, Store, key};

/// How far a source is done: stored together with what was read from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The file, as its absolute path.
    pub source: String,
    /// Its size in bytes.
    pub n_bytes: u64,
    /// When it was last changed, as the caller writes it; only compared.
    pub modified: String,
    /// BLAKE3 of the whole file, 128 bits, if it was read to its end.
    pub hash: Option<[u8; 16]>,
    /// Records that were done before this batch; 0 starts the counts anew.
    pub from: u64,
    /// Records that are done, from the first on.
    pub position: u64,
    /// Whether it was read to its end.
    pub finished: bool,
}

/// What is known of a source that was read before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// How far.
    pub progress: Progress,
    /// Articles that it added, revisions among them.
    pub n_added: u64,
    /// Articles that were there already.
    pub n_known: u64,
    /// Articles whose URL was known with another text.
    pub n_revised: u64,
    /// Records that were passed over.
    pub n_skipped: u64,
    /// Statements that it added.
    pub n_statements: u64,
}

/// A record that gave no article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The file.
    pub source: String,
    /// Line or byte, as the source counts.
    pub position: u64,
    /// Why.
    pub reason: String,
}

/// One request for a page or a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fetch {
    /// What was asked for.
    pub url: String,
    /// When, RFC 3339.
    pub at: String,
    /// The HTTP status; `None` if there was no answer.
    pub status: Option<u16>,
    /// For the next request.
    pub etag: Option<String>,
    /// For the next request.
    pub last_modified: Option<String>,
    /// Why there was no page.
    pub error: Option<String>,
    /// The id of the article that it gave.
    pub article: Option<String>,
}

impl Store {
    /// How far a source was read before.
    pub fn import_of(&self, source: &str) -> Result<Option<Import>, Error> {
        self.imports(Some(source)).map(|imports| imports.into_iter().next())
    }

    /// All sources, or one, by name.
    pub fn imports(&self, source: Option<&str>) -> Result<Vec<Import>, Error> {
        let found = (|| {
            let sql =
                "SELECT source, n_bytes, modified, hash, position, finished, n_added, n_known, n_revised, n_skipped,
                       n_statements FROM imports WHERE ?1 IS NULL OR source = ?1 ORDER BY source";
            let mut query = self.connection.prepare_cached(sql)?;
            let rows = query.query_map([source], |row| {
                let count = |at: usize| row.get::<_, i64>(at).map(|count| count as u64);
                let progress = Progress {
                    source: row.get(0)?,
                    n_bytes: count(1)?,
                    modified: row.get(2)?,
                    hash: row.get(3)?,
                    from: count(4)?,
                    position: count(4)?,
                    finished: row.get(5)?,
                };
                let (n_added, n_known, n_revised) = (count(6)?, count(7)?, count(8)?);
                let (n_skipped, n_statements) = (count(9)?, count(10)?);
                Ok(Import { progress, n_added, n_known, n_revised, n_skipped, n_statements })
            })?;
            Ok(rows.collect::<Result<Vec<_>, _>>()?)
        })();
        found.map_err(|problem: Problem| problem.at(&self.path))
    }

    /// Whether a raw record with that hash was read before.
    pub fn known_input(&self, hash: &[u8; 16]) -> Result<bool, Error> {
        let known = (|| {
            let mut query = self.connection.prepare_cached("SELECT 1 FROM inputs WHERE hash = ?")?;
            Ok(query.exists([hash])?)
        })();
        known.map_err(|problem: Problem| problem.at(&self.path))
    }

    /// What was passed over, by source and position, until `see` returns false.
    pub fn skipped(&self, mut see: impl FnMut(Skipped) -> bool) -> Result<(), Error> {
        let seen = (|| {
            let mut query = self.connection.prepare("SELECT source, position, reason FROM skipped")?;
            let mut rows = query.query([])?;
            while let Some(row) = rows.next()? {
                let position = row.get::<_, i64>(1)? as u64;
                if !see(Skipped { source: row.get(0)?, position, reason: row.get(2)? }) {
                    break;
                }
            }
            Ok(())
        })();
        seen.map_err(|problem: Problem| problem.at(&self.path))
    }

    /// Notes requests, in one transaction.
    pub fn put_fetches(&mut self, fetches: &[Fetch]) -> Result<(), Error> {
        self.write(|transaction, _| fetches.iter().try_for_each(|fetch| self::fetch(transaction, fetch)))
    }

    /// The last request for a URL.
    pub fn last_fetch(&self, url: &str) -> Result<Option<Fetch>, Error> {
        let found = (|| {
            let sql = "SELECT url, at, status, etag, last_modified, error, article FROM fetches WHERE url = ?
                       ORDER BY id DESC LIMIT 1";
            let mut query = self.connection.prepare_cached(sql)?;
            let fetch = query.query_row([url], |row| {
                let article: Option<Vec<u8>> = row.get(6)?;
                Ok(Fetch {
                    url: row.get(0)?,
                    at: row.get(1)?,
                    status: row.get(2)?,
                    etag: row.get(3)?,
                    last_modified: row.get(4)?,
                    error: row.get(5)?,
                    article: article.map(|hash| key::article_id(&hash)),
                })
            });
            Ok(fetch.optional()?)
        })();
        found.map_err(|problem: Problem| problem.at(&self.path))
    }
}

fn fetch(transaction: &Transaction, fetch: &Fetch) -> Outcome<()> {
    let article = fetch.article.as_deref().map(key::article_range).transpose().map_err(Problem::Query)?;
    let sql = "INSERT INTO fetches (url, at, status, etag, last_modified, error, article) VALUES (?, ?, ?, ?, ?, ?, ?)";
    let article = article.map(|(hash, _)| hash);
    let Fetch { url, at, status, etag, last_modified, error, .. } = fetch;
    transaction.prepare_cached(sql)?.execute(params![url, at, status, etag, last_modified, error, article])?;
    Ok(())
}

pub(crate) fn skip(transaction: &Transaction, skipped: &Skipped) -> Outcome<()> {
    let sql = "INSERT OR REPLACE INTO skipped (source, position, reason) VALUES (?, ?, ?)";
    let Skipped { source, position, reason } = skipped;
    transaction.prepare_cached(sql)?.execute(params![source, *position as i64, reason])?;
    Ok(())
}

/// Moves the watermark and adds to the counts, which begin anew with a file that was changed or is read from its start;
/// so does what was skipped.
pub(crate) fn advance(transaction: &Transaction, progress: &Progress, put: &Put, batch: &Batch) -> Outcome<()> {
    if progress.from == 0 {
        transaction.prepare_cached("DELETE FROM skipped WHERE source = ?")?.execute([&progress.source])?;
    }
    let count = |wanted: &[Stored]| put.stored.iter().filter(|stored| wanted.contains(stored)).count() as i64;
    let sql = "INSERT INTO imports VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
               ON CONFLICT (source) DO UPDATE SET
               n_added = ?7 + iif(?12 > 0, n_added, 0),
               n_known = ?8 + iif(?12 > 0, n_known, 0),
               n_revised = ?9 + iif(?12 > 0, n_revised, 0),
               n_skipped = ?10 + iif(?12 > 0, n_skipped, 0),
               n_statements = ?11 + iif(?12 > 0, n_statements, 0),
               n_bytes = ?2, modified = ?3, hash = ?4, position = ?5, finished = ?6";
    transaction.prepare_cached(sql)?.execute(params![
        progress.source,
        progress.n_bytes as i64,
        progress.modified,
        progress.hash,
        progress.position as i64,
        progress.finished,
        count(&[Stored::Added, Stored::Revised]),
        count(&[Stored::Known]) + batch.n_known as i64,
        count(&[Stored::Revised]),
        batch.skipped.len() as i64,
        put.n_statements as i64,
        progress.from as i64,
    ])?;
    Ok(())
}
