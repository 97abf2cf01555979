//! Keeping the file well: copies, checks, sizes.

use std::path::Path;
use std::time::Duration;

use rapporteur_record::Document;
use rusqlite::backup::Backup;
use rusqlite::{Connection, OptionalExtension};

use crate::error::{Error, Outcome, Problem};
use crate::find::{ARTICLES, article};
use crate::key::{FIRST_DATED, MOST_STATEMENTS, article_hash, article_id, statement_row};
use crate::pack::Unpacker;
use crate::spans::Spans;
use crate::{ArticleFound, Store};

/// Something in the file that breaks its rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// Where: a table, an article's id, a snapshot.
    pub place: String,
    /// What is wrong there.
    pub what: String,
}

/// What is in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Articles, revisions among them.
    pub n_articles: u64,
    /// Articles whose URL has another text besides.
    pub n_revised: u64,
    /// Statements.
    pub n_statements: u64,
    /// Different names of entities.
    pub n_names: u64,
    /// Different outlets.
    pub n_outlets: u64,
    /// Snapshots of pages and texts.
    pub n_snapshots: u64,
    /// Records that were passed over in imports.
    pub n_skipped: u64,
    /// Bytes of all texts and pages, unpacked.
    pub snapshot_bytes: u64,
    /// Bytes of the file.
    pub file_bytes: u64,
    /// The first and the last day of publication.
    pub days: Option<(String, String)>,
}

/// Pages that are copied between two looks at whether others want to write.
const BACKUP_PAGES: i32 = 1024;

impl Store {
    /// Copies the database to `path` while others may write; the copy is of one moment. A file that is there already is
    /// not overwritten.
    pub fn backup(&self, path: &Path) -> Result<(), Error> {
        let copied = (|| {
            if path.try_exists()? {
                return Err(Problem::Denied("it is there already: name a new file".to_owned()));
            }
            let mut target = Connection::open(path)?;
            Backup::new(&self.connection, &mut target)?.run_to_completion(BACKUP_PAGES, Duration::ZERO, None)?;
            Ok(())
        })();
        copied.map_err(|problem: Problem| problem.at(path))
    }

    /// Looks at everything but the words in the search index, of which only the number of rows is looked at: the file's
    /// structure, the hash of every snapshot, every span of every statement, and whether tables and documents agree.
    /// Hands each flaw to `see`; returns how many there were.
    pub fn check(&self, mut see: impl FnMut(Flaw)) -> Result<u64, Error> {
        let mut n_flaws = 0;
        let mut flaw = |place: &str, what: String| {
            n_flaws += 1;
            see(Flaw { place: place.to_owned(), what });
        };
        let checked = (|| {
            // One moment of the file, whatever others write meanwhile.
            let _moment = self.connection.unchecked_transaction()?;
            self.check_structure(&mut flaw)?;
            self.check_counts(&mut flaw)?;
            self.check_people(&mut flaw)?;
            self.check_snapshots(&mut flaw)?;
            self.check_articles(&mut flaw)
        })();
        match checked {
            Ok(()) => Ok(n_flaws),
            Err(problem @ Problem::Damaged(_)) => {
                flaw("file", problem.to_string());
                Ok(n_flaws)
            }
            Err(problem) => Err(problem.at(&self.path)),
        }
    }

    fn check_structure(&self, flaw: &mut dyn FnMut(&str, String)) -> Outcome<()> {
        let mut query = self.connection.prepare("PRAGMA integrity_check")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let line: String = row.get(0)?;
            if line != "ok" {
                flaw("file", line);
            }
        }
        Ok(())
    }

    fn check_counts(&self, flaw: &mut dyn FnMut(&str, String)) -> Outcome<()> {
        let count = |sql: &str| self.connection.query_row(sql, [], |row| row.get::<_, i64>(0));
        let rows = |table: &str| count(&format!("SELECT count(*) FROM {table}"));
        let (n_articles, n_statements) = (rows("articles")?, rows("statements")?);
        for (one, n_one, other, n_other) in [
            ("articles", n_articles, "records", rows("records")?),
            ("articles", n_articles, "articles_text", self.n_indexed("articles_text")?),
            ("statements", n_statements, "statements_text", self.n_indexed("statements_text")?),
        ] {
            if n_one != n_other {
                flaw(one, format!("it has {n_one} rows, and {other} has {n_other}"));
            }
        }
        Ok(())
    }

    /// How many rows a search index holds. It can't be asked, but notes it first of all in its first record, seven bits
    /// a byte, high part first.
    fn n_indexed(&self, index: &str) -> Outcome<i64> {
        let sql = format!("SELECT block FROM {index}_data WHERE id = 1");
        let noted: Vec<u8> = self.connection.query_row(&sql, [], |row| row.get(0)).optional()?.unwrap_or_default();
        let last = noted.iter().take(8).position(|byte| byte & 0x80 == 0);
        let number = &noted[..last.map_or(0, |last| last + 1)];
        Ok(number.iter().fold(0, |number, byte| number << 7 | i64::from(byte & 0x7F)))
    }

    /// Whether entities and people tell of each other.
    fn check_people(&self, flaw: &mut dyn FnMut(&str, String)) -> Outcome<()> {
        let count = |sql: &str| self.connection.query_row(sql, [], |row| row.get::<_, i64>(0));
        let n_lost =
            count("SELECT count(*) FROM entities WHERE person IS NOT NULL AND person NOT IN (SELECT id FROM people)")?;
        if n_lost > 0 {
            flaw("entities", format!("{n_lost} are of a person who is missing"));
        }
        let n_empty =
            count("SELECT count(*) FROM people WHERE NOT EXISTS (SELECT 1 FROM entities WHERE person = people.id)")?;
        if n_empty > 0 {
            flaw("people", format!("{n_empty} are named by no article"));
        }
        Ok(())
    }

    fn check_snapshots(&self, flaw: &mut dyn FnMut(&str, String)) -> Outcome<()> {
        let mut unpacker = Unpacker::default();
        let mut query = self.connection.prepare("SELECT id, hash FROM snapshots ORDER BY id")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let (id, hash): (i64, [u8; 32]) = (row.get(0)?, row.get(1)?);
            match self.snapshot(&mut unpacker, id) {
                Ok(bytes) if *blake3::hash(&bytes).as_bytes() == hash => {}
                Ok(_) => flaw(&format!("snapshot {id}"), "its bytes are not those of its hash".to_owned()),
                Err(Problem::Damaged(what)) => flaw(&format!("snapshot {id}"), what),
                Err(problem) => return Err(problem),
            }
        }
        Ok(())
    }

    fn check_articles(&self, flaw: &mut dyn FnMut(&str, String)) -> Outcome<()> {
        let mut unpacker = Unpacker::default();
        let mut query = self.connection.prepare(&format!("{ARTICLES} ORDER BY a.id"))?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let found = article(row)?;
            match self.document_at(&mut unpacker, &found) {
                Ok(document) => self.check_document(&found, &document, flaw)?,
                Err(Problem::Damaged(what)) => flaw(&found.id, what),
                Err(problem) => return Err(problem),
            }
        }
        Ok(())
    }

    /// Whether the rows of an article are those that its document would give. Its spans were looked at in reading it.
    fn check_document(
        &self,
        found: &ArticleFound,
        document: &Document,
        flaw: &mut dyn FnMut(&str, String),
    ) -> Outcome<()> {
        let hash = article_hash(&document.article);
        if article_id(&hash) != found.id {
            flaw(&found.id, "its document is another article's".to_owned());
            return Ok(());
        }
        let sql = "SELECT spans FROM statements WHERE id = ?";
        let mut query = self.connection.prepare_cached(sql)?;
        for statement in document.statements.iter().take(MOST_STATEMENTS) {
            let mut rows = query.query([statement_row(found.row, statement.id)])?;
            let Some(row) = rows.next()? else {
                flaw(&found.id, format!("statement {} is in no row", statement.id));
                continue;
            };
            let kept = Spans::unpack(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?);
            if kept != Some(Spans::of(statement)) {
                flaw(&found.id, format!("the row of statement {} is not the document's", statement.id));
            }
        }
        if document.statements.len() != found.n_statements {
            flaw(&found.id, format!("it has {} statements, not {}", document.statements.len(), found.n_statements));
        }
        Ok(())
    }

    /// What is in the file.
    pub fn stats(&self) -> Result<Stats, Error> {
        self.counted().map_err(|problem| problem.at(&self.path))
    }

    fn counted(&self) -> Outcome<Stats> {
        let number =
            |sql: &str| self.connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map(|number| number as u64);
        let sql = "SELECT min(published), max(published) FROM articles WHERE id >= ?";
        let days: (Option<String>, Option<String>) =
            self.connection.query_row(sql, [FIRST_DATED], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let day = |moment: String| moment.chars().take(10).collect();
        let revised = "SELECT coalesce(sum(n), 0) FROM (SELECT count(*) AS n FROM articles WHERE url IS NOT NULL
                       GROUP BY url HAVING n > 1)";
        Ok(Stats {
            n_articles: number("SELECT count(*) FROM articles")?,
            n_revised: number(revised)?,
            n_statements: number("SELECT count(*) FROM statements")?,
            n_names: number("SELECT count(*) FROM names")?,
            n_outlets: number("SELECT count(*) FROM outlets")?,
            n_snapshots: number("SELECT count(*) FROM snapshots")?,
            n_skipped: number("SELECT count(*) FROM skipped")?,
            snapshot_bytes: number("SELECT coalesce(sum(n_bytes), 0) FROM snapshots")?,
            file_bytes: number("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")?,
            days: days.0.zip(days.1).map(|(first, last)| (day(first), day(last))),
        })
    }
}
