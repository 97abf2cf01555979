//! The suite html5lib-tests, and what this parser does in its own way.
//!
//! The suite is looked for in the folder that `HTML5LIB_TESTS` names, then beside the project; without it its tests
//! say so and pass. `SHOW=1` prints the tokens that differ, `SHOW=standard` the trees of that sort of cases.

#![expect(clippy::print_stderr, reason = "scores, and that the suite is missing, are for who runs the tests")]

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::builder::{Builder, Keeps};
use super::entities::{self, Source};
use super::tokens::{Token, Tokens};
use crate::tree::{Data, Id, NONE, Step, Tree};

/// The longest that any input of the suite may take, in a build without optimization on a busy machine.
const LONGEST: Duration = Duration::from_millis(50);

/// The files of a folder of the suite with that ending, in order; none where it is missing.
fn suite(folder: &str, ending: &str) -> Vec<(String, String)> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/suites/html5lib-tests");
    let root = std::env::var_os("HTML5LIB_TESTS").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let Ok(entries) = fs::read_dir(root.join(folder)) else {
        eprintln!("html5lib-tests is not there: set HTML5LIB_TESTS to its folder");
        return Vec::new();
    };
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.to_str().unwrap().ends_with(ending));
    paths.sort();
    let name = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
    paths.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

fn timed<T>(what: &str, run: impl Fn() -> T) -> T {
    let start = Instant::now();
    let out = run();
    // The machine may have been busy with something else.
    if start.elapsed() > LONGEST {
        let again = Instant::now();
        run();
        assert!(again.elapsed() < LONGEST, "{:?} for {what}", again.elapsed());
    }
    out
}

/// What a token shows, as the suite writes it; neighbouring text is one.
fn push(shown: &mut Vec<Value>, kind: &str, rest: Value) {
    if kind == "Character" && rest[0] == "" {
        return;
    }
    if kind == "Character"
        && let Some(last) = shown.last_mut().filter(|last| last[0] == "Character")
    {
        last[1] = format!("{}{}", last[1].as_str().unwrap(), rest[0].as_str().unwrap()).into();
        return;
    }
    let mut token = vec![Value::from(kind)];
    token.extend(rest.as_array().unwrap().iter().cloned());
    shown.push(token.into());
}

fn decoded(raw: &str, source: Source) -> String {
    let mut out = String::new();
    entities::decode(&mut out, raw, source);
    out
}

/// The tags and text of a page, begun in a state of the standard's tokenizer.
fn tokens(html: &str, state: &str, last: &str) -> Vec<Value> {
    let cdata = if state == "CDATA section state" { "<![CDATA[" } else { "" };
    let html = format!("{cdata}{html}");
    let mut tokens = Tokens::new(&html, |_, _| true);
    tokens.has_cdata = !cdata.is_empty();
    let mut shown = Vec::new();
    let raw = match state {
        "PLAINTEXT state" => decoded(tokens.rest(), Source::Raw),
        "RCDATA state" => decoded(tokens.raw(last), Source::Escapable),
        "RAWTEXT state" | "Script data state" => decoded(tokens.raw(last), Source::Raw),
        _ => String::new(),
    };
    if !raw.is_empty() {
        push(&mut shown, "Character", serde_json::json!([raw]));
    }
    while let Some(token) = tokens.next() {
        match token {
            Token::Text(text) => {
                push(&mut shown, "Character", serde_json::json!([decoded(text, Source::Text)]));
            }
            Token::Literal(text) => push(&mut shown, "Character", serde_json::json!([text.replace('\0', "")])),
            Token::Start(tag) => {
                let attrs = tokens.attrs.iter().map(|attr| {
                    let value = decoded(attr.value, Source::Value);
                    (named(attr.name), Value::from(value))
                });
                let attrs: serde_json::Map<_, _> = attrs.collect();
                let mut rest = vec![Value::from(named(tag.name)), attrs.into()];
                rest.extend(tag.self_closing.then(|| Value::from(true)));
                push(&mut shown, "StartTag", rest.into());
            }
            Token::End(tag) => push(&mut shown, "EndTag", serde_json::json!([named(tag.name)])),
            Token::Comment | Token::Doctype(_) => {}
        }
    }
    shown
}

fn named(name: &str) -> String {
    name.to_ascii_lowercase().replace('\0', "\u{fffd}")
}

/// What the suite expects, without comments, doctypes, and zeros in text, which a page's tree has not.
fn expected(test: &Value) -> Vec<Value> {
    let mut shown = Vec::new();
    for token in test["output"].as_array().unwrap() {
        let parts = token.as_array().unwrap();
        match parts[0].as_str().unwrap() {
            "Comment" | "DOCTYPE" => {}
            "Character" => {
                let text = parts[1].as_str().unwrap().replace('\0', "");
                if !text.is_empty() {
                    push(&mut shown, "Character", serde_json::json!([text]));
                }
            }
            kind => push(&mut shown, kind, parts[1..].to_vec().into()),
        }
    }
    shown
}

/// A JSON string within a string, which may hold half a character: no page that was decoded does.
fn unescaped(value: &Value) -> Option<Value> {
    serde_json::from_str(&value.to_string().replace("\\\\u", "\\u")).ok()
}

#[test]
fn tokens_are_those_of_the_standard() {
    let (mut n, mut n_right) = (0, 0);
    for (file, text) in suite("tokenizer", ".test") {
        let cases: Value = serde_json::from_str(&text).unwrap();
        for case in cases["tests"].as_array().into_iter().flatten() {
            let case = if case["doubleEscaped"] == true { unescaped(case) } else { Some(case.clone()) };
            let Some(case) = case else { continue };
            let (Some(input), expected) = (case["input"].as_str(), expected(&case)) else { continue };
            let last = case["lastStartTag"].as_str();
            let all = [Value::from("Data state")];
            for state in case["initialStates"].as_array().map_or(&all[..], |states| states) {
                let state = state.as_str().unwrap();
                let last = last.unwrap_or(if state.starts_with("Script") { "script" } else { "x" });
                let found = timed(input, || tokens(input, state, last));
                n += 1;
                n_right += usize::from(found == expected);
                if found != expected && std::env::var_os("SHOW").is_some() {
                    eprintln!("{file}: {state}: {input:?}\n  expected {expected:?}\n  found    {found:?}");
                }
            }
        }
    }
    eprintln!("tokenizer: {n_right} of {n} right");
    assert_eq!(n_right, n);
}

/// A case of the suite's trees.
#[derive(Default)]
struct TreeCase {
    data: String,
    tree: String,
    is_fragment: bool,
    scripts_run: bool,
}

fn tree_cases(text: &str) -> Vec<TreeCase> {
    let mut cases = Vec::new();
    let mut part = "";
    for line in text.split('\n') {
        match line {
            "#data" => cases.push(TreeCase::default()),
            "#script-on" => last(&mut cases).scripts_run = true,
            "#document-fragment" => last(&mut cases).is_fragment = true,
            _ => {}
        }
        if matches!(
            line,
            "#data" | "#errors" | "#new-errors" | "#document" | "#document-fragment" | "#script-on" | "#script-off"
        ) {
            part = line;
            continue;
        }
        let into = match part {
            "#data" => &mut last(&mut cases).data,
            "#document" => &mut last(&mut cases).tree,
            _ => continue,
        };
        into.push_str(line);
        into.push('\n');
    }
    for case in &mut cases {
        case.data.pop();
        case.tree.truncate(case.tree.trim_end_matches('\n').len());
    }
    cases
}

fn last(cases: &mut [TreeCase]) -> &mut TreeCase {
    cases.last_mut().unwrap()
}

/// The lines of an expected tree that show: no comments and doctypes, attributes behind their element, and texts that
/// meet joined.
fn lines(tree: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for line in tree.split('\n') {
        match line.strip_prefix("| ") {
            Some(piece) => pieces.push(piece.to_owned()),
            None => last_piece(&mut pieces, line),
        }
    }
    let shown = |piece: &String| {
        !piece.trim_start().starts_with("<!") && piece.trim() != "content" && !piece.trim_start().starts_with("<?")
    };
    joined(pieces.into_iter().filter(shown))
}

fn last_piece(pieces: &mut [String], line: &str) {
    if let Some(last) = pieces.last_mut() {
        last.push('\n');
        last.push_str(line);
    }
}

fn joined(pieces: impl Iterator<Item = String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for piece in pieces {
        let depth = piece.len() - piece.trim_start().len();
        if let Some(last) = out.last_mut()
            && piece[depth..].starts_with('"')
            && last[depth.min(last.len())..].starts_with('"')
            && last.len() - last.trim_start().len() == depth
        {
            last.pop();
            last.push_str(&piece[depth + 1..]);
        } else {
            out.push(piece);
        }
    }
    out
}

fn shown(tree: &Tree) -> Vec<String> {
    let (mut pieces, mut depth) = (Vec::new(), 0);
    let mut at = tree.next_step(0, &Step::Enter(0));
    while let Some(step) = at {
        match step {
            Step::Enter(id) => {
                push_node(&mut pieces, tree, id, depth);
                depth += indent(tree, id);
            }
            Step::Leave(id) => depth -= indent(tree, id).min(depth),
        }
        at = tree.next_step(0, &step);
    }
    joined(pieces.into_iter())
}

/// The suite writes what is in a template one step further in.
fn indent(tree: &Tree, id: Id) -> usize {
    if &*tree.name(id) == "template" { 4 } else { 2 }
}

fn push_node(pieces: &mut Vec<String>, tree: &Tree, id: Id, depth: usize) {
    let space = " ".repeat(depth);
    match &tree.node(id).data {
        Data::Document => {}
        Data::Text(text) => pieces.push(format!("{space}\"{}\"", tree.str(text))),
        Data::Element { name, .. } => {
            pieces.push(format!("{space}<{}>", &**name));
            let mut attrs: Vec<_> =
                tree.attrs(id).map(|(name, value)| format!("{space}  {name}=\"{value}\"")).collect();
            attrs.sort();
            pieces.extend(attrs);
        }
    }
}

/// Why a case is not held to: what this parser does in its own way.
fn own_way(case: &TreeCase) -> Option<&'static str> {
    let elements: Vec<&str> = case.tree.lines().filter_map(|line| line.strip_prefix("| ")).map(str::trim).collect();
    let has = |name: &str| elements.iter().any(|element| element.starts_with(name));
    const FORMATTING: &[&str] =
        &["b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u", "a"];
    if case.is_fragment {
        return Some("fragments");
    }
    if case.scripts_run {
        return Some("scripts run");
    }
    if has("<svg ") || has("<math ") {
        return Some("drawings and formulas");
    }
    if FORMATTING.iter().any(|name| has(&format!("<{name}>"))) {
        return Some("formatting elements");
    }
    if case.data.contains("<noscript") {
        return Some("noscript");
    }
    has("<template>").then_some("templates")
}

#[test]
fn trees_are_those_of_the_standard() {
    let mut scores = std::collections::BTreeMap::<&str, (usize, usize)>::new();
    for (file, text) in suite("tree-construction", ".dat") {
        for case in tree_cases(&text) {
            let tree = timed(&case.data, || Builder::new(&case.data, Keeps::All).finish());
            let (found, expected) = (shown(&tree), lines(&case.tree));
            let way = own_way(&case).unwrap_or("as the standard");
            let score = scores.entry(way).or_default();
            score.1 += 1;
            score.0 += usize::from(found == expected);
            if found != expected && std::env::var("SHOW").is_ok_and(|wanted| way.contains(&wanted)) {
                eprintln!(
                    "{file}: {:?}\n  expected\n{}\n  found\n{}",
                    case.data,
                    expected.join("\n"),
                    found.join("\n")
                );
            }
        }
    }
    for (way, (n_right, n)) in &scores {
        eprintln!("trees, {way}: {n_right} of {n} right");
    }
    if let Some((n_right, n)) = scores.get("as the standard") {
        assert!(n_right * 100 >= n * 98, "{n_right} of {n}");
    }
}

fn outline(html: &str) -> String {
    let tree = super::parse(html);
    let mut out = String::new();
    let mut at = tree.next_step(0, &Step::Enter(0));
    while let Some(step) = at {
        match (
            &step,
            &tree
                .node(match step {
                    Step::Enter(id) | Step::Leave(id) => id,
                })
                .data,
        ) {
            (Step::Enter(_), Data::Element { name, .. }) => out += &format!("{}(", &**name),
            (Step::Leave(_), Data::Element { .. }) => out += ")",
            (Step::Enter(_), Data::Text(text)) => out += tree.str(text),
            _ => {}
        }
        at = tree.next_step(0, &step);
    }
    assert_eq!(tree.node(0).parent, NONE);
    out.replace("html(head()body(", "").strip_suffix("))").unwrap_or(&out).to_owned()
}

#[test]
fn blocks_leave_an_open_link() {
    assert_eq!(outline("<a href=x>One<p>two</a> three<p>four"), "a(One)p(a(two) three)p(four)");
    assert_eq!(outline("<a>1<a>2</a>3"), "a(1)a(2)3");
    assert_eq!(outline("<p><a>1<p>2</a>3"), "p(a(1))p(23)");
}

#[test]
fn drawings_leave_nothing() {
    assert_eq!(outline("a<svg><title>x</title><g><![CDATA[<b>]]></svg>b<svg/>c<svg><g>x<div>d"), "abcdiv(d)");
}

#[test]
fn readers_without_scripts_have_their_own() {
    let page = "<head><noscript><img src=x><p>Turn on</noscript><title>T</title></head><body>B";
    assert_eq!(outline(page), "html(head(noscript(img()p(Turn on))title(T))body(B");
}

#[test]
fn a_page_of_nothing_but_tags_keeps_its_words() {
    let tree = super::parse(&"<p>x".repeat(100_000));
    assert!(tree.len() < 70_000, "{}", tree.len());
    assert_eq!(tree.text(0, usize::MAX).split(' ').count(), 100_000);
}
