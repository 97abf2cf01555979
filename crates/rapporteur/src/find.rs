//! `rapporteur find`: statements and articles out of the database, one at a time.

pub(crate) mod csv;
mod hint;
pub(crate) mod json;
mod parquet;
pub(crate) mod sink;
pub(crate) mod table;

use std::io::{self, BufWriter, IsTerminal, Write};
use std::ops::ControlFlow;
use std::time::Instant;

use anyhow::{Context, bail};
use rapporteur_store::{Order, Page, Query, Store};

use self::sink::Sink;
use crate::args::{Find, FindFormat, Limit};
use crate::paper;

/// Results in a table on a terminal, if nobody says how many.
pub(crate) const FIRST_PAGE: usize = 20;
/// Results are counted so far, and no further.
const MOST_COUNTED: usize = 10_000;
/// Bytes that are written at once.
pub(crate) const BUFFER: usize = 1 << 16;

/// The query that was typed; else what is wrong with it.
pub(crate) fn query(args: &Find) -> Result<Query, String> {
    let query = Query::parse(&joined(&args.query)).map_err(|error| error.to_string())?;
    if args.rank && query.words.all.is_empty() && (args.articles || query.about.is_empty()) {
        return Err("--rank needs words to look for: without, the newest come first".to_owned());
    }
    Ok(query)
}

/// One query of several arguments. Of these, one with spaces in it was in quotation marks before the shell saw it.
pub(crate) fn joined(arguments: &[String]) -> String {
    let kept = |argument: &String| {
        if arguments.len() == 1 || argument.contains(['"', '“']) || !argument.contains(char::is_whitespace) {
            return argument.clone();
        }
        let field = argument.split_once(':').filter(|(field, _)| field.chars().all(char::is_alphabetic));
        match (field, argument.strip_prefix('-')) {
            (Some((field, value)), _) => format!("{field}:\"{value}\""),
            (None, Some(words)) => format!("-\"{words}\""),
            (None, None) => format!("\"{argument}\""),
        }
    };
    arguments.iter().map(kept).collect::<Vec<_>>().join(" ")
}

/// Finds what `query` asks for and prints it.
pub(crate) fn run(args: &Find, query: &Query) -> anyhow::Result<bool> {
    let begun = Instant::now();
    let store = Store::open(&args.database.path)?;
    let opened = begun.elapsed();
    let on_terminal = io::stdout().is_terminal();
    let limit = match args.limit {
        Some(Limit::Most(most)) => Some(most),
        Some(Limit::All) => None,
        None => (on_terminal && args.format == FindFormat::Table).then_some(FIRST_PAGE),
    };
    let mut sink = sink(args, query, &store, on_terminal)?;
    let (found, written) = printed(args, query, &store, limit, sink.as_mut())?;
    match written {
        // `| head` has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(true),
        written => written.context("standard output")?,
    }
    if found.n == 0 {
        hint::tell(&store, query, args.articles)?;
    } else if args.limit.is_none() && Some(found.n) == limit {
        tell_of_more(&store, query, args.articles, found.n)?;
    }
    if args.timing {
        let first =
            found.first.map_or_else(String::new, |first| format!("the first result after {}, ", ms(first - begun)));
        let all = begun.elapsed();
        say(&format!("opened in {}, {first}{} in {}", ms(opened), results(found.n), ms(all)));
    }
    Ok(true)
}

fn sink<'a>(args: &Find, query: &'a Query, store: &'a Store, on_terminal: bool) -> anyhow::Result<Box<dyn Sink + 'a>> {
    let out = || BufWriter::with_capacity(BUFFER, io::stdout().lock());
    let offsets = args.offsets.into();
    Ok(match args.format {
        FindFormat::Table => Box::new(table::Table::new(out(), query, store, paper::on_stdout(args.color))),
        FindFormat::Json => Box::new(json::Json::array(out(), offsets)),
        FindFormat::Jsonl => Box::new(json::Json::lines(out(), offsets)),
        FindFormat::Csv => Box::new(csv::Csv::new(out(), offsets, args.spreadsheet, on_terminal)),
        FindFormat::Parquet if on_terminal => bail!("Parquet is no text: send it to a file, with `> found.parquet`"),
        FindFormat::Parquet => {
            Box::new(parquet::Parquet::new(io::stdout(), args.articles, offsets).context("--format parquet")?)
        }
    })
}

/// What a search gave.
#[derive(Default)]
struct Found {
    n: usize,
    first: Option<Instant>,
}

/// Prints all results; also whether they could be written.
fn printed(
    args: &Find,
    query: &Query,
    store: &Store,
    limit: Option<usize>,
    sink: &mut dyn Sink,
) -> anyhow::Result<(Found, io::Result<()>)> {
    let page = Page { order: if args.rank { Order::Best } else { Order::Newest }, after: None, limit };
    let (mut found, mut written) = (Found::default(), Ok(()));
    let mut seen = |result: io::Result<()>| {
        found.n += 1;
        found.first.get_or_insert_with(Instant::now);
        written = result;
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    if args.articles {
        store.articles(query, page, |article| seen(sink.article(&article)))?;
    } else {
        store.statements(query, page, |statement| seen(sink.statement(&statement)))?;
    }
    let written = written.and_then(|()| sink.finish());
    Ok((found, written))
}

/// That there are more than the first page, and how to see them.
fn tell_of_more(store: &Store, query: &Query, articles: bool, n_shown: usize) -> anyhow::Result<()> {
    let most = Some(MOST_COUNTED + 1);
    let n = if articles { store.count_articles_to(query, most)? } else { store.count_statements_to(query, most)? };
    let n = n as usize;
    if n > n_shown {
        let n = if n > MOST_COUNTED { format!("more than {MOST_COUNTED}") } else { n.to_string() };
        say(&format!("{n_shown} of {n}: --limit 100 or --limit all shows more, and a pipe gets all"));
    }
    Ok(())
}

fn results(n: usize) -> String {
    format!("{n} result{}", if n == 1 { "" } else { "s" })
}

pub(crate) fn ms(time: std::time::Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

/// One line for people. Nobody may be listening any more, which is no reason to stop.
pub(crate) fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{}", rapporteur::pretty::visible(line));
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn what_the_shell_kept_together_stays_together() {
        let query = |arguments: &[&str]| joined(&arguments.iter().map(|one| one.to_string()).collect::<Vec<_>>());
        assert_eq!(query(&["full halt speaker:Li"]), "full halt speaker:Li");
        assert_eq!(
            query(&["full halt", "speaker:Sergey Lavrov", "-no no"]),
            "\"full halt\" speaker:\"Sergey Lavrov\" -\"no no\""
        );
        assert_eq!(query(&["a", "speaker:\"b c\"", ""]), "a speaker:\"b c\" ");
    }
}
