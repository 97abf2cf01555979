//! Two models for one text: the fast one reads everything, the accurate one what is hard.
//!
//! What is hard is told by what the fast model found in a paragraph and by nothing else, so that the same text is
//! always read in the same way: a statement that it half believes, or a cue that the rules read and it left.

use std::ops::Range;

use crate::model::{FoundStatement, Model};

/// Of such confidence a statement is neither wrong for certain nor right: half of these are.
const MIDDLING: Range<f32> = 0.15..0.75;

/// What the fast model found in one paragraph.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Seen {
    /// The confidence of each statement.
    pub(crate) confidences: Vec<f32>,
    /// How many cues it left that the rules read.
    pub(crate) n_left: usize,
}

/// Which paragraphs to read again with the accurate model.
pub(crate) fn hard(paragraphs: &[Seen]) -> Vec<bool> {
    let middling = |confidence: &f32| MIDDLING.contains(confidence);
    paragraphs.iter().map(|seen| seen.n_left > 0 || seen.confidences.iter().any(middling)).collect()
}

/// The paragraphs that are chosen, those that follow each other as one text.
pub(crate) fn runs(paragraphs: &[Range<usize>], chosen: &[bool]) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut goes_on = false;
    for (paragraph, &chosen) in paragraphs.iter().zip(chosen) {
        match runs.last_mut() {
            Some(run) if chosen && goes_on => run.end = paragraph.end,
            _ if chosen => runs.push(paragraph.clone()),
            _ => {}
        }
        goes_on = chosen;
    }
    runs
}

/// The paragraph that each statement begins in; `paragraphs` are in order.
pub(crate) fn paragraph_of(paragraphs: &[Range<usize>], at: usize) -> Option<usize> {
    let number = paragraphs.partition_point(|paragraph| paragraph.end <= at);
    paragraphs.get(number).is_some_and(|paragraph| paragraph.start <= at).then_some(number)
}

/// Reads the paragraphs that are chosen again: what the accurate model finds in them takes the place of what the fast
/// one found.
pub(crate) fn read_again(
    accurate: &Model,
    text: &str,
    paragraphs: &[Range<usize>],
    chosen: &[bool],
    mut found: Vec<FoundStatement>,
) -> Vec<FoundStatement> {
    found.retain(|statement| !paragraph_of(paragraphs, start(statement)).is_some_and(|number| chosen[number]));
    found.extend(accurate.read(text, &runs(paragraphs, chosen)).statements);
    found.sort_by_key(start);
    found
}

/// The first byte of what is said.
pub(crate) fn start(statement: &FoundStatement) -> usize {
    statement.content.first().map_or(0, |content| content.start())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(confidences: &[f32], n_left: usize) -> Seen {
        Seen { confidences: confidences.to_vec(), n_left }
    }

    #[test]
    fn doubt_is_read_again_and_certainty_is_not() {
        let paragraphs = [
            seen(&[], 0),
            seen(&[0.97, 0.8], 0),
            seen(&[0.97, 0.6], 0),
            seen(&[0.1], 0),
            seen(&[0.15], 0),
            seen(&[0.75], 0),
            seen(&[], 1),
        ];
        assert_eq!(hard(&paragraphs), [false, false, true, false, true, false, true]);
    }

    #[test]
    fn paragraphs_that_follow_each_other_are_one_text() {
        let paragraphs = [0..10, 12..20, 22..30, 32..40, 42..50];
        assert_eq!(runs(&paragraphs, &[true, true, false, true, false]), [0..20, 32..40]);
        assert_eq!(runs(&paragraphs, &[false; 5]), []);
        assert_eq!(runs(&paragraphs, &[true; 5]).first(), Some(&(0..50)));
    }

    #[test]
    fn what_stands_between_paragraphs_is_in_none() {
        let paragraphs = [0..10, 12..20];
        let at = |at: usize| paragraph_of(&paragraphs, at);
        assert_eq!([at(0), at(9), at(10), at(12), at(20)], [Some(0), Some(0), None, Some(1), None]);
    }
}
