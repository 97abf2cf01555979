//! Queries that mean harm, and databases full of words that do.

use rapporteur::record::{Act, Article, Document, Entity, EntityKind, Quotation, Role, Span, Statement};

use crate::database::{csv_rows, examples, folder, put};
use crate::{out, rapporteur, run, told, values};

/// What breaks parsers, terminals, spreadsheets and databases.
const STRINGS: [&str; 32] = [
    "NEAR(",
    "NEAR(a b, 2)",
    "content:lake",
    "{content} : lake",
    "^lake",
    "lake + deal",
    "*",
    "**",
    "\"*\"",
    "a*b*",
    "\"unbalanced",
    "un\"balanced\"\"",
    "' OR 1=1 --",
    "'; DROP TABLE statements; --",
    "1; SELECT * FROM articles",
    "%_%",
    "(((((((((((((((((((((",
    "AND OR NOT",
    "lake AND NOT deal",
    "speaker:'; --",
    "speaker:\"*\"",
    "url:file:///etc/passwd",
    "\u{1b}[2J\u{1b}[31mred",
    "\u{9b}31mred\u{7}",
    "a\u{0}b",
    "\u{202e}reversed\u{2066}",
    "٣ عربي نتنياهو",
    "ÅÍÎÏ˝ÓÔ\u{f8ff}ÒÚÆ☃",
    "👩‍👩‍👧‍👦 🏳️‍🌈",
    "Z\u{341}\u{317}a\u{341}\u{317}l\u{341}g\u{341}o\u{341}",
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>\r\nSet-Cookie: x",
];

fn obeyed_by_terminals(text: &str) -> Option<char> {
    text.chars()
        .find(|ch| ch.is_control() && *ch != '\n' || matches!(ch, '\u{202a}'..='\u{202e}' | '\u{2066}' | '\u{2067}'))
}

#[test]
fn any_query_is_answered_or_refused_in_one_line() {
    let here = examples("hostile_queries");
    for string in STRINGS.iter().filter(|string| !string.contains('\0')) {
        for arguments in
            [&["find", "--"][..], &["find", "--articles", "--"], &["find", "--rank", "--"], &["show", "--"]]
        {
            let (status, out, err) = run(&here, &[arguments, &[string]].concat());
            assert!((0..=2).contains(&status), "{string:?}: {status}");
            assert_eq!(obeyed_by_terminals(&(out + &err)), None, "{string:?}");
            assert!(
                !err.contains("syntax error") && !err.contains("SQL") && !err.contains("panicked"),
                "{string:?}: {err}"
            );
        }
    }
}

#[test]
fn a_query_may_be_long_but_not_endless() {
    let here = examples("long_query");
    let long = "lake OR ".repeat(400) + "lake";
    assert_eq!(values(&out(&here, &["find", "-n", "1", "--format", "jsonl", &long]), "negated").len(), 1);
    let (status, _, err) = run(&here, &["find", &"deal zeppelin ".repeat(400)]);
    assert_eq!((status, err.as_str()), (0, "nothing found: no statement has all of these 800 words and fields\n"));
    let (status, _, err) = run(&here, &["find", &"lake OR ".repeat(9_000)]);
    assert!(status == 2 && err.contains("too many words and fields: more than 1000"), "{err}");
    let phrase = format!("\"{}\"", "lake ".repeat(20_000));
    assert_eq!(run(&here, &["find", &phrase]).0, 0);
}

/// An article in which everything is `string`.
fn made_of(string: &str, number: usize) -> Document {
    let text = format!("{string} said: {string}.");
    let mut article = Article::from_text(text);
    article.id = format!("b3:{number:032x}");
    article.url = Some(format!("https://a.example/{string}"));
    article.outlet = Some(string.to_owned());
    article.outlet_name = Some(string.to_owned());
    article.title = Some(string.to_owned());
    article.published = "2024-02-29".parse().ok();
    article.language = Some(string.to_owned());
    let (start, cue) = (string.len() + " said: ".len(), Span::new(string.len() + 1, string.len() + 5));
    let source = Span::new(0, string.len());
    let mut document = Document::new(article);
    document.entities.push(Entity {
        id: 0,
        kind: EntityKind::Person,
        name: string.to_owned(),
        roles: vec![Role { title: string.to_owned(), of: Some(string.to_owned()), span: source }],
        country: Some(string.to_owned()),
        lat: None,
        lon: None,
        wikidata: None,
        members: Vec::new(),
        mentions: Vec::new(),
    });
    document.statements.push(Statement {
        id: 0,
        quotation: Quotation::Direct,
        content: vec![Span::new(start, start + string.len())],
        cue: vec![cue],
        source: vec![source],
        speaker: Some(0),
        speakers: vec![0],
        addressee: None,
        channel: None,
        via: Vec::new(),
        inside: None,
        act: Act::Assert,
        negated: false,
        confidence: 0.5,
    });
    document
}

#[test]
fn what_is_stored_cannot_command_a_terminal() {
    let here = folder("hostile_words");
    put(&here, STRINGS.iter().enumerate().map(|(number, string)| made_of(string, number)));
    for columns in ["40", "60", "100", "200"] {
        for arguments in [&["find"][..], &["find", "--articles"], &["find", "--articles", "lake OR red*"], &["stats"]] {
            let (status, out, err) = told(rapporteur(&here, arguments).env("COLUMNS", columns));
            assert_eq!((status, err.as_str()), (0, ""));
            assert_eq!(obeyed_by_terminals(&out), None, "{arguments:?}");
        }
    }
    for key in values(&out(&here, &["find", "--format", "jsonl"]), "key") {
        let shown = out(&here, &["show", key.as_str().unwrap()]);
        assert_eq!(obeyed_by_terminals(&shown), None, "{shown:?}");
    }
}

#[test]
fn what_is_stored_comes_out_whole_in_json_and_csv() {
    let here = folder("hostile_whole");
    put(&here, STRINGS.iter().enumerate().map(|(number, string)| made_of(string, number)));
    let jsonl = out(&here, &["find", "--format", "jsonl"]);
    assert_eq!(obeyed_by_terminals(&jsonl.replace(['\u{202e}', '\u{2066}'], "")), None);
    let mut contents: Vec<String> =
        values(&jsonl, "content").iter().map(|one| one.as_str().unwrap().to_owned()).collect();
    contents.sort();
    let mut wanted = STRINGS.map(str::to_owned);
    wanted.sort();
    assert_eq!(contents, wanted);
    let rows = csv_rows(&out(&here, &["find", "--format", "csv"]));
    let column = rows[0].iter().position(|heading| heading == "content").unwrap();
    let mut contents: Vec<String> = rows[1..].iter().map(|row| row[column].clone()).collect();
    contents.sort();
    let mut wanted = wanted.map(|string| string.replace('\0', "\u{fffd}"));
    wanted.sort();
    assert_eq!(contents, wanted);
}

#[test]
fn a_spreadsheet_gets_no_formulas() {
    let here = folder("hostile_spreadsheet");
    put(
        &here,
        ["=1+1", "@SUM(A1)", "-2", "+3", "plain"].iter().enumerate().map(|(number, string)| made_of(string, number)),
    );
    let csv = out(&here, &["find", "--format", "csv", "--spreadsheet"]);
    let rows = csv_rows(&csv);
    for cell in rows[1..].iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
    }
    assert!(csv.contains("\"'=1+1\""));
    assert!(out(&here, &["find", "--format", "csv"]).contains(",=1+1,"));
}
