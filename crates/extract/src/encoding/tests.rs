use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::*;

/// The folder of a public suite; where it is missing, its test is passed over with a word.
fn suite(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/suites").join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    let _ = writeln!(io::stderr(), "passed over: {} is not there", folder.display());
    None
}

/// chardet's files; the encoding is the beginning of the folder's name.
fn true_encoding(folder: &str) -> Option<&'static Encoding> {
    let label = match folder {
        "CP932" => "shift_jis",
        "CP949" => "euc-kr",
        "MacCyrillic" => "x-mac-cyrillic",
        "MacRoman" => "macintosh",
        "UTF-16" => "utf-16le",
        "utf-8-sig" => "utf-8",
        "iso-2022-kr" => return None,
        _ => {
            let parts: Vec<&str> = folder.split('-').collect();
            let n_parts = parts.len().min(if parts[0] == "iso" { 3 } else { 2 });
            return Encoding::for_label(parts[..n_parts].join("-").as_bytes());
        }
    };
    Encoding::for_label(label.as_bytes())
}

#[test]
fn encodings_of_chardets_files_are_told() {
    let Some(folder) = suite("chardet/tests") else { return };
    let (mut n_right, mut wrong) = (0, Vec::new());
    let mut folders: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    for folder in folders.iter().filter(|folder| folder.is_dir()) {
        let name = folder.file_name().unwrap().to_str().unwrap();
        let Some(truth) = true_encoding(name) else { continue };
        for file in fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let bytes = fs::read(&path).unwrap();
            let mut notes = Vec::new();
            let text = decode(&bytes, Hints::default(), &mut notes);
            if text == truth.decode(&bytes).0 {
                n_right += 1;
            } else {
                wrong.push(format!("{name}/{}: {notes:?}", path.file_name().unwrap().display()));
            }
        }
    }
    let n_files = n_right + wrong.len();
    assert!(n_right * 100 >= n_files * 99, "{n_right} of {n_files}:\n{}", wrong.join("\n"));
}
/// Cases whose encoding only a script of the page would tell are not among them.
#[test]
fn declarations_are_read_as_browsers_read_them() {
    let Some(folder) = suite("html5lib-tests/encoding") else { return };
    let mut wrong = Vec::new();
    for name in ["tests1.dat", "tests2.dat", "test-yahoo-jp.dat"] {
        let cases = fs::read(folder.join(name)).unwrap();
        let cases: Vec<&[u8]> = memchr::memmem::find_iter(&cases, b"#data\n").map(|at| &cases[at + 6..]).collect();
        assert!(!cases.is_empty());
        for (number, case) in cases.iter().enumerate() {
            let end = memchr::memmem::find(case, b"\n#encoding\n").unwrap();
            let (data, label) = (&case[..end], &case[end + 11..]);
            let truth = Encoding::for_label(label.split(|&byte| byte == b'\n').next().unwrap()).unwrap();
            let seen = Encoding::for_bom(data).map(|found| found.0);
            let seen = seen.or_else(|| prescan::declared(data)).unwrap_or(WINDOWS_1252);
            let text = decode(data, Hints::default(), &mut Vec::new());
            // One case is UTF-8 that declares something else.
            let of_text = if std::str::from_utf8(data).is_ok() { UTF_8 } else { truth };
            if seen != truth || text != of_text.decode(data).0 {
                wrong.push(format!("{name}, {}: {} for {}", number + 1, seen.name(), truth.name()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
