//! Results as Parquet, by the writer of `export`. The columns are the fields of the JSON.

use std::io::{self, Write};

use rapporteur::record::{Offsets, Span};
use rapporteur_store::export::{Column, Format, Kind, Table, TableWriter, Value, table_writer};
use rapporteur_store::{ArticleFound, StatementFound};

use super::sink::Sink;

const STATEMENTS: Table = Table {
    name: "statements",
    columns: &[
        Column::one("key", Kind::Text),
        Column::one("article", Kind::Word),
        Column::one("id", Kind::Count),
        Column::maybe("url", Kind::Word),
        Column::maybe("outlet", Kind::Word),
        Column::maybe("outlet_name", Kind::Word),
        Column::maybe("title", Kind::Word),
        Column::maybe("published", Kind::Word),
        Column::maybe("language", Kind::Word),
        Column::maybe("speaker", Kind::Word),
        Column::list("speakers", Kind::Word),
        Column::maybe("role", Kind::Word),
        Column::maybe("country", Kind::Word),
        Column::one("source", Kind::Word),
        Column::one("cue", Kind::Word),
        Column::list("via", Kind::Word),
        Column::one("act", Kind::Word),
        Column::one("negated", Kind::Flag),
        Column::one("quotation", Kind::Word),
        Column::maybe("channel", Kind::Word),
        Column::one("confidence", Kind::Fraction),
        Column::one("content", Kind::Text),
        Column::list("content_spans", Kind::Span),
        Column::list("cue_spans", Kind::Span),
        Column::list("source_spans", Kind::Span),
    ],
};

const ARTICLES: Table = Table {
    name: "articles",
    columns: &[
        Column::one("id", Kind::Text),
        Column::maybe("url", Kind::Text),
        Column::maybe("outlet", Kind::Word),
        Column::maybe("outlet_name", Kind::Word),
        Column::maybe("title", Kind::Text),
        Column::maybe("published", Kind::Word),
        Column::maybe("language", Kind::Word),
        Column::one("n_statements", Kind::Count),
    ],
};

/// Writes rows as they come.
pub(crate) struct Parquet {
    writer: Option<Box<dyn TableWriter>>,
    offsets: Offsets,
}

impl Parquet {
    /// Of articles, or else of statements.
    pub(crate) fn new(out: impl Write + Send + 'static, articles: bool, offsets: Offsets) -> io::Result<Self> {
        let table = if articles { &ARTICLES } else { &STATEMENTS };
        Ok(Parquet { writer: Some(table_writer(Format::Parquet, table, offsets, out)?), offsets })
    }

    fn row(&mut self, row: &[Value]) -> io::Result<()> {
        self.writer.as_mut().map_or(Ok(()), |writer| writer.row(row))
    }
}

impl Sink for Parquet {
    fn statement(&mut self, found: &StatementFound) -> io::Result<()> {
        let article = &found.article;
        let mut spans: Vec<Span> = found.spans.iter().collect();
        self.offsets.convert(&found.text, &mut spans);
        let mut spans = spans.into_iter();
        let mut next = |n: usize| Value::list(spans.by_ref().take(n));
        self.row(&[
            found.key.to_string().into(),
            (&article.id).into(),
            found.id.into(),
            article.url.as_ref().into(),
            article.outlet.as_ref().into(),
            article.outlet_name.as_ref().into(),
            article.title.as_ref().into(),
            article.published.as_ref().into(),
            article.language.as_ref().into(),
            found.speaker.as_ref().into(),
            Value::list(found.speaker.iter().chain(&found.jointly)),
            found.role.as_ref().into(),
            found.country.as_ref().into(),
            (&found.source).into(),
            (&found.cue).into(),
            Value::list(&found.via),
            found.act.word().into(),
            found.negated.into(),
            found.quotation.word().into(),
            found.channel.map(|channel| channel.word()).into(),
            found.confidence.into(),
            (&found.content).into(),
            next(found.spans.content.len()),
            next(found.spans.cue.len()),
            next(found.spans.source.len()),
        ])
    }

    fn article(&mut self, found: &ArticleFound) -> io::Result<()> {
        self.row(&[
            (&found.id).into(),
            found.url.as_ref().into(),
            found.outlet.as_ref().into(),
            found.outlet_name.as_ref().into(),
            found.title.as_ref().into(),
            found.published.as_ref().into(),
            found.language.as_ref().into(),
            found.n_statements.into(),
        ])
    }

    fn finish(&mut self) -> io::Result<()> {
        self.writer.take().map_or(Ok(()), TableWriter::finish)
    }
}
