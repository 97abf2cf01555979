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

/// What a page may take for each of its megabytes: 50 ms of CPU as it is shipped, with room for a busy machine.
const PER_MEGABYTE: Duration = Duration::from_millis(if cfg!(debug_assertions) { 5000 } else { 150 });

/// A page that repeats a piece takes no longer than its length allows, and one twice as long takes twice as long.
fn check_time(what: &str, page: impl Fn(usize) -> String) {
    let (short, long) = (page(100_000), page(200_000));
    let most = PER_MEGABYTE * long.len() as u32 / 1_000_000 + Duration::from_millis(20);
    let (mut once, mut twice) = (time(&short), time(&long));
    let fits = |once, twice| twice < 3 * once + Duration::from_millis(100) && twice < most;
    if !fits(once, twice) {
        // The machine may have been busy with something else.
        (once, twice) = (quickest(&short), quickest(&long));
    }
    assert!(fits(once, twice), "{what}: {once:?}, then {twice:?} for {} bytes", long.len());
}

#[test]
fn time_grows_with_the_page_and_no_faster() {
    let nests = [
        "<div>",
        "<ul><li>",
        "<dl><dd>",
        "<a><i>",
        "<a href=x><i>",
        "<b>",
        "<i>",
        "<span>",
        "<long-name>",
        "<table>",
        "<table><tr><td>",
        "<table>a<tr>b",
        "<p><font>x",
        "<a href=x><p>y</a>",
        "<form><div></form>",
        "<svg><g>",
        "<math><mi>",
        "<select>",
        "<select><option>",
        "<button>",
        "<template>",
        "<noscript>",
        "<ruby><rt>",
    ];
    let more = [
        "</i>",
        "</p>",
        "</br>",
        "<xx>",
        "<",
        "&",
        "&a",
        "&amp",
        "&notitx",
        "&#",
        "<!--",
        "<![CDATA[",
        "<svg><![CDATA[",
        "<?",
        "</",
        "<script>",
        "<script",
        "<script><!--",
        "<style",
        "<title>",
        "<h1>Words of a title</h1>",
        "<p>x",
        "x<br><br>",
        "<body a=b>",
        "<time>x ",
        "<p itemprop=author>x ",
        "<meta name=author content='A B'>",
        "<a q = \">\" ",
        "<q='",
        "word and \0 ",
        "\r",
        "é",
    ];
    for piece in nests.into_iter().chain(more) {
        check_time(piece, |n_bytes| piece.repeat(n_bytes / piece.len()));
    }
}

#[test]
fn end_tags_that_find_nothing_are_not_searched_for() {
    for end in ["</b>", "</xx>", "</li>", "</td>", "</form>", "</a>", "</p>"] {
        check_time(end, |n_bytes| "<span>".repeat(500) + &end.repeat(n_bytes / end.len()));
    }
}

#[test]
fn what_stands_deep_is_not_walked_up_from_very_often() {
    for piece in ["<p>x", "<p class=author>x</p>", "<a rel=author>x</a>", "<li>x", "<p itemprop=author>x</p>"] {
        check_time(piece, |n_bytes| "<div itemprop=author>".repeat(400) + &piece.repeat(n_bytes / piece.len()));
    }
}

#[test]
fn a_page_of_very_many_blocks_is_read_in_fewer() {
    let page = "<p>x".repeat(260_000);
    let article = read(page.as_bytes(), Form::Html).unwrap();
    assert!(article.blocks.len() <= 1001 + page.len() / 64, "{}", article.blocks.len());
}

#[test]
fn a_tag_with_very_many_attributes_is_linear() {
    let wide = |tag: &str, n: usize| {
        format!("<{tag} {}>The rest of the page is read.", (0..n).map(|i| format!("a{i} = '>' ")).collect::<String>())
    };
    for tag in ["p", "meta", "html"] {
        check_time(tag, |n_bytes| wide(tag, n_bytes / 12));
        assert_eq!(read(wide(tag, 30_000).as_bytes(), Form::Html).unwrap().text, "The rest of the page is read.");
    }
}

#[test]
fn very_many_names_are_linear() {
    check_time("names", |n_bytes| (0..n_bytes / 12).map(|i| format!("<name-{i}>x")).collect());
}

#[test]
fn an_attribute_may_be_very_long() {
    for name in ["title", "class", "style", "href", "data-x"] {
        check_time(name, |n_bytes| format!("<p {name}='{}'>The rest is read.", "ab ".repeat(n_bytes / 3)));
    }
}

#[test]
fn very_many_blocks_are_few() {
    let html = "<p>Word.".repeat(100_000);
    let article = read(html.as_bytes(), Form::Html).unwrap();
    assert!(article.blocks.len() < 20_000, "{}", article.blocks.len());
    assert_eq!(article.text.matches("Word.").count(), article.text.split_whitespace().count());
    check(&article);
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
