//! From reports, which are tokens, to statements, which are spans.

use std::ops::Range;

use rapporteur_record::{Quotation, Span, Statement};

use crate::attribute::{Pattern, Report};
use crate::reading::Reading;

/// The statement of a report, with nobody resolved yet.
pub(crate) fn statement(reading: &Reading, report: &Report) -> Statement {
    let content = report.content.iter().map(|range| content_span(reading, range, report.pattern)).collect::<Vec<_>>();
    let spans = |range: &Option<Range<usize>>| range.iter().map(|range| reading.span(range)).collect();
    Statement {
        id: 0,
        quotation: quotation(reading, report),
        content,
        cue: spans(&report.cue),
        source: spans(&report.source),
        speaker: None,
        speakers: Vec::new(),
        addressee: None,
        channel: None,
        via: Vec::new(),
        inside: None,
        act: report.act,
        negated: report.negated,
        confidence: confidence(report.pattern),
    }
}

/// The content without outer quotation marks and, where nothing is quoted, without the final full stop.
fn content_span(reading: &Reading, range: &Range<usize>, pattern: Pattern) -> Span {
    let last = range.end - 1;
    let whole = reading.opens_quote(range.start).filter(|quote| quote.tokens.end >= range.end);
    if let Some(quote) = whole {
        return quote.inner;
    }
    let span = reading.span(range);
    let stop = reading.tokens[last].is_mark('.') && reading.tokens[last].quote.is_none() && pattern != Pattern::Turn;
    if stop { Span::new(span.start(), reading.tokens[last].span.start()) } else { span }
}

fn quotation(reading: &Reading, report: &Report) -> Quotation {
    if report.pattern == Pattern::Turn {
        return Quotation::Direct;
    }
    let (mut n_quoted, mut n_words) = (0, 0);
    for at in report.content.iter().cloned().flatten().filter(|&at| reading.tokens[at].is_word()) {
        n_words += 1;
        n_quoted += usize::from(reading.tokens[at].quote.is_some());
    }
    match n_quoted {
        0 => Quotation::Indirect,
        _ if n_quoted == n_words => Quotation::Direct,
        _ => Quotation::Mixed,
    }
}

/// How often a pattern's content and source are right: measured on PolNeAR's training part.
fn confidence(pattern: Pattern) -> f32 {
    match pattern {
        Pattern::Quotation => 0.8,
        Pattern::Turn => 0.8,
        Pattern::That => 0.8,
        Pattern::After => 0.7,
        Pattern::According => 0.8,
        Pattern::Clause => 0.7,
        Pattern::Question => 0.6,
        Pattern::Infinitive => 0.5,
        Pattern::Noun => 0.4,
    }
}
