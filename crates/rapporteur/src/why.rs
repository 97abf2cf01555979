//! `rapporteur why`: how a page's statements were found.

use std::io::{self, Write};

use anyhow::{Context, bail};
use rapporteur::pretty;

use crate::args::{Why, WhyFormat};
use crate::inputs::Input;
use crate::web::Web;
use crate::{load, models, panics, paper};

/// Reads the input and tells why; returns whether it could be read.
pub(crate) fn run(args: &Why) -> anyhow::Result<bool> {
    let annotator = models::annotator(&args.model.name)?;
    let input =
        Input { path: args.input.clone(), url: args.url.as_deref().map(Into::into), date: args.date, capture: None };
    let web = Web::new(&args.fetching, std::slice::from_ref(&input))?;
    panics::keep_quiet();
    let explained =
        panics::caught(|| load::article(&input, args.form.into(), &web).map(|article| annotator.explain(article)));
    let (document, why) = match explained.and_then(|explained| explained) {
        Ok(explained) => explained,
        Err(reason) => bail!("{}: {reason}", input.path.display()),
    };
    let why = match args.statement {
        None => why,
        Some(number) => match why.of(number as usize - 1) {
            Some(why) => why,
            None => bail!("{}: no statement {number}: {}", input.path.display(), counted(document.statements.len())),
        },
    };
    let told = match args.format {
        WhyFormat::Pretty => pretty::why(&document, &why, paper::on_stdout(args.color)),
        WhyFormat::Json => why.to_json_pretty(&document, args.offsets.into()) + "\n",
    };
    let mut out = io::stdout().lock();
    match out.write_all(told.as_bytes()).and_then(|()| out.flush()) {
        // `| head` has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(true),
        written => written.map(|()| true).context("standard output"),
    }
}

fn counted(n_statements: usize) -> String {
    match n_statements {
        0 => "there are none".to_owned(),
        1 => "there is one".to_owned(),
        n => format!("there are {n}"),
    }
}
