//! The record on disk: one SQLite file that holds documents as they were read, and tables to search them by.
//!
//! | to… | call |
//! |---|---|
//! | open | [`Store::open`] to read, [`Store::open_to_write`] for the one writer |
//! | store | [`Store::put`], or [`Packer::pack`] on many threads and [`Store::put_batch`] on one |
//! | search | [`Query::parse`], [`Store::statements`], [`Store::articles`], [`Store::count_statements`], [`Store::names`] |
//! | show | [`Store::statements_by_key`], [`Store::articles_by_id`], [`Store::document`], [`Store::page`] |
//! | cite | [`Store::cite`], [`check_citation`] |
//! | compare | [`Store::revisions`], [`Store::changes`] |
//! | resume | [`Store::known_input`], [`Store::import_of`], [`Store::skipped`], [`Store::last_fetch`] |
//! | keep well | [`Store::backup`], [`Store::check`], [`Store::stats`], [`Store::compact`], [`Store::settle`] |
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

mod care;
mod cite;
mod codes;
mod error;
mod find;
mod fold;
mod key;
mod lean;
mod lock;
mod log;
mod pack;
mod parts;
mod put;
mod query;
mod read;
mod revisions;
mod schema;
mod spans;
mod store;
mod train;

pub use care::{Flaw, Stats};
pub use cite::{Citation, Stretch, Verdict, check_citation};
pub use error::{Error, Problem};
pub use find::{ArticleFound, Order, Page, StatementFound};
pub use fold::folded;
pub use key::Key;
pub use log::{Fetch, Import, Progress, Skipped};
pub use pack::{Entry, Packer};
pub use put::{Batch, Put, Stored};
pub use query::{FIELDS, Phrase, Query, QueryError, Words};
pub use read::NameFound;
pub use revisions::{Change, Revision};
pub use spans::Spans;
pub use store::Store;
