//! `rapporteur collect`: feeds looked at, new pages fetched, read and stored.
//!
//! One thread, this one, has the database and decides; others fetch (`workers`), a host at a time (`queue`), and read.
//! What they have done comes back here, is stored in small batches together with the log of the requests, and is told.
//! A feed's mark of its version (ETag) is noted only once nothing that it listed is left to be fetched, so that the
//! next look sees the whole feed again until then.

mod database;
mod due;
mod lists;
mod looks;
mod queue;
mod report;
mod workers;

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::{Arc, Mutex};
use std::thread::available_parallelism;

use rapporteur::fetch::Manners;
use rapporteur_store::Packer;
use url::Url;

use self::database::Database;
use self::looks::{Looks, Rules};
use self::queue::Queue;
use self::workers::{Shared, Threads};
use crate::args::Collect;
use crate::inputs::{is_stdin, web_address};
use crate::{interrupt, models, panics, web};

/// A list that a person named.
#[derive(Clone, Debug)]
pub(crate) enum Named {
    Address(Url),
    File(PathBuf),
}

/// What the command line names; else what is wrong with it.
pub(crate) fn named(args: &Collect) -> Result<Vec<Named>, String> {
    if args.feeds.is_empty() {
        return Err(
            "no feeds are named: give addresses or an OPML file, or write `feeds = […]` under [collect] in the \
                    configuration file"
                .to_owned(),
        );
    }
    args.feeds.iter().map(|feed| one_named(feed)).collect()
}

fn one_named(feed: &Path) -> Result<Named, String> {
    match web_address(feed) {
        Some(address) => match Url::parse(address) {
            Ok(url) => Ok(Named::Address(without_fragment(url))),
            Err(error) => Err(format!("{address} is no address: {error}")),
        },
        None if is_stdin(feed) => Err("a list can't come from standard input; name a file or an address".to_owned()),
        None => Ok(Named::File(feed.to_owned())),
    }
}

fn without_fragment(mut url: Url) -> Url {
    url.set_fragment(None);
    url
}

/// Collects; returns whether all went well.
pub(crate) fn run(args: &Collect, named: Vec<Named>) -> anyhow::Result<bool> {
    let manners = Manners { attempts: 1, heeds_robots: true, ..Manners::default() };
    let patience = manners.patience.max(std::time::Duration::from_secs(args.fetching.delay.into()));
    let shared = Arc::new(Shared {
        queue: Queue::default(),
        polite: web::polite(&args.fetching, manners)?,
        patience,
        annotator: models::annotator(&args.model.name)?,
        packer: Mutex::new(Packer::default()),
        keeps_pages: !args.no_pages,
    });
    let every = args.every.filter(|_| !args.once);
    let rules = Rules {
        every,
        waits: args.wait || every.is_some(),
        since: args.since,
        recheck: args.recheck,
        limit: args.limit as usize,
    };
    panics::keep_quiet();
    interrupt::listen()?;
    let mut store = Database::new(&args.database.path, rules.waits);
    // Before anything is asked of anybody.
    store.open(&shared)?;
    let read = args.jobs.map_or_else(|| available_parallelism().map_or(1, NonZero::get), usize::from);
    let done = workers::start(&shared, Threads { fetch: args.connections.into(), read })?;
    let mut looks = Looks::new(&shared, done, store, named, rules, args.format);
    let ended = looks.run();
    shared.queue.close();
    let stopped = looks.stop();
    ended.and(stopped)?;
    let failed = looks.finish();
    if interrupt::asked() && rules.every.is_none() {
        process::exit(interrupt::STATUS.into());
    }
    Ok(!failed || rules.every.is_some())
}
