//! Results as JSON: an array, or an object a line.

use std::io::{self, Write};

use rapporteur::record::{Offsets, Span};
use rapporteur_store::{ArticleFound, Spans, StatementFound};
use serde::Serialize;

use super::sink::Sink;
use crate::json;

/// Writes objects as they come.
pub(crate) struct Json<W> {
    out: W,
    offsets: Offsets,
    /// Whether the objects stand in an array.
    array: bool,
    n_written: usize,
}

impl<W: Write> Json<W> {
    pub(crate) fn array(out: W, offsets: Offsets) -> Self {
        Json { out, offsets, array: true, n_written: 0 }
    }

    pub(crate) fn lines(out: W, offsets: Offsets) -> Self {
        Json { out, offsets, array: false, n_written: 0 }
    }

    fn write(&mut self, object: &impl Serialize) -> io::Result<()> {
        let (before, after) = match (self.array, self.n_written) {
            (false, _) => ("", "\n"),
            (true, 0) => ("[\n  ", ""),
            (true, _) => (",\n  ", ""),
        };
        self.n_written += 1;
        self.out.write_all(before.as_bytes())?;
        self.out.write_all(json::line(object)?.as_bytes())?;
        self.out.write_all(after.as_bytes())
    }
}

impl<W: Write> Sink for Json<W> {
    fn statement(&mut self, found: &StatementFound) -> io::Result<()> {
        self.write(&statement(found, self.offsets))
    }

    fn article(&mut self, found: &ArticleFound) -> io::Result<()> {
        self.write(&article(found))
    }

    fn finish(&mut self) -> io::Result<()> {
        match (self.array, self.n_written) {
            (false, _) => {}
            (true, 0) => self.out.write_all(b"[]\n")?,
            (true, _) => self.out.write_all(b"\n]\n")?,
        }
        self.out.flush()
    }
}

/// A statement as programs get it.
#[derive(Serialize)]
pub(crate) struct StatementObject<'a> {
    key: String,
    /// The article's id.
    article: &'a str,
    /// Its index in the article's `statements`.
    id: usize,
    url: Option<&'a str>,
    outlet: Option<&'a str>,
    outlet_name: Option<&'a str>,
    title: Option<&'a str>,
    published: Option<&'a str>,
    language: Option<&'a str>,
    speaker: Option<&'a str>,
    /// All who speak, where several do; else one or none.
    speakers: Vec<&'a str>,
    role: Option<&'a str>,
    country: Option<&'a str>,
    source: &'a str,
    cue: &'a str,
    via: &'a [String],
    act: &'static str,
    negated: bool,
    quotation: &'static str,
    channel: Option<&'static str>,
    confidence: f64,
    content: &'a str,
    offsets: Offsets,
    spans: SpansObject,
}

#[derive(Serialize)]
struct SpansObject {
    content: Vec<Span>,
    cue: Vec<Span>,
    source: Vec<Span>,
}

pub(crate) fn statement(found: &StatementFound, offsets: Offsets) -> StatementObject<'_> {
    let article = &found.article;
    let jointly = found.jointly.iter().map(String::as_str);
    StatementObject {
        key: found.key.to_string(),
        article: &article.id,
        id: found.id,
        url: article.url.as_deref(),
        outlet: article.outlet.as_deref(),
        outlet_name: article.outlet_name.as_deref(),
        title: article.title.as_deref(),
        published: article.published.as_deref(),
        language: article.language.as_deref(),
        speaker: found.speaker.as_deref(),
        speakers: found.speaker.as_deref().into_iter().chain(jointly).collect(),
        role: found.role.as_deref(),
        country: found.country.as_deref(),
        source: &found.source,
        cue: &found.cue,
        via: &found.via,
        act: found.act.word(),
        negated: found.negated,
        quotation: found.quotation.word(),
        channel: found.channel.map(|channel| channel.word()),
        // To a thousandth, which is what is kept.
        confidence: (f64::from(found.confidence) * 1000.0).round() / 1000.0,
        content: &found.content,
        offsets,
        spans: spans(&found.spans, &found.text, offsets),
    }
}

fn spans(spans: &Spans, text: &str, offsets: Offsets) -> SpansObject {
    let (n_content, n_cue) = (spans.content.len(), spans.cue.len());
    let mut content: Vec<Span> = spans.iter().collect();
    offsets.convert(text, &mut content);
    let mut cue = content.split_off(n_content);
    let source = cue.split_off(n_cue);
    SpansObject { content, cue, source }
}

/// An article as programs get it.
#[derive(Serialize)]
pub(crate) struct ArticleObject<'a> {
    id: &'a str,
    url: Option<&'a str>,
    outlet: Option<&'a str>,
    outlet_name: Option<&'a str>,
    title: Option<&'a str>,
    published: Option<&'a str>,
    language: Option<&'a str>,
    n_statements: usize,
}

pub(crate) fn article(found: &ArticleFound) -> ArticleObject<'_> {
    ArticleObject {
        id: &found.id,
        url: found.url.as_deref(),
        outlet: found.outlet.as_deref(),
        outlet_name: found.outlet_name.as_deref(),
        title: found.title.as_deref(),
        published: found.published.as_deref(),
        language: found.language.as_deref(),
        n_statements: found.n_statements,
    }
}
