//! What standard output is: how wide, and whether it shows colours.

use std::env;
use std::io::{self, IsTerminal};

use rapporteur::pretty::{Paper, USUAL_WIDTH};

use crate::args::When;

/// The paper that standard output is.
pub(crate) fn on_stdout(color: When) -> Paper {
    let colours = match color {
        When::Always => true,
        When::Never => false,
        When::Auto => {
            io::stdout().is_terminal() && !is_set("NO_COLOR") && env::var_os("TERM").is_none_or(|term| term != "dumb")
        }
    };
    Paper { width: width(), colours }
}

/// `COLUMNS` if it is a number, else what the terminal says.
fn width() -> usize {
    let columns = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let terminal = || terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0));
    columns.or_else(terminal).unwrap_or(USUAL_WIDTH)
}

fn is_set(variable: &str) -> bool {
    env::var_os(variable).is_some_and(|value| !value.is_empty())
}
