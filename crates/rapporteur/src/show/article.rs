//! An article, and what became of it.

use rapporteur::pretty::{facts, pretty};
use rapporteur_store::{ArticleFound, Store};

use super::revised;
use crate::args::{Show, ShowFormat};
use crate::{json, paper};

/// The article as it is printed.
pub(super) fn shown(store: &Store, article: &ArticleFound, args: &Show) -> anyhow::Result<String> {
    if args.format == ShowFormat::Json && !args.revisions {
        return Ok(json::safe(store.document(article)?.to_json_pretty(args.offsets.into())) + "\n");
    }
    let texts = revised::texts(store, article)?;
    if args.format == ShowFormat::Json {
        return Ok(json::indented(&texts)? + "\n");
    }
    let paper = paper::on_stdout(args.color);
    if args.revisions {
        return Ok(revised::table(&texts, paper));
    }
    let mut printed = pretty(&store.document(article)?, paper);
    let short = article.id.get(..15).unwrap_or(&article.id);
    let one = if article.n_statements > 0 { format!("rapporteur show '{short}#1'") } else { String::new() };
    printed.push('\n');
    printed.push_str(&facts(&[("Article", article.id.clone()), ("One statement", one)], paper));
    if texts.len() > 1 {
        printed.push('\n');
        printed.push_str(&revised::table(&texts, paper));
    }
    Ok(printed)
}
