//! Entities out of the database, with their names and offices taken apart.

use std::collections::hash_map::DefaultHasher;
use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rapporteur_record::EntityKind;
use rusqlite::{Params, Transaction};

use super::body_name::BodyName;
use super::office::Office;
use super::person_name::PersonName;
use super::profile::Company;
use super::row::{Call, Row};
use crate::codes;
use crate::error::Outcome;
use crate::folded;
use crate::key::{FIRST_DATED, ORDINAL_BITS, WITHIN_DAY_BITS};

/// Past so many articles the memory of who is named in them starts anew.
const MOST_ARTICLES: usize = 200_000;

const ROWS: &str = "SELECT e.article, e.ordinal, e.kind, e.name, e.role, e.country, e.n_statements, e.person, a.outlet,
    a.hash FROM entities e CROSS JOIN articles a ON a.id = e.article";

/// Reads rows, and remembers what it read of names, roles and articles.
pub(super) struct Loader<'a> {
    transaction: &'a Transaction<'a>,
    calls: HashMap<(i64, i64), Option<Arc<Call>>>,
    offices: HashMap<i64, Arc<[Office]>>,
    company: HashMap<i64, Arc<[i64]>>,
    pub(super) has_authorities: bool,
}

impl<'a> Loader<'a> {
    pub(super) fn new(transaction: &'a Transaction<'a>) -> Outcome<Self> {
        let has_authorities = transaction.prepare("SELECT 1 FROM authorities LIMIT 1")?.exists([])?;
        let (calls, offices, company) = (HashMap::new(), HashMap::new(), HashMap::new());
        Ok(Loader { transaction, calls, offices, company, has_authorities })
    }

    /// The entities of an article that can be linked, each with its block.
    pub(super) fn of_article(&mut self, article: i64) -> Outcome<Vec<(String, Row)>> {
        let condition = "e.article = ? AND e.named AND e.ordinal < ?";
        let rows = self.rows(condition, [article, 1 << ORDINAL_BITS])?;
        Ok(rows.into_iter().map(|row| (self.block(&row), row)).collect())
    }

    /// The entities of all people of a block.
    pub(super) fn of_block(&mut self, block: &str) -> Outcome<Vec<Row>> {
        self.rows("e.person IN (SELECT id FROM people WHERE block = ?)", [block])
    }

    /// The block of an entity; `None` if it can't be linked.
    pub(super) fn block_of(&mut self, article: i64, ordinal: i64) -> Outcome<Option<String>> {
        let rows = self.rows("e.article = ? AND e.ordinal = ? AND e.named", [article, ordinal])?;
        Ok(rows.first().map(|row| self.block(row)))
    }

    fn rows(&mut self, condition: &str, bound: impl Params) -> Outcome<Vec<Row>> {
        let mut query = self.transaction.prepare_cached(&format!("{ROWS} WHERE {condition}"))?;
        let mut found = query.query(bound)?;
        let mut rows = Vec::new();
        while let Some(row) = found.next()? {
            let (article, kind, name): (i64, i64, i64) = (row.get(0)?, row.get(2)?, row.get(3)?);
            let (country, hash): (Option<Arc<str>>, [u8; 16]) = (row.get(5)?, row.get(9)?);
            let Some(call) = self.call(kind, name, country.as_deref())? else { continue };
            let offices = match row.get::<_, Option<i64>>(4)? {
                Some(role) => self.offices(role)?,
                None => Arc::from([]),
            };
            rows.push(Row {
                article,
                ordinal: row.get(1)?,
                hash: u64::from_be_bytes(hash[..8].try_into().expect("eight of 16 bytes")),
                day: if article < FIRST_DATED { 0 } else { (article >> WITHIN_DAY_BITS) as i32 },
                outlet: row.get(8)?,
                kind,
                name,
                call,
                offices,
                country,
                n_statements: row.get(6)?,
                person: row.get(7)?,
            });
        }
        Ok(rows)
    }

    fn call(&mut self, kind: i64, name: i64, country: Option<&str>) -> Outcome<Option<Arc<Call>>> {
        let kind_value = codes::value(EntityKind::ALL, kind);
        if kind_value == Some(EntityKind::State)
            && let Some(country) = country
        {
            let shown = self.name(name)?;
            return Ok(Some(Arc::new(Call::State { key: country.to_owned(), shown })));
        }
        if let Some(call) = self.calls.get(&(kind, name)) {
            return Ok(call.clone());
        }
        let words = self.name(name)?;
        let call = match kind_value {
            Some(EntityKind::Person) => PersonName::parse(&words).map(Call::Person),
            Some(EntityKind::Organization | EntityKind::Group) => BodyName::parse(&words).map(Call::Body),
            Some(EntityKind::State) => {
                Some(folded(&words)).filter(|key| !key.is_empty()).map(|key| Call::State { key, shown: words })
            }
            _ => None,
        };
        let call = call.map(Arc::new);
        self.calls.insert((kind, name), call.clone());
        Ok(call)
    }

    /// A name as articles have it.
    pub(super) fn name(&self, name: i64) -> Outcome<String> {
        let mut query = self.transaction.prepare_cached("SELECT name FROM names WHERE id = ?")?;
        Ok(query.query_row([name], |row| row.get(0))?)
    }

    fn offices(&mut self, role: i64) -> Outcome<Arc<[Office]>> {
        if let Some(offices) = self.offices.get(&role) {
            return Ok(offices.clone());
        }
        let mut query = self.transaction.prepare_cached("SELECT role FROM roles WHERE id = ?")?;
        let offices: Arc<[Office]> = Office::all(&query.query_row([role], |row| row.get::<_, String>(0))?).into();
        self.offices.insert(role, offices.clone());
        Ok(offices)
    }

    /// What alone an entity is compared with.
    pub(super) fn block(&self, row: &Row) -> String {
        let kind = codes::value(EntityKind::ALL, row.kind).map_or("", EntityKind::word);
        let key = match &*row.call {
            Call::Person(name) => &name.family,
            Call::Body(name) => &name.initials,
            Call::State { key, .. } => key,
        };
        format!("{kind} {key}")
    }

    /// Who and what else is named in the articles of `rows`, but for the names of the rows themselves.
    pub(super) fn company(&mut self, rows: &[Row]) -> Outcome<Company> {
        let own: HashSet<i64> = rows.iter().map(|row| number(&row.call)).collect();
        let mut company = Company::new();
        for row in rows {
            if company.contains_key(&row.article) {
                continue;
            }
            let all = self.named_in(row.article)?;
            let others: Arc<[i64]> = all.iter().copied().filter(|name| !own.contains(name)).collect();
            company.insert(row.article, others);
        }
        Ok(company)
    }

    /// Persons by full names, bodies and groups; states and places are named in too many articles to tell anything.
    fn named_in(&mut self, article: i64) -> Outcome<Arc<[i64]>> {
        if let Some(named) = self.company.get(&article) {
            return Ok(named.clone());
        }
        let found: Vec<(i64, i64)> = {
            let sql = "SELECT kind, name FROM entities WHERE article = ? AND named";
            let mut query = self.transaction.prepare_cached(sql)?;
            query.query_map([article], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?
        };
        let mut named = Vec::new();
        for (kind, name) in found {
            match self.call(kind, name, None)?.as_deref() {
                Some(call @ Call::Person(name)) if name.is_full() => named.push(number(call)),
                Some(call @ Call::Body(name)) if !name.is_generic => named.push(number(call)),
                _ => {}
            }
        }
        named.sort_unstable();
        named.dedup();
        if self.company.len() >= MOST_ARTICLES {
            self.company.clear();
        }
        let named: Arc<[i64]> = named.into();
        self.company.insert(article, named.clone());
        Ok(named)
    }

    /// What else the article calls the entity, as names.id. A full name that disagrees was misread as the same person's.
    pub(super) fn other_names(&mut self, row: &Row) -> Outcome<Vec<i64>> {
        let found: Vec<i64> = {
            let sql = "SELECT name FROM other_names WHERE article = ? AND ordinal = ?";
            let mut query = self.transaction.prepare_cached(sql)?;
            query.query_map([row.article, row.ordinal], |row| row.get(0))?.collect::<Result<_, _>>()?
        };
        let mut names = Vec::new();
        for name in found {
            let call = self.call(row.kind, name, None)?;
            let agrees = match (&*row.call, call.as_deref()) {
                (Call::Person(one), Some(Call::Person(other))) => {
                    other.is_handle() || !other.is_full() || one.agreement(other).is_some()
                }
                (Call::Person(_), _) => false,
                _ => true,
            };
            if agrees {
                names.push(name);
            }
        }
        Ok(names)
    }

    /// Which of `rows` their own articles abbreviate to their initials.
    pub(super) fn abbreviated(&self, rows: &[Row]) -> Outcome<HashSet<(i64, i64)>> {
        let sql = "SELECT n.name FROM other_names o CROSS JOIN names n ON n.id = o.name
                   WHERE o.article = ? AND o.ordinal = ?";
        let mut query = self.transaction.prepare_cached(sql)?;
        let mut found = HashSet::new();
        for row in rows {
            let Call::Body(name) = &*row.call else { continue };
            let mut others = query.query([row.article, row.ordinal])?;
            while let Some(other) = others.next()? {
                let other: String = other.get(0)?;
                if !name.is_acronym && folded(&other).replace(' ', "") == name.initials {
                    found.insert((row.article, row.ordinal));
                }
            }
        }
        Ok(found)
    }
}

/// A number for what is the same name; equal on every run, and not kept.
fn number(call: &Call) -> i64 {
    let mut hasher = DefaultHasher::new();
    match call {
        Call::Person(name) => name.joined.hash(&mut hasher),
        Call::Body(name) => name.joined.hash(&mut hasher),
        Call::State { key, .. } => key.hash(&mut hasher),
    }
    hasher.finish() as i64
}

/// The number of the person whose first member is that entity.
pub(super) fn person_number(article: i64, ordinal: i64) -> i64 {
    article << ORDINAL_BITS | ordinal
}
