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

use std::borrow::Cow;
use std::fmt;

use rapporteur_record::{Article, Moment};

use self::encoding::{Hints, mojibake};
#[doc(hidden)]
pub use self::features::Example;
#[doc(hidden)]
pub use self::keep::Trees;
pub use self::none::NoArticle;
pub use self::why::{Cut, Explained, Judged, Verdict};

mod about;
mod assemble;
mod blocks;
mod body;
mod byline;
mod choose;
pub mod compression;
mod dates;
mod embeds;
mod encoding;
mod features;
pub mod feeds;
mod forest;
mod head;
mod html;
mod jsonld;
mod keep;
mod language;
mod link;
mod live;
mod mhtml;
mod next;
mod none;
mod outlet;
mod parse;
mod plain;
pub mod robots;
mod saved;
mod slug;
mod sniff;
mod standfirst;
mod streamed;
mod survey;
mod tables;
mod text;
mod title;
mod tree;
pub mod warc;
mod when;
mod why;

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
    /// The encoding of its characters, as HTTP or another envelope says: "windows-1251". What the bytes are beyond doubt
    /// wins over it, and it wins over what the page declares.
    pub charset: Option<&'a str>,
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
    /// The page holds no article; holds what it is instead.
    NoArticle(NoArticle),
}

impl From<NoArticle> for Error {
    fn from(reason: NoArticle) -> Error {
        Error::NoArticle(reason)
    }
}

/// The longest page that is read, in bytes.
pub const MAX_BYTES: usize = 256 << 20;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NotText(what) => write!(f, "not a text but {what}"),
            Error::NoArticle(reason) => write!(f, "no article: {reason}"),
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
    let article = opened(page, |Opened { page, form, text, base, notes }| {
        let article = match form {
            Form::Html => html::article(&text, page, trees),
            Form::Text => Ok(plain::kept(text.into_owned(), page.title)),
            Form::Auto => plain::cleaned(&text, page.title).0,
        };
        article.map(|article| finished(article, page, base, notes))
    })?;
    Ok(article?)
}

/// The article of a page, with what became of each of its blocks and why.
pub fn explain(page: &Page) -> Result<Explained, Error> {
    opened(page, |Opened { page, form, text, base, notes }| {
        let (article, blocks) = match form {
            Form::Html => html::explained(&text, page),
            Form::Text => why::kept(plain::kept(text.into_owned(), page.title)),
            Form::Auto => plain::cleaned(&text, page.title),
        };
        Explained { article: article.map(|article| finished(article, page, base, notes)), blocks }
    })
}

/// A page out of its wrapping, as text.
struct Opened<'p, 'a> {
    page: &'p Page<'p>,
    /// How the text is taken: `Auto` means plain text to be cleaned.
    form: Form,
    text: Cow<'a, str>,
    /// The URL that the page gives as its base.
    base: Option<String>,
    /// What was noticed on the way.
    notes: Vec<String>,
}

/// Opens a page and hands it to `read`.
fn opened<T>(page: &Page, read: impl FnOnce(Opened) -> T) -> Result<T, Error> {
    if page.bytes.len() > MAX_BYTES {
        return Err(Error::TooLong(page.bytes.len()));
    }
    if page.form == Form::Text || !mhtml::is_mhtml(page.bytes) {
        return opened_alone(page, read);
    }
    let saved = mhtml::page(page.bytes).ok_or(Error::NotText("an archive or a mail without a page"))?;
    let charset = saved.charset.as_deref().or(page.charset);
    opened_alone(&Page { bytes: &saved.bytes, charset, url: page.url.or(saved.url.as_deref()), ..*page }, read)
}

fn opened_alone<T>(page: &Page, read: impl FnOnce(Opened) -> T) -> Result<T, Error> {
    if let Some(what) = sniff::binary(page.bytes) {
        return Err(Error::NotText(what));
    }
    let mut notes = Vec::new();
    let text = decoded(page, &mut notes);
    let form = kind(page.form, &text)?;
    let told = |by: fn(&str) -> Option<&str>| by(&text).filter(|_| form == Form::Html).map(str::to_owned);
    let (saved, base) = (told(saved::url), told(saved::base));
    Ok(read(Opened { page: &Page { url: page.url.or(saved.as_deref()), ..*page }, form, text, base, notes }))
}

/// The id that an article has by its URL and text.
pub fn id(article: &Article) -> String {
    assemble::id(article)
}

/// The date in what a program wrote of an article: ISO 8601, RFC 2822, and what else is printed.
pub fn date(text: &str) -> Option<Moment> {
    dates::written(text)
}

/// The encoding that a `Content-Type` names: "koi8-r" of `text/html; charset="koi8-r"`.
pub fn charset(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then_some(value)
    })
}

/// The blocks of an HTML page with what `training/blocks.py` learns from, and what the numbers are called.
#[doc(hidden)]
pub fn examples(page: &Page) -> (Vec<Example>, &'static [&'static str]) {
    let blocks = opened(page, |Opened { page, text, .. }| html::examples(&text, page));
    (blocks.unwrap_or_default(), &features::NAMES)
}

/// The characters of a page. Those of a text stay as they are; in a page what was decoded wrongly before is set right.
fn decoded<'a>(page: &Page<'a>, notes: &mut Vec<String>) -> Cow<'a, str> {
    let text = encoding::decode(page.bytes, Hints { charset: page.charset, url: page.url }, notes);
    if page.form == Form::Text {
        return text;
    }
    match mojibake::repaired(&text) {
        Some((better, n)) => {
            notes.push(format!("encoding: UTF-8 that was read as windows-1252 was set right, {n} times"));
            Cow::Owned(better)
        }
        None => text,
    }
}

/// How many nodes the tree of an HTML page has: what `examples/speed.rs` times, to know what parsing costs.
#[doc(hidden)]
pub fn n_nodes(bytes: &[u8]) -> usize {
    parse::parse(&encoding::decode(bytes, Hints::default(), &mut Vec::new())).len()
}

/// What may be a page's title, standfirst or date, with what `training/metadata.py` learns from; and the numbers' names.
#[doc(hidden)]
pub fn metadata_examples(page: &Page) -> Vec<(&'static str, String, Vec<f32>)> {
    opened(page, |Opened { page, text, .. }| html::metadata_examples(&text, page)).unwrap_or_default()
}

/// What the numbers of [`metadata_examples`] are called, by what they are of.
#[doc(hidden)]
pub const METADATA: &[(&str, &[&str])] =
    &[("dates", &when::days::NAMES), ("titles", &title::claims::NAMES), ("standfirsts", &standfirst::lines::NAMES)];

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
fn finished(mut article: Article, page: &Page, base: Option<String>, notes: Vec<String>) -> Article {
    article.notes.extend(notes);
    article.published = page.date.or(article.published);
    article.url = article.url.take().or(base).or_else(|| page.url.map(str::to_owned));
    article.outlet = article.url.as_deref().and_then(outlet::domain);
    if article.text.trim().is_empty() {
        article.notes.push("no text was found".to_owned());
    }
    assemble::identify(&mut article);
    article
}
