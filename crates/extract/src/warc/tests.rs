use std::io::Write;

use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use proptest::prelude::*;

use super::*;

type Packing = flate2::Compression;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Packing::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn record(kind: &str, url: &str, content_type: &str, block: &[u8], length: usize) -> Vec<u8> {
    let header = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2022-03-16T18:20:00Z\r\n\
         Content-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n"
    );
    [header.as_bytes(), block, b"\r\n\r\n"].concat()
}

fn response(fields: &str, body: &[u8]) -> Vec<u8> {
    [format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{fields}\r\n").as_bytes(), body].concat()
}

/// The record of a page whose declared length is off by so much.
fn page_off(n: u32, off: i64) -> Vec<u8> {
    let block = response("", format!("<p>Page {n}.</p>").as_bytes());
    let length = (block.len() as i64 + off) as usize;
    record("response", &format!("https://a.example/{n}"), "application/http; msgtype=response", &block, length)
}

fn page(n: u32) -> Vec<u8> {
    page_off(n, 0)
}

fn coded(fields: &str, body: &[u8]) -> Capture {
    let block = response(fields, body);
    let archive = record("response", "https://a.example/", "application/http", &block, block.len());
    one(&archive)
}

fn items(archive: &[u8]) -> Vec<Result<Capture, BadRecord>> {
    Reader::new(archive, Limits::default()).unwrap().collect()
}

fn one(archive: &[u8]) -> Capture {
    let mut items = items(archive);
    assert_eq!(items.len(), 1, "{items:?}");
    items.remove(0).unwrap()
}

/// Bodies of pages, and the reasons of errors.
fn read(archive: &[u8]) -> Vec<String> {
    let told = items(archive).into_iter().map(|item| match item {
        Ok(page) => String::from_utf8_lossy(&page.body).into_owned(),
        Err(bad) => bad.to_string(),
    });
    told.collect()
}

const PAGES: [&str; 3] = ["<p>Page 1.</p>", "<p>Page 2.</p>", "<p>Page 3.</p>"];

#[test]
fn pages_are_read_and_the_rest_is_counted() {
    let info = record("warcinfo", "", "application/warc-fields", b"software: x\r\n", 13);
    let request = record("request", "https://a.example/1", "application/http", b"GET / HTTP/1.1\r\n\r\n", 18);
    let image = record("resource", "https://a.example/i.png", "image/png", b"\x89PNG\r\n", 6);
    let hidden = record("resource", "https://a.example/i", "application/octet-stream", b"\x89PNG\r\n", 6);
    let text = record("conversion", "<https://a.example/a b>", "text/plain", b"A text.", 7);
    let archive = [info, request, page(1), image, hidden, text].concat();
    let mut reader = Reader::new(&archive[..], Limits::default()).unwrap();
    let pages: Vec<Capture> = reader.by_ref().map(Result::unwrap).collect();
    let start = archive.windows(5).enumerate().filter(|(_, window)| window == b"WARC/").map(|(at, _)| at as u64);
    let start: Vec<u64> = start.collect();
    let first = &pages[0];
    assert_eq!((first.number, first.place, first.status), (3, Place::File(start[2]), Some(200)));
    assert_eq!((first.url.as_str(), first.content_type.as_deref()), ("https://a.example/1", Some("text/html")));
    assert_eq!(first.date.unwrap().to_string(), "2022-03-16T18:20:00+00:00");
    assert_eq!((&first.body[..], &first.notes), (&b"<p>Page 1.</p>"[..], &vec![]));
    let second = &pages[1];
    assert_eq!((second.number, second.place, second.status), (6, Place::File(start[5]), None));
    assert_eq!((second.url.as_str(), &second.body[..]), ("https://a.example/a%20b", &b"A text."[..]));
    let tally = reader.tally();
    assert_eq!((tally.n_records, tally.n_pages, tally.n_bad), (6, 2, 0));
    let skipped: Vec<(&str, u64)> = tally.skipped.iter().map(|(reason, n)| (*reason, *n)).collect();
    assert_eq!(skipped, [("a request", 1), ("about the archive", 1), ("neither HTML nor text", 2)]);
}

#[test]
fn places_are_of_members_where_each_record_has_one() {
    let (one, two) = (page(1), page(2));
    let apart = [gzip(&one), gzip(b""), gzip(&two)].concat();
    let places = |archive: &[u8]| items(archive).into_iter().map(|item| item.unwrap().place).collect::<Vec<_>>();
    let second = Place::File((gzip(&one).len() + gzip(b"").len()) as u64);
    assert_eq!(places(&apart), [Place::File(0), second]);
    let Place::File(at) = second else { panic!() };
    assert_eq!(read(&apart[at as usize..]), PAGES[1..2]);
    let together = gzip(&[one.clone(), two].concat());
    assert_eq!(places(&together), [Place::File(0), Place::Unpacked(one.len() as u64)]);
}

#[test]
fn wrong_lengths_are_set_right() {
    for off in [-9, -1, 1, 7, 60] {
        let plain = [page(1), page_off(2, off), page(3)].concat();
        let members = [gzip(&page(1)), gzip(&page_off(2, off)), gzip(&page(3))].concat();
        for archive in [&plain, &gzip(&plain), &members] {
            let read = read(archive);
            // Blank lines between records look the same as blank lines at the end of a page.
            assert_eq!(read.iter().map(|page| page.trim_end()).collect::<Vec<_>>(), PAGES, "{off}");
            let notes = items(archive).remove(1).unwrap().notes;
            let noted = notes.iter().any(|note| note.starts_with("Content-Length is "));
            assert_eq!(noted, off != 1, "{off}: {notes:?}");
        }
    }
}

#[test]
fn a_record_that_ends_before_its_page_begins_again_is_found() {
    let archive = [b"junk\njunk\n".to_vec(), page(1), b"WARC/1.0\r\nWARC-Type: response\r\n\r\n".to_vec(), page(2)];
    let read = read(&archive.concat());
    assert_eq!(read[0], "record 1 at byte 0: no record begins here but \"junk\"");
    assert_eq!(read[1], PAGES[0]);
    assert!(read[2].starts_with("record 3 at byte ") && read[2].ends_with(": it has no Content-Length"), "{}", read[2]);
    assert_eq!(read[3..], PAGES[1..2]);
}

#[test]
fn a_broken_member_costs_itself_only() {
    let noise: Vec<u8> = (0..4000u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()).collect();
    let block = response("", &noise);
    let mut broken = gzip(&record("response", "https://a.example/2", "application/http", &block, block.len()));
    let at = broken.len() - 6;
    broken[at] ^= 0xff;
    let members = [gzip(&page(1)), broken.clone(), gzip(&page(3))].concat();
    let told = read(&members);
    assert_eq!((told.len(), told[0].as_str(), told[2].as_str()), (3, PAGES[0], PAGES[2]), "{told:?}");
    let place = gzip(&page(1)).len();
    assert!(told[1].starts_with(&format!("record 2 at byte {place}: gzip: ")), "{}", told[1]);
    let cut = [gzip(&page(1)), broken[..600].to_vec(), gzip(&page(3))].concat();
    let told = read(&cut);
    assert_eq!((told.len(), told[0].as_str()), (3, PAGES[0]), "{told:?}");
    assert_eq!(told[2], PAGES[2]);
}

#[test]
fn a_cut_off_end_is_an_error_of_the_last_record() {
    let plain = [page(1), page(2)].concat();
    let told = read(&plain[..plain.len() - 9]);
    assert_eq!(told[0], PAGES[0]);
    assert!(told[1].contains("record 2 ") && told[1].contains("the archive ends within it"), "{told:?}");
    let members = [gzip(&page(1)), gzip(&page(2))].concat();
    let told = read(&members[..members.len() - 9]);
    assert_eq!(told[0], PAGES[0]);
    let end = format!("gzip: unexpected end at byte {}", members.len() - 9);
    assert!(told[1].starts_with("record 2 ") && told[1].ends_with(&end), "{told:?}");
}

#[test]
fn lines_may_end_without_carriage_return() {
    let text = String::from_utf8([page(1), page(2)].concat()).unwrap().replace("\r\n", "\n");
    let shorter =
        text.replace(&format!("Content-Length: {}", response("", PAGES[0].as_bytes()).len()), "Content-Length: 55");
    assert_eq!(read(shorter.as_bytes()), PAGES[..2]);
}

#[test]
fn bodies_are_decoded() {
    let html = "<p>The talks will go on.</p>".repeat(50);
    let mut zlib = ZlibEncoder::new(Vec::new(), Packing::default());
    zlib.write_all(html.as_bytes()).unwrap();
    let mut raw = DeflateEncoder::new(Vec::new(), Packing::default());
    raw.write_all(html.as_bytes()).unwrap();
    let chunked = |bytes: &[u8]| {
        let chunks = bytes
            .chunks(100)
            .flat_map(|chunk| [format!("{:x};q=1\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat());
        chunks.chain(*b"0\r\n\r\n").collect::<Vec<u8>>()
    };
    let both = "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n";
    let stored = brotli_stored(html.as_bytes());
    for (fields, body) in [
        ("", html.clone().into_bytes()),
        ("Content-Encoding: gzip\r\n", gzip(html.as_bytes())),
        ("Content-Encoding: deflate\r\n", zlib.finish().unwrap()),
        ("Content-Encoding: deflate\r\n", raw.finish().unwrap()),
        ("Content-Encoding: br\r\n", stored),
        ("Transfer-Encoding: Chunked\r\n", chunked(html.as_bytes())),
        (both, chunked(&gzip(html.as_bytes()))),
        ("Content-Encoding: gzip, gzip\r\n", gzip(&gzip(html.as_bytes()))),
        ("Content-Encoding: identity\r\n", html.clone().into_bytes()),
    ] {
        let page = coded(fields, &body);
        assert_eq!(String::from_utf8_lossy(&page.body), html, "{fields}");
        assert_eq!(page.notes, Vec::<String>::new(), "{fields}");
    }
}

/// Brotli of one block that is stored as it is (RFC 7932): WBITS 16, MLEN of four nibbles, uncompressed, then the end.
fn brotli_stored(bytes: &[u8]) -> Vec<u8> {
    let length = bytes.len() as u32 - 1;
    // Bits from the lowest: WBITS "0", ISLAST 0, MNIBBLES 00, MLEN - 1 in 16 bits, ISUNCOMPRESSED 1.
    let header = length << 4 | 1 << 20;
    [&header.to_le_bytes()[..3], bytes, &[3]].concat()
}

#[test]
fn bodies_that_are_not_coded_as_they_say_are_taken_as_they_are() {
    let html = b"<p>The talks will go on.</p>";
    for fields in [
        "Transfer-Encoding: chunked\r\n",
        "Content-Encoding: gzip\r\n",
        "Content-Encoding: deflate\r\n",
        "Content-Encoding: br\r\n",
        "Content-Encoding: zstd\r\n",
        "Content-Encoding: rot13\r\n",
    ] {
        let page = coded(fields, html);
        assert_eq!((&page.body[..], page.notes.len()), (&html[..], 1), "{fields} {:?}", page.notes);
    }
    let broken = coded("Transfer-Encoding: chunked\r\n", b"5\r\n<p>Th\r\ne talks will go on.</p>");
    assert_eq!((&broken.body[..], broken.notes.len()), (&b"<p>The talks will go on.</p>"[..], 1));
    let endless = coded("Transfer-Encoding: chunked\r\n", b"5\r\n<p>Th\r\nffffffffffffffff\r\ne talks");
    assert_eq!((&endless.body[..], endless.notes.len()), (&b"<p>The talks"[..], 1));
    let lines: String = (0..9000).map(|n| format!("<p>Line {n} of {}", n * n % 977)).collect();
    let cut = coded("Content-Encoding: gzip\r\n", &gzip(lines.as_bytes())[..9000]);
    assert!(cut.body.len() > 9000 && lines.as_bytes().starts_with(&cut.body));
    assert_eq!(cut.notes, ["the body breaks off: gzip: unexpected end at byte 9000"]);
    let nothing = coded("Content-Encoding: gzip\r\n", &gzip(lines.as_bytes())[..12]);
    assert_eq!((&nothing.body[..], nothing.notes.len()), (&b""[..], 1));
}

#[test]
fn what_is_too_long_is_an_error_of_its_own() {
    let limits = Limits { record: 500, body: 2000, ..Limits::default() };
    let block = response("", &[b'x'; 1000]);
    let long = record("response", "https://a.example/", "application/http", &block, block.len());
    let image = record("resource", "https://a.example/i.png", "image/png", &[b'x'; 1000], 1000);
    let bomb = response("Content-Encoding: gzip\r\n", &gzip(&vec![b'x'; 100_000]));
    let bomb = record("response", "https://a.example/", "application/http", &bomb, bomb.len());
    let archive = [long, image, bomb, page(1)].concat();
    for archive in [archive.clone(), gzip(&archive)] {
        let mut reader = Reader::new(&archive[..], limits).unwrap();
        let items: Vec<_> = reader.by_ref().map(|item| item.map_err(|bad| bad.reason)).collect();
        assert_eq!(items[..2], [Err(TOO_LONG.to_owned()), Err(TOO_LONG.to_owned())]);
        assert_eq!(items[2].as_ref().map(|page| &page.body[..]), Ok(PAGES[0].as_bytes()));
        let skipped: Vec<(&str, u64)> = reader.tally().skipped.iter().map(|(reason, n)| (*reason, *n)).collect();
        assert_eq!(skipped, [("neither HTML nor text", 1)]);
    }
}

#[test]
fn a_bomb_in_a_member_is_left_behind() {
    let zeros = vec![0; 4 << 20];
    let bomb = record("response", "https://a.example/", "application/http", &zeros, zeros.len());
    let archive = [gzip(&bomb), gzip(&page(1))].concat();
    let limits = Limits { record: 1 << 20, passed: 2 << 20, ..Limits::default() };
    let mut reader = Reader::new(&archive[..], limits).unwrap();
    let items: Vec<_> = reader.by_ref().collect();
    let reason = &items[0].as_ref().unwrap_err().reason;
    assert!(reason.ends_with("at most 2097152 are passed over"), "{reason}");
    assert_eq!(items[1].as_ref().unwrap().body, PAGES[0].as_bytes());
    assert!(reader.position() < 1 << 20);
}

#[test]
fn arc_files_are_read() {
    let http = |n: u32| format!("HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<p>Page {n}.</p>");
    let line = |n: u32, length: usize| format!("http://a.example/{n} b 10.0.0.1 20140216050221 text/html {length}\n");
    let (one, two) = (http(1), http(2));
    let info = "1 0 Crawler\nURL IP-address Archive-date Content-type Archive-length\n";
    let head = format!("filedesc://x.arc 0.0.0.0 20140216050221 text/plain {}\n{info}\n", info.len());
    let parts = [head, format!("{}{one}\n", line(1, one.len())), format!("{}{two}\n", line(2, two.len()))];
    let members: Vec<u8> = parts.iter().flat_map(|part| gzip(part.as_bytes())).collect();
    for archive in [parts.concat().into_bytes(), members] {
        let pages: Vec<Capture> = items(&archive).into_iter().map(Result::unwrap).collect();
        assert_eq!(
            pages.iter().map(|page| &page.body[..]).collect::<Vec<_>>(),
            [PAGES[0].as_bytes(), PAGES[1].as_bytes()]
        );
        assert_eq!(pages[1].url, "http://a.example/2%20b");
        assert_eq!(pages[1].date.unwrap().to_string(), "2014-02-16T05:02:21+00:00");
    }
}

#[test]
fn no_archive_is_an_error_and_nothing_is_nothing() {
    assert_eq!(read(b""), Vec::<String>::new());
    assert_eq!(read(&gzip(b"").repeat(100_000)), Vec::<String>::new());
    assert_eq!(read(b"\r\n\r\n"), Vec::<String>::new());
    assert_eq!(read(b"<html><p>a\nb"), ["record 1 at byte 0: no record begins here but \"<html><p>a\""]);
    assert_eq!(read(&gzip(b"no archive")), ["record 1 at byte 0: no record begins here but \"no archive\""]);
}

#[test]
fn headers_without_end_are_given_up() {
    let fields = "A: b\r\n".repeat(5000);
    let told = read(&[format!("WARC/1.0\r\n{fields}\r\n").into_bytes(), page(1)].concat());
    assert_eq!(told[0], "record 1 at byte 0: its header has no end");
    assert_eq!(told.last().unwrap(), PAGES[0]);
    let line = [b"WARC/1.0\r\nA: ".to_vec(), vec![b'x'; 3 << 20], b"\r\n\r\n".to_vec(), page(1)].concat();
    assert_eq!(read(&line).last().unwrap(), PAGES[0]);
}

/// The folder with other projects' test data.
fn suites() -> std::path::PathBuf {
    let beside = || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/suites");
    std::env::var_os("RAPPORTEUR_SUITES").map_or_else(beside, Into::into)
}

/// Archives that other projects keep to test their readers with, if they are there.
#[test]
#[allow(clippy::print_stderr, reason = "a test that can't run says so")]
fn archives_of_other_projects() {
    let folder = suites();
    let folders = [folder.join("warcio/test/data"), folder.join("jwarc/test-resources/org/netpreserve/jwarc")];
    let mut n_files = 0;
    for folder in folders {
        let Ok(files) = std::fs::read_dir(&folder) else {
            eprintln!("skipped: {} is not there", folder.display());
            continue;
        };
        for file in files {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let mut reader = Reader::new(std::fs::File::open(&path).unwrap(), Limits::default()).unwrap();
            let items: Vec<_> = reader.by_ref().collect();
            let n_bad = items.iter().filter(|item| item.is_err()).count();
            let expected = match name.as_str() {
                "bad.arc" => 3,
                "example-space-in-url.arc" => 1,
                _ => 0,
            };
            assert_eq!(n_bad, expected, "{name}: {items:?}");
            assert!(reader.tally().n_records > 0, "{name}");
            n_files += 1;
        }
    }
    assert!(n_files == 0 || n_files == 18, "{n_files}");
}

proptest! {
    #[test]
    fn any_bytes_end(bytes: Vec<u8>, at in 0usize..600, packed: bool) {
        let mut archive = [page(1), page(2), page(3)].concat();
        let at = at.min(archive.len());
        archive.splice(at..at, bytes);
        let archive = if packed { gzip(&archive) } else { archive };
        prop_assert!(items(&archive).len() < 1000);
    }

    #[test]
    fn damaged_members_end(changes in prop::collection::vec((0usize..1000, any::<u8>()), 1..4)) {
        let mut archive = [gzip(&page(1)), gzip(&page(2)), gzip(&page(3))].concat();
        for (at, byte) in changes {
            let at = at % archive.len();
            archive[at] = byte;
        }
        prop_assert!(items(&archive).len() < 1000);
    }
}
