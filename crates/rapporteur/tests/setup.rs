//! What looks after the program: `config`, `doctor`, `completions`, `man`, and settings in the other commands.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// A new folder of a test's own, with `files` in it.
fn folder(test: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("setup").join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    for (name, text) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// The binary in `folder`, at home there, with these variables and no others of its own.
fn run(folder: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rapporteur"));
    command.current_dir(folder).args(arguments).stdin(Stdio::null()).env("HOME", folder);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("RAPPORTEUR_") {
            command.env_remove(name);
        }
    }
    command.env_remove("XDG_CONFIG_HOME").env_remove("COLUMNS").envs(variables.iter().copied());
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Of one option of one command: its value and where it comes from.
fn setting(folder: &Path, variables: &[(&str, &str)], arguments: &[&str], option: &str) -> (Value, String) {
    let arguments: Vec<&str> = ["config", "read", "--format", "json"].iter().chain(arguments).copied().collect();
    let (_, out, _) = run(folder, variables, &arguments);
    let all: Vec<Value> = serde_json::from_str(&out).unwrap();
    let found = all.iter().find(|setting| setting["option"] == option).unwrap();
    let text = |name: &str| found[name].as_str().unwrap_or_default().to_owned();
    let from = match text("from").as_str() {
        "file" => format!("{}:{}", text("file"), found["line"]),
        "environment" => text("variable"),
        other => other.to_owned(),
    };
    (found["value"].clone(), from)
}

#[test]
fn the_narrower_and_the_nearer_value_weighs_more() {
    let here = folder("weights", &[("rapporteur.toml", "jobs = 3\n[read]\njobs = 4\n"), ("all.toml", "jobs = 3\n")]);
    let own = ("RAPPORTEUR_READ_JOBS", "6");
    let all = ("RAPPORTEUR_JOBS", "5");
    let jobs = |variables: &[(&str, &str)], arguments: &[&str]| setting(&here, variables, arguments, "jobs");
    assert_eq!(jobs(&[("RAPPORTEUR_CONFIG", "")], &[]), (Value::Null, "default".into()));
    assert_eq!(jobs(&[], &["--config", "all.toml"]), ("3".into(), "all.toml:1".into()));
    assert_eq!(jobs(&[], &[]), ("4".into(), "rapporteur.toml:3".into()));
    assert_eq!(jobs(&[all], &[]), ("5".into(), "RAPPORTEUR_JOBS".into()));
    assert_eq!(jobs(&[all, own], &[]), ("6".into(), "RAPPORTEUR_READ_JOBS".into()));
}

#[test]
fn the_first_file_that_there_is_holds() {
    let here = folder(
        "places",
        &[
            (".config/rapporteur/config.toml", "jobs = 1"),
            ("xdg/rapporteur/config.toml", "jobs = 2"),
            ("named.toml", "jobs = 4"),
            ("typed.toml", "jobs = 5"),
        ],
    );
    let jobs = |variables: &[(&str, &str)], arguments: &[&str]| setting(&here, variables, arguments, "jobs").0;
    assert_eq!(jobs(&[], &[]), "1");
    let xdg = here.join("xdg");
    assert_eq!(jobs(&[("XDG_CONFIG_HOME", xdg.to_str().unwrap())], &[]), "2");
    fs::write(here.join("rapporteur.toml"), "jobs = 3").unwrap();
    assert_eq!(jobs(&[], &[]), "3");
    let named = [("RAPPORTEUR_CONFIG", "named.toml")];
    assert_eq!(jobs(&named, &[]), "4");
    assert_eq!(jobs(&named, &["--config=typed.toml"]), "5");
    let (status, _, err) = run(&here, &[], &["--config", "nowhere.toml", "read", "x"]);
    assert_eq!((status, err.as_str()), (2, "rapporteur: nowhere.toml: no such file, and --config names it\n"));
}

/// Not only shown, but used; and what is typed outweighs it.
#[test]
fn commands_take_their_values_from_the_file() {
    let file =
        "format = \"jsonl\"\n[read]\nas = \"text\"\nmodel = \"rules\"\ndate = 2022-03-16\nmin-confidence = 0.5\n";
    let here = folder("used", &[("rapporteur.toml", file), ("a", "<p>Li said no.")]);
    let (status, out, err) = run(&here, &[], &["read", "a"]);
    assert_eq!((status, err.as_str()), (0, ""));
    let object: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(object["article"]["text"], "<p>Li said no.");
    assert_eq!(object["article"]["published"], "2022-03-16");
    let (_, out, _) = run(&here, &[("RAPPORTEUR_READ_OFFSETS", "byte")], &["read", "--date", "2022-03-17", "a"]);
    let object: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&object["article"]["published"], &object["offsets"]), (&"2022-03-17".into(), &"byte".into()));
    // `why` prints no jsonl, so that what holds for all is passed over there.
    let (status, out, _) = run(&here, &[], &["why", "a"]);
    assert_eq!((status, out.starts_with('{')), (0, false));
}

#[test]
fn switches_and_lists_can_be_set() {
    let file = "[collect]\nfeeds = [\"one.opml\", \"two.opml\"]\nno-pages = true\n";
    let here = folder("switches", &[("rapporteur.toml", file)]);
    let (status, _, err) = run(&here, &[], &["collect"]);
    let both = "one.opml: no such file or folder\ntwo.opml: no such file or folder\n";
    assert_eq!((status, err.as_str()), (1, both));
    let (_, _, err) = run(&here, &[], &["collect", "three.opml"]);
    assert_eq!(err, "three.opml: no such file or folder\n");
    for (value, shown) in [("1", "true"), ("no", "false"), ("false", "false")] {
        let variables = [("RAPPORTEUR_ALLOW_PRIVATE", value)];
        assert_eq!(setting(&here, &variables, &[], "allow-private").0, shown);
    }
}

#[test]
fn what_is_not_understood_is_named_with_its_line() {
    let file = "modle = \"fast\"\nmax-page = 4000\ndb = [\"a\", \"b\"]\n[collect]\nevery = \"10x\"\nno-pages = 1\n\
                [imprt]\nmodel = \"fast\"\n[read]\ncolour-of-hair = 1\njobs = [[1]]\n";
    let here = folder("misunderstood", &[("rapporteur.toml", file), ("a", "Li said no.")]);
    let variables = [("RAPPORTEUR_TIMEOUT", "soon"), ("RAPPORTEUR_TYPO", "1")];
    let (status, out, err) = run(&here, &variables, &["config"]);
    assert_eq!(status, 1);
    assert!(out.starts_with("Configuration file: rapporteur.toml\n"), "{out}");
    for words in [
        "line 1: there is no option `modle`; did you mean `model`?",
        "line 2: max-page: \"4000\": 4000 is not in 1..=256",
        "line 3: db: 2 values where one is meant",
        "line 5: every: \"10x\": no time",
        "line 6: no-pages: \"1\" is neither true nor false",
        "line 7: there is no command `imprt`",
        "line 10: there is no option `colour-of-hair` of `read`; there are: allow-private, as, ",
        "line 11: jobs: a list of lists",
    ] {
        assert_eq!(err.matches(&format!("rapporteur.toml: {words}")).count(), 1, "{words}: {err}");
    }
    assert!(err.contains("RAPPORTEUR_TIMEOUT: \"soon\": "), "{err}");
    assert!(err.contains("RAPPORTEUR_TYPO: a variable for no option"), "{err}");
    assert_eq!(err.lines().count(), 10, "{err}");
    let (status, out, err) = run(&here, &[], &["read", "a"]);
    assert_eq!((status, out.as_str(), err.lines().count()), (2, "", 8), "{err}");
    // Help is there all the same.
    assert_eq!(run(&here, &[], &["read", "--help"]).0, 0);
}

#[test]
fn broken_files_are_one_line() {
    for (text, words) in [
        ("a = [1,\nb", "line 2: "),
        ("a = \"\u{1b}[2J", "line 1: "),
        ("[read]\njobs = 1\njobs = 2\n", "line 3: "),
        (&format!("a = {}", "[".repeat(100_000)), "line 1: "),
        (&" ".repeat(1_100_000), "longer than a megabyte"),
    ] {
        let here = folder("broken", &[("rapporteur.toml", text)]);
        let (status, _, err) = run(&here, &[], &["read", "a"]);
        assert_eq!((status, err.lines().count()), (2, 1), "{err}");
        assert!(err.starts_with(&format!("rapporteur: rapporteur.toml: {words}")), "{err}");
        assert!(!err.contains('\u{1b}'));
    }
    let here = folder("broken", &[]);
    fs::write(here.join("rapporteur.toml"), b"a = \"\xff\"").unwrap();
    let (status, _, err) = run(&here, &[], &["read", "a"]);
    assert_eq!((status, err.lines().count()), (2, 1), "{err}");
}

#[test]
fn the_template_is_a_configuration() {
    let here = folder("template", &[]);
    let (status, template, err) = run(&here, &[], &["config", "--template"]);
    assert_eq!((status, err.as_str()), (0, ""));
    // What is commented out becomes the configuration, as far as there is a default.
    let lines = template.lines().filter(|line| !line.contains(" = …"));
    let all: String = lines
        .map(|line| line.strip_prefix('#').filter(|it| !it.starts_with(' ')).unwrap_or(line))
        .map(|line| format!("{line}\n"))
        .collect();
    fs::write(here.join("rapporteur.toml"), &all).unwrap();
    let (status, out, err) = run(&here, &[], &["config"]);
    assert_eq!((status, err.as_str()), (0, ""), "{all}");
    assert!(out.contains("rapporteur.toml, line "), "{out}");
}

#[test]
fn a_command_that_there_is_not_has_no_options() {
    let here = folder("no_command", &[]);
    let (status, out, err) = run(&here, &[], &["config", "write"]);
    assert_eq!((status, out.as_str()), (1, ""));
    assert_eq!(err, "rapporteur: there is no command `write` with options\n");
}

/// Each line that the doctor prints: state, what, seen.
fn doctor(folder: &Path, arguments: &[&str]) -> (i32, Vec<[String; 3]>) {
    let arguments: Vec<&str> = ["doctor", "--format", "json"].iter().chain(arguments).copied().collect();
    let (status, out, err) = run(folder, &[], &arguments);
    assert_eq!(err, "");
    let all: Vec<Value> = serde_json::from_str(&out).unwrap();
    let line = |one: &Value| ["state", "what", "seen"].map(|name| one[name].as_str().unwrap().to_owned());
    (status, all.iter().map(line).collect())
}

fn seen<'a>(lines: &'a [[String; 3]], what: &str) -> (&'a str, &'a str) {
    let found = lines.iter().find(|line| line[1] == what).unwrap_or_else(|| panic!("no {what} in {lines:?}"));
    (&found[0], &found[2])
}

#[test]
fn the_doctor_looks_at_a_database_and_leaves_nothing_behind() {
    let here = folder("doctor", &[]);
    let (status, lines) = doctor(&here, &[]);
    assert_eq!((status, seen(&lines, "database").0), (0, "ok"));
    let path = here.join("rapporteur.db");
    let article = rapporteur::record::Article::from_text("The ferry sails at noon.".into());
    let mut store = rapporteur_store::Store::open_to_write(&path, "a test").unwrap();
    store.put([rapporteur::record::Document::new(article)]).unwrap();
    let (status, lines) = doctor(&here, &["--quick"]);
    assert_eq!(status, 0);
    assert!(seen(&lines, "writing").1.starts_with("a test, process "), "{lines:?}");
    drop(store);
    let before = fs::read(&path).unwrap();
    let (status, lines) = doctor(&here, &[]);
    assert_eq!(status, 0, "{lines:?}");
    assert_eq!(seen(&lines, "backup"), ("ok", "one was made, read again and found sound"));
    assert!(seen(&lines, "database").1.contains("1 articles"), "{lines:?}");
    assert!(seen(&lines, "weights").1.contains("b3:"), "{lines:?}");
    assert!(fs::read(&path).unwrap() == before);
    let left = |folder: &Path| {
        fs::read_dir(folder)
            .unwrap()
            .filter(|it| it.as_ref().unwrap().file_name().to_string_lossy().contains("doctor-"))
            .count()
    };
    assert_eq!((left(&here), left(&std::env::temp_dir())), (0, 0));
}

#[test]
fn the_doctor_says_what_is_wrong() {
    let here = folder("sick", &[("foreign.db", "Dear diary, today it rained."), ("rapporteur.toml", "modle = 1")]);
    let (status, lines) = doctor(&here, &["--db", "foreign.db"]);
    assert_eq!((status, seen(&lines, "database").0, seen(&lines, "configuration").0), (1, "fail", "fail"));
    assert!(seen(&lines, "database").1.contains("not a database of Rapporteur"));
    let (status, out, _) = run(&here, &[], &["doctor", "--db", "foreign.db", "--model", "./no.rapmodel"]);
    assert_eq!(status, 1);
    assert!(out.contains("fail  weights        ./no.rapmodel: no such file or folder\n"), "{out}");
    assert!(out.ends_with("3 failures, 1 warning\n"), "{out}");
}

/// A page of the database is overwritten: the copy tells.
#[test]
fn the_doctor_finds_damage() {
    let here = folder("damage", &[]);
    let path = here.join("rapporteur.db");
    let mut store = rapporteur_store::Store::open_to_write(&path, "a test").unwrap();
    let texts = (0..50).map(|n| format!("The ferry {n} sails at noon, and {} later.", n * 7919));
    let articles = texts.map(|text| rapporteur::record::Document::new(rapporteur::record::Article::from_text(text)));
    store.put(articles).unwrap();
    drop(store);
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2 / 32_768 * 32_768;
    bytes[middle..middle + 32_768].fill(0xa5);
    fs::write(&path, bytes).unwrap();
    let (status, lines) = doctor(&here, &[]);
    assert_eq!(status, 1, "{lines:?}");
    assert!(lines.iter().any(|line| line[0] == "fail"), "{lines:?}");
}

#[test]
fn shells_complete_commands_options_and_values() {
    let here = folder("completions", &[]);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (status, out, err) = run(&here, &[], &["completions", shell]);
        assert_eq!((status, err.as_str()), (0, ""));
        assert!(out.contains("collect") && out.contains("recheck"), "{shell}");
    }
    let (_, script, _) = run(&here, &[], &["completions", "bash"]);
    fs::write(here.join("rapporteur.bash"), script).unwrap();
    for (words, expected) in [
        ("rapporteur coll", "collect"),
        ("rapporteur collect --rech", "--recheck"),
        ("rapporteur read --format js", "json jsonl"),
        ("rapporteur config --templ", "--template"),
    ] {
        let words: Vec<&str> = words.split(' ').collect();
        let (last, before) = (words[words.len() - 1], words[words.len() - 2]);
        let try_it = format!(
            "source rapporteur.bash; COMP_WORDS=({}); COMP_CWORD={}; _rapporteur rapporteur '{last}' '{before}'; \
             echo \"${{COMPREPLY[@]}}\"",
            words.join(" "),
            words.len() - 1
        );
        let Ok(output) = Command::new("bash").current_dir(&here).args(["-c", &try_it]).output() else { return };
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), expected, "{words:?}");
    }
}

#[test]
fn each_command_has_a_manual_page() {
    let here = folder("man", &[]);
    let (status, _, err) = run(&here, &[], &["man", "a/b"]);
    assert_eq!((status, err.as_str()), (0, ""));
    for command in ["", "-read", "-collect", "-config", "-doctor", "-backup"] {
        let page = fs::read_to_string(here.join(format!("a/b/rapporteur{command}.1"))).unwrap();
        assert!(page.contains(".SH NAME") && page.contains(".SH SYNOPSIS"), "{command}");
    }
    fs::write(here.join("file"), "").unwrap();
    let (status, _, err) = run(&here, &[], &["man", "file"]);
    assert_eq!(status, 1);
    assert!(err.starts_with("rapporteur: file: "), "{err}");
}
