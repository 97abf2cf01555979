//! One statement where it stands: its paragraphs marked, and a little of what surrounds them.

use std::ops::Range;

use rapporteur_record::{Document, Span};

use super::body::print_row;
use super::flow::{self, Glyph};
use super::lanes::Lanes;
use super::marks::{Bracket, Marks};
use super::style::{Sheet, Style};
use super::{LEAST_WIDTH, MEASURE, Paper, within};

/// The most rows of the paragraphs that it stands in, and of the one before and the one after.
const MOST_ROWS: usize = 14;
const MOST_AROUND: usize = 3;
/// Rows that are shown before the first marked one, if the paragraph is longer than [`MOST_ROWS`].
const ROWS_BEFORE: usize = 3;
const LEAD: usize = 2;

/// Prints the statement with that index where it stands, in whole lines; nothing if there is no such statement.
///
/// It is marked as in [`pretty`](super::pretty()); without colours its contents stand in brackets, `⟦…⟧`.
pub fn passage(document: &Document, statement: usize, paper: Paper) -> String {
    let width = paper.width.clamp(LEAST_WIDTH, MEASURE);
    let mut sheet = Sheet::new(paper.colours);
    let Some(whole) = whole(document, statement) else { return sheet.text };
    let lanes = Lanes::new(document, 1);
    let colour = Style::coloured(lanes.lane(statement).colour);
    let marks = Marks::of(document, statement, &lanes);
    let [before, inside, after] = blocks(document, whole);
    let mut print = |spans: &[Span], pick: &dyn Fn(&[Vec<Glyph>]) -> Range<usize>, base: Style| {
        for span in spans {
            if !sheet.text.is_empty() {
                sheet.end_line();
            }
            let line = rows(document, *span, &marks, base, width - LEAD, paper.colours);
            let picked = pick(&line);
            let n_rows = line.len();
            for (at, row) in line.into_iter().enumerate().filter(|(at, _)| picked.contains(at)) {
                let marked = row.iter().any(|glyph| glyph.lanes != 0);
                sheet.push(if marked && paper.colours { "▌ " } else { "  " }, colour);
                sheet.push(if at == picked.start && at > 0 { "…" } else { "" }, Style::DIM);
                print_row(&row, &mut sheet);
                sheet.push(if at + 1 == picked.end && picked.end < n_rows { "…" } else { "" }, Style::DIM);
                sheet.end_line();
            }
        }
    };
    print(&before, &|rows| rows.len().saturating_sub(MOST_AROUND)..rows.len(), Style::DIM);
    print(&inside, &around_marks, Style::PLAIN);
    print(&after, &|rows| 0..rows.len().min(MOST_AROUND), Style::DIM);
    sheet.text
}

/// From the first word of a statement to the last.
fn whole(document: &Document, statement: usize) -> Option<Span> {
    let said = document.statements.get(statement)?;
    let spans = said.content.iter().chain(&said.cue).chain(&said.source).chain(said.via.iter().map(|via| &via.span));
    spans.map(|span| within(&document.article.text, *span)).reduce(Span::cover)
}

/// The blocks before, in and after it; where it stands in none, just its words.
fn blocks(document: &Document, whole: Span) -> [Vec<Span>; 3] {
    let blocks = &document.article.blocks;
    let inside: Vec<usize> = (0..blocks.len()).filter(|&at| blocks[at].span.overlaps(whole)).collect();
    let (Some(&first), Some(&last)) = (inside.first(), inside.last()) else { return [vec![], vec![whole], vec![]] };
    let of = |range: Range<usize>| {
        let spans =
            blocks.get(range).unwrap_or_default().iter().map(|block| within(&document.article.text, block.span));
        spans.filter(|span| !span.is_empty()).collect()
    };
    [of(first.saturating_sub(1)..first), of(first..last + 1), of(last + 1..blocks.len().min(last + 2))]
}

fn rows<'a>(
    document: &'a Document,
    span: Span,
    marks: &Marks,
    base: Style,
    width: usize,
    colours: bool,
) -> Vec<Vec<Glyph<'a>>> {
    let write = |bracket: &Bracket| match (colours, bracket.opens) {
        (true, _) => (String::new(), base),
        (false, true) => ("⟦".to_owned(), base),
        (false, false) => ("⟧".to_owned(), base),
    };
    let glyphs = flow::glyphs(&document.article.text, span, marks, base, write);
    flow::rows(&glyphs, width - 2).into_iter().map(|row| glyphs[row].to_vec()).collect()
}

/// All rows, or those around the first marked one.
fn around_marks(rows: &[Vec<Glyph>]) -> Range<usize> {
    if rows.len() <= MOST_ROWS {
        return 0..rows.len();
    }
    let marked = rows.iter().position(|row| row.iter().any(|glyph| glyph.lanes != 0)).unwrap_or(0);
    let start = marked.saturating_sub(ROWS_BEFORE);
    start..(start + MOST_ROWS).min(rows.len())
}
