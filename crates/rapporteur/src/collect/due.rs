//! Whether a page deserves a look.
//!
//! A page that was never asked for does. One that is stored does when its feed says that it changed since it was last
//! fetched, and, where silent edits are looked for, after pauses that double. One that failed does for three days,
//! unless the server blamed the request, which it will again.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::Offset;
use rapporteur::extract::feeds::Entry;
use rapporteur::fetch::Known;
use rapporteur::record::Moment;
use rapporteur_store::Fetched;

/// What failed is tried again for so long.
const TRIED_FOR: Duration = Duration::from_secs(3 * 24 * 3600);

/// The first pause before a stored page is looked at without its feed having said anything.
const FIRST_PAUSE: Duration = Duration::from_secs(3600);

/// When the feed was asked for, and how long stored pages are looked at again.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    pub(super) at: Timestamp,
    pub(super) recheck: Option<Duration>,
}

impl Look {
    /// With what a page is to be asked for, if it is: what is known of it so far.
    pub(super) fn due(&self, entry: &Entry, fetched: Option<&Fetched>, is_stored: bool) -> Option<Known> {
        let Some(Fetched { last, since }) = fetched else { return (!is_stored).then(Known::default) };
        let (Ok(asked), Ok(since)) = (last.at.parse::<Timestamp>(), since.parse::<Timestamp>()) else {
            return Some(Known::default());
        };
        let changed = entry.updated.or(entry.published).is_some_and(|said| self.is_between(asked, said));
        let known = Known { etag: last.etag.clone(), last_modified: last.last_modified.clone() };
        if last.error.is_none() {
            let pause = elapsed(since, asked).max(FIRST_PAUSE);
            let again =
                self.recheck.is_some_and(|age| elapsed(since, self.at) < age) && elapsed(asked, self.at) >= pause;
            return (changed || again).then_some(known);
        }
        let may_pass = last.status.is_none_or(|status| matches!(status, 408 | 425 | 429 | 500..));
        (changed || may_pass && elapsed(since, self.at) < TRIED_FOR).then(Known::default)
    }

    /// Whether `said` lies after the last request and not in the future: feeds that are made anew for each request may
    /// say of everything that it changed right now.
    fn is_between(&self, asked: Timestamp, said: Moment) -> bool {
        match said {
            Moment::Instant(said, _) => asked < said && said <= self.at,
            Moment::Day(said) => day(asked) < said && said <= day(self.at),
        }
    }

    /// Whether an entry is older than `age`; what has no date is not.
    pub(super) fn is_older(&self, entry: &Entry, age: Duration) -> bool {
        match entry.updated.or(entry.published) {
            None => false,
            Some(Moment::Instant(said, _)) => elapsed(said, self.at) > age,
            Some(Moment::Day(said)) => self.at.checked_sub(age).is_ok_and(|limit| said < day(limit)),
        }
    }
}

fn elapsed(from: Timestamp, to: Timestamp) -> Duration {
    to.duration_since(from).try_into().unwrap_or_default()
}

fn day(at: Timestamp) -> jiff::civil::Date {
    Offset::UTC.to_datetime(at).date()
}

#[cfg(test)]
mod tests {
    use rapporteur_store::Fetch;

    use super::*;

    fn entry(updated: &str) -> Entry {
        Entry { updated: updated.parse().ok(), ..Entry::default() }
    }

    fn fetched(status: Option<u16>, error: Option<&str>, since: &str) -> Fetched {
        let last = Fetch {
            at: "2026-11-25T12:00:00Z".to_owned(),
            status,
            error: error.map(str::to_owned),
            etag: Some("\"1\"".to_owned()),
            ..Fetch::default()
        };
        Fetched { last, since: since.to_owned() }
    }

    fn is_due(at: &str, updated: &str, fetched: &Fetched) -> bool {
        Look { at: at.parse().unwrap(), recheck: None }.due(&entry(updated), Some(fetched), true).is_some()
    }

    #[test]
    fn what_was_never_asked_for_is_due_unless_it_is_stored() {
        let look = Look { at: "2026-11-25T12:00:00Z".parse().unwrap(), recheck: None };
        assert_eq!(look.due(&entry(""), None, false), Some(Known::default()));
        assert_eq!(look.due(&entry("2026-11-24"), None, true), None);
    }

    #[test]
    fn a_stored_page_is_due_when_its_feed_says_so() {
        let well = fetched(Some(200), None, "2026-11-25T12:00:00Z");
        for (updated, due) in [
            ("", false),
            ("2026-11-25T11:59:00Z", false),
            ("2026-11-25T13:30:00+01:00", true),
            ("2026-11-25T13:00:01Z", false),
            ("2026-11-25", false),
        ] {
            assert_eq!(is_due("2026-11-25T13:00:00Z", updated, &well), due, "{updated}");
        }
        assert!(is_due("2026-11-26T13:00:00Z", "2026-11-26", &well));
        let look = Look { at: "2026-11-26T13:00:00Z".parse().unwrap(), recheck: None };
        let known = look.due(&entry("2026-11-26T01:00:00Z"), Some(&well), true).unwrap();
        assert_eq!(known.etag.as_deref(), Some("\"1\""));
    }

    #[test]
    fn silent_edits_are_looked_for_with_pauses_that_double() {
        let day = Duration::from_secs(24 * 3600);
        let due = |at: &str, since: &str| {
            let look = Look { at: at.parse().unwrap(), recheck: Some(day) };
            look.due(&entry(""), Some(&fetched(Some(200), None, since)), true).is_some()
        };
        let first = "2026-11-25T12:00:00Z";
        assert!(!due("2026-11-25T12:59:00Z", first) && due("2026-11-25T13:00:00Z", first));
        let first = "2026-11-25T09:00:00Z";
        assert!(!due("2026-11-25T14:59:00Z", first) && due("2026-11-25T15:00:00Z", first));
        assert!(!due("2026-11-26T09:00:00Z", first));
    }

    #[test]
    fn what_failed_is_tried_again_for_three_days() {
        let since = "2026-11-25T12:00:00Z";
        for (status, due) in
            [(None, true), (Some(503), true), (Some(429), true), (Some(404), false), (Some(200), false)]
        {
            let failed = fetched(status, Some("why"), since);
            assert_eq!(is_due("2026-11-25T12:10:00Z", "", &failed), due, "{status:?}");
            assert!(!is_due("2026-11-28T12:10:00Z", "", &failed), "{status:?}");
        }
        assert!(is_due("2026-11-25T13:00:00Z", "2026-11-25T12:30:00Z", &fetched(Some(404), Some("why"), since)));
    }

    #[test]
    fn age_is_counted_from_the_date_in_the_feed() {
        let look = Look { at: "2026-11-25T12:00:00Z".parse().unwrap(), recheck: None };
        let day = Duration::from_secs(24 * 3600);
        for (updated, older) in
            [("", false), ("2026-11-24", false), ("2026-11-23", true), ("2026-11-24T11:00:00Z", true)]
        {
            assert_eq!(look.is_older(&entry(updated), day), older, "{updated}");
        }
    }
}
