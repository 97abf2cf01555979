//! The article: what extraction makes of a page.

use serde::{Deserialize, Serialize};

use crate::{Moment, Span};

/// A clean article and what its page says of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Article {
    /// `b3:` and 128 bits of BLAKE3 over URL and text, in hex: the same page gives the same id.
    pub id: String,
    /// The canonical URL if the page declares one, else the one it was fetched from.
    pub url: Option<String>,
    /// The registrable domain of the URL, "outlookindia.com".
    pub outlet: Option<String>,
    /// The outlet's name where the page says it.
    pub outlet_name: Option<String>,
    /// The headline, without the site's suffix.
    pub title: Option<String>,
    /// The line under the headline.
    pub standfirst: Option<String>,
    /// Authors as printed.
    pub byline: Vec<String>,
    /// When it was published.
    pub published: Option<Moment>,
    /// When it was last changed.
    pub modified: Option<Moment>,
    /// The agency of a slug, dateline or credit line, "AFP": the article's, not a `via` of each statement.
    pub credit: Option<String>,
    /// "KYIV, March 16", as printed.
    pub dateline: Option<String>,
    /// The language of the text, BCP 47.
    pub language: Option<String>,
    /// The part of the outlet that it stands in, "World", as the page states it.
    #[serde(default)]
    pub section: Option<String>,
    /// What the page says it is about, in its own words and order.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// The text that every span points into: blocks joined by one blank line, or the input itself.
    pub text: String,
    /// The text's pieces, in order, not overlapping.
    pub blocks: Vec<Block>,
    /// What was noticed and could not be settled; printed with the document's own notes.
    #[serde(skip)]
    pub notes: Vec<String>,
}

impl Article {
    /// An article that is just `text`, one paragraph, with nothing known about it.
    pub fn from_text(text: String) -> Self {
        let blocks = vec![Block { kind: BlockKind::Paragraph, span: Span::new(0, text.len()) }];
        Article { text, blocks, ..Article::default() }
    }
}

/// One piece of an article's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Where it stands.
    pub span: Span,
}

/// What a [`Block`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum BlockKind {
    Title,
    Standfirst,
    Heading,
    Paragraph,
    ListItem,
    Quote,
    Caption,
}
