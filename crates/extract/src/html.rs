//! An HTML page to an article.

use rapporteur_record::{Article, BlockKind};

use crate::blocks::Layout;
use crate::body::{self, Body, Fate, Verdict};
use crate::head::Head;
use crate::jsonld::{self, Stated};
use crate::tables::{self, Litter};
use crate::text::{folded, key};
use crate::tree::Tree;
use crate::when::Sources;
use crate::why::{self, Judged};
use crate::{NoArticle, Page, assemble, byline, choose, language, next, none, outlet, parse, slug, standfirst, title};

/// Reads a page.
pub(crate) fn article(html: &str, page: &Page) -> Result<Article, NoArticle> {
    read(html, page, |_, _| ()).0
}

/// Reads a page, and tells why each of its blocks is kept or dropped.
pub(crate) fn explained(html: &str, page: &Page) -> (Result<Article, NoArticle>, Vec<Judged>) {
    read(html, page, why::judged)
}

/// Reads a page; `tell` is handed what became of its blocks.
fn read<T>(html: &str, page: &Page, tell: fn(&body::Around, &[Fate]) -> T) -> (Result<Article, NoArticle>, T) {
    let tree = parse::parse(html);
    let (head, stated, layout) = (Head::new(&tree), jsonld::stated(&tree), Layout::new(&tree));
    let mut reading = Reading::new(&tree, head, stated, layout, page);
    let printed = reading.printed();
    let (body, told) = reading.with_around(&printed, |around| {
        let body = body::body(around);
        let told = tell(around, &body.fates);
        (body, told)
    });
    (reading.article(printed, body), told)
}

/// The blocks of a page as training sees them.
pub(crate) fn examples(html: &str, page: &Page) -> Vec<crate::features::Example> {
    let tree = parse::parse(html);
    let (head, stated, layout) = (Head::new(&tree), jsonld::stated(&tree), Layout::new(&tree));
    let mut reading = Reading::new(&tree, head, stated, layout, page);
    let printed = reading.printed();
    reading.with_around(&printed, crate::features::examples)
}

/// The note of an article whose end may be missing.
const PAID: &str = "the page is for subscribers: its text may break off";

/// The note of an article that is only a headline.
const TITLE_ONLY: &str = "the page has no text under its title: a script may have to fetch it";

/// What is printed of the headline and under it.
struct Printed {
    title: title::Title,
    /// The block of the standfirst.
    standfirst: Option<usize>,
    byline: Vec<String>,
}

/// One page, half read.
struct Reading<'a> {
    tree: &'a Tree,
    head: Head,
    stated: Stated,
    layout: Layout,
    found_at: Option<&'a str>,
    known_title: Option<&'a str>,
    url: Option<String>,
    outlet: Option<String>,
    outlet_name: Option<String>,
}

impl<'a> Reading<'a> {
    fn new(tree: &'a Tree, head: Head, stated: Stated, layout: Layout, page: &Page<'a>) -> Self {
        let stated_url = head.canonical.as_deref().or_else(|| head.meta(&["og:url"]));
        let url = outlet::url(stated_url, page.url);
        let outlet = url.as_deref().and_then(outlet::domain);
        let name = head.meta(&["og:site_name", "application-name"]).map(str::to_owned);
        let outlet_name = name.or_else(|| stated.publisher.clone()).filter(|name| !name.trim().is_empty());
        let label = outlet.as_deref().map(outlet::label).unwrap_or_default();
        let own =
            head.title.iter().flat_map(|title| title::parts(title)).chain(stated.authors.iter().map(String::as_str));
        let outlet_name = outlet_name.or_else(|| own.filter(|part| key(part) == label).map(str::to_owned).next());
        let (found_at, known_title) = (page.url, page.title);
        Reading { tree, head, stated, layout, found_at, known_title, url, outlet, outlet_name }
    }

    fn article(self, printed: Printed, body: Body) -> Result<Article, NoArticle> {
        let Printed { title, standfirst, byline } = printed;
        let standfirst = standfirst.map(|at| folded(&self.layout.blocks[at].text));
        let standfirst = standfirst.or_else(|| self.film(&body));
        let (published, modified) = self.dates(title.block);
        let mut article = Article { title: title.text, standfirst, byline, published, modified, ..Article::default() };
        if let Some(reason) = none::reason(&self.asked(&article, &body)) {
            return Err(reason);
        }
        article.notes.extend(self.paid(&body).then(|| PAID.to_owned()));
        article.notes.extend(body.blocks.is_empty().then(|| TITLE_ONLY.to_owned()));
        let lead = [(BlockKind::Title, article.title.clone()), (BlockKind::Standfirst, article.standfirst.clone())];
        let lead = lead.into_iter().filter_map(|(kind, text)| Some((kind, text?)));
        let blocks = body.blocks.into_iter().map(|block| (block.kind, block.text));
        assemble::assemble(&mut article, lead.chain(blocks).collect::<Vec<_>>());
        Ok(self.finish(article))
    }

    fn asked<'b>(&'b self, article: &'b Article, body: &'b Body) -> none::Asked<'b> {
        let Reading { tree, head, stated, layout, .. } = self;
        let (title, standfirst) = (article.title.as_deref(), article.standfirst.as_deref());
        none::Asked { tree, layout, head, stated, url: self.url.as_deref(), title, standfirst, body }
    }

    /// What a page without a text says of the film that it shows.
    fn film(&self, body: &Body) -> Option<String> {
        let kind = self.head.meta(&["og:type"]).unwrap_or_default();
        let is_film = self.stated.is_video || kind.starts_with("video");
        let description = || self.descriptions().into_iter().next().map(folded);
        if is_film && body.blocks.is_empty() { description() } else { None }
    }

    /// Whether the page says that it shows only the beginning to those who do not pay.
    fn paid(&self, body: &Body) -> bool {
        let tier = self.head.meta(&["article:content_tier"]);
        let is_wall = |(block, fate): (&crate::blocks::Block, &Fate)| {
            !fate.is_kept() && fate.verdict != Verdict::Furniture && tables::litter(&block.text) == Some(Litter::Wall)
        };
        self.stated.is_free == Some(false)
            || tier.is_some_and(|tier| tier.eq_ignore_ascii_case("locked"))
            || self.layout.blocks.iter().zip(&body.fates).any(is_wall)
    }

    fn finish(self, mut article: Article) -> Article {
        let declared = self.head.language.as_deref().or(self.stated.language.as_deref());
        let declared = declared.or_else(|| self.head.meta(&["og:locale", "content-language"]));
        article.language = language::language(&article.text, declared);
        slug::mark(&mut article);
        (article.url, article.outlet, article.outlet_name) = (self.url, self.outlet, self.outlet_name);
        article
    }

    /// What the site calls itself, for titles and bylines.
    fn names(&self) -> Vec<String> {
        let twitter = self.head.meta(&["twitter:site"]).map(|name| name.trim_start_matches('@').to_owned());
        let domain = self.outlet.clone().or_else(|| self.found_at.and_then(outlet::domain));
        let label = domain.as_deref().map(|domain| outlet::label(domain).to_owned());
        let all = [self.outlet_name.clone(), self.stated.publisher.clone(), twitter, domain, label];
        all.into_iter().flatten().filter(|name| !key(name).is_empty()).collect()
    }

    fn descriptions(&self) -> Vec<&str> {
        let metas = self
            .head
            .metas
            .iter()
            .filter(|meta| matches!(meta.0.as_str(), "description" | "og:description" | "twitter:description"));
        let alternatives = self.head.items("alternativeheadline").map(|item| item.0);
        let all = metas.map(|meta| meta.1.as_str()).chain(self.stated.description.as_deref()).chain(alternatives);
        all.filter(|description| description.len() > 20).collect()
    }

    /// Finds what is printed of the headline and under it, and where the article of that headline ends.
    fn printed(&mut self) -> Printed {
        let names = self.names();
        let title = title::title(&self.layout, &self.head, &self.stated, self.known_title, &names);
        if let Some(at) = title.block {
            next::mark(self.tree, &mut self.layout, at);
        }
        let standfirst = standfirst::standfirst(self.tree, &self.layout, title.block, &self.descriptions());
        let byline = byline::byline(self.tree, &self.layout, &self.head, &self.stated, title.block, &names);
        Printed { title, standfirst, byline }
    }

    /// Hands what is known around the body to `read`.
    fn with_around<T>(&self, printed: &Printed, read: impl FnOnce(&body::Around) -> T) -> T {
        let witness = self.stated.body.as_deref().map(key).filter(|body| body.len() > 300).unwrap_or_default();
        let Printed { title, standfirst, byline } = printed;
        read(&body::Around {
            tree: self.tree,
            layout: &self.layout,
            container: choose::container(self.tree, &self.layout, &witness),
            title_text: title.text.clone().unwrap_or_default(),
            title: title.text.as_deref().map(key).unwrap_or_default(),
            title_block: title.block,
            standfirst: standfirst.map(|at| key(&self.layout.blocks[at].text)).unwrap_or_default(),
            standfirst_block: *standfirst,
            byline,
            witness: &witness,
        })
    }

    fn dates(&self, title: Option<usize>) -> (Option<rapporteur_record::Moment>, Option<rapporteur_record::Moment>) {
        let (tree, layout, head, stated) = (self.tree, &self.layout, &self.head, &self.stated);
        let url = self.found_at.or(self.url.as_deref());
        let sources = Sources { tree, layout, head, stated, title, url, month_first: self.is_american() };
        (sources.published(), sources.modified())
    }

    /// Whether dates are printed month first: English on a domain of no other country.
    fn is_american(&self) -> bool {
        let language = self.head.language.as_deref().unwrap_or("en").to_lowercase();
        let general = self
            .outlet
            .as_deref()
            .and_then(|domain| domain.rsplit('.').next())
            .is_some_and(|end| end.len() != 2 || end == "us");
        language == "en-us" || language == "en" && general
    }
}
