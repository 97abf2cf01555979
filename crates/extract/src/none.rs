//! Pages that hold no article: walls, errors, lists of other pages, and pages without a text.
//!
//! A page is refused only where it is clear. Words alone never do it: there is news of cookies, and of pages that were
//! not found. A wall is short, and is titled like one, or most of what it says is what walls say. A list of pages has
//! headings that lead elsewhere, little text under each, and nothing that calls it an article.

use std::fmt;
use std::sync::LazyLock;

use rapporteur_record::BlockKind;

use crate::blocks::{Block, Layout};
use crate::body::{Body, Verdict};
use crate::head::Head;
use crate::jsonld::Stated;
use crate::tables::rows;
use crate::text::{self, folded, n_words};
use crate::title;
use crate::tree::Tree;

/// What a page is that holds no article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum NoArticle {
    /// There is no text.
    Empty,
    /// There is a title, and no text.
    TitleOnly,
    /// Other pages are shown in its frames.
    Frames,
    /// It says that something was not found, not allowed, or went wrong.
    ErrorPage,
    /// It asks for proof that a person reads it.
    RobotCheck,
    /// It asks to log in.
    LoginWall,
    /// It asks to subscribe.
    SubscriptionWall,
    /// It asks for consent to cookies.
    CookieWall,
    /// It lists what a search found.
    SearchResults,
    /// It lists articles, as the front page of a site or a section does.
    FrontPage,
}

impl fmt::Display for NoArticle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NoArticle::Empty => "the page has no text",
            NoArticle::TitleOnly => "the page has a title and no text",
            NoArticle::Frames => "the page has only frames",
            NoArticle::ErrorPage => "an error page",
            NoArticle::RobotCheck => "a check for robots",
            NoArticle::LoginWall => "a wall that asks to log in",
            NoArticle::SubscriptionWall => "a wall that asks to subscribe",
            NoArticle::CookieWall => "a wall that asks for consent to cookies",
            NoArticle::SearchResults => "a list of search results",
            NoArticle::FrontPage => "a list of articles",
        })
    }
}

/// Where a phrase of the table stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Where {
    Title,
    Starts,
    Says,
}

struct Phrase {
    text: &'static str,
    place: Where,
    of: NoArticle,
}

static PHRASES: LazyLock<Vec<Phrase>> = LazyLock::new(|| {
    let tables = [include_str!("../lang/en/none.tsv"), include_str!("../lang/de/none.tsv")];
    let phrase = |[text, place, of]: [&'static str; 3]| Phrase {
        text,
        place: match place {
            "title" => Where::Title,
            "starts" => Where::Starts,
            _ => Where::Says,
        },
        of: match of {
            "error" => NoArticle::ErrorPage,
            "robot" => NoArticle::RobotCheck,
            "login" => NoArticle::LoginWall,
            "subscribe" => NoArticle::SubscriptionWall,
            "cookies" => NoArticle::CookieWall,
            _ => NoArticle::SearchResults,
        },
    };
    tables.into_iter().flat_map(rows).map(phrase).collect()
});

/// What walls are, the surest first.
const WALLS: [NoArticle; 5] = [
    NoArticle::RobotCheck,
    NoArticle::ErrorPage,
    NoArticle::CookieWall,
    NoArticle::SubscriptionWall,
    NoArticle::LoginWall,
];

/// A page with more words than this is no wall, whatever it is titled.
const MOST_TITLED: usize = 200;
/// With so few words, the title alone says that it is one.
const FEW: usize = 25;
/// A page whose words alone tell has no more words than this, this part of them in blocks that say what walls say, and
/// so many different phrases.
const MOST_SAID: usize = 400;
const LEAST_SHARE: f32 = 0.6;
const LEAST_PHRASES: usize = 3;
/// Longer blocks are not looked through, in bytes.
const LONGEST_SAID: usize = 1200;

/// What is known of a page when it is asked whether it holds an article.
pub(crate) struct Asked<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) layout: &'a Layout,
    pub(crate) head: &'a Head,
    pub(crate) stated: &'a Stated,
    pub(crate) url: Option<&'a str>,
    pub(crate) title: Option<&'a str>,
    pub(crate) standfirst: Option<&'a str>,
    pub(crate) body: &'a Body,
}

/// Why the page holds no article, if it does not.
pub(crate) fn reason(asked: &Asked) -> Option<NoArticle> {
    let has_text = asked.standfirst.is_some() || !asked.body.blocks.is_empty();
    let titles = titles(asked);
    if let Some(wall) = wall(asked, &titles) {
        return Some(wall);
    }
    if has_text {
        return list(asked, &titles);
    }
    // A headline without a text tells something, if it is one.
    let is_text = |block: &&Block| !asked.layout.is_dropped(block);
    let mass: f32 = asked.layout.blocks.iter().filter(is_text).map(|block| block.mass).sum();
    let is_headline = |title: &str| n_words(title) >= LEAST_TITLE || calls_itself_article(asked) || mass >= LITTLE_TEXT;
    let has_frames = asked.tree.below(0).any(|id| matches!(&*asked.tree.name(id), "frameset" | "frame"));
    match asked.title {
        _ if has_frames => Some(NoArticle::Frames),
        None => Some(NoArticle::Empty),
        Some(title) => (!is_headline(title)).then_some(NoArticle::TitleOnly),
    }
}

/// A title with fewer words is the site's name, or "Home".
const LEAST_TITLE: usize = 3;

/// So many bytes of running text may be an article that was not found.
const LITTLE_TEXT: f32 = 200.0;

/// The titles of a page and their parts, and its first headings, in lower case.
fn titles(asked: &Asked) -> Vec<String> {
    let whole = asked.title.into_iter().chain(asked.head.title.as_deref());
    let parts = asked.head.title.iter().flat_map(|title| title::parts(title));
    let headings = asked.layout.blocks.iter().filter(|block| (1..=2).contains(&block.level)).take(2);
    let all = whole.chain(parts).chain(headings.map(|block| block.text.as_str()));
    all.map(|title| plain(&text::head(&folded(title), 200).to_lowercase()).to_owned()).collect()
}

fn plain(title: &str) -> &str {
    title.trim_matches(|c: char| c.is_whitespace() || "?!.:…–—-|\"“”".contains(c))
}

fn wall(asked: &Asked, titles: &[String]) -> Option<NoArticle> {
    let standfirst = asked.standfirst.map_or(0, n_words);
    let total = standfirst + said(asked).map(|block| n_words(&block.text)).sum::<usize>();
    if total > MOST_TITLED.max(MOST_SAID) {
        return None;
    }
    let lower = |block: &Block| text::head(&block.text, LONGEST_SAID).to_lowercase();
    let said: Vec<(usize, String)> = said(asked).map(|block| (n_words(&block.text), lower(block))).collect();
    WALLS.into_iter().find(|&wall| {
        let phrases = |place: Where| PHRASES.iter().filter(move |phrase| phrase.of == wall && phrase.place == place);
        let titled = titles.iter().any(|title| {
            phrases(Where::Title).any(|phrase| title == phrase.text)
                || phrases(Where::Starts).any(|phrase| title.starts_with(phrase.text))
        });
        let found = |text: &str| phrases(Where::Says).filter(|phrase| text.contains(phrase.text)).count();
        let found: Vec<(usize, usize)> = said.iter().map(|(words, text)| (*words, found(text))).collect();
        let n_phrases: usize = found.iter().map(|block| block.1).sum();
        let share =
            found.iter().filter(|block| block.1 > 0).map(|block| block.0).sum::<usize>() as f32 / (total.max(1)) as f32;
        titled && (total <= FEW || total <= MOST_TITLED && n_phrases > 0)
            || total <= MOST_SAID && n_phrases >= LEAST_PHRASES && share >= LEAST_SHARE
    })
}

/// The blocks of the page's text. What was taken for litter counts: it is what walls consist of.
fn said<'a>(asked: &'a Asked) -> impl Iterator<Item = &'a Block> + 'a {
    let blocks = asked.layout.blocks.iter().zip(&asked.body.fates);
    let is_said = |(block, fate): &(&Block, &crate::body::Fate)| {
        let litter = matches!(fate.verdict, Verdict::Litter | Verdict::Section | Verdict::Rest);
        (fate.is_kept() || litter) && block.kind != BlockKind::Caption
    };
    blocks.filter(is_said).map(|(block, _)| block)
}

/// A list has so many headings that lead elsewhere, and these are such a part of all.
const LEAST_LINKS: usize = 5;
const LINKS_OF_HEADINGS: f32 = 0.7;
/// A heading is a link where so much of it is.
const LINKED: f32 = 0.7;
/// So many words under each heading, on average, are a teaser's.
const TEASER: usize = 35;

/// Whether a page is a list of others.
fn list(asked: &Asked, titles: &[String]) -> Option<NoArticle> {
    let named = PHRASES.iter().filter(|phrase| phrase.of == NoArticle::SearchResults).any(|phrase| {
        titles.iter().any(|title| match phrase.place {
            Where::Starts => title.starts_with(phrase.text),
            _ => title == phrase.text,
        })
    });
    let kept = asked.layout.blocks.iter().zip(&asked.body.fates).filter(|(_, fate)| fate.is_kept());
    let (mut n_headings, mut n_links, mut words) = (0, 0, 0);
    for (block, _) in kept {
        n_headings += usize::from(block.level > 0);
        n_links += usize::from(block.level > 0 && block.link_density() > LINKED);
        words += if block.level > 0 { 0 } else { n_words(&block.text) };
    }
    let is_list = n_links as f32 >= LINKS_OF_HEADINGS * n_headings as f32 && words <= TEASER * n_links;
    if named && n_links > 0 && is_list {
        return Some(NoArticle::SearchResults);
    }
    (n_links >= LEAST_LINKS && is_list && calls_itself_front(asked)).then_some(NoArticle::FrontPage)
}

fn calls_itself_article(asked: &Asked) -> bool {
    asked.stated.is_article || asked.head.meta(&["og:type"]).is_some_and(|kind| kind.contains("article"))
}

/// Whether a page says that it is a site or a part of one, and not that it is an article.
fn calls_itself_front(asked: &Asked) -> bool {
    let kind = asked.head.meta(&["og:type"]).unwrap_or_default();
    let path = asked.url.and_then(|url| url.split_once("://")).and_then(|(_, rest)| rest.split_once('/'));
    let is_root = path.is_some_and(|(_, path)| path.is_empty());
    !calls_itself_article(asked) && (kind.eq_ignore_ascii_case("website") || is_root)
}
