//! Pages that are built to be slow, deep or broken.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use rapporteur_extract::{Error, Form, Page, article};
use rapporteur_record::Article;

/// The article, which is empty where the page holds none.
fn read(bytes: &[u8], form: Form) -> Result<Article, Error> {
    match article(&Page { bytes, form, ..Page::default() }) {
        Err(Error::NoArticle(_)) => Ok(Article::default()),
        read => read,
    }
}

fn time(html: &str) -> Duration {
    let start = Instant::now();
    read(html.as_bytes(), Form::Html).unwrap();
    start.elapsed()
}

/// The quicker of two readings, as the machine is shared.
fn quickest(html: &str) -> Duration {
    time(html).min(time(html))
}

#[test]
fn a_hundred_thousand_open_divs_take_less_than_a_second() {
    let html = "<div>".repeat(100_000) + "<p>At the bottom stood a sentence, and it was found.</p>";
    assert!(quickest(&html) < Duration::from_secs(1));
    let article = read(html.as_bytes(), Form::Html).unwrap();
    assert_eq!(article.text, "At the bottom stood a sentence, and it was found.");
}

#[test]
fn time_grows_with_the_page_and_no_faster() {
    let nests = [
        "<div>",
        "<ul><li>",
        "<a><i>",
        "<a href=x><i>",
        "<b>",
        "<table><tr><td>",
        "<p><font>x",
        "<svg><g>",
        "<select><option>",
    ];
    let more =
        ["</i>", "<xx>", "<", "&amp", "<!--", "<script>", "<h1>Words of a title</h1>", "<template>", "<a q = \">\" "];
    for piece in nests.into_iter().chain(more) {
        let n = 100_000 / piece.len();
        let (once, twice) = (quickest(&piece.repeat(n)), quickest(&piece.repeat(2 * n)));
        assert!(twice < 3 * once + Duration::from_millis(300), "{piece}: {once:?}, then {twice:?}");
    }
}

#[test]
fn a_page_of_very_many_blocks_is_read_up_to_a_limit() {
    let article = read("<p>x".repeat(260_000).as_bytes(), Form::Html).unwrap();
    assert!(article.notes.iter().any(|note| note.starts_with("only the first 250000 blocks")), "{:?}", article.notes);
    assert!(article.blocks.len() <= 250_000);
}

#[test]
fn a_tag_with_very_many_attributes_is_linear() {
    let wide = |n: usize| {
        format!("<p {}>The rest of the page is read.</p>", (0..n).map(|i| format!("a{i} = '>' ")).collect::<String>())
    };
    let (once, twice) = (quickest(&wide(30_000)), quickest(&wide(60_000)));
    assert!(twice < 3 * once + Duration::from_millis(300), "{once:?}, then {twice:?}");
    assert_eq!(read(wide(30_000).as_bytes(), Form::Html).unwrap().text, "The rest of the page is read.");
}

#[test]
fn json_that_refers_to_itself_very_often_is_linear() {
    let authors = r#"{"@id":"y"},"#.repeat(40_000);
    let html = format!(
        r#"<script type="application/ld+json">{{"@type":"NewsArticle","headline":"x","author":[{authors}{{}}]}}</script>"#
    );
    assert!(quickest(&html) < Duration::from_secs(2));
    let deep = format!(r#"<script type="application/ld+json">{}</script><p>A sentence."#, "[".repeat(100_000));
    assert_eq!(read(deep.as_bytes(), Form::Html).unwrap().text, "A sentence.");
}

#[test]
fn a_page_cut_in_a_tag_is_read_up_to_it() {
    let page = "<html><body><h1>Bridge reopens</h1><p>The bridge over the river reopened on Monday.</p><p class=\"la";
    assert_eq!(
        read(page.as_bytes(), Form::Html).unwrap().text,
        "Bridge reopens\n\nThe bridge over the river reopened on Monday."
    );
}

/// Every block lies in the text, on character boundaries, after the one before it.
fn check(article: &Article) {
    let mut end = 0;
    for block in &article.blocks {
        assert!(block.span.start() >= end && block.span.end() <= article.text.len(), "{:?}", article.blocks);
        assert!(article.text.is_char_boundary(block.span.start()) && article.text.is_char_boundary(block.span.end()));
        end = block.span.end();
    }
}

/// Pieces that pages are made of, in any order.
fn markup() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "<p>",
        "</p>",
        "<div class=\"related\">",
        "</div>",
        "<h1>",
        "</h1>",
        "<br>",
        "<li>",
        "<a href=x>",
        "</a>",
        "<b>",
        "</i>",
        "<table>",
        "<td>",
        "<blockquote>",
        "<svg>",
        "</svg>",
        "<script>",
        "</script>",
        "<!--",
        "-->",
        "<time datetime=2022-01-02>",
        "By Ann Lee",
        "KYIV, March 16 (Reuters) - ",
        "Share this",
        "Comments",
        "“Да”, é. ",
        "A sentence of several words, it was. ",
        "16.03.2022 ",
        "<meta property=\"og:title\" content=\"A title\">",
        "<title>",
        "</title>",
        "\n\n",
        "\u{ad}",
        "&nbsp;",
        "https://a.example/x",
    ]);
    prop::collection::vec(pieces, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        for form in [Form::Auto, Form::Html, Form::Text] {
            if let Ok(article) = read(&bytes, form) {
                check(&article);
            }
        }
    }

    #[test]
    fn any_markup_gives_sound_blocks(html in markup()) {
        for form in [Form::Auto, Form::Html, Form::Text] {
            let article = read(html.as_bytes(), form).unwrap();
            check(&article);
            prop_assert_eq!(&article, &read(html.as_bytes(), form).unwrap());
        }
    }

    #[test]
    fn text_is_kept_character_for_character(text in "(\\PC|\n|\r|\t){0,300}") {
        prop_assume!(!text.starts_with('\u{feff}'));
        if let Ok(article) = read(text.as_bytes(), Form::Text) {
            prop_assert_eq!(&article.text, &text);
            check(&article);
        }
    }
}
