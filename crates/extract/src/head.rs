//! What a page's head and its marked-up elements say: meta tags, links, microdata, `time`.

use web_atoms::local_name;

use crate::text;
use crate::tree::{Id, Tree};

/// Values as they stand in the page, in its order.
#[derive(Debug, Default)]
pub(crate) struct Head {
    /// Name or property in lower case, and content.
    pub(crate) metas: Vec<(String, String)>,
    pub(crate) title: Option<String>,
    pub(crate) canonical: Option<String>,
    pub(crate) language: Option<String>,
    /// `itemprop` in lower case, its value, and its element.
    pub(crate) items: Vec<(String, String, Id)>,
    /// `datetime` or text of `time` elements.
    pub(crate) times: Vec<(String, Id)>,
    /// Dates that show when one points at an element.
    pub(crate) tips: Vec<(String, Id)>,
    /// Texts of links to authors.
    pub(crate) authors: Vec<(String, Id)>,
}

/// At most so many bytes of a value are kept.
const LONGEST: usize = 2000;

/// The `itemprop`s that are read.
const ITEMS: &[&str] = &[
    "headline",
    "author",
    "datepublished",
    "datecreated",
    "datemodified",
    "name",
    "alternativeheadline",
    "articlesection",
];

impl Head {
    pub(crate) fn new(tree: &Tree) -> Self {
        let mut head = Head::default();
        for id in tree.below(0) {
            head.see(tree, id);
        }
        head
    }

    fn see(&mut self, tree: &Tree, id: Id) {
        match tree.name(id) {
            local_name!("meta") => self.see_meta(tree, id),
            local_name!("link") => self.see_link(tree, id),
            local_name!("title") if self.title.is_none() => self.title = some(tree.text(id, LONGEST)),
            local_name!("html") => self.language = tree.attr(id, "lang").and_then(|value| some(value.to_owned())),
            local_name!("time") => {
                let value = tree.attr(id, "datetime").filter(|value| !value.is_empty()).map(str::to_owned);
                self.times.push((value.unwrap_or_else(|| tree.text(id, 200)), id));
            }
            local_name!("a") if tree.attr(id, "rel").is_some_and(|rel| rel.split(' ').any(|word| word == "author")) => {
                self.authors.push((tree.text(id, 200), id));
            }
            local_name!("abbr") | local_name!("span") => {
                let tip = tree.attr(id, "title").filter(|tip| tip.len() < 80 && tip.contains("20"));
                self.tips.extend(tip.map(|tip| (tip.to_owned(), id)));
            }
            _ => {}
        }
        self.see_item(tree, id);
    }

    fn see_meta(&mut self, tree: &Tree, id: Id) {
        let name = tree.attr(id, "property").or_else(|| tree.attr(id, "name")).or_else(|| tree.attr(id, "http-equiv"));
        let content = tree.attr(id, "content").map(text::folded).filter(|content| !content.is_empty());
        if let (Some(name), Some(content)) = (name, content) {
            self.metas.push((name.trim().to_lowercase(), text::head(&content, LONGEST).to_owned()));
        }
    }

    fn see_link(&mut self, tree: &Tree, id: Id) {
        let canonical = tree.attr(id, "rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical"));
        if canonical && self.canonical.is_none() {
            self.canonical = tree.attr(id, "href").and_then(|href| some(href.trim().to_owned()));
        }
    }

    fn see_item(&mut self, tree: &Tree, id: Id) {
        let Some(property) = tree.attr(id, "itemprop") else { return };
        let property = property.to_lowercase();
        if property.split(' ').any(|word| ITEMS.contains(&word)) {
            let value = tree.attr(id, "content").or_else(|| tree.attr(id, "datetime")).map(text::folded);
            let value = value.filter(|value| !value.is_empty()).unwrap_or_else(|| tree.text(id, 300));
            self.items.push((property, value, id));
        }
    }

    /// The content of the first of several metas that is there.
    pub(crate) fn meta(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.metas.iter().find(|meta| meta.0 == *name).map(|meta| meta.1.as_str()))
    }

    /// The values of an `itemprop`.
    pub(crate) fn items<'a>(&'a self, property: &'a str) -> impl Iterator<Item = (&'a str, Id)> {
        let items = self.items.iter().filter(move |item| item.0.split(' ').any(|word| word == property));
        items.map(|item| (item.1.as_str(), item.2))
    }
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.trim().is_empty())
}
