//! Where the places of an article are.
//!
//! Every place and state that is named is looked up in the table of the world (`atlas`, `table`). Which of the places
//! of its name is meant is told by features of each (`features`): how large it is, whether the article speaks of its
//! country, what stands beside the name ("Tripoli, Lebanon", "the province of …"), what lies near the other places of
//! the article. Their weights (`weights.tsv`, fitted by `training/places_weights.py`) add up to a score. A name means
//! one place in an article. Where the best is hardly likelier than others, or a small town that nothing else in the article
//! speaks for, the place is left off the map.

mod atlas;
mod features;
mod setting;
mod table;
mod words;

use rapporteur_record::{Article, Entity, EntityKind, Event, Form, Place as RecordPlace, Span};
use serde::Serialize;

pub(crate) use self::atlas::Atlas;
use self::features::{FEATURES, N_FEATURES};
use self::setting::{Setting, Subject};
use self::table::Kind;
pub(crate) use self::words::PlaceWords;
use crate::names::Names;
use crate::reading::Reading;

/// Puts the places and states among `entities` on the map: fills `lat`, `lon` and, of a place, `country`.
pub(crate) fn locate(reading: &Reading, names: &Names, article: &Article, entities: &mut [Entity]) {
    let setting = Setting::new(reading, names, article, entities);
    for (subject, place) in setting.subjects.iter().zip(setting.choose(&reading.lexicon.atlas.weights)) {
        let Some(place) = place else { continue };
        let entity = &mut entities[subject.entity];
        (entity.lat, entity.lon) = (Some(place.lat), Some(place.lon));
        // "Georgia", of the United States here: no state of its own.
        let other = place.country.is_some() && entity.country.as_deref() != place.country;
        if entity.kind == EntityKind::State && place.kind != Kind::Country && other {
            entity.kind = EntityKind::Place;
        }
        if entity.kind == EntityKind::Place && other {
            entity.country = place.country.map(str::to_owned);
        }
    }
}

/// The place that an entity is, as named at `span`; none if it is no place.
fn place_of(entity: &Entity, span: Span) -> Option<RecordPlace> {
    is_place(entity).then(|| RecordPlace {
        span,
        entity: Some(entity.id),
        name: entity.name.clone(),
        country: entity.country.clone(),
        lat: entity.lat,
        lon: entity.lon,
    })
}

/// Puts the places of events where their entities are.
pub(crate) fn locate_events(entities: &[Entity], events: &mut [Event]) {
    for place in events.iter_mut().filter_map(|event| event.place.as_mut()) {
        let entity = place.entity.and_then(|id| entities.get(id));
        if let Some(located) = entity.and_then(|entity| place_of(entity, place.span)) {
            *place = located;
        }
    }
}

/// Whether an entity may be on the map.
fn is_place(entity: &Entity) -> bool {
    matches!(entity.kind, EntityKind::Place | EntityKind::State)
}

/// What speaks for each place that a name of an article may mean: what the weights are fitted on.
#[derive(Debug, Serialize)]
pub struct Evidence {
    /// Where it is named.
    pub mentions: Vec<Span>,
    /// The places, each with its features.
    pub candidates: Vec<Candidate>,
}

/// One place that a name may mean.
#[derive(Debug, Serialize)]
pub struct Candidate {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// In the order of [`feature_names`].
    pub features: Vec<f64>,
}

/// The names of the features, in order.
pub fn feature_names() -> &'static [&'static str] {
    FEATURES
}

/// What speaks for each place that each name of an article may mean.
pub(crate) fn evidence(reading: &Reading, names: &Names, article: &Article, entities: &[Entity]) -> Vec<Evidence> {
    let setting = Setting::new(reading, names, article, entities);
    let all = setting.features(&reading.lexicon.atlas.weights);
    let mentions = |subject: &Subject| {
        let named = entities[subject.entity].mentions.iter().filter(|mention| mention.form == Form::Name);
        named.map(|mention| mention.span).collect()
    };
    let evidence = setting.subjects.iter().zip(all).map(|(subject, features)| Evidence {
        mentions: mentions(subject),
        candidates: subject
            .candidates
            .iter()
            .zip(features)
            .map(|(place, features): (_, [f64; N_FEATURES])| Candidate {
                lat: place.lat,
                lon: place.lon,
                features: features.to_vec(),
            })
            .collect(),
    });
    evidence.collect()
}
