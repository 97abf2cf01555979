//! Where and when: the expression of time and the place that stand nearest to a trigger in its clause.

use rapporteur_record::{EntityKind, Place as Where, Time, TimeKind};

use super::Mention;
use super::clause::Place;
use super::parties::Parties;
use super::words::Marks;
use crate::classes::Classes;

/// Gives the mentions of one sentence their day and place.
pub(super) fn settle(
    parties: &mut Parties,
    content_of: &[Option<u32>],
    times: &[Time],
    place: &Place,
    mentions: &mut [Mention],
) {
    let reading = parties.clauses.reading;
    let span = reading.span(&place.sentence);
    let first = times.partition_point(|time| time.span.start() < span.start());
    let inside = times[first..].iter().take_while(|time| time.span.start() < span.end());
    for (number, time) in (first..).zip(inside).take(MAX_TIMES) {
        let reference = time.value.as_ref().is_some_and(|_| time.first.is_none());
        let days = matches!(time.kind, TimeKind::Date | TimeKind::Time) && !reference;
        if !days {
            continue;
        }
        let token = reading.tokens.partition_point(|token| token.span.end() <= time.span.start());
        let near = |mention: &&mut Mention| {
            let at = mention.tokens.start;
            // "talks on Wednesday"
            let beside = mention.tokens.end <= token && token - mention.tokens.end <= 1;
            content_of[at] == content_of[token] || beside
        };
        let nearest = mentions.iter_mut().filter(near).min_by_key(|mention| {
            let at = mention.tokens.start;
            // After its verb rather than before it.
            if token > at { 2 * (token - at) } else { 3 * (at - token) + 1 }
        });
        let said = is_said(parties, token, content_of);
        if let Some(mention) = nearest.filter(|mention| mention.when.is_none() && (!said || mention.trigger.takes('w')))
        {
            mention.when = Some(number);
        }
    }
    for mention in mentions.iter_mut() {
        mention.place = place_of(parties, content_of, place, mention);
    }
}

/// "said on Tuesday", "on Tuesday said": the day of a report is no event's.
fn is_said(parties: &Parties, token: usize, content_of: &[Option<u32>]) -> bool {
    if content_of[token].is_some() {
        return false;
    }
    let reading = parties.clauses.reading;
    let plain = |range: std::ops::Range<usize>| {
        range.clone().all(|at| {
            reading.tokens[at].is_word() && reading.tokens[at].word.is_none_or(|word| word.events.triggers.is_empty())
        })
    };
    let here = parties.by_sentence.range(..=token).next_back().map(|(_, reports)| reports.as_slice());
    let near = here.unwrap_or_default().iter().map(|&number| &parties.reports[number]);
    near.filter_map(|report| report.cue.as_ref()).any(|cue| {
        cue.end <= token && token - cue.end <= 6 && plain(cue.end..token)
            || cue.start >= token && cue.start - token <= 3 && plain(token..cue.start)
    })
}

/// "in Geneva", "to Kyiv"
fn place_of(parties: &Parties, content_of: &[Option<u32>], place: &Place, mention: &Mention) -> Option<Where> {
    let clauses = parties.clauses;
    let reading = clauses.reading;
    let at = mention.tokens.start;
    let to = if mention.kind == "TRAVEL" { Marks::PLACE_TO } else { Marks::default() };
    let right = mention.tokens.end..place.sentence.end.min(mention.tokens.end + MAX_PLACE);
    let left = (place.sentence.start.max(at.saturating_sub(MAX_PLACE))..at).rev();
    let fits = |&token: &usize| {
        if content_of[token] != content_of[at] || reading.tokens[token].quote != reading.tokens[at].quote {
            return None;
        }
        let name = clauses.names.starting_at(token)?;
        if !matches!(name.kind, EntityKind::Place | EntityKind::State) {
            return None;
        }
        let before = token.checked_sub(1).filter(|&before| before >= place.sentence.start)?;
        let opener = reading.tokens[before].is(Classes::DEFINITE) && before > place.sentence.start;
        let link = if opener { before - 1 } else { before };
        let marks = clauses.marks(link);
        let travel = mention.trigger.takes('m') && link + 1 == mention.tokens.end;
        let motion = to != Marks::default() && (marks.any(to) || travel);
        (marks.any(Marks::PLACE_IN) || motion).then_some(name)
    };
    let name = right
        .into_iter()
        .find_map(|token| fits(&token))
        .or_else(|| (to == Marks::default()).then(|| left.into_iter().find_map(|token| fits(&token))).flatten())?;
    let entity = parties.resolver.cast.of(name);
    let spelt = reading.words(&name.tokens);
    Some(Where {
        span: reading.span(&name.tokens),
        entity,
        name: name.known.map_or_else(|| crate::entities::one_line(spelt), str::to_owned),
        country: name.country.map(str::to_owned),
        lat: None,
        lon: None,
    })
}

/// A place stands no further from its trigger.
const MAX_PLACE: usize = 16;

/// No more times of one sentence are looked at.
const MAX_TIMES: usize = 40;
