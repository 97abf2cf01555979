//! What a list holds: pages, or further lists.

use std::io::Read;

use rapporteur::extract::compression::{Inflater, Limits};
use rapporteur::extract::feeds::{self, Entry, Kind, MAX_BYTES, Source};

/// A list that was read.
#[derive(Debug, Default)]
pub(super) struct Listed {
    pub(super) title: Option<String>,
    /// Pages, each with what the feed says of it.
    pub(super) pages: Vec<Entry>,
    /// Further lists, and what this one says of them.
    pub(super) lists: Vec<Entry>,
    /// Whether a person chose the further lists.
    pub(super) chosen: bool,
    /// What was noticed.
    pub(super) notes: Vec<String>,
}

/// Reads a feed, a sitemap, an OPML list, or a page that links to its feeds.
pub(super) fn read(bytes: &[u8], url: Option<&str>, content_type: Option<&str>) -> Result<Listed, String> {
    let unpacked;
    let bytes = if bytes.starts_with(b"\x1f\x8b") {
        unpacked = inflated(bytes)?;
        &unpacked
    } else {
        bytes
    };
    match feeds::read(&Source { bytes, url, content_type }) {
        Ok(feed) => {
            let mut listed = Listed { title: feed.title, notes: feed.notes, ..Listed::default() };
            match feed.kind {
                Kind::Outlines => (listed.lists, listed.chosen) = (feed.entries, true),
                Kind::SitemapIndex => listed.lists = feed.entries,
                _ => listed.pages = feed.entries,
            }
            Ok(listed)
        }
        Err(error @ feeds::Error::NotAFeed(_)) => {
            let lists: Vec<Entry> = feeds::links(bytes, url).into_iter().map(entry).collect();
            if lists.is_empty() {
                return Err(format!("{error} that links to no feed; one page is read by `rapporteur read`"));
            }
            Ok(Listed { lists, ..Listed::default() })
        }
        Err(error) => Err(error.to_string()),
    }
}

fn entry(link: feeds::Link) -> Entry {
    Entry { title: link.title, link: Some(link.url), ..Entry::default() }
}

/// A sitemap in a gzip file, which is no coding of HTTP's.
fn inflated(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let limits = Limits { output: MAX_BYTES as u64, ..Limits::default() };
    let mut unpacked = Vec::new();
    let read = Inflater::new(bytes, limits).and_then(|mut stream| stream.read_to_end(&mut unpacked));
    read.map(|_| unpacked).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const INDEX: &[u8] = b"<sitemapindex><sitemap><loc>https://a.example/1.xml</loc></sitemap></sitemapindex>";

    #[test]
    fn lists_of_lists_and_lists_of_pages_are_told_apart() {
        let opml = b"<opml><body><outline xmlUrl='https://a.example/rss'/></body></opml>";
        let page = b"<!doctype html><link rel=alternate type=application/rss+xml href=/rss>";
        for (bytes, chosen) in [(&opml[..], true), (INDEX, false), (page, false)] {
            let listed = read(bytes, Some("https://a.example/"), None).unwrap();
            assert_eq!((listed.lists.len(), listed.pages.len(), listed.chosen), (1, 0, chosen));
        }
        let rss = b"<rss><channel><title>A</title><item><link>/1</link></item></channel></rss>";
        let listed = read(rss, Some("https://a.example/rss"), None).unwrap();
        assert_eq!((listed.lists.len(), listed.pages.len(), listed.title.as_deref()), (0, 1, Some("A")));
        let error = read(b"<!doctype html><p>Nothing.", None, None).unwrap_err();
        assert!(error.contains("that links to no feed"), "{error}");
    }

    #[test]
    fn packed_sitemaps_are_unpacked_and_broken_ones_refused() {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(INDEX).unwrap();
        let packed = encoder.finish().unwrap();
        assert_eq!(read(&packed, None, None).unwrap().lists.len(), 1);
        assert!(read(&packed[..packed.len() - 9], None, None).is_err());
    }
}
