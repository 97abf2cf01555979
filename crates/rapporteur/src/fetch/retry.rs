//! When a server wants to be asked again: the header `Retry-After` (RFC 9110, 10.2.3).

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

/// The longest wait that is believed.
const MOST: Duration = Duration::from_secs(7 * 24 * 3600);

/// Seconds, or a date, which has to be compared with `now`. What is neither says nothing.
pub(super) fn after(header: &str, now: Timestamp) -> Option<Duration> {
    let header = header.trim();
    if !header.is_empty() && header.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(header.parse().map_or(MOST, Duration::from_secs).min(MOST));
    }
    let at = DateTimeParser::new().parse_timestamp(header).ok()?;
    Some(Duration::try_from(at.duration_since(now)).unwrap_or_default().min(MOST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates_are_understood() {
        let now = "2026-11-25T12:00:00Z".parse().unwrap();
        let table = [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("99999999999999999999999", Some(604_800)),
            ("Wed, 25 Nov 2026 12:01:00 GMT", Some(60)),
            ("Wed, 25 Nov 2026 11:00:00 GMT", Some(0)),
            ("Wed, 25 Nov 2099 11:00:00 GMT", Some(604_800)),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
        ];
        for (header, seconds) in table {
            assert_eq!(after(header, now), seconds.map(Duration::from_secs), "{header:?}");
        }
    }
}
