//! `rapporteur read`: pages in, readings out.

use std::io;
use std::num::NonZero;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::available_parallelism;

use anyhow::Context;
use rapporteur::annotate::Annotator;
use rapporteur::extract::Form;
use rapporteur::pretty::{Paper, pretty, visible};
use rapporteur::record::{Document, Offsets};

use crate::args::{Format, Read};
use crate::inputs::{Failure, Input, files, is_folder, is_stdin};
use crate::print::Printer;
use crate::progress::Progress;
use crate::web::Web;
use crate::{load, models, panics, paper, pool};

/// How each input is read and printed.
struct Manner {
    annotator: Annotator,
    web: Web,
    /// Statements under this are left out.
    least_confidence: Option<f32>,
    form: Form,
    format: Format,
    offsets: Offsets,
    paper: Paper,
    /// Whether there may be several files: then a reading for people says which one it is of.
    many: bool,
}

impl Manner {
    fn new(args: &Read, inputs: &[Input]) -> anyhow::Result<Self> {
        Ok(Manner {
            annotator: models::annotator(&args.model.name)?,
            web: Web::new(&args.fetching, inputs)?,
            least_confidence: args.min_confidence,
            form: args.form.into(),
            format: args.format,
            offsets: args.offsets.into(),
            paper: paper::on_stdout(args.color),
            many: inputs.len() > 1 || inputs.iter().any(|input| is_folder(&input.path)),
        })
    }
}

/// Reads `inputs` and prints the readings; returns whether all could be read.
pub(crate) fn run(args: &Read, inputs: Vec<Input>) -> anyhow::Result<bool> {
    let manner = Manner::new(args, &inputs)?;
    let n_threads = args.jobs.map_or_else(|| available_parallelism().map_or(1, NonZero::get), usize::from);
    panics::keep_quiet();
    let mut progress = Progress::new(&inputs, manner.many, args.format);
    let mut printer = Printer::new(io::stdout().lock(), args.format);
    let mut written = Ok(());
    let work = |file: Result<Input, Failure>| file.and_then(|input| outcome(&input, &manner));
    pool::in_order(files(inputs), n_threads, work, |outcome| {
        match outcome {
            Ok(reading) => {
                progress.read();
                written = printer.print(&reading);
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

/// What the arguments say of each input; else why they can't be paired up.
pub(crate) fn paired(args: &Read) -> Result<Vec<Input>, String> {
    let n_inputs = args.inputs.len();
    if args.inputs.iter().filter(|path| is_stdin(path)).count() > 1 {
        return Err("`-` is given more than once, and standard input can be read only once".to_owned());
    }
    check_count("--url", args.urls.len(), n_inputs)?;
    check_count("--date", args.dates.len(), n_inputs)?;
    let urls: Vec<Arc<str>> = args.urls.iter().map(|url| url.as_str().into()).collect();
    let input = |(at, path): (usize, &PathBuf)| Input {
        path: path.clone(),
        url: of_input(&urls, at).cloned(),
        date: of_input(&args.dates, at).copied(),
    };
    Ok(args.inputs.iter().enumerate().map(input).collect())
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

fn outcome(input: &Input, manner: &Manner) -> Result<String, Failure> {
    let reading = panics::caught(|| reading(input, manner)).and_then(|reading| reading);
    reading.map_err(|reason| Failure { path: input.path.clone(), reason })
}

fn reading(input: &Input, manner: &Manner) -> Result<String, String> {
    let mut document = manner.annotator.annotate(load::article(input, manner.form, &manner.web)?);
    if let Some(least) = manner.least_confidence {
        document.retain_confident(least);
    }
    Ok(printed(&document, &input.path, manner))
}

/// The reading as it is printed, without a line end at its end.
fn printed(document: &Document, path: &Path, manner: &Manner) -> String {
    match manner.format {
        Format::Jsonl => document.to_json(manner.offsets),
        Format::Json => document.to_json_pretty(manner.offsets).replace('\n', "\n  "),
        Format::Pretty => {
            let name =
                if manner.many { format!("== {} ==\n", visible(&path.to_string_lossy())) } else { String::new() };
            name + pretty(document, manner.paper).trim_end()
        }
    }
}
