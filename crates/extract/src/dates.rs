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

/// The first date in a text.
///
/// `month_first` settles 3/4/2022, as Americans print it.
pub(crate) fn find(text: &str, month_first: bool) -> Option<Moment> {
    let text = crate::text::head(text.trim(), LONGEST);
    let tokens = tokens(text);
    let (date, after) = iso(&tokens).or_else(|| named(&tokens)).or_else(|| numbers(&tokens, month_first))?;
    Some(with_time(date, &tokens, after))
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
        let is_digit = c.is_ascii_digit();
        let same = |other: char| if is_digit { other.is_ascii_digit() } else { other.is_alphabetic() };
        let length = text[at..].find(|other| !same(other)).unwrap_or(text.len() - at);
        let run = &text[at..at + length];
        if is_digit {
            tokens.push(Token::Number(run.parse().unwrap_or(-1), length, before));
        } else if c.is_alphabetic() {
            tokens.push(Token::Word(run));
        }
        before = if length == 0 { c } else { ' ' };
        at += length.max(c.len_utf8());
    }
    tokens
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

/// 16.03.2022, 16/3/22, 3/16/2022.
fn numbers(tokens: &[Token], month_first: bool) -> Option<(Date, usize)> {
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
        Some((date(year, month, day)?, at + 3))
    })
}

/// The time near the date, if its zone is told.
fn with_time(date: Date, tokens: &[Token], after: usize) -> Moment {
    let instant = clock(tokens, after).or_else(|| clock(tokens, 0)).and_then(|(time, end)| {
        let offset = zone(tokens, end)?;
        let at = offset.to_timestamp(date.to_datetime(time)).ok()?;
        Some(Moment::Instant(at, offset))
    });
    instant.unwrap_or(Moment::Day(date))
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
    if let (Some(_), Some(&Token::Number(number, 2, ':'))) = (minute, tokens.get(end)) {
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
        assert_eq!(read("2 hours ago"), "");
        assert_eq!(read("call 555 1234"), "");
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
