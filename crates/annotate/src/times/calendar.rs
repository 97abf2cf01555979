//! Stretches of the calendar that TIMEX3 has values for: days, ISO weeks, months, quarters, years, decades, centuries.

use jiff::civil::{Date, Weekday, date};
use jiff::{Span as Length, ToSpan};

/// How long a [`Period`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Day,
    Week,
    Weekend,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
    Hour,
    Minute,
    Second,
}

impl Unit {
    /// The unit of a code of `times.tsv`.
    pub(super) fn of(code: &str) -> Unit {
        match code {
            "W" => Unit::Week,
            "WE" => Unit::Weekend,
            "M" => Unit::Month,
            "Q" => Unit::Quarter,
            "Y" => Unit::Year,
            "E" => Unit::Decade,
            "C" => Unit::Century,
            "TH" => Unit::Hour,
            "TM" => Unit::Minute,
            "TS" => Unit::Second,
            _ => Unit::Day,
        }
    }

    /// The value of so many of it: "P3M", "PT2H", "PXD".
    pub(super) fn duration(self, amount: &str) -> String {
        let (prefix, letter) = match self {
            Unit::Day => ("P", "D"),
            Unit::Week => ("P", "W"),
            Unit::Weekend => ("P", "WE"),
            Unit::Month => ("P", "M"),
            Unit::Quarter => ("P", "Q"),
            Unit::Year => ("P", "Y"),
            Unit::Decade => ("P", "E"),
            Unit::Century => ("P", "C"),
            Unit::Hour => ("PT", "H"),
            Unit::Minute => ("PT", "M"),
            Unit::Second => ("PT", "S"),
        };
        format!("{prefix}{amount}{letter}")
    }

    pub(super) fn is_clock(self) -> bool {
        matches!(self, Unit::Hour | Unit::Minute | Unit::Second)
    }

    fn length(self, n: i64) -> Option<Length> {
        let length = Length::new();
        match self {
            Unit::Day => length.try_days(n),
            Unit::Week | Unit::Weekend => length.try_weeks(n),
            Unit::Month => length.try_months(n),
            Unit::Quarter => length.try_months(n.checked_mul(3)?),
            Unit::Year => length.try_years(n),
            Unit::Decade => length.try_years(n.checked_mul(10)?),
            Unit::Century => length.try_years(n.checked_mul(100)?),
            Unit::Hour | Unit::Minute | Unit::Second => return None,
        }
        .ok()
    }
}

/// One day, week, month, … of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    pub(super) unit: Unit,
    pub(super) first: Date,
}

impl Period {
    /// The one that holds a day; a weekend is that of the day's ISO week.
    pub(super) fn holding(unit: Unit, day: Date) -> Option<Period> {
        let first = match unit {
            Unit::Day => day,
            Unit::Week => monday(day)?,
            Unit::Weekend => monday(day)?.checked_add(5.days()).ok()?,
            Unit::Month => day.first_of_month(),
            Unit::Quarter => date(day.year(), (day.month() - 1) / 3 * 3 + 1, 1),
            Unit::Year => day.first_of_year(),
            Unit::Decade => Date::new(day.year() / 10 * 10, 1, 1).ok()?,
            Unit::Century => Date::new(day.year() / 100 * 100, 1, 1).ok()?,
            Unit::Hour | Unit::Minute | Unit::Second => return None,
        };
        Some(Period { unit, first })
    }

    pub(super) fn day(day: Date) -> Period {
        Period { unit: Unit::Day, first: day }
    }

    pub(super) fn year(year: i16) -> Option<Period> {
        Some(Period { unit: Unit::Year, first: Date::new(year, 1, 1).ok()? })
    }

    /// The one so many later.
    pub(super) fn shifted(self, n: i64) -> Option<Period> {
        Period::holding(self.unit, moved(self.first, self.unit, n)?)
    }

    /// The day after its last.
    pub(super) fn end(self) -> Option<Date> {
        match self.unit {
            Unit::Weekend => self.first.checked_add(2.days()).ok(),
            unit => moved(self.first, unit, 1),
        }
    }

    /// The TIMEX3 value.
    pub(super) fn value(self) -> String {
        let (day, week) = (self.first, self.first.iso_week_date());
        match self.unit {
            Unit::Week => format!("{:04}-W{:02}", week.year(), week.week()),
            Unit::Weekend => format!("{:04}-W{:02}-WE", week.year(), week.week()),
            Unit::Month => format!("{:04}-{:02}", day.year(), day.month()),
            Unit::Quarter => format!("{:04}-Q{}", day.year(), (day.month() - 1) / 3 + 1),
            Unit::Year => format!("{:04}", day.year()),
            Unit::Decade => format!("{:03}", day.year() / 10),
            Unit::Century => format!("{:02}", day.year() / 100),
            _ => day.to_string(),
        }
    }
}

/// A day so many units later; `None` outside of the calendar, and for parts of days.
pub(super) fn moved(day: Date, unit: Unit, n: i64) -> Option<Date> {
    day.checked_add(unit.length(n)?).ok()
}

fn monday(day: Date) -> Option<Date> {
    day.checked_sub(i64::from(day.weekday().to_monday_zero_offset()).days()).ok()
}

/// The day of a holiday in a year, by its rule in `times.tsv`.
pub(super) fn holiday(rule: &str, year: i16) -> Option<Date> {
    let number = |text: &str| text.parse::<i8>().ok();
    if let Some((month, day)) = rule.split_once('-').filter(|(month, _)| month.len() == 2) {
        return Date::new(year, number(month)?, number(day)?).ok();
    }
    let mut words = rule.split(' ');
    let (first, second) = (words.next()?, words.next()?);
    match words.next() {
        None => easter(year)?.checked_add(second.parse::<i64>().ok()?.days()).ok(),
        Some(nth) => {
            let weekday = Weekday::from_monday_one_offset(number(second)?).ok()?;
            Date::new(year, number(first)?, 1).ok()?.nth_weekday_of_month(number(nth)?, weekday).ok()
        }
    }
}

/// Easter Sunday of the Gregorian calendar (Butcher's algorithm).
fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let n = h + l - 7 * ((a + 11 * h + 22 * l) / 451) + 114;
    Date::new(year, i8::try_from(n / 31).ok()?, i8::try_from(n % 31 + 1).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holidays_fall_on_their_days() {
        assert_eq!(holiday("easter 0", 2023), Some(date(2023, 4, 9)));
        assert_eq!(holiday("easter -2", 2024), Some(date(2024, 3, 29)));
        assert_eq!(holiday("11 4 4", 2022), Some(date(2022, 11, 24)));
        assert_eq!(holiday("05 1 -1", 2022), Some(date(2022, 5, 30)));
        assert_eq!(holiday("12-25", 1999), Some(date(1999, 12, 25)));
    }

    #[test]
    fn weeks_are_iso_weeks() {
        let week = Period::holding(Unit::Week, date(2021, 1, 2)).unwrap();
        assert_eq!((week.value().as_str(), week.end()), ("2020-W53", Some(date(2021, 1, 4))));
        assert_eq!(Period::holding(Unit::Quarter, date(1989, 12, 31)).unwrap().value(), "1989-Q4");
    }
}
