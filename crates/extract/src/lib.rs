//! Page bytes to a clean article.

use std::fmt;

use rapporteur_record::{Article, Moment};

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
    Ok(Article::from_text(String::from_utf8_lossy(page.bytes).into_owned()))
}
