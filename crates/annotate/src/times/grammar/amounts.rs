//! Amounts: durations, what lies so long ago or ahead, and how often.

use rapporteur_record::TimeKind;

use crate::classes::Classes;
use crate::times::calendar::{Period, Unit, moved};
use crate::times::grammar::{Found, Grammar};
use crate::times::tense;
use crate::times::words::Kind;

impl Grammar<'_, '_> {
    pub(super) fn unit_at(&self, i: usize) -> Option<Unit> {
        let sense = self.sense(i, Kind::Unit).or_else(|| self.sense(i, Kind::Units))?;
        Some(Unit::of(sense.code))
    }

    /// "three weeks", "10-year", "a few days", "a couple of years", "two thousand years": how many of what.
    pub(super) fn amount(&self, i: usize) -> Option<(String, Unit, usize)> {
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
    pub(super) fn count(&self, i: usize) -> Option<(i32, usize)> {
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

    pub(super) fn duration(&self, from: usize, to: usize, amount: &str, unit: Unit) -> Found {
        let mut found = Found::new(from, to, TimeKind::Duration, unit.duration(amount));
        // "in the nine months, … from a year earlier": a part of the year.
        let part_of_year = unit == Unit::Month && amount.parse().is_ok_and(|n: i32| (2..12).contains(&n));
        let comparable = part_of_year && self.is(from, Kind::The);
        found.period = self.published.filter(|_| comparable).and_then(|day| Period::holding(Unit::Year, day));
        found
    }

    /// "three weeks ago", "two days later", "six months", "a year": an amount and what it counts from.
    pub(super) fn counted(&self, i: usize) -> Option<Found> {
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

    pub(super) fn anchored(&self, from: usize, to: usize, amount: &str, unit: Unit) -> Found {
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
    pub(super) fn rate(&self, from: usize, to: usize, amount: &str, unit: Unit) -> Option<Found> {
        let before = from.checked_sub(1).map(|before| &self.reading.tokens[self.items[before].token])?;
        let noun = before.is_word() && !before.is(Classes::CLOSED | Classes::ADVERB | Classes::VERB | Classes::OPENER);
        let plural = noun
            && before.word.is_none_or(|word| word.verbs.is_empty())
            && !tense::has_past_suffix(self.reading, &self.reading.text[before.span]);
        let single = self.is(from, Kind::Indefinite) && !self.is(to, Kind::Period);
        (plural && single).then(|| Found::new(from, to, TimeKind::Set, unit.duration(amount)))
    }

    /// "every Saturday", "each July", "daily", "every two weeks".
    pub(super) fn set(&self, i: usize) -> Option<Found> {
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
}
