//! Work on many threads, with the results in the order of the inputs and never more than a window of them in memory.
//!
//! Each input is handed to the workers together with a slot for its result, and the slots stand in a queue of bounded
//! length. The caller empties the slots in order; while it waits for a slow one, the queue fills and no further input
//! is taken up.

use std::io;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, Builder};
use std::time::Duration;

/// The stack of a worker, in bytes. Nothing recurses on the depth of its input, so this is ample.
const STACK: usize = 8 << 20;
/// How many results may wait for a slow one: so many for each thread, and so many at most.
const WINDOW: usize = 8;
const WIDEST_WINDOW: usize = 128;

type Job<I, O> = (I, SyncSender<O>);

/// While no result comes, the caller is asked so often whether to go on.
const TICK: Duration = Duration::from_millis(100);

/// Calls `work` on each of `inputs`, on `n_threads` threads, and `take` on each result, in order and on this thread,
/// until it breaks. `work` must not panic.
pub(crate) fn in_order<I: Send, O: Send>(
    inputs: impl Iterator<Item = I> + Send,
    n_threads: usize,
    work: impl Fn(I) -> O + Sync,
    mut take: impl FnMut(O) -> ControlFlow<()>,
) -> io::Result<()> {
    in_order_or_idle(inputs, n_threads, work, |result| result.map_or(ControlFlow::Continue(()), &mut take))
}

/// The same; while it waits, `take` is called with `None` now and then.
pub(crate) fn in_order_or_idle<I: Send, O: Send>(
    inputs: impl Iterator<Item = I> + Send,
    n_threads: usize,
    work: impl Fn(I) -> O + Sync,
    mut take: impl FnMut(Option<O>) -> ControlFlow<()>,
) -> io::Result<()> {
    let stopped = AtomicBool::new(false);
    thread::scope(|scope| {
        let (give, jobs) = sync_channel::<Job<I, O>>(n_threads);
        let (line_up, slots) = sync_channel::<Receiver<O>>((n_threads * WINDOW).min(WIDEST_WINDOW));
        let jobs = Arc::new(Mutex::new(jobs));
        for _ in 0..n_threads {
            let (jobs, work, stopped) = (jobs.clone(), &work, &stopped);
            Builder::new().stack_size(STACK).spawn_scoped(scope, move || serve(&jobs, work, stopped))?;
        }
        drop(jobs);
        Builder::new().spawn_scoped(scope, move || feed(inputs, &give, &line_up))?;
        while let ControlFlow::Continue(Some(slot)) = wait(&slots, &mut take) {
            let ControlFlow::Continue(result) = wait(&slot, &mut take) else { break };
            let result = result.expect("a worker answers every job that it takes");
            if take(Some(result)).is_break() {
                break;
            }
        }
        stopped.store(true, Ordering::Relaxed);
        Ok(())
    })
}

/// The next of `from`, or `None` where there will be no more; breaks off when `take` does.
fn wait<T, O>(from: &Receiver<T>, take: &mut impl FnMut(Option<O>) -> ControlFlow<()>) -> ControlFlow<(), Option<T>> {
    loop {
        match from.recv_timeout(TICK) {
            Ok(next) => return ControlFlow::Continue(Some(next)),
            Err(RecvTimeoutError::Disconnected) => return ControlFlow::Continue(None),
            Err(RecvTimeoutError::Timeout) => take(None)?,
        }
    }
}

/// Hands out the inputs until there are no more, or nobody waits for results any longer.
fn feed<I, O>(inputs: impl Iterator<Item = I>, give: &SyncSender<Job<I, O>>, line_up: &SyncSender<Receiver<O>>) {
    for input in inputs {
        let (answer, slot) = sync_channel(1);
        if line_up.send(slot).is_err() || give.send((input, answer)).is_err() {
            return;
        }
    }
}

fn serve<I, O>(jobs: &Mutex<Receiver<Job<I, O>>>, work: impl Fn(I) -> O, stopped: &AtomicBool) {
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((input, answer)) = job else { return };
        if stopped.load(Ordering::Relaxed) {
            return;
        }
        // Nobody waits for it if the run was stopped meanwhile.
        let _ = answer.send(work(input));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_inputs() {
        let mut results = Vec::new();
        let work = |n: u64| {
            thread::sleep(Duration::from_micros(n * 7919 % 300));
            n
        };
        in_order(0..500, 4, work, |n| {
            results.push(n);
            ControlFlow::Continue(())
        })
        .unwrap();
        assert_eq!(results, (0..500).collect::<Vec<_>>());
    }

    #[test]
    fn a_slow_first_input_does_not_let_the_others_pile_up() {
        let (n_started, slow) = (AtomicUsize::new(0), Duration::from_millis(200));
        let work = |n: usize| {
            n_started.fetch_add(1, Ordering::SeqCst);
            thread::sleep(if n == 0 { slow } else { Duration::ZERO });
            n
        };
        let mut most = 0;
        in_order(0..10_000, 2, work, |n| {
            if n == 0 {
                most = n_started.load(Ordering::SeqCst);
            }
            ControlFlow::Continue(())
        })
        .unwrap();
        assert!(most <= 2 * WINDOW + 4, "{most} were started while the first was read");
    }

    #[test]
    fn a_caller_that_waits_is_asked_whether_to_go_on() {
        let mut n_idle = 0;
        let work = |n: u64| {
            thread::sleep(3 * TICK);
            n
        };
        in_order_or_idle(0..9, 2, work, |result| {
            n_idle += usize::from(result.is_none());
            if n_idle == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
        .unwrap();
        assert_eq!(n_idle, 2);
    }

    #[test]
    fn breaking_ends_an_endless_run() {
        let mut n_taken = 0;
        in_order(
            0..,
            3,
            |n: u64| n,
            |_| {
                n_taken += 1;
                if n_taken == 5 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            },
        )
        .unwrap();
        assert_eq!(n_taken, 5);
    }
}
