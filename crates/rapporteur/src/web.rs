//! Pages of the web, for the inputs that are addresses.

use std::time::Duration;

use rapporteur::fetch::{Answer, Client, Error, Known, Manners, Options, Page, Polite, Reach, Reason, USER_AGENT};

use crate::args::Fetching;
use crate::inputs::{Input, web_address};

/// Fetches pages; without addresses among the inputs it is not even set up.
pub(crate) struct Web {
    polite: Option<Polite>,
    max_page: u64,
}

impl Web {
    /// robots.txt is for programs that follow links; these addresses a person names.
    pub(crate) fn new(args: &Fetching, inputs: &[Input]) -> anyhow::Result<Self> {
        if !inputs.iter().any(|input| web_address(&input.path).is_some()) {
            return Ok(Web { polite: None, max_page: args.longest.n_bytes() });
        }
        Ok(Web { polite: Some(polite(args, Manners::default())?), max_page: args.longest.n_bytes() })
    }

    /// The most bytes of a page, wherever it comes from.
    pub(crate) fn max_page(&self) -> u64 {
        self.max_page
    }

    /// The page at `address`, which was among the inputs.
    pub(crate) fn page(&self, address: &str) -> Result<Page, String> {
        let polite = self.polite.as_ref().expect("an address among the inputs sets it up");
        match polite.get(address, &Known::default()) {
            Ok(Answer::Page(page)) => Ok(page),
            Ok(Answer::NotModified) => Err("HTTP 304, though nothing was known of the page".to_owned()),
            Err(error) => Err(with_advice(&error)),
        }
    }
}

/// What fetches as the options say; `manners` are those that no option sets.
pub(crate) fn polite(args: &Fetching, manners: Manners) -> anyhow::Result<Polite> {
    let options = Options {
        user_agent: args.user_agent.clone().unwrap_or_else(|| USER_AGENT.to_owned()),
        max_page: args.longest.n_bytes(),
        deadline: Duration::from_secs(args.timeout.into()),
        reach: Reach { private: args.allow_private, also: Vec::new() },
        ..Options::default()
    };
    let delay = Duration::from_secs(args.delay.into());
    // A pause that was asked for is waited for.
    let manners = Manners { delay, patience: manners.patience.max(delay), ..manners };
    Ok(Polite::new(Client::new(options)?, manners))
}

/// What went wrong, and the option that would help.
pub(crate) fn with_advice(error: &Error) -> String {
    let advice = match error.reason {
        Reason::NotPublic { .. } => "; --allow-private fetches it",
        Reason::TooLong(_) => "; --max-page reads longer ones",
        _ => "",
    };
    format!("{error}{advice}")
}
