//! From the inputs of the command line to the files that are read, one at a time.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rapporteur::extract::warc::Capture;
use rapporteur::record::Moment;

use crate::load::reason;

/// One thing to read, and what the command line says of it.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    /// A file, a folder, `-`, or the address of a page.
    pub(crate) path: PathBuf,
    pub(crate) url: Option<Arc<str>>,
    pub(crate) date: Option<Moment>,
    /// The page of an archive; `path` is then that of the archive.
    pub(crate) capture: Option<Arc<Capture>>,
}

impl Input {
    /// As readings and messages name it: "news.warc.gz: record 17 at byte 20321 (https://news.example/a)".
    pub(crate) fn name(&self) -> String {
        let path = self.path.display();
        match &self.capture {
            None => path.to_string(),
            Some(capture) => {
                let Capture { number, place, url, .. } = &**capture;
                format!("{path}: record {number} at {place} ({url})")
            }
        }
    }
}

/// Something that could not be read, and why.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) path: PathBuf,
    pub(crate) reason: String,
}

/// Whether standard input is meant.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// The address of a page, if that is what is meant and no file.
pub(crate) fn web_address(path: &Path) -> Option<&str> {
    let text = path.to_str()?;
    let (scheme, _) = text.split_once("://")?;
    ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)).then_some(text)
}

/// Whether a folder is meant.
pub(crate) fn is_folder(path: &Path) -> bool {
    !is_stdin(path) && web_address(path).is_none() && path.is_dir()
}

/// The files behind `inputs`, in order. A folder is listed when its turn comes, so that a long archive costs no more
/// memory than the folders on the way to the present file.
pub(crate) fn files(inputs: Vec<Input>) -> impl Iterator<Item = Result<Input, Failure>> {
    inputs.into_iter().flat_map(|input| {
        let (file, walk) =
            if is_folder(&input.path) { (None, Some(Walk::new(input))) } else { (Some(Ok(input)), None) };
        file.into_iter().chain(walk.into_iter().flatten())
    })
}

/// The files in a folder and in the folders in it, sorted by name within each.
struct Walk {
    root: Input,
    /// What is still to be visited, the next one last.
    ahead: Vec<Entry>,
    found_any: bool,
}

struct Entry {
    path: PathBuf,
    is_folder: bool,
}

impl Walk {
    fn new(root: Input) -> Self {
        let ahead = vec![Entry { path: root.path.clone(), is_folder: true }];
        Walk { root, ahead, found_any: false }
    }

    fn failure(&mut self, path: PathBuf, reason: String) -> Result<Input, Failure> {
        self.found_any = true;
        Err(Failure { path, reason })
    }
}

impl Iterator for Walk {
    type Item = Result<Input, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        while let Some(entry) = self.ahead.pop() {
            if !entry.is_folder {
                self.found_any = true;
                return Some(Ok(Input { path: entry.path, ..self.root.clone() }));
            }
            match list(&entry.path) {
                Ok(entries) => self.ahead.extend(entries.into_iter().rev()),
                Err(error) => return Some(self.failure(entry.path, reason(&error))),
            }
        }
        let empty = !self.found_any;
        empty.then(|| self.failure(self.root.path.clone(), "no files in this folder".to_owned()))
    }
}

/// What is in a folder, hidden files and links to folders left out.
fn list(folder: &Path) -> std::io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let kind = entry.file_type()?;
        let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        let link_to_folder = kind.is_symlink() && path.is_dir();
        if !hidden && !link_to_folder {
            entries.push(Entry { path, is_folder: kind.is_dir() });
        }
    }
    entries.sort_unstable_by(|one, other| one.path.cmp(&other.path));
    Ok(entries)
}
