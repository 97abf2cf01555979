//! HTML to a [`Tree`], in time linear in the page.
//!
//! `tokens` cuts the page into tags and text as the HTML standard says, `builder` puts them where the standard would
//! have them. What would take more than one pass, or serves a screen only, is done otherwise:
//!
//! - the open elements answer questions without being walked through (`stack`), and start tags below a depth of 512 are
//!   dropped, each with its end tag;
//! - formatting elements (`b`, `font`, …) are not opened again in the next paragraph; `a` ends where its paragraph does;
//! - drawings (`svg`), formulas (`math`), styles and scripts other than JSON-LD leave no text, and attributes that
//!   nothing reads are not kept;
//! - `noscript` holds what it holds, in the head too.

use self::builder::{Builder, Keeps};
use crate::tree::Tree;

mod body;
mod builder;
mod entities;
mod names;
mod page;
mod place;
mod raw;
mod stack;
mod table;
#[cfg(test)]
mod tests;
mod tokens;

/// The tree of a page.
pub(crate) fn parse(html: &str) -> Tree {
    Builder::new(html, Keeps::Read).finish()
}
