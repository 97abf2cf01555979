//! Pages from the web, fetched safely ([`Client`]) and politely ([`Polite`]).
//!
//! *Safely*: over http and https, from public addresses only, which each redirect has to be again (`address`, `target`,
//! `wire`); with a limit on time, on bytes as sent and as unpacked; and whole or not at all (`body`). No cookies are
//! kept, nothing of a user is sent but the name of the program.
//!
//! *Politely*: one connection to a host at a time, and a pause between two; less when the host is in trouble or asks
//! for it; and what robots.txt asks, where that is wanted (`polite`, `robots`).
//!
//! ```no_run
//! use rapporteur::fetch::{Answer, Client, Known, Options};
//!
//! let client = Client::new(Options::default())?;
//! let known = Known { etag: Some("\"5f0c\"".to_owned()), ..Known::default() };
//! match client.get("https://example.org/feed.xml", &known)? {
//!     Answer::Page(page) => println!("{}: {} bytes", page.url, page.bytes.len()),
//!     Answer::NotModified => println!("nothing new"),
//! }
//! # Ok::<(), rapporteur::fetch::Error>(())
//! ```

mod address;
mod body;
mod clock;
mod error;
mod follow;
mod polite;
mod retry;
mod robots;
mod target;
mod wire;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

pub use self::address::not_public;
pub use self::clock::{Clock, SystemClock};
pub use self::error::{Error, Reason};
pub use self::follow::MAX_REDIRECTS;
use self::follow::{Hop, follow};
pub use self::polite::{Manners, Polite};
pub use self::target::{PORTS, Reach};
pub use self::wire::Lookup;
use self::wire::{Answered, Wire};

/// The name that the fetcher gives unless it is told another.
pub const USER_AGENT: &str =
    concat!("Rapporteur/", env!("CARGO_PKG_VERSION"), " (+https://github.com/rapporteur-news/rapporteur)");

/// A longer value of a header that says what a page is like is passed over, in bytes.
const MAX_HEADER: usize = 1024;

/// How a [`Client`] fetches.
#[derive(Clone)]
pub struct Options {
    /// The name it gives.
    pub user_agent: String,
    /// The most bytes of a page, as sent and as unpacked.
    pub max_page: u64,
    /// The most time for a page with all its redirects.
    pub deadline: Duration,
    /// The most time to look a name up, and again to connect.
    pub connect: Duration,
    /// The most time that a server may be silent.
    pub read: Duration,
    /// Where it may go besides public hosts.
    pub reach: Reach,
    /// Through which proxy.
    pub via: Via,
    /// How names are looked up.
    pub lookup: Lookup,
    /// Its clock.
    pub clock: Arc<dyn Clock>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            user_agent: USER_AGENT.to_owned(),
            max_page: 20_000_000,
            deadline: Duration::from_secs(60),
            connect: Duration::from_secs(10),
            read: Duration::from_secs(20),
            reach: Reach::default(),
            via: Via::Environment,
            lookup: Arc::new(wire::by_system),
            clock: Arc::new(SystemClock),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").field("user_agent", &self.user_agent).finish_non_exhaustive()
    }
}

/// Through which proxy pages are fetched. It has to be one of HTTP; it tunnels, for http as for https.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Via {
    /// What the first of `ALL_PROXY`, `HTTPS_PROXY` and `HTTP_PROXY` names, but for the hosts of `NO_PROXY`.
    #[default]
    Environment,
    /// None.
    Direct,
    /// The one at this address.
    Proxy(String),
}

/// What is known of a page from when it was last fetched: [`Page::etag`] and [`Page::last_modified`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The mark of its version.
    pub etag: Option<String>,
    /// Its date of change, as the server wrote it.
    pub last_modified: Option<String>,
}

/// What came of asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The page.
    Page(Page),
    /// It is as it was [`Known`].
    NotModified,
}

/// A page, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The status of HTTP: 200, or 203 from a server between.
    pub status: u16,
    /// Where it was found, after all redirects, without a fragment.
    pub url: String,
    /// Its media type, in small letters and without parameters: "text/html".
    pub content_type: Option<String>,
    /// The encoding of its characters by the header, in small letters: "utf-8".
    pub charset: Option<String>,
    /// The mark of this version.
    pub etag: Option<String>,
    /// The date of its last change, as the server wrote it.
    pub last_modified: Option<String>,
    /// Its bytes, unpacked.
    pub bytes: Vec<u8>,
}

/// Fetches pages safely, one at a time on each thread.
#[derive(Debug)]
pub struct Client {
    options: Options,
    wire: Wire,
}

impl Client {
    /// Fails when the options can't be: [`Reason::Options`].
    pub fn new(options: Options) -> Result<Self, Error> {
        Ok(Client { wire: Wire::new(&options)?, options })
    }

    /// The options it was made with.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Fetches the page at `url`, at once. If it is `known`, the server may answer that it has not changed.
    pub fn get(&self, url: &str, known: &Known) -> Result<Answer, Error> {
        let end = self.options.clock.now() + self.options.deadline;
        follow(url, &self.options.reach, |url| self.hop(url, known, self.left(end)))
    }

    fn left(&self, end: Duration) -> Duration {
        end.saturating_sub(self.options.clock.now())
    }

    /// Asks for one address, which has been checked.
    fn hop(&self, url: &Url, known: &Known, left: Duration) -> Result<Hop, Reason> {
        let conditions = [("If-None-Match", &known.etag), ("If-Modified-Since", &known.last_modified)];
        let headers: Vec<_> =
            conditions.iter().filter_map(|(name, value)| Some((*name, sendable(value.as_deref()?)?))).collect();
        let answered = self.wire.get(url, &headers, left)?;
        match answered.status {
            200 | 203 => self.page(url, answered).map(|page| Hop::Answer(Answer::Page(page))),
            304 if !headers.is_empty() => Ok(Hop::Answer(Answer::NotModified)),
            301 | 302 | 303 | 307 | 308 => match answered.header("Location") {
                Some(location) => Ok(Hop::Redirect(location)),
                None => Err(Reason::Redirect("a redirect that does not say where to".to_owned())),
            },
            status => {
                let now = self.options.clock.wall();
                let retry_after = answered.header("Retry-After").and_then(|header| retry::after(&header, now));
                Err(Reason::Status { status, retry_after })
            }
        }
    }

    fn page(&self, url: &Url, answered: Answered) -> Result<Page, Reason> {
        let limit = self.options.max_page;
        if answered.n_bytes().is_some_and(|n| n > limit) {
            return Err(Reason::TooLong(limit));
        }
        let short = |name| answered.header(name).filter(|value| value.len() <= MAX_HEADER);
        let (content_type, charset) = short("Content-Type").map_or((None, None), |header| media_type(&header));
        let (etag, last_modified) = (short("ETag"), short("Last-Modified"));
        let packing = answered.header("Content-Encoding");
        let (status, url) = (answered.status, url.to_string());
        let bytes = body::read(answered.body, packing.as_deref(), limit)?;
        Ok(Page { status, url, content_type, charset, etag, last_modified, bytes })
    }
}

/// A value that can be sent back as it came.
fn sendable(value: &str) -> Option<&str> {
    (!value.is_empty() && value.bytes().all(|byte| (0x20..0x7f).contains(&byte))).then_some(value)
}

/// The media type and the charset of a `Content-Type`.
fn media_type(header: &str) -> (Option<String>, Option<String>) {
    let kind = header.split(';').next().map(str::trim).filter(|kind| !kind.is_empty());
    (kind.map(str::to_ascii_lowercase), rapporteur_extract::charset(header).map(str::to_ascii_lowercase))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_types_are_taken_apart() {
        let table = [
            ("text/html", Some("text/html"), None),
            ("Text/HTML; charset=UTF-8", Some("text/html"), Some("utf-8")),
            ("text/html;charset=\"windows-1251\"", Some("text/html"), Some("windows-1251")),
            ("text/xml; a=b ; Charset = 'koi8-r'", Some("text/xml"), Some("koi8-r")),
            ("; charset=", None, None),
            ("", None, None),
        ];
        for (header, kind, charset) in table {
            assert_eq!(media_type(header), (kind.map(str::to_owned), charset.map(str::to_owned)), "{header}");
        }
    }
}
