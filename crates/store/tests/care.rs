//! What must not go wrong with the file: who may write it, what is refused, what a copy and a repair hold.

mod support;

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use rapporteur_record::Document;
use rapporteur_store::{
    Batch, Change, Page, Problem, Progress, Query, Skipped, Store, Stored, Verdict, check_citation,
};
use support::{Said, article, folder, said};

fn story(number: usize) -> Document {
    let url = format!("https://a.example/{number}");
    let words = format!("ferry {number} sails at {} in the morning from quay {}", number % 12, number % 7);
    let words: &'static str = words.leak();
    article(&url, "2024-05-01", &[Said { speaker: "Ada Brandt", content: words, ..said() }])
}

fn open(path: &Path) -> Store {
    Store::open_to_write(path, "a test").unwrap()
}

/// What opening fails with.
fn problem(opened: Result<Store, rapporteur_store::Error>) -> (Problem, String) {
    let error = opened.err().unwrap();
    let line = error.to_string();
    (error.problem, line)
}

#[test]
fn one_writes_and_the_others_are_told_who() {
    let path = folder("lock").join("r.db");
    let mut first = Store::open_to_write(&path, "`rapporteur import`, since 16:02").unwrap();
    let (problem, line) = problem(Store::open_to_write(&path, "another"));
    assert!(matches!(problem, Problem::InUse(_)));
    assert!(line.contains("in use by `rapporteur import`, since 16:02, process "), "{line}");
    first.put([story(1)]).unwrap();
    let reader = Store::open(&path).unwrap();
    assert_eq!(reader.stats().unwrap().n_articles, 1, "a reader is let in meanwhile");
    drop(first);
    open(&path).put([story(2)]).unwrap();
    assert_eq!(reader.stats().unwrap().n_articles, 2);
}

#[test]
fn threads_that_want_to_write_take_turns_and_lose_nothing() {
    let path = folder("turns").join("r.db");
    open(&path);
    thread::scope(|scope| {
        for thread in 0..4 {
            let path = &path;
            scope.spawn(move || {
                for number in 0..5 {
                    let mut store = loop {
                        match Store::open_to_write(path, "a thread") {
                            Ok(store) => break store,
                            Err(error) => assert!(matches!(error.problem, Problem::InUse(_)), "{error}"),
                        }
                        thread::yield_now();
                    };
                    store.put([story(thread * 100 + number)]).unwrap();
                }
            });
        }
    });
    let store = Store::open(&path).unwrap();
    assert_eq!(store.stats().unwrap().n_articles, 20);
    assert_eq!(store.check(|flaw| panic!("{flaw:?}")).unwrap(), 0);
}

#[test]
fn what_is_opened_to_read_cannot_write() {
    let path = folder("reader").join("r.db");
    open(&path).put([story(1)]).unwrap();
    let mut reader = Store::open(&path).unwrap();
    assert!(reader.put([story(2)]).is_err());
    assert!(reader.connection().execute("DELETE FROM articles", []).is_err());
    assert_eq!(reader.stats().unwrap().n_articles, 1);
}

#[test]
fn a_backup_made_while_others_write_is_of_one_moment_and_whole() {
    let folder = folder("backup");
    let path = folder.join("r.db");
    open(&path).put((0..50).map(story)).unwrap();
    let done = AtomicBool::new(false);
    let n_written = thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut store = open(&path);
            let mut number = 50;
            while !done.load(Ordering::Relaxed) || number < 80 {
                store.put([story(number), story(number + 1)]).unwrap();
                number += 2;
            }
            number
        });
        for copy in 0..3 {
            let copy = folder.join(format!("copy-{copy}.db"));
            Store::open(&path).unwrap().backup(&copy).unwrap();
            let copy = Store::open(&copy).unwrap();
            assert_eq!(copy.check(|flaw| panic!("{flaw:?}")).unwrap(), 0);
            let n_articles = copy.stats().unwrap().n_articles;
            assert!(n_articles >= 50 && n_articles.is_multiple_of(2), "{n_articles}");
        }
        done.store(true, Ordering::Relaxed);
        writer.join().unwrap()
    });
    let last = folder.join("last.db");
    Store::open(&path).unwrap().backup(&last).unwrap();
    let mut copy = open(&last);
    assert_eq!(copy.stats().unwrap().n_articles, n_written as u64);
    copy.put([story(9_999)]).unwrap();
}

#[test]
fn a_backup_overwrites_nothing() {
    let folder = folder("backup-there");
    let path = folder.join("r.db");
    let store = open(&path);
    fs::write(folder.join("there"), "precious").unwrap();
    let error = store.backup(&folder.join("there")).unwrap_err();
    assert!(error.to_string().ends_with("there: it is there already: name a new file"), "{error}");
    assert_eq!(fs::read(folder.join("there")).unwrap(), b"precious");
    assert!(store.backup(&path).is_err());
    assert!(store.backup(&folder.join("nowhere/copy.db")).is_err());
}

#[test]
fn foreign_files_are_refused_and_left_as_they_are() {
    let folder = folder("foreign");
    let text = folder.join("notes.txt");
    fs::write(
        &text,
        "these are notes of somebody, and no database at all; a hundred bytes are enough for a header, more or less",
    )
    .unwrap();
    let other = folder.join("other.db");
    rusqlite_file(&other, "CREATE TABLE bookmarks (url TEXT); INSERT INTO bookmarks VALUES ('x');");
    let cut = folder.join("cut.db");
    fs::write(&cut, b"SQLite format 3\0\x40\0").unwrap();
    for path in [&text, &other, &cut] {
        let before = fs::read(path).unwrap();
        for opened in [Store::open(path), Store::open_to_write(path, "a test")] {
            let (problem, line) = problem(opened);
            assert!(matches!(problem, Problem::Foreign), "{line}");
            assert!(line.contains("not a database of Rapporteur; name another file"), "{line}");
        }
        assert_eq!(fs::read(path).unwrap(), before);
        assert!(!path.with_extension("db.lock").exists());
    }
    let (missing, _) = problem(Store::open(&folder.join("missing.db")));
    assert!(matches!(missing, Problem::Missing));
    let (nowhere, line) = problem(Store::open_to_write(&folder.join("nowhere/r.db"), "a test"));
    assert!(matches!(nowhere, Problem::Denied(_)) && line.contains("its folder does not exist"), "{line}");
}

/// A SQLite file that is not ours.
fn rusqlite_file(path: &Path, sql: &str) {
    // Our own store makes one whose tables and marks are then taken away.
    drop(open(path));
    let _ = fs::remove_file(path.with_extension("db.lock"));
    let connection = rusqlite::Connection::open(path).unwrap();
    connection.pragma_update(None, "application_id", 0).unwrap();
    connection.pragma_update(None, "user_version", 0).unwrap();
    connection.execute_batch(sql).unwrap();
    connection.pragma_update(None, "journal_mode", "DELETE").unwrap();
}

#[test]
fn a_newer_file_is_refused_with_what_to_do() {
    let path = folder("newer").join("r.db");
    open(&path).put([story(1)]).unwrap();
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    drop(connection);
    for opened in [Store::open(&path), Store::open_to_write(&path, "a test")] {
        let (problem, line) = problem(opened);
        assert!(matches!(problem, Problem::Newer(99)));
        assert!(
            line.contains("written by a newer Rapporteur (schema 99") && line.ends_with("update Rapporteur"),
            "{line}"
        );
    }
}

#[test]
fn a_damaged_file_is_found_out() {
    let folder = folder("damaged");
    let path = folder.join("r.db");
    open(&path).put((0..30).map(story)).unwrap();
    let damage = |name: &str, sql: &str| {
        let copy = folder.join(name);
        Store::open(&path).unwrap().backup(&copy).unwrap();
        rusqlite::Connection::open(&copy).unwrap().execute_batch(sql).unwrap();
        let mut places = Vec::new();
        let n_flaws = Store::open(&copy).unwrap().check(|flaw| places.push(flaw.place)).unwrap();
        assert_eq!(n_flaws as usize, places.len());
        places
    };
    assert!(!damage("hash.db", "UPDATE snapshots SET hash = zeroblob(32) WHERE id = 1").is_empty());
    assert!(!damage("body.db", "UPDATE snapshots SET body = zeroblob(9) WHERE id = 2").is_empty());
    assert!(!damage("row.db", "DELETE FROM statements WHERE id = (SELECT min(id) FROM statements)").is_empty());
    assert!(
        !damage("spans.db", "UPDATE statements SET spans = x'ff' WHERE id = (SELECT min(id) FROM statements)")
            .is_empty()
    );
    assert!(!damage("record.db", "DELETE FROM records WHERE article = (SELECT min(id) FROM articles)").is_empty());
    assert!(
        !damage("places.db", "UPDATE statements SET spans = x'000000' WHERE id = (SELECT max(id) FROM statements)")
            .is_empty()
    );
    for (index, column, table) in [("statements_text", "content", "statements"), ("articles_text", "text", "articles")]
    {
        let more = format!("INSERT INTO {index} (rowid, {column}) VALUES (7, 'one more')");
        assert_eq!(damage(&format!("{index}.db"), &more), [table]);
    }
    assert!(damage("sound.db", "").is_empty());
}

#[test]
fn a_text_that_was_changed_is_a_revision_and_both_are_kept() {
    let path = folder("revisions").join("r.db");
    let url = "https://a.example/story";
    let says = |content| Said { speaker: "Ada Brandt", content, ..said() };
    let first = article(url, "2024-05-01", &[says("the ferry sails at noon"), says("no crane had moved since May")]);
    let second =
        article(url, "2024-05-02", &[says("the ferry sails at noon"), says("no crane moved since May or June")]);
    let third = article(url, "2024-05-03", &[says("a ferry may sail some day"), says("the ferry sails at noon")]);
    let mut store = open(&path);
    // The order of arrival does not count.
    assert_eq!(store.put([third]).unwrap().stored, [Stored::Added]);
    assert_eq!(store.put([first.clone(), second]).unwrap().stored, [Stored::Revised; 2]);
    assert_eq!(store.put([first]).unwrap().stored, [Stored::Known]);
    assert_eq!(store.stats().unwrap().n_revised, 3);
    let revisions = store.revisions(url).unwrap();
    let days: Vec<&str> = revisions.iter().filter_map(|revision| revision.at.as_deref()).collect();
    assert_eq!(days, ["2024-05-01", "2024-05-02", "2024-05-03"]);
    let [one, two, three] = [0, 1, 2].map(|at| &revisions[at].article);
    assert_eq!(store.changes(one, one).unwrap(), []);
    assert_eq!(store.changes(one, two).unwrap(), [Change::Changed { before: 1, after: 1 }]);
    assert_eq!(store.changes(two, three).unwrap(), [Change::Dropped { before: 1 }, Change::Added { after: 0 }]);
    assert!(store.revisions("https://a.example/").unwrap().is_empty());
}

#[test]
fn a_citation_is_an_orphan_where_its_text_was_changed() {
    let path = folder("orphan").join("r.db");
    let url = "https://a.example/story";
    let noon = Said { speaker: "Ada Brandt", content: "the ferry sails at noon", ..said() };
    let mut store = open(&path);
    store.put([article(url, "2024-05-01", &[noon])]).unwrap();
    // The same words stand in it, at another place: nothing tells that they are the same statement.
    store.put([article(url, "2024-05-02", &[Said { content: "something came before", ..noon }, noon])]).unwrap();
    store.put([article(url, "2024-05-03", &[noon, Said { content: "something came after", ..noon }])]).unwrap();
    let revisions = store.revisions(url).unwrap();
    let text = |at: usize| store.article_text(&revisions[at].article).unwrap();
    let citation = store.cite(&store.statements_in(&revisions[0].article).unwrap()[0]).unwrap();
    assert_eq!(citation.text, blake3::hash(text(0).as_bytes()).to_hex().to_string());
    assert_eq!(check_citation(&citation, &text(0)), Verdict::Holds);
    assert!(text(1).contains(&citation.stretches[0].exact));
    assert_eq!(check_citation(&citation, &text(1)), Verdict::Orphan { stretch: 0 });
    assert_eq!(check_citation(&citation, &text(2)), Verdict::Orphan { stretch: 0 }, "what follows is not the same");
}

#[test]
fn dictionaries_are_learnt_once_and_everything_is_read_with_and_without_them() {
    let path = folder("dictionaries").join("r.db");
    let mut store = open(&path);
    assert!(!store.packer().is_trained());
    let early = store.packer();
    for from in (0..1_200).step_by(300) {
        store.put((from..from + 300).map(story)).unwrap();
        assert_eq!(store.packer().is_trained(), from + 300 >= 1_000);
    }
    // What was packed before the dictionaries came is put after them.
    let entries = vec![early.pack(story(5_000), None), store.packer().pack(story(5_001), Some(b"<p>page</p>"))];
    store.put_batch(&Batch { entries, ..Batch::default() }).unwrap();
    let dictionaries = |store: &Store| {
        let sql = "SELECT count(*) FROM dictionaries";
        store.connection().query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap()
    };
    assert_eq!(dictionaries(&store), 2);
    drop(store);
    let mut store = open(&path);
    assert!(store.packer().is_trained());
    store.put([story(5_002)]).unwrap();
    assert_eq!(dictionaries(&store), 2);
    let used = "SELECT count(DISTINCT dictionary) FROM records";
    assert_eq!(store.connection().query_row(used, [], |row| row.get::<_, i64>(0)).unwrap(), 2);
    assert_eq!(store.check(|flaw| panic!("{flaw:?}")).unwrap(), 0);
    let wanted = story(5_001);
    let found = store.articles_by_id(&wanted.article.id, 2).unwrap();
    assert_eq!(store.document(&found[0]).unwrap(), wanted);
    assert_eq!(store.page(&found[0]).unwrap().unwrap(), b"<p>page</p>");
    assert_eq!(store.snapshot_hash(&found[0]).unwrap(), blake3::hash(b"<p>page</p>").to_hex().to_string());
}

#[test]
fn a_batch_is_stored_whole_or_not_at_all() {
    let path = folder("whole").join("r.db");
    let mut store = open(&path);
    let progress = |position| Progress {
        source: "/in.jsonl".to_owned(),
        n_bytes: 10,
        modified: "then".to_owned(),
        hash: None,
        from: position - 1,
        position,
        finished: false,
    };
    let skipped = || vec![Skipped { source: "/in.jsonl".to_owned(), position: 3, reason: "no text".to_owned() }];
    let entries = |number: usize, store: &Store| vec![store.packer().pack(story(number), None)];
    let batch =
        Batch { entries: entries(1, &store), skipped: skipped(), progress: Some(progress(1)), ..Batch::default() };
    store.put_batch(&batch).unwrap();
    // A file that may grow no further: as a full disk.
    let pages: i64 = store.connection().query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    store.connection().query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(())).unwrap();
    let entries = (10..200).map(|number| store.packer().pack(story(number), None)).collect();
    let error = store.put_batch(&Batch { entries, progress: Some(progress(2)), ..Batch::default() }).unwrap_err();
    assert!(matches!(error.problem, Problem::Full), "{error}");
    assert!(error.to_string().contains("make room and run it again"), "{error}");
    let import = store.import_of("/in.jsonl").unwrap().unwrap();
    assert_eq!((import.progress.position, import.n_added, import.n_skipped), (1, 1, 1));
    assert_eq!((store.stats().unwrap().n_articles, store.stats().unwrap().n_skipped), (1, 1));
    assert_eq!(store.check(|flaw| panic!("{flaw:?}")).unwrap(), 0);
    store.connection().query_row("PRAGMA max_page_count = 1000000", [], |_| Ok(())).unwrap();
    store.put((10..200).map(story)).unwrap();
    assert_eq!(store.stats().unwrap().n_articles, 191);
    assert_eq!(store.skipped_by_reason().unwrap(), [("/in.jsonl".to_owned(), "no text".to_owned(), 1)]);
}

/// Run again by [`a_writer_that_is_killed_leaves_a_sound_file`], to be killed.
#[test]
fn write_until_killed() {
    let Ok(path) = std::env::var("STORE_TEST_WRITE_UNTIL_KILLED") else { return };
    let mut store = open(Path::new(&path));
    for number in 0.. {
        store.put([story(number)]).unwrap();
        fs::write(format!("{path}.acknowledged"), number.to_string()).unwrap();
    }
}

#[cfg(unix)]
#[test]
fn a_writer_that_is_killed_leaves_a_sound_file() {
    let path = folder("killed").join("r.db");
    let acknowledged = || fs::read_to_string(format!("{}.acknowledged", path.display())).unwrap_or_default();
    for round in 0..3 {
        let _ = fs::remove_file(format!("{}.acknowledged", path.display()));
        let mut writer = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "write_until_killed"])
            .env("STORE_TEST_WRITE_UNTIL_KILLED", &path)
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        while !acknowledged().parse().is_ok_and(|number: u64| number >= 20 + 17 * round) {
            thread::sleep(Duration::from_millis(2));
            assert!(writer.try_wait().unwrap().is_none(), "it ended by itself");
        }
        writer.kill().unwrap();
        writer.wait().unwrap();
        let last: u64 = acknowledged().parse().unwrap_or(0);
        let store = Store::open(&path).unwrap();
        assert!(store.stats().unwrap().n_articles > last, "round {round}");
        assert_eq!(store.check(|flaw| panic!("{flaw:?}")).unwrap(), 0);
        drop(open(&path));
    }
}

#[test]
fn names_that_are_mistyped_are_guessed() {
    let path = folder("alike").join("r.db");
    let mut store = open(&path);
    let says = |speaker| Said { speaker, content: "no", ..said() };
    store
        .put([article("https://a.example/1", "", &["Sergéi Lavrin", "Sergei Lavrin", "Ada Brandt"].map(says))])
        .unwrap();
    store.put([article("https://a.example/2", "", &[says("Sergei Lavrin")])]).unwrap();
    let like = |typed: &str| store.name_like(typed).unwrap().map(|found| found.name);
    assert_eq!(like("Lavrni").as_deref(), Some("Sergei Lavrin"));
    assert_eq!(like("sergey lavrin").as_deref(), Some("Sergei Lavrin"));
    assert_eq!(like("Brand").as_deref(), Some("Ada Brandt"));
    assert_eq!([like("Xi"), like("Quiroga"), like("")], [None, None, None]);
}

#[test]
fn words_are_counted_to_a_limit() {
    let path = folder("counted").join("r.db");
    let mut store = open(&path);
    store.put((0..40).map(story)).unwrap();
    for typed in ["ferry", "speaker:brandt", "", "ferry -sails", "outlet:a.example act:assert"] {
        let query = Query::parse(typed).unwrap();
        let mut n_seen = 0;
        store
            .statements(&query, Page::default(), |_| {
                n_seen += 1;
                ControlFlow::Continue(())
            })
            .unwrap();
        assert_eq!(store.count_statements(&query).unwrap(), n_seen, "{typed}");
        assert_eq!(store.count_statements_to(&query, Some(7)).unwrap(), n_seen.min(7), "{typed}");
        assert_eq!(store.count_articles_to(&query, Some(7)).unwrap(), store.count_articles(&query).unwrap().min(7));
    }
    let months = store.months().unwrap();
    assert_eq!((months[0].name.as_deref(), months[0].n_articles, months[0].n_statements), (Some("2024-05"), 40, 40));
}
