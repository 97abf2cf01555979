//! Compressed streams: gzip of any number of members, zstd of any number of frames, xz.
//!
//! What a stream is, its first bytes say. [`Inflater`] reads it as what it unpacks to; it holds one buffer of what it
//! read and one of what it unpacked, and so takes the same memory for any stream. An error says at which byte of the
//! packed stream it stands.

use std::io::{self, BufRead, Read};

use flate2::{Decompress, FlushDecompress, Status};
use lzma_rust2::XzReader;
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// How a stream is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// It is not.
    None,
    /// gzip (RFC 1952), one member or many.
    Gzip,
    /// Zstandard (RFC 8878), one frame or many, without a dictionary.
    Zstd,
    /// xz.
    Xz,
}

impl Compression {
    /// What a stream is that starts with these bytes; six are enough.
    pub fn of(start: &[u8]) -> Self {
        let skippable = start.get(..4).is_some_and(|magic| magic[0] & 0xf0 == 0x50 && magic[1..] == [0x2a, 0x4d, 0x18]);
        if start.starts_with(&GZIP) {
            Compression::Gzip
        } else if start.starts_with(&ZSTD) || skippable {
            Compression::Zstd
        } else if start.starts_with(b"\xfd7zXZ\0") {
            Compression::Xz
        } else {
            Compression::None
        }
    }

    fn name(self) -> &'static str {
        match self {
            Compression::None => "stream",
            Compression::Gzip => "gzip",
            Compression::Zstd => "zstd",
            Compression::Xz => "xz",
        }
    }
}

const GZIP: [u8; 2] = [0x1f, 0x8b];
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// How much is unpacked.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// At most so many bytes come out of a stream; one more is an error.
    pub output: u64,
    /// At most so many bytes of memory are given to what a zstd or xz stream asks to look back on.
    pub window: u64,
}

/// No limit on the output, 128 MiB of window: an archive is as long as it is.
impl Default for Limits {
    fn default() -> Self {
        Limits { output: u64::MAX, window: 128 << 20 }
    }
}

/// Bytes that are read from below, and unpacked, at a time.
const BUFFER: usize = 64 << 10;

/// A packed stream, read as what it unpacks to.
pub struct Inflater<R: Read> {
    decoder: Decoder<R>,
    limits: Limits,
    /// What was unpacked and how much of it was taken; a plain stream has it in its [`Input`].
    out: Box<[u8]>,
    taken: usize,
    filled: usize,
    /// How many bytes were taken in all.
    position: u64,
    member: Member,
    /// Up to where the packed stream was looked through for members after an error.
    searched_to: u64,
    /// Why nothing more can be read.
    failed: Option<(io::ErrorKind, String)>,
}

/// The gzip member that is being read; other streams are one member.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Member {
    /// Its first byte in the packed stream.
    pub(crate) start: u64,
    /// The first byte that it unpacks to, in the unpacked stream.
    pub(crate) unpacked_start: u64,
}

enum Decoder<R: Read> {
    Plain(Input<R>),
    Gzip(Input<R>, Option<Box<Decompress>>),
    Zstd(Input<R>, Box<FrameDecoder>, bool),
    Xz(Box<XzReader<Input<R>>>),
}

impl<R: Read> Inflater<R> {
    /// Reads a stream, which is looked at to know what it is.
    pub fn new(stream: R, limits: Limits) -> io::Result<Self> {
        let mut input = Input::new(stream);
        input.want(6)?;
        let decoder = match Compression::of(input.held()) {
            Compression::None => Decoder::Plain(input),
            Compression::Gzip => Decoder::Gzip(input, None),
            Compression::Zstd => {
                let mut frames = FrameDecoder::new();
                frames.set_max_window_size(limits.window);
                Decoder::Zstd(input, Box::new(frames), false)
            }
            Compression::Xz => {
                let kilobytes = u32::try_from(limits.window >> 10).unwrap_or(u32::MAX);
                Decoder::Xz(Box::new(XzReader::new_mem_limit(input, true, kilobytes)))
            }
        };
        let out = if matches!(decoder, Decoder::Plain(_)) { 0 } else { BUFFER };
        Ok(Inflater {
            decoder,
            limits,
            out: vec![0; out].into(),
            taken: 0,
            filled: 0,
            position: 0,
            member: Member::default(),
            searched_to: 0,
            failed: None,
        })
    }

    /// How the stream is packed.
    pub fn compression(&self) -> Compression {
        match self.decoder {
            Decoder::Plain(_) => Compression::None,
            Decoder::Gzip(..) => Compression::Gzip,
            Decoder::Zstd(..) => Compression::Zstd,
            Decoder::Xz(_) => Compression::Xz,
        }
    }

    /// How many bytes of the packed stream were read so far.
    pub fn packed_position(&self) -> u64 {
        self.input().position
    }

    /// How many bytes of the unpacked stream were taken so far.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// The member that the next byte belongs to, as of the last `fill_buf`.
    pub(crate) fn member(&self) -> Member {
        self.member
    }

    /// After an error in a gzip stream: goes on with what looks like the next member; false if there is none.
    ///
    /// It is looked for within the broken member too, which may have run over it; once only, so that time stays linear.
    pub(crate) fn recover(&mut self) -> bool {
        let Decoder::Gzip(input, inflate) = &mut self.decoder else { return false };
        *inflate = None;
        (self.taken, self.filled) = (0, 0);
        let reached = input.position;
        if self.member.start >= self.searched_to {
            input.rewind();
        }
        self.searched_to = self.searched_to.max(reached);
        let found = matches!(input.find_member(), Ok(true));
        if found {
            self.failed = None;
        }
        found
    }

    fn input(&self) -> &Input<R> {
        match &self.decoder {
            Decoder::Plain(input) | Decoder::Gzip(input, _) | Decoder::Zstd(input, ..) => input,
            Decoder::Xz(reader) => reader.inner(),
        }
    }

    /// Unpacks into the empty buffer; leaves it empty at the end of the stream.
    fn unpack(&mut self) -> io::Result<()> {
        (self.taken, self.filled) = (0, 0);
        let out = &mut self.out;
        self.filled = match &mut self.decoder {
            Decoder::Plain(_) => 0,
            Decoder::Gzip(input, inflate) => gunzip(input, inflate, out, &mut self.member, self.position)?,
            Decoder::Zstd(input, frames, open) => unzstd(input, frames, open, out)?,
            Decoder::Xz(reader) => retried(|| reader.read(out))?,
        };
        too_much(self.position.saturating_add(self.filled as u64) > self.limits.output, self.limits)
    }

    /// The error with its place, kept for whoever asks again.
    fn fail(&mut self, error: &io::Error) -> io::Error {
        let (name, at) = (self.compression().name(), self.packed_position());
        let what = match error.kind() {
            io::ErrorKind::UnexpectedEof => "unexpected end".to_owned(),
            _ => error.to_string(),
        };
        let text = format!("{name}: {what} at byte {at}");
        (self.taken, self.filled) = (0, 0);
        self.failed = Some((error.kind(), text.clone()));
        io::Error::new(error.kind(), text)
    }
}

impl<R: Read> BufRead for Inflater<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if let Some((kind, text)) = &self.failed {
            return Err(io::Error::new(*kind, text.clone()));
        }
        if let Decoder::Plain(input) = &mut self.decoder {
            let room = self.limits.output - self.position;
            if let Err(error) =
                input.want(1).and_then(|()| too_much(room == 0 && !input.held().is_empty(), self.limits))
            {
                return Err(self.fail(&error));
            }
        } else if self.taken == self.filled
            && let Err(error) = self.unpack()
        {
            return Err(self.fail(&error));
        }
        Ok(match &self.decoder {
            Decoder::Plain(input) => {
                let room = self.limits.output - self.position;
                let held = input.held();
                &held[..held.len().min(usize::try_from(room).unwrap_or(usize::MAX))]
            }
            _ => &self.out[self.taken..self.filled],
        })
    }

    fn consume(&mut self, n: usize) {
        self.position += n as u64;
        match &mut self.decoder {
            Decoder::Plain(input) => input.consume(n),
            _ => self.taken = (self.taken + n).min(self.filled),
        }
    }
}

impl<R: Read> Read for Inflater<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        let held = self.fill_buf()?;
        let n = held.len().min(out.len());
        out[..n].copy_from_slice(&held[..n]);
        self.consume(n);
        Ok(n)
    }
}

fn too_much(is_so: bool, limits: Limits) -> io::Result<()> {
    let text = || format!("it unpacks to more than {} bytes", limits.output);
    if is_so { Err(io::Error::new(io::ErrorKind::InvalidData, text())) } else { Ok(()) }
}

/// Inflates some bytes of one member; 0 at the end of the stream.
fn gunzip<R: Read>(
    input: &mut Input<R>,
    inflate: &mut Option<Box<Decompress>>,
    out: &mut [u8],
    member: &mut Member,
    position: u64,
) -> io::Result<usize> {
    loop {
        if inflate.is_none() {
            if !input.next_member()? {
                return Ok(0);
            }
            *member = Member { start: input.position, unpacked_start: position };
            input.keep();
            *inflate = Some(Box::new(Decompress::new_gzip(15)));
        }
        let Some(state) = inflate else { continue };
        input.want(1)?;
        let (before_in, before_out) = (state.total_in(), state.total_out());
        let at_end = input.held().is_empty();
        let status = state.decompress(input.held(), out, FlushDecompress::None);
        let n_in = (state.total_in() - before_in) as usize;
        let n_out = (state.total_out() - before_out) as usize;
        input.consume(n_in);
        match status {
            Ok(Status::StreamEnd) => *inflate = None,
            Ok(_) if n_out == 0 && at_end => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(_) if n_out == 0 && n_in == 0 => return Err(io::Error::new(io::ErrorKind::InvalidData, "broken data")),
            Ok(_) => {}
            Err(error) => {
                let what = error.message().unwrap_or("broken data").to_owned();
                return Err(io::Error::new(io::ErrorKind::InvalidData, what));
            }
        }
        if n_out > 0 {
            return Ok(n_out);
        }
    }
}

/// Unpacks some bytes; 0 at the end of the stream. `open` tells whether a frame is begun.
fn unzstd<R: Read>(
    input: &mut Input<R>,
    frames: &mut FrameDecoder,
    open: &mut bool,
    out: &mut [u8],
) -> io::Result<usize> {
    loop {
        if !*open {
            if !next_frame(input)? {
                return Ok(0);
            }
            frames.reset(&mut *input).map_err(|error| broken(input, &error))?;
            *open = true;
        }
        let n = retried(|| frames.read(out))?;
        if n > 0 {
            return Ok(n);
        }
        if frames.is_finished() {
            check_frame(frames)?;
            *open = false;
        } else {
            let strategy = BlockDecodingStrategy::UptoBytes(BUFFER);
            frames.decode_blocks(&mut *input, strategy).map_err(|error| broken(input, &error))?;
        }
    }
}

fn check_frame(frames: &FrameDecoder) -> io::Result<()> {
    match (frames.get_checksum_from_data(), frames.get_calculated_checksum()) {
        (Some(stated), Some(found)) if stated != found => {
            Err(io::Error::new(io::ErrorKind::InvalidData, "the checksum doesn't fit"))
        }
        _ => Ok(()),
    }
}

/// An error of the zstd decoder; where the input is used up, its end is the reason.
fn broken<R: Read>(input: &mut Input<R>, error: &dyn std::error::Error) -> io::Error {
    match input.want(1) {
        Ok(()) if input.held().is_empty() => io::ErrorKind::UnexpectedEof.into(),
        _ => io::Error::new(io::ErrorKind::InvalidData, error.to_string()),
    }
}

/// Passes skippable frames; whether a frame of data follows.
fn next_frame<R: Read>(input: &mut Input<R>) -> io::Result<bool> {
    loop {
        input.want(8)?;
        let held = input.held();
        if held.is_empty() {
            return Ok(false);
        }
        if held.starts_with(&ZSTD) {
            return Ok(true);
        }
        let skippable = held.len() >= 8 && held[0] & 0xf0 == 0x50 && held[1..4] == [0x2a, 0x4d, 0x18];
        if !skippable {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "bytes that are no zstd frame follow"));
        }
        if held[0] == 0x5d {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "it needs a dictionary, and none is read"));
        }
        let mut length = 8 + u64::from(u32::from_le_bytes([held[4], held[5], held[6], held[7]]));
        while length > 0 {
            input.want(1)?;
            let n = input.held().len().min(usize::try_from(length).unwrap_or(usize::MAX));
            if n == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            input.consume(n);
            length -= n as u64;
        }
    }
}

fn retried(mut read: impl FnMut() -> io::Result<usize>) -> io::Result<usize> {
    loop {
        match read() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

/// A body in HTTP's "deflate" (RFC 9110, section 8.4.1.2) as what it unpacks to: with a header of zlib, as it should be,
/// or without, as some servers send it. One that was cut is an error.
pub struct Deflated<R> {
    input: R,
    /// `None` before the header was looked at.
    inflate: Option<Decompress>,
    ended: bool,
}

impl<R: BufRead> Deflated<R> {
    /// Unpacks `input`.
    pub fn new(input: R) -> Self {
        Deflated { input, inflate: None, ended: false }
    }
}

impl<R: BufRead> Read for Deflated<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while !out.is_empty() && !self.ended {
            let held = self.input.fill_buf()?;
            let at_end = held.is_empty();
            let inflate = self.inflate.get_or_insert_with(|| Decompress::new(has_zlib_header(held)));
            let (before_in, before_out) = (inflate.total_in(), inflate.total_out());
            let status = inflate.decompress(held, out, FlushDecompress::None)?;
            let (n_in, n_out) = (inflate.total_in() - before_in, (inflate.total_out() - before_out) as usize);
            self.input.consume(n_in as usize);
            self.ended = status == Status::StreamEnd;
            if n_out > 0 {
                return Ok(n_out);
            }
            if !self.ended && at_end {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if !self.ended && n_in == 0 {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "broken data"));
            }
        }
        Ok(0)
    }
}

fn has_zlib_header(start: &[u8]) -> bool {
    match start {
        [method, flags, ..] => {
            method & 0x0f == 8 && method >> 4 <= 7 && u16::from_be_bytes([*method, *flags]).is_multiple_of(31)
        }
        _ => true,
    }
}

/// The packed stream, with a buffer in which it can be looked ahead.
struct Input<R> {
    stream: R,
    buffer: Box<[u8]>,
    start: usize,
    end: usize,
    /// How many bytes were consumed.
    position: u64,
    /// What was consumed since [`Input::keep`], if it isn't too much.
    kept: Option<Vec<u8>>,
    /// What is read again before the stream, from an index on.
    again: Vec<u8>,
    again_at: usize,
}

/// At most so many bytes of a member are kept to be looked through if it is broken.
const KEPT: usize = 1 << 20;

impl<R: Read> Input<R> {
    fn new(stream: R) -> Self {
        Input {
            stream,
            buffer: vec![0; BUFFER].into(),
            start: 0,
            end: 0,
            position: 0,
            kept: None,
            again: Vec::new(),
            again_at: 0,
        }
    }

    /// Keeps what is consumed from here on.
    fn keep(&mut self) {
        let mut kept = self.kept.take().unwrap_or_default();
        kept.clear();
        self.kept = Some(kept);
    }

    /// Goes back to one byte after where [`Input::keep`] was called, if it can.
    fn rewind(&mut self) {
        let Some(kept) = self.kept.take().filter(|kept| !kept.is_empty()) else { return };
        self.position -= kept.len() as u64 - 1;
        let rest = self.again.split_off(self.again_at);
        self.again = [&kept[1..], self.held(), &rest].concat();
        (self.again_at, self.start, self.end) = (0, 0, 0);
    }

    fn read_below(&mut self) -> io::Result<usize> {
        let room = &mut self.buffer[self.end..];
        let again = &self.again[self.again_at..];
        if again.is_empty() {
            return retried(|| self.stream.read(room));
        }
        let n = again.len().min(room.len());
        room[..n].copy_from_slice(&again[..n]);
        self.again_at += n;
        Ok(n)
    }

    fn held(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    fn consume(&mut self, n: usize) {
        if let Some(kept) = &mut self.kept {
            if kept.len() + n > KEPT {
                self.kept = None;
            } else {
                kept.extend_from_slice(&self.buffer[self.start..self.start + n]);
            }
        }
        self.start = (self.start + n).min(self.end);
        self.position += n as u64;
    }

    /// Reads until so many bytes are held, or the stream ends.
    fn want(&mut self, n: usize) -> io::Result<()> {
        if self.end - self.start >= n {
            return Ok(());
        }
        self.buffer.copy_within(self.start..self.end, 0);
        (self.start, self.end) = (0, self.end - self.start);
        while self.end < n {
            let read = self.read_below()?;
            if read == 0 {
                break;
            }
            self.end += read;
        }
        Ok(())
    }

    /// Passes the zeros with which some writers fill up; whether a gzip member follows.
    fn next_member(&mut self) -> io::Result<bool> {
        loop {
            self.want(2)?;
            let n_zeros = self.held().iter().take_while(|&&byte| byte == 0).count();
            if n_zeros == 0 {
                break;
            }
            self.consume(n_zeros);
        }
        match self.held() {
            [] => Ok(false),
            held if held.starts_with(&GZIP) => Ok(true),
            _ => Err(io::Error::new(io::ErrorKind::InvalidData, "bytes that are no gzip follow")),
        }
    }

    /// Goes to the next bytes that look like the beginning of a member.
    fn find_member(&mut self) -> io::Result<bool> {
        loop {
            self.want(4)?;
            let held = self.held();
            if held.len() < 4 {
                return Ok(false);
            }
            let starts = |bytes: &[u8]| bytes[..3] == [0x1f, 0x8b, 8] && bytes[3] & 0xe0 == 0;
            let found = memchr::memchr_iter(GZIP[0], &held[..held.len() - 3]).find(|&at| starts(&held[at..]));
            let n = found.unwrap_or(held.len() - 3);
            self.consume(n);
            if found.is_some() {
                return Ok(true);
            }
        }
    }
}

impl<R: Read> Read for Input<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.want(1)?;
        let n = self.held().len().min(out.len());
        out[..n].copy_from_slice(&self.held()[..n]);
        self.consume(n);
        Ok(n)
    }
}

#[cfg(test)]
mod tests;
