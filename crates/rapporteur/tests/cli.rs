//! The binary from outside: what goes in, what comes out, and with which status it ends.

#[path = "cli/archives.rs"]
mod archives;
#[path = "cli/bad_input.rs"]
mod bad_input;
#[path = "cli/examples.rs"]
mod examples;
#[path = "cli/extract.rs"]
mod extract;
#[path = "cli/fetching.rs"]
mod fetching;
#[path = "cli/hostile.rs"]
mod hostile;
#[path = "cli/models.rs"]
mod models;
#[path = "support/server.rs"]
#[expect(dead_code, reason = "the tests of the fetcher need more of it")]
mod server;
#[path = "cli/why.rs"]
mod why;
#[path = "cli/why_text.rs"]
mod why_text;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use insta::assert_snapshot;
use serde_json::Value;

/// A new folder of a test's own, with `files` in it.
fn folder(test: &str, files: &[(&str, &[u8])]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    for (name, bytes) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

/// The binary, about to run in `folder`, unswayed by the environment of the tests.
fn rapporteur(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rapporteur"));
    command.current_dir(folder).args(arguments).stdin(Stdio::null());
    command.env("RAPPORTEUR_CONFIG", "");
    for variable in ["COLUMNS", "NO_COLOR", "TERM", "RAPPORTEUR_MODELS"] {
        command.env_remove(variable);
    }
    for variable in ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"] {
        command.env_remove(variable).env_remove(variable.to_lowercase());
    }
    command
}

/// What a run gave: status, standard output, standard error.
fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    told(&rapporteur(folder, arguments).output().unwrap())
}

fn told(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

fn run_with_stdin(folder: &Path, arguments: &[&str], stdin: &[u8]) -> (i32, String, String) {
    let mut command = rapporteur(folder, arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(stdin).unwrap();
    told(&child.wait_with_output().unwrap())
}

/// `article.<key>` of each line.
fn of_articles(jsonl: &str, key: &str) -> Vec<String> {
    let article = |line: &str| serde_json::from_str::<Value>(line).unwrap()["article"][key].clone();
    let text = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    jsonl.lines().map(article).map(text).collect()
}

/// Read by rules, which is quick: these tests are about what is read, and where it goes.
const TEXT: [&str; 8] = ["read", "--model", "rules", "--as", "text", "--format", "jsonl", "--"];

fn text_lines<'a>(inputs: &[&'a str]) -> Vec<&'a str> {
    TEXT.iter().copied().chain(inputs.iter().copied()).collect()
}

#[test]
fn help_teaches() {
    let (status, out, _) = run(&folder("help_teaches", &[]), &["read", "--help"]);
    assert_eq!(status, 0);
    assert_snapshot!(out);
}

#[test]
fn a_bare_command_shows_help_and_is_wrong() {
    let here = folder("a_bare_command", &[]);
    for arguments in [&[][..], &["read"], &["read", "--format", "xml", "a"], &["write"], &["read", "-j", "0", "a"]] {
        let (status, out, err) = run(&here, arguments);
        assert_eq!((status, out.as_str()), (2, ""), "{arguments:?}");
        assert!(err.contains("Usage:") || err.contains("--help"), "{err}");
    }
}

#[test]
fn output_is_in_the_order_of_the_inputs() {
    let here = folder("order", &[("long", &b"Li said no. ".repeat(20_000)), ("b", b"two"), ("a", b"three")]);
    let (status, out, err) = run(&here, &text_lines(&["long", "b", "a", "b"]));
    assert_eq!((status, err.as_str()), (0, ""));
    assert_eq!(of_articles(&out, "text")[1..], ["two", "three", "two"]);
}

#[test]
fn folders_are_walked_in_order_without_hidden_files() {
    let files: [(&str, &[u8]); 6] = [
        ("in/b/2.txt", b"b2"),
        ("in/a.txt", b"a"),
        ("in/.hidden", b"no"),
        ("in/.git/x", b"no"),
        ("in/c", b"c"),
        ("in/b/1.txt", b"b1"),
    ];
    let here = folder("walk", &files);
    let (status, out, _) = run(&here, &text_lines(&["in", "in/b"]));
    assert_eq!(status, 0);
    assert_eq!(of_articles(&out, "text"), ["a", "b1", "b2", "c", "b1", "b2"]);
}

#[cfg(unix)]
#[test]
fn links_to_folders_are_not_followed_and_links_to_files_are() {
    let here = folder("links", &[("in/a", b"a"), ("elsewhere", b"e")]);
    std::os::unix::fs::symlink("..", here.join("in/up")).unwrap();
    std::os::unix::fs::symlink("../elsewhere", here.join("in/b")).unwrap();
    let (status, out, _) = run(&here, &text_lines(&["in"]));
    assert_eq!((status, of_articles(&out, "text")), (0, vec!["a".into(), "e".into()]));
}

#[test]
fn standard_input_is_a_dash() {
    let here = folder("stdin", &[("a", b"file")]);
    let (status, out, _) = run_with_stdin(&here, &text_lines(&["a", "-"]), "“Да”".as_bytes());
    assert_eq!((status, of_articles(&out, "text")), (0, vec!["file".into(), "“Да”".into()]));
    assert_eq!(run(&here, &["read", "-", "-"]).0, 2);
}

#[test]
fn what_fails_is_named_and_counted() {
    let here = folder("failures", &[("a", b"a"), ("empty/.keep", b"")]);
    let (status, out, err) = run(&here, &text_lines(&["nowhere", "a", "empty"]));
    assert_eq!((status, of_articles(&out, "text")), (1, vec!["a".into()]));
    assert_eq!(err, "nowhere: no such file or folder\nempty: no files in this folder\n2 of 3 inputs failed\n");
    let (status, out, err) = run(&here, &["read", "nowhere"]);
    assert_eq!((status, out.as_str(), err.as_str()), (1, "", "nowhere: no such file or folder\n"));
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_refused() {
    let here = folder("devices", &[]);
    let made = Command::new("mkfifo").arg(here.join("pipe")).status();
    if made.is_ok_and(|status| status.success()) {
        let (status, _, err) = run(&here, &["read", "pipe"]);
        assert_eq!((status, err.as_str()), (1, "pipe: not a file but a pipe; standard input is `-`\n"));
    }
    let (status, _, err) = run(&here, &["read", "/dev/null"]);
    assert_eq!((status, err.as_str()), (1, "/dev/null: not a file but a device\n"));
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let here = folder("locked", &[("locked", b"a"), ("open", b"b")]);
    fs::set_permissions(here.join("locked"), fs::Permissions::from_mode(0o000)).unwrap();
    if fs::File::open(here.join("locked")).is_ok() {
        return; // root may read everything
    }
    let (status, out, err) = run(&here, &text_lines(&["locked", "open"]));
    assert_eq!((status, of_articles(&out, "text")), (1, vec!["b".into()]));
    assert!(err.starts_with("locked: permission denied\n"), "{err}");
}

#[test]
fn text_is_kept_character_for_character() {
    let text = "  Li said:\r\n\r\n“No.”\t\u{1b}[2J \u{FEFF}é e\u{301} 😀\n\n\n";
    let here = folder("kept", &[("a", text.as_bytes()), ("empty", b"")]);
    let (status, out, _) = run(&here, &text_lines(&["a", "empty"]));
    assert_eq!((status, of_articles(&out, "text")), (0, vec![text.to_owned(), String::new()]));
}

#[test]
fn one_thread_or_many_give_the_same_bytes() {
    let texts: Vec<(String, Vec<u8>)> =
        (0..60).map(|n| (format!("in/{n:02}"), format!("Li said {n}. ").repeat(n * 97 % 50).into_bytes())).collect();
    let files: Vec<(&str, &[u8])> = texts.iter().map(|(name, text)| (name.as_str(), text.as_slice())).collect();
    let here = folder("threads", &files);
    for format in ["jsonl", "json", "pretty"] {
        let out = |jobs: &str| run(&here, &["read", "--as", "text", "--format", format, "-j", jobs, "in"]).1;
        assert!(out("1") == out("2") && out("1") == out("7"), "{format}");
    }
}

#[test]
fn dates_pair_up_with_inputs() {
    let here = folder("dates", &[("a", b"a"), ("b", b"b")]);
    let published = |dates: &[&str]| {
        let dates = dates.iter().flat_map(|date| ["--date", date]);
        let arguments: Vec<&str> = ["read", "--as", "text", "--format", "jsonl"].into_iter().chain(dates).collect();
        run(&here, &[&arguments[..], &["a", "b"]].concat())
    };
    let (status, out, _) = published(&["2022-03-16"]);
    assert_eq!((status, of_articles(&out, "published")), (0, vec!["2022-03-16".into(), "2022-03-16".into()]));
    let (_, out, _) = published(&["2022-03-16", "2022-03-17T10:00:00+02:00"]);
    assert_eq!(of_articles(&out, "published"), ["2022-03-16", "2022-03-17T10:00:00+02:00"]);
}

#[test]
fn dates_and_urls_that_do_not_pair_up_are_usage_errors() {
    let here = folder("pairing", &[("a", b"a"), ("b", b"b"), ("c", b"c")]);
    let (status, out, err) = run(&here, &["read", "--date", "2022-03-16", "--date", "2022-03-17", "a", "b", "c"]);
    assert_eq!((status, out.as_str()), (2, ""));
    assert!(err.starts_with("error: --date is given 2 times for 3 inputs: give it once"), "{err}");
    let two_urls = ["read", "--url", "https://a.example", "--url", "https://b.example", "a"];
    assert_eq!(run(&here, &two_urls).0, 2);
    let (status, _, err) = run(&here, &["read", "--date", "soon", "a"]);
    assert_eq!(status, 2);
    assert!(err.contains("`soon` is no date"), "{err}");
}

#[test]
fn json_is_one_array() {
    let here = folder("json", &[("a", b"a\nb"), ("b", b"b")]);
    let (_, out, _) = run(&here, &["read", "--as", "text", "--format", "json", "a", "nowhere", "b"]);
    let array: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(array.as_array().unwrap().len(), 2);
    assert!(out.starts_with("[\n  {\n    \"schema\": \"rapporteur/document/1\",\n"), "{out}");
    assert_eq!(run(&here, &["read", "--format", "json", "nowhere"]).1, "[]\n");
}

#[test]
fn offsets_count_what_is_asked_for() {
    let here = folder("offsets", &[("a", "😀é".as_bytes())]);
    for (unit, end) in [("codepoint", 2), ("byte", 6), ("utf16", 3)] {
        let (_, out, _) = run(&here, &["read", "--as", "text", "--format", "jsonl", "--offsets", unit, "a"]);
        let object: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(object["offsets"], unit);
        assert_eq!(object["article"]["blocks"][0]["span"][1], end, "{unit}");
    }
}

#[test]
fn colours_only_where_they_are_wanted() {
    let here = folder("colours", &[("a", b"Li said no.")]);
    let coloured = |arguments: &[&str], no_color: Option<&str>| {
        let mut command = rapporteur(&here, &[&["read", "--as", "text", "a"], arguments].concat());
        no_color.map(|value| command.env("NO_COLOR", value));
        told(&command.output().unwrap()).1.contains('\u{1b}')
    };
    assert!(!coloured(&[], None));
    assert!(coloured(&["--color", "always"], None));
    assert!(coloured(&["--color", "always"], Some("1")));
    assert!(!coloured(&["--color", "never"], None));
    assert!(!coloured(&[], Some("1")));
}

#[test]
fn columns_set_the_width() {
    let here = folder("columns", &[("a", &b"word ".repeat(60))]);
    let widest = |columns: &str| {
        let mut command = rapporteur(&here, &["read", "--as", "text", "a"]);
        let (_, out, _) = told(&command.env("COLUMNS", columns).output().unwrap());
        out.lines().map(str::len).max().unwrap()
    };
    assert_eq!([widest("60"), widest("1"), widest("wide")], [59, 39, 99]);
}

#[test]
fn several_readings_are_told_apart_by_name() {
    let here = folder("named", &[("a\u{1b}[2J", b"Rain."), ("b", b"Snow.")]);
    let (_, out, _) = run(&here, &["read", "--as", "text", "a\u{1b}[2J", "b"]);
    assert_snapshot!(out);
}

#[test]
fn a_reader_that_leaves_early_ends_the_run_quietly() {
    let here = folder("early", &[("a", &b"Li said no. ".repeat(2_000))]);
    let inputs = vec!["a"; 300];
    let mut command = rapporteur(&here, &text_lines(&inputs));
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let (status, _, err) = told(&child.wait_with_output().unwrap());
    assert_eq!((status, err.as_str()), (0, ""));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let here = folder("full", &[("a", b"a")]);
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let (status, _, err) = told(&rapporteur(&here, &text_lines(&["a"])).stdout(full).output().unwrap());
    assert_eq!(status, 1);
    assert!(err.starts_with("rapporteur: standard output: "), "{err}");
}
