//! Time and chance, handed in, so that tests neither wait nor vary.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::LazyLock;
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;

/// What the fetcher knows of time, and its dice.
pub trait Clock: Send + Sync {
    /// The time since some fixed moment; it never goes back.
    fn now(&self) -> Duration;
    /// The time of day, as dates in headers count it.
    fn wall(&self) -> Timestamp;
    /// Waits on this thread.
    fn sleep(&self, time: Duration);
    /// A random number of at least 0 and less than 1.
    fn random(&self) -> f64;
}

/// The clock and the chance of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

static START: LazyLock<Instant> = LazyLock::new(Instant::now);

impl Clock for SystemClock {
    fn now(&self) -> Duration {
        START.elapsed()
    }

    fn wall(&self) -> Timestamp {
        Timestamp::now()
    }

    fn sleep(&self, time: Duration) {
        thread::sleep(time);
    }

    fn random(&self) -> f64 {
        // Each state has keys of its own. 53 bits fill an f64.
        let bits = RandomState::new().build_hasher().finish() >> 11;
        bits as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_stays_in_its_range_and_varies() {
        let drawn: Vec<f64> = (0..100).map(|_| SystemClock.random()).collect();
        assert!(drawn.iter().all(|number| (0.0..1.0).contains(number)));
        assert!(drawn.windows(2).any(|pair| pair[0] != pair[1]));
    }
}
