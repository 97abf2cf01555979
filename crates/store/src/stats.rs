//! What is in the file, counted by outlet, month, act and speaker. No count reads a document.

use jiff::civil::Date;
use rapporteur_record::Act;
use rusqlite::{Params, Row};

use crate::error::{Error, Outcome};
use crate::key::{FIRST_DATED, ORDINAL_BITS, WITHIN_DAY_BITS};
use crate::{NameFound, Problem, Store, codes};

/// How much there is of something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// An outlet by its domain or else its name, a month as `2022-03`; `None` is what has none.
    pub name: Option<String>,
    /// Articles, revisions among them.
    pub n_articles: u64,
    /// Their statements.
    pub n_statements: u64,
}

impl Store {
    /// Outlets, those first that have most articles; at most `limit`.
    pub fn outlets(&self, limit: usize) -> Result<Vec<Counted>, Error> {
        let sql = "SELECT CASE WHEN o.domain <> '' THEN o.domain ELSE o.name END AS outlet, count(*) AS n,
                   sum(a.n_statements) FROM articles a LEFT JOIN outlets o ON o.id = a.outlet
                   GROUP BY outlet ORDER BY n DESC, outlet LIMIT ?";
        self.listed(sql, [limit as i64], |row| {
            Ok(Counted { name: row.get(0)?, n_articles: count(row, 1)?, n_statements: count(row, 2)? })
        })
    }

    /// Months of publication, the first one first; undated articles come before all.
    pub fn months(&self) -> Result<Vec<Counted>, Error> {
        let articles =
            format!("SELECT id >> {WITHIN_DAY_BITS} AS day, count(*) FROM articles GROUP BY day ORDER BY day");
        let bits = WITHIN_DAY_BITS + ORDINAL_BITS;
        let statements = format!("SELECT id >> {bits} AS day, count(*) FROM statements GROUP BY day ORDER BY day");
        let by_day = |sql: &str| self.listed(sql, [], |row| Ok((month(row.get(0)?), count(row, 1)?)));
        let mut months: Vec<Counted> = Vec::new();
        for (name, n_articles) in by_day(&articles)? {
            match months.last_mut() {
                Some(last) if last.name == name => last.n_articles += n_articles,
                _ => months.push(Counted { name, n_articles, n_statements: 0 }),
            }
        }
        // Both lists are in the order of days, and a statement's day is an article's.
        let mut at = 0;
        for (name, n_statements) in by_day(&statements)? {
            while at + 1 < months.len() && months[at].name != name {
                at += 1;
            }
            if let Some(month) = months.get_mut(at) {
                month.n_statements += n_statements;
            }
        }
        Ok(months)
    }

    /// How many statements do what, the most frequent first.
    pub fn acts(&self) -> Result<Vec<(Act, u64)>, Error> {
        let sql = "SELECT act, count(*) AS n FROM statements GROUP BY act ORDER BY n DESC, act";
        let acts = self.listed(sql, [], |row| Ok((codes::value(Act::ALL, row.get(0)?), count(row, 1)?)))?;
        Ok(acts.into_iter().filter_map(|(act, n)| Some((act?, n))).collect())
    }

    /// Names of those who speak, alone or with others, those first that speak most; at most `limit`.
    pub fn speakers(&self, limit: usize) -> Result<Vec<NameFound>, Error> {
        let sql = "SELECT n.name, f.spoken FROM
                   (SELECT name, count(*) AS spoken FROM parts WHERE part = 0 GROUP BY name
                    ORDER BY spoken DESC, name LIMIT ?) f
                   JOIN names n ON n.id = f.name ORDER BY f.spoken DESC, n.name";
        self.listed(sql, [limit as i64], |row| Ok(NameFound::of(row.get(0)?, count(row, 1)?)))
    }

    /// Why records were passed over: source, reason, and how many.
    pub fn skipped_by_reason(&self) -> Result<Vec<(String, String, u64)>, Error> {
        let sql = "SELECT source, reason, count(*) AS n FROM skipped GROUP BY source, reason
                   ORDER BY source, n DESC, reason";
        self.listed(sql, [], |row| Ok((row.get(0)?, row.get(1)?, count(row, 2)?)))
    }

    fn listed<T>(
        &self,
        sql: &str,
        values: impl Params,
        read: impl FnMut(&Row) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Error> {
        let listed = || -> Outcome<Vec<T>> {
            let mut query = self.connection.prepare_cached(sql)?;
            let rows = query.query_map(values, read)?;
            Ok(rows.collect::<Result<_, _>>()?)
        };
        listed().map_err(|problem: Problem| problem.at(&self.path))
    }
}

fn count(row: &Row, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(|count| count as u64)
}

/// The month of a day that row numbers begin with; `None` for undated ones.
fn month(day: i64) -> Option<String> {
    let span = jiff::Span::new().try_days(day).ok().filter(|_| day >= FIRST_DATED >> WITHIN_DAY_BITS)?;
    let date = Date::constant(0, 1, 1).checked_add(span).ok()?;
    Some(date.strftime("%Y-%m").to_string())
}
