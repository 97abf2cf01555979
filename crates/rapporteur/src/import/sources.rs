//! From files to the records in them, one at a time and in order.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::path::{self, Path, PathBuf};
use std::sync::Arc;
use std::{fmt, fs, mem};

use rapporteur::extract::warc;
use rapporteur_store as store;
use rapporteur_store::Store;

use super::Bad;
use super::marks::{Mark, mark};
use super::reader::{Raw, Reader};
use crate::inputs::{Failure, Input, is_stdin};
use crate::load;

/// A file, or standard input.
#[derive(Debug)]
pub(crate) struct Source {
    /// As messages name it.
    pub(crate) path: PathBuf,
    /// As the database names it.
    pub(crate) name: String,
    /// How an archive is known again; `None` of what is one page, and of standard input.
    pub(crate) mark: Option<Mark>,
    /// Records that were done in an earlier run.
    pub(crate) from: u64,
}

/// Where in a source a record stands.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// It is the source.
    Whole,
    /// A line or an object, and its first byte in what the file unpacks to.
    Piece { unit: &'static str, number: u64, start: u64 },
    /// A record of a web archive.
    Record { number: u64, at: warc::Place },
}

impl Place {
    /// As the database keeps it.
    pub(crate) fn position(self) -> u64 {
        match self {
            Place::Whole => 0,
            Place::Piece { number, .. } => number,
            Place::Record { at: warc::Place::File(at) | warc::Place::Unpacked(at), .. } => at,
        }
    }

    /// How many records are done with this one.
    pub(crate) fn n_done(self) -> u64 {
        match self {
            Place::Whole => 0,
            Place::Piece { number, .. } | Place::Record { number, .. } => number,
        }
    }
}

/// `: line 17 at byte 20321`, to stand after the name of a file.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Whole => Ok(()),
            Place::Piece { unit, number, start } => write!(f, ": {unit} {number} at byte {start}"),
            Place::Record { number, at } => write!(f, ": record {number} at {at}"),
        }
    }
}

/// Where something was met.
pub(crate) struct At {
    pub(crate) source: Arc<Source>,
    pub(crate) place: Place,
    /// Bytes of all inputs, as they lie on the disk, that were read up to here.
    pub(crate) n_bytes: u64,
}

/// One thing that was met.
pub(crate) struct Met {
    pub(crate) at: At,
    pub(crate) what: What,
}

/// What was met.
pub(crate) enum What {
    /// To be read; with the hash by which it is known again.
    Raw(Raw, [u8; 16]),
    /// It was read before.
    Known,
    /// It can't be read.
    Bad(Bad),
    /// No record, but news of the source.
    Told(Told),
}

/// News of a source.
pub(crate) enum Told {
    /// A file that was read to its end before, and has not changed since.
    Unchanged(Box<store::Import>),
    /// Its end, with what was passed over in it. `is_whole` is false where a disk or a network failed.
    End { not_pages: BTreeMap<&'static str, u64>, is_whole: bool },
    /// The database does not answer.
    Broken(store::Error),
}

/// Goes through files.
pub(crate) struct Sources<I> {
    files: I,
    open: Option<Open>,
    known: Store,
    /// What, besides its bytes, a record's reading hangs on; part of its hash.
    manner: String,
    /// Whether unchanged files are read too.
    again: bool,
    max_page: u64,
    /// Bytes of the sources before the present one.
    n_bytes_before: u64,
}

/// A source that is being read.
struct Open {
    source: Arc<Source>,
    reader: Reader,
    /// `None` where it isn't known before the end.
    n_bytes: Option<u64>,
}

impl<I: Iterator<Item = Result<Input, Failure>>> Sources<I> {
    /// The records of `files`; `known` tells which of them were read before.
    pub(crate) fn new(files: I, known: Store, manner: String, again: bool, max_page: u64) -> Self {
        Sources { files, open: None, known, manner, again, max_page, n_bytes_before: 0 }
    }

    /// Begins the next file, or says why there is nothing to begin.
    fn begin(&mut self, file: Result<Input, Failure>) -> Option<Met> {
        let (path, opened) = match file {
            Ok(input) => {
                let opened = load::stream(&input.path);
                (input.path, opened)
            }
            Err(failure) => (failure.path, Err(failure.reason)),
        };
        let mut source = Source { name: absolute(&path), path, mark: None, from: 0 };
        let n_bytes_before = self.n_bytes_before;
        let met = |source, what| Met {
            at: At { source: Arc::new(source), place: Place::Whole, n_bytes: n_bytes_before },
            what,
        };
        let bad = |reason| What::Bad(Bad { kind: "not readable", detail: reason });
        let (stream, data) = match opened {
            Ok(opened) => opened,
            Err(reason) => return Some(met(source, bad(reason))),
        };
        source.mark = data.as_ref().map(|data| mark(data, &self.manner));
        match self.known.import_of(&source.name) {
            Err(error) => return Some(met(source, What::Told(Told::Broken(error)))),
            Ok(Some(import)) if !self.again && source.is_as_it_was(&import.progress) => {
                if import.progress.finished {
                    self.n_bytes_before += import.progress.n_bytes;
                    return Some(met(source, What::Told(Told::Unchanged(Box::new(import)))));
                }
                source.from = import.progress.position;
            }
            Ok(_) => {}
        }
        let n_bytes = data.as_ref().map(Metadata::len);
        match Reader::new(stream, self.max_page) {
            Ok(reader) => {
                if reader.is_page() {
                    source.mark = None;
                }
                self.open = Some(Open { source: Arc::new(source), reader, n_bytes });
                None
            }
            Err(error) => Some(met(source, bad(load::reason(&error)))),
        }
    }

    /// What the open source gives next.
    fn go_on(&mut self) -> Option<Met> {
        let open = self.open.as_mut()?;
        let n_bytes_before = self.n_bytes_before;
        let met = |open: &Open, what| Met {
            at: At {
                source: open.source.clone(),
                place: open.reader.place,
                n_bytes: n_bytes_before + open.reader.n_bytes_read().unwrap_or(0),
            },
            what,
        };
        loop {
            let next = open.reader.next();
            let n_done = open.reader.place.n_done();
            if n_done > 0 && n_done <= open.source.from && next.is_some() {
                continue;
            }
            let what = match next {
                Some(Ok(raw)) => {
                    let hash = raw.hash(&self.manner);
                    match self.known.known_input(&hash) {
                        Ok(true) => What::Known,
                        Ok(false) => What::Raw(raw, hash),
                        Err(error) => What::Told(Told::Broken(error)),
                    }
                }
                Some(Err(bad)) => What::Bad(bad),
                None => {
                    open.reader.finish();
                    let not_pages = mem::take(&mut open.reader.not_pages);
                    let end = Told::End { not_pages, is_whole: open.reader.is_whole };
                    let met = met(open, What::Told(end));
                    self.n_bytes_before += open.n_bytes.or(open.reader.n_bytes_read()).unwrap_or(0);
                    self.open = None;
                    return Some(met);
                }
            };
            return Some(met(open, what));
        }
    }
}

impl<I: Iterator<Item = Result<Input, Failure>>> Iterator for Sources<I> {
    type Item = Met;

    fn next(&mut self) -> Option<Met> {
        if self.open.is_none() {
            let file = self.files.next()?;
            if let Some(met) = self.begin(file) {
                return Some(met);
            }
        }
        self.go_on()
    }
}

impl Source {
    /// Whether the file is the one that was read before.
    fn is_as_it_was(&self, progress: &store::Progress) -> bool {
        self.mark.as_ref().is_some_and(|mark| mark.n_bytes == progress.n_bytes && mark.changed == progress.modified)
    }
}

fn absolute(path: &Path) -> String {
    if is_stdin(path) {
        return "-".to_owned();
    }
    let path = fs::canonicalize(path).or_else(|_| path::absolute(path)).unwrap_or_else(|_| path.to_owned());
    path.to_string_lossy().into_owned()
}
