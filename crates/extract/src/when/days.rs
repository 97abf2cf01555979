//! The days that a page tells of, each with numbers for the trees that choose the one of its publication.

use jiff::civil::Date;

use super::Sources;
use super::mentions::{Mention, Source};

/// What each number is, in their order.
pub(crate) const NAMES: [&str; 47] = [
    "ld_published",
    "meta_published",
    "item_published",
    "meta_date",
    "ld_modified",
    "meta_modified",
    "item_modified",
    "time",
    "printed",
    "tip",
    "url",
    "picture",
    "script",
    "after_title",
    "before_title",
    "time_after_title",
    "before_body",
    "in_body",
    "after_body",
    "called",
    "published_word",
    "updated_word",
    "copyright",
    "n_comments",
    "n_links",
    "n_furniture",
    "n_clean",
    "shortest",
    "rank_in_page",
    "share_of_newer",
    "newest",
    "oldest",
    "n_days",
    "days_after_stated",
    "days_before_newest",
    "days_after_url",
    "clock",
    "page_ld",
    "page_meta",
    "page_item",
    "page_time",
    "next_to_stated",
    "has_title",
    "place_in_page",
    "url_year",
    "n_sources",
    "swapped",
];

/// One day with its mentions and its numbers.
pub(crate) struct Day {
    pub(crate) date: Date,
    pub(crate) mentions: Vec<Mention>,
    pub(crate) features: Vec<f32>,
}

/// More blocks than that are as far as can be.
const FAR: f32 = 60.0;

/// The days of a page, in the order in which it tells them.
pub(crate) fn days(sources: &Sources, mentions: &[Mention]) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for mention in mentions {
        match days.iter().position(|day| day.date == mention.said.date) {
            Some(at) => days[at].mentions.push(*mention),
            None if days.len() < MOST => {
                days.push(Day { date: mention.said.date, mentions: vec![*mention], features: Vec::new() });
            }
            None => {}
        }
    }
    let page = Page::new(sources, mentions, &days);
    for day in &mut days {
        day.features = page.features(sources, day);
    }
    days.retain(|day| !(sources.stated.is_news && page.is_later(day)));
    days
}

/// At most so many days are told apart.
const MOST: usize = 80;

/// What is known of all dates together.
struct Page {
    dates: Vec<Date>,
    /// The days in the order in which the page prints them.
    printed: Vec<Date>,
    stated: Option<Date>,
    url: Option<Date>,
    has: [bool; 4],
}

impl Page {
    fn new(sources: &Sources, mentions: &[Mention], days: &[Day]) -> Self {
        let mut dates: Vec<Date> = days.iter().map(|day| day.date).collect();
        dates.sort();
        let mut shown: Vec<(usize, Date)> =
            mentions.iter().filter(|m| !m.comment).filter_map(|m| Some((m.block?, m.said.date))).collect();
        shown.sort();
        let mut printed: Vec<Date> = Vec::new();
        let after = |at: usize| sources.title.is_none_or(|title| at + 4 > title);
        for (_, date) in shown.into_iter().filter(|shown| after(shown.0)) {
            if !printed.contains(&date) {
                printed.push(date);
            }
        }
        let first = |wanted: Source| mentions.iter().find(|m| m.source == wanted).map(|m| m.said.date);
        let stated = [Source::LdPublished, Source::MetaPublished, Source::ItemPublished].into_iter().find_map(first);
        let has = [Source::LdPublished, Source::MetaPublished, Source::ItemPublished, Source::Time]
            .map(|wanted| first(wanted).is_some());
        Page { dates, printed, stated, url: first(Source::Url), has }
    }

    /// Whether a day is told as that of a change, after the stated day of publication.
    ///
    /// Guides print only when they were last gone over; news have one day of publication.
    fn is_later(&self, day: &Day) -> bool {
        let changed = [Source::LdModified, Source::MetaModified, Source::ItemModified];
        let changed = day.mentions.iter().any(|m| changed.contains(&m.source) || m.updated && !m.comment && !m.link);
        changed && self.stated.is_some_and(|stated| day.date > stated)
    }

    fn features(&self, sources: &Sources, day: &Day) -> Vec<f32> {
        let mut out = Vec::with_capacity(NAMES.len());
        let count = |wanted: &dyn Fn(&Mention) -> bool| day.mentions.iter().filter(|m| wanted(m)).count() as f32;
        const TOLD: [Source; 13] = [
            Source::LdPublished,
            Source::MetaPublished,
            Source::ItemPublished,
            Source::MetaDate,
            Source::LdModified,
            Source::MetaModified,
            Source::ItemModified,
            Source::Time,
            Source::Printed,
            Source::Tip,
            Source::Url,
            Source::Picture,
            Source::Script,
        ];
        let by_source = TOLD.map(|source| count(&|m| m.source == source));
        out.extend(by_source);
        self.push_places(&mut out, sources, day);
        let any = |wanted: &dyn Fn(&Mention) -> bool| {
            f32::from(u8::from(day.mentions.iter().any(|m| wanted(m) && !m.comment && !m.link)))
        };
        out.extend([any(&|m| m.called), any(&|m| m.published), any(&|m| m.updated), any(&|m| m.copyright)]);
        out.push(count(&|m| m.comment));
        out.push(count(&|m| m.link && !m.comment));
        out.push(count(&|m| m.furniture && !m.comment));
        out.push(count(&|m| m.block.is_some() && !m.furniture && !m.comment && !m.link));
        let lengths = day.mentions.iter().filter(|m| m.block.is_some() && !m.comment).map(|m| m.n_bytes);
        out.push(lengths.min().unwrap_or(300) as f32);
        self.push_order(&mut out, day);
        out.push(f32::from(u8::from(day.mentions.iter().any(|m| m.said.time.is_some() && !m.comment))));
        out.extend(self.has.map(|has| f32::from(u8::from(has))));
        let next = self.stated.is_some_and(|stated| days_between(stated, day.date).abs() == 1);
        out.push(f32::from(u8::from(next)));
        out.push(f32::from(u8::from(sources.title.is_some())));
        let n_blocks = sources.layout.blocks.len().max(1) as f32;
        out.push(day.mentions.iter().filter_map(|m| m.block).min().map_or(-1.0, |at| at as f32 / n_blocks));
        let year = sources.url.is_some_and(|url| url.contains(&format!("/{}", day.date.year())));
        out.push(f32::from(u8::from(year)));
        out.push(by_source.iter().filter(|&&n| n > 0.0).count() as f32);
        out.push(f32::from(u8::from(day.mentions.iter().all(|m| m.swapped))));
        out
    }

    /// How many blocks a day stands from the headline and from the text.
    fn push_places(&self, out: &mut Vec<f32>, sources: &Sources, day: &Day) {
        let own = || day.mentions.iter().filter(|m| !m.comment && !m.link);
        let least = |each: &mut dyn Iterator<Item = usize>| each.min().map_or(FAR, |n| (n as f32).min(FAR));
        let after =
            |m: &Mention| sources.title.zip(m.block).filter(|(title, at)| at >= title).map(|(title, at)| at - title);
        let before =
            |m: &Mention| sources.title.zip(m.block).filter(|(title, at)| at < title).map(|(title, at)| title - at);
        out.push(least(&mut own().filter_map(after)));
        out.push(least(&mut own().filter_map(before)));
        out.push(least(&mut own().filter(|m| m.source == Source::Time).filter_map(after)));
        let Some((first, last)) = sources.body else {
            out.extend([FAR, 0.0, FAR]);
            return;
        };
        out.push(least(&mut own().filter_map(|m| first.checked_sub(m.block?))));
        out.push(own().filter(|m| m.block.is_some_and(|at| first < at && at < last)).count() as f32);
        out.push(least(&mut own().filter_map(|m| m.block?.checked_sub(last))));
    }

    /// How a day stands among the others.
    fn push_order(&self, out: &mut Vec<f32>, day: &Day) {
        let rank = self.printed.iter().position(|&date| date == day.date);
        out.push(rank.map_or(FAR, |rank| rank as f32));
        let newer = self.dates.iter().filter(|&&date| date > day.date).count();
        out.push(newer as f32 / self.dates.len() as f32);
        out.push(f32::from(u8::from(newer == 0)));
        out.push(f32::from(u8::from(self.dates.first() == Some(&day.date))));
        out.push(self.dates.len() as f32);
        let since = |other: Option<Date>| other.map_or(-20.0, |other| folded(days_between(other, day.date)));
        out.push(since(self.stated));
        out.push(since(self.dates.last().copied()));
        out.push(since(self.url));
    }
}

fn days_between(from: Date, to: Date) -> i32 {
    to.duration_since(from).as_hours() as i32 / 24
}

/// The logarithm of a number of days, with its sign.
fn folded(days: i32) -> f32 {
    (days.abs() as f32).ln_1p() * days.signum() as f32
}
