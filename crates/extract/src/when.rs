//! When a page was published, and when it was last changed.
//!
//! What the page states comes first: JSON-LD, meta tags, microdata. Then what it prints near its headline, then any
//! `time`, then its URL. A stated day takes its time from a later statement of the same day.

use rapporteur_record::Moment;

use crate::blocks::Layout;
use crate::dates;
use crate::head::Head;
use crate::jsonld::Stated;
use crate::tables::{Hints, litter};
use crate::tree::{Id, NONE, Tree};

const PUBLISHED: &[&str] = &[
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "date_published",
    "article.published",
    "published_time",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "publicationdate",
    "sailthru.date",
    "parsely-pub-date",
    "cxenseparse:recs:publishtime",
    "dc.date.issued",
    "dc.date",
    "dcterms.date",
    "dcterms.created",
    "dc.date.created",
    "dcterms.issued",
    "citation_publication_date",
    "citation_date",
    "date",
    "article_date_original",
    "originalpublicationdate",
    "created",
    "dc.created",
    "rnews:datepublished",
    "bt:pubdate",
    "ptime",
    "last-modified-date",
    "shareaholic:article_published_time",
    "article:post_date",
    "timestamp",
    "pdate",
    "og:pubdate",
    "og:regdate",
    "displaydate",
    "release_date",
];

const MODIFIED: &[&str] = &[
    "article:modified_time",
    "og:article:modified_time",
    "og:updated_time",
    "datemodified",
    "dc.date.modified",
    "dcterms.modified",
    "last-modified",
    "lastmod",
    "modified",
    "revision_date",
    "article:updated_time",
    "last_updated_date",
    "moddate",
    "lastmodified",
];

/// What the dates are taken from.
pub(crate) struct Sources<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) layout: &'a Layout,
    pub(crate) head: &'a Head,
    pub(crate) stated: &'a Stated,
    pub(crate) title: Option<usize>,
    pub(crate) url: Option<&'a str>,
    pub(crate) month_first: bool,
}

impl Sources<'_> {
    fn find(&self, text: &str) -> Option<Moment> {
        dates::find(text, self.month_first)
    }

    /// When the page was published.
    pub(crate) fn published(&self) -> Option<Moment> {
        let stated = self.stated_dates();
        let first = stated.first().copied();
        let finer = |day: Moment| {
            stated.iter().copied().find(|other| matches!(other, Moment::Instant(..)) && other.day() == day.day())
        };
        first
            .map(|first| if matches!(first, Moment::Day(_)) { finer(first).unwrap_or(first) } else { first })
            .or_else(|| self.printed())
            .or_else(|| self.any_time())
            .or_else(|| self.url.and_then(dates::in_url))
            .or_else(|| self.anywhere())
            .or_else(|| self.modified())
    }

    fn stated_dates(&self) -> Vec<Moment> {
        let metas = PUBLISHED.iter().filter_map(|name| self.head.meta(&[name]));
        let items = self.head.items("datepublished").chain(self.head.items("datecreated")).map(|item| item.0);
        let all = self.stated.published.as_deref().into_iter().chain(metas).chain(items.take(2));
        all.filter_map(|text| self.find(text).or_else(|| epoch(text))).collect()
    }

    /// When it was last changed.
    pub(crate) fn modified(&self) -> Option<Moment> {
        let metas = MODIFIED.iter().filter_map(|name| self.head.meta(&[name]));
        let items = self.head.items("datemodified").map(|item| item.0);
        let all = self.stated.modified.as_deref().into_iter().chain(metas).chain(items);
        all.filter_map(|text| self.find(text).or_else(|| epoch(text))).next()
    }

    /// A date in a short line near the headline.
    fn printed(&self) -> Option<Moment> {
        let title = self.title?;
        let after = self.layout.blocks.iter().skip(title + 1).take(14);
        let before = self.layout.blocks[title.saturating_sub(6)..title].iter().rev();
        let mut near = after.chain(before).filter(|block| block.text.len() < 240 && block.level == 0);
        near.find_map(|block| self.time_in(block.node).or_else(|| self.find(&block.text)))
    }

    /// A `time` within a small element.
    fn time_in(&self, node: Id) -> Option<Moment> {
        let time = self.head.times.iter().find(|time| self.tree.node(time.1).parent == node || time.1 == node)?;
        self.find(&time.0)
    }

    fn any_time(&self) -> Option<Moment> {
        let own = self.head.times.iter().filter(|time| !self.in_furniture(time.1));
        own.filter_map(|time| self.find(&time.0)).next()
    }

    fn in_furniture(&self, id: Id) -> bool {
        let mut at = id;
        while at != NONE {
            let hints = self.layout.hints[at as usize];
            if hints.has(Hints::COMMENTS)
                || self.layout.dropped[at as usize]
                    && !hints.has(Hints::DATE)
                    && !hints.has(Hints::BYLINE)
                    && self.layout.mass[at as usize] > 0.0
            {
                return true;
            }
            at = self.tree.node(at).parent;
        }
        false
    }

    /// A date in an element called so, then in any short line.
    fn anywhere(&self) -> Option<Moment> {
        let short =
            || self.layout.blocks.iter().filter(|block| block.text.len() < 120 && litter(&block.text).is_none());
        let marked = short().filter(|block| self.layout.hints[block.node as usize].has(Hints::DATE));
        marked.chain(short()).find_map(|block| self.find(&block.text))
    }
}

/// Seconds or milliseconds since 1970.
fn epoch(text: &str) -> Option<Moment> {
    let number: i64 = text.trim().parse().ok()?;
    let seconds = match text.trim().len() {
        10 => number,
        13 => number / 1000,
        _ => return None,
    };
    Some(Moment::Instant(jiff::Timestamp::from_second(seconds).ok()?, jiff::tz::Offset::UTC))
}
