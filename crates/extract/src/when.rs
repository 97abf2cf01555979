//! When a page was published, and when it was last changed.
//!
//! A page tells many dates: JSON-LD, meta tags, microdata, `time`, lines by the headline, its address, comments and
//! teasers. All are gathered (`mentions`), put together by day (`days`), and learnt trees say which day is the one of
//! publication (`models/dates.tsv`, by `training/metadata.py`). The day takes its time from the best that tells it.

use std::sync::LazyLock;

use jiff::tz::Offset;
use rapporteur_record::Moment;

use crate::blocks::Layout;
use crate::forest::Forest;
use crate::head::Head;
use crate::jsonld::Stated;
use crate::tree::Tree;
use crate::when::days::Day;
use crate::when::mentions::{Mention, Source};

pub(crate) mod days;
mod mentions;

/// What the dates are taken from.
pub(crate) struct Sources<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) layout: &'a Layout,
    pub(crate) head: &'a Head,
    pub(crate) stated: &'a Stated,
    /// The block of the headline.
    pub(crate) title: Option<usize>,
    /// The first and the last block of the text.
    pub(crate) body: Option<(usize, usize)>,
    pub(crate) url: Option<&'a str>,
    pub(crate) month_first: bool,
}

static FOREST: LazyLock<Forest> = LazyLock::new(|| Forest::built_in(include_str!("../models/dates.tsv"), &days::NAMES));

/// Log-odds below which a date is no page's.
const LEAST: f32 = -3.0;

/// When a page was published and when it was last changed.
pub(crate) fn when(sources: &Sources) -> (Option<Moment>, Option<Moment>) {
    let mentions = mentions::mentions(sources);
    let days = days::days(sources, &mentions);
    let best = FOREST.best(days.iter().map(|day| day.features.as_slice()));
    let day = best.filter(|(_, odds)| *odds > LEAST).map(|(at, _)| &days[at]);
    (day.map(moment), modified(&mentions))
}

/// The days of a page with their numbers, for training.
pub(crate) fn examples(sources: &Sources) -> Vec<(String, Vec<f32>)> {
    let days = days::days(sources, &mentions::mentions(sources));
    days.into_iter().map(|day| (moment(&day).to_string(), day.features)).collect()
}

/// The best telling of a day: with a time, in a zone that is its own, from the best source.
fn moment(day: &Day) -> Moment {
    let rank = |mention: &&Mention| {
        let time = mention.said.time.zip(mention.said.offset);
        (time.is_none(), mention.source, time.is_some_and(|(_, offset)| offset == Offset::UTC))
    };
    let own = day.mentions.iter().filter(|mention| !mention.comment).min_by_key(rank);
    own.or(day.mentions.first()).map_or(Moment::Day(day.date), |mention| mention.said.moment())
}

/// When the page was last changed: as it states, or as it prints with such a word.
fn modified(mentions: &[Mention]) -> Option<Moment> {
    let stated = [Source::LdModified, Source::MetaModified, Source::ItemModified];
    let stated = stated.iter().find_map(|&source| mentions.iter().find(|mention| mention.source == source));
    let printed = || mentions.iter().find(|m| m.updated && !m.published && !m.comment && !m.link && !m.furniture);
    stated.or_else(printed).map(|mention| mention.said.moment())
}
