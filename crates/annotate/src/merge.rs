//! Joins what the rules found with what the model found.
//!
//! The model knows cues that no table has and where indirect speech ends; the rules know exactly what a quotation
//! mark, a chain of agencies or a transcript says. A statement that both found is one: it keeps what the rules tell
//! about it (addressee, channel, relays, act, quotation) and takes the model's source and, unless it is a quotation,
//! the model's content. How likely each is right is told by `joining`; what is unlikely goes, and of two that can't both
//! be right the less likely. What only the rules found stays where its form is exact.

use std::collections::HashMap;
use std::ops::Range;

use rapporteur_record::{Act, ChannelKind, Span};
use serde::Serialize;

use crate::attribute::{Pattern, Report, Taken};
use crate::classes::Classes;
use crate::joining::Joining;
use crate::model::{FoundDetails, FoundStatement};
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

/// Joins reports of the rules with statements of the model; each gets its confidence.
pub(crate) fn merge(reading: &Reading, mut rules: Vec<Report>, found: &[FoundStatement], joining: &Joining) -> Merged {
    let mut learned = Vec::new();
    let mut partners = Partners::new(&rules);
    for statement in found {
        let Some(claim) = Claim::new(reading, statement) else { continue };
        match partners.take(&rules, &claim) {
            Some(number) => {
                let swallows = swallows_another(&claim, &rules, number);
                claim.complete(reading, &mut rules[number], swallows);
            }
            None => learned.push(claim.report(reading)),
        }
    }
    let mut reports = rules;
    reports.append(&mut learned);
    for report in &mut reports {
        report.model = report.confidence;
        report.confidence = Some(joining.confidence(report.pattern, is_quoted(reading, report), report.confidence));
    }
    let mut merged = chosen(reading, reports, joining.least);
    let start = |report: &Report| report.cue.as_ref().or(report.source.as_ref()).map_or(0, |range| range.start);
    merged.reports.sort_by_key(start);
    merged
}

/// "said that A | and cited B": whether the content of a claim goes on over the cue of another report of its source,
/// where that of the rules, `rules[number]`, ends before it. One cue is one statement.
fn swallows_another(claim: &Claim, rules: &[Report], number: usize) -> bool {
    let own = &rules[number];
    let holds = |content: &[Range<usize>], cue: &Range<usize>| {
        content.iter().any(|content| content.start <= cue.start && cue.end <= content.end)
    };
    let others = rules[number.saturating_sub(MAX_LOOK)..rules.len().min(number + MAX_LOOK)].iter();
    let shares =
        |content: &Range<usize>, contents: &[Range<usize>]| shared(std::slice::from_ref(content), contents) > 0;
    let foreign: Vec<_> = claim.content.iter().filter(|content| !shares(content, &own.content)).collect();
    let mut others = others.filter(|other| other.cue != own.cue);
    others.any(|other| {
        let cue = other.cue.as_ref().filter(|_| other.source == own.source);
        cue.is_some_and(|cue| holds(&claim.content, cue) && !holds(&own.content, cue))
            || foreign.iter().any(|content| shares(content, &other.content))
    })
}

/// What is left of a content without the dateline before it: "KYIV, March 16 (Reuters) - | Talks went on".
fn after_dateline(reading: &Reading, content: Range<usize>) -> Option<Range<usize>> {
    let first = reading.paragraph_at(content.start)?.sentences.first()?.start;
    let content = content.start.max(first)..content.end;
    (!content.is_empty()).then_some(content)
}

/// Reports further apart than this in the text's order don't touch.
const MAX_LOOK: usize = 8;

/// The reports of the rules; each may be taken by one claim of the model.
struct Partners {
    near: Near,
    taken: Vec<bool>,
}

impl Partners {
    fn new(rules: &[Report]) -> Self {
        Partners { near: Near::new(rules.iter().map(Report::hull)), taken: vec![false; rules.len()] }
    }

    /// The first report, of those not taken yet, that says the same as a claim.
    fn take(&mut self, rules: &[Report], claim: &Claim) -> Option<usize> {
        let hull = claim.hull();
        let near = self.near.to(&hull);
        let found = near.filter(|&number| !self.taken[number] && claim.is(&rules[number])).min()?;
        self.taken[found] = true;
        Some(found)
    }
}

/// The best of reports that can't all be right, and none that is unlikely.
fn chosen(reading: &Reading, mut reports: Vec<Report>, least: f32) -> Merged {
    let confidence = |report: &Report| report.confidence.unwrap_or(0.0);
    // A chain of those who pass something on is read by its form; the model knows only one source.
    let rank = |report: &Report| if report.via.is_empty() { confidence(report) } else { 1.0 };
    reports.sort_by(|a, b| rank(b).total_cmp(&rank(a)));
    let mut by_sentence: HashMap<usize, Vec<usize>> = HashMap::new();
    let (mut kept, mut lost): (Vec<Report>, Vec<Lost>) = (Vec::new(), Vec::new());
    for report in reports {
        let rivals = by_sentence.entry(report.sentence.start).or_default();
        let inner = rivals.iter().any(|&rival| is_inside(&report, &kept[rival]));
        let clash = rivals.iter().any(|&rival| is_same(&kept[rival], &report) && !is_nested(&kept[rival], &report));
        if clash {
            lost.push(Lost { report, loss: Loss::Overlapped });
        } else if inner && is_weak(&report) {
            lost.push(Lost { report, loss: Loss::RuleAlone });
        } else if confidence(&report) >= least || is_exact(reading, &report, inner) {
            rivals.push(kept.len());
            kept.push(report);
        } else {
            let loss = if report.model.is_some() { Loss::Doubtful } else { Loss::RuleAlone };
            lost.push(Lost { report, loss });
        }
    }
    Merged { reports: kept, lost }
}

/// "He did not specify the number of points to which access was restored": an object or infinitive within what is said,
/// of which the model says nothing.
fn is_weak(report: &Report) -> bool {
    report.model.is_none() && report.via.is_empty() && matches!(report.pattern, Pattern::Noun | Pattern::Infinitive)
}

/// Whether a report that the model passes over stays: the model was trained on texts without statements inside others,
/// chains of agencies and transcripts.
fn is_exact(reading: &Reading, report: &Report, inner: bool) -> bool {
    match report.pattern {
        Pattern::Learned => false,
        Pattern::Turn => true,
        Pattern::Noun | Pattern::Infinitive => in_title(reading, report) || !report.via.is_empty(),
        _ => in_title(reading, report) || !report.via.is_empty() || report.negated || inner,
    }
}

/// Whether all of a content is quoted.
fn is_quoted(reading: &Reading, report: &Report) -> bool {
    report.content.iter().all(|content| reading.opens_quote(content.start).is_some())
}

/// Whether one of two reports stands inside the other.
fn is_nested(a: &Report, b: &Report) -> bool {
    is_inside(a, b) || is_inside(b, a)
}

/// Whether the words that make `inner` a report stand in the content of `outer`.
fn is_inside(inner: &Report, outer: &Report) -> bool {
    let Some(cue) = &inner.cue else { return false };
    inner.pattern != Pattern::Learned
        && outer.content.iter().any(|content| content.start <= cue.start && cue.end <= content.end)
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
    details: Option<Details>,
}

/// What the model tells of a statement beside source and content, where it is sure enough, in tokens of the reading.
#[derive(Default)]
struct Details {
    act: Option<Act>,
    negated: bool,
    addressee: Option<Range<usize>>,
    channel: Option<(ChannelKind, Range<usize>)>,
}

/// Probabilities from which the model is believed where the rules tell nothing: more likely than not, and of channels,
/// where it is wrong most often, more.
const SURE_OF_ACT: f32 = 0.5;
const SURE_OF_NEGATION: f32 = 0.5;
const SURE_OF_ADDRESSEE: f32 = 0.5;
const SURE_OF_CHANNEL: f32 = 0.7;

impl Details {
    fn new(reading: &Reading, found: &FoundDetails) -> Self {
        let range = |span: Span| words(reading, span);
        let addressee = found.addressee.filter(|(_, p)| *p >= SURE_OF_ADDRESSEE).and_then(|(span, _)| range(span));
        let channel = found.channel.filter(|(_, p, _)| *p >= SURE_OF_CHANNEL);
        let channel = channel.and_then(|(span, _, kind)| {
            let range = range(span)?;
            let told = range.clone().rev().find_map(|at| reading.tokens[at].word?.channel);
            Some((told.unwrap_or(kind), range))
        });
        let act = Some(found.act.0).filter(|_| found.act.1 >= SURE_OF_ACT);
        Details { act, negated: found.negated >= SURE_OF_NEGATION, addressee, channel }
    }

    /// Gives a report what the rules don't tell of it, unless the words are those of its source or of who passed it on.
    fn complete(self, report: &mut Report) {
        let apart = |a: &Range<usize>, b: &Range<usize>| a.end <= b.start || b.end <= a.start;
        let of_relays = report.via.iter().flat_map(|relay| {
            // "…, AFP said in a report": the report is AFP's.
            [Some(&relay.source), relay.cue.as_ref(), relay.channel.as_ref().map(|(_, words)| words)]
                .into_iter()
                .flatten()
        });
        let of_relays: Vec<Range<usize>> = of_relays.cloned().collect();
        let free = |range: &Range<usize>| of_relays.iter().all(|other| apart(range, other));
        let spoken_to =
            |range: &Range<usize>| free(range) && report.source.as_ref().is_none_or(|own| apart(range, own));
        let addressee = self.addressee.filter(|range| report.addressee.is_none() && spoken_to(range));
        let channel = self.channel.filter(|(_, range)| report.channel.is_none() && free(range));
        report.taken.addressee = addressee.is_some();
        report.taken.channel = channel.is_some();
        report.addressee = report.addressee.take().or(addressee);
        report.channel = report.channel.take().or(channel);
    }
}

impl Claim {
    fn new(reading: &Reading, statement: &FoundStatement) -> Option<Self> {
        let mut content: Vec<Range<usize>> = Vec::new();
        for span in &statement.content {
            let Some(mut part) = words(reading, *span).and_then(|part| after_dateline(reading, part)) else { continue };
            // A part that opens a quotation is all of it, whatever else of it the model has as another part.
            part.end = part.end.max(reading.opens_quote(part.start).map_or(0, |quote| quote.tokens.end));
            part.start = part.start.max(content.last().map_or(0, |before| before.end));
            if part.clone().any(|at| reading.tokens[at].is_word()) {
                content.push(part);
            }
        }
        let range = |span: Option<Span>| span.and_then(|span| words(reading, span));
        let (cue, source) = (range(statement.cue), range(statement.source));
        let details = statement.details.as_ref().map(|details| Details::new(reading, details));
        (!content.is_empty()).then_some(Claim { content, cue, source, confidence: statement.confidence, details })
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
    fn complete(self, reading: &Reading, report: &mut Report, swallows: bool) {
        if !swallows && !is_quoted(reading, report) && report.via.is_empty() && report.pattern != Pattern::Turn {
            let mut content = self.content;
            // "urged | him | to come": whom he urged is told by the addressee.
            if let Some(addressee) = report.addressee.as_ref().filter(|_| report.pattern == Pattern::Infinitive)
                && content[0].start >= addressee.start
                && content[0].start < addressee.end
                && addressee.end < content[0].end
            {
                content[0].start = addressee.end;
            }
            report.taken.content = report.content != content;
            report.content = content;
        }
        if let Some(source) = self.source.filter(|_| report.via.is_empty()) {
            let overlap = |rule: &Range<usize>| rule.start < source.end && source.start < rule.end;
            report.named = report.source.clone().filter(overlap);
            report.taken.source = report.source.as_ref() != Some(&source);
            report.source = Some(source);
        }
        report.confidence = Some(self.confidence);
        if let Some(details) = self.details.filter(|_| report.pattern != Pattern::Turn) {
            details.complete(report);
        }
    }

    fn report(self, reading: &Reading) -> Report {
        let anchor = self.cue.as_ref().unwrap_or(&self.content[0]).start;
        let sentence = reading.sentence_at(anchor).unwrap_or(anchor..anchor + 1);
        let cue = self.cue.clone().unwrap_or(anchor..anchor);
        let details = self.details.unwrap_or_default();
        let listed = cue.clone().find_map(|at| act(reading, at));
        let taken = Taken { act: listed.is_none() && details.act.is_some(), ..Taken::default() };
        let mut report = Report {
            negated: details.negated || cue.into_iter().any(|at| reading.tokens[at].is(Classes::NEGATION)),
            content: self.content,
            cue: self.cue,
            source: self.source,
            addressee: None,
            channel: None,
            via: Vec::new(),
            act: listed.or(details.act).unwrap_or(Act::Assert),
            pattern: Pattern::Learned,
            named: None,
            confidence: Some(self.confidence),
            model: None,
            taken,
            sentence,
        };
        details.complete(&mut report);
        report
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

/// What rules and model say of one statement, for fitting how they are joined.
#[derive(Debug, Serialize)]
pub struct Evidence {
    /// The form by which the rules found it.
    pattern: Option<String>,
    rules: Option<Side>,
    model: Option<Side>,
    /// The model's confidence.
    confidence: Option<f32>,
    via: bool,
    negated: bool,
    title: bool,
}

/// Bytes of the text.
#[derive(Debug, Serialize)]
struct Side {
    content: Vec<[usize; 2]>,
    cue: Vec<[usize; 2]>,
    source: Vec<[usize; 2]>,
}

/// Every statement that rules or model find, those of both together.
pub(crate) fn evidence(reading: &Reading, rules: &[Report], found: &[FoundStatement]) -> Vec<Evidence> {
    let spans = |ranges: &[Range<usize>]| {
        ranges
            .iter()
            .map(|range| {
                let span = reading.span(range);
                [span.start(), span.end()]
            })
            .collect()
    };
    let side = |content: &[Range<usize>], cue: &Option<Range<usize>>, source: &Option<Range<usize>>| Side {
        content: spans(content),
        cue: spans(cue.as_slice()),
        source: spans(source.as_slice()),
    };
    let of_rule = |report: &Report| Evidence {
        pattern: Some(format!("{:?}", report.pattern)),
        rules: Some(side(&report.content, &report.cue, &report.source)),
        model: None,
        confidence: None,
        via: !report.via.is_empty(),
        negated: report.negated,
        title: in_title(reading, report),
    };
    let mut rows: Vec<Evidence> = rules.iter().map(of_rule).collect();
    let mut partners = Partners::new(rules);
    for statement in found {
        let Some(claim) = Claim::new(reading, statement) else { continue };
        let model = Some(side(&claim.content, &claim.cue, &claim.source));
        let confidence = Some(claim.confidence);
        match partners.take(rules, &claim) {
            Some(number) => {
                rows[number].model = model;
                rows[number].confidence = confidence;
            }
            None => {
                let title = in_title(reading, &claim.report(reading));
                rows.push(Evidence {
                    pattern: None,
                    rules: None,
                    model,
                    confidence,
                    via: false,
                    negated: false,
                    title,
                });
            }
        }
    }
    rows
}

fn in_title(reading: &Reading, report: &Report) -> bool {
    reading.paragraph_at(report.sentence.start).is_some_and(|paragraph| paragraph.title_case)
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
