//! The record on disk: one SQLite file that holds documents as they were read, and tables to search them by.
//!
//! | to… | call |
//! |---|---|
//! | open | [`Store::open`] to read, [`Store::open_to_write`] for the one writer |
//! | store | [`Store::put`], or [`Packer::pack`] on many threads and [`Store::put_batch`] on one |
//! | search | [`Query::parse`], [`Store::statements`], [`Store::articles`], [`Store::count_statements`], [`Store::names`] |
//! | show | [`Store::statements_by_key`], [`Store::articles_by_id`], [`Store::document`], [`Store::page`] |
//! | know people across documents | [`Store::link`] after an import, [`Store::people`], [`Store::person`], [`Store::statements_by`] |
//! | correct them | [`Store::merge`], [`Store::split`], [`Store::undo`], [`Store::decisions`], [`Store::put_authorities`] |
//! | cite | [`Store::cite`], [`check_citation`] |
//! | mark what was found | [`Query::hits`] |
//! | compare | [`Store::revisions`], [`Store::changes`] |
//! | resume | [`Store::known_input`], [`Store::import_of`], [`Store::skipped`], [`Store::fetched`] |
//! | write out as tables | [`Store::export`], [`export::table_writer`] |
//! | count | [`Store::stats`], [`Store::outlets`], [`Store::months`], [`Store::acts`], [`Store::speakers`] |
//! | keep well | [`Store::backup`], [`Store::check`], [`Store::compact`], [`Store::settle`] |
//! | anything else | [`Store::connection`], in SQL; `schema.sql` explains the tables |
//!
//! An article's id is the hash of its URL and text, so that putting it twice changes nothing; the same URL with another
//! text is a revision, and both are kept. Row numbers begin with the day of publication, so that newest first is
//! descending in every table and index. Nothing here prints, reads the clock, or hangs on the order in which articles
//! came.
//!
//! ```
//! use std::ops::ControlFlow;
//!
//! use rapporteur_record::{Article, Document};
//! use rapporteur_store::{Page, Query, Store};
//!
//! # let folder = std::env::temp_dir().join(format!("rapporteur-store-doc-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! # let path = folder.join("rapporteur.db");
//! let mut store = Store::open_to_write(&path, "the example")?;
//! store.put([Document::new(Article::from_text("The ferry sails at noon.".into()))])?;
//! let query = Query::parse("ferry OR \"night boat\"")?;
//! store.articles(&query, Page::default(), |article| {
//!     println!("{}", article.id);
//!     ControlFlow::Continue(())
//! })?;
//! # assert_eq!(store.count_articles(&query)?, 1);
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod authorities;
mod care;
mod cite;
mod codes;
mod decisions;
mod error;
pub mod export;
mod find;
mod fold;
mod hits;
mod key;
mod lean;
mod link;
mod lock;
mod log;
mod pack;
mod parts;
mod people;
mod put;
mod query;
mod read;
mod revisions;
mod schema;
mod spans;
mod stats;
mod store;
mod train;

pub use authorities::Authority;
pub use care::{Flaw, Stats};
pub use cite::{Citation, Stretch, Verdict, check_citation};
pub use decisions::Decision;
pub use error::{Error, Problem};
pub use find::{ArticleFound, Order, Page, StatementFound};
pub use fold::folded;
pub use key::Key;
pub use link::{Linked, Part};
pub use log::{Fetch, Fetched, Import, Progress, Skipped};
pub use pack::{Entry, Packer};
pub use people::{PersonFound, RoleFound};
pub use put::{Batch, Put, Stored};
pub use query::{FIELDS, Phrase, Query, QueryError, Words};
pub use read::NameFound;
pub use revisions::{Change, Revision};
pub use spans::Spans;
pub use stats::Counted;
pub use store::Store;

/// The version of the schema that this crate writes; files of earlier ones are brought up to it when they are opened to
/// be written.
pub const SCHEMA: i64 = schema::VERSION;
