//! Whole documents and pages out again.

use std::ops::ControlFlow;

use rapporteur_record::Document;
use rusqlite::OptionalExtension;

use crate::error::{Error, Outcome, Problem};
use crate::fold::folded;
use crate::lean;
use crate::pack::Unpacker;
use crate::query::distance;
use crate::{ArticleFound, Store};

/// A name of the record, and what it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameFound {
    /// As an article has it.
    pub name: String,
    /// Without case, accents and punctuation.
    pub folded: String,
    /// How many statements it spoke, alone or with others.
    pub n_statements: u64,
}

impl NameFound {
    pub(crate) fn of(name: String, n_statements: u64) -> Self {
        NameFound { folded: folded(&name), name, n_statements }
    }
}

impl Store {
    /// The document of an article, as it was put.
    pub fn document(&self, article: &ArticleFound) -> Result<Document, Error> {
        self.document_at(&mut Unpacker::default(), article).map_err(|problem| problem.at(&self.path))
    }

    /// All documents, by the ids of their articles: the order in which two databases with the same articles agree.
    pub fn documents(&self, mut see: impl FnMut(Document) -> ControlFlow<()>) -> Result<(), Error> {
        let seen = (|| {
            let mut unpacker = Unpacker::default();
            let mut query = self.connection.prepare(&format!("{} ORDER BY a.hash", crate::find::ARTICLES))?;
            let mut rows = query.query([])?;
            while let Some(row) = rows.next()? {
                let article = crate::find::article(row)?;
                if see(self.document_at(&mut unpacker, &article)?).is_break() {
                    break;
                }
            }
            Ok(())
        })();
        seen.map_err(|problem: Problem| problem.at(&self.path))
    }

    pub(crate) fn document_at(&self, unpacker: &mut Unpacker, article: &ArticleFound) -> Outcome<Document> {
        let damaged = |what: String| Problem::Damaged(format!("article {}: {what}", article.id));
        let text = self.text(unpacker, article.text)?;
        let sql = "SELECT dictionary, n_bytes, body FROM records WHERE article = ?";
        let mut query = self.connection.prepare_cached(sql)?;
        let mut rows = query.query([article.row])?;
        let row = rows.next()?.ok_or_else(|| damaged("its record is missing".to_owned()))?;
        let body = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
        let lean = unpacker.unpack(&self.connection, row.get(0)?, row.get(1)?, body)?;
        let json = lean::whole(&lean).ok_or_else(|| damaged("its record makes no sense".to_owned()))?;
        Document::from_json_and_text(&json, text).map_err(|error| damaged(error.to_string()))
    }

    /// The article's text.
    pub fn article_text(&self, article: &ArticleFound) -> Result<String, Error> {
        self.text(&mut Unpacker::default(), article.text).map_err(|problem| problem.at(&self.path))
    }

    /// The bytes of the article's page as they came, if they were kept.
    pub fn page(&self, article: &ArticleFound) -> Result<Option<Vec<u8>>, Error> {
        let page = article.page.map(|page| self.snapshot(&mut Unpacker::default(), page)).transpose();
        page.map_err(|problem| problem.at(&self.path))
    }

    /// The hash of the article's page as it came, if that was kept, else of its text: BLAKE3, 64 digits.
    pub fn snapshot_hash(&self, article: &ArticleFound) -> Result<String, Error> {
        let hash = (|| {
            let sql = "SELECT hash FROM snapshots WHERE id = ?";
            let id = article.page.unwrap_or(article.text);
            let hash =
                self.connection.prepare_cached(sql)?.query_row([id], |row| row.get::<_, [u8; 32]>(0)).optional()?;
            hash.ok_or_else(|| Problem::Damaged(format!("snapshot {id} is missing")))
        })();
        let hash = hash.map_err(|problem| problem.at(&self.path))?;
        Ok(blake3::Hash::from_bytes(hash).to_hex().to_string())
    }

    /// Names that hold the words of `name` (the last may go on with `*`), those first that speak most.
    pub fn names(&self, name: &str, limit: usize) -> Result<Vec<NameFound>, Error> {
        let found = (|| {
            let Some(phrase) = crate::Phrase::new(name) else { return Ok(Vec::new()) };
            let words = crate::Words { all: vec![vec![phrase]], none: Vec::new() };
            let (expression, _) = words.expressions();
            let sql = "SELECT n.name, (SELECT count(*) FROM parts p WHERE p.name = n.id AND p.part = 0) AS spoken
                       FROM names n WHERE n.id IN (SELECT rowid FROM names_text WHERE names_text MATCH ?)
                       ORDER BY spoken DESC, n.name LIMIT ?";
            let mut query = self.connection.prepare_cached(sql)?;
            let rows = query.query_map(rusqlite::params![expression, limit as i64], |row| {
                Ok(NameFound::of(row.get(0)?, row.get::<_, i64>(1)? as u64))
            })?;
            Ok(rows.collect::<Result<Vec<_>, _>>()?)
        })();
        found.map_err(|problem: Problem| problem.at(&self.path))
    }

    /// The name that was perhaps meant by one that is mistyped: a letter or two away from it or from one of its words,
    /// and of these the nearest, and of these the one that speaks most. All names are looked at.
    pub fn name_like(&self, typed: &str) -> Result<Option<NameFound>, Error> {
        let found = || -> Outcome<Option<NameFound>> {
            let typed: Vec<char> = folded(typed).chars().collect();
            let most = if typed.len() < 4 { return Ok(None) } else { 1 + typed.len() / 6 };
            let mut query = self.connection.prepare("SELECT id, name FROM names")?;
            let mut rows = query.query([])?;
            let (mut nearest, mut least) = (Vec::new(), most + 1);
            while let Some(row) = rows.next()? {
                let name = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
                let Some(distance) = distance_to_any(&typed, &folded(name), least) else { continue };
                if distance < least {
                    nearest.clear();
                    least = distance;
                }
                nearest.push((row.get::<_, i64>(0)?, name.to_owned()));
            }
            let mut speaking = self.connection.prepare("SELECT count(*) FROM parts WHERE name = ? AND part = 0")?;
            let mut best: Option<NameFound> = None;
            for (id, name) in nearest {
                let n_statements = speaking.query_row([id], |row| row.get::<_, i64>(0))? as u64;
                let better = best.as_ref().is_none_or(|best| {
                    (n_statements, std::cmp::Reverse(&name)) > (best.n_statements, std::cmp::Reverse(&best.name))
                });
                if better {
                    best = Some(NameFound::of(name, n_statements));
                }
            }
            Ok(best)
        };
        found().map_err(|problem| problem.at(&self.path))
    }
}

/// How far `typed` is from `name` or from one of its words; `None` if further than `most`.
fn distance_to_any(typed: &[char], name: &str, most: usize) -> Option<usize> {
    let words = name.split(' ').filter(|word| word.len() < name.len());
    let near = |word: &&str| word.chars().count().abs_diff(typed.len()) <= most;
    words.chain([name]).filter(near).map(|word| distance(typed, word)).filter(|&distance| distance <= most).min()
}
