//! One event for all mentions that tell of it.
//!
//! Two mentions tell of one event if their type is the same, one takes part in both (or nobody is told in one of them),
//! and neither day nor status speaks against it.

use rapporteur_record::{Event, Span, Status, Time};

use super::Mention;
use crate::reading::Reading;

/// The events of mentions in the order of the text.
pub(super) fn merge(reading: &Reading, mentions: Vec<Mention>, times: &[Time]) -> Vec<Event> {
    let mut events: Vec<Mention> = Vec::new();
    for mention in mentions {
        let start = events.len().saturating_sub(MAX_BACK);
        match events[start..].iter_mut().rev().find(|event| is_same(reading, event, &mention, times)) {
            Some(event) => {
                let alike = stem(reading, event) == stem(reading, &mention);
                join(event, mention, alike);
            }
            None if mention.taken_up => {}
            None => events.push(mention),
        }
    }
    for event in &mut events {
        // A headline's "close to a pact" tells of none that is made.
        if !event.sure && event.kind == "AGREE" {
            event.status = Status::Conditional;
        }
    }
    // "war", "kidnapping" with nobody and nowhere told is a topic and no event.
    let known = |mention: &Mention| {
        let somebody = !mention.actors.is_empty() || !mention.recipients.is_empty() || !mention.mediators.is_empty();
        somebody
            || mention.trigger.verb
            || mention.place.is_some()
            || mention.when.is_some() && mention.sure && mention.kind == "PROTEST"
    };
    let events = events.into_iter().filter(|event| known(event) && (event.told || !event.trigger.takes('k')));
    events.enumerate().map(|(id, mention)| event(reading, id, mention)).collect()
}

fn is_same(reading: &Reading, event: &Mention, other: &Mention, times: &[Time]) -> bool {
    let all = |mention: &Mention| {
        let sides = mention.actors.iter().chain(&mention.mediators);
        sides.copied().collect::<Vec<_>>()
    };
    let (a, b) = (all(event), all(other));
    let near = other.tokens.start.abs_diff(event.tokens.start) < NEAR || stem(reading, event) == stem(reading, other);
    let phone = |mention: &Mention| mention.trigger.mode == Some("phone");
    if phone(event) != phone(other) {
        return false;
    }
    // A headline's event is that of the body.
    if event.title
        && !other.title
        && stem(reading, event) == stem(reading, other)
        && agree(event.status, other.status)
        && !other_day(reading, event, other, times)
    {
        return event.kind == other.kind;
    }
    let n_shared = a.iter().filter(|one| b.contains(one)).count();
    // Two meetings with one guest in common are two.
    let apart = event.trigger.takes('s') && a.len() > 1 && b.len() > 1 && n_shared < 2;
    let shared = n_shared > 0 && !apart || (a.is_empty() || b.is_empty()) && near;
    // "hosted" and "facilitates" are two, "talks" and "met" may be one.
    let tenses = event.trigger.verb
        && other.trigger.verb
        && event.status != other.status
        && [event.status, other.status].contains(&Status::Ongoing);
    event.kind == other.kind
        && shared
        && !tenses
        && event.trigger.takes('w') == other.trigger.takes('w')
        && (!event.sure || !other.sure || agree(event.status, other.status))
        && !other_day(reading, event, other, times)
        && !other_place(event, other)
        && !(event.told
            && other.told
            && other.trigger.verb
            && other.when.is_some()
            && other.place.is_some()
            && event.when.is_none()
            && event.place.is_none())
}

/// The first letters of a trigger, so that "strike" and "strikes" are alike.
fn stem(reading: &Reading, mention: &Mention) -> String {
    reading.written(mention.tokens.start).chars().take(4).flat_map(char::to_lowercase).collect()
}

fn other_place(event: &Mention, other: &Mention) -> bool {
    let places = event.place.as_ref().zip(other.place.as_ref());
    places.is_some_and(|(a, b)| a.name != b.name)
}

/// Whether both have a day, and not the same.
fn other_day(reading: &Reading, event: &Mention, other: &Mention, times: &[Time]) -> bool {
    let Some((a, b)) = event.when.zip(other.when) else { return false };
    let (a, b) = (&times[a], &times[b]);
    let days = |time: &Time| Some((time.first?, time.end?));
    match (days(a), days(b)) {
        (Some(a), Some(b)) => a.1 <= b.0 || b.1 <= a.0,
        // Nobody gave a day of publication: other words are another day.
        (None, None) => reading.text[a.span] != reading.text[b.span],
        _ => false,
    }
}

/// Whether two statuses can be told of one event.
fn agree(a: Status, b: Status) -> bool {
    let happened = |status| matches!(status, Status::Past | Status::Ongoing);
    let ahead = |status| matches!(status, Status::Planned | Status::Conditional | Status::Demanded);
    a == b || happened(a) && happened(b) || ahead(a) && ahead(b)
}

/// What a later mention adds.
fn join(event: &mut Mention, other: Mention, stem_alike: bool) {
    if event.title && !other.title && event.body.is_none() {
        event.body = Some(other.tokens.clone());
    }
    let add = |to: &mut Vec<usize>, from: Vec<usize>| {
        if to.is_empty() {
            *to = from;
        }
    };
    if event.actors.len() < 2 && other.actors.len() > event.actors.len() && event.trigger.takes('s') {
        event.actors.clone_from(&other.actors);
    }
    if event.title && !other.title && stem_alike {
        let new: Vec<usize> = other.actors.iter().copied().filter(|actor| !event.actors.contains(actor)).collect();
        event.actors.extend(new);
    }
    add(&mut event.actors, other.actors);
    add(&mut event.recipients, other.recipients);
    add(&mut event.mediators, other.mediators);
    if other.told || event.title || event.tokens.start.abs_diff(other.tokens.start) < NEAR {
        event.when = event.when.or(other.when);
        event.place = event.place.take().or(other.place);
    }
    if !event.sure && other.sure {
        event.status = other.status;
        event.sure = true;
    }
    event.told |= other.told;
}

fn event(reading: &Reading, id: usize, mut mention: Mention) -> Event {
    if mention.kind == "TRAVEL" {
        // Where somebody goes is a place, and not whom it is done to.
        let goal = mention.place.as_ref().and_then(|place| place.entity);
        mention.recipients.retain(|recipient| Some(*recipient) != goal);
    }
    Event {
        id,
        kind: mention.kind.to_owned(),
        mode: mention.trigger.mode.map(str::to_owned),
        status: mention.status,
        trigger: trigger(reading, &mention),
        actors: mention.actors,
        recipients: mention.recipients,
        mediators: mention.mediators,
        place: mention.place,
        when: mention.when,
        asserted_by: None,
    }
}

/// The words of a trigger; touching pieces are one.
fn trigger(reading: &Reading, mention: &Mention) -> Vec<Span> {
    let mut pieces = vec![mention.tokens.clone()];
    if let Some(also) = mention.also.filter(|also| !mention.tokens.contains(also)) {
        match () {
            () if also == mention.tokens.end => pieces[0].end += 1,
            () if also < mention.tokens.start => pieces.insert(0, also..also + 1),
            () => pieces.push(also..also + 1),
        }
    }
    pieces.extend(mention.body.clone());
    pieces.iter().map(|piece| reading.span(piece)).collect()
}

/// Mentions without parties are of one event where they stand no further apart, in tokens.
const NEAR: usize = 40;

/// An event is looked for among so many before it.
const MAX_BACK: usize = 60;
