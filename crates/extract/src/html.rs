//! An HTML page to an article.

use std::ops::Range;

use rapporteur_record::{Article, BlockKind};

use crate::blocks::{Block, Layout};
use crate::body::{self, Body, Fate, Verdict};
use crate::head::Head;
use crate::jsonld::{self, Stated};
use crate::keep::{TREES, Trees};
use crate::standfirst::lines;
use crate::tables::{self, Litter};
use crate::text::{folded, key};
use crate::title::claims;
use crate::tree::Tree;
use crate::when::{self, Sources};
use crate::why::{self, Judged};
use crate::{
    NoArticle, Page, about, assemble, byline, choose, language, next, none, outlet, parse, slug, standfirst, streamed,
    title,
};

/// Reads a page, with these trees for its blocks.
pub(crate) fn article(html: &str, page: &Page, trees: &Trees) -> Result<Article, NoArticle> {
    read(html, page, trees, |around| (body::body(around), ())).0
}

/// Reads a page, and tells why each of its blocks is kept or dropped.
pub(crate) fn explained(html: &str, page: &Page) -> (Result<Article, NoArticle>, Vec<Judged>) {
    read(html, page, &TREES, |around| {
        let body = body::explained(around);
        let told = why::judged(around, &body.fates);
        (body, told)
    })
}

/// Reads a page, of which `cut` cuts out the body.
fn read<T>(
    html: &str,
    page: &Page,
    trees: &Trees,
    cut: fn(&body::Around) -> (Body, T),
) -> (Result<Article, NoArticle>, T) {
    let tree = tree(html);
    let mut reading = Reading::new(&tree, page, trees);
    let printed = reading.printed();
    let (body, told) = reading.with_around(&printed, cut);
    (reading.article(printed, body), told)
}

fn tree(html: &str) -> Tree {
    let mut tree = parse::parse(html);
    streamed::joined(&mut tree);
    tree
}

/// The blocks of a page as training sees them.
pub(crate) fn examples(html: &str, page: &Page) -> Vec<crate::features::Example> {
    let tree = tree(html);
    let mut reading = Reading::new(&tree, page, &TREES);
    let printed = reading.printed();
    reading.with_around(&printed, crate::features::examples)
}

/// What may be a page's title, standfirst or date, as training sees it: which of them, what it would give, its numbers.
pub(crate) fn metadata_examples(html: &str, page: &Page) -> Vec<(&'static str, String, Vec<f32>)> {
    let tree = tree(html);
    let mut reading = Reading::new(&tree, page, &TREES);
    let printed = reading.printed();
    let blocks = reading.with_around(&printed, body::body).blocks;
    let dates = when::examples(&reading.sources(printed.title.block, &blocks));
    let names = reading.names();
    let claims = claims::claims(&reading.claims(&names));
    let lines = reading.with_lines(printed.title.block, lines::lines);
    let dates = dates.into_iter().map(|(value, features)| ("dates", value, features));
    let claims = claims.into_iter().map(|claim| ("titles", claim.text, claim.features));
    dates.chain(claims).chain(lines.into_iter().map(|line| ("standfirsts", line.text, line.features))).collect()
}

/// The note of an article whose end may be missing.
const PAID: &str = "the page is for subscribers: its text may break off";

/// The note of an article that is only a headline.
const TITLE_ONLY: &str = "the page has no text under its title: a script may have to fetch it";

/// What is printed of the headline and under it.
struct Printed {
    title: title::Title,
    /// The blocks of the standfirst.
    standfirst: Option<Range<usize>>,
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
    trees: &'a Trees,
}

impl<'a> Reading<'a> {
    fn new(tree: &'a Tree, page: &Page<'a>, trees: &'a Trees) -> Self {
        let (head, stated, layout) = (Head::new(tree), jsonld::stated(tree), Layout::new(tree));
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
        Reading { tree, head, stated, layout, found_at, known_title, url, outlet, outlet_name, trees }
    }

    fn article(self, printed: Printed, body: Body) -> Result<Article, NoArticle> {
        let Printed { title, standfirst, byline } = printed;
        let standfirst = standfirst.map(|blocks| self.text_of(blocks));
        let standfirst = standfirst.or_else(|| self.film(&body));
        let (published, modified) = when::when(&self.sources(title.block, &body.blocks));
        let credit = self.credit(&body.blocks);
        let mut article =
            Article { title: title.text, standfirst, byline, published, modified, credit, ..Article::default() };
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
        let is_wall = |(block, fate): (&Block, &Fate)| {
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
        article.section = about::section(&self.head, &self.stated);
        article.keywords = about::keywords(&self.head, &self.stated);
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

    /// The text of a few blocks, a line each.
    fn text_of(&self, blocks: Range<usize>) -> String {
        let lines: Vec<String> = self.layout.blocks[blocks].iter().map(|block| folded(&block.text)).collect();
        lines.join("\n")
    }

    /// What the headline is chosen from.
    fn claims<'b>(&'b self, names: &'b [String]) -> claims::Page<'b> {
        let (tree, layout, head, stated) = (self.tree, &self.layout, &self.head, &self.stated);
        claims::Page { tree, layout, head, stated, url: self.found_at.or(self.url.as_deref()), names }
    }

    /// Hands what the standfirst is chosen from to `read`.
    fn with_lines<T>(&self, title: Option<usize>, read: impl FnOnce(&lines::Page) -> T) -> T {
        let alternatives = self.head.items("alternativeheadline").map(|item| item.0);
        let alternatives: Vec<&str> = alternatives.chain(self.stated.alternative.as_deref()).collect();
        read(&lines::Page {
            tree: self.tree,
            layout: &self.layout,
            title,
            descriptions: &self.descriptions(),
            alternatives: &alternatives,
            witness: &self.witness(),
            is_news: self.stated.is_news,
        })
    }

    /// The key of the text that the page states in JSON-LD, or nothing.
    fn witness(&self) -> String {
        self.stated.body.as_deref().map(key).filter(|body| body.len() > 300).unwrap_or_default()
    }

    /// Finds what is printed of the headline and under it, and where the article of that headline ends.
    fn printed(&mut self) -> Printed {
        let names = self.names();
        let title = title::title(&self.claims(&names), self.known_title);
        if let Some(at) = title.block {
            next::mark(self.tree, &mut self.layout, at);
        }
        let standfirst = self.with_lines(title.block, standfirst::standfirst);
        let byline = byline::byline(self.tree, &self.layout, &self.head, &self.stated, title.block, &names);
        Printed { title, standfirst, byline }
    }

    /// Hands what is known around the body to `read`.
    fn with_around<T>(&self, printed: &Printed, read: impl FnOnce(&body::Around) -> T) -> T {
        let witness = self.witness();
        let Printed { title, standfirst, byline } = printed;
        read(&body::Around {
            tree: self.tree,
            layout: &self.layout,
            container: choose::container(self.tree, &self.layout, &witness),
            title_text: title.text.clone().unwrap_or_default(),
            title: title.text.as_deref().map(key).unwrap_or_default(),
            title_block: title.block,
            standfirst: standfirst.clone().map(|blocks| key(&self.text_of(blocks))).unwrap_or_default(),
            standfirst_blocks: standfirst.clone().unwrap_or_default(),
            byline,
            witness: &witness,
            trees: self.trees,
        })
    }

    /// What dates are read from; `body` are the blocks of the text.
    fn sources(&self, title: Option<usize>, body: &[Block]) -> Sources<'_> {
        let (tree, layout, head, stated) = (self.tree, &self.layout, &self.head, &self.stated);
        let url = self.found_at.or(self.url.as_deref());
        let body = self.ends(body);
        Sources { tree, layout, head, stated, title, body, url, month_first: self.is_american() }
    }

    /// The places of the first and the last of the text's blocks among all of the page.
    fn ends(&self, body: &[Block]) -> Option<(usize, usize)> {
        let (first, last) = (body.first()?.node, body.last()?.node);
        let all = &self.layout.blocks;
        Some((all.iter().position(|block| block.node == first)?, all.iter().rposition(|block| block.node == last)?))
    }

    /// The agency of a line soon after the text: "© AFP".
    fn credit(&self, body: &[Block]) -> Option<String> {
        const NEAR: usize = 12;
        let (_, last) = self.ends(body)?;
        let after = self.layout.blocks.iter().skip(last + 1).take(NEAR);
        let plain = after.filter(|block| block.kind != BlockKind::Caption && block.level == 0);
        let lines: Vec<&str> = plain.map(|block| block.text.as_str()).collect();
        slug::copyright(&lines).map(str::to_owned)
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
