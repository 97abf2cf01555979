//! Every kind of input.

use std::fs;

use rapporteur::record::BlockKind;
use serde_json::json;

use super::{assert_sound, counts, documents, folder, gzip, line, lines, run, run_with_stdin, store, story, summary};

const PAGE: &str = "<html lang=en><title>Road open</title><link rel=canonical href=https://road.example/1>\
    <h1>Road open</h1><p>The road to the coast is open again, Adair said. It had been closed since the storm of \
    March, when a part of it slid into the sea.</p><p>“It will hold,” Adair told reporters.</p>";

/// A record of a web archive.
fn record(kind: &str, url: &str, head: &str, body: &str) -> Vec<u8> {
    let block = if head.is_empty() { body.to_owned() } else { format!("{head}\r\n\r\n{body}") };
    format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2022-03-16T18:20:00Z\r\n\
         Content-Type: application/http\r\nContent-Length: {}\r\n\r\n{block}\r\n\r\n",
        block.len()
    )
    .into_bytes()
}

fn page_of(n: usize) -> String {
    let paragraphs: String = story(n).split("\n\n").map(|paragraph| format!("<p>{paragraph}</p>")).collect();
    format!("<title>Harbour {n}</title><h1>Harbour closed for {n} days</h1>{paragraphs}")
}

/// Two pages, and what is none.
fn archive() -> Vec<Vec<u8>> {
    let html = "HTTP/1.1 200 OK\r\nContent-Type: text/html";
    vec![
        record("warcinfo", "", "", "software: ours"),
        record("request", "https://a.example/1", "", "GET /1 HTTP/1.1\r\n\r\n"),
        record("response", "https://a.example/1", html, &page_of(1)),
        record("response", "https://a.example/i.png", "HTTP/1.1 200 OK\r\nContent-Type: image/png", "\u{1}"),
        record("response", "https://a.example/gone", "HTTP/1.1 404 Not Found\r\nContent-Type: text/html", PAGE),
        record("response", "https://a.example/empty", html, "<html><script>1</script></html>"),
        record("response", "https://a.example/2", html, &page_of(2)),
    ]
}

#[test]
fn a_folder_of_pages() {
    let files = [
        ("pages/a.html", PAGE.as_bytes()),
        ("pages/b/c.txt", story(1).as_bytes()),
        ("pages/d.html.gz", &gzip(page_of(2).as_bytes())),
    ]
    .map(|(name, bytes)| (name, bytes.to_vec()));
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    let here = folder("pages", &files);
    let (status, done) = summary(&here, &["pages"]);
    assert_eq!((status, counts(&done)), (0, [3, 0, 0]));
    let documents = documents(&here);
    let road = documents.iter().find(|document| document.article.title.as_deref() == Some("Road open")).unwrap();
    assert_eq!(road.article.url.as_deref(), Some("https://road.example/1"));
    assert!(!road.statements.is_empty());
    let found = &store(&here).articles_by_id(&road.article.id, 2).unwrap()[0];
    assert_eq!(store(&here).page(found).unwrap().as_deref(), Some(PAGE.as_bytes()), "the page is kept as it came");
    assert_eq!(counts(&summary(&here, &["pages"]).1), [0, 3, 0]);
    assert_sound(&here);
}

#[test]
fn pages_are_not_kept_where_that_is_asked_for() {
    let here = folder("no-pages", &[("a.html", PAGE.as_bytes())]);
    assert_eq!(summary(&here, &["--no-pages", "a.html"]).0, 0);
    let id = &documents(&here)[0].article.id;
    assert_eq!(store(&here).page(&store(&here).articles_by_id(id, 2).unwrap()[0]).unwrap(), None);
}

#[test]
fn archives_packed_and_plain() {
    let packed: Vec<u8> = archive().iter().flat_map(|record| gzip(record)).collect();
    let arc = format!(
        "filedesc://a.arc 0.0.0.0 20220316182000 text/plain 8\n1 0 ours\n\nhttps://a.example/3 192.0.2.1 20220316182000 \
         text/html {}\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{}\n",
        page_of(3).len() + 44,
        page_of(3)
    );
    let plain = archive().concat();
    for (name, bytes, expected) in [
        ("a.warc", plain.clone(), [2, 0, 0]),
        ("no-ending", packed, [2, 0, 0]),
        ("a.arc", arc.into_bytes(), [1, 0, 0]),
        ("b.warc.zst", zstd::encode_all(&plain[..], 3).unwrap(), [2, 0, 0]),
    ] {
        let here = folder(&format!("archive-{name}"), &[(name, &bytes)]);
        let (status, done) = summary(&here, &[name]);
        assert_eq!((status, counts(&done)), (0, expected), "{name}: {done}");
        if name != "a.arc" {
            let n_not_pages: u64 = done["not_pages"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
            assert_eq!(n_not_pages, 5, "{done}");
        }
        let documents = documents(&here);
        assert!(documents.iter().all(|document| document.article.outlet.as_deref() == Some("a.example")));
        let seen: String = rusqlite::Connection::open(here.join("rapporteur.db"))
            .unwrap()
            .query_row("SELECT seen FROM articles", [], |row| row.get(0))
            .unwrap();
        assert_eq!(seen, "2022-03-16T18:20:00+00:00", "when it was fetched is kept");
    }
}

#[test]
fn the_same_page_captured_again_is_known() {
    let html = "HTTP/1.1 200 OK\r\nContent-Type: text/html";
    let first = record("response", "https://a.example/1", html, &page_of(1));
    let later = String::from_utf8(first.clone()).unwrap().replace("2022-03-16", "2022-03-19").into_bytes();
    let here = folder("captured-again", &[("a.warc", &first), ("b.warc", &later)]);
    assert_eq!(counts(&summary(&here, &["a.warc"]).1), [1, 0, 0]);
    assert_eq!(counts(&summary(&here, &["b.warc"]).1), [0, 1, 0]);
}

#[test]
fn jsonl_packed_and_plain() {
    let xz = include_bytes!("three.jsonl.xz");
    for (name, bytes) in [
        ("a.jsonl", lines(0..3)),
        ("gz", gzip(&lines(0..3))),
        ("zst", zstd::encode_all(&lines(0..3)[..], 3).unwrap()),
        ("members", [gzip(&lines(0..2)), gzip(&lines(2..3))].concat()),
        ("xz", xz.to_vec()),
        ("crlf", String::from_utf8(lines(0..3)).unwrap().replace('\n', "\r\n\r\n").into_bytes()),
        ("bom", [b"\xef\xbb\xbf".to_vec(), lines(0..3)].concat()),
        ("no-end", lines(0..3).trim_ascii_end().to_vec()),
    ] {
        let here = folder(&format!("jsonl-{name}"), &[(name, &bytes)]);
        let (status, done) = summary(&here, &[name]);
        assert_eq!((status, counts(&done)), (0, [3, 0, 0]), "{name}");
        let documents = documents(&here);
        let first =
            documents.iter().find(|document| document.article.url.as_deref() == Some("https://harbour.example/0"));
        let article = &first.unwrap().article;
        assert_eq!(article.title.as_deref(), Some("Harbour closed for 0 days"));
        assert_eq!(article.blocks[0].kind, BlockKind::Title);
        assert_eq!(article.published.unwrap().to_string(), "2022-01-01");
        assert!(article.text.ends_with(&story(0)), "{}", article.text);
    }
}

#[test]
fn json_that_is_a_list_or_spread_over_lines() {
    let objects: Vec<serde_json::Value> = (0..3).map(|n| serde_json::from_str(&line(n)).unwrap()).collect();
    let spread: String = objects.iter().map(|object| serde_json::to_string_pretty(object).unwrap() + "\n").collect();
    let list = serde_json::to_string_pretty(&objects).unwrap();
    let bad = format!("[{}, 7, {}", line(0), &line(1)[..40]);
    for (name, text, expected) in [("list", list, [3, 0, 0]), ("spread", spread, [3, 0, 0]), ("bad", bad, [1, 0, 2])] {
        let here = folder(&format!("json-{name}"), &[(name, text.as_bytes())]);
        assert_eq!(counts(&summary(&here, &[name]).1), expected, "{name}");
        let (_, _, err) = run(&here, &["--again", name]);
        assert_eq!(
            err.contains("bad: object 2 at byte") && err.contains("bad: object 3 at byte"),
            name == "bad",
            "{err}"
        );
    }
}

#[test]
fn fields_of_other_names_are_mapped() {
    let record = json!({
        "id": 4, "article": {"body": story(4)}, "address": "https://harbour.example/4", "day": "16 March 2022",
        "head": "The quay", "writers": ["Ada Lie", "Jon Berg"], "paper": "The Island Post", "text": "not this"
    });
    let here = folder("mapped", &[("a.jsonl", record.to_string().as_bytes())]);
    let fields = [
        "--text-field",
        "article.body",
        "--url-field",
        "address",
        "--date-field",
        "day",
        "--title-field",
        "head",
        "--author-field",
        "writers",
        "--outlet-field",
        "paper",
        "a.jsonl",
    ];
    assert_eq!(counts(&summary(&here, &fields).1), [1, 0, 0]);
    let article = &documents(&here)[0].article;
    assert_eq!(article.published.unwrap().to_string(), "2022-03-16");
    assert_eq!(article.byline, ["Ada Lie", "Jon Berg"]);
    assert_eq!(article.outlet_name.as_deref(), Some("The Island Post"));
    assert_eq!(article.title.as_deref(), Some("The quay"));
    assert!(article.text.contains("cracks"));
    // Read otherwise it is another record.
    assert_eq!(counts(&summary(&here, &["a.jsonl"]).1), [1, 0, 0]);
}

#[test]
fn html_in_jsonl_is_a_page() {
    let record = json!({"html": PAGE, "text": "Road open Home About", "url": "https://road.example/amp/1", "date": "2022-03-16"});
    let here = folder("html-field", &[("a.jsonl", record.to_string().as_bytes())]);
    assert_eq!(counts(&summary(&here, &["a.jsonl"]).1), [1, 0, 0]);
    let document = &documents(&here)[0];
    assert_eq!(document.article.title.as_deref(), Some("Road open"));
    let found = &store(&here).articles_by_id(&document.article.id, 2).unwrap()[0];
    assert_eq!(store(&here).page(found).unwrap().as_deref(), Some(PAGE.as_bytes()));
}

#[test]
fn readings_are_taken_as_they_are() {
    let here = folder("readings", &[("a.txt", story(7).as_bytes())]);
    let read = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_rapporteur"));
        command.current_dir(&here).args(arguments).output().unwrap().stdout
    };
    let reading = read(&["read", "--model", "fast", "--format", "jsonl", "--date", "2022-03-16", "a.txt"]);
    fs::write(here.join("read.jsonl"), &reading).unwrap();
    assert_eq!(counts(&summary(&here, &["read.jsonl"]).1), [1, 0, 0]);
    let stored = documents(&here)[0].to_json(rapporteur::record::Offsets::Codepoint);
    assert_eq!(stored, String::from_utf8(reading.clone()).unwrap().trim_end());
    let forged = String::from_utf8(reading).unwrap().replace("cracks", "cranks");
    fs::write(here.join("forged.jsonl"), forged).unwrap();
    let (status, _, err) = run(&here, &["forged.jsonl"]);
    assert_eq!(status, 1);
    assert!(err.starts_with("forged.jsonl: line 1 at byte 0: not a document: its id is not that of its"), "{err}");
}

#[test]
fn standard_input_is_known_by_its_content() {
    let here = folder("stdin", &[]);
    let known = |out: &str| counts(&serde_json::from_str(out).unwrap());
    let (status, out, err) = run_with_stdin(&here, &["--format", "json", "-"], &gzip(&lines(0..3)));
    assert_eq!((status, known(&out), err.as_str()), (0, [3, 0, 0], ""));
    let (_, out, _) = run_with_stdin(&here, &["--format", "json", "-"], &lines(0..4));
    assert_eq!(known(&out), [1, 3, 0]);
    let (_, out, _) =
        run_with_stdin(&here, &["--format", "json", "--url", "https://road.example/9", "-"], story(9).as_bytes());
    assert_eq!(known(&out), [1, 0, 0]);
}

#[test]
fn the_summary_is_a_table() {
    let bad = [line(0), "{".to_owned(), "{\"id\": 1}".to_owned(), line(0), line(1)].join("\n");
    let here = folder("table", &[("a.jsonl", bad.as_bytes())]);
    let (status, out, err) = run(&here, &["a.jsonl"]);
    assert_eq!(status, 1);
    let (rows, time) = out.trim_end().rsplit_once('\n').unwrap();
    insta::assert_snapshot!(format!("{rows}\n---\n{err}"));
    assert!(time.starts_with("in "), "{time}");
}

#[test]
fn pages_saved_with_their_pictures_and_pages_packed_with_brotli() {
    let saved = format!(
        "Snapshot-Content-Location: https://road.example/saved\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n{}\r\n--x--\r\n",
        page_of(3)
    );
    // Stored, not compressed.
    let brotli = b"\x0b\x0f\x80<p>The road is open, she said.\n\x03";
    let here = folder("saved", &[("a.mht", saved.as_bytes()), ("b.html.br", brotli)]);
    let (status, done) = summary(&here, &["a.mht", "b.html.br"]);
    assert_eq!((status, counts(&done)), (0, [2, 0, 0]));
    let mut urls: Vec<_> = documents(&here).into_iter().map(|document| document.article.url).collect();
    urls.sort();
    assert_eq!(urls, [None, Some("https://road.example/saved".to_owned())]);
}

/// Wherever a page comes from; and what is asked for with `--again` is read once the limit is higher.
#[test]
fn pages_longer_than_max_page_are_named_and_counted() {
    let long = format!("<p>{}</p>", "The road to the coast is open again, Adair said. ".repeat(30_000));
    let html = "HTTP/1.1 200 OK\r\nContent-Type: text/html";
    let archive = [record("response", "https://a.example/1", html, &long), archive()[6].clone()].concat();
    let json = json!({"text": long}).to_string() + "\n" + &line(0);
    let files: [(&str, &[u8]); 4] = [
        ("a.html", long.as_bytes()),
        ("b.html.gz", &gzip(long.as_bytes())),
        ("c.warc", &archive),
        ("d.jsonl", json.as_bytes()),
    ];
    let here = folder("max-page", &files);
    let names = files.map(|file| file.0);
    let (status, out, err) = run(&here, &[&["--max-page", "1", "--format", "json"][..], &names].concat());
    assert_eq!((status, counts(&serde_json::from_str(&out).unwrap())), (1, [2, 0, 4]), "{err}");
    let advice = err.lines().filter(|line| line.ends_with("longer than 1 MB; --max-page reads longer ones")).count();
    assert_eq!((advice, err.lines().count()), (4, 4), "{err}");
    let (status, done) = summary(&here, &[&["--again"][..], &names].concat());
    assert_eq!((status, counts(&done)[2]), (0, 0), "{done}");
}
