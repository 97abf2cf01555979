//! Prints the blocks of pages with what is known of each, a line of JSON a page: `blocks FILE URL FILE URL …` (see
//! `training/blocks.py`).

use std::io::{self, Write};
use std::{env, fs};

use rapporteur_extract::{Example, Form, Page, domain, examples};
use serde_json::json;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let mut out = io::BufWriter::new(io::stdout().lock());
    for pair in arguments.chunks_exact(2) {
        let bytes = fs::read(&pair[0])?;
        let (blocks, names) =
            examples(&Page { bytes: &bytes, form: Form::Html, url: Some(&pair[1]), ..Page::default() });
        let blocks: Vec<_> = blocks.iter().map(block).collect();
        writeln!(out, "{}", json!({ "site": domain(&pair[1]), "names": names, "blocks": blocks }))?;
    }
    out.flush()
}

fn block(block: &Example) -> serde_json::Value {
    json!({ "text": block.text, "features": block.features, "candidate": block.candidate })
}
