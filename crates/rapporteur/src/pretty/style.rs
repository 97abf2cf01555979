//! How a stretch of printed text looks, and the escape codes for it.

use std::fmt::Write;

/// How a stretch of text looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Style {
    /// One of the 256 colours.
    pub(super) colour: Option<u8>,
    pub(super) bold: bool,
    pub(super) dim: bool,
    pub(super) italic: bool,
    pub(super) underline: bool,
}

impl Style {
    pub(super) const PLAIN: Style = Style { colour: None, bold: false, dim: false, italic: false, underline: false };
    pub(super) const BOLD: Style = Style { bold: true, ..Style::PLAIN };
    pub(super) const DIM: Style = Style { dim: true, ..Style::PLAIN };
    pub(super) const ITALIC: Style = Style { italic: true, ..Style::PLAIN };

    /// Just a colour.
    pub(super) fn coloured(colour: u8) -> Style {
        Style { colour: Some(colour), ..Style::PLAIN }
    }

    /// This look with `other`'s laid over it.
    pub(super) fn with(self, other: Style) -> Style {
        Style {
            colour: other.colour.or(self.colour),
            bold: self.bold || other.bold,
            // A colour is there to be seen.
            dim: (self.dim && other.colour.is_none()) || other.dim,
            italic: self.italic || other.italic,
            underline: self.underline || other.underline,
        }
    }

    fn codes(self) -> String {
        let mut codes = String::new();
        for (on, code) in [(self.bold, "1;"), (self.dim, "2;"), (self.italic, "3;"), (self.underline, "4;")] {
            codes.push_str(if on { code } else { "" });
        }
        if let Some(colour) = self.colour {
            let _ = write!(codes, "38;5;{colour};");
        }
        codes.pop();
        codes
    }
}

/// Where styled text is collected; without colours the styles are dropped.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) text: String,
    colours: bool,
}

impl Sheet {
    pub(super) fn new(colours: bool) -> Self {
        Sheet { text: String::new(), colours }
    }

    /// Whether styles show.
    pub(super) fn colours(&self) -> bool {
        self.colours
    }

    /// Adds `text`, which is safe to print, in `style`.
    pub(super) fn push(&mut self, text: &str, style: Style) {
        if !self.colours || style == Style::PLAIN || text.is_empty() {
            self.text.push_str(text);
        } else {
            let _ = write!(self.text, "\u{1b}[{}m{text}\u{1b}[0m", style.codes());
        }
    }

    /// Ends a line, which keeps no spaces at its end.
    pub(super) fn end_line(&mut self) {
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self.text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_are_laid_over_each_other() {
        let style = Style::DIM.with(Style::coloured(38)).with(Style::BOLD);
        let mut sheet = Sheet::new(true);
        sheet.push("said", style);
        assert_eq!(sheet.text, "\u{1b}[1;38;5;38msaid\u{1b}[0m");
    }

    #[test]
    fn without_colours_only_the_text_is_kept() {
        let mut sheet = Sheet::new(false);
        sheet.push("said  ", Style::BOLD);
        sheet.end_line();
        assert_eq!(sheet.text, "said\n");
    }
}
