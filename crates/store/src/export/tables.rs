//! The tables of a record: their columns, and the rows that a document gives.
//!
//! Columns are named as in the printed record. Where SQL keeps a word for itself (`when`, `end`), or one look more would
//! cost a join (the speaker's name, the day of publication), a table has a column of its own. Ids are those of the
//! document: `article` and `id` together name a row. Columns may be added; what is here keeps its name and meaning.

use jiff::civil::Date;
use rapporteur_record::{Channel, Document, Event, Offsets, Place, Statement, Via};

use super::people::Named;
use super::table::Kind::{self, Count, Day, Degrees, Flag, Fraction, Group, Span, Text, Word};
use super::table::{Column, Table, Value};
use crate::ArticleFound;
use crate::key::{Key, article_hash};
use crate::put;
use crate::spans::Spans;

const fn one(name: &'static str, kind: Kind) -> Column {
    Column::one(name, kind)
}

const fn maybe(name: &'static str, kind: Kind) -> Column {
    Column::maybe(name, kind)
}

const fn list(name: &'static str, kind: Kind) -> Column {
    Column::list(name, kind)
}

/// One row of a table.
type Row<'a> = Vec<Value<'a>>;

/// Gives the rows that a document has in one table.
type Rows = for<'a> fn(&'a Source) -> Vec<Row<'a>>;

/// All tables with months, and what gives the rows of a document; articles first.
pub(super) const TABLES: [(Table, Rows); 8] = [
    (Table { name: "articles", columns: ARTICLES }, articles),
    (Table { name: "statements", columns: STATEMENTS }, statements),
    (Table { name: "entities", columns: ENTITIES }, entities),
    (Table { name: "mentions", columns: MENTIONS }, mentions),
    (Table { name: "events", columns: EVENTS }, events),
    (Table { name: "times", columns: TIMES }, times),
    (Table { name: "positions", columns: POSITIONS }, positions),
    (Table { name: "headlines", columns: HEADLINES }, headlines),
];

const ARTICLES: &[Column] = &[
    one("id", Word),
    maybe("url", Text),
    maybe("outlet", Word),
    maybe("outlet_name", Word),
    maybe("title", Text),
    maybe("standfirst", Text),
    list("byline", Word),
    maybe("published", Word), // as the page gives it, with its zone
    maybe("day", Day),
    maybe("modified", Word),
    maybe("seen", Word), // when it was fetched
    maybe("credit", Word),
    maybe("dateline", Word),
    maybe("language", Word),
    maybe("section", Word),
    list("keywords", Word),
    one("text", Text),
    list("blocks", Group(&[one("kind", Word), one("span", Span)])),
    list("notes", Word),
];

const CHANNEL: Kind = Group(&[one("kind", Word), one("span", Span)]);

const STATEMENTS: &[Column] = &[
    one("article", Word),
    one("id", Count),
    one("key", Text), // what `show` takes
    maybe("day", Day),
    maybe("outlet", Word),
    one("quotation", Word),
    list("content", Span),
    list("cue", Span),
    list("source", Span),
    maybe("speaker", Count),
    maybe("speaker_name", Word),
    maybe("speaker_role", Word),
    maybe("speaker_country", Word),
    maybe("speaker_person", Word), // people.id
    list("speakers", Count),
    maybe("addressee", Group(&[one("span", Span), maybe("entity", Count)])),
    maybe("channel", CHANNEL),
    list(
        "via",
        Group(&[
            one("name", Word),
            one("span", Span),
            maybe("entity", Count),
            list("cue", Span),
            maybe("channel", CHANNEL),
        ]),
    ),
    maybe("inside", Count),
    one("act", Word),
    one("negated", Flag),
    one("confidence", Fraction),
];

const ENTITIES: &[Column] = &[
    one("article", Word),
    one("id", Count),
    one("kind", Word),
    one("name", Word),
    list("roles", Group(&[one("title", Word), maybe("of", Word), one("span", Span)])),
    maybe("country", Word),
    maybe("lat", Degrees),
    maybe("lon", Degrees),
    maybe("wikidata", Word),
    list("members", Count),
    maybe("person", Word), // people.id
];

const MENTIONS: &[Column] = &[one("article", Word), one("entity", Count), one("span", Span), one("form", Word)];

const EVENTS: &[Column] = &[
    one("article", Word),
    one("id", Count),
    maybe("day", Day), // of publication
    one("type", Word),
    maybe("mode", Word),
    one("status", Word),
    list("trigger", Span),
    list("actors", Count),
    list("actor_names", Word),
    list("recipients", Count),
    list("recipient_names", Word),
    list("mediators", Count),
    list("mediator_names", Word),
    maybe(
        "place",
        Group(&[
            one("span", Span),
            maybe("entity", Count),
            one("name", Word),
            maybe("country", Word),
            maybe("lat", Degrees),
            maybe("lon", Degrees),
        ]),
    ),
    maybe("time", Count),    // `when` of the record: times.id
    maybe("first_day", Day), // of that time
    maybe("end_day", Day),   // the first day after it
    maybe("asserted_by", Count),
];

const TIMES: &[Column] = &[
    one("article", Word),
    one("id", Count),
    one("span", Span),
    one("type", Word),
    maybe("value", Word),
    maybe("first_day", Day), // `first` of the record
    maybe("end_day", Day),   // `end` of the record
];

const POSITIONS: &[Column] = &[
    one("article", Word),
    one("id", Count),
    maybe("day", Day), // of publication
    one("party", Count),
    one("party_name", Word),
    one("issue", Word),
    one("stance", Word),
    one("statement", Count),
];

const HEADLINES: &[Column] =
    &[one("article", Word), one("statement", Count), one("verdict", Word), list("supported_by", Count)];

/// A document about to be written, and what it does not say itself.
pub(super) struct Source {
    /// Its spans count in the unit of the export.
    document: Document,
    article: String,
    day: Option<Date>,
    seen: Option<String>,
    /// Of each statement.
    keys: Vec<Key>,
    /// Of each statement the names of its relays.
    relays: Vec<Vec<String>>,
    /// Of each entity who it is.
    people: Vec<Option<String>>,
}

impl Source {
    pub(super) fn new(
        found: &ArticleFound,
        mut document: Document,
        seen: Option<String>,
        named: &[Named],
        offsets: Offsets,
    ) -> Self {
        let mut people = vec![None; document.entities.len()];
        for (entity, _, id) in named {
            people.get_mut(*entity).into_iter().for_each(|person| *person = Some(id.clone()));
        }
        let hash = article_hash(&document.article);
        let keys = document.statements.iter().map(|statement| Key::of(&hash, &Spans::of(statement))).collect();
        // While spans still count bytes, and the words can be cut out.
        let relays = document.statements.iter().map(|statement| put::relays(&document, statement)).collect();
        document.convert_spans(offsets);
        let day = document.article.published.map(|moment| moment.day());
        Source { document, article: found.id.clone(), day, seen, keys, relays, people }
    }

    fn outlet(&self) -> Value<'_> {
        self.document.article.outlet.as_ref().into()
    }

    fn name(&self, entity: usize) -> Value<'_> {
        self.document.entities[entity].name.as_str().into()
    }

    fn names(&self, entities: &[usize]) -> Value<'_> {
        Value::List(entities.iter().map(|&entity| self.name(entity)).collect())
    }
}

fn articles(source: &Source) -> Vec<Row<'_>> {
    let article = &source.document.article;
    let blocks = article.blocks.iter().map(|block| Value::Group(vec![block.kind.word().into(), block.span.into()]));
    vec![vec![
        (&source.article).into(),
        article.url.as_ref().into(),
        article.outlet.as_ref().into(),
        article.outlet_name.as_ref().into(),
        article.title.as_ref().into(),
        article.standfirst.as_ref().into(),
        Value::list(&article.byline),
        article.published.map(|moment| moment.to_string()).into(),
        source.day.into(),
        article.modified.map(|moment| moment.to_string()).into(),
        source.seen.as_ref().into(),
        article.credit.as_ref().into(),
        article.dateline.as_ref().into(),
        article.language.as_ref().into(),
        article.section.as_ref().into(),
        Value::list(&article.keywords),
        (&article.text).into(),
        Value::List(blocks.collect()),
        Value::list(&source.document.notes),
    ]]
}

fn statements(source: &Source) -> Vec<Row<'_>> {
    source.document.statements.iter().map(|statement| self::statement(source, statement)).collect()
}

fn statement<'a>(source: &'a Source, statement: &'a Statement) -> Row<'a> {
    let speaker = statement.speaker.map(|id| &source.document.entities[id]);
    let addressee = statement.addressee.map(|one| Value::Group(vec![one.span.into(), one.entity.into()]));
    let relays = statement.via.iter().zip(&source.relays[statement.id]).map(|(via, name)| relay(via, name));
    vec![
        (&source.article).into(),
        statement.id.into(),
        source.keys[statement.id].to_string().into(),
        source.day.into(),
        source.outlet(),
        statement.quotation.word().into(),
        Value::list(statement.content.iter().copied()),
        Value::list(statement.cue.iter().copied()),
        Value::list(statement.source.iter().copied()),
        statement.speaker.into(),
        speaker.map(|speaker| &speaker.name).into(),
        speaker.and_then(put::role).into(),
        speaker.and_then(|speaker| speaker.country.as_ref()).into(),
        statement.speaker.and_then(|id| source.people[id].as_ref()).into(),
        Value::list(statement.speakers.iter().copied()),
        addressee.unwrap_or(Value::None),
        channel(statement.channel),
        Value::List(relays.collect()),
        statement.inside.into(),
        statement.act.word().into(),
        statement.negated.into(),
        statement.confidence.into(),
    ]
}

fn channel(channel: Option<Channel>) -> Value<'static> {
    channel.map_or(Value::None, |channel| Value::Group(vec![channel.kind.word().into(), channel.span.into()]))
}

fn relay<'a>(via: &'a Via, name: &'a str) -> Value<'a> {
    let cue = Value::list(via.cue.iter().copied());
    Value::Group(vec![name.into(), via.span.into(), via.entity.into(), cue, channel(via.channel)])
}

fn entities(source: &Source) -> Vec<Row<'_>> {
    let entities = source.document.entities.iter().map(|entity| {
        let roles = entity.roles.iter();
        let roles =
            roles.map(|role| Value::Group(vec![(&role.title).into(), role.of.as_ref().into(), role.span.into()]));
        vec![
            (&source.article).into(),
            entity.id.into(),
            entity.kind.word().into(),
            (&entity.name).into(),
            Value::List(roles.collect()),
            entity.country.as_ref().into(),
            entity.lat.into(),
            entity.lon.into(),
            entity.wikidata.as_ref().into(),
            Value::list(entity.members.iter().copied()),
            source.people[entity.id].as_ref().into(),
        ]
    });
    entities.collect()
}

fn mentions(source: &Source) -> Vec<Row<'_>> {
    let mentions = source.document.entities.iter().flat_map(|entity| {
        entity.mentions.iter().map(|mention| {
            vec![(&source.article).into(), entity.id.into(), mention.span.into(), mention.form.word().into()]
        })
    });
    mentions.collect()
}

fn events(source: &Source) -> Vec<Row<'_>> {
    source.document.events.iter().map(|event| self::event(source, event)).collect()
}

fn event<'a>(source: &'a Source, event: &'a Event) -> Row<'a> {
    let time = event.when.map(|id| &source.document.times[id]);
    vec![
        (&source.article).into(),
        event.id.into(),
        source.day.into(),
        (&event.kind).into(),
        event.mode.as_ref().into(),
        event.status.word().into(),
        Value::list(event.trigger.iter().copied()),
        Value::list(event.actors.iter().copied()),
        source.names(&event.actors),
        Value::list(event.recipients.iter().copied()),
        source.names(&event.recipients),
        Value::list(event.mediators.iter().copied()),
        source.names(&event.mediators),
        event.place.as_ref().map_or(Value::None, place),
        event.when.into(),
        time.and_then(|time| time.first).into(),
        time.and_then(|time| time.end).into(),
        event.asserted_by.into(),
    ]
}

fn place(place: &Place) -> Value<'_> {
    Value::Group(vec![
        place.span.into(),
        place.entity.into(),
        (&place.name).into(),
        place.country.as_ref().into(),
        place.lat.into(),
        place.lon.into(),
    ])
}

fn times(source: &Source) -> Vec<Row<'_>> {
    let times = source.document.times.iter().enumerate().map(|(id, time)| {
        vec![
            (&source.article).into(),
            id.into(),
            time.span.into(),
            time.kind.word().into(),
            time.value.as_ref().into(),
            time.first.into(),
            time.end.into(),
        ]
    });
    times.collect()
}

fn positions(source: &Source) -> Vec<Row<'_>> {
    let positions = source.document.positions.iter().enumerate().map(|(id, position)| {
        vec![
            (&source.article).into(),
            id.into(),
            source.day.into(),
            position.party.into(),
            source.name(position.party),
            (&position.issue).into(),
            position.stance.word().into(),
            position.statement.into(),
        ]
    });
    positions.collect()
}

fn headlines(source: &Source) -> Vec<Row<'_>> {
    let headlines = source.document.headline.iter().map(|headline| {
        vec![
            (&source.article).into(),
            headline.statement.into(),
            headline.verdict.word().into(),
            Value::list(headline.supported_by.iter().copied()),
        ]
    });
    headlines.collect()
}
