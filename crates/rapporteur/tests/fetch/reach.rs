//! No page leads the fetcher to an address that is not public, however the address is written, and whoever says it.

use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rapporteur::fetch::{Lookup, Options, Reach, Reason, Via};

use super::server::{Server, answer, redirect};
use super::{get, options, reason};

/// Addresses of hosts, as a page may write them, that are not public.
const NOT_PUBLIC: &[&str] = &[
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "127.255.255.254",
    "2130706433",
    "0x7f000001",
    "0x7F.0.0.1",
    "0x7f.1",
    "017700000001",
    "0177.0.0.1",
    "0177.0x0.1",
    "00000177.0.0.01",
    "127.0.0.1.",
    "0x7f.1.",
    "%31%32%37.0.0.1",
    "127%2e0%2e0%2e1",
    "%30x7f.1",
    "①②⑦.0.0.1",
    "１２７.０.０.１",
    "127。0。0。1",
    "127．0．0．1",
    "127｡0｡0｡1",
    "0ｘ7ｆ.1",
    "𝟏𝟐𝟕.𝟎.𝟎.𝟏",
    "127.0.\u{ad}0.1",
    "0",
    "0.0.0.0",
    "0x0",
    "10.0.0.1",
    "10.1",
    "167772161",
    "012.0.0.1",
    "0xa.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "192.168.257",
    "3232235777",
    "0xc0a80101",
    "169.254.169.254",
    "2852039166",
    "0xA9FEA9FE",
    "0251.0376.0251.0376",
    "169.254.43518",
    "100.64.0.1",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "192.88.99.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "4294967295",
    "[::]",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[0000::0001]",
    "[::127.0.0.1]",
    "[::7f00:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::FFFF:10.0.0.1]",
    "[0:0:0:0:0:ffff:a9fe:a9fe]",
    "[::ffff:0:127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::10.0.0.1]",
    "[2002:7f00:1::]",
    "[2002:a9fe:a9fe::1]",
    "[2001::1]",
    "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
    "[2001:db8::1]",
    "[3fff::1]",
    "[100::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[fe80::1]",
    "[fec0::1]",
    "[ff02::1]",
    "[5f00::1]",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "foo.localhost",
    "ｌｏｃａｌｈｏｓｔ",
    "loc%61lhost",
];

/// Hosts that are none.
const NO_HOSTS: &[&str] = &[
    "127.0.0.1.1",
    "256.0.0.1",
    "0x100000000",
    "127.0.0.0x100",
    "[fe80::1%25eth0]",
    "[::1",
    "[::ffff:127.0.0.1.1]",
    "%00",
    "127.0.0.1%00.example.org",
    "exa mple.org",
    "",
    "user@127.0.0.1",
    "example.org:80@127.0.0.1",
    "127.0.0.1:99999",
];

/// As on a machine where everything may be asked for, but for what is not public.
fn public_only() -> Options {
    Options { reach: Reach::default(), lookup: no_lookup(), ..options() }
}

/// Nobody looks a name up here; if somebody does, it is a name and not a number, and gets no address.
fn no_lookup() -> Lookup {
    Arc::new(|host, _| panic!("{host} was looked up"))
}

#[test]
fn addresses_that_are_not_public_are_refused_in_any_writing() {
    assert!(NOT_PUBLIC.len() >= 60);
    for scheme in ["http", "https"] {
        for host in NOT_PUBLIC {
            let got = reason(public_only(), &format!("{scheme}://{host}/"));
            assert!(matches!(got, Reason::NotPublic { .. }), "{host}: {got:?}");
        }
    }
    for host in NO_HOSTS {
        let got = reason(public_only(), &format!("http://{host}/"));
        assert!(matches!(got, Reason::Address(_)), "{host}: {got:?}");
    }
}

#[test]
fn redirects_to_them_are_refused_too() {
    for host in NOT_PUBLIC {
        let to = format!("http://{host}/latest/meta-data/");
        let server = Server::saying(redirect(&to));
        let got = get(beside(&server), &server.url("/")).unwrap_err();
        assert!(matches!(got.reason, Reason::NotPublic { .. }), "{host}: {got:?}");
        assert!(got.redirected_to.is_some(), "{host}");
    }
    let server = Server::saying(redirect("//10.0.0.1/"));
    let error = get(beside(&server), &server.url("/")).unwrap_err();
    assert_eq!(error.to_string(), "redirected to http://10.0.0.1/: address 10.0.0.1 is private");
}

/// Only public hosts, and this server.
fn beside(server: &Server) -> Options {
    Options { reach: Reach { private: false, also: vec![server.address] }, ..public_only() }
}

/// A name server that gives these answers one after another, then the last again.
fn answering(answers: &'static [&'static [&'static str]]) -> (Lookup, Arc<AtomicUsize>) {
    let n_asked = Arc::new(AtomicUsize::new(0));
    let counter = n_asked.clone();
    let lookup: Lookup = Arc::new(move |_, port| {
        let at = counter.fetch_add(1, Ordering::SeqCst).min(answers.len() - 1);
        Ok(answers[at].iter().map(|ip| SocketAddr::new(ip.parse().unwrap(), port)).collect())
    });
    (lookup, n_asked)
}

#[test]
fn names_that_stand_for_them_are_refused() {
    let answers: [&'static [&'static [&'static str]]; 8] = [
        &[&["127.0.0.1"]],
        &[&["10.1.2.3"]],
        &[&["169.254.169.254"]],
        &[&["::1"]],
        &[&["::ffff:10.0.0.1"]],
        &[&["64:ff9b::7f00:1"]],
        &[&["fd12::1", "192.168.0.1"]],
        &[&["0.0.0.0"]],
    ];
    for answers in answers {
        let (lookup, _) = answering(answers);
        let options = Options { lookup, ..public_only() };
        let got = reason(options, "http://news.example/");
        assert!(matches!(&got, Reason::NotPublic { what, .. } if what.contains(answers[0][0])), "{got:?}");
    }
}

/// DNS rebinding: an address that passes the check, then another one for the connection. Here the connection is made
/// to what was checked, so that the second answer is not asked for; the next page is checked anew.
#[test]
fn a_name_server_that_changes_its_mind_gains_nothing() {
    let server = Server::saying(answer("200 OK", &[], b"<p>Yes."));
    let (lookup, n_asked) = answering(&[&["127.0.0.1"], &["169.254.169.254"], &["127.0.0.1"], &["10.0.0.1"]]);
    let client = super::client(Options { lookup, ..beside(&server) });
    let url = format!("http://flip.example:{}/", server.address.port());
    for n in [1, 3] {
        client.get(&url, &Default::default()).unwrap();
        assert_eq!(n_asked.load(Ordering::SeqCst), n);
        let error = client.get(&url, &Default::default()).unwrap_err();
        assert!(matches!(error.reason, Reason::NotPublic { .. }), "{error}");
        assert_eq!(n_asked.load(Ordering::SeqCst), n + 1);
    }
    assert_eq!(server.paths().len(), 2);
}

/// The same, from one step of a chain to the next.
#[test]
fn a_name_is_looked_up_again_after_a_redirect() {
    let server = Server::saying(redirect("/next"));
    let (lookup, _) = answering(&[&["127.0.0.1"], &["192.168.0.1"]]);
    let url = format!("http://flip.example:{}/", server.address.port());
    let error = get(Options { lookup, ..beside(&server) }, &url).unwrap_err();
    assert!(matches!(error.reason, Reason::NotPublic { .. }), "{error}");
    assert_eq!(server.paths(), ["/"]);
}

/// Of several addresses only those are tried that may be.
#[test]
fn public_addresses_of_a_name_are_used_beside_others() {
    let server = Server::saying(answer("200 OK", &[], b"<p>Yes."));
    let (lookup, _) = answering(&[&["10.0.0.1", "fd00::1", "127.0.0.1"]]);
    let url = format!("http://news.example:{}/", server.address.port());
    assert_eq!(get(Options { lookup, ..beside(&server) }, &url).unwrap().bytes, b"<p>Yes.");
}

#[test]
fn names_without_an_address_say_so() {
    let lookup: Lookup = Arc::new(|_, _| Err(io::Error::other("failed to lookup address information: Name unknown")));
    let options = || Options { lookup: lookup.clone(), ..public_only() };
    assert_eq!(reason(options(), "http://news.example/"), Reason::NoSuchHost("name unknown".into()));
    let (lookup, _) = answering(&[&[]]);
    assert!(matches!(reason(Options { lookup, ..options() }, "http://news.example/"), Reason::NoSuchHost(_)));
}

#[test]
fn a_slow_name_server_is_left() {
    let lookup: Lookup = Arc::new(|_, _| {
        std::thread::sleep(std::time::Duration::from_secs(3));
        Ok(Vec::new())
    });
    let connect = std::time::Duration::from_millis(200);
    assert_eq!(reason(Options { lookup, connect, ..options() }, "http://slow.example/"), Reason::TimedOut(connect));
}

#[test]
fn ports_of_other_services_are_refused() {
    for port in [0, 1, 21, 22, 25, 81, 111, 2375, 3306, 5432, 6379, 9200, 11211, 27017, 65535] {
        let got = reason(public_only(), &format!("http://93.184.216.34:{port}/"));
        assert!(matches!(got, Reason::NotPublic { .. }), "{port}: {got:?}");
    }
}

#[test]
fn only_the_web_is_fetched() {
    for url in [
        "file:///etc/passwd",
        "ftp://example.org/",
        "gopher://example.org/",
        "data:text/html,x",
        "javascript:alert(1)",
        "http://user@example.org/",
        "http://user:secret@example.org/",
        "http://:secret@example.org/",
        "//example.org/",
        "example.org",
        "http:",
        "https://",
    ] {
        let got = reason(public_only(), url);
        assert!(matches!(got, Reason::Address(_)), "{url}: {got:?}");
    }
    let long = format!("http://93.184.216.34/{}", "x".repeat(9000));
    assert!(matches!(reason(public_only(), &long), Reason::Address(_)));
}

/// A proxy is mostly at a private address, and may be; what it is asked for may not.
#[test]
fn a_proxy_is_exempt_and_its_targets_are_not() {
    let proxy = Server::start(|asked, stream| {
        assert!(asked.head.starts_with("CONNECT news.example:80 "), "{}", asked.head);
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        let mut rest = Vec::new();
        while !rest.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            io::Read::read_exact(stream, &mut byte).unwrap();
            rest.push(byte[0]);
        }
        assert!(rest.starts_with(b"GET /story HTTP/1.1\r\n"));
        stream.write_all(&answer("200 OK", &[], b"<p>By proxy.")).unwrap();
    });
    let by_proxy = || Options { via: Via::Proxy(proxy.url("")), ..public_only() };
    assert_eq!(get(by_proxy(), "http://news.example/story").unwrap().bytes, b"<p>By proxy.");
    for host in NOT_PUBLIC {
        let got = reason(by_proxy(), &format!("http://{host}/"));
        assert!(matches!(got, Reason::NotPublic { .. }), "{host}: {got:?}");
    }
    assert_eq!(proxy.paths().len(), 1);
    let itself = Options { reach: Reach { private: true, also: Vec::new() }, ..by_proxy() };
    assert_eq!(reason(itself, &proxy.url("/")), Reason::Address("this is the proxy itself".into()));
    let socks = Options { via: Via::Proxy("socks5://10.0.0.1:1080".into()), ..public_only() };
    assert!(matches!(rapporteur::fetch::Client::new(socks).unwrap_err().reason, Reason::Options(_)));
}

#[test]
fn what_is_allowed_is_fetched() {
    let server = Server::saying(answer("200 OK", &[], b"<p>Yes."));
    let port = server.address.port();
    for host in ["127.0.0.1", "2130706433", "0x7f.1", "①②⑦.0.0.1"] {
        let page = get(options(), &format!("http://{host}:{port}/")).unwrap();
        assert_eq!(page.url, server.url("/"));
    }
    let other = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 1);
    let elsewhere = Options { reach: Reach { private: false, also: vec![other] }, ..public_only() };
    assert!(matches!(reason(elsewhere, &server.url("/")), Reason::NotPublic { .. }));
}
