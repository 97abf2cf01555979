//! How a host is treated, by a clock that only waiting moves.

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use jiff::Timestamp;
use rapporteur::fetch::{Answer, Clock, Known, Lookup, Manners, Options, Polite, Reason};

use super::server::{Server, answer, redirect};
use super::{client, options};

/// It stands still unless somebody sleeps, and remembers how long they did.
#[derive(Default)]
struct Stopped {
    now: Mutex<Duration>,
    slept: Mutex<Vec<u64>>,
}

impl Stopped {
    fn pass(&self, time: Duration) {
        *self.now.lock().unwrap() += time;
    }

    /// All waits so far, in milliseconds.
    fn slept(&self) -> Vec<u64> {
        self.slept.lock().unwrap().clone()
    }
}

impl Clock for Stopped {
    fn now(&self) -> Duration {
        *self.now.lock().unwrap()
    }

    fn wall(&self) -> Timestamp {
        let start: Timestamp = "2026-11-25T12:00:00Z".parse().unwrap();
        start + self.now()
    }

    fn sleep(&self, time: Duration) {
        self.slept.lock().unwrap().push(time.as_millis() as u64);
        self.pass(time);
    }

    fn random(&self) -> f64 {
        0.5
    }
}

/// Any name leads to the machine's own address.
fn here() -> Lookup {
    Arc::new(|_, port| Ok(vec![([127, 0, 0, 1], port).into()]))
}

fn polite(manners: Manners) -> (Polite, Arc<Stopped>) {
    let clock = Arc::new(Stopped::default());
    let options = Options { clock: clock.clone(), lookup: here(), ..options() };
    (Polite::new(client(options), manners), clock)
}

fn ask(polite: &Polite, url: &str) -> Result<Vec<u8>, Reason> {
    match polite.get(url, &Known::default()) {
        Ok(Answer::Page(page)) => Ok(page.bytes),
        Ok(Answer::NotModified) => panic!("nothing was known of {url}"),
        Err(error) => Err(error.reason),
    }
}

fn page() -> Vec<u8> {
    answer("200 OK", &[], b"<p>Yes.")
}

/// Answers the n-th request, from 0, as `answers` says, and with its last for all after.
fn in_turn(answers: Vec<Vec<u8>>) -> Server {
    let n = AtomicUsize::new(0);
    Server::start(move |_, stream| {
        let at = n.fetch_add(1, Ordering::SeqCst).min(answers.len() - 1);
        let _ = stream.write_all(&answers[at]);
    })
}

fn at(host: &str, server: &Server, path: &str) -> String {
    format!("http://{host}:{}{path}", server.address.port())
}

#[test]
fn a_host_has_a_pause_between_two_pages() {
    let server = Server::saying(page());
    let (polite, clock) = polite(Manners::default());
    assert_eq!(polite.wait(&at("one.example", &server, "/")), Duration::ZERO);
    for path in ["/1", "/2"] {
        ask(&polite, &at("one.example", &server, path)).unwrap();
    }
    assert_eq!(clock.slept(), [2000]);
    assert_eq!(polite.wait(&at("ONE.example.", &server, "/")), Duration::from_secs(2));
    ask(&polite, &at("two.example", &server, "/")).unwrap();
    assert_eq!(clock.slept(), [2000], "another host need not wait");
    clock.pass(Duration::from_millis(1500));
    ask(&polite, &at("one.example", &server, "/3")).unwrap();
    clock.pass(Duration::from_secs(60));
    ask(&polite, &at("one.example", &server, "/4")).unwrap();
    assert_eq!(clock.slept(), [2000, 500], "what passed meanwhile counts");
}

#[test]
fn a_redirect_within_a_host_need_not_wait_and_one_to_a_host_just_asked_does() {
    let server = Server::start(|asked, stream| {
        let port = asked.header("Host").unwrap().rsplit(':').next().unwrap().to_owned();
        let bytes = match asked.path.as_str() {
            "/within" => redirect("/page"),
            "/out" => redirect(&format!("http://two.example:{port}/page")),
            _ => page(),
        };
        stream.write_all(&bytes).unwrap();
    });
    let (polite, clock) = polite(Manners::default());
    ask(&polite, &at("one.example", &server, "/within")).unwrap();
    assert_eq!(clock.slept(), Vec::<u64>::new());
    ask(&polite, &at("two.example", &server, "/page")).unwrap();
    clock.pass(Duration::from_millis(500));
    ask(&polite, &at("three.example", &server, "/out")).unwrap();
    assert_eq!(clock.slept(), [1500]);
}

/// A server that takes its time, and the most requests that it had before it at once.
fn slow(time: Duration) -> (Server, Arc<AtomicUsize>) {
    let (n_now, most) = (AtomicUsize::new(0), Arc::new(AtomicUsize::new(0)));
    let counted = most.clone();
    let server = Server::start(move |_, stream| {
        counted.fetch_max(n_now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        thread::sleep(time);
        n_now.fetch_sub(1, Ordering::SeqCst);
        stream.write_all(&page()).unwrap();
    });
    (server, most)
}

#[test]
fn a_host_is_asked_by_one_connection_at_a_time() {
    let (server, most) = slow(Duration::from_millis(20));
    let (polite, clock) = polite(Manners::default());
    let url = at("one.example", &server, "/");
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| ask(&polite, &url).unwrap());
        }
    });
    assert_eq!(server.paths().len(), 8);
    assert_eq!(most.load(Ordering::SeqCst), 1);
    assert_eq!(clock.slept(), [2000; 7]);
}

#[test]
fn hosts_do_not_wait_for_one_another() {
    let (server, most) = slow(Duration::from_millis(300));
    let (polite, _) = polite(Manners::default());
    let urls: Vec<_> = (0..6).map(|n| at(&format!("h{n}.example"), &server, "/")).collect();
    thread::scope(|scope| {
        for url in &urls {
            scope.spawn(|| ask(&polite, url).unwrap());
        }
    });
    assert!(most.load(Ordering::SeqCst) > 1);
}

/// Each waits between half and all of 4, 8, 16 s; here the dice say three quarters.
#[test]
fn trouble_is_tried_again_after_growing_pauses() {
    let busy = || answer("503 Service Unavailable", &[], b"");
    let server = in_turn(vec![busy(), busy(), page()]);
    let (polite, clock) = polite(Manners::default());
    assert_eq!(ask(&polite, &at("one.example", &server, "/")).unwrap(), b"<p>Yes.");
    assert_eq!(clock.slept(), [3000, 6000]);
    ask(&polite, &at("one.example", &server, "/")).unwrap();
    assert_eq!(clock.slept(), [3000, 6000, 2000], "an answer ends the trouble");
}

#[test]
fn trouble_is_not_tried_for_ever() {
    let server = Server::saying(answer("500 Internal Server Error", &[], b""));
    let (polite, clock) = polite(Manners::default());
    let gone = Reason::Status { status: 500, retry_after: None };
    assert_eq!(ask(&polite, &at("one.example", &server, "/")), Err(gone));
    assert_eq!(server.paths().len(), 3);
    assert_eq!(clock.slept(), [3000, 6000]);
    // The host stays in trouble for those who come later.
    assert_eq!(polite.wait(&at("one.example", &server, "/")), Duration::from_secs(12));
}

#[test]
fn cut_and_late_answers_are_tried_again_and_refusals_are_not() {
    let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<p>".to_vec();
    let server = in_turn(vec![cut, page()]);
    let (calm, _) = polite(Manners::default());
    assert_eq!(ask(&calm, &at("one.example", &server, "/")).unwrap(), b"<p>Yes.");
    for status in ["400 Bad Request", "401 Unauthorized", "403 Forbidden", "404 Not Found", "410 Gone", "501 No"] {
        let server = Server::saying(answer(status, &[], b""));
        assert!(ask(&calm, &at("two.example", &server, "/")).is_err());
        assert_eq!(server.paths().len(), 1, "{status}");
    }
}

#[test]
fn retry_after_is_heeded() {
    let busy = |after: &str| answer("429 Too Many Requests", &[&format!("Retry-After: {after}")], b"");
    let server = in_turn(vec![busy("20"), busy("Wed, 25 Nov 2026 12:00:50 GMT"), page()]);
    let (polite, clock) = polite(Manners::default());
    assert_eq!(ask(&polite, &at("one.example", &server, "/")).unwrap(), b"<p>Yes.");
    assert_eq!(clock.slept(), [20_000, 30_000]);
}

#[test]
fn a_host_that_wants_a_long_rest_gets_it() {
    let server = in_turn(vec![answer("429 Too Many Requests", &["Retry-After: 3600"], b""), page()]);
    let (polite, clock) = polite(Manners::default());
    let url = at("one.example", &server, "/");
    let hour = Duration::from_secs(3600);
    assert_eq!(ask(&polite, &url), Err(Reason::Status { status: 429, retry_after: Some(hour) }));
    assert_eq!(ask(&polite, &url), Err(Reason::Resting(hour)));
    assert_eq!((server.paths().len(), clock.slept()), (1, vec![]));
    clock.pass(hour);
    assert_eq!(ask(&polite, &url).unwrap(), b"<p>Yes.");
}

fn with_robots() -> Manners {
    Manners { heeds_robots: true, ..Manners::default() }
}

/// Answers `robots` for robots.txt and a page for the rest.
fn hosting(robots: Vec<u8>) -> Server {
    Server::start(move |asked, stream| {
        let page = page();
        let _ = stream.write_all(if asked.path == "/robots.txt" { &robots } else { &page });
    })
}

#[test]
fn robots_are_asked_once_a_day_for_each_host() {
    let server = hosting(answer("200 OK", &[], b"User-agent: rapporteur\nDisallow: /private\nDisallow: /search?q="));
    let (polite, clock) = polite(with_robots());
    let url = |host, path| at(host, &server, path);
    ask(&polite, &url("one.example", "/1")).unwrap();
    ask(&polite, &url("one.example", "/2")).unwrap();
    assert_eq!(ask(&polite, &url("one.example", "/private/3")), Err(Reason::Robots));
    assert_eq!(ask(&polite, &url("one.example", "/search?q=4")), Err(Reason::Robots));
    assert_eq!(server.paths(), ["/robots.txt", "/1", "/2"]);
    ask(&polite, &url("two.example", "/5")).unwrap();
    assert_eq!(server.paths()[3..], ["/robots.txt", "/5"]);
    clock.pass(Duration::from_secs(24 * 3600 - 60));
    ask(&polite, &url("one.example", "/6")).unwrap();
    clock.pass(Duration::from_secs(60));
    ask(&polite, &url("one.example", "/7")).unwrap();
    assert_eq!(server.paths()[5..], ["/6", "/robots.txt", "/7"]);
}

#[test]
fn redirects_heed_robots_too() {
    let server = Server::start(|asked, stream| {
        let bytes = match asked.path.as_str() {
            "/robots.txt" => answer("200 OK", &[], b"User-agent: *\nDisallow: /private"),
            "/in" => redirect("/private/page"),
            _ => page(),
        };
        let _ = stream.write_all(&bytes);
    });
    let (polite, _) = polite(with_robots());
    assert_eq!(ask(&polite, &at("one.example", &server, "/in")), Err(Reason::Robots));
    assert_eq!(server.paths(), ["/robots.txt", "/in"]);
}

#[test]
fn a_crawl_delay_makes_the_pause_longer_up_to_a_cap() {
    for (asked, pause) in [("1", 2000), ("10", 10_000), ("86400", 30_000)] {
        let server = hosting(answer("200 OK", &[], format!("User-agent: *\nCrawl-delay: {asked}").as_bytes()));
        let (polite, clock) = polite(with_robots());
        for path in ["/1", "/2"] {
            ask(&polite, &at("one.example", &server, path)).unwrap();
        }
        assert_eq!(clock.slept(), [pause], "{asked}");
    }
}

/// RFC 9309, 2.3.1.
#[test]
fn what_a_missing_robots_txt_means() {
    let to_itself = redirect("/robots.txt");
    for none in ["400 Bad Request", "401 Unauthorized", "403 Forbidden", "404 Not Found", "410 Gone"] {
        let server = hosting(answer(none, &[], b"User-agent: *\nDisallow: /"));
        let (polite, _) = polite(with_robots());
        assert!(ask(&polite, &at("one.example", &server, "/")).is_ok(), "{none}");
    }
    let server = hosting(to_itself);
    let (calm, _) = polite(with_robots());
    assert!(ask(&calm, &at("one.example", &server, "/")).is_ok(), "redirects without an end");
    for unknown in ["429 Too Many Requests", "500 Internal Server Error", "503 Service Unavailable"] {
        let server = hosting(answer(unknown, &[], b""));
        let (polite, clock) = polite(with_robots());
        let url = at("one.example", &server, "/");
        for _ in 0..2 {
            assert!(matches!(ask(&polite, &url), Err(Reason::RobotsUnknown(_))), "{unknown}");
        }
        assert_eq!(server.paths(), ["/robots.txt"], "{unknown}");
        clock.pass(Duration::from_secs(600));
        assert!(matches!(ask(&polite, &url), Err(Reason::RobotsUnknown(_))), "{unknown}");
        assert_eq!(server.paths(), ["/robots.txt", "/robots.txt"], "{unknown}");
    }
    let cut = hosting(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nUser-agent: *\nDisallow: /private".to_vec());
    let (calm, _) = polite(with_robots());
    assert!(matches!(ask(&calm, &at("one.example", &cut, "/")), Err(Reason::RobotsUnknown(_))));
}
