//! What words may name on the map: the table of the world, asked with the words of a language.

use std::collections::HashMap;

use super::features::Weights;
use super::table::{Kind, Place, World, fold};
use super::words::PlaceWords;

/// The world as one language writes it.
#[derive(Debug)]
pub(crate) struct Atlas {
    /// By which places are ranked.
    pub(super) weights: Weights,
    pub(crate) world: World,
    pub(crate) words: PlaceWords,
    /// The code of a state, by its name and other names, folded.
    states: HashMap<String, &'static str>,
}

/// What some words may name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    pub(crate) places: Vec<Place>,
    /// What the words call the place themselves: "Anhui | Province".
    pub(crate) called: Option<Kind>,
}

impl Atlas {
    /// `states` has the names of states with their codes.
    pub(crate) fn new(words: PlaceWords, states: impl Iterator<Item = (&'static str, &'static str)>) -> Self {
        let states = states.map(|(name, code)| (fold(name), code)).collect();
        Atlas { world: World::built_in(), weights: Weights::built_in(), words, states }
    }

    /// Whether a state goes by that name.
    pub(crate) fn names_state(&self, name: &str) -> bool {
        self.states.contains_key(&fold(name))
    }

    /// What a name may be, as far as the table knows: as it is, without the word for what it is ("Anhui | Province"),
    /// or without the part of it that is meant ("northern | Iraq").
    pub(crate) fn look_up(&self, name: &str) -> Found {
        // "Denver | -based"
        let name = match name.rsplit_once('-') {
            Some((before, after)) if after.starts_with(char::is_lowercase) && !after.contains(' ') => before,
            _ => name,
        };
        let words: Vec<String> = name.split_whitespace().take(MOST_WORDS).map(str::to_lowercase).collect();
        if words.iter().all(|word| self.words.kind(word).is_some() || self.words.is_part(word)) {
            return Found::default();
        }
        let places = self.of_words(&words, name);
        let last = words.last().and_then(|word| self.words.kind(word));
        if !places.is_empty() || words.len() < 2 {
            return Found { places, called: last.filter(|_| words.len() > 1) };
        }
        if last.is_some() {
            let found = Found { places: self.of_words(&words[..words.len() - 1], ""), called: last };
            if !found.places.is_empty() {
                return found;
            }
        }
        let rest = if self.words.is_part(&words[0]) { self.of_words(&words[1..], "") } else { Vec::new() };
        Found { places: rest, called: None }
    }

    /// What words name; `written` is how they are written, where capitals may be the letters of a region: "NSW".
    fn of_words(&self, words: &[String], written: &str) -> Vec<Place> {
        let long: String = words.iter().map(|word| fold(self.words.long(word))).collect();
        if long.is_empty() {
            return Vec::new();
        }
        let mut places = self.world.named(&long);
        if let Some(country) = self.states.get(&long).and_then(|code| self.world.country(code)) {
            places.retain(|place| place.kind != Kind::Country || place.country != country.country);
            places.insert(0, country);
        }
        if (2..=3).contains(&written.len()) && written.bytes().all(|byte| byte.is_ascii_uppercase()) {
            places.extend(self.world.named(&format!("={written}")));
        }
        places
    }
}

/// The name of a place has no more words than this.
const MOST_WORDS: usize = 8;
