//! The bytes of one input, unpacked.

use std::fs::{self, File, FileType, Metadata};
use std::io::{self, Read};
use std::path::Path;

use rapporteur::extract::compression::{Compression, Inflater, Limits};
use rapporteur::extract::{self, Form, MAX_BYTES, Page};
use rapporteur::record::Article;

use crate::archives::begins_archive;
use crate::inputs::{Input, is_stdin, web_address};
use crate::web::Web;

/// The article of one input, which `web` fetches if it is an address.
pub(crate) fn article(input: &Input, form: Form, web: &Web) -> Result<Article, String> {
    let mut article = page(input, form, web, extract::article)?;
    article.notes.extend(input.capture.iter().flat_map(|capture| capture.notes.iter().cloned()));
    Ok(article)
}

/// What `read` makes of one input, which `web` fetches if it is an address.
pub(crate) fn page<T>(
    input: &Input,
    form: Form,
    web: &Web,
    read: fn(&Page) -> Result<T, extract::Error>,
) -> Result<T, String> {
    let read = |bytes: &[u8], charset: Option<&str>, found_at: Option<&str>| {
        let url = input.url.as_deref().or(found_at);
        read(&Page { bytes, form, url, date: input.date, charset, ..Page::default() })
            .map_err(|error| error.to_string())
    };
    if let Some(capture) = &input.capture {
        let charset = capture.content_type.as_deref().and_then(extract::charset);
        return read(&capture.body, charset, Some(&*capture.url).filter(|url| !url.is_empty()));
    }
    let most = web.max_page();
    match web_address(&input.path) {
        Some(address) => {
            let page = web.page(address)?;
            read(&unpacked(&page.bytes[..], most)?, page.charset.as_deref(), Some(&page.url))
        }
        None => read(&unpacked(stream(&input.path)?.0, most)?, None, None),
    }
}

/// A file as it is.
pub(crate) type Stream = Box<dyn Read + Send>;

/// A file, or standard input where `path` is `-`. Brotli, which nothing but a name tells, is unpacked.
pub(crate) fn stream(path: &Path) -> Result<(Stream, Option<Metadata>), String> {
    if is_stdin(path) {
        return Ok((Box::new(io::stdin()), None));
    }
    let (file, metadata) = open(path)?;
    let is_brotli = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("br"));
    let stream: Stream =
        if is_brotli { Box::new(brotli_decompressor::Decompressor::new(file, BUFFER)) } else { Box::new(file) };
    Ok((stream, Some(metadata)))
}

/// Bytes that are unpacked at a time.
const BUFFER: usize = 64 << 10;

/// A page, whole, and unpacked if it is packed; refused if it has more than `most` bytes.
pub(crate) fn unpacked(stream: impl Read, most: u64) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut packing = Compression::None;
    let read = Inflater::new(stream, Limits::default()).and_then(|stream| {
        packing = stream.compression();
        stream.take(most + 1).read_to_end(&mut bytes)
    });
    match read {
        Ok(_) if begins_archive(&bytes) => {
            Err("a web archive, of which files are read, with `read`, `extract` or `import`".to_owned())
        }
        Ok(_) if bytes.len() as u64 > most => Err(too_long_a_page(most)),
        Ok(_) => Ok(bytes),
        Err(error) => Err(format!("{}{}", reason(&error), way_out(&error, packing))),
    }
}

/// That a page is longer than `most` bytes, and what to do.
pub(crate) fn too_long_a_page(most: u64) -> String {
    format!("longer than {} MB; --max-page reads longer ones", most / 1_000_000)
}

/// Half of a page is none, but who wants it may have it.
fn way_out(error: &io::Error, packing: Compression) -> &'static str {
    match packing {
        _ if error.kind() != io::ErrorKind::UnexpectedEof => "",
        Compression::None => "",
        Compression::Gzip => ": it was cut; `zcat FILE | rapporteur read -` reads what is there",
        Compression::Zstd => ": it was cut; `zstdcat FILE | rapporteur read -` reads what is there",
        Compression::Xz => ": it was cut; `xzcat FILE | rapporteur read -` reads what is there",
    }
}

/// Reads a file, or standard input where `path` is `-`; what is too long is refused before it is read.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    if is_stdin(path) {
        return read(io::stdin().lock(), 0);
    }
    let (file, metadata) = open(path)?;
    let n_bytes = metadata.len();
    if n_bytes > MAX_BYTES as u64 {
        return Err(too_long());
    }
    read(file, n_bytes as usize)
}

/// Opens what is a file; a pipe would be waited for.
pub(crate) fn open(path: &Path) -> Result<(File, Metadata), String> {
    let metadata = fs::metadata(path).map_err(|error| reason(&error))?;
    if !metadata.is_file() {
        return Err(format!("not a file but {}", kind(metadata.file_type())));
    }
    Ok((File::open(path).map_err(|error| reason(&error))?, metadata))
}

/// A file may have grown since it was measured.
pub(crate) fn read(from: impl Read, n_expected: usize) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::with_capacity(n_expected + 1);
    from.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(|error| reason(&error))?;
    if bytes.len() > MAX_BYTES { Err(too_long()) } else { Ok(bytes) }
}

fn too_long() -> String {
    format!("longer than {} MiB, which is the most that is read", MAX_BYTES >> 20)
}

/// Why, without the number that the system has for it.
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or(&text).to_lowercase()
        }
    }
}

#[cfg(unix)]
fn kind(file: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    match file {
        file if file.is_dir() => "a folder",
        file if file.is_fifo() => "a pipe; standard input is `-`",
        file if file.is_socket() => "a socket",
        _ => "a device",
    }
}

#[cfg(not(unix))]
fn kind(file: FileType) -> &'static str {
    if file.is_dir() { "a folder" } else { "a device" }
}
