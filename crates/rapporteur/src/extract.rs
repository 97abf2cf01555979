//! `rapporteur extract`: pages in, articles out.

use std::fs;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use rapporteur::article::{markdown, tei};
use rapporteur::extract::NoArticle;
use rapporteur::pretty::visible;
use rapporteur::record::{Article, Document, Offsets};

use crate::args::{Extract, ExtractFormat};
use crate::batch::{self, Run};
use crate::inputs::Input;
use crate::print::Between;
use crate::web::Web;
use crate::{load, paper, why_text};

/// Extracts the articles of `inputs` and prints them; returns whether all held one.
pub(crate) fn run(args: &Extract, inputs: Vec<Input>) -> anyhow::Result<bool> {
    let web = Web::new(&args.fetching, &inputs)?;
    if args.why_text {
        let (form, paper) = (args.form.into(), paper::on_stdout(args.color));
        return why_text::run(
            inputs,
            &why_text::Manner { web, form, between: between(args.format), paper, jobs: args.jobs },
        );
    }
    if let Some(folder) = &args.output_dir {
        fs::create_dir_all(folder).with_context(|| format!("{}", folder.display()))?;
    }
    let between = if args.output_dir.is_some() { Between::Lines } else { between(args.format) };
    let run = Run { n_threads: batch::n_threads(args.jobs), between, for_people: between == Between::Blank };
    let is_shown = io::stdout().is_terminal();
    batch::run(inputs, args.fetching.longest.n_bytes(), &run, |input| {
        let article = load::article(input, args.form.into(), &web)?;
        if article.text.trim().is_empty() {
            return Err(format!("no article: {}", NoArticle::Empty));
        }
        if !is_wanted(&article, args) {
            return Ok(None);
        }
        match &args.output_dir {
            Some(folder) => {
                written(&folder.join(name(&input.path, &article, args.format)), article, args).map(|()| None)
            }
            None => {
                let printed = printed(article, args);
                let printed = if between == Between::Array { printed.replace('\n', "\n  ") } else { printed };
                Ok(Some(if is_shown { shown(&printed) } else { printed }))
            }
        }
    })
}

/// The inputs that are named on the command line, and those of the file of inputs.
pub(crate) fn paths(args: &Extract) -> anyhow::Result<Vec<PathBuf>> {
    let mut paths = args.inputs.clone();
    if let Some(file) = &args.input_file {
        let fail = |reason: String| anyhow!("{}: {reason}", file.display());
        let text = String::from_utf8(load::bytes(file).map_err(fail)?).map_err(|_| fail("not UTF-8".to_owned()))?;
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        paths.extend(lines.map(PathBuf::from));
        if paths.is_empty() {
            bail!("{}: no input in it; there is one a line", file.display());
        }
    }
    Ok(paths)
}

fn between(format: ExtractFormat) -> Between {
    match format {
        ExtractFormat::Text | ExtractFormat::Markdown | ExtractFormat::Tei => Between::Blank,
        ExtractFormat::Json => Between::Array,
        ExtractFormat::Jsonl => Between::Lines,
    }
}

/// "story-5f0c12ab.md": by the name of the page, and the article's id.
fn name(path: &Path, article: &Article, format: ExtractFormat) -> String {
    let path = path.to_string_lossy();
    let last = path.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/').rsplit(['/', '\\']).next();
    let stem = last.unwrap_or_default().split('.').next().unwrap_or_default();
    let is_plain = |c: &char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let stem: String = stem.chars().filter(is_plain).take(LONGEST_STEM).collect();
    let id: String = article.id.trim_start_matches("b3:").chars().take(8).collect();
    let end = match format {
        ExtractFormat::Text => "txt",
        ExtractFormat::Markdown => "md",
        ExtractFormat::Json | ExtractFormat::Jsonl => "json",
        ExtractFormat::Tei => "xml",
    };
    let dash = if stem.is_empty() { "" } else { "-" };
    format!("{stem}{dash}{id}.{end}")
}

/// The most characters of a page's name in the name of its article's file.
const LONGEST_STEM: usize = 60;

fn written(path: &Path, article: Article, args: &Extract) -> Result<(), String> {
    fs::write(path, printed(article, args) + "\n")
        .map_err(|error| format!("{}: {}", path.display(), load::reason(&error)))
}

fn is_wanted(article: &Article, args: &Extract) -> bool {
    let same = |wanted: &String| article.language.as_ref().is_some_and(|language| is_of(language, wanted));
    let known = article.title.is_some() && article.published.is_some() && article.url.is_some();
    (known || !args.only_with_metadata)
        && args.language.as_ref().is_none_or(same)
        && article.text.chars().count() >= args.min_length
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
        ExtractFormat::Json => Document::new(article).article_json_pretty(offsets),
    };
    printed.trim_end().to_owned()
}
