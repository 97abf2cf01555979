//! Reads an article: who said what, to whom, through whom.
//!
//! [`Annotator::annotate`] takes an [`Article`] and gives a [`Document`]. It is pure and total: any text gives a
//! document, the same text the same document, and what can't be decided is left open.
//!
//! The steps, each in its module: `reading` splits the text into tokens, sentences and quotations; `names` finds
//! names; `attribute` finds cues with their sources and contents; `quoted` joins quotations that stand alone;
//! `entities` tells who each name, role and pronoun is; `statements` puts it together.

mod antecedents;
mod attribute;
mod classes;
mod cues;
mod entities;
mod headline;
mod lang;
mod merge;
mod model;
mod names;
mod phrases;
mod quoted;
mod quotes;
mod reading;
mod resolve;
mod statements;
mod tokens;

use rapporteur_record::{Article, Document};

use crate::entities::Cast;
use crate::lang::Lexicon;
use crate::model::Model;
pub use crate::model::ModelError;
use crate::names::Names;
use crate::phrases::Phrases;
use crate::reading::Reading;

/// Reads articles. Made once, used for many, from any number of threads.
#[derive(Debug)]
pub struct Annotator {
    english: Lexicon,
    model: Option<Model>,
}

impl Default for Annotator {
    fn default() -> Self {
        Self::new()
    }
}

impl Annotator {
    /// A reader with the tables that are built in.
    pub fn new() -> Self {
        Annotator { english: Lexicon::english(), model: None }
    }

    /// The same reader with trained weights, from the bytes of their file, all of which are checked first.
    ///
    /// # Errors
    /// What is wrong with the file: it is broken, cut short, of another version, or not such a file at all.
    pub fn with_model(self, weights: &[u8]) -> Result<Self, ModelError> {
        Ok(Annotator { model: Some(Model::from_bytes(weights)?), ..self })
    }

    /// Reads one article. Cannot fail: what can't be decided is left open.
    pub fn annotate(&self, article: Article) -> Document {
        let mut document = Document::new(article);
        if let Some(language) = document.article.language.as_deref().filter(|language| !is_english(language)) {
            document.notes.push(format!("the language is {language}: statements are read in English only so far"));
            return document;
        }
        let reading = Reading::new(&document.article, &self.english);
        let names = Names::find(&reading);
        let phrases = Phrases { reading: &reading, names: &names };
        let mut reports: Vec<_> =
            (0..reading.paragraphs.len()).map(|number| attribute::reports(&reading, &names, number)).collect();
        for (paragraph, reports) in reading.paragraphs.iter().zip(&mut reports) {
            if reports.is_empty() {
                reports.extend(quoted::headline_colon(&phrases, paragraph));
            }
        }
        quoted::link(&phrases, &mut reports);
        let mut reports: Vec<_> = reports.into_iter().flatten().collect();
        reports.extend(quoted::turns(&reading, &names).into_iter().map(|(_, report)| report));
        if let Some(model) = &self.model {
            let parts: Vec<_> = document.article.blocks.iter().map(|block| block.span.range()).collect();
            let found = model.read(&document.article.text, &parts);
            reports = merge::merge(&reading, reports, &found.statements);
        }
        let cast = Cast::gather(&phrases);
        let (statements, entities) = statements::gather(&phrases, cast, &reports);
        document.statements = statements;
        document.entities = entities;
        document
    }
}

fn is_english(language: &str) -> bool {
    language.split('-').next().is_some_and(|primary| primary.eq_ignore_ascii_case("en"))
}
