//! Servers that are slow, broken or hostile: one line each, and the others are collected all the same.

use std::fs;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::server::{Server, answer, redirect};
use super::site::{Site, feed, page};
use super::{folder, last_fetch, n_articles, n_asked, run, store, summary};

#[test]
fn each_fault_is_one_line_and_stops_nothing() {
    let zeros = {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&vec![0; 3_000_000]).unwrap();
        encoder.finish().unwrap()
    };
    let is_mended = Arc::new(AtomicBool::new(false));
    let mended = is_mended.clone();
    let server = Server::start(move |asked, stream| {
        let host = asked.header("Host").unwrap().to_owned();
        let page = page(&asked.path[1..]);
        let bytes = match asked.path.as_str() {
            "/feed" => {
                let paths = [
                    "/good", "/cut", "/long", "/endless", "/circle", "/bomb", "/404", "/410", "/png", "/slow",
                    "/better",
                ];
                answer("200 OK", &[], feed(&paths).replace("HOST", &format!("http://{host}")).as_bytes())
            }
            "/good" | "/better" => answer("200 OK", &[], page.as_bytes()),
            "/cut" | "/slow" if mended.load(Ordering::SeqCst) => answer("200 OK", &[], page.as_bytes()),
            "/cut" => {
                let whole = answer("200 OK", &[], page.as_bytes());
                whole[..whole.len() - 20].to_vec()
            }
            "/long" => format!("HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n{page}").into_bytes(),
            "/endless" => {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
                while stream.write_all(&[b' '; 10_000]).is_ok() {}
                return;
            }
            "/circle" => redirect("/circle"),
            "/bomb" => answer("200 OK", &["Content-Encoding: gzip"], &zeros),
            "/410" => answer("410 Gone", &[], b""),
            "/png" => answer("200 OK", &["Content-Type: text/html"], b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0"),
            "/slow" => {
                thread::sleep(Duration::from_secs(4));
                answer("200 OK", &[], page.as_bytes())
            }
            _ => answer("404 Not Found", &[], b""),
        };
        let _ = stream.write_all(&bytes);
    });
    let here = folder("faults");
    let (status, out, err) = run(&here, &[&server.url("/feed"), "--max-page", "1", "--timeout", "1"]);
    assert_eq!((status, summary(&out)), (1, "1 feed: 2 new, 9 failed"));
    let mut lines: Vec<&str> = err.lines().map(|line| line.strip_prefix(&server.url("/")).unwrap()).collect();
    lines.sort_unstable();
    let too_long = "longer than 1 MB; --max-page reads longer ones";
    assert_eq!(
        lines,
        [
            "404: HTTP 404".to_owned(),
            "410: HTTP 410".to_owned(),
            format!("bomb: {too_long}"),
            format!(
                "circle: redirected to {}: redirects lead in a circle, which a page may do to those who keep no cookies",
                server.url("/circle")
            ),
            "cut: the connection ended before the whole page was there".to_owned(),
            format!("endless: {too_long}"),
            format!("long: {too_long}"),
            "png: not a text but a PNG image".to_owned(),
            "slow: took longer than 1 s".to_owned(),
        ]
    );
    assert_eq!(n_articles(&here), 2);
    assert_eq!(last_fetch(&here, &server.url("/410")).status, Some(410));

    // What will not go well is not asked for again, the others are.
    is_mended.store(true, Ordering::SeqCst);
    let before = server.paths().len();
    let (_, out, _) = run(&here, &[&server.url("/feed"), "--max-page", "1", "--timeout", "5"]);
    assert!(summary(&out).starts_with("1 feed: 2 new, "), "{out}");
    let again = server.paths().split_off(before);
    for never in ["/good", "/better", "/404", "/410", "/png"] {
        assert!(!again.iter().any(|path| path == never), "{never} {again:?}");
    }
}

#[test]
fn one_feed_that_fails_does_not_stop_the_others() {
    let site = Site::start(&[("/feed", feed(&["/1"])), ("/1", page("one")), ("/html", page("no feed"))]);
    let here = folder("one_fails");
    let refused = "http://127.0.0.1:1/feed";
    let (status, out, err) = run(&here, &[refused, &site.url("/none"), &site.url("/html"), &site.url("/feed")]);
    assert_eq!((status, summary(&out)), (1, "4 feeds, 3 of them failed: 1 new"));
    assert_eq!(err.lines().count(), 3, "{err}");
    assert!(last_fetch(&here, refused).error.is_some());
}

#[test]
fn a_host_that_wants_a_rest_gets_it() {
    let site = Site::start(&[("/feed", feed(&["/1", "/2", "/3"])), ("/1", page("one"))]);
    site.put("/3", |_| answer("429 Too Many Requests", &["Retry-After: 3600"], b""));
    let here = folder("rest");
    let start = Instant::now();
    let (status, out, err) = run(&here, &[&site.url("/feed")]);
    assert!(start.elapsed() < Duration::from_secs(60));
    assert_eq!((status, err.as_str(), summary(&out)), (0, "", "1 feed: 3 left for later"));
    assert_eq!((n_asked(&site, "/3"), n_asked(&site, "/2"), n_asked(&site, "/1")), (1, 0, 0));
    assert_eq!(last_fetch(&here, &site.url("/3")).status, Some(429));
}

#[test]
fn a_short_rest_is_waited_for() {
    let site = Site::start(&[("/feed", feed(&["/1"]))]);
    let n_asked = AtomicUsize::new(0);
    site.put("/1", move |_| match n_asked.fetch_add(1, Ordering::SeqCst) {
        0 => answer("429 Too Many Requests", &["Retry-After: 1"], b""),
        _ => answer("200 OK", &[], page("one").as_bytes()),
    });
    let here = folder("short_rest");
    let (status, out, err) = run(&here, &[&site.url("/feed")]);
    assert_eq!((status, err.as_str(), summary(&out)), (0, "", "1 feed: 1 new"));
}

#[test]
fn hostile_feeds_do_no_harm() {
    let laughs: String =
        (1..10).map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10))).collect();
    let laughs = format!(
        "<!DOCTYPE rss [<!ENTITY l0 \"ha\">{laughs}<!ENTITY x SYSTEM \"file:///etc/passwd\">]><rss><channel>\
         <title>&l9;&x;</title><item><title>&l9;</title><link>HOST/1</link></item></channel></rss>"
    );
    let escapes = "<rss><channel><title>\u{1b}]0;owned\u{7}\u{202e}<![CDATA[<script>alert(1)</script>]]></title>\
                   <item><title>x</title><link>javascript:alert(1)</link></item>\
                   <item><title>x</title><link>file:///etc/passwd</link></item>\
                   <item><title>x</title><link>http://user:secret@HOST/1</link></item>\
                   <item><title>&#27;[2J<b>bold</b></title><link>HOST/gone&#27;[2J</link></item></channel></rss>";
    let deep = format!("<rss><channel>{}", "<item><a>".repeat(50_000));
    let site =
        Site::start(&[("/laughs", laughs), ("/1", page("one")), ("/escapes", escapes.to_owned()), ("/deep", deep)]);
    let here = folder("hostile");
    let start = Instant::now();
    let (_, out, err) = run(&here, &[&site.url("/laughs"), &site.url("/escapes"), &site.url("/deep")]);
    assert!(start.elapsed() < Duration::from_secs(30));
    for text in [&out, &err] {
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
        assert!(!text.contains('\u{202e}') && !text.contains("root:") && text.len() < 100_000, "{text:?}");
    }
    assert_eq!(n_articles(&here), 1, "{out} {err}");
    assert_eq!(store(&here).check(|flaw| panic!("{flaw:?}")).unwrap(), 0);
}

#[test]
fn feeds_lead_to_no_private_addresses() {
    let here = folder("private");
    fs::write(
        here.join("feed.xml"),
        "<rss><channel><item><link>http://127.0.0.1/1</link></item><item><link>http://169.254.169.254/latest</link></item>\
         <item><link>http://localhost/2</link></item></channel></rss>",
    )
    .unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_rapporteur"));
    let output = command
        .current_dir(&here)
        .env("RAPPORTEUR_CONFIG", "")
        .args(["collect", "--model", "rules", "--delay", "0", "feed.xml"])
        .output()
        .unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(err.matches("--allow-private fetches it").count(), 3, "{err}");
}
