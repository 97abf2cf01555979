//! The people of the record, who stand across articles: which entities are which of them, and their own table, which has
//! no months.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::table::Kind::{Count, Day, Group, Text, Word};
use super::table::{Column, Table, Value};
use crate::error::{Error, Outcome};
use crate::key::{ORDINAL_BITS, WITHIN_DAY_BITS, person_id};
use crate::people::person_at;
use crate::{PersonFound, Store};

pub(super) const PEOPLE: Table = Table {
    name: "people",
    columns: &[
        Column::one("id", Text), // what `who` takes
        Column::one("kind", Word),
        Column::one("name", Word), // the usual one
        Column::list("names", Group(&[Column::one("name", Word), Column::one("n_articles", Count)])),
        Column::maybe("country", Word),
        Column::maybe("authority", Word), // its id in a file that was imported
        Column::list(
            "roles",
            Group(&[
                Column::one("role", Word),
                Column::one("n_articles", Count),
                Column::maybe("first_day", Day),
                Column::maybe("last_day", Day),
            ]),
        ),
        Column::one("n_articles", Count), // in the database, whatever is exported
        Column::one("n_statements", Count),
        Column::maybe("first_day", Day),
        Column::maybe("last_day", Day),
    ],
};

/// Who an entity of a document is: its number there, the person's row, and its id.
pub(super) type Named = (usize, i64, String);

impl Store {
    /// Who the entities of an article are, as far as they are linked.
    pub(super) fn named_in(&self, article: i64) -> Outcome<Vec<Named>> {
        let sql = format!(
            "SELECT e.ordinal, e.person, a.hash, p.member FROM entities e CROSS JOIN people p ON p.id = e.person
             CROSS JOIN articles a ON a.id = p.member >> {ORDINAL_BITS} WHERE e.article = ?"
        );
        let mut query = self.connection.prepare_cached(&sql)?;
        let rows = query.query_map([article], |row| {
            let (hash, member): ([u8; 16], i64) = (row.get(2)?, row.get(3)?);
            let ordinal: i64 = row.get(0)?;
            Ok((ordinal as usize, row.get(1)?, person_id(&hash, member & ((1 << ORDINAL_BITS) - 1))))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Hands over the rows of all people, or of those alone that are `wanted`.
    pub(super) fn each_person(
        &self,
        wanted: Option<&BTreeSet<i64>>,
        see: &mut dyn FnMut(&[Value]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let here = |problem: crate::Problem| problem.at(&self.path);
        let sqlite = |error: rusqlite::Error| here(error.into());
        // As articles: by day, and then by what does not hang on the order in which they came.
        let sql = format!(
            "SELECT p.id FROM people p CROSS JOIN articles a ON a.id = p.member >> {ORDINAL_BITS}
             ORDER BY a.id >> {WITHIN_DAY_BITS}, a.hash, p.member"
        );
        let mut query = self.connection.prepare(&sql).map_err(sqlite)?;
        let mut rows = query.query([]).map_err(sqlite)?;
        while let Some(row) = rows.next().map_err(sqlite)? {
            let id: i64 = row.get(0).map_err(sqlite)?;
            if wanted.is_none_or(|wanted| wanted.contains(&id)) {
                let person = person_at(&self.connection, id).map_err(here)?;
                see(&self.person_row(&person)?)?;
            }
        }
        Ok(())
    }

    fn person_row(&self, person: &PersonFound) -> Result<Vec<Value<'static>>, Error> {
        let names = self.names_of(person)?;
        let names = names.into_iter().map(|(name, n_articles)| Value::Group(vec![name.into(), count(n_articles)]));
        let roles = self.roles_of(person)?;
        let roles = roles.into_iter().map(|role| {
            let days = (day(role.first.as_deref()), day(role.last.as_deref()));
            Value::Group(vec![role.role.into(), count(role.n_articles), days.0.into(), days.1.into()])
        });
        Ok(vec![
            person.id.clone().into(),
            person.kind.word().into(),
            person.name.clone().into(),
            Value::List(names.collect()),
            person.country.clone().into(),
            person.authority.clone().into(),
            Value::List(roles.collect()),
            count(person.n_articles),
            count(person.n_statements),
            day(person.first.as_deref()).into(),
            day(person.last.as_deref()).into(),
        ])
    }
}

fn count(n: u64) -> Value<'static> {
    Value::Count(u32::try_from(n).unwrap_or(u32::MAX))
}

fn day(day: Option<&str>) -> Option<Date> {
    day.and_then(|day| day.get(..10)?.parse().ok())
}
