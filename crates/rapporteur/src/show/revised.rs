//! What became of an article's statements in other texts of its URL.

use rapporteur::pretty::{Paper, facts};
use rapporteur::record::{Document, Statement};
use rapporteur_store::{ArticleFound, Change, Revision, Store};
use serde::Serialize;

/// The texts of a URL are compared up to so many, the last ones.
const MOST_COMPARED: usize = 200;
/// The most characters of a statement's words that are printed.
const MOST_WORDS: usize = 160;

/// One text of a URL, and what became of the statements since the text before.
#[derive(Serialize)]
pub(super) struct Text {
    article: String,
    at: Option<String>,
    title: Option<String>,
    statements: usize,
    /// Whether it is the one that was asked for.
    this: bool,
    changes: Vec<Changed>,
}

/// What became of a statement.
#[derive(Serialize)]
struct Changed {
    change: &'static str,
    before: Option<Words>,
    after: Option<Words>,
}

#[derive(Serialize)]
struct Words {
    /// Its index in its document.
    id: usize,
    speaker: Option<String>,
    content: String,
}

/// The texts of the article's URL, the earliest first; just the article if it has no other.
pub(super) fn texts(store: &Store, article: &ArticleFound) -> anyhow::Result<Vec<Text>> {
    let mut revisions = of(store, article)?;
    let first = revisions.len().saturating_sub(MOST_COMPARED);
    revisions.drain(..first);
    let (mut texts, mut before) = (Vec::new(), None::<(ArticleFound, Document)>);
    for revision in revisions {
        let document = store.document(&revision.article)?;
        let changes = match &before {
            Some((article, earlier)) => {
                let changes = store.changes(article, &revision.article)?;
                changes.into_iter().map(|change| changed(change, earlier, &document)).collect()
            }
            None => Vec::new(),
        };
        texts.push(Text {
            article: revision.article.id.clone(),
            at: revision.at,
            title: revision.article.title.clone(),
            statements: revision.article.n_statements,
            this: revision.article.id == article.id,
            changes,
        });
        before = Some((revision.article, document));
    }
    Ok(texts)
}

/// All texts of the article's URL.
pub(super) fn of(store: &Store, article: &ArticleFound) -> anyhow::Result<Vec<Revision>> {
    match &article.url {
        Some(url) => Ok(store.revisions(url)?),
        None => Ok(vec![Revision { article: article.clone(), at: article.published.clone() }]),
    }
}

fn changed(change: Change, before: &Document, after: &Document) -> Changed {
    let of = |document: &Document, id: usize| document.statements.get(id).map(|statement| words(document, statement));
    match change {
        Change::Dropped { before: id } => Changed { change: "dropped", before: of(before, id), after: None },
        Change::Added { after: id } => Changed { change: "added", before: None, after: of(after, id) },
        Change::Changed { before: one, after: other } => {
            Changed { change: "changed", before: of(before, one), after: of(after, other) }
        }
    }
}

fn words(document: &Document, statement: &Statement) -> Words {
    let stretches: Vec<&str> = statement.content.iter().map(|span| &document.article.text[*span]).collect();
    Words { id: statement.id, speaker: speaker(document, statement), content: stretches.join(" … ") }
}

/// The speaker's name, or else the words that name the source.
fn speaker(document: &Document, statement: &Statement) -> Option<String> {
    let name = statement.speaker.and_then(|id| document.entities.get(id)).map(|entity| entity.name.clone());
    name.or_else(|| statement.source.first().map(|span| document.article.text[*span].to_owned()))
}

/// The texts and what changed in each, for people.
pub(super) fn table(texts: &[Text], paper: Paper) -> String {
    let mut rows = Vec::new();
    for (number, text) in texts.iter().enumerate() {
        let this = if text.this { ", shown here" } else { "" };
        let at = text.at.as_deref().unwrap_or("at an unknown time");
        let n = |what: &str| text.changes.iter().filter(|changed| changed.change == what).count();
        let became = match (number, n("dropped"), n("changed"), n("added")) {
            (0, ..) => "the first that is known".to_owned(),
            (_, 0, 0, 0) => "says the same".to_owned(),
            (_, dropped, changed, added) => format!("{dropped} dropped, {changed} changed, {added} added"),
        };
        rows.push((format!("Text {}", number + 1), format!("{at}, {}{this}: {became}", text.article)));
        for Changed { change, before, after } in &text.changes {
            let mut words: Vec<String> = [before, after].into_iter().flatten().map(said).collect();
            let last = words.pop().unwrap_or_default();
            rows.extend(words.into_iter().map(|words| (format!("  {change}"), words)));
            let label = if before.is_some() && after.is_some() { "  to".to_owned() } else { format!("  {change}") };
            rows.push((label, last));
        }
    }
    facts(&rows, paper)
}

/// "Li: “Never again …”"
fn said(words: &Words) -> String {
    let speaker = words.speaker.as_deref().map_or_else(String::new, |speaker| format!("{speaker}: "));
    format!("{speaker}“{}”", shortened(&words.content))
}

/// At most [`MOST_WORDS`] characters.
pub(super) fn shortened(words: &str) -> String {
    match words.char_indices().nth(MOST_WORDS) {
        Some((end, _)) => format!("{}…", words[..end].trim_end()),
        None => words.to_owned(),
    }
}
