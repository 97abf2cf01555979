//! What people decided of people, on top of what linking finds.
//!
//! A decision names persons by one of their members, an entity of an article, so that it holds however the persons grow.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use rusqlite::{OptionalExtension, Transaction};
use serde::{Deserialize, Serialize};

use super::load::Loader;
use super::row::Row;
use crate::error::{Outcome, Problem};
use crate::{folded, key};

/// Which members of a person are somebody else: those of whom all that is given holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Part {
    /// Ids of articles: the members in one of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub articles: Vec<String>,
    /// What the articles call it, in full.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Words of an office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// ISO 3166-1 alpha-2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Words of an outlet's name or domain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outlet: Option<String>,
    /// The first day of publication.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<jiff::civil::Date>,
    /// The last day of publication.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<jiff::civil::Date>,
}

/// An entity, by its article and its id there.
type Member = (i64, i64);

struct Step {
    effective: bool,
    one: Member,
    then: Then,
}

enum Then {
    Merge(Member),
    Split(Box<Chosen>),
}

/// A [`Part`] with its ids looked up.
struct Chosen {
    part: Part,
    articles: HashSet<i64>,
    outlets: HashSet<i64>,
    names: HashSet<i64>,
}

/// All decisions, and the blocks that merging ties together.
pub(super) struct Decided {
    steps: Vec<Step>,
    tied: Vec<BTreeSet<String>>,
}

impl Decided {
    pub(super) fn load(transaction: &Transaction, loader: &mut Loader) -> Outcome<Self> {
        let mut decided = Decided { steps: Vec::new(), tied: Vec::new() };
        let undone = undone(transaction)?;
        let sql = "SELECT id, one, other, part FROM decisions WHERE act <> 'undo' ORDER BY id";
        let mut query = transaction.prepare(sql)?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let (id, one): (i64, String) = (row.get(0)?, row.get(1)?);
            // An article that is gone decides nothing.
            let Some(one) = member(transaction, &one)? else { continue };
            let then = match (row.get::<_, Option<String>>(2)?, row.get::<_, Option<String>>(3)?) {
                (Some(other), _) => match member(transaction, &other)? {
                    Some(other) => Then::Merge(other),
                    None => continue,
                },
                (None, Some(part)) => Then::Split(Box::new(Chosen::of(transaction, &part)?)),
                (None, None) => return Err(Problem::Damaged(format!("decision {id}"))),
            };
            if let Then::Merge(other) = then {
                decided.tie([loader.block_of(one.0, one.1)?, loader.block_of(other.0, other.1)?]);
            }
            decided.steps.push(Step { effective: !undone.contains(&id), one, then });
        }
        Ok(decided)
    }

    /// Ties blocks for good: what was merged and is no more has to be found again, too.
    fn tie(&mut self, blocks: [Option<String>; 2]) {
        let mut all: BTreeSet<String> = blocks.into_iter().flatten().collect();
        if all.len() < 2 {
            return;
        }
        self.tied.retain(|set| {
            let apart = set.is_disjoint(&all);
            if !apart {
                all.extend(set.iter().cloned());
            }
            apart
        });
        self.tied.push(all);
    }

    /// The block, and those that must be linked with it.
    pub(super) fn tied_to(&self, block: &str) -> BTreeSet<String> {
        let tied = self.tied.iter().find(|set| set.contains(block));
        tied.cloned().unwrap_or_else(|| BTreeSet::from([block.to_owned()]))
    }

    /// Joins and parts `people`, places in `rows`, as was decided, in the order in which it was.
    pub(super) fn apply(&self, rows: &[Row], people: &mut Vec<Vec<usize>>) {
        if self.steps.is_empty() {
            return;
        }
        let places: BTreeMap<Member, usize> =
            rows.iter().enumerate().map(|(at, row)| ((row.article, row.ordinal), at)).collect();
        for step in self.steps.iter().filter(|step| step.effective) {
            let holder = |member: &Member, people: &[Vec<usize>]| {
                let at = places.get(member)?;
                people.iter().position(|person| person.contains(at))
            };
            let Some(one) = holder(&step.one, people) else { continue };
            match &step.then {
                Then::Merge(other) => {
                    if let Some(other) = holder(other, people).filter(|other| *other != one) {
                        let members = std::mem::take(&mut people[other]);
                        people[one].extend(members);
                        people.remove(other);
                    }
                }
                Then::Split(chosen) => {
                    let (part, rest): (Vec<usize>, Vec<usize>) =
                        people[one].iter().partition(|at| chosen.holds(&rows[**at]));
                    if !part.is_empty() && !rest.is_empty() {
                        people[one] = rest;
                        people.push(part);
                    }
                }
            }
        }
    }
}

/// The decisions that others took back; what took back can be taken back itself.
pub(crate) fn undone(transaction: &Transaction) -> Outcome<HashSet<i64>> {
    let mut undone = HashSet::new();
    let mut query = transaction.prepare("SELECT id, undoes FROM decisions WHERE act = 'undo' ORDER BY id DESC")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        if !undone.contains(&row.get(0)?) {
            undone.insert(row.get(1)?);
        }
    }
    Ok(undone)
}

/// How a decision names an entity: "b3:5f0c…/3".
pub(crate) fn member_name(transaction: &Transaction, (article, ordinal): Member) -> Outcome<String> {
    let mut query = transaction.prepare_cached("SELECT hash FROM articles WHERE id = ?")?;
    let hash: [u8; 16] = query.query_row([article], |row| row.get(0))?;
    Ok(format!("{}/{ordinal}", key::article_id(&hash)))
}

/// The entity that a decision names; `None` if its article is gone.
pub(crate) fn member(transaction: &Transaction, name: &str) -> Outcome<Option<Member>> {
    let damaged = || Problem::Damaged(format!("a decision names `{name}`"));
    let (article, ordinal) = name.split_once('/').ok_or_else(damaged)?;
    let ordinal: i64 = ordinal.parse().map_err(|_| damaged())?;
    Ok(article_of(transaction, article)?.map(|article| (article, ordinal)))
}

fn article_of(transaction: &Transaction, id: &str) -> Outcome<Option<i64>> {
    let (hash, _) = key::article_range(id).map_err(Problem::Query)?;
    let mut query = transaction.prepare_cached("SELECT id FROM articles WHERE hash = ?")?;
    Ok(query.query_row([hash], |row| row.get(0)).optional()?)
}

impl Chosen {
    fn of(transaction: &Transaction, part: &str) -> Outcome<Self> {
        let part: Part =
            serde_json::from_str(part).map_err(|error| Problem::Damaged(format!("a decision: {error}")))?;
        let mut chosen = Chosen { articles: HashSet::new(), outlets: HashSet::new(), names: HashSet::new(), part };
        for article in &chosen.part.articles {
            chosen.articles.extend(article_of(transaction, article)?);
        }
        if let Some(outlet) = &chosen.part.outlet {
            let sql = "SELECT id FROM outlets WHERE instr(' ' || folded || ' ', ?) > 0";
            let mut query = transaction.prepare_cached(sql)?;
            let words = format!(" {} ", folded(outlet));
            chosen.outlets = query.query_map([words], |row| row.get(0))?.collect::<Result<_, _>>()?;
        }
        if let Some(name) = &chosen.part.name {
            let wanted = folded(name);
            let mut query = transaction.prepare("SELECT id, name FROM names")?;
            let mut rows = query.query([])?;
            while let Some(row) = rows.next()? {
                if folded(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?) == wanted {
                    chosen.names.insert(row.get(0)?);
                }
            }
        }
        Ok(chosen)
    }

    fn holds(&self, row: &Row) -> bool {
        let part = &self.part;
        let words = part.role.as_deref().map(|role| format!(" {} ", folded(role)));
        let in_office =
            |words: &String| row.offices.iter().any(|office| format!(" {} ", folded(&office.words)).contains(words));
        (part.articles.is_empty() || self.articles.contains(&row.article))
            && (part.name.is_none() || self.names.contains(&row.name))
            && words.as_ref().is_none_or(in_office)
            && part.country.as_deref().is_none_or(|country| row.country.as_deref() == Some(country))
            && (part.outlet.is_none() || row.outlet.is_some_and(|outlet| self.outlets.contains(&outlet)))
            && part.since.is_none_or(|day| i64::from(row.day) >= key::first_of_day(day) >> key::WITHIN_DAY_BITS)
            && part
                .until
                .is_none_or(|day| row.day > 0 && i64::from(row.day) <= key::first_of_day(day) >> key::WITHIN_DAY_BITS)
    }
}
