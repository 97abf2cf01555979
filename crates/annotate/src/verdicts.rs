//! Whether the body of an article bears its headline out.
//!
//! A claim of the title is a statement in it. Its telling words are looked for in the sentences of the body: where the
//! sentence that has most of them denies what the claim tells, the verdict is no; where some are missing, or the body says it under
//! a condition, partly; else yes.

use std::collections::HashSet;

use rapporteur_record::{BlockKind, Document, Headline, Span, Statement, Status, Verdict};

use crate::events::words::Marks;
use crate::lang::Lexicon;

/// A verdict on each claim of the title.
pub(crate) fn find(lexicon: &Lexicon, doc: &Document) -> Vec<Headline> {
    let Some(title) = doc.article.blocks.iter().find(|block| block.kind == BlockKind::Title) else { return Vec::new() };
    let body = Body::new(doc, title.span);
    let inside = |statement: &&Statement| statement.content.first().is_some_and(|span| title.span.contains(*span));
    doc.statements.iter().filter(inside).take(MAX_CLAIMS).map(|claim| body.judge(lexicon, claim)).collect()
}

struct Body<'d> {
    doc: &'d Document,
    title: Span,
    sentences: Vec<(Span, HashSet<String>)>,
}

impl<'d> Body<'d> {
    fn new(doc: &'d Document, title: Span) -> Self {
        let running = |kind| {
            matches!(kind, BlockKind::Paragraph | BlockKind::ListItem | BlockKind::Quote | BlockKind::Standfirst)
        };
        let blocks = doc.article.blocks.iter().filter(|block| running(block.kind)).take(MAX_BLOCKS);
        let sentences = blocks.flat_map(|block| sentences(&doc.article.text, block.span));
        let sentences = sentences.map(|span| (span, stems(&doc.article.text[span]).collect())).collect();
        Body { doc, title, sentences }
    }

    fn judge(&self, lexicon: &Lexicon, claim: &Statement) -> Headline {
        let text = &self.doc.article.text;
        let told: HashSet<String> = claim.content.iter().flat_map(|span| stems(&text[*span])).collect();
        let supported_by = self.supporters(claim, &told);
        let verdict = self.verdict(lexicon, claim, &told);
        Headline { statement: claim.id, verdict, supported_by }
    }

    /// The statements of the body that share most words with a claim, at most three.
    fn supporters(&self, claim: &Statement, told: &HashSet<String>) -> Vec<usize> {
        let text = &self.doc.article.text;
        let shared = |statement: &Statement| {
            let words: HashSet<String> = statement.content.iter().flat_map(|span| stems(&text[*span])).collect();
            words.intersection(told).count()
        };
        let end = claim.content.iter().map(|span| span.end()).max().unwrap_or(0);
        let in_body = |statement: &&Statement| {
            let first = statement.content.first();
            statement.id != claim.id
                && first.is_some_and(|content| content.start() > end && !self.title.contains(*content))
        };
        let mut found: Vec<(usize, usize)> =
            self.doc.statements.iter().filter(in_body).map(|statement| (shared(statement), statement.id)).collect();
        found.retain(|(n, _)| *n >= 2 || *n >= 1 && told.len() <= 2);
        found.sort_by_key(|&(n, id)| (std::cmp::Reverse(n), id));
        found.truncate(MAX_SUPPORTERS);
        let mut ids: Vec<usize> = found.into_iter().map(|(_, id)| id).collect();
        ids.sort_unstable();
        ids
    }

    fn verdict(&self, lexicon: &Lexicon, claim: &Statement, told: &HashSet<String>) -> Verdict {
        let text = &self.doc.article.text;
        let covered = |words: &HashSet<String>| told.iter().filter(|word| words.contains(*word)).count();
        let all: HashSet<String> = self.sentences.iter().flat_map(|(_, words)| words.iter().cloned()).collect();
        let best = self.sentences.iter().max_by_key(|(span, words)| (covered(words), std::cmp::Reverse(span.start())));
        let Some((best, best_words)) = best.filter(|_| !told.is_empty()) else { return Verdict::No };
        if self.is_denied(claim) {
            return Verdict::No;
        }
        // Words that the headline quotes must be the body's.
        let quoted = claim.content.iter().flat_map(|span| quotations(&text[*span])).collect::<Vec<_>>();
        let said = |quote: &String| {
            let words: HashSet<String> = stems(quote).collect();
            self.sentences.iter().any(|(_, sentence)| words.is_subset(sentence))
        };
        if !quoted.iter().all(said) {
            return Verdict::Partly;
        }
        if covered(&all) * 10 < told.len() * 3 {
            return Verdict::No;
        }
        let conditional = text[*best]
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| lexicon.get(&word.to_lowercase()).is_some_and(|word| word.events.marks.any(Marks::IF)));
        if conditional || covered(best_words) * 100 < told.len() * LEAST_COVERED {
            return Verdict::Partly;
        }
        Verdict::Yes
    }

    /// Whether an event that the claim tells is denied in the body.
    fn is_denied(&self, claim: &Statement) -> bool {
        let first = claim.content.first();
        let told = |span: &Span| claim.content.iter().any(|content| content.contains(*span));
        let happened = |status| matches!(status, Status::Past | Status::Ongoing);
        let claims = self.doc.events.iter().filter(|event| happened(event.status) && event.trigger.iter().any(told));
        claims.into_iter().any(|event| {
            let denied =
                self.doc.events.iter().filter(|other| other.status == Status::Denied && other.kind == event.kind);
            first.is_some()
                && denied.into_iter().any(|other| other.actors.iter().any(|actor| event.actors.contains(actor)))
        })
    }
}

/// The sentences of a block, roughly: up to a stop and a space.
fn sentences(text: &str, block: Span) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut start = block.start();
    let written = &text[block];
    for (at, c) in written.char_indices() {
        let end = block.start() + at + c.len_utf8();
        let stop = ".!?”\"’".contains(c)
            && text[end..block.end()].starts_with(' ')
            && (".!?".contains(c) || written[..at].ends_with(['.', '!', '?', ',']));
        if stop && end - start > 20 {
            spans.push(Span::new(start, end));
            start = end;
        }
    }
    if start < block.end() {
        spans.push(Span::new(start, block.end()));
    }
    spans
}

/// The longer words, cut so that "swap" and "swapped" are alike, and names of two letters.
fn stems(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let telling = |word: &&str| {
        let n = word.chars().count();
        n > 3 || n > 1 && word.chars().all(|c| c.is_uppercase() || c.is_numeric())
    };
    words.filter(telling).map(|word| word.to_lowercase().chars().take(5).collect())
}

/// What stands in quotation marks.
fn quotations(text: &str) -> Vec<String> {
    let mut quotes = Vec::new();
    let mut open: Option<usize> = None;
    for (at, c) in text.char_indices() {
        match (c, open) {
            ('‘' | '“', _) => open = Some(at + c.len_utf8()),
            ('’' | '”', Some(start)) => {
                quotes.push(text[start..at].to_owned());
                open = None;
            }
            _ => {}
        }
    }
    quotes
}

/// Claims of one title.
const MAX_CLAIMS: usize = 8;

/// Blocks of a body.
const MAX_BLOCKS: usize = 2000;

/// Statements that bear a claim out.
const MAX_SUPPORTERS: usize = 3;

/// So many percent of a claim's telling words must stand in one sentence.
const LEAST_COVERED: usize = 40;
