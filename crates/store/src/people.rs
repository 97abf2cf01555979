//! People and bodies across documents, and what they are on record with.

use std::ops::ControlFlow;

use rapporteur_record::EntityKind;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::error::{Error, Outcome, Problem};
use crate::find::Held;
use crate::key::{self, ORDINAL_BITS};
use crate::{Phrase, StatementFound, Store, Words, codes, folded, parts};

/// Somebody, or some body, that articles name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonFound {
    /// Its place in this file; means nothing elsewhere.
    pub row: i64,
    /// What it is called by commands: "p:4h7k2m9qab-3". It stays good when more articles come, though another may be shown.
    pub id: String,
    /// What it is.
    pub kind: EntityKind,
    /// The usual name.
    pub name: String,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Its id in a file of authorities that was imported: "Q58217".
    pub authority: Option<String>,
    /// Articles that name it.
    pub n_articles: u64,
    /// Statements that it speaks, alone or with others.
    pub n_statements: u64,
    /// The first day of publication.
    pub first: Option<String>,
    /// The last day of publication.
    pub last: Option<String>,
}

/// An office, and from when to when articles call somebody so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleFound {
    /// "foreign minister, Russia"
    pub role: String,
    /// Articles that do.
    pub n_articles: u64,
    /// The first of their days.
    pub first: Option<String>,
    /// The last.
    pub last: Option<String>,
}

/// SQL for people, and the `rest` of it.
fn people_and(rest: &str) -> String {
    format!(
        "SELECT p.id, a.hash, p.kind, p.name, p.country, p.authority, p.n_articles, p.n_statements, p.first, p.last,
         p.member FROM people p CROSS JOIN articles a ON a.id = p.member >> {ORDINAL_BITS} {rest}"
    )
}

impl Store {
    /// People one of whose names has these words in a row (the last may go on with `*`): those first that are called just
    /// so, then by how much they say.
    pub fn people(&self, name: &str) -> Result<Vec<PersonFound>, Error> {
        let found = (|| {
            let Some(phrase) = Phrase::new(name) else { return Ok(Vec::new()) };
            let words = Words { all: vec![vec![phrase]], none: Vec::new() };
            let (expression, _) = words.expressions();
            let sql = people_and(
                "WHERE p.id IN (SELECT person FROM people_names WHERE name IN
                    (SELECT rowid FROM names_text WHERE names_text MATCH ?1))
                 ORDER BY p.n_statements DESC, p.n_articles DESC, p.name, p.member",
            );
            let mut query = self.connection.prepare_cached(&sql)?;
            // A family name alone is everybody's of that name, and not that of one who is never called otherwise.
            let full = Some(folded(name)).filter(|name| name.contains(' '));
            let rows = query.query_map(params![expression], person)?;
            let mut people = rows.collect::<Result<Vec<_>, _>>()?;
            people.sort_by_key(|person| full.as_ref().is_some_and(|full| folded(&person.name) != *full));
            Ok(people)
        })();
        found.map_err(|problem: Problem| problem.at(&self.path))
    }

    /// The person that an id names.
    ///
    /// # Errors
    /// [`Problem::Query`] if it is no id, or names nobody.
    pub fn person(&self, id: &str) -> Result<PersonFound, Error> {
        let found = (|| person_at(&self.connection, resolve(&self.connection, id)?))();
        found.map_err(|problem| problem.at(&self.path))
    }

    /// All people, by when they were named first, until `see` breaks.
    pub fn all_people(&self, mut see: impl FnMut(PersonFound) -> ControlFlow<()>) -> Result<(), Error> {
        let seen = (|| {
            let mut query = self.connection.prepare(&people_and("ORDER BY p.member"))?;
            let mut rows = query.query([])?;
            while let Some(row) = rows.next()? {
                if see(person(row)?).is_break() {
                    break;
                }
            }
            Ok(())
        })();
        seen.map_err(|problem: Problem| problem.at(&self.path))
    }

    /// The offices of a person, the most frequent first.
    pub fn roles_of(&self, person: &PersonFound) -> Result<Vec<RoleFound>, Error> {
        let found = (|| {
            let sql = "SELECT role, n_articles, first, last FROM people_roles WHERE person = ?
                       ORDER BY n_articles DESC, last DESC, role";
            let mut query = self.connection.prepare_cached(sql)?;
            let rows = query.query_map([person.row], |row| {
                let n_articles = row.get::<_, i64>(1)? as u64;
                Ok(RoleFound { role: row.get(0)?, n_articles, first: row.get(2)?, last: row.get(3)? })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })();
        found.map_err(|problem: Problem| problem.at(&self.path))
    }

    /// The outlets of a person's statements, and how many each has, the most first.
    pub fn outlets_of(&self, person: &PersonFound) -> Result<Vec<(String, u64)>, Error> {
        let found = (|| {
            let sql = "SELECT coalesce(nullif(o.domain, ''), o.name) AS called, sum(e.n_statements) AS n
                       FROM entities e CROSS JOIN articles a ON a.id = e.article CROSS JOIN outlets o ON o.id = a.outlet
                       WHERE e.person = ? AND e.n_statements > 0 GROUP BY called ORDER BY n DESC, called";
            let mut query = self.connection.prepare_cached(sql)?;
            let rows = query.query_map([person.row], |row| Ok((row.get(0)?, row.get::<_, i64>(1)? as u64)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })();
        found.map_err(|problem: Problem| problem.at(&self.path))
    }

    /// What articles call a person, and how many do, the most frequent first.
    pub fn names_of(&self, person: &PersonFound) -> Result<Vec<(String, u64)>, Error> {
        let found = (|| {
            let sql = "SELECT n.name, p.n_articles FROM people_names p CROSS JOIN names n ON n.id = p.name
                       WHERE p.person = ? ORDER BY p.n_articles DESC, n.name";
            let mut query = self.connection.prepare_cached(sql)?;
            let rows = query.query_map([person.row], |row| Ok((row.get(0)?, row.get::<_, i64>(1)? as u64)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })();
        found.map_err(|problem: Problem| problem.at(&self.path))
    }

    /// What a person says, alone or with others, the newest first, until `see` breaks.
    pub fn statements_by(
        &self,
        person: &PersonFound,
        mut see: impl FnMut(StatementFound) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        let seen = (|| {
            let sql = format!(
                "SELECT p.statement FROM {} WHERE e.person = ? AND p.part = {}
                 ORDER BY e.article DESC, e.ordinal, p.statement DESC",
                taking_part(),
                parts::SPEAKS
            );
            let mut query = self.connection.prepare_cached(&sql)?;
            let mut rows = query.query([person.row])?;
            let (mut last, mut held) = (None, Held::default());
            while let Some(row) = rows.next()? {
                let id: i64 = row.get(0)?;
                // Two entities of an article that are one person after all may speak jointly.
                if last == Some(id) {
                    continue;
                }
                last = Some(id);
                if self.statement_at(id, &mut held, &mut see)?.is_break() {
                    break;
                }
            }
            Ok(())
        })();
        seen.map_err(|problem: Problem| problem.at(&self.path))
    }
}

/// The tables that lead from the entities `e` of people to the parts `p` that they take in statements.
pub(crate) fn taking_part() -> String {
    format!(
        "entities e CROSS JOIN parts p ON p.name = e.name AND p.entity = e.ordinal
            AND p.statement BETWEEN e.article << {ORDINAL_BITS} AND (e.article + 1 << {ORDINAL_BITS}) - 1"
    )
}

/// A condition on [`taking_part`]: the person of that id takes that part.
pub(crate) fn of_person(part: i64, id: &str) -> Outcome<(String, Vec<Value>)> {
    let (low, high, ordinal) = key::person_range(id).map_err(Problem::Query)?;
    let condition = format!(
        "p.part = {part} AND e.person IN (SELECT m.person FROM articles a CROSS JOIN entities m
            ON m.article = a.id AND m.ordinal = {ordinal} WHERE a.hash BETWEEN ? AND ?)"
    );
    Ok((condition, vec![low.to_vec().into(), high.to_vec().into()]))
}

fn person(row: &Row) -> rusqlite::Result<PersonFound> {
    let (hash, member): ([u8; 16], i64) = (row.get(1)?, row.get(10)?);
    Ok(PersonFound {
        row: row.get(0)?,
        id: key::person_id(&hash, member & ((1 << ORDINAL_BITS) - 1)),
        kind: codes::value(EntityKind::ALL, row.get(2)?).unwrap_or(EntityKind::Other),
        name: row.get(3)?,
        country: row.get(4)?,
        authority: row.get(5)?,
        n_articles: row.get::<_, i64>(6)? as u64,
        n_statements: row.get::<_, i64>(7)? as u64,
        first: row.get(8)?,
        last: row.get(9)?,
    })
}

pub(crate) fn person_at(connection: &Connection, row: i64) -> Outcome<PersonFound> {
    let mut query = connection.prepare_cached(&people_and("WHERE p.id = ?"))?;
    let found = query.query_row([row], person).optional()?;
    found.ok_or_else(|| Problem::Damaged(format!("person {row} is missing")))
}

/// The number of the person that an id names: of whom that entity is one.
pub(crate) fn resolve(connection: &Connection, id: &str) -> Outcome<i64> {
    let (low, high, ordinal) = key::person_range(id).map_err(Problem::Query)?;
    let sql = "SELECT DISTINCT e.person FROM articles a CROSS JOIN entities e ON e.article = a.id AND e.ordinal = ?
               WHERE a.hash BETWEEN ? AND ? AND e.person IS NOT NULL LIMIT 2";
    let mut query = connection.prepare_cached(sql)?;
    let found: Vec<i64> = query.query_map(params![ordinal, low, high], |row| row.get(0))?.collect::<Result<_, _>>()?;
    match found[..] {
        [person] => Ok(person),
        [] => Err(Problem::Query(format!("nobody has the id {id}; `rapporteur who NAME` shows ids"))),
        _ => Err(Problem::Query(format!("{id} may be more than one: write more of its letters"))),
    }
}
