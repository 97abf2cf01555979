//! Where the parties stand, a row for each issue and a column for each party; and whether the body bears the headline out.

use rapporteur_record::{Document, Position, Stance, Verdict};

use super::fit::{print_cell, shrink};
use super::print_paragraph;
use super::safe::{n_columns, visible};
use super::style::{Sheet, Style};

const GAP: &str = "  ";
/// The least columns of a cell.
const LEAST_CELL: usize = 8;
/// More parties than these are told of in lines.
const MOST_PARTIES: usize = 4;

/// Prints the matrix.
pub(super) fn print(document: &Document, width: usize, sheet: &mut Sheet) {
    let positions: Vec<&Position> =
        document.positions.iter().filter(|position| position.party < document.entities.len()).collect();
    if positions.is_empty() {
        return;
    }
    sheet.end_line();
    sheet.push("Positions", Style::BOLD);
    sheet.end_line();
    sheet.end_line();
    let parties = in_order(positions.iter().map(|position| position.party));
    let issues = in_order(positions.iter().map(|position| position.issue.as_str()));
    if parties.len() > MOST_PARTIES || parties.len() * (LEAST_CELL + GAP.len()) + 2 * LEAST_CELL > width {
        for position in positions {
            let party = visible(&document.entities[position.party].name).into_owned();
            let line = format!(
                "{}: {party} {} [{}]",
                visible(&position.issue).into_owned(),
                stance(position.stance),
                position.statement + 1
            );
            print_paragraph(&line, Style::PLAIN, width, sheet);
        }
        return;
    }
    let mut table: Vec<Vec<String>> = vec![
        std::iter::once(String::new())
            .chain(parties.iter().map(|&party| visible(&document.entities[party].name).into_owned()))
            .collect(),
    ];
    for issue in issues {
        let cell = |party: &usize| {
            let here = positions.iter().filter(|position| position.party == *party && position.issue == issue);
            let told = here.map(|position| format!("{} [{}]", stance(position.stance), position.statement + 1));
            told.collect::<Vec<_>>().join(", ")
        };
        table.push(std::iter::once(visible(issue).into_owned()).chain(parties.iter().map(cell)).collect());
    }
    let n_cells = parties.len() + 1;
    let mut widths: Vec<usize> =
        (0..n_cells).map(|at| table.iter().map(|row| n_columns(&row[at])).max().unwrap_or(0)).collect();
    shrink(&mut widths, width.saturating_sub(n_cells * GAP.len()), LEAST_CELL);
    for (number, row) in table.iter().enumerate() {
        let style = if number == 0 { Style::DIM } else { Style::PLAIN };
        for (cell, width) in row.iter().zip(&widths) {
            sheet.push(GAP, Style::PLAIN);
            print_cell(cell, *width, style, sheet);
        }
        sheet.end_line();
    }
}

/// Prints a line for each claim of the title.
pub(super) fn print_headline(document: &Document, width: usize, sheet: &mut Sheet) {
    if document.headline.is_empty() {
        return;
    }
    sheet.end_line();
    for claim in &document.headline {
        let verdict = match claim.verdict {
            Verdict::Yes => "The body bears the headline out",
            Verdict::Partly => "The body bears the headline out in part",
            Verdict::No => "The body does not bear the headline out",
        };
        let by: Vec<String> = claim.supported_by.iter().map(|id| format!("[{}]", id + 1)).collect();
        let by = if by.is_empty() { String::new() } else { format!(": see {}", by.join(" ")) };
        print_paragraph(&format!("[{}] {verdict}{by}", claim.statement + 1), Style::PLAIN, width, sheet);
    }
}

/// Each once, in the order in which they come.
fn in_order<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut once: Vec<T> = Vec::new();
    for one in all {
        if !once.contains(&one) {
            once.push(one);
        }
    }
    once
}

fn stance(stance: Stance) -> &'static str {
    match stance {
        Stance::Supports => "supports",
        Stance::Opposes => "opposes",
        Stance::Demands => "demands",
        Stance::Offers => "offers",
        Stance::Open => "is open",
        Stance::Rejects => "rejects",
    }
}
