//! Why a page was not fetched.

use std::fmt;
use std::time::Duration;

/// Why a page was not fetched, and at which address of a chain of redirects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The address that the last redirect led to; None if there was no redirect.
    pub redirected_to: Option<String>,
    /// What went wrong there.
    pub reason: Reason,
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The address can't be fetched, whoever asks: why.
    Address(String),
    /// What the address leads to is not public: "address 10.0.0.1", "private".
    NotPublic {
        /// What was refused.
        what: String,
        /// What it is.
        kind: &'static str,
    },
    /// The name of the host stands for no address: why.
    NoSuchHost(String),
    /// No connection could be made: why.
    Connect(String),
    /// The connection could not be made secret: why.
    Tls(String),
    /// The server took longer than this.
    TimedOut(Duration),
    /// The connection ended before the whole answer was there.
    Cut,
    /// The page has more bytes than this, as sent or unpacked.
    TooLong(u64),
    /// The page is packed in a way that was not asked for: its name.
    Packing(String),
    /// What was packed can't be unpacked: how it was packed.
    Unpack(&'static str),
    /// The answer is no HTTP: why.
    NotHttp(String),
    /// An answer other than the page.
    Status {
        /// The status of HTTP.
        status: u16,
        /// After what time the server wants to be asked again.
        retry_after: Option<Duration>,
    },
    /// A redirect without an address that can be followed.
    Redirect(String),
    /// Redirects lead back to an address that was asked before.
    Circle,
    /// There are more redirects than this.
    TooManyRedirects(usize),
    /// The host wants to be left alone for so long, and was not asked.
    Resting(Duration),
    /// The robots.txt of the host says no.
    Robots,
    /// There may be a robots.txt and it can't be had, so nothing else is asked for: why not.
    RobotsUnknown(String),
    /// The fetcher can't be set up like this: why.
    Options(String),
}

impl Reason {
    /// Whether the same request may succeed in a while.
    pub fn is_transient(&self) -> bool {
        match self {
            Reason::TimedOut(_) | Reason::Cut => true,
            Reason::Status { status, .. } => matches!(status, 408 | 425 | 429 | 500 | 502..=504 | 520..=527),
            _ => false,
        }
    }
}

impl From<Reason> for Error {
    fn from(reason: Reason) -> Error {
        Error { redirected_to: None, reason }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(url) = &self.redirected_to {
            write!(f, "redirected to {url}: ")?;
        }
        self.reason.fmt(f)
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Address(why)
            | Reason::Connect(why)
            | Reason::NotHttp(why)
            | Reason::Redirect(why)
            | Reason::Options(why) => f.write_str(why),
            Reason::NotPublic { what, kind } => write!(f, "{what} is {kind}"),
            Reason::NoSuchHost(why) => write!(f, "no address for this host: {why}"),
            Reason::Tls(why) => write!(f, "no secure connection: {why}"),
            Reason::TimedOut(time) => write!(f, "took longer than {}", Seconds(*time)),
            Reason::Cut => f.write_str("the connection ended before the whole page was there"),
            Reason::TooLong(limit) => write!(f, "longer than {}", Megabytes(*limit)),
            Reason::Packing(name) => write!(f, "packed as {name:?}, which was not asked for"),
            Reason::Unpack(how) => write!(f, "the {how} data of the page are broken or incomplete"),
            Reason::Status { status, retry_after } => {
                write!(f, "HTTP {status}")?;
                retry_after.map_or(Ok(()), |time| write!(f, ", to be asked again after {}", Seconds(time)))
            }
            Reason::Circle => {
                f.write_str("redirects lead in a circle, which a page may do to those who keep no cookies")
            }
            Reason::TooManyRedirects(n) => write!(f, "more than {n} redirects"),
            Reason::Resting(time) => {
                write!(f, "not asked: the host wants to be left alone for {} more", Seconds(*time))
            }
            Reason::Robots => f.write_str("the robots.txt of the host asks not to fetch it"),
            Reason::RobotsUnknown(why) => write!(f, "not fetched, since robots.txt can't be had: {why}"),
        }
    }
}

struct Seconds(Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = (self.0.as_secs_f64() * 10.0).ceil() / 10.0;
        write!(f, "{seconds} s")
    }
}

struct Megabytes(u64);

impl fmt::Display for Megabytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            n if n % 1_000_000 == 0 => write!(f, "{} MB", n / 1_000_000),
            n => write!(f, "{n} bytes"),
        }
    }
}
