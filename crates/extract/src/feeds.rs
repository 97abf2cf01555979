//! Lists of articles: RSS, Atom, JSON Feed, sitemaps; and lists of feeds: sitemap indexes, OPML, the links of a page.
//!
//! [`read`] takes what feeds are in practice: tags that don't match, entities of HTML, markup where text should be,
//! dates of many forms. What a feed lacks is `None`; where it breaks off, what came before is kept, with a note. No
//! entity that a feed declares is ever put in, and nothing is fetched.
//!
//! ```
//! use rapporteur_extract::feeds;
//!
//! let bytes = b"<rss><channel><title>A</title><item><title>Talks go on</title><link>/1</link></item></channel></rss>";
//! let feed = feeds::read(&feeds::Source { bytes, url: Some("https://a.example/rss"), content_type: None }).unwrap();
//! assert_eq!(feed.entries[0].link.as_deref(), Some("https://a.example/1"));
//! ```

use std::fmt;

use rapporteur_record::Moment;
use web_atoms::local_name;

use crate::encoding::{self, Hints};
use crate::{link, parse, sniff};

mod entities;
mod json;
mod text;
mod xml;

/// The bytes of a feed and how they came.
#[derive(Clone, Copy, Debug, Default)]
pub struct Source<'a> {
    /// The bytes as they came, unpacked.
    pub bytes: &'a [u8],
    /// Where they were found; relative links are relative to it.
    pub url: Option<&'a str>,
    /// The value of the HTTP header `Content-Type`, for its `charset`.
    pub content_type: Option<&'a str>,
}

/// What a list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// RSS of any version.
    Rss,
    /// Atom 1.0 or 0.3.
    Atom,
    /// JSON Feed.
    Json,
    /// The Channel Definition Format.
    Cdf,
    /// A sitemap: its entries are pages.
    Sitemap,
    /// A sitemap index: its entries are sitemaps.
    SitemapIndex,
    /// OPML: its entries are feeds.
    Outlines,
}

/// A list that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// What it is; this tells what its entries are.
    pub kind: Kind,
    /// Its title, as text.
    pub title: Option<String>,
    /// The page that it belongs to.
    pub link: Option<String>,
    /// Its entries, in its order.
    pub entries: Vec<Entry>,
    /// What was noticed: where it breaks off, what was left out.
    pub notes: Vec<String>,
}

/// One entry of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its title, as text.
    pub title: Option<String>,
    /// The page, sitemap or feed that it leads to: a whole URL of http or https.
    pub link: Option<String>,
    /// When it was published; a time without a zone is its day.
    pub published: Option<Moment>,
    /// When it was last changed.
    pub updated: Option<Moment>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// What it says, as text: its summary, or else its content; at most [`MAX_SUMMARY`] bytes.
    pub summary: Option<String>,
    /// The name under which its feed knows it: RSS `guid`, Atom `id`.
    pub guid: Option<String>,
}

/// The longest list that is read, in bytes; sitemaps have at most 50 MiB.
pub const MAX_BYTES: usize = 64 << 20;

/// At most so many entries are read; sitemaps have at most 50,000.
pub const MAX_ENTRIES: usize = 100_000;

/// At most so many bytes of a summary are kept.
pub const MAX_SUMMARY: usize = 16 << 10;

/// Why a list could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The bytes are no list that is known; holds what they look like ("a page of HTML").
    NotAFeed(&'static str),
    /// The list is longer than [`MAX_BYTES`].
    TooLong(usize),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NotAFeed(what) => write!(f, "neither a feed nor a sitemap but {what}"),
            Error::TooLong(n_bytes) => write!(f, "{n_bytes} bytes, and at most {MAX_BYTES} of a feed are read"),
        }
    }
}

impl std::error::Error for Error {}

/// Reads a feed, a sitemap or an OPML list, whichever it is.
pub fn read(source: &Source) -> Result<Feed, Error> {
    if source.bytes.len() > MAX_BYTES {
        return Err(Error::TooLong(source.bytes.len()));
    }
    if let Some(what) = sniff::binary(source.bytes) {
        return Err(Error::NotAFeed(what));
    }
    let mut notes = Vec::new();
    let hints = Hints { charset: source.content_type.and_then(crate::charset), url: source.url };
    let text = encoding::decode(source.bytes, hints, &mut notes);
    let mut feed = match text.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']) {
        "" => return Err(Error::NotAFeed("nothing")),
        json if json.starts_with('{') => json::read(json, source.url)?,
        _ => xml::read(&text, source.url)?,
    };
    notes.append(&mut feed.notes);
    feed.notes = notes;
    Ok(feed)
}

/// A feed that a page links to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The feed, a whole URL.
    pub url: String,
    /// What the page calls it.
    pub title: Option<String>,
}

/// Media types of feeds in links.
const TYPES: &[&str] = &[
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
    "application/json",
    "application/xml",
    "text/xml",
    "application/x.atom+xml",
];

/// The feeds that a page links to with `<link rel=alternate>` or `rel=feed`, each once, in its order.
///
/// `url` is where the page was found; a `base` element of the page goes before it.
pub fn links(page: &[u8], url: Option<&str>) -> Vec<Link> {
    if page.len() > crate::MAX_BYTES || sniff::binary(page).is_some() {
        return Vec::new();
    }
    let tree = parse::parse(&encoding::decode(page, Hints { charset: None, url }, &mut Vec::new()));
    let stated = tree.below(0).find(|&id| tree.is(id, &local_name!("base"))).and_then(|id| tree.attr(id, "href"));
    let base = stated.and_then(|href| link::web(url, href)).or_else(|| url.map(str::to_owned));
    let mut links: Vec<Link> = Vec::new();
    for id in tree.below(0).filter(|&id| tree.is(id, &local_name!("link"))) {
        let has = |name: &str, words: &[&str]| {
            let value = tree.attr(id, name).unwrap_or_default().to_ascii_lowercase();
            value.split([' ', ';', '\t', '\n']).any(|word| words.contains(&word))
        };
        let is_feed = has("rel", &["feed"]) || has("rel", &["alternate"]) && has("type", TYPES);
        let found = tree.attr(id, "href").filter(|_| is_feed).and_then(|href| link::web(base.as_deref(), href));
        if let Some(url) = found
            && links.len() < 100
            && links.iter().all(|link| link.url != url)
        {
            let title = tree.attr(id, "title").map(crate::text::folded).filter(|title| !title.is_empty());
            links.push(Link { url, title });
        }
    }
    links
}

#[cfg(test)]
mod tests;
