//! What the table says of one statement.

use rapporteur_record::{Act, Channel, ChannelKind, Document, Quotation, Statement, Via};

use super::head::joined;
use super::lanes::{Lane, Lanes};
use super::safe::visible;
use super::{speakers, words};

/// One statement in words, each safe to print and none isolated yet.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) number: usize,
    pub(super) lane: Lane,
    /// Whether it stands in the content of another.
    pub(super) nested: bool,
    pub(super) direct: bool,
    pub(super) speaker: String,
    pub(super) role: String,
    pub(super) how: String,
    pub(super) via: String,
    pub(super) channel: String,
    pub(super) content: String,
}

pub(super) fn rows(document: &Document, lanes: &Lanes) -> Vec<Row> {
    let row = |(at, statement): (usize, &Statement)| Row {
        number: at + 1,
        lane: lanes.lane(at),
        nested: statement.inside.is_some(),
        direct: statement.quotation == Quotation::Direct,
        speaker: speaker(document, statement),
        role: role(document, statement),
        how: how(document, statement),
        via: via(document, statement),
        channel: statement.channel.map_or("", channel).to_owned(),
        content: content(document, statement),
    };
    document.statements.iter().enumerate().map(row).collect()
}

/// The full names of those who speak; else the words that name the source, in quotation marks; else a dash.
fn speaker(document: &Document, statement: &Statement) -> String {
    let name = |&speaker: &usize| visible(&document.entities[speaker].name).into_owned();
    let names: Vec<String> = speakers(document, statement).iter().map(name).collect();
    match (names.is_empty(), words(document, &statement.source)) {
        (false, _) => joined(&names),
        (true, source) if source.is_empty() => "–".to_owned(),
        (true, source) => format!("“{source}”"),
    }
}

/// "foreign minister, Russia"; nothing where several speak.
fn role(document: &Document, statement: &Statement) -> String {
    let &[speaker] = speakers(document, statement).as_slice() else { return String::new() };
    let Some(role) = document.entities[speaker].roles.first() else { return String::new() };
    let of = role.of.iter().map(|of| format!(", {of}")).collect::<String>();
    visible(&format!("{}{of}", role.title)).into_owned()
}

fn how(document: &Document, statement: &Statement) -> String {
    let how = match words(document, &statement.cue) {
        cue if cue.is_empty() => act(statement.act).to_owned(),
        cue => cue,
    };
    if statement.negated { format!("{how} (negated)") } else { how }
}

/// "Interfax → AFP (report)": the way that the statement took.
fn via(document: &Document, statement: &Statement) -> String {
    let passed_on = |via: &Via| {
        let entity = via.entity.and_then(|entity| document.entities.get(entity));
        let name = entity.map_or_else(|| words(document, &[via.span]), |entity| visible(&entity.name).into_owned());
        via.channel.map_or(name.clone(), |by| format!("{name} ({})", channel(by)))
    };
    statement.via.iter().map(passed_on).collect::<Vec<_>>().join(" → ")
}

fn content(document: &Document, statement: &Statement) -> String {
    let content = words(document, &statement.content);
    if statement.quotation == Quotation::Direct { format!("“{content}”") } else { content }
}

fn channel(channel: Channel) -> &'static str {
    channel_kind(channel.kind)
}

pub(super) fn channel_kind(kind: ChannelKind) -> &'static str {
    match kind {
        ChannelKind::Tweet => "tweet",
        ChannelKind::Post => "post",
        ChannelKind::Call => "call",
        ChannelKind::Letter => "letter",
        ChannelKind::Speech => "speech",
        ChannelKind::Interview => "interview",
        ChannelKind::Briefing => "briefing",
        ChannelKind::Report => "report",
        ChannelKind::Statement => "statement",
        ChannelKind::Broadcast => "broadcast",
    }
}

/// What stands for the cue where nothing says so.
pub(super) fn act(act: Act) -> &'static str {
    match act {
        Act::Assert | Act::Other => "said",
        Act::Deny => "denied",
        Act::Promise => "promised",
        Act::Demand => "demanded",
        Act::Request => "requested",
        Act::Offer => "offered",
        Act::Accuse => "accused",
        Act::Threaten => "threatened",
        Act::Reject => "rejected",
        Act::Agree => "agreed",
        Act::Ask => "asked",
        Act::Thank => "thanked",
        Act::Condemn => "condemned",
        Act::Express => "expressed",
    }
}
