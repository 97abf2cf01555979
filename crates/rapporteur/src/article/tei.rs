//! An article as TEI P5.

use rapporteur_record::{Article, BlockKind, Moment};

use super::blocks;

/// Prints an article as a TEI P5 document: what is known of it in the header, its blocks in the body.
pub fn tei(article: &Article) -> String {
    let mut out =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<TEI xmlns=\"http://www.tei-c.org/ns/1.0\"");
    attribute(&mut out, "xml:lang", article.language.as_deref());
    out.push_str(">\n");
    header(&mut out, article);
    body(&mut out, article);
    out.push_str("</TEI>\n");
    out
}

fn header(out: &mut String, article: &Article) {
    out.push_str("<teiHeader>\n<fileDesc>\n<titleStmt>\n<title type=\"main\">");
    push_escaped(out, article.title.as_deref().unwrap_or_default());
    out.push_str("</title>\n");
    article.byline.iter().for_each(|name| element(out, "author", name));
    out.push_str("</titleStmt>\n<publicationStmt>\n");
    // The schema wants a publisher before anything else is said of the publication.
    let publisher = article.outlet_name.as_deref().or(article.outlet.as_deref()).unwrap_or("unknown");
    element(out, "publisher", publisher);
    date(out, "published", article.published);
    date(out, "modified", article.modified);
    if !article.id.is_empty() {
        out.push_str("<idno type=\"id\">");
        push_escaped(out, &article.id);
        out.push_str("</idno>\n");
    }
    out.push_str("</publicationStmt>\n<sourceDesc>\n<bibl>");
    if let Some(url) = &article.url {
        out.push_str("<ptr");
        attribute(out, "target", Some(url));
        out.push_str("/>");
    }
    out.push_str("</bibl>\n</sourceDesc>\n</fileDesc>\n");
    profile(out, article);
    out.push_str("</teiHeader>\n");
}

/// The section and the keywords that the page states.
fn profile(out: &mut String, article: &Article) {
    if article.section.is_none() && article.keywords.is_empty() {
        return;
    }
    out.push_str("<profileDesc>\n<textClass>\n");
    for (kind, terms) in [("section", article.section.as_slice()), ("keywords", &article.keywords)] {
        if !terms.is_empty() {
            out.push_str(&format!("<keywords n=\"{kind}\">\n"));
            terms.iter().for_each(|term| element(out, "term", term));
            out.push_str("</keywords>\n");
        }
    }
    out.push_str("</textClass>\n</profileDesc>\n");
}

fn body(out: &mut String, article: &Article) {
    out.push_str("<text>\n<body>\n<div type=\"article\">\n");
    let mut in_list = false;
    for (kind, text) in blocks(article) {
        let is_item = kind == BlockKind::ListItem;
        if is_item != in_list {
            out.push_str(if is_item { "<list>\n" } else { "</list>\n" });
            in_list = is_item;
        }
        let (before, after) = match kind {
            BlockKind::Title => ("<head type=\"main\">", "</head>"),
            BlockKind::Heading => ("<ab type=\"header\">", "</ab>"),
            BlockKind::Standfirst => ("<p rend=\"standfirst\">", "</p>"),
            BlockKind::Paragraph => ("<p>", "</p>"),
            BlockKind::ListItem => ("<item>", "</item>"),
            BlockKind::Quote => ("<quote>", "</quote>"),
            BlockKind::Caption => ("<figure><figDesc>", "</figDesc></figure>"),
        };
        out.push_str(before);
        for (n, line) in text.lines().enumerate() {
            out.push_str(if n > 0 { "<lb/>" } else { "" });
            push_escaped(out, line);
        }
        out.push_str(after);
        out.push('\n');
    }
    out.push_str(if in_list { "</list>\n" } else { "" });
    out.push_str("</div>\n</body>\n</text>\n");
}

fn date(out: &mut String, kind: &str, moment: Option<Moment>) {
    let Some(moment) = moment else { return };
    let moment = moment.to_string();
    out.push_str("<date");
    attribute(out, "type", Some(kind));
    attribute(out, "when", Some(&moment));
    out.push('>');
    push_escaped(out, &moment);
    out.push_str("</date>\n");
}

fn element(out: &mut String, name: &str, text: &str) {
    out.push_str(&format!("<{name}>"));
    push_escaped(out, text);
    out.push_str(&format!("</{name}>\n"));
}

fn attribute(out: &mut String, name: &str, value: Option<&str>) {
    let Some(value) = value else { return };
    out.push_str(&format!(" {name}=\""));
    push_escaped(out, value);
    out.push('"');
}

/// Text as XML has it; characters that XML forbids are replaced.
fn push_escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(c),
            '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}' => out.push(char::REPLACEMENT_CHARACTER),
            c => out.push(c),
        }
    }
}
