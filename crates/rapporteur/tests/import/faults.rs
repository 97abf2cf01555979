//! What goes wrong: bad records, full disks, other programs.

use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::{assert_sound, counts, documents, folder, gzip, import, line, lines, run, store, summary};

#[test]
fn a_bad_record_is_named_counted_and_passed_over() {
    let bad = [
        line(0),
        "{\"text\": \"a".to_owned(),
        "[1, 2]".to_owned(),
        "{\"id\": 1}".to_owned(),
        "{\"text\": \" \"}".to_owned(),
        "\u{1b}[31m".to_owned(),
        line(1),
    ];
    let here = folder("bad-lines", &[("a.jsonl", bad.join("\n").as_bytes())]);
    let (status, out, err) = run(&here, &["--format", "json", "a.jsonl"]);
    assert_eq!((status, counts(&serde_json::from_str(&out).unwrap())), (1, [2, 0, 5]));
    let first = line(0).len() + 1;
    assert!(err.starts_with(&format!("a.jsonl: line 2 at byte {first}: not JSON: EOF while parsing")), "{err}");
    assert_eq!(err.lines().count(), 5, "{err}");
    assert!(err.contains("a.jsonl: line 3 at byte") && err.contains("--text-field"), "{err}");
    assert!(!err.contains('\u{1b}'), "nothing of an input reaches the terminal raw");
    let mut skipped = Vec::new();
    store(&here)
        .skipped(|one| {
            skipped.push((one.position, one.reason.split(':').next().unwrap().to_owned()));
            true
        })
        .unwrap();
    let expected = [(2, "not JSON"), (3, "not a JSON object"), (4, "no text"), (5, "no text"), (6, "not JSON")];
    assert_eq!(skipped, expected.map(|(line, reason)| (line, reason.to_owned())));
}

#[test]
fn strict_stops_at_the_first_bad_record_and_keeps_what_came_before() {
    let bad = [line(0), "{".to_owned(), line(1)].join("\n");
    let here = folder("strict", &[("a.jsonl", bad.as_bytes())]);
    for known in [0, 1] {
        let (status, done) = summary(&here, &["--strict", "a.jsonl"]);
        assert_eq!((status, counts(&done)), (1, [1 - known, known, 1]), "{done}");
        assert_eq!(done["finished"], false);
    }
    fs::write(here.join("a.jsonl"), lines(0..2)).unwrap();
    assert_eq!(counts(&summary(&here, &["--strict", "a.jsonl"]).1), [1, 1, 0]);
}

#[test]
fn files_that_break_off_give_what_they_have() {
    let packed = gzip(&lines(0..200));
    let cut = &packed[..packed.len() / 2];
    let mut xz = include_bytes!("three.jsonl.xz").to_vec();
    let at = xz.len() - 40;
    xz[at] ^= 0x55;
    let here = folder(
        "cut",
        &[("cut.jsonl.gz", cut), ("flipped.jsonl.xz", &xz), ("empty", b""), ("image", b"\x89PNG\r\n\x1a\n")],
    );
    let (status, out, err) =
        run(&here, &["--format", "json", "cut.jsonl.gz", "flipped.jsonl.xz", "empty", "image", "none"]);
    assert_eq!(status, 1);
    let [added, known, bad] = counts(&serde_json::from_str(&out).unwrap());
    assert!(added > 10 && known == 0 && bad == 5, "{out} {err}");
    assert!(err.contains("cut.jsonl.gz: line ") && err.contains("gzip: unexpected end at byte"), "{err}");
    assert!(err.contains("none: not readable: no such file or folder"), "{err}");
    assert!(err.contains("image: not a page: not a text but a PNG image"), "{err}");
    assert!(err.contains("empty: no article: the page has no text"), "{err}");
    assert_sound(&here);
}

#[test]
fn a_foreign_file_and_a_newer_one_are_left_as_they_are() {
    let here =
        folder("foreign", &[("a.jsonl", &lines(0..1)), ("notes.db", b"my notes, and more of them than a header")]);
    let other = rusqlite::Connection::open(here.join("other.db")).unwrap();
    other.execute_batch("CREATE TABLE mine (x); INSERT INTO mine VALUES (1);").unwrap();
    drop(other);
    run(&here, &["--db", "newer.db", "a.jsonl"]);
    let newer = rusqlite::Connection::open(here.join("newer.db")).unwrap();
    newer.pragma_update(None, "user_version", 9999).unwrap();
    newer.pragma_update(None, "journal_mode", "DELETE").unwrap();
    drop(newer);
    for (name, words) in [
        ("notes.db", "not a database of Rapporteur"),
        ("other.db", "not a database of Rapporteur"),
        ("newer.db", "written by a newer Rapporteur"),
    ] {
        let before = fs::read(here.join(name)).unwrap();
        let (status, out, err) = run(&here, &["--db", name, "a.jsonl"]);
        assert_eq!((status, out.as_str()), (1, ""), "{name}");
        assert!(err.starts_with(&format!("rapporteur: {name}: {words}")) && err.lines().count() == 1, "{err}");
        assert!(fs::read(here.join(name)).unwrap() == before, "{name} was changed");
    }
}

#[test]
fn one_imports_and_others_are_told_or_wait() {
    let here = folder("two", &[("a.jsonl", &lines(0..800)), ("b.jsonl", &lines(790..900))]);
    let mut first = import(&here, &["a.jsonl"]).stdout(Stdio::null()).spawn().unwrap();
    let since = Instant::now();
    // Not before: another one must not take the lock first.
    let held = format!("process {}", first.id());
    let lock = here.join("rapporteur.db.lock");
    while !fs::read_to_string(&lock).is_ok_and(|holder| holder.contains(&held)) {
        assert!(since.elapsed() < Duration::from_secs(60), "the first import never began");
        thread::sleep(Duration::from_millis(2));
    }
    let refused = loop {
        let (status, _, err) = run(&here, &["empty-list"]);
        if err.contains("in use by") || since.elapsed() > Duration::from_secs(60) {
            break (status, err);
        }
    };
    assert!(
        refused.1.contains("in use by `rapporteur import` since")
            && refused.1.contains(&format!("process {}", first.id())),
        "{refused:?}"
    );
    assert!(refused.1.contains("--wait") && refused.0 == 1, "{refused:?}");
    // Readers go on meanwhile, and each sees a whole moment.
    let (mut n_seen, mut most) = (0, 0);
    while first.try_wait().unwrap().is_none() {
        let Ok(open) = rapporteur_store::Store::open(&here.join("rapporteur.db")) else { continue };
        let stats = open.stats().unwrap();
        assert!(stats.n_articles >= most);
        (n_seen, most) = (n_seen + 1, stats.n_articles);
        if n_seen == 2 {
            break;
        }
    }
    let (status, done) = summary(&here, &["--wait", "b.jsonl"]);
    assert!(first.wait().unwrap().success());
    assert_eq!((status, counts(&done)), (0, [100, 10, 0]), "it waited, and then knew what the other had stored");
    assert_eq!(documents(&here).len(), 900);
    assert_sound(&here);
}

/// Says why a test can't be made here.
#[expect(clippy::print_stderr, reason = "who runs the tests is to know")]
fn skip(why: &str) {
    eprintln!("NOT TESTED: {why}");
}

/// A small disk of its own, gone when this is dropped.
struct Disk(std::path::PathBuf);

impl Disk {
    fn new(at: std::path::PathBuf, options: &str) -> Option<Disk> {
        fs::create_dir_all(&at).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(&at).stderr(Stdio::null());
        mount.status().is_ok_and(|status| status.success()).then_some(Disk(at))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_is_one_line_and_nothing_acknowledged_is_lost() {
    let here = folder("full", &[("a.jsonl", &lines(0..1500))]);
    let Some(disk) = Disk::new(here.join("disk"), "size=6m") else {
        return skip("a full disk: mounting a tmpfs is not allowed here");
    };
    let db = disk.0.join("rapporteur.db");
    let (status, out, err) = run(&here, &["--db", db.to_str().unwrap(), "a.jsonl"]);
    assert_eq!((status, out.as_str()), (1, ""), "{err}");
    assert!(err.lines().last().unwrap().contains("disk or the quota is full"), "{err}");
    assert_eq!(err.lines().count(), 1, "{err}");
    // It opens while the disk is still full, and goes on where there is room.
    assert_sound(&disk.0);
    let n_stored = documents(&disk.0).len();
    assert!(n_stored > 0);
    let more = Command::new("mount").args(["-o", "remount,size=90m"]).arg(&disk.0).status().unwrap();
    assert!(more.success());
    let (status, done) = summary(&here, &["--db", db.to_str().unwrap(), "a.jsonl"]);
    assert_eq!(status, 0);
    let [added, known, bad] = counts(&done);
    assert_eq!(
        (added as usize, known + added, bad),
        (1500 - n_stored, if known > 0 { 1500 } else { added }, 0),
        "{done}"
    );
    assert_eq!(documents(&disk.0).len(), 1500);
    assert_sound(&disk.0);
}

#[test]
fn a_folder_that_can_not_be_written_is_one_line() {
    let here = folder("read-only", &[("a.jsonl", &lines(0..3))]);
    let Some(disk) = Disk::new(here.join("disk"), "ro") else {
        return skip("a read-only folder: mounting a tmpfs is not allowed here");
    };
    let (status, _, err) = run(&here, &["--db", disk.0.join("rapporteur.db").to_str().unwrap(), "a.jsonl"]);
    assert_eq!(status, 1);
    assert!(err.contains("it cannot be written") && err.lines().count() == 1, "{err}");
    let (status, _, err) = run(&here, &["--db", "none/rapporteur.db", "a.jsonl"]);
    assert_eq!(status, 1);
    assert!(err.contains("its folder does not exist") && err.lines().count() == 1, "{err}");
}

#[test]
fn the_command_itself_is_looked_at_first() {
    let here = folder("usage", &[]);
    for (arguments, words) in [
        (&["https://a.example/1"][..], "rapporteur collect"),
        (&["-", "-"], "more than once"),
        (&[], "Usage"),
        (&["--jobs", "0", "a"], "--jobs"),
    ] {
        let (status, _, err) = run(&here, arguments);
        assert_eq!(status, 2, "{err}");
        assert!(err.contains(words), "{err}");
        assert!(!here.join("rapporteur.db").exists());
    }
}
