//! Prints the blocks of pages with what is known of each, a line of JSON a page: `blocks FILE URL FILE URL …` (see
//! `training/blocks.py`).

use std::io::{self, Write};
use std::{env, fs};

use rapporteur_extract::{Form, Page, examples};
use serde_json::json;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let mut out = io::BufWriter::new(io::stdout().lock());
    for pair in arguments.chunks_exact(2) {
        let bytes = fs::read(&pair[0])?;
        let (blocks, names) =
            examples(&Page { bytes: &bytes, form: Form::Html, url: Some(&pair[1]), ..Page::default() });
        let blocks: Vec<_> = blocks
            .iter()
            .map(|block| json!({ "text": block.text, "kind": block.kind, "kept": block.kept, "features": block.features }))
            .collect();
        writeln!(out, "{}", json!({ "names": names, "blocks": blocks }))?;
    }
    out.flush()
}
