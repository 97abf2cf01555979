//! Ctrl-C, and what else asks the program to end: noted, so that work ends at a good place.

use std::process;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;

/// The status of a run that was stopped.
pub(crate) const STATUS: u8 = 130;

static WANTED: AtomicBool = AtomicBool::new(false);

/// From now on the first Ctrl-C is only noted, and the second ends the program at once.
pub(crate) fn watch() -> anyhow::Result<()> {
    let note = || {
        if WANTED.swap(true, Ordering::SeqCst) {
            process::exit(STATUS.into());
        }
    };
    ctrlc::set_handler(note).context("Ctrl-C can't be watched for")
}

/// Whether the run is to be stopped.
pub(crate) fn is_wanted() -> bool {
    WANTED.load(Ordering::SeqCst)
}
