//! Printed dates.
//!
//! A date is looked for in three shapes, in this order: ISO 8601, the name of a month with a day and a year beside
//! it, three numbers. A time is taken with it only where its zone is told; else the date is a day. Months and zones
//! are tables.

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::civil::{Date, Time};
use jiff::tz::Offset;
use rapporteur_record::Moment;

use crate::tables::rows;

static MONTHS: LazyLock<HashMap<&str, i8>> = LazyLock::new(|| {
    let rows = rows(include_str!("../tables/months.tsv"));
    rows.map(|[name, number, _]| (name, number.parse().expect("a month has a number"))).collect()
});

/// Minutes east of UTC.
static ZONES: LazyLock<HashMap<&str, i32>> = LazyLock::new(|| {
    let rows = rows(include_str!("../tables/zones.tsv"));
    rows.map(|[name, minutes]| (name, minutes.parse().expect("a zone has minutes"))).collect()
});

/// Text is looked at only so far, in bytes.
const LONGEST: usize = 400;

/// At most so many dates of a text are read.
const MOST: usize = 3;

/// A date with as much of its time as is told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Dated {
    pub(crate) date: Date,
    /// The date if day and month were printed the other way round, where that can be.
    pub(crate) swapped: Option<Date>,
    pub(crate) time: Option<Time>,
    pub(crate) offset: Option<Offset>,
}

impl Dated {
    /// An instant if the zone is told, else the day.
    pub(crate) fn moment(self) -> Moment {
        let instant = self.time.zip(self.offset).and_then(|(time, offset)| {
            let at = offset.to_timestamp(self.date.to_datetime(time)).ok()?;
            Some(Moment::Instant(at, offset))
        });
        instant.unwrap_or(Moment::Day(self.date))
    }
}

impl From<Moment> for Dated {
    fn from(moment: Moment) -> Self {
        match moment {
            Moment::Day(date) => Dated { date, swapped: None, time: None, offset: None },
            Moment::Instant(at, offset) => {
                let local = offset.to_datetime(at);
                Dated { date: local.date(), swapped: None, time: Some(local.time()), offset: Some(offset) }
            }
        }
    }
}

/// Whether a word is the name of a month.
pub(crate) fn is_month(word: &str) -> bool {
    MONTHS.contains_key(word.to_lowercase().trim_end_matches(['.', ',']))
}

/// The first date in a text.
///
/// `month_first` settles 3/4/2022, as Americans print it.
pub(crate) fn find(text: &str, month_first: bool) -> Option<Moment> {
    all(text, month_first).next().map(Dated::moment)
}

/// The dates in a text, one after the other.
pub(crate) fn all(text: &str, month_first: bool) -> impl Iterator<Item = Dated> {
    let tokens = tokens(crate::text::head(text.trim(), LONGEST));
    let mut from = 0;
    let mut found = Vec::new();
    while found.len() < MOST
        && let Some((dated, after)) = first(&tokens[from..], month_first)
    {
        found.push(dated);
        from += after;
    }
    found.into_iter()
}

fn first(tokens: &[Token], month_first: bool) -> Option<(Dated, usize)> {
    let clear = iso(tokens).or_else(|| named(tokens)).map(|(date, after)| (date, None, after));
    let (date, swapped, after) = clear.or_else(|| numbers(tokens, month_first))?;
    let clock = clock(tokens, after).or_else(|| clock(tokens, 0));
    let offset = clock.and_then(|(_, end)| zone(tokens, end));
    Some((Dated { date, swapped, time: clock.map(|(time, _)| time), offset }, after))
}

/// The date that is all of a text, as programs write it: ISO 8601, RFC 822, and what else is printed.
pub(crate) fn written(text: &str) -> Option<Moment> {
    let text = text.trim();
    let exact = || text.get(..10).filter(|_| text.len() <= 40)?.parse::<Date>().ok();
    exact().and_then(|_| text.parse().ok()).or_else(|| find(text, true))
}

/// The date in a URL's path, `/2022/03/16/` or `2022-03-16`.
pub(crate) fn in_url(url: &str) -> Option<Moment> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let mut parts: Vec<&str> = path.split(['/', '-', '_', '.']).collect();
    for window in parts.windows(3) {
        if let [year, month, day] = *window
            && let Some(date) = url_date(year, month, day)
        {
            return Some(Moment::Day(date));
        }
    }
    parts.retain(|part| part.len() == 8 && part.starts_with("20"));
    parts.iter().find_map(|part| url_date(part.get(..4)?, part.get(4..6)?, part.get(6..)?)).map(Moment::Day)
}

fn url_date(year: &str, month: &str, day: &str) -> Option<Date> {
    let month = MONTHS.get(month.to_lowercase().as_str()).copied().or_else(|| month.parse().ok())?;
    let fits = year.len() == 4 && (1..=2).contains(&day.len());
    fits.then(|| date(year.parse().ok()?, month.into(), day.parse().ok()?)).flatten()
}

#[derive(Clone, Copy, Debug)]
enum Token<'a> {
    /// A number, how many digits it has, and the character before it.
    Number(i32, usize, char),
    Word(&'a str),
}

impl Token<'_> {
    fn number(&self) -> Option<i32> {
        if let Token::Number(number, ..) = self { Some(*number) } else { None }
    }

    fn month(&self) -> Option<i32> {
        let Token::Word(word) = self else { return None };
        MONTHS.get(word.to_lowercase().trim_end_matches('.')).map(|&month| month.into())
    }
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let (mut tokens, mut at, mut before) = (Vec::new(), 0, ' ');
    while let Some(c) = text[at..].chars().next() {
        let is_digit = digit(c).is_some();
        let same = |other: char| if is_digit { digit(other).is_some() } else { in_word(other) };
        let length = text[at..].find(|other| !same(other)).unwrap_or(text.len() - at);
        let run = &text[at..at + length];
        if is_digit {
            let digits: String = run.chars().filter_map(digit).collect();
            tokens.push(Token::Number(digits.parse().unwrap_or(-1), digits.len(), before));
        } else if c.is_alphabetic() {
            tokens.push(Token::Word(run));
        }
        before = if length == 0 { c } else { ' ' };
        at += length.max(c.len_utf8());
    }
    tokens
}

/// A digit, also as Arabs, Persians and Indians write it, in ASCII.
fn digit(c: char) -> Option<char> {
    const ZEROS: [char; 4] = ['0', '\u{660}', '\u{6f0}', '\u{966}'];
    let value = ZEROS.iter().find_map(|&zero| (c as u32).checked_sub(zero as u32).filter(|&value| value < 10))?;
    char::from_digit(value, 10)
}

/// Whether a word goes on: letters, and the signs that Devanagari puts between them.
fn in_word(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '\u{93c}' | '\u{94d}')
}

/// A date of the years in which there were web pages.
fn date(year: i32, month: i32, day: i32) -> Option<Date> {
    let year = if (0..70).contains(&year) { year + 2000 } else { year };
    if !(1990..2100).contains(&year) {
        return None;
    }
    Date::new(year as i16, month.try_into().ok()?, day.try_into().ok()?).ok()
}

fn iso(tokens: &[Token]) -> Option<(Date, usize)> {
    let at = tokens.windows(3).position(|w| {
        matches!(
            w,
            [
                Token::Number(_, 4, _),
                Token::Number(_, 1..=2, '-' | '/' | '.'),
                Token::Number(_, 1..=2, '-' | '/' | '.')
            ]
        )
    });
    let dashed = at
        .and_then(|at| Some((date(tokens[at].number()?, tokens[at + 1].number()?, tokens[at + 2].number()?)?, at + 3)));
    dashed.or_else(|| compact(tokens)).or_else(|| ideographic(tokens))
}

/// 20220316
fn compact(tokens: &[Token]) -> Option<(Date, usize)> {
    let Token::Number(number, 8, _) = *tokens.first()? else { return None };
    Some((date(number / 10_000, number / 100 % 100, number % 100)?, 1))
}

/// 2022年3月16日
fn ideographic(tokens: &[Token]) -> Option<(Date, usize)> {
    let at = tokens.windows(5).position(|w| {
        matches!(
            w,
            [
                Token::Number(_, 4, _),
                Token::Word("年" | "년"),
                Token::Number(..),
                Token::Word("月" | "월"),
                Token::Number(..)
            ]
        )
    })?;
    Some((date(tokens[at].number()?, tokens[at + 2].number()?, tokens[at + 4].number()?)?, at + 5))
}

/// March 16, 2022; 16 March 2022; 16. März 2022; 16 de marzo de 2022; Wed Mar 16 18:20:00 2022.
fn named(tokens: &[Token]) -> Option<(Date, usize)> {
    tokens.iter().enumerate().find_map(|(at, token)| {
        let month = token.month()?;
        day_before(tokens, at, month).or_else(|| day_after(tokens, at, month))
    })
}

fn day_before(tokens: &[Token], at: usize, month: i32) -> Option<(Date, usize)> {
    let near = tokens[at.saturating_sub(2)..at].iter().rev();
    let day = near.filter_map(Token::number).find(|day| (1..=31).contains(day))?;
    let (year, end) = year_after(tokens, at + 1, 2)?;
    Some((date(year, month, day)?, end))
}

fn day_after(tokens: &[Token], at: usize, month: i32) -> Option<(Date, usize)> {
    let day = tokens.get(at + 1).and_then(Token::number).filter(|day| (1..=31).contains(day))?;
    let (year, end) = year_after(tokens, at + 2, 5)?;
    Some((date(year, month, day)?, end))
}

/// The first number that is a year among the next few tokens.
fn year_after(tokens: &[Token], from: usize, within: usize) -> Option<(i32, usize)> {
    let near = tokens.iter().enumerate().skip(from).take(within);
    near.filter_map(|(at, token)| match *token {
        Token::Number(year @ 1990..2100, 4, _) => Some((year, at + 1)),
        Token::Number(year, 2, '\'' | '’' | '-') => Some((year, at + 1)),
        _ => None,
    })
    .next()
}

/// 16.03.2022, 16/3/22, 3/16/2022; and what it is with day and month the other way round.
fn numbers(tokens: &[Token], month_first: bool) -> Option<(Date, Option<Date>, usize)> {
    tokens.windows(3).enumerate().find_map(|(at, window)| {
        let [Token::Number(a, 1..=2, _), Token::Number(b, 1..=2, first), Token::Number(year, 2 | 4, second)] = *window
        else {
            return None;
        };
        if first != second || !matches!(first, '.' | '/' | '-') {
            return None;
        }
        let american = b > 12 || month_first && first != '.' && a <= 12;
        let (day, month) = if american { (b, a) } else { (a, b) };
        let swapped = date(year, day, month).filter(|_| first != '.' && day != month);
        Some((date(year, month, day)?, swapped, at + 3))
    })
}

/// 18:20:05, 6.20 pm, 6pm; and where it ends.
fn clock(tokens: &[Token], from: usize) -> Option<(Time, usize)> {
    (from..tokens.len().min(from + 12)).find_map(|at| clock_at(tokens, at))
}

fn clock_at(tokens: &[Token], at: usize) -> Option<(Time, usize)> {
    let Token::Number(hour, 1..=2, _) = *tokens.get(at)? else { return None };
    let (minute, mut end) = match tokens.get(at + 1) {
        Some(&Token::Number(minute, 2, ':' | '.')) => (Some(minute), at + 2),
        _ => (None, at + 1),
    };
    let mut second = 0;
    if let (Some(_), Some(&Token::Number(number, 1..=2, ':'))) = (minute, tokens.get(end)) {
        (second, end) = (number, end + 1);
        if let Some(Token::Number(_, _, '.')) = tokens.get(end) {
            end += 1;
        }
    }
    let half = half_of_day(tokens, &mut end);
    let hour = match half {
        Some(afternoon) if (1..=12).contains(&hour) => hour % 12 + if afternoon { 12 } else { 0 },
        _ => hour,
    };
    let minute = minute.or(half.map(|_| 0))?;
    Some((Time::new(hour.try_into().ok()?, minute.try_into().ok()?, second.try_into().ok()?, 0).ok()?, end))
}

/// Whether "am" or "pm", also as "p.m.", stands here.
fn half_of_day(tokens: &[Token], end: &mut usize) -> Option<bool> {
    let Token::Word(word) = *tokens.get(*end)? else { return None };
    let spelt = matches!(tokens.get(*end + 1), Some(Token::Word("m" | "M")));
    let afternoon = match word {
        "am" | "AM" | "Am" => false,
        "pm" | "PM" | "Pm" => true,
        "a" | "A" if spelt => false,
        "p" | "P" if spelt => true,
        _ => return None,
    };
    *end += if word.len() == 1 { 2 } else { 1 };
    Some(afternoon)
}

/// Z, +0530, -08:00, IST.
fn zone(tokens: &[Token], at: usize) -> Option<Offset> {
    let seconds = match (tokens.get(at)?, tokens.get(at + 1)) {
        (&Token::Number(number, 4, sign @ ('+' | '-' | '−')), _) => signed(number / 100 * 60 + number % 100, sign),
        (&Token::Number(hours, 1..=2, sign @ ('+' | '-' | '−')), Some(&Token::Number(minutes, 2, ':'))) => {
            signed(hours * 60 + minutes, sign)
        }
        (&Token::Number(hours, 1..=2, sign @ ('+' | '-' | '−')), _) => signed(hours * 60, sign),
        (Token::Word(_), Some(Token::Number(_, _, '+'))) => return zone(tokens, at + 1),
        (Token::Word(word), _) => *ZONES.get(word)? * 60,
        _ => return None,
    };
    Offset::from_seconds(seconds).ok().filter(|_| seconds.abs() <= 14 * 3600)
}

fn signed(minutes: i32, sign: char) -> i32 {
    if sign == '+' { minutes * 60 } else { -minutes * 60 }
}

/// Whether a word is a time zone as printed beside a time.
pub(crate) fn is_zone(word: &str) -> bool {
    ZONES.contains_key(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        find(text, false).map(|moment| moment.to_string()).unwrap_or_default()
    }

    #[test]
    fn printed_dates() {
        assert_eq!(read("March 16, 2022 6:20 pm IST"), "2022-03-16T18:20:00+05:30");
        assert_eq!(read("2022-03-16T18:20:05.123Z"), "2022-03-16T18:20:05+00:00");
        assert_eq!(read("2022-03-16T18:20:00+0530"), "2022-03-16T18:20:00+05:30");
        assert_eq!(read("2022-03-16 18:20"), "2022-03-16");
        assert_eq!(read("Wed, 16 Mar 2022 18:20:00 GMT"), "2022-03-16T18:20:00+00:00");
        assert_eq!(read("Wed, 16 Mar 2022 18:20:00 -0800"), "2022-03-16T18:20:00-08:00");
        assert_eq!(read("Stand: 16.03.2022, 12:04 Uhr"), "2022-03-16");
        assert_eq!(read("16. März 2022"), "2022-03-16");
        assert_eq!(read("16 de marzo de 2022"), "2022-03-16");
        assert_eq!(read("Published: Wednesday, 16th March, 2022"), "2022-03-16");
        assert_eq!(read("Posted 6:20 p.m. EDT, March 16, 2022"), "2022-03-16T18:20:00-04:00");
        assert_eq!(read("2022年3月16日"), "2022-03-16");
        assert_eq!(read("16/3/22"), "2022-03-16");
        assert_eq!(read("3/16/2022"), "2022-03-16");
        assert_eq!(read("١٦ مارس ٢٠٢٢"), "2022-03-16");
        assert_eq!(read("2022-03-16T18:20:0Z"), "2022-03-16T18:20:00+00:00");
        assert_eq!(read("2 hours ago"), "");
        assert_eq!(read("call 555 1234"), "");
    }

    #[test]
    fn a_line_may_have_two_dates() {
        let days: Vec<String> = all("Updated 4 Jun 2020, first printed 17 Jun 2019", false)
            .map(|dated| dated.moment().to_string())
            .collect();
        assert_eq!(days, ["2020-06-04", "2019-06-17"]);
    }

    #[test]
    fn dates_in_urls() {
        let day = |url: &str| in_url(url).map(|moment| moment.to_string());
        assert_eq!(day("https://a.example/2022/03/16/talks").as_deref(), Some("2022-03-16"));
        assert_eq!(day("https://a.example/2022/mar/16/talks").as_deref(), Some("2022-03-16"));
        assert_eq!(day("https://a.example/talks-20220316.html").as_deref(), Some("2022-03-16"));
        assert_eq!(day("https://a.example/talks-12345"), None);
    }
}
