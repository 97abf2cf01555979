//! `rapporteur collect`, as typed.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use jiff::{Span, SpanRelativeTo};

use super::{Database, Fetching, ModelArg};

/// Follow feeds: fetch what is new, read it and keep it
///
/// Each feed is asked for, the pages that it lists and that are not known yet are fetched, read, and stored in the
/// database, many hosts at a time and each of them with pauses. A page that is stored is not fetched again, unless its
/// feed says that it changed since; then the server is asked for a newer version, and one with another text is kept
/// beside the earlier as a revision. What fails for a while is tried again for three days, as long as the feed lists it.
/// Every request is noted in the database. robots.txt is heeded for all that you did not name yourself.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES_AND_STATUS)]
pub(crate) struct Collect {
    /// Feeds: web addresses, or files
    ///
    /// RSS, Atom, JSON Feed, sitemaps and indexes of them, OPML lists, and pages that link to their feeds. They may
    /// also stand in the configuration file: `feeds = […]` under [collect].
    #[arg(value_name = "FEED")]
    pub(crate) feeds: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) database: Database,

    /// Look at each feed once, which is what happens without --every
    #[arg(long, conflicts_with = "every")]
    pub(crate) once: bool,

    /// Go on until Ctrl-C, and look at each feed again after TIME: 10m, 1h30m, 1d
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) every: Option<Duration>,

    /// Pass over pages that are older than TIME by the date in the feed: 12h, 7d
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) since: Option<Duration>,

    /// Look again at stored pages until they are of age TIME, in case they changed silently: 3d
    ///
    /// Each page is looked at after an hour, and then after twice as long each time, while its feed lists it.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) recheck: Option<Duration>,

    /// The most pages of one feed at one look, the newest first; the next look takes the others
    #[arg(long, value_name = "N", default_value = "200", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) limit: u32,

    /// Do not keep the pages as they came, only their texts
    #[arg(long)]
    pub(crate) no_pages: bool,

    /// Wait while another program writes the database, which a service does in any case
    #[arg(long)]
    pub(crate) wait: bool,

    /// How it is told what was done
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: CollectFormat,

    #[command(flatten)]
    pub(crate) model: ModelArg,

    /// Read N pages at a time [default: one for each core]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub(crate) jobs: Option<u16>,

    /// Ask so many hosts at a time
    #[arg(long, value_name = "N", default_value = "16", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) connections: u16,

    #[command(flatten)]
    pub(crate) fetching: Fetching,
}

const EXAMPLES_AND_STATUS: &str = "\
Examples:
  What is new in a feed, once; the second run fetches only what came since:
      rapporteur collect https://…/rss.xml
  All feeds of a feed reader, as a service:
      rapporteur collect feeds.opml --every 10m
  The feed that a front page links to, and the site's news sitemap:
      rapporteur collect https://…/ https://…/news-sitemap.xml
  Silent edits of the last three days:
      rapporteur collect feeds.opml --every 30m --recheck 3d
  For programs, one JSON object a line for each page and each feed:
      rapporteur collect --format jsonl feeds.opml | jq -r 'select(.event == \"page\") | [.outcome, .url] | @tsv'

Exit status: 0 if all went well, 1 if a feed or a page could not be had, 2 if the command was wrong, 130 if it was
stopped before it was done; stopping a service is its usual end, and 0.";

/// How it is told what was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CollectFormat {
    /// For people: one line a feed
    Text,
    /// One JSON object a line, for each page and each feed
    Jsonl,
}

/// "10m", "1h 30m", "2d"; a day has 24 hours.
pub(super) fn time(typed: &str) -> Result<Duration, String> {
    let span: Span = typed.parse().map_err(|_| "no time; write it as 90s, 10m, 2h or 1d".to_owned())?;
    let time = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok().and_then(|time| time.try_into().ok());
    let time: Duration = time.ok_or("no time that is known; write it as 90s, 10m, 2h or 1d")?;
    if time < Duration::from_secs(1) { Err("less than a second".to_owned()) } else { Ok(time) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_people_do() {
        for (typed, seconds) in [("90s", 90), ("10m", 600), ("1h30m", 5400), ("1h 30m", 5400), ("2d", 172_800)] {
            assert_eq!(time(typed), Ok(Duration::from_secs(seconds)), "{typed}");
        }
        for wrong in ["", "10", "soon", "0s", "-5m", "1 month", "10ms"] {
            assert!(time(wrong).is_err(), "{wrong}");
        }
    }
}
