//! Every date that a page tells, with what is known of the place where it stands.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use jiff::tz::Offset;
use rapporteur_record::Moment;
use web_atoms::local_name;

use super::Sources;
use crate::blocks::Block;
use crate::dates::{self, Dated};
use crate::tables::{Hints, rows};
use crate::tree::{Data, Id, NONE};

/// What tells a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    LdPublished,
    MetaPublished,
    ItemPublished,
    /// A meta tag that says no more than "date".
    MetaDate,
    LdModified,
    MetaModified,
    ItemModified,
    /// A `time` element.
    Time,
    /// A line of the page.
    Printed,
    /// What shows when one points at an element.
    Tip,
    Url,
    /// The address of the page's picture.
    Picture,
    /// Any field of JSON-LD that is called so, of whatever object.
    Script,
}

/// One date in one place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mention {
    pub(crate) said: Dated,
    pub(crate) source: Source,
    /// The block in which it stands, and how long that is in bytes.
    pub(crate) block: Option<usize>,
    pub(crate) n_bytes: usize,
    pub(crate) comment: bool,
    pub(crate) furniture: bool,
    pub(crate) link: bool,
    /// Whether its element is called "date".
    pub(crate) called: bool,
    pub(crate) published: bool,
    pub(crate) updated: bool,
    pub(crate) copyright: bool,
    /// Whether day and month are taken the less likely way round.
    pub(crate) swapped: bool,
}

impl Mention {
    fn new(said: Dated, source: Source) -> Self {
        Mention {
            said,
            source,
            block: None,
            n_bytes: 0,
            comment: false,
            furniture: false,
            link: false,
            called: false,
            published: false,
            updated: false,
            copyright: false,
            swapped: false,
        }
    }
}

/// The meta tags that tell when a page was published: names and how far they are believed.
static METAS: LazyLock<Vec<(&str, Source)>> = LazyLock::new(|| {
    let source = |what: &str| match what {
        "published" => Source::MetaPublished,
        "date" => Source::MetaDate,
        _ => Source::MetaModified,
    };
    rows(include_str!("../../tables/date_metas.tsv")).map(|[name, what]| (name, source(what))).collect()
});

/// Words that say what a date is of.
static WORDS: LazyLock<(AhoCorasick, Vec<bool>)> = LazyLock::new(|| {
    let words: Vec<[&str; 2]> = rows(include_str!("../../tables/dating.tsv")).collect();
    let matcher = AhoCorasick::new(words.iter().map(|row| row[0])).expect("a few dozen short words");
    (matcher, words.iter().map(|row| row[1] == "updated").collect())
});

/// A line with a date is at most so long, in bytes; more outside of the text: "This entry was posted on … You can …".
const LONGEST: usize = 240;
const LONGEST_OUTSIDE: usize = 600;

/// At most so many mentions of a kind are looked at.
const MOST: usize = 400;

/// All dates of a page, what it states first.
pub(crate) fn mentions(sources: &Sources) -> Vec<Mention> {
    let mut mentions = stated(sources);
    mentions.extend(elements(sources));
    mentions.extend(printed(sources));
    mentions.extend(addresses(sources));
    mentions.extend(scripts(sources));
    zoned(&mut mentions);
    let swapped: Vec<Mention> = mentions.iter().filter_map(other_way_round).collect();
    mentions.extend(swapped);
    mentions
}

/// A mention of 3/4/2022 read the other way.
fn other_way_round(mention: &Mention) -> Option<Mention> {
    let said = Dated { date: mention.said.swapped?, swapped: None, ..mention.said };
    Some(Mention { said, swapped: true, ..*mention })
}

fn read(sources: &Sources, text: &str) -> Option<Dated> {
    dates::all(text, sources.month_first).next().or_else(|| epoch(text).map(Dated::from))
}

/// Seconds or milliseconds since 1970.
pub(super) fn epoch(text: &str) -> Option<Moment> {
    let number: i64 = text.trim().parse().ok()?;
    let seconds = match text.trim().len() {
        10 => number,
        13 => number / 1000,
        _ => return None,
    };
    Some(Moment::Instant(jiff::Timestamp::from_second(seconds).ok()?, Offset::UTC))
}

fn stated(sources: &Sources) -> Vec<Mention> {
    let (head, stated) = (sources.head, sources.stated);
    let ld = [(&stated.published, Source::LdPublished), (&stated.modified, Source::LdModified)];
    let ld = ld.into_iter().filter_map(|(text, source)| Some((text.as_deref()?, source)));
    let metas = METAS.iter().filter_map(|&(name, source)| Some((head.meta(&[name])?, source)));
    let item = |name, source| head.items(name).take(3).map(move |item| (item.0, source));
    let items = item("datepublished", Source::ItemPublished)
        .chain(item("datecreated", Source::ItemPublished))
        .chain(item("datemodified", Source::ItemModified));
    let all = ld.chain(metas).chain(items);
    all.filter_map(|(text, source)| Some(Mention::new(read(sources, text)?, source))).collect()
}

/// The dates of `time` elements, and those that show when one points at something.
fn elements(sources: &Sources) -> Vec<Mention> {
    let mut first_block = vec![usize::MAX; sources.tree.len()];
    for (at, block) in sources.layout.blocks.iter().enumerate().rev() {
        first_block[block.node as usize] = at;
    }
    let times = sources.head.times.iter().map(|(text, id)| (text, *id, Source::Time));
    let tips = sources.head.tips.iter().map(|(text, id)| (text, *id, Source::Tip));
    let found = times.take(MOST).chain(tips.take(MOST));
    found
        .filter_map(|(text, id, source)| {
            let mention = Mention::new(read(sources, text)?, source);
            let block = block_around(sources, &first_block, id);
            let mut mention = placed(sources, mention, id, block);
            // Blogs mark up the day of the last change as `<time class="updated">`.
            let class = sources.tree.attr(id, "class").unwrap_or_default();
            mention.updated |= class.contains("updated") || class.contains("modified");
            Some(mention)
        })
        .collect()
}

/// The block in which an inline element stands.
fn block_around(sources: &Sources, first_block: &[usize], id: Id) -> Option<usize> {
    let (mut at, mut steps) = (id, 0);
    while at != NONE && steps < 5 {
        if first_block[at as usize] != usize::MAX {
            return Some(first_block[at as usize]);
        }
        (at, steps) = (sources.tree.node(at).parent, steps + 1);
    }
    None
}

fn printed(sources: &Sources) -> Vec<Mention> {
    let mut found = Vec::new();
    for (at, block) in sources.layout.blocks.iter().enumerate() {
        if found.len() > MOST {
            break;
        }
        let outside = sources.body.is_none_or(|(first, last)| at < first || at > last);
        if !may_tell(block, if outside { LONGEST_OUTSIDE } else { LONGEST }) {
            continue;
        }
        for said in dates::all(&block.text, sources.month_first) {
            found.push(placed(sources, Mention::new(said, Source::Printed), block.node, Some(at)));
        }
    }
    found
}

fn may_tell(block: &Block, longest: usize) -> bool {
    block.text.len() < longest && has_digit(&block.text)
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit()) || !text.is_ascii() && text.chars().any(char::is_numeric)
}

/// A mention with what is known of its element and block.
fn placed(sources: &Sources, mut mention: Mention, node: Id, block: Option<usize>) -> Mention {
    let (tree, layout) = (sources.tree, sources.layout);
    let (mut at, mut steps) = (node, 0);
    while at != NONE {
        let hints = layout.hints[at as usize];
        mention.comment |= hints.has(Hints::COMMENTS);
        mention.called |= steps < 3 && hints.has(Hints::DATE);
        mention.link |= tree.is(at, &local_name!("a"));
        (at, steps) = (tree.node(at).parent, steps + 1);
    }
    mention.furniture = layout.dropped[node as usize];
    mention.block = block;
    if let Some(block) = block.map(|at| &layout.blocks[at]) {
        mention.n_bytes = block.text.len();
        mention.link |= block.link_density() > 0.5;
    }
    let before = block.and_then(|at| at.checked_sub(1)).map(|at| &layout.blocks[at]);
    let label = before.filter(|before| before.text.len() < 24);
    for block in
        block.map(|at| &layout.blocks[at]).into_iter().chain(label).filter(|block| block.text.len() < LONGEST_OUTSIDE)
    {
        read_words(&mut mention, &block.text);
    }
    mention
}

fn read_words(mention: &mut Mention, text: &str) {
    let (matcher, updated) = &*WORDS;
    for found in matcher.find_iter(&text.to_lowercase()) {
        let says = if updated[found.pattern()] { &mut mention.updated } else { &mut mention.published };
        *says = true;
    }
    mention.copyright |= text.contains(['©', '®']);
}

fn addresses(sources: &Sources) -> Vec<Mention> {
    let own = sources.url.and_then(dates::in_url).map(|day| Mention::new(day.into(), Source::Url));
    let picture = sources.head.meta(&["og:image", "og:image:url", "twitter:image"]);
    let picture = picture.and_then(dates::in_url).map(|day| Mention::new(day.into(), Source::Picture));
    own.into_iter().chain(picture).collect()
}

/// So many bytes after a variable's name are looked at.
const AFTER_NAME: usize = 48;

/// Dates of publication in any object of JSON-LD: of the page, of its film, of teasers; broken JSON is read, too.
fn scripts(sources: &Sources) -> Vec<Mention> {
    let finder = memchr::memmem::Finder::new("ublish");
    let mut found = Vec::new();
    for id in (0..sources.tree.len() as Id).filter(|&id| sources.tree.is(id, &local_name!("script"))) {
        let first = sources.tree.node(id).first;
        let text = match first {
            NONE => continue,
            first => &sources.tree.node(first).data,
        };
        let Data::Text(text) = text else { continue };
        let text = sources.tree.str(text);
        for at in finder.find_iter(text.as_bytes()).take(MOST) {
            let rest = crate::text::head(&text[at..], AFTER_NAME);
            // "datePublished":"2019-03-02T06:22:28", and not a word of the text.
            let told = rest.find([':', '=', '\'', '"']).and_then(|colon| rest.get(colon..));
            let said = told.filter(|told| told.contains("20")).and_then(|told| dates::all(told, false).next());
            found.extend(said.map(|said| Mention::new(said, Source::Script)));
            if found.len() >= MOST {
                return found;
            }
        }
    }
    found
}

/// Gives instants told in UTC the zone in which the page tells the same instant elsewhere.
///
/// "2023-11-09T01:49:09Z" and a printed "November 8, 2023 5:49 pm" are one moment in a zone eight hours behind.
fn zoned(mentions: &mut [Mention]) {
    let utc = |said: Dated| said.offset == Some(Offset::UTC) && said.time.is_some();
    let other = |other: &&Mention| other.said.time.is_some() && !utc(other.said) && !other.comment && !other.link;
    let others: Vec<Mention> = mentions.iter().filter(other).take(MOST_CLOCKS).copied().collect();
    for mention in mentions.iter_mut().filter(|mention| utc(mention.said)) {
        // Full hours are told of much else in a text.
        let full = mention.said.time.is_some_and(|time| time.minute() == 0 && time.second() == 0);
        let others = others.iter().filter(|other| !full || other.source != Source::Printed);
        let same = others.filter_map(|other| local(mention.said, other.said)).next();
        mention.said = same.unwrap_or(mention.said);
    }
}

/// At most so many clocks are held beside an instant.
const MOST_CLOCKS: usize = 60;

/// A UTC instant as the clock of `other` tells it, if it is the same instant.
fn local(utc: Dated, other: Dated) -> Option<Dated> {
    let (here, there) = (utc.date.to_datetime(utc.time?), other.date.to_datetime(other.time?));
    let seconds = there.duration_since(here).as_secs() as i32;
    // A clock without seconds may be as far off as they are.
    let hidden = if other.time?.second() == 0 { i32::from(utc.time?.second()) } else { 0 };
    let offset = seconds + hidden;
    let told = other.offset.is_none_or(|told| told.seconds() == offset);
    let plausible = offset != 0 && offset % 1800 == 0 && (-12 * 3600..=14 * 3600).contains(&offset);
    let offset = Offset::from_seconds(offset).ok().filter(|_| told && plausible)?;
    let at = offset.to_datetime(Offset::UTC.to_timestamp(here).ok()?);
    Some(Dated { date: at.date(), swapped: None, time: Some(at.time()), offset: Some(offset) })
}
