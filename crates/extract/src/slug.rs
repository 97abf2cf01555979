//! Datelines, agency slugs and credit lines: "KYIV, March 16 (Reuters) -", "With inputs from PTI".
//!
//! They are named in the article and stay in its text.

use std::sync::LazyLock;

use rapporteur_record::{Article, BlockKind};

use crate::tables::rows;

static AGENCIES: LazyLock<Vec<&str>> =
    LazyLock::new(|| rows(include_str!("../lang/en/agencies.tsv")).map(|[name]| name).collect());

static CREDITS: LazyLock<Vec<&str>> =
    LazyLock::new(|| rows(include_str!("../lang/en/credits.tsv")).map(|[lead]| lead).collect());

/// A dateline stands within so many bytes.
const LONGEST: usize = 100;

/// Fills the article's dateline and credit from its blocks.
pub(crate) fn mark(article: &mut Article) {
    let body = article.blocks.iter().filter(|block| matches!(block.kind, BlockKind::Paragraph | BlockKind::Quote));
    let texts: Vec<&str> = body.map(|block| &article.text.as_str()[block.span]).collect();
    let found = texts.iter().take(4).find_map(|text| dateline(text));
    let byline = || article.byline.iter().find_map(|name| agency(name.trim()));
    let credit = found.as_ref().and_then(|found| found.agency).or_else(|| credit_line(&texts)).or_else(byline);
    let (place, credit) = (found.and_then(|found| found.place.map(str::to_owned)), credit.map(str::to_owned));
    (article.dateline, article.credit) = (place, credit.or(article.credit.take()));
}

struct Dateline<'a> {
    place: Option<&'a str>,
    agency: Option<&'a str>,
}

/// The beginning of "KYIV, March 16 (Reuters) - Talks …".
fn dateline(text: &str) -> Option<Dateline<'_>> {
    let start = crate::text::head(text, LONGEST);
    let dash =
        [" - ", " – ", " — ", " -- ", ") -", ")-", ": ", ") "].iter().filter_map(|dash| start.find(dash)).min()?;
    let bracketed = start[..dash + 1].trim_end();
    let lead = bracketed.trim_end_matches([':', '-', ' ']);
    let (place, agency) = match lead.split_once('(') {
        Some((place, rest)) => (place, agency(rest.trim_end_matches(')').trim())),
        None => (lead, None),
    };
    let place = place.trim().trim_end_matches(',');
    match (is_place(place), agency) {
        (true, agency) => Some(Dateline { place: Some(place), agency }),
        (false, Some(agency)) if place.is_empty() => Some(Dateline { place: None, agency: Some(agency) }),
        _ => None,
    }
}

/// Whether the first word is in capitals and the rest could be a place and a date.
fn is_place(text: &str) -> bool {
    let first = text.split([' ', ',', '/']).next().unwrap_or_default();
    let capitals = first.chars().filter(|c| c.is_alphabetic()).count() > 2 && !first.chars().any(char::is_lowercase);
    let words = text.split_whitespace().count();
    capitals && words < 9 && !text.contains(['“', '"', '?', '!', ';'])
}

/// The agency that a bracket or byline names.
fn agency(text: &str) -> Option<&str> {
    let plain = text.trim();
    let found = AGENCIES.iter().find(|name| {
        plain.len() < name.len() + 24
            && plain.to_lowercase().starts_with(&name.to_lowercase())
            && !plain[name.len().min(plain.len())..].starts_with(char::is_alphanumeric)
    })?;
    plain.get(..found.len())
}

/// The agency of a line such as "With inputs from PTI" at the end.
fn credit_line<'a>(texts: &[&'a str]) -> Option<&'a str> {
    texts.iter().rev().take(3).find_map(|text| {
        let line = text.trim().trim_matches(['(', ')', '[', ']', '.', '—', '-', '–', ' ']);
        let short = line.len() < LONGEST;
        let lower = line.to_lowercase();
        let lead = CREDITS.iter().find(|lead| lower.starts_with(**lead));
        match lead {
            Some(lead) if short => line.get(lead.len()..).and_then(after_lead),
            _ if short && line.len() < 30 => agency(line),
            _ => None,
        }
    })
}

/// The agency behind a lead and what may stand between: a colon, the year of a copyright.
fn after_lead(rest: &str) -> Option<&str> {
    agency(
        rest.trim_start_matches(|c: char| {
            c.is_ascii_digit() || matches!(c, ':' | ' ' | '\u{a0}' | '©' | ',' | '-' | '–')
        }),
    )
}

/// The agency of a copyright line.
pub(crate) fn copyright<'a>(lines: &[&'a str]) -> Option<&'a str> {
    const MARKS: [&str; 3] = ["©", "copyright", "(c)"];
    lines.iter().filter(|line| line.len() < LONGEST).find_map(|line| {
        let lower = line.to_lowercase();
        let mark = MARKS.iter().find(|mark| lower.starts_with(**mark))?;
        line.get(mark.len()..).and_then(after_lead)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str) -> (Option<String>, Option<String>) {
        let mut article = Article::from_text(text.to_owned());
        mark(&mut article);
        (article.dateline, article.credit)
    }

    fn pair(place: &str, agency: &str) -> (Option<String>, Option<String>) {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        (some(place), some(agency))
    }

    #[test]
    fn datelines_and_credits() {
        assert_eq!(marked("KYIV, March 16 (Reuters) - Talks went on."), pair("KYIV, March 16", "Reuters"));
        assert_eq!(marked("JEDDAH, May 14, 2024 (AFP) – Trucks left."), pair("JEDDAH, May 14, 2024", "AFP"));
        assert_eq!(marked("NEW DELHI: The minister left."), pair("NEW DELHI", ""));
        assert_eq!(marked("(AP) — The minister left."), pair("", "AP"));
        assert_eq!(marked("The UN said so - twice."), pair("", ""));
        assert_eq!(marked("With inputs from PTI"), pair("", "PTI"));
        assert_eq!(marked("© 2024 AFP"), pair("", "AFP"));
    }

    #[test]
    fn a_copyright_line_may_name_an_agency() {
        assert_eq!(
            copyright(&["Share", "Copyright 2024 The Associated Press. All rights reserved."]),
            Some("The Associated Press")
        );
        assert_eq!(copyright(&["© The Harbour 2024", "AFP"]), None);
    }
}
