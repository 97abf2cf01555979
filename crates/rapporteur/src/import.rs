//! `rapporteur import`: pages, archives and data sets into the database.
//!
//! One thread goes through the files and hands out records that are not known yet (`sources`, `reader`), workers read and pack
//! them (`reading`), and this thread stores them in batches, each together with how far its source is done. What was
//! stored is never read again.

mod fields;
mod lines;
mod marks;
mod objects;
mod reader;
mod reading;
mod report;
mod sources;

use std::io::{self, Write};
use std::num::NonZero;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, available_parallelism};
use std::time::{Duration, Instant};
use std::{fmt, fs, mem, process};

use anyhow::{Context, anyhow};
use jiff::Zoned;
use rapporteur::pretty::visible;
use rapporteur_store::{Batch, Problem, Progress, Query, Skipped, Store};

use self::reading::{Manner, Outcome};
use self::report::Report;
use self::sources::{At, Met, Source, Sources, Told};
use crate::args::{FormName, Import, SummaryFormat};
use crate::inputs::{Failure, Input, files, is_stdin, web_address};
use crate::{interrupt, panics, pool};

/// Why a record gives no article.
#[derive(Debug)]
pub(crate) struct Bad {
    /// In a few words that many records have in common.
    pub(crate) kind: &'static str,
    /// What is wrong with this one.
    pub(crate) detail: String,
}

impl fmt::Display for Bad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind)?;
        if self.detail.is_empty() { Ok(()) } else { write!(f, ": {}", self.detail) }
    }
}

/// A batch is stored when it has so many records, or articles of so many bytes, or is so old. Each costs the writing of
/// all pages of the file that it touches, which are many more than it fills.
const MOST_RECORDS: usize = 512;
const MOST_BYTES: usize = 8 << 20;
const OLDEST: Duration = Duration::from_secs(5);

/// From so many new articles on the file is made compact, if it has at least doubled.
const COMPACT_FROM: u64 = 1000;

/// Why the inputs can't be imported, if the command itself is wrong.
pub(crate) fn check(args: &Import) -> Result<(), String> {
    if let Some(address) = args.inputs.iter().find_map(|path| web_address(path)) {
        return Err(format!("{address}: import reads files; `rapporteur collect` fetches from the web"));
    }
    if args.inputs.iter().filter(|path| is_stdin(path)).count() > 1 {
        return Err("`-` is given more than once, and standard input can be read only once".to_owned());
    }
    Ok(())
}

/// Reads the inputs into the database; returns whether all could be read.
pub(crate) fn run(args: &Import) -> anyhow::Result<bool> {
    interrupt::listen()?;
    panics::keep_quiet();
    let store = opened(args)?;
    let known = Store::open(store.path())?;
    let n_before = store.count_articles(&Query::default())?;
    let manner = Manner::new(args, store.packer())?;
    let input = |path: &PathBuf| Input { path: path.clone(), url: None, date: None, capture: None };
    let inputs: Vec<Input> = args.inputs.iter().map(input).collect();
    let n_threads = args.jobs.map_or_else(|| available_parallelism().map_or(1, NonZero::get), usize::from);
    let mut run = Run {
        store,
        manner: &manner,
        report: Report::new(n_bytes(&inputs)),
        pending: Pending::default(),
        n_before,
        is_strict: args.strict,
        is_stopped: false,
    };
    let own = own_files(run.store.path());
    let is_own = move |file: &Result<Input, Failure>| file.as_ref().is_ok_and(|file| is_one_of(&file.path, &own));
    let files = files(inputs).filter(move |file| !is_own(file));
    let sources = Sources::new(files, known, fingerprint(args), args.again, args.longest.n_bytes());
    let mut failed = None;
    pool::in_order_or_idle(
        sources,
        n_threads,
        |met: Met| (met.at, manner.outcome(met.what)),
        |next| {
            let step = next.map_or(Ok(()), |(at, outcome)| run.take(at, outcome)).and_then(|()| run.store_if_due());
            failed = step.err();
            if failed.is_none() && interrupt::asked() {
                // Not by the usual way out: a thread may wait for standard input that never comes.
                run.interrupted(args)
            }
            if failed.is_some() || run.is_stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        },
    )
    .context("cannot start a thread")?;
    match failed {
        None => run.finish(args),
        Some(error) => {
            run.report.end();
            Err(error)
        }
    }
}

/// The database, once nobody else writes it.
fn opened(args: &Import) -> anyhow::Result<Store> {
    let holder = format!("`rapporteur import` since {}", Zoned::now().strftime("%H:%M:%S"));
    let mut is_told = false;
    loop {
        match Store::open_to_write(&args.database.path, &holder) {
            Err(error) if matches!(error.problem, Problem::InUse(_)) => {
                if !args.wait {
                    return Err(anyhow!("{error}, or wait for it with --wait"));
                }
                if !mem::replace(&mut is_told, true) {
                    let _ = writeln!(io::stderr(), "{}", visible(&format!("waiting: {error}")));
                }
            }
            opened => return Ok(opened?),
        }
        if interrupt::asked() {
            process::exit(interrupt::STATUS.into());
        }
        thread::sleep(Duration::from_millis(200));
    }
}

/// What a record's reading hangs on besides its bytes; empty for what is usual.
fn fingerprint(args: &Import) -> String {
    let names = &args.fields;
    let form = (!matches!(args.form, FormName::Auto)).then(|| format!("{:?}", args.form));
    let options = [
        ("as", form),
        ("url", args.url.clone()),
        ("date", args.date.map(|date| date.to_string())),
        ("text-field", names.text_field.clone()),
        ("html-field", names.html_field.clone()),
        ("url-field", names.url_field.clone()),
        ("date-field", names.date_field.clone()),
        ("title-field", names.title_field.clone()),
        ("author-field", names.author_field.clone()),
        ("outlet-field", names.outlet_field.clone()),
    ];
    let given = options.into_iter().filter_map(|(name, value)| Some(format!("{name}={:?}", value?)));
    given.collect::<Vec<_>>().join(" ")
}

/// The database and what SQLite and the lock put beside it: no news, though they may lie in a folder of news.
fn own_files(database: &Path) -> Vec<PathBuf> {
    let beside = ["", "-wal", "-shm", "-journal", ".lock"].map(|ending| {
        let mut name = database.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    });
    beside.into_iter().filter_map(|path| fs::canonicalize(path).ok()).collect()
}

fn is_one_of(path: &Path, files: &[PathBuf]) -> bool {
    let is_named_so = |file: &PathBuf| file.file_name() == path.file_name();
    files.iter().any(is_named_so) && fs::canonicalize(path).is_ok_and(|path| files.contains(&path))
}

/// Bytes of all inputs, if that can be known.
fn n_bytes(inputs: &[Input]) -> Option<u64> {
    if inputs.iter().any(|input| is_stdin(&input.path)) {
        return None;
    }
    let sizes = files(inputs.to_vec()).flatten().filter_map(|file| fs::metadata(file.path).ok());
    Some(sizes.map(|data| data.len()).sum())
}

/// One run, on the thread that stores.
struct Run<'a> {
    store: Store,
    manner: &'a Manner,
    report: Report,
    pending: Pending,
    /// Articles that were there when it began.
    n_before: u64,
    is_strict: bool,
    is_stopped: bool,
}

/// What is to be stored next.
#[derive(Default)]
struct Pending {
    batch: Batch,
    /// What it is of; pages that are a file each may be of others besides.
    source: Option<Arc<Source>>,
    /// Records of the source that were done before, and with this.
    from: u64,
    position: u64,
    n_records: usize,
    n_bytes: usize,
    /// Bytes of all inputs that are done with it.
    n_bytes_read: u64,
    since: Option<Instant>,
}

impl Run<'_> {
    fn take(&mut self, at: At, outcome: Outcome) -> anyhow::Result<()> {
        self.report.at(at.n_bytes);
        let is_other = self.pending.source.as_ref().is_some_and(|source| !Arc::ptr_eq(source, &at.source));
        let is_marked = |source: &Arc<Source>| source.mark.is_some();
        if is_other && (is_marked(&at.source) || self.pending.source.as_ref().is_some_and(is_marked)) {
            self.store(false)?;
        }
        let pending = &mut self.pending;
        if pending.source.as_ref().is_none_or(|source| !Arc::ptr_eq(source, &at.source)) {
            (pending.from, pending.position) = (at.source.from, at.source.from);
            pending.source = Some(at.source.clone());
        }
        if let Outcome::Bad(bad) = &outcome {
            self.report.bad(&at.source, at.place, bad);
            self.is_stopped |= self.is_strict;
            if self.is_stopped {
                return Ok(());
            }
        }
        let pending = &mut self.pending;
        (pending.position, pending.n_bytes_read) = (pending.position.max(at.place.n_done()), at.n_bytes);
        match outcome {
            Outcome::Entry(entry) => {
                pending.n_bytes += entry.n_bytes();
                pending.batch.entries.push(*entry);
            }
            Outcome::Known => pending.batch.n_known += 1,
            Outcome::Bad(bad) => {
                let (source, position) = (at.source.name.clone(), at.place.position());
                pending.batch.skipped.push(Skipped { source, position, reason: bad.to_string() });
            }
            Outcome::NoPage(reason) => self.report.not_pages(&[(reason, 1)].into()),
            Outcome::Told(told) => return self.told(told),
        }
        let pending = &mut self.pending;
        pending.n_records += 1;
        pending.since.get_or_insert_with(Instant::now);
        Ok(())
    }

    fn told(&mut self, told: Told) -> anyhow::Result<()> {
        match told {
            Told::Unchanged(import) => {
                self.report.counts.known += import.n_added + import.n_known;
                self.report.counts.unchanged += 1;
            }
            Told::End { not_pages, is_whole } => {
                self.report.not_pages(&not_pages);
                if self.pending.source.as_ref().is_some_and(|source| source.mark.is_some()) {
                    self.store(is_whole)?;
                }
            }
            Told::Broken(error) => return Err(error.into()),
        }
        Ok(())
    }

    fn store_if_due(&mut self) -> anyhow::Result<()> {
        let pending = &self.pending;
        let is_due = pending.n_records >= MOST_RECORDS
            || pending.n_bytes >= MOST_BYTES
            || pending.since.is_some_and(|since| since.elapsed() >= OLDEST);
        if is_due { self.store(false) } else { Ok(()) }
    }

    /// Stores what is pending; with `finished`, its source was read to its end.
    fn store(&mut self, finished: bool) -> anyhow::Result<()> {
        let Pending { mut batch, source, from, position, n_records, n_bytes_read, .. } = mem::take(&mut self.pending);
        let Some(source) = source else { return Ok(()) };
        if n_records == 0 && !finished {
            (self.pending.source, self.pending.from, self.pending.position) = (Some(source), from, position);
            return Ok(());
        }
        batch.progress = source.mark.as_ref().map(|mark| Progress {
            source: source.name.clone(),
            n_bytes: mark.n_bytes,
            modified: mark.changed.clone(),
            hash: None,
            from,
            position,
            finished,
        });
        let was_trained = self.store.packer().is_trained();
        let put = self.store.put_batch(&batch)?;
        if !was_trained && self.store.packer().is_trained() {
            self.manner.pack_with(self.store.packer());
        }
        (self.pending.source, self.pending.from, self.pending.position) = (Some(source), position, position);
        self.report.counts.known += batch.n_known;
        self.report.counts.add(&put);
        self.report.stored(n_bytes_read);
        Ok(())
    }

    /// Stores the rest and prints the summary; returns whether all could be read.
    fn finish(mut self, args: &Import) -> anyhow::Result<bool> {
        self.store(false)?;
        self.report.busy("linking people");
        self.store.link()?;
        let added = self.report.counts.added;
        if added >= COMPACT_FROM.max(self.n_before) {
            self.report.busy("making the file compact");
            // It is whole without that: where there is no room for it, it stays as it is.
            let _ = self.store.compact();
        }
        self.close(args, !self.is_stopped)?;
        if self.is_stopped {
            self.report.say("stopped at the first record that can't be read, as --strict has it; the same command begins with it again");
        }
        Ok(self.report.counts.n_bad() == 0)
    }

    fn interrupted(&mut self, args: &Import) -> ! {
        let done = self.store(false).and_then(|()| self.close(args, false));
        match done {
            Ok(()) => {
                self.report.say("interrupted; what is counted above is stored, and the same command goes on from there")
            }
            Err(error) => self.report.say(&format!("rapporteur: {error:#}")),
        }
        process::exit(interrupt::STATUS.into())
    }

    fn close(&mut self, args: &Import, is_whole: bool) -> anyhow::Result<()> {
        self.store.settle()?;
        self.report.end();
        let summary = match args.format {
            SummaryFormat::Table => self.report.table(),
            SummaryFormat::Json => self.report.json(is_whole),
        };
        // Nobody may want to know.
        let _ = io::stdout().write_all(summary.as_bytes()).and_then(|()| io::stdout().flush());
        Ok(())
    }
}
