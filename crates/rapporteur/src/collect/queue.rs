//! What is to be fetched, by host, so that a host that rests holds up no other.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rapporteur::extract::feeds::Entry;
use rapporteur::fetch::{Known, Polite};
use url::Url;

/// Something to be fetched.
#[derive(Clone, Debug)]
pub(super) struct Task {
    pub(super) url: Url,
    /// Which list it is, or which list it is a page of.
    pub(super) list: usize,
    /// The page, as its feed tells of it; none for a list.
    pub(super) entry: Option<Box<Entry>>,
    pub(super) known: Known,
    /// Whether a person named it.
    pub(super) named: bool,
    /// How often it was asked for in this look.
    pub(super) n_tries: u32,
}

/// Tasks that wait.
#[derive(Debug, Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// The host whose turn was longest ago comes first.
    hosts: VecDeque<Host>,
    busy: BTreeSet<String>,
    closed: bool,
}

#[derive(Debug)]
struct Host {
    name: String,
    tasks: VecDeque<Task>,
    /// Before this it need not be looked at.
    ready: Instant,
}

/// Nobody sleeps longer without looking whether something changed.
const LONGEST_SLEEP: Duration = Duration::from_secs(1);

impl Queue {
    /// Adds a task; lists come before pages, since they tell what else there is.
    pub(super) fn push(&self, task: Task) {
        let mut state = self.state();
        let name = host(&task.url);
        let at = state.hosts.iter().position(|host| host.name == name).unwrap_or_else(|| {
            state.hosts.push_back(Host { name: name.to_owned(), tasks: VecDeque::new(), ready: Instant::now() });
            state.hosts.len() - 1
        });
        let tasks = &mut state.hosts[at].tasks;
        match task.entry {
            None => tasks.push_front(task),
            Some(_) => tasks.push_back(task),
        }
        self.changed.notify_one();
    }

    /// The next task of a host that may be asked now, or that wants so long a rest that asking it is given up, which
    /// [`Polite`] will say. Its host is kept from others until [`done`](Self::done). None when the queue was closed.
    pub(super) fn next(&self, polite: &Polite, patience: Duration) -> Option<Task> {
        let mut state = self.state();
        loop {
            if state.closed {
                return None;
            }
            let now = Instant::now();
            if let Some(task) = state.ready(polite, patience, now).and_then(|at| state.take(at)) {
                return Some(task);
            }
            let waits = state.hosts.iter().filter(|host| !state.busy.contains(&host.name));
            let wait = waits.map(|host| host.ready.saturating_duration_since(now)).min();
            let sleep = wait.map_or(LONGEST_SLEEP, |wait| wait.min(LONGEST_SLEEP));
            state = self.changed.wait_timeout(state, sleep).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Its host may be asked by others.
    pub(super) fn done(&self, task: &Task) {
        self.state().busy.remove(host(&task.url));
        self.changed.notify_one();
    }

    /// Nothing more is given out.
    pub(super) fn close(&self) {
        self.state().closed = true;
        self.changed.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The first host that may be asked, or that is not worth waiting for.
    fn ready(&mut self, polite: &Polite, patience: Duration, now: Instant) -> Option<usize> {
        let State { hosts, busy, .. } = self;
        for (at, host) in hosts.iter_mut().enumerate() {
            if host.ready > now || busy.contains(&host.name) {
                continue;
            }
            let wait = host.tasks.front().map_or(Duration::ZERO, |task| polite.wait(task.url.as_str()));
            if wait.is_zero() || wait > patience {
                return Some(at);
            }
            host.ready = now + wait;
        }
        None
    }

    /// The first task of a host, which goes to the end of the row.
    fn take(&mut self, at: usize) -> Option<Task> {
        let mut host = self.hosts.remove(at)?;
        let task = host.tasks.pop_front()?;
        self.busy.insert(host.name.clone());
        if !host.tasks.is_empty() {
            self.hosts.push_back(host);
        }
        Some(task)
    }
}

fn host(url: &Url) -> &str {
    url.host_str().unwrap_or_default()
}
