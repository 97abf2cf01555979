//! `--why-text`: why each block of a page is kept or dropped.

use rapporteur::extract::{self, Explained, Form, Judged};
use rapporteur::pretty::{Paper, visible, why_text};
use serde::Serialize;

use crate::batch::{self, Run};
use crate::inputs::Input;
use crate::print::Between;
use crate::web::Web;
use crate::{json, load};

/// How it is told.
pub(crate) struct Manner {
    pub(crate) web: Web,
    pub(crate) form: Form,
    /// [`Between::Blank`] is for people.
    pub(crate) between: Between,
    pub(crate) paper: Paper,
    pub(crate) jobs: Option<u16>,
}

/// Tells of each of `inputs` what became of its blocks; returns whether all could be read. That a page holds no article
/// is told like everything else.
pub(crate) fn run(inputs: Vec<Input>, manner: &Manner) -> anyhow::Result<bool> {
    let (between, many) = (manner.between, batch::may_be_many(&inputs));
    let run = Run { n_threads: batch::n_threads(manner.jobs), between, for_people: between == Between::Blank };
    batch::run(inputs, manner.web.max_page(), &run, |input| {
        let explained = load::page(input, manner.form, &manner.web, extract::explain)?;
        let name = input.name();
        let told = match between {
            Between::Blank if many => format!("== {} ==\n{}", visible(&name), why_text(&explained, manner.paper)),
            Between::Blank => why_text(&explained, manner.paper),
            Between::Lines => json::line(&Told::new(&name, &explained)).map_err(|error| error.to_string())?,
            Between::Array => {
                let told = json::indented(&Told::new(&name, &explained)).map_err(|error| error.to_string())?;
                told.replace('\n', "\n  ")
            }
        };
        Ok(Some(told.trim_end().to_owned()))
    })
}

/// What is told of a page, in JSON.
#[derive(Serialize)]
struct Told<'a> {
    input: &'a str,
    title: Option<&'a str>,
    /// What the page is, if it holds no article.
    no_article: Option<String>,
    notes: &'a [String],
    blocks: Vec<Block<'a>>,
}

#[derive(Serialize)]
struct Block<'a> {
    kept: bool,
    kind: rapporteur::record::BlockKind,
    verdict: &'static str,
    element: Option<&'a str>,
    /// From 0 to 1, to two digits; null where the rules settle it.
    probability: Option<f64>,
    cut: Option<&'static str>,
    text: &'a str,
}

impl<'a> Told<'a> {
    fn new(input: &'a str, explained: &'a Explained) -> Self {
        let article = explained.article.as_ref();
        Told {
            input,
            title: article.ok().and_then(|article| article.title.as_deref()),
            no_article: article.err().map(ToString::to_string),
            notes: article.map_or(&[], |article| &article.notes),
            blocks: explained.blocks.iter().map(block).collect(),
        }
    }
}

fn block(judged: &Judged) -> Block<'_> {
    Block {
        kept: judged.kept,
        kind: judged.kind,
        verdict: judged.verdict.name(),
        element: judged.element.as_deref(),
        probability: judged.probability.map(|probability| (f64::from(probability) * 100.0).round() / 100.0),
        cut: judged.cut.map(|cut| cut.name()),
        text: &judged.text,
    }
}
