//! Two models for one text: the fast one reads everything, the accurate one what is hard.
//!
//! What is hard is told by what the fast model found in a paragraph and by nothing else, so that the same text is
//! always read in the same way: a paragraph with a statement that it half believes is read again.

use std::ops::Range;

use rapporteur_record::Span;

use crate::model::Found;

/// Of such confidence a statement is neither wrong for certain nor right: half of these are.
const MIDDLING: Range<f32> = 0.25..0.65;

/// The paragraphs, in bytes, to read again with the accurate model; those that follow each other are one.
pub(crate) fn hard(text: &str, found: &Found) -> Vec<Range<usize>> {
    let doubtful = found.statements.iter().filter(|statement| MIDDLING.contains(&statement.confidence));
    let mut starts: Vec<usize> = doubtful.filter_map(|statement| Some(statement.content.first()?.start())).collect();
    starts.sort_unstable();
    let mut hard: Vec<Range<usize>> = Vec::new();
    for start in starts {
        if hard.last().is_some_and(|last| start < last.end) {
            continue;
        }
        let paragraph = paragraph(text, start);
        match hard.last_mut() {
            Some(last) if text[last.end..paragraph.start].trim().is_empty() => last.end = paragraph.end,
            _ => hard.push(paragraph),
        }
    }
    hard
}

/// The line of the text that holds byte `at`.
fn paragraph(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    start..text[at..].find('\n').map_or(text.len(), |length| at + length)
}

/// What the accurate model found in paragraphs that it read again takes the place of what the fast one found there.
pub(crate) fn replaced(mut found: Found, again: &[Range<usize>], better: Found) -> Found {
    let outside = |span: Option<&Span>| {
        let at = span.map_or(0, |span| span.start());
        again.get(again.partition_point(|range| range.end <= at)).is_none_or(|range| at < range.start)
    };
    found.statements.retain(|statement| outside(statement.content.first()));
    found.names.retain(|(span, _)| outside(Some(span)));
    found.statements.extend(better.statements);
    found.statements.sort_by_key(|statement| statement.content.first().map(|span| span.start()));
    found.names.extend(better.names);
    found.names.sort_by_key(|(span, _)| *span);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FoundStatement;

    fn found(text: &str, statements: &[(&str, f32)]) -> Found {
        let statement = |&(words, confidence): &(&str, f32)| {
            let at = text.find(words).expect("the words are there");
            let content = vec![Span::new(at, at + words.len())];
            FoundStatement { content, cue: None, source: None, confidence, details: None }
        };
        Found { statements: statements.iter().map(statement).collect(), ..Found::default() }
    }

    #[test]
    fn doubt_is_read_again_and_certainty_is_not() {
        let text = "one two\n\nthree four\n\nfive\n\nsix";
        let hard = |statements: &[(&str, f32)]| -> Vec<&str> {
            super::hard(text, &found(text, statements)).into_iter().map(|range| &text[range]).collect()
        };
        assert_eq!(hard(&[("two", 0.97), ("five", 0.1)]), [""; 0]);
        assert_eq!(hard(&[("two", 0.97), ("four", 0.5), ("six", 0.3)]), ["three four", "six"]);
        assert_eq!(hard(&[("one", 0.5), ("two", 0.5), ("three", 0.5), ("five", 0.9)]), ["one two\n\nthree four"]);
    }
}
