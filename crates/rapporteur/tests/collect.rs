//! `rapporteur collect` against servers that tests start.

#[path = "collect/bad_servers.rs"]
mod bad_servers;
#[path = "collect/lists.rs"]
mod lists;
#[path = "support/server.rs"]
#[expect(dead_code, reason = "other tests need more of it")]
mod server;
#[path = "collect/service.rs"]
mod service;
#[path = "collect/site.rs"]
mod site;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use rapporteur_store::{Fetch, Store};
use serde_json::Value;

use server::answer;
use site::{Site, feed, page};

/// A new folder of a test's own.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("collect").join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// `rapporteur collect` in `folder`, quick, and unswayed by the environment of the tests.
fn collect(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rapporteur"));
    command.current_dir(folder).stdin(Stdio::null());
    command.args(["collect", "--model", "rules", "--delay", "0", "--allow-private"]).args(arguments);
    for variable in ["RAPPORTEUR_DB", "ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"] {
        command.env_remove(variable).env_remove(variable.to_lowercase());
    }
    command.env("RAPPORTEUR_CONFIG", "");
    command
}

/// What a run gave: status, standard output, standard error.
fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = collect(folder, arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// The last line of a run, up to what differs: "1 feed: 3 new".
fn summary(out: &str) -> &str {
    out.lines().last().unwrap_or_default().split(';').next().unwrap_or_default()
}

fn store(folder: &Path) -> Store {
    Store::open(&folder.join("rapporteur.db")).unwrap()
}

fn n_articles(folder: &Path) -> u64 {
    store(folder).stats().unwrap().n_articles
}

fn last_fetch(folder: &Path, url: &str) -> Fetch {
    store(folder).last_fetch(url).unwrap().unwrap_or_else(|| panic!("{url} is not in the log"))
}

fn n_asked(site: &Site, path: &str) -> usize {
    site.server.paths().iter().filter(|asked| *asked == path).count()
}

#[test]
fn a_second_run_fetches_none_of_the_pages() {
    let site = Site::start(&[
        ("/feed", feed(&["/1", "/2", "/3"])),
        ("/1", page("one")),
        ("/2", page("two")),
        ("/3", page("three")),
    ]);
    let here = folder("second_run");
    let url = site.url("/feed");
    let (status, out, err) = run(&here, &[&url]);
    assert_eq!((status, err.as_str(), summary(&out)), (0, "", "1 feed: 3 new"));
    assert_eq!(out.lines().next(), Some(format!("The Post ({url}): 3 new").as_str()));
    assert_eq!(n_articles(&here), 3);
    let fetch = last_fetch(&here, &site.url("/2"));
    assert_eq!((fetch.status, fetch.error.as_deref()), (Some(200), None));
    assert!(fetch.article.unwrap().starts_with("b3:"));

    let (status, out, err) = run(&here, &[&url]);
    assert_eq!((status, err.as_str(), summary(&out)), (0, "", "1 feed: 3 known"));
    assert_eq!(n_articles(&here), 3);
    for path in ["/1", "/2", "/3", "/robots.txt"] {
        assert_eq!(n_asked(&site, path), 1, "{path}");
    }
}

#[test]
fn a_feed_that_did_not_change_is_not_sent_again() {
    let site = Site::start(&[("/1", page("one"))]);
    site.put("/feed", move |asked| match asked.header("If-None-Match") {
        Some("\"v1\"") => answer("304 Not Modified", &[], b""),
        _ => answer(
            "200 OK",
            &["ETag: \"v1\"", "Last-Modified: Wed, 25 Nov 2026 12:00:00 GMT"],
            feed(&["/1"]).as_bytes(),
        ),
    });
    let here = folder("unchanged_feed");
    let url = site.url("/feed");
    assert_eq!(summary(&run(&here, &[&url]).1), "1 feed: 1 new");
    assert_eq!(summary(&run(&here, &[&url]).1), "1 feed: nothing");
    let fetch = last_fetch(&here, &url);
    assert_eq!((fetch.status, fetch.etag.as_deref()), (Some(304), Some("\"v1\"")));
    assert_eq!(summary(&run(&here, &[&url]).1), "1 feed: nothing");
    let asked = site.server.asked();
    let last = asked.last().unwrap();
    assert_eq!(last.header("If-Modified-Since"), Some("Wed, 25 Nov 2026 12:00:00 GMT"));
}

/// A mark of the feed's version must not hide pages that could not be had.
#[test]
fn what_failed_for_a_while_is_tried_again_though_the_feed_did_not_change() {
    let site = Site::start(&[("/1", page("one"))]);
    site.put("/feed", |asked| match asked.header("If-None-Match") {
        Some(_) => answer("304 Not Modified", &[], b""),
        None => answer("200 OK", &["ETag: \"v1\""], feed(&["/1", "/2"]).as_bytes()),
    });
    site.put("/2", |_| answer("503 Service Unavailable", &["Retry-After: 0"], b""));
    let here = folder("tried_again");
    let url = site.url("/feed");
    let (status, out, err) = run(&here, &[&url]);
    assert_eq!((status, summary(&out)), (1, "1 feed: 1 new, 1 failed"));
    assert_eq!(err, format!("{}: HTTP 503, to be asked again after 0 s\n", site.url("/2")));
    assert_eq!(n_asked(&site, "/2"), 3);
    assert_eq!(last_fetch(&here, &url).etag, None);
    let sql = "SELECT count(*) FROM fetches WHERE url = ? AND status = 503 AND error IS NOT NULL";
    let n_noted: i64 = store(&here).connection().query_row(sql, [site.url("/2")], |row| row.get(0)).unwrap();
    assert_eq!(n_noted, 3);

    site.put("/2", |_| answer("200 OK", &[], page("two").as_bytes()));
    let (status, out, _) = run(&here, &[&url]);
    assert_eq!((status, summary(&out)), (0, "1 feed: 1 new, 1 known"));
    assert_eq!(last_fetch(&here, &url).etag.as_deref(), Some("\"v1\""));
    assert_eq!(n_articles(&here), 2);
}

#[test]
fn a_changed_page_becomes_a_revision_when_its_feed_says_so() {
    let site = Site::start(&[("/1", page("one"))]);
    let say = |updated: String| {
        site.put("/feed", move |asked| {
            let link = format!("http://{}/1", asked.header("Host").unwrap());
            let body = format!(
                "<feed xmlns='http://www.w3.org/2005/Atom'><title>A</title><entry><title>T</title>\
                 <link href='{link}'/><updated>{updated}</updated></entry></feed>"
            );
            answer("200 OK", &[], body.as_bytes())
        });
    };
    say("2026-11-25T12:00:00Z".to_owned());
    let here = folder("revision");
    let url = site.url("/feed");
    assert_eq!(summary(&run(&here, &[&url]).1), "1 feed: 1 new");
    site.put("/1", |_| answer("200 OK", &[], page("another").as_bytes()));
    assert_eq!(summary(&run(&here, &[&url]).1), "1 feed: 1 known");

    let updated = jiff::Timestamp::now().checked_add(Duration::from_millis(50)).unwrap();
    say(updated.to_string());
    thread::sleep(Duration::from_millis(100));
    assert_eq!(summary(&run(&here, &[&url]).1), "1 feed: 1 changed");
    assert_eq!(summary(&run(&here, &[&url]).1), "1 feed: 1 known");
    let revisions = store(&here).revisions(&site.url("/1")).unwrap();
    assert_eq!(revisions.len(), 2);
    let at = |n: usize| revisions[n].at.as_ref().unwrap().parse::<jiff::Timestamp>().unwrap();
    assert!(at(0) < at(1), "{revisions:?}");
    let text = |n: usize| store(&here).article_text(&revisions[n].article).unwrap();
    assert!(text(0).contains("one") && text(1).contains("another"));
}

/// The feed says nothing of it, and the page was last looked at two hours ago.
#[test]
fn silent_edits_are_found_where_they_are_looked_for() {
    let site = Site::start(&[("/feed", feed(&["/1"])), ("/1", page("one"))]);
    let here = folder("silent");
    let url = site.url("/feed");
    assert_eq!(summary(&run(&here, &[&url]).1), "1 feed: 1 new");
    site.put("/1", |_| answer("200 OK", &[], page("another").as_bytes()));
    let is_looked_at = |summary_of_run: &str| {
        let before = n_asked(&site, "/1");
        assert_eq!(summary(&run(&here, &[&url, "--recheck", "1d"]).1), summary_of_run);
        n_asked(&site, "/1") - before
    };
    assert_eq!(is_looked_at("1 feed: 1 known"), 0);
    let at = jiff::Timestamp::now().checked_sub(Duration::from_secs(7200)).unwrap().to_string();
    let writer = Store::open_to_write(&here.join("rapporteur.db"), "a test").unwrap();
    writer.connection().execute("UPDATE fetches SET at = ?", [&at]).unwrap();
    drop(writer);
    assert_eq!(is_looked_at("1 feed: 1 changed"), 1);
    assert_eq!(is_looked_at("1 feed: 1 known"), 0);
}

#[test]
fn the_feed_tells_what_the_page_does_not() {
    let site = Site::start(&[("/1", "<p>The road to the coast is open again, Adair said on Monday.</p>".to_owned())]);
    let link = site.url("/1");
    let rss = format!(
        "<rss><channel><title>The Post</title><item><title>Road &lt;script>alert(1)&lt;/script> open\u{7}</title>\
         <link>{link}</link><pubDate>Wed, 25 Nov 2026 12:00:00 GMT</pubDate><author>Ada Lie</author></item></channel></rss>"
    );
    site.put("/feed", move |_| answer("200 OK", &[], rss.as_bytes()));
    let here = folder("feed_tells");
    let (status, out, _) = run(&here, &[&site.url("/feed"), "--format", "jsonl"]);
    assert_eq!(status, 0);
    let events: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let names: Vec<&str> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!(names, ["page", "feed", "end"]);
    assert_eq!((&events[0]["outcome"], &events[0]["statements"]), (&"new".into(), &1.into()));
    assert_eq!((&events[0]["feed"], &events[0]["url"]), (&site.url("/feed").into(), &link.clone().into()));
    let id = events[0]["article"].as_str().unwrap();
    let store = store(&here);
    let found = store.articles_by_id(id, 2).unwrap();
    let document = store.document(&found[0]).unwrap();
    assert_eq!(document.article.published.unwrap().to_string(), "2026-11-25T12:00:00+00:00");
    assert!(document.article.title.as_ref().unwrap().starts_with("Road"), "{:?}", document.article.title);
    assert!(document.times.iter().any(|time| time.value.as_deref() == Some("2026-11-23")), "{:?}", document.times);
    assert!(store.page(&found[0]).unwrap().is_some());
}

#[test]
fn pages_are_dropped_where_that_is_wanted() {
    let site = Site::start(&[("/feed", feed(&["/1"])), ("/1", page("one"))]);
    let here = folder("dropped");
    assert_eq!(run(&here, &[&site.url("/feed"), "--no-pages"]).0, 0);
    let store = store(&here);
    assert_eq!(store.stats().unwrap().n_snapshots, 1);
}

#[test]
fn the_newest_come_first_and_the_others_at_the_next_look() {
    let paths = ["/1", "/2", "/3", "/4", "/5"];
    let site = Site::start(&[("/feed", feed(&paths))]);
    paths.into_iter().for_each(|path| site.put(path, move |_| answer("200 OK", &[], page(path).as_bytes())));
    let here = folder("limit");
    let url = site.url("/feed");
    assert_eq!(summary(&run(&here, &[&url, "--limit", "2"]).1), "1 feed: 2 new, 3 left for later");
    // The feed dates each entry a day after the one before.
    assert_eq!((n_asked(&site, "/5"), n_asked(&site, "/4"), n_asked(&site, "/3")), (1, 1, 0));
    assert_eq!(summary(&run(&here, &[&url, "--limit", "2"]).1), "1 feed: 2 new, 2 known, 1 left for later");
    assert_eq!(summary(&run(&here, &[&url, "--limit", "2"]).1), "1 feed: 1 new, 4 known");
}

#[test]
fn old_pages_are_passed_over_where_that_is_wanted() {
    let site = Site::start(&[("/feed", feed(&["/1", "/2"])), ("/1", page("one")), ("/2", page("two"))]);
    let here = folder("since");
    assert_eq!(summary(&run(&here, &[&site.url("/feed"), "--since", "1h"]).1), "1 feed: 2 too old");
    assert_eq!(n_asked(&site, "/1"), 0);
}

#[test]
fn robots_txt_is_heeded_for_pages_and_not_for_the_feed_that_was_named() {
    let site = Site::start(&[("/feed", feed(&["/1", "/closed/2"])), ("/1", page("one")), ("/closed/2", page("two"))]);
    site.put("/robots.txt", |_| answer("200 OK", &[], b"User-agent: *\nDisallow: /feed\nDisallow: /closed"));
    let here = folder("robots");
    let (status, out, err) = run(&here, &[&site.url("/feed")]);
    assert_eq!((status, summary(&out)), (1, "1 feed: 1 new, 1 failed"));
    assert_eq!(err, format!("{}: the robots.txt of the host asks not to fetch it\n", site.url("/closed/2")));
    assert_eq!(n_asked(&site, "/closed/2"), 0);
}

/// Each of two hosts answers only when the other was asked too.
#[test]
fn many_hosts_are_asked_at_the_same_time_and_each_once_at_a_time() {
    let site = Site::start(&[("/1", page("one")), ("/2", page("two")), ("/3", page("three"))]);
    let both = Arc::new((Mutex::new(0), Condvar::new()));
    let (n_now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    for path in ["/a", "/b"] {
        let both = both.clone();
        site.put(path, move |_| {
            let (n_asked, changed) = &*both;
            *n_asked.lock().unwrap() += 1;
            changed.notify_all();
            let limit = Duration::from_secs(10);
            let (n_asked, _) = changed.wait_timeout_while(n_asked.lock().unwrap(), limit, |n| *n < 2).unwrap();
            let status = if *n_asked == 2 { "200 OK" } else { "404 Not Found" };
            answer(status, &[], feed(&["/1", "/2", "/3"]).as_bytes())
        });
    }
    for path in ["/1", "/2", "/3"] {
        let (n_now, most) = (n_now.clone(), most.clone());
        site.put(path, move |_| {
            most.fetch_max(n_now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            thread::sleep(Duration::from_millis(50));
            n_now.fetch_sub(1, Ordering::SeqCst);
            answer("200 OK", &[], page(path).as_bytes())
        });
    }
    let here = folder("many_hosts");
    let other = site.url("/b").replace("127.0.0.1", "localhost");
    let (status, out, err) = run(&here, &[&site.url("/a"), &other]);
    assert_eq!((status, err.as_str(), summary(&out)), (0, "", "2 feeds: 3 new, 3 known"));
    assert_eq!(most.load(Ordering::SeqCst), 1);
}

#[test]
fn what_is_wrong_with_the_command_is_said() {
    let here = folder("wrong_command");
    for (arguments, words) in [
        (&[][..], "no feeds are named"),
        (&["--every", "soon", "https://a.example/"], "no time"),
        (&["--once", "--every", "10m", "https://a.example/"], "cannot be used with"),
        (&["http://"], "is no address"),
        (&["-"], "standard input"),
    ] {
        let (status, out, err) = run(&here, arguments);
        assert_eq!((status, out.as_str()), (2, ""), "{arguments:?}");
        assert!(err.contains(words), "{arguments:?}: {err}");
    }
    assert!(!here.join("rapporteur.db").exists());
}
