//! Results for people. The layout goes by the first of them, and all others follow it.

use std::io::{self, Write};

use rapporteur::pretty::{Findings, Paper};
use rapporteur_store::{ArticleFound, Query, StatementFound, Store};

use super::sink::Sink;

/// So many results are held back to lay them out.
const SAMPLE: usize = 100;

/// Lays out results as they come.
pub(crate) struct Table<'a, W> {
    out: W,
    query: &'a Query,
    store: &'a Store,
    paper: Paper,
    held: Vec<StatementFound>,
    layout: Option<Findings>,
}

impl<'a, W: Write> Table<'a, W> {
    pub(crate) fn new(out: W, query: &'a Query, store: &'a Store, paper: Paper) -> Self {
        Table { out, query, store, paper, held: Vec::new(), layout: None }
    }

    /// Lays out by what is held back, and prints that.
    fn begin(&mut self) -> io::Result<()> {
        let layout = Findings::of_statements(self.paper, &self.held);
        self.out.write_all(layout.heading().as_bytes())?;
        for found in std::mem::take(&mut self.held) {
            self.print(&layout, &found)?;
        }
        self.layout = Some(layout);
        Ok(())
    }

    fn print(&mut self, layout: &Findings, found: &StatementFound) -> io::Result<()> {
        let hits = self.query.hits(&found.content);
        self.out.write_all(layout.statement(found, &hits).as_bytes())
    }
}

impl<W: Write> Sink for Table<'_, W> {
    fn statement(&mut self, found: &StatementFound) -> io::Result<()> {
        if let Some(layout) = self.layout.take() {
            self.print(&layout, found)?;
            self.layout = Some(layout);
            return Ok(());
        }
        self.held.push(found.clone());
        if self.held.len() < SAMPLE { Ok(()) } else { self.begin() }
    }

    fn article(&mut self, found: &ArticleFound) -> io::Result<()> {
        let paper = self.paper;
        let layout = self.layout.get_or_insert_with(|| Findings::of_articles(paper));
        let title = found.title.as_deref().unwrap_or_default();
        // Without words to look for there is nothing in the text to show.
        let text = match self.query.words.all.is_empty() {
            true => String::new(),
            false => self.store.article_text(found).map_err(io::Error::other)?,
        };
        let body = text.strip_prefix(title).unwrap_or(&text);
        let printed = layout.article(found, &self.query.hits(title), Some((body, &self.query.hits(body))));
        self.out.write_all(printed.as_bytes())
    }

    fn finish(&mut self) -> io::Result<()> {
        if !self.held.is_empty() {
            self.begin()?;
        }
        self.out.flush()
    }
}
