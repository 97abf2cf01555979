//! A headline's claim and the statement of the body that makes it.

use std::collections::HashSet;

use rapporteur_record::Statement;

use crate::attribute::Report;
use crate::reading::Reading;

/// Who makes the claim of a headline's report in the body: the speaker of the statement that shares most words with it.
pub(crate) fn same_claim(reading: &Reading, report: &Report, body: &[Statement]) -> Option<usize> {
    let claim: HashSet<String> = report.content.iter().flat_map(|range| telling_words(reading.words(range))).collect();
    let shared = |statement: &Statement| {
        let words = statement.content.iter().flat_map(|span| telling_words(&reading.text[*span]));
        words.collect::<HashSet<_>>().intersection(&claim).count()
    };
    let best = body
        .iter()
        .map(|statement| (shared(statement), statement))
        .max_by_key(|(n, statement)| (*n, std::cmp::Reverse(statement.content[0])));
    let (n_shared, statement) = best?;
    let enough = n_shared >= 2 && n_shared * 3 >= claim.len() || n_shared >= 1 && n_shared == claim.len();
    statement.speaker.filter(|_| enough)
}

/// The longer words, cut to their stems' length so that "swap" and "swapped" are alike.
fn telling_words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 3);
    words.map(|word| word.to_lowercase().chars().take(6).collect())
}
