//! The times of a live blog's entries, which stay with what they are the times of.
//!
//! A line that is nothing but a time of day is litter on most pages. Where several of them run through the article,
//! they are its entries': such a line goes before the heading that follows it, or heads its entry itself.

use std::collections::HashSet;

use rapporteur_record::BlockKind;

use crate::blocks::Block;
use crate::body::{Fate, Verdict};
use crate::text;

/// From so many different times on, a page is a live blog.
const LEAST_TIMES: usize = 3;
/// A longer line, in bytes, says more than the time.
const LONGEST: usize = 40;
/// At most so many words of another kind stand beside it.
const MOST_LABEL: usize = 3;

/// Marks the times among the blocks at `inside`.
pub(crate) fn mark_times(blocks: &[Block], inside: &[usize], verdicts: &mut [Verdict]) {
    let times: Vec<usize> = inside.iter().copied().filter(|&at| time(&blocks[at].text).is_some()).collect();
    let different: HashSet<&str> = times.iter().map(|&at| blocks[at].text.as_str()).collect();
    if different.len() >= LEAST_TIMES {
        times.into_iter().for_each(|at| verdicts[at] = Verdict::Time);
    }
}

/// The kept blocks; a time goes before the heading that follows it.
pub(crate) fn times_joined(kept: &[(usize, &Block)], fates: &[Fate]) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::new();
    let mut last: Option<Block> = None;
    for &(at, block) in kept {
        let before = last.take();
        if fates[at].verdict == Verdict::Time {
            out.extend(before);
            last = Some(heading(block));
            continue;
        }
        let mut block = block.clone();
        match before {
            Some(before) if block.kind == BlockKind::Heading => block.text = format!("{} {}", before.text, block.text),
            before => out.extend(before),
        }
        out.push(block);
    }
    out
}

fn heading(block: &Block) -> Block {
    let text = time(&block.text).unwrap_or(&block.text).to_owned();
    Block { kind: BlockKind::Heading, text, ..block.clone() }
}

/// The time of day that a line consists of, but for a label: "14:05", "2.05 pm", "14h05 CET", "14:05Key event".
fn time(line: &str) -> Option<&str> {
    let end = clock(line).filter(|_| line.len() <= LONGEST)?;
    let end = end + marks(&line[end..]);
    let label = line[end..].split_whitespace().count();
    // "12.50 a day" is a price.
    let is_range = line[end..].contains(':');
    let sure = !is_range && line[..end].contains(':') && label <= MOST_LABEL && !text::ends_sentence(line);
    (label == 0 || sure).then(|| line[..end].trim_end())
}

/// Where "14:05", "14.05" or "14h05" ends.
fn clock(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    let n_digits = |from: usize| bytes.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count();
    let hour = n_digits(0);
    let number = |from: usize, to: usize| line.get(from..to)?.parse::<u8>().ok();
    let is_hour = (1..=2).contains(&hour) && number(0, hour)? < 25;
    let end = hour + 3;
    let is_minute =
        matches!(bytes.get(hour)?, b':' | b'.' | b'h') && n_digits(hour + 1) == 2 && number(hour + 1, end)? < 60;
    let goes_on = matches!(bytes.get(end), Some(b':' | b'.' | b',')) && n_digits(end + 1) > 0;
    (is_hour && is_minute && !goes_on).then_some(end)
}

/// How far the half of the day and the zone go, which stand after a time.
fn marks(rest: &str) -> usize {
    let mut at = 0;
    loop {
        let lead = rest[at..].len() - rest[at..].trim_start().len();
        let word = rest[at + lead..].split_whitespace().next().unwrap_or_default();
        let plain: String = word.chars().filter(|c| *c != '.').collect();
        if !matches!(&*plain.to_ascii_lowercase(), "am" | "pm") && !crate::dates::is_zone(&plain) {
            return at;
        }
        at += lead + word.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day_and_what_only_looks_like_them() {
        for line in ["14:05", "2.05 pm", "2:05pm", "14h05", "14:05 CET", "9:30 a.m. EST"] {
            assert_eq!(time(line), Some(line));
        }
        assert_eq!(time("14:05Key event"), Some("14:05"));
        assert_eq!(time("2:05pm Ida Holm"), Some("2:05pm"));
        for other in
            ["14:75", "1.234", "14", "14:05:33", "3.50 euros", "14:05 The mayor has come to us", "2024", "25:10"]
        {
            assert_eq!(time(other), None, "{other}");
        }
    }
}
