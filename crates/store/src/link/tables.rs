//! What a language knows of names and offices: the tables of `lang/en/`, ready to be asked.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// A set of classes of words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Classes(u32);

/// The classes that `names.tsv` and `common_names.tsv` may name; a class is the bit of its place.
const CLASSES: [&str; 14] = [
    "title",
    "suffix",
    "academic",
    "particle",
    "loose_particle",
    "tail",
    "family_first",
    "family_first_long",
    "link",
    "company",
    "generic",
    "given",
    "family",
    "qualifier",
];

impl Classes {
    pub(super) const TITLE: Classes = Classes(1);
    pub(super) const SUFFIX: Classes = Classes(1 << 1);
    pub(super) const ACADEMIC: Classes = Classes(1 << 2);
    pub(super) const PARTICLE: Classes = Classes(1 << 3);
    pub(super) const LOOSE_PARTICLE: Classes = Classes(1 << 4);
    pub(super) const TAIL: Classes = Classes(1 << 5);
    pub(super) const FAMILY_FIRST: Classes = Classes(1 << 6);
    pub(super) const FAMILY_FIRST_LONG: Classes = Classes(1 << 7);
    pub(super) const LINK: Classes = Classes(1 << 8);
    pub(super) const COMPANY: Classes = Classes(1 << 9);
    pub(super) const GENERIC: Classes = Classes(1 << 10);
    pub(super) const COMMON_GIVEN: Classes = Classes(1 << 11);
    pub(super) const COMMON_FAMILY: Classes = Classes(1 << 12);
    pub(super) const QUALIFIER: Classes = Classes(1 << 13);

    pub(super) fn any(self, of: Classes) -> bool {
        self.0 & of.0 != 0
    }

    pub(super) const fn or(self, other: Classes) -> Classes {
        Classes(self.0 | other.0)
    }
}

/// A family of offices, as its bit.
pub(super) type Families = u32;

/// The tables of one language.
pub(super) struct Tables {
    classes: HashMap<&'static str, Classes>,
    /// Of each given name, the lists that it stands in.
    given: HashMap<&'static str, Vec<usize>>,
    /// The lists of given names that hold a common one.
    common_lists: HashSet<usize>,
    offices: HashMap<&'static str, Families>,
}

/// English, read once.
pub(super) static TABLES: LazyLock<Tables> = LazyLock::new(Tables::read);

impl Tables {
    fn read() -> Self {
        let (classes, given, offices) = (HashMap::new(), HashMap::new(), HashMap::new());
        let mut tables = Tables { classes, given, common_lists: HashSet::new(), offices };
        let names = [include_str!("../../lang/en/names.tsv"), include_str!("../../lang/en/common_names.tsv")];
        for (class, words) in names.into_iter().flat_map(pairs) {
            tables.class(class, words);
        }
        for (number, line) in rows(include_str!("../../lang/en/given_names.tsv")).enumerate() {
            line.split('|').for_each(|name| tables.given.entry(name).or_default().push(number));
            if line.split('|').any(|name| tables.of(name).any(Classes::COMMON_GIVEN)) {
                tables.common_lists.insert(number);
            }
        }
        let mut families: Vec<&str> = Vec::new();
        for (family, nouns) in pairs(include_str!("../../lang/en/offices.tsv")) {
            if family == CLASSES[13] {
                tables.class(family, nouns);
                continue;
            }
            let bit = families.iter().position(|known| *known == family).unwrap_or_else(|| {
                families.push(family);
                families.len() - 1
            });
            for noun in nouns.split('|') {
                *tables.offices.entry(noun).or_default() |= 1 << bit;
            }
        }
        tables
    }

    fn class(&mut self, class: &str, words: &'static str) {
        let bit = CLASSES.iter().position(|known| *known == class).expect("the tables name known classes");
        for word in words.split('|') {
            let classes = self.classes.entry(word).or_default();
            *classes = classes.or(Classes(1 << bit));
        }
    }

    /// The classes of a folded word.
    pub(super) fn of(&self, word: &str) -> Classes {
        self.classes.get(word).copied().unwrap_or_default()
    }

    /// Whether two folded given names are forms of one.
    pub(super) fn same_given(&self, one: &str, other: &str) -> bool {
        let lists = |name: &str| self.given.get(name).map_or(&[][..], Vec::as_slice);
        lists(one).iter().any(|list| lists(other).contains(list))
    }

    /// Whether many people have that given name, in one of its forms.
    pub(super) fn is_common_given(&self, name: &str) -> bool {
        let lists = self.given.get(name).into_iter().flatten();
        self.of(name).any(Classes::COMMON_GIVEN) || lists.into_iter().any(|list| self.common_lists.contains(list))
    }

    /// The family of a noun; 0 if it tells nothing.
    pub(super) fn family(&self, noun: &str) -> Families {
        self.offices.get(noun).copied().unwrap_or(0)
    }
}

/// The lines of a table, without its comments and its heading.
fn rows(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.starts_with('#')).skip(1)
}

fn pairs(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    rows(table).filter_map(|line| line.split_once('\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_read() {
        assert!(TABLES.of("senator").any(Classes::TITLE));
        assert!(TABLES.of("smith").any(Classes::COMMON_FAMILY));
        assert!(TABLES.same_given("bill", "william") && !TABLES.same_given("bill", "robert"));
        assert_ne!(TABLES.family("senator"), TABLES.family("striker"));
        assert_eq!(TABLES.family("spokesman"), 0);
    }

    #[test]
    fn words_of_the_tables_are_folded() {
        for table in ["names", "common_names", "given_names", "offices"] {
            let path = format!("{}/lang/en/{table}.tsv", env!("CARGO_MANIFEST_DIR"));
            let text = std::fs::read_to_string(path).unwrap();
            for line in text.lines().filter(|line| !line.starts_with('#')).skip(1) {
                let words = line.split_once('\t').map_or(line, |(_, words)| words);
                for word in words.split('|') {
                    assert!(!word.is_empty() && crate::folded(word) == word.replace('-', " "), "{table}: {line}");
                }
            }
        }
    }
}
