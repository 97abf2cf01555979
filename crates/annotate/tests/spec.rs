//! The literate tests of `spec/`: each example's article is read, and its statements must be those that stand below it.
//!
//! A statement is one line, `quotation | source | cue | extras | content`; CONTRIBUTING.md tells the form. Examples
//! that the engine still gets wrong are marked ```` ```statements wrong ````, and hold the right answer all the same:
//! the mark must go when the engine gives it. `UPDATE_SPEC=1` writes the engine's answers into the pages.
//!
//! A block ```` ```places ```` holds the places and states of its article instead, `name | kind | country | latitude longitude` a
//! line, to the nearest degree.
//!
//! A block ```` ```times ```` holds the times of its article instead, `words | TYPE | value` a line; the article's fence
//! tells the day of publication. A block ```` ```events ```` holds its events, `TYPE | status | trigger | who takes part`, with what
//! else is told after that: `to` whom, `between` by whom, `in` a place, `on` a day, who `says` so. A block ```` ```positions ````
//! holds `party | issue | stance | words of the statement`, a block ```` ```headline ```` `verdict | words of the claim`.
//!
//! The examples are those of the rules. `RAPPORTEUR_SPEC_MODEL=fast`, or the path of a file of weights, shows which of
//! them trained weights break.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use rapporteur_annotate::Annotator;
use rapporteur_record::{
    Act, Article, Block, BlockKind, Document, Entity, EntityKind, Event, Headline, Moment, Position, Span, Statement,
    Time, Via,
};

/// How many of the examples may be marked as wrong, in percent.
const MOST_WRONG: usize = 15;

/// What an example may hold.
const BLOCKS: [&str; 6] = ["statements", "places", "times", "events", "positions", "headline"];

/// One example of a page.
struct Example {
    heading: String,
    article: String,
    /// The day it was published, where the page tells it: ```` ```article 2022-03-16 ````.
    published: Option<Moment>,
    /// One of [`BLOCKS`].
    block: &'static str,
    expected: Vec<String>,
    /// Whether the engine is known not to give what is expected.
    wrong: bool,
    /// The lines of the statements block, its fences among them.
    lines: std::ops::RangeInclusive<usize>,
}

#[test]
fn every_example_comes_out_as_its_page_says() {
    let update = std::env::var_os("UPDATE_SPEC").is_some();
    let annotator = annotator();
    let (mut n_examples, mut n_wrong, mut failures) = (0, 0, String::new());
    for page in pages(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec")) {
        let text = fs::read_to_string(&page).unwrap();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for example in examples(&page, &text).into_iter().rev() {
            let doc = annotator.annotate(article(&example.article, example.published));
            let found = match example.block {
                "times" => times(&doc),
                "events" => events(&doc),
                "places" => places(&doc),
                "positions" => positions(&doc),
                "headline" => headline(&doc),
                _ => statements(&doc),
            };
            let right = found == example.expected;
            n_examples += 1;
            n_wrong += usize::from(example.wrong && !right);
            if right != example.wrong {
                continue;
            }
            if update {
                let block = [format!("```{}", example.block)].into_iter().chain(found).chain(["```".to_owned()]);
                lines.splice(example.lines, block);
            } else {
                let what = if right { "is right now: remove the mark `wrong`" } else { "-expected +found" };
                let diff = diff(&example.expected, &found);
                writeln!(failures, "\n{}: {}: {what}\n{diff}", page.display(), example.heading).unwrap();
            }
        }
        let written = lines.join("\n") + "\n";
        if update && written != text {
            fs::write(&page, written).unwrap();
        }
    }
    assert!(failures.is_empty(), "{failures}");
    assert!(n_examples > 0, "no examples were found");
    assert!(n_wrong * 100 <= n_examples * MOST_WRONG, "{n_wrong} of {n_examples} examples are wrong");
}

/// A reader by rules, or the one that the environment names.
fn annotator() -> Annotator {
    match std::env::var("RAPPORTEUR_SPEC_MODEL").as_deref() {
        Err(_) | Ok("" | "rules") => Annotator::rules(),
        Ok("fast") => Annotator::new(),
        Ok(path) => Annotator::with_model(&fs::read(path).unwrap()).unwrap(),
    }
}

/// The Markdown files under `folder`, in order.
fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    let mut pages = Vec::new();
    for entry in entries {
        if entry.is_dir() {
            pages.extend(self::pages(&entry));
        } else if entry.extension().is_some_and(|extension| extension == "md") {
            pages.push(entry);
        }
    }
    pages
}

fn examples(page: &Path, text: &str) -> Vec<Example> {
    let mut examples = Vec::new();
    let (mut heading, mut article) = (String::new(), None);
    let mut lines = text.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        let Some(info) = line.strip_prefix("```") else {
            if line.starts_with('#') {
                heading = line.trim_start_matches(['#', ' ']).to_owned();
            }
            continue;
        };
        let block: Vec<&str> = lines.by_ref().map(|(_, line)| line).take_while(|&line| line != "```").collect();
        let (kind, rest) = info.split_once(' ').unwrap_or((info, ""));
        let wrong = rest == "wrong";
        match (kind, article.take()) {
            ("article", None) => article = Some((block.join("\n"), rest.parse().ok())),
            // `rapporteur-extract` holds itself to all but the first.
            ("not-events" | "story" | "page" | "blocks", None) => {}
            (kind, Some((article, published))) if BLOCKS.contains(&kind) => examples.push(Example {
                heading: heading.clone(),
                article,
                published,
                block: BLOCKS.into_iter().find(|block| *block == kind).unwrap(),
                expected: block.iter().map(|&line| line.to_owned()).collect(),
                wrong,
                lines: at..=at + block.len() + 1,
            }),
            _ => panic!("{}: {}: an article and its statements, places or times take turns", page.display(), at + 1),
        }
    }
    assert!(article.is_none(), "{}: the last article has no statements", page.display());
    examples
}

/// Paragraphs stand apart by a blank line; a first line `# …` is the title.
fn article(text: &str, published: Option<Moment>) -> Article {
    let title = text.starts_with("# ");
    let text = text.strip_prefix("# ").unwrap_or(text).to_owned();
    let (mut blocks, mut start) = (Vec::new(), 0);
    for part in text.split("\n\n") {
        let kind = if title && start == 0 { BlockKind::Title } else { BlockKind::Paragraph };
        blocks.push(Block { kind, span: Span::new(start, start + part.len()) });
        start += part.len() + 2;
    }
    let title = title.then(|| text[blocks[0].span.start()..blocks[0].span.end()].to_owned());
    Article { title, blocks, published, language: Some("en".into()), text, ..Article::default() }
}

/// One line a time, `words | TYPE | value`.
fn times(doc: &Document) -> Vec<String> {
    let line = |time: &Time| {
        let kind = format!("{:?}", time.kind).to_uppercase();
        format!("{} | {kind} | {}", words(doc, &[time.span]), time.value.as_deref().unwrap_or("-"))
    };
    doc.times.iter().map(line).collect()
}

fn positions(doc: &Document) -> Vec<String> {
    let line = |position: &Position| {
        let party = &doc.entities[position.party].name;
        let stance = format!("{:?}", position.stance).to_lowercase();
        let content = words(doc, &doc.statements[position.statement].content);
        format!("{party} | {} | {stance} | {content}", position.issue)
    };
    doc.positions.iter().map(line).collect()
}

fn headline(doc: &Document) -> Vec<String> {
    let line = |claim: &Headline| {
        let verdict = format!("{:?}", claim.verdict).to_lowercase();
        format!("{verdict} | {}", words(doc, &doc.statements[claim.statement].content))
    };
    doc.headline.iter().map(line).collect()
}

/// One line an event.
fn events(doc: &Document) -> Vec<String> {
    doc.events.iter().map(|event| event_line(doc, event)).collect()
}

fn event_line(doc: &Document, event: &Event) -> String {
    let names = |ids: &[usize]| ids.iter().map(|&id| doc.entities[id].name.as_str()).collect::<Vec<_>>().join(" + ");
    let status = format!("{:?}", event.status).to_lowercase();
    let actors = if event.actors.is_empty() { "-".into() } else { names(&event.actors) };
    let mut columns = vec![event.kind.clone(), status, words(doc, &event.trigger), actors];
    if !event.recipients.is_empty() {
        columns.push(format!("to {}", names(&event.recipients)));
    }
    if !event.mediators.is_empty() {
        columns.push(format!("between by {}", names(&event.mediators)));
    }
    columns.extend(event.place.as_ref().map(|place| format!("in {}", place.name)));
    let when = event.when.and_then(|when| doc.times[when].value.as_ref());
    columns.extend(when.map(|value| format!("on {value}")));
    let says = event.asserted_by.map(|id| &doc.statements[id]);
    columns.extend(says.map(|statement| format!("says {}", words(doc, &statement.source))));
    columns.join(" | ")
}

/// One line a place or state, `name | kind | country | latitude longitude`.
fn places(doc: &Document) -> Vec<String> {
    let point = |entity: &Entity| match (entity.lat, entity.lon) {
        (Some(lat), Some(lon)) => format!("{lat:.0} {lon:.0}"),
        _ => "-".into(),
    };
    let line = |entity: &Entity| {
        let kind = format!("{:?}", entity.kind).to_lowercase();
        format!("{} | {kind} | {} | {}", entity.name, entity.country.as_deref().unwrap_or("-"), point(entity))
    };
    let on_map = |entity: &&Entity| matches!(entity.kind, EntityKind::Place | EntityKind::State);
    doc.entities.iter().filter(on_map).map(line).collect()
}

fn statements(doc: &Document) -> Vec<String> {
    doc.statements.iter().map(|statement| line(doc, statement)).collect()
}

fn line(doc: &Document, statement: &Statement) -> String {
    let quotation = format!("{:?}", statement.quotation).to_lowercase();
    let mut columns = vec![quotation, speaker(doc, statement), words(doc, &statement.cue)];
    let extras = extras(doc, statement);
    if !extras.is_empty() {
        columns.push(extras.join(", "));
    }
    columns.push(words(doc, &statement.content));
    columns.join(" | ")
}

/// The source's words, and the speaker's name where it is another.
fn speaker(doc: &Document, statement: &Statement) -> String {
    let source = words(doc, &statement.source);
    let names: Vec<&str> = statement.speakers.iter().map(|&id| doc.entities[id].name.as_str()).collect();
    match names.as_slice() {
        [] if source == "-" => source,
        [] => format!("{source} = ?"),
        [name] if bare(name) == bare(&source) => source,
        names => format!("{source} = {}", names.join(" + ")),
    }
}

/// In lower case and without an article at the start.
fn bare(name: &str) -> String {
    let name = name.to_lowercase();
    let articles = ["the ", "a ", "an "];
    articles.iter().find_map(|article| name.strip_prefix(article)).unwrap_or(&name).to_owned()
}

fn extras(doc: &Document, statement: &Statement) -> Vec<String> {
    let name = |via: &Via| match via.entity {
        Some(id) => doc.entities[id].name.clone(),
        None => words(doc, &[via.span]),
    };
    let mut extras: Vec<String> = Vec::new();
    extras.extend(statement.via.iter().map(|via| format!("via {}", name(via))));
    extras.extend(statement.addressee.map(|to| format!("to {}", words(doc, &[to.span]))));
    extras.extend(statement.channel.map(|channel| format!("channel {:?}", channel.kind).to_lowercase()));
    if statement.act != Act::Assert {
        extras.push(format!("act {:?}", statement.act).to_lowercase());
    }
    if statement.negated {
        extras.push("negated".into());
    }
    extras.extend(statement.inside.map(|id| format!("inside {id}")));
    extras
}

fn words(doc: &Document, spans: &[Span]) -> String {
    let words: Vec<&str> = spans.iter().map(|span| &doc.article.text[span.start()..span.end()]).collect();
    if words.is_empty() { "-".into() } else { words.join(" … ").replace('\n', " ") }
}

/// All lines, those that only one side has with its sign.
fn diff(expected: &[String], found: &[String]) -> String {
    let mut diff = String::new();
    for line in expected {
        writeln!(diff, "{} {line}", if found.contains(line) { ' ' } else { '-' }).unwrap();
    }
    for line in found.iter().filter(|line| !expected.contains(line)) {
        writeln!(diff, "+ {line}").unwrap();
    }
    diff
}
