//! Databases made for the tests, and what is in them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::thread::sleep;
use std::time::Duration;

use rapporteur::annotate::Annotator;
use rapporteur::extract::{Form, Page};
use rapporteur::record::Document;
use rapporteur_store::{Problem, Store};

/// An empty folder of a test's own.
pub(crate) fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("find").join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Files of `examples/`, where each is said to be, and its day if its page has none.
const EXAMPLES: [(&str, &str, &str); 7] = [
    ("talks.html", "", ""),
    ("hospital-ship.html", "", ""),
    ("live.html", "", ""),
    ("interview.txt", "https://harbourpost.example/library", "2023-06-30"),
    ("scraped.txt", "https://scraped.example/1", "2023-07-01"),
    ("gold/ferry.txt", "https://ferry.example/news", "2021-02-03"),
    ("gold/wire.txt", "https://wire.example/x/1", ""),
];
pub(crate) const N_ARTICLES: usize = EXAMPLES.len();

/// Read by rules, so that new weights don't change what is found.
pub(crate) fn read(bytes: &[u8], form: Form, url: Option<&str>, day: &str) -> Document {
    let page = Page { bytes, form, url, date: day.parse().ok(), ..Page::default() };
    rapporteur::read(&page, &Annotator::rules()).unwrap()
}

/// A folder with a database of the examples in it, which are read once for all tests.
pub(crate) fn examples(test: &str) -> PathBuf {
    static READ: LazyLock<PathBuf> = LazyLock::new(|| {
        let folder = folder("examples");
        let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
        let documents = EXAMPLES.map(|(name, url, day)| {
            let form = if name.ends_with(".txt") { Form::Text } else { Form::Html };
            read(&fs::read(examples.join(name)).unwrap(), form, (!url.is_empty()).then_some(url), day)
        });
        put(&folder, documents);
        folder.join("rapporteur.db")
    });
    let folder = folder(test);
    fs::copy(&*READ, folder.join("rapporteur.db")).unwrap();
    folder
}

/// Stores documents in the folder's `rapporteur.db`.
pub(crate) fn put(folder: &Path, documents: impl IntoIterator<Item = Document>) {
    writer(folder).put(documents).unwrap();
}

/// The folder's `rapporteur.db`, to write. Between fork and exec, a program that another test starts holds the lock of the
/// last writer a moment longer.
pub(crate) fn writer(folder: &Path) -> Store {
    loop {
        match Store::open_to_write(&folder.join("rapporteur.db"), "a test") {
            Err(error) if matches!(error.problem, Problem::InUse(_)) => sleep(Duration::from_millis(1)),
            opened => return opened.unwrap(),
        }
    }
}

/// The text of an article in the folder's database.
pub(crate) fn text_of(folder: &Path, id: &str) -> String {
    let store = Store::open(&folder.join("rapporteur.db")).unwrap();
    store.article_text(&store.articles_by_id(id, 1).unwrap()[0]).unwrap()
}

/// Rows and cells as RFC 4180 has them.
pub(crate) fn csv_rows(csv: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = csv.chars().peekable();
    while let Some(ch) = chars.next() {
        match (quoted, ch) {
            (true, '"') if chars.next_if_eq(&'"').is_some() => cell.push('"'),
            (_, '"') => quoted = !quoted,
            (false, ',') => row.push(std::mem::take(&mut cell)),
            (false, '\r') => {
                assert_eq!(chars.next(), Some('\n'));
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            (_, ch) => cell.push(ch),
        }
    }
    assert!(row.is_empty() && cell.is_empty() && !quoted);
    rows
}
