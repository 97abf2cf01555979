//! Results as CSV: RFC 4180, UTF-8, a line of headings first.
//!
//! Names in one cell are parted by "; ". A NUL, which readers of CSV stumble over, is written as U+FFFD.

use std::fmt::Write as _;
use std::io::{self, Write};

use rapporteur::pretty::visible;
use rapporteur::record::Offsets;
use rapporteur_store::{ArticleFound, StatementFound};

use super::sink::Sink;

/// The cells of a statement's row. `spans` are those of the content, "905-1045 1100-1120".
const STATEMENT: [&str; 21] = [
    "key",
    "published",
    "outlet",
    "outlet_name",
    "speaker",
    "role",
    "country",
    "act",
    "negated",
    "quotation",
    "channel",
    "via",
    "source",
    "cue",
    "content",
    "confidence",
    "title",
    "url",
    "article",
    "id",
    "spans",
];
const ARTICLE: [&str; 8] = ["id", "published", "outlet", "outlet_name", "title", "url", "language", "n_statements"];

/// Writes rows as they come.
pub(crate) struct Csv<W> {
    out: W,
    offsets: Offsets,
    /// Whether cells that a spreadsheet takes for formulas are disarmed.
    spreadsheet: bool,
    /// Whether somebody sees the rows at once.
    on_terminal: bool,
    row: String,
    begun: bool,
    /// Columns that come before the others, with what stands in them.
    before: Vec<(&'static str, String)>,
}

impl<W: Write> Csv<W> {
    pub(crate) fn new(out: W, offsets: Offsets, spreadsheet: bool, on_terminal: bool) -> Self {
        Csv { out, offsets, spreadsheet, on_terminal, row: String::new(), begun: false, before: Vec::new() }
    }

    /// Puts columns before the others of statements; the headings must stay the same.
    pub(crate) fn put_before(&mut self, cells: Vec<(&'static str, String)>) {
        self.before = cells;
    }

    fn headings(&mut self, headings: &[&str]) -> io::Result<()> {
        if !std::mem::replace(&mut self.begun, true) {
            let before: Vec<&str> = self.before.iter().map(|(heading, _)| *heading).collect();
            before.iter().chain(headings).for_each(|heading| self.cell(heading));
            self.end_row()?;
        }
        Ok(())
    }

    fn cell(&mut self, text: &str) {
        if !self.row.is_empty() {
            self.row.push(',');
        }
        let text = if self.on_terminal { visible(text) } else { text.into() };
        let armed = self.spreadsheet && text.starts_with(['=', '+', '-', '@', '\t', '\r']);
        if !armed && !text.contains(['"', ',', '\r', '\n', '\0']) {
            // A row that begins with an empty cell has to be seen as begun.
            self.row.push_str(if text.is_empty() && self.row.is_empty() { "\"\"" } else { &text });
            return;
        }
        self.row.push('"');
        self.row.push_str(if armed { "'" } else { "" });
        for ch in text.chars() {
            match ch {
                '"' => self.row.push_str("\"\""),
                '\0' => self.row.push(char::REPLACEMENT_CHARACTER),
                ch => self.row.push(ch),
            }
        }
        self.row.push('"');
    }

    fn end_row(&mut self) -> io::Result<()> {
        self.row.push_str("\r\n");
        self.out.write_all(self.row.as_bytes())?;
        self.row.clear();
        Ok(())
    }
}

impl<W: Write> Sink for Csv<W> {
    fn statement(&mut self, found: &StatementFound) -> io::Result<()> {
        self.headings(&STATEMENT)?;
        let article = &found.article;
        let speaker = found.speaker.clone().unwrap_or_else(|| found.jointly.join("; "));
        let mut content = found.spans.content.clone();
        self.offsets.convert(&found.text, &mut content);
        let mut spans = String::new();
        for span in content {
            let gap = if spans.is_empty() { "" } else { " " };
            let _ = write!(spans, "{gap}{}-{}", span.start(), span.end());
        }
        let known = |text: &'_ Option<String>| text.clone().unwrap_or_default();
        let before = std::mem::take(&mut self.before);
        before.iter().for_each(|(_, cell)| self.cell(cell));
        self.before = before;
        self.cell(&found.key.to_string());
        for text in [&article.published, &article.outlet, &article.outlet_name] {
            self.cell(text.as_deref().unwrap_or_default());
        }
        self.cell(&speaker);
        self.cell(&known(&found.role));
        self.cell(&known(&found.country));
        self.cell(found.act.word());
        self.cell(if found.negated { "true" } else { "false" });
        self.cell(found.quotation.word());
        self.cell(found.channel.map_or("", |channel| channel.word()));
        self.cell(&found.via.join("; "));
        self.cell(&found.source);
        self.cell(&found.cue);
        self.cell(&found.content);
        self.cell(&format!("{:.3}", found.confidence));
        for text in [&article.title, &article.url] {
            self.cell(text.as_deref().unwrap_or_default());
        }
        self.cell(&article.id);
        self.cell(&found.id.to_string());
        self.cell(&spans);
        self.end_row()
    }

    fn article(&mut self, found: &ArticleFound) -> io::Result<()> {
        self.headings(&ARTICLE)?;
        self.cell(&found.id);
        for text in [&found.published, &found.outlet, &found.outlet_name, &found.title, &found.url, &found.language] {
            self.cell(text.as_deref().unwrap_or_default());
        }
        self.cell(&found.n_statements.to_string());
        self.end_row()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
