//! What is known of somebody who may be met in several articles, and how well two such fit together.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::row::Row;
use super::tables::Families;

/// Names that occur in an article, by articles.id; names are numbers that are only compared.
pub(super) type Company = HashMap<i64, Arc<[i64]>>;

/// What one name that both are met with is worth if nobody else of the block is met with it.
pub(super) const NAME: u32 = 12;
/// No number of common names is worth more.
const MOST_COMPANY: u32 = 6 * NAME;
/// Within so many days, news of one outlet is of one matter.
const MATTER_DAYS: i32 = 3;
/// Within so many days, a short name is of one.
const NEAR_DAYS: i32 = 31;
/// Within so many days, an office is held by one.
const OFFICE_DAYS: i32 = 3 * 365;

/// What is known of one or more entities that are taken for one.
#[derive(Clone, Default)]
pub(super) struct Profile {
    /// Places in the block.
    pub(super) rows: Vec<usize>,
    countries: BTreeMap<Arc<str>, u32>,
    families: BTreeMap<Families, u32>,
    /// The first and the last day of each, by key.
    offices: BTreeMap<String, (i32, i32)>,
    company: HashSet<i64>,
    articles: HashSet<i64>,
    sightings: HashSet<(i64, i32)>,
    /// Sorted.
    days: Vec<i32>,
}

/// How much a name in common is worth, in a block: less, the more different people of the block are met with it.
#[derive(Default)]
pub(super) struct Worth {
    n_met: HashMap<i64, u32>,
}

/// The state that two in three of the articles give that give one, and one in twenty of all `n_rows`: a single one of
/// many is more often misread than right.
pub(super) fn usual_country<'a>(
    counts: impl Iterator<Item = (&'a str, u32)> + Clone,
    n_rows: usize,
) -> Option<&'a str> {
    let told: u32 = counts.clone().map(|(_, n)| n).sum();
    let usual = |n: u32| n * 3 >= told * 2 && n as usize * 20 >= n_rows;
    counts.into_iter().find(|(_, n)| usual(*n)).map(|(country, _)| country)
}

impl Worth {
    /// Of names that `groups`, each of another person, are met with.
    pub(super) fn of<'a>(groups: impl Iterator<Item = Vec<&'a Row>>, company: &Company) -> Self {
        let mut worth = Worth::default();
        for group in groups {
            let mut seen = HashSet::new();
            let names = group.iter().filter_map(|row| company.get(&row.article)).flat_map(|names| names.iter());
            for name in names {
                if seen.insert(*name) {
                    *worth.n_met.entry(*name).or_default() += 1;
                }
            }
        }
        worth
    }

    fn name(&self, name: i64) -> u32 {
        match self.n_met.get(&name).copied().unwrap_or(1) {
            0..=2 => NAME,
            n_met => 2 * NAME / n_met,
        }
    }
}

impl Profile {
    pub(super) fn of(rows: &[Row], members: &[usize], company: &Company) -> Self {
        let mut profile = Profile::default();
        members.iter().for_each(|&at| profile.add(rows, at, company));
        profile.settle();
        profile
    }

    fn add(&mut self, rows: &[Row], at: usize, company: &Company) {
        let row = &rows[at];
        self.rows.push(at);
        self.articles.insert(row.article);
        if let Some(country) = &row.country {
            *self.countries.entry(country.clone()).or_default() += 1;
        }
        for office in row.offices.iter().filter(|office| office.tells()) {
            if office.families != 0 {
                *self.families.entry(office.families).or_default() += 1;
            }
            let days = self.offices.entry(office.key.clone()).or_insert((row.day, row.day));
            *days = (days.0.min(row.day), days.1.max(row.day));
        }
        self.company.extend(company.get(&row.article).into_iter().flat_map(|names| names.iter()));
        if row.day > 0 {
            self.days.push(row.day);
            self.sightings.extend(row.outlet.map(|outlet| (outlet, row.day)));
        }
    }

    pub(super) fn join(&mut self, other: Profile) {
        self.rows.extend(other.rows);
        self.company.extend(other.company);
        self.articles.extend(other.articles);
        self.sightings.extend(other.sightings);
        self.days.extend(other.days);
        other.countries.into_iter().for_each(|(country, n)| *self.countries.entry(country).or_default() += n);
        other.families.into_iter().for_each(|(family, n)| *self.families.entry(family).or_default() += n);
        for (office, (first, last)) in other.offices {
            let days = self.offices.entry(office).or_insert((first, last));
            *days = (days.0.min(first), days.1.max(last));
        }
    }

    /// Makes it ready to be asked for days, after others joined.
    pub(super) fn settle(&mut self) {
        self.days.sort_unstable();
    }

    /// Where it stands among others of its block, in any order of arrival.
    pub(super) fn order<'a>(&self, rows: &'a [Row]) -> (std::cmp::Reverse<usize>, &'a str, (bool, i32, u64, i64)) {
        let first = self.rows.iter().map(|&at| rows[at].order()).min().unwrap_or_default();
        let name = self.rows.first().map_or("", |&at| rows[at].person_name().joined.as_str());
        (std::cmp::Reverse(self.rows.len()), name, first)
    }

    pub(super) fn country(&self) -> Option<&str> {
        usual_country(self.countries.iter().map(|(country, n)| (&**country, *n)), self.rows.len())
    }

    /// The families of its offices, but for those that are hardly ever told.
    pub(super) fn families(&self) -> Families {
        let all: u32 = self.families.values().sum();
        self.families.iter().filter(|(_, n)| **n * 50 >= all).fold(0, |families, (family, _)| families | family)
    }

    /// Whether states are told, and they differ.
    pub(super) fn clashes_in_country(&self, other: &Profile) -> bool {
        self.country().zip(other.country()).is_some_and(|(one, other)| one != other)
    }

    /// Whether offices are told, and they are of different families.
    pub(super) fn clashes_in_office(&self, other: &Profile) -> bool {
        let (one, other) = (self.families(), other.families());
        one != 0 && other != 0 && one & other == 0
    }

    /// Whether articles name both, beside each other.
    pub(super) fn is_met_with(&self, other: &Profile) -> bool {
        let (few, many) = if self.articles.len() < other.articles.len() { (self, other) } else { (other, self) };
        let n_both = few.articles.iter().filter(|article| many.articles.contains(article)).count();
        n_both > 0 && n_both * 20 >= few.articles.len()
    }

    pub(super) fn clashes(&self, other: &Profile) -> bool {
        self.clashes_in_country(other) || self.clashes_in_office(other) || self.is_met_with(other)
    }

    /// What the names are worth that both are met with.
    pub(super) fn company_with(&self, other: &Profile, worth: &Worth) -> u32 {
        let (few, many) = if self.company.len() < other.company.len() { (self, other) } else { (other, self) };
        let shared = few.company.iter().filter(|name| many.company.contains(name));
        shared.map(|name| worth.name(*name)).sum::<u32>().min(MOST_COMPANY)
    }

    /// Whether both are called by one office at about one time.
    pub(super) fn shares_office(&self, other: &Profile) -> bool {
        self.offices.iter().any(|(office, (first, last))| {
            other.offices.get(office).is_some_and(|(other_first, other_last)| {
                *first <= other_last + OFFICE_DAYS && *other_first <= last + OFFICE_DAYS
            })
        })
    }

    /// Whether one outlet wrote of both within days.
    fn shares_matter(&self, other: &Profile) -> bool {
        let (few, many) = if self.sightings.len() < other.sightings.len() { (self, other) } else { (other, self) };
        few.sightings.iter().any(|&(outlet, day)| {
            (day - MATTER_DAYS..=day + MATTER_DAYS).any(|day| many.sightings.contains(&(outlet, day)))
        })
    }

    /// What speaks for the two being one, besides the name: states, offices, who else is named, what outlets write.
    pub(super) fn support(&self, other: &Profile, worth: &Worth) -> u32 {
        let country = self.country().zip(other.country()).is_some_and(|(one, other)| one == other);
        let family = self.families() & other.families() != 0;
        self.company_with(other, worth)
            + if self.shares_office(other) { 2 * NAME } else { 0 }
            + if country { NAME } else { 0 }
            + if family { NAME / 2 } else { 0 }
            + if self.shares_matter(other) { NAME } else { 0 }
    }

    /// How many articles name it within a year of `day`; all, if that is unknown.
    pub(super) fn n_about(&self, day: i32) -> usize {
        if day == 0 {
            return self.rows.len();
        }
        let until = |day: i32| self.days.partition_point(|seen| *seen <= day);
        until(day + 365) - until(day - 366)
    }

    /// Whether articles name the two within a month.
    pub(super) fn is_near(&self, other: &Profile) -> bool {
        self.days.iter().any(|day| {
            let at = other.days.partition_point(|seen| *seen < day - NEAR_DAYS);
            other.days.get(at).is_some_and(|seen| *seen <= day + NEAR_DAYS)
        })
    }

    pub(super) fn is_in(&self, article: i64) -> bool {
        self.articles.contains(&article)
    }
}
