//! An HTML page to an article.

use rapporteur_record::{Article, BlockKind};

use crate::blocks::Layout;
use crate::head::Head;
use crate::jsonld::{self, Stated};
use crate::keep::{TREES, Trees};
use crate::text::{folded, key};
use crate::tree::Tree;
use crate::when::Sources;
use crate::{Page, assemble, body, byline, choose, language, outlet, parse, slug, standfirst, streamed, title};

/// Reads a page.
pub(crate) fn article(html: &str, page: &Page, trees: &Trees) -> Article {
    let mut tree = parse::parse(html);
    streamed::joined(&mut tree);
    let (head, stated, layout) = (Head::new(&tree), jsonld::stated(&tree), Layout::new(&tree));
    let reading = Reading::new(&tree, head, stated, layout, page, trees);
    reading.article()
}

/// The blocks of a page as training sees them.
pub(crate) fn examples(html: &str, page: &Page) -> Vec<crate::features::Example> {
    let mut tree = parse::parse(html);
    streamed::joined(&mut tree);
    let (head, stated, layout) = (Head::new(&tree), jsonld::stated(&tree), Layout::new(&tree));
    let reading = Reading::new(&tree, head, stated, layout, page, &TREES);
    reading.with_around(&reading.printed(), crate::features::examples)
}

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
    trees: &'a Trees,
}

impl<'a> Reading<'a> {
    fn new(tree: &'a Tree, head: Head, stated: Stated, layout: Layout, page: &Page<'a>, trees: &'a Trees) -> Self {
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

    fn article(self) -> Article {
        let printed = self.printed();
        let blocks = self.with_around(&printed, body::body);
        let Printed { title, standfirst, byline } = printed;
        let standfirst_text = standfirst.map(|at| folded(&self.layout.blocks[at].text));
        let (published, modified) = self.dates(title.block);
        let mut article = Article {
            title: title.text,
            standfirst: standfirst_text,
            byline,
            published,
            modified,
            ..Article::default()
        };
        let lead = [(BlockKind::Title, article.title.clone()), (BlockKind::Standfirst, article.standfirst.clone())];
        let lead = lead.into_iter().filter_map(|(kind, text)| Some((kind, text?)));
        let blocks = blocks.into_iter().map(|block| (block.kind, block.text));
        assemble::assemble(&mut article, lead.chain(blocks).collect::<Vec<_>>());
        self.finish(article)
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

    fn printed(&self) -> Printed {
        let names = self.names();
        let title = title::title(&self.layout, &self.head, &self.stated, self.known_title, &names);
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
            trees: self.trees,
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
