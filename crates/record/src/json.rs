//! The JSON form of a document.

use serde::Serialize;

use crate::offsets::Converter;
use crate::{Document, Entity, Event, Headline, Offsets, Position, SCHEMA, Span, Statement, Time};

impl Document {
    /// The document as one JSON object on one line, its spans counted in `offsets`.
    ///
    /// Keys stand in a fixed order, so the same document gives the same bytes.
    pub fn to_json(&self, offsets: Offsets) -> String {
        self.printed(offsets, |printed| serde_json::to_string(printed))
    }

    /// The same, indented for people.
    pub fn to_json_pretty(&self, offsets: Offsets) -> String {
        self.printed(offsets, |printed| serde_json::to_string_pretty(printed))
    }

    /// Its article alone, as the `article` of [`to_json`](Self::to_json).
    pub fn article_json(&self, offsets: Offsets) -> String {
        self.converted(offsets, |copy| serde_json::to_string(&copy.article))
    }

    /// The same, indented for people.
    pub fn article_json_pretty(&self, offsets: Offsets) -> String {
        self.converted(offsets, |copy| serde_json::to_string_pretty(&copy.article))
    }

    /// Counts all spans in `offsets` and no longer in bytes, for what leaves the engine: nothing in here takes such a
    /// document back.
    pub fn convert_spans(&mut self, offsets: Offsets) {
        let text = std::mem::take(&mut self.article.text);
        let converter = Converter::new(&text, offsets);
        self.for_each_span(|span| *span = converter.span(*span));
        self.article.text = text;
    }

    fn printed(&self, offsets: Offsets, print: impl Fn(&Printed) -> serde_json::Result<String>) -> String {
        self.converted(offsets, |copy| {
            print(&Printed {
                schema: SCHEMA,
                offsets,
                article: &copy.article,
                entities: &copy.entities,
                statements: &copy.statements,
                events: &copy.events,
                positions: &copy.positions,
                headline: &copy.headline,
                times: &copy.times,
                notes: &copy.notes,
            })
        })
    }

    /// Prints a copy whose spans are counted in `offsets`.
    fn converted(&self, offsets: Offsets, print: impl Fn(&Document) -> serde_json::Result<String>) -> String {
        let mut copy = self.clone();
        copy.convert_spans(offsets);
        print(&copy).expect("the record has only strings for keys and nothing that fails to print")
    }

    pub(crate) fn for_each_span(&mut self, mut see: impl FnMut(&mut Span)) {
        self.article.blocks.iter_mut().for_each(|block| see(&mut block.span));
        for entity in &mut self.entities {
            entity.roles.iter_mut().for_each(|role| see(&mut role.span));
            entity.mentions.iter_mut().for_each(|mention| see(&mut mention.span));
        }
        for statement in &mut self.statements {
            statement.for_each_span(&mut see);
        }
        for event in &mut self.events {
            event.trigger.iter_mut().for_each(&mut see);
            event.place.iter_mut().for_each(|place| see(&mut place.span));
        }
        self.times.iter_mut().for_each(|time| see(&mut time.span));
    }
}

impl Statement {
    fn for_each_span(&mut self, see: &mut impl FnMut(&mut Span)) {
        for span in self.content.iter_mut().chain(&mut self.cue).chain(&mut self.source) {
            see(span);
        }
        self.addressee.iter_mut().for_each(|addressee| see(&mut addressee.span));
        self.channel.iter_mut().for_each(|channel| see(&mut channel.span));
        for via in &mut self.via {
            see(&mut via.span);
            via.cue.iter_mut().for_each(&mut *see);
            via.channel.iter_mut().for_each(|channel| see(&mut channel.span));
        }
    }
}

/// The object that is printed, its keys in the order of the contract.
#[derive(Serialize)]
struct Printed<'a> {
    schema: &'static str,
    offsets: Offsets,
    article: &'a crate::Article,
    entities: &'a [Entity],
    statements: &'a [Statement],
    events: &'a [Event],
    positions: &'a [Position],
    headline: &'a [Headline],
    times: &'a [Time],
    notes: &'a [String],
}

#[cfg(test)]
mod tests {
    use crate::{Article, Block, BlockKind, Document, Offsets, Span};

    #[test]
    fn spans_are_printed_in_the_unit_asked_for() {
        let mut article = Article::from_text("😀é.".into());
        article.blocks = vec![Block { kind: BlockKind::Quote, span: Span::new(0, 6) }];
        let document = Document::new(article);
        for (offsets, end) in [(Offsets::Byte, 6), (Offsets::Codepoint, 2), (Offsets::Utf16, 3)] {
            let json = document.to_json(offsets);
            assert!(json.contains(&format!(r#""blocks":[{{"kind":"quote","span":[0,{end}]}}]"#)), "{json}");
        }
    }
}
