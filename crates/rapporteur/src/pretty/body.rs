//! The article's text, a row at a time, with the gutter beside it.

use rapporteur_record::{Article, BlockKind, Document, Span};

use super::flow::{self, Glyph};
use super::lanes::{LaneMask, Lanes};
use super::marks::{Bracket, Marks};
use super::safe::isolated;
use super::style::{Sheet, Style};
use super::within;

/// One line of the text: all of a block, or one of its lines.
#[derive(Clone, Copy, Debug)]
struct Line {
    kind: BlockKind,
    span: Span,
    /// Whether an empty line stands before it.
    apart: bool,
}

pub(super) fn print(document: &Document, lanes: &Lanes, width: usize, sheet: &mut Sheet) {
    let marks = Marks::new(document, lanes);
    for line in lines(&document.article) {
        if line.apart && !sheet.text.is_empty() {
            sheet.end_line();
        }
        print_line(document, line, &marks, lanes, width, sheet);
    }
}

fn print_line(document: &Document, line: Line, marks: &Marks, lanes: &Lanes, width: usize, sheet: &mut Sheet) {
    let colours = sheet.colours();
    let (style, lead) = look(line.kind);
    let write = |bracket: &Bracket| written(bracket, lanes, colours);
    let glyphs = flow::glyphs(&document.article.text, line.span, marks, style, write);
    let gutter = if colours && lanes.n_columns() > 0 { lanes.n_columns() + 1 } else { 0 };
    for (number, row) in flow::rows(&glyphs, width - gutter - lead.len()).into_iter().enumerate() {
        let row = &glyphs[row];
        if gutter > 0 {
            print_gutter(lanes, row.iter().fold(0, |mask, glyph| mask | glyph.lanes), sheet);
        }
        let blank = &"    "[..lead.len()];
        sheet.push(if number == 0 { lead } else { blank }, Style::DIM);
        print_row(row, sheet);
        sheet.end_line();
    }
}

fn print_gutter(lanes: &Lanes, mask: LaneMask, sheet: &mut Sheet) {
    for lane in lanes.gutter(mask) {
        match lane {
            Some(lane) => sheet.push("▌", Style::coloured(lane.colour)),
            None => sheet.push(" ", Style::PLAIN),
        }
    }
    sheet.push(" ", Style::PLAIN);
}

/// Prints glyphs, a run of one style at a time.
pub(super) fn print_row(row: &[Glyph], sheet: &mut Sheet) {
    let mut printed = Sheet::new(sheet.colours());
    for run in row.chunk_by(|one, next| one.style == next.style) {
        let text: String = run.iter().map(|glyph| glyph.text.as_ref()).collect();
        printed.push(&text, run[0].style);
    }
    sheet.text.push_str(&isolated(printed.text));
}

/// How a block looks where nothing is said, and what leads its first row.
fn look(kind: BlockKind) -> (Style, &'static str) {
    match kind {
        BlockKind::Title | BlockKind::Heading => (Style::BOLD, ""),
        BlockKind::Standfirst => (Style::ITALIC, ""),
        BlockKind::Paragraph => (Style::PLAIN, ""),
        BlockKind::ListItem => (Style::PLAIN, "- "),
        BlockKind::Quote => (Style::PLAIN, "  "),
        BlockKind::Caption => (Style::DIM, "  "),
    }
}

/// In colour a content has just a small number in front.
fn written(bracket: &Bracket, lanes: &Lanes, colours: bool) -> (String, Style) {
    let number = bracket.statement + 1;
    let text = match (colours, bracket.opens) {
        (true, true) => number.to_string().chars().map(superscript).collect(),
        (true, false) => String::new(),
        (false, true) => format!("[{number}]⟦"),
        (false, false) => "⟧".to_owned(),
    };
    (text, Style::coloured(lanes.lane(bracket.statement).colour))
}

fn superscript(digit: char) -> char {
    const SUPERSCRIPTS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    digit.to_digit(10).map_or(digit, |digit| SUPERSCRIPTS[digit as usize])
}

/// The lines of the blocks, and of what stands between blocks, without the empty ones.
fn lines(article: &Article) -> Vec<Line> {
    let text = &article.text;
    let (mut lines, mut at) = (Vec::new(), 0);
    for block in &article.blocks {
        let span = within(text, block.span);
        let start = span.start().max(at);
        push_lines(&mut lines, text, Span::new(at, start), BlockKind::Paragraph);
        at = span.end().max(start);
        push_lines(&mut lines, text, Span::new(start, at), block.kind);
    }
    push_lines(&mut lines, text, Span::new(at, text.len()), BlockKind::Paragraph);
    lines
}

/// The first line of a block stands apart from what is before it, and so does one after an empty line.
fn push_lines(lines: &mut Vec<Line>, text: &str, span: Span, kind: BlockKind) {
    let in_list = kind == BlockKind::ListItem && lines.last().is_some_and(|last| last.kind == kind);
    let (mut at, mut apart) = (span.start(), !in_list);
    for line in text[span].split_inclusive('\n') {
        let start = at + line.len() - line.trim_start().len();
        let words = line.trim();
        at += line.len();
        if words.is_empty() {
            apart = true;
        } else {
            lines.push(Line { kind, span: Span::new(start, start + words.len()), apart });
            apart = false;
        }
    }
}
