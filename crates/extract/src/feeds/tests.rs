use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

const URL: &str = "https://a.example/news/rss.xml";

fn feed(text: &str) -> Feed {
    read(&Source { bytes: text.as_bytes(), url: Some(URL), content_type: None }).unwrap()
}

/// An RSS feed with one item of these elements.
fn item(elements: &str) -> Entry {
    let mut feed =
        feed(&format!("<rss version='2.0'><channel><title>A</title><item>{elements}</item></channel></rss>"));
    assert_eq!(feed.notes, Vec::<String>::new());
    feed.entries.remove(0)
}

fn atom(elements: &str) -> Entry {
    feed(&format!("<feed xmlns='http://www.w3.org/2005/Atom'><entry>{elements}</entry></feed>")).entries.remove(0)
}

fn told(moment: Option<Moment>) -> String {
    moment.map(|moment| moment.to_string()).unwrap_or_default()
}

#[test]
fn rss() {
    let read = feed(
        "<?xml version='1.0'?><rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel>\
         <title>The Harbour &amp; Port</title><link>/news/</link><image><title>Logo</title><link>/i</link></image>\
         <item><title>Bridge <![CDATA[<b>closed</b>]]></title><link> /1 </link><guid isPermaLink='false'>n1</guid>\
         <pubDate>Wed, 16 Mar 2022 18:20:00 GMT</pubDate><dc:creator>Ida Holm</dc:creator>\
         <description>&lt;p&gt;A crack was found.&lt;/p&gt;&lt;p&gt;It is small.&lt;/p&gt;</description></item>\
         <item><title>Ferries run</title><guid>https://a.example/2</guid></item></channel></rss>",
    );
    assert_eq!((read.kind, read.title.as_deref()), (Kind::Rss, Some("The Harbour & Port")));
    assert_eq!(read.link.as_deref(), Some("https://a.example/news/"));
    let [first, second] = &read.entries[..] else { panic!("{read:?}") };
    assert_eq!(first.title.as_deref(), Some("Bridge closed"));
    assert_eq!((first.link.as_deref(), first.guid.as_deref()), (Some("https://a.example/1"), Some("n1")));
    assert_eq!((told(first.published).as_str(), first.updated), ("2022-03-16T18:20:00+00:00", None));
    assert_eq!(first.authors, ["Ida Holm"]);
    assert_eq!(first.summary.as_deref(), Some("A crack was found. It is small."));
    assert_eq!(second.link.as_deref(), Some("https://a.example/2"));
}

#[test]
fn rss_1_has_its_items_beside_the_channel() {
    let read = feed(
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' \
         xmlns:d='http://purl.org/dc/elements/1.1/'><channel rdf:about='x'><title>A</title></channel>\
         <item rdf:about='https://a.example/1'><title>One</title><link>https://a.example/1</link>\
         <d:date>2022-03-16T18:20:00+01:00</d:date></item></rdf:RDF>",
    );
    assert_eq!((read.title.as_deref(), read.entries.len()), (Some("A"), 1));
    assert_eq!(read.entries[0].title.as_deref(), Some("One"));
    assert_eq!(told(read.entries[0].published), "2022-03-16T18:20:00+01:00");
}

#[test]
fn atom_feeds() {
    let read = feed(
        "<a:feed xmlns:a='http://www.w3.org/2005/Atom' xml:base='https://b.example/x/'><a:title type='text'>1 &lt;b> 2</a:title>\
         <a:author><a:name>The desk</a:name></a:author><a:link rel='self' href='self'/><a:link href='.'/>\
         <a:entry xml:base='y/'><a:title type='html'>Talks &amp;amp; &lt;i>more&lt;/i></a:title><a:id>urn:1</a:id>\
         <a:link rel='enclosure' href='sound'/><a:link rel='alternate' type='application/pdf' href='pdf'/>\
         <a:link type='text/html' href='1'/><a:published>2022-03-16T18:20:00Z</a:published>\
         <a:updated>2022-03-17T08:00:00Z</a:updated><a:author><a:name>Ida Holm</a:name><a:uri>u</a:uri></a:author>\
         <a:source><a:title>Elsewhere</a:title><a:id>other</a:id></a:source>\
         <a:summary type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>The <b>talks</b> &amp;lt; go<br/>on</div></a:summary>\
         </a:entry><a:entry><a:title>Second</a:title></a:entry></a:feed>",
    );
    assert_eq!((read.kind, read.title.as_deref()), (Kind::Atom, Some("1 <b> 2")));
    assert_eq!(read.link.as_deref(), Some("https://b.example/x/"));
    let entry = &read.entries[0];
    assert_eq!(entry.title.as_deref(), Some("Talks & more"));
    assert_eq!((entry.link.as_deref(), entry.guid.as_deref()), (Some("https://b.example/x/y/1"), Some("urn:1")));
    assert_eq!(told(entry.published), "2022-03-16T18:20:00+00:00");
    assert_eq!(told(entry.updated), "2022-03-17T08:00:00+00:00");
    assert_eq!(
        (&entry.authors[..], &read.entries[1].authors[..]),
        (&["Ida Holm".into()][..], &["The desk".into()][..])
    );
    assert_eq!(entry.summary.as_deref(), Some("The talks &lt; go on"));
}

#[test]
fn json_feed() {
    let read = feed(
        r#"{"version":"https://jsonfeed.org/version/1.1","title":"A","home_page_url":"https://a.example/","items":[
        {"id":7,"url":"/1","title":"One","content_html":"<p>It &amp; that","date_published":"2022-03-16T18:20:00-04:00",
         "authors":[{"name":"Ida Holm"}]},{"id":"https://a.example/2","content_text":"<p>"}]}"#,
    );
    assert_eq!((read.kind, read.link.as_deref()), (Kind::Json, Some("https://a.example/")));
    let [first, second] = &read.entries[..] else { panic!("{read:?}") };
    assert_eq!((first.link.as_deref(), first.guid.as_deref()), (Some("https://a.example/1"), Some("7")));
    assert_eq!(
        (told(first.published).as_str(), first.summary.as_deref()),
        ("2022-03-16T18:20:00-04:00", Some("It & that"))
    );
    assert_eq!(first.authors, ["Ida Holm"]);
    assert_eq!((second.link.as_deref(), second.summary.as_deref()), (Some("https://a.example/2"), Some("<p>")));
}

#[test]
fn sitemaps_and_their_indexes() {
    let read = feed(
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:n='http://www.google.com/schemas/sitemap-news/0.9' \
         xmlns:i='http://www.google.com/schemas/sitemap-image/1.1'><url><loc>https://a.example/1</loc><lastmod>2022-03-17</lastmod>\
         <i:image><i:loc>https://a.example/i.png</i:loc><i:title>Picture</i:title></i:image>\
         <n:news><n:publication><n:name>The A</n:name></n:publication><n:publication_date>2022-03-16T18:20:00Z</n:publication_date>\
         <n:title>One</n:title></n:news></url><url><lastmod>2022-03-17</lastmod></url></urlset>",
    );
    assert_eq!((read.kind, read.entries.len()), (Kind::Sitemap, 1));
    let entry = &read.entries[0];
    assert_eq!((entry.title.as_deref(), entry.link.as_deref()), (Some("One"), Some("https://a.example/1")));
    assert_eq!(
        (told(entry.published).as_str(), told(entry.updated).as_str()),
        ("2022-03-16T18:20:00+00:00", "2022-03-17")
    );
    let index = feed("<sitemapindex><sitemap><loc>https://a.example/s.xml</loc></sitemap></sitemapindex>");
    assert_eq!((index.kind, index.entries[0].link.as_deref()), (Kind::SitemapIndex, Some("https://a.example/s.xml")));
}

#[test]
fn lists_of_feeds() {
    let read = feed(
        "<opml version='2.0'><head><title>Mine</title></head><body><outline text='News'>\
         <outline text='A' type='rss' xmlUrl='https://a.example/rss?a=1&amp;b=2' htmlUrl='https://a.example/'/></outline>\
         <outline title='B' xmlurl='https://b.example/rss'/><outline text='no feed'/></body></opml>",
    );
    assert_eq!((read.kind, read.title.as_deref()), (Kind::Outlines, Some("Mine")));
    let found: Vec<_> = read.entries.iter().map(|entry| (entry.title.as_deref(), entry.link.as_deref())).collect();
    let expected = [(Some("A"), Some("https://a.example/rss?a=1&b=2")), (Some("B"), Some("https://b.example/rss"))];
    assert_eq!(found, expected);
}

#[test]
fn feeds_of_a_page() {
    let page = b"<base href='/x/'><link rel='stylesheet' href=s><link rel='Alternate' type='application/rss+xml' title=' All  news ' \
        href='rss'><link rel=alternate hreflang=de href=/de><link rel=feed href=/atom><link rel=alternate type='application/atom+xml' href='/atom'>\
        <link rel=alternate type='application/rss+xml' href='javascript:x'>";
    let links = links(page, Some("https://a.example/page"));
    let found: Vec<_> = links.iter().map(|link| (link.url.as_str(), link.title.as_deref())).collect();
    assert_eq!(found, [("https://a.example/x/rss", Some("All news")), ("https://a.example/atom", None)]);
}

#[test]
fn odd_items() {
    assert_eq!(
        item("<title>AT&amp;amp;T &lt; 5 &nbsp;&eacute;&bogus; &</title>").title.as_deref(),
        Some("AT&T < 5 é&bogus; &")
    );
    assert_eq!(item("<title>The &lt;title> tag</title>").title.as_deref(), Some("The <title> tag"));
    assert_eq!(item("<title>A <em>plain</em> tag</title>").title.as_deref(), Some("A plain tag"));
    assert_eq!(item("<media:title>M</media:title><link>x</link>").title.as_deref(), Some("M"));
    assert_eq!(item("<title>A</title><author>ida@a.example (Ida Holm)</author>").authors, ["Ida Holm"]);
    assert_eq!(item("<title>A</title><link>javascript:alert(1)</link>").link, None);
    assert_eq!(
        item("<link>/1</link><feedburner:origLink>https://b.example/1</feedburner:origLink>").link.as_deref(),
        Some("https://b.example/1")
    );
    assert_eq!(atom("<title mode='base64'>VGFsa3M=</title>").title.as_deref(), Some("Talks"));
    let date = |text: &str| told(item(&format!("<title>A</title><pubDate>{text}</pubDate>")).published);
    assert_eq!(date("Wed, 16 Mar 2022 18:20:00 EST"), "2022-03-16T18:20:00-05:00");
    assert_eq!(date("16 Mar 2022 18:20"), "2022-03-16");
    assert_eq!(date("2022-03-16T18:20:00.5+05:30"), "2022-03-16T18:20:00.5+05:30");
    assert_eq!(date("soon"), "");
}

#[test]
fn what_came_before_a_break_is_kept() {
    let read = feed(
        "<rss><channel><title>A</title><item><title>One</title></item><item><title>Two</title><link>/2</link><desc",
    );
    assert_eq!(read.entries.iter().map(|entry| entry.title.as_deref()).collect::<Vec<_>>(), [Some("One"), Some("Two")]);
    assert!(read.notes[0].starts_with("broken at byte "), "{:?}", read.notes);
    let unclosed = feed("<rss><channel><item><title>One</item><item><title>Two</title></channel></rss>");
    assert_eq!(unclosed.entries.len(), 2);
}

#[test]
fn encodings() {
    let text = "<?xml version='1.0' encoding='windows-1251'?><rss><channel><title>Новости дня</title></channel></rss>";
    let bytes = encoding_rs::WINDOWS_1251.encode(text).0;
    let title = |bytes: &[u8], content_type| read(&Source { bytes, url: None, content_type }).unwrap().title;
    assert_eq!(title(&bytes, None).as_deref(), Some("Новости дня"));
    let koi = encoding_rs::KOI8_R.encode(text).0;
    assert_eq!(title(&koi, Some("text/xml; charset=\"KOI8-R\"")).as_deref(), Some("Новости дня"));
    assert_eq!(title(text.as_bytes(), Some("text/xml; charset=koi8-r")).as_deref(), Some("Новости дня"));
    let wide: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    assert_eq!(title(&wide, None).as_deref(), Some("Новости дня"));
}

#[test]
fn what_is_no_feed_is_named() {
    let error = |text: &[u8]| read(&Source { bytes: text, ..Source::default() }).unwrap_err().to_string();
    assert_eq!(error(b"<!doctype html><html><p>"), "neither a feed nor a sitemap but a page of HTML");
    assert_eq!(error(b"{\"a\":1}"), "neither a feed nor a sitemap but other JSON");
    assert_eq!(error(b"\x89PNG\r\n"), "neither a feed nor a sitemap but a PNG image");
    assert_eq!(error(b" "), "neither a feed nor a sitemap but nothing");
    assert_eq!(error(b"User-agent: *"), "neither a feed nor a sitemap but text without markup");
}

#[test]
fn declared_entities_are_never_put_in() {
    let laughs: String = (1..20).map(|n| format!("<!ENTITY l{n} '{}'>", format!("&l{};", n - 1).repeat(10))).collect();
    let file = "<!ENTITY f SYSTEM 'file:///etc/passwd'>";
    let read = feed(&format!(
        "<!DOCTYPE rss [<!ENTITY l0 'ha'>{laughs}{file}]><rss><channel><title>&l19;&f;</title></channel></rss>"
    ));
    assert_eq!(read.title.as_deref(), Some("&l19;&f;"));
}

#[test]
fn hostile_feeds_take_linear_time() {
    let time = |text: &str| {
        let once = || {
            let start = Instant::now();
            let _ = read(&Source { bytes: text.as_bytes(), url: Some(URL), content_type: None });
            start.elapsed()
        };
        once().min(once())
    };
    let channel = "<rss><channel>";
    for (start, piece) in [
        (channel, "<a>"),
        (channel, "<item>"),
        (channel, "<item><title>"),
        (channel, "</x>"),
        ("<rss><channel><item><title>", "<b>"),
        ("<rss><channel><item><title>", "&"),
        ("<rss><channel><item><title>", "&lt;b>"),
        ("<feed>", "<entry xml:base='x/'>"),
        ("<feed xmlns:x='y' ", "a='b' "),
        ("<opml><body>", "<outline>"),
        ("", "["),
        ("{\"items\":", "["),
    ] {
        let (once, twice) =
            (time(&(start.to_owned() + &piece.repeat(20_000))), time(&(start.to_owned() + &piece.repeat(40_000))));
        assert!(twice < 3 * once + Duration::from_millis(300), "{start}{piece}: {once:?}, then {twice:?}");
    }
    let nest = feed(&format!("{channel}<title>A</title>{}", "<item>".repeat(1_000_000)));
    assert_eq!(nest.title.as_deref(), Some("A"));
}

#[test]
fn texts_and_entries_are_capped_with_a_note() {
    let long = feed(&format!("<rss><channel><item><title>{}</title></item></channel></rss>", "word ".repeat(100_000)));
    assert!(long.entries[0].title.as_ref().unwrap().len() <= MAX_SUMMARY);
    assert_eq!(long.notes, ["1 texts were cut off after 262144 bytes"]);
    let many =
        feed(&format!("<urlset>{}</urlset>", "<url><loc>https://a.example/</loc></url>".repeat(MAX_ENTRIES + 5)));
    assert_eq!(
        (many.entries.len(), &many.notes[0][..]),
        (MAX_ENTRIES, "5 entries beyond the first 100000 were left out")
    );
}

proptest! {
    #[test]
    fn any_bytes_end(bytes: Vec<u8>, start in 0usize..4) {
        let start: &[u8] = [&b""[..], b"<rss><channel><item><title>", b"<feed><entry>", b"{"][start];
        let bytes = [start, &bytes].concat();
        let _ = read(&Source { bytes: &bytes, url: Some(URL), content_type: None });
        let _ = links(&bytes, Some(URL));
    }

    #[test]
    fn any_markup_ends(text in "(</?(rss|feed|channel|item|entry|title|link|b)( (href|type|xml:base)='[a-z:/.]{0,5}')?/?>|<!\\[CDATA\\[|\\]\\]>|<!--|-->|&[a-z#0-9]{0,4};?|[a-z<é]){0,60}") {
        if let Ok(feed) = read(&Source { bytes: text.as_bytes(), url: Some(URL), content_type: None }) {
            for link in feed.entries.iter().filter_map(|entry| entry.link.as_ref()) {
                prop_assert!(link.starts_with("http"));
            }
        }
    }
}
