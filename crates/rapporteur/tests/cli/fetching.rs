//! Addresses among the inputs.

use std::io::Write;

use serde_json::Value;

use super::server::{Server, answer, redirect};
use super::{folder, of_articles, rapporteur, run, told};

const PAGE: &str =
    "<title>Road</title><h1>The road is open</h1><p>The road to the coast is open again, Adair said.</p>";

/// "Дорога открыта", which the page says is KOI8-R.
const RUSSIAN: &[u8] = b"<meta charset=koi8-r><p>\xc4\xee\xf0\xee\xe3\xe0 \xee\xf2\xea\xf0\xfb\xf2\xe0.</p>";

/// A page at /story, and other things beside it.
fn site() -> Server {
    Server::start(|asked, stream| {
        let bytes = match asked.path.as_str() {
            "/story" => answer("200 OK", &["Content-Type: text/html"], PAGE.as_bytes()),
            "/moved" => redirect("/story#top"),
            "/russian" => answer("200 OK", &["Content-Type: text/html; charset=windows-1251"], RUSSIAN),
            "/long" => answer("200 OK", &[], &vec![b' '; 1_000_001]),
            _ => answer("404 Not Found", &[], b"<p>Nothing is here, Adair said."),
        };
        let _ = stream.write_all(&bytes);
    })
}

const READ: [&str; 7] = ["read", "--model", "rules", "--format", "jsonl", "--delay", "0"];

fn arguments<'a>(more: &[&'a str]) -> Vec<&'a str> {
    READ.iter().copied().chain(more.iter().copied()).collect()
}

#[test]
fn a_page_is_fetched_and_read() {
    let site = site();
    let url = site.url("/moved");
    let (status, out, err) = run(&folder("fetched", &[]), &arguments(&["--allow-private", &url]));
    assert_eq!((status, err.as_str()), (0, ""));
    assert_eq!(of_articles(&out, "url"), [site.url("/story")]);
    let reading: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(reading["statements"].as_array().unwrap().len(), 1);
    let given = arguments(&["--allow-private", "--url", "https://news.example/road", &url]);
    assert_eq!(of_articles(&run(&folder("fetched", &[]), &given).1, "url"), ["https://news.example/road"]);
}

#[test]
fn the_charset_of_http_goes_before_that_of_the_page() {
    let site = site();
    let (_, out, _) = run(&folder("russian", &[]), &arguments(&["--allow-private", &site.url("/russian")]));
    assert_eq!(of_articles(&out, "text"), ["Дорога открыта."]);
}

#[test]
fn addresses_and_files_keep_their_order() {
    let site = site();
    let folder = folder("mixed", &[("a.html", PAGE.as_bytes()), ("b.html", PAGE.as_bytes())]);
    let (story, gone) = (site.url("/story"), site.url("/gone"));
    let inputs = ["--allow-private", "a.html", &story, "b.html", &gone, &story];
    let (status, out, err) = run(&folder, &arguments(&inputs));
    assert_eq!(status, 1);
    assert_eq!(of_articles(&out, "url"), ["null", &story, "null", &story]);
    assert_eq!(err, format!("{gone}: HTTP 404\n1 of 5 inputs failed\n"));
}

#[test]
fn what_cannot_be_fetched_is_one_line() {
    let site = site();
    let folder = folder("unfetched", &[]);
    let lines = [("/gone", "HTTP 404"), ("/long", "longer than 1 MB; --max-page reads longer ones")];
    for (path, reason) in lines {
        let url = site.url(path);
        let (status, out, err) = run(&folder, &arguments(&["--allow-private", "--max-page", "1", &url]));
        assert_eq!((status, out.as_str(), err), (1, "", format!("{url}: {reason}\n")));
    }
    for (url, reason) in [
        ("http://10.0.0.1/", "address 10.0.0.1 is private; --allow-private fetches it"),
        ("HTTP://0x7f.1/", "address 127.0.0.1 is loopback; --allow-private fetches it"),
        ("https://user@news.example/", "an address with a user name in it is not fetched"),
        ("http://93.184.216.34:22/", "port 22 is none of the web (80, 443, 8080, 8443); --allow-private fetches it"),
    ] {
        let (status, out, err) = run(&folder, &arguments(&[url]));
        assert_eq!((status, out.as_str(), err), (1, "", format!("{url}: {reason}\n")));
    }
}

#[test]
fn why_fetches_too() {
    let site = site();
    let folder = folder("why_fetched", &[]);
    let url = site.url("/story");
    let (status, out, err) = run(&folder, &["why", "--model", "rules", "--allow-private", &url]);
    assert_eq!((status, err.as_str()), (0, ""));
    assert!(out.contains("Adair"), "{out}");
    let gone = site.url("/gone");
    let (status, out, err) = run(&folder, &["why", "--model", "rules", "--allow-private", &gone]);
    assert_eq!((status, out, err), (1, String::new(), format!("rapporteur: {gone}: HTTP 404\n")));
}

#[test]
fn a_proxy_of_the_environment_is_used() {
    let proxy = Server::saying(answer("403 Forbidden", &[], b""));
    let folder = folder("proxied", &[]);
    let mut command = rapporteur(&folder, &arguments(&["http://news.example/story"]));
    let (status, _, err) = told(&command.env("HTTPS_PROXY", proxy.url("")).output().unwrap());
    assert_eq!(status, 1);
    assert!(err.starts_with("http://news.example/story: the proxy: "), "{err}");
    assert!(proxy.asked()[0].head.starts_with("CONNECT news.example:80 "));
}

#[test]
fn a_wrong_setting_ends_the_run_before_it_begins() {
    let folder = folder("wrong_setting", &[]);
    let (status, out, err) = run(&folder, &arguments(&["--user-agent", "a\nb", "http://news.example/"]));
    assert_eq!((status, out.as_str()), (1, ""));
    assert!(err.starts_with("rapporteur: ") && err.contains("user agent"), "{err}");
}
