//! Joins what the rules found with what the model found.
//!
//! The model knows cues that no table has and where indirect speech ends; the rules know exactly what a quotation
//! mark, a chain of agencies or a transcript says. A statement that both found is one: it keeps what the rules tell
//! about it (addressee, channel, relays, act, quotation) and takes the model's source and, unless it is a quotation,
//! the model's content. What only the model found is added; what only the rules found stays where its form is exact.

use std::ops::Range;

use rapporteur_record::{Act, Span};
use serde::Serialize;

use crate::attribute::{Pattern, Report, Taken};
use crate::classes::Classes;
use crate::model::FoundStatement;
use crate::reading::Reading;

/// One list of reports from both, and what was left out of it.
#[derive(Debug)]
pub(crate) struct Merged {
    /// In the order of their cues.
    pub(crate) reports: Vec<Report>,
    /// In no order.
    pub(crate) lost: Vec<Lost>,
}

/// A report that is no statement of the document.
#[derive(Debug)]
pub(crate) struct Lost {
    pub(crate) report: Report,
    pub(crate) loss: Loss,
}

/// Why a report is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Loss {
    /// Only the rules found it, by a form that alone is often wrong.
    RuleAlone,
    /// Only the model found it, and is not sure enough of it.
    Doubtful,
    /// Most of it is another statement's.
    Overlapped,
}

/// Of what only the model found, it must be so sure.
const LEAST_ALONE: f32 = 0.5;

pub(crate) fn merge(reading: &Reading, mut rules: Vec<Report>, found: &[FoundStatement]) -> Merged {
    let near = Near::new(rules.iter().map(Report::hull));
    let mut taken = vec![false; rules.len()];
    let mut learned = Vec::new();
    for statement in found {
        let Some(claim) = Claim::new(reading, statement) else { continue };
        let partner = near.to(&claim.hull()).filter(|&number| !taken[number] && claim.is(&rules[number])).min();
        match partner {
            Some(number) => {
                taken[number] = true;
                claim.complete(reading, &mut rules[number]);
            }
            None => learned.push(claim.report(reading)),
        }
    }
    let (mut reports, mut lost) = (Vec::new(), Vec::new());
    for (report, taken) in rules.into_iter().zip(taken) {
        if taken || is_exact(reading, &report) {
            reports.push(report);
        } else {
            lost.push(Lost { report, loss: Loss::RuleAlone });
        }
    }
    let near = Near::new(reports.iter().map(Report::hull));
    for report in learned {
        let sure = report.confidence.is_some_and(|confidence| confidence >= LEAST_ALONE);
        if near.to(&report.hull()).any(|number| is_same(&reports[number], &report)) {
            lost.push(Lost { report, loss: Loss::Overlapped });
        } else if !sure {
            lost.push(Lost { report, loss: Loss::Doubtful });
        } else {
            reports.push(report);
        }
    }
    reports.sort_by_key(|report| report.cue.as_ref().or(report.source.as_ref()).map_or(0, |range| range.start));
    Merged { reports, lost }
}

/// The sentences of reports that the rules found by a form that alone is often wrong, and the model did not find.
pub(crate) fn left(reading: &Reading, rules: &[Report], found: &[FoundStatement]) -> Vec<Span> {
    let claims: Vec<Claim> = found.iter().filter_map(|statement| Claim::new(reading, statement)).collect();
    let near = Near::new(claims.iter().map(Claim::hull));
    let found = |report: &Report| near.to(&report.hull()).any(|number| claims[number].is(report));
    let left = rules.iter().filter(|report| !is_exact(reading, report) && !found(report));
    left.map(|report| reading.span(&report.sentence)).collect()
}

/// Whether a report that the model did not find stays.
fn is_exact(reading: &Reading, report: &Report) -> bool {
    let title = reading.paragraph_at(report.sentence.start).is_some_and(|paragraph| paragraph.title_case);
    let form = matches!(report.pattern, Pattern::Quotation | Pattern::That | Pattern::According | Pattern::Turn);
    form || title || !report.via.is_empty() || report.negated
}

/// Ranges by where they are, so that each is compared only with those it meets.
struct Near {
    /// By start, with the furthest end up to there and the number of the range.
    ranges: Vec<(Range<usize>, usize, usize)>,
}

impl Near {
    fn new(ranges: impl Iterator<Item = Range<usize>>) -> Self {
        let mut ranges: Vec<_> = ranges.enumerate().map(|(number, range)| (range, 0, number)).collect();
        ranges.sort_by_key(|(range, _, number)| (range.start, *number));
        let mut furthest = 0;
        for (range, end, _) in &mut ranges {
            furthest = furthest.max(range.end);
            *end = furthest;
        }
        Near { ranges }
    }

    /// The numbers of ranges that share something with `range`, in no order.
    fn to(&self, range: &Range<usize>) -> impl Iterator<Item = usize> {
        let end = self.ranges.partition_point(|(other, ..)| other.start < range.end);
        let reaching = self.ranges[..end].iter().rev().take_while(|(_, furthest, _)| *furthest > range.start);
        reaching.filter(|(other, ..)| other.end > range.start).map(|(.., number)| *number)
    }
}

/// The smallest range that holds all of them.
fn hull<'r>(ranges: impl Iterator<Item = &'r Range<usize>>) -> Range<usize> {
    ranges.cloned().reduce(|a, b| a.start.min(b.start)..a.end.max(b.end)).unwrap_or(0..0)
}

impl Report {
    fn hull(&self) -> Range<usize> {
        hull(self.content.iter().chain(&self.cue))
    }
}

/// Whether two reports share most of their contents.
fn is_same(a: &Report, b: &Report) -> bool {
    2 * shared(&a.content, &b.content) > length(&a.content).min(length(&b.content))
}

fn shared(a: &[Range<usize>], b: &[Range<usize>]) -> usize {
    let overlap = |a: &Range<usize>, b: &Range<usize>| a.end.min(b.end).saturating_sub(a.start.max(b.start));
    a.iter().map(|a| b.iter().map(|b| overlap(a, b)).sum::<usize>()).sum()
}

fn length(content: &[Range<usize>]) -> usize {
    content.iter().map(Range::len).sum()
}

/// A statement of the model in tokens of the reading.
struct Claim {
    content: Vec<Range<usize>>,
    cue: Option<Range<usize>>,
    source: Option<Range<usize>>,
    confidence: f32,
}

impl Claim {
    fn new(reading: &Reading, statement: &FoundStatement) -> Option<Self> {
        let mut content: Vec<Range<usize>> = Vec::new();
        for span in &statement.content {
            let Some(mut part) = words(reading, *span) else { continue };
            // A part that opens a quotation is all of it, whatever else of it the model has as another part.
            part.end = part.end.max(reading.opens_quote(part.start).map_or(0, |quote| quote.tokens.end));
            part.start = part.start.max(content.last().map_or(0, |before| before.end));
            if part.clone().any(|at| reading.tokens[at].is_word()) {
                content.push(part);
            }
        }
        let range = |span: Option<Span>| span.and_then(|span| words(reading, span));
        let (cue, source) = (range(statement.cue), range(statement.source));
        (!content.is_empty()).then_some(Claim { content, cue, source, confidence: statement.confidence })
    }

    fn hull(&self) -> Range<usize> {
        hull(self.content.iter().chain(&self.cue))
    }

    /// Whether a report says the same: by one cue, or in the same words.
    fn is(&self, report: &Report) -> bool {
        let cues = self.cue.as_ref().zip(report.cue.as_ref());
        let one_cue = cues.is_some_and(|(a, b)| a.start < b.end && b.start < a.end);
        let n_shared = shared(&self.content, &report.content);
        one_cue && n_shared > 0 || 2 * n_shared > length(&self.content).max(length(&report.content))
    }

    /// Gives a report of the rules what the model knows better.
    fn complete(self, reading: &Reading, report: &mut Report) {
        let quoted = report.content.iter().all(|content| reading.opens_quote(content.start).is_some());
        if !quoted && report.via.is_empty() && report.pattern != Pattern::Turn {
            report.taken.content = report.content != self.content;
            report.content = self.content;
        }
        if let Some(source) = self.source.filter(|_| report.via.is_empty()) {
            report.taken.source = report.source.as_ref() != Some(&source);
            report.source = Some(source);
        }
        report.confidence = Some(self.confidence);
    }

    fn report(self, reading: &Reading) -> Report {
        let anchor = self.cue.as_ref().unwrap_or(&self.content[0]).start;
        let sentence = reading.sentence_at(anchor).unwrap_or(anchor..anchor + 1);
        let cue = self.cue.clone().unwrap_or(anchor..anchor);
        let act = cue.clone().find_map(|at| act(reading, at)).unwrap_or(Act::Assert);
        Report {
            negated: cue.into_iter().any(|at| reading.tokens[at].is(Classes::NEGATION)),
            content: self.content,
            cue: self.cue,
            source: self.source,
            addressee: None,
            channel: None,
            via: Vec::new(),
            act,
            pattern: Pattern::Learned,
            confidence: Some(self.confidence),
            taken: Taken::default(),
            sentence,
        }
    }
}

fn act(reading: &Reading, at: usize) -> Option<Act> {
    let (verb, _) = reading.tokens[at].word?.verbs.last()?;
    Some(reading.lexicon.cue(*verb).act)
}

/// The tokens of a span, less marks at its edges that no quotation needs and a leading "that".
fn words(reading: &Reading, span: Span) -> Option<Range<usize>> {
    let tokens = &reading.tokens;
    let mut start = tokens.partition_point(|token| token.span.end() <= span.start());
    let mut end = tokens.partition_point(|token| token.span.start() < span.end());
    let stray = |at: usize| !tokens[at].is_word() && tokens[at].quote.is_none();
    let opens_with_that = end > start + 2 && tokens[start].is(Classes::THAT) && !tokens[start + 1].is(Classes::BE);
    start += usize::from(opens_with_that);
    while start < end && stray(start) {
        start += 1;
    }
    while start < end && stray(end - 1) {
        end -= 1;
    }
    // A quotation is whole: its marks come with it.
    if start < end && start > 0 && reading.opens_quote(start - 1).is_some() && !tokens[start - 1].is_word() {
        start -= 1;
    }
    if start < end && end < tokens.len() && reading.ends_quote(end).is_some_and(|quote| quote.tokens.start >= start) {
        end += 1;
    }
    (start < end).then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_that_meet_are_near() {
        let near = Near::new([5..20, 0..3, 7..8, 10..12].into_iter());
        let to = |range: Range<usize>| {
            let mut numbers: Vec<usize> = near.to(&range).collect();
            numbers.sort_unstable();
            numbers
        };
        assert_eq!(to(2..6), [0, 1]);
        assert_eq!(to(8..10), [0]);
        assert_eq!(to(11..30), [0, 3]);
        assert_eq!(to(3..5), [0; 0]);
        assert_eq!(to(20..21), [0; 0]);
    }
}
