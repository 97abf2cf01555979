//! The model against the numbers of the program that trains it, and against bytes and texts that are meant to break it.

use std::path::{Path, PathBuf};
use std::slice::from_ref;
use std::time::Instant;

use serde_json::Value;

use super::details::DetailScores;
use super::features;
use super::file::checksum;
use super::heads::TAGGERS;
use super::*;

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The files of a kind: in the folder that is named, else where they are shipped.
fn file(kind: &str, ending: &str) -> PathBuf {
    let shipped = if kind == "fast" { "models" } else { "../../models" };
    let folder = std::env::var_os("RAPPORTEUR_MODEL_FOLDER").map_or_else(|| root(shipped), PathBuf::from);
    folder.join(format!("{kind}.{ending}"))
}

/// The bytes of every model that there is; the fast one must be.
fn files() -> Vec<(&'static str, Vec<u8>)> {
    let bytes = |kind| (kind, std::fs::read(file(kind, "rapmodel")).unwrap_or_else(|error| panic!("{kind}: {error}")));
    let accurate = Some("accurate").filter(|kind| file(kind, "rapmodel").exists());
    ["fast"].into_iter().chain(accurate).map(bytes).collect()
}

fn models() -> Vec<(&'static str, Model)> {
    files().into_iter().map(|(kind, bytes)| (kind, Model::from_bytes(&bytes).unwrap())).collect()
}

fn read(model: &Model, text: &str) -> Found {
    model.read(text, from_ref(&(0..text.len())))
}

fn reference(kind: &str) -> Vec<Value> {
    serde_json::from_slice(&std::fs::read(file(kind, "reference.json")).unwrap()).unwrap()
}

fn part(text: &str) -> Part {
    Part { start: 0, tokens: Tokens::new(text) }
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
    let vocabulary = Vocabulary { words: Words::default(), cues: Words::default(), hashed };
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
fn features_are_those_of_training() {
    for (kind, model) in models() {
        for told in reference(kind) {
            let text = told["text"].as_str().unwrap();
            let tokens = Tokens::new(text);
            let told_rows = numbers(&told["features"]);
            for (k, told) in told_rows.chunks(9).enumerate() {
                let row = model.vocabulary.row(text, &tokens, k);
                let small = [row.shape, row.cue, row.quotation, row.start].map(f64::from);
                assert_eq!(small, told[5..], "{kind}: token {k} of {text:?}");
                if kind == "fast" {
                    let words = [row.word_vector].into_iter().chain(row.hashed).map(f64::from);
                    assert_eq!(words.collect::<Vec<_>>(), told[..5], "token {k} of {text:?}");
                }
            }
            assert_eq!(told_rows.len(), 9 * tokens.len());
            if let Encoder::Accurate(accurate) = &model.encoder {
                for (k, told) in told["pieces"].as_array().unwrap().iter().enumerate() {
                    let word = &text[tokens.bytes[k].clone()];
                    let pieces = accurate.pieces(word, tokens.quotation[k].mark());
                    let found: Vec<f64> = pieces.numbers().iter().map(|&number| number.into()).collect();
                    assert_eq!(found, numbers(told), "{word:?}");
                }
            }
        }
    }
}

#[test]
fn numbers_are_those_of_training() {
    for (kind, model) in models() {
        let mut widest: f64 = 0.0;
        for told in reference(kind) {
            let text = told["text"].as_str().unwrap();
            let part = part(text);
            let windows = features::windows(&part.tokens, model.window);
            let items: Vec<_> = windows.iter().map(|window| (&part, window.clone())).collect();
            let (encoded, places) = model.encode(text, &items);
            let values = model.heads.scores(&encoded);
            assert_eq!(windows.len(), told["windows"].as_array().unwrap().len());
            for (window, told) in places.iter().zip(told["windows"].as_array().unwrap()) {
                let size = model.encoder.outputs();
                let encoded = &encoded[window.start * size..window.end * size];
                let positions = Positions::new(&part.tokens, window.clone());
                let scores = model.heads.window(&values, window);
                widest = widest.max(window_difference(&model, scores, encoded, &positions, told));
            }
        }
        assert!(widest < 1e-4, "{kind}: {widest}");
    }
}

fn window_difference(model: &Model, scores: Scores, encoded: &[f32], positions: &Positions, told: &Value) -> f64 {
    let mut widest: f64 = 0.0;
    for (tagger, name) in TAGGERS {
        let found: Vec<f64> = (0..scores.len()).flat_map(|t| scores.of(tagger, t)).map(|&x| x.into()).collect();
        widest = widest.max(difference(&found, &numbers(&told["tags"][name])));
    }
    let cues = decode::candidates(scores, &model.settings);
    let found: Vec<f64> =
        cues.iter().flat_map(|c| [c.tokens.start as f64, c.tokens.end as f64, c.probability.into()]).collect();
    widest = widest.max(difference(&found, &numbers(&told["cues"])));
    let read = model.heads.read(scores, encoded, &cues, positions);
    let joint: Vec<f64> = read.iter().flat_map(|read| &read.joint).flatten().map(|&x| x.into()).collect();
    widest = widest.max(difference(&joint, &numbers(&told["joint"])));
    let details = told["details"].as_array().unwrap();
    assert_eq!(details.len(), read.len());
    model
        .heads
        .details(&read, encoded)
        .iter()
        .zip(details)
        .map(|(found, told)| details_difference(model, found, encoded, told))
        .fold(widest, f64::max)
}

fn details_difference(model: &Model, found: &DetailScores, encoded: &[f32], told: &Value) -> f64 {
    let wide = |values: &[f32]| -> Vec<f64> { values.iter().map(|&x| x.into()).collect() };
    let mut widest = difference(&wide(found.spans.as_flattened()), &numbers(&told["spans"]));
    widest = widest.max(difference(&wide(&found.act), &numbers(&told["act"])));
    widest = widest.max(difference(&wide(&found.negated), &numbers(&told["negated"])));
    let best = found.best_spans();
    for (found, name) in best.iter().zip(["addressee", "channel", "via"]) {
        let found =
            found.iter().flat_map(|(run, p)| [run.start as f64, run.end as f64, f64::from(*p)]).collect::<Vec<_>>();
        let told = told["best"].get(name).map(numbers).unwrap_or_default();
        widest = widest.max(difference(&found, &told));
    }
    let kind = best[1].as_ref().map_or(Vec::new(), |(run, _)| model.heads.details.channel_scores(run, encoded));
    widest.max(difference(&wide(&kind), &numbers(&told["kind"])))
}

#[test]
fn statements_are_those_of_training() {
    for (kind, model) in models() {
        let mut n = 0;
        for told in reference(kind) {
            let text = told["text"].as_str().unwrap();
            let found = read(&model, text);
            let statements = told["statements"].as_array().unwrap();
            assert_eq!(found.statements.len(), statements.len(), "{kind}: {text:?}");
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
            assert_eq!(names, told, "{kind}: {text:?}");
        }
        assert!(n > 0, "the reference of {kind} has statements");
    }
}

#[test]
fn company_of_windows_changes_nothing() {
    for (kind, model) in models() {
        let text: String =
            reference(kind).iter().map(|told| format!("{}\n\n", told["text"].as_str().unwrap())).collect();
        let text = text.repeat(if kind == "fast" { 9 } else { 2 });
        let whole = read(&model, &text);
        assert!(!whole.statements.is_empty());
        for group in [1, 2, 3, 5, 7, 64] {
            let found = model.read_grouped(&text, from_ref(&(0..text.len())), group, None);
            assert!(found == whole, "{kind}: {group} windows at a time");
        }
    }
}

#[test]
fn two_models_read_in_any_company() {
    let models = models();
    let text: String = reference("fast").iter().map(|told| format!("{}\n\n", told["text"].as_str().unwrap())).collect();
    let whole_text = 0..text.len();
    let parts = from_ref(&whole_text);
    for (kind, model) in &models {
        assert!(model.read_with(model, &text, parts) == read(model, &text), "{kind}: the mean of equals is the same");
    }
    if let [(_, fast), (_, accurate)] = &models[..] {
        let whole = accurate.read_with(fast, &text, parts);
        assert!(!whole.statements.is_empty() && whole != read(accurate, &text));
        for group in [1, 3, 64] {
            assert!(accurate.read_grouped(&text, parts, group, Some(fast)) == whole, "{group} windows at a time");
        }
    }
}

#[test]
fn parts_are_read_apart() {
    for (kind, model) in models() {
        let text = reference(kind)[0]["text"].as_str().unwrap().repeat(2);
        let half = text.len() / 2;
        let (one, both) = (read(&model, &text[..half]), model.read(&text, &[0..half, half..text.len()]));
        assert_eq!(both.statements.len(), 2 * one.statements.len());
        assert_eq!(both.names[..one.names.len()], one.names[..]);
        assert_eq!(both.events.len(), 2 * one.events.len());
        assert!(both.statements[one.statements.len()..].iter().all(|found| found.content[0].start() >= half));
    }
}

#[test]
fn broken_files_are_named() {
    for (kind, bytes) in files() {
        broken_file_is_named(kind, &bytes);
    }
}

fn broken_file_is_named(kind: &str, bytes: &[u8]) {
    let error = |bytes: &[u8]| Model::from_bytes(bytes).expect_err("it is broken");
    assert_eq!(error(b""), ModelError::NotAModel);
    assert_eq!(error(b"PK\x03\x04"), ModelError::NotAModel);
    for n in [8, 20, 24, 300, bytes.len() / 2, bytes.len() - 1] {
        let error = error(&bytes[..n]);
        assert!(matches!(error, ModelError::Length { .. } | ModelError::Damaged), "{n}: {error}");
    }
    let mut longer = bytes.to_vec();
    longer.push(0);
    assert!(matches!(error(&longer), ModelError::Length { .. }));
    for at in (0..bytes.len()).step_by(bytes.len() / 40).chain(0..24).chain([bytes.len() - 1]) {
        let mut flipped = bytes.to_vec();
        flipped[at] ^= 4;
        let _ = error(&flipped);
    }
    let mut older = bytes.to_vec();
    older[8] = 3;
    assert_eq!(error(&older).to_string(), "a reading model of version 3, older than the version 4 that is read here");
    let header_end = 24 + u32::from_le_bytes(bytes[12..16].try_into().unwrap()) as usize;
    let header = String::from_utf8(bytes[24..header_end].to_vec()).unwrap();
    let (kinds, other) = (format!(r#""kind":"{kind}""#), format!(r#""kind":"{}""#, "x".repeat(kind.len())));
    let told = format!("kind: {:?} is not read here", "x".repeat(kind.len()));
    for (from, to, told) in [
        ("heads.around.weight", "heads.around.wEight", "heads.around.weight: missing"),
        (r#""window":220"#, r#""window":000"#, "header"),
        (&kinds, &other, &told),
    ] {
        let mut changed = bytes.to_vec();
        assert!(header.contains(from), "{from}");
        changed[24..header_end].copy_from_slice(header.replacen(from, to, 1).as_bytes());
        let sum = checksum(&changed[24..]);
        changed[16..24].copy_from_slice(&sum.to_le_bytes());
        let error = error(&changed).to_string();
        assert!(error.starts_with(told), "{error}");
    }
}

#[test]
fn time_grows_with_length() {
    for (kind, model) in models() {
        let n = if kind == "fast" { 4_000 } else { 250 };
        for unit in ["a", "\" ", "'a ", "\u{301}", "word ", "said", ". ", "\n", "“", "U.S."] {
            let seconds = |n: usize| {
                let text = unit.repeat(n);
                let started = Instant::now();
                read(&model, &text);
                started.elapsed().as_secs_f64()
            };
            let (short, long) = (seconds(n), seconds(8 * n));
            assert!(long < 40.0 * short + 0.05, "{kind}: {unit:?}: {short} s, then {long} s");
        }
        if let Encoder::Accurate(accurate) = &model.encoder {
            for word in ["a", "é", "ж", "的"] {
                let started = Instant::now();
                accurate.pieces(&word.repeat(100_000), None);
                assert!(started.elapsed().as_secs_f64() < 0.5, "{word:?}");
            }
        }
    }
}

/// `cargo test --release -p rapporteur-annotate --lib speed -- --ignored --nocapture`
#[cfg(target_os = "linux")]
#[test]
#[ignore = "a measurement"]
#[allow(clippy::print_stdout, reason = "it is for people to read")]
fn speed() {
    let cpu_seconds = || {
        let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
        told.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
    };
    for (kind, bytes) in files() {
        let before = cpu_seconds();
        let model = Model::from_bytes(&bytes).unwrap();
        println!("{kind}: loaded in {:.1} ms", (cpu_seconds() - before) * 1e3);
        let texts = reference(kind);
        let text = texts.last().unwrap()["text"].as_str().unwrap().to_owned() + "\n\n";
        let text = text.repeat(if kind == "fast" { 200 } else { 20 });
        let n_words = text.split_whitespace().count();
        let before = cpu_seconds();
        let n_statements = read(&model, &text).statements.len();
        let rate = n_words as f64 / (cpu_seconds() - before);
        println!("{kind}: {rate:.0} words a CPU second, {n_statements} statements in {n_words} words");
    }
}
