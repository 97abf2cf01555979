//! What a record becomes: an article that is read and packed, on whatever thread.

use std::sync::{PoisonError, RwLock};

use rapporteur::annotate::Annotator;
use rapporteur::extract::{self, Error, Form, NoArticle, Page};
use rapporteur::record::{Article, Document, Moment, SCHEMA};
use rapporteur_store::{Entry, Packer};
use serde_json::{Map, Value};

use super::Bad;
use super::fields::{self, Fields};
use super::reader::Raw;
use super::sources::{Told, What};
use crate::args::{FieldNames, Import};
use crate::{load, models, panics};

/// How records are read.
pub(super) struct Manner {
    annotator: Annotator,
    packer: RwLock<Packer>,
    names: FieldNames,
    form: Form,
    url: Option<String>,
    date: Option<Moment>,
    keeps_pages: bool,
    max_page: u64,
}

/// What became of what was met.
pub(super) enum Outcome {
    /// A record is read.
    Entry(Box<Entry>),
    /// It can't be read.
    Bad(Bad),
    /// It is no article, for this reason.
    NoPage(&'static str),
    /// It was read before.
    Known,
    /// It is no record.
    Told(Told),
}

impl Manner {
    pub(super) fn new(args: &Import, packer: Packer) -> anyhow::Result<Self> {
        Ok(Manner {
            annotator: models::annotator(&args.model.name)?,
            packer: RwLock::new(packer),
            names: args.fields.clone(),
            form: args.form.into(),
            url: args.url.clone(),
            date: args.date,
            keeps_pages: !args.no_pages,
            max_page: args.longest.n_bytes(),
        })
    }

    /// Packs with this from now on.
    pub(super) fn pack_with(&self, packer: Packer) {
        *self.packer.write().unwrap_or_else(PoisonError::into_inner) = packer;
    }

    /// Reads what is to be read.
    pub(super) fn outcome(&self, what: What) -> Outcome {
        match what {
            What::Raw(raw, hash) => self.read(&raw, hash),
            What::Bad(bad) => Outcome::Bad(bad),
            What::Known => Outcome::Known,
            What::Told(told) => Outcome::Told(told),
        }
    }

    fn read(&self, raw: &Raw, hash: [u8; 16]) -> Outcome {
        let read = panics::caught(|| match raw {
            Raw::Page(bytes) => self.page(bytes),
            Raw::Line(line) => self.line(line),
            Raw::Capture(capture) => {
                let page = Page {
                    url: Some(&capture.url).filter(|url| !url.is_empty()).map(String::as_str),
                    charset: capture.content_type.as_deref().and_then(extract::charset),
                    ..self.given(&capture.body)
                };
                self.article(&page).map(|mut article| {
                    article.notes.extend(capture.notes.iter().cloned());
                    let entry = self.packed(article, Some(&capture.body));
                    match capture.date {
                        Some(date) => entry.seen(date),
                        None => entry,
                    }
                })
            }
        });
        match read.unwrap_or_else(|reason| Err(Bad { kind: "an error of this program", detail: reason })) {
            Ok(entry) => Outcome::Entry(Box::new(entry.input(hash))),
            Err(bad) if matches!(raw, Raw::Capture(_)) && (bad.kind == NO_ARTICLE || bad.kind == NOT_A_PAGE) => {
                Outcome::NoPage(if bad.kind == NO_ARTICLE {
                    "pages without an article"
                } else {
                    "neither HTML nor text"
                })
            }
            Err(bad) => Outcome::Bad(bad),
        }
    }

    fn given<'a>(&'a self, bytes: &'a [u8]) -> Page<'a> {
        Page { bytes, form: self.form, url: self.url.as_deref(), date: self.date, ..Page::default() }
    }

    fn page(&self, bytes: &[u8]) -> Result<Entry, Bad> {
        self.article(&self.given(bytes)).map(|article| self.packed(article, Some(bytes)))
    }

    fn line(&self, line: &[u8]) -> Result<Entry, Bad> {
        let object = fields::object(line)?;
        if object.get("schema").and_then(Value::as_str) == Some(SCHEMA) {
            return Ok(self.pack(document(object)?, None));
        }
        let fields = fields::fields(&object, &self.names)?;
        let html = fields.html.as_deref().filter(|_| self.names.text_field.is_none() || fields.text.is_none());
        let of_html = html.map(|html| (self.of_fields(&fields, html, Form::Html), html));
        match of_html {
            Some((Ok(article), html)) => Ok(self.packed(article, Some(html.as_bytes()))),
            Some((Err(bad), _)) if fields.text.is_none() => Err(bad),
            _ => {
                let text = fields.text.as_deref().unwrap_or_default();
                self.of_fields(&fields, text, self.form).map(|article| self.packed(article, None))
            }
        }
    }

    fn of_fields(&self, fields: &Fields, content: &str, form: Form) -> Result<Article, Bad> {
        if content.len() as u64 > self.max_page {
            return Err(Bad { kind: "too long", detail: load::too_long_a_page(self.max_page) });
        }
        let page = Page {
            bytes: content.as_bytes(),
            form,
            url: fields.url.as_deref().or(self.url.as_deref()),
            date: self.date.or(fields.date),
            title: fields.title.as_deref(),
            ..Page::default()
        };
        let mut article = self.article(&page)?;
        if article.byline.is_empty() {
            article.byline = fields.authors.clone();
        }
        article.outlet_name = article.outlet_name.or_else(|| fields.outlet.clone());
        article.notes.extend(fields.notes.iter().cloned());
        Ok(article)
    }

    fn article(&self, page: &Page) -> Result<Article, Bad> {
        match extract::article(page) {
            Ok(article) if !article.text.trim().is_empty() => Ok(article),
            Ok(_) => Err(Bad { kind: NO_ARTICLE, detail: NoArticle::Empty.to_string() }),
            Err(Error::NoArticle(reason)) => Err(Bad { kind: NO_ARTICLE, detail: reason.to_string() }),
            Err(error) => Err(Bad { kind: NOT_A_PAGE, detail: error.to_string() }),
        }
    }

    fn packed(&self, article: Article, page: Option<&[u8]>) -> Entry {
        self.pack(self.annotator.annotate(article), page.filter(|_| self.keeps_pages))
    }

    fn pack(&self, document: Document, page: Option<&[u8]>) -> Entry {
        let packer = self.packer.read().unwrap_or_else(PoisonError::into_inner).clone();
        packer.pack(document, page)
    }
}

const NO_ARTICLE: &str = "no article";
const NOT_A_PAGE: &str = "not a page";

/// A document that was read before, and printed.
fn document(object: Map<String, Value>) -> Result<Document, Bad> {
    let bad = |detail: String| Bad { kind: "not a document", detail };
    let document = Document::from_json(&Value::Object(object).to_string()).map_err(|error| bad(error.to_string()))?;
    let article = &document.article;
    if article.id != extract::id(article) {
        return Err(bad(format!("its id is not that of its address and text, {}", extract::id(article))));
    }
    Ok(document)
}
