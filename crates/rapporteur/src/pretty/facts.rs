//! What is known of something, a label and a value a row; and tables of plain cells.

use super::fit::{print_cell, shrink};
use super::line::Line;
use super::safe::{n_columns, visible};
use super::style::{Sheet, Style};
use super::{LEAST_WIDTH, MEASURE, Paper};

const GAP: &str = "  ";
/// The least columns that a cell is cut to.
const LEAST_CELL: usize = 8;

/// Prints labels and what is to be said of each, wrapped, in whole lines. What has an empty label belongs to the one
/// before; what is empty is passed over.
pub fn facts<L: AsRef<str>>(facts: &[(L, String)], paper: Paper) -> String {
    let width = paper.width.clamp(LEAST_WIDTH, MEASURE);
    let mut sheet = Sheet::new(paper.colours);
    let column = facts.iter().map(|(label, _)| n_columns(label.as_ref())).max().unwrap_or(0) + GAP.len();
    for (label, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
        Line::default().plain(visible(value)).print_after(width.saturating_sub(column), &mut sheet, |row, sheet| {
            let label = if row == 0 { label.as_ref() } else { "" };
            print_cell(label, column, Style::DIM, sheet);
        });
    }
    sheet.text
}

/// A column of a [`grid`].
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// What stands above it.
    pub heading: &'static str,
    /// Whether its cells are numbers, which end where others begin.
    pub number: bool,
}

/// Prints rows of cells under headings, in whole lines; the widest columns are cut where the paper is too narrow.
pub fn grid(columns: &[Column], rows: &[Vec<String>], paper: Paper) -> String {
    let width = paper.width.max(LEAST_WIDTH);
    let mut sheet = Sheet::new(paper.colours);
    let cells: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|cell| visible(cell).into_owned()).collect()).collect();
    let mut widths: Vec<usize> = columns.iter().map(|column| n_columns(column.heading)).collect();
    for row in &cells {
        widths.iter_mut().zip(row).for_each(|(width, cell)| *width = (*width).max(n_columns(cell)));
    }
    shrink(&mut widths, width.saturating_sub(GAP.len() * columns.len().saturating_sub(1)), LEAST_CELL);
    let headings: Vec<String> = columns.iter().map(|column| column.heading.to_owned()).collect();
    for (row, style) in [(&headings, Style::DIM)].into_iter().chain(cells.iter().map(|row| (row, Style::PLAIN))) {
        for (at, ((cell, column), &width)) in row.iter().zip(columns).zip(&widths).enumerate() {
            sheet.push(if at == 0 { "" } else { GAP }, Style::PLAIN);
            if column.number {
                sheet.push(&" ".repeat(width.saturating_sub(n_columns(cell))), Style::PLAIN);
            }
            let width = if column.number { n_columns(cell).min(width) } else { width };
            print_cell(cell, width, style, &mut sheet);
        }
        sheet.end_line();
    }
    sheet.text
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAPER: Paper = Paper { width: 40, colours: false };

    #[test]
    fn facts_are_wrapped_beside_their_labels() {
        let printed = facts(
            &[
                ("by", "Li".to_owned()),
                ("void", String::new()),
                ("words", "one two three four five six seven".to_owned()),
            ],
            PAPER,
        );
        assert_eq!(printed, "by     Li\nwords  one two three four five six seven\n");
    }

    #[test]
    fn numbers_end_where_others_begin() {
        let columns = [Column { heading: "Outlet", number: false }, Column { heading: "Articles", number: true }];
        let rows = [vec!["a.example".to_owned(), "7".to_owned()], vec!["b\u{1b}".repeat(30), "1,200".to_owned()]];
        let printed = grid(&columns, &rows, PAPER);
        assert_eq!(
            printed,
            "Outlet                          Articles\na.example                              7\n\
             b␛b␛b␛b␛b␛b␛b␛b␛b␛b␛b␛b␛b␛b␛b…     1,200\n"
        );
    }
}
