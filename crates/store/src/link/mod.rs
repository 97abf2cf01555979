//! People and bodies across documents: which entities are one.
//!
//! Linking is a function of the entities' rows, of authorities and of decisions, and of nothing else, so that the order
//! in which articles came does not count. Entities are compared within a block only: a family name, a body's initials, a
//! state. When articles come, the blocks that they touch are linked anew, and no others.

mod bodies;
mod body_name;
mod decided;
mod load;
mod office;
mod person_name;
mod persons;
mod profile;
mod row;
mod tables;
mod union;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Transaction;

pub use self::decided::Part;
pub(crate) use self::decided::{member, member_name, undone};
use self::load::Loader;
use self::row::{Call, Row};
pub(crate) use self::write::Person;
use crate::error::{Error, Outcome};
use crate::{Problem, Store};

/// So many articles are linked in one transaction.
const CHUNK: i64 = 20_000;

/// What [`Store::link`] did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Linked {
    /// Articles whose entities were waiting.
    pub n_articles: u64,
    /// People and bodies in the blocks that they touched.
    pub n_people: u64,
}

impl Store {
    /// Links the entities of all articles that were put since the last time, so that [`Store::people`] and the like know
    /// of them. Call it after an import. It takes some twenty microseconds an entity; if it is stopped, it goes on next time.
    pub fn link(&mut self) -> Result<Linked, Error> {
        self.link_by(CHUNK)
    }

    fn link_by(&mut self, chunk: i64) -> Result<Linked, Error> {
        let mut all = Linked::default();
        loop {
            let linked = self.write(|transaction, _| step(transaction, chunk))?;
            all = Linked { n_articles: all.n_articles + linked.n_articles, n_people: all.n_people + linked.n_people };
            if linked.n_articles == 0 {
                return Ok(all);
            }
        }
    }

    /// How many articles are waiting to be linked.
    pub fn n_waiting(&self) -> Result<u64, Error> {
        let counted = self.connection.query_row("SELECT count(*) FROM waiting", [], |row| row.get::<_, i64>(0));
        counted.map(|n| n as u64).map_err(|error| Problem::from(error).at(&self.path))
    }
}

fn step(transaction: &Transaction, chunk: i64) -> Outcome<Linked> {
    let articles: Vec<i64> = {
        let mut query = transaction.prepare_cached("SELECT article FROM waiting ORDER BY article LIMIT ?")?;
        query.query_map([chunk], |row| row.get(0))?.collect::<Result<_, _>>()?
    };
    let Some(last) = articles.last() else { return Ok(Linked::default()) };
    let mut loader = Loader::new(transaction)?;
    let mut fresh: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for article in &articles {
        for (block, row) in loader.of_article(*article)? {
            fresh.entry(block).or_default().push(row);
        }
    }
    let n_people = relink(transaction, &mut loader, fresh)?;
    transaction.execute("DELETE FROM waiting WHERE article <= ?", [last])?;
    Ok(Linked { n_articles: articles.len() as u64, n_people })
}

/// Links the blocks of `fresh`, and those that decisions tie to them, anew; returns how many people are in them.
fn relink(transaction: &Transaction, loader: &mut Loader, mut fresh: BTreeMap<String, Vec<Row>>) -> Outcome<u64> {
    let decided = decided::Decided::load(transaction, loader)?;
    let mut done: BTreeSet<String> = BTreeSet::new();
    let mut n_people = 0;
    for block in fresh.keys().cloned().collect::<Vec<_>>() {
        if done.contains(&block) {
            continue;
        }
        let blocks = decided.tied_to(&block);
        let mut rows = Vec::new();
        for block in &blocks {
            rows.extend(fresh.remove(block).unwrap_or_default());
            rows.extend(loader.of_block(block)?);
        }
        // Rows of a tied block may be of another's person.
        rows.sort_unstable_by_key(|row| (row.article, row.ordinal));
        rows.dedup_by_key(|row| (row.article, row.ordinal));
        let mut people = Vec::new();
        for members in by_block(loader, &rows)?.values() {
            people.extend(of_block(loader, &rows, members)?);
        }
        decided.apply(&rows, &mut people);
        n_people += people.len() as u64;
        write::write(transaction, loader, &blocks, &rows, &people)?;
        done.extend(blocks);
    }
    Ok(n_people)
}

/// Links the blocks of some entities anew.
pub(crate) fn relink_around(transaction: &Transaction, members: &[(i64, i64)]) -> Outcome<()> {
    let mut loader = Loader::new(transaction)?;
    let mut blocks = BTreeMap::new();
    for (article, ordinal) in members {
        blocks.extend(loader.block_of(*article, *ordinal)?.map(|block| (block, Vec::new())));
    }
    relink(transaction, &mut loader, blocks)?;
    Ok(())
}

/// Links every block anew, as after an import of authorities.
pub(crate) fn relink_all(transaction: &Transaction) -> Outcome<()> {
    let blocks: Vec<String> = {
        let mut query = transaction.prepare("SELECT DISTINCT block FROM people")?;
        query.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?
    };
    let mut loader = Loader::new(transaction)?;
    relink(transaction, &mut loader, blocks.into_iter().map(|block| (block, Vec::new())).collect())?;
    Ok(())
}

fn by_block(loader: &mut Loader, rows: &[Row]) -> Outcome<BTreeMap<String, Vec<usize>>> {
    let mut blocks: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        blocks.entry(loader.block(row)).or_default().push(at);
    }
    Ok(blocks)
}

/// The people of one block, as places in `rows`.
fn of_block(loader: &mut Loader, rows: &[Row], members: &[usize]) -> Outcome<Vec<Vec<usize>>> {
    let own: Vec<Row> = members.iter().map(|&at| rows[at].clone()).collect();
    let people = match &*own[0].call {
        _ if own.len() == 1 => vec![vec![0]],
        Call::Person(_) => persons::persons(&own, &loader.company(&own)?),
        Call::Body(_) => {
            let abbreviated = loader.abbreviated(&own)?;
            bodies::bodies(&own, &|row| abbreviated.contains(&(row.article, row.ordinal)))
        }
        Call::State { .. } => vec![(0..own.len()).collect()],
    };
    Ok(people.into_iter().map(|person| person.into_iter().map(|at| members[at]).collect()).collect())
}
