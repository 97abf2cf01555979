//! The name of a body or group, taken apart so that two can be compared.

use super::tables::{Classes, TABLES};
use crate::folded;

/// A name of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BodyName {
    /// Folded, without "the" and "Inc.": what is the same here is the same name.
    pub(super) joined: String,
    /// As it is shown.
    pub(super) shown: String,
    /// What it would be abbreviated to; of an abbreviation, itself.
    pub(super) initials: String,
    /// "WHO", "U.N."
    pub(super) is_acronym: bool,
    /// Whether any state may have one that is called so: "the Supreme Court".
    pub(super) is_generic: bool,
}

/// The letters that an abbreviation has.
const ACRONYM: std::ops::RangeInclusive<usize> = 2..=7;

impl BodyName {
    pub(super) fn parse(name: &str) -> Option<Self> {
        let words: Vec<&str> = name.split_whitespace().collect();
        let plain: Vec<String> = words.iter().map(|word| squeezed(word)).filter(|word| !word.is_empty()).collect();
        let mut core: Vec<&String> = plain.iter().filter(|word| !TABLES.of(word).any(Classes::LINK)).collect();
        while core.len() > 1 && TABLES.of(core[core.len() - 1]).any(Classes::COMPANY) {
            core.pop();
        }
        let letters: String = words.concat().chars().filter(|letter| letter.is_alphabetic()).collect();
        let is_acronym =
            words.len() == 1 && ACRONYM.contains(&letters.chars().count()) && letters.chars().all(char::is_uppercase);
        let initials = match core[..] {
            [one] => one.clone(),
            _ => core.iter().filter_map(|word| word.chars().next()).collect(),
        };
        let joined = core.iter().map(|word| word.as_str()).collect::<Vec<_>>().join(" ");
        let is_generic = core.iter().all(|word| TABLES.of(word).any(Classes::GENERIC));
        (!joined.is_empty()).then(|| BodyName { joined, shown: words.join(" "), initials, is_acronym, is_generic })
    }
}

/// "U.N." is "un", "Nation’s" is "nations".
fn squeezed(word: &str) -> String {
    folded(word).split(' ').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_any_states_is_generic() {
        let generic = |name: &str| BodyName::parse(name).unwrap().is_generic;
        assert!(generic("the Supreme Court") && generic("Ministry of Defence") && generic("Labour Party"));
        assert!(!generic("Bank of Norland") && !generic("Reuters"));
    }

    #[test]
    fn a_name_and_its_abbreviation_meet() {
        let name = BodyName::parse("The League of Coastal Towns").unwrap();
        assert_eq!((name.joined.as_str(), name.initials.as_str()), ("league coastal towns", "lct"));
        let short = BodyName::parse("L.C.T.").unwrap();
        assert!(short.is_acronym && short.initials == "lct");
        assert_eq!(BodyName::parse("Halden Inc.").unwrap().joined, "halden");
        assert_eq!(BodyName::parse("…"), None);
    }
}
