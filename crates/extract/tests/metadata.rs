//! Title, standfirst, byline and dates of pages written for this purpose.

use rapporteur_extract::{Form, Page, article};
use rapporteur_record::{Article, BlockKind};

const STORY: &str = "<p>The harbour bridge was closed on Monday after an inspector found a crack in one of its cables, the city said.</p>\
<p>“We will not open it until every cable has been looked at,” the mayor, Ida Holm, told reporters at the quay.</p>\
<p>Ferries will run every ten minutes in the meantime, and buses will take the long way round by the old mill.</p>\
<p>The bridge was built sixty years ago, and its cables have been changed twice since, most lately after a storm.</p>\
<p>Shopkeepers on the far side said that they feared for the summer, when most of their guests come over on foot.</p>";

fn html(page: &str) -> Article {
    let url = Some("https://www.harbour.example/news/bridge-closed-after-crack");
    article(&Page { bytes: page.as_bytes(), form: Form::Html, url, ..Page::default() }).unwrap()
}

fn published(page: &str) -> String {
    html(&format!("<h1>Bridge closed after crack</h1>{page}")).published.map(|at| at.to_string()).unwrap_or_default()
}

fn ld(fields: &str) -> String {
    format!(
        r#"<script type="application/ld+json">{{"@type":"NewsArticle","headline":"Bridge closed after crack",{fields}}}</script>"#
    )
}

#[test]
fn an_instant_in_utc_is_told_in_the_zone_of_the_page() {
    let stated = ld(r#""datePublished":"2024-03-17T01:20:31Z""#);
    let shown = r#"<time datetime="2024-03-16T18:20:31-07:00">March 16</time>"#;
    assert_eq!(published(&format!("{stated}{shown}{STORY}")), "2024-03-16T18:20:31-07:00");
    let other =
        r#"<script type="application/ld+json">{"@type":"WebPage","datePublished":"2024-03-16 18:20:31"}</script>"#;
    assert_eq!(published(&format!("{stated}{other}{STORY}")), "2024-03-16T18:20:31-07:00");
    assert_eq!(published(&format!("{stated}{STORY}")), "2024-03-17T01:20:31+00:00");
}

#[test]
fn news_keep_their_first_day() {
    let stated = ld(r#""datePublished":"2024-03-16T08:00:00+01:00","dateModified":"2024-03-18T09:30:00+01:00""#);
    let page = format!("{stated}<p class=date>Updated 18 March 2024</p>{STORY}");
    assert_eq!(published(&page), "2024-03-16T08:00:00+01:00");
    let article = html(&format!("<h1>Bridge closed after crack</h1>{page}"));
    assert_eq!(article.modified.unwrap().to_string(), "2024-03-18T09:30:00+01:00");
}

#[test]
fn dates_of_comments_and_teasers_are_not_the_page_s() {
    let others = "<ul class=related><li><a href=/mill>Mill for sale, 20 March 2024</a></li></ul>\
                  <div id=comments><p>Bo Ek, 19 March 2024</p><p>They should have looked years ago.</p></div>";
    assert_eq!(published(&format!("<p class=posted-on>Posted on 16 March 2024</p>{STORY}{others}")), "2024-03-16");
}

#[test]
fn a_headline_loses_the_site_and_the_kicker() {
    let page = format!(
        "<title>Bridge closed after crack | Harbour Daily</title><meta property=og:title content='Bridge closed after crack'>\
         <meta property=og:site_name content='Harbour Daily'><h1><span class=kicker>Quays </span><span>Bridge closed after crack</span></h1>{STORY}"
    );
    assert_eq!(html(&page).title.as_deref(), Some("Bridge closed after crack"));
}

#[test]
fn key_points_are_a_standfirst() {
    let points = "<div class=article-summary><ul><li>The harbour bridge is closed after a crack was found</li>\
                  <li>Ferries run every ten minutes until it opens</li></ul></div>";
    let article =
        html(&format!("<header><h1>Bridge closed after crack</h1>{points}</header><article>{STORY}</article>"));
    let standfirst =
        "The harbour bridge is closed after a crack was found\nFerries run every ten minutes until it opens";
    assert_eq!(article.standfirst.as_deref(), Some(standfirst));
    let paragraphs = article.blocks.iter().filter(|block| block.kind == BlockKind::Paragraph);
    assert_eq!((paragraphs.count(), article.text.matches("Ferries run").count()), (5, 1));
}

#[test]
fn a_first_paragraph_like_all_others_is_no_standfirst() {
    let article = html(&format!("<h1>Bridge closed after crack</h1><article>{STORY}</article>"));
    assert_eq!(article.standfirst, None);
}

#[test]
fn people_are_named_in_many_ways() {
    let byline =
        |before: &str, after: &str| html(&format!("{before}<h1>Bridge closed after crack</h1>{after}{STORY}")).byline;
    assert_eq!(byline("", "<p>By Ann Lee in Tallinn and Bo Ek</p>"), ["Ann Lee", "Bo Ek"]);
    assert_eq!(byline("", "<div><p>Written by</p><p>Ann Lee</p></div>"), ["Ann Lee"]);
    assert_eq!(byline("", "<p><a href=/authors/ann-lee>Ann Lee</a> | 16 March 2024</p>"), ["Ann Lee"]);
    let card = "<meta name=twitter:label1 content='Written by'><meta name=twitter:data1 content='Ann Lee'>";
    assert_eq!(byline(card, ""), ["Ann Lee"]);
    assert_eq!(byline("<meta name=author content='Ann Lee, Ph.D.'>", ""), ["Ann Lee"]);
}

#[test]
fn a_copyright_line_under_the_text_credits_an_agency() {
    let credit = |line: &str| html(&format!("<h1>Bridge closed</h1><article>{STORY}</article><p>{line}</p>")).credit;
    assert_eq!(credit("© AFP").as_deref(), Some("AFP"));
    assert_eq!(credit("© 2024 The Harbour"), None);
}
