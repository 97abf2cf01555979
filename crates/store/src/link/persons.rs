//! Which entities of a block of one family name are one person. Rather two than a wrong one.
//!
//! First come those of one full name, kept apart where states or kinds of office differ; then names that agree ("Joe
//! Biden", "Joseph R. Biden"); then family names alone, each of which joins the one person that fits, if no other does.
//! What decides is the same whatever the order in which articles came.

use std::collections::BTreeMap;

use super::person_name::Agreement;
use super::profile::{Company, NAME, Profile, Worth};
use super::row::Row;
use super::tables::Families;
use super::union::Union;

/// Support that outweighs offices of different families, and different states.
const OVER_OFFICE: u32 = 3 * NAME;
const OVER_COUNTRY: u32 = 5 * NAME;
/// By how much the best of several must be ahead of the next.
const AHEAD: u32 = 2 * NAME;
/// What must speak for the best where several fit of whom nothing else is told.
const BARE_LEAST: u32 = 3 * NAME;
/// What each doubling of the articles that name somebody is worth when a family name alone is to be settled.
const DOUBLING: u32 = 9;
/// More that fit nobody than this are not compared with each other: it takes time by their square.
const MOST_BARE: usize = 1_500;

/// The persons of a block, as places of their rows; the order of persons and of rows is of no meaning.
pub(super) fn persons(rows: &[Row], company: &Company) -> Vec<Vec<usize>> {
    let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut bare: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        let name = row.person_name();
        let groups = if name.is_full() || name.is_handle() { &mut by_name } else { &mut bare };
        groups.entry(&name.joined).or_default().push(at);
    }
    let of = |group: &Vec<usize>| group.iter().map(|&at| &rows[at]).collect();
    let worth = Worth::of(by_name.values().map(of), company);
    let block = Block { rows, company, worth };
    let mut persons = Vec::new();
    for group in by_name.values() {
        persons.extend(block.of_one_name(group));
    }
    persons = block.of_agreeing_names(persons);
    for group in bare.values() {
        block.bare(group, &mut persons);
    }
    persons.into_iter().map(|person| person.rows).collect()
}

struct Block<'a> {
    rows: &'a [Row],
    company: &'a Company,
    worth: Worth,
}

impl Block<'_> {
    fn profile(&self, members: &[usize]) -> Profile {
        Profile::of(self.rows, members, self.company)
    }

    fn sort(&self, profiles: &mut [Profile]) {
        profiles.sort_by(|one, other| one.order(self.rows).cmp(&other.order(self.rows)));
    }

    /// Those of one full name: first those of whom something is told, then the others.
    fn of_one_name(&self, group: &[usize]) -> Vec<Profile> {
        let common = self.rows[group[0]].person_name().is_common();
        let (told, untold): (Vec<usize>, Vec<usize>) = group.iter().partition(|at| {
            let row = &self.rows[**at];
            row.country.is_some() && !common || row.offices.iter().any(|office| office.tells())
        });
        let mut persons: Vec<Profile> = Vec::new();
        for atom in self.atoms(&told, common) {
            match self.place(&atom, &persons, common) {
                Some(at) => persons[at].join(atom),
                None => persons.push(atom),
            }
        }
        if !common && persons.len() < 2 {
            let untold = self.profile(&untold);
            match persons.first_mut() {
                Some(person) => person.join(untold),
                None => persons.push(untold),
            }
            return persons;
        }
        persons.iter_mut().for_each(Profile::settle);
        let known: Vec<usize> = (0..persons.len()).collect();
        let least = if common { 2 * NAME } else { 0 };
        self.bring_in(&untold, &mut persons, &known, least);
        persons
    }

    /// Those who are told the same of: of one state and one family of offices, or one office if the name is a common
    /// one. Those whom one article gives offices of several families come first: they show that these are one person's.
    fn atoms(&self, told: &[usize], common: bool) -> Vec<Profile> {
        /// State, families of offices, offices.
        type Told<'a> = (Option<&'a str>, Families, Vec<&'a str>);
        let mut atoms: BTreeMap<Told, Vec<usize>> = BTreeMap::new();
        for &at in told {
            let row = &self.rows[at];
            let telling = row.offices.iter().filter(|office| office.tells());
            let families = telling.clone().fold(0, |all, office| all | office.families);
            let mut keys: Vec<&str> = telling.map(|office| office.key.as_str()).filter(|_| common).collect();
            keys.sort_unstable();
            atoms.entry((row.country.as_deref(), families, keys)).or_default().push(at);
        }
        let mut atoms: Vec<(u32, Profile)> =
            atoms.iter().map(|((_, families, _), atom)| (families.count_ones(), self.profile(atom))).collect();
        atoms.sort_by(|one, other| {
            let order = |atom: &(u32, Profile)| std::cmp::Reverse(atom.0.max(1));
            order(one).cmp(&order(other)).then_with(|| one.1.order(self.rows).cmp(&other.1.order(self.rows)))
        });
        atoms.into_iter().map(|(_, atom)| atom).collect()
    }

    /// Which of `persons`, all of one name, the atom is.
    fn place(&self, atom: &Profile, persons: &[Profile], common: bool) -> Option<usize> {
        let fit = |person: &Profile| {
            let support = atom.support(person, &self.worth);
            let least = if atom.clashes_in_country(person) {
                OVER_COUNTRY
            } else if atom.clashes_in_office(person) {
                OVER_OFFICE
            } else if common {
                2 * NAME
            } else {
                0
            };
            (support >= least).then_some(support)
        };
        best(persons.iter().map(fit), AHEAD)
    }

    /// Joins persons whose names agree and of whom nothing else tells that they are two.
    fn of_agreeing_names(&self, mut persons: Vec<Profile>) -> Vec<Profile> {
        self.sort(&mut persons);
        let mut pairs: Vec<Vec<(usize, u32, bool)>> = vec![Vec::new(); persons.len()];
        for one in 0..persons.len() {
            for other in one + 1..persons.len() {
                if let Some((support, enough)) = self.pair(&persons[one], &persons[other]) {
                    pairs[one].push((other, support, enough));
                    pairs[other].push((one, support, enough));
                }
            }
        }
        let agree = |one: usize, other: usize| pairs[one].iter().any(|pair| pair.0 == other);
        // "George Bush" fits two who are not one: the better one must be ahead.
        let settled = |one: usize, other: usize, support: u32| {
            let mut rivals = pairs[one].iter().filter(|rival| rival.0 != other && !agree(rival.0, other));
            rivals.all(|rival| support >= rival.1 + AHEAD)
        };
        let mut edges: Vec<(u32, usize, usize)> = Vec::new();
        for (one, row) in pairs.iter().enumerate() {
            for &(other, support, enough) in row.iter().filter(|pair| pair.0 > one) {
                if enough && settled(one, other, support) && settled(other, one, support) {
                    edges.push((support, one, other));
                }
            }
        }
        edges.sort_unstable_by_key(|&(support, one, other)| (std::cmp::Reverse(support), one, other));
        let mut union = Union::new(persons.len());
        for (_, one, other) in edges {
            let (one, other) = (union.members(one), union.members(other));
            if one.iter().all(|one| other.iter().all(|other| one == other || agree(*one, *other))) {
                union.join(one[0], other[0]);
            }
        }
        let mut joined: BTreeMap<usize, Profile> = BTreeMap::new();
        for (at, person) in persons.into_iter().enumerate() {
            match joined.entry(union.root(at)) {
                std::collections::btree_map::Entry::Vacant(entry) => drop(entry.insert(person)),
                std::collections::btree_map::Entry::Occupied(mut entry) => entry.get_mut().join(person),
            }
        }
        joined.values_mut().for_each(Profile::settle);
        joined.into_values().collect()
    }

    /// What speaks for two of agreeing names being one, and whether it is enough; `None` if they can't be.
    fn pair(&self, one: &Profile, other: &Profile) -> Option<(u32, bool)> {
        let name = |person: &Profile| self.rows[person.rows[0]].person_name();
        let (first, second) = (name(one), name(other));
        if first.joined == second.joined {
            return None;
        }
        let agreement = first.agreement(second).filter(|_| !one.clashes(other))?;
        let common = first.is_common() && second.is_common();
        let support = one.support(other, &self.worth);
        let enough = match agreement {
            Agreement::Same if common => support >= 2 * NAME,
            Agreement::Form if common => support >= 3 * NAME,
            Agreement::Same => true,
            Agreement::Form => support >= NAME / 2,
            Agreement::Initial => support >= 2 * NAME,
            // "Karl Berg Jr." may be the son.
            Agreement::Suffix => one.shares_office(other) && support >= 5 * NAME,
        };
        Some((support, enough))
    }

    /// Entities of one family name alone: each joins the one that fits, the rest each other if much speaks for it.
    fn bare(&self, group: &[usize], persons: &mut Vec<Profile>) {
        let named = |person: &Profile| {
            let name = self.rows[person.rows[0]].person_name();
            name.is_full() && !name.has_initials_only()
        };
        let known: Vec<usize> = (0..persons.len()).filter(|&at| named(&persons[at])).collect();
        let least = if self.rows[group[0]].person_name().has_common_family() { 2 * NAME } else { 0 };
        self.bring_in(group, persons, &known, least);
    }

    /// Brings each of `group` to the one of `known` that fits; `least` is what must speak for it if no other fits.
    fn bring_in(&self, group: &[usize], persons: &mut Vec<Profile>, known: &[usize], least: u32) {
        let (mut joining, mut left) = (Vec::new(), Vec::new());
        for &at in group {
            let atom = self.profile(&[at]);
            match self.whose(at, &atom, persons, known, (least, group.len())) {
                Some(person) => joining.push((person, atom)),
                None => left.push(at),
            }
        }
        // Only now, so that none is judged by another that joined before it.
        joining.into_iter().for_each(|(person, atom)| persons[person].join(atom));
        persons.extend(self.by_themselves(&left));
    }

    /// The only one of `known` that fits, or the one far ahead of the others. `n_alike` are as little told of.
    fn whose(
        &self,
        at: usize,
        atom: &Profile,
        persons: &[Profile],
        known: &[usize],
        (least, n_alike): (u32, usize),
    ) -> Option<usize> {
        let row = &self.rows[at];
        let mut fitting: Vec<(u32, u32, usize)> = Vec::new();
        for &candidate in known {
            let person = &persons[candidate];
            if atom.clashes_in_country(person) || atom.clashes_in_office(person) {
                continue;
            }
            let office = if atom.shares_office(person) { NAME } else { 0 };
            // "Rudy" is "Ruddy" in another spelling only where an office says so.
            let is_spelt_so = |at: &usize| self.rows[*at].person_name().is_spelt_as(row.person_name());
            if office == 0 && !person.rows.iter().any(is_spelt_so) {
                continue;
            }
            let here = if person.is_in(row.article) { 2 * NAME } else { 0 };
            let support = atom.support(person, &self.worth).min(4 * NAME) + office + here;
            let often = (1 + person.n_about(row.day)).ilog2() * DOUBLING;
            fitting.push((support + often, support, candidate));
        }
        fitting.sort_unstable_by(|one, other| other.cmp(one));
        match fitting[..] {
            [] => None,
            [(_, support, only)] => {
                // A word that stands alone far more often than in the full name is no family name of that one.
                let usual = n_alike <= 2 * persons[only].rows.len() && persons[only].n_about(row.day) > 0;
                (support >= least && usual).then_some(only)
            }
            [(best, _, who), (next, ..), ..] => (best >= BARE_LEAST && best - next >= AHEAD).then_some(who),
        }
    }

    /// Those that fit nobody: they are one only where much speaks for it.
    fn by_themselves(&self, left: &[usize]) -> Vec<Profile> {
        let atoms: Vec<Profile> = left.iter().map(|&at| self.profile(&[at])).collect();
        let worth = Worth::of(left.iter().map(|&at| vec![&self.rows[at]]), self.company);
        let mut union = Union::new(atoms.len());
        if atoms.len() <= MOST_BARE {
            for one in 0..atoms.len() {
                for other in one + 1..atoms.len() {
                    let (first, second) = (&atoms[one], &atoms[other]);
                    let linked = first.shares_office(second) || first.is_near(second);
                    if linked && !first.clashes(second) && first.support(second, &worth) >= 3 * NAME {
                        union.join(one, other);
                    }
                }
            }
        }
        let mut joined: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, row) in left.iter().enumerate() {
            joined.entry(union.root(at)).or_default().push(*row);
        }
        joined.values().map(|members| self.profile(members)).collect()
    }
}

/// The place of the only one that fits, or of the one that is ahead of all others.
fn best(fits: impl Iterator<Item = Option<u32>>, ahead: u32) -> Option<usize> {
    let mut fitting: Vec<(u32, usize)> = fits.enumerate().filter_map(|(at, fit)| Some((fit?, at))).collect();
    fitting.sort_unstable_by_key(|&(fit, at)| (std::cmp::Reverse(fit), at));
    match fitting[..] {
        [] => None,
        [(_, only)] => Some(only),
        [(best, who), (next, _), ..] => (best >= next + ahead).then_some(who),
    }
}
