//! A headline's claim and the statement of the body that makes it.

use std::collections::HashSet;
use std::ops::Range;

use rapporteur_record::{Act, BlockKind, Statement};

use crate::attribute::{Pattern, Report, Taken};
use crate::quotes::Quote;
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

/// ‘He is not for sale’ in a title: words that somebody is told to have said, with nobody named beside them.
pub(crate) fn bare_quotations(reading: &Reading, reports: &[Report]) -> Vec<Report> {
    let titles = reading.paragraphs.iter().filter(|paragraph| paragraph.kind == BlockKind::Title);
    let quotes = titles.flat_map(|title| {
        let inside = |quote: &&Quote| title.tokens.start <= quote.tokens.start && quote.tokens.end <= title.tokens.end;
        reading.quotes.iter().filter(inside).map(|quote| (quote.tokens.clone(), title.tokens.clone()))
    });
    let told = |tokens: &Range<usize>| {
        let mut contents = reports.iter().flat_map(|report| &report.content);
        contents.any(|content| content.start < tokens.end && tokens.start < content.end)
    };
    let n_words = |tokens: &Range<usize>| tokens.clone().filter(|&at| reading.tokens[at].is_word()).count();
    let bare = quotes.filter(|(tokens, _)| n_words(tokens) >= LEAST_WORDS && !told(tokens));
    bare.map(|(tokens, sentence)| Report {
        content: vec![tokens],
        cue: None,
        source: None,
        named: None,
        addressee: None,
        channel: None,
        via: Vec::new(),
        act: Act::Assert,
        negated: false,
        pattern: Pattern::Quotation,
        confidence: None,
        model: None,
        taken: Taken::default(),
        sentence,
    })
    .collect()
}

/// Fewer words in quotation marks are a manner of speaking.
const LEAST_WORDS: usize = 4;

/// The longer words, cut to their stems' length so that "swap" and "swapped" are alike.
fn telling_words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 3);
    words.map(|word| word.to_lowercase().chars().take(6).collect())
}
