//! The threads that fetch and that read. They end when the queue is closed; when the program ends before that, nothing
//! that they still hold was reported as done.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Builder;
use std::time::Duration;

use anyhow::Context;
use jiff::Timestamp;
use rapporteur::annotate::Annotator;
use rapporteur::extract::feeds::Entry as Said;
use rapporteur::extract::{self, Form};
use rapporteur::fetch::{Answer, Error, Page, Polite, Reason};
use rapporteur::record::{Article, Moment, ParseMomentError};
use rapporteur_store::{Entry, Fetch, Packer};

use super::lists::{self, Listed};
use super::queue::{Queue, Task};
use crate::panics::caught;
use crate::web;

/// The stack of a reader, in bytes.
const STACK: usize = 8 << 20;

/// What the threads share.
pub(super) struct Shared {
    pub(super) queue: Queue,
    pub(super) polite: Polite,
    pub(super) patience: Duration,
    pub(super) annotator: Annotator,
    /// The newest of the database.
    pub(super) packer: Mutex<Packer>,
    pub(super) keeps_pages: bool,
}

/// How many threads fetch, and how many read.
#[derive(Clone, Copy)]
pub(super) struct Threads {
    pub(super) fetch: usize,
    pub(super) read: usize,
}

/// What came of a task.
pub(super) struct Done {
    pub(super) task: Task,
    pub(super) outcome: Outcome,
    /// What is to be noted of the request.
    pub(super) fetch: Fetch,
    /// When it was taken up.
    pub(super) started: Timestamp,
    pub(super) n_bytes: u64,
}

/// What came of asking.
pub(super) enum Outcome {
    List(Listed),
    Page(Box<Entry>),
    NotModified,
    Failed(Failed),
}

/// Why there is neither page nor list.
pub(super) struct Failed {
    pub(super) reason: String,
    pub(super) kind: FailedKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum FailedKind {
    /// It may go well in a moment.
    Shortly,
    /// It may go well another time.
    Later,
    /// The host wants to be left alone, and was not asked.
    Resting,
    /// It will not go well.
    ForGood,
}

/// A page on its way to be read: what is known of its request, and the page.
type Fetched = (Asked, Page);

/// A request that was answered.
struct Asked {
    task: Task,
    fetch: Fetch,
    started: Timestamp,
}

impl Asked {
    fn done(self, outcome: Outcome, n_bytes: usize) -> Done {
        let Asked { task, fetch, started } = self;
        Done { task, outcome, fetch, started, n_bytes: n_bytes as u64 }
    }

    fn failed(mut self, reason: String, kind: FailedKind, n_bytes: usize) -> Done {
        self.fetch.error = Some(reason.clone());
        self.done(Outcome::Failed(Failed { reason, kind }), n_bytes)
    }
}

/// Starts the threads; what they have done comes out of the channel.
pub(super) fn start(shared: &Arc<Shared>, threads: Threads) -> anyhow::Result<Receiver<Done>> {
    let (give, pages) = sync_channel::<Fetched>(threads.read);
    let (tell, done) = sync_channel(threads.fetch + threads.read);
    let pages = Arc::new(Mutex::new(pages));
    for _ in 0..threads.fetch {
        let (shared, give, tell) = (shared.clone(), give.clone(), tell.clone());
        Builder::new().spawn(move || fetch(&shared, &give, &tell)).context("cannot start a thread")?;
    }
    for _ in 0..threads.read {
        let (shared, pages, tell) = (shared.clone(), pages.clone(), tell.clone());
        let reader = Builder::new().stack_size(STACK);
        reader.spawn(move || read(&shared, &pages, &tell)).context("cannot start a thread")?;
    }
    Ok(done)
}

fn fetch(shared: &Shared, give: &SyncSender<Fetched>, tell: &SyncSender<Done>) {
    while let Some(mut task) = shared.queue.next(&shared.polite, shared.patience) {
        task.n_tries += 1;
        let started = Timestamp::now();
        let answer = caught(|| match task.named {
            true => shared.polite.get_named(task.url.as_str(), &task.known),
            false => shared.polite.get(task.url.as_str(), &task.known),
        });
        shared.queue.done(&task);
        let fetch = Fetch { url: task.url.to_string(), at: now(), ..Fetch::default() };
        let mut asked = Asked { task, fetch, started };
        let sent = match answer {
            Ok(Ok(Answer::Page(page))) => {
                asked.fetch.status = Some(page.status);
                (asked.fetch.etag, asked.fetch.last_modified) = (page.etag.clone(), page.last_modified.clone());
                match asked.task.entry {
                    Some(_) => give.send((asked, page)).is_ok(),
                    None => tell.send(listed(asked, &page)).is_ok(),
                }
            }
            Ok(Ok(Answer::NotModified)) => {
                let known = asked.task.known.clone();
                asked.fetch =
                    Fetch { status: Some(304), etag: known.etag, last_modified: known.last_modified, ..asked.fetch };
                tell.send(asked.done(Outcome::NotModified, 0)).is_ok()
            }
            Ok(Err(error)) => {
                if let Reason::Status { status, .. } = error.reason {
                    asked.fetch.status = Some(status);
                }
                tell.send(asked.failed(web::with_advice(&error), kind(&error), 0)).is_ok()
            }
            Err(reason) => tell.send(asked.failed(reason, FailedKind::ForGood, 0)).is_ok(),
        };
        if !sent {
            return;
        }
    }
}

/// To the millisecond, which is more than feeds tell.
fn now() -> String {
    let now = Timestamp::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now).to_string()
}

fn kind(error: &Error) -> FailedKind {
    match &error.reason {
        reason if reason.is_transient() => FailedKind::Shortly,
        Reason::Resting(_) => FailedKind::Resting,
        Reason::NoSuchHost(_) | Reason::Connect(_) | Reason::Tls(_) | Reason::RobotsUnknown(_) => FailedKind::Later,
        _ => FailedKind::ForGood,
    }
}

fn listed(asked: Asked, page: &Page) -> Done {
    let content_type = page.charset.as_ref().map(|charset| format!("text/xml; charset={charset}"));
    let listed = caught(|| lists::read(&page.bytes, Some(&page.url), content_type.as_deref()));
    match listed.and_then(|listed| listed) {
        Ok(listed) => asked.done(Outcome::List(listed), page.bytes.len()),
        Err(reason) => asked.failed(reason, FailedKind::ForGood, page.bytes.len()),
    }
}

fn read(shared: &Shared, pages: &Mutex<Receiver<Fetched>>, tell: &SyncSender<Done>) {
    loop {
        let page = pages.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((mut asked, page)) = page else { return };
        let entry = caught(|| entry(shared, &asked, &page)).and_then(|entry| entry);
        let n_bytes = page.bytes.len();
        let done = match entry {
            Ok(entry) => {
                asked.fetch.article = Some(entry.document().article.id.clone());
                asked.done(Outcome::Page(Box::new(entry)), n_bytes)
            }
            Err(reason) => asked.failed(reason, FailedKind::ForGood, n_bytes),
        };
        if tell.send(done).is_err() {
            return;
        }
    }
}

/// The reading of a page, ready to be stored.
fn entry(shared: &Shared, asked: &Asked, page: &Page) -> Result<Entry, String> {
    let is_html =
        page.content_type.as_deref().is_some_and(|kind| matches!(kind, "text/html" | "application/xhtml+xml"));
    let form = if is_html { Form::Html } else { Form::Auto };
    let (url, charset) = (Some(page.url.as_str()), page.charset.as_deref());
    let known = extract::Page { bytes: &page.bytes, form, url, charset, ..extract::Page::default() };
    let mut article = extract::article(&known).map_err(|error| error.to_string())?;
    if article.text.trim().is_empty() {
        return Err(format!("no article: {}", extract::NoArticle::Empty));
    }
    if let Some(said) = &asked.task.entry {
        fill(&mut article, said);
    }
    let document = shared.annotator.annotate(article);
    let packer = shared.packer.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let entry = packer.pack(document, shared.keeps_pages.then_some(&page.bytes));
    let at: Moment = asked.fetch.at.parse().map_err(|error: ParseMomentError| error.to_string())?;
    Ok(entry.seen(at))
}

/// What the feed says, where the page says nothing.
fn fill(article: &mut Article, said: &Said) {
    article.title = article.title.take().or_else(|| said.title.clone());
    article.published = article.published.or(said.published);
    if article.byline.is_empty() {
        article.byline.clone_from(&said.authors);
    }
}
