//! `rapporteur export` and `find --format parquet` from outside, on a database of the examples.

#[path = "find/database.rs"]
#[expect(dead_code, reason = "the tests of `find` need more of it")]
mod database;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

use database::{N_ARTICLES, csv_rows, folder, put, writer};
use insta::assert_snapshot;
use rapporteur::record::{Article, Document};

/// A folder with a database of the examples in it, linked, so that no run has to write it.
fn examples(test: &str) -> PathBuf {
    let folder = database::examples(test);
    writer(&folder).link().unwrap();
    folder
}

fn rapporteur(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rapporteur"));
    command.current_dir(folder).args(arguments).stdin(Stdio::null()).env("COLUMNS", "100");
    for variable in ["RAPPORTEUR_DB", "NO_COLOR", "TERM"] {
        command.env_remove(variable);
    }
    command
}

/// What a run gave: status, standard output, standard error.
fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = rapporteur(folder, arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

/// The paths of all files under a folder, sorted.
fn files(root: &Path) -> Vec<String> {
    let (mut found, mut open) = (Vec::new(), vec![root.to_owned()]);
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.push(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

/// How many rows of a table the summary tells of.
fn n_rows(out: &str, table: &str) -> usize {
    let row = out.lines().find_map(|line| line.strip_prefix(table)).unwrap_or_else(|| panic!("no {table}: {out}"));
    row.trim().replace(',', "").parse().unwrap()
}

/// What standard output says, without how long it took.
fn timeless(out: &str) -> &str {
    out.rsplit_once(", in ").expect("it says how long it took").0
}

#[test]
fn help_teaches() {
    let (status, out, _) = run(&folder("export-help"), &["export", "--help"]);
    assert_eq!(status, 0);
    assert_snapshot!(out);
}

#[test]
fn tables_are_written_month_by_month_and_counted() {
    let here = examples("export-csv");
    let (status, out, err) = run(&here, &["export", "tables", "--format", "csv"]);
    assert_eq!((status, err.as_str()), (0, ""));
    assert_eq!(n_rows(&out, "articles"), N_ARTICLES);
    assert!(n_rows(&out, "statements") > 50, "{out}");
    let articles: Vec<String> =
        files(&here.join("tables")).into_iter().filter(|path| path.starts_with("articles/")).collect();
    assert!(articles.contains(&"articles/month=2021-02/part-0.csv".to_owned()), "{articles:?}");
    let mut n_read = 0;
    for path in &articles {
        let rows = csv_rows(&fs::read_to_string(here.join("tables").join(path)).unwrap());
        assert!(rows.iter().all(|row| row.len() == rows[0].len()));
        n_read += rows.len() - 1;
    }
    assert_eq!(n_read, N_ARTICLES);
    let (status, out, _) = run(&here, &["export", "tables", "--format", "csv"]);
    let n_files = files(&here.join("tables")).len() - 1;
    assert!(status == 0 && timeless(&out).ends_with(&format!("; 0 files written, {n_files} unchanged, 0 removed")));
}

#[test]
fn days_and_a_query_choose_articles() {
    let here = examples("export-query");
    fn of<'a>(more: &[&'a str]) -> Vec<&'a str> {
        [&["export", "--format", "jsonl"], more].concat()
    }
    let (status, out, _) = run(&here, &of(&["one", "--since", "2021-02", "--until", "2021-02"]));
    assert_eq!((status, n_rows(&out, "articles")), (0, 1));
    let (status, _, err) = run(&here, &of(&["none", "nosuchword"]));
    assert_eq!((status, err.as_str()), (0, "the query finds no article: there are no tables\n"));
    let (status, _, err) = run(&here, &of(&["one"]));
    assert_eq!(status, 1);
    assert_eq!(
        err,
        "rapporteur: one: it holds an export with other options: name another folder, or replace it with --overwrite\n"
    );
    let (status, out, _) = run(&here, &of(&["one", "--overwrite"]));
    assert_eq!((status, n_rows(&out, "articles")), (0, N_ARTICLES));
}

#[test]
fn a_wrong_command_is_told_before_anything_is_made() {
    let here = examples("export-wrong");
    for (arguments, reason) in [
        (&["export"][..], "<DIR>"),
        (&["export", "out", "--since", "soon"], "since:soon: no date"),
        (&["export", "out", "spaeker:li"], "no field is called `spaeker`"),
        (&["export", "out", "--format", "xls"], "possible values: parquet, csv, jsonl"),
    ] {
        let (status, out, err) = run(&here, arguments);
        assert_eq!((status, out.as_str()), (2, ""), "{arguments:?}");
        assert!(err.contains(reason), "{err}");
    }
    let (status, _, err) = run(&here, &["export", "out", "--format", "csv", "--db", "none.db"]);
    assert_eq!((status, err.as_str()), (1, "rapporteur: none.db: no such database; `rapporteur import` makes one\n"));
    assert!(!here.join("out").exists());
}

#[test]
fn parquet_is_written_or_the_build_is_said_to_lack_it() {
    let here = examples("export-parquet");
    let exported = run(&here, &["export", "tables"]);
    let found = rapporteur(&here, &["find", "--format", "parquet"]).output().unwrap();
    if cfg!(feature = "parquet") {
        assert_eq!((exported.0, exported.2.as_str()), (0, ""));
        let is_parquet = |bytes: &[u8]| bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1");
        let files: Vec<String> =
            files(&here.join("tables")).into_iter().filter(|path| path != "_export.json").collect();
        assert!(files.iter().all(|path| is_parquet(&fs::read(here.join("tables").join(path)).unwrap())), "{files:?}");
        assert!(found.status.success() && is_parquet(&found.stdout));
    } else {
        assert_eq!(exported.0, 1);
        assert!(exported.2.starts_with("rapporteur: this build cannot write Parquet: take csv or jsonl,"));
        assert!(!here.join("tables").exists());
        assert_eq!((found.status.code(), found.stdout.len()), (Some(1), 0));
        assert!(String::from_utf8(found.stderr).unwrap().contains("this build cannot write Parquet"));
    }
}

#[test]
#[cfg(unix)]
fn an_interrupted_export_leaves_nothing_half() {
    let here = folder("export-interrupt");
    let text = |n: usize| format!("The ferry {n} sails at noon. ").repeat(200);
    put(&here, (0..1500).map(|n| Document::new(Article::from_text(text(n)))));
    let mut n_interrupted = 0;
    for wait in [0, 20, 60, 150] {
        let mut child = rapporteur(&here, &["export", "tables", "--format", "jsonl"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while !here.join("tables/_partial/articles").exists() && child.try_wait().unwrap().is_none() {
            sleep(Duration::from_millis(1));
        }
        sleep(Duration::from_millis(wait));
        Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        match child.wait().unwrap().code() {
            Some(130) => {
                n_interrupted += 1;
                assert!(!here.join("tables").exists());
            }
            status => {
                assert_eq!(status, Some(0), "it was done before the signal came");
                assert_eq!(files(&here.join("tables")).len(), 10);
                fs::remove_dir_all(here.join("tables")).unwrap();
            }
        }
    }
    assert!(n_interrupted > 0);
}
