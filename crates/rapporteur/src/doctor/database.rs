//! The database: whether it opens, how it is, how much room there is, and whether a backup of it can be read.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process;

use rapporteur_store::{Error, Problem, SCHEMA, Stats, Store};

use super::{Hear, bad, bytes, doubtful, well};
use crate::interrupt;

/// With less room than this beside it, or than a tenth of its size, it will soon be full.
const LEAST_ROOM: u64 = 500_000_000;
/// A journal of that size was not moved into the file for long, in bytes.
const LONG_JOURNAL: u64 = 256 << 20;

pub(super) fn look(path: &Path, quick: bool, hear: Hear) -> anyhow::Result<()> {
    let name = path.display();
    let store = match Store::open(path) {
        Ok(store) => store,
        Err(Error { problem: Problem::Missing, .. }) => {
            return hear(well("database", format!("{name} is not there yet; `import` and `collect` make it")));
        }
        Err(error) => return hear(bad("database", error.to_string())),
    };
    let stats = match store.stats() {
        Ok(stats) => stats,
        Err(error) => return hear(bad("database", error.to_string())),
    };
    let schema: i64 = store.connection().pragma_query_value(None, "user_version", |row| row.get(0))?;
    let seen = format!("{name}: {}, schema {schema}", counted(&stats));
    if schema < SCHEMA {
        // Whatever opens it to write brings it up to date, and that is not for us.
        let seen = format!("{seen}: the next command that writes brings it to schema {SCHEMA}; make a backup before");
        hear(doubtful("database", seen))?;
    } else {
        hear(well("database", seen))?;
        writing(path, hear)?;
    }
    journal(path, hear)?;
    room(path, &stats, hear)?;
    history(&store, hear)?;
    if quick {
        return hear(well("backup", "not tried, for --quick"));
    }
    backup(&store, &stats, path, hear)
}

fn counted(stats: &Stats) -> String {
    format!("{} articles, {} statements, {}", stats.n_articles, stats.n_statements, bytes(stats.file_bytes))
}

/// Whether it can be written, and by whom it is.
fn writing(path: &Path, hear: Hear) -> anyhow::Result<()> {
    hear(match Store::open_to_write(path, "`rapporteur doctor`") {
        Ok(_) => well("writing", "it can be written, and nobody does"),
        Err(Error { problem: Problem::InUse(holder), .. }) => well("writing", format!("{holder} writes it now")),
        Err(error) => doubtful("writing", format!("it can only be read: {}", error.problem)),
    })
}

/// How long the journal has become.
fn journal(path: &Path, hear: Hear) -> anyhow::Result<()> {
    let journal = fs::metadata(beside(path, "-wal")).map_or(0, |file| file.len());
    if journal < LONG_JOURNAL {
        return hear(well("journal", bytes(journal)));
    }
    let seen = format!("{}: a program that reads for long keeps it from being shortened; end it", bytes(journal));
    hear(doubtful("journal", seen))
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    name.into()
}

fn room(path: &Path, stats: &Stats, hear: Hear) -> anyhow::Result<()> {
    let folder = folder(path);
    hear(match fs4::available_space(&folder) {
        Err(error) => doubtful("room", format!("unknown: {error}")),
        Ok(free) if free < LEAST_ROOM.max(stats.file_bytes / 10) => {
            doubtful("room", format!("{} left on the disk of {}: make room", bytes(free), folder.display()))
        }
        Ok(free) => well("room", format!("{} left on its disk", bytes(free))),
    })
}

fn folder(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// What was imported and collected, and what was left.
fn history(store: &Store, hear: Hear) -> anyhow::Result<()> {
    let imports = store.imports(None)?;
    let open: Vec<&str> = imports
        .iter()
        .filter(|import| !import.progress.finished)
        .map(|import| import.progress.source.as_str())
        .collect();
    let n_skipped: u64 = imports.iter().map(|import| import.n_skipped).sum();
    let sources = format!("{} sources, {n_skipped} records passed over", imports.len());
    hear(match open[..] {
        _ if imports.is_empty() => well("imports", "none"),
        [] => well("imports", sources),
        [first, ..] => doubtful(
            "imports",
            format!("{sources}; {} not read to the end, {first} first: import it again to go on", open.len()),
        ),
    })?;
    let last = "SELECT at, url, error FROM fetches ORDER BY id DESC LIMIT 1";
    let last = store.connection().query_row(last, [], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, Option<String>>(2)?))
    });
    hear(match last {
        Ok((at, url, None)) => well("collecting", format!("last at {at}: {url}")),
        Ok((at, url, Some(error))) => well("collecting", format!("last at {at}: {url}: {error}")),
        Err(_) => well("collecting", "never"),
    })
}

/// Makes a backup, reads all of it, and deletes it.
fn backup(store: &Store, stats: &Stats, path: &Path, hear: Hear) -> anyhow::Result<()> {
    let temporary = env::temp_dir();
    let has_room = |folder: &PathBuf| fs4::available_space(folder).is_ok_and(|free| free > stats.file_bytes * 3 / 2);
    let Some(folder) = [temporary, folder(path)].into_iter().find(has_room) else {
        return hear(doubtful(
            "backup",
            "not tried: there is no room for one, here or in the folder for temporary files",
        ));
    };
    let copy = Copy(folder.join(format!("rapporteur-doctor-{}.db", process::id())));
    let stopped = Copy(copy.0.clone());
    ctrlc::set_handler(move || {
        stopped.delete();
        process::exit(interrupt::STATUS.into());
    })?;
    let progress = Progress::new();
    if let Err(error) = store.backup(&copy.0) {
        return hear(bad("backup", format!("none can be made: {error}")));
    }
    let mut first = None;
    let checked = Store::open(&copy.0).and_then(|copy| {
        copy.check(|flaw| {
            first.get_or_insert_with(|| format!("{}: {}", flaw.place, flaw.what));
        })
    });
    drop(progress);
    hear(match (checked, first) {
        (Ok(0), _) => well("backup", "one was made, read again and found sound"),
        (Ok(n_flaws), first) => bad(
            "backup",
            format!("{n_flaws} flaws, {} first: restore an earlier backup, or import again", first.unwrap_or_default()),
        ),
        (Err(error), _) => bad("backup", format!("it can't be read: {error}")),
    })
}

/// A file that goes when this does.
struct Copy(PathBuf);

impl Copy {
    fn delete(&self) {
        for ending in ["", "-wal", "-shm", "-journal", ".lock"] {
            let _ = fs::remove_file(beside(&self.0, ending));
        }
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        self.delete();
    }
}

/// A word while it takes its time, for who is looking.
struct Progress(bool);

impl Progress {
    fn new() -> Self {
        let shows = io::stderr().is_terminal();
        if shows {
            let _ = write!(io::stderr(), "making a backup and reading it …");
        }
        Progress(shows)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.0 {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
