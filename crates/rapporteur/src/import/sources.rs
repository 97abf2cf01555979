//! From files to the records in them, one at a time and in order.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, Metadata};
use std::io::{self, Cursor, Read};
use std::path::{self, Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rapporteur::extract::compression::{Compression, Inflater, Limits};
use rapporteur::extract::warc::{self, Capture};
use rapporteur_store as store;
use rapporteur_store::Store;

use super::Bad;
use super::lines::{LONGEST, Lines, Piece};
use super::objects::Objects;
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

/// What a file looks like from outside, so that it is seen whether it changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) n_bytes: u64,
    pub(crate) changed: String,
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

/// A record as it came.
pub(crate) enum Raw {
    Page(Vec<u8>),
    Line(Vec<u8>),
    Capture(Box<Capture>),
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
    /// Bytes of the sources before the present one.
    n_bytes_before: u64,
}

type Stream = Box<dyn Read + Send>;

/// A source that is being read.
struct Open {
    source: Arc<Source>,
    reader: Reader,
    place: Place,
    not_pages: BTreeMap<&'static str, u64>,
    /// `None` where it isn't known before the end.
    n_bytes: Option<u64>,
    is_whole: bool,
}

enum Reader {
    Page(Option<Stream>),
    Pieces(Pieces),
    Archive(Box<warc::Reader<Stream>>),
    /// There is nothing more to be read.
    Done,
}

/// JSON, in whichever way its objects are parted.
enum Pieces {
    Lines(Box<Lines<Inflater<Stream>>>),
    Objects(Box<Objects<Inflater<Stream>>>),
}

impl Pieces {
    fn unit(&self) -> &'static str {
        match self {
            Pieces::Lines(_) => "line",
            Pieces::Objects(_) => "object",
        }
    }

    fn next(&mut self) -> io::Result<Option<Piece>> {
        match self {
            Pieces::Lines(lines) => lines.next(),
            Pieces::Objects(objects) => objects.next(),
        }
    }

    fn place(&self) -> (u64, u64) {
        match self {
            Pieces::Lines(lines) => lines.place(),
            Pieces::Objects(objects) => objects.place(),
        }
    }

    fn n_bytes_read(&self) -> u64 {
        match self {
            Pieces::Lines(lines) => lines.stream().packed_position(),
            Pieces::Objects(objects) => objects.stream().packed_position(),
        }
    }
}

impl<I: Iterator<Item = Result<Input, Failure>>> Sources<I> {
    /// The records of `files`; `known` tells which of them were read before.
    pub(crate) fn new(files: I, known: Store, manner: String, again: bool) -> Self {
        Sources { files, open: None, known, manner, again, n_bytes_before: 0 }
    }

    /// Begins the next file, or says why there is nothing to begin.
    fn begin(&mut self, file: Result<Input, Failure>) -> Option<Met> {
        let (path, opened) = match file {
            Ok(input) if is_stdin(&input.path) => (input.path, Ok((Box::new(io::stdin()) as Stream, None))),
            Ok(input) => {
                let opened = load::open(&input.path).map(|(file, data)| (Box::new(file) as Stream, Some(data)));
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
        match reader(stream) {
            Ok(reader) => {
                if matches!(reader, Reader::Page(_)) {
                    source.mark = None;
                }
                let place = Place::Whole;
                let source = Arc::new(source);
                self.open = Some(Open { source, reader, place, not_pages: BTreeMap::new(), n_bytes, is_whole: true });
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
            at: At { source: open.source.clone(), place: open.place, n_bytes: n_bytes_before + open.n_bytes_read() },
            what,
        };
        loop {
            let next = open.next();
            if open.place.n_done() > 0 && open.place.n_done() <= open.source.from && next.is_some() {
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
                    open.finish();
                    let not_pages = std::mem::take(&mut open.not_pages);
                    let end = Told::End { not_pages, is_whole: open.is_whole };
                    let met = met(open, What::Told(end));
                    self.n_bytes_before += open.n_bytes.unwrap_or_else(|| open.n_bytes_read());
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

impl Open {
    /// The next record, or what is wrong with it; `None` at the end.
    fn next(&mut self) -> Option<Result<Raw, Bad>> {
        match &mut self.reader {
            Reader::Done => None,
            Reader::Page(stream) => {
                let stream = stream.take()?;
                Some(page(stream).map(Raw::Page))
            }
            Reader::Pieces(pieces) => {
                let unit = pieces.unit();
                match pieces.next() {
                    Ok(Some(piece)) => {
                        self.place = Place::Piece { unit, number: piece.number, start: piece.start };
                        Some(piece.bytes.map(Raw::Line).ok_or_else(|| too_long(unit)))
                    }
                    Ok(None) => None,
                    Err(error) => {
                        let (number, start) = pieces.place();
                        self.place = Place::Piece { unit, number: number + 1, start };
                        self.is_whole = is_of_the_data(&error);
                        self.reader = Reader::Done;
                        Some(Err(broken(&error)))
                    }
                }
            }
            Reader::Archive(reader) => loop {
                match reader.next()? {
                    Ok(capture) => {
                        self.place = Place::Record { number: capture.number, at: capture.place };
                        match no_page(&capture) {
                            Some(reason) => *self.not_pages.entry(reason).or_default() += 1,
                            None => return Some(Ok(Raw::Capture(Box::new(capture)))),
                        }
                    }
                    Err(bad) => {
                        self.place = Place::Record { number: bad.number, at: bad.place };
                        return Some(Err(Bad { kind: "a broken record", detail: bad.reason }));
                    }
                }
            },
        }
    }

    /// Takes in what an archive passed over.
    fn finish(&mut self) {
        if let Reader::Archive(reader) = &self.reader {
            for (reason, n) in &reader.tally().skipped {
                *self.not_pages.entry(reason).or_default() += n;
            }
            let n_records = reader.tally().n_records;
            if let Place::Record { at, .. } = self.place {
                self.place = Place::Record { number: n_records, at };
            }
        }
    }

    fn n_bytes_read(&self) -> u64 {
        match &self.reader {
            Reader::Page(Some(_)) => 0,
            Reader::Page(None) | Reader::Done => self.n_bytes.unwrap_or(0),
            Reader::Pieces(pieces) => pieces.n_bytes_read(),
            Reader::Archive(reader) => reader.packed_position(),
        }
    }
}

impl Raw {
    /// 128 bits by which a record is known again. When it was captured does not matter.
    fn hash(&self, manner: &str) -> [u8; 16] {
        let mut hasher = blake3::Hasher::new();
        let parts: [&[u8]; 3] = match self {
            Raw::Page(bytes) => [b"page", b"", bytes],
            Raw::Line(line) => [b"line", b"", line],
            Raw::Capture(capture) => [b"capture", capture.url.as_bytes(), &capture.body],
        };
        for part in [manner.as_bytes(), parts[0], parts[1], parts[2]] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        let mut hash = [0; 16];
        hash.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        hash
    }
}

/// Why a capture is passed over, if it is: a page that was moved, or was not there, or is no page.
fn no_page(capture: &Capture) -> Option<&'static str> {
    let status = capture.status?;
    let kind = capture.content_type.as_deref().unwrap_or_default().trim_start().to_ascii_lowercase();
    match status {
        200..=299 if kind.starts_with("text/plain") => Some("neither HTML nor text"),
        200..=299 => None,
        300..=399 => Some("moved elsewhere (HTTP 3xx)"),
        _ => Some("not given by the server (HTTP 4xx, 5xx)"),
    }
}

/// The bytes of a file that is one page, unpacked.
fn page(stream: Stream) -> Result<Vec<u8>, Bad> {
    let limits = Limits { output: extract_limit(), ..Limits::default() };
    let mut bytes = Vec::new();
    let read = Inflater::new(stream, limits).and_then(|mut stream| stream.read_to_end(&mut bytes));
    read.map(|_| bytes).map_err(|error| broken(&error))
}

fn extract_limit() -> u64 {
    rapporteur::extract::MAX_BYTES as u64
}

fn too_long(unit: &str) -> Bad {
    Bad { kind: "too long", detail: format!("{unit} of more than {} MiB", LONGEST >> 20) }
}

fn broken(error: &io::Error) -> Bad {
    Bad { kind: "not readable", detail: load::reason(error) }
}

/// Whether an error tells of the data, and not of what they are read from.
fn is_of_the_data(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof)
}

/// So many bytes of a file are looked at; they hold the first block of anything packed.
const LOOKED_AT: usize = 256 << 10;
/// So many are enough if they are not packed.
const ENOUGH: usize = 64;

/// Sees what a stream is.
fn reader(mut stream: Stream) -> io::Result<Reader> {
    let mut start = Vec::new();
    let mut buffer = vec![0; 16 << 10];
    while start.len() < LOOKED_AT {
        let n_bytes = match stream.read(&mut buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        start.extend_from_slice(&buffer[..n_bytes]);
        let is_plain = Compression::of(&start) == Compression::None;
        if n_bytes == 0 || is_plain && start.trim_ascii_start().len() >= ENOUGH {
            break;
        }
    }
    let unpacked = unpacked(&start);
    let unpacked = unpacked.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&unpacked).trim_ascii_start();
    let stream: Stream = Box::new(Cursor::new(start).chain(stream));
    if unpacked.starts_with(b"WARC/") || unpacked.starts_with(b"filedesc://") {
        return Ok(Reader::Archive(Box::new(warc::Reader::new(stream, warc::Limits::default())?)));
    }
    let is_list = unpacked.strip_prefix(b"[").is_some_and(|list| list.trim_ascii_start().starts_with(b"{"));
    if is_list || unpacked.starts_with(b"{\n") || unpacked.starts_with(b"{\r\n") {
        let objects = Objects::new(Inflater::new(stream, Limits::default())?);
        return Ok(Reader::Pieces(Pieces::Objects(Box::new(objects))));
    }
    if unpacked.starts_with(b"{") {
        let lines = Lines::new(Inflater::new(stream, Limits::default())?);
        return Ok(Reader::Pieces(Pieces::Lines(Box::new(lines))));
    }
    Ok(Reader::Page(Some(stream)))
}

/// The first bytes of what `start` unpacks to, as far as that can be told.
fn unpacked(start: &[u8]) -> Vec<u8> {
    let mut unpacked = Vec::new();
    if let Ok(stream) = Inflater::new(start, Limits::default()) {
        // It is cut off, and so ends with an error.
        let _ = stream.take(ENOUGH as u64 * 16).read_to_end(&mut unpacked);
    }
    unpacked
}

fn absolute(path: &Path) -> String {
    if is_stdin(path) {
        return "-".to_owned();
    }
    let path = fs::canonicalize(path).or_else(|_| path::absolute(path)).unwrap_or_else(|_| path.to_owned());
    path.to_string_lossy().into_owned()
}

/// A file that was changed so short a time ago may be changed again without its clock showing it.
const SETTLED: Duration = Duration::from_secs(2);

fn mark(data: &Metadata, manner: &str) -> Mark {
    let modified = data.modified().unwrap_or(SystemTime::UNIX_EPOCH);
    let is_settled = modified.elapsed().is_ok_and(|age| age >= SETTLED);
    let since = modified.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let mut changed = format!("{}.{:09}", since.as_secs(), since.subsec_nanos());
    changed.push_str(&inode(data));
    if !is_settled {
        // Never the same as what a later run sees.
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        changed.push_str(&format!(" seen {}.{:09}", now.as_secs(), now.subsec_nanos()));
    }
    if !manner.is_empty() {
        changed.push_str(&format!(" {manner}"));
    }
    Mark { n_bytes: data.len(), changed }
}

/// When the file's data or name were last touched: no program can set that back.
#[cfg(unix)]
fn inode(data: &Metadata) -> String {
    use std::os::unix::fs::MetadataExt;
    format!(" {}.{:09}", data.ctime(), data.ctime_nsec())
}

#[cfg(not(unix))]
fn inode(_: &Metadata) -> String {
    String::new()
}
