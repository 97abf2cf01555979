//! What may speak for or against a place that a name may mean, and how much.

use super::table::Kind;

macro_rules! features {
    ($($feature:ident = $name:literal;)*) => {
        /// What may speak for or against a place.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Feature { $(#[doc = $name] $feature),* }
        /// Their names, in order.
        pub(super) const FEATURES: &[&str] = &[$($name),*];
        /// How many there are.
        pub(super) const N_FEATURES: usize = FEATURES.len();
    };
}

features! {
    Size = "size";
    Country = "country";
    Region = "region";
    District = "district";
    Continent = "continent";
    Also = "not-its-first-name";
    Largest = "largest-of-its-name";
    State = "state-of-the-tables";
    Capital = "capital-of-the-tables";
    Called = "called-what-it-is";
    CalledElse = "called-something-else";
    Within = "within-what-is-named-beside-it";
    NotWithin = "not-within-what-is-named-beside-it";
    CountryNamed = "its-country-is-named";
    CountryShare = "share-of-its-country";
    RegionNamed = "its-region-is-named";
    SameCountry = "others-in-its-country";
    Holds = "others-within-it";
    Near = "another-within-100-km";
    Around = "another-within-1000-km";
    Outlet = "country-of-the-outlet";
}

const TABLE: &str = include_str!("weights.tsv");

/// How much each feature counts.
#[derive(Debug)]
pub(super) struct Weights([f64; N_FEATURES]);

impl Weights {
    /// Those that are built in.
    ///
    /// # Panics
    /// If a row names no feature or holds no number: the table is part of the program.
    pub(super) fn built_in() -> Self {
        let mut weights = Weights([0.0; N_FEATURES]);
        for line in TABLE.lines().filter(|line| !line.starts_with('#')).skip(1) {
            let (name, weight) = line.split_once('\t').expect("weights.tsv: a feature and its weight");
            let at = FEATURES.iter().position(|feature| *feature == name).expect("weights.tsv names features");
            weights.0[at] = weight.parse().expect("weights.tsv holds numbers");
        }
        weights
    }

    /// The score of a place.
    pub(super) fn score(&self, features: &[f64; N_FEATURES]) -> f64 {
        self.0.iter().zip(features).map(|(weight, feature)| weight * feature).sum()
    }
}

/// The best of several, and its probability.
pub(super) fn best(scores: &[f64]) -> Option<(usize, f64)> {
    let highest = scores.iter().copied().reduce(f64::max)?;
    let at = scores.iter().position(|score| *score >= highest)?;
    let sum: f64 = scores.iter().map(|score| (score - highest).exp()).sum();
    Some((at, 1.0 / sum))
}

/// The feature that stands for a kind of place; none for a city.
pub(super) fn of_kind(kind: Kind) -> Option<Feature> {
    match kind {
        Kind::Country => Some(Feature::Country),
        Kind::Region => Some(Feature::Region),
        Kind::District => Some(Feature::District),
        Kind::Continent => Some(Feature::Continent),
        Kind::City => None,
    }
}

/// Whether something in the article speaks for a place, beside its name.
pub(super) fn is_backed(features: &[f64; N_FEATURES]) -> bool {
    const BACKING: [Feature; 8] = [
        Feature::Capital,
        Feature::Called,
        Feature::Within,
        Feature::CountryNamed,
        Feature::RegionNamed,
        Feature::SameCountry,
        Feature::Holds,
        Feature::Outlet,
    ];
    BACKING.iter().any(|&feature| features[feature as usize] > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_each_feature_once() {
        let named: Vec<&str> = TABLE.lines().filter(|line| !line.starts_with('#')).skip(1).collect();
        assert_eq!(named.len(), N_FEATURES);
        Weights::built_in();
    }

    #[test]
    fn the_best_has_the_highest_score() {
        assert_eq!(best(&[]), None);
        assert_eq!(best(&[0.0]), Some((0, 1.0)));
        assert_eq!(best(&[1.0, 3.0, 3.0]).map(|(at, _)| at), Some(1));
    }
}
