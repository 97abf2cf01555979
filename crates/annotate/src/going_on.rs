//! Quotations that go on after the cue, in the next sentence or the next paragraph: “…,” she said. “…”
//!
//! Rules and model find who says the first quotation; what comes after it, and where it ends, is told by quotation
//! marks and by place alone. So contents are mended here once rules and model are joined.

use std::ops::Range;

use rapporteur_record::BlockKind;

use crate::attribute::{Pattern, Report};
use crate::classes::Classes;
use crate::quotes::Quote;
use crate::reading::Reading;

/// Mends contents: ends them with their quotation where it is whole, and gives each quotation that no report holds to
/// the report from which it goes on.
pub(crate) fn mend(reading: &Reading, reports: &mut [Report]) {
    for report in reports.iter_mut() {
        end_with_quotation(reading, report);
        drop_titles(reading, report);
    }
    for number in 0..reports.len() {
        if let Some(more) = after_cue(reading, reports, number) {
            reports[number].content.push(more);
        }
    }
    give_free_ones(reading, reports);
    for report in reports {
        report.content.sort_by_key(|content| content.start);
    }
}

/// “Lock her up,” | as they had before: what follows a whole quotation and tells of time or circumstance is not said.
fn end_with_quotation(reading: &Reading, report: &mut Report) {
    let tells = |at: usize| {
        let token = &reading.tokens[at];
        let link = Classes::AS | Classes::CIRCUMSTANCE | Classes::WH | Classes::PREPOSITION | Classes::SUBORDINATOR;
        token.is(link) && !token.is(Classes::THAT) || reading.written(at).ends_with("ing")
    };
    for content in &mut report.content {
        let end = reading.opens_quote(content.start).map_or(content.end, |quote| quote.tokens.end);
        if end < content.end
            && ends_like_sentence(reading, end - 1, ",.?!…—")
            && tells(end)
            && (end..content.end).all(|at| reading.tokens[at].quote.is_none())
        {
            content.end = end;
        }
    }
}

/// “…,” Adair told | “Fox and Friends” | on Monday: after a whole quotation a quoted title behind the cue is not said.
fn drop_titles(reading: &Reading, report: &mut Report) {
    let Some(cue) = report.cue.clone() else { return };
    let whole =
        |content: &Range<usize>| content.end <= cue.start && ends_like_sentence(reading, content.end - 1, ",.?!…—");
    if !report.content.first().is_some_and(whole) {
        return;
    }
    let behind = cue.end..report.sentence.end;
    let is_title = |content: &Range<usize>| {
        let quote = reading.opens_quote(content.start).filter(|_| behind.contains(&content.start));
        quote.is_some_and(|quote| !ends_like_sentence(reading, quote.tokens.end - 1, ".?!…"))
            && reading.tokens[content.start - 1].is_word()
    };
    report.content.retain(|content| !is_title(content));
}

/// “…,” she said, | but “…”: the quotation of the same sentence that goes on after the cue.
fn after_cue(reading: &Reading, reports: &[Report], number: usize) -> Option<Range<usize>> {
    let report = Some(&reports[number]).filter(|report| speaks(reading, report))?;
    let (cue, last) = (report.cue.as_ref()?, report.content.last()?);
    if last.end > cue.start || !ends_like_sentence(reading, last.end - 1, ",.?!…—") {
        return None;
    }
    let begin = report.source.as_ref().map_or(cue.end, |source| source.end.max(cue.end));
    let end = report.sentence.end.min(begin + MAX_BETWEEN);
    let open =
        (begin..end).find(|&at| reading.opens_quote(at).is_some_and(|quote| quote.tokens.len() >= MIN_QUOTED))?;
    let joins = Classes::CONJUNCTION | Classes::THAT | Classes::AND | Classes::BUT;
    let start = (begin..=open).rev().take_while(|&at| at == open || reading.tokens[at].is(joins)).last()?;
    let before = &reading.tokens[start - 1];
    let apart = start < open || start == begin || before.is_mark(',') || before.is_mark(':');
    let range = start..reading.opens_quote(open)?.tokens.end;
    let foreign = |other: &Report| {
        other.content.iter().any(|content| content.start < range.end && range.start < content.end)
            || other.cue.as_ref().is_some_and(|cue| cue.start >= begin && cue.end <= range.start)
    };
    let near = &reports[number.saturating_sub(MAX_LOOK)..reports.len().min(number + MAX_LOOK)];
    (apart && !near.iter().any(foreign)).then_some(range)
}

/// Gives sentences that no report holds, and that are quotations or partly so, to who spoke before.
fn give_free_ones(reading: &Reading, reports: &mut [Report]) {
    let mut held = vec![false; reading.tokens.len()];
    for content in reports.iter().flat_map(|report| &report.content) {
        held[content.clone()].fill(true);
    }
    let mut order: Vec<usize> = (0..reports.len()).collect();
    order.sort_by_key(|&number| reports[number].sentence.start);
    let mut rest = &order[..];
    let mut before: Option<usize> = None;
    for (number, paragraph) in reading.paragraphs.iter().enumerate() {
        let own = split_before(&mut rest, reports, paragraph.tokens.end);
        let mut carried = before.filter(|_| {
            number > 0 && is_running(reading, number) && !own.iter().any(|&one| speaks(reading, &reports[one]))
        });
        let (mut here, mut speaker, mut open, mut n_given) = (own, None, None, 0);
        for sentence in &paragraph.sentences {
            let of_sentence = split_before(&mut here, reports, sentence.end);
            let free = !sentence.clone().any(|at| held[at]);
            let lone = reading.lone_quotation(sentence);
            carried = carried.filter(|&one| lone && is_like(reading, &reports[one], number, sentence));
            let mixed = || of_sentence.is_empty() && is_mixed(reading, sentence);
            let given = match speaker {
                Some(_) if lone => speaker,
                Some(_) => open.filter(|_| mixed()),
                None => carried,
            };
            if let Some(to) = given.filter(|_| free) {
                reports[to].content.push(sentence.clone());
                n_given += usize::from(speaker.is_none());
            }
            let spoke = of_sentence.iter().copied().rfind(|&one| speaks(reading, &reports[one]));
            speaker = spoke.or(speaker);
            // Words of somebody else come between.
            open = if of_sentence.is_empty() { open } else { spoke };
        }
        before = open.or(carried.filter(|_| n_given > 0 && own.is_empty()));
    }
}

/// The reports at the front of `rest` whose sentence begins before token `end`.
fn split_before<'o>(rest: &mut &'o [usize], reports: &[Report], end: usize) -> &'o [usize] {
    let n_before = rest.partition_point(|&number| reports[number].sentence.start < end);
    let (before, after) = rest.split_at(n_before);
    *rest = after;
    before
}

/// Whether a paragraph and the one before it are running text.
fn is_running(reading: &Reading, number: usize) -> bool {
    reading.paragraphs[number - 1..=number].iter().all(|paragraph| paragraph.kind == BlockKind::Paragraph)
}

/// Whether a report is of whole quotations, by words outside of them.
fn speaks(reading: &Reading, report: &Report) -> bool {
    let outside = |range: &Range<usize>| reading.tokens[range.start].quote.is_none();
    let told = report.cue.as_ref().or(report.source.as_ref()).is_some_and(outside);
    let whole = |content: &Range<usize>| {
        reading.opens_quote(content.start).is_some() && reading.ends_quote(content.end - 1).is_some()
    };
    told && report.pattern != Pattern::Turn && report.content.last().is_some_and(whole)
}

/// Whether a quotation that is a paragraph has the marks of those of a report, is no heading, and is closed in the end.
fn is_like(reading: &Reading, report: &Report, number: usize, sentence: &Range<usize>) -> bool {
    let mark = |at: usize| reading.tokens[at].mark;
    let opening = report.content.last().map(|content| mark(content.start));
    let n_words = sentence.clone().filter(|&at| reading.tokens[at].is_word()).count();
    opening == Some(mark(sentence.start)) && n_words >= MIN_WORDS && is_closed(reading, number, sentence)
}

/// Whether the last quotation of a sentence closes, or one of the paragraphs that re-open it does.
fn is_closed(reading: &Reading, number: usize, sentence: &Range<usize>) -> bool {
    let later = reading.paragraphs.iter().skip(number + 1).take(MAX_PARAGRAPHS);
    let later = later.map_while(|paragraph| reading.opens_quote(paragraph.tokens.start));
    let mark = |quote: &Quote| reading.tokens[quote.tokens.start].mark;
    let first = reading.ends_quote(sentence.end - 1).into_iter();
    let mut row = first.chain(later).take_while(|quote| mark(quote) == reading.tokens[sentence.start].mark);
    row.find(|quote| !quote.goes_on).is_some_and(|quote| quote.inner.end() < quote.outer.end())
}

/// “They are in support” of the plan; Adair “misspoke, and he knows it.”: a sentence that begins or ends with a
/// quotation of some length.
fn is_mixed(reading: &Reading, sentence: &Range<usize>) -> bool {
    let long = |quote: &Quote| {
        quote.tokens.clone().filter(|&at| reading.tokens[at].is_word()).take(MIN_WORDS).count() == MIN_WORDS
    };
    let last = sentence.end - 1;
    // “…,” she said. I had to answer: “…”
    let announced = |quote: &Quote| quote.tokens.start > 0 && reading.tokens[quote.tokens.start - 1].is_mark(':');
    let ends = reading.ends_quote(last).is_some_and(|quote| long(quote) && !announced(quote));
    reading.opens_quote(sentence.start).is_some_and(long) || ends && ends_like_sentence(reading, last, ".?!…")
}

/// Whether a quotation of more than a mark ends with token `at`, and with one of `marks` before it.
fn ends_like_sentence(reading: &Reading, at: usize, marks: &str) -> bool {
    let ends = reading.ends_quote(at).is_some_and(|quote| quote.tokens.len() > 2);
    ends && reading.tokens[at - 1].mark.is_some_and(|mark| marks.contains(mark))
}

/// A quotation of fewer words than this is not given to anybody by its place.
const MIN_WORDS: usize = 4;

/// A quotation after the cue has so many tokens at least, its marks among them.
const MIN_QUOTED: usize = 5;

/// A quotation after the cue begins within so many tokens.
const MAX_BETWEEN: usize = 60;

/// A quotation that re-opens is followed over so many paragraphs.
const MAX_PARAGRAPHS: usize = 40;

/// Reports further apart than this don't touch.
const MAX_LOOK: usize = 8;
