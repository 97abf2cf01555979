//! Article to document.

use rapporteur_record::{Article, Document};

/// Reads articles. Made once, used for many, from any number of threads.
#[derive(Debug, Default)]
pub struct Annotator {}

impl Annotator {
    /// A reader with the tables that are built in.
    pub fn new() -> Self {
        Annotator {}
    }

    /// Reads one article. Cannot fail: what can't be decided is left open.
    pub fn annotate(&self, article: Article) -> Document {
        Document::new(article)
    }
}
