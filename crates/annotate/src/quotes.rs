//! Quotation marks, paired by a state machine.
//!
//! It knows curly, low, straight, doubled single marks, British single ones and guillemets; nests them; tells
//! apostrophes from closing marks; carries a quotation on into a paragraph that re-opens it; and ends one whose mark
//! is never closed at the end of its sentence, or of its paragraph where it opened the paragraph.

use std::ops::Range;

use rapporteur_record::Span;

use crate::tokens::Token;

/// What stands between two quotation marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Quote {
    /// With its marks.
    pub(crate) outer: Span,
    /// Without them.
    pub(crate) inner: Span,
    /// Tokens of `outer`.
    pub(crate) tokens: Range<usize>,
    /// Whether another quotation holds it.
    pub(crate) nested: bool,
    /// Whether the next paragraph re-opens it: it has no closing mark of its own.
    pub(crate) goes_on: bool,
}

/// The kinds of marks that pair with one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Double,
    Low,
    Straight,
    Guillemet,
    Reversed,
    Single,
    StraightSingle,
}

/// A mark that may open, close, or do either.
#[derive(Clone, Copy, Debug)]
struct Mark {
    token: usize,
    family: Family,
    opens: bool,
    closes: bool,
    /// A single mark that may as well be an apostrophe.
    doubtful: bool,
}

/// The quotations of one paragraph, whose tokens are `range`; `next_opens` says whether the next paragraph begins
/// with an opening mark.
pub(crate) fn pair(text: &str, tokens: &[Token], range: Range<usize>, next_opens: bool) -> Vec<Quote> {
    let marks: Vec<Mark> = range.clone().filter_map(|at| mark(tokens, &range, at)).collect();
    let closers = count_closers(&marks);
    let mut open: Vec<Mark> = Vec::new();
    let mut quotes = Vec::new();
    for (number, &mark) in marks.iter().enumerate() {
        let partner = open.iter().rposition(|opened| closes(opened.family, mark.family));
        match partner {
            Some(at) if mark.closes && !is_apostrophe(&marks, number) => {
                open.truncate(at + 1);
                let opened = open.pop().expect("the partner is on the stack");
                quotes.push(quote(text, tokens, opened.token..mark.token + 1, !open.is_empty(), true));
            }
            _ if mark.opens && may_open(&mark, closers[number]) && open.len() < MAX_DEPTH => open.push(mark),
            _ => {}
        }
    }
    quotes.extend(unclosed(text, tokens, &range, &open, next_opens));
    quotes.sort_by_key(|quote| (quote.tokens.start, std::cmp::Reverse(quote.tokens.end)));
    mark_nested(&mut quotes);
    quotes
}

/// Writes on each token in which outermost quotation it stands.
pub(crate) fn attach(tokens: &mut [Token], quotes: &[Quote]) {
    for (number, quote) in quotes.iter().enumerate().filter(|(_, quote)| !quote.nested) {
        for token in &mut tokens[quote.tokens.clone()] {
            token.quote = Some(u32::try_from(number).expect("quotations are fewer than bytes"));
        }
    }
}

/// Deeper nesting than this is noise; it bounds the search on a text of nothing but marks.
const MAX_DEPTH: usize = 8;

fn mark(tokens: &[Token], range: &Range<usize>, at: usize) -> Option<Mark> {
    let token = &tokens[at];
    let written = token.mark?;
    let after_space = token.spaced || at == range.start || is_bracket_or_dash(&tokens[at - 1]);
    let next = tokens.get(at + 1).filter(|_| at + 1 < range.end);
    let before_space = next.is_none_or(|next| next.spaced);
    let touches_next = !before_space;
    let touches_before = !token.spaced && at > range.start;
    let word_before = touches_before && tokens[at - 1].is_word();
    let word_after = touches_next && next.is_some_and(Token::is_word);
    let (family, opens, closes, doubtful) = match written {
        '“' => (Family::Double, true, touches_before && !word_after, false),
        '”' => (Family::Double, false, true, false),
        '„' => (Family::Low, true, false, false),
        // “‘…’ " he said”: between two spaces it closes what is open.
        '"' => {
            (Family::Straight, (after_space && touches_next) || !touches_before, touches_before || before_space, false)
        }
        '«' => (Family::Guillemet, touches_next || after_space, touches_before, false),
        '»' => (Family::Reversed, touches_next && after_space, true, false),
        '‘' => (Family::Single, !word_before && touches_next, false, true),
        '’' => (Family::Single, false, touches_before && !word_after, word_before),
        '\'' => (Family::StraightSingle, after_space && touches_next, touches_before && !word_after, true),
        _ => return None,
    };
    Some(Mark { token: at, family, opens, closes, doubtful })
}

fn is_bracket_or_dash(token: &Token) -> bool {
    matches!(token.mark, Some('(' | '[' | '—' | '-' | '/' | '“' | '"' | '‘' | '\'' | '„' | '«'))
}

/// Whether a mark of family `mark` closes a quotation that `opened` opened.
fn closes(opened: Family, mark: Family) -> bool {
    match opened {
        Family::Low => matches!(mark, Family::Double | Family::Straight),
        Family::Double => matches!(mark, Family::Double | Family::Straight),
        Family::Guillemet => mark == Family::Reversed,
        Family::Reversed => mark == Family::Guillemet,
        Family::Straight => matches!(mark, Family::Straight | Family::Double),
        Family::Single => matches!(mark, Family::Single | Family::StraightSingle),
        Family::StraightSingle => matches!(mark, Family::StraightSingle | Family::Single),
    }
}

/// For each mark, how many later ones of its family could close it.
fn count_closers(marks: &[Mark]) -> Vec<usize> {
    let mut closers = vec![0; marks.len()];
    for family in [Family::Single, Family::StraightSingle] {
        let mut n_later = 0;
        for (number, mark) in marks.iter().enumerate().rev() {
            if mark.family == family {
                closers[number] = n_later;
            }
            n_later += usize::from(mark.closes && closes(family, mark.family));
        }
    }
    closers
}

/// A single mark opens only where something can close it: "the ‘90s" has nothing.
fn may_open(mark: &Mark, n_closers: usize) -> bool {
    !matches!(mark.family, Family::Single | Family::StraightSingle) || n_closers > 0
}

/// "the ministers’ talks, he said’": a mark after a word is an apostrophe where the next mark of its family closes
/// better, that is, after a comma or a full stop.
fn is_apostrophe(marks: &[Mark], number: usize) -> bool {
    let mark = &marks[number];
    let next = marks[number + 1..].iter().find(|next| closes(mark.family, next.family));
    mark.doubtful && next.is_some_and(|next| next.closes && !next.opens && !next.doubtful)
}

/// Quotations that nothing closed.
fn unclosed(text: &str, tokens: &[Token], range: &Range<usize>, open: &[Mark], next_opens: bool) -> Vec<Quote> {
    let Some(first) = open.iter().find(|mark| !matches!(mark.family, Family::Single | Family::StraightSingle)) else {
        return Vec::new();
    };
    let to_end = next_opens || first.token == range.start;
    let before_cue = end_before_cue(tokens, first.token, range.end).filter(|_| !next_opens);
    let end = match before_cue {
        Some(end) => end,
        None if to_end => range.end,
        None => sentence_end(tokens, first.token, range.end),
    };
    let mut quote = quote(text, tokens, first.token..end, false, false);
    quote.goes_on = next_opens && end == range.end;
    vec![quote]
}

/// “The door is open, | Adair said: the first token of a short clause with a verb of saying that ends the text.
fn end_before_cue(tokens: &[Token], start: usize, end: usize) -> Option<usize> {
    let says = |token: &Token| token.word.is_some_and(|word| !word.verbs.is_empty());
    let comma = (start + 2..end).find(|&at| {
        let clause = &tokens[at + 1..end.min(at + 6)];
        let n_words = clause.iter().take_while(|token| token.is_word()).count();
        let closed = at + 1 + n_words >= end || matches!(tokens[at + 1 + n_words].mark, Some('.' | ','));
        tokens[at].is_mark(',') && closed && (2..5).contains(&n_words) && clause[..n_words].iter().any(says)
    })?;
    Some(comma + 1)
}

/// The first token after a full stop that a capital or the end follows.
fn sentence_end(tokens: &[Token], start: usize, end: usize) -> usize {
    let stop = (start + 1..end).find(|&at| {
        let last = at + 1 == end || tokens[at + 1].is_capital();
        matches!(tokens[at].mark, Some('.' | '?' | '!')) && last
    });
    stop.map_or(end, |at| at + 1)
}

fn quote(text: &str, tokens: &[Token], range: Range<usize>, nested: bool, closed: bool) -> Quote {
    let outer = Span::new(tokens[range.start].span.start(), tokens[range.end - 1].span.end());
    let end = if closed { tokens[range.end - 1].span.start() } else { outer.end() };
    let start = tokens[range.start].span.end().min(end);
    let trimmed = text[start..end].trim();
    let start = start + (text[start..end].len() - text[start..end].trim_start().len());
    Quote { outer, inner: Span::new(start, start + trimmed.len()), tokens: range, nested, goes_on: false }
}

/// Quotations that another holds are nested, those whose outer mark was never closed are not.
fn mark_nested(quotes: &mut [Quote]) {
    let mut end = 0;
    for quote in quotes {
        quote.nested = quote.tokens.start < end;
        end = end.max(quote.tokens.end);
    }
}
