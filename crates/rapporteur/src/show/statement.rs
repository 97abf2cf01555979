//! A statement where it stands, the way that it took, its citation, and what became of it.

use rapporteur::pretty::{facts, passage};
use rapporteur::record::{Document, Statement};
use rapporteur_store::{Change, Citation, StatementFound, Store, Verdict, check_citation};
use serde::Serialize;
use serde_json::Value;

use super::revised;
use crate::args::{Show, ShowFormat};
use crate::find::json::{StatementObject, statement};
use crate::{json, paper};

/// The texts of a URL that a statement is looked for in.
const MOST_TEXTS: usize = 50;

/// A statement and all that is known of it, as programs get it.
#[derive(Serialize)]
struct Object<'a> {
    #[serde(flatten)]
    statement: StatementObject<'a>,
    /// Who passed the words on, the speaker first, the outlet last.
    chain: Vec<String>,
    citation: Value,
    elsewhere: Vec<Elsewhere>,
}

/// What became of it in another text of the URL.
#[derive(Serialize)]
struct Elsewhere {
    article: String,
    at: Option<String>,
    /// Whether its words stand there where they did.
    stands: bool,
    /// kept, changed or dropped
    became: &'static str,
    /// The key and the words that it was changed to.
    key: Option<String>,
    content: Option<String>,
}

/// The statement as it is printed.
pub(super) fn shown(store: &Store, found: &StatementFound, args: &Show) -> anyhow::Result<String> {
    let citation = store.cite(found)?;
    let elsewhere = elsewhere(store, found, &citation)?;
    if args.format == ShowFormat::Json {
        if args.revisions {
            return Ok(json::indented(&elsewhere)? + "\n");
        }
        let object = Object {
            statement: statement(found, args.offsets.into()),
            chain: chain(found),
            citation: serde_json::from_str(&citation.to_json())?,
            elsewhere,
        };
        return Ok(json::indented(&object)? + "\n");
    }
    let paper = paper::on_stdout(args.color);
    let became = if elsewhere.is_empty() && args.revisions {
        vec![("Other texts".to_owned(), "none of its URL is known".to_owned())]
    } else {
        elsewhere.iter().map(became).collect()
    };
    if args.revisions {
        return Ok(facts(&became, paper));
    }
    let document = store.document(&found.article)?;
    let mut rows = known(store, &document, found)?;
    rows.extend(cited(&citation, found));
    rows.extend(became);
    Ok(format!("{}\n{}", passage(&document, found.id, paper), facts(&rows, paper)))
}

/// What the record says of it.
fn known(store: &Store, document: &Document, found: &StatementFound) -> anyhow::Result<Vec<(String, String)>> {
    let article = &found.article;
    let who: Vec<&str> =
        [&found.speaker, &found.role, &found.country].into_iter().flatten().map(String::as_str).collect();
    let who = if found.jointly.is_empty() { who.join(", ") } else { found.jointly.join(" and ") };
    let source = if found.source.is_empty() { String::new() } else { format!("named by “{}”", found.source) };
    let who = [who, source].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ");
    let mut how = vec![found.act.word(), found.quotation.word()];
    how.extend(found.channel.map(|channel| channel.word()));
    how.extend(found.negated.then_some("negated"));
    let cue = if found.cue.is_empty() { String::new() } else { format!("“{}”: ", found.cue) };
    let row = |label: &str, value: String| (label.to_owned(), value);
    let (inside, holds) = nested(store, document, found)?;
    let name = article.outlet_name.clone().or_else(|| article.outlet.clone());
    let published = [name, article.published.clone()].into_iter().flatten().collect::<Vec<_>>().join(", ");
    Ok(vec![
        row("Statement", format!("{}, {:.2} sure", found.key, found.confidence)),
        row("Speaker", who),
        row("How", format!("{cue}{}", how.join(", "))),
        row("Chain", chain(found).join(" → ")),
        row("Inside", inside),
        row("Holds", holds.join(", ")),
        row("Published", published),
        row("Title", article.title.clone().unwrap_or_default()),
        row("URL", article.url.clone().unwrap_or_default()),
        row("Article", article.id.clone()),
    ])
}

/// The key of the statement in whose words it stands, and the keys of those that stand in its own.
fn nested(store: &Store, document: &Document, found: &StatementFound) -> anyhow::Result<(String, Vec<String>)> {
    let is_inner = |other: &&Statement| other.inside == Some(found.id);
    let inner: Vec<usize> = document.statements.iter().filter(is_inner).map(|other| other.id).collect();
    let outer = document.statements.get(found.id).and_then(|statement| statement.inside);
    if inner.is_empty() && outer.is_none() {
        return Ok((String::new(), Vec::new()));
    }
    let all = store.statements_of(&found.article)?;
    let key = |id: usize| all.iter().find(|other| other.id == id).map(|other| other.key.to_string());
    Ok((outer.and_then(key).unwrap_or_default(), inner.into_iter().filter_map(key).collect()))
}

/// The speaker, who passed it on, and the outlet.
fn chain(found: &StatementFound) -> Vec<String> {
    let source = Some(&found.source).filter(|source| !source.is_empty()).map(|source| format!("“{source}”"));
    let joint = (!found.jointly.is_empty()).then(|| found.jointly.join(" and "));
    let speaker = found.speaker.clone().or(joint).or(source);
    let outlet = found.article.outlet_name.clone().or_else(|| found.article.outlet.clone());
    speaker.into_iter().chain(found.via.iter().cloned()).chain(outlet).collect()
}

fn cited(citation: &Citation, found: &StatementFound) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    for stretch in &citation.stretches {
        rows.push(("Cited".to_owned(), format!("“{}”", stretch.exact)));
        let place = format!(
            "characters {} to {}, after “{}”, before “{}”",
            stretch.start, stretch.end, stretch.prefix, stretch.suffix
        );
        rows.push(("  at".to_owned(), place));
    }
    let page = if found.article.has_page() { "the page as it came" } else { "the text" };
    rows.push(("  in".to_owned(), format!("b3:{}, the hash of {page}", citation.snapshot)));
    rows
}

/// What became of it in the other texts of its URL, the earliest first.
fn elsewhere(store: &Store, found: &StatementFound, citation: &Citation) -> anyhow::Result<Vec<Elsewhere>> {
    let mut revisions = revised::of(store, &found.article)?;
    revisions.retain(|revision| revision.article.id != found.article.id);
    let first = revisions.len().saturating_sub(MOST_TEXTS);
    let mut elsewhere = Vec::new();
    for revision in revisions.drain(first..) {
        let change = store.changes(&found.article, &revision.article)?.into_iter().find_map(|change| match change {
            Change::Dropped { before } if before == found.id => Some(None),
            Change::Changed { before, after } if before == found.id => Some(Some(after)),
            _ => None,
        });
        let changed = match change {
            Some(Some(after)) => store.statements_of(&revision.article)?.into_iter().find(|other| other.id == after),
            _ => None,
        };
        let stands = check_citation(citation, &store.article_text(&revision.article)?) == Verdict::Holds;
        elsewhere.push(Elsewhere {
            article: revision.article.id,
            at: revision.at,
            stands,
            became: match change {
                None => "kept",
                Some(None) => "dropped",
                Some(Some(_)) => "changed",
            },
            key: changed.as_ref().map(|other| other.key.to_string()),
            content: changed.map(|other| other.content),
        });
    }
    Ok(elsewhere)
}

fn became(other: &Elsewhere) -> (String, String) {
    let at = other.at.as_deref().unwrap_or("at an unknown time");
    let what = match (&other.content, other.became) {
        (Some(content), _) => {
            format!("changed to “{}” ({})", revised::shortened(content), other.key.as_deref().unwrap_or_default())
        }
        (None, became) => became.to_owned(),
    };
    let stands = if other.stands { "; its words stand where they did" } else { "; its words are not where they were" };
    ("Other text".to_owned(), format!("{at}, {}: {what}{stands}", other.article))
}
