//! Quotations over more than one sentence or paragraph, and the turns of a transcript.
//!
//! Within a sentence `attribute` joins quotation and cue. Here quotations that stand alone find theirs: one that goes
//! on after "…," he said; one that a colon announced; one that an earlier or later paragraph attributes. A headline's
//! colon is read here, too: "Talks to resume: envoy".

use std::ops::Range;

use rapporteur_record::{Act, BlockKind, EntityKind};

use crate::attribute::{Pattern, Report, Taken};
use crate::classes::Classes;
use crate::names::Names;
use crate::phrases::{Head, Phrases};
use crate::reading::{Paragraph, Reading};
use crate::tokens::Case;

/// Adds to `reports`, one list a paragraph, the quotations that no sentence attributes.
pub(crate) fn link(phrases: &Phrases, reports: &mut [Vec<Report>]) {
    let reading = phrases.reading;
    for number in 0..reading.paragraphs.len() {
        for sentence in &reading.paragraphs[number].sentences {
            if reading.lone_quotation(sentence) {
                attach(phrases, reports, number, sentence, sentence.clone());
            }
        }
    }
    for list in reports {
        list.retain(|report| !report.content.is_empty());
    }
}

/// Gives a quotation to the report that it belongs to: of the same paragraph, or of a neighbour.
fn attach(phrases: &Phrases, reports: &mut [Vec<Report>], number: usize, sentence: &Range<usize>, quote: Range<usize>) {
    let reading = phrases.reading;
    let covered =
        |report: &Report| report.content.iter().any(|content| content.start < quote.end && quote.start < content.end);
    if reports[number].iter().any(covered) {
        return;
    }
    let first = reading.paragraphs[number].tokens.start == sentence.start;
    let same = reports[number].iter_mut().rev().find(|report| report.sentence.start < sentence.start);
    if let Some(report) = same {
        report.content.push(quote);
        return;
    }
    if !first {
        return;
    }
    if let Some(report) = announced(reading, reports, number) {
        report.content.push(quote);
        return;
    }
    if let Some(source) = announcing_subject(phrases, reports, number) {
        reports[number].push(spoken(source, quote, Act::Assert, sentence.clone()));
        return;
    }
    let goes_on = reading.ends_quote(quote.end - 1).is_some_and(|quote| quote.goes_on);
    let waits = reading.tokens[quote.end - 1].mark.is_some() && ends_with_comma(reading, &quote);
    if (goes_on || waits)
        && let Some(report) = following(reading, reports, number, &quote, goes_on)
    {
        report.content.insert(0, quote);
    }
}

/// The report of the paragraph before, where it announces a quotation with a colon or its own goes on.
fn announced<'r>(reading: &Reading, reports: &'r mut [Vec<Report>], number: usize) -> Option<&'r mut Report> {
    let before = number.checked_sub(1)?;
    let last = reading.paragraphs[before].tokens.end - 1;
    let colon = reading.tokens[last].is_mark(':');
    let goes_on = reading.ends_quote(last).is_some_and(|quote| quote.goes_on);
    reports[before].last_mut().filter(|_| colon || goes_on)
}

/// "Adair was brief at the port:" the subject of a sentence that announces a quotation without a cue.
fn announcing_subject(phrases: &Phrases, reports: &[Vec<Report>], number: usize) -> Option<Range<usize>> {
    let before = number.checked_sub(1).filter(|&before| reports[before].is_empty())?;
    let sentence = phrases.reading.paragraphs[before].sentences.last()?;
    let colon = phrases.reading.tokens[sentence.end - 1].is_mark(':');
    let verb = sentence.clone().find(|&at| phrases.is_finite(at)).filter(|_| colon)?;
    let subject = phrases.ending_at(verb, sentence.start)?;
    matches!(phrases.head(&subject), Head::Name(_) | Head::Pronoun(_)).then_some(subject)
}

fn ends_with_comma(reading: &Reading, quote: &Range<usize>) -> bool {
    quote.len() > 2 && reading.tokens[quote.end - 2].is_mark(',')
}

/// The report of a later paragraph that a quotation runs into: the first that is attributed.
fn following<'r>(
    reading: &Reading,
    reports: &'r mut [Vec<Report>],
    number: usize,
    quote: &Range<usize>,
    goes_on: bool,
) -> Option<&'r mut Report> {
    let limit = (number + if goes_on { MAX_PARAGRAPHS } else { 2 }).min(reports.len());
    let later = reading.paragraphs.iter().zip(reports).take(limit).skip(number + 1);
    for (paragraph, reports) in later {
        let start = paragraph.tokens.start;
        if goes_on && reading.opens_quote(start).is_none() {
            return None;
        }
        if let Some(report) = reports.first_mut() {
            let leads =
                report.sentence.start == start && report.content.iter().all(|content| content.start > quote.end);
            return Some(report).filter(|_| leads);
        }
    }
    None
}

/// A quotation of more paragraphs than this is not followed.
const MAX_PARAGRAPHS: usize = 40;

/// The turns of a transcript or interview, "Name: words", if the article has at least two speakers' turns.
pub(crate) fn turns(reading: &Reading, names: &Names) -> Vec<(usize, Report)> {
    let turn = |(number, paragraph): (usize, &Paragraph)| Some((number, turn(reading, names, paragraph)?));
    let turns: Vec<_> = reading.paragraphs.iter().enumerate().filter_map(turn).collect();
    if turns.len() >= 3 { turns } else { Vec::new() }
}

fn turn(reading: &Reading, names: &Names, paragraph: &Paragraph) -> Option<Report> {
    let tokens = paragraph.tokens.clone();
    if matches!(paragraph.kind, BlockKind::Title | BlockKind::Standfirst | BlockKind::Heading) {
        return None;
    }
    let quote = reading.opens_quote(tokens.start);
    if quote.is_some_and(|quote| quote.tokens.end != tokens.end) {
        return None;
    }
    let colon = tokens.clone().take(8).find(|&at| reading.tokens[at].is_mark(':'))?;
    let label = tokens.start + usize::from(quote.is_some())..colon;
    let named = label.clone().all(|at| {
        let token = &reading.tokens[at];
        let name = names.at(at).is_some() || token.is_capital() || token.is_mark('&') || token.is_mark('.');
        name && (quote.is_some() || token.quote.is_none()) && token.case != Case::Number
    });
    // The marks around a whole turn are no part of it.
    let closed = quote.is_some_and(|quote| quote.inner.end() < quote.outer.end());
    let content = colon + 1..tokens.end - usize::from(closed);
    if label.is_empty() || !named || content.is_empty() {
        return None;
    }
    let question = reading.tokens[content.end - 1].is_mark('?');
    let act = if question { Act::Ask } else { Act::Assert };
    Some(spoken(label, content, act, tokens))
}

/// “The road is open.” — Mira Adair: paragraphs that are a quotation and, after a dash, the name of who says it.
pub(crate) fn bylines(phrases: &Phrases) -> Vec<Report> {
    phrases.reading.paragraphs.iter().filter_map(|paragraph| byline(phrases, paragraph)).collect()
}

fn byline(phrases: &Phrases, paragraph: &Paragraph) -> Option<Report> {
    let reading = phrases.reading;
    let range = paragraph.tokens.clone();
    if matches!(paragraph.kind, BlockKind::Title | BlockKind::Heading) {
        return None;
    }
    let quote = reading.opens_quote(range.start)?.tokens.clone();
    let dash = quote.end;
    let stop = usize::from(reading.tokens[range.end - 1].is_mark('.'));
    let label = dash + 1..range.end - stop;
    let dashed = dash < range.end && reading.tokens[dash].is_mark('—');
    let named = dashed && !label.is_empty() && label.len() <= MAX_LABEL && names_speaker(phrases, &label, false);
    named.then(|| spoken(label, quote, Act::Assert, range))
}

/// The claim of a headline that a colon attributes: "Talks to resume: envoy", "Kremlin: ‘No breakthrough’".
pub(crate) fn headline_colon(phrases: &Phrases, paragraph: &Paragraph) -> Option<Report> {
    let tokens = &phrases.reading.tokens;
    let range = paragraph.tokens.clone();
    let title = matches!(paragraph.kind, BlockKind::Title | BlockKind::Heading);
    // A dash does as well after a quotation: "‘The port is open’ – Adair".
    let divides = |&at: &usize| {
        let dash = at > range.start && tokens[at].is_mark('—') && phrases.reading.ends_quote(at - 1).is_some();
        (tokens[at].is_mark(':') || dash) && tokens[at].quote.is_none()
    };
    let colon = range.clone().rfind(divides).filter(|_| title)?;
    let (left, right) = (range.start..colon, colon + 1..range.end);
    let quoted = !right.is_empty() && phrases.reading.opens_quote(right.start).is_some();
    let (source, content) = match () {
        () if right.len() <= MAX_LABEL && !quoted && names_speaker(phrases, &right, true) => (right, left),
        () if left.len() <= MAX_LABEL && names_speaker(phrases, &left, quoted) => (left, right),
        () => return None,
    };
    let words = content.clone().filter(|&at| tokens[at].is_word()).count();
    (words > 2 || quoted).then(|| spoken(source, content, Act::Assert, range))
}

/// Whether words name somebody who may say something; a state or place only where `any` is allowed.
fn names_speaker(phrases: &Phrases, range: &Range<usize>, any: bool) -> bool {
    let Some(phrase) = phrases.starting_at(range.start, range.end, false) else { return false };
    let tokens = &phrases.reading.tokens;
    if phrase.end < range.end && !tokens[phrase.end].is(Classes::PREPOSITION) && tokens[phrase.end].is_word() {
        return false;
    }
    let speaks = Classes::ROLE | Classes::ROLES | Classes::GROUP | Classes::DOCUMENT | Classes::MEDIA;
    match phrases.head(&phrase) {
        Head::Name(name) => any || matches!(name.kind, EntityKind::Person | EntityKind::Organization),
        Head::Noun(at) => phrases.reading.tokens[at].is(speaks),
        Head::Pronoun(_) => false,
    }
}

/// A headline's label is no longer than this, in tokens.
const MAX_LABEL: usize = 9;

fn spoken(source: Range<usize>, content: Range<usize>, act: Act, sentence: Range<usize>) -> Report {
    Report {
        content: vec![content],
        cue: None,
        source: Some(source),
        addressee: None,
        channel: None,
        via: Vec::new(),
        act,
        negated: false,
        pattern: Pattern::Turn,
        named: None,
        confidence: None,
        model: None,
        taken: Taken::default(),
        sentence,
    }
}
