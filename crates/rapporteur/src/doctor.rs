//! `rapporteur doctor`: whether everything is in order, and what to do where it is not.

mod database;
mod machine;

use std::io::{self, Write};

use anyhow::Context;
use rapporteur::pretty::visible;
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use crate::args::{Doctor, DoctorFormat};
use crate::settings::Settings;

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Well,
    /// It may do harm.
    Doubtful,
    /// It does not work.
    Bad,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            State::Well => "ok",
            State::Doubtful => "warn",
            State::Bad => "fail",
        }
    }
}

/// What was looked at, and what was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Finding {
    what: &'static str,
    state: State,
    /// What was seen, and where it is not well, what to do.
    seen: String,
}

fn well(what: &'static str, seen: impl Into<String>) -> Finding {
    Finding { what, state: State::Well, seen: seen.into() }
}

fn doubtful(what: &'static str, seen: impl Into<String>) -> Finding {
    Finding { what, state: State::Doubtful, seen: seen.into() }
}

fn bad(what: &'static str, seen: impl Into<String>) -> Finding {
    Finding { what, state: State::Bad, seen: seen.into() }
}

/// Looks at everything and tells; returns whether nothing fails.
pub(crate) fn run(args: &Doctor, settings: &Settings) -> anyhow::Result<bool> {
    let mut told = Telling { format: args.format, objects: Vec::new(), n_bad: 0, n_doubtful: 0 };
    machine::look(settings, &args.model.name, &mut |finding| told.tell(finding))?;
    database::look(&args.database.path, args.quick, &mut |finding| told.tell(finding))?;
    told.finish()
}

/// What hears of each finding as soon as it is made.
type Hear<'a> = &'a mut dyn FnMut(Finding) -> anyhow::Result<()>;

struct Telling {
    format: DoctorFormat,
    objects: Vec<Value>,
    n_bad: usize,
    n_doubtful: usize,
}

/// The widest name of what is looked at, in columns.
const WIDEST: usize = 13;

impl Telling {
    fn tell(&mut self, finding: Finding) -> anyhow::Result<()> {
        self.n_bad += usize::from(finding.state == State::Bad);
        self.n_doubtful += usize::from(finding.state == State::Doubtful);
        let Finding { what, state, seen } = finding;
        match self.format {
            DoctorFormat::Json => self.objects.push(json!({"what": what, "state": state.word(), "seen": seen})),
            DoctorFormat::Table => {
                let padding = " ".repeat(WIDEST.saturating_sub(what.width()));
                say(&format!("{:<4}  {what}{padding}  {}", state.word(), visible(&seen)))?;
            }
        }
        Ok(())
    }

    fn finish(self) -> anyhow::Result<bool> {
        match self.format {
            DoctorFormat::Json => say(&format!("{:#}", Value::Array(self.objects)))?,
            DoctorFormat::Table => {
                let counted = |n: usize, one: &str, many: &str| match n {
                    1 => format!("1 {one}"),
                    n => format!("{n} {many}"),
                };
                let (failures, warnings) =
                    (counted(self.n_bad, "failure", "failures"), counted(self.n_doubtful, "warning", "warnings"));
                say(&match (self.n_bad, self.n_doubtful) {
                    (0, 0) => "all is well".to_owned(),
                    (0, _) => warnings,
                    (_, 0) => failures,
                    _ => format!("{failures}, {warnings}"),
                })?;
            }
        }
        Ok(self.n_bad == 0)
    }
}

fn say(line: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    match writeln!(out, "{line}").and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("standard output"),
    }
}

/// "1.2 GB"
fn bytes(n: u64) -> String {
    match n {
        1_000_000_000.. => format!("{:.1} GB", n as f64 / 1e9),
        1_000_000.. => format!("{:.1} MB", n as f64 / 1e6),
        1_000.. => format!("{:.1} kB", n as f64 / 1e3),
        n => format!("{n} bytes"),
    }
}
