//! The grammar of expressions of time: at an item the first rule that fits, from the longest kind to the shortest.

use std::ops::Range;

use jiff::civil::Date;
use rapporteur_record::TimeKind;

use crate::classes::Classes;
use crate::reading::Reading;
use crate::times::calendar::{Period, Unit, holiday, moved};
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
    pub(super) weekday: bool,
}

impl Found {
    fn new(from: usize, to: usize, kind: TimeKind, value: impl Into<Option<String>>) -> Found {
        let value = value.into();
        Found { from, to, kind, value, period: None, days_off: None, suffix: None, weekday: false }
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

    // Years

    fn year_at(&self, i: usize) -> Option<(i16, usize)> {
        let item = self.items.get(i)?;
        let own = !item.is(Kind::DecadeSuffix) && !item.is(Kind::OrdinalSuffix);
        if let Some(year) = item.digits.filter(|year| own && (1000..2200).contains(year)) {
            return Some((i16::try_from(year).ok()?, i + 1));
        }
        let (high, low) = (self.number(i, Kind::Number)?, self.number(i + 1, Kind::Number)?);
        let units = self.number(i + 2, Kind::Number).filter(|units| *units < 10 && self.items[i + 2].tied);
        let year = high * 100 + low + units.unwrap_or(0);
        let fits = (15..21).contains(&high) && low >= 10;
        fits.then_some((i16::try_from(year).ok()?, i + 2 + usize::from(units.is_some())))
    }

    fn year(&self, i: usize) -> Option<Found> {
        if let Some(found) = self.decade(i) {
            return Some(found);
        }
        let fiscal = self.is(i, Kind::Fiscal);
        let the = self.is(i, Kind::The) && self.is(i + 1, Kind::Unit);
        let at = if the { i + 2 } else { self.skip(i, Kind::Fiscal) };
        let (year, to) = self.year_at(at)?;
        let next = self.items.get(to);
        let counted = next
            .is_some_and(|next| !next.capital && next.mark.is_none() && self.plural_noun(next) || next.is(Kind::Units));
        let likely =
            fiscal || the || self.before(i, Kind::YearBefore) || self.mark(to, ')') || (1900..2100).contains(&year);
        let tied = self.items[at].tied && !self.before(i, Kind::Mid) || next.is_some_and(|next| next.mark == Some('%'));
        let money = i > 0 && self.items[i - 1].mark.is_some_and(|mark| "$€£#".contains(mark));
        let name = i > 1 && self.items[i - 1].capital && !self.items[i - 1].means() && !fiscal;
        if counted && !self.before(i, Kind::YearBefore) || !likely || tied || money || name {
            return None;
        }
        if let Some(quarter) = self.quarter_in(year, to) {
            return Some(Found::date(i, to + 1, Some(quarter)));
        }
        let to = if the { to } else { self.skip(to, Kind::Period) };
        Some(Found::date(i, to, Period::year(year)))
    }

    /// "the 1988 | quarter": the quarter spoken of, in that year.
    fn quarter_in(&self, year: i16, at: usize) -> Option<Period> {
        let asked = self.is(at, Kind::Period) || self.unit_at(at) == Some(Unit::Quarter) && self.is(at, Kind::Unit);
        let spoken = self.memory.basis.filter(|basis| asked && basis.unit == Unit::Quarter)?;
        Period::holding(Unit::Quarter, Date::new(year, spoken.first.month(), 1).ok()?)
    }

    fn title_case(&self, i: usize) -> bool {
        self.reading.paragraph_at(self.items[i].token).is_some_and(|paragraph| paragraph.title_case)
    }

    fn plural_noun(&self, item: &Item) -> bool {
        let written = self.reading.written(item.token);
        let last = written.char_indices().next_back().and_then(|(at, _)| self.reading.lexicon.get(&written[at..]));
        let plural = last.is_some_and(|word| word.times.iter().any(|sense| sense.kind == Kind::DecadeSuffix));
        plural && !item.is(Kind::YearBefore)
    }

    /// "the 1990s", "the '80s", "the nineties".
    fn decade(&self, i: usize) -> Option<Found> {
        let at = self.skip(i, Kind::The);
        let at = if self.mark(at, '\'') || self.mark(at, '’') || self.mark(at, '‘') { at + 1 } else { at };
        let item = self.items.get(at)?;
        let (year, to) = match item.digits.filter(|_| item.is(Kind::DecadeSuffix)) {
            Some(year) if year >= 1000 => (year, at + 1),
            Some(year) if (20..100).contains(&year) && year % 10 == 0 && at > i => (1900 + year, at + 1),
            Some(_) => return None,
            None => (self.number(at, Kind::Decade).filter(|_| at > i)?, at + 1),
        };
        Some(Found::date(i, to, Period::holding(Unit::Decade, Date::new(i16::try_from(year).ok()?, 1, 1).ok()?)))
    }

    // Days of months

    fn numeric_date(&self, i: usize) -> Option<Found> {
        let digits = |n: usize| self.items.get(i + n).and_then(|item| item.digits);
        let tied = |n: usize| self.items.get(i + n).is_some_and(|item| item.tied);
        let year_first = digits(0).filter(|year| (1000..2200).contains(year) && tied(1));
        if let Some(year) = year_first {
            let month = i8::try_from(digits(1)?).ok()?;
            if !tied(2) {
                let end = i32::from(month);
                let range = (year % 100 + 1..100).contains(&end);
                let year = i16::try_from(year).ok()?;
                return range.then(|| Found::date(i, i + 2, Period::year(year)));
            }
            let day = Date::new(i16::try_from(year).ok()?, month, i8::try_from(digits(2)?).ok()?).ok()?;
            return Some(Found::date(i, i + 3, Some(Period::day(day))));
        }
        if !(self.mark(i + 1, '/') && self.mark(i + 3, '/')) {
            return None;
        }
        let (a, b, year) = (i8::try_from(digits(0)?).ok()?, i8::try_from(digits(2)?).ok()?, digits(4)?);
        let year = i16::try_from(if year < 70 {
            2000 + year
        } else if year < 100 {
            1900 + year
        } else {
            year
        })
        .ok()?;
        let day = Date::new(year, a, b).or_else(|_| Date::new(year, b, a)).ok()?;
        Some(Found::date(i, i + 5, Some(Period::day(day))))
    }

    fn month_at(&self, i: usize) -> Option<i8> {
        let item = self.items.get(i).filter(|item| item.capital)?;
        i8::try_from(item.sense(Kind::Month)?.number).ok()
    }

    fn day_number(&self, i: usize) -> Option<i8> {
        let item = self.items.get(i)?;
        let digits = item.digits.filter(|_| !item.is(Kind::DecadeSuffix)).or_else(|| self.number(i, Kind::Ordinal))?;
        i8::try_from(digits).ok().filter(|day| (1..=31).contains(day))
    }

    /// "March 16, 2022", "Sept. 30", "October 1984", "June last year", "May".
    fn month_date(&self, i: usize) -> Option<Found> {
        let month = self.month_at(i)?;
        if let Some(day) = self.day_number(i + 1).filter(|_| !self.mark(i + 2, '%')) {
            let comma = i + 2 + usize::from(self.mark(i + 2, ','));
            let (year, to) = self.year_at(comma).map_or((None, i + 2), |(year, to)| (Some(year), to));
            return Some(self.day_of_month(i, to, month, day, year));
        }
        if let Some((year, to)) = self.year_of_month(i + 1) {
            let first = year.and_then(|year| Date::new(year, month, 1).ok());
            return Some(Found::date(i, to, first.and_then(|first| Period::holding(Unit::Month, first))));
        }
        let ranges = self.mark(i + 1, '—') || self.is(i + 1, Kind::To);
        if let Some((Some(year), _)) = self.year_of_month(i + 3).filter(|_| ranges && self.month_at(i + 2).is_some()) {
            let first = Date::new(year, month, 1).ok();
            return Some(Found::date(i, i + 1, first.and_then(|first| Period::holding(Unit::Month, first))));
        }
        if self.is(i, Kind::Short) && !self.text(i).ends_with('.') || !self.stands_as_month(i) {
            return None;
        }
        Some(Found::date(i, i + 1, self.month_near(month, i)))
    }

    fn text(&self, i: usize) -> &str {
        &self.reading.text[self.items[i].span]
    }

    /// "1984", "of that year", "last year": the year and where it ends.
    fn year_of_month(&self, i: usize) -> Option<(Option<i16>, usize)> {
        let at = i + usize::from(self.mark(i, ',') || self.is(i, Kind::OfOnly));
        if let Some((year, to)) = self.year_at(at) {
            return Some((Some(year), to));
        }
        if self.unit_at(at + 1) != Some(Unit::Year) {
            return None;
        }
        if self.is(at, Kind::That) {
            return Some((self.memory.last.map(|last| last.first.year()), at + 2));
        }
        let shift = self.number(at, Kind::Shift)?;
        let year = self.published.and_then(|day| day.year().checked_add(i16::try_from(shift).ok()?));
        Some((year, at + 2))
    }

    /// "May" and "March" are months after a preposition or a shift, or not at the start of a sentence.
    fn stands_as_month(&self, i: usize) -> bool {
        if !self.is(i, Kind::Doubtful) {
            return true;
        }
        let token = i.checked_sub(1).map(|before| &self.reading.tokens[self.items[before].token]);
        let after = token.is_some_and(|token| token.is(Classes::PREPOSITION) || token.is(Classes::AND));
        after || self.before(i, Kind::Shift) || self.before(i, Kind::Edge) || self.before(i, Kind::Each)
    }

    /// "16 March 2022", "the 24th of February".
    fn day_month(&self, i: usize) -> Option<Found> {
        let at = self.skip(i, Kind::The);
        let day = self.day_number(at)?;
        let month_at = self.skip(at + 1, Kind::OfOnly);
        let month = self.month_at(month_at)?;
        if at == i && month_at > at + 1 && !self.items[at].is(Kind::OrdinalSuffix) {
            return None;
        }
        let comma = month_at + 1 + usize::from(self.mark(month_at + 1, ','));
        let year = self.year_at(comma).map(|(year, to)| (Some(year), to));
        let (year, to) = year.or_else(|| self.year_of_month(month_at + 1)).unwrap_or((None, month_at + 1));
        Some(self.day_of_month(i, to, month, day, year))
    }

    fn day_of_month(&self, from: usize, to: usize, month: i8, day: i8, year: Option<i16>) -> Found {
        let given = year.map(|year| Date::new(year, month, day).ok());
        let date = given.unwrap_or_else(|| self.nearest(month, day, self.tense(from, to)));
        Found { weekday: true, ..Found::date(from, to, date.map(Period::day)) }
    }

    /// The year of a day without one: the nearest that its clause allows.
    fn nearest(&self, month: i8, day: i8, tense: Tense) -> Option<Date> {
        let published = self.published?;
        let lean = match tense {
            Tense::Past => -60,
            Tense::Future => 90,
            Tense::Unknown => 0,
        };
        let center = moved(published, Unit::Day, lean)?;
        let years = (-1..=1).filter_map(|n| Date::new(published.year().checked_add(n)?, month, day).ok());
        years.min_by_key(|date| center.until(*date).map_or(i32::MAX, |span| span.get_days().abs()))
    }

    /// The month that a clause means.
    fn month_near(&self, month: i8, i: usize) -> Option<Period> {
        let published = self.published?;
        let now = published.month();
        let tense = self.tense(i, i + 1);
        let years = match tense {
            Tense::Future => i16::from(month < now),
            _ => -i16::from(month > now && (tense == Tense::Past || month - now > 5)),
        };
        self.month_of(month, years)
    }

    fn month_of(&self, month: i8, years: i16) -> Option<Period> {
        let year = self.published?.year().checked_add(years)?;
        Period::holding(Unit::Month, Date::new(year, month, 1).ok()?)
    }

    // Days near by

    /// "Wednesday", "Saturday, April 25", "Thursday evening", "Tuesday nights".
    fn weekday(&self, i: usize) -> Option<Found> {
        let weekday = i8::try_from(self.items.get(i).filter(|item| item.capital)?.sense(Kind::Weekday)?.number).ok()?;
        let dated = i + 1 + usize::from(self.mark(i + 1, ','));
        if self.is(i, Kind::Short) && !self.text(i).ends_with('.') && self.month_at(dated).is_none() {
            return None;
        }
        let day = self.month_date(dated).or_else(|| self.day_month(dated)).filter(|_| !self.is(i, Kind::Plural));
        if let Some(day) = day.filter(|found| found.period.is_none_or(|period| period.unit == Unit::Day)) {
            return Some(Found { from: i, ..day });
        }
        if self.is(i, Kind::Plural) || self.is(i + 1, Kind::Plural) && self.is(i + 1, Kind::Part) {
            let part = self.sense(i + 1, Kind::Part).map_or(String::new(), |part| format!("T{}", part.code));
            let to = i + 1 + usize::from(!part.is_empty());
            return Some(Found::new(i, to, TimeKind::Set, format!("XXXX-WXX-{weekday}{part}")));
        }
        let tense = if self.before(i, Kind::Then) { Tense::Future } else { self.tense(i, i + 1) };
        let day = self.day_of_week(weekday, tense);
        let found = Found { weekday: true, ..Found::date(i, i + 1, day.map(Period::day)) };
        Some(self.with_part(found))
    }

    fn day_of_week(&self, weekday: i8, tense: Tense) -> Option<Date> {
        let published = self.published?;
        let ahead = i64::from((weekday - published.weekday().to_monday_one_offset()).rem_euclid(7));
        let days = if ahead == 0 || tense == Tense::Future { ahead } else { ahead - 7 };
        moved(published, Unit::Day, days)
    }

    /// "Thursday | evening", "tomorrow | at 11 a.m."
    fn with_part(&self, found: Found) -> Found {
        let to = found.to;
        if let Some(part) = self.sense(to, Kind::Part).filter(|_| !self.is(to, Kind::Plural)) {
            let suffix = format!("T{}", part.code);
            let from = found.from;
            return found.time(from, to + 1, &suffix);
        }
        let Some((suffix, end)) = self.clock_at(self.skip(to, Kind::At)) else { return found };
        let from = found.from;
        found.time(from, end, &suffix)
    }

    /// "yesterday", "tonight", "tomorrow morning".
    fn deictic(&self, i: usize) -> Option<Found> {
        if self.is(i, Kind::Tonight) {
            return Some(self.off(i, i + 1, 0).time(i, i + 1, "TNI"));
        }
        if let Some(part) = self.sense(i, Kind::Overnight) {
            let days = if self.tense(i, i + 1) == Tense::Future { 0 } else { -1 };
            return Some(self.off(i, i + 1, days).time(i, i + 1, &format!("T{}", part.code)));
        }
        let days = self.number(i, Kind::Day)?;
        Some(self.with_part(self.off(i, i + 1, days)))
    }

    fn off(&self, from: usize, to: usize, days: i32) -> Found {
        let day = self.published.and_then(|day| moved(day, Unit::Day, days.into()));
        Found { days_off: Some(days), ..Found::date(from, to, day.map(Period::day)) }
    }

    /// "this morning", "last night", "the morning", "mid-afternoon yesterday".
    fn part(&self, i: usize) -> Option<Found> {
        let at = if self.is(i, Kind::Mid) || self.is(i, Kind::The) { i + 1 } else { i };
        let part = self.sense(at, Kind::Part).filter(|_| at > i && !self.is(at, Kind::Plural))?;
        let suffix = format!("T{}", part.code);
        let alone = part.code == "NI" && self.is(i, Kind::The);
        let of_day = self.deictic(at + 1).or_else(|| self.weekday(at + 1)).filter(|found| found.kind == TimeKind::Date);
        if alone && of_day.is_none() {
            return None;
        }
        let day = of_day.unwrap_or_else(|| self.off(i, at + 1, 0));
        let to = day.to;
        Some(day.time(i, to, &suffix))
    }

    // Clock

    /// "10 p.m.", "7:15 a.m. GMT", "noon", "seven o'clock": the value's part and where it ends.
    fn clock_at(&self, i: usize) -> Option<(String, usize)> {
        let item = self.items.get(i)?;
        if item.is(Kind::Noon) || item.is(Kind::Midnight) {
            let suffix = if item.is(Kind::Noon) { "T12:00" } else { "T24:00" };
            return Some((suffix.to_owned(), i + 1));
        }
        let half_day = if self.is(i + 1, Kind::Pm) { Some(12) } else { self.is(i + 1, Kind::Am).then_some(0) };
        let after = i + 1 + usize::from(half_day.is_some());
        let zone = self.is(after, Kind::Zone);
        let part = self.sense(i + 3, Kind::Part).filter(|_| self.is(i + 1, Kind::Of) && self.is(i + 2, Kind::The));
        let hours = item.digits.or_else(|| self.number(i, Kind::Number));
        if let Some((hour, part)) = hours.zip(part).filter(|(hour, _)| (1..=12).contains(hour)) {
            let hour = hour % 12 + if part.code == "MO" { 0 } else { 12 };
            return Some((format!("T{hour:02}:00"), i + 4));
        }
        let spoken = self.is(i + 1, Kind::OClock);
        let (hour, minute) = match (item.clock, hours) {
            (Some((hour, minute)), _) if half_day.is_some() || zone || self.text(i).contains(':') => (hour, minute),
            (None, Some(hour)) if half_day.is_some() || spoken => (hour, 0),
            (None, Some(both)) if zone && self.text(i).len() == 4 => (both / 100, both % 100),
            _ => return None,
        };
        let hour = half_day.map_or(hour, |half| hour % 12 + half);
        let to = if spoken { i + 2 } else { after };
        let code = self.sense(to, Kind::Zone).map_or("", |zone| zone.code).replace('X', "");
        let fits = hour <= 24 && minute < 60;
        let zulu = code.replace('Z', "");
        fits.then(|| (format!("T{hour:02}:{minute:02}{zulu}"), self.skip(to, Kind::Zone)))
    }

    fn clock(&self, i: usize) -> Option<Found> {
        let (suffix, to) = self.clock_at(i)?;
        let comma = self.skip(to + usize::from(self.mark(to, ',')), Kind::On);
        let day = self.deictic(comma).or_else(|| self.weekday(comma)).or_else(|| self.month_date(comma));
        let day = day.filter(|found| found.kind == TimeKind::Date && found.period.is_none_or(|p| p.unit == Unit::Day));
        let day = day.unwrap_or_else(|| self.off(i, to, 0));
        let to = day.to;
        Some(day.time(i, to, &suffix))
    }

    // Holidays and seasons

    fn holiday(&self, i: usize) -> Option<Found> {
        let rule = self.items.get(i).filter(|item| item.capital)?.sense(Kind::Holiday)?.code;
        if let Some((year, to)) = self.year_of_month(i + 1) {
            return Some(Found::date(i, to, year.and_then(|year| holiday(rule, year)).map(Period::day)));
        }
        let tense = self.tense(i, i + 1);
        let day = self.published.and_then(|published| {
            let near = holiday(rule, published.year())?;
            let off = i16::from(tense == Tense::Future && near < published)
                - i16::from(tense == Tense::Past && near > published);
            holiday(rule, published.year().checked_add(off)?)
        });
        Some(Found::date(i, i + 1, day.map(Period::day)))
    }

    /// "last summer", "the winter of 1994".
    fn season(&self, from: usize, i: usize, shift: i32, shifted: bool) -> Option<Found> {
        let at = if shifted { i } else { self.skip(i, Kind::The) };
        let code = self.sense(at, Kind::Season).filter(|_| !self.is(at, Kind::Plural))?.code;
        let given = self.year_of_month(at + 1);
        let led = at > i || shifted || given.is_some();
        if !led || self.items[at].capital {
            return None;
        }
        let (year, to) = given.unwrap_or_else(|| (self.season_year(code, shift, shifted, at), at + 1));
        let mut found = Found::date(from, to, year.and_then(Period::year));
        found.value = year.map(|year| format!("{year:04}-{code}"));
        found.period = None;
        Some(found)
    }

    fn season_year(&self, code: &str, shift: i32, shifted: bool, at: usize) -> Option<i16> {
        let published = self.published?;
        let begins = match code {
            "SP" => 3,
            "SU" => 6,
            "FA" => 9,
            _ => 12,
        };
        let begun = published.month() >= begins;
        let off = match (shifted, shift) {
            (true, -1) => -i16::from(published.month() < begins + 3),
            (true, 1) => i16::from(begun),
            (true, _) => 0,
            _ if self.tense(at, at + 1) == Tense::Past => -i16::from(!begun),
            _ => 0,
        };
        published.year().checked_add(off)
    }

    // Quarters and comparisons

    /// "the third quarter", "fiscal first quarter", "1988 second quarter", "third-quarter", "first half of 1990".
    fn quarter(&self, i: usize) -> Option<Found> {
        let mut at = self.skip(i, Kind::The);
        let mut year = None;
        if let Some((given, to)) = self.year_at(at) {
            (year, at) = (Some(given), to);
        }
        at = self.skip(at, Kind::Fiscal);
        let last_half = self.is(at, Kind::Last) && self.is(at + 1, Kind::Half);
        let spelt = self.number(at, Kind::Ordinal);
        let digits = self.items.get(at).filter(|item| item.is(Kind::OrdinalSuffix)).and_then(|item| item.digits);
        let number = if last_half { 2 } else { spelt.or(digits)? };
        if self.is(at + 1, Kind::Half) {
            return self.half(i, at + 2, number);
        }
        if self.unit_at(at + 1) == Some(Unit::Century) && (1..100).contains(&number) {
            let first = Date::new(i16::try_from((number - 1) * 100).ok()?, 1, 1).ok()?;
            return Some(Found::date(i, at + 2, Period::holding(Unit::Century, first)));
        }
        if self.unit_at(at + 1) != Some(Unit::Quarter) || !(1..=4).contains(&number) {
            return None;
        }
        let mut to = at + 2;
        if let Some((given, end)) = self.year_of_month(to) {
            (year, to) = (given, end);
        }
        Some(Found::date(i, to, self.quarter_of(year, number, i, to)))
    }

    fn quarter_of(&self, year: Option<i16>, number: i32, from: usize, to: usize) -> Option<Period> {
        let of = |year: i16| {
            let month = i8::try_from(number * 3 - 2).ok()?;
            Period::holding(Unit::Quarter, Date::new(year, month, 1).ok()?)
        };
        if let Some(year) = year {
            return of(year);
        }
        let published = self.published?;
        let here = of(published.year())?;
        let months_off = here.first.month() - published.month();
        let ahead = months_off > 5 || months_off > 0 && self.tense(from, to) == Tense::Past;
        if ahead { of(published.year().checked_sub(1)?) } else { Some(here) }
    }

    fn half(&self, from: usize, at: usize, number: i32) -> Option<Found> {
        let given = self.year_of_month(at);
        let of_the_year =
            self.is(at, Kind::OfOnly) && self.is(at + 1, Kind::The) && self.unit_at(at + 2) == Some(Unit::Year);
        let (year, to) = match given {
            Some(given) => given,
            None if of_the_year => (self.published.map(Date::year), at + 3),
            None => return None,
        };
        Some(Found::new(from, to, TimeKind::Date, year.map(|year| format!("{year:04}-H{}", number.min(2)))))
    }

    /// "year-earlier", "the year-ago quarter", "a year earlier", "the latest quarter", "the corresponding period".
    fn before_period(&self, i: usize) -> Option<Found> {
        let the = self.skip(i, Kind::The).max(self.skip(i, Kind::Indefinite));
        let at = self.skip(the, Kind::Corresponding);
        let ends = |at: usize| self.is(at, Kind::Period) || self.unit_at(at) == Some(Unit::Quarter);
        if self.unit_at(at) == Some(Unit::Year) && self.is(at, Kind::Unit) && self.is(at + 1, Kind::PeriodAgo) {
            let to = at + 2;
            let quarter = self.number(to, Kind::Ordinal).filter(|_| self.unit_at(to + 1) == Some(Unit::Quarter));
            if let Some(number) = quarter {
                let period = self.quarter_of(None, number, i, to + 2).and_then(|quarter| quarter.shifted(-4));
                return Some(Found::date(i, to + 2, period));
            }
            let to = to + usize::from(ends(to));
            return Some(Found::date(i, to, self.year_before(self.unit_at(to - 1) == Some(Unit::Quarter))));
        }
        let latest = self.is(the, Kind::Latest) && ends(the + 1);
        let bare = the > i
            && self.is(i, Kind::The)
            && self.unit_at(the) == Some(Unit::Quarter)
            && self.is(the, Kind::Unit)
            && !self.items.get(the + 1).is_some_and(|next| next.tied);
        let to = if latest { the + 2 } else { the + 1 };
        (latest || bare).then(|| Found::date(i, to, self.quarter_spoken_of()))
    }

    /// The quarter spoken of, or the last that has ended.
    fn quarter_spoken_of(&self) -> Option<Period> {
        let spoken = self.memory.basis.filter(|basis| basis.unit == Unit::Quarter);
        spoken
            .filter(|basis| self.published.is_none_or(|day| (day.year() - basis.first.year()) <= 0))
            .or_else(|| Period::holding(Unit::Quarter, self.published?)?.shifted(-1))
    }

    fn year_before(&self, quarter: bool) -> Option<Period> {
        let basis = self.memory.basis.filter(|basis| basis.unit == Unit::Quarter);
        match basis {
            Some(_) => self.quarter_spoken_of()?.shifted(-4),
            None if quarter => self.quarter_spoken_of()?.shifted(-4),
            None => Period::holding(Unit::Year, self.published?)?.shifted(-1),
        }
    }

    // Shifts

    /// "last week", "this summer", "next May", "last Friday", "this morning", "the past three weeks", "coming months".
    fn shifted(&self, i: usize) -> Option<Found> {
        let at = self.skip(i, Kind::The);
        let shift = self.number(at, Kind::Shift)?;
        let next = self.skip(at + 1, Kind::Shift);
        let next = self.skip(next, Kind::Fiscal);
        if let Some((amount, unit, to)) = self.amount(next).filter(|_| shift != 0) {
            return Some(self.duration(i, to, &amount, unit));
        }
        if let Some(part) = self.sense(next, Kind::Part) {
            return Some(self.off(i, next + 1, shift).time(i, next + 1, &format!("T{}", part.code)));
        }
        if self.is(next, Kind::Units) && shift != 0 {
            let value = if shift < 0 { "PAST_REF" } else { "FUTURE_REF" };
            return Some(Found::new(i, next + 1, TimeKind::Date, value.to_owned()));
        }
        let capital = self.items[at].capital && self.items.get(next).is_some_and(|next| next.capital);
        if capital && !self.title_case(at) && self.unit_at(next).is_some() {
            return None;
        }
        if let Some(unit) = self.unit_at(next).filter(|unit| !unit.is_clock()) {
            return Some(self.shifted_unit(i, next + 1, unit, shift));
        }
        if let Some(month) = self.month_at(next) {
            let now = self.published.map_or(0, Date::month);
            let years = i16::from(shift > 0 && month <= now) - i16::from(shift < 0 && month >= now);
            return Some(Found::date(i, next + 1, self.month_of(month, years)));
        }
        self.season(i, next, shift, true).or_else(|| self.shifted_weekday(i, next, shift))
    }

    fn shifted_unit(&self, from: usize, to: usize, unit: Unit, shift: i32) -> Found {
        let here = self.published.and_then(|day| Period::holding(unit, day));
        let period = here.and_then(|period| period.shifted(shift.into()));
        let quarter = self.items.get(to).is_some_and(|item| item.token > 0 && self.reading.is_possessive(item.token));
        if let Some(number) = self.number(to + 1, Kind::Ordinal).filter(|_| quarter && unit == Unit::Year)
            && self.unit_at(to + 2) == Some(Unit::Quarter)
        {
            let year = period.map(|year| year.first.year());
            return Found::date(from, to + 3, year.and_then(|year| self.quarter_of(Some(year), number, from, to)));
        }
        Found::date(from, to, period)
    }

    fn shifted_weekday(&self, from: usize, i: usize, shift: i32) -> Option<Found> {
        let found = self.weekday(i).filter(|found| found.weekday)?;
        let weekday = i8::try_from(self.sense(i, Kind::Weekday)?.number).ok()?;
        let published = self.published;
        let tense = if shift < 0 { Tense::Past } else { Tense::Future };
        let day = self.day_of_week(weekday, tense);
        let same = day.is_some() && day == published && shift != 0;
        let day = day.and_then(|day| moved(day, Unit::Day, if same { i64::from(shift) * 7 } else { 0 }));
        let dated = found.to > i + 1 && found.kind == TimeKind::Date;
        let mut found = Found { from, ..found };
        if let Some(day) = day.filter(|_| !dated) {
            found.settle(Period::day(day));
        }
        Some(found)
    }

    /// "the following year", "the previous day", "that month": counted from what was spoken of last.
    fn relative(&self, i: usize) -> Option<Found> {
        let at = self.skip(i, Kind::The);
        let shift = self.number(at, Kind::Relative).or_else(|| self.number(at, Kind::That).filter(|_| at == i))?;
        let unit = self.unit_at(at + 1).filter(|unit| self.is(at + 1, Kind::Unit) && !unit.is_clock())?;
        let day = self.memory.last.map(|last| last.first).or(self.published);
        let period = day.and_then(|day| Period::holding(unit, day)).and_then(|period| period.shifted(shift.into()));
        Some(Found::date(i, at + 2, period))
    }

    // Amounts

    fn unit_at(&self, i: usize) -> Option<Unit> {
        let sense = self.sense(i, Kind::Unit).or_else(|| self.sense(i, Kind::Units))?;
        Some(Unit::of(sense.code))
    }

    /// "three weeks", "10-year", "a few days", "a couple of years", "two thousand years": how many of what.
    fn amount(&self, i: usize) -> Option<(String, Unit, usize)> {
        let vague = self.is(i, Kind::Few) || self.is(i, Kind::FewPhrase);
        let (amount, mut at) = if vague {
            ("X".to_owned(), i + 1)
        } else if let Some(n) = self.number(i, Kind::Couple).or_else(|| self.number(i, Kind::Dozen)) {
            (n.to_string(), self.skip(i + 1, Kind::OfOnly))
        } else {
            let (n, at) = self.count(i)?;
            (n.to_string(), at)
        };
        // "20 more years", "eight trading days"
        if self.unit_at(at).is_none() && self.unit_at(at + 1).is_some() && self.is(at + 1, Kind::Units) && !vague {
            at += usize::from(self.items[at].mark.is_none() && !self.items[at].capital && !self.is(at, Kind::OfOnly));
        }
        let unit = self.unit_at(at)?;
        let year = self.items[i].digits.is_some_and(|n| (1900..2100).contains(&n));
        let part = unit == Unit::Quarter && self.is(at + 1, Kind::OfOnly);
        (!year && !part).then_some((amount, unit, at + 1))
    }

    /// A number in digits or words.
    fn count(&self, i: usize) -> Option<(i32, usize)> {
        let item = self.items.get(i)?;
        if let Some(digits) = item.digits.filter(|_| !item.is(Kind::DecadeSuffix) && !item.is(Kind::OrdinalSuffix)) {
            return Some((digits, i + 1));
        }
        let (mut total, mut at) = (0i32, i);
        if self.is(i, Kind::Indefinite) && self.is(i + 1, Kind::Scale) {
            (total, at) = (1, i + 1);
        }
        while let Some(item) = self.items.get(at).filter(|_| at < i + 6) {
            total = match (item.sense(Kind::Number), item.sense(Kind::Scale)) {
                (Some(number), _) => total.saturating_add(number.number),
                (None, Some(scale)) => total.max(1).saturating_mul(scale.number),
                _ => break,
            };
            at += 1;
        }
        (at > i).then_some((total, at))
    }

    fn duration(&self, from: usize, to: usize, amount: &str, unit: Unit) -> Found {
        let mut found = Found::new(from, to, TimeKind::Duration, unit.duration(amount));
        let comparable = unit == Unit::Month && (amount == "9" || amount == "6") && self.is(from, Kind::The);
        found.period = self.published.filter(|_| comparable).and_then(|day| Period::holding(Unit::Year, day));
        found
    }

    /// "three weeks ago", "two days later", "six months", "a year": an amount and what it counts from.
    fn counted(&self, i: usize) -> Option<Found> {
        let the = i + usize::from(self.is(i, Kind::The) && !self.is(i, Kind::FewPhrase));
        let first = if the > i { self.skip(the, Kind::Ordinal) } else { the };
        let first = if the > i { self.skip(first, Kind::Latest) } else { first };
        if let Some((amount, unit, to)) = self.amount(first) {
            if self.is(to, Kind::Old) && unit == Unit::Year || self.before(i, Kind::AgeBefore) {
                return None;
            }
            return Some(self.anchored(i, to, &amount, unit));
        }
        if self.is(i, Kind::HalfA) {
            let unit = self.unit_at(i + 1)?;
            let (n, part) = match unit {
                Unit::Year => ("6", Unit::Month),
                Unit::Hour => ("30", Unit::Minute),
                Unit::Decade => ("5", Unit::Year),
                Unit::Century => ("50", Unit::Year),
                Unit::Day => ("12", Unit::Hour),
                _ => return None,
            };
            return Some(self.duration(i, i + 2, n, part));
        }
        let fortnight = self.is(i + 1, Kind::Fortnight);
        let one = self.is(i, Kind::Indefinite) && (self.is(i + 1, Kind::Unit) || fortnight);
        let unit = if fortnight { Unit::Week } else { self.unit_at(i + 1)? };
        let part = unit == Unit::Second || unit == Unit::Quarter && self.is(i + 2, Kind::OfOnly);
        (one && !part).then(|| self.anchored(i, i + 2, if fortnight { "2" } else { "1" }, unit))
    }

    fn anchored(&self, from: usize, to: usize, amount: &str, unit: Unit) -> Found {
        let (ago, earlier) = (self.is(to, Kind::Ago), self.is(to, Kind::Earlier));
        let (hence, later) = (self.is(to, Kind::Hence), self.is(to, Kind::Later));
        if unit.is_clock() || !(ago || earlier || hence || later) {
            return self.rate(from, to, amount, unit).unwrap_or_else(|| self.duration(from, to, amount, unit));
        }
        let Ok(n) = amount.parse::<i64>() else {
            let value = if ago || earlier { "PAST_REF" } else { "FUTURE_REF" };
            return Found::new(from, to + 1, TimeKind::Date, value.to_owned());
        };
        let spoken = self.memory.last.filter(|last| matches!(last.unit, Unit::Day) || unit != Unit::Day);
        let anchor = if ago || hence { None } else { spoken.map(|last| last.first) }.or(self.published);
        let day = anchor.and_then(|day| moved(day, unit, if ago || earlier { -n } else { n }));
        let grain = match unit {
            Unit::Week | Unit::Weekend | Unit::Day => Unit::Day,
            Unit::Decade | Unit::Century => Unit::Year,
            _ if hence => Unit::Day,
            unit => unit,
        };
        Found::date(from, to + 1, day.and_then(|day| Period::holding(grain, day)))
    }

    /// "$5 | a year": how often, where no preposition leads to it.
    fn rate(&self, from: usize, to: usize, amount: &str, unit: Unit) -> Option<Found> {
        let before = from.checked_sub(1).map(|before| &self.reading.tokens[self.items[before].token])?;
        let noun = before.is_word() && !before.is(Classes::CLOSED | Classes::ADVERB | Classes::VERB | Classes::OPENER);
        let plural = noun && before.word.is_none_or(|word| word.verbs.is_empty()) && !self.is_verb(before.span);
        let single = self.is(from, Kind::Indefinite) && !self.is(to, Kind::Period);
        (plural && single).then(|| Found::new(from, to, TimeKind::Set, unit.duration(amount)))
    }

    fn is_verb(&self, span: rapporteur_record::Span) -> bool {
        let written = &self.reading.text[span];
        let suffix = written.len().checked_sub(2).and_then(|at| written.get(at..)).unwrap_or_default();
        let word = self.reading.lexicon.get(suffix);
        word.is_some_and(|word| word.times.iter().any(|sense| sense.kind == Kind::PastSuffix))
    }

    /// "every Saturday", "each July", "daily", "every two weeks".
    fn set(&self, i: usize) -> Option<Found> {
        let set = |to: usize, value: String| Some(Found::new(i, to, TimeKind::Set, value));
        if let Some(sense) = self.sense(i, Kind::Set) {
            let name = self.items[i].capital || self.items.get(i + 1).is_some_and(|next| next.capital && !next.means());
            return if name { None } else { set(i + 1, sense.code.to_owned()) };
        }
        if !self.is(i, Kind::Each) {
            return None;
        }
        if let Some(weekday) = self.sense(i + 1, Kind::Weekday) {
            let part = self.sense(i + 2, Kind::Part).map_or(String::new(), |part| format!("T{}", part.code));
            return set(i + 2 + usize::from(!part.is_empty()), format!("XXXX-WXX-{}{part}", weekday.number));
        }
        if let Some(month) = self.month_at(i + 1) {
            return set(i + 2, format!("XXXX-{month:02}"));
        }
        if let Some(season) = self.sense(i + 1, Kind::Season) {
            return set(i + 2, format!("XXXX-{}", season.code));
        }
        if let Some(part) = self.sense(i + 1, Kind::Part) {
            return set(i + 2, format!("XXXX-XX-XXT{}", part.code));
        }
        if let Some((amount, unit, to)) = self.amount(i + 1) {
            return set(to, unit.duration(&amount));
        }
        let unit = self.unit_at(i + 1)?;
        set(i + 2, unit.duration("1"))
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
