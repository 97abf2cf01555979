//! Page bytes to a clean article.
//!
//! [`article`] sniffs what the bytes are, decodes them, and reads them as HTML or as plain text. HTML becomes a tree
//! (`parse`), the tree a row of blocks (`blocks`), of which one container holds the article (`choose`); what is left of
//! it without litter (`body`) is the text. Title, byline and dates come from what the page states of itself and from
//! what stands near the headline.
//!
//! Nothing here reads files, clocks or networks, and the same bytes give the same article. Time is linear in the page:
//! what could be quadratic in its depth or in the width of its tags is cut off before it is parsed.
//!
//! ```
//! use rapporteur_extract::{Page, article};
//!
//! let bytes = b"<title>Talks go on</title><h1>Talks go on</h1><p>The two sides will meet again, an aide said.</p>";
//! let read = article(&Page { bytes, ..Page::default() }).unwrap();
//! assert_eq!(read.text, "Talks go on\n\nThe two sides will meet again, an aide said.");
//! ```

use std::fmt;

use rapporteur_record::{Article, Moment};

#[doc(hidden)]
pub use self::features::Example;
#[doc(hidden)]
pub use self::keep::Trees;

mod assemble;
mod blocks;
mod body;
mod byline;
mod choose;
pub mod compression;
mod dates;
mod encoding;
mod features;
pub mod feeds;
mod head;
mod html;
mod jsonld;
mod keep;
mod language;
mod link;
mod outlet;
mod parse;
mod plain;
pub mod robots;
mod slug;
mod sniff;
mod standfirst;
mod streamed;
mod survey;
mod tables;
mod text;
mod title;
mod tree;
mod trim;
pub mod warc;
mod when;

/// What is read: the bytes of a page and what is known about it from outside.
#[derive(Clone, Copy, Debug, Default)]
pub struct Page<'a> {
    /// The bytes as they came.
    pub bytes: &'a [u8],
    /// How to take them.
    pub form: Form,
    /// Where the page was found; its own canonical URL wins over it for the article's `url`.
    pub url: Option<&'a str>,
    /// The publication date, which overrules what the page says.
    pub date: Option<Moment>,
    /// The headline as it is known beside the page: that of a text, and of a web page that has none of its own.
    pub title: Option<&'a str>,
}

/// How the bytes of a [`Page`] are to be taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// HTML or plain text, whichever they look like.
    #[default]
    Auto,
    /// A web page.
    Html,
    /// The article itself: its text is kept character for character.
    Text,
}

/// Why a page could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The bytes are no text; holds what they look like ("PNG image").
    NotText(&'static str),
    /// The page is longer than [`MAX_BYTES`].
    TooLong(usize),
}

/// The longest page that is read, in bytes.
pub const MAX_BYTES: usize = 256 << 20;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NotText(what) => write!(f, "not a text but {what}"),
            Error::TooLong(n_bytes) => write!(f, "{n_bytes} bytes, and at most {MAX_BYTES} are read"),
        }
    }
}

impl std::error::Error for Error {}

/// The article of a page.
pub fn article(page: &Page) -> Result<Article, Error> {
    article_with(page, &keep::TREES)
}

/// The article of a page, its blocks chosen by other trees than the library's own: to measure them.
#[doc(hidden)]
pub fn article_with(page: &Page, trees: &Trees) -> Result<Article, Error> {
    if page.bytes.len() > MAX_BYTES {
        return Err(Error::TooLong(page.bytes.len()));
    }
    if let Some(what) = sniff::binary(page.bytes) {
        return Err(Error::NotText(what));
    }
    let mut notes = Vec::new();
    let text = encoding::decode(page.bytes, &mut notes);
    let mut article = match kind(page.form, &text)? {
        Form::Html => html::article(&text, page, trees),
        Form::Text => plain::kept(text.into_owned(), page.title),
        Form::Auto => plain::cleaned(&text, page.title),
    };
    finish(&mut article, page, notes);
    Ok(article)
}

/// The id that an article has by its URL and text.
pub fn id(article: &Article) -> String {
    assemble::id(article)
}

/// The date in what a program wrote of an article: ISO 8601, RFC 2822, and what else is printed.
pub fn date(text: &str) -> Option<Moment> {
    dates::written(text)
}

/// The blocks of an HTML page with what `training/blocks.py` learns from, and what the numbers are called.
#[doc(hidden)]
pub fn examples(page: &Page) -> (Vec<Example>, &'static [&'static str]) {
    let text = encoding::decode(page.bytes, &mut Vec::new());
    (html::examples(&text, page), &features::NAMES)
}

/// The registrable domain of a URL.
#[doc(hidden)]
pub fn domain(url: &str) -> Option<String> {
    outlet::domain(url)
}

/// How the text is taken: `Auto` means plain text to be cleaned.
fn kind(form: Form, text: &str) -> Result<Form, Error> {
    match (form, sniff::kind(text)) {
        (Form::Text, _) => Ok(Form::Text),
        (_, sniff::Kind::Other(what)) => Err(Error::NotText(what)),
        (Form::Html, _) | (_, sniff::Kind::Html) => Ok(Form::Html),
        (Form::Auto, sniff::Kind::Text) => Ok(Form::Auto),
    }
}

/// Fills in what is known from outside the page.
fn finish(article: &mut Article, page: &Page, notes: Vec<String>) {
    article.notes.extend(notes);
    article.published = page.date.or(article.published);
    article.url = article.url.take().or_else(|| page.url.map(str::to_owned));
    article.outlet = article.url.as_deref().and_then(outlet::domain);
    if article.text.trim().is_empty() {
        article.notes.push("no text was found".to_owned());
    }
    assemble::identify(article);
}
