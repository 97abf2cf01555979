//! Reads an article: who said what, to whom, through whom.
//!
//! [`Annotator::annotate`] takes an [`Article`] and gives a [`Document`]. It is pure and total: any text gives a
//! document, the same text the same document, and what can't be decided is left open.
//!
//! The steps, each in its module: `reading` splits the text into tokens, sentences and quotations; `names` finds
//! names; `attribute` finds cues with their sources and contents; `quoted` joins quotations that stand alone;
//! `model` reads the text with trained weights, and `merge` joins what it and the rules found; `going_on` mends contents
//! by their quotation marks; `entities` tells who each name, role and pronoun is; `statements` puts it together;
//! `places` tells where places are; `times` finds expressions of time, `events` what happened. `why` tells how each
//! statement came about.

mod antecedents;
mod attribute;
mod cascade;
mod cited;
mod classes;
mod cues;
mod entities;
mod events;
mod going_on;
mod headline;
mod joining;
mod kinds;
mod lang;
mod learned_names;
#[doc(hidden)]
pub mod merge;
mod model;
mod names;
mod phrases;
mod place_names;
#[doc(hidden)]
pub mod places;
mod positions;
mod quoted;
mod quotes;
mod reading;
mod resolve;
mod statements;
mod times;
mod tokens;
mod verdicts;
pub mod why;

use std::slice;
use std::sync::{Arc, OnceLock};

use rapporteur_record::{Article, Document, Moment};

use crate::attribute::Report;
use crate::entities::Cast;
use crate::joining::Joining;
use crate::lang::Lexicon;
pub use crate::model::ModelError;
use crate::model::{Found, Model};
use crate::names::Names;
use crate::phrases::Phrases;
use crate::reading::Reading;
use crate::why::{Trace, Why};

/// The weights that are built in.
const FAST: &[u8] = include_bytes!("../models/fast.rapmodel");

/// Reads articles. Made once, used for many, from any number of threads; clones share the weights.
#[derive(Clone, Debug)]
pub struct Annotator {
    english: Arc<Lexicon>,
    weights: Weights,
    joining: Joining,
}

/// What is read with beside the rules.
#[derive(Clone, Debug)]
enum Weights {
    None,
    /// Those that are built in.
    Fast(Fast),
    /// Those of the accurate model, and the fast ones beside them.
    Accurate(Fast, Arc<Model>),
    /// Others.
    Given(Arc<Model>),
    /// The fast ones for everything, the accurate ones for what is hard.
    Cascade(Fast, Arc<Model>),
}

/// The weights that are built in, unpacked when the first article needs them.
#[derive(Clone, Debug, Default)]
struct Fast(Arc<OnceLock<Model>>);

impl Fast {
    fn model(&self) -> &Model {
        self.0.get_or_init(|| Model::from_bytes(FAST).expect("the weights that are built in are whole"))
    }
}

impl Default for Annotator {
    fn default() -> Self {
        Self::new()
    }
}

impl Annotator {
    /// A reader with the tables and the fast weights that are built in.
    pub fn new() -> Self {
        Self::with(Weights::Fast(Fast::default()))
    }

    /// A reader that goes by rules alone: thirty times as fast, and blind to cues that no table has.
    pub fn rules() -> Self {
        Self::with(Weights::None)
    }

    /// A reader with the accurate weights, from the bytes of their file, all of which are checked first.
    ///
    /// # Errors
    /// What is wrong with the file: it is broken, cut short, of another version, or not such a file at all.
    pub fn with_accurate(weights: &[u8]) -> Result<Self, ModelError> {
        Ok(Self::with(Weights::Accurate(Fast::default(), Arc::new(Model::from_bytes(weights)?))))
    }

    /// A reader with two sets of weights: the fast ones that are built in read everything, the accurate ones what is
    /// hard.
    ///
    /// # Errors
    /// What is wrong with the file of the accurate ones.
    pub fn cascade(accurate: &[u8]) -> Result<Self, ModelError> {
        Ok(Self::with(Weights::Cascade(Fast::default(), Arc::new(Model::from_bytes(accurate)?))))
    }

    /// A reader with weights of your own, from the bytes of their file.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub fn with_model(weights: &[u8]) -> Result<Self, ModelError> {
        Ok(Self::with(Weights::Given(Arc::new(Model::from_bytes(weights)?))))
    }

    /// The weights that are built in, as the bytes of a file.
    pub fn built_in() -> &'static [u8] {
        FAST
    }

    fn with(weights: Weights) -> Self {
        let kind = match &weights {
            Weights::Accurate(..) | Weights::Cascade(..) => "accurate",
            Weights::Given(model) => model.kind(),
            Weights::None | Weights::Fast(_) => "fast",
        };
        Annotator { english: Arc::new(Lexicon::english()), weights, joining: Joining::of(kind) }
    }

    /// Reads one article. Cannot fail: what can't be decided is left open.
    pub fn annotate(&self, article: Article) -> Document {
        self.read(article).0
    }

    /// Reads one article as [`annotate`](Self::annotate) does, and tells of each statement how it came about.
    pub fn explain(&self, article: Article) -> (Document, Why) {
        let (document, trace) = self.read(article);
        let why = why::tell(&document, trace);
        (document, why)
    }

    fn read(&self, article: Article) -> (Document, Trace) {
        let mut document = Document::new(article);
        if let Some(language) = document.article.language.as_deref().filter(|language| !is_english(language)) {
            document.notes.push(format!("the language is {language}: statements are read in English only so far"));
            return (document, Trace::default());
        }
        let reading = Reading::new(&document.article, &self.english);
        let mut trace = Trace::default();
        let found = self.by_weights(&document.article.text, &mut trace);
        let names = names(&reading, found.as_ref());
        let phrases = Phrases { reading: &reading, names: &names };
        let mut reports = by_rules(&phrases);
        if let Some(found) = &found {
            let merged = merge::merge(&reading, reports, &found.statements, &self.joining);
            reports = merged.reports;
            cited::join(&phrases, &mut reports);
            trace.lost = merged.lost.iter().map(|lost| why::lost(&reading, lost)).collect();
        }
        going_on::mend(&reading, &mut reports);
        let bare = headline::bare_quotations(&reading, &reports);
        reports.extend(bare);
        let cast = Cast::gather(&phrases);
        let found = times::find(&reading, document.article.published.map(Moment::day));
        let gathered = statements::gather(&phrases, cast, &reports, &found.times);
        trace.reasons = gathered.reasons;
        document.statements = gathered.statements;
        document.entities = gathered.entities;
        document.events = gathered.events;
        places::locate(&reading, &names, &document.article, &mut document.entities);
        places::locate_events(&document.entities, &mut document.events);
        document.times = found.times;
        document.positions = positions::find(&self.english, &document);
        document.headline = verdicts::find(&self.english, &document);
        document.notes.extend(found.note);
        (document, trace)
    }

    /// What trained weights find, if there are any. They read the text as a whole: a paragraph's neighbours help.
    fn by_weights(&self, text: &str, trace: &mut Trace) -> Option<Found> {
        let whole = 0..text.len();
        let whole = slice::from_ref(&whole);
        let (reader, found) = match &self.weights {
            Weights::None => return None,
            Weights::Fast(fast) => (why::Reader::Fast, fast.model().read(text, whole)),
            Weights::Accurate(fast, model) => (why::Reader::Accurate, model.read_with(fast.model(), text, whole)),
            Weights::Given(model) => (why::Reader::Given, model.read(text, whole)),
            Weights::Cascade(fast, accurate) => {
                let found = fast.model().read(text, whole);
                trace.read_again = cascade::hard(text, &found);
                let better = accurate.read_with(fast.model(), text, &trace.read_again);
                (why::Reader::Fast, cascade::replaced(found, &trace.read_again, better))
            }
        };
        trace.reader = Some(reader);
        Some(found)
    }

    /// How many times an article holds, looked for so many times over: what `examples/times_speed.rs` measures.
    #[doc(hidden)]
    pub fn times_again(&self, article: &Article, rounds: usize) -> usize {
        let reading = Reading::new(article, &self.english);
        let find = |_| times::find(&reading, article.published.map(Moment::day)).times.len();
        (0..rounds).map(find).max().unwrap_or(0)
    }

    /// What speaks for each place that each name of an article may mean: what the weights of places are fitted on
    /// (`training/places_weights.py`).
    #[doc(hidden)]
    pub fn place_evidence(&self, article: &Article) -> Vec<places::Evidence> {
        let reading = Reading::new(article, &self.english);
        let found = self.by_weights(&article.text, &mut Trace::default());
        let names = names(&reading, found.as_ref());
        let phrases = Phrases { reading: &reading, names: &names };
        let (entities, _) = Cast::gather(&phrases).finish();
        places::evidence(&reading, &names, article, &entities)
    }

    /// What rules and model each find in an article, before they are joined: what the joining is fitted on
    /// (`training/joining.py`).
    #[doc(hidden)]
    pub fn evidence(&self, article: &Article) -> Vec<merge::Evidence> {
        let reading = Reading::new(article, &self.english);
        let found = self.by_weights(&article.text, &mut Trace::default());
        let names = names(&reading, found.as_ref());
        let phrases = Phrases { reading: &reading, names: &names };
        merge::evidence(&reading, &by_rules(&phrases), &found.unwrap_or_default().statements)
    }
}

/// The names that rules and model find.
fn names(reading: &Reading, found: Option<&Found>) -> Names {
    let mut names = Names::find(reading);
    if let Some(found) = found {
        let found: Vec<_> = found.names.iter().map(|(span, kind)| (*span, kind.entity())).collect();
        names = learned_names::join(reading, names, &found);
    } else {
        let places = place_names::in_place(reading, &names, &[]);
        place_names::call_places(reading, &places, names.iter_mut());
    }
    place_names::let_capitals_speak(reading, &mut names);
    names
}

/// What the rules find.
fn by_rules(phrases: &Phrases) -> Vec<Report> {
    let (reading, names) = (phrases.reading, phrases.names);
    let mut reports: Vec<_> =
        (0..reading.paragraphs.len()).map(|number| attribute::reports(reading, names, number)).collect();
    for (paragraph, reports) in reading.paragraphs.iter().zip(&mut reports) {
        if reports.is_empty() {
            reports.extend(quoted::headline_colon(phrases, paragraph));
        }
    }
    quoted::link(phrases, &mut reports);
    let mut reports: Vec<_> = reports.into_iter().flatten().collect();
    reports.extend(quoted::bylines(phrases));
    reports.extend(quoted::turns(reading, names).into_iter().map(|(_, report)| report));
    reports
}

fn is_english(language: &str) -> bool {
    language.split('-').next().is_some_and(|primary| primary.eq_ignore_ascii_case("en"))
}
