//! A statement as a citation that others can check: W3C selectors and the hash of what they select from.

use rapporteur_record::Span;
use serde_json::{Value, json};

use crate::error::Error;
use crate::{Key, StatementFound, Store};

/// Characters before and after that go with a quotation.
const CONTEXT: usize = 32;

/// Words of a statement, and where they stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    /// The statement.
    pub statement: Key,
    /// The article's id.
    pub article: String,
    /// Where the article is.
    pub url: Option<String>,
    /// BLAKE3 of the page as it came, or of the text if that is all there was: 64 digits.
    pub snapshot: String,
    /// BLAKE3 of the article's text, in which positions count.
    pub text: String,
    /// The stretches of the content, in order.
    pub stretches: Vec<Stretch>,
}

/// One stretch: a TextQuoteSelector and a TextPositionSelector of the W3C's Web Annotation Data Model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The words.
    pub exact: String,
    /// At most 32 characters before them.
    pub prefix: String,
    /// At most 32 characters after them.
    pub suffix: String,
    /// The first code point in the text.
    pub start: usize,
    /// The first code point after them.
    pub end: usize,
}

/// Whether a citation still stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Each stretch is where it was, between the same words.
    Holds,
    /// The text was changed there. Like words may stand elsewhere in it, but whether they are the same is not for a
    /// program to say.
    Orphan {
        /// The first stretch that is not where it was.
        stretch: usize,
    },
}

impl Store {
    /// The citation of a statement.
    pub fn cite(&self, statement: &StatementFound) -> Result<Citation, Error> {
        let text = self.article_text(&statement.article)?;
        Ok(Citation {
            statement: statement.key,
            article: statement.article.id.clone(),
            url: statement.article.url.clone(),
            snapshot: self.snapshot_hash(&statement.article)?,
            text: blake3::hash(text.as_bytes()).to_hex().to_string(),
            stretches: statement.spans.content.iter().map(|span| stretch(&text, *span)).collect(),
        })
    }
}

/// Whether the stretches of `citation` are in `text` where they were.
pub fn check_citation(citation: &Citation, text: &str) -> Verdict {
    let gone = citation.stretches.iter().position(|stretch| !stands(stretch, text));
    gone.map_or(Verdict::Holds, |stretch| Verdict::Orphan { stretch })
}

fn stretch(text: &str, span: Span) -> Stretch {
    let (before, after) = (&text[..span.start()], &text[span.end()..]);
    let exact = text[span.range()].to_owned();
    let start = before.chars().count();
    let end = start + exact.chars().count();
    Stretch { exact, prefix: tail(before).to_owned(), suffix: head(after).to_owned(), start, end }
}

fn stands(stretch: &Stretch, text: &str) -> bool {
    let Some(start) = byte_of(text, stretch.start) else { return false };
    let Some(after) = text[start..].strip_prefix(stretch.exact.as_str()) else { return false };
    tail(&text[..start]) == stretch.prefix && head(after) == stretch.suffix
}

/// Where a code point begins.
fn byte_of(text: &str, point: usize) -> Option<usize> {
    text.char_indices().map(|(byte, _)| byte).chain([text.len()]).nth(point)
}

fn tail(text: &str) -> &str {
    text.char_indices().rev().nth(CONTEXT - 1).map_or(text, |(byte, _)| &text[byte..])
}

fn head(text: &str) -> &str {
    byte_of(text, CONTEXT).map_or(text, |byte| &text[..byte])
}

impl Citation {
    /// The selectors as JSON, in the vocabulary of the Web Annotation Data Model.
    pub fn to_json(&self) -> String {
        let selectors = |stretch: &Stretch| {
            let Stretch { exact, prefix, suffix, start, end } = stretch;
            json!([
                {"type": "TextQuoteSelector", "exact": exact, "prefix": prefix, "suffix": suffix},
                {"type": "TextPositionSelector", "start": start, "end": end}
            ])
        };
        let targets: Vec<Value> = self.stretches.iter().map(selectors).collect();
        json!({
            "statement": self.statement.to_string(),
            "article": self.article,
            "source": self.url,
            "snapshot": format!("b3:{}", self.snapshot),
            "text": format!("b3:{}", self.text),
            "selector": targets
        })
        .to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Ms Zoé Ardent said: “The ferry sails.” Later she said: “The ferry sails.”";

    fn citation() -> Citation {
        let start = TEXT.find("The").unwrap();
        let span = Span::new(start, start + "The ferry sails.".len());
        Citation {
            statement: Key::from_number(7),
            article: "b3:00".into(),
            url: None,
            snapshot: String::new(),
            text: blake3::hash(TEXT.as_bytes()).to_hex().to_string(),
            stretches: vec![stretch(TEXT, span)],
        }
    }

    #[test]
    fn positions_count_code_points() {
        let stretch = &citation().stretches[0];
        let words: String = TEXT.chars().skip(stretch.start).take(stretch.end - stretch.start).collect();
        assert_eq!(words, "The ferry sails.");
        assert_eq!(stretch.prefix, "Ms Zoé Ardent said: “");
        assert_eq!(stretch.suffix.chars().count(), CONTEXT);
    }

    #[test]
    fn a_citation_holds_in_its_text_and_where_only_the_rest_was_changed() {
        assert_eq!(check_citation(&citation(), TEXT), Verdict::Holds);
        let longer = format!("{TEXT} And that was all of it.");
        assert_eq!(check_citation(&citation(), &longer), Verdict::Holds);
    }

    #[test]
    fn a_lookalike_elsewhere_is_not_taken_for_it() {
        let gone = TEXT.replacen("The ferry sails.", "A ferry is late", 1);
        assert_eq!(check_citation(&citation(), &gone), Verdict::Orphan { stretch: 0 });
        let other = TEXT.replacen("Ms Zoé Ardent", "Mr Zoé Ardent", 1);
        assert_eq!(check_citation(&citation(), &other), Verdict::Orphan { stretch: 0 });
        assert_eq!(check_citation(&citation(), ""), Verdict::Orphan { stretch: 0 });
    }
}
