//! The grammar of expressions of time: at an item the first rule that fits, from the longest kind to the shortest.
//!
//! Here are the order of the rules and what may stand around an expression; `days`, `periods` and `amounts` have the rules.

mod amounts;
mod days;
mod periods;

use std::ops::Range;

use jiff::civil::Date;
use rapporteur_record::TimeKind;

use crate::classes::Classes;
use crate::reading::Reading;
use crate::times::calendar::{Period, Unit};
use crate::times::items::Item;
use crate::times::tense::{self, Tense};
use crate::times::words::{Kind, Sense};

/// An expression, and what it means.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Its items, `from..to`.
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) kind: TimeKind,
    pub(super) value: Option<String>,
    pub(super) period: Option<Period>,
    /// How many days after the day of writing or speaking, of "tomorrow".
    pub(super) days_off: Option<i32>,
    /// A part of the day's code, "TMO".
    suffix: Option<String>,
    /// Whether it names its day: "Wednesday", "March 16".
    pub(super) named_day: bool,
}

impl Found {
    fn new(from: usize, to: usize, kind: TimeKind, value: impl Into<Option<String>>) -> Found {
        let value = value.into();
        Found { from, to, kind, value, period: None, days_off: None, suffix: None, named_day: false }
    }

    fn date(from: usize, to: usize, period: Option<Period>) -> Found {
        let value = period.map(Period::value);
        Found { period, ..Found::new(from, to, TimeKind::Date, value) }
    }

    fn time(self, from: usize, to: usize, suffix: &str) -> Found {
        let value = self.period.filter(|day| day.unit == Unit::Day).map(|day| day.value() + suffix);
        Found { from: from.min(self.from), to, kind: TimeKind::Time, value, suffix: Some(suffix.to_owned()), ..self }
    }

    /// Gives it another day.
    pub(super) fn settle(&mut self, period: Period) {
        self.period = Some(period);
        self.value = Some(period.value() + self.suffix.as_deref().unwrap_or_default());
    }
}

/// What was spoken of before.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    /// What "a year earlier" is compared with.
    basis: Option<Period>,
    /// What "the following day" counts from.
    last: Option<Period>,
}

impl Memory {
    /// Remembers an expression.
    pub(super) fn note(&mut self, found: &Found) {
        let Some(period) = found.period else { return };
        if found.kind == TimeKind::Duration || period.unit == Unit::Quarter {
            self.basis = Some(period);
        }
        if found.kind != TimeKind::Duration {
            self.last = Some(period);
        }
    }
}

/// The items of a sentence with all that resolving them needs.
pub(super) struct Grammar<'r, 'a> {
    pub(super) reading: &'r Reading<'a>,
    pub(super) items: &'r [Item<'a>],
    pub(super) sentence: Range<usize>,
    pub(super) published: Option<Date>,
    pub(super) memory: &'r Memory,
}

impl Grammar<'_, '_> {
    /// The expression that begins at item `i`.
    pub(super) fn at(&self, i: usize) -> Option<Found> {
        let found = self.edged(i).or_else(|| self.approximate(i)).or_else(|| self.core(i))?;
        (!self.is_name(&found)).then_some(found)
    }

    fn core(&self, i: usize) -> Option<Found> {
        self.numeric_date(i)
            .or_else(|| self.month_date(i))
            .or_else(|| self.day_month(i))
            .or_else(|| self.weekday(i))
            .or_else(|| self.deictic(i))
            .or_else(|| self.clock(i))
            .or_else(|| self.holiday(i))
            .or_else(|| self.quarter(i))
            .or_else(|| self.before_period(i))
            .or_else(|| self.relative(i))
            .or_else(|| self.shifted(i))
            .or_else(|| self.counted(i))
            .or_else(|| self.set(i))
            .or_else(|| self.part(i))
            .or_else(|| self.season(i, i, 0, false))
            .or_else(|| self.year(i))
            .or_else(|| self.plain(i))
    }

    fn is(&self, i: usize, kind: Kind) -> bool {
        self.sense(i, kind).is_some()
    }

    fn sense(&self, i: usize, kind: Kind) -> Option<&Sense> {
        self.items.get(i)?.sense(kind)
    }

    fn number(&self, i: usize, kind: Kind) -> Option<i32> {
        self.sense(i, kind).map(|sense| sense.number)
    }

    fn mark(&self, i: usize, mark: char) -> bool {
        self.items.get(i).is_some_and(|item| item.mark == Some(mark))
    }

    fn before(&self, i: usize, kind: Kind) -> bool {
        i > 0 && self.is(i - 1, kind)
    }

    /// `i + 1` if the item is of the kind, else `i`.
    fn skip(&self, i: usize, kind: Kind) -> usize {
        i + usize::from(self.is(i, kind))
    }

    fn tense(&self, from: usize, to: usize) -> Tense {
        let (at, end) = (self.items[from].token, self.items[to - 1].token + 1);
        tense::around(self.reading, &self.sentence, at, end)
    }

    /// "Sunday Times", "May said".
    fn is_name(&self, found: &Found) -> bool {
        let capital = |i: usize| self.items.get(i).is_some_and(|item| item.capital);
        let (from, to) = (found.from, found.to);
        let after = capital(to) && self.is(to, Kind::NameAfter) && capital(to - 1);
        let before = from > 0 && capital(from - 1) && capital(from) && self.is(from - 1, Kind::NameBefore);
        after || before
    }

    // What stands around

    /// "early next year", "the end of the month", "mid-November", "late Thursday".
    fn edged(&self, i: usize) -> Option<Found> {
        let the = self.skip(i, Kind::The);
        let led = self.is(the, Kind::Edge) || self.is(the, Kind::EdgeOf) && self.is(the + 1, Kind::OfOnly);
        if !led {
            return self.year_end(i);
        }
        let at = self.skip(the + 1, Kind::Of);
        let found = self.core(at)?;
        let fits = match found.kind {
            TimeKind::Date => found.value.as_deref().is_none_or(|value| !value.ends_with("REF")),
            TimeKind::Time => true,
            _ => false,
        };
        fits.then_some(Found { from: i, ..found })
    }

    fn year_end(&self, i: usize) -> Option<Found> {
        if self.sense(i, Kind::YearEnd).is_some() {
            return Some(Found::date(i, i + 1, self.published.and_then(|day| Period::holding(Unit::Year, day))));
        }
        None
    }

    /// "nearly | three years", "about a decade".
    fn approximate(&self, i: usize) -> Option<Found> {
        if !self.is(i, Kind::Approx) {
            return None;
        }
        let found = self
            .counted(i + 1)
            .or_else(|| self.clock(i + 1))
            .or_else(|| self.shifted(i + 1).filter(|found| found.kind == TimeKind::Duration))?;
        (found.kind != TimeKind::Set).then_some(Found { from: i, ..found })
    }

    /// "now", "recent years", "the year", "the weekend", "weeks".
    fn plain(&self, i: usize) -> Option<Found> {
        let date = |to: usize, value: &str| Some(Found::new(i, to, TimeKind::Date, value.to_owned()));
        if let Some(sense) = self.sense(i, Kind::Reference) {
            let next = self.items.get(i + 1).map(|next| &self.reading.tokens[next.token]);
            let led = next.is_some_and(|next| next.is(Classes::AS | Classes::CIRCUMSTANCE | Classes::OF));
            return if led { None } else { date(i + 1, sense.code) };
        }
        if let Some(sense) = self.sense(i + 1, Kind::Past).filter(|_| self.is(i, Kind::The)) {
            return date(i + 2, sense.code);
        }
        if let Some(sense) = self.sense(i, Kind::Recent) {
            return date(i + 1 + usize::from(self.is(i + 1, Kind::Units)), sense.code);
        }
        if let Some(sense) = self.sense(i, Kind::Current).filter(|_| !self.items[i].capital) {
            return date(i + 1, sense.code);
        }
        let fiscal = self.skip(i + 1, Kind::Fiscal);
        if self.is(i, Kind::The) && fiscal > i + 1 && self.unit_at(fiscal) == Some(Unit::Year) {
            let year = self.published.and_then(|day| Period::holding(Unit::Year, day));
            return Some(Found::date(i, fiscal + 1, year));
        }
        if self.is(i, Kind::The) && self.is(i + 1, Kind::Unit) {
            return self.the_unit(i);
        }
        let lone =
            self.is(i, Kind::Units) && !self.items[i].capital && !self.items[i].tied && !self.before(i, Kind::OfOnly);
        let lone = lone && !self.is(i + 1, Kind::Old) && self.unit_at(i) != Some(Unit::Quarter);
        lone.then(|| Found::new(i, i + 1, TimeKind::Duration, self.unit_at(i).map(|unit| unit.duration("X"))))
    }

    fn the_unit(&self, i: usize) -> Option<Found> {
        let unit = self.unit_at(i + 1)?;
        if !matches!(unit, Unit::Day | Unit::Week | Unit::Weekend | Unit::Month | Unit::Year) {
            return None;
        }
        let published = self.published.and_then(|day| Period::holding(unit, day));
        let back = unit == Unit::Weekend
            && !self.before(i, Kind::Then)
            && self.tense(i, i + 2) != Tense::Future
            && self.published.is_some_and(|day| day.weekday().to_monday_one_offset() < 6);
        Some(Found::date(i, i + 2, published.and_then(|period| period.shifted(-i64::from(back)))))
    }
}
