//! What follows a cue: an addressee, words of time and channel, and the beginning of what is said.

use std::ops::Range;

use rapporteur_record::ChannelKind;

use super::{Draft, Pattern, Relay, SentenceReader};
use crate::classes::Classes;
use crate::tokens::Case;

/// What stands between a cue and what is said: time, channel, and who carried it.
pub(super) struct Circumstances {
    /// First token after them.
    pub(super) end: usize,
    pub(super) channel: Option<(ChannelKind, Range<usize>)>,
    /// "carried by | KCNA"
    pub(super) carrier: Option<Range<usize>>,
}

impl Draft<'_> {
    fn note(&mut self, met: Circumstances) {
        self.channel = self.channel.take().or(met.channel);
        self.relay.extend(met.carrier.map(|source| Relay { source, cue: None, channel: None }));
    }
}

impl SentenceReader<'_, '_> {
    /// "was told by officials that …": the subject is told, and who says so follows "by".
    pub(super) fn turn_passive(&self, draft: &mut Draft) -> Option<()> {
        if !draft.cue.cue.takes('s') && !draft.cue.cue.takes('h') && !draft.cue.cue.takes('a') {
            return None;
        }
        draft.source = None;
        if self.token_is(draft.cue.group.end, Classes::BY) {
            draft.source = self.phrases.starting_at(draft.cue.group.end + 1, self.sentence.end, false);
        }
        Some(())
    }

    /// Where the content after the verb begins, and by what form it is one.
    pub(super) fn complement(&self, draft: &mut Draft) -> Option<(usize, Pattern)> {
        let cue = draft.cue.cue;
        let mut at = draft.cue.group.end;
        if draft.cue.passive {
            at = draft.source.as_ref().map_or(at, |source| source.end);
        }
        if let Some(direct) = self.marked_complement(at, draft) {
            return Some(direct);
        }
        if let Some(to) = self.said_to(draft) {
            if let Some(found) = self.marked_complement(to, draft) {
                return Some(found);
            }
            draft.addressee = None;
        }
        let object = self.phrases.starting_at(at, self.sentence.end, false).filter(|_| !draft.cue.passive);
        if let Some(object) = object.clone().filter(|_| cue.takes('a') || cue.takes('o')) {
            let found = self.after_addressee(object.end, draft);
            if let Some(found) = found.filter(|(_, pattern)| cue.takes('a') || *pattern == Pattern::Infinitive) {
                draft.addressee = Some(object);
                return Some(found);
            }
            if cue.takes('d') {
                draft.addressee = Some(object.clone());
                let say_clause = cue.takes('s') && self.opens_clause(object.end);
                return say_clause.then_some((object.end, Pattern::Clause));
            }
        }
        if let Some(found) = self.after_aside(at, draft) {
            return Some(found);
        }
        let met = self.skip_phrases(at);
        let skipped = met.end;
        if skipped > at && (cue.takes('s') || cue.takes('h') || cue.takes('q')) {
            if let Some(found) = self.marked_complement(skipped, draft) {
                draft.note(met);
                return Some(found);
            }
            if cue.takes('s') && !cue.takes('k') && self.opens_clause(skipped) {
                draft.note(met);
                return Some((skipped, Pattern::Clause));
            }
        }
        if draft.cue.passive || cue.takes('k') {
            return None;
        }
        let object = object?;
        let more =
            object.end < self.sentence.end && !matches!(self.reading.tokens[object.end].mark, Some('.' | '?' | '!'));
        match () {
            () if self.is_time(&object) => None,
            () if cue.takes('s') && self.has_finite_after(object.start) => Some((at, Pattern::Clause)),
            () if cue.takes('f') && (more || cue.takes('n')) => Some((at, Pattern::Noun)),
            () if cue.takes('n') => Some((at, Pattern::Noun)),
            () if cue.takes('c') && more && self.predicates(object.end) => Some((at, Pattern::Noun)),
            () => None,
        }
    }

    /// "called him | a liar": something is said of the object.
    pub(super) fn predicates(&self, at: usize) -> bool {
        let token = &self.reading.tokens[at];
        self.reading.opens_quote(at).is_some()
            || token.is(Classes::ARTICLE | Classes::AS)
            || token.is_word() && !token.is(Classes::CLOSED | Classes::TIME | Classes::ADVERB)
    }

    pub(super) fn is_time(&self, phrase: &Range<usize>) -> bool {
        self.token_is(phrase.end - 1, Classes::TIME)
    }

    /// Whether a clause with a finite verb begins at `start`.
    pub(super) fn has_finite_after(&self, start: usize) -> bool {
        let stop = (start..self.sentence.end)
            .find(|&at| matches!(self.reading.tokens[at].mark, Some(';' | '.' | ':')))
            .unwrap_or(self.sentence.end);
        let finite =
            |at: usize| self.phrases.is_finite(at) || self.looks_past(at) || self.reading.tokens[at].quote.is_some();
        (start..stop).any(finite) || self.title_case
    }

    pub(super) fn looks_past(&self, at: usize) -> bool {
        let written = self.reading.written(at);
        self.reading.tokens[at].case == Case::Lower
            && (written.ends_with("ed") || written.ends_with('s') && written.len() > 3)
    }

    pub(super) fn opens_clause(&self, at: usize) -> bool {
        if at >= self.sentence.end || !self.reading.tokens[at].is_word() && self.reading.opens_quote(at).is_none() {
            return false;
        }
        let token = &self.reading.tokens[at];
        let opens = !token.is(Classes::AUXILIARY | Classes::CONJUNCTION | Classes::SUBORDINATOR | Classes::PREPOSITION)
            || token.is(Classes::OPENER);
        opens && self.has_finite_after(at)
    }

    /// A content that a mark or a word announces: "that …", “…”, "whether …", "to …".
    pub(super) fn marked_complement(&self, at: usize, draft: &Draft) -> Option<(usize, Pattern)> {
        let cue = draft.cue.cue;
        let clause = cue.takes('s') || cue.takes('h') || cue.takes('k') || cue.takes('a');
        let quotes = clause || cue.takes('q');
        let after_mark = at + usize::from(matches!(self.mark_at(at), Some(':' | ',')));
        if at >= self.sentence.end {
            return None;
        }
        if quotes && self.sentence.contains(&after_mark) && self.opens_long_quote(after_mark) {
            return Some((after_mark, Pattern::Quotation));
        }
        if clause && self.token_is(at, Classes::THAT) && at + 1 < self.sentence.end {
            let aside = self.mark_at(at + 1) == Some(',') && (at + 3..at + 9).any(|at| self.mark_at(at) == Some(','));
            let demonstrative = !aside && !self.has_finite_after(at + 1);
            return (!demonstrative).then_some((at + 1, Pattern::That));
        }
        if cue.takes('w') && self.token_is(at, Classes::WH) && !self.token_is(at, Classes::THAT) {
            return Some((at, Pattern::Question));
        }
        if cue.takes('t') && self.token_is(at, Classes::TO) && !draft.cue.passive {
            return Some((at, Pattern::Infinitive));
        }
        let gerund = cue.takes('g') && self.reading.written(at).ends_with("ing");
        gerund.then_some((at, Pattern::Noun))
    }

    /// A quotation after the verb is what is said; one of a word may be part of an object.
    pub(super) fn opens_long_quote(&self, at: usize) -> bool {
        self.reading.opens_quote(at).is_some()
    }

    /// "told X | that …", "urged X | to …"
    pub(super) fn after_addressee(&self, at: usize, draft: &mut Draft) -> Option<(usize, Pattern)> {
        let cue = draft.cue.cue;
        if self.token_is(at, Classes::TO) && (cue.takes('o') || cue.takes('a')) {
            return Some((at, Pattern::Infinitive));
        }
        if let Some(found) = self.marked_complement(at, draft) {
            return Some(found);
        }
        if let Some(found) = self.after_aside(at, draft) {
            return Some(found);
        }
        let met = self.skip_phrases(at);
        let found = self.marked_complement(met.end, draft).filter(|_| met.end > at)?;
        draft.note(met);
        Some(found)
    }

    /// "told Yonhap, on condition that he not be named, | that …": a clause with "that" after words between commas.
    pub(super) fn after_aside(&self, at: usize, draft: &Draft) -> Option<(usize, Pattern)> {
        let open = self.skip_phrases(at).end;
        if self.mark_at(open) != Some(',') {
            return None;
        }
        let limit = self.sentence.end.min(open + 30);
        let comma =
            (open + 1..limit).find(|&at| self.mark_at(at) == Some(',') && self.token_is(at + 1, Classes::THAT))?;
        self.marked_complement(comma + 1, draft).filter(|(_, pattern)| *pattern == Pattern::That)
    }

    /// "on Tuesday", "in a tweet", "late", "in a statement carried by KCNA": where they end, and what they tell.
    pub(super) fn skip_phrases(&self, start: usize) -> Circumstances {
        let mut met = Circumstances { end: start, channel: None, carrier: None };
        while met.end < self.sentence.end {
            let at = met.end;
            let token = &self.reading.tokens[at];
            let time = token.is(Classes::TIME_ADVERB | Classes::TIME);
            let adverb = token.is(Classes::ADVERB) && !token.is(Classes::OPENER);
            if time || adverb || at > start && (self.goes_on_date(at) || self.is_reduced_relative(start, at)) {
                met.end += 1;
            } else if let Some(end) = self.time_phrase(at) {
                met.end = end;
            } else if token.is(Classes::PREPOSITION) && !token.is(Classes::THAT) && token.case == Case::Lower {
                let Some(phrase) = self.phrases.starting_at(at + 1, self.sentence.end, false) else { break };
                met.end = phrase.end;
                if met.channel.is_none() {
                    met.channel = self.channel(at, &phrase);
                } else if token.is(Classes::BY) {
                    met.carrier = Some(phrase);
                }
            } else {
                break;
            }
        }
        met
    }

    /// "in a statement | carried by KCNA", "| posted on Facebook"
    fn is_reduced_relative(&self, start: usize, at: usize) -> bool {
        let participle = self.reading.tokens[at].case == Case::Lower && self.reading.written(at).ends_with("ed");
        let channel =
            (start..at).rev().take(3).any(|at| self.reading.tokens[at].word.is_some_and(|word| word.channel.is_some()));
        participle && channel && self.token_is(at + 1, Classes::PREPOSITION)
    }

    /// "March | 16, 2022"
    fn goes_on_date(&self, at: usize) -> bool {
        let number = self.reading.tokens[at].case == Case::Number;
        self.token_is(at - 1, Classes::TIME) && (number || self.ends_date(at))
            || self.ends_date(at)
            || number && self.ends_date(at - 1)
    }

    /// The channel of a source's aside or of the words that open the sentence: "Holt, in a tweet, said",
    /// "In a speech on Monday, Adair said".
    pub(super) fn channel_around(&self, source: &Range<usize>) -> Option<(ChannelKind, Range<usize>)> {
        let opens = |at: usize, end: usize| {
            let preposition = self.token_is(at, Classes::PREPOSITION).then_some(at)?;
            let phrase = self.phrases.starting_at(preposition + 1, end, false)?;
            self.channel(preposition, &phrase)
        };
        let comma = source.clone().find(|&at| self.mark_at(at) == Some(','));
        let leads = self.mark_at(source.start.wrapping_sub(1)) == Some(',');
        let aside = comma.and_then(|comma| opens(comma + 1, source.end));
        aside.or_else(|| opens(self.sentence.start, source.start).filter(|_| leads))
    }

    /// "March 16, 2022": the comma before the year and the one after it.
    pub(super) fn ends_date(&self, at: usize) -> bool {
        let year = |at: usize| self.sentence.contains(&at) && self.reading.tokens[at].case == Case::Number;
        self.mark_at(at) == Some(',') && year(at + 1) && year(at - 1)
    }

    /// "on the Monday", "after three weeks", "in late March": where a phrase of time that begins at `at` ends.
    pub(super) fn time_phrase(&self, at: usize) -> Option<usize> {
        let begins = self.token_is(at, Classes::PREPOSITION | Classes::ADVERB | Classes::TIME_ADVERB | Classes::OPENER);
        let rest = (at + 1..self.sentence.end.min(at + 5)).find(|&at| {
            let token = &self.reading.tokens[at];
            token.is(Classes::TIME) || !(token.is(Classes::OPENER | Classes::TIME_ADVERB) || token.case == Case::Number)
        });
        // "in a Friday | interview": a noun after it makes the time its modifier.
        let modifies = |at: usize| {
            let token = &self.reading.tokens[at];
            let noun = token.is_word()
                && token.case == Case::Lower
                && !token.is(Classes::CLOSED | Classes::ADVERB | Classes::TIME | Classes::OPENER);
            self.reading.is_possessive(at) || noun
        };
        let ends =
            |rest: &usize| self.token_is(*rest, Classes::TIME) && !(rest + 1 < self.sentence.end && modifies(rest + 1));
        rest.filter(|rest| begins && ends(rest)).map(|rest| rest + 1)
    }

    /// The channel that a prepositional phrase names: "in a tweet", "on Telegram".
    pub(super) fn channel(&self, preposition: usize, phrase: &Range<usize>) -> Option<(ChannelKind, Range<usize>)> {
        let end = self.phrases.core_end(phrase);
        let head =
            (phrase.start..end).rev().find_map(|at| self.reading.tokens[at].word?.channel.map(|kind| (kind, at)));
        let (kind, at) = head.filter(|(_, at)| at + 2 >= end)?;
        let _ = at;
        Some((kind, preposition..end))
    }

    /// "said | to the drivers": the first token after the addressee, which is noted.
    fn said_to(&self, draft: &mut Draft) -> Option<usize> {
        let to = draft.cue.group.end;
        let says = draft.cue.cue.takes('q') && !draft.cue.cue.takes('t') && self.token_is(to, Classes::TO);
        let phrase = self.phrases.starting_at(to + 1, self.sentence.end, false).filter(|_| says)?;
        let end = phrase.end;
        draft.addressee = Some(phrase);
        Some(end)
    }

    /// After a verb with nothing to follow: its addressee, time and channel. Gives the first token after them.
    pub(super) fn skip_adverbials(&self, draft: &mut Draft) -> usize {
        let mut at = draft.cue.group.end;
        if let Some(to) = self.said_to(draft) {
            at = to;
        } else if draft.cue.cue.takes('a')
            && let Some(object) =
                self.phrases.starting_at(at, self.sentence.end, false).filter(|object| !self.is_time(object))
        {
            at = object.end;
            draft.addressee = Some(object);
        }
        let met = self.skip_phrases(at);
        let end = met.end;
        draft.note(met);
        end
    }
}
