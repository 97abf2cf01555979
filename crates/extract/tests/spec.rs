//! The literate tests of `spec/pages/`: each example's page is read, and its blocks must be those that stand below it.
//!
//! A block is one line, `kind | text`; a page without an article is one line `no article | why`. The line `STORY` stands
//! for the paragraphs of the file's ```` ```story ````, in the page and in the blocks. `UPDATE_SPEC=1` writes what is
//! read into the files.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use rapporteur_extract::{Form, Page, article};
use rapporteur_record::{Article, BlockKind};

struct Example {
    heading: String,
    page: String,
    expected: Vec<String>,
    /// The lines of the blocks, fences aside.
    lines: std::ops::Range<usize>,
}

#[test]
fn every_page_comes_out_as_its_file_says() {
    let update = std::env::var_os("UPDATE_SPEC").is_some();
    let (mut n_examples, mut failures) = (0, String::new());
    for file in files() {
        let text = fs::read_to_string(&file).unwrap();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let (story, examples) = examples(&text);
        for example in examples.into_iter().rev() {
            n_examples += 1;
            let found = found(&example.page, &story);
            if found == example.expected {
                continue;
            }
            if update {
                lines.splice(example.lines, found);
            } else {
                let (old, new) = (example.expected.join("\n  "), found.join("\n  "));
                let place = format!("{}: {}", file.display(), example.heading);
                writeln!(failures, "\n{place}\nexpected\n  {old}\nfound\n  {new}").unwrap();
            }
        }
        let written = lines.join("\n") + "\n";
        if update && written != text {
            fs::write(&file, written).unwrap();
        }
    }
    assert!(failures.is_empty(), "{failures}");
    assert!(n_examples > 30, "{n_examples} examples were found");
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec/pages");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// The paragraphs of a file's story, and its examples.
fn examples(text: &str) -> (Vec<String>, Vec<Example>) {
    let (mut heading, mut story, mut page, mut examples) = (String::new(), Vec::new(), None, Vec::new());
    let mut lines = text.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        let Some(kind) = line.strip_prefix("```") else {
            heading = line.strip_prefix("## ").map_or(heading, str::to_owned);
            continue;
        };
        let block: Vec<String> =
            lines.by_ref().map(|(_, line)| line.to_owned()).take_while(|line| line != "```").collect();
        match (kind, page.take()) {
            ("story", None) => story = block,
            ("page", None) => page = Some(block.join("\n")),
            ("blocks", Some(page)) => {
                let lines = at + 1..at + 1 + block.len();
                examples.push(Example { heading: heading.clone(), page, expected: block, lines });
            }
            _ => panic!("{}: a page and its blocks take turns: {heading}", at + 1),
        }
    }
    (story, examples)
}

fn found(page: &str, story: &[String]) -> Vec<String> {
    let paragraphs: String = story.iter().map(|paragraph| format!("<p>{paragraph}</p>\n")).collect();
    let page = page.replace("STORY", &paragraphs);
    let page = Page {
        bytes: page.as_bytes(),
        form: Form::Html,
        url: Some("https://www.harbour.example/news/2024/bridge"),
        ..Page::default()
    };
    match article(&page) {
        Ok(article) => blocks(&article, story),
        Err(error) => vec![error.to_string().replacen(": ", " | ", 1)],
    }
}

fn blocks(article: &Article, story: &[String]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut told = 0;
    for block in &article.blocks {
        let text = &article.text[block.span];
        if block.kind == BlockKind::Paragraph && story.get(told).is_some_and(|paragraph| paragraph == text) {
            told += 1;
            if told == story.len() {
                lines.push("STORY".to_owned());
            }
            continue;
        }
        lines.extend(story[..told % story.len().max(1)].iter().map(|paragraph| format!("paragraph | {paragraph}")));
        told = 0;
        let kind = serde_json::to_value(block.kind).unwrap();
        lines.push(format!("{} | {}", kind.as_str().unwrap(), text.replace('\n', " ⏎ ")));
    }
    lines.extend(story[..told % story.len().max(1)].iter().map(|paragraph| format!("paragraph | {paragraph}")));
    lines.extend(article.credit.iter().map(|credit| format!("(credit) | {credit}")));
    let told = |note: &&String| note.contains("subscribers");
    lines.extend(article.notes.iter().filter(told).map(|note| format!("(note) | {note}")));
    lines
}
