//! Days: of a month, near by, with parts and the time of the clock.

use jiff::civil::Date;
use rapporteur_record::TimeKind;

use crate::classes::Classes;
use crate::times::calendar::{Period, Unit, moved};
use crate::times::grammar::{Found, Grammar};
use crate::times::tense::Tense;
use crate::times::words::Kind;

impl Grammar<'_, '_> {
    // Days of months

    pub(super) fn numeric_date(&self, i: usize) -> Option<Found> {
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

    pub(super) fn month_at(&self, i: usize) -> Option<i8> {
        let item = self.items.get(i).filter(|item| item.capital)?;
        i8::try_from(item.sense(Kind::Month)?.number).ok()
    }

    pub(super) fn day_number(&self, i: usize) -> Option<i8> {
        let item = self.items.get(i)?;
        let digits = item.digits.filter(|_| !item.is(Kind::DecadeSuffix)).or_else(|| self.number(i, Kind::Ordinal))?;
        i8::try_from(digits).ok().filter(|day| (1..=31).contains(day))
    }

    /// "March 16, 2022", "Sept. 30", "October 1984", "June last year", "May".
    pub(super) fn month_date(&self, i: usize) -> Option<Found> {
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

    pub(super) fn text(&self, i: usize) -> &str {
        &self.reading.text[self.items[i].span]
    }

    /// "1984", "of that year", "last year": the year and where it ends.
    pub(super) fn year_of_month(&self, i: usize) -> Option<(Option<i16>, usize)> {
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
    pub(super) fn stands_as_month(&self, i: usize) -> bool {
        if !self.is(i, Kind::Doubtful) {
            return true;
        }
        let token = i.checked_sub(1).map(|before| &self.reading.tokens[self.items[before].token]);
        let after = token.is_some_and(|token| token.is(Classes::PREPOSITION) || token.is(Classes::AND));
        after || self.before(i, Kind::Shift) || self.before(i, Kind::Edge) || self.before(i, Kind::Each)
    }

    /// "16 March 2022", "the 24th of February".
    pub(super) fn day_month(&self, i: usize) -> Option<Found> {
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

    pub(super) fn day_of_month(&self, from: usize, to: usize, month: i8, day: i8, year: Option<i16>) -> Found {
        let given = year.map(|year| Date::new(year, month, day).ok());
        let date = given.unwrap_or_else(|| self.nearest(month, day, self.tense(from, to)));
        Found { named_day: true, ..Found::date(from, to, date.map(Period::day)) }
    }

    /// The year of a day without one: the nearest that its clause allows.
    pub(super) fn nearest(&self, month: i8, day: i8, tense: Tense) -> Option<Date> {
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
    pub(super) fn month_near(&self, month: i8, i: usize) -> Option<Period> {
        let published = self.published?;
        let now = published.month();
        let tense = self.tense(i, i + 1);
        let years = match tense {
            Tense::Future => i16::from(month < now),
            _ => -i16::from(month > now && (tense == Tense::Past || month - now > 5)),
        };
        self.month_of(month, years)
    }

    pub(super) fn month_of(&self, month: i8, years: i16) -> Option<Period> {
        let year = self.published?.year().checked_add(years)?;
        Period::holding(Unit::Month, Date::new(year, month, 1).ok()?)
    }

    // Days near by

    /// "Wednesday", "Saturday, April 25", "Thursday evening", "Tuesday nights".
    pub(super) fn weekday(&self, i: usize) -> Option<Found> {
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
        let found = Found { named_day: true, ..Found::date(i, i + 1, day.map(Period::day)) };
        Some(self.with_part(found))
    }

    pub(super) fn day_of_week(&self, weekday: i8, tense: Tense) -> Option<Date> {
        let published = self.published?;
        let ahead = i64::from((weekday - published.weekday().to_monday_one_offset()).rem_euclid(7));
        let days = if ahead == 0 || tense == Tense::Future { ahead } else { ahead - 7 };
        moved(published, Unit::Day, days)
    }

    /// "Thursday | evening", "tomorrow | at 11 a.m."
    pub(super) fn with_part(&self, found: Found) -> Found {
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
    pub(super) fn deictic(&self, i: usize) -> Option<Found> {
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

    pub(super) fn off(&self, from: usize, to: usize, days: i32) -> Found {
        let day = self.published.and_then(|day| moved(day, Unit::Day, days.into()));
        Found { days_off: Some(days), ..Found::date(from, to, day.map(Period::day)) }
    }

    /// "this morning", "last night", "the morning", "mid-afternoon yesterday".
    pub(super) fn part(&self, i: usize) -> Option<Found> {
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
    pub(super) fn clock_at(&self, i: usize) -> Option<(String, usize)> {
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
        let fits = hour <= 24 && minute < 60;
        fits.then(|| (format!("T{hour:02}:{minute:02}"), self.skip(to, Kind::Zone)))
    }

    pub(super) fn clock(&self, i: usize) -> Option<Found> {
        let (suffix, to) = self.clock_at(i)?;
        let comma = self.skip(to + usize::from(self.mark(to, ',')), Kind::On);
        let day = self.deictic(comma).or_else(|| self.weekday(comma)).or_else(|| self.month_date(comma));
        let day = day.filter(|found| found.kind == TimeKind::Date && found.period.is_none_or(|p| p.unit == Unit::Day));
        let day = day.unwrap_or_else(|| self.off(i, to, 0));
        let to = day.to;
        Some(day.time(i, to, &suffix))
    }
}
