//! `rapporteur export`: the record as tables in files.

use std::io::{self, IsTerminal, Write};
use std::ops::ControlFlow;
use std::process;
use std::time::Instant;

use anyhow::Context;
use indicatif::{HumanBytes, HumanCount, HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};
use rapporteur::pretty::{Column, grid, visible};
use rapporteur_store::Query;
use rapporteur_store::export::{Exported, NO_PARQUET, Options, Step};

use crate::args::{Export, When};
use crate::{find, interrupt, paper, who};

/// The options that were typed; else what is wrong with them.
pub(crate) fn options(args: &Export) -> Result<Options, String> {
    let mut query = find::joined(&args.query).trim().to_owned();
    for (field, day) in [("since", &args.since), ("until", &args.until)] {
        if let Some(day) = day {
            Query::default().set(field, day).map_err(|error| error.to_string())?;
            query = format!("{query} {field}:\"{day}\"").trim_start().to_owned();
        }
    }
    Query::parse(&query).map_err(|error| error.to_string())?;
    Ok(Options { format: args.format.into(), offsets: args.offsets.into(), query, overwrite: args.overwrite })
}

/// Writes the tables; returns whether every article could be read.
pub(crate) fn run(args: &Export, options: &Options) -> anyhow::Result<bool> {
    if !options.format.is_built() {
        anyhow::bail!("{NO_PARQUET}");
    }
    let store = who::linked(&args.database.path, "export")?;
    interrupt::listen()?;
    let (begun, mut bar) = (Instant::now(), Bar::default());
    let exported = store.export(&args.folder, options, |step| {
        bar.see(step);
        if interrupt::asked() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    bar.end();
    let Some(exported) = exported? else {
        say("interrupted; the folder is as it was before");
        process::exit(interrupt::STATUS.into())
    };
    if exported.is_empty() {
        let what = if options.query.is_empty() { "the database is empty" } else { "the query finds no article" };
        say(&format!("{what}: there are no tables"));
    }
    if exported.n_damaged > 0 {
        let n = HumanCount(exported.n_damaged);
        say(&format!("{n} articles are damaged and left out: `rapporteur check` tells more"));
    }
    match io::stdout().write_all(summary(args, &exported, begun).as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        written => written.context("standard output")?,
    }
    Ok(exported.n_damaged == 0)
}

fn summary(args: &Export, exported: &Exported, begun: Instant) -> String {
    let files = &exported.files;
    let counts = exported.n_rows.iter().map(|(table, n)| vec![(*table).to_owned(), HumanCount(*n).to_string()]);
    let columns = [Column { heading: "Table", number: false }, Column { heading: "Rows", number: true }];
    let tables = match exported.is_empty() {
        true => String::new(),
        false => grid(&columns, &counts.collect::<Vec<_>>(), paper::on_stdout(When::Auto)) + "\n",
    };
    let count = |n: usize| HumanCount(n as u64);
    format!(
        "{tables}{}: {}; {} files written, {} unchanged, {} removed, in {}\n",
        visible(&args.folder.display().to_string()),
        HumanBytes(files.n_bytes),
        count(files.n_written),
        count(files.n_same),
        count(files.n_removed),
        HumanDuration(begun.elapsed()),
    )
}

/// How far it is, where somebody is looking.
#[derive(Default)]
struct Bar(Option<ProgressBar>);

impl Bar {
    fn see(&mut self, step: Step) {
        match step {
            Step::Done(n_done, n_all) => {
                if self.0.is_none() && io::stderr().is_terminal() {
                    self.0 = Some(bar(n_all));
                }
                self.0.iter().for_each(|bar| bar.set_position(n_done));
            }
            Step::Damaged(what) => match &self.0 {
                Some(bar) => bar.suspend(|| say(&what)),
                None => say(&what),
            },
        }
    }

    fn end(&self) {
        self.0.iter().for_each(ProgressBar::finish_and_clear);
    }
}

fn bar(n_articles: u64) -> ProgressBar {
    let look = "{wide_bar} {human_pos} of {human_len} articles, {eta} left";
    let style = ProgressStyle::with_template(look).expect("the template is right, or its test would fail");
    ProgressBar::with_draw_target(Some(n_articles), ProgressDrawTarget::stderr()).with_style(style)
}

/// One line for people. Nobody may be listening any more, which is no reason to stop.
fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{}", visible(line));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_look_of_the_bar_is_right() {
        bar(7).finish_and_clear();
    }
}
