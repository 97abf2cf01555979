//! `rapporteur show`: one article, or one statement where it stands.

mod article;
mod revised;
mod statement;

use std::io::{self, Write};

use anyhow::{Context, bail};
use rapporteur_store::{ArticleFound, Problem, StatementFound, Store};

use crate::args::{Database, FindFormat, Show, ShowFormat, Who};
use crate::who;

/// What a name may mean is looked for so far.
const MOST_MEANT: usize = 5;

/// What is to be shown.
enum Thing {
    Article(Box<ArticleFound>),
    Statement(Box<StatementFound>),
}

/// Shows what is asked for.
pub(crate) fn run(args: &Show) -> anyhow::Result<bool> {
    if args.what.starts_with("p:") {
        return who::run(&person(args));
    }
    let store = Store::open(&args.database.path)?;
    let shown = match thing(&store, &args.what)? {
        Thing::Article(article) => article::shown(&store, &article, args)?,
        Thing::Statement(statement) => statement::shown(&store, &statement, args)?,
    };
    let mut out = io::stdout().lock();
    match out.write_all(shown.as_bytes()).and_then(|()| out.flush()) {
        // `| head` has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(true),
        written => written.map(|()| true).context("standard output"),
    }
}

/// A person is shown by `rapporteur who`.
fn person(args: &Show) -> Who {
    let format = match args.format {
        ShowFormat::Pretty => FindFormat::Table,
        ShowFormat::Json => FindFormat::Json,
    };
    Who {
        name: vec![args.what.clone()],
        id: None,
        kind: None,
        limit: None,
        format,
        spreadsheet: false,
        offsets: args.offsets,
        color: args.color,
        timing: false,
        database: Database { path: args.database.path.clone() },
    }
}

/// What `what` names.
fn thing(store: &Store, what: &str) -> anyhow::Result<Thing> {
    if let Some(article) = store.revisions(what)?.pop() {
        return Ok(Thing::Article(Box::new(article.article)));
    }
    if what.contains("://") {
        bail!("{what}: no article has this URL; `rapporteur find --articles url:…` and `outlet:…` look for some");
    }
    if let Some((id, number)) = what.rsplit_once('#') {
        return numbered(store, id, number);
    }
    let statements =
        if what.starts_with("b3:") { Vec::new() } else { known(store.statements_by_key(what, MOST_MEANT))? };
    let articles = known(store.articles_by_id(what, MOST_MEANT))?;
    match (statements.as_slice(), articles.as_slice()) {
        ([], []) => bail!(
            "{what}: no statement's key, no article's id and no URL; `rapporteur find` looks for words, \
             and `rapporteur find speaker:…` for what somebody said"
        ),
        ([statement], []) => Ok(Thing::Statement(Box::new(statement.clone()))),
        ([], [article]) => Ok(Thing::Article(Box::new(article.clone()))),
        _ => {
            let keys = statements.iter().map(|statement| statement.key.to_string());
            let ids = articles.iter().map(|article| article.id.clone());
            let names: Vec<String> = keys.chain(ids).collect();
            bail!("{what}: several begin so; type more of one: {}", names.join(", "))
        }
    }
}

/// The statement with that number of an article, as the table of `read` counts them.
fn numbered(store: &Store, id: &str, number: &str) -> anyhow::Result<Thing> {
    let articles = known(store.articles_by_id(id, MOST_MEANT))?;
    let [article] = articles.as_slice() else {
        bail!(
            "{id}: {}",
            if articles.is_empty() { "no article's id begins so" } else { "several ids begin so: type more" }
        )
    };
    let at = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let statement = at.and_then(|at| store.statements_in(article).map(|found| found.into_iter().nth(at)).transpose());
    match statement {
        Some(statement) => Ok(Thing::Statement(Box::new(statement?))),
        None => bail!("{id}: no statement {number}: its statements are numbered from 1 to {}", article.n_statements),
    }
}

/// What is found; nothing where what was typed can be no name.
fn known<T>(found: Result<Vec<T>, rapporteur_store::Error>) -> anyhow::Result<Vec<T>> {
    match found {
        Err(error) if matches!(error.problem, Problem::Query(_)) => Ok(Vec::new()),
        found => Ok(found?),
    }
}
