//! `rapporteur read`: pages in, readings out.

use rapporteur::annotate::Annotator;
use rapporteur::extract::Form;
use rapporteur::pretty::{Paper, pretty, visible};
use rapporteur::record::{Document, Offsets};

use crate::args::{Format, Read};
use crate::batch::{self, Run};
use crate::inputs::Input;
use crate::print::Between;
use crate::web::Web;
use crate::{load, models, paper, why_text};

/// How each input is read and printed.
struct Manner {
    annotator: Annotator,
    web: Web,
    /// Statements under this are left out.
    least_confidence: Option<f32>,
    form: Form,
    format: Format,
    offsets: Offsets,
    paper: Paper,
    /// Whether there may be several files: then a reading for people says which one it is of.
    many: bool,
}

impl Manner {
    fn new(args: &Read, inputs: &[Input]) -> anyhow::Result<Self> {
        Ok(Manner {
            annotator: models::annotator(&args.model.name)?,
            web: Web::new(&args.fetching, inputs)?,
            least_confidence: args.min_confidence,
            form: args.form.into(),
            format: args.format,
            offsets: args.offsets.into(),
            paper: paper::on_stdout(args.color),
            many: batch::may_be_many(inputs),
        })
    }
}

/// Reads `inputs` and prints the readings; returns whether all could be read.
pub(crate) fn run(args: &Read, inputs: Vec<Input>) -> anyhow::Result<bool> {
    if args.why_text {
        return tell_why(args, inputs);
    }
    let manner = Manner::new(args, &inputs)?;
    let between = between(args.format);
    let run = Run { n_threads: batch::n_threads(args.jobs), between, for_people: args.format == Format::Pretty };
    batch::run(inputs, args.fetching.longest.n_bytes(), &run, |input| reading(input, &manner).map(Some))
}

/// Tells why each block is kept or dropped.
fn tell_why(args: &Read, inputs: Vec<Input>) -> anyhow::Result<bool> {
    let web = Web::new(&args.fetching, &inputs)?;
    let (form, between, paper) = (args.form.into(), between(args.format), paper::on_stdout(args.color));
    why_text::run(inputs, &why_text::Manner { web, form, between, paper, jobs: args.jobs })
}

fn between(format: Format) -> Between {
    match format {
        Format::Pretty => Between::Blank,
        Format::Json => Between::Array,
        Format::Jsonl => Between::Lines,
    }
}

fn reading(input: &Input, manner: &Manner) -> Result<String, String> {
    let mut document = manner.annotator.annotate(load::article(input, manner.form, &manner.web)?);
    if let Some(least) = manner.least_confidence {
        document.retain_confident(least);
    }
    Ok(printed(&document, input, manner))
}

/// The reading as it is printed, without a line end at its end.
fn printed(document: &Document, input: &Input, manner: &Manner) -> String {
    match manner.format {
        Format::Jsonl => document.to_json(manner.offsets),
        Format::Json => document.to_json_pretty(manner.offsets).replace('\n', "\n  "),
        Format::Pretty => {
            let name = if manner.many { format!("== {} ==\n", visible(&input.name())) } else { String::new() };
            name + pretty(document, manner.paper).trim_end()
        }
    }
}
