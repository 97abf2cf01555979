//! An article split into paragraphs, sentences, tokens and quotations: what every later step reads.

use std::ops::Range;

use rapporteur_record::{Article, BlockKind, Span};

use crate::classes::Classes;
use crate::lang::Lexicon;
use crate::quotes::{self, Quote};
use crate::tokens::{self, Case, Token};

/// The text of an article, in pieces.
pub(crate) struct Reading<'a> {
    pub(crate) text: &'a str,
    pub(crate) lexicon: &'a Lexicon,
    pub(crate) tokens: Vec<Token<'a>>,
    pub(crate) paragraphs: Vec<Paragraph>,
    pub(crate) quotes: Vec<Quote>,
}

/// One line of running text.
#[derive(Clone, Debug)]
pub(crate) struct Paragraph {
    pub(crate) kind: BlockKind,
    pub(crate) tokens: Range<usize>,
    /// Token ranges; a quotation is never cut, however many sentences it holds.
    pub(crate) sentences: Vec<Range<usize>>,
    /// Whether most words are capitalised, as in a headline of some papers.
    pub(crate) title_case: bool,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(article: &'a Article, lexicon: &'a Lexicon) -> Self {
        let mut reading =
            Reading { text: &article.text, lexicon, tokens: Vec::new(), paragraphs: Vec::new(), quotes: Vec::new() };
        for block in &article.blocks {
            for line in lines(&article.text, block.span) {
                let start = reading.tokens.len();
                tokens::tokenize(&article.text, line, lexicon, &mut reading.tokens);
                let tokens = start..reading.tokens.len();
                if !tokens.is_empty() {
                    let title_case = is_title_case(&reading.tokens[tokens.clone()]);
                    reading.paragraphs.push(Paragraph { kind: block.kind, tokens, sentences: Vec::new(), title_case });
                }
            }
        }
        reading.pair_quotes();
        for number in 0..reading.paragraphs.len() {
            reading.paragraphs[number].sentences = reading.split(reading.paragraphs[number].tokens.clone());
        }
        reading
    }

    /// The same, as if nothing stood in quotation marks: what is said is read like the rest.
    pub(crate) fn unquoted(&self) -> Reading<'a> {
        let mut tokens = self.tokens.clone();
        tokens.iter_mut().for_each(|token| token.quote = None);
        Reading {
            text: self.text,
            lexicon: self.lexicon,
            tokens,
            paragraphs: self.paragraphs.clone(),
            quotes: Vec::new(),
        }
    }

    /// The written form of a token.
    pub(crate) fn written(&self, at: usize) -> &'a str {
        &self.text[self.tokens[at].span]
    }

    /// The text that tokens `range` cover.
    pub(crate) fn span(&self, range: &Range<usize>) -> Span {
        Span::new(self.tokens[range.start].span.start(), self.tokens[range.end - 1].span.end())
    }

    /// The words that tokens `range` cover.
    pub(crate) fn words(&self, range: &Range<usize>) -> &'a str {
        &self.text[self.span(range)]
    }

    /// Whether token `at` makes a possessive of the word before: "Zelensky | ’s", "carmakers | '".
    pub(crate) fn is_possessive(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        let apostrophe = matches!(token.mark, Some('\'' | '’')) && !token.spaced && token.quote.is_none();
        let plural = || {
            let next = self.tokens.get(at + 1).is_some_and(|next| next.is_word() && next.spaced);
            next && at > 0 && self.tokens[at - 1].is_word() && self.written(at - 1).ends_with('s')
        };
        token.is_possessive_clitic(self.text) || apostrophe && plural()
    }

    /// The paragraph that holds token `at`.
    pub(crate) fn paragraph_at(&self, at: usize) -> Option<&Paragraph> {
        let number = self.paragraphs.partition_point(|paragraph| paragraph.tokens.end <= at);
        self.paragraphs.get(number)
    }

    /// The sentence that holds token `at`.
    pub(crate) fn sentence_at(&self, at: usize) -> Option<Range<usize>> {
        let sentences = &self.paragraph_at(at)?.sentences;
        sentences.get(sentences.partition_point(|sentence| sentence.end <= at)).cloned()
    }

    /// The outermost quotation that token `at` stands in.
    pub(crate) fn quote_at(&self, at: usize) -> Option<&Quote> {
        self.tokens[at].quote.map(|number| &self.quotes[number as usize])
    }

    /// Whether token `at` is the opening mark of an outermost quotation.
    pub(crate) fn opens_quote(&self, at: usize) -> Option<&Quote> {
        self.quote_at(at).filter(|quote| quote.tokens.start == at)
    }

    /// Whether token `at` is the last token of an outermost quotation.
    pub(crate) fn ends_quote(&self, at: usize) -> Option<&Quote> {
        self.quote_at(at).filter(|quote| quote.tokens.end == at + 1)
    }

    /// Whether a sentence is nothing but quotations.
    pub(crate) fn lone_quotation(&self, sentence: &Range<usize>) -> bool {
        let stray = |at: usize| self.tokens[at].quote.is_none() && self.tokens[at].is_word();
        self.opens_quote(sentence.start).is_some() && !sentence.clone().any(stray)
    }

    fn pair_quotes(&mut self) {
        for number in 0..self.paragraphs.len() {
            let next_opens = self.paragraphs.get(number + 1).is_some_and(|next| {
                let same_kind = next.kind == self.paragraphs[number].kind;
                same_kind && matches!(self.tokens[next.tokens.start].mark, Some('“' | '"' | '«' | '„' | '‘'))
            });
            let range = self.paragraphs[number].tokens.clone();
            self.quotes.extend(quotes::pair(self.text, &self.tokens, range, next_opens));
        }
        quotes::attach(&mut self.tokens, &self.quotes);
    }

    fn split(&self, paragraph: Range<usize>) -> Vec<Range<usize>> {
        let mut sentences = Vec::new();
        let text = paragraph.start + self.dateline(&paragraph)..paragraph.end;
        let mut start = text.start;
        for at in text {
            let too_long = at - start >= MAX_SENTENCE;
            if at + 1 == paragraph.end || too_long || self.ends_sentence(at, paragraph.end) {
                sentences.push(start..at + 1);
                start = at + 1;
            }
        }
        sentences
    }

    /// How many tokens of a paragraph are its dateline: "KYIV, March 23 (Reuters) -".
    fn dateline(&self, paragraph: &Range<usize>) -> usize {
        let place = self.tokens[paragraph.start].case == Case::Upper;
        let limit = paragraph.end.min(paragraph.start + 16);
        let dash =
            (paragraph.start + 1..limit).find(|&at| self.tokens[at].mark.is_some_and(|mark| "-—".contains(mark)));
        let Some(dash) = dash.filter(|&dash| place && dash + 1 < paragraph.end && self.tokens[dash].spaced) else {
            return 0;
        };
        let printed = |at: usize| {
            let token = &self.tokens[at];
            token.is_capital()
                || token.case == Case::Number
                || token.is(Classes::NAME_PARTICLE | Classes::AND)
                || token.mark.is_some_and(|mark| ",()/.".contains(mark))
        };
        if (paragraph.start..dash).all(printed) { dash + 1 - paragraph.start } else { 0 }
    }

    /// Whether a sentence ends after token `at`, which is not the paragraph's last.
    fn ends_sentence(&self, at: usize, end: usize) -> bool {
        if self.ends_quote(at).is_some() {
            return self.quote_ends_sentence(at, end);
        }
        let (token, next) = (&self.tokens[at], &self.tokens[at + 1]);
        if token.quote.is_some() || !next.spaced {
            return false;
        }
        let begins =
            next.is_capital() || next.case == Case::Number || self.opens_quote(at + 1).is_some() || is_opening(next);
        match token.mark {
            Some('.' | '!' | '?' | '…') => begins,
            Some(')' | ']') => begins && at > 0 && matches!(self.tokens[at - 1].mark, Some('.' | '!' | '?')),
            None => self.abbreviation_ends_sentence(at),
            _ => false,
        }
    }

    /// "in the U.S. The president": a capital that no name begins with.
    fn abbreviation_ends_sentence(&self, at: usize) -> bool {
        let next = &self.tokens[at + 1];
        let dotted = self.written(at).ends_with('.') && !self.tokens[at].is(Classes::HONORIFIC);
        let plain = next.is(Classes::CLOSED | Classes::OPENER) && next.case == Case::Capital;
        dotted && plain && self.written(at).len() > 2
    }

    /// “No.” She left: the sentence ends; “No,” she said, and “Why?” Trump asked: it goes on.
    fn quote_ends_sentence(&self, at: usize, end: usize) -> bool {
        let inner = &self.tokens[at - 1];
        let next = &self.tokens[at + 1];
        let begins =
            next.spaced && (next.is_capital() || self.opens_quote(at + 1).is_some() || next.case == Case::Number);
        match inner.mark {
            Some('.' | '…') => begins,
            Some('!' | '?') => begins && (next.is(Classes::CLOSED | Classes::OPENER) || !self.cue_is_near(at + 1, end)),
            _ => false,
        }
    }

    fn cue_is_near(&self, start: usize, end: usize) -> bool {
        let near = &self.tokens[start..end.min(start + 5)];
        let clause = near.iter().take_while(|token| token.mark.is_none());
        clause.into_iter().any(|token| token.word.is_some_and(|word| !word.verbs.is_empty()))
    }
}

/// A sentence is cut after this many tokens, so that what looks at whole sentences stays linear in a text without stops.
const MAX_SENTENCE: usize = 1000;

fn is_opening(token: &Token) -> bool {
    matches!(token.mark, Some('(' | '[' | '“' | '"' | '‘' | '«' | '„' | '•' | '—' | '\''))
}

/// The lines of a block. A block of text that was wrapped by hand is one line.
fn lines(text: &str, block: Span) -> Vec<Span> {
    let written = &text[block];
    let longest = written.split('\n').map(|line| line.trim_end().len()).max().unwrap_or(0);
    let wrapped =
        (50..=90).contains(&longest) && written.split('\n').filter(|line| !line.trim().is_empty()).count() > 2;
    if wrapped && !written.contains("\n\n") {
        return vec![block];
    }
    let mut at = block.start();
    let mut lines = Vec::new();
    for line in written.split('\n') {
        lines.push(Span::new(at, at + line.len()));
        at += line.len() + 1;
    }
    lines
}

/// Whether two thirds of the longer words are capitalised.
fn is_title_case(tokens: &[Token]) -> bool {
    let long = tokens.iter().filter(|token| token.is_word() && token.span.len() > 3 && token.case != Case::Number);
    let (mut n_words, mut n_capital) = (0, 0);
    for token in long {
        n_words += 1;
        n_capital += usize::from(token.is_capital());
    }
    let sentence = tokens.last().is_some_and(|last| last.is_mark('.'));
    n_words >= 3 && n_capital * 3 > n_words * 2 && !sentence
}
