//! Making texts fit their columns.

use unicode_segmentation::UnicodeSegmentation;

use super::safe::{isolated, n_columns};
use super::style::{Sheet, Style};

/// Prints `text` in a cell of `width` columns, cut with "…" where it is longer.
pub(super) fn print_cell(text: &str, width: usize, style: Style, sheet: &mut Sheet) {
    let text = cut(text, width);
    let n_blank = width.saturating_sub(n_columns(&text));
    sheet.push(&isolated(text), style);
    sheet.push(&" ".repeat(n_blank), Style::PLAIN);
}

/// `text`, or as much of its beginning as goes into `width` columns together with "…".
pub(super) fn cut(text: &str, width: usize) -> String {
    if n_columns(text) <= width {
        return text.to_owned();
    }
    if width == 0 {
        return String::new();
    }
    let mut filled = 0;
    let mut fits = |grapheme: &&str| {
        filled += n_columns(grapheme);
        filled < width
    };
    let kept: String = text.graphemes(true).take_while(|grapheme| fits(grapheme)).collect();
    format!("{}…", kept.trim_end())
}

/// Takes columns from the widest of `widths` until they sum to at most `room`; none goes below `least`.
pub(super) fn shrink(widths: &mut [usize], room: usize, least: usize) {
    while widths.iter().sum::<usize>() > room {
        match widths.iter_mut().max() {
            Some(widest) if *widest > least => *widest -= 1,
            _ => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(cut("there are hopes", 15), "there are hopes");
        assert_eq!(cut("there are hopes", 11), "there are…");
        assert_eq!(cut("俄罗斯外长", 6), "俄罗…");
    }

    #[test]
    fn the_widest_gives_way_first() {
        let mut widths = [20, 8, 12];
        shrink(&mut widths, 30, 8);
        assert_eq!(widths, [11, 8, 11]);
        shrink(&mut widths, 0, 8);
        assert_eq!(widths, [8, 8, 8]);
    }
}
