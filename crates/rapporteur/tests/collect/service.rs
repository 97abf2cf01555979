//! Going on and on, being stopped, and living with others.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rapporteur_store::Store;

use super::server::answer;
use super::site::{Site, feed, page};
use super::{collect, folder, n_articles, n_asked, run, store, summary};

fn started(command: &mut Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Waits until it is so.
fn wait(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(60), "{what}");
        thread::sleep(Duration::from_millis(20));
    }
}

#[cfg(unix)]
fn interrupt(child: &Child) {
    signal(child, "-INT");
}

#[cfg(unix)]
fn signal(child: &Child, name: &str) {
    assert!(Command::new("kill").args([name, &child.id().to_string()]).status().unwrap().success());
}

/// What a run that ended gave: status, standard output, standard error.
fn ended(child: Child) -> (i32, String, String) {
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[cfg(unix)]
#[test]
fn a_service_looks_again_and_ends_well() {
    let site = Site::start(&[("/feed", feed(&["/1"])), ("/1", page("one")), ("/2", page("two"))]);
    let here = folder("service");
    let mut child = started(&mut collect(&here, &[&site.url("/feed"), "--every", "1s"]));
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    assert!(first.ends_with(": 1 new"), "{first}");
    // Between its looks the database is free.
    let free = || Store::open_to_write(&here.join("rapporteur.db"), "a test").is_ok();
    wait("the database is given back", free);
    site.put("/feed", |_| answer("200 OK", &[], feed(&["/1", "/2"]).as_bytes()));
    let second = lines.next().unwrap().unwrap();
    assert!(second.ends_with(": 1 new, 1 known"), "{second}");
    assert_eq!(n_articles(&here), 2);
    // As systemd ends a service.
    signal(&child, "-TERM");
    let last = lines.last().unwrap().unwrap();
    assert!(last.contains("2 new"), "{last}");
    assert_eq!(ended(child).0, 0);
}

/// A page that takes its time does not keep the program, and what was read before is stored.
#[cfg(unix)]
#[test]
fn ctrl_c_stops_at_once_and_the_next_run_goes_on() {
    let site = Site::start(&[("/feed", feed(&["/1", "/2", "/3"])), ("/2", page("two")), ("/3", page("three"))]);
    site.put("/1", |_| {
        thread::sleep(Duration::from_secs(30));
        answer("200 OK", &[], b"")
    });
    let here = folder("stopped");
    let url = site.url("/feed");
    let child = started(&mut collect(&here, &[&url]));
    wait("the slow page is asked for", || n_asked(&site, "/1") == 1);
    let start = Instant::now();
    interrupt(&child);
    let (status, out, err) = ended(child);
    assert!(start.elapsed() < Duration::from_secs(10));
    assert_eq!((status, err.as_str()), (130, "stopped; what was fetched is stored, and the same command goes on\n"));
    // How far it came is chance; what it says is not.
    let n_stored = n_articles(&here);
    let told = |n_new: u64, n_left: u64| match n_new {
        0 => format!("1 feed: {n_left} left for later"),
        _ => format!("1 feed: {n_new} new, {n_left} left for later"),
    };
    assert_eq!(summary(&out), told(n_stored, 3 - n_stored));

    site.put("/1", |_| answer("200 OK", &[], page("one").as_bytes()));
    let (status, out, _) = run(&here, &[&url]);
    assert_eq!(status, 0, "{out}");
    assert!(summary(&out).starts_with(&format!("1 feed: {} new", 3 - n_stored)), "{out}");
    assert_eq!(n_articles(&here), 3);
}

/// After a kill nothing that was told is lost, nothing is there twice, and the next run completes it.
#[cfg(unix)]
#[test]
fn a_kill_loses_nothing_that_was_told() {
    let paths: Vec<String> = (0..40).map(|n| format!("/{n}")).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let site = Site::start(&[("/feed", feed(&paths))]);
    paths.iter().for_each(|path| {
        let page = page(path);
        site.put(path, move |_| answer("200 OK", &[], page.as_bytes()));
    });
    let here = folder("killed");
    let arguments = [&site.url("/feed"), "--format", "jsonl"];
    for n_lines in [1, 9, 25] {
        let mut child = started(&mut collect(&here, &arguments));
        let told = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let told: Vec<String> = told.take(n_lines).filter(|line| line.contains("\"event\":\"page\"")).collect();
        child.kill().unwrap();
        child.wait().unwrap();
        let store = store(&here);
        assert_eq!(store.check(|flaw| panic!("{flaw:?}")).unwrap(), 0);
        for line in told {
            let event: serde_json::Value = serde_json::from_str(&line).unwrap();
            let id = event["article"].as_str().unwrap();
            assert_eq!(store.articles_by_id(id, 2).unwrap().len(), 1, "{line}");
        }
    }
    assert_eq!(run(&here, &arguments).0, 0);
    assert_eq!(n_articles(&here), 40);
    assert_eq!(store(&here).stats().unwrap().n_revised, 0);
}

#[test]
fn a_database_that_another_writes_is_left_to_it() {
    let site = Site::start(&[("/feed", feed(&["/1"])), ("/1", page("one"))]);
    let here = folder("in_use");
    let writer = Store::open_to_write(&here.join("rapporteur.db"), "a test").unwrap();
    let (status, out, err) = run(&here, &[&site.url("/feed")]);
    assert_eq!((status, out.as_str()), (1, ""));
    assert!(err.contains("in use by a test, process "), "{err}");
    // With --wait it waits, and nobody is asked for anything meanwhile.
    let child = started(&mut collect(&here, &[&site.url("/feed"), "--wait"]));
    thread::sleep(Duration::from_millis(500));
    assert_eq!(site.server.paths().len(), 0);
    drop(writer);
    let (status, out, err) = ended(child);
    assert_eq!((status, summary(&out)), (0, "1 feed: 1 new"));
    assert!(err.starts_with("waiting: ") && err.lines().count() == 1, "{err}");
}
