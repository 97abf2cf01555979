//! Which entities of a block are one body or group. A name that any state's may have holds for one state only, or, where
//! none is told, for one outlet: what it calls "the Supreme Court" without saying whose is its own.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::body_name::BodyName;
use super::row::{Call, Row};

/// An abbreviation of fewer letters may be anybody's.
const LEAST_ACRONYM: usize = 3;

/// Of each row, the abbreviations that its own article has for it, folded.
pub(super) type Abbreviations<'a> = &'a dyn Fn(&Row) -> bool;

/// The bodies of a block, as places of their rows. `abbreviated` tells whether a row's own article abbreviates it to
/// its initials.
pub(super) fn bodies(rows: &[Row], abbreviated: Abbreviations) -> Vec<Vec<usize>> {
    let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        by_name.entry(&name(row).joined).or_default().push(at);
    }
    // What is known by an abbreviation is a name after all: "Central Intelligence Agency (CIA)".
    let known: BTreeSet<&str> = by_name
        .iter()
        .filter(|(_, group)| group.iter().any(|&at| abbreviated(&rows[at])))
        .map(|(name, _)| *name)
        .collect();
    let mut bodies = Vec::new();
    let (mut short, mut full) = (Vec::new(), Vec::new());
    for (joined, group) in &by_name {
        let first = name(&rows[group[0]]);
        if first.is_generic && !known.contains(joined) {
            bodies.extend(of_generic_name(rows, group));
            continue;
        }
        for body in of_one_name(rows, group) {
            let is_short = group.iter().any(|&at| name(&rows[at]).is_acronym);
            if is_short { short.push(body) } else { full.push((body, known.contains(joined))) }
        }
    }
    for body in short {
        match whose(rows, &body, &full) {
            Some(at) => full[at].0.extend(body),
            None => bodies.push(body),
        }
    }
    bodies.extend(full.into_iter().map(|(body, _)| body));
    bodies
}

fn name(row: &Row) -> &BodyName {
    match &*row.call {
        Call::Body(name) => name,
        _ => unreachable!("a block holds one kind"),
    }
}

/// One for each state, and one for each outlet that tells none; each alone where neither is known.
fn of_generic_name(rows: &[Row], group: &[usize]) -> Vec<Vec<usize>> {
    /// State, outlet where no state is told, place where neither is.
    type Owner<'a> = (Option<&'a str>, Option<i64>, Option<usize>);
    let mut bodies: BTreeMap<Owner, Vec<usize>> = BTreeMap::new();
    for &at in group {
        let row = &rows[at];
        let outlet = row.outlet.filter(|_| row.country.is_none());
        let alone = (row.country.is_none() && outlet.is_none()).then_some(at);
        bodies.entry((row.country.as_deref(), outlet, alone)).or_default().push(at);
    }
    bodies.into_values().collect()
}

/// One, if articles place it in one state at most, or nine in ten of them do; else one for each state.
fn of_one_name(rows: &[Row], group: &[usize]) -> Vec<Vec<usize>> {
    let mut by_country: BTreeMap<Option<&str>, Vec<usize>> = BTreeMap::new();
    for &at in group {
        by_country.entry(rows[at].country.as_deref()).or_default().push(at);
    }
    let untold = by_country.remove(&None).unwrap_or_default();
    let told: usize = by_country.values().map(Vec::len).sum();
    let main = by_country.iter().find(|(_, group)| group.len() * 10 >= told * 9).map(|(country, _)| *country);
    match (main, by_country.len()) {
        (_, 0) => vec![untold],
        (Some(main), _) => {
            by_country.get_mut(&main).expect("it was found there").extend(untold);
            by_country.into_values().collect()
        }
        (None, _) => by_country.into_values().chain(Some(untold).filter(|untold| !untold.is_empty())).collect(),
    }
}

/// The only body that an abbreviation can stand for: that which articles abbreviate so, or else the only one there is.
fn whose(rows: &[Row], short: &[usize], full: &[(Vec<usize>, bool)]) -> Option<usize> {
    let initials = &name(&rows[short[0]]).initials;
    let country = |body: &[usize]| body.iter().filter_map(|&at| rows[at].country.as_deref()).collect::<HashSet<_>>();
    let here = country(short);
    let fits: Vec<usize> = (0..full.len())
        .filter(|&at| {
            let there = country(&full[at].0);
            name(&rows[full[at].0[0]]).initials == *initials
                && (here.is_empty() || there.is_empty() || !here.is_disjoint(&there))
        })
        .collect();
    let so_called: Vec<usize> = fits.iter().copied().filter(|&at| full[at].1).collect();
    match (&so_called[..], &fits[..]) {
        ([only], _) => Some(*only),
        ([], [only]) if initials.chars().count() >= LEAST_ACRONYM => Some(*only),
        _ => None,
    }
}
