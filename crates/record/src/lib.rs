//! The record: what one reading of one article gives.
//!
//! These are the types that every other crate meets in, and their JSON form. [`Article`] is what extraction makes of
//! a page; [`Document`] is the article with what the reading found in it. Nothing here reads, decides or guesses.
//!
//! A position is a [`Span`]: UTF-8 bytes, half-open, into `article.text`. Other units exist only in printed JSON:
//! [`Document::to_json`] converts on the way out, [`Document::from_json`] on the way back in.
//!
//! ```
//! use rapporteur_record::{Article, Document, Offsets};
//!
//! let document = Document::new(Article::from_text("Café said no.".into()));
//! let json = document.to_json(Offsets::Codepoint);
//! assert!(json.starts_with(r#"{"schema":"rapporteur/document/1","offsets":"codepoint""#));
//! ```

mod article;
mod document;
mod json;
mod moment;
mod offsets;
mod parse;
mod retain;
mod span;
mod words;

pub use article::{Article, Block, BlockKind};
pub use document::{
    Act, Addressee, Channel, ChannelKind, Document, Entity, EntityKind, Event, Form, Headline, Mention, Place,
    Position, Quotation, Role, Stance, Statement, Status, Time, TimeKind, Verdict, Via,
};
pub use moment::{Moment, ParseMomentError};
pub use offsets::Offsets;
pub use parse::ParseDocumentError;
pub use span::Span;

/// The name and version of the JSON form, as printed in each object.
pub const SCHEMA: &str = "rapporteur/document/1";
