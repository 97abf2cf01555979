//! What a host's robots.txt asks (RFC 9309): fetched once and kept for a day at most; `extract` reads it.

use std::sync::Arc;
use std::time::Duration;

use rapporteur_extract::robots;
use url::Url;

use super::error::{Error, Reason};
use super::{Answer, Client, Known};

/// So long a robots.txt is believed, the most that the standard allows.
const KEPT: Duration = Duration::from_secs(24 * 3600);

/// So long nothing is asked of a host whose robots.txt can't be had, before that is tried again.
const UNKNOWN_FOR: Duration = Duration::from_secs(600);

/// What is known of a host's rules, and how long.
#[derive(Clone)]
pub(super) struct Robots {
    pub(super) word: Word,
    /// By [`super::Clock::now`].
    pub(super) until: Duration,
}

/// What a host's robots.txt came to.
#[derive(Clone)]
pub(super) enum Word {
    /// There is none.
    None,
    Rules(Arc<robots::Robots>),
    /// There may be one: why it can't be had.
    Unknown(String),
}

impl Word {
    pub(super) fn check(&self, agent: &str, url: &Url) -> Result<(), Reason> {
        match self {
            Word::None => Ok(()),
            Word::Rules(rules) if rules.allows(agent, &url[url::Position::BeforePath..]) => Ok(()),
            Word::Rules(_) => Err(Reason::Robots),
            Word::Unknown(why) => Err(Reason::RobotsUnknown(why.clone())),
        }
    }

    pub(super) fn crawl_delay(&self, agent: &str) -> Option<Duration> {
        match self {
            Word::Rules(rules) => rules.crawl_delay(agent),
            Word::None | Word::Unknown(_) => None,
        }
    }
}

/// Whose rules hold for `url`: scheme, host and port.
pub(super) fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// Fetches the robots.txt of the host of `url`.
pub(super) fn fetch(client: &Client, url: &Url) -> Robots {
    let (word, kept) = match client.get(&format!("{}/robots.txt", origin(url)), &Known::default()) {
        Ok(Answer::Page(page)) => (Word::Rules(Arc::new(robots::parse(&page.bytes))), KEPT),
        Ok(Answer::NotModified) => (Word::None, KEPT),
        Err(error) if is_none(&error.reason) => (Word::None, KEPT),
        Err(error) => {
            let asked = retry_after(&error).unwrap_or_default();
            (Word::Unknown(error.to_string()), asked.clamp(UNKNOWN_FOR, KEPT))
        }
    };
    Robots { word, until: client.options().clock.now() + kept }
}

/// Whether the answer means that there is no robots.txt: any that blames the request, but for 429, which asks for
/// patience; and redirects without an end.
fn is_none(reason: &Reason) -> bool {
    match reason {
        Reason::Status { status, .. } => matches!(status, 200..=299 | 400..=428 | 430..=499),
        Reason::Circle | Reason::TooManyRedirects(_) | Reason::Redirect(_) => true,
        _ => false,
    }
}

fn retry_after(error: &Error) -> Option<Duration> {
    match error.reason {
        Reason::Status { retry_after, .. } => retry_after,
        _ => None,
    }
}
