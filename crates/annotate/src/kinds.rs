//! What else tells that somebody is what a noun says.
//!
//! "The judge" is whoever was called so before. If nobody was, it is Mr Justice Orme rather than somebody new, and
//! "the company" is Orme Airlines, or the body whose chief executive spoke. The table `kinds.tsv` has the words.

use std::collections::HashMap;

use rapporteur_record::EntityKind;

use crate::entities::{Cast, Figure, Office};

/// The table `kinds.tsv`: what words tell of each noun.
#[derive(Debug)]
pub(crate) struct Kinds(HashMap<&'static str, Vec<&'static str>>);

impl Kinds {
    /// From rows of a noun and its words, with spaces between them.
    pub(crate) fn new(rows: impl Iterator<Item = [&'static str; 2]>) -> Self {
        Kinds(rows.map(|[noun, words]| (noun, words.split(' ').collect())).collect())
    }

    /// Whether an office or the name of somebody tells that he, she or it is what is described.
    pub(crate) fn fits(&self, cast: &Cast, number: usize, described: &Office) -> bool {
        let figure = &cast.figures[number];
        let elsewhere = figure.country.zip(described.country).is_some_and(|(one, other)| one != other);
        // "the deputy judge" and "Adair's lawyer" say more than a kind.
        let noun_only = described.title.to_lowercase() == described.noun;
        let owned = described.of.is_some() && described.country.is_none();
        let Some(words) = self.0.get(described.noun.as_str()).filter(|_| noun_only && !owned && !elsewhere) else {
            return false;
        };
        let office = |office: &Office| words.contains(&office.noun.as_str());
        if figure.kind != EntityKind::Organization {
            return figure.roles.iter().any(office);
        }
        let name = figure.name.to_lowercase();
        let is_of = |one: &Office| one.of.as_ref().is_some_and(|of| *of == figure.name);
        name.split(' ').any(|word| words.contains(&word))
            || cast
                .figures
                .iter()
                .take(MAX_FIGURES)
                .any(|other: &Figure| other.roles.iter().any(|one| office(one) && is_of(one)))
    }
}

/// So many figures are asked for the body that their office is in.
const MAX_FIGURES: usize = 300;
