//! What somebody decides of people: two are one, one is two, and not after all. Each decision is a row that stays.

use rusqlite::{OptionalExtension, Transaction, params};

use crate::error::{Error, Outcome, Problem};
use crate::key::ORDINAL_BITS;
use crate::link::{self, Part};
use crate::people::{person_at, resolve};
use crate::{PersonFound, Store};

/// A decision, as it was written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Its number, from 1.
    pub number: u64,
    /// When, RFC 3339.
    pub at: String,
    /// merge, split or undo
    pub act: String,
    /// What was done, for people.
    pub words: String,
    /// The decision that it takes back.
    pub undoes: Option<u64>,
    /// Whether a later one took it back.
    pub undone: bool,
}

impl Store {
    /// Makes two people one, for good. `at` is the time, RFC 3339. Returns the number of the decision.
    ///
    /// # Errors
    /// [`Problem::Query`] if an id names nobody, both name one, or they are of different kinds.
    pub fn merge(&mut self, one: &str, other: &str, at: &str) -> Result<u64, Error> {
        self.write(|transaction, _| {
            let (first, second) = (resolve(transaction, one)?, resolve(transaction, other)?);
            let people = [person_at(transaction, first)?, person_at(transaction, second)?];
            if first == second {
                return Err(Problem::Query(format!("{one} and {other} are one already: {}", people[0].name)));
            }
            if people[0].kind != people[1].kind {
                let [a, b] = people.map(|person| format!("{} is a {}", person.name, person.kind.word()));
                return Err(Problem::Query(format!("{a}, and {b}: only people of one kind can be merged")));
            }
            let words = format!("{} and {} are one", called(&people[0]), called(&people[1]));
            let both = [member(transaction, first)?, member(transaction, second)?];
            let members = [link::member_name(transaction, both[0])?, link::member_name(transaction, both[1])?];
            let number = insert(transaction, at, "merge", Some(&members[0]), Some(&members[1]), None, None, &words)?;
            link::relink_around(transaction, &both)?;
            Ok(number)
        })
    }

    /// Makes those members of a person somebody else of whom `part` holds.
    ///
    /// # Errors
    /// [`Problem::Query`] if the id names nobody, or `part` holds for none or for all of its members.
    pub fn split(&mut self, person: &str, part: &Part, at: &str) -> Result<u64, Error> {
        self.write(|transaction, _| {
            let row = resolve(transaction, person)?;
            let before = person_at(transaction, row)?;
            if *part == Part::default() {
                return Err(Problem::Query("say which of its articles are of somebody else".to_owned()));
            }
            let chosen = serde_json::to_string(part).expect("a part has only texts");
            let words = format!("some of {} are somebody else: {}", called(&before), told(part));
            let first = member(transaction, row)?;
            let name = link::member_name(transaction, first)?;
            let number = insert(transaction, at, "split", Some(&name), None, Some(&chosen), None, &words)?;
            link::relink_around(transaction, &[first])?;
            let after: Option<i64> = {
                let mut query = transaction.prepare_cached("SELECT n_articles FROM people WHERE id = ?")?;
                query.query_row([row], |row| row.get(0)).optional()?
            };
            if after.is_none_or(|n_articles| n_articles as u64 == before.n_articles) {
                return Err(Problem::Query(format!(
                    "nothing would change: {} holds for all articles of {}, or for none",
                    told(part),
                    called(&before)
                )));
            }
            Ok(number)
        })
    }

    /// Takes back a decision; one that took back can be taken back too.
    ///
    /// # Errors
    /// [`Problem::Query`] if there is no such decision or it is undone already.
    pub fn undo(&mut self, number: u64, at: &str) -> Result<u64, Error> {
        self.write(|transaction, _| {
            let decisions = all(transaction)?;
            let found = decisions.iter().find(|decision| decision.number == number);
            let found = found.ok_or_else(|| Problem::Query(format!("there is no decision {number}")))?;
            if found.undone {
                let by = decisions.iter().rev().find(|decision| decision.undoes == Some(number) && !decision.undone);
                let by = by.map_or(String::new(), |by| format!(" by {0}; undo {0} to have it again", by.number));
                return Err(Problem::Query(format!("decision {number} is undone already{by}")));
            }
            let words = format!("not {number}: {}", found.words);
            let undo = insert(transaction, at, "undo", None, None, None, Some(number as i64), &words)?;
            let mut root = found;
            while let Some(undone) = root.undoes {
                root = decisions.iter().find(|decision| decision.number == undone).unwrap_or(found);
            }
            let members = members_of(transaction, root.number as i64)?;
            link::relink_around(transaction, &members)?;
            Ok(undo)
        })
    }

    /// All decisions, the first first.
    pub fn decisions(&self) -> Result<Vec<Decision>, Error> {
        let found = (|| all(&self.connection.unchecked_transaction()?))();
        found.map_err(|problem: Problem| problem.at(&self.path))
    }
}

fn all(transaction: &Transaction) -> Outcome<Vec<Decision>> {
    let undone = link::undone(transaction)?;
    let mut query = transaction.prepare("SELECT id, at, act, words, undoes FROM decisions ORDER BY id")?;
    let rows = query.query_map([], |row| {
        let number: i64 = row.get(0)?;
        Ok(Decision {
            number: number as u64,
            at: row.get(1)?,
            act: row.get(2)?,
            words: row.get(3)?,
            undoes: row.get::<_, Option<i64>>(4)?.map(|undoes| undoes as u64),
            undone: undone.contains(&number),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

#[expect(clippy::too_many_arguments, reason = "the columns of a row")]
fn insert(
    transaction: &Transaction,
    at: &str,
    act: &str,
    one: Option<&str>,
    other: Option<&str>,
    part: Option<&str>,
    undoes: Option<i64>,
    words: &str,
) -> Outcome<u64> {
    let sql = "INSERT INTO decisions (at, act, one, other, part, undoes, words) VALUES (?, ?, ?, ?, ?, ?, ?)";
    let mut insert = transaction.prepare_cached(sql)?;
    Ok(insert.insert(params![at, act, one, other, part, undoes, words])? as u64)
}

/// The entity that a person is called by.
fn member(transaction: &Transaction, person: i64) -> Outcome<(i64, i64)> {
    let mut query = transaction.prepare_cached("SELECT member FROM people WHERE id = ?")?;
    let member: i64 = query.query_row([person], |row| row.get(0))?;
    Ok((member >> ORDINAL_BITS, member & ((1 << ORDINAL_BITS) - 1)))
}

/// The entities that a decision names.
fn members_of(transaction: &Transaction, number: i64) -> Outcome<Vec<(i64, i64)>> {
    let mut query = transaction.prepare_cached("SELECT one, other FROM decisions WHERE id = ?")?;
    let names: [Option<String>; 2] = query.query_row([number], |row| Ok([row.get(0)?, row.get(1)?]))?;
    let mut members = Vec::new();
    for name in names.into_iter().flatten() {
        members.extend(link::member(transaction, &name)?);
    }
    Ok(members)
}

/// "Ada Quill (p:04hmasw9nf-17)"
fn called(person: &PersonFound) -> String {
    format!("{} ({})", person.name, person.id)
}

/// "role aide, since 2022-03-01"
fn told(part: &Part) -> String {
    let mut words = Vec::new();
    if !part.articles.is_empty() {
        words.push(format!("in {}", part.articles.join(", ")));
    }
    let fields = [("name", &part.name), ("role", &part.role), ("country", &part.country), ("outlet", &part.outlet)];
    words.extend(fields.iter().filter_map(|(field, value)| Some(format!("{field} {}", value.as_ref()?))));
    let days = [("since", &part.since), ("until", &part.until)];
    words.extend(days.iter().filter_map(|(field, day)| Some(format!("{field} {}", day.as_ref()?))));
    words.join(", ")
}
