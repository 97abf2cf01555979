//! Databases that earlier versions wrote, kept in `fixtures/`: they open, whole, to be read and to be written.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use rapporteur_record::{Article, Document};
use rapporteur_store::{Store, Stored};

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let entries = fs::read_dir(&folder).expect("the fixtures are part of the repository");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "db"));
    paths.sort_unstable();
    paths
}

/// Every article, with its text; returns how many.
fn read_all(store: &Store) -> usize {
    let mut n_read = 0;
    store
        .documents(|document| {
            n_read += 1;
            assert!(!document.article.text.is_empty());
            ControlFlow::Continue(())
        })
        .unwrap();
    let mut n_people = 0;
    store
        .all_people(|person| {
            n_people += 1;
            assert_eq!(store.person(&person.id).unwrap(), person);
            assert!(!store.names_of(&person).unwrap().is_empty());
            ControlFlow::Continue(())
        })
        .unwrap();
    assert!(n_people > 0);
    assert_eq!(store.check(|flaw| panic!("{flaw:?}")).unwrap(), 0);
    n_read
}

#[test]
fn every_database_that_was_ever_written_opens() {
    let fixtures = fixtures();
    assert!(fixtures.iter().any(|path| path.ends_with("schema-1.db")), "make it: see writes_a_fixture in people.rs");
    for path in fixtures {
        let copy =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fixture-{}", path.file_name().unwrap().display()));
        fs::copy(&path, &copy).unwrap();
        let n_articles = read_all(&Store::open(&path).unwrap());
        assert!(n_articles > 0, "{}", path.display());
        let mut store = Store::open_to_write(&copy, "a test").unwrap();
        assert_eq!(read_all(&store), n_articles, "{}", path.display());
        let put = store.put([Document::new(Article::from_text("It can still be written.".to_owned()))]).unwrap();
        assert_eq!(put.stored, [Stored::Added]);
        assert_eq!(read_all(&store), n_articles + 1);
    }
}
