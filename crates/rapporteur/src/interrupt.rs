//! Ctrl-C, and the signals by which a system ends a program: noted, and heeded between two pieces of work.

use std::process;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;

/// What a run ends with that was interrupted, as shells have it.
pub(crate) const STATUS: u8 = 130;

static ASKED: AtomicBool = AtomicBool::new(false);

/// From now on the first signal is only noted; the second ends the program at once.
pub(crate) fn listen() -> anyhow::Result<()> {
    let handler = || {
        if ASKED.swap(true, Ordering::SeqCst) {
            process::exit(STATUS.into());
        }
    };
    ctrlc::set_handler(handler).context("cannot listen for Ctrl-C")
}

/// Whether somebody asked the run to end.
pub(crate) fn asked() -> bool {
    ASKED.load(Ordering::SeqCst)
}
