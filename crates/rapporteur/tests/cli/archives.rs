//! Web archives as inputs of `read` and `extract`: each page is one.

use std::io::Write;

use super::{folder, of_articles, rapporteur, run};

fn record(n: usize, status: &str, header: &str, page: &str) -> String {
    let http = format!("HTTP/1.1 {status}\r\nContent-Type: text/html{header}\r\n\r\n{page}");
    format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://news.example/{n}\r\nWARC-Date: 2022-03-16T10:00:00Z\r\n\
         Content-Type: application/http\r\nContent-Length: {}\r\n\r\n{http}\r\n\r\n",
        http.len()
    )
}

fn said(n: usize) -> String {
    format!("<p>Road number {n} is open, Adair said.</p>")
}

#[test]
fn each_page_of_an_archive_is_an_input() {
    let archive = [
        record(1, "200 OK", "", &said(1)),
        record(2, "404 Not Found", "", &said(2)),
        record(3, "200 OK", "", "<div></div>"),
        record(4, "200 OK", "", &said(4)),
    ];
    let mut packed = Vec::new();
    for record in &archive {
        let mut member = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        member.write_all(record.as_bytes()).unwrap();
        packed.extend(member.finish().unwrap());
    }
    let plain = archive.concat();
    let here = folder("archives", &[("a.warc", plain.as_bytes()), ("b.gz", &packed), ("c.html", said(9).as_bytes())]);
    for name in ["a.warc", "b.gz"] {
        let (status, out, err) = run(&here, &["extract", "--format", "jsonl", name, "c.html"]);
        let articles: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let urls: Vec<_> = articles.iter().map(|article| article["url"].as_str()).collect();
        assert_eq!((status, urls), (1, vec![Some("https://news.example/1"), Some("https://news.example/4"), None]));
        assert!(err.starts_with(&format!("{name}: record 3 at byte ")), "{err}");
        assert!(err.contains("(https://news.example/3): no article"), "{err}");
        assert!(err.ends_with("\n1 of 4 inputs failed; 1 without an article: the page has no text (1)\n"), "{err}");
    }
    let (_, out, _) = run(&here, &["read", "--model", "rules", "b.gz"]);
    assert!(out.starts_with("== b.gz: record 1 at byte 0 (https://news.example/1) ==\n"), "{out}");
    let (status, _, err) = run(&here, &["why", "a.warc"]);
    assert_eq!((status, err.contains("web archive")), (1, true), "{err}");
}

#[test]
fn the_charset_of_http_counts() {
    let bytes = |text: &str| -> Vec<u8> {
        text.chars().map(|c| if c.is_ascii() { c as u8 } else { (c as u32 - 'А' as u32 + 0xC0) as u8 }).collect()
    };
    let page = "<meta charset=koi8-r><p>Дорога открыта, заявил министр.</p>";
    let http =
        [b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=windows-1251\r\n\r\n".to_vec(), bytes(page)].concat();
    let head = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://news.example/1\r\n\
         Content-Type: application/http\r\nContent-Length: {}\r\n\r\n",
        http.len()
    );
    let archive = [head.as_bytes(), &http, b"\r\n\r\n"].concat();
    let here = folder("archive_charset", &[("a.warc", &archive)]);
    let (_, out, err) = run(&here, &["read", "--model", "rules", "--format", "jsonl", "a.warc"]);
    assert_eq!((of_articles(&out, "text"), err.as_str()), (vec!["Дорога открыта, заявил министр.".into()], ""));
}

#[test]
fn what_is_wrong_with_an_archive_is_named_and_the_rest_is_read() {
    let cut = record(1, "200 OK", "", &said(1)) + &record(2, "200 OK", "", &said(2))[..200];
    let long = record(1, "200 OK", "", &said(1).repeat(30_000)) + &record(2, "200 OK", "", &said(2));
    let here = folder("bad_archives", &[("cut.warc", cut.as_bytes()), ("long.warc", long.as_bytes())]);
    let (status, out, err) = run(&here, &["extract", "cut.warc"]);
    assert_eq!((status, out.trim_end(), err.lines().count()), (1, "Road number 1 is open, Adair said.", 2), "{err}");
    assert!(err.starts_with("cut.warc: record 2 at byte "), "{err}");
    let (status, out, err) = run(&here, &["extract", "--max-page", "1", "long.warc"]);
    assert_eq!((status, out.trim_end()), (1, "Road number 2 is open, Adair said."));
    assert!(err.contains("record 1 at byte 0: longer than 1 MB; --max-page reads longer ones\n"), "{err}");
    let piped = rapporteur(&here, &["read", "-"]).stdin(std::fs::File::open(here.join("cut.warc")).unwrap()).output();
    assert!(String::from_utf8_lossy(&piped.unwrap().stderr).contains("web archive"));
}
