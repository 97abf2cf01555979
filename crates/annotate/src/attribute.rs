//! Attribution: which words of a sentence are said, by which cue, and which words name who says them.
//!
//! Each cue of a sentence becomes a [`Report`] if it has a source and a content in one of the frames of its verb.
//! The source stands before it ("Lavrov said that …"), after it ("…," said Lavrov), or is that of an earlier cue
//! ("…, adding that …", "… and warned that …"). The content follows, up to where the next cue's clause begins, or it
//! goes before: "Talks continue, Lavrov said."

use std::ops::Range;

use rapporteur_record::{Act, ChannelKind};

use crate::classes::Classes;
use crate::cues::{self, CueAt};
use crate::lang::Form;
use crate::names::Names;
use crate::phrases::{Head, Phrases};
use crate::reading::Reading;
use crate::tokens::Case;

/// A statement in terms of tokens, not yet resolved.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    pub(crate) content: Vec<Range<usize>>,
    pub(crate) cue: Option<Range<usize>>,
    pub(crate) source: Option<Range<usize>>,
    pub(crate) addressee: Option<Range<usize>>,
    pub(crate) channel: Option<(ChannelKind, Range<usize>)>,
    pub(crate) via: Vec<Relay>,
    pub(crate) act: Act,
    pub(crate) negated: bool,
    pub(crate) pattern: Pattern,
    /// Tokens of its sentence.
    pub(crate) sentence: Range<usize>,
}

/// Someone who passed a report on.
#[derive(Clone, Debug)]
pub(crate) struct Relay {
    pub(crate) source: Range<usize>,
    pub(crate) cue: Option<Range<usize>>,
    pub(crate) channel: Option<(ChannelKind, Range<usize>)>,
}

/// By which form a report was found; each has its own measured reliability.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Pattern {
    /// A quotation and a cue.
    Quotation,
    /// "said that …"
    That,
    /// "said …"
    Clause,
    /// "…, X said"
    After,
    /// "according to X"
    According,
    /// "asked whether …"
    Question,
    /// "vowed to …", "urged X to …"
    Infinitive,
    /// "denied the report"
    Noun,
    /// "X: …"
    Turn,
}

/// The reports of one paragraph, in order of their cues.
pub(crate) fn reports(reading: &Reading, names: &Names, number: usize) -> Vec<Report> {
    let paragraph = &reading.paragraphs[number];
    let mut reports = Vec::new();
    for sentence in &paragraph.sentences {
        let phrases = Phrases { reading, names };
        let title_case = paragraph.title_case;
        let orphan_before =
            sentence.start == paragraph.tokens.start && number > 0 && ends_in_waiting_quotation(reading, number - 1);
        let sentence =
            SentenceReader { reading, names, phrases, sentence: sentence.clone(), title_case, orphan_before };
        reports.extend(sentence.read());
    }
    reports
}

/// What is known of a cue before the ends of contents are settled.
struct Draft<'a> {
    cue: CueAt<'a>,
    source: Option<Range<usize>>,
    /// First token of the cue's own clause: what precedes belongs to something else.
    begin: usize,
    addressee: Option<Range<usize>>,
    channel: Option<(ChannelKind, Range<usize>)>,
    relay: Vec<Relay>,
    content: Content,
    pattern: Pattern,
}

enum Content {
    /// It begins at this token and goes on to the end of the clause.
    From(usize),
    /// It stands before the clause, which ends before this token.
    Before(usize),
}

struct SentenceReader<'r, 'a> {
    reading: &'r Reading<'a>,
    names: &'r Names,
    phrases: Phrases<'r, 'a>,
    sentence: Range<usize>,
    title_case: bool,
    /// Whether the paragraph before is a quotation that ends with a comma: its cue may be here.
    orphan_before: bool,
}

/// Whether a paragraph is one quotation that ends with a comma.
fn ends_in_waiting_quotation(reading: &Reading, number: usize) -> bool {
    let tokens = &reading.paragraphs[number].tokens;
    let whole = reading.opens_quote(tokens.start).is_some_and(|quote| quote.tokens.end == tokens.end);
    whole && tokens.len() > 2 && reading.tokens[tokens.end - 2].is_mark(',')
}

impl<'a> SentenceReader<'_, 'a> {
    fn read(&self) -> Vec<Report> {
        let mut drafts: Vec<Draft> = Vec::new();
        for cue in cues::find(self.reading, self.names, self.sentence.clone(), self.title_case) {
            if let Some(draft) = self.draft(cue, &drafts) {
                drafts.push(draft);
            }
        }
        drafts.extend(self.according_to(&drafts));
        drafts.sort_by_key(|draft| draft.cue.group.start);
        let mut reports = self.settle(drafts);
        drop_weak_inner(&mut reports);
        reports
    }

    fn token_is(&self, at: usize, classes: Classes) -> bool {
        self.sentence.contains(&at) && self.reading.tokens[at].is(classes)
    }

    fn mark_at(&self, at: usize) -> Option<char> {
        self.sentence.contains(&at).then(|| self.reading.tokens[at].mark).flatten()
    }

    fn draft(&self, cue: CueAt<'a>, earlier: &[Draft<'a>]) -> Option<Draft<'a>> {
        if self.token_is(cue.group.end - 1, Classes::SAYING)
            && self.token_is(cue.group.start.wrapping_sub(1), Classes::AS)
        {
            return self.quoted_as_saying(cue, earlier);
        }
        let subject = self.subject(&cue, earlier)?;
        let mut draft = Draft {
            source: subject.source.clone(),
            begin: subject.begin,
            addressee: None,
            channel: None,
            relay: Vec::new(),
            content: Content::Before(subject.clause_end),
            pattern: Pattern::After,
            cue,
        };
        if draft.cue.passive {
            self.turn_passive(&mut draft)?;
        }
        let complement = if subject.inverted { None } else { self.complement(&mut draft) };
        match complement {
            Some((start, pattern)) => {
                draft.content = Content::From(start);
                draft.pattern = pattern;
            }
            None => {
                let end = if subject.inverted { subject.clause_end } else { self.skip_adverbials(&mut draft) };
                let heard = self.token_is(draft.cue.group.end - 1, Classes::HEARD)
                    && draft.source.as_ref().is_some_and(|source| self.is_media(source, &draft.cue));
                let say = draft.cue.cue.takes('q') || draft.cue.cue.takes('s') || heard;
                if !say || !self.has_content_before(subject.begin) || draft.cue.passive || !self.closes(end) {
                    return None;
                }
                draft.content = Content::Before(end);
            }
        }
        Some(draft)
    }

    /// Whether the sentence, or its clause, may end at token `at`.
    fn closes(&self, at: usize) -> bool {
        at >= self.sentence.end
            || !self.reading.tokens[at].is_word()
            || self.token_is(at, Classes::AND | Classes::BUT | Classes::SUBORDINATOR | Classes::WH | Classes::AS)
            || self.reading.written(at).ends_with("ing")
            || self.token_is(at, Classes::PREPOSITION)
    }

    /// Whether something that can be said stands before the clause that begins at `begin`.
    fn has_content_before(&self, begin: usize) -> bool {
        let Some(before) = begin.checked_sub(1).filter(|at| self.sentence.contains(at)) else {
            return self.orphan_before;
        };
        let comma = self.reading.tokens[before].mark.is_some_and(|mark| ",—?!".contains(mark));
        let quote = self.reading.ends_quote(before).is_some();
        quote || comma && before > self.sentence.start + 1
    }

    fn subject(&self, cue: &CueAt, earlier: &[Draft<'a>]) -> Option<Subject> {
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
        let verb = (self.sentence.start..limit).find(|&at| {
            self.reading.tokens[at].quote.is_none() && self.phrases.is_finite(at) && at > self.sentence.start
        })?;
        self.phrases.ending_at(verb, self.sentence.start)
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
        let conjunction =
            cue.subject_end.checked_sub(1).filter(|&at| self.token_is(at, Classes::AND | Classes::BUT))?;
        let begin = conjunction - usize::from(self.mark_at(conjunction.wrapping_sub(1)) == Some(','));
        let source = match self.last_outer(earlier) {
            Some(draft) => draft.source.clone(),
            None => self.first_phrase(conjunction),
        };
        Some(Subject { begin, source: Some(source?), inverted: false, clause_end: cue.group.end })
    }

    /// "Lavrov was quoted as saying by Interfax", "Interfax quoted Lavrov as saying"
    fn quoted_as_saying(&self, cue: CueAt<'a>, _earlier: &[Draft]) -> Option<Draft<'a>> {
        let as_ = cue.group.start - 1;
        let verb = (self.sentence.start..as_).rev().find(|&at| {
            self.token_is(at, Classes::QUOTED)
                || self.reading.tokens[at].word.is_some_and(|word| {
                    word.verbs
                        .iter()
                        .any(|(verb, form)| *form == Form::Past && self.reading.lexicon.cue(*verb).takes('q'))
                })
        })?;
        let passive = verb + 1 == as_;
        let mut start = verb;
        while start > self.sentence.start
            && self.token_is(start - 1, Classes::AUXILIARY | Classes::ADVERB | Classes::NEGATION)
        {
            start -= 1;
        }
        let subject = self.phrases.ending_at(start, self.sentence.start)?;
        let end = cue.group.end;
        let (source, mut relay) = if passive {
            (subject.clone(), Vec::new())
        } else {
            let relay = Relay { source: subject.clone(), cue: Some(verb..verb + 1), channel: None };
            (self.phrases.starting_at(verb + 1, as_, false)?, vec![relay])
        };
        let cue_start = if passive { start } else { as_ };
        let mut clause_end = end;
        if self.token_is(end, Classes::BY) {
            let by = self.phrases.starting_at(end + 1, self.sentence.end, false)?;
            clause_end = by.end;
            relay.push(Relay { source: by, cue: None, channel: None });
        }
        let mut draft = Draft {
            source: Some(source),
            begin: subject.start,
            addressee: None,
            channel: None,
            relay,
            content: Content::Before(clause_end),
            pattern: Pattern::After,
            cue: CueAt { group: cue_start..end, subject_end: start, ..cue },
        };
        if clause_end == end {
            if let Some((start, pattern)) = self.complement(&mut draft) {
                draft.content = Content::From(start);
                draft.pattern = pattern;
                return Some(draft);
            }
        }
        self.has_content_before(subject.start).then_some(draft)
    }

    /// "was told by officials that …": the subject is told, and who says so follows "by".
    fn turn_passive(&self, draft: &mut Draft) -> Option<()> {
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
    fn complement(&self, draft: &mut Draft) -> Option<(usize, Pattern)> {
        let cue = draft.cue.cue;
        let mut at = draft.cue.group.end;
        if draft.cue.passive {
            at = draft.source.as_ref().map_or(at, |source| source.end);
        }
        if let Some(direct) = self.marked_complement(at, draft) {
            return Some(direct);
        }
        let object = self.phrases.starting_at(at, self.sentence.end, false).filter(|_| !draft.cue.passive);
        if let Some(object) = object.clone().filter(|_| cue.takes('a') || cue.takes('o')) {
            let found = self.after_addressee(object.end, draft);
            if let Some(found) = found.filter(|(_, pattern)| cue.takes('a') || *pattern == Pattern::Infinitive) {
                draft.addressee = Some(object);
                return Some(found);
            }
            if cue.takes('a') && !cue.takes('n') && !cue.takes('q') || cue.base == "tell" {
                draft.addressee = Some(object.clone());
                let say_clause = cue.takes('s') && self.opens_clause(object.end);
                return say_clause.then_some((object.end, Pattern::Clause));
            }
        }
        if let Some(found) = self.after_aside(at, draft) {
            return Some(found);
        }
        let (skipped, channel) = self.skip_phrases(at);
        if skipped > at && (cue.takes('s') || cue.takes('h') || cue.takes('q')) {
            if let Some(found) = self.marked_complement(skipped, draft) {
                draft.channel = channel;
                return Some(found);
            }
            if cue.takes('s') && !cue.takes('k') && self.opens_clause(skipped) {
                draft.channel = channel;
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
    fn predicates(&self, at: usize) -> bool {
        let token = &self.reading.tokens[at];
        self.reading.opens_quote(at).is_some()
            || token.is(Classes::ARTICLE | Classes::AS)
            || token.is_word() && !token.is(Classes::CLOSED | Classes::TIME | Classes::ADVERB)
    }

    fn is_time(&self, phrase: &Range<usize>) -> bool {
        self.token_is(phrase.end - 1, Classes::TIME)
    }

    /// Whether a clause with a finite verb begins at `start`.
    fn has_finite_after(&self, start: usize) -> bool {
        let stop = (start..self.sentence.end)
            .find(|&at| matches!(self.reading.tokens[at].mark, Some(';' | '.' | ':')))
            .unwrap_or(self.sentence.end);
        let finite =
            |at: usize| self.phrases.is_finite(at) || self.looks_past(at) || self.reading.tokens[at].quote.is_some();
        (start..stop).any(finite) || self.title_case
    }

    fn looks_past(&self, at: usize) -> bool {
        let written = self.reading.written(at);
        self.reading.tokens[at].case == Case::Lower
            && (written.ends_with("ed") || written.ends_with('s') && written.len() > 3)
    }

    fn opens_clause(&self, at: usize) -> bool {
        if at >= self.sentence.end || !self.reading.tokens[at].is_word() && self.reading.opens_quote(at).is_none() {
            return false;
        }
        let token = &self.reading.tokens[at];
        let opens = !token.is(Classes::AUXILIARY | Classes::CONJUNCTION | Classes::SUBORDINATOR | Classes::PREPOSITION)
            || token.is(Classes::OPENER);
        opens && self.has_finite_after(at)
    }

    /// A content that a mark or a word announces: "that …", “…”, "whether …", "to …".
    fn marked_complement(&self, at: usize, draft: &Draft) -> Option<(usize, Pattern)> {
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
    fn opens_long_quote(&self, at: usize) -> bool {
        self.reading.opens_quote(at).is_some()
    }

    /// "told X | that …", "urged X | to …"
    fn after_addressee(&self, at: usize, draft: &mut Draft) -> Option<(usize, Pattern)> {
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
        let (skipped, channel) = self.skip_phrases(at);
        let found = self.marked_complement(skipped, draft).filter(|_| skipped > at)?;
        draft.channel = channel;
        Some(found)
    }

    /// "told Yonhap, on condition that he not be named, | that …": a clause with "that" after words between commas.
    fn after_aside(&self, at: usize, draft: &Draft) -> Option<(usize, Pattern)> {
        let (open, _) = self.skip_phrases(at);
        if self.mark_at(open) != Some(',') {
            return None;
        }
        let limit = self.sentence.end.min(open + 30);
        let comma =
            (open + 1..limit).find(|&at| self.mark_at(at) == Some(',') && self.token_is(at + 1, Classes::THAT))?;
        self.marked_complement(comma + 1, draft).filter(|(_, pattern)| *pattern == Pattern::That)
    }

    /// "on Tuesday", "in a tweet", "late": the first token after them, and the channel that they name.
    fn skip_phrases(&self, start: usize) -> (usize, Option<(ChannelKind, Range<usize>)>) {
        let mut at = start;
        let mut channel = None;
        while at < self.sentence.end {
            let token = &self.reading.tokens[at];
            let date = at > start
                && self.token_is(at - 1, Classes::TIME)
                && (token.case == Case::Number || self.ends_date(at));
            if token.is(Classes::TIME_ADVERB | Classes::TIME)
                || token.is(Classes::ADVERB) && !token.is(Classes::OPENER)
                || date
            {
                at += 1;
            } else if let Some(end) = self.time_phrase(at) {
                at = end;
            } else if token.is(Classes::PREPOSITION) && !token.is(Classes::THAT) && token.case == Case::Lower {
                let Some(phrase) = self.phrases.starting_at(at + 1, self.sentence.end, false) else { break };
                channel = channel.or_else(|| self.channel(at, &phrase));
                at = phrase.end;
            } else {
                break;
            }
        }
        (at, channel)
    }

    /// "March 16, 2022": the comma before the year and the one after it.
    fn ends_date(&self, at: usize) -> bool {
        let year = |at: usize| self.sentence.contains(&at) && self.reading.tokens[at].case == Case::Number;
        self.mark_at(at) == Some(',') && year(at + 1) && year(at - 1)
    }

    /// "on the Monday", "after three weeks", "in late March": where a phrase of time that begins at `at` ends.
    fn time_phrase(&self, at: usize) -> Option<usize> {
        let begins = self.token_is(at, Classes::PREPOSITION | Classes::ADVERB | Classes::TIME_ADVERB | Classes::OPENER);
        let rest = (at + 1..self.sentence.end.min(at + 5)).find(|&at| {
            let token = &self.reading.tokens[at];
            token.is(Classes::TIME) || !(token.is(Classes::OPENER | Classes::TIME_ADVERB) || token.case == Case::Number)
        });
        let ends = |rest: &usize| {
            self.token_is(*rest, Classes::TIME)
                && (rest + 1 >= self.sentence.end || !self.reading.is_possessive(rest + 1))
        };
        rest.filter(|rest| begins && ends(rest)).map(|rest| rest + 1)
    }

    /// The channel that a prepositional phrase names: "in a tweet", "on Telegram".
    fn channel(&self, preposition: usize, phrase: &Range<usize>) -> Option<(ChannelKind, Range<usize>)> {
        let end = self.phrases.core_end(phrase);
        let head =
            (phrase.start..end).rev().find_map(|at| self.reading.tokens[at].word?.channel.map(|kind| (kind, at)));
        let (kind, at) = head.filter(|(_, at)| at + 2 >= end)?;
        let _ = at;
        Some((kind, preposition..end))
    }

    /// After a verb with nothing to follow: its addressee, time and channel. Gives the first token after them.
    fn skip_adverbials(&self, draft: &mut Draft) -> usize {
        let mut at = draft.cue.group.end;
        if draft.cue.cue.takes('a') {
            if let Some(object) =
                self.phrases.starting_at(at, self.sentence.end, false).filter(|object| !self.is_time(object))
            {
                at = object.end;
                draft.addressee = Some(object);
            }
        }
        let (end, channel) = self.skip_phrases(at);
        draft.channel = draft.channel.take().or(channel);
        end
    }

    /// "According to X, …" and "…, according to X".
    fn according_to(&self, drafts: &[Draft]) -> Vec<Draft<'a>> {
        let lexicon = self.reading.lexicon;
        let Some(&(index, _)) = lexicon.get("say").and_then(|word| word.verbs.first()) else { return Vec::new() };
        let at_cue = |at: &usize| {
            self.token_is(*at, Classes::ACCORDING)
                && self.token_is(at + 1, Classes::TO)
                && self.reading.tokens[*at].quote.is_none()
        };
        let mut found = Vec::new();
        for at in self.sentence.clone().filter(at_cue) {
            let Some(source) = self.phrases.starting_at(at + 2, self.sentence.end, true) else { continue };
            let cue = CueAt {
                cue: lexicon.cue(index),
                form: Form::Ing,
                group: at..at + 2,
                subject_end: at,
                negated: false,
                passive: false,
            };
            let leads = drafts.iter().all(|draft| draft.begin > at) && self.opens_sentence(at);
            let comma = usize::from(self.mark_at(source.end) == Some(','));
            let content = if leads { Content::From(source.end + comma) } else { Content::Before(source.end) };
            let begin = at - usize::from(!leads && self.mark_at(at.wrapping_sub(1)) == Some(','));
            found.push(Draft {
                cue,
                source: Some(source),
                begin,
                addressee: None,
                channel: None,
                relay: Vec::new(),
                content,
                pattern: Pattern::According,
            });
        }
        found
    }

    fn opens_sentence(&self, at: usize) -> bool {
        (self.sentence.start..at).all(|before| {
            self.token_is(before, Classes::CONJUNCTION | Classes::ADVERB) || self.mark_at(before).is_some()
        })
    }

    /// Ends each content where the next clause that isn't part of it begins, and joins reports with who passed them on.
    fn settle(&self, drafts: Vec<Draft<'a>>) -> Vec<Report> {
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
                    self.trim(start..end).into_iter().collect()
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

    /// Whether the clause of a draft ends the content before it: it shares that one's subject, or stands after it.
    fn cuts(&self, draft: &Draft) -> bool {
        self.break_before(draft).is_some()
    }

    /// Where the content before a draft's clause ends, if it can't go on over it.
    fn break_before(&self, draft: &Draft) -> Option<usize> {
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
    fn object_end(&self, start: usize, end: usize) -> usize {
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
    fn content_around(&self, draft: &Draft, after: usize, earlier: &[Report]) -> Vec<Range<usize>> {
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
        if rest < self.sentence.end && self.reading.opens_quote(rest).is_some() {
            content.extend(self.trim(rest..self.sentence.end));
        } else if comma
            && !quoted_before
            && draft.pattern == Pattern::After
            && rest + 2 < self.sentence.end
            && self.goes_on(rest)
        {
            content.extend(self.trim(rest..self.sentence.end));
        }
        content
    }

    fn next_clause(&self, at: usize, limit: usize) -> usize {
        (at..limit).find(|&at| self.mark_at(at) == Some(',')).map_or(at, |comma| comma + 1)
    }

    /// Whether words after "…, he said, …" belong to what was said.
    fn goes_on(&self, at: usize) -> bool {
        let token = &self.reading.tokens[at];
        !self.reading.written(at).ends_with("ing")
            && !token.is(Classes::WH | Classes::AS)
            && !token.is(Classes::ACCORDING)
    }

    /// "…, news agency Z said in a report", "… Z reported": it passes on what an earlier report says.
    fn passes_on(&self, draft: &Draft, reports: &mut [Report]) -> bool {
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
    fn cites(&self, draft: &Draft, reports: &mut [Report]) -> bool {
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
    fn relay_cited(&self, report: &mut Report) {
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
    fn is_media(&self, phrase: &Range<usize>, cue: &CueAt) -> bool {
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

    /// Content without the marks around it and the conjunction that leads it.
    fn trim(&self, range: Range<usize>) -> Option<Range<usize>> {
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

    fn report(&self, draft: Draft, content: Vec<Range<usize>>) -> Report {
        let quoted = content.iter().all(|range| self.reading.opens_quote(range.start).is_some());
        Report {
            content,
            cue: Some(draft.cue.group.clone()),
            source: draft.source,
            addressee: draft.addressee,
            channel: draft.channel,
            via: draft.relay,
            act: draft.cue.cue.act,
            negated: draft.cue.negated,
            pattern: if quoted && draft.pattern == Pattern::After { Pattern::Quotation } else { draft.pattern },
            sentence: self.sentence.clone(),
        }
    }
}

struct Subject {
    source: Option<Range<usize>>,
    begin: usize,
    /// Whether it follows the verb.
    inverted: bool,
    /// First token after verb and subject.
    clause_end: usize,
}

/// "is saying": a finite verb; "saying" alone is a participle.
fn cue_is_progressive(cue: &CueAt) -> bool {
    cue.group.len() > 1
}

/// Objects and infinitives within what is said, or within words that name a source, are no statements of their own.
fn drop_weak_inner(reports: &mut Vec<Report>) {
    let holders: Vec<Range<usize>> =
        reports.iter().flat_map(|report| report.content.iter().chain(&report.source).cloned()).collect();
    reports.retain(|report| {
        let Some(cue) = &report.cue else { return true };
        let weak = matches!(report.pattern, Pattern::Noun | Pattern::Infinitive);
        !weak || !holders.iter().any(|holder| holder.start <= cue.start && cue.end <= holder.end)
    });
}
