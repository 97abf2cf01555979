//! A clean article without its reading: as text, as Markdown, as TEI.
//!
//! All print the blocks of [`Article::text`] in their order. `text` is that text and nothing else; Markdown and TEI
//! keep what the blocks are, and can carry what is known of the article.

mod markdown;
mod tei;

use rapporteur_record::{Article, BlockKind};

use crate::pretty::visible;

pub use self::markdown::markdown;
pub use self::tei::tei;

/// What is known of an article, as name and value, in the order of the record; what is not known is left out.
fn known(article: &Article) -> Vec<(&'static str, String)> {
    let moment = |moment: Option<rapporteur_record::Moment>| moment.map(|moment| moment.to_string());
    let all = [
        ("title", article.title.clone()),
        ("author", Some(article.byline.join("; ")).filter(|names| !names.is_empty())),
        ("published", moment(article.published)),
        ("modified", moment(article.modified)),
        ("url", article.url.clone()),
        ("outlet", article.outlet_name.clone().or_else(|| article.outlet.clone())),
        ("credit", article.credit.clone()),
        ("dateline", article.dateline.clone()),
        ("language", article.language.clone()),
        ("section", article.section.clone()),
        ("keywords", Some(article.keywords.join("; ")).filter(|words| !words.is_empty())),
        ("id", Some(article.id.clone()).filter(|id| !id.is_empty())),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// What is known of an article, a name and a value a line, and a blank line after them; empty if nothing is.
pub fn header(article: &Article) -> String {
    let lines: String =
        known(article).into_iter().map(|(name, value)| format!("{name}: {}\n", visible(&value))).collect();
    if lines.is_empty() { lines } else { lines + "\n" }
}

/// The blocks with their text, in order.
fn blocks(article: &Article) -> impl Iterator<Item = (BlockKind, &str)> {
    article.blocks.iter().map(|block| (block.kind, &article.text[block.span]))
}

#[cfg(test)]
mod tests {
    use rapporteur_record::{Block, Span};

    use super::*;

    fn article() -> Article {
        let blocks = [
            (BlockKind::Title, "Talks *go on* at <last>"),
            (BlockKind::Standfirst, "Both sides will meet again"),
            (BlockKind::Paragraph, "1. The ferry sailed\nat noon & came back."),
            (BlockKind::Heading, "What next?"),
            (BlockKind::ListItem, "Grain"),
            (BlockKind::ListItem, "Fish"),
            (BlockKind::Quote, "# We are close"),
            (BlockKind::Caption, "The port\u{1b}[31m at dawn"),
        ];
        let mut article =
            Article { title: Some(blocks[0].1.into()), byline: vec!["Mira Adair".into()], ..Article::default() };
        for (kind, text) in blocks {
            if !article.text.is_empty() {
                article.text.push_str("\n\n");
            }
            let start = article.text.len();
            article.text.push_str(text);
            article.blocks.push(Block { kind, span: Span::new(start, article.text.len()) });
        }
        article
    }

    #[test]
    fn markdown_keeps_what_blocks_are_and_no_character_means_anything() {
        assert_eq!(
            markdown(&article(), true),
            "---\ntitle: \"Talks *go on* at <last>\"\nauthor: \"Mira Adair\"\n---\n\n\
             # Talks \\*go on\\* at \\<last>\n\n**Both sides will meet again**\n\n\
             1\\. The ferry sailed  \nat noon \\& came back.\n\n\
             ## What next?\n\n- Grain\n- Fish\n\n> \\# We are close\n\n*The port\u{fffd}\\[31m at dawn*\n"
        );
    }

    #[test]
    fn tei_is_sound_xml() {
        let xml = tei(&article());
        assert!(
            xml.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<TEI xmlns=\"http://www.tei-c.org/ns/1.0\">")
        );
        for part in [
            "<title type=\"main\">Talks *go on* at &lt;last&gt;</title>",
            "<author>Mira Adair</author>",
            "<p>1. The ferry sailed<lb/>at noon &amp; came back.</p>",
            "<list>\n<item>Grain</item>\n<item>Fish</item>\n</list>",
            "<quote># We are close</quote>",
            "<figure><figDesc>The port\u{fffd}[31m at dawn</figDesc></figure>",
        ] {
            assert!(xml.contains(part), "{part} is not in {xml}");
        }
    }

    #[test]
    fn nothing_known_has_no_header() {
        let article = Article::from_text("Noon.".into());
        assert_eq!(markdown(&article, true), "Noon.\n");
    }
}
