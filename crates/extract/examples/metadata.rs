//! Prints what may be the title, standfirst and date of pages with what is known of each, a line of JSON a page:
//! `metadata FILE URL FILE URL …` (see `training/metadata.py`).

use std::io::{self, Write};
use std::{env, fs};

use rapporteur_extract::{Form, METADATA, Page, domain, metadata_examples};
use serde_json::json;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let mut out = io::BufWriter::new(io::stdout().lock());
    for pair in arguments.chunks_exact(2) {
        let bytes = fs::read(&pair[0])?;
        let page = Page { bytes: &bytes, form: Form::Html, url: Some(&pair[1]), ..Page::default() };
        let mut kinds = serde_json::Map::from_iter([("site".to_owned(), json!(domain(&pair[1])))]);
        for (kind, names) in METADATA {
            kinds.insert((*kind).to_owned(), json!({ "names": names, "each": [] }));
        }
        for (kind, value, features) in metadata_examples(&page) {
            if let Some(each) = kinds.get_mut(kind).and_then(|kind| kind["each"].as_array_mut()) {
                each.push(json!({ "value": value, "features": features }));
            }
        }
        writeln!(out, "{}", serde_json::Value::Object(kinds))?;
    }
    out.flush()
}
