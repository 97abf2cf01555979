//! When an article was published: a day, or a time with its offset from UTC.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::fmt::temporal::Pieces;
use jiff::tz::Offset;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A publication date as a page gives it.
///
/// A page that prints a time without a zone gives a [`Moment::Day`]: the zone is not guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// A calendar day, and no more is known.
    Day(Date),
    /// An instant, with the offset from UTC in which it was printed.
    Instant(Timestamp, Offset),
}

impl Moment {
    /// The calendar day where the article was published.
    pub fn day(self) -> Date {
        match self {
            Moment::Day(date) => date,
            Moment::Instant(at, offset) => offset.to_datetime(at).date(),
        }
    }
}

/// A date that is neither `YYYY-MM-DD` nor RFC 3339.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseMomentError(String);

impl fmt::Display for ParseMomentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no date: write YYYY-MM-DD, or RFC 3339 as in 2022-03-16T18:20:00+05:30", self.0)
    }
}

impl std::error::Error for ParseMomentError {}

/// Reads `2022-03-16` or RFC 3339; a time without an offset is read as its day.
impl FromStr for Moment {
    type Err = ParseMomentError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let pieces = Pieces::parse(text).map_err(|_| ParseMomentError(text.to_owned()))?;
        let instant = pieces.time().zip(pieces.to_numeric_offset()).and_then(|(time, offset)| {
            let at = offset.to_timestamp(pieces.date().to_datetime(time)).ok()?;
            Some(Moment::Instant(at, offset))
        });
        Ok(instant.unwrap_or(Moment::Day(pieces.date())))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Moment::Day(date) => date.fmt(f),
            Moment::Instant(at, offset) => at.display_with_offset(*offset).fmt(f),
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_print_as_they_were_read() {
        for text in ["2022-03-16", "2022-03-16T18:20:00+05:30", "2022-03-16T18:20:00-08:00"] {
            assert_eq!(text.parse::<Moment>().unwrap().to_string(), text);
        }
        assert_eq!("2022-03-16T18:20:00Z".parse::<Moment>().unwrap().to_string(), "2022-03-16T18:20:00+00:00");
    }

    #[test]
    fn a_time_without_zone_is_its_day() {
        assert_eq!("2022-03-16T23:50:00".parse::<Moment>().unwrap().to_string(), "2022-03-16");
    }

    #[test]
    fn the_day_is_the_outlets_own() {
        let late: Moment = "2022-03-16T23:50:00-08:00".parse().unwrap();
        assert_eq!(late.day(), jiff::civil::date(2022, 3, 16));
    }

    #[test]
    fn what_is_no_date_is_named() {
        let error = "soon".parse::<Moment>().unwrap_err().to_string();
        assert!(error.starts_with("`soon` is no date"), "{error}");
    }
}
