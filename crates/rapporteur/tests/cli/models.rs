//! Which model reads, and how sure its statements must be.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{folder, rapporteur, run, told};

const SAID: &str = "The road is open, Mira Adair said. “No,” Rolf Holt replied, adding that it would rain.";

fn weights() -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../annotate/models/fast.rapmodel")).unwrap()
}

/// A reading of `SAID`, its arguments after `read --format jsonl`.
fn read(here: &Path, arguments: &[&str]) -> (i32, String, String) {
    run(here, &[&["read", "--as", "text", "--format", "jsonl"], arguments, &["a"]].concat())
}

#[test]
fn a_model_is_known_by_name_or_is_a_file() {
    let here = folder("models_names", &[("a", SAID.as_bytes()), ("own.rapmodel", &weights())]);
    let by_default = read(&here, &[]);
    assert_eq!((by_default.0, by_default.2.as_str()), (0, ""));
    assert_eq!(read(&here, &["--model", "fast"]), by_default);
    assert_eq!(read(&here, &["--model", "own.rapmodel"]), by_default);
    assert_eq!(read(&here, &["--model", "./own.rapmodel"]), by_default);
    assert_ne!(read(&here, &["--model", "rules"]).1, by_default.1);
}

#[test]
fn an_unknown_model_is_a_usage_error() {
    let here = folder("models_unknown", &[("a", SAID.as_bytes())]);
    let (status, out, err) = read(&here, &["--model", "slow"]);
    assert_eq!((status, out.as_str()), (2, ""));
    assert!(err.starts_with("error: invalid value 'slow' for '--model <MODEL>': neither fast, accurate"), "{err}");
    let (status, _, err) = read(&here, &["--model", "./slow"]);
    assert_eq!((status, err.as_str()), (1, "rapporteur: ./slow: no such file or folder\n"));
}

#[test]
fn a_missing_accurate_model_tells_where_it_may_lie() {
    let here = folder("models_missing", &[("a", SAID.as_bytes()), ("named/.keep", b"")]);
    // Far from the repository, whose folder of models may have one.
    let deep = here.join("one/two/three/four");
    fs::create_dir_all(&deep).unwrap();
    let binary = deep.join("rapporteur");
    fs::copy(env!("CARGO_BIN_EXE_rapporteur"), &binary).unwrap();
    for model in ["accurate", "cascade"] {
        let mut command = std::process::Command::new(&binary);
        command.args(["read", "--model", model, "a"]).current_dir(&here).env("RAPPORTEUR_MODELS", here.join("named"));
        let (status, out, err) = told(&command.output().unwrap());
        assert_eq!((status, out.as_str(), err.lines().count()), (1, "", 1), "{err}");
        assert!(err.starts_with("rapporteur: accurate.rapmodel is in none of "), "{err}");
        for place in ["named, ", "three/four, ", "three/four/models, ", "three/share/rapporteur/models"] {
            assert!(err.contains(place), "{place}: {err}");
        }
        assert!(err.contains("RAPPORTEUR_MODELS") && err.contains("--model fast"), "{err}");
    }
}

#[test]
fn the_accurate_model_is_found_in_the_folder_that_is_named() {
    let files: [(&str, &[u8]); 2] = [("a", SAID.as_bytes()), ("named/accurate.rapmodel", &weights())];
    let here = folder("models_named", &files);
    for model in ["accurate", "cascade"] {
        let mut command = rapporteur(&here, &["read", "--model", model, "--as", "text", "--format", "jsonl", "a"]);
        let (status, out, err) = told(&command.env("RAPPORTEUR_MODELS", "named").output().unwrap());
        assert_eq!((status, out.lines().count(), err.as_str()), (0, 1, ""));
    }
}

#[test]
fn a_broken_model_is_named_with_what_is_wrong() {
    let weights = weights();
    let mut flipped = weights.clone();
    flipped[weights.len() / 2] ^= 1;
    let mut newer = weights.clone();
    newer[8] = 99;
    let files: [(&str, &[u8], &str); 6] = [
        ("cut", &weights[..weights.len() - 1], "bytes where the model has"),
        ("short", &weights[..10], "bytes where the model has"),
        ("flipped", &flipped, "damaged"),
        ("newer", &newer, "version 99"),
        ("text", SAID.as_bytes(), "not a reading model"),
        ("empty", b"", "not a reading model"),
    ];
    let mut all = vec![("a", SAID.as_bytes())];
    all.extend(files.iter().map(|(name, bytes, _)| (*name, *bytes)));
    let here = folder("models_broken", &all);
    for (name, _, reason) in files {
        for command in ["read", "why"] {
            let (status, out, err) = run(&here, &[command, "--model", name, "a"]);
            assert_eq!((status, out.as_str(), err.lines().count()), (1, "", 1), "{name}: {err}");
            assert!(err.starts_with(&format!("rapporteur: {name}: ")) && err.contains(reason), "{err}");
        }
    }
    let (status, _, err) = read(&here, &["--model", "."]);
    assert_eq!((status, err.as_str()), (1, "rapporteur: .: not a file but a folder\n"));
}

#[test]
fn one_short_file_is_read_at_once() {
    let here = folder("models_quick", &[("a", SAID.as_bytes())]);
    let run = |_| {
        let start = Instant::now();
        assert_eq!(read(&here, &[]).0, 0);
        start.elapsed()
    };
    let took = (0..3).map(run).min().unwrap();
    // A twentieth of a second in a release build; the machine may be busy.
    assert!(took < Duration::from_millis(if cfg!(debug_assertions) { 3000 } else { 600 }), "{took:?}");
}

#[test]
fn what_is_less_sure_is_left_out() {
    let here = folder("models_sure", &[("a", SAID.as_bytes())]);
    let read = |least: &str| {
        let (status, out, _) = read(&here, &["--model", "rules", "--min-confidence", least]);
        assert_eq!(status, 0, "{least}");
        serde_json::from_str::<Value>(&out).unwrap()
    };
    let ids = |doc: &Value| -> Vec<u64> {
        doc["statements"].as_array().unwrap().iter().map(|statement| statement["id"].as_u64().unwrap()).collect()
    };
    let all = read("0");
    assert_eq!(ids(&all), [0, 1, 2]);
    let sure = read("0.9");
    assert_eq!(ids(&sure), [0]);
    assert_eq!(sure["statements"][0]["quotation"], "direct");
    assert_eq!(sure["entities"], all["entities"]);
    assert_eq!(ids(&read("1")), [0; 0]);
}

#[test]
fn a_confidence_is_a_number_from_0_to_1() {
    let here = folder("models_confidence", &[("a", SAID.as_bytes())]);
    for least in ["2", "-0.1", "NaN", "inf", "much", ""] {
        let (status, out, err) = read(&here, &[&format!("--min-confidence={least}")]);
        assert_eq!((status, out.as_str()), (2, ""), "{least}");
        assert!(err.contains("--min-confidence"), "{err}");
    }
}

/// The weights that are built in are read from anywhere: nothing has to lie beside the binary.
#[test]
fn the_binary_needs_no_files() {
    let here = folder("models_alone", &[("a", SAID.as_bytes()), ("elsewhere/rapporteur", b"")]);
    let binary: PathBuf = here.join("elsewhere/rapporteur");
    fs::copy(env!("CARGO_BIN_EXE_rapporteur"), &binary).unwrap();
    let mut command = std::process::Command::new(&binary);
    command.args(["read", "--as", "text", "--format", "jsonl", "a"]).current_dir(&here);
    assert_eq!(told(&command.output().unwrap()), read(&here, &[]));
}
