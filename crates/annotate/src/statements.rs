//! From reports, which are tokens, to statements, which are spans.

use std::ops::Range;

use rapporteur_record::{
    Addressee, BlockKind, Channel, ChannelKind, Entity, Event, Quotation, Span, Statement, Time, Via,
};

use crate::attribute::{Pattern, Report};
use crate::entities::Cast;
use crate::events;
use crate::headline;
use crate::phrases::Phrases;
use crate::reading::Reading;
use crate::resolve::Resolver;
use crate::why::{self, Reason};

/// What an article says, and how that came about.
pub(crate) struct Gathered {
    /// In the order of the text.
    pub(crate) statements: Vec<Statement>,
    /// One for each statement.
    pub(crate) reasons: Vec<Reason>,
    pub(crate) entities: Vec<Entity>,
    pub(crate) events: Vec<Event>,
}

/// Gathers the statements of an article, and who is in it.
pub(crate) fn gather(phrases: &Phrases, cast: Cast, reports: &[Report], times: &[Time]) -> Gathered {
    let mut resolver = Resolver::new(phrases, cast);
    let mut statements: Vec<Statement> = Vec::with_capacity(reports.len());
    let mut reasons: Vec<Reason> = Vec::with_capacity(reports.len());
    // The body first: a headline's "official" is somebody whom the body names.
    let (titles, body): (Vec<&Report>, Vec<&Report>) =
        reports.iter().partition(|report| in_title(phrases.reading, report));
    // “I said so,” he said: the outer statement tells who "I" is.
    let (inner, body): (Vec<&Report>, Vec<&Report>) =
        body.into_iter().partition(|report| resolver.is_first_person(report));
    for report in body.into_iter().chain(inner) {
        let (statement, reason) = resolved(&mut resolver, report, None);
        statements.push(statement);
        reasons.push(reason);
    }
    for report in titles {
        let alike = headline::same_claim(phrases.reading, report, &statements);
        let (statement, reason) = resolved(&mut resolver, report, alike);
        statements.push(statement);
        reasons.push(reason);
    }
    let mut events = events::find(&mut resolver, reports, times);
    let (entities, renumbered) = resolver.cast.finish();
    for statement in &mut statements {
        renumber(statement, &renumbered);
    }
    for event in &mut events {
        renumber_event(event, &renumbered);
    }
    let mut both: Vec<(Statement, Reason)> = statements.into_iter().zip(reasons).collect();
    both.sort_by_key(|(statement, _)| first_character(statement));
    let (mut statements, reasons): (Vec<Statement>, Vec<Reason>) = both.into_iter().unzip();
    nest(&mut statements);
    events::assert(&mut events, &statements);
    Gathered { statements, reasons, entities, events }
}

fn renumber_event(event: &mut Event, renumbered: &[usize]) {
    let parties = event.actors.iter_mut().chain(&mut event.recipients).chain(&mut event.mediators);
    let place = event.place.iter_mut().filter_map(|place| place.entity.as_mut());
    for entity in parties.chain(place) {
        *entity = renumbered[*entity];
    }
}

fn in_title(reading: &Reading, report: &Report) -> bool {
    reading.paragraph_at(report.sentence.start).is_some_and(|paragraph| paragraph.kind == BlockKind::Title)
}

/// The statement of a report; `alike` is who makes the same claim in the body, for a source that is no name.
fn resolved(resolver: &mut Resolver, report: &Report, alike: Option<usize>) -> (Statement, Reason) {
    let reading = resolver.phrases.reading;
    let named = report.named.as_ref().or(report.source.as_ref()).and_then(|source| resolver.named(source));
    let alike = alike.filter(|_| named.is_none());
    let n_known = resolver.cast.figures.len();
    let speakers = match alike {
        Some(speaker) => vec![speaker],
        None => resolver.speakers(report),
    };
    let described = resolver.cast.figures.len() > n_known;
    let reason = why::reason(resolver, report, &speakers, alike.is_some(), described);
    let via = report.via.iter().map(|relay| Via {
        span: reading.span(&relay.source),
        entity: resolver.entity(&relay.source, report),
        cue: relay.cue.iter().map(|cue| reading.span(cue)).collect(),
        channel: channel(reading, &relay.channel),
    });
    let via = via.collect();
    let addressee = report.addressee.as_ref();
    let addressee = addressee.map(|phrase| Addressee { span: reading.span(phrase), entity: resolver.named(phrase) });
    let spans = |range: &Option<Range<usize>>| range.iter().map(|range| reading.span(range)).collect();
    let statement = Statement {
        id: 0,
        quotation: quotation(reading, report),
        content: report.content.iter().map(|range| content_span(reading, range, report.pattern)).collect(),
        cue: spans(&report.cue),
        source: spans(&report.source),
        speaker: if let [speaker] = speakers[..] { Some(speaker) } else { None },
        speakers,
        addressee,
        channel: channel(reading, &report.channel),
        via,
        inside: None,
        act: report.act,
        negated: report.negated,
        confidence: report.confidence.unwrap_or_else(|| confidence(report.pattern)),
    };
    (statement, reason)
}

fn channel(reading: &Reading, found: &Option<(ChannelKind, Range<usize>)>) -> Option<Channel> {
    found.as_ref().map(|(kind, range)| Channel { kind: *kind, span: reading.span(range) })
}

fn renumber(statement: &mut Statement, renumbered: &[usize]) {
    let speakers = statement.speakers.iter_mut().chain(&mut statement.speaker);
    let addressee = statement.addressee.iter_mut().filter_map(|addressee| addressee.entity.as_mut());
    let via = statement.via.iter_mut().filter_map(|via| via.entity.as_mut());
    for entity in speakers.chain(addressee).chain(via) {
        *entity = renumbered[*entity];
    }
}

fn first_character(statement: &Statement) -> (usize, usize) {
    let spans = statement.content.iter().chain(&statement.cue).chain(&statement.source);
    let start = spans.map(|span| span.start()).min().unwrap_or(0);
    (start, statement.cue.first().map_or(0, |cue| cue.start()))
}

/// Numbers the statements and tells which stand inside which.
fn nest(statements: &mut [Statement]) {
    let holders: Vec<Vec<Span>> = statements.iter().map(|statement| statement.content.clone()).collect();
    for (id, statement) in statements.iter_mut().enumerate() {
        statement.id = id;
        let whole =
            statement.content.iter().chain(&statement.cue).chain(&statement.source).copied().reduce(Span::cover);
        let Some(whole) = whole else { continue };
        // Those that may hold it began before it, or with it, and at most a few are open at a time.
        let first = id.saturating_sub(MAX_LOOK);
        let candidates = (first..holders.len().min(id + MAX_LOOK)).filter(|&other| other != id);
        let holding = candidates.filter_map(|other| {
            let span = holders[other].iter().find(|span| span.contains(whole))?;
            Some((span.len(), other))
        });
        statement.inside = holding.min().map(|(_, other)| other);
        if statement.inside.is_some() {
            statement.confidence = INSIDE_CONFIDENCE;
        }
    }
}

/// Statements further apart than this do not hold one another.
const MAX_LOOK: usize = 64;

/// The content without outer quotation marks and, where nothing is quoted, without the final full stop.
fn content_span(reading: &Reading, range: &Range<usize>, pattern: Pattern) -> Span {
    let last = range.end - 1;
    let whole = reading.opens_quote(range.start);
    let whole = whole.filter(|quote| quote.tokens.end >= range.end && !quote.inner.is_empty());
    if let Some(quote) = whole {
        return quote.inner;
    }
    let span = reading.span(range);
    let stop = reading.tokens[last].is_mark('.') && reading.tokens[last].quote.is_none() && pattern != Pattern::Turn;
    if stop { Span::new(span.start(), reading.tokens[last].span.start()) } else { span }
}

fn quotation(reading: &Reading, report: &Report) -> Quotation {
    let paragraph = reading.paragraph_at(report.sentence.start);
    let running = paragraph.is_some_and(|paragraph| !matches!(paragraph.kind, BlockKind::Title | BlockKind::Heading));
    if report.pattern == Pattern::Turn && running {
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

/// How often a statement inside another is right, on PolNeAR's training part.
pub(crate) const INSIDE_CONFIDENCE: f32 = 0.34;

/// How often content and source of a pattern are right: measured on PolNeAR's training part, which has no turns of
/// transcripts.
pub(crate) fn confidence(pattern: Pattern) -> f32 {
    match pattern {
        Pattern::Quotation => 0.91,
        Pattern::According => 0.78,
        Pattern::That => 0.77,
        Pattern::After => 0.71,
        Pattern::Clause => 0.69,
        Pattern::Question => 0.66,
        Pattern::Noun | Pattern::Learned => 0.58,
        Pattern::Infinitive => 0.5,
        Pattern::Turn => 0.6,
    }
}
