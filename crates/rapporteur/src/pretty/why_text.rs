//! Why each block of a page is kept or dropped: a row a block.

use rapporteur_extract::{Explained, Judged, Verdict};
use rapporteur_record::BlockKind;

use super::fit::{cut, print_cell, shrink};
use super::safe::{isolated, n_columns, visible};
use super::style::{Sheet, Style};
use super::{LEAST_WIDTH, Paper, print_paragraph};

/// The widest that the reason is printed, and the least that it is cut to.
const MOST_REASON: usize = 44;
const LEAST_REASON: usize = 12;
/// The least columns for the text.
const LEAST_TEXT: usize = 16;
/// "+  0.97  "
const LEAD: usize = 9;
const KIND: usize = 10;
const GAP: &str = "  ";
/// The colour of what is kept.
const KEPT: u8 = 71;

/// Prints what became of each block of a page, `+` for kept and `-` for dropped, in whole lines.
pub fn why_text(explained: &Explained, paper: Paper) -> String {
    let width = paper.width.max(LEAST_WIDTH);
    let mut sheet = Sheet::new(paper.colours);
    let reasons: Vec<String> = explained.blocks.iter().map(reason).collect();
    let mut widths = [reasons.iter().map(|reason| n_columns(reason)).max().unwrap_or(0).min(MOST_REASON)];
    shrink(&mut widths, width.saturating_sub(LEAD + KIND + 2 * GAP.len() + LEAST_TEXT), LEAST_REASON);
    if !explained.blocks.is_empty() {
        print_row(["", "Sure", "Kind", "Why", "Text"], widths[0], width, [Style::DIM; 2], &mut sheet);
    }
    for (block, reason) in explained.blocks.iter().zip(&reasons) {
        let (mark, styles) = match block.kept {
            true => ("+", [Style::coloured(KEPT), Style::PLAIN]),
            false => ("-", [Style::DIM; 2]),
        };
        let odds = block.probability.map(|probability| format!("{probability:.2}")).unwrap_or_default();
        let text = visible(&block.text);
        print_row([mark, &odds, kind(block.kind), reason, &text], widths[0], width, styles, &mut sheet);
    }
    print_summary(explained, width, &mut sheet);
    sheet.text
}

fn print_row(cells: [&str; 5], reason: usize, width: usize, styles: [Style; 2], sheet: &mut Sheet) {
    let [mark, odds, kind, why, text] = cells;
    let [own, rest] = styles;
    print_cell(mark, 1, own, sheet);
    sheet.push(GAP, Style::PLAIN);
    print_cell(odds, 4, Style::DIM, sheet);
    sheet.push(GAP, Style::PLAIN);
    print_cell(kind, KIND, rest, sheet);
    sheet.push(GAP, Style::PLAIN);
    print_cell(why, reason, Style::DIM, sheet);
    sheet.push(GAP, Style::PLAIN);
    let room = width.saturating_sub(LEAD + KIND + 2 * GAP.len() + reason);
    sheet.push(&isolated(cut(text, room)), rest);
    sheet.end_line();
}

/// "furniture: div.newsletter", "sure, though outside the article"
fn reason(block: &Judged) -> String {
    if let Some(cut) = block.cut {
        return cut.to_string();
    }
    let verdict = match &block.element {
        Some(element) => format!("{}: {}", block.verdict, visible(element)),
        None => block.verdict.to_string(),
    };
    let keeps = matches!(block.verdict, Verdict::Kept | Verdict::Headline | Verdict::Time | Verdict::Post);
    match (block.kept, keeps) {
        (true, false) => format!("sure, though {verdict}"),
        (false, true) => "not sure enough".to_owned(),
        _ => verdict,
    }
}

fn kind(kind: BlockKind) -> &'static str {
    match kind {
        BlockKind::Title => "title",
        BlockKind::Standfirst => "standfirst",
        BlockKind::Heading => "heading",
        BlockKind::Paragraph => "paragraph",
        BlockKind::ListItem => "list item",
        BlockKind::Quote => "quote",
        BlockKind::Caption => "caption",
    }
}

/// "18 of 63 blocks are the article's, 4312 of 9870 characters", and what was noticed.
fn print_summary(explained: &Explained, width: usize, sheet: &mut Sheet) {
    if !explained.blocks.is_empty() {
        sheet.end_line();
    }
    let length = |block: &Judged| block.text.chars().count();
    let kept = || explained.blocks.iter().filter(|block| block.kept);
    let (n_kept, n_blocks) = (kept().count(), explained.blocks.len());
    let (n_chars, n_all): (usize, usize) = (kept().map(length).sum(), explained.blocks.iter().map(length).sum());
    match &explained.article {
        Ok(article) => {
            let summary = format!("{n_kept} of {n_blocks} blocks are the article’s, {n_chars} of {n_all} characters");
            print_paragraph(&summary, Style::BOLD, width, sheet);
            for note in &article.notes {
                print_paragraph(&format!("Note: {note}"), Style::DIM, width, sheet);
            }
        }
        Err(why) => print_paragraph(&format!("No article: {why}"), Style::BOLD, width, sheet),
    }
}
