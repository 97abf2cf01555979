//! Many inputs, each of which becomes something that is printed.

use std::io;
use std::num::NonZero;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::available_parallelism;

use anyhow::Context;
use rapporteur::record::Moment;

use crate::archives::{is_archive, pages};
use crate::inputs::{Failure, Input, files, is_folder, is_stdin};
use crate::print::{Between, Printer};
use crate::progress::Progress;
use crate::{panics, pool};

/// How the inputs are gone through.
pub(crate) struct Run {
    pub(crate) n_threads: usize,
    pub(crate) between: Between,
    /// Whether people read what is printed, perhaps in a pager.
    pub(crate) for_people: bool,
}

/// Works on the files behind `inputs`, and the pages of archives among them, each of at most `max_page` bytes, and prints what comes out, in their order, where anything does; returns whether
/// all went well.
pub(crate) fn run(
    inputs: Vec<Input>,
    max_page: u64,
    run: &Run,
    work: impl Fn(&Input) -> Result<Option<String>, String> + Sync,
) -> anyhow::Result<bool> {
    panics::keep_quiet();
    let mut progress = Progress::new(&inputs, may_be_many(&inputs), run.for_people);
    let mut printer = Printer::new(io::stdout().lock(), run.between);
    let mut written = Ok(());
    let work = |file: Result<Input, Failure>| file.and_then(|input| outcome(input, &work));
    pool::in_order(pages(files(inputs), max_page), run.n_threads, work, |outcome| {
        match outcome {
            Ok(out) => {
                progress.read();
                written = out.map_or(Ok(()), |out| printer.print(&out));
            }
            Err(failure) => progress.failed(&failure),
        }
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })
    .context("cannot start a thread")?;
    let written = written.and_then(|()| printer.finish());
    let failed = progress.finish();
    match written {
        // `| head` has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(true),
        written => written.map(|()| !failed).context("standard output"),
    }
}

fn outcome(input: Input, work: impl Fn(&Input) -> Result<Option<String>, String>) -> Result<Option<String>, Failure> {
    let done = panics::caught(|| work(&input)).and_then(|done| done);
    done.map_err(|reason| Failure { path: input.name().into(), reason })
}

/// How many threads `--jobs` stands for.
pub(crate) fn n_threads(jobs: Option<u16>) -> usize {
    jobs.map_or_else(|| available_parallelism().map_or(1, NonZero::get), usize::from)
}

/// Whether there may be several files behind the inputs.
pub(crate) fn may_be_many(inputs: &[Input]) -> bool {
    inputs.len() > 1 || inputs.iter().any(|input| is_folder(&input.path) || is_archive(&input.path))
}

/// What the arguments say of each input; else why they can't be paired up.
pub(crate) fn paired(paths: &[PathBuf], urls: &[String], dates: &[Moment]) -> Result<Vec<Input>, String> {
    let n_inputs = paths.len();
    if paths.iter().filter(|path| is_stdin(path)).count() > 1 {
        return Err("`-` is given more than once, and standard input can be read only once".to_owned());
    }
    check_count("--url", urls.len(), n_inputs)?;
    check_count("--date", dates.len(), n_inputs)?;
    let urls: Vec<Arc<str>> = urls.iter().map(|url| url.as_str().into()).collect();
    let input = |(at, path): (usize, &PathBuf)| Input {
        path: path.clone(),
        url: of_input(&urls, at).cloned(),
        date: of_input(dates, at).copied(),
        capture: None,
    };
    Ok(paths.iter().enumerate().map(input).collect())
}

fn check_count(option: &str, n_given: usize, n_inputs: usize) -> Result<(), String> {
    if n_given <= 1 || n_given == n_inputs {
        return Ok(());
    }
    Err(format!("{option} is given {n_given} times for {n_inputs} inputs: give it once for all, or once for each"))
}

/// What is given once holds for all inputs.
fn of_input<T>(given: &[T], at: usize) -> Option<&T> {
    if given.len() == 1 { given.first() } else { given.get(at) }
}
