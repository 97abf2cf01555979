//! Years and decades, holidays and seasons, quarters, and what is shifted from them.

use jiff::civil::Date;
use rapporteur_record::TimeKind;

use crate::times::calendar::{Period, Unit, holiday, moved};
use crate::times::grammar::{Found, Grammar};
use crate::times::items::Item;
use crate::times::tense::Tense;
use crate::times::words::Kind;

impl Grammar<'_, '_> {
    // Years

    pub(super) fn year_at(&self, i: usize) -> Option<(i16, usize)> {
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

    pub(super) fn year(&self, i: usize) -> Option<Found> {
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
    pub(super) fn quarter_in(&self, year: i16, at: usize) -> Option<Period> {
        let asked = self.is(at, Kind::Period) || self.unit_at(at) == Some(Unit::Quarter) && self.is(at, Kind::Unit);
        let spoken = self.memory.basis.filter(|basis| asked && basis.unit == Unit::Quarter)?;
        Period::holding(Unit::Quarter, Date::new(year, spoken.first.month(), 1).ok()?)
    }

    pub(super) fn title_case(&self, i: usize) -> bool {
        self.reading.paragraph_at(self.items[i].token).is_some_and(|paragraph| paragraph.title_case)
    }

    pub(super) fn plural_noun(&self, item: &Item) -> bool {
        let written = self.reading.written(item.token);
        let last = written.char_indices().next_back().and_then(|(at, _)| self.reading.lexicon.get(&written[at..]));
        let plural = last.is_some_and(|word| word.times.iter().any(|sense| sense.kind == Kind::DecadeSuffix));
        plural && !item.is(Kind::YearBefore)
    }

    /// "the 1990s", "the '80s", "the nineties".
    pub(super) fn decade(&self, i: usize) -> Option<Found> {
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

    // Holidays and seasons

    pub(super) fn holiday(&self, i: usize) -> Option<Found> {
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
    pub(super) fn season(&self, from: usize, i: usize, shift: i32, shifted: bool) -> Option<Found> {
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

    pub(super) fn season_year(&self, code: &str, shift: i32, shifted: bool, at: usize) -> Option<i16> {
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
    pub(super) fn quarter(&self, i: usize) -> Option<Found> {
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

    pub(super) fn quarter_of(&self, year: Option<i16>, number: i32, from: usize, to: usize) -> Option<Period> {
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

    pub(super) fn half(&self, from: usize, at: usize, number: i32) -> Option<Found> {
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
    pub(super) fn before_period(&self, i: usize) -> Option<Found> {
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
    pub(super) fn quarter_spoken_of(&self) -> Option<Period> {
        let spoken = self.memory.basis.filter(|basis| basis.unit == Unit::Quarter);
        spoken
            .filter(|basis| self.published.is_none_or(|day| (day.year() - basis.first.year()) <= 0))
            .or_else(|| Period::holding(Unit::Quarter, self.published?)?.shifted(-1))
    }

    pub(super) fn year_before(&self, quarter: bool) -> Option<Period> {
        let basis = self.memory.basis.filter(|basis| basis.unit == Unit::Quarter);
        match basis {
            Some(_) => self.quarter_spoken_of()?.shifted(-4),
            None if quarter => self.quarter_spoken_of()?.shifted(-4),
            None => Period::holding(Unit::Year, self.published?)?.shifted(-1),
        }
    }

    // Shifts

    /// "last week", "this summer", "next May", "last Friday", "this morning", "the past three weeks", "coming months".
    pub(super) fn shifted(&self, i: usize) -> Option<Found> {
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

    pub(super) fn shifted_unit(&self, from: usize, to: usize, unit: Unit, shift: i32) -> Found {
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

    pub(super) fn shifted_weekday(&self, from: usize, i: usize, shift: i32) -> Option<Found> {
        let found = self.weekday(i).filter(|found| found.named_day)?;
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
    pub(super) fn relative(&self, i: usize) -> Option<Found> {
        let at = self.skip(i, Kind::The);
        let shift = self.number(at, Kind::Relative).or_else(|| self.number(at, Kind::That).filter(|_| at == i))?;
        let unit = self.unit_at(at + 1).filter(|unit| self.is(at + 1, Kind::Unit) && !unit.is_clock())?;
        let day = self.memory.last.map(|last| last.first).or(self.published);
        let period = day.and_then(|day| Period::holding(unit, day)).and_then(|period| period.shifted(shift.into()));
        Some(Found::date(i, at + 2, period))
    }
}
