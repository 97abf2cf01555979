//! What an article tells of where it plays: its places with all that their names may mean, and the countries that it
//! speaks of.

use std::collections::HashMap;
use std::ops::Range;

use rapporteur_record::{Article, Entity, EntityKind, Form};

use super::features::{self, Feature, N_FEATURES, Weights};
use super::is_place;
use super::table::{Kind, Place};
use crate::classes::Classes;
use crate::names::Names;
use crate::reading::Reading;

/// A place is put on the map if it is as likely as this, of all that its name may mean.
const LEAST: f64 = 0.3;
/// A city of more than 65,000 people is known far from it.
const LARGE: u8 = 16;
/// How far the middle of a city's region lies from the city at most, in kilometres.
const MOST_OF_A_CITY: f64 = 50.0;
/// Only that many places before and after a place are asked how near they are.
const NEIGHBOURS: usize = 24;
/// Only that many mentions of a place are asked what stands beside them.
const MENTIONS: usize = 8;
/// The words of a name that stands beside another.
const MOST_BESIDE: usize = 4;

/// An article's places, before it is decided which they are.
pub(super) struct Setting {
    pub(super) subjects: Vec<Subject>,
    /// How often each country is named or meant, by its name, its people, its capital or its government.
    countries: HashMap<String, f64>,
    /// How often each region may be named, and by which subjects.
    regions: HashMap<u16, Vec<usize>>,
    outlet: Option<String>,
}

/// An entity that may be on the map.
pub(super) struct Subject {
    /// Its number.
    pub(super) entity: usize,
    pub(super) candidates: Vec<Place>,
    /// What it is called beside its name: "the province of …".
    called: Option<Kind>,
    /// What is named beside it as if it lay within: "Tripoli, | Lebanon".
    beside: Vec<Vec<Place>>,
    /// How often it counts as which country itself.
    own: Option<(String, f64)>,
    state: bool,
    capital: bool,
}

impl Subject {
    /// The city, where a place is the region around a capital, or little more than that city.
    fn town_in(&self, place: &Place) -> Place {
        let region = matches!(place.kind, Kind::Region | Kind::District) && self.called != Some(place.kind);
        let same = |city: &&Place| {
            let near = city.size + 1 >= place.size && city.distance(place) < MOST_OF_A_CITY;
            let capital = self.capital && city.country == place.country;
            city.kind == Kind::City && !city.also && (near || capital)
        };
        self.candidates.iter().find(same).filter(|_| region).copied().unwrap_or(*place)
    }
}

impl Setting {
    pub(super) fn new(reading: &Reading, names: &Names, article: &Article, entities: &[Entity]) -> Self {
        let mut countries = HashMap::new();
        for country in names.iter().filter_map(|name| name.country) {
            *countries.entry(country.to_owned()).or_insert(0.0) += 1.0;
        }
        let places = entities.iter().enumerate().filter(|(_, entity)| is_place(entity));
        let subjects: Vec<Subject> = places.map(|(number, entity)| subject(reading, names, number, entity)).collect();
        let mut regions: HashMap<u16, Vec<usize>> = HashMap::new();
        for (number, subject) in subjects.iter().enumerate() {
            let named = subject.candidates.iter().filter(|place| place.kind == Kind::Region);
            for region in named.filter_map(|place| place.region) {
                regions.entry(region).or_default().push(number);
            }
        }
        Setting { subjects, countries, regions, outlet: outlet_country(article) }
    }

    /// The place that each subject is, where that can be told.
    ///
    /// A town of which nothing else in the article speaks may be any village that the table does not have.
    pub(super) fn choose(&self, weights: &Weights) -> Vec<Option<Place>> {
        let all = self.features(weights);
        let chosen = self.subjects.iter().zip(&all).map(|(subject, features)| {
            let (at, probability) = best(features, weights)?;
            let place = subject.town_in(&subject.candidates[at]);
            let town = matches!(place.kind, Kind::City | Kind::District) && place.size < LARGE;
            (probability >= LEAST && (!town || features::is_backed(&features[at]))).then_some(place)
        });
        chosen.collect()
    }

    /// The features of each place of each subject. Those that hang on where the others are need a first choice.
    pub(super) fn features(&self, weights: &Weights) -> Vec<Vec<[f64; N_FEATURES]>> {
        let mut all: Vec<Vec<[f64; N_FEATURES]>> = self.subjects.iter().map(|subject| self.alone(subject)).collect();
        let first: Vec<Option<Place>> = self
            .subjects
            .iter()
            .zip(&all)
            .map(|(subject, features)| best(features, weights).map(|(at, _)| subject.candidates[at]))
            .collect();
        let in_country = counted(&first);
        for (number, subject) in self.subjects.iter().enumerate() {
            let others = neighbours(&first, number);
            for (place, features) in subject.candidates.iter().zip(&mut all[number]) {
                together(place, first[number], &others, &in_country, features);
            }
        }
        all
    }

    /// What speaks for each place of a subject, wherever the others are.
    fn alone(&self, subject: &Subject) -> Vec<[f64; N_FEATURES]> {
        let of_all: f64 = self.countries.values().sum();
        let own = subject.own.as_ref();
        let largest =
            subject.candidates.iter().filter(|place| place.kind != Kind::Country).map(|place| place.size).max();
        let beside = |place: &Place| subject.beside.iter().any(|outer| outer.iter().any(|outer| holds(outer, place)));
        let some_beside = subject.candidates.iter().any(beside);
        let features = subject.candidates.iter().map(|place| {
            let mut features = [0.0; N_FEATURES];
            let mut set = |feature: Feature, value: f64| features[feature as usize] = value;
            set(Feature::Size, f64::from(place.size) / 10.0);
            if let Some(kind) = features::of_kind(place.kind) {
                set(kind, 1.0);
            }
            set(Feature::Also, flag(place.also));
            set(Feature::Largest, flag(place.kind != Kind::Country && Some(place.size) == largest));
            let country = place.country;
            let of_entity = own.is_some_and(|(code, _)| Some(code.as_str()) == country);
            set(Feature::State, flag(subject.state && place.kind == Kind::Country && of_entity));
            set(Feature::Capital, flag(subject.capital && place.kind == Kind::City && of_entity));
            set(Feature::Called, flag(subject.called == Some(place.kind)));
            set(Feature::CalledElse, flag(subject.called.is_some_and(|kind| kind != place.kind)));
            let within = beside(place);
            set(Feature::Within, flag(within));
            set(Feature::NotWithin, flag(some_beside && !within));
            let without = if of_entity { own.map_or(0.0, |(_, n)| *n) } else { 0.0 };
            let named = country.and_then(|code| self.countries.get(code)).map_or(0.0, |n| (n - without).max(0.0));
            let rest = of_all - own.map_or(0.0, |(_, n)| *n);
            set(Feature::CountryNamed, (1.0 + named).ln());
            set(Feature::CountryShare, if rest > 0.0 { named / rest } else { 0.0 });
            set(
                Feature::RegionNamed,
                flag(place.region.is_some_and(|region| self.names_region(region, subject.entity))),
            );
            set(Feature::Outlet, flag(country.is_some() && country == self.outlet.as_deref()));
            features
        });
        features.collect()
    }

    /// Whether another subject may be the region of that number.
    fn names_region(&self, region: u16, entity: usize) -> bool {
        let named = self.regions.get(&region);
        named.is_some_and(|numbers| numbers.iter().any(|&number| self.subjects[number].entity != entity))
    }
}

fn best(features: &[[f64; N_FEATURES]], weights: &Weights) -> Option<(usize, f64)> {
    let scores: Vec<f64> = features.iter().map(|features| weights.score(features)).collect();
    features::best(&scores)
}

fn flag(holds: bool) -> f64 {
    if holds { 1.0 } else { 0.0 }
}

/// How many of the places lie in each country; the countries themselves are not counted.
fn counted(places: &[Option<Place>]) -> HashMap<&'static str, f64> {
    let mut counts = HashMap::new();
    for country in places.iter().flatten().filter(|place| place.kind != Kind::Country).filter_map(|place| place.country)
    {
        *counts.entry(country).or_insert(0.0) += 1.0;
    }
    counts
}

/// The places named before and after a place, without countries and continents.
fn neighbours(places: &[Option<Place>], number: usize) -> Vec<Place> {
    let around = number.saturating_sub(NEIGHBOURS)..places.len().min(number + NEIGHBOURS + 1);
    let others = around.filter(|&other| other != number).filter_map(|other| places[other]);
    others.filter(|place| !matches!(place.kind, Kind::Country | Kind::Continent)).collect()
}

/// What speaks for a place because of where the others are.
fn together(
    place: &Place,
    first: Option<Place>,
    others: &[Place],
    in_country: &HashMap<&'static str, f64>,
    features: &mut [f64; N_FEATURES],
) {
    let mut set = |feature: Feature, value: f64| features[feature as usize] = value;
    let itself = first.is_some_and(|first| first.kind != Kind::Country && first.country == place.country);
    let there = place.country.and_then(|code| in_country.get(code)).map_or(0.0, |n| n - flag(itself));
    set(Feature::SameCountry, (1.0 + there).ln());
    if matches!(place.kind, Kind::Country | Kind::Continent) {
        return;
    }
    let inside = |other: &&Place| place.kind == Kind::Region && holds(place, other);
    let n_inside = others.iter().filter(inside).fold(0.0, |n, _| n + 1.0);
    set(Feature::Holds, f64::ln(1.0 + n_inside));
    let nearest = others.iter().map(|other| place.distance(other)).fold(f64::INFINITY, f64::min);
    set(Feature::Near, (-nearest / 100.0).exp());
    set(Feature::Around, (-nearest / 1000.0).exp());
}

/// Whether a place lies in another that is named beside it.
fn holds(outer: &Place, inner: &Place) -> bool {
    let smaller =
        |kind: Kind| matches!(kind, Kind::City | Kind::District) || kind == Kind::Region && outer.kind == Kind::Country;
    let same_country = outer.country.is_some() && outer.country == inner.country;
    smaller(inner.kind)
        && match outer.kind {
            Kind::Country => same_country,
            Kind::Region if outer.region.is_some() => same_country && outer.region == inner.region,
            Kind::Region => same_country && outer.distance(inner) < 250.0,
            Kind::District => inner.kind == Kind::City && same_country && outer.distance(inner) < 100.0,
            Kind::City | Kind::Continent => false,
        }
}

/// An entity with all that it may be.
fn subject(reading: &Reading, names: &Names, number: usize, entity: &Entity) -> Subject {
    let found = reading.lexicon.atlas.look_up(&entity.name);
    let (mut called, mut beside) = (found.called, Vec::new());
    let named: Vec<Range<usize>> = entity
        .mentions
        .iter()
        .filter(|mention| mention.form == Form::Name)
        .filter_map(|mention| {
            let start = reading.tokens.partition_point(|token| token.span.end() <= mention.span.start());
            let end = reading.tokens.partition_point(|token| token.span.start() < mention.span.end());
            (start < end).then_some(start..end)
        })
        .collect();
    let known = named.iter().find_map(|tokens| names.at(tokens.start)).filter(|name| name.known.is_some());
    let own = known.and_then(|name| name.country);
    let mut candidates = found.places;
    let state = own.filter(|_| entity.kind == EntityKind::State);
    if let Some(country) = state.and_then(|code| reading.lexicon.atlas.world.country(code)) {
        // "Moscow" that speaks for Russia is no city.
        let by_name = reading.lexicon.atlas.names_state(&entity.name);
        candidates.retain(|place| by_name && (place.kind != Kind::Country || place.country != country.country));
        candidates.insert(0, country);
    }
    for tokens in named.iter().take(MENTIONS) {
        called = called.or_else(|| called_beside(reading, tokens));
        beside.extend(named_beside(reading, tokens, &candidates));
    }
    let n_mentions = named.len();
    let state = entity.kind == EntityKind::State;
    let capital = known.is_some() && entity.kind == EntityKind::Place;
    let own = own.map(|code| (code.to_owned(), f64::from(u32::try_from(n_mentions).unwrap_or(u32::MAX))));
    Subject { entity: number, candidates, called, beside, own, state, capital }
}

/// "the province of | Kherson", "Kherson | region": what a name is called by the word beside it.
fn called_beside(reading: &Reading, tokens: &Range<usize>) -> Option<Kind> {
    let kind = |at: usize| {
        let token = reading.tokens.get(at).filter(|token| token.is_word())?;
        reading.lexicon.atlas.words.kind(&reading.text[token.span].to_lowercase())
    };
    let of = tokens.start.checked_sub(2).filter(|&at| reading.tokens[at + 1].is(Classes::OF));
    of.and_then(kind).or_else(|| kind(tokens.end).filter(|_| reading.tokens[tokens.end].spaced))
}

/// "Tripoli, | Lebanon", "Paris (| Texas)", "Springfield in | Illinois": what a name is said to lie in.
fn named_beside(reading: &Reading, tokens: &Range<usize>, candidates: &[Place]) -> Option<Vec<Place>> {
    let next = reading.tokens.get(tokens.end)?;
    let located = next.is(Classes::LOCATIVE);
    if !(next.is_mark(',') || next.is_mark('(') || located) {
        return None;
    }
    let mut start = tokens.end + 1;
    while located && start < tokens.end + 4 && reading.tokens.get(start).is_some_and(|token| !token.is_capital()) {
        start += 1;
    }
    let capital = |at: &usize| reading.tokens.get(*at).is_some_and(|token| token.is_capital());
    let n_words = (start..start + MOST_BESIDE).take_while(capital).count();
    (1..=n_words).rev().find_map(|n| {
        let mut places = reading.lexicon.atlas.look_up(reading.words(&(start..start + n))).places;
        places.retain(|place| matches!(place.kind, Kind::Country | Kind::Region | Kind::District));
        // "Idaho, Maine, Montana and …": a list.
        let alike = |place: &Place| candidates.iter().any(|other| other.kind == place.kind);
        let listed = next.is_mark(',') && is_listed(reading, tokens, start + n) && places.iter().any(alike);
        (!places.is_empty() && !listed).then_some(places)
    })
}

/// Whether a name at `tokens` with another that ends before `end` is part of a list.
fn is_listed(reading: &Reading, tokens: &Range<usize>, end: usize) -> bool {
    let joins = |at: usize| reading.tokens.get(at).is_some_and(|token| token.is_mark(',') || token.is(Classes::AND));
    let capital = |at: usize| reading.tokens.get(at).is_some_and(|token| token.is_capital() || token.is(Classes::AND));
    joins(end) && capital(end + 1) || tokens.start.checked_sub(1).is_some_and(joins)
}

/// The country of an outlet, by the end of its domain.
fn outlet_country(article: &Article) -> Option<String> {
    let (_, end) = article.outlet.as_deref()?.rsplit_once('.')?;
    let code = if end == "uk" { "GB".to_owned() } else { end.to_ascii_uppercase() };
    (code.len() == 2).then_some(code)
}
