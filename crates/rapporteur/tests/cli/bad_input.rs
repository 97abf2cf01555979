//! What is no proper page: a reading all the same, or one line that says why not; never a panic.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{folder, of_articles, rapporteur, run};

const SAID: &str = "The road is open, Adair said. “No,” Holt replied.";

/// The reading of one input: its object.
fn read(test: &str, name: &str, bytes: &[u8]) -> Value {
    let (status, out, err) = run(&folder(test, &[(name, bytes)]), &["read", "--format", "jsonl", name]);
    assert_eq!((status, err.as_str()), (0, ""), "{name}");
    serde_json::from_str(&out).unwrap()
}

fn noted(doc: &Value, word: &str) -> bool {
    doc["notes"].as_array().unwrap().iter().any(|note| note.as_str().unwrap().contains(word))
}

fn refused(test: &str, bytes: &[u8], form: &str, reason: &str) {
    let (status, out, err) = run(&folder(test, &[("input", bytes)]), &["read", "--as", form, "input"]);
    assert_eq!((status, out.as_str()), (1, ""), "{form}");
    assert_eq!(err, format!("input: not a text but {reason}\n"), "{form}");
}

#[test]
fn images_and_archives_are_refused() {
    let inputs: [(&[u8], &str); 4] = [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0", "a PNG image"),
        (b"\xFF\xD8\xFF\xE0\0\x10JFIF\0", "a JPEG image"),
        (b"PK\x03\x04\x14\0\0\0", "a zip archive"),
        (b"%PDF-1.7\n%\xE2\xE3\xCF\xD3", "a PDF document"),
    ];
    for (bytes, reason) in inputs {
        for form in ["auto", "html", "text"] {
            refused("images", bytes, form, reason);
        }
    }
}

#[test]
fn binary_data_is_refused() {
    let noise: Vec<u8> = (0..5000_u32).map(|n| (n * n * 7 + n / 3).to_le_bytes()[0]).collect();
    for bytes in [&noise[..], &[0; 5000]] {
        refused("binary", bytes, "auto", "binary data");
        refused("binary", bytes, "html", "binary data");
    }
}

/// Whatever is asked for and however it is printed: no panic, and no control character on a terminal.
#[test]
fn any_bytes_in_any_form_end_in_a_reading_or_a_reason() {
    let all: Vec<u8> = (0..=255).collect();
    let inputs: [(&str, &[u8]); 7] = [
        ("empty", b""),
        ("blank", b" \n\r\n\t "),
        ("bytes", &all),
        ("zeros", &[0; 100]),
        ("mark", b"\xEF\xBB\xBF"),
        ("half", b"\xFF\xFEL"),
        ("cut.html", b"<!doctype html><html><body><p>Li said <a hre"),
    ];
    let here = folder("any_bytes", &inputs);
    for form in ["auto", "html", "text"] {
        for (name, _) in inputs {
            let (status, out, err) = run(&here, &["read", "--as", form, "--format", "jsonl", name]);
            let lines = (out.lines().count(), err.lines().count());
            assert!(matches!((status, lines), (0, (1, 0)) | (1, (0, 1))), "{name} as {form}: {status} {out} {err}");
            assert!(!err.contains("internal error"), "{err}");
            let (_, pretty, _) = run(&here, &["read", "--as", form, name]);
            assert!(!pretty.contains(|c: char| c.is_control() && c != '\n'), "{name} as {form}: {pretty:?}");
        }
    }
}

#[test]
fn an_empty_file_holds_no_article_unless_it_is_one() {
    for bytes in [&b""[..], b" \n\r\n\t "] {
        let here = folder("empty", &[("empty", bytes)]);
        for form in ["auto", "html"] {
            let (status, out, err) = run(&here, &["read", "--as", form, "empty"]);
            assert_eq!((status, out.as_str(), err.as_str()), (1, "", "empty: no article: the page has no text\n"));
        }
        let (status, out, _) = run(&here, &["read", "--as", "text", "--format", "jsonl", "empty"]);
        let doc = serde_json::from_str(&out).unwrap();
        assert!(status == 0 && noted(&doc, "no text was found"), "{}", doc["notes"]);
    }
}

#[test]
fn a_title_alone_is_a_reading() {
    let doc = read("title_only", "page.html", b"<!doctype html><title>Road open, Adair says</title>");
    assert_eq!(doc["article"]["title"], "Road open, Adair says");
    assert_eq!(doc["statements"].as_array().unwrap().len(), 1);
}

#[test]
fn bytes_that_are_no_utf8_are_replaced_and_noted() {
    let mut bytes = format!("{SAID} {SAID} {SAID}").into_bytes();
    bytes.splice(12..12, [0xFF]);
    let doc = read("invalid", "invalid.txt", &bytes);
    assert_eq!(doc["article"]["text"], format!("The road is \u{FFFD}{} {SAID} {SAID}", &SAID[12..]));
    assert!(noted(&doc, "replaced"), "{}", doc["notes"]);
}

#[test]
fn utf16_is_read_with_a_mark_and_without() {
    for mark in ["", "\u{FEFF}"] {
        for (name, order) in [("UTF-16LE", u16::to_le_bytes as fn(u16) -> [u8; 2]), ("UTF-16BE", u16::to_be_bytes)] {
            let bytes: Vec<u8> = format!("{mark}{SAID}").encode_utf16().flat_map(order).collect();
            let doc = read("utf16", "utf16.txt", &bytes);
            assert_eq!(doc["article"]["text"], SAID, "{name}");
            assert!(noted(&doc, name), "{}", doc["notes"]);
        }
    }
}

const RUSSIAN: &str = "Переговоры продолжатся завтра, сказал министр иностранных дел после встречи в столице. Дорога \
    открыта, заявил представитель порта, и корабли смогут выйти в море уже в понедельник утром.";

/// Letters from А to я and ASCII, as that code page has them.
fn windows_1251(text: &str) -> Vec<u8> {
    let byte = |c: char| if c.is_ascii() { c as u32 } else { c as u32 - 'А' as u32 + 0xC0 };
    text.chars().map(|c| u8::try_from(byte(c)).unwrap()).collect()
}

#[test]
fn windows_1251_is_read_as_declared_or_by_a_guess() {
    for (meta, how) in [("<meta charset=windows-1251>", "as declared"), ("", "by a guess")] {
        let page = format!("<!doctype html><html><head>{meta}</head><body><p>{RUSSIAN}</p></body></html>");
        let doc = read("cp1251", "page.html", &windows_1251(&page));
        assert_eq!(doc["article"]["text"], RUSSIAN, "{how}");
        assert!(noted(&doc, &format!("windows-1251, {how}")), "{}", doc["notes"]);
    }
}

#[test]
fn another_language_is_named_and_its_statements_are_left() {
    let german = "Die Gespräche werden am Montag fortgesetzt, sagte die Ministerin nach dem Treffen. „Die Straße ist \
        offen“, sagte ein Sprecher des Hafens, und die Schiffe können wieder auslaufen.";
    for (language, text) in [("de", german), ("ru", RUSSIAN)] {
        let doc = read("language", "article.txt", text.as_bytes());
        assert_eq!(doc["article"]["language"], language);
        assert_eq!(doc["statements"].as_array().unwrap().len(), 0);
        assert!(noted(&doc, "statements"), "{}", doc["notes"]);
    }
}

#[test]
fn a_hundred_thousand_nested_divs_are_no_trouble() {
    let page = format!("<!doctype html><body>{}<p>{SAID}</p>", "<div>".repeat(100_000));
    assert_eq!(read("nested", "deep.html", page.as_bytes())["article"]["text"], SAID);
    let closed = format!("{page}{}", "</div>".repeat(100_000));
    assert_eq!(read("nested", "deep.html", closed.as_bytes())["article"]["text"], SAID);
}

#[test]
fn a_page_that_was_cut_in_a_tag_is_read_up_to_there() {
    let start = "<!doctype html><html><head><title>Road open</title></head><body>";
    let page = format!(
        "{start}<p>The road is open, Adair said.</p><p>The bridge is open again, too, and the ferries go on <a hre"
    );
    let doc = read("cut", "cut.html", page.as_bytes());
    let text = "Road open\n\nThe road is open, Adair said.\n\nThe bridge is open again, too, and the ferries go on";
    assert_eq!(doc["article"]["text"], text);
}

#[test]
fn what_cannot_be_read_leaves_the_others_unharmed() {
    let here = folder("unharmed", &[("a.txt", SAID.as_bytes()), ("b.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")]);
    let (status, out, err) = run(&here, &["read", "--format", "jsonl", "nowhere", "a.txt", "b.png", "a.txt"]);
    assert_eq!((status, of_articles(&out, "text")), (1, vec![SAID.into(), SAID.into()]));
    assert_eq!(err, "nowhere: no such file or folder\nb.png: not a text but a PNG image\n2 of 4 inputs failed\n");
}

#[test]
fn the_same_file_twice_is_read_twice_alike() {
    let here = folder("twice", &[("a.txt", SAID.as_bytes())]);
    let (status, out, _) = run(&here, &["read", "--format", "jsonl", "a.txt", "a.txt"]);
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!((status, lines.len()), (0, 2));
    assert_eq!(lines[0], lines[1]);
}

/// A second a megabyte is what the release build may take at most; a debug build gets more.
#[test]
fn a_large_text_takes_seconds() {
    let paragraph = "The road to the port of Alba is open again, Mira Adair said on Monday. “We drove it at noon,” she \
        told reporters, adding that the bridge would follow. Rolf Holt, who runs the port, denied that ships had \
        waited.\n\n";
    let n_megabytes = 20;
    let here =
        folder("large", &[("large.txt", paragraph.repeat(n_megabytes * 1_000_000 / paragraph.len()).as_bytes())]);
    let start = Instant::now();
    let status = rapporteur(&here, &["read", "--model", "rules", "--format", "jsonl", "large.txt"])
        .stdout(Stdio::null())
        .status()
        .unwrap();
    let took = start.elapsed();
    fs::remove_file(Path::new(&here).join("large.txt")).unwrap();
    let seconds = n_megabytes as u64 * if cfg!(debug_assertions) { 4 } else { 1 };
    assert!(status.success() && took < Duration::from_secs(seconds), "{took:?}");
}
