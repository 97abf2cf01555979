//! What is read from pages and texts written for this purpose.

use rapporteur_extract::{Error, Form, NoArticle, Page, article, explain};
use rapporteur_record::{Article, BlockKind};

const STORY: &str = "<p>The harbour bridge was closed on Monday after an inspector found a crack in one of its cables, the city said.</p>\
<p>“We will not open it until every cable has been looked at,” the mayor, Ida Holm, told reporters at the quay.</p>\
<p>Ferries will run every ten minutes in the meantime, and buses will take the long way round by the old mill.</p>";

fn html(page: &str) -> Article {
    article(&Page {
        bytes: page.as_bytes(),
        form: Form::Html,
        url: Some("https://www.harbour.co.uk/a/1"),
        ..Page::default()
    })
    .unwrap()
}

fn auto(bytes: &[u8]) -> Result<Article, Error> {
    article(&Page { bytes, ..Page::default() })
}

fn pieces(article: &Article) -> Vec<(BlockKind, &str)> {
    article.blocks.iter().map(|block| (block.kind, &article.text[block.span.range()])).collect()
}

fn of(article: &Article, kind: BlockKind) -> Vec<&str> {
    pieces(article).into_iter().filter(|piece| piece.0 == kind).map(|piece| piece.1).collect()
}

#[test]
fn utf_16_is_read_with_and_without_a_mark() {
    let text = "<p>Заявление сделали в Москве, сообщили журналистам.</p>";
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let marked = |mark: &[u8], bytes: &[u8]| [mark, bytes].concat();
    let plain = "The talks will go on in the morning, an aide said.";
    for bytes in [marked(b"\xff\xfe", &little), marked(b"\xfe\xff", &big)] {
        let article = auto(&bytes).unwrap();
        assert_eq!(article.text, "Заявление сделали в Москве, сообщили журналистам.");
        assert!(article.notes.iter().any(|note| note.contains("UTF-16")), "{:?}", article.notes);
    }
    for bytes in [
        plain.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>(),
        plain.encode_utf16().flat_map(u16::to_be_bytes).collect(),
    ] {
        assert_eq!(auto(&bytes).unwrap().text, plain);
    }
}

#[test]
fn windows_1251_is_read_as_declared_and_by_a_guess() {
    let line = "Переговоры продолжатся завтра утром, сказал помощник президента журналистам в Москве.";
    let page =
        |meta: &str| encoding_rs::WINDOWS_1251.encode(&format!("<html>{meta}<body><p>{line}</p>")).0.into_owned();
    for meta in ["<meta charset=windows-1251>", ""] {
        let article = auto(&page(meta)).unwrap();
        assert_eq!(article.text, line);
        assert!(article.notes.iter().any(|note| note.contains("windows-1251")), "{:?}", article.notes);
    }
}

#[test]
fn valid_utf_8_beats_a_lying_declaration() {
    let article = html("<meta charset=iso-8859-1><p>Café owners said: “No.”</p>");
    assert_eq!(article.text, "Café owners said: “No.”");
}

#[test]
fn invalid_utf_8_is_replaced_with_a_note() {
    let article =
        auto("<p>Café, née, naïve, Zoë: ".bytes().chain(*b"\xff\xfe.</p>").collect::<Vec<u8>>().as_slice()).unwrap();
    assert!(article.text.starts_with("Café, née, naïve, Zoë: \u{fffd}"), "{}", article.text);
    assert!(article.notes.iter().any(|note| note.contains("replaced")), "{:?}", article.notes);
}

#[test]
fn what_is_no_text_is_named() {
    assert_eq!(auto(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Err(Error::NotText("a PNG image")));
    assert_eq!(auto(b"%PDF-1.7 ..."), Err(Error::NotText("a PDF document")));
    assert_eq!(auto(b"\x1f\x8b\x08\0"), Err(Error::NotText("gzip data")));
    assert_eq!(auto(&[1, 2, 3, 4, 5, 6, 7, 200]), Err(Error::NotText("binary data")));
}

#[test]
fn an_empty_page_holds_no_article_and_an_empty_text_is_one() {
    for form in [Form::Auto, Form::Html] {
        assert_eq!(article(&Page { form, ..Page::default() }), Err(Error::NoArticle(NoArticle::Empty)));
    }
    let article = article(&Page { form: Form::Text, ..Page::default() }).unwrap();
    assert_eq!((article.text.as_str(), article.notes.as_slice()), ("", ["no text was found".to_owned()].as_slice()));
}

#[test]
fn a_page_with_a_headline_alone_has_that() {
    let article = html("<title>Harbour bridge closed</title>");
    assert_eq!(pieces(&article), [(BlockKind::Title, "Harbour bridge closed")]);
    assert!(article.notes.iter().any(|note| note.contains("no text under its title")), "{:?}", article.notes);
}

#[test]
fn what_becomes_of_each_block_is_told() {
    let page = format!(
        "<nav><a href=/>Home</a></nav><h1>Bridge closed after crack</h1><p>By Ann Lee</p><article>{STORY}<p>Read more: Mill for sale</p></article>"
    );
    let explained = explain(&Page { bytes: page.as_bytes(), form: Form::Html, ..Page::default() }).unwrap();
    let told: Vec<(bool, &str)> = explained.blocks.iter().map(|block| (block.kept, block.verdict.name())).collect();
    let expected = [
        (false, "furniture"),
        (true, "headline"),
        (false, "outside"),
        (true, "article"),
        (true, "article"),
        (true, "article"),
        (false, "litter"),
    ];
    assert_eq!(told, expected);
    assert_eq!(explained.blocks[0].element.as_deref(), Some("nav"));
    let sure = explained.blocks[3].probability.unwrap();
    assert!((0.5..=1.0).contains(&sure), "{sure}");
    assert_eq!(explained.blocks[6].probability, None);
    let article = explained.article.unwrap();
    assert_eq!(article, of_page(&page));
    let kept: Vec<&str> = explained.blocks.iter().filter(|block| block.kept).map(|block| block.text.as_str()).collect();
    assert_eq!(article.text, kept.join("\n\n"));
}

fn of_page(page: &str) -> Article {
    article(&Page { bytes: page.as_bytes(), form: Form::Html, ..Page::default() }).unwrap()
}

#[test]
fn what_becomes_of_each_paragraph_of_a_text_is_told() {
    let text = "Bridge closed after crack\n\nThe harbour bridge was closed on Monday, the city said.\n\nRead more: Mill for sale\n\nNobody was hurt.";
    let told = |form| -> Vec<(bool, &str)> {
        let explained = explain(&Page { bytes: text.as_bytes(), form, ..Page::default() }).unwrap();
        explained.blocks.iter().map(|block| (block.kept, block.verdict.name())).collect()
    };
    let kept = (true, "article");
    assert_eq!(told(Form::Auto), [(true, "headline"), kept, (false, "litter"), kept]);
    assert_eq!(told(Form::Text), [(true, "headline"), kept, kept, kept]);
}

#[test]
fn title_and_standfirst_come_once() {
    let article = html(&format!(
        "<title>Bridge closed after crack - The Harbour</title><meta property=og:site_name content='The Harbour'>\
         <h1>Bridge closed after crack</h1><h2 class=standfirst>Ferries will run every ten minutes until it opens</h2>\
         <article><h2>Bridge closed after crack</h2><p>Ferries will run every ten minutes until it opens</p>{STORY}</article>"
    ));
    assert_eq!(article.title.as_deref(), Some("Bridge closed after crack"));
    assert_eq!(article.standfirst.as_deref(), Some("Ferries will run every ten minutes until it opens"));
    assert_eq!(pieces(&article).len(), 5, "{:#?}", pieces(&article));
    assert_eq!(article.text.matches("Ferries will run every ten minutes until").count(), 1);
}

#[test]
fn litter_is_left_out() {
    let article = html(&format!(
        "<nav><a href=/>Home</a> <a href=/w>World</a></nav><h1>Bridge closed after crack</h1><div class=share-bar>Share Tweet</div>\
         <div class=story-body>{STORY}<p><a href=/x>Also read: What the inspector wore</a></p>\
         <div class=newsletter><p>Sign up for our newsletter, which brings the harbour to you each morning.</p></div>\
         <p>The crack is as long as a hand, the inspector wrote in a report that was published on Monday.</p></div>\
         <h3>Related stories</h3><ul><li><a href=/1>Five ferries you have not seen</a></li><li><a href=/2>Mill for sale</a></li></ul>\
         <div id=comments><p>They should have looked years ago, if you ask me, and nobody ever does ask me.</p></div>\
         <footer>© 2024 The Harbour. All rights reserved.</footer>"
    ));
    assert_eq!(of(&article, BlockKind::Paragraph).len(), 4, "{:#?}", pieces(&article));
    assert_eq!(article.blocks.len(), 5);
}

#[test]
fn blocks_have_their_kinds() {
    let article = html(&format!(
        "<h1>Bridge closed after crack</h1><article>{STORY}<h2>What was found</h2><ul><li>A crack in the third cable from the left</li></ul>\
         <blockquote>“Nobody was told of it until the Monday after,” said the report.</blockquote>\
         <figure><img src=x><figcaption>The bridge in spring.</figcaption></figure>\
         <p>Line breaks make paragraphs too, as in this old page here.<br><br>This is the second of the two paragraphs of it.</p></article>"
    ));
    assert_eq!(of(&article, BlockKind::Heading), ["What was found"]);
    assert_eq!(of(&article, BlockKind::ListItem), ["A crack in the third cable from the left"]);
    assert_eq!(of(&article, BlockKind::Quote), ["“Nobody was told of it until the Monday after,” said the report."]);
    assert_eq!(of(&article, BlockKind::Caption), ["The bridge in spring."]);
    assert_eq!(of(&article, BlockKind::Paragraph).len(), 5);
}

#[test]
fn json_ld_tells_who_and_when() {
    let article = html(&format!(
        r##"<html lang=en-GB><script type="application/ld+json">{{"broken": </script>
        <script type="application/ld+json">{{"@graph":[{{"@type":"Person","@id":"#ann","name":"Ann Lee"}},
        {{"@type":"NewsArticle","headline":"Bridge closed after crack","author":[{{"@id":"#ann"}},{{"name":"Bo Ek"}}],
        "datePublished":"2022-03-16T18:20:00+05:30","dateModified":"2022-03-17","publisher":{{"name":"The Harbour"}}}}]}}</script>
        <h1>Bridge closed after crack</h1>{STORY}"##
    ));
    assert_eq!(article.byline, ["Ann Lee", "Bo Ek"]);
    assert_eq!(article.published.unwrap().to_string(), "2022-03-16T18:20:00+05:30");
    assert_eq!(article.modified.unwrap().to_string(), "2022-03-17");
    assert_eq!(
        (article.outlet.as_deref(), article.outlet_name.as_deref()),
        (Some("harbour.co.uk"), Some("The Harbour"))
    );
    assert_eq!(article.language.as_deref(), Some("en"));
}

#[test]
fn byline_and_date_are_read_from_what_is_printed() {
    let article = html(&format!(
        "<h1>Bridge closed after crack</h1><p>By Ann Lee and Bo Ek</p><p>Published: March 16, 2022 6:20 pm IST</p>{STORY}"
    ));
    assert_eq!(article.byline, ["Ann Lee", "Bo Ek"]);
    assert_eq!(article.published.unwrap().to_string(), "2022-03-16T18:20:00+05:30");
    assert_eq!(of(&article, BlockKind::Paragraph).len(), 3, "{:#?}", pieces(&article));
}

#[test]
fn short_paragraphs_of_a_short_article_stay() {
    let article = html(
        "<title>Bridge closed - The Harbour</title><div class=nav><a href=/>Home</a> <a href=/n>News</a></div><article>\
         <h1>Bridge closed</h1><p>The bridge is closed, the harbour master told reporters.</p>\
         <p>“Nobody goes over it,” she said.</p><p>It will open on Friday.</p>\
         <ul><li>Ferries run every hour</li><li>Buses take the long way</li></ul></article><div class=footer>About us</div>",
    );
    let text = "Bridge closed\n\nThe bridge is closed, the harbour master told reporters.\n\n“Nobody goes over it,” she said.\n\n\
                It will open on Friday.\n\nFerries run every hour\n\nBuses take the long way";
    assert_eq!(article.text, text);
}

#[test]
fn cells_of_a_row_stay_together() {
    let table = "<table><tr><th>Year</th><th>Cars</th></tr><tr><td>2024</td><td>12,000</td></tr><tr><td>2025</td><td>14,500</td></tr></table>";
    let article = html(&format!(
        "<h1>Bridge closed after crack</h1>{STORY}<p>So many cars went over it:</p>{table}<p>It is fifty years old.</p>"
    ));
    let rows: Vec<&str> =
        pieces(&article).into_iter().map(|piece| piece.1).filter(|text| text.contains(" | ")).collect();
    assert_eq!(rows, ["Year | Cars", "2024 | 12,000", "2025 | 14,500"], "{}", article.text);
}

#[test]
fn section_and_keywords_are_what_the_page_states() {
    let json = r#"{"@type": "NewsArticle", "headline": "x", "articleSection": ["World &amp; Trade"], "keywords": ["Ferries", "Bridges, Ferries"]}"#;
    let stated =
        html(&format!("<script type=application/ld+json>{json}</script><meta name=keywords content=a>{STORY}"));
    assert_eq!(stated.section.as_deref(), Some("World & Trade"));
    assert_eq!(stated.keywords, ["Ferries", "Bridges"]);
    let tagged = "<meta property=article:section content=' City '><meta property=article:tag content=Ferries><meta property=article:tag content=Bridges>";
    let tagged = html(&format!("{tagged}{STORY}"));
    assert_eq!(
        (tagged.section.as_deref(), tagged.keywords.as_slice()),
        (Some("City"), ["Ferries", "Bridges"].map(str::to_owned).as_slice())
    );
    assert_eq!((html(STORY).section, html(STORY).keywords), (None, Vec::new()));
}

#[test]
fn the_given_date_overrules_the_page() {
    let page = format!("<meta name=date content=2020-01-01>{STORY}");
    let date = Some("2022-03-16".parse().unwrap());
    let article = article(&Page { bytes: page.as_bytes(), form: Form::Html, date, ..Page::default() }).unwrap();
    assert_eq!(article.published.unwrap().to_string(), "2022-03-16");
}

#[test]
fn the_id_hangs_on_url_and_text() {
    let (one, same, other) = (html(STORY), html(STORY), auto(STORY.as_bytes()).unwrap());
    assert_eq!(one.id, same.id);
    assert_eq!((one.id.len(), &one.id[..3], one.text == other.text), (35, "b3:", true));
    assert_ne!(one.id, other.id);
}

#[test]
fn the_text_overrules_a_wrong_language() {
    let german = "<html lang=en><p>Die Brücke über den Fluss wurde am Montag gesperrt, nachdem ein Prüfer einen Riss in einem der Kabel \
                  gefunden hatte, wie die Stadt mitteilte. Die Fähren fahren bis auf weiteres alle zehn Minuten, und die Busse nehmen den \
                  langen Weg an der alten Mühle vorbei. Der Bürgermeister sagte, man werde sie erst wieder öffnen, wenn jedes Kabel \
                  untersucht worden sei. Niemand wisse, wie lange das dauern werde.</p>";
    assert_eq!(html(german).language.as_deref(), Some("de"));
}

#[test]
fn plain_text_is_cleaned_of_a_page_s_litter() {
    let text = "Bridge closed after crack in cable\nBridge closed after crack in cable\nFerries will run every ten minutes until it opens\n\n\
                The harbour bridge was closed on Monday, the city said.\n\nNobody was hurt, and ferries run.\n\nRead the Latest Harbour News here\n\n\
                What's your reaction?\n\nComments\n\nhttps://pictures.example/avatar.png\n\n0 comment\n\nWrite the first comment for this!";
    let article = auto(text.as_bytes()).unwrap();
    assert_eq!(article.title.as_deref(), Some("Bridge closed after crack in cable"));
    assert_eq!(article.standfirst.as_deref(), Some("Ferries will run every ten minutes until it opens"));
    assert_eq!(
        of(&article, BlockKind::Paragraph),
        ["The harbour bridge was closed on Monday, the city said.", "Nobody was hurt, and ferries run."]
    );
    assert_eq!(article.blocks.len(), 4);
}

#[test]
fn a_text_that_is_the_article_is_kept() {
    let text = "Bridge closed\n\n  KYIV, March 16 (Reuters) - The bridge  was closed.\n\nComments\n";
    let article = article(&Page { bytes: text.as_bytes(), form: Form::Text, ..Page::default() }).unwrap();
    assert_eq!(article.text, text);
    assert_eq!(
        (article.title.as_deref(), article.dateline.as_deref(), article.credit.as_deref()),
        (Some("Bridge closed"), Some("KYIV, March 16"), Some("Reuters"))
    );
    assert_eq!(article.blocks.len(), 3);
}

#[test]
fn a_headline_that_is_known_beside_a_text_comes_first() {
    let text = "Ferries run late after a storm.\n\nThe harbour was closed on Monday, the city said.\n\nIt opens today.";
    let known = |text: &str, form| {
        article(&Page { bytes: text.as_bytes(), form, title: Some("Ferries  run late"), ..Page::default() }).unwrap()
    };
    let read = known(text, Form::Auto);
    assert_eq!(read.text, format!("Ferries run late\n\n{text}"));
    assert_eq!(read.title.as_deref(), Some("Ferries run late"));
    assert_eq!(read.blocks[0].kind, BlockKind::Title);
    assert!(read.blocks[1..].iter().all(|block| block.kind == BlockKind::Paragraph), "{:?}", read.blocks);
    let again = known(&format!("FERRIES RUN LATE\n{text}"), Form::Auto);
    assert_eq!(again.text, read.text, "once");
    let kept = known(text, Form::Text);
    assert_eq!((kept.text.as_str(), kept.title.as_deref()), (text, Some("Ferries run late")));
}

#[test]
fn a_headline_that_is_known_beside_a_page_stands_in_for_none() {
    let known = |page: String| {
        article(&Page { bytes: page.as_bytes(), form: Form::Html, title: Some("Bridge closed"), ..Page::default() })
    };
    assert_eq!(known(STORY.to_owned()).unwrap().title.as_deref(), Some("Bridge closed"));
    let own = known(format!("<title>A crack in a cable</title><h1>A crack in a cable</h1>{STORY}")).unwrap();
    assert_eq!(own.title.as_deref(), Some("A crack in a cable"));
}

#[test]
fn a_consent_box_is_never_the_article() {
    let consent = "<p>When you visit this website, it may store or retrieve information on your browser, mostly in the form of cookies, which is used to make the site work.</p>".repeat(6);
    let page = format!(
        "<h1>Bridge closed</h1><div class=story>{STORY}{STORY2}</div><div id=onetrust-consent-sdk><h2>Privacy</h2>{consent}</div>"
    );
    let article = html(&page);
    assert!(article.text.contains("old mill") && !article.text.contains("cookies"), "{}", article.text);
}

#[test]
fn a_post_keeps_who_wrote_it() {
    let post = "<blockquote class=twitter-tweet><p>The bridge is safe, and we never said anything else.</p>\
                <p>— Harbour Works (@harbourworks) <a href=/1>March 3, 2026</a></p></blockquote>";
    let article = html(&format!("<h1>Bridge closed</h1><div class=story>{STORY}{post}{STORY2}</div>"));
    assert!(
        of(&article, BlockKind::Quote).iter().any(|quote| quote.contains("@harbourworks")),
        "{:?}",
        pieces(&article)
    );
}

const STORY2: &str = "<p>The firm that built the bridge did not answer questions about the inspection on Monday evening.</p>\
<p>The last inspection, four years ago, had found no fault, according to papers that the city put on its website.</p>";

#[test]
fn links_to_other_stories_go_in_other_languages() {
    for line in
        ["Lire aussi : le port est rouvert", "Lea también: el puerto vuelve a abrir", "Czytaj też: port znów otwarty"]
    {
        let article = html(&format!("<h1>Bridge closed</h1><div>{STORY}<p><a href=/2>{line}</a></p>{STORY2}</div>"));
        assert!(article.text.contains("four years ago") && !article.text.contains(line), "{}", article.text);
    }
}
