//! The bytes of one input.

use std::fs::{self, File, FileType, Metadata};
use std::io::{self, Read};
use std::path::Path;

use rapporteur::extract::{self, Form, MAX_BYTES, Page};
use rapporteur::record::Article;

use crate::inputs::{Input, is_stdin, web_address};
use crate::web::Web;

/// The article of one input, which `web` fetches if it is an address.
pub(crate) fn article(input: &Input, form: Form, web: &Web) -> Result<Article, String> {
    page(input, form, web, extract::article)
}

/// What `read` makes of one input, which `web` fetches if it is an address.
pub(crate) fn page<T>(
    input: &Input,
    form: Form,
    web: &Web,
    read: fn(&Page) -> Result<T, extract::Error>,
) -> Result<T, String> {
    let (bytes, found_at) = match web_address(&input.path) {
        Some(address) => web.page(address).map(|page| (page.bytes, Some(page.url)))?,
        None => (bytes(&input.path)?, None),
    };
    let url = input.url.as_deref().or(found_at.as_deref());
    let page = Page { bytes: &bytes, form, url, date: input.date, ..Page::default() };
    read(&page).map_err(|error| error.to_string())
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
