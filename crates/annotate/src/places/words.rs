//! What the tables know of words in and around the names of places: `lang/<code>/places.tsv`.

use std::collections::HashMap;

use super::table::Kind;

/// Words of one language.
#[derive(Debug, Default)]
pub(crate) struct PlaceWords {
    kinds: HashMap<&'static str, Kind>,
    parts: Vec<&'static str>,
    short: HashMap<&'static str, &'static str>,
}

impl PlaceWords {
    /// From the rows of the table.
    ///
    /// # Panics
    /// If a row says something else than the header tells: the tables are part of the program.
    pub(crate) fn new(rows: impl Iterator<Item = [&'static str; 2]>) -> Self {
        let mut words = PlaceWords::default();
        for [what, list] in rows {
            let kind = match what {
                "region" => Kind::Region,
                "district" => Kind::District,
                "city" => Kind::City,
                "part" => {
                    words.parts.extend(list.split(' '));
                    continue;
                }
                "short" => {
                    let (short, long) = list.split_once(' ').expect("places.tsv: a short word and what it stands for");
                    words.short.insert(short, long);
                    continue;
                }
                _ => panic!("places.tsv: {what} says nothing"),
            };
            words.kinds.extend(list.split(' ').map(|word| (word, kind)));
        }
        words
    }

    /// What a word in lower case calls a place: "province".
    pub(crate) fn kind(&self, word: &str) -> Option<Kind> {
        self.kinds.get(word).copied()
    }

    /// "northern": the word in lower case makes a piece of the place that follows.
    pub(crate) fn is_part(&self, word: &str) -> bool {
        self.parts.contains(&word)
    }

    /// What a word in lower case is short for, or itself.
    pub(crate) fn long<'w>(&self, word: &'w str) -> &'w str {
        self.short.get(word).copied().unwrap_or(word)
    }
}
