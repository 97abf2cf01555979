//! What linking found, into the tables of people.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::ToSpan;
use jiff::civil::Date;
use rusqlite::{Transaction, params};

use super::load::{Loader, person_number};
use super::profile;
use super::row::{Call, Row};
use crate::error::Outcome;
use crate::{authorities, folded};

/// A person as it is written.
pub(crate) struct Person<'a> {
    /// The number of its first member.
    pub(crate) member: i64,
    pub(crate) kind: i64,
    pub(crate) name: String,
    pub(crate) country: Option<String>,
    pub(super) rows: Vec<&'a Row>,
    /// Full names, folded.
    pub(crate) calls: BTreeSet<String>,
    pub(crate) authority: Option<String>,
}

impl Person<'_> {
    /// The words of all offices, folded.
    pub(crate) fn words_of_offices(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().flat_map(|row| row.offices.iter()).flat_map(|office| office.key.split(' '))
    }

    pub(crate) fn n_rows(&self) -> usize {
        self.rows.len()
    }

    /// Whether so many people are called so that the name alone does not tell one from another.
    pub(crate) fn is_common(&self) -> bool {
        self.rows.iter().any(|row| matches!(&*row.call, Call::Person(name) if name.is_common()))
    }
}

/// Writes the people of some blocks in the place of those that were there.
pub(super) fn write(
    transaction: &Transaction,
    loader: &mut Loader,
    blocks: &BTreeSet<String>,
    rows: &[Row],
    people: &[Vec<usize>],
) -> Outcome<()> {
    let mut known: HashMap<i64, i64> = HashMap::new();
    for block in blocks {
        let mut query = transaction.prepare_cached("SELECT member, id FROM people WHERE block = ?")?;
        for row in query.query_map([block], |row| Ok((row.get(0)?, row.get(1)?)))? {
            let (member, id) = row?;
            known.insert(member, id);
        }
        for table in ["people_names", "people_roles"] {
            let sql = format!("DELETE FROM {table} WHERE person IN (SELECT id FROM people WHERE block = ?)");
            transaction.prepare_cached(&sql)?.execute([block])?;
        }
        transaction.prepare_cached("DELETE FROM people WHERE block = ?")?.execute([block])?;
    }
    let mut people: Vec<Person> = people.iter().map(|members| person(rows, members)).collect();
    people.sort_by_key(|person| person.member);
    if loader.has_authorities {
        authorities::assign(transaction, &mut people)?;
    }
    // Who was there keeps the number; new ones come after all that are taken.
    let (old, new): (Vec<&Person>, Vec<&Person>) = people.iter().partition(|person| known.contains_key(&person.member));
    for person in old.into_iter().chain(new) {
        let first = person.rows.iter().min_by_key(|row| row.order()).expect("a person has members");
        let block = loader.block(first);
        insert(transaction, loader, person, known.get(&person.member).copied(), &block)?;
    }
    Ok(())
}

fn person<'a>(rows: &'a [Row], members: &[usize]) -> Person<'a> {
    let mut rows: Vec<&Row> = members.iter().map(|&at| &rows[at]).collect();
    rows.sort_by_key(|row| row.order());
    let first = rows[0];
    let calls = rows.iter().filter_map(|row| match &*row.call {
        Call::Person(name) => name.is_full().then(|| folded(&name.shown)),
        Call::Body(name) => Some(folded(&name.shown)),
        Call::State { .. } => None,
    });
    Person {
        member: person_number(first.article, first.ordinal),
        kind: first.kind,
        name: usual_name(&rows),
        country: usual_country(&rows),
        calls: calls.collect(),
        rows,
        authority: None,
    }
}

/// The name that most articles use, a full one before a short one.
fn usual_name(rows: &[&Row]) -> String {
    let mut names: BTreeMap<(bool, &str), usize> = BTreeMap::new();
    for row in rows {
        let name = match &*row.call {
            Call::Person(name) => (name.is_full() && !name.has_initials_only(), name.shown.as_str()),
            Call::Body(name) => (name.shown.contains(' '), name.shown.as_str()),
            Call::State { shown, .. } => (true, shown.as_str()),
        };
        *names.entry(name).or_default() += 1;
    }
    let usual = names.iter().max_by_key(|((full, name), n)| (*full, **n, name.len(), Reverse(*name)));
    usual.map(|((_, name), _)| (*name).to_owned()).unwrap_or_default()
}

fn usual_country(rows: &[&Row]) -> Option<String> {
    let mut countries: BTreeMap<&str, u32> = BTreeMap::new();
    for country in rows.iter().filter_map(|row| row.country.as_deref()) {
        *countries.entry(country).or_default() += 1;
    }
    profile::usual_country(countries.iter().map(|(country, n)| (*country, *n)), rows.len()).map(str::to_owned)
}

fn insert(
    transaction: &Transaction,
    loader: &mut Loader,
    person: &Person,
    known: Option<i64>,
    block: &str,
) -> Outcome<()> {
    let span = |rows: &mut dyn Iterator<Item = i32>| {
        let days: Vec<i32> = rows.filter(|day| *day > 0).collect();
        (days.iter().min().map(|day| written(*day)), days.iter().max().map(|day| written(*day)))
    };
    let (first, last) = span(&mut person.rows.iter().map(|row| row.day));
    let articles: BTreeSet<i64> = person.rows.iter().map(|row| row.article).collect();
    let sql =
        "INSERT INTO people (id, member, kind, name, block, country, authority, n_articles, n_statements, first, last)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let id = transaction.prepare_cached(sql)?.insert(params![
        known,
        person.member,
        person.kind,
        person.name,
        block,
        person.country,
        person.authority,
        articles.len() as i64,
        person.rows.iter().map(|row| row.n_statements).sum::<i64>(),
        first,
        last,
    ])?;
    let mut names: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    let mut roles: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    // By "Kerry and Lavrov" Kerry is not to be found, unless nothing else names him.
    let is_cut = |row: &Row| matches!(&*row.call, Call::Person(name) if name.is_cut);
    let all_cut = person.rows.iter().all(|row| is_cut(row));
    for row in &person.rows {
        if all_cut || !is_cut(row) {
            names.entry(row.name).or_default().insert(row.article);
        }
        row.offices.iter().for_each(|office| roles.entry(&office.words).or_default().push(row));
        if row.person != Some(id) {
            let sql = "UPDATE entities SET person = ? WHERE article = ? AND ordinal = ?";
            transaction.prepare_cached(sql)?.execute([id, row.article, row.ordinal])?;
        }
        for other in loader.other_names(row)? {
            names.entry(other).or_default().insert(row.article);
        }
    }
    for (name, articles) in names {
        let sql = "INSERT INTO people_names (name, person, n_articles) VALUES (?, ?, ?)";
        transaction.prepare_cached(sql)?.execute([name, id, articles.len() as i64])?;
    }
    for (role, rows) in roles {
        let (first, last) = span(&mut rows.iter().map(|row| row.day));
        let articles: BTreeSet<i64> = rows.iter().map(|row| row.article).collect();
        let sql = "INSERT INTO people_roles (person, role, n_articles, first, last) VALUES (?, ?, ?, ?, ?)";
        transaction.prepare_cached(sql)?.execute(params![id, role, articles.len() as i64, first, last])?;
    }
    Ok(())
}

/// A day that is counted from the year 0, as YYYY-MM-DD.
fn written(day: i32) -> String {
    Date::constant(0, 1, 1).checked_add(day.days()).map(|day| day.to_string()).unwrap_or_default()
}
