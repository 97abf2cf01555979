//! Documents made for the tests.

#![allow(dead_code, reason = "each test file uses some")]

use std::path::PathBuf;

use rapporteur_record::{
    Act, Article, Document, Entity, EntityKind, Form, Mention, Quotation, Role, Span, Statement, Via,
};

/// An empty folder of that name.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("store-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// What one sentence of an article says.
#[derive(Clone, Copy)]
pub(crate) struct Said {
    pub(crate) speaker: &'static str,
    pub(crate) content: &'static str,
    pub(crate) via: Option<&'static str>,
}

pub(crate) fn said() -> Said {
    Said { speaker: "Nobody", content: "nothing", via: None }
}

/// An article of one sentence for each of `said`; no date where `day` is empty.
pub(crate) fn article(url: &str, day: &str, said: &[Said]) -> Document {
    let mut text = String::new();
    let mut places = Vec::new();
    for Said { speaker, content, via } in said {
        let mut push = |words: &str| {
            let start = text.len();
            text.push_str(words);
            Span::new(start, text.len())
        };
        push("“");
        let content = push(content);
        push("”, ");
        let source = push(speaker);
        push(" ");
        let cue = push("said");
        let via = via.map(|via| {
            push(", ");
            (push(via), push(" reported"))
        });
        push(". ");
        places.push((content, source, cue, via));
    }
    let mut article = Article::from_text(text);
    article.url = Some(url.to_owned());
    article.outlet = url.split('/').nth(2).map(str::to_owned);
    article.published = day.parse().ok();
    let hash = blake3::hash(format!("{url}\0{}", article.text).as_bytes());
    article.id = format!("b3:{}", &hash.to_hex()[..32]);
    let mut document = Document::new(article);
    for (said, (content, source, cue, via)) in said.iter().zip(places) {
        let speaker = entity(&mut document, said.speaker, source);
        let via = via.map(|(span, cue)| {
            let entity = said.via.map(|via| entity(&mut document, via, span));
            Via { span, entity, cue: vec![cue], channel: None }
        });
        document.statements.push(Statement {
            id: document.statements.len(),
            quotation: Quotation::Direct,
            content: vec![content],
            cue: vec![cue],
            source: vec![source],
            speaker: Some(speaker),
            speakers: vec![speaker],
            addressee: None,
            channel: None,
            via: via.into_iter().collect(),
            inside: None,
            act: Act::Assert,
            negated: false,
            confidence: 0.94,
        });
    }
    document
}

fn entity(document: &mut Document, name: &str, span: Span) -> usize {
    let id = document.entities.len();
    document.entities.push(Entity {
        id,
        kind: EntityKind::Person,
        name: name.to_owned(),
        roles: vec![Role { title: "chief aide".into(), of: Some("France".into()), span }],
        country: Some("FR".into()),
        lat: None,
        lon: None,
        wikidata: None,
        members: vec![],
        mentions: vec![Mention { span, form: Form::Name }],
    });
    id
}
