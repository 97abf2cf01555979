//! `rapporteur extract`: pages in, articles out.

use std::io::{self, IsTerminal};

use rapporteur::article::{markdown, tei};
use rapporteur::pretty::visible;
use rapporteur::record::{Article, Document, Offsets};

use crate::args::{Extract, ExtractFormat};
use crate::batch::{self, Run};
use crate::inputs::Input;
use crate::load;
use crate::print::Between;
use crate::web::Web;

/// Extracts the articles of `inputs` and prints them; returns whether all held one.
pub(crate) fn run(args: &Extract, inputs: Vec<Input>) -> anyhow::Result<bool> {
    let web = Web::new(&args.fetching, &inputs)?;
    let between = match args.format {
        ExtractFormat::Text | ExtractFormat::Markdown | ExtractFormat::Tei => Between::Blank,
        ExtractFormat::Json => Between::Array,
        ExtractFormat::Jsonl => Between::Lines,
    };
    let run = Run { n_threads: batch::n_threads(args.jobs), between, for_people: between == Between::Blank };
    let is_shown = io::stdout().is_terminal();
    batch::run(inputs, args.fetching.longest.n_bytes(), &run, |input| {
        let article = load::article(input, args.form.into(), &web)?;
        if article.text.trim().is_empty() {
            return Err("no article was found".to_owned());
        }
        let out = is_wanted(&article, args).then(|| printed(article, args));
        Ok(if is_shown { out.map(|out| shown(&out)) } else { out })
    })
}

fn is_wanted(article: &Article, args: &Extract) -> bool {
    let same = |wanted: &String| article.language.as_ref().is_some_and(|language| is_of(language, wanted));
    args.language.as_ref().is_none_or(same) && article.text.chars().count() >= args.min_length
}

/// Whether `en-GB` is of `en`.
fn is_of(language: &str, wanted: &str) -> bool {
    let primary = |code: &str| code.split('-').next().unwrap_or_default().to_ascii_lowercase();
    language.eq_ignore_ascii_case(wanted) || !wanted.contains('-') && primary(language) == primary(wanted)
}

/// The same for a terminal, with nothing in it that one obeys: a text is kept as it came.
fn shown(printed: &str) -> String {
    printed.split('\n').map(visible).collect::<Vec<_>>().join("\n")
}

/// The article as it is printed, without a line end at its end.
fn printed(article: Article, args: &Extract) -> String {
    let offsets: Offsets = args.offsets.into();
    let printed = match args.format {
        ExtractFormat::Text if args.with_metadata => rapporteur::article::header(&article) + &article.text,
        ExtractFormat::Text => article.text,
        ExtractFormat::Markdown => markdown(&article, args.with_metadata),
        ExtractFormat::Tei => tei(&article),
        ExtractFormat::Jsonl => Document::new(article).article_json(offsets),
        ExtractFormat::Json => Document::new(article).article_json_pretty(offsets).replace('\n', "\n  "),
    };
    printed.trim_end().to_owned()
}
