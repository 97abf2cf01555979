//! Reads pages and prints them as the contract says: a stand-in for the binary while extraction is worked on.
//!
//! `extract read --as html|text|auto [--date D]… [--url U]… [--trees=FILE] FILES…`; the file has trees for the blocks in
//! place of the library's own (`training/blocks.py`).

use std::io::Write;

use rapporteur_extract::{Form, Page, Trees, article, article_with};
use rapporteur_record::{Document, Moment, Offsets};

#[derive(Default)]
struct Asked {
    form: Form,
    urls: Vec<String>,
    dates: Vec<Moment>,
    files: Vec<String>,
    trees: Option<Trees>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let asked = asked()?;
    let mut out = std::io::stdout().lock();
    for (n, file) in asked.files.iter().enumerate() {
        let bytes = std::fs::read(file)?;
        let url = asked.urls.get(n).or(asked.urls.first().filter(|_| asked.urls.len() == 1)).map(String::as_str);
        let date = asked.dates.get(n).or(asked.dates.first().filter(|_| asked.dates.len() == 1)).copied();
        let page = Page { bytes: &bytes, form: asked.form, url, date, ..Page::default() };
        let article = match &asked.trees {
            Some(trees) => article_with(&page, trees),
            None => article(&page),
        };
        let article = article.map_err(|error| format!("{file}: {error}"))?;
        writeln!(out, "{}", Document::new(article).to_json(Offsets::Codepoint))?;
    }
    Ok(())
}

fn asked() -> Result<Asked, Box<dyn std::error::Error>> {
    let mut asked = Asked::default();
    let mut arguments = std::env::args().skip(1).skip_while(|word| word == "read");
    while let Some(word) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{word} wants a value"));
        match word.as_str() {
            "--as" => asked.form = form(&value()?)?,
            "--format" | "--offsets" => drop(value()?),
            "--url" => asked.urls.push(value()?),
            "--date" => asked.dates.push(value()?.parse()?),
            _ => match word.strip_prefix("--trees=") {
                Some(file) => asked.trees = Some(Trees::read(&std::fs::read_to_string(file)?)?),
                None => asked.files.push(word),
            },
        }
    }
    Ok(asked)
}

fn form(name: &str) -> Result<Form, String> {
    match name {
        "html" => Ok(Form::Html),
        "text" => Ok(Form::Text),
        "auto" => Ok(Form::Auto),
        other => Err(format!("`{other}` is no form: html, text, auto")),
    }
}
