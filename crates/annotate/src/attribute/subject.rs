//! Who a cue's subject is: before the verb, after it, or that of an earlier cue.

use std::ops::Range;

use super::{Draft, SentenceReader};
use crate::classes::Classes;
use crate::cues::CueAt;
use crate::lang::Form;

/// The subject of a cue.
pub(super) struct Subject {
    pub(super) source: Option<Range<usize>>,
    /// First token of the cue's own clause.
    pub(super) begin: usize,
    /// Whether it follows the verb.
    pub(super) inverted: bool,
    /// First token after verb and subject.
    pub(super) clause_end: usize,
}

impl<'a> SentenceReader<'_, 'a> {
    /// Whether something that can be said stands before the clause that begins at `begin`.
    pub(super) fn has_content_before(&self, begin: usize) -> bool {
        let Some(before) = begin.checked_sub(1).filter(|at| self.sentence.contains(at)) else {
            return self.orphan_before;
        };
        let comma = self.reading.tokens[before].mark.is_some_and(|mark| ",—?!".contains(mark));
        let quote = self.reading.ends_quote(before).is_some();
        quote || comma && before > self.sentence.start + 1
    }

    pub(super) fn subject(&self, cue: &CueAt, earlier: &[Draft<'a>]) -> Option<Subject> {
        let floor = earlier.last().map_or(self.sentence.start, |draft| draft.cue.group.end);
        let end = cue.subject_end;
        let relative =
            end > floor && self.token_is(end - 1, Classes::WH) && self.reading.tokens[end - 1].is(Classes::SUBJECT);
        if relative {
            return self.antecedent(end - 1, floor, cue);
        }
        if end > floor && self.token_is(end - 1, Classes::AUTHOR) && self.names.at(end - 1).is_none() {
            return None;
        }
        if cue.form == Form::Ing && !cue_is_progressive(cue) {
            return self.participle_subject(cue, earlier, floor);
        }
        if let Some(inverted) = self.inverted(cue, floor) {
            return Some(inverted);
        }
        if let Some(source) = self.phrases.ending_at(end, floor) {
            return Some(Subject {
                begin: source.start,
                source: Some(source),
                inverted: false,
                clause_end: cue.group.end,
            });
        }
        self.shared(cue, earlier)
    }

    /// "Nour, | who said that …"
    fn antecedent(&self, who: usize, floor: usize, cue: &CueAt) -> Option<Subject> {
        let comma = self.mark_at(who.wrapping_sub(1)) == Some(',');
        let end = who - usize::from(comma);
        let source = self.phrases.ending_at(end, floor)?;
        Some(Subject { begin: source.start, source: Some(source), inverted: false, clause_end: cue.group.end })
    }

    /// "…, saying that …": the source is that of the clause before; "with Lobanov saying …" has its own.
    fn participle_subject(&self, cue: &CueAt, earlier: &[Draft<'a>], floor: usize) -> Option<Subject> {
        let end = cue.subject_end;
        let begin = end.checked_sub(1).filter(|&at| self.sentence.contains(&at));
        let own = begin
            .is_some_and(|at| self.reading.tokens[at].is_word())
            .then(|| self.phrases.ending_at(end, floor))
            .flatten();
        if let Some(source) = own {
            return Some(Subject {
                begin: source.start,
                source: Some(source),
                inverted: false,
                clause_end: cue.group.end,
            });
        }
        let comma = begin.filter(|&at| {
            self.reading.tokens[at].mark.is_some_and(|mark| ",—".contains(mark))
                || self.reading.ends_quote(at).is_some()
                || self.token_is(at, Classes::AND | Classes::BUT)
        })?;
        let source = match self.last_outer(earlier) {
            Some(draft) => draft.source.clone(),
            None => self.first_phrase(cue.group.start),
        };
        Some(Subject { begin: comma, source: Some(source?), inverted: false, clause_end: cue.group.end })
    }

    /// The last draft that does not stand within the content of another.
    fn last_outer<'d>(&self, earlier: &'d [Draft<'a>]) -> Option<&'d Draft<'a>> {
        let outer = |number: usize| number == 0 || self.cuts(&earlier[number]);
        (0..earlier.len()).rev().find(|&number| outer(number) && earlier[number].source.is_some()).map(|n| &earlier[n])
    }

    /// The subject of the sentence: its first noun phrase that a verb follows.
    fn first_phrase(&self, limit: usize) -> Option<Range<usize>> {
        let found = (self.sentence.start..limit).find(|&at| {
            self.reading.tokens[at].quote.is_none() && self.phrases.is_finite(at) && at > self.sentence.start
        });
        // No verb that the tables know: "Adair shook his head, insisting …"
        let Some(verb) = found else { return self.phrases.starting_at(self.sentence.start, limit, false) };
        let adverb = |at: &usize| self.token_is(*at, Classes::ADVERB | Classes::NEGATION);
        let end = (self.sentence.start..verb).rev().find(|at| !adverb(at))? + 1;
        self.phrases.ending_at(end, self.sentence.start)
    }

    /// “…,” said Lavrov.
    fn inverted(&self, cue: &CueAt, floor: usize) -> Option<Subject> {
        let begin = cue.group.start;
        let quote = begin > floor && self.reading.ends_quote(begin - 1).is_some();
        let comma = self.mark_at(begin.wrapping_sub(1)).is_some_and(|mark| ",—?!".contains(mark));
        let finite = matches!(cue.form, Form::Past | Form::Third | Form::Base);
        if !(quote || comma) || !finite || !cue.cue.takes('q') || cue.group.len() > 1 || !self.has_content_before(begin)
        {
            return None;
        }
        // "Senator Jeff Sessions, a close adviser, told AFP": what stands before the comma is the subject.
        let before = self.phrases.ending_at(begin, floor).filter(|_| !quote);
        let own =
            before.is_some_and(|phrase| phrase.start == floor || self.reading.ends_quote(phrase.start - 1).is_some());
        if cue.cue.takes('a') && !cue.cue.takes('h') && !cue.cue.takes('o') || own {
            return None;
        }
        let source = self.phrases.starting_at(cue.group.end, self.sentence.end, true)?;
        let ends = source.end >= self.sentence.end
            || !self.reading.tokens[source.end].is_word()
            || self.token_is(
                source.end,
                Classes::PREPOSITION | Classes::TIME | Classes::SUBORDINATOR | Classes::ADVERB | Classes::AND,
            );
        (quote || ends && self.reading.tokens[source.start].is_capital()).then_some(Subject {
            begin,
            clause_end: source.end,
            source: Some(source),
            inverted: true,
        })
    }

    /// "… and warned that …", "…, but did not say whether …"
    fn shared(&self, cue: &CueAt, earlier: &[Draft<'a>]) -> Option<Subject> {
        let last = cue.subject_end.checked_sub(1).filter(|at| self.sentence.contains(at))?;
        // "said the road was open, | warned that it would close and promised to reopen it"
        let series = self.mark_at(last) == Some(',') && earlier.iter().any(|draft| draft.cue.form == cue.form);
        if series {
            let source = self.last_outer(earlier)?.source.clone();
            return Some(Subject { begin: last, source, inverted: false, clause_end: cue.group.end });
        }
        let conjunction = Some(last).filter(|&at| self.token_is(at, Classes::AND | Classes::BUT))?;
        let begin = conjunction - usize::from(self.mark_at(conjunction.wrapping_sub(1)) == Some(','));
        let source = match self.last_outer(earlier) {
            Some(draft) => draft.source.clone(),
            None => self.first_phrase(conjunction),
        };
        Some(Subject { begin, source: Some(source?), inverted: false, clause_end: cue.group.end })
    }
}

/// "is saying": a finite verb; "saying" alone is a participle.
fn cue_is_progressive(cue: &CueAt) -> bool {
    cue.group.len() > 1
}
