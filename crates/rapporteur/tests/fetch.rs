//! The fetcher against servers that misbehave, and against addresses that no page should be fetched from.

#[path = "fetch/polite.rs"]
mod polite;
#[path = "fetch/reach.rs"]
mod reach;
#[path = "support/server.rs"]
mod server;
#[path = "fetch/whole.rs"]
mod whole;

use std::time::Duration;

use rapporteur::fetch::{Answer, Client, Error, Known, Options, Page, Reach, Reason, Via};

/// Fetches from anywhere, quickly, unswayed by the environment of the tests.
fn options() -> Options {
    Options {
        via: Via::Direct,
        reach: Reach { private: true, also: Vec::new() },
        deadline: Duration::from_secs(10),
        connect: Duration::from_secs(5),
        read: Duration::from_secs(5),
        ..Options::default()
    }
}

fn client(options: Options) -> Client {
    Client::new(options).unwrap()
}

fn get(options: Options, url: &str) -> Result<Page, Error> {
    match client(options).get(url, &Known::default())? {
        Answer::Page(page) => Ok(page),
        Answer::NotModified => panic!("nothing was known of {url}"),
    }
}

/// Why nothing was fetched.
fn reason(options: Options, url: &str) -> Reason {
    match get(options, url) {
        Ok(page) => panic!("{url}: fetched {} bytes", page.bytes.len()),
        Err(error) => error.reason,
    }
}
