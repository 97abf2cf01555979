//! One entity of one document, as linking sees it.

use std::sync::Arc;

use super::body_name::BodyName;
use super::office::Office;
use super::person_name::PersonName;

/// An entity of a document.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// articles.id
    pub(super) article: i64,
    /// Its id in the document.
    pub(super) ordinal: i64,
    /// Of publication, counted from the year 0; 0 if unknown.
    pub(super) day: i32,
    /// outlets.id; only compared.
    pub(super) outlet: Option<i64>,
    /// Code of its kind.
    pub(super) kind: i64,
    /// names.id; only compared.
    pub(super) name: i64,
    pub(super) call: Arc<Call>,
    pub(super) offices: Arc<[Office]>,
    pub(super) country: Option<Arc<str>>,
    pub(super) n_statements: i64,
    /// people.id before linking.
    pub(super) person: Option<i64>,
}

/// A name, as its kind has it.
#[derive(Clone, Debug)]
pub(super) enum Call {
    Person(PersonName),
    Body(BodyName),
    /// A state: its code, or its folded name; and as it is shown.
    State {
        key: String,
        shown: String,
    },
}

impl Row {
    /// What comes first in time, and in any order of arrival: undated articles last.
    pub(super) fn order(&self) -> (bool, i64, i64) {
        (self.day == 0, self.article, self.ordinal)
    }

    pub(super) fn person_name(&self) -> &PersonName {
        match &*self.call {
            Call::Person(name) => name,
            _ => unreachable!("a block holds one kind"),
        }
    }
}
