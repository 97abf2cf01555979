//! What bytes look like: markup, plain text, or no text at all.

/// What was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Html,
    Text,
    /// No text, but this.
    Other(&'static str),
}

/// First bytes of what is no text, by name.
const MAGIC: &[(&[u8], &str)] = &[
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"BM\0", "a bitmap image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"\0\0\x01\0", "an icon"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
    (b"%PDF-", "a PDF document"),
    (b"\x1f\x8b", "gzip data"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ\0", "xz data"),
    (b"\x28\xb5\x2f\xfd", "zstd data"),
    (b"PK\x03\x04", "a zip archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a rar archive"),
    (b"\x7fELF", "a program"),
    (b"\0asm", "a program"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"ID3", "an MP3 recording"),
    (b"OggS", "an Ogg recording"),
    (b"fLaC", "a FLAC recording"),
    (b"\x1aE\xdf\xa3", "a Matroska video"),
    (b"\xd0\xcf\x11\xe0", "an Office document"),
];

/// What the bytes are, before they are decoded.
pub(crate) fn binary(bytes: &[u8]) -> Option<&'static str> {
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(what);
    }
    match (bytes.get(..4), bytes.get(4..8), bytes.get(8..12)) {
        (Some(b"RIFF"), _, Some(b"WEBP")) => Some("a WebP image"),
        (Some(b"RIFF"), ..) => Some("a recording"),
        (_, Some(b"ftyp"), _) => Some("an MP4 video"),
        _ => None,
    }
}

/// What decoded text is; binary data shows by its control characters.
pub(crate) fn kind(text: &str) -> Kind {
    let start = crate::text::head(text, 4096);
    let n_controls = start.chars().filter(|c| c.is_control() && !c.is_whitespace()).count();
    let n_chars = start.chars().count();
    if n_controls * 10 > n_chars {
        return Kind::Other("binary data");
    }
    if is_markup(text) { Kind::Html } else { Kind::Text }
}

/// Tags that begin a page or a part of one.
const OPENERS: &[&str] = &[
    "<!doctype html",
    "<html",
    "<head",
    "<body",
    "<title",
    "<meta",
    "<script",
    "<div",
    "<p>",
    "<p ",
    "<article",
    "<main",
    "<table",
    "<h1",
    "<h2",
    "<section",
    "<!--",
    "<?xml",
    "<link",
    "<style",
    "<span",
    "<a ",
    "<br",
    "<b>",
    "<i>",
    "<ul",
    "<header",
];

fn is_markup(text: &str) -> bool {
    let start =
        crate::text::head(text.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']), 2048).to_ascii_lowercase();
    if OPENERS.iter().any(|opener| start.starts_with(opener)) {
        return true;
    }
    let n_tags = OPENERS.iter().filter(|opener| start.contains(**opener)).count();
    let closes = start.contains("</");
    n_tags > 1 && closes
}
