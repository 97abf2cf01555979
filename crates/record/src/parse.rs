//! A document from its JSON form.

use std::fmt;

use serde::Deserialize;

use crate::offsets::Converter;
use crate::{Article, Document, Entity, Event, Headline, Offsets, Position, SCHEMA, Span, Statement, Time};

/// Why a text is no document: what is wrong with it, in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseDocumentError(String);

impl fmt::Display for ParseDocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ParseDocumentError {}

impl Document {
    /// The document that [`to_json`](Self::to_json) printed, in whatever unit it counts.
    ///
    /// What comes back keeps the rules that other code relies on: spans lie on character boundaries of the text, ids are
    /// indices, and what refers to an entity, a statement or a time refers to one that is there.
    pub fn from_json(json: &str) -> Result<Self, ParseDocumentError> {
        let parsed = Parsed::new(json)?;
        let (offsets, document) = parsed.document();
        finish(document, offsets)
    }

    /// The same, of a document that was printed without its text (and with spans in bytes, or in any unit of `text`).
    pub fn from_json_and_text(json: &str, text: String) -> Result<Self, ParseDocumentError> {
        let (offsets, mut document) = Parsed::new(json)?.document();
        document.article.text = text;
        finish(document, offsets)
    }
}

#[derive(Deserialize)]
struct Parsed {
    schema: String,
    offsets: Offsets,
    article: Article,
    #[serde(default)]
    entities: Vec<Entity>,
    #[serde(default)]
    statements: Vec<Statement>,
    #[serde(default)]
    events: Vec<Event>,
    #[serde(default)]
    positions: Vec<Position>,
    #[serde(default)]
    headline: Vec<Headline>,
    #[serde(default)]
    times: Vec<Time>,
    #[serde(default)]
    notes: Vec<String>,
}

impl Parsed {
    fn new(json: &str) -> Result<Self, ParseDocumentError> {
        let parsed: Parsed = serde_json::from_str(json).map_err(|error| ParseDocumentError(error.to_string()))?;
        if parsed.schema != SCHEMA {
            return Err(ParseDocumentError(format!("its schema is `{}`, and this reads `{SCHEMA}`", parsed.schema)));
        }
        Ok(parsed)
    }

    fn document(self) -> (Offsets, Document) {
        let Parsed { offsets, article, entities, statements, events, positions, headline, times, notes, .. } = self;
        (offsets, Document { article, entities, statements, events, positions, headline, times, notes })
    }
}

fn finish(mut document: Document, offsets: Offsets) -> Result<Document, ParseDocumentError> {
    if offsets != Offsets::Byte {
        let bytes = Converter::bytes(&document.article.text, offsets);
        let mut outside = None;
        let byte = |position: usize| bytes.get(position).map(|&byte| byte as usize);
        document.for_each_span(|span| match byte(span.start()).zip(byte(span.end())) {
            Some((start, end)) => *span = Span::new(start, end),
            None => outside = Some(*span),
        });
        outside.map_or(Ok(()), |span| Err(bad_span(span)))?;
    }
    check_spans(&mut document)?;
    check_references(&document)?;
    Ok(document)
}

fn bad_span(span: Span) -> ParseDocumentError {
    ParseDocumentError(format!("the span [{}, {}] is none of its text", span.start(), span.end()))
}

fn check_spans(document: &mut Document) -> Result<(), ParseDocumentError> {
    let text = std::mem::take(&mut document.article.text);
    let mut outside = None;
    document.for_each_span(|span| {
        if text.get(span.range()).is_none() {
            outside = Some(*span);
        }
    });
    document.article.text = text;
    outside.map_or(Ok(()), |span| Err(bad_span(span)))
}

/// Whether each id is an index, and each reference leads somewhere.
fn check_references(document: &Document) -> Result<(), ParseDocumentError> {
    let Document { entities, statements, events, positions, headline, times, .. } = document;
    ids(entities.iter().map(|entity| entity.id), "entity")?;
    ids(statements.iter().map(|statement| statement.id), "statement")?;
    ids(events.iter().map(|event| event.id), "event")?;
    known(entities.len(), "entity", entities.iter().flat_map(|entity| entity.members.iter().copied()))?;
    known(entities.len(), "entity", statements.iter().flat_map(entities_of_statement))?;
    known(entities.len(), "entity", events.iter().flat_map(entities_of_event))?;
    known(entities.len(), "entity", positions.iter().map(|position| position.party))?;
    known(statements.len(), "statement", statements.iter().filter_map(|statement| statement.inside))?;
    known(statements.len(), "statement", events.iter().filter_map(|event| event.asserted_by))?;
    known(statements.len(), "statement", positions.iter().map(|position| position.statement))?;
    let claims = headline.iter().flat_map(|claim| claim.supported_by.iter().copied().chain([claim.statement]));
    known(statements.len(), "statement", claims)?;
    known(times.len(), "time", events.iter().filter_map(|event| event.when))
}

fn ids(ids: impl Iterator<Item = usize>, of: &str) -> Result<(), ParseDocumentError> {
    match ids.enumerate().find(|(at, id)| at != id) {
        Some((at, id)) => Err(ParseDocumentError(format!("the {of} at {at} has the id {id}"))),
        None => Ok(()),
    }
}

fn known(n_known: usize, of: &str, mut refers: impl Iterator<Item = usize>) -> Result<(), ParseDocumentError> {
    match refers.find(|&id| id >= n_known) {
        Some(id) => Err(ParseDocumentError(format!("it refers to {of} {id}, and has only {n_known}"))),
        None => Ok(()),
    }
}

fn entities_of_statement(statement: &Statement) -> impl Iterator<Item = usize> {
    let told = statement.addressee.as_ref().and_then(|addressee| addressee.entity);
    let relays = statement.via.iter().filter_map(|via| via.entity);
    statement.speaker.into_iter().chain(statement.speakers.iter().copied()).chain(told).chain(relays)
}

fn entities_of_event(event: &Event) -> impl Iterator<Item = usize> {
    let sides = event.actors.iter().chain(&event.recipients).chain(&event.mediators).copied();
    sides.chain(event.place.as_ref().and_then(|place| place.entity))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Act, Block, BlockKind, EntityKind, Form, Mention, Moment, Quotation, Role};

    fn document() -> Document {
        let text = "😀 “Да”, said Zoé Ardent.".to_owned();
        let at = |words: &str| {
            let start = text.find(words).unwrap();
            Span::new(start, start + words.len())
        };
        let (name, said, content) = (at("Zoé Ardent"), at("said"), at("Да"));
        let mut article = Article::from_text(text.clone());
        article.id = "b3:00".into();
        article.blocks = vec![Block { kind: BlockKind::Quote, span: at("“Да”") }];
        article.published = Some("2022-03-16T18:20:00+05:30".parse::<Moment>().unwrap());
        let mut document = Document::new(article);
        document.entities.push(Entity {
            id: 0,
            kind: EntityKind::Person,
            name: "Zoé Ardent".into(),
            roles: vec![Role { title: "aide".into(), of: None, span: name }],
            country: Some("FR".into()),
            lat: Some(0.1 + 0.2),
            lon: None,
            wikidata: None,
            members: vec![],
            mentions: vec![Mention { span: name, form: Form::Name }],
        });
        document.statements.push(Statement {
            id: 0,
            quotation: Quotation::Direct,
            content: vec![content],
            cue: vec![said],
            source: vec![name],
            speaker: Some(0),
            speakers: vec![0],
            addressee: None,
            channel: None,
            via: vec![],
            inside: None,
            act: Act::Assert,
            negated: false,
            confidence: 0.94,
        });
        document.notes.push("a note".into());
        document
    }

    #[test]
    fn a_document_comes_back_from_each_unit() {
        let document = document();
        for offsets in [Offsets::Byte, Offsets::Codepoint, Offsets::Utf16] {
            assert_eq!(Document::from_json(&document.to_json(offsets)), Ok(document.clone()));
            assert_eq!(Document::from_json(&document.to_json_pretty(offsets)), Ok(document.clone()));
        }
    }

    #[test]
    fn a_document_without_its_text_needs_it_back() {
        let whole = document();
        let mut bare = whole.clone();
        let text = std::mem::take(&mut bare.article.text);
        let json = bare.to_json(Offsets::Byte);
        assert_eq!(Document::from_json_and_text(&json, text), Ok(whole));
        let error = Document::from_json_and_text(&json, "short".into()).unwrap_err().to_string();
        assert!(error.ends_with("is none of its text"), "{error}");
    }

    #[test]
    fn what_breaks_the_rules_of_a_record_is_refused() {
        let json = document().to_json(Offsets::Byte);
        for (good, bad, reason) in [
            ("\"speaker\":0", "\"speaker\":7", "it refers to entity 7, and has only 1"),
            (
                "document/1",
                "document/9",
                "its schema is `rapporteur/document/9`, and this reads `rapporteur/document/1`",
            ),
            ("\"source\":[[22", "\"source\":[[99", "the span [99, 33] ends before it starts"),
            ("\"inside\":null", "\"inside\":3", "it refers to statement 3, and has only 1"),
            ("\"statements\":[{\"id\":0", "\"statements\":[{\"id\":4", "the statement at 0 has the id 4"),
        ] {
            let broken = json.replace(good, bad);
            assert_ne!(broken, json, "{good}");
            let error = Document::from_json(&broken).unwrap_err().to_string();
            assert!(error.starts_with(reason), "{error}");
        }
        let split = json.replace("\"cue\":[[17", "\"cue\":[[1");
        assert!(Document::from_json(&split).is_err(), "a span that starts inside a character");
    }

    proptest! {
        #[test]
        fn confidences_and_places_come_back_as_they_were(confidence in 0f32..1.0, lat in -90f64..90.0) {
            let mut document = document();
            document.statements[0].confidence = confidence;
            document.entities[0].lat = Some(lat);
            prop_assert_eq!(Document::from_json(&document.to_json(Offsets::Byte)), Ok(document));
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,300}") {
            let _ = Document::from_json(&text);
        }
    }
}
