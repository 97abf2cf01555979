//! Expressions of time (TIMEX3, as TimeML 1.2.1 has it): where they stand, and which days they mean.
//!
//! `words` holds the senses of `times.tsv`, `items` makes items of a sentence's tokens, `grammar` finds the longest
//! expression at each of them, `tense` tells whether its clause looks back or ahead, `calendar` does the days. What
//! hangs on a publication date that nobody gave has no value.

mod calendar;
mod grammar;
mod items;
mod tense;
pub(crate) mod words;

use jiff::civil::Date;
use rapporteur_record::{Span, Time, TimeKind};

use crate::reading::Reading;
use calendar::Period;
use grammar::{Found, Grammar, Memory};
use items::items;

/// What [`find`] gives.
pub(crate) struct Times {
    pub(crate) times: Vec<Time>,
    /// That relative dates were left open, if any was.
    pub(crate) note: Option<String>,
}

/// The expressions of time of an article, in order, none overlapping.
pub(crate) fn find(reading: &Reading, published: Option<Date>) -> Times {
    let mut times = Vec::new();
    let mut memory = Memory::default();
    for paragraph in &reading.paragraphs {
        let mut start = paragraph.tokens.start;
        // What stands before the first sentence is the dateline.
        let ends = paragraph.sentences.first().map(|first| first.start).into_iter();
        for end in ends.chain(paragraph.sentences.iter().map(|sentence| sentence.end)) {
            if start < end {
                sentence(reading, start..end, published, &mut memory, &mut times);
            }
            start = end;
        }
    }
    let open = times.iter().any(|time: &Time| time.value.is_none());
    let note = open.then(|| "no publication date: relative dates are left open".to_owned());
    Times { times, note: note.filter(|_| published.is_none()) }
}

fn sentence(
    reading: &Reading,
    range: std::ops::Range<usize>,
    published: Option<Date>,
    memory: &mut Memory,
    times: &mut Vec<Time>,
) {
    let items = items(reading, range.clone());
    let mut found = Vec::new();
    let mut at = 0;
    while at < items.len() {
        let grammar = Grammar { reading, items: &items, sentence: range.clone(), published, memory };
        let here = if items[at].means() { grammar.at(at) } else { None };
        match here {
            Some(here) => {
                memory.note(&here);
                at = here.to;
                found.push(here);
            }
            None => at += 1,
        }
    }
    anchor_in_quotations(reading, &items, published, &mut found);
    times.extend(found.iter().map(|found| time(&items, found)));
}

/// “We’ll continue tomorrow,” she said on Tuesday: such days count from the day of speaking.
fn anchor_in_quotations(reading: &Reading, items: &[items::Item], published: Option<Date>, found: &mut [Found]) {
    let quoted = |found: &Found| reading.tokens[items[found.from].token].quote.is_some();
    let spoken = found.iter().filter(|one| !quoted(one) && one.named_day).find_map(|one| one.period);
    let Some((spoken, published)) = spoken.zip(published) else { return };
    for one in found.iter_mut().filter(|one| quoted(one)) {
        let Some(days) = one.days_off else { continue };
        let day = calendar::moved(spoken.first, calendar::Unit::Day, days.into());
        if spoken.first < published
            && let Some(day) = day
        {
            one.settle(Period::day(day));
        }
    }
}

fn time(items: &[items::Item], found: &Found) -> Time {
    let span = Span::new(items[found.from].span.start(), items[found.to - 1].span.end());
    let days = found.value.as_ref().and(found.period).filter(|_| found.kind != TimeKind::Duration);
    let (first, end) = days.and_then(|period| Some((period.first, period.end()?))).unzip();
    Time { span, kind: found.kind, value: found.value.clone(), first, end }
}
