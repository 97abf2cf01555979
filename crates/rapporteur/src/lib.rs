//! Reads the news and keeps the record: who said what, through whom, tied to the characters that say so.
//!
//! This crate is the façade over the engine. A page becomes an [`Article`](record::Article) by [`extract`], and a
//! [`Document`](record::Document) by [`annotate`]; [`read`] does both. [`pretty`] prints a document for people.
//!
//! ```
//! use rapporteur::annotate::Annotator;
//! use rapporteur::extract::{Form, Page};
//!
//! let annotator = Annotator::new(); // once, for any number of pages and threads
//! let page = Page { bytes: b"Podolyak said that talks would go on.", form: Form::Text, ..Page::default() };
//! let document = rapporteur::read(&page, &annotator)?;
//! for statement in &document.statements {
//!     for span in &statement.content {
//!         println!("{}", &document.article.text[*span]);
//!     }
//! }
//! # assert_eq!(document.article.text, "Podolyak said that talks would go on.");
//! # Ok::<(), rapporteur::extract::Error>(())
//! ```

pub mod article;
pub mod fetch;
pub mod pretty;

pub use rapporteur_annotate as annotate;
pub use rapporteur_extract as extract;
pub use rapporteur_record as record;

/// Reads one page: extracts its article and annotates it. Only the extracting can fail.
pub fn read(page: &extract::Page, annotator: &annotate::Annotator) -> Result<record::Document, extract::Error> {
    extract::article(page).map(|article| annotator.annotate(article))
}
