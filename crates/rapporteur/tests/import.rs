//! `rapporteur import` from outside: what goes in, what the database holds then, and what happens when things go wrong.

#[path = "import/faults.rs"]
mod faults;
#[path = "import/kills.rs"]
mod kills;
#[path = "import/kinds.rs"]
mod kinds;
#[path = "import/resuming.rs"]
mod resuming;

use std::fs;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use rapporteur::record::{Document, Offsets};
use rapporteur_store::Store;
use rusqlite::Connection;
use rusqlite::types::Value;

/// A new folder of a test's own, with `files` in it.
fn folder(test: &str, files: &[(&str, &[u8])]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("import-{test}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    for (name, bytes) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

/// `rapporteur import` about to run in `folder`, read by rules, which is quick.
fn import(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rapporteur"));
    command.current_dir(folder).args(["import", "--model", "rules"]).args(arguments).stdin(Stdio::null());
    command.env_remove("RAPPORTEUR_DB").env("NO_COLOR", "1");
    command
}

/// What a run gave: status, standard output, standard error.
fn told(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    told(&import(folder, arguments).output().unwrap())
}

fn run_with_stdin(folder: &Path, arguments: &[&str], stdin: &[u8]) -> (i32, String, String) {
    let mut command = import(folder, arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(stdin).unwrap();
    told(&child.wait_with_output().unwrap())
}

/// The summary of a run, as JSON, and its status.
fn summary(folder: &Path, arguments: &[&str]) -> (i32, serde_json::Value) {
    let arguments = [&["--format", "json"], arguments].concat();
    let (status, out, err) = run(folder, &arguments);
    (status, serde_json::from_str(&out).unwrap_or_else(|_| panic!("{status} {out} {err}")))
}

/// Added, known and bad of a summary.
fn counts(summary: &serde_json::Value) -> [u64; 3] {
    let bad = summary["bad"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
    [summary["added"].as_u64().unwrap(), summary["known"].as_u64().unwrap(), bad]
}

fn store(folder: &Path) -> Store {
    Store::open(&folder.join("rapporteur.db")).unwrap()
}

/// All documents, by id.
fn documents(folder: &Path) -> Vec<Document> {
    let mut documents = Vec::new();
    store(folder)
        .documents(|document| {
            documents.push(document);
            ControlFlow::Continue(())
        })
        .unwrap();
    documents
}

fn assert_sound(folder: &Path) {
    assert_eq!(store(folder).check(|flaw| panic!("{flaw:?}")).unwrap(), 0);
}

/// Tables whose rows hang on nothing but what was imported.
const TABLES: [&str; 14] = [
    "outlets",
    "articles",
    "names",
    "roles",
    "people",
    "entities",
    "statements",
    "parts",
    "times",
    "events",
    "positions",
    "inputs",
    "skipped",
    "words",
];

/// Everything that a database holds, as text: tables, search index, counts of imports, documents. Left out is how bytes
/// are packed, which hangs on when the packing was learnt.
fn content(folder: &Path) -> String {
    let connection = Connection::open(folder.join("rapporteur.db")).unwrap();
    let (mut content, mut n_tables) = (String::new(), 0);
    for table in TABLES {
        let select = match table {
            "words" => {
                connection
                    .execute_batch(
                        "CREATE VIRTUAL TABLE temp.a USING fts5vocab(main, articles_text, instance);
                         CREATE VIRTUAL TABLE temp.s USING fts5vocab(main, statements_text, instance);",
                    )
                    .unwrap();
                "SELECT * FROM temp.a UNION ALL SELECT * FROM temp.s".to_owned()
            }
            table => format!("SELECT * FROM {table}"),
        };
        let Ok(mut query) = connection.prepare(&format!("{select} ORDER BY 1, 2, 3")) else { continue };
        n_tables += 1;
        let n_columns = query.column_count();
        let mut rows = query.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let values: Vec<Value> = (0..n_columns).map(|at| row.get(at).unwrap()).collect();
            content.push_str(&format!("{table} {values:?}\n"));
        }
    }
    assert!(n_tables > 10, "only {n_tables} tables were found");
    let counts = "SELECT source, position, finished, n_added, n_known, n_revised, n_skipped, n_statements FROM imports";
    let mut query = connection.prepare(counts).unwrap();
    let mut rows = query.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let values: Vec<Value> = (0..8).map(|at| row.get(at).unwrap()).collect();
        content.push_str(&format!("import {values:?}\n"));
    }
    for document in documents(folder) {
        content.push_str(&document.to_json(Offsets::Byte));
        content.push('\n');
    }
    content
}

/// The text of an article of which there are as many as wanted, each different.
fn story(n: usize) -> String {
    let towns = ["Vardal", "Sundby", "Kelholm", "Ostrand", "Mirevik"];
    let people = ["Ida Holm", "Karl Aune", "Ines Vang", "Jon Berg", "Ada Lie", "Per Strand"];
    let (town, person) = (towns[n % towns.len()], people[n % people.len()]);
    format!(
        "The harbour of {town} will be closed for {n} days, harbour master {person} said on Monday.\n\n\
         “We have found {n} cracks in the quay,” {person} told reporters. “Nobody knows what holds it up.”\n\n\
         The ferry company denied that its boats had damaged the quay, the agency NTB reported. The mayor of {town} \
         said in a letter that the town could not pay for a new one.",
    )
}

/// A line of JSONL with that article.
fn line(n: usize) -> String {
    let day = format!("2022-{:02}-{:02}", n / 28 % 12 + 1, n % 28 + 1);
    let url = format!("https://harbour.example/{n}");
    serde_json::json!({"url": url, "date": day, "title": format!("Harbour closed for {n} days"), "text": story(n)})
        .to_string()
}

fn lines(numbers: std::ops::Range<usize>) -> Vec<u8> {
    numbers.map(|n| line(n) + "\n").collect::<String>().into_bytes()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
