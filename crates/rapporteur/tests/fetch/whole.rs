//! A page comes whole or not at all, and no server holds the fetcher for longer than it is given.

use std::io::Write;
use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use rapporteur::fetch::{Answer, Known, MAX_REDIRECTS, Options, Reason, USER_AGENT};

use super::server::{Server, answer, redirect};
use super::{client, get, options, reason};

const PAGE: &[u8] = b"<p>The road is open, Adair said.";

/// What came of an answer with these bytes.
fn of(bytes: &[u8]) -> Result<Vec<u8>, Reason> {
    let server = Server::saying(bytes);
    get(options(), &server.url("/")).map(|page| page.bytes).map_err(|error| error.reason)
}

fn status(number: u16) -> Reason {
    Reason::Status { status: number, retry_after: None }
}

#[test]
fn a_page_comes_with_what_its_headers_say() {
    let headers = [
        "Content-Type: Text/HTML; charset=\"Windows-1251\"",
        "ETag: W/\"one\"",
        "Last-Modified: Wed, 25 Nov 2026 10:00:00 GMT",
        "Set-Cookie: who=you",
    ];
    let server = Server::saying(answer("200 OK", &headers, PAGE));
    let page = get(options(), &server.url("/story?id=7#part")).unwrap();
    assert_eq!(page.bytes, PAGE);
    assert_eq!((page.status, page.url), (200, server.url("/story?id=7")));
    assert_eq!((page.content_type.as_deref(), page.charset.as_deref()), (Some("text/html"), Some("windows-1251")));
    assert_eq!(page.etag.as_deref(), Some("W/\"one\""));
    assert_eq!(page.last_modified.as_deref(), Some("Wed, 25 Nov 2026 10:00:00 GMT"));
}

#[test]
fn it_says_who_it_is_and_nothing_of_the_user() {
    let server = Server::start(|asked, stream| {
        let cookie = "Set-Cookie: who=you; Path=/";
        let bytes = if asked.path == "/" {
            answer("302 Found", &[cookie, "Location: /next"], b"")
        } else {
            answer("200 OK", &[cookie], PAGE)
        };
        stream.write_all(&bytes).unwrap();
    });
    get(options(), &server.url("/")).unwrap();
    for asked in server.asked() {
        assert_eq!(asked.header("User-Agent"), Some(USER_AGENT));
        assert_eq!(asked.header("Accept-Encoding"), Some("gzip, br, deflate"));
        assert_eq!(asked.header("Host"), Some(&*server.address.to_string()));
        for private in ["Cookie", "Referer", "Authorization", "From", "If-None-Match"] {
            assert_eq!(asked.header(private), None, "{private}");
        }
    }
    assert_eq!(server.paths(), ["/", "/next"]);
    let named = Options { user_agent: "Tester/1".to_owned(), ..options() };
    get(named, &server.url("/next")).unwrap();
    assert_eq!(server.asked()[2].header("User-Agent"), Some("Tester/1"));
}

#[test]
fn what_is_known_is_not_sent_again() {
    let server = Server::start(|asked, stream| {
        let knows = asked.header("If-None-Match") == Some("\"one\"")
            || asked.header("If-Modified-Since") == Some("Wed, 25 Nov 2026 10:00:00 GMT");
        let bytes = if knows { b"HTTP/1.1 304 Not Modified\r\n\r\n".to_vec() } else { answer("200 OK", &[], PAGE) };
        stream.write_all(&bytes).unwrap();
    });
    let known = |etag: Option<&str>, date: Option<&str>| Known {
        etag: etag.map(str::to_owned),
        last_modified: date.map(str::to_owned),
    };
    let ask = |known| client(options()).get(&server.url("/"), &known).unwrap();
    assert_eq!(ask(known(Some("\"one\""), None)), Answer::NotModified);
    assert_eq!(ask(known(None, Some("Wed, 25 Nov 2026 10:00:00 GMT"))), Answer::NotModified);
    assert!(matches!(ask(known(Some("\"two\""), None)), Answer::Page(_)));
    // No value may smuggle in a header of its own.
    assert!(matches!(ask(known(Some("\"two\"\r\nIf-None-Match: \"one\""), None)), Answer::Page(_)));
    assert_eq!(of(b"HTTP/1.1 304 Not Modified\r\n\r\n"), Err(status(304)));
}

#[test]
fn only_a_page_is_a_page() {
    for number in [201, 202, 204, 206, 300, 400, 401, 403, 404, 410, 418, 451, 500, 501, 599] {
        assert_eq!(of(&answer(&format!("{number} Whatever"), &[], b"<p>Sorry.")), Err(status(number)));
    }
    assert_eq!(of(&answer("203 Non-Authoritative Information", &[], PAGE)).unwrap(), PAGE);
    let busy = of(&answer("429 Too Many Requests", &["Retry-After: 120"], b"")).unwrap_err();
    assert_eq!(busy, Reason::Status { status: 429, retry_after: Some(Duration::from_secs(120)) });
    assert_eq!(busy.to_string(), "HTTP 429, to be asked again after 120 s");
}

#[test]
fn lengths_may_be_told_in_any_way_or_not_at_all() {
    let bare = [b"HTTP/1.1 200 OK\r\n\r\n".as_slice(), PAGE].concat();
    let old = [b"HTTP/1.0 200 OK\r\n\r\n".as_slice(), PAGE].concat();
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
        9;x=y\r\n<p>The ro\r\n17\r\nad is open, Adair said.\r\n0\r\nTrailer: x\r\n\r\n";
    let twice = answer("200 OK", &["Content-Length: 32"], PAGE);
    for bytes in [&answer("200 OK", &[], PAGE), &bare, &old, &chunked.to_vec(), &twice] {
        assert_eq!(of(bytes).as_deref(), Ok(PAGE), "{}", String::from_utf8_lossy(bytes));
    }
    assert_eq!(of(&answer("200 OK", &[], b"")), Ok(Vec::new()));
}

#[test]
fn half_a_page_is_none() {
    let cut = |head: &str, body: &[u8]| of(&[format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n").as_bytes(), body].concat());
    assert_eq!(cut("Content-Length: 1000", PAGE), Err(Reason::Cut));
    assert_eq!(cut("Content-Length: 33", PAGE), Err(Reason::Cut));
    assert_eq!(cut("Content-Length: 1", b""), Err(Reason::Cut));
    let chunks: [&[u8]; 5] = [b"", b"9\r\n", b"9\r\n<p>The", b"9\r\n<p>The ro\r\n", b"9\r\n<p>The ro\r\n4\r\nad"];
    for chunks in chunks {
        assert_eq!(cut("Transfer-Encoding: chunked", chunks), Err(Reason::Cut), "{chunks:?}");
    }
    for (head, body) in [
        ("Content-Length: 10\r\nContent-Length: 20", PAGE),
        ("Content-Length: ten", PAGE),
        ("Content-Length: -1", PAGE),
        ("Transfer-Encoding: chunked", b"x\r\nThe road\r\n0\r\n\r\n"),
        ("Transfer-Encoding: chunked", b"ffffffffffffffffff\r\nThe road"),
    ] {
        let got = cut(head, body);
        assert!(matches!(got, Err(Reason::NotHttp(_))), "{head}: {got:?}");
    }
}

/// The end of a body without a length is the end of the connection, but a connection that breaks is no end.
#[test]
fn a_broken_connection_does_not_end_a_page() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(&[b"HTTP/1.1 200 OK\r\n\r\n", PAGE].concat()).unwrap();
        thread::sleep(Duration::from_millis(100));
        // Closed while the request is unread, which resets the connection.
    });
    assert_eq!(reason(options(), &url), Reason::Cut);
}

#[test]
fn what_is_no_answer_is_an_error() {
    assert_eq!(of(b""), Err(Reason::Cut));
    assert_eq!(of(b"HTTP/1.1 200 OK\r\nContent-"), Err(Reason::Cut));
    let garbage: [&[u8]; 6] = [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"<html><p>The road is open.",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"HTTP/9.9 200 OK\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nNo colon here\r\n\r\n",
    ];
    for bytes in garbage {
        let got = of(bytes);
        assert!(matches!(got, Err(Reason::NotHttp(_) | Reason::Cut)), "{bytes:?}: {got:?}");
    }
    let closed = Server::saying("");
    let url = closed.url("/");
    drop(closed);
    thread::sleep(Duration::from_millis(50));
    assert_eq!(reason(options(), &url), Reason::Connect("connection refused".into()));
}

#[test]
fn header_bombs_are_refused() {
    let long = format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "x".repeat(1 << 20));
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "X: y\r\n".repeat(5000));
    let endless_status = format!("HTTP/1.1 200 {}", "O".repeat(1 << 20));
    for bytes in [long, many, endless_status] {
        let got = of(bytes.as_bytes());
        assert!(matches!(got, Err(Reason::NotHttp(_))), "{got:?}");
    }
}

#[test]
fn a_silent_server_is_left() {
    let server = Server::start(|asked, stream| {
        if asked.path == "/body" {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<p>").unwrap();
        }
        thread::sleep(Duration::from_secs(2));
    });
    let hasty = || Options { read: Duration::from_millis(300), ..options() };
    for path in ["/", "/body"] {
        let start = Instant::now();
        assert_eq!(reason(hasty(), &server.url(path)), Reason::TimedOut(Duration::from_millis(300)));
        assert!(start.elapsed() < Duration::from_millis(1500));
    }
}

/// Each byte comes in time, but there is no end of them.
#[test]
fn dripping_servers_end_with_the_deadline() {
    let server = Server::start(|asked, stream| {
        let (start, drip): (&[u8], &[u8]) = match asked.path.as_str() {
            "/head" => (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
            "/chunks" => (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
            "/informed" => (b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
            _ => (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
        };
        let _ = stream.write_all(start);
        while stream.write_all(drip).is_ok() {
            thread::sleep(Duration::from_millis(40));
        }
    });
    let hasty = || Options { deadline: Duration::from_millis(500), ..options() };
    for path in ["/head", "/chunks", "/body", "/informed"] {
        let start = Instant::now();
        assert_eq!(reason(hasty(), &server.url(path)), Reason::TimedOut(Duration::from_millis(500)), "{path}");
        assert!(start.elapsed() < Duration::from_secs(2), "{path}");
    }
}

/// The deadline is for all of a chain, not for each of its steps.
#[test]
fn redirects_share_one_deadline() {
    let server = Server::start(|asked, stream| {
        thread::sleep(Duration::from_millis(200));
        let n: usize = asked.path[1..].parse().unwrap();
        let _ = stream.write_all(&redirect(&format!("/{}", n + 1)));
    });
    let hasty = Options { deadline: Duration::from_millis(500), ..options() };
    assert_eq!(reason(hasty, &server.url("/0")), Reason::TimedOut(Duration::from_millis(500)));
    assert!(server.paths().len() <= 3);
}

#[test]
fn long_pages_are_refused_and_not_cut() {
    let small = |limit| Options { max_page: limit, ..options() };
    let body = vec![b'x'; 100_000];
    let told = Server::saying(answer("200 OK", &[], &body));
    let bare = Server::saying([b"HTTP/1.1 200 OK\r\n\r\n".as_slice(), &body].concat());
    let claim = Server::saying("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n<p>");
    for server in [&told, &bare] {
        assert_eq!(reason(small(99_999), &server.url("/")), Reason::TooLong(99_999));
        assert_eq!(get(small(100_000), &server.url("/")).unwrap().bytes, body);
    }
    assert_eq!(reason(options(), &claim.url("/")), Reason::TooLong(20_000_000));
    let endless = Server::start(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        while stream.write_all(&[b'x'; 65_536]).is_ok() {}
    });
    assert_eq!(reason(options(), &endless.url("/")), Reason::TooLong(20_000_000));
    assert_eq!(Reason::TooLong(20_000_000).to_string(), "longer than 20 MB");
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn packed_pages_are_unpacked() {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(PAGE).unwrap();
    let zlib = encoder.finish().unwrap();
    for (name, packed) in [("gzip", &gzip(PAGE)), ("x-gzip", &gzip(PAGE)), ("deflate", &zlib), ("br", &brotli())] {
        let bytes = answer("200 OK", &[&format!("Content-Encoding: {name}")], packed);
        assert_eq!(of(&bytes).as_deref(), Ok(PAGE), "{name}");
        let cut = answer("200 OK", &[&format!("Content-Encoding: {name}")], &packed[..packed.len() - 3]);
        assert!(matches!(of(&cut), Err(Reason::Unpack(_))), "{name}");
    }
    let nested = answer("200 OK", &["Content-Encoding: gzip, gzip"], &gzip(&gzip(PAGE)));
    assert_eq!(of(&nested), Err(Reason::Packing("gzip, gzip".into())));
    let garbage = answer("200 OK", &["Content-Encoding: gzip"], PAGE);
    assert_eq!(of(&garbage), Err(Reason::Unpack("gzip")));
}

/// [`PAGE`], stored: a header, its length, its bytes, and an empty last block.
fn brotli() -> Vec<u8> {
    [&[0x8b, 0x0f, 0x80], PAGE, &[0x03]].concat()
}

/// What was cut on the way is told as that, not as bad packing.
#[test]
fn a_cut_packed_page_is_cut() {
    let packed = gzip(&(0..5000).flat_map(|n: u32| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect::<Vec<_>>());
    let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", packed.len());
    assert_eq!(of(&[head.as_bytes(), &packed[..packed.len() / 2]].concat()), Err(Reason::Cut));
}

#[test]
fn bombs_go_off_at_the_limit() {
    let bomb = gzip(&vec![0; 64 << 20]);
    assert!(bomb.len() < 1_000_000);
    let bytes = answer("200 OK", &["Content-Encoding: gzip"], &bomb);
    assert_eq!(of(&bytes), Err(Reason::TooLong(20_000_000)));
}

#[test]
fn redirects_lead_to_the_page() {
    let server = Server::start(|asked, stream| {
        let bytes = match asked.path.as_str() {
            "/a/start" => answer("301 Moved Permanently", &["Location: ../b"], b"moved"),
            "/b" => answer("303 See Other", &["Location: c?d=e f#part"], b""),
            "/c?d=e%20f" => answer("307 Temporary Redirect", &["Location: /\u{43c}\u{438}\u{440}"], b""),
            "/%D0%BC%D0%B8%D1%80" => answer("308 Permanent Redirect", &["Location: ?end"], b""),
            _ => answer("200 OK", &[], PAGE),
        };
        stream.write_all(&bytes).unwrap();
    });
    let page = get(options(), &server.url("/a/start")).unwrap();
    assert_eq!((page.url, page.bytes.as_slice()), (server.url("/%D0%BC%D0%B8%D1%80?end"), PAGE));
}

#[test]
fn redirects_without_an_end_are_left() {
    let server = Server::start(|asked, stream| {
        let to = match asked.path.as_str() {
            "/self" => "/self".to_owned(),
            "/ping" => "/pong".to_owned(),
            "/pong" => "/ping#again".to_owned(),
            path => format!("/{}", path[1..].parse::<usize>().unwrap() + 1),
        };
        let _ = stream.write_all(&redirect(&to));
    });
    assert_eq!(reason(options(), &server.url("/self")), Reason::Circle);
    assert_eq!(reason(options(), &server.url("/ping")), Reason::Circle);
    assert_eq!(reason(options(), &server.url("/0")), Reason::TooManyRedirects(MAX_REDIRECTS));
    assert_eq!(server.paths().len(), 1 + 2 + MAX_REDIRECTS + 1);
    let error = get(options(), &server.url("/ping")).unwrap_err();
    assert_eq!(error.redirected_to, Some(server.url("/ping")));
}

#[test]
fn redirects_to_nowhere_are_errors() {
    let server = Server::start(|asked, stream| {
        let bytes = match asked.path.as_str() {
            "/none" => answer("302 Found", &[], PAGE),
            "/bad" => redirect("http://[::"),
            "/port" => redirect("http://example.org:99999/"),
            "/user" => redirect("http://user@example.org/"),
            "/file" => redirect("file:///etc/passwd"),
            "/ftp" => redirect("ftp://example.org/"),
            "/script" => redirect("javascript:alert(1)"),
            _ => redirect("data:text/html,<p>The road is open."),
        };
        let _ = stream.write_all(&bytes);
    });
    for path in ["/none", "/bad", "/port"] {
        assert!(matches!(reason(options(), &server.url(path)), Reason::Redirect(_)), "{path}");
    }
    for path in ["/user", "/file", "/ftp", "/script", "/data"] {
        assert!(matches!(reason(options(), &server.url(path)), Reason::Address(_)), "{path}");
    }
}

/// Over TLS that is none, with a server that no authority vouches for.
#[test]
fn secure_connections_have_to_be_that() {
    let server = Server::saying(answer("400 Bad Request", &[], b"this is plain HTTP"));
    let url = server.url("/").replace("http:", "https:");
    let got = reason(options(), &url);
    assert!(matches!(got, Reason::Tls(_) | Reason::Cut | Reason::TimedOut(_)), "{got:?}");
}
