//! The document: an article and everything that the reading found in it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Article, Span};

/// One reading of one article.
///
/// Statements, events and times are ordered by their first character, entities by their first mention; the ids of
/// entities, statements and events are their indices.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// The article that was read.
    pub article: Article,
    /// Who and what is named.
    pub entities: Vec<Entity>,
    /// Who said what.
    pub statements: Vec<Statement>,
    /// What happened, is under way, or is planned.
    pub events: Vec<Event>,
    /// Where each party stands on each issue.
    pub positions: Vec<Position>,
    /// Whether the body bears the headline out.
    pub headline: Vec<Headline>,
    /// Expressions of time.
    pub times: Vec<Time>,
    /// What was noticed and could not be settled.
    pub notes: Vec<String>,
}

impl Document {
    /// A document with nothing found yet; the article's notes become its own.
    pub fn new(mut article: Article) -> Self {
        let notes = std::mem::take(&mut article.notes);
        Document { article, notes, ..Document::default() }
    }
}

/// Someone or something that the article names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entity {
    /// Its index in [`Document::entities`].
    pub id: usize,
    /// What it is.
    pub kind: EntityKind,
    /// The fullest name in the article.
    pub name: String,
    /// What the article calls it by office.
    pub roles: Vec<Role>,
    /// ISO 3166-1 alpha-2 of the state that it belongs to or speaks for.
    pub country: Option<String>,
    /// Degrees north, WGS 84, of a place that was put on the map.
    pub lat: Option<f64>,
    /// Degrees east, WGS 84.
    pub lon: Option<f64>,
    /// A Wikidata item, "Q159".
    pub wikidata: Option<String>,
    /// The entities of a group named by listing.
    pub members: Vec<usize>,
    /// Where it is mentioned, in order.
    pub mentions: Vec<Mention>,
}

/// What an [`Entity`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum EntityKind {
    Person,
    Organization,
    State,
    Place,
    Group,
    Event,
    Work,
    Other,
}

/// An office that an entity holds: "foreign minister" of "Russia".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// The office, "foreign minister".
    pub title: String,
    /// Whose, "Russia" or "Volodymyr Zelensky".
    pub of: Option<String>,
    /// The words that say so, "Russian foreign minister".
    pub span: Span,
}

/// One place where an entity is mentioned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// The words.
    pub span: Span,
    /// By what.
    pub form: Form,
}

/// By what a [`Mention`] names its entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// "Lavrov"
    Name,
    /// "the minister"
    Nominal,
    /// "he"
    Pronoun,
}

/// One attributed statement: who said what, in which words it was reported, and through whom it came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// Its index in [`Document::statements`].
    pub id: usize,
    /// How much of it stands in quotation marks.
    pub quotation: Quotation,
    /// What was said, without the outer quotation marks; several where the cue interrupts.
    pub content: Vec<Span>,
    /// "was quoted as saying"; empty where nothing says so, as in a transcript.
    pub cue: Vec<Span>,
    /// The words that name the source next to the cue.
    pub source: Vec<Span>,
    /// The entity behind the source; `None` if it can't be told, or if several speak jointly.
    pub speaker: Option<usize>,
    /// All who speak, where several do; else one or none.
    pub speakers: Vec<usize>,
    /// "told news agencies"
    pub addressee: Option<Addressee>,
    /// "in a tweet"
    pub channel: Option<Channel>,
    /// Who passed it on, nearest the speaker first; the outlet itself is not listed.
    pub via: Vec<Via>,
    /// The statement whose content holds this one.
    pub inside: Option<usize>,
    /// What was done by saying it.
    pub act: Act,
    /// "did not say"
    pub negated: bool,
    /// Probability that content and source are right, from 0 to 1.
    pub confidence: f32,
}

/// How much of a statement stands in quotation marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quotation {
    /// All of it.
    Direct,
    /// None of it.
    Indirect,
    /// Some of it.
    Mixed,
}

/// To whom something was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addressee {
    /// The words.
    pub span: Span,
    /// The entity, where it is one.
    pub entity: Option<usize>,
}

/// By what means something was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// What it is.
    pub kind: ChannelKind,
    /// The words.
    pub span: Span,
}

/// What a [`Channel`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum ChannelKind {
    Tweet,
    Post,
    Call,
    Letter,
    Speech,
    Interview,
    Briefing,
    Report,
    Statement,
    Broadcast,
}

/// Someone who passed a statement on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Via {
    /// The words.
    pub span: Span,
    /// The entity, where it is one.
    pub entity: Option<usize>,
    /// "reported"; empty where the words name only who.
    pub cue: Vec<Span>,
    /// "in a report"
    pub channel: Option<Channel>,
}

/// What was done by saying something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Act {
    Assert,
    Deny,
    Promise,
    Demand,
    Request,
    Offer,
    Accuse,
    Threaten,
    Reject,
    Agree,
    Ask,
    Thank,
    Condemn,
    Express,
    Other,
}

/// Something that happened, is under way, is planned, asked for, or denied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Its index in [`Document::events`].
    pub id: usize,
    /// A PLOVER type ("CONSULT"), or MEDIATE or TRAVEL.
    #[serde(rename = "type")]
    pub kind: String,
    /// A PLOVER mode, "meet".
    pub mode: Option<String>,
    /// Whether it has happened.
    pub status: Status,
    /// The words that tell it.
    pub trigger: Vec<Span>,
    /// Who did it; all sides of a symmetric event.
    pub actors: Vec<usize>,
    /// To whom.
    pub recipients: Vec<usize>,
    /// Who brought it about between the sides.
    pub mediators: Vec<usize>,
    /// Where.
    pub place: Option<Place>,
    /// Index into [`Document::times`].
    pub when: Option<usize>,
    /// The statement that tells it; `None` if the reporter does.
    pub asserted_by: Option<usize>,
}

/// Whether an [`Event`] has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Status {
    Past,
    Ongoing,
    Planned,
    Conditional,
    Demanded,
    Denied,
    Cancelled,
}

/// Where an [`Event`] takes place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// The words.
    pub span: Span,
    /// The entity, where it is one.
    pub entity: Option<usize>,
    /// The place's name.
    pub name: String,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Degrees north, WGS 84.
    pub lat: Option<f64>,
    /// Degrees east, WGS 84.
    pub lon: Option<f64>,
}

/// Where a party stands on an issue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// The entity.
    pub party: usize,
    /// An issue of the table, or a noun phrase of the article.
    pub issue: String,
    /// For it, against it, …
    pub stance: Stance,
    /// The statement that says so.
    pub statement: usize,
}

/// Where a party stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Stance {
    Supports,
    Opposes,
    Demands,
    Offers,
    Open,
    Rejects,
}

/// Whether the body bears out one claim of the title.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Headline {
    /// The claim.
    pub statement: usize,
    /// Whether the body says so.
    pub verdict: Verdict,
    /// The body's statements that do.
    pub supported_by: Vec<usize>,
}

/// Whether a claim is borne out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Verdict {
    Yes,
    Partly,
    No,
}

/// An expression of time (TIMEX3, ISO 24617-1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Time {
    /// The words.
    pub span: Span,
    /// DATE, TIME, DURATION or SET.
    #[serde(rename = "type")]
    pub kind: TimeKind,
    /// TIMEX3 value; `None` where it hangs on a publication date that nobody gave.
    pub value: Option<String>,
    /// First calendar day.
    pub first: Option<Date>,
    /// First calendar day after it.
    pub end: Option<Date>,
}

/// The type of a TIMEX3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the names say it")]
pub enum TimeKind {
    Date,
    Time,
    Duration,
    Set,
}
