//! The names in a byline: without what leads to them, without roles, dates and places.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::tables::rows;
use crate::text::{folded, key};

/// Words before a name ("by"), between names ("and"), after a name ("in"), and names that are none ("admin").
static WORDS: LazyLock<HashMap<&str, Vec<&str>>> = LazyLock::new(|| {
    let tables = [
        include_str!("../../lang/en/byline.tsv"),
        include_str!("../../lang/de/byline.tsv"),
        include_str!("../../tables/byline.tsv"),
    ];
    let mut words: HashMap<&str, Vec<&str>> = HashMap::new();
    tables.into_iter().flat_map(rows).for_each(|[word, what]| words.entry(what).or_default().push(word));
    words
});

fn words(what: &'static str) -> impl Iterator<Item = &'static str> {
    WORDS.get(what).into_iter().flatten().copied()
}

/// The names of a line that begins with "By".
pub(crate) fn led(text: &str) -> Option<Vec<String>> {
    let line = text.lines().next()?.trim();
    if line.len() > 120 {
        return None;
    }
    let names = split(without_lead(line)?);
    let capital = names.iter().all(|name| name.chars().any(|c| c.is_uppercase() || c > '\u{2ff}'));
    Some(names).filter(|names| !names.is_empty() && capital)
}

/// Whether a line is only what leads to a name: "Written by".
pub(crate) fn is_lead(line: &str) -> bool {
    let line = line.trim().trim_end_matches(':').to_lowercase();
    words("by").any(|by| line == by)
}

fn without_lead(line: &str) -> Option<&str> {
    let first = line.chars().next()?.to_lowercase().next()?;
    words("by").filter(|by| by.starts_with(first)).find_map(|by| {
        let start = line.get(..by.len())?;
        let rest = line.get(by.len()..)?;
        // "ByAnn Lee", where two elements stand side by side; not "Byzantine".
        let joined = rest.starts_with(char::is_uppercase) && start.ends_with(char::is_lowercase);
        let whole = rest.starts_with([' ', ':', '\u{a0}']) || joined && start.starts_with(char::is_uppercase);
        (start.to_lowercase() == by && whole).then(|| rest.trim_start_matches([' ', ':', '\u{a0}']))
    })
}

/// The line after all that leads to its names: "Post author By Ann Lee".
fn after_leads(mut line: &str) -> &str {
    const MOST: usize = 3;
    for _ in 0..MOST {
        line = without_lead(line).unwrap_or(line);
    }
    line
}

/// The names in several values, each once.
pub(super) fn split_all(values: &[String]) -> Vec<String> {
    dedup(values.iter().flat_map(|value| split(value)).collect())
}

/// Each name once.
pub(super) fn dedup(names: Vec<String>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for name in names {
        if seen.iter().all(|known| key(known) != key(&name)) && seen.len() < 30 {
            seen.push(name);
        }
    }
    seen
}

/// The names in "Ann Lee, Bo Ek and Cy Ford".
pub(crate) fn split(text: &str) -> Vec<String> {
    let line = folded(text.lines().next().unwrap_or_default());
    let mut parts = vec![after_leads(&line).to_owned()];
    let between = words("and").map(|word| format!(" {word} ")).chain(
        [", ", "; ", " | ", " / ", " & ", " • ", " · ", " – ", " — ", " - ", "• ", "；", "、"].map(String::from),
    );
    for separator in between {
        parts = parts.iter().flat_map(|part| part.split(separator.as_str())).map(str::to_owned).collect();
    }
    parts.into_iter().map(|part| bare(&part)).filter(|part| is_name(part)).collect()
}

/// A name without a lead, brackets, and what stands behind it: an address, a place, a date.
fn bare(part: &str) -> String {
    let part = part.trim().trim_matches(|c: char| ",;:|()[]\"“”".contains(c)).trim();
    let part = after_leads(part);
    let part = part.split(['(', '<', '@', '[']).next().unwrap_or_default().trim();
    let mut kept: Vec<&str> = Vec::new();
    for word in part.split_whitespace() {
        let ends = !kept.is_empty() && (words("after").any(|after| after == word) || word.starts_with(is_digit));
        if ends {
            break;
        }
        kept.push(word);
    }
    // "Ann Lee December 2": the month goes with its day.
    let is_cut = kept.len() < part.split_whitespace().count();
    while is_cut && kept.len() > 1 && kept.last().is_some_and(|word| crate::dates::is_month(word)) {
        kept.pop();
    }
    kept.join(" ")
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

fn is_name(part: &str) -> bool {
    let n_words = part.split_whitespace().count();
    let lower = part.to_lowercase();
    let is_date = part.starts_with(is_digit) || part.split_whitespace().count() == 1 && crate::dates::is_month(part);
    part.chars().any(char::is_alphabetic)
        && (1..=6).contains(&n_words)
        && part.len() < 80
        && part.len() > 2
        && !is_date
        && !part.contains("http")
        && !part.contains("www.")
        && part.chars().filter(char::is_ascii_digit).count() < 5
        && !is_lead(part)
        && !words("no name").any(|word| lower == word)
        && !words("no name in").any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split() {
        assert_eq!(split("By Ann Lee, Bo Ek and Cy Ford"), ["Ann Lee", "Bo Ek", "Cy Ford"]);
        assert_eq!(split("Von Max Muster"), ["Max Muster"]);
        assert_eq!(split("admin"), [""; 0]);
        assert_eq!(led("Byzantine gold found"), None);
    }

    #[test]
    fn what_is_no_name_is_left_out() {
        assert_eq!(split("Post author By Ann Lee"), ["Ann Lee"]);
        assert_eq!(split("ByAnn Lee"), ["Ann Lee"]);
        assert_eq!(split("By Ann Lee in Tallinn and Bo Ek in Riga"), ["Ann Lee", "Bo Ek"]);
        assert_eq!(split("Ann Lee December 2, 2024"), ["Ann Lee"]);
        assert_eq!(split("Ann Lee, Jul 11"), ["Ann Lee"]);
        assert_eq!(split("Ann Lee, Ph.D., and Bo Ek, MD"), ["Ann Lee", "Bo Ek"]);
        assert_eq!(split("ann1984"), ["ann1984"]);
        assert_eq!(split("Written by"), [""; 0]);
        assert_eq!(split("Par Ann Lee et Bo Ek"), ["Ann Lee", "Bo Ek"]);
    }
}
