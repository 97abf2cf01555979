//! How far a long run has come, on standard error, and what went wrong on the way.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rapporteur::pretty::visible;

use crate::archives::is_archive;
use crate::inputs::{Failure, Input, is_folder, web_address};

/// Counts what was read, and shows it where somebody is looking.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    /// Whether the bar is about one page on its way, and has to go before its reading comes.
    is_fetch: bool,
    n_read: usize,
    n_failed: usize,
    /// How many pages hold no article, by what they are instead.
    without: BTreeMap<String, usize>,
}

/// What the reason of a failure begins with where the page holds no article.
const NO_ARTICLE: &str = "no article: ";

impl Progress {
    /// The bar is shown on a terminal, and not where a reader would have it among the readings: on the same terminal,
    /// or, if they are for people, in a pager.
    pub(crate) fn new(inputs: &[Input], many: bool, for_people: bool) -> Self {
        let apart = !for_people && !io::stdout().is_terminal();
        let fetched = if many { None } else { inputs.first().and_then(|input| web_address(&input.path)) };
        let bar = match fetched {
            _ if !io::stderr().is_terminal() => None,
            Some(address) => Some(fetch(address)),
            None => (many && apart).then(|| bar(inputs)),
        };
        Progress { bar, is_fetch: fetched.is_some(), n_read: 0, n_failed: 0, without: BTreeMap::new() }
    }

    pub(crate) fn read(&mut self) {
        self.n_read += 1;
        self.bar.iter().for_each(|bar| if self.is_fetch { bar.finish_and_clear() } else { bar.inc(1) });
    }

    pub(crate) fn failed(&mut self, failure: &Failure) {
        self.n_failed += 1;
        if let Some(what) = failure.reason.strip_prefix(NO_ARTICLE) {
            *self.without.entry(what.to_owned()).or_default() += 1;
        }
        self.bar.iter().for_each(|bar| bar.inc(1));
        self.say(&format!("{}: {}", failure.path.display(), failure.reason));
    }

    /// Ends the bar and says how much failed; returns whether anything did.
    pub(crate) fn finish(self) -> bool {
        self.bar.iter().for_each(ProgressBar::finish_and_clear);
        let n_inputs = self.n_read + self.n_failed;
        if self.n_failed > 0 && n_inputs > 1 {
            self.say(&format!("{} of {n_inputs} inputs failed{}", self.n_failed, self.told_without()));
        }
        self.n_failed > 0
    }

    /// "; 2 without an article: a list of articles (1), an error page (1)"
    fn told_without(&self) -> String {
        if self.without.is_empty() {
            return String::new();
        }
        let parts: Vec<String> = self.without.iter().map(|(what, count)| format!("{what} ({count})")).collect();
        format!("; {} without an article: {}", self.without.values().sum::<usize>(), parts.join(", "))
    }

    /// Prints one line. Nobody may be listening any more, which is no reason to stop.
    fn say(&self, line: &str) {
        let print = || drop(writeln!(io::stderr(), "{}", visible(line)));
        match &self.bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }
}

/// With a folder or an archive among the inputs nobody knows how many files there are.
fn bar(inputs: &[Input]) -> ProgressBar {
    let counted = !inputs.iter().any(|input| is_folder(&input.path) || is_archive(&input.path));
    let (length, look) = if counted {
        (Some(inputs.len() as u64), "{wide_bar} {human_pos} of {human_len} read, {eta} left")
    } else {
        (None, "{spinner} {human_pos} read in {elapsed}")
    };
    let style = ProgressStyle::with_template(look).expect("the template is right, or its test would fail");
    ProgressBar::with_draw_target(length, ProgressDrawTarget::stderr()).with_style(style)
}

/// One line, for as long as a page is on its way.
fn fetch(address: &str) -> ProgressBar {
    let style =
        ProgressStyle::with_template("fetching {wide_msg}").expect("the template is right, or its test would fail");
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()).with_style(style);
    bar.set_message(visible(address).into_owned());
    bar.tick();
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_looks_of_the_bar_are_right() {
        fetch("https://news.example/").finish_and_clear();
        for path in [".", "page.html"] {
            bar(&[Input { path: path.into(), url: None, date: None, capture: None }]).finish_and_clear();
        }
    }
}
