//! Documents made by hand: the words of a text are pointed at by quoting them.

use rapporteur::record::{
    Act, Article, Block, BlockKind, Channel, ChannelKind, Document, Entity, EntityKind, Quotation, Role, Span,
    Statement, Via,
};

/// A document whose blocks are `blocks`, joined by an empty line.
pub(crate) fn document(blocks: &[(BlockKind, &str)]) -> Document {
    let mut article = Article::default();
    for &(kind, words) in blocks {
        if !article.text.is_empty() {
            article.text.push_str("\n\n");
        }
        let start = article.text.len();
        article.text.push_str(words);
        article.blocks.push(Block { kind, span: Span::new(start, article.text.len()) });
    }
    Document::new(article)
}

/// A document of one paragraph.
pub(crate) fn paragraph(text: &str) -> Document {
    document(&[(BlockKind::Paragraph, text)])
}

/// Where `words` first stand in the text.
pub(crate) fn at(document: &Document, words: &str) -> Span {
    let start = document.article.text.find(words).unwrap_or_else(|| panic!("the text has no {words:?}"));
    Span::new(start, start + words.len())
}

/// Adds an entity and returns its id.
pub(crate) fn person(document: &mut Document, name: &str, role: Option<(&str, &str)>) -> usize {
    let id = document.entities.len();
    let role = role.map(|(title, of)| Role { title: title.into(), of: Some(of.into()), span: Span::new(0, 0) });
    document.entities.push(Entity {
        id,
        kind: EntityKind::Person,
        name: name.into(),
        roles: role.into_iter().collect(),
        country: None,
        lat: None,
        lon: None,
        wikidata: None,
        members: Vec::new(),
        mentions: Vec::new(),
    });
    id
}

/// An indirect statement that says `content` and nothing more; fields are set from outside.
pub(crate) fn said(document: &Document, source: &str, cue: &str, content: &[&str]) -> Statement {
    let spans = |words: &str| if words.is_empty() { Vec::new() } else { vec![at(document, words)] };
    Statement {
        id: document.statements.len(),
        quotation: Quotation::Indirect,
        content: content.iter().map(|words| at(document, words)).collect(),
        cue: spans(cue),
        source: spans(source),
        speaker: None,
        speakers: Vec::new(),
        addressee: None,
        channel: None,
        via: Vec::new(),
        inside: None,
        act: Act::Assert,
        negated: false,
        confidence: 0.9,
    }
}

/// A statement of one known speaker.
pub(crate) fn said_by(speaker: usize, statement: Statement) -> Statement {
    Statement { speaker: Some(speaker), speakers: vec![speaker], ..statement }
}

/// The same, in quotation marks.
pub(crate) fn direct(statement: Statement) -> Statement {
    Statement { quotation: Quotation::Direct, ..statement }
}

/// Adds a statement.
pub(crate) fn add(document: &mut Document, statement: Statement) {
    document.statements.push(statement);
}

/// A page of news with most things that a statement can be.
pub(crate) fn ferry_strike() -> Document {
    let mut doc = document(&[
        (BlockKind::Title, "Ferry crews to strike, union says"),
        (BlockKind::Standfirst, "Operators call the walkout “a gift to nobody”"),
        (
            BlockKind::Paragraph,
            "Crews on the northern islands will strike from Friday, the Seafarers’ Union said. “We have waited \
             two years,” said its secretary, Ines Holm, “and we will not wait for a third.” Holm said in a letter \
             that the company had told her talks were “over”, the agency NTB reported.",
        ),
        (
            BlockKind::Paragraph,
            "Transport minister Karl Aune and the governor of Vestland said jointly that no crossing would be \
             cancelled. Officials did not say who would steer the ferries.",
        ),
        (BlockKind::ListItem, "Friday: all crossings"),
        (BlockKind::ListItem, "Saturday: none, according to Holm"),
        (BlockKind::Caption, "A ferry at Bodø."),
    ]);
    doc.article.outlet_name = Some("The Island Post".into());
    doc.article.outlet = Some("islandpost.example".into());
    doc.article.url = Some("https://islandpost.example/ferry-strike".into());
    doc.article.title = Some("Ferry crews to strike, union says".into());
    doc.article.published = Some("2024-05-02T07:15:00+02:00".parse().unwrap());
    doc.article.language = Some("en".into());
    doc.article.byline = vec!["Ada Lie".into(), "Jon Berg".into()];
    doc.notes.push("two dates on the page: the earlier one was taken".into());
    let union = person(&mut doc, "Seafarers’ Union", None);
    let holm = person(&mut doc, "Ines Holm", Some(("secretary", "Seafarers’ Union")));
    let company = person(&mut doc, "Nordferje", None);
    let ntb = person(&mut doc, "NTB", None);
    let aune = person(&mut doc, "Karl Aune", Some(("transport minister", "Norway")));
    let governor = person(&mut doc, "Governor of Vestland", None);

    let statement = said_by(union, said(&doc, "union", "says", &["Ferry crews to strike"]));
    add(&mut doc, statement);
    let statement = said(&doc, "Operators", "call", &["the walkout “a gift to nobody”"]);
    add(&mut doc, Statement { quotation: Quotation::Mixed, ..statement });
    let statement =
        said(&doc, "the Seafarers’ Union", "said", &["Crews on the northern islands will strike from Friday"]);
    add(&mut doc, said_by(union, statement));
    let pieces = ["We have waited two years,", "and we will not wait for a third."];
    let statement = said_by(holm, said(&doc, "its secretary, Ines Holm", "said its", &pieces));
    let cue = vec![Span::new(statement.cue[0].start(), statement.cue[0].end() - 4)];
    add(&mut doc, direct(Statement { cue, ..statement }));
    let statement = said_by(holm, said(&doc, "Holm said in", "", &["the company had told her talks were “over”"]));
    let channel = Some(Channel { kind: ChannelKind::Letter, span: at(&doc, "in a letter") });
    let via = vec![Via { span: at(&doc, "the agency NTB"), entity: Some(ntb), cue: Vec::new(), channel: None }];
    let source = vec![Span::new(statement.source[0].start(), statement.source[0].start() + 4)];
    add(&mut doc, Statement { channel, via, source, ..statement });
    let statement = said_by(company, said(&doc, "the company", "had told", &["talks were “over”"]));
    add(&mut doc, Statement { inside: Some(4), quotation: Quotation::Mixed, ..statement });
    let statement = said(
        &doc,
        "Transport minister Karl Aune and the governor of Vestland",
        "said jointly",
        &["no crossing would be cancelled"],
    );
    add(&mut doc, Statement { speakers: vec![aune, governor], act: Act::Promise, ..statement });
    let statement = said(&doc, "Officials", "did not say", &["who would steer the ferries"]);
    add(&mut doc, Statement { negated: true, ..statement });
    let statement = said_by(holm, said(&doc, "", "according to", &["Saturday: none"]));
    add(&mut doc, statement);
    doc
}
