//! Where in the text each statement is marked: stretches of one look, and the points where contents open and close.
//!
//! Statements overlap: one stands inside another, an outer cue follows an inner one. A stretch takes the look of the
//! innermost statement that claims it, and of a source or cue before a content. The sweep is n log n in the number of
//! spans.

use std::collections::BTreeSet;
use std::ops::Range;

use rapporteur_record::{Document, Quotation, Span, Statement};

use super::lanes::{LaneMask, Lanes, N_LANES};
use super::quotes::{quoted, with_marks};
use super::style::Style;
use super::within;

/// What the text shows of the statements.
#[derive(Debug, Default)]
pub(super) struct Marks {
    stretches: Vec<Stretch>,
    brackets: Vec<Bracket>,
}

/// A stretch of text that looks the same throughout.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    pub(super) span: Span,
    pub(super) style: Style,
    /// The lanes of those whose words these are.
    pub(super) lanes: LaneMask,
}

/// A point where a content opens or closes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bracket {
    pub(super) at: usize,
    pub(super) opens: bool,
    pub(super) statement: usize,
}

/// What a statement claims a stretch of text for. In the order in which they give way to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Content,
    /// Words in quotation marks inside a content that is not all in them.
    Quoted,
    Via,
    Cue,
    Source,
}

/// A claim of one statement on one span. The greatest one is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Claim {
    depth: usize,
    part: Part,
    span: Span,
    statement: usize,
}

impl Marks {
    pub(super) fn new(document: &Document, lanes: &Lanes) -> Self {
        Marks::from_claims(document, &claims(document, 0..document.statements.len()), lanes)
    }

    /// The marks of one statement alone.
    pub(super) fn of(document: &Document, statement: usize, lanes: &Lanes) -> Self {
        Marks::from_claims(document, &claims(document, statement..statement + 1), lanes)
    }

    /// Looks of stretches that are in order and don't overlap.
    pub(super) fn styled(runs: &[(Span, Style)]) -> Self {
        let stretch = |&(span, style): &(Span, Style)| Stretch { span, style, lanes: 0 };
        Marks { stretches: runs.iter().map(stretch).collect(), brackets: Vec::new() }
    }

    fn from_claims(document: &Document, claims: &[Claim], lanes: &Lanes) -> Self {
        Marks { stretches: stretches(document, claims, lanes), brackets: brackets(claims) }
    }

    /// The marked stretches that end after `at`; in order, not overlapping.
    pub(super) fn stretches_from(&self, at: usize) -> &[Stretch] {
        &self.stretches[self.stretches.partition_point(|stretch| stretch.span.end() <= at)..]
    }

    /// The brackets of a line that begins at `at`, and of those after it, in the order in which they are to stand.
    pub(super) fn brackets_from(&self, at: usize) -> &[Bracket] {
        let before = |bracket: &Bracket| bracket.at < at || bracket.at == at && !bracket.opens;
        &self.brackets[self.brackets.partition_point(before)..]
    }
}

/// The claims of statements `range`.
fn claims(document: &Document, range: Range<usize>) -> Vec<Claim> {
    let text = document.article.text.as_str();
    let mut claims = Vec::new();
    for statement in range {
        let said = &document.statements[statement];
        let depth = depth(document, said);
        let mut claim = |span: Span, part: Part| {
            if !span.is_empty() {
                claims.push(Claim { depth, part, span, statement });
            }
        };
        for span in said.content.iter().map(|span| trimmed(text, *span)) {
            let direct = said.quotation == Quotation::Direct;
            claim(if direct { with_marks(text, span) } else { span }, Part::Content);
            if said.quotation == Quotation::Mixed {
                quoted(text, span).into_iter().for_each(|part| claim(part, Part::Quoted));
            }
        }
        said.cue.iter().for_each(|span| claim(trimmed(text, *span), Part::Cue));
        said.source.iter().for_each(|span| claim(trimmed(text, *span), Part::Source));
        said.via.iter().for_each(|via| claim(trimmed(text, via.span), Part::Via));
    }
    claims
}

/// In how many statements this one stands; deeper than 16 is all the same.
fn depth(document: &Document, statement: &Statement) -> usize {
    let outer = |inner: &&Statement| inner.inside.and_then(|outer| document.statements.get(outer));
    std::iter::successors(Some(statement), outer).skip(1).take(16).count()
}

/// The part of `span` that lies in the text, without white space at its ends.
fn trimmed(text: &str, span: Span) -> Span {
    let span = within(text, span);
    let words = &text[span];
    let start = span.end() - words.trim_start().len();
    Span::new(start, start + words.trim().len())
}

fn stretches(document: &Document, claims: &[Claim], lanes: &Lanes) -> Vec<Stretch> {
    let mut edges: Vec<(usize, bool, Claim)> = Vec::new();
    for claim in claims {
        edges.extend([(claim.span.start(), true, *claim), (claim.span.end(), false, *claim)]);
    }
    edges.sort_unstable();
    let mut stretches = Vec::new();
    let mut live = BTreeSet::new();
    let mut speaking = [0; N_LANES];
    for (edge, next) in edges.iter().zip(edges.iter().skip(1)) {
        let &(at, opens, claim) = edge;
        if opens {
            live.insert(claim)
        } else {
            live.remove(&claim)
        };
        if claim.part == Part::Content {
            let count: &mut usize = &mut speaking[lanes.lane(claim.statement).number];
            *count = if opens { *count + 1 } else { count.saturating_sub(1) };
        }
        if let (Some(&seen), true) = (live.last(), at < next.0) {
            let lanes_here = (0..N_LANES).filter(|&number| speaking[number] > 0).fold(0, |mask, n| mask | 1 << n);
            let style = look(&document.statements[seen.statement], seen, lanes);
            stretches.push(Stretch { span: Span::new(at, next.0), style, lanes: lanes_here });
        }
    }
    stretches
}

/// What stands in quotation marks is bold in the speaker's colour, other content has the colour alone; the source is underlined and
/// the cue set in italics.
fn look(statement: &Statement, claim: Claim, lanes: &Lanes) -> Style {
    let voice = Style::coloured(lanes.lane(claim.statement).colour);
    match claim.part {
        Part::Content if statement.quotation == Quotation::Direct => voice.with(Style::BOLD),
        Part::Quoted => voice.with(Style::BOLD),
        Part::Content => voice,
        Part::Source => Style { underline: true, ..voice },
        Part::Cue => Style { italic: true, ..voice },
        Part::Via => Style { underline: true, ..Style::DIM },
    }
}

/// At one point the closing brackets come first, the innermost foremost; then the opening ones, the outermost foremost.
fn brackets(claims: &[Claim]) -> Vec<Bracket> {
    let mut sorted = Vec::new();
    for claim in claims.iter().filter(|claim| claim.part == Part::Content) {
        let Claim { span, depth, statement, .. } = *claim;
        let opening = Bracket { at: span.start(), opens: true, statement };
        let closing = Bracket { at: span.end(), opens: false, statement };
        let (widest, latest) = (usize::MAX - span.end(), usize::MAX - span.start());
        sorted.push(((span.start(), true, widest, depth, statement), opening));
        sorted.push(((span.end(), false, latest, usize::MAX - depth, usize::MAX - statement), closing));
    }
    sorted.sort_unstable_by_key(|&(key, _)| key);
    sorted.into_iter().map(|(_, bracket)| bracket).collect()
}
