//! Why a search found nothing: which part of it alone finds nothing, or which one stands in the way.

use rapporteur_store::{Query, Store};

use super::say;

/// So many parts of a query are looked at.
const MOST_PARTS: usize = 12;
/// Results are counted so far.
const MOST_COUNTED: usize = 1000;

/// Says on standard error that nothing was found, and why.
pub(super) fn tell(store: &Store, query: &Query, articles: bool) -> anyhow::Result<()> {
    let what = if articles { "article" } else { "statement" };
    if count(store, &Query::default(), articles, 1)? == 0 {
        say(&format!("nothing found: the database has no {what}s; `rapporteur import` fills it"));
        return Ok(());
    }
    let apart = query.apart();
    if apart.len() > MOST_PARTS {
        say(&format!("nothing found: no {what} has all of these {} words and fields", apart.len()));
        return Ok(());
    }
    let mut alone = Vec::new();
    for (typed, part) in &apart {
        if count(store, part, articles, 1)? == 0 {
            alone.push(format!("no {what} has {typed}{}", alike(store, part)?));
        }
    }
    if !alone.is_empty() {
        say(&format!("nothing found: {}", alone.join("; ")));
        return Ok(());
    }
    let mut without = Vec::new();
    for (at, (typed, _)) in apart.iter().enumerate().filter(|_| apart.len() > 1) {
        let others = apart.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, (typed, _))| typed.as_str());
        let Ok(rest) = Query::parse(&others.collect::<Vec<_>>().join(" ")) else { continue };
        let n = count(store, &rest, articles, MOST_COUNTED)?;
        if n > 0 {
            let more = if n == MOST_COUNTED { " or more" } else { "" };
            without.push(format!("without {typed} there {} {n}{more}", if n == 1 { "is" } else { "are" }));
        }
    }
    let reason = if without.is_empty() {
        format!("no {what} has all of it, though each part alone is there")
    } else {
        without.join("; ")
    };
    say(&format!("nothing found: {reason}"));
    Ok(())
}

fn count(store: &Store, query: &Query, articles: bool, most: usize) -> anyhow::Result<usize> {
    let n = match articles {
        true => store.count_articles_to(query, Some(most))?,
        false => store.count_statements_to(query, Some(most))?,
    };
    Ok(n as usize)
}

/// A name that was perhaps meant.
fn alike(store: &Store, part: &Query) -> anyhow::Result<String> {
    let Some(name) = part.speaker.iter().chain(&part.via).chain(&part.to).next() else { return Ok(String::new()) };
    let name = store.name_like(name)?;
    Ok(name.map_or_else(String::new, |name| format!(" (did you mean {}?)", name.name)))
}
