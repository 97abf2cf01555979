//! From an address over its redirects to a page. Each step is checked as the first is.

use url::Url;

use super::error::{Error, Reason};
use super::target::Reach;
use super::{Answer, target};

/// So many redirects are followed.
pub const MAX_REDIRECTS: usize = 10;

/// What one address answered.
#[derive(Debug)]
pub(super) enum Hop {
    Answer(Answer),
    /// The header `Location`.
    Redirect(String),
}

/// Asks at `start`, and where its answers lead, until one is no redirect.
pub(super) fn follow(
    start: &str,
    reach: &Reach,
    mut ask: impl FnMut(&Url) -> Result<Hop, Reason>,
) -> Result<Answer, Error> {
    let mut url = target::parse(start)?;
    let mut seen: Vec<Url> = Vec::new();
    loop {
        let at = |reason| Error { redirected_to: (!seen.is_empty()).then(|| url.to_string()), reason };
        target::check(&url, reach).map_err(at)?;
        let location = match ask(&url).map_err(at)? {
            Hop::Answer(answer) => return Ok(answer),
            Hop::Redirect(location) => location,
        };
        let next = target::joined(&url, &location).map_err(at)?;
        seen.push(url);
        url = next;
        let at = |reason| Error { redirected_to: Some(url.to_string()), reason };
        if seen.contains(&url) {
            return Err(at(Reason::Circle));
        }
        if seen.len() > MAX_REDIRECTS {
            return Err(at(Reason::TooManyRedirects(MAX_REDIRECTS)));
        }
    }
}
