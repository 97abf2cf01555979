//! Fetching as a guest: each host is asked by one connection at a time, with a pause after it, and less when it is in
//! trouble.
//!
//! What a host has to do with the next request is one moment, before which it isn't asked: the end of the pause; after
//! a failure the end of a longer one, which doubles with each; and what `Retry-After` says. A short wait is waited
//! here, a long one is an error ([`Reason::Resting`]), so that a worker can turn to another host meanwhile.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use url::Url;

use super::error::{Error, Reason};
use super::follow::{Hop, follow};
use super::robots::{self, Robots, Word};
use super::{Answer, Client, Clock, Known, target};

/// The longest pause after failures, if the host does not ask for more.
const MOST_BACK_OFF: Duration = Duration::from_secs(3600);

/// So many hosts are remembered before those that may be asked anyway are forgotten.
const MAX_HOSTS: usize = 10_000;

/// How a [`Polite`] behaves.
#[derive(Clone)]
pub struct Manners {
    /// The pause between two requests to a host. Redirects within a host, and its robots.txt, need none.
    pub delay: Duration,
    /// The longest pause that a robots.txt can ask for.
    pub most_delay: Duration,
    /// How often a page is asked for at most, when the host is in trouble: once means that nothing is tried again.
    pub attempts: u32,
    /// The longest wait for a host; what takes longer is [`Reason::Resting`].
    pub patience: Duration,
    /// Whether hosts are asked for their robots.txt, and it is heeded.
    pub heeds_robots: bool,
}

impl Default for Manners {
    fn default() -> Self {
        Manners {
            delay: Duration::from_secs(2),
            most_delay: Duration::from_secs(30),
            attempts: 3,
            patience: Duration::from_secs(60),
            heeds_robots: false,
        }
    }
}

impl fmt::Debug for Manners {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Manners").field("delay", &self.delay).finish_non_exhaustive()
    }
}

/// Fetches politely, from any number of threads.
#[derive(Debug)]
pub struct Polite {
    client: Client,
    manners: Manners,
    /// The name by which a robots.txt knows us: the user agent up to its version.
    agent: String,
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Default)]
struct State {
    /// By name.
    hosts: BTreeMap<String, Host>,
    /// By origin.
    robots: BTreeMap<String, Robots>,
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State").field("n_hosts", &self.hosts.len()).finish_non_exhaustive()
    }
}

/// Times are by [`Clock::now`].
#[derive(Clone, Copy, Debug)]
struct Host {
    is_busy: bool,
    /// Before this it isn't asked.
    next: Duration,
    delay: Duration,
    /// Since it last answered well.
    n_failures: u32,
}

/// The right to ask one host. Given back when dropped.
struct Turn<'a> {
    polite: &'a Polite,
    host: String,
}

impl Polite {
    /// Fetches with `client`.
    pub fn new(client: Client, manners: Manners) -> Self {
        let agent = client.options().user_agent.split(['/', ' ']).next().unwrap_or_default().to_owned();
        Polite { client, manners, agent, state: Mutex::default(), freed: Condvar::new() }
    }

    /// Fetches the page at `url` when it is the host's turn, which may take [`Manners::patience`] for each attempt.
    pub fn get(&self, url: &str, known: &Known) -> Result<Answer, Error> {
        self.tried(url, known, self.manners.heeds_robots)
    }

    /// Fetches what a person named, in the same manner but without asking for robots.txt, which is for programs that
    /// find addresses by themselves.
    pub fn get_named(&self, url: &str, known: &Known) -> Result<Answer, Error> {
        self.tried(url, known, false)
    }

    fn tried(&self, url: &str, known: &Known, heeds_robots: bool) -> Result<Answer, Error> {
        let mut failed = None;
        for _ in 0..self.manners.attempts.max(1) {
            match self.attempt(url, known, heeds_robots) {
                // What kept the host from answering says more than that it now rests.
                Err(Error { reason: Reason::Resting(_), .. }) if failed.is_some() => break,
                Err(error) if error.reason.is_transient() => failed = Some(error),
                answer => return answer,
            }
        }
        Err(failed.expect("the loop ends early with an answer, else with a failure"))
    }

    /// How long the host of `url` should not be asked for yet: zero if it may be asked now.
    pub fn wait(&self, url: &str) -> Duration {
        let Ok(url) = target::parse(url) else { return Duration::ZERO };
        match self.state().hosts.get(name(&url)) {
            Some(host) if host.is_busy => host.next.saturating_sub(self.clock().now()).max(host.delay),
            Some(host) => host.next.saturating_sub(self.clock().now()),
            None => Duration::ZERO,
        }
    }

    fn attempt(&self, url: &str, known: &Known, heeds_robots: bool) -> Result<Answer, Error> {
        let mut spent = Duration::ZERO;
        let mut turn: Option<Turn> = None;
        follow(url, &self.client.options().reach, |url| {
            if turn.as_ref().is_none_or(|turn| turn.host != name(url)) {
                // First given back, then taken: who holds one host never waits for another.
                turn = None;
                turn = Some(self.turn(name(url))?);
            }
            if heeds_robots {
                self.heed_robots(url)?;
            }
            let start = self.clock().now();
            let answer = self.client.hop(url, known, self.client.options().deadline.saturating_sub(spent));
            spent += self.clock().now() - start;
            self.take_note(name(url), &answer);
            answer
        })
    }

    /// Waits until the host may be asked.
    fn turn(&self, host: &str) -> Result<Turn<'_>, Reason> {
        let mut state = self.state();
        loop {
            let now = self.clock().now();
            if state.hosts.len() >= MAX_HOSTS {
                state.hosts.retain(|_, host| host.is_busy || host.next > now);
            }
            let delay = self.manners.delay;
            let known =
                state.hosts.entry(host.to_owned()).or_insert(Host { is_busy: false, next: now, delay, n_failures: 0 });
            let wait = known.next.saturating_sub(now);
            if wait > self.manners.patience {
                return Err(Reason::Resting(wait));
            }
            if !known.is_busy {
                known.is_busy = true;
                drop(state);
                let turn = Turn { polite: self, host: host.to_owned() };
                if !wait.is_zero() {
                    self.clock().sleep(wait);
                }
                return Ok(turn);
            }
            state = self.freed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Asks the robots.txt that holds for `url`, whose host's turn is ours.
    fn heed_robots(&self, url: &Url) -> Result<(), Reason> {
        let origin = robots::origin(url);
        let now = self.clock().now();
        let kept = self.state().robots.get(&origin).filter(|robots| robots.until > now).cloned();
        let word = match kept {
            Some(robots) => robots.word,
            None => self.learn(origin, robots::fetch(&self.client, url)),
        };
        if let Some(delay) = word.crawl_delay(&self.agent)
            && let Some(host) = self.state().hosts.get_mut(name(url))
        {
            host.delay = delay.min(self.manners.most_delay).max(self.manners.delay);
        }
        word.check(&self.agent, url)
    }

    fn learn(&self, origin: String, robots: Robots) -> Word {
        let (mut state, now) = (self.state(), self.clock().now());
        if state.robots.len() >= MAX_HOSTS {
            state.robots.retain(|_, robots| robots.until > now);
        }
        if state.robots.len() >= MAX_HOSTS {
            state.robots.pop_first();
        }
        let word = robots.word.clone();
        state.robots.insert(origin, robots);
        word
    }

    /// What an answer means for the next request to its host.
    fn take_note(&self, host: &str, answer: &Result<Hop, Reason>) {
        let (now, chance) = (self.clock().now(), self.clock().random());
        let mut state = self.state();
        let Some(host) = state.hosts.get_mut(host) else { return };
        match answer {
            Err(reason) if reason.is_transient() || matches!(reason, Reason::Connect(_)) => {
                host.n_failures += 1;
                let asked = match reason {
                    Reason::Status { retry_after, .. } => retry_after.unwrap_or_default(),
                    _ => Duration::ZERO,
                };
                host.next = now + asked.max(back_off(host.delay, host.n_failures, chance));
            }
            _ => host.n_failures = 0,
        }
    }

    fn clock(&self) -> &dyn Clock {
        &*self.client.options().clock
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let now = self.polite.clock().now();
        if let Some(host) = self.polite.state().hosts.get_mut(&self.host) {
            host.is_busy = false;
            host.next = host.next.max(now + host.delay);
        }
        self.polite.freed.notify_all();
    }
}

/// The host of an address that has been checked, or will be.
fn name(url: &Url) -> &str {
    url.host_str().unwrap_or_default().trim_end_matches('.')
}

/// Twice the pause after the first failure, and twice as much after each further one; between half of that and all of
/// it, by chance, so that not all who failed come back at once.
fn back_off(delay: Duration, n_failures: u32, chance: f64) -> Duration {
    let least = delay.max(Duration::from_secs(1));
    let whole = least.saturating_mul(2_u32.saturating_pow(n_failures)).min(MOST_BACK_OFF);
    whole.mul_f64(0.5 + chance / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour() {
        let pause = |n_failures, chance| back_off(Duration::from_secs(2), n_failures, chance).as_secs();
        assert_eq!([1, 2, 3, 4].map(|n| pause(n, 1.0)), [4, 8, 16, 32]);
        assert_eq!(pause(1, 0.0), 2);
        assert_eq!(pause(4_000_000_000, 1.0), 3600);
    }
}
