//! The model against the numbers of the program that trains it, and against bytes and texts that are meant to break it.

use std::path::{Path, PathBuf};
use std::slice::from_ref;
use std::time::Instant;

use serde_json::Value;

use super::features::{self, FNV_START, fnv1a};
use super::heads::TAGGERS;
use super::*;

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A folder with `fast.rapmodel` and `fast.reference.json`: the one that is named, else the one that is shipped.
fn folder() -> PathBuf {
    std::env::var_os("RAPPORTEUR_MODEL_FOLDER").map_or_else(|| root("models"), PathBuf::from)
}

fn bytes() -> Vec<u8> {
    std::fs::read(folder().join("fast.rapmodel")).unwrap()
}

fn model() -> Model {
    Model::from_bytes(&bytes()).unwrap()
}

fn read(model: &Model, text: &str) -> Found {
    model.read(text, from_ref(&(0..text.len())))
}

fn reference() -> Vec<Value> {
    serde_json::from_slice(&std::fs::read(folder().join("fast.reference.json")).unwrap()).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    let rows = value.as_array().unwrap();
    rows.iter()
        .flat_map(|row| {
            if row.is_array() {
                numbers(row)
            } else {
                vec![row.as_f64().or(row.as_bool().map(|b| f64::from(u8::from(b)))).unwrap()]
            }
        })
        .collect()
}

fn characters(text: &str, bytes: Range<usize>) -> [f64; 2] {
    [text[..bytes.start].chars().count() as f64, text[..bytes.end].chars().count() as f64]
}

fn span_numbers(text: &str, spans: &[Span]) -> Vec<f64> {
    spans.iter().flat_map(|span| characters(text, span.range())).collect()
}

/// The widest difference of two rows of numbers.
fn difference(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

#[test]
fn tokens_are_those_of_training() {
    let examples = std::fs::read_to_string(root("../../training/examples/tokens.jsonl")).unwrap();
    let hashed = [(1, 16384), (2, 4096), (3, 4096), (4, 4096)];
    let vocabulary = Vocabulary { words: HashMap::new(), cues: HashMap::new(), hashed };
    for line in examples.lines() {
        let told: Value = serde_json::from_str(line).unwrap();
        let text = told["text"].as_str().unwrap();
        let tokens = Tokens::new(text);
        let spans: Vec<f64> = tokens.bytes.iter().flat_map(|bytes| characters(text, bytes.clone())).collect();
        assert_eq!(spans, numbers(&told["tokens"]), "{text:?}");
        let flags = |flags: &[bool]| -> Vec<f64> { flags.iter().map(|&flag| f64::from(u8::from(flag))).collect() };
        assert_eq!(flags(&tokens.starts_paragraph), numbers(&told["paragraph_start"]), "paragraphs of {text:?}");
        assert_eq!(flags(&tokens.starts_sentence), numbers(&told["sentence_start"]), "sentences of {text:?}");
        let rows: Vec<_> = (0..tokens.len()).map(|k| vocabulary.row(text, &tokens, k)).collect();
        let column = |of: fn(&features::Row) -> u8| -> Vec<f64> { rows.iter().map(|row| of(row).into()).collect() };
        assert_eq!(column(|row| row.quotation), numbers(&told["quote"]), "quotations of {text:?}");
        assert_eq!(column(|row| row.shape), numbers(&told["shape"]), "shapes of {text:?}");
        let hashes: Vec<f64> = rows.iter().flat_map(|row| row.hashed).map(f64::from).collect();
        assert_eq!(hashes, numbers(&told["hashes"]), "hashes of {text:?}");
    }
}

#[test]
fn numbers_are_those_of_training() {
    let model = model();
    let mut widest: f64 = 0.0;
    for told in reference() {
        let text = told["text"].as_str().unwrap();
        let tokens = Tokens::new(text);
        let rows: Vec<_> = (0..tokens.len()).map(|k| model.vocabulary.row(text, &tokens, k)).collect();
        let features: Vec<f64> = rows
            .iter()
            .flat_map(|row| {
                let small = [row.shape, row.cue, row.quotation, row.start].map(u32::from);
                [row.word_vector].into_iter().chain(row.hashed).chain(small).map(f64::from)
            })
            .collect();
        assert_eq!(features, numbers(&told["features"]), "{text:?}");
        let windows = features::windows(&tokens, model.window);
        let encoded = model.encoder.encode(&rows, &windows);
        let values = model.heads.scores(&encoded);
        assert_eq!(windows.len(), told["windows"].as_array().unwrap().len());
        for (window, told) in windows.iter().zip(told["windows"].as_array().unwrap()) {
            let scores = model.heads.window(&values, window);
            for (tagger, name) in TAGGERS {
                let found: Vec<f64> = (0..scores.len()).flat_map(|t| scores.of(tagger, t)).map(|&x| x.into()).collect();
                widest = widest.max(difference(&found, &numbers(&told["tags"][name])));
            }
            let cues = decode::candidates(scores, &model.settings);
            let found: Vec<f64> =
                cues.iter().flat_map(|c| [c.tokens.start as f64, c.tokens.end as f64, c.probability.into()]).collect();
            widest = widest.max(difference(&found, &numbers(&told["cues"])));
            let positions = Positions::new(&tokens, window.clone());
            let size = model.encoder.outputs();
            let encoded = &encoded[window.start * size..window.end * size];
            let joint: Vec<f64> = model
                .heads
                .joint(scores, encoded, &cues, &positions)
                .iter()
                .flatten()
                .flatten()
                .map(|&x| x.into())
                .collect();
            widest = widest.max(difference(&joint, &numbers(&told["joint"])));
        }
    }
    assert!(widest < 1e-4, "{widest}");
}

#[test]
fn statements_are_those_of_training() {
    let model = model();
    let mut n = 0;
    for told in reference() {
        let text = told["text"].as_str().unwrap();
        let found = read(&model, text);
        let statements = told["statements"].as_array().unwrap();
        assert_eq!(found.statements.len(), statements.len(), "{text:?}");
        for (found, told) in found.statements.iter().zip(statements) {
            assert_eq!(span_numbers(text, &found.content), numbers(&told["content"]));
            assert_eq!(span_numbers(text, found.cue.as_slice()), numbers(&told["cue"]));
            assert_eq!(span_numbers(text, found.source.as_slice()), numbers(&told["source"]));
            assert!((f64::from(found.confidence) - told["confidence"].as_f64().unwrap()).abs() < 1e-4);
            n += 1;
        }
        let names: Vec<f64> = found.names.iter().flat_map(|(span, _)| characters(text, span.range())).collect();
        let told: Vec<f64> = told["names"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|name| numbers(&name.as_array().unwrap()[..2].into()))
            .collect();
        assert_eq!(names, told, "{text:?}");
    }
    assert!(n > 0, "the reference has statements");
}

#[test]
fn company_of_windows_changes_nothing() {
    let model = model();
    let text: String = reference().iter().map(|told| format!("{}\n\n", told["text"].as_str().unwrap())).collect();
    let text = text.repeat(9);
    let whole = read(&model, &text);
    assert!(!whole.statements.is_empty());
    for group in [1, 2, 3, 5, 7, 64] {
        assert!(model.read_grouped(&text, from_ref(&(0..text.len())), group) == whole, "{group} windows at a time");
    }
}

#[test]
fn parts_are_read_apart() {
    let model = model();
    let text = reference()[0]["text"].as_str().unwrap().repeat(2);
    let half = text.len() / 2;
    let (one, both) = (read(&model, &text[..half]), model.read(&text, &[0..half, half..text.len()]));
    assert_eq!(both.statements.len(), 2 * one.statements.len());
    assert_eq!(both.names[..one.names.len()], one.names[..]);
    assert!(both.statements[one.statements.len()..].iter().all(|found| found.content[0].start() >= half));
}

#[test]
fn broken_files_are_named() {
    let bytes = bytes();
    let error = |bytes: &[u8]| Model::from_bytes(bytes).expect_err("it is broken");
    assert_eq!(error(b""), ModelError::NotAModel);
    assert_eq!(error(b"PK\x03\x04"), ModelError::NotAModel);
    for n in [8, 20, 24, 300, bytes.len() / 2, bytes.len() - 1] {
        let error = error(&bytes[..n]);
        assert!(matches!(error, ModelError::Length { .. } | ModelError::Damaged), "{n}: {error}");
    }
    let mut longer = bytes.clone();
    longer.push(0);
    assert!(matches!(error(&longer), ModelError::Length { .. }));
    for at in (0..bytes.len()).step_by(bytes.len() / 40).chain(0..24).chain([bytes.len() - 1]) {
        let mut flipped = bytes.clone();
        flipped[at] ^= 4;
        let _ = error(&flipped);
    }
    let mut older = bytes.clone();
    older[8] = 1;
    assert_eq!(error(&older).to_string(), "a reading model of version 1, older than the version 2 that is read here");
    let header_end = 24 + u32::from_le_bytes(bytes[12..16].try_into().unwrap()) as usize;
    let header = String::from_utf8(bytes[24..header_end].to_vec()).unwrap();
    for (from, to, told) in [
        ("encoder.input.weight", "encoder.input.wEight", "encoder.input.weight: missing"),
        (r#""window":220"#, r#""window":000"#, "header"),
        (r#""kind":"fast""#, r#""kind":"fost""#, "kind: \"fost\" is not read here"),
    ] {
        let mut changed = bytes.clone();
        assert!(header.contains(from), "{from}");
        changed[24..header_end].copy_from_slice(header.replacen(from, to, 1).as_bytes());
        let sum = fnv1a(FNV_START, &changed[24..]);
        changed[16..24].copy_from_slice(&sum.to_le_bytes());
        let error = error(&changed).to_string();
        assert!(error.starts_with(told), "{error}");
    }
}

#[test]
fn time_grows_with_length() {
    let model = model();
    for unit in ["a", "\" ", "'a ", "\u{301}", "word ", "said", ". ", "\n", "“", "U.S."] {
        let seconds = |n: usize| {
            let text = unit.repeat(n);
            let started = Instant::now();
            read(&model, &text);
            started.elapsed().as_secs_f64()
        };
        let (short, long) = (seconds(4_000), seconds(32_000));
        assert!(long < 40.0 * short + 0.05, "{unit:?}: {short} s, then {long} s");
    }
}
