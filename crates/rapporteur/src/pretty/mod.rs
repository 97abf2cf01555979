//! A document printed for people: the article with every statement marked in place, then tables of who said what, of
//! what happened, of where the parties stand, and where its places are.
//!
//! With colours, each speaker has a lane: a colour, and a bar in the gutter beside the lines on which they speak.
//! Words in quotation marks are bold, indirect speech is not; the source is underlined, the cue is in italics, and a small number
//! leads to the row of the table. Without colours a content stands in numbered brackets, `[1]⟦…⟧`.
//!
//! Any document prints: what lies outside the text or names nobody is passed over.

mod body;
mod events;
mod excerpt;
mod facts;
mod fit;
mod flow;
mod found;
mod head;
mod lanes;
mod line;
mod marks;
mod passage;
mod places;
mod positions;
mod quotes;
mod row;
mod safe;
mod style;
mod table;
mod why;
mod why_text;

use rapporteur_record::{Document, Span, Statement};

pub use self::facts::{Column, facts, grid};
pub use self::found::Findings;
pub use self::passage::passage;
pub use self::safe::visible;
use self::style::{Sheet, Style};
pub use self::why::why;
pub use self::why_text::why_text;

/// The narrowest and the usual width, in columns.
pub const LEAST_WIDTH: usize = 40;
/// The width where there is no terminal to ask.
pub const USUAL_WIDTH: usize = 100;
/// Running text is not set wider than this.
const MEASURE: usize = 100;

/// What the page is printed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paper {
    /// In columns; less than [`LEAST_WIDTH`] is taken for that.
    pub width: usize,
    /// Whether escape codes may be used.
    pub colours: bool,
}

/// Prints `document`, in whole lines.
pub fn pretty(document: &Document, paper: Paper) -> String {
    let width = paper.width.max(LEAST_WIDTH);
    let mut sheet = Sheet::new(paper.colours);
    let lanes = lanes::Lanes::new(document, width / 10);
    head::print(&document.article, width.min(MEASURE), &mut sheet);
    body::print(document, &lanes, width.min(MEASURE), &mut sheet);
    table::print(document, &lanes, width, &mut sheet);
    events::print(document, width, &mut sheet);
    positions::print(document, width, &mut sheet);
    positions::print_headline(document, width.min(MEASURE), &mut sheet);
    places::print(document, width.min(MEASURE), &mut sheet);
    print_notes(document, width.min(MEASURE), &mut sheet);
    sheet.text
}

fn print_notes(document: &Document, width: usize, sheet: &mut Sheet) {
    if !document.notes.is_empty() {
        sheet.end_line();
    }
    for note in &document.notes {
        print_paragraph(&format!("Note: {note}"), Style::DIM, width, sheet);
    }
}

/// Prints text that is not the article's, wrapped.
fn print_paragraph(text: &str, style: Style, width: usize, sheet: &mut Sheet) {
    let text = visible(text.trim());
    let nothing = marks::Marks::default();
    let glyphs = flow::glyphs(&text, Span::new(0, text.len()), &nothing, style, |_| Default::default());
    for row in flow::rows(&glyphs, width) {
        body::print_row(&glyphs[row], sheet);
        sheet.end_line();
    }
}

/// The part of `span` that lies in `text`, on character boundaries.
fn within(text: &str, span: Span) -> Span {
    let boundary = |at: usize| (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    Span::new(boundary(span.start()), boundary(span.end()))
}

/// The words of `spans`, safe to print, with "…" where something stands between them.
fn words(document: &Document, spans: &[Span]) -> String {
    let text = document.article.text.as_str();
    let piece = |span: &Span| visible(&text[within(text, *span)]).split_whitespace().collect::<Vec<_>>().join(" ");
    let pieces: Vec<String> = spans.iter().map(piece).filter(|piece| !piece.is_empty()).collect();
    pieces.join(" … ")
}

/// The entities that make a statement: several if they speak jointly, none if it can't be told.
fn speakers(document: &Document, statement: &Statement) -> Vec<usize> {
    let named = match statement.speakers.as_slice() {
        [] => statement.speaker.as_slice(),
        speakers => speakers,
    };
    named.iter().copied().filter(|&speaker| speaker < document.entities.len()).collect()
}
