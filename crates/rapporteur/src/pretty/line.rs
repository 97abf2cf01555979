//! Text that we say ourselves, in several looks, wrapped.

use rapporteur_record::Span;

use super::body::print_row;
use super::flow;
use super::marks::Marks;
use super::style::{Sheet, Style};

/// Text in several looks, to be wrapped.
#[derive(Default)]
pub(super) struct Line {
    pub(super) text: String,
    runs: Vec<(Span, Style)>,
}

impl Line {
    /// A line of text that is safe to print.
    pub(super) fn of(text: impl AsRef<str>, style: Style) -> Self {
        Line::default().with(text, style)
    }

    /// The same and more text that is safe to print.
    pub(super) fn with(mut self, text: impl AsRef<str>, style: Style) -> Self {
        let start = self.text.len();
        self.text.push_str(text.as_ref());
        if self.text.len() > start {
            self.runs.push((Span::new(start, self.text.len()), style));
        }
        self
    }

    pub(super) fn plain(self, text: impl AsRef<str>) -> Self {
        self.with(text, Style::PLAIN)
    }

    pub(super) fn dim(self, text: impl AsRef<str>) -> Self {
        self.with(text, Style::DIM)
    }

    /// Prints it in rows of `width` columns.
    pub(super) fn print(&self, width: usize, sheet: &mut Sheet) {
        self.print_after(width, sheet, |_, _| {});
    }

    /// Prints it in rows of `width` columns, each after what `lead` prints for the row of that number.
    pub(super) fn print_after(&self, width: usize, sheet: &mut Sheet, lead: impl FnMut(usize, &mut Sheet)) {
        self.print_some(usize::MAX, width, sheet, lead);
    }

    /// The same, of no more than `most` rows; what is cut off leaves "…" at the end of the last.
    pub(super) fn print_some(
        &self,
        most: usize,
        width: usize,
        sheet: &mut Sheet,
        mut lead: impl FnMut(usize, &mut Sheet),
    ) {
        let marks = Marks::styled(&self.runs);
        let all = Span::new(0, self.text.len());
        let glyphs = flow::glyphs(&self.text, all, &marks, Style::PLAIN, |_| Default::default());
        let rows = flow::rows(&glyphs, width);
        let n_rows = rows.len();
        for (number, row) in rows.into_iter().take(most).enumerate() {
            lead(number, sheet);
            let row = &glyphs[row];
            if number + 1 == most && n_rows > most {
                let n_columns: usize = row.iter().map(|glyph| glyph.n_columns).sum();
                print_row(&row[..row.len() - usize::from(n_columns >= width)], sheet);
                sheet.push("…", Style::DIM);
            } else {
                print_row(row, sheet);
            }
            sheet.end_line();
        }
    }
}
