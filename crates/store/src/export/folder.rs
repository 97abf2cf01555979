//! The folder of an export: written beside itself, compared, and moved into place when it is whole.
//!
//! Files are written under `_partial/` and moved at the end, so that a run that is cut short leaves the last export as it
//! was; readers of partitioned folders pass over names that begin with `_`. A file that comes out as it was is not
//! touched. `_export.json` lists the files, and only these are ever replaced or removed.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Component, Path, PathBuf};

use serde_json::{Value as Json, json};

use super::people::PEOPLE;
use super::tables::TABLES;
use super::{Options, SCHEMA};
use crate::error::{Error, Problem};

const LIST: &str = "_export.json";
const PARTIAL: &str = "_partial";

/// A folder that an export is being written to.
pub(super) struct Folder {
    root: PathBuf,
    /// What the last export into it was, and its files.
    known: Option<Known>,
    written: Vec<Written>,
    _lock: File,
    /// Whether the folder is new, and goes again if it comes to nothing.
    is_new: bool,
}

struct Known {
    about: Json,
    files: Vec<String>,
}

/// A file that is whole.
struct Written {
    path: String,
    n_rows: u64,
    /// Whether the folder has it already, byte for byte.
    same: bool,
}

/// What became of the files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// New or changed ones, which were written.
    pub n_written: usize,
    /// Ones that were there already, byte for byte, and were left alone.
    pub n_same: usize,
    /// Ones of the last export that this one does not have.
    pub n_removed: usize,
    /// The size of all files of the export.
    pub n_bytes: u64,
}

impl Folder {
    /// Makes the folder if it is not there. One that holds anything but an export, or one with other options unless
    /// these let it be replaced, is refused.
    pub(super) fn open(root: &Path, options: &Options) -> Result<Self, Error> {
        let known = known(root)?;
        if let Some(known) = &known
            && known.about != about(options)
            && !options.overwrite
        {
            let reason = "it holds an export with other options: name another folder, or replace it with --overwrite";
            return Err(Problem::Denied(reason.to_owned()).at(root));
        }
        let is_new = !root.try_exists().map_err(at(root))?;
        fs::create_dir_all(root).map_err(at(root))?;
        let partial = root.join(PARTIAL);
        fs::create_dir_all(&partial).map_err(at(&partial))?;
        let lock = lock(root, &partial)?;
        let folder = Folder { root: root.to_owned(), known, written: Vec::new(), _lock: lock, is_new };
        // What a run that was killed left behind.
        for table in TABLES.iter().map(|(table, _)| table).chain([&PEOPLE]) {
            gone(fs::remove_dir_all(partial.join(table.name))).map_err(at(&partial))?;
        }
        Ok(folder)
    }

    /// Where a file will lie.
    pub(super) fn place(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// A new file at `path`, which has `/` between its parts, for as long as it is not whole.
    pub(super) fn begin(&self, path: &str) -> Result<BufWriter<File>, Error> {
        let place = self.root.join(PARTIAL).join(path);
        let file = fs::create_dir_all(place.parent().unwrap_or(&place)).and_then(|()| File::create(&place));
        file.map(|file| BufWriter::with_capacity(1 << 16, file)).map_err(at(&place))
    }

    /// The file is whole.
    pub(super) fn end(&mut self, path: String, n_rows: u64) -> Result<(), Error> {
        let (new, old) = (self.root.join(PARTIAL).join(&path), self.root.join(&path));
        let same = same_bytes(&new, &old).map_err(at(&old))?;
        // Not forced to the disk, which would take longer than all the rest: what a power cut takes, the next run finds
        // to differ and writes again.
        if same {
            fs::remove_file(&new).map_err(at(&new))?;
        }
        self.written.push(Written { path, n_rows, same });
        Ok(())
    }

    /// Moves all files into place, and removes those of the last export that this one does not have.
    pub(super) fn finish(mut self, options: &Options) -> Result<Files, Error> {
        let known = self.known.take().map_or(Vec::new(), |known| known.files);
        let mut files = Files::default();
        // Should this be cut short, the next run knows of both.
        self.write_list(options, &known, false)?;
        for written in &self.written {
            let (from, to) = (self.root.join(PARTIAL).join(&written.path), self.root.join(&written.path));
            if !written.same {
                fs::create_dir_all(to.parent().unwrap_or(&to))
                    .and_then(|()| fs::rename(&from, &to))
                    .map_err(at(&to))?;
            }
            files.n_bytes += to.metadata().map_err(at(&to))?.len();
            *(if written.same { &mut files.n_same } else { &mut files.n_written }) += 1;
        }
        let kept: std::collections::BTreeSet<&str> = self.written.iter().map(|file| file.path.as_str()).collect();
        for path in known.iter().filter(|path| !kept.contains(path.as_str())) {
            let path = self.root.join(path);
            if gone(fs::remove_file(&path)).map_err(at(&path))? {
                files.n_removed += 1;
            }
            // The month's folder, then the table's, unless something is left in them.
            let folders = path.ancestors().skip(1).take_while(|folder| *folder != self.root);
            folders.for_each(|folder| drop(fs::remove_dir(folder)));
        }
        self.write_list(options, &[], true)?;
        Ok(files)
    }

    fn write_list(&self, options: &Options, known: &[String], whole: bool) -> Result<(), Error> {
        let mut files: Vec<(&str, Option<u64>)> =
            self.written.iter().map(|file| (file.path.as_str(), Some(file.n_rows))).collect();
        files.extend(known.iter().map(|path| (path.as_str(), None)));
        files.sort_unstable();
        files.dedup_by_key(|(path, _)| *path);
        let files: Vec<Json> = files.iter().map(|(path, n_rows)| json!({ "path": path, "rows": n_rows })).collect();
        let list = json!({ "export": about(options), "whole": whole, "files": files });
        let (place, new) = (self.root.join(LIST), self.root.join(PARTIAL).join(LIST));
        let written = File::create(&new).and_then(|mut file| {
            writeln!(file, "{list:#}")?;
            file.sync_all()?;
            fs::rename(&new, &place)
        });
        written.map_err(at(&place))
    }
}

/// Leaves no half file behind, whatever ended the run.
impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(self.root.join(PARTIAL));
        if self.is_new {
            // Goes only if it is empty.
            let _ = fs::remove_dir(&self.root);
        }
    }
}

/// What an export was made with: two that agree in it can follow one another in a folder.
fn about(options: &Options) -> Json {
    json!({
        "schema": SCHEMA,
        "format": options.format.word(),
        "offsets": options.offsets,
        "query": options.query,
    })
}

/// The export that is in the folder; an error if something else is.
fn known(root: &Path) -> Result<Option<Known>, Error> {
    let foreign = |reason: &str| Problem::Denied(reason.to_owned()).at(root);
    let list = match fs::read_to_string(root.join(LIST)) {
        Ok(list) => list,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return empty(root).map(|()| None),
        Err(error) => return Err(at(&root.join(LIST))(error)),
    };
    let list: Json = serde_json::from_str(&list)
        .map_err(|_| foreign("its _export.json is not one of Rapporteur: name another folder"))?;
    let path = |file: &Json| file["path"].as_str().filter(|path| is_ours(path)).map(str::to_owned);
    let files = list["files"].as_array().into_iter().flatten().filter_map(path).collect();
    Ok(Some(Known { about: list["export"].clone(), files }))
}

fn empty(root: &Path) -> Result<(), Error> {
    let entries = match fs::read_dir(root) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(at(root)(error)),
    };
    for entry in entries {
        let name = entry.map_err(at(root))?.file_name();
        if name != PARTIAL && !name.to_string_lossy().starts_with('.') {
            let reason = "it is not empty, and holds no export of Rapporteur: name a new folder, or an empty one";
            return Err(Problem::Denied(reason.to_owned()).at(root));
        }
    }
    Ok(())
}

/// Whether a path of a list is one that an export writes: the list is a file that anybody can change.
fn is_ours(path: &str) -> bool {
    let parts: Option<Vec<String>> = Path::new(path)
        .components()
        .map(|part| match part {
            Component::Normal(part) => part.to_str().map(str::to_owned),
            _ => None,
        })
        .collect();
    match parts.unwrap_or_default().iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [table, month, part] => {
            TABLES.iter().any(|(known, _)| table == known.name)
                && month.starts_with("month=")
                && part.starts_with("part-")
        }
        [table, part] => table == PEOPLE.name && part.starts_with("part-"),
        _ => false,
    }
}

fn lock(root: &Path, partial: &Path) -> Result<File, Error> {
    let path = partial.join("lock");
    let file = OpenOptions::new().write(true).create(true).truncate(false).open(&path).map_err(at(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Problem::InUse("another `rapporteur export`".to_owned()).at(root)),
        Err(TryLockError::Error(error)) => Err(at(&path)(error)),
    }
}

/// Whether it was there to be removed.
fn gone(removed: io::Result<()>) -> io::Result<bool> {
    match removed {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn same_bytes(one: &Path, other: &Path) -> io::Result<bool> {
    let (mut one, mut other) = match (File::open(one)?, File::open(other)) {
        (one, Ok(other)) => (one, other),
        (_, Err(error)) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        (_, Err(error)) => return Err(error),
    };
    let mut left = one.metadata()?.len();
    if left != other.metadata()?.len() {
        return Ok(false);
    }
    let (mut these, mut those) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    while left > 0 {
        let n_bytes = left.min(1 << 16) as usize;
        one.read_exact(&mut these[..n_bytes])?;
        other.read_exact(&mut those[..n_bytes])?;
        if these[..n_bytes] != those[..n_bytes] {
            return Ok(false);
        }
        left -= n_bytes as u64;
    }
    Ok(true)
}

/// An error of the system about a file.
pub(super) fn at(path: &Path) -> impl Fn(io::Error) -> Error {
    move |error| {
        let problem = match Problem::from(error) {
            // There it means a database.
            Problem::Missing => Problem::Denied("no such file or folder".to_owned()),
            problem => problem,
        };
        problem.at(path)
    }
}
