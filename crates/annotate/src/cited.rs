//! "TASS reported that …, citing S": S says it, and TASS passes it on.
//!
//! Rules and model each find two reports there, of TASS's saying and of its citing; they are one statement, by S.

use std::ops::Range;

use crate::attribute::{Pattern, Relay, Report};
use crate::classes::Classes;
use crate::phrases::Phrases;

/// Joins reports of what an outlet says with those of whom it cites for it; `reports` are in the order of their cues.
pub(crate) fn join(phrases: &Phrases, reports: &mut Vec<Report>) {
    let mut gone = vec![false; reports.len()];
    for citing in 0..reports.len() {
        let Some(cited) = cited(phrases, &reports[citing]) else { continue };
        let near = citing.saturating_sub(MAX_LOOK)..reports.len().min(citing + MAX_LOOK);
        let said = near.filter(|&said| said != citing && !gone[said]);
        let said =
            said.filter(|&said| is_said_by_outlet(phrases, &reports[said], &reports[citing])).min_by_key(|&said| {
                let start = |number: usize| reports[number].cue.as_ref().map_or(0, |cue| cue.start);
                start(said).abs_diff(start(citing))
            });
        let Some(said) = said else { continue };
        let cue = reports[citing].cue.clone();
        let report = &mut reports[said];
        let outlet = report.source.replace(cited).expect("an outlet was seen");
        report.named = None;
        let relay =
            Relay { source: outlet, cue: std::mem::replace(&mut report.cue, cue), channel: report.channel.take() };
        report.via.insert(0, relay);
        gone[citing] = true;
    }
    let mut number = 0;
    reports.retain(|_| {
        number += 1;
        !gone[number - 1]
    });
}

/// Whom a report cites, if citing is all it does.
fn cited(phrases: &Phrases, report: &Report) -> Option<Range<usize>> {
    let tokens = &phrases.reading.tokens;
    let cue = report.cue.as_ref().filter(|cue| tokens[cue.end - 1].is(Classes::CITING))?;
    let [content] = &report.content[..] else { return None };
    let noun = matches!(report.pattern, Pattern::Noun | Pattern::Learned) && content.start == cue.end;
    let whole = phrases.starting_at(content.start, content.end, true)?;
    (noun && whole.end >= content.end && tokens[content.start].quote.is_none()).then(|| content.clone())
}

/// Whether a report is an outlet's, in the sentence of the one that cites, and by the same source.
fn is_said_by_outlet(phrases: &Phrases, report: &Report, citing: &Report) -> bool {
    let Some(source) = report.source.as_ref().filter(|_| report.sentence == citing.sentence && report.via.is_empty())
    else {
        return false;
    };
    let outlet = citing.source.as_ref().is_none_or(|own| own.start < source.end && source.start < own.end);
    let media = source.clone().any(|at| phrases.reading.tokens[at].is(Classes::MEDIA))
        || phrases.names.iter_in(source.clone()).any(|name| name.agency);
    outlet && media
}

/// Reports further apart than this don't belong together.
const MAX_LOOK: usize = 8;
