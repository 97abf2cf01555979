//! The same command again: it goes on where it stopped, and adds nothing twice.

use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::{assert_sound, content, counts, documents, folder, import, line, lines, run, story, summary};

/// Makes a file look as if it had not been touched for a while.
fn settle(path: &std::path::Path) {
    let before = std::time::SystemTime::now() - Duration::from_secs(3600);
    fs::File::options().append(true).open(path).unwrap().set_modified(before).unwrap();
}

#[test]
fn a_second_run_adds_nothing() {
    let here = folder("second", &[("a.jsonl", &lines(0..40))]);
    settle(&here.join("a.jsonl"));
    assert_eq!(counts(&summary(&here, &["a.jsonl"]).1), [40, 0, 0]);
    let before = content(&here);
    let (_, done) = summary(&here, &["a.jsonl"]);
    assert_eq!((counts(&done), done["unchanged_files"].as_u64()), ([0, 40, 0], Some(1)));
    let (_, done) = summary(&here, &["--again", "."]);
    assert_eq!((counts(&done), done["unchanged_files"].as_u64()), ([0, 40, 0], Some(0)), "the database is no input");
    assert_eq!(content(&here).lines().filter(|line| line.starts_with("articles ")).count(), 40);
    assert!(before.lines().filter(|line| line.starts_with("words ")).count() > 100);
    // What was touched is looked at again.
    fs::File::options()
        .append(true)
        .open(here.join("a.jsonl"))
        .unwrap()
        .set_modified(std::time::SystemTime::UNIX_EPOCH)
        .unwrap();
    let (_, done) = summary(&here, &["a.jsonl"]);
    assert_eq!((counts(&done), done["unchanged_files"].as_u64()), ([0, 40, 0], Some(0)));
}

#[test]
fn another_name_for_the_same_records_adds_nothing() {
    let here = folder("other-name", &[("a.jsonl", &lines(0..5)), ("b.jsonl", &lines(3..8))]);
    assert_eq!(counts(&summary(&here, &["a.jsonl", "b.jsonl"]).1), [8, 2, 0]);
    assert_sound(&here);
}

#[test]
fn a_file_that_grew_or_was_changed_is_read_for_what_is_new() {
    let here = folder("grown", &[("a.jsonl", &lines(0..5))]);
    settle(&here.join("a.jsonl"));
    assert_eq!(counts(&summary(&here, &["a.jsonl"]).1), [5, 0, 0]);
    fs::write(here.join("a.jsonl"), lines(0..9)).unwrap();
    assert_eq!(counts(&summary(&here, &["a.jsonl"]).1), [4, 5, 0]);
    // Other bytes, as many, at once after the run.
    let other = String::from_utf8(lines(0..9)).unwrap().replace("cracks", "faults");
    fs::write(here.join("a.jsonl"), other).unwrap();
    let (_, done) = summary(&here, &["a.jsonl"]);
    assert_eq!((counts(&done), done["revised"].as_u64()), ([9, 0, 0], Some(9)));
    assert_eq!(documents(&here).len(), 18);
    assert_sound(&here);
}

#[test]
fn a_changed_text_of_an_address_is_a_revision() {
    let revised = line(1).replace("could not pay", "would not pay");
    let here = folder("revised", &[("a.jsonl", &lines(0..3)), ("b.jsonl", revised.as_bytes())]);
    let (_, done) = summary(&here, &["a.jsonl", "b.jsonl"]);
    assert_eq!((counts(&done), done["revised"].as_u64()), ([4, 0, 0], Some(1)));
    let revisions = super::store(&here).revisions("https://harbour.example/1").unwrap();
    assert_eq!(revisions.len(), 2);
    let changes = super::store(&here).changes(&revisions[0].article, &revisions[1].article).unwrap();
    assert_eq!(changes.len(), 1, "{changes:?}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_cleanly_and_the_next_run_goes_on() {
    let here = folder("ctrl-c", &[("a.jsonl", &lines(0..1200))]);
    settle(&here.join("a.jsonl"));
    let mut command = import(&here, &["--format", "json", "a.jsonl"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let since = Instant::now();
    while !has_articles(&here) && since.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(5));
    }
    signal(child.id(), "INT");
    let (status, out, err) = super::told(&child.wait_with_output().unwrap());
    assert_eq!(status, 130, "{out} {err}");
    let done: serde_json::Value = serde_json::from_str(&out).unwrap();
    let first = counts(&done)[0];
    assert!(first > 0 && first < 1200 && done["finished"] == false, "{out}");
    assert!(err.contains("goes on"), "{err}");
    assert_eq!(documents(&here).len() as u64, first, "what is counted is stored");
    let (status, done) = summary(&here, &["a.jsonl"]);
    assert_eq!((status, counts(&done)), (0, [1200 - first, 0, 0]), "nothing is read twice");
    assert_sound(&here);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_run_that_waits_for_its_input() {
    let here = folder("ctrl-c-stdin", &[]);
    let mut command = import(&here, &["-"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut stdin, &lines(0..2)).unwrap();
    let since = Instant::now();
    while !has_articles(&here) && since.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(documents(&here).len(), 2, "what came is stored while more is waited for");
    signal(child.id(), "TERM");
    assert_eq!(super::told(&child.wait_with_output().unwrap()).0, 130);
    drop(stdin);
}

#[cfg(unix)]
fn signal(process: u32, name: &str) {
    let sent = std::process::Command::new("kill").args([&format!("-{name}"), &process.to_string()]).status().unwrap();
    assert!(sent.success());
}

fn has_articles(here: &std::path::Path) -> bool {
    let store = rapporteur_store::Store::open(&here.join("rapporteur.db"));
    store.and_then(|store| store.stats()).is_ok_and(|stats| stats.n_articles > 0)
}

#[test]
fn the_same_content_on_any_number_of_threads() {
    let mut contents = Vec::new();
    for jobs in ["1", "2", "8"] {
        let bad = [lines(0..200), b"{\n".to_vec(), lines(190..350)].concat();
        let here = folder(&format!("jobs-{jobs}"), &[]);
        let inputs = folder("jobs-inputs", &[("a.jsonl", &bad), ("pages/b.txt", story(1000).as_bytes())]);
        let (status, done) = summary(&here, &["--jobs", jobs, inputs.to_str().unwrap()]);
        assert_eq!((status, counts(&done)), (1, [351, 10, 1]));
        contents.push(content(&here));
        run(&here, &[inputs.to_str().unwrap()]);
    }
    assert!(contents.iter().all(|content| *content == contents[0]), "the content hangs on the threads");
}
