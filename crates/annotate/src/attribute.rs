//! Attribution: which words of a sentence are said, by which cue, and which words name who says them.
//!
//! Each cue of a sentence becomes a [`Report`] if it has a source and a content in one of the frames of its verb.
//! The source stands before it ("Lavrov said that …"), after it ("…," said Lavrov), or is that of an earlier cue
//! ("…, adding that …", "… and warned that …"). The content follows, up to where the next cue's clause begins, or it
//! goes before: "Talks continue, Lavrov said."

mod complement;
mod relay;
mod settle;
mod subject;

use std::ops::Range;

use rapporteur_record::{Act, ChannelKind};

use crate::classes::Classes;
use crate::cues::{self, CueAt};
use crate::lang::{Cue, Form};
use crate::names::Names;
use crate::phrases::Phrases;
use crate::reading::Reading;
use crate::tokens::Case;

/// A statement in terms of tokens, not yet resolved.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    pub(crate) content: Vec<Range<usize>>,
    pub(crate) cue: Option<Range<usize>>,
    pub(crate) source: Option<Range<usize>>,
    /// The words of the source, or near it, by which the rules tell who it is, where the model's source is another.
    pub(crate) named: Option<Range<usize>>,
    pub(crate) addressee: Option<Range<usize>>,
    pub(crate) channel: Option<(ChannelKind, Range<usize>)>,
    pub(crate) via: Vec<Relay>,
    pub(crate) act: Act,
    pub(crate) negated: bool,
    pub(crate) pattern: Pattern,
    /// Until rules and model are joined the model's, where it found the report; then the report's own.
    pub(crate) confidence: Option<f32>,
    /// The model's, once they are joined.
    pub(crate) model: Option<f32>,
    /// What of it is the model's in place of the rules'.
    pub(crate) taken: Taken,
    /// Tokens of its sentence.
    pub(crate) sentence: Range<usize>,
}

/// What a report has from the model in place of the rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Taken {
    pub(crate) content: bool,
    pub(crate) source: bool,
    pub(crate) act: bool,
    pub(crate) addressee: bool,
    pub(crate) channel: bool,
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
    /// Found by the model alone.
    Learned,
}

impl Pattern {
    /// All of them.
    pub(crate) const ALL: [Pattern; 10] = [
        Pattern::Quotation,
        Pattern::That,
        Pattern::Clause,
        Pattern::After,
        Pattern::According,
        Pattern::Question,
        Pattern::Infinitive,
        Pattern::Noun,
        Pattern::Turn,
        Pattern::Learned,
    ];
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
            return self.quoted_as_saying(cue);
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
        let after_quote = subject.begin > self.sentence.start && self.completes_quotation(subject.begin - 1);
        let complement = if subject.inverted || after_quote { None } else { self.complement(&mut draft) };
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
                if !say
                    || !self.has_content_before(subject.begin)
                    || draft.cue.passive
                    || !(after_quote || self.closes(end))
                {
                    return None;
                }
                draft.content = Content::Before(end);
            }
        }
        Some(draft)
    }

    /// “You bet,” | Christie said when asked: whether a quotation that ends like a sentence ends with token `at`.
    fn completes_quotation(&self, at: usize) -> bool {
        let ends = self.reading.ends_quote(at).is_some_and(|quote| quote.tokens.len() > 2);
        ends && self.reading.tokens[at - 1].mark.is_some_and(|mark| ",.?!…—".contains(mark))
    }

    /// Whether the sentence, or its clause, may end at token `at`.
    fn closes(&self, at: usize) -> bool {
        at >= self.sentence.end
            || !self.reading.tokens[at].is_word()
            || self.token_is(at, Classes::AND | Classes::BUT | Classes::SUBORDINATOR | Classes::WH | Classes::AS)
            || self.reading.written(at).ends_with("ing")
            || self.token_is(at, Classes::PREPOSITION)
    }

    /// "Lavrov was quoted as saying by Interfax", "Interfax quoted Lavrov as saying"
    fn quoted_as_saying(&self, cue: CueAt<'a>) -> Option<Draft<'a>> {
        let as_ = cue.group.start - 1;
        let verb = (self.sentence.start..as_).rev().find(|&at| {
            self.token_is(at, Classes::QUOTED)
                || self.reading.tokens[at].word.is_some_and(|word| {
                    word.verbs
                        .iter()
                        .any(|(verb, form)| *form == Form::Past && self.reading.lexicon.cue(*verb).takes('q'))
                })
        })?;
        let by = self.token_is(verb + 1, Classes::BY).then(|| self.phrases.starting_at(verb + 2, as_, false)).flatten();
        let passive = verb + 1 == as_ || by.is_some();
        let mut start = verb;
        while start > self.sentence.start
            && self.token_is(start - 1, Classes::AUXILIARY | Classes::ADVERB | Classes::NEGATION)
        {
            start -= 1;
        }
        let subject = self.phrases.ending_at(start, self.sentence.start)?;
        let end = cue.group.end;
        let (source, mut relay) = if passive {
            (subject.clone(), by.map(|source| Relay { source, cue: None, channel: None }).into_iter().collect())
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
        if clause_end == end
            && let Some((start, pattern)) = self.complement(&mut draft)
        {
            draft.content = Content::From(start);
            draft.pattern = pattern;
            return Some(draft);
        }
        self.has_content_before(subject.start).then_some(draft)
    }

    /// "According to X, …" and "…, according to X".
    fn according_to(&self, drafts: &[Draft]) -> Vec<Draft<'a>> {
        let at_cue = |at: &usize| {
            self.token_is(*at, Classes::ACCORDING)
                && self.token_is(at + 1, Classes::TO)
                && self.reading.tokens[*at].quote.is_none()
        };
        // "…, as reported by Reuters"
        let as_reported = |at: &usize| {
            self.token_is(*at, Classes::AS)
                && self.token_is(at + 2, Classes::BY)
                && !self.token_is(at + 1, Classes::SAYING)
                && self.reading.tokens[*at].quote.is_none()
        };
        let mut found = Vec::new();
        for at in self.sentence.clone().filter(|at| at_cue(at) || as_reported(at)) {
            let start = at + if at_cue(&at) { 2 } else { 3 };
            let Some(source) = self.phrases.starting_at(start, self.sentence.end, true) else { continue };
            if self.is_bare_noun(&source) || self.token_is(source.start, Classes::WH) {
                continue;
            }
            let cue = CueAt {
                cue: &Cue::ACCORDING,
                form: Form::Ing,
                group: at..start,
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

    /// "according to | plan": a noun alone that names nobody.
    fn is_bare_noun(&self, phrase: &Range<usize>) -> bool {
        let token = &self.reading.tokens[phrase.start];
        let speaks = Classes::ROLES
            | Classes::GROUP
            | Classes::DOCUMENT
            | Classes::MEDIA
            | Classes::ORGANIZATION
            | Classes::OBJECT;
        phrase.len() == 1 && token.case == Case::Lower && !token.is(speaks) && self.names.at(phrase.start).is_none()
    }

    fn opens_sentence(&self, at: usize) -> bool {
        (self.sentence.start..at).all(|before| {
            self.token_is(before, Classes::CONJUNCTION | Classes::ADVERB) || self.mark_at(before).is_some()
        })
    }
}

/// Objects and infinitives within what is said, or within words that name a source, are no statements of their own.
fn drop_weak_inner(reports: &mut Vec<Report>) {
    let holders: Vec<Range<usize>> =
        reports.iter().flat_map(|report| report.content.iter().chain(&report.source).cloned()).collect();
    let gap = |report: &Report| {
        let (cue, content) = (report.cue.as_ref()?, report.content.first()?);
        (cue.end < content.start).then_some(cue.end..content.start)
    };
    let gaps: Vec<Range<usize>> = reports.iter().filter_map(gap).collect();
    let used: Vec<Range<usize>> = reports
        .iter()
        .flat_map(|report| report.via.iter().map(move |relay| (report, relay)))
        .flat_map(|(report, relay)| relay.cue.iter().chain(&report.cue).cloned().collect::<Vec<_>>())
        .collect();
    reports.retain(|report| {
        let Some(cue) = &report.cue else { return true };
        // "said in a statement | posted on Facebook | that …"
        if gaps.iter().any(|gap| gap.start <= cue.start && cue.end <= gap.end) {
            return false;
        }
        // "Interfax reported, citing Adair, that …" is one statement, however many verbs pass it on.
        if report.via.is_empty() && used.contains(cue) {
            return false;
        }
        let weak = matches!(report.pattern, Pattern::Noun | Pattern::Infinitive);
        !weak || !holders.iter().any(|holder| holder.start <= cue.start && cue.end <= holder.end)
    });
}
