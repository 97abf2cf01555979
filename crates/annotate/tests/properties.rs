//! What holds for any text: a document comes out, its positions are sound, it is the same every time, and a text of
//! twice the length takes about twice as long.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use rapporteur_annotate::Annotator;
use rapporteur_record::{Article, Block, BlockKind, Document, Offsets, Span};
use serde_json::Value;

/// What news is made of, and what breaks readers of it.
const PIECES: &[&str] = &[
    "“",
    "”",
    "‘",
    "’",
    "\"",
    "'",
    "''",
    "«",
    "»",
    "„",
    "(",
    ")",
    "[",
    "]",
    " ",
    " ",
    " ",
    " ",
    ", ",
    ". ",
    ": ",
    "; ",
    "? ",
    " – ",
    "—",
    "-",
    "…",
    "\n",
    "\n\n",
    "\r\n",
    "\t",
    "\u{a0}",
    "\u{200d}",
    "e\u{301}",
    "\u{301}",
    "😀",
    "أ",
    "中",
    "Adair",
    "Mira Adair",
    "Rolf Holt",
    "Holt’s",
    "Dr.",
    "U.S.",
    "Norvia",
    "Ukraine",
    "Kyiv",
    "AFP",
    "the minister",
    "Foreign minister",
    "officials",
    "he",
    "She",
    "they",
    "I",
    "it",
    "who",
    "and",
    "but",
    "that",
    "whether",
    "not",
    "to",
    "said",
    "says",
    "told",
    "told reporters",
    "saying",
    "was quoted as saying",
    "by",
    "according to",
    "citing",
    "denied",
    "urged",
    "in a tweet",
    "on Monday",
    "16 March 2022",
    "9/11",
    "1990s",
    "third-quarter",
    "0th century",
    "9999 decades ago",
    "two thousand years later",
    "the following century",
    "last",
    "Easter",
    "tomorrow",
    "at 25:99 p.m.",
    "mid‑2022-99-99",
    "4.5",
    "the road was open",
    "would not say",
    "held talks",
    "talks",
    "between",
    "with",
    "met",
    "will meet",
    "agreed to",
    "signed",
    "the treaty",
    "Russia-Ukraine",
    "both sides",
    "killed",
    "police arrested",
    "soldiers",
    "flew to",
    "called off",
    "if",
    "before",
    "strikes",
    "the attack",
    "our minister",
];

fn text() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(prop::sample::select(PIECES), 0..80).prop_map(|pieces| pieces.concat());
    let words = prop::collection::vec(prop::sample::select(PIECES), 0..80).prop_map(|pieces| pieces.join(" "));
    prop_oneof!["(?s).{0,300}", "\\PC{0,300}", pieces, words]
}

/// The text as one paragraph, or cut into blocks with a title.
fn article(text: &str, cut: bool) -> Article {
    let mut article = Article::from_text(text.to_owned());
    if cut {
        article.published = "9999-12-31".parse().ok();
        let (mut start, mut kind) = (0, BlockKind::Title);
        article.blocks.clear();
        for part in text.split("\n\n") {
            article.blocks.push(Block { kind, span: Span::new(start, start + part.len()) });
            (start, kind) = (start + part.len() + 2, BlockKind::Paragraph);
        }
    }
    article
}

/// By rules, with the fast weights, and with two sets of weights of which the second is the first.
static READERS: LazyLock<[Annotator; 3]> = LazyLock::new(|| {
    let weights = include_bytes!("../models/fast.rapmodel");
    [Annotator::rules(), Annotator::new(), Annotator::cascade(weights).expect("they are whole")]
});

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gives_a_sound_document(text in text(), cut in any::<bool>()) {
      for annotator in &*READERS {
        let doc = annotator.annotate(article(&text, cut));
        let printed = [Offsets::Byte, Offsets::Codepoint, Offsets::Utf16].map(|offsets| value(&doc, offsets));
        let [bytes, points, units] = printed.each_ref().map(spans);
        let chars: Vec<char> = text.chars().collect();
        let utf16: Vec<u16> = text.encode_utf16().collect();
        prop_assert_eq!((bytes.len(), bytes.len()), (points.len(), units.len()));
        for ((bytes, points), units) in bytes.iter().zip(&points).zip(&units) {
            prop_assert!(bytes.0 <= bytes.1 && points.0 <= points.1 && units.0 <= units.1);
            let words = text.get(bytes.0..bytes.1);
            prop_assert!(words.is_some(), "{bytes:?} are no characters of the text");
            let by_points: String = chars[points.0..points.1].iter().collect();
            prop_assert_eq!(words, Some(by_points.as_str()));
            let by_units = String::from_utf16_lossy(&utf16[units.0..units.1]);
            prop_assert_eq!(words, Some(by_units.as_str()));
        }
        in_order(&doc)?;
        let (explained, why) = annotator.explain(article(&text, cut));
        prop_assert_eq!(why.statements.len(), doc.statements.len());
        prop_assert_eq!(explained, doc);
      }
    }

    #[test]
    fn the_same_text_gives_the_same_bytes(text in text()) {
      for annotator in &*READERS {
        let json = |annotator: &Annotator| annotator.annotate(article(&text, true)).to_json(Offsets::Codepoint);
        let first = json(annotator);
        let others = std::thread::scope(|scope| {
            let threads = [scope.spawn(|| json(annotator)), scope.spawn(|| json(&annotator.clone()))];
            threads.map(|thread| thread.join().expect("annotating does not panic"))
        });
        prop_assert!(others.iter().all(|other| *other == first));
      }
    }
}

fn value(doc: &Document, offsets: Offsets) -> Value {
    serde_json::from_str(&doc.to_json(offsets)).expect("the record prints JSON")
}

/// Every span of a printed document, in the order of printing.
fn spans(value: &Value) -> Vec<(usize, usize)> {
    let mut spans = Vec::new();
    match value {
        Value::Array(items) => items.iter().for_each(|item| spans.extend(self::spans(item))),
        Value::Object(fields) => {
            for (key, field) in fields {
                match key.as_str() {
                    "span" => spans.push(span(field)),
                    "content" | "cue" | "source" | "trigger" => {
                        spans.extend(field.as_array().expect("a list of spans").iter().map(span));
                    }
                    _ => spans.extend(self::spans(field)),
                }
            }
        }
        _ => {}
    }
    spans
}

fn span(pair: &Value) -> (usize, usize) {
    let end = |at: usize| pair[at].as_u64().expect("a span is two numbers") as usize;
    (end(0), end(1))
}

/// Ids are indices that exist; statements, mentions and entities stand in the order of the text.
fn in_order(doc: &Document) -> Result<(), TestCaseError> {
    let n_entities = doc.entities.len();
    let n_statements = doc.statements.len();
    for (at, entity) in doc.entities.iter().enumerate() {
        prop_assert_eq!(entity.id, at);
        prop_assert!(entity.members.iter().all(|&id| id < n_entities && id != at));
        prop_assert!(entity.mentions.is_sorted_by_key(|mention| mention.span.start()));
    }
    let firsts = doc.entities.iter().filter_map(|entity| entity.mentions.first());
    prop_assert!(firsts.map(|mention| mention.span.start()).is_sorted());
    for (at, statement) in doc.statements.iter().enumerate() {
        prop_assert_eq!(statement.id, at);
        prop_assert!(!statement.content.is_empty());
        prop_assert!(statement.content.windows(2).all(|pair| pair[0].end() <= pair[1].start()));
        prop_assert!(statement.content.iter().all(|content| !content.is_empty()));
        prop_assert!(statement.speakers.iter().chain(&statement.speaker).all(|&id| id < n_entities));
        prop_assert!(statement.via.iter().filter_map(|via| via.entity).all(|id| id < n_entities));
        prop_assert!(statement.inside.is_none_or(|outer| outer < n_statements && outer != at));
        prop_assert!((0.0..=1.0).contains(&statement.confidence));
        let expected = if statement.speakers.len() == 1 { statement.speakers.first().copied() } else { None };
        prop_assert_eq!(statement.speaker, expected);
    }
    prop_assert!(doc.statements.is_sorted_by_key(first_byte));
    prop_assert!(doc.times.windows(2).all(|pair| pair[0].span.end() <= pair[1].span.start()));
    prop_assert!(doc.times.iter().all(|time| time.first.is_some() == time.end.is_some() && time.first <= time.end));
    prop_assert!(doc.events.iter().enumerate().all(|(at, event)| event.id == at));
    Ok(())
}

fn first_byte(statement: &rapporteur_record::Statement) -> usize {
    let spans = statement.content.iter().chain(&statement.cue).chain(&statement.source);
    spans.map(|span| span.start()).min().unwrap_or(0)
}

/// Texts of one unit over and over, which have led readers astray: everything opens, nothing closes, no sentence ends.
const MONOTONY: &[(&str, &str)] = &[
    ("straight marks", "\""),
    ("opening marks", "“"),
    ("opening marks apart", "“ "),
    ("single marks", " ' "),
    ("he said", "He said "),
    ("pronouns", "He said it. "),
    ("quotations", "“no,” he said. "),
    ("possessives", "Adair’s "),
    ("initials without end", "A."),
    ("points without end", "1."),
    ("one endless token", "a"),
    ("commas", ","),
    ("names", "Mira Adair "),
    ("brackets", "("),
    ("dates", "16 March 2022 "),
    ("no full stop", "the road was open and the bridge was not "),
    ("combining marks", "\u{301}"),
    ("blank lines", "a\n\n"),
    ("sentences", "Adair said that he “left” on Monday. "),
    ("turns", "Adair: no\n"),
    ("years", "last year 1999 three weeks ago "),
    ("hyphens", "ten-"),
];

#[test]
fn twice_the_text_takes_twice_the_time() {
    let annotator = Annotator::rules();
    let time = |unit: &str, n_bytes: usize| {
        let text = unit.repeat(n_bytes / unit.len());
        let run = || {
            let article = Article::from_text(text.clone());
            let start = Instant::now();
            drop(annotator.annotate(article));
            start.elapsed()
        };
        (0..3).map(|_| run()).min().expect("three runs")
    };
    for (name, unit) in MONOTONY {
        let (once, twice) = (time(unit, 50_000), time(unit, 100_000));
        assert!(twice < once * 3 + Duration::from_millis(50), "{name}: {once:?}, and {twice:?} for twice the text");
    }
}
