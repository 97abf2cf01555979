//! `rapporteur extract`.

use super::*;

const PAGE: &str = r#"<html lang="en"><head><title>Ferry sails again | Harbour Post</title>
<meta property="og:site_name" content="Harbour Post"><meta name="author" content="Mira Adair">
<meta property="article:published_time" content="2024-05-02T08:00:00Z"></head><body>
<nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<article><h1>Ferry sails again</h1>
<p>The night ferry sailed again on Thursday after three weeks in the harbour, and most of its cabins were taken.</p>
<h2>What comes next</h2>
<p>The company wants to add a second boat in the autumn if the harbour council agrees to lengthen the eastern quay.</p>
<ul><li>The first boat leaves at noon every day of the week.</li><li>The second would leave at midnight, Sundays aside.</li></ul>
</article><footer>Copyright Harbour Post</footer></body></html>"#;

#[test]
fn only_the_article_is_printed() {
    let folder = folder("extract_text", &[("page.html", PAGE.as_bytes())]);
    let (status, out, err) = run(&folder, &["extract", "page.html"]);
    assert_eq!((status, err.as_str()), (0, ""));
    assert!(out.starts_with("Ferry sails again\n\nThe night ferry"), "{out}");
    assert!(out.ends_with("Sundays aside.\n") && !out.contains("Home") && !out.contains("Copyright"), "{out}");
}

#[test]
fn markdown_has_headings_lists_and_what_is_known() {
    let folder = folder("extract_markdown", &[("page.html", PAGE.as_bytes())]);
    let arguments =
        ["extract", "--format", "markdown", "--with-metadata", "--url", "https://harbour.example/f", "page.html"];
    let (status, out, _) = run(&folder, &arguments);
    assert_eq!(status, 0);
    for line in [
        "author: \"Mira Adair\"",
        "published: \"2024-05-02T08:00:00+00:00\"",
        "# Ferry sails again",
        "## What comes next",
    ] {
        assert!(out.lines().any(|there| there == line), "{line} is not in\n{out}");
    }
    assert!(out.contains("\n- The first boat") && out.contains("\n- The second"), "{out}");
}

#[test]
fn json_is_the_article_of_the_record() {
    let folder =
        folder("extract_json", &[("page.html", PAGE.as_bytes()), ("other.txt", b"Fish was cheap, the mayor said.")]);
    let json = |command: &str| -> Vec<Value> {
        let (_, out, _) = run(&folder, &[command, "--format", "jsonl", "page.html", "other.txt"]);
        out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let read: Vec<Value> = json("read").iter().map(|document| document["article"].clone()).collect();
    assert_eq!(json("extract"), read);
    assert_eq!(read.len(), 2);
}

#[test]
fn a_page_without_an_article_is_named_and_the_others_are_printed() {
    let folder = folder("extract_none", &[("a.html", b"<html><body></body></html>"), ("b.html", PAGE.as_bytes())]);
    let (status, out, err) = run(&folder, &["extract", "--format", "tei", "a.html", "b.html"]);
    assert_eq!(status, 1);
    assert!(out.contains("<head type=\"main\">Ferry sails again</head>"), "{out}");
    assert!(err.starts_with("a.html: no article: the page has no text\n"), "{err}");
}

#[test]
fn articles_of_other_languages_and_short_ones_are_passed_over() {
    let folder = folder("extract_wanted", &[("page.html", PAGE.as_bytes())]);
    for wanted in [["--language", "fr"], ["--min-length", "5000"]] {
        let (status, out, err) = run(&folder, &["extract", wanted[0], wanted[1], "page.html"]);
        assert_eq!((status, out.as_str(), err.as_str()), (0, "", ""));
    }
    assert_eq!(run(&folder, &["extract", "--language", "en", "page.html"]).0, 0);
}

#[test]
fn articles_go_to_files_of_their_own() {
    let list = "# pages\npage.html\n\nother.txt\n";
    let files: [(&str, &[u8]); 3] =
        [("page.html", PAGE.as_bytes()), ("other.txt", b"Fish was cheap, the mayor said."), ("list", list.as_bytes())];
    let folder = folder("extract_files", &files);
    for _ in 0..2 {
        let arguments = ["extract", "-i", "list", "-o", "out/articles", "-f", "markdown", "--with-metadata"];
        assert_eq!(run(&folder, &arguments), (0, String::new(), String::new()));
    }
    let mut names: Vec<String> = fs::read_dir(folder.join("out/articles"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(names[0].starts_with("other-") && names[1].starts_with("page-"), "{names:?}");
    let page = fs::read_to_string(folder.join("out/articles").join(&names[1])).unwrap();
    assert!(page.contains("author: \"Mira Adair\"") && page.contains("# Ferry sails again\n"), "{page}");
}

#[test]
fn a_list_of_inputs_that_is_none_is_named() {
    let folder = folder("extract_list", &[("empty", b"\n# nothing\n"), ("bad", b"\xff\n")]);
    for (file, reason) in [("empty", "no input in it"), ("bad", "not UTF-8"), ("none", "no such file")] {
        let (status, out, err) = run(&folder, &["extract", "--input-file", file]);
        assert_eq!((status, out.as_str()), (1, ""));
        assert!(err.starts_with(&format!("rapporteur: {file}: {reason}")), "{err}");
    }
}

#[test]
fn articles_without_metadata_are_passed_over() {
    let folder =
        folder("extract_known", &[("page.html", PAGE.as_bytes()), ("other.txt", b"Fish was cheap, the mayor said.")]);
    let arguments = ["extract", "--only-with-metadata", "--url", "https://harbour.example/f", "page.html", "other.txt"];
    let (status, out, _) = run(&folder, &arguments);
    assert_eq!(status, 0);
    assert!(out.contains("The night ferry") && !out.contains("Fish"), "{out}");
}
