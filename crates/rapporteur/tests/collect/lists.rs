//! Lists of lists: OPML, sitemap indexes, pages that link to their feeds.

use std::fs;
use std::io::Write;

use super::server::answer;
use super::site::{Site, feed, page};
use super::{folder, last_fetch, n_asked, run, summary};

#[test]
fn opml_of_a_file_and_of_the_web() {
    let site = Site::start(&[
        ("/a", feed(&["/1"])),
        ("/b", feed(&["/2"])),
        ("/1", page("one")),
        ("/2", page("two")),
        ("/opml", "<opml><body><outline text='x'><outline xmlUrl='HOST/a'/></outline></body></opml>".to_owned()),
    ]);
    let here = folder("opml");
    let opml = format!(
        "<opml version='2.0'><body><outline xmlUrl='{}'/><outline xmlUrl='{}'/><outline xmlUrl='{}'/></body></opml>",
        site.url("/a"),
        site.url("/b"),
        site.url("/gone")
    );
    fs::write(here.join("feeds.opml"), opml).unwrap();
    let (status, out, err) = run(&here, &["feeds.opml"]);
    assert_eq!((status, summary(&out)), (1, "3 feeds, 1 of them failed: 2 new"));
    assert_eq!(err, format!("{}: HTTP 404\n", site.url("/gone")));
    let (status, out, _) = run(&here, &[&site.url("/opml")]);
    assert_eq!((status, summary(&out)), (0, "1 feed: 1 known"));
}

#[test]
fn a_sitemap_index_leads_to_its_sitemaps_packed_or_not() {
    let news = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' \
                xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>HOST/2</loc><news:news>\
                <news:publication_date>2026-11-25</news:publication_date><news:title>Two</news:title></news:news></url></urlset>";
    let site = Site::start(&[
        ("/1", page("one")),
        ("/2", page("two")),
        ("/news.xml", news.to_owned()),
        (
            "/index.xml",
            "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><sitemap><loc>HOST/old.xml.gz</loc>\
             <lastmod>2020-01-01</lastmod></sitemap><sitemap><loc>HOST/news.xml</loc></sitemap></sitemapindex>"
                .to_owned(),
        ),
    ]);
    let old = format!("<urlset><url><loc>{}</loc></url></urlset>", site.url("/1"));
    site.put("/old.xml.gz", move |_| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(old.as_bytes()).unwrap();
        answer("200 OK", &["ETag: \"old\""], &encoder.finish().unwrap())
    });
    let here = folder("sitemaps");
    let url = site.url("/index.xml");
    assert_eq!(summary(&run(&here, &[&url]).1), "2 feeds: 2 new");
    // The index says that the old one did not change since.
    assert_eq!(summary(&run(&here, &[&url]).1), "1 feed: 1 known");
    assert_eq!(n_asked(&site, "/old.xml.gz"), 1);
}

#[test]
fn a_page_leads_to_the_feeds_that_it_links_to() {
    let front = "<!doctype html><title>The Post</title><link rel=alternate type=application/rss+xml href=/feed>";
    let site = Site::start(&[("/", front.to_owned()), ("/feed", feed(&["/1"])), ("/1", page("one"))]);
    let here = folder("front_page");
    let url = site.url("/");
    assert_eq!(summary(&run(&here, &[&url]).1), "1 feed: 1 new");
    let (_, out, _) = run(&here, &[&url]);
    assert_eq!(summary(&out), "1 feed: 1 known");
    assert_eq!(out.lines().next(), Some(format!("{url}: 1 list").as_str()));
    assert_eq!(last_fetch(&here, &site.url("/feed")).status, Some(200));
    let (status, _, err) = run(&here, &[&site.url("/1")]);
    assert_eq!(status, 1);
    assert!(err.contains("that links to no feed"), "{err}");
}

#[test]
fn lists_that_lead_to_themselves_and_ever_deeper_come_to_an_end() {
    let outline = |path: &str| format!("<opml><body><outline xmlUrl='HOST{path}'/></body></opml>");
    let site = Site::start(&[
        ("/self", outline("/self")),
        ("/ping", outline("/pong")),
        ("/pong", outline("/ping")),
        ("/1", outline("/2")),
        ("/2", outline("/3")),
        ("/3", outline("/4")),
        ("/4", outline("/5")),
        ("/5", outline("/6")),
    ]);
    let here = folder("circles");
    let (status, out, err) = run(&here, &[&site.url("/self"), &site.url("/ping"), &site.url("/1")]);
    assert_eq!(status, 0, "{err}");
    assert_eq!(summary(&out), "0 feeds: nothing");
    let too_deep =
        |path: &str| format!("{}: its 1 lists are too deep in other lists, and are passed over", site.url(path));
    assert!(err.contains(&too_deep("/4")) && err.lines().count() <= 2, "{err}");
    assert_eq!(n_asked(&site, "/5"), 0);
}

#[test]
fn a_file_that_is_no_list_is_named() {
    let here = folder("no_list");
    fs::write(here.join("notes.txt"), "Nothing of interest.").unwrap();
    let (status, _, err) = run(&here, &["notes.txt", "nowhere.opml"]);
    assert_eq!(status, 1);
    let lines: Vec<&str> = err.lines().collect();
    assert!(lines[0].starts_with("notes.txt: neither a feed nor a sitemap but "), "{err}");
    assert_eq!(lines[1], "nowhere.opml: no such file or folder");
}
