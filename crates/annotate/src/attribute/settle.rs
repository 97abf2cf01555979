//! Where contents end, once all cues of a sentence are known.

use std::ops::Range;

use super::{Content, Draft, Pattern, Report, SentenceReader, Taken};
use crate::classes::Classes;
use crate::tokens::Case;

impl<'a> SentenceReader<'_, 'a> {
    /// Ends each content where the next clause that isn't part of it begins, and joins reports with who passed them on.
    pub(super) fn settle(&self, drafts: Vec<Draft<'a>>) -> Vec<Report> {
        let breaks: Vec<Option<usize>> = drafts.iter().map(|draft| self.break_before(draft)).collect();
        let mut reports: Vec<Report> = Vec::new();
        for (number, draft) in drafts.into_iter().enumerate() {
            if self.passes_on(&draft, &mut reports) || self.cites(&draft, &mut reports) {
                continue;
            }
            let content = match draft.content {
                Content::From(start) => {
                    let cut = breaks[number + 1..].iter().flatten().copied().find(|&cut| cut > start);
                    let end = cut.unwrap_or(self.sentence.end);
                    let end = if draft.pattern == Pattern::Noun || draft.pattern == Pattern::Infinitive {
                        self.object_end(start, end)
                    } else {
                        end
                    };
                    self.parts(start..end)
                }
                Content::Before(after) => self.content_around(&draft, after, &reports),
            };
            if content.is_empty() && !self.orphan_before {
                continue;
            }
            let mut report = self.report(draft, content);
            self.relay_cited(&mut report);
            reports.push(report);
        }
        reports
    }

    /// "denied any delay: “There was no delay.”": a quotation after a colon is a content of its own.
    fn parts(&self, content: Range<usize>) -> Vec<Range<usize>> {
        let colon = content.clone().find(|&at| {
            self.mark_at(at) == Some(':') && at + 1 < content.end && self.reading.opens_quote(at + 1).is_some()
        });
        let pieces = match colon {
            Some(colon) if colon > content.start => vec![content.start..colon, colon + 1..content.end],
            _ => vec![content],
        };
        pieces.into_iter().filter_map(|piece| self.trim(piece)).collect()
    }

    /// Whether the clause of a draft ends the content before it: it shares that one's subject, or stands after it.
    pub(super) fn cuts(&self, draft: &Draft) -> bool {
        self.break_before(draft).is_some()
    }

    /// Where the content before a draft's clause ends, if it can't go on over it.
    pub(super) fn break_before(&self, draft: &Draft) -> Option<usize> {
        let before = draft.begin.checked_sub(1).filter(|at| self.sentence.contains(at));
        let clause =
            matches!(draft.content, Content::From(_)) && !matches!(draft.pattern, Pattern::Noun | Pattern::Infinitive);
        if before.is_some_and(|at| self.mark_at(at) == Some(';')) {
            return before;
        }
        // "…, while Ankara said …"
        let joined = before.filter(|&at| self.token_is(at, Classes::AND | Classes::BUT | Classes::CIRCUMSTANCE));
        if let Some(comma) =
            joined.filter(|_| clause).and_then(|at| at.checked_sub(1)).filter(|&at| self.mark_at(at) == Some(','))
        {
            return Some(comma);
        }
        let after_comma = before.is_some_and(|at| self.mark_at(at).is_some_and(|mark| ",—".contains(mark)));
        let joined =
            !self.reading.tokens[draft.begin].is_word() || self.token_is(draft.begin, Classes::AND | Classes::BUT);
        (joined || matches!(draft.content, Content::Before(_)) && after_comma).then_some(draft.begin)
    }

    /// An object or infinitive ends at the next clause.
    pub(super) fn object_end(&self, start: usize, end: usize) -> usize {
        let tokens = &self.reading.tokens;
        let stops = |at: usize| {
            let comma = tokens[at].is_mark(',') && at + 1 < end;
            let clause = comma
                && (tokens[at + 1].is(Classes::CONJUNCTION | Classes::SUBORDINATOR | Classes::AS)
                    && !tokens[at + 1].is(Classes::WH)
                    || self.reading.written(at + 1).ends_with("ing"));
            let circumstance = self.title_case && tokens[at].is(Classes::CIRCUMSTANCE);
            let subordinate = circumstance
                || tokens[at].is(Classes::SUBORDINATOR)
                    && !tokens[at].is(Classes::PREPOSITION | Classes::THAT | Classes::WH)
                    && tokens[at].case == Case::Lower;
            tokens[at].quote.is_none() && (clause || subordinate || tokens[at].is_mark(';'))
        };
        (start + 1..end).find(|&at| stops(at)).unwrap_or(end)
    }

    /// “…,” X said, “…”: the words before the clause, and those after it where they go on.
    pub(super) fn content_around(&self, draft: &Draft, after: usize, earlier: &[Report]) -> Vec<Range<usize>> {
        let floor = earlier.iter().filter_map(|report| {
            let after =
                report.content.iter().all(|content| content.end <= report.cue.as_ref().map_or(0, |cue| cue.start));
            after.then(|| report.cue.as_ref().map(|cue| cue.end)).flatten()
        });
        let start = floor.max().map_or(self.sentence.start, |end| self.next_clause(end, draft.begin));
        let mut content: Vec<Range<usize>> = self.trim(start..draft.begin).into_iter().collect();
        let comma = self.mark_at(after) == Some(',');
        let rest = after + usize::from(comma);
        let quoted_before = content.first().is_some_and(|range| self.reading.ends_quote(range.end - 1).is_some());
        let quote = rest < self.sentence.end && self.reading.opens_quote(rest).is_some();
        let clause = comma
            && !quoted_before
            && matches!(draft.pattern, Pattern::After | Pattern::According)
            && rest + 2 < self.sentence.end;
        if quote || clause && self.goes_on(rest) {
            content.extend(self.trim(rest..self.sentence.end));
        }
        content
    }

    pub(super) fn next_clause(&self, at: usize, limit: usize) -> usize {
        (at..limit).find(|&at| self.mark_at(at) == Some(',')).map_or(at, |comma| comma + 1)
    }

    /// Whether words after "…, he said, …" belong to what was said.
    pub(super) fn goes_on(&self, at: usize) -> bool {
        let token = &self.reading.tokens[at];
        !self.reading.written(at).ends_with("ing")
            && !token.is(Classes::WH | Classes::AS)
            && !token.is(Classes::ACCORDING)
    }

    /// Content without the marks around it and the conjunction that leads it.
    pub(super) fn trim(&self, range: Range<usize>) -> Option<Range<usize>> {
        let Range { mut start, mut end } = range;
        let tokens = &self.reading.tokens;
        let stray =
            |at: usize| tokens[at].mark.is_some_and(|mark| ",;:.—-".contains(mark)) && tokens[at].quote.is_none();
        while start < end && stray(start) {
            start += 1;
        }
        while start < end
            && (stray(end - 1) || tokens[end - 1].is(Classes::AND | Classes::BUT) && tokens[end - 1].quote.is_none())
        {
            end -= 1;
        }
        (start..end).any(|at| tokens[at].is_word()).then_some(start..end)
    }

    pub(super) fn report(&self, draft: Draft, content: Vec<Range<usize>>) -> Report {
        let channel =
            draft.channel.clone().or_else(|| draft.source.as_ref().and_then(|source| self.channel_around(source)));
        let quoted = content.iter().all(|range| self.reading.opens_quote(range.start).is_some());
        Report {
            content,
            cue: Some(draft.cue.group.clone()),
            source: draft.source.clone(),
            addressee: draft.addressee,
            channel,
            via: draft.relay,
            act: draft.cue.cue.act,
            negated: draft.cue.negated
                || draft.source.as_ref().is_some_and(|source| self.token_is(source.start, Classes::NEGATION)),
            pattern: if quoted && draft.pattern == Pattern::After { Pattern::Quotation } else { draft.pattern },
            named: None,
            confidence: None,
            model: None,
            taken: Taken::default(),
            sentence: self.sentence.clone(),
        }
    }
}
