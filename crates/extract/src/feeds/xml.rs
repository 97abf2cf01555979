//! Lists in XML: one walk over tags and texts, without a tree.
//!
//! Each open element has a part ([`Part`]) that says what its children mean; an element with text that is wanted is
//! captured until it ends. Elements deeper than [`MAX_DEPTH`] are counted and not looked at.

use std::rc::Rc;

use quick_xml::Reader;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesRef, BytesStart, Event};
use rapporteur_record::Moment;

use super::{Entry, Error, Feed, Kind, MAX_ENTRIES, MAX_SUMMARY, entities, text};
use crate::link;

/// Elements below so many open ones are passed over.
const MAX_DEPTH: usize = 256;

/// An end tag that doesn't fit closes one of so many elements.
const MAX_UNCLOSED: usize = 32;

/// At most so many bytes of an element are captured.
const MAX_TEXT: usize = 256 << 10;

/// At most so many prefixes are known.
const MAX_PREFIXES: usize = 64;

/// At most so many authors of an entry are kept.
const MAX_AUTHORS: usize = 20;

/// Reads a list in XML.
pub(super) fn read(text: &str, url: Option<&str>) -> Result<Feed, Error> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut walk = Walk::new(url);
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => walk.open(&tag)?,
            Ok(Event::Empty(tag)) => {
                walk.open(&tag)?;
                walk.close(tag.name().as_ref());
            }
            Ok(Event::End(tag)) => walk.close(tag.name().as_ref()),
            Ok(Event::Text(text)) => walk.text(&text),
            Ok(Event::CData(text)) => walk.text(&text),
            Ok(Event::GeneralRef(entity)) => walk.entity(&entity),
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => {
                walk.broken = Some(format!("broken at byte {}: {error}", reader.error_position()));
                break;
            }
        }
    }
    walk.finish()
}

/// The vocabularies that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Space {
    /// Of the list itself: none, or one of RSS, Atom, sitemaps.
    Own,
    Dublin,
    Content,
    Media,
    Podcast,
    News,
    Feedburner,
    Other,
}

/// What an open element is, and so what its children mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// `rss`, `rdf:RDF`, `urlset`, `sitemapindex`, `opml`.
    Root,
    /// `channel`, or the `feed` of Atom.
    Channel,
    Entry,
    /// The author of an entry, with a name in an element of its own.
    Author,
    /// An element without a meaning whose children have one: `media:group`, `news:news`, `body`.
    Through,
    /// A text that is captured.
    Text,
    /// Anything else; nothing in it is looked at.
    Aside,
}

/// What a captured text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Title,
    /// A title that stands in for one.
    OtherTitle,
    Link,
    /// Where a link leads that another service counts.
    Original,
    Guid,
    Published,
    /// A date that stands in for that of publication.
    OtherPublished,
    Updated,
    Author,
    /// An author that stands in for one.
    OtherAuthor,
    Summary,
    Content,
}

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// As it is.
    Plain,
    /// HTML within text.
    Html,
    /// Markup as elements.
    Markup,
    /// What it looks like.
    Unknown,
    Base64,
}

struct Open {
    name: String,
    part: Part,
    base: Option<Rc<str>>,
}

struct Capture {
    field: Field,
    form: Form,
    /// How many elements are open at its own children's level.
    depth: usize,
    text: String,
}

/// An entry that is being read.
#[derive(Default)]
struct Draft {
    entry: Entry,
    /// How well the link fits that was found so far.
    link_rank: u8,
    original: Option<String>,
    guid_is_link: bool,
    other_title: Option<String>,
    other_published: Option<Moment>,
    other_authors: Vec<String>,
    content: Option<String>,
}

struct Walk {
    feed: Option<Feed>,
    stack: Vec<Open>,
    /// How many elements are open that are too deep.
    n_deeper: usize,
    prefixes: Vec<(String, Space)>,
    base: Option<Rc<str>>,
    capture: Option<Capture>,
    draft: Option<Draft>,
    feed_link_rank: u8,
    feed_authors: Vec<String>,
    n_left_out: usize,
    n_cut: usize,
    broken: Option<String>,
}

impl Walk {
    fn new(url: Option<&str>) -> Self {
        Walk {
            feed: None,
            stack: Vec::new(),
            n_deeper: 0,
            prefixes: Vec::new(),
            base: url.map(Rc::from),
            capture: None,
            draft: None,
            feed_link_rank: 0,
            feed_authors: Vec::new(),
            n_left_out: 0,
            n_cut: 0,
            broken: None,
        }
    }

    fn open(&mut self, tag: &BytesStart) -> Result<(), Error> {
        if self.stack.len() >= MAX_DEPTH {
            self.n_deeper += 1;
            return Ok(());
        }
        self.learn_prefixes(tag);
        let (space, name) = self.name(tag.name().as_ref());
        let base = self.base_of(tag);
        let part = match self.stack.last().map(|open| open.part) {
            None => self.root(&name, tag)?,
            Some(Part::Text) => self.markup(&name),
            Some(Part::Aside) => Part::Aside,
            Some(parent) => self.child(parent, space, &name, tag, base.as_deref()),
        };
        self.stack.push(Open { name: tag.name().as_ref().to_owned(), part, base });
        Ok(())
    }

    fn close(&mut self, name: &str) {
        if self.n_deeper > 0 {
            self.n_deeper -= 1;
            return;
        }
        let near = self.stack.len().saturating_sub(MAX_UNCLOSED);
        let Some(at) = self.stack[near..].iter().rposition(|open| open.name == name) else { return };
        for _ in near + at..self.stack.len() {
            self.close_last();
        }
    }

    fn close_last(&mut self) {
        let Some(open) = self.stack.pop() else { return };
        if let Some(capture) = &mut self.capture {
            if self.stack.len() + 1 > capture.depth {
                push_tag(capture, "</", &open.name);
                return;
            }
            let base = open.base.clone();
            if let Some(capture) = self.capture.take() {
                self.settle(capture, base.as_deref());
            }
        }
        if open.part == Part::Entry {
            self.finish_entry();
        }
    }

    /// The namespaces that a tag names. A prefix means the same from there on.
    fn learn_prefixes(&mut self, tag: &BytesStart) {
        for attribute in attributes(tag) {
            let key = attribute.key.as_ref();
            let prefix = key.strip_prefix("xmlns:").or_else(|| (key == "xmlns").then_some(""));
            let Some(prefix) = prefix.filter(|prefix| prefix.len() < 100) else { continue };
            let space = space(attribute.value.trim());
            if let Some(known) = self.prefixes.iter_mut().find(|known| known.0 == prefix) {
                known.1 = space;
            } else if self.prefixes.len() < MAX_PREFIXES {
                self.prefixes.push((prefix.to_owned(), space));
            }
        }
    }

    /// Vocabulary and local name, in lower case.
    fn name(&self, qualified: &str) -> (Space, String) {
        let (prefix, local) = qualified.split_once(':').unwrap_or(("", qualified));
        let known = self.prefixes.iter().find(|known| known.0 == prefix).map(|known| known.1);
        let space = known.unwrap_or_else(|| usual(prefix));
        // A default namespace that nobody knows is that of the list.
        let space = if prefix.is_empty() && space == Space::Other { Space::Own } else { space };
        (space, crate::text::head(local, 64).to_ascii_lowercase())
    }

    /// The URL that links in this element are relative to.
    fn base_of(&self, tag: &BytesStart) -> Option<Rc<str>> {
        let outer = self.stack.last().map_or(&self.base, |open| &open.base);
        let Some(own) = attribute(tag, "xml:base") else { return outer.clone() };
        let whole = link::resolve(outer.as_deref().unwrap_or_default(), own.trim());
        if whole.len() > link::LONGEST { outer.clone() } else { Some(whole.into()) }
    }

    fn root(&mut self, name: &str, tag: &BytesStart) -> Result<Part, Error> {
        let (kind, part) = match name {
            "rss" | "rdf" => (Kind::Rss, Part::Root),
            "feed" => (Kind::Atom, Part::Channel),
            "channel" if attribute(tag, "href").is_some() || tag.name().as_ref() == "CHANNEL" => {
                (Kind::Cdf, Part::Channel)
            }
            "channel" => (Kind::Rss, Part::Channel),
            "urlset" => (Kind::Sitemap, Part::Root),
            "sitemapindex" => (Kind::SitemapIndex, Part::Root),
            "opml" => (Kind::Outlines, Part::Root),
            "html" => return Err(Error::NotAFeed("a page of HTML")),
            _ => return Err(Error::NotAFeed("other markup")),
        };
        if self.feed.is_none() {
            self.feed = Some(Feed { kind, title: None, link: None, entries: Vec::new(), notes: Vec::new() });
        }
        if kind == Kind::Cdf {
            self.cdf_attributes(tag, None);
        }
        Ok(part)
    }

    fn kind(&self) -> Kind {
        self.feed.as_ref().map_or(Kind::Rss, |feed| feed.kind)
    }

    fn child(&mut self, parent: Part, space: Space, name: &str, tag: &BytesStart, base: Option<&str>) -> Part {
        match (self.kind(), parent, space, name) {
            (Kind::Rss, Part::Root | Part::Channel, Space::Own, "channel") => Part::Channel,
            (
                Kind::Rss | Kind::Atom | Kind::Cdf,
                Part::Root | Part::Channel | Part::Through,
                Space::Own,
                "item" | "entry",
            )
            | (Kind::Sitemap, Part::Root, _, "url")
            | (Kind::SitemapIndex, Part::Root, _, "sitemap") => self.begin_entry(tag, base),
            (Kind::Outlines, Part::Root, _, "head") => Part::Channel,
            (Kind::Outlines, _, _, "body") => Part::Through,
            (Kind::Outlines, _, _, "outline") => self.outline(tag, base),
            (Kind::Rss, Part::Channel, Space::Own, "items") => Part::Through,
            (_, Part::Entry | Part::Through, Space::Media, "group" | "content") => Part::Through,
            (_, Part::Entry, Space::News, "news") => Part::Through,
            (_, Part::Author, _, "name") => self.capture(Field::Author, tag),
            (_, Part::Channel, Space::Own | Space::Dublin | Space::Podcast, _) => {
                self.of_channel(space, name, tag, base)
            }
            (_, Part::Entry | Part::Through, ..) if self.draft.is_some() => self.of_entry(space, name, tag, base),
            _ => Part::Aside,
        }
    }

    fn of_channel(&mut self, space: Space, name: &str, tag: &BytesStart, base: Option<&str>) -> Part {
        match (space, name) {
            (Space::Own, "title") => self.capture(Field::Title, tag),
            (Space::Dublin, "title") => self.capture(Field::OtherTitle, tag),
            (Space::Own, "link") => self.link(tag, base),
            (Space::Own, "author") if self.kind() == Kind::Atom => Part::Author,
            _ => Part::Aside,
        }
    }

    fn of_entry(&mut self, space: Space, name: &str, tag: &BytesStart, base: Option<&str>) -> Part {
        let is_atom = self.kind() == Kind::Atom;
        let field = match (space, name) {
            (Space::Own, "title") => Field::Title,
            (Space::News, "title") | (Space::Dublin | Space::Media | Space::Podcast, "title") => Field::OtherTitle,
            (Space::Own, "link") => return self.link(tag, base),
            (Space::Own, "loc") => Field::Link,
            (Space::Feedburner, "origlink") => Field::Original,
            (Space::Own, "guid" | "id") => return self.guid(tag),
            (Space::Own, "pubdate" | "published" | "issued") | (Space::News, "publication_date") => Field::Published,
            (Space::Own, "created" | "date") | (Space::Dublin, "date" | "issued" | "created") => Field::OtherPublished,
            (Space::Own, "updated" | "modified" | "lastmod") | (Space::Dublin, "modified") => Field::Updated,
            (Space::Own, "author") if is_atom => return Part::Author,
            (Space::Own, "author") | (Space::Dublin, "creator" | "author") => Field::Author,
            (Space::Podcast, "author") => Field::OtherAuthor,
            (Space::Own, "description" | "summary" | "abstract") | (Space::Dublin, "description") => Field::Summary,
            (Space::Content, "encoded") | (Space::Own, "content" | "body" | "fullitem") => Field::Content,
            (Space::Media, "description") | (Space::Podcast, "summary") => Field::Content,
            _ => return Part::Aside,
        };
        self.capture(field, tag)
    }

    fn begin_entry(&mut self, tag: &BytesStart, base: Option<&str>) -> Part {
        if self.draft.is_some() {
            self.finish_entry();
        }
        if self.feed.as_ref().is_some_and(|feed| feed.entries.len() >= MAX_ENTRIES) {
            self.n_left_out += 1;
            return Part::Aside;
        }
        self.draft = Some(Draft::default());
        if self.kind() == Kind::Cdf {
            self.cdf_attributes(tag, base);
        } else if let (Some(about), Some(draft)) = (attribute(tag, "rdf:about"), &mut self.draft) {
            draft.entry.guid = Some(about).filter(|about| !about.is_empty() && about.len() <= link::LONGEST);
        }
        Part::Entry
    }

    /// Link and date that CDF has in attributes.
    fn cdf_attributes(&mut self, tag: &BytesStart, base: Option<&str>) {
        let get = |name: &str| attribute(tag, name);
        let link = get("href").and_then(|href| link::web(base.or(self.base.as_deref()), &href));
        let updated = get("lastmod").and_then(|date| crate::dates::written(&date));
        match (&mut self.draft, &mut self.feed) {
            (Some(draft), _) => {
                draft.entry.link = link;
                draft.entry.updated = updated;
            }
            (None, Some(feed)) => feed.link = link,
            _ => {}
        }
    }

    /// A feed in a list of feeds.
    fn outline(&mut self, tag: &BytesStart, base: Option<&str>) -> Part {
        let get = |name: &str| attribute(tag, name);
        let Some(link) = get("xmlUrl").and_then(|url| link::web(base, &url)) else { return Part::Through };
        let title = get("title").or_else(|| get("text")).and_then(|title| text::kept(&title, MAX_SUMMARY));
        if let Some(feed) = &mut self.feed {
            if feed.entries.len() < MAX_ENTRIES {
                feed.entries.push(Entry { title, link: Some(link), guid: get("htmlUrl"), ..Entry::default() });
            } else {
                self.n_left_out += 1;
            }
        }
        Part::Through
    }

    /// The link of Atom, in attributes, or of RSS, as text.
    fn link(&mut self, tag: &BytesStart, base: Option<&str>) -> Part {
        let Some(href) = attribute(tag, "href") else { return self.capture(Field::Link, tag) };
        let kind = attribute(tag, "type").unwrap_or_default().to_ascii_lowercase();
        let rank = match attribute(tag, "rel").unwrap_or_default().trim() {
            "" | "alternate" if kind.is_empty() || kind.contains("html") => 3,
            "" | "alternate" => 2,
            _ => return Part::Aside,
        };
        let Some(url) = link::web(base, &href) else { return Part::Aside };
        let (link, best) = match (&mut self.draft, &mut self.feed) {
            (Some(draft), _) => (&mut draft.entry.link, &mut draft.link_rank),
            (None, Some(feed)) => (&mut feed.link, &mut self.feed_link_rank),
            _ => return Part::Aside,
        };
        if rank > *best {
            (*link, *best) = (Some(url), rank);
        }
        Part::Aside
    }

    fn guid(&mut self, tag: &BytesStart) -> Part {
        let is_link = attribute(tag, "isPermaLink").is_none_or(|value| !value.trim().eq_ignore_ascii_case("false"));
        let is_rss = self.kind() == Kind::Rss;
        if let Some(draft) = &mut self.draft {
            draft.guid_is_link = is_rss && is_link;
        }
        self.capture(Field::Guid, tag)
    }

    fn capture(&mut self, field: Field, tag: &BytesStart) -> Part {
        let form = self.form(field, tag);
        self.capture = Some(Capture { field, form, depth: self.stack.len() + 1, text: String::new() });
        Part::Text
    }

    /// How the text of an element is written, as its attributes tell.
    fn form(&self, field: Field, tag: &BytesStart) -> Form {
        if matches!(field, Field::Link | Field::Original | Field::Guid) {
            return Form::Plain;
        }
        let kind = attribute(tag, "type").unwrap_or_default().trim().to_ascii_lowercase();
        let mode = attribute(tag, "mode").unwrap_or_default().trim().to_ascii_lowercase();
        match (self.kind(), kind.as_str(), mode.as_str()) {
            (_, _, "base64") => Form::Base64,
            (_, "xhtml", _) | (Kind::Atom, "application/xhtml+xml", _) => Form::Markup,
            (_, _, "xml") => Form::Markup,
            (Kind::Atom, "html" | "text/html", _) => Form::Html,
            (Kind::Atom, "" | "text" | "text/plain", "") => Form::Plain,
            // Atom says that what is neither text nor XML is in Base64.
            (Kind::Atom, kind, "") if kind.contains('/') && !kind.starts_with("text/") && !kind.ends_with("xml") => {
                Form::Base64
            }
            _ => Form::Unknown,
        }
    }

    /// An element within a text.
    fn markup(&mut self, name: &str) -> Part {
        if let Some(capture) = &mut self.capture {
            if matches!(capture.form, Form::Plain | Form::Unknown) {
                capture.form = Form::Html;
            }
            push_tag(capture, "<", name);
        }
        Part::Text
    }

    fn text(&mut self, text: &str) {
        if self.n_deeper > 0 {
            return;
        }
        let Some(capture) = &mut self.capture else { return };
        let room = MAX_TEXT.saturating_sub(capture.text.len());
        if text.len() > room {
            self.n_cut += 1;
        }
        let text = crate::text::head(text, room);
        if capture.form == Form::Markup {
            capture.text.push_str(&quick_xml::escape::escape(text));
        } else {
            capture.text.push_str(text);
        }
    }

    fn entity(&mut self, entity: &BytesRef) {
        match entities::resolve(entity) {
            Some(text) => self.text(&text),
            None => self.text(&format!("&{};", &**entity)),
        }
    }

    /// Puts a captured text where it belongs.
    fn settle(&mut self, capture: Capture, base: Option<&str>) {
        let read = |most| shown(&capture, most);
        let Some(draft) = &mut self.draft else {
            return self.settle_in_feed(&capture, base);
        };
        let entry = &mut draft.entry;
        match capture.field {
            Field::Title => replace_empty(&mut entry.title, read(MAX_SUMMARY)),
            Field::OtherTitle => replace_empty(&mut draft.other_title, read(MAX_SUMMARY)),
            Field::Link if draft.link_rank < 2 => {
                if let Some(url) = link::web(base, &capture.text).filter(|_| !capture.text.trim().is_empty()) {
                    (entry.link, draft.link_rank) = (Some(url), 2);
                }
            }
            Field::Link => {}
            Field::Original => draft.original = link::web(base, &capture.text),
            Field::Guid => {
                let guid = Some(capture.text.trim()).filter(|guid| !guid.is_empty() && guid.len() <= link::LONGEST);
                entry.guid = guid.map(str::to_owned).or(entry.guid.take());
            }
            Field::Published => entry.published = crate::dates::written(&capture.text).or(entry.published),
            Field::OtherPublished => {
                draft.other_published = draft.other_published.or(crate::dates::written(&capture.text))
            }
            Field::Updated => entry.updated = crate::dates::written(&capture.text).or(entry.updated),
            Field::Author => push_author(&mut entry.authors, read(1000)),
            Field::OtherAuthor => push_author(&mut draft.other_authors, read(1000)),
            Field::Summary => replace_empty(&mut entry.summary, read(MAX_SUMMARY)),
            Field::Content => replace_empty(&mut draft.content, read(MAX_SUMMARY)),
        }
    }

    fn settle_in_feed(&mut self, capture: &Capture, base: Option<&str>) {
        let Some(feed) = &mut self.feed else { return };
        match capture.field {
            Field::Title => feed.title = shown(capture, MAX_SUMMARY).or(feed.title.take()),
            Field::OtherTitle => replace_empty(&mut feed.title, shown(capture, MAX_SUMMARY)),
            Field::Link if self.feed_link_rank < 2 && !capture.text.trim().is_empty() => {
                if let Some(url) = link::web(base, &capture.text) {
                    // Where the feed's own place isn't known, its links are relative to its page.
                    if self.base.is_none() {
                        let whole: Rc<str> = url.as_str().into();
                        self.base = Some(whole.clone());
                        self.stack.iter_mut().for_each(|open| open.base = open.base.take().or(Some(whole.clone())));
                    }
                    (feed.link, self.feed_link_rank) = (Some(url), 2);
                }
            }
            Field::Author => push_author(&mut self.feed_authors, shown(capture, 1000)),
            _ => {}
        }
    }

    fn finish_entry(&mut self) {
        let (Some(draft), Some(feed)) = (self.draft.take(), &mut self.feed) else { return };
        let mut entry = draft.entry;
        let guid_link = || entry.guid.as_deref().filter(|_| draft.guid_is_link).and_then(|guid| link::web(None, guid));
        entry.link = draft.original.or(entry.link.take()).or_else(guid_link);
        entry.title = entry.title.or(draft.other_title);
        entry.published = entry.published.or(draft.other_published);
        entry.summary = entry.summary.or(draft.content);
        if entry.authors.is_empty() {
            entry.authors = draft.other_authors;
        }
        let is_sitemap = matches!(feed.kind, Kind::Sitemap | Kind::SitemapIndex);
        if entry != Entry::default() && (entry.link.is_some() || !is_sitemap) {
            feed.entries.push(entry);
        }
    }

    fn finish(mut self) -> Result<Feed, Error> {
        while !self.stack.is_empty() {
            self.close_last();
        }
        self.finish_entry();
        let Some(mut feed) = self.feed else { return Err(Error::NotAFeed("text without markup")) };
        for entry in feed.entries.iter_mut().filter(|entry| entry.authors.is_empty()) {
            entry.authors.clone_from(&self.feed_authors);
        }
        feed.notes.extend(self.broken);
        if self.n_left_out > 0 {
            feed.notes.push(format!("{} entries beyond the first {MAX_ENTRIES} were left out", self.n_left_out));
        }
        if self.n_cut > 0 {
            feed.notes.push(format!("{} texts were cut off after {MAX_TEXT} bytes", self.n_cut));
        }
        Ok(feed)
    }
}

fn replace_empty(place: &mut Option<String>, found: Option<String>) {
    if place.is_none() {
        *place = found;
    }
}

fn push_author(authors: &mut Vec<String>, found: Option<String>) {
    if let Some(author) = found.and_then(|found| text::author(&found))
        && authors.len() < MAX_AUTHORS
        && !authors.contains(&author)
    {
        authors.push(author);
    }
}

/// A captured text as it is read.
fn shown(capture: &Capture, most: usize) -> Option<String> {
    match capture.form {
        Form::Plain => text::kept(&capture.text, most),
        Form::Html | Form::Markup => text::html(&capture.text, most),
        Form::Unknown => text::plain(&capture.text, most),
        Form::Base64 => text::plain(&String::from_utf8_lossy(&crate::mhtml::base64(capture.text.as_bytes())), most),
    }
}

/// Adds a tag of markup within a text, which has no attributes.
fn push_tag(capture: &mut Capture, open: &str, name: &str) {
    let name = name.rsplit(':').next().unwrap_or_default();
    if capture.text.len() + name.len() < MAX_TEXT {
        capture.text.push_str(open);
        capture.text.push_str(name);
        capture.text.push('>');
    }
}

fn attributes<'a>(tag: &'a BytesStart) -> impl Iterator<Item = Attribute<'a>> {
    let mut attributes = tag.html_attributes();
    attributes.with_checks(false);
    attributes.filter_map(Result::ok).take(100)
}

/// The value of an attribute; case doesn't matter.
fn attribute(tag: &BytesStart, name: &str) -> Option<String> {
    let found = attributes(tag).find(|attribute| attribute.key.as_ref().eq_ignore_ascii_case(name))?;
    Some(entities::unescaped(&found.value))
}

/// The vocabulary of a namespace.
fn space(uri: &str) -> Space {
    let uri = uri.to_ascii_lowercase();
    let rest = uri.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches(['/', '#']);
    match rest {
        "" | "www.w3.org/2005/atom" | "purl.org/atom/ns" | "purl.org/rss/1.0" | "my.netscape.com/rdf/simple/0.9" => {
            Space::Own
        }
        "backend.userland.com/rss2" | "backend.userland.com/rss" | "channel.netscape.com/rdf/simple/0.9" => Space::Own,
        "www.w3.org/1999/02/22-rdf-syntax-ns" => Space::Own,
        "search.yahoo.com/mrss" | "search.yahoo.com/mrss/mediarss" => Space::Media,
        _ if rest.starts_with("www.sitemaps.org/schemas/sitemap") => Space::Own,
        _ if rest.starts_with("www.google.com/schemas/sitemap-news") => Space::News,
        _ if rest.starts_with("www.google.com/schemas/sitemap/") => Space::Own,
        _ if rest.starts_with("purl.org/rss/1.0/modules/content") => Space::Content,
        _ if rest.starts_with("purl.org/dc/") => Space::Dublin,
        _ if rest.starts_with("www.itunes.com/dtds/podcast") => Space::Podcast,
        _ if rest.starts_with("rssnamespace.org/feedburner") => Space::Feedburner,
        _ if rest.starts_with("purl.org/atom") || rest.starts_with("purl.org/net/rss") => Space::Own,
        _ => Space::Other,
    }
}

/// What a prefix means that the list doesn't declare.
fn usual(prefix: &str) -> Space {
    match prefix.to_ascii_lowercase().as_str() {
        "" | "atom" | "atom10" | "a10" | "rss" | "rdf" | "sitemap" => Space::Own,
        "dc" | "dcterms" => Space::Dublin,
        "content" => Space::Content,
        "media" => Space::Media,
        "itunes" => Space::Podcast,
        "news" | "n" => Space::News,
        "feedburner" => Space::Feedburner,
        _ => Space::Other,
    }
}
