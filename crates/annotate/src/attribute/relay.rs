//! Who passed a report on: agencies and outlets around a statement that somebody else made.

use std::ops::Range;

use super::{Content, Draft, Pattern, Relay, Report, SentenceReader};
use crate::classes::Classes;
use crate::cues::CueAt;
use crate::lang::Form;
use crate::phrases::Head;

impl SentenceReader<'_, '_> {
    /// "…, news agency Z said in a report", "… Z reported": it passes on what an earlier report says.
    pub(super) fn passes_on(&self, draft: &Draft, reports: &mut [Report]) -> bool {
        let Content::Before(_) = draft.content else { return false };
        let Some(source) = draft.source.as_ref().filter(|source| self.is_media(source, &draft.cue)) else {
            return false;
        };
        let Some(report) = reports.iter_mut().rev().find(|report| report.source.as_ref() != Some(source)) else {
            return false;
        };
        // A quotation before the clause belongs to the outlet's own clause if the earlier cue follows that clause.
        if report.cue.as_ref().is_some_and(|cue| cue.start > draft.begin) {
            return false;
        }
        let cue = Some(draft.cue.group.clone()).filter(|_| draft.pattern != Pattern::According);
        report.via.push(Relay { source: source.clone(), cue, channel: draft.channel.clone() });
        for content in &mut report.content {
            if content.end > draft.begin && content.start < draft.begin {
                *content = self.trim(content.start..draft.begin).unwrap_or(content.clone());
            }
        }
        true
    }

    /// "TASS reported that …, citing S": S says it, and TASS passes it on.
    pub(super) fn cites(&self, draft: &Draft, reports: &mut [Report]) -> bool {
        if !self.token_is(draft.cue.group.end - 1, Classes::CITING) || draft.cue.form != Form::Ing {
            return false;
        }
        let Some(report) = reports
            .last_mut()
            .filter(|report| report.source.as_ref().is_some_and(|source| self.is_media(source, &draft.cue)))
        else {
            return false;
        };
        let Some(cited) = self.phrases.starting_at(draft.cue.group.end, self.sentence.end, true) else { return false };
        let outlet = report.source.replace(cited).expect("the filter saw a source");
        let relay =
            Relay { source: outlet, cue: report.cue.replace(draft.cue.group.clone()), channel: report.channel.take() };
        report.via.insert(0, relay);
        true
    }

    /// "The channel, citing an official, says …", "Pravda reported, quoting Mediazona, which cited a doctor, that …":
    /// the last who is cited says it, and the others pass it on.
    pub(super) fn relay_cited(&self, report: &mut Report) {
        let (Some(source), Some(cue)) = (report.source.clone(), report.cue.clone()) else { return };
        let content = report.content.first().map_or(cue.end, |content| content.start);
        let asides = [source.clone(), cue.end.min(content)..content];
        for at in asides.into_iter().flatten() {
            let cites = self.token_is(at, Classes::CITING) && self.reading.tokens[at].quote.is_none();
            let follows = self.mark_at(at.wrapping_sub(1)) == Some(',')
                || (source.end.max(cue.end)..at).any(|n| self.token_is(n, Classes::CITING));
            if !cites || !follows {
                continue;
            }
            let Some(cited) = self.phrases.starting_at(at + 1, self.sentence.end, false) else { continue };
            let outlet = report.source.replace(cited).map(|outlet| outlet.start..self.phrases.core_end(&outlet));
            let cue = report.cue.replace(at..at + 1);
            report.via.extend(outlet.map(|source| Relay { source, cue, channel: None }));
        }
        if report.source.as_ref() != Some(&source) {
            report.via.reverse();
        }
    }

    /// Whether a phrase names an agency or outlet.
    pub(super) fn is_media(&self, phrase: &Range<usize>, cue: &CueAt) -> bool {
        let core = phrase.start..self.phrases.core_end(phrase);
        // "the court heard"
        if self.token_is(core.end - 1, Classes::HEARING) && self.token_is(cue.group.end - 1, Classes::HEARD) {
            return true;
        }
        match self.phrases.head(phrase) {
            Head::Name(name) if name.agency => true,
            Head::Name(_) | Head::Noun(_) => core.into_iter().any(|at| self.token_is(at, Classes::MEDIA)),
            Head::Pronoun(_) => false,
        }
    }
}
