//! What only looks like an event of today: matches, trials, films, history, figures of speech.

use std::ops::Range;

use rapporteur_record::Time;

use super::clause::{Clauses, Place};
use super::words::Marks;
use crate::classes::Classes;

/// Tells what only looks like an event.
pub(super) struct Unreal<'r, 'a> {
    clauses: Clauses<'r, 'a>,
    /// Whether the article is about sport.
    sport: bool,
    /// Where times begin that lie long before the article, in order.
    long_ago: Vec<usize>,
    /// The sentence that was counted last, and its counts.
    counted: std::cell::RefCell<(Range<usize>, Counts)>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    sport: usize,
    court: usize,
    fiction: usize,
    history: usize,
}

impl<'r, 'a> Unreal<'r, 'a> {
    pub(super) fn new(clauses: Clauses<'r, 'a>, times: &[Time]) -> Self {
        let reading = clauses.reading;
        let n_sport = (0..reading.tokens.len()).filter(|&at| clauses.marks(at).any(Marks::SPORT)).count();
        let latest = times.iter().filter_map(|time| time.first).map(|day| day.year()).max();
        let old = |time: &&Time| {
            let year = time.first.map(|day| day.year());
            year.zip(latest).is_some_and(|(year, latest)| latest - year > LONG_AGO)
        };
        let long_ago = times.iter().filter(old).map(|time| time.span.start()).collect();
        let sport = n_sport >= 4 && n_sport * 60 >= reading.tokens.len();
        Unreal { clauses, sport, long_ago, counted: std::cell::RefCell::new((0..0, Counts::default())) }
    }

    fn counts(&self, place: &Place) -> Counts {
        if self.counted.borrow().0 == place.sentence {
            return self.counted.borrow().1;
        }
        let mut counts = Counts::default();
        for at in place.sentence.clone() {
            let marks = self.clauses.marks(at);
            counts.sport += usize::from(marks.any(Marks::SPORT));
            counts.court += usize::from(marks.any(Marks::COURT));
            counts.fiction += usize::from(marks.any(Marks::FICTION));
            counts.history += usize::from(marks.any(Marks::HISTORY));
        }
        let span = self.clauses.reading.span(&place.sentence);
        let old = self.long_ago.partition_point(|&at| at < span.start());
        counts.history += usize::from(self.long_ago.get(old).is_some_and(|&at| at < span.end()));
        *self.counted.borrow_mut() = (place.sentence.clone(), counts);
        counts
    }

    /// Whether a trigger of this type, here, tells of no event of today.
    pub(super) fn drops(&self, kind: &str, at: usize, place: &Place) -> bool {
        let counts = self.counts(place);
        let bodily = matches!(
            kind,
            "ASSAULT"
                | "COERCE"
                | "RETREAT"
                | "MOBILIZE"
                | "PROTEST"
                | "THREATEN"
                | "AID"
                | "CONCEDE"
                | "SUPPORT"
                | "REJECT"
                | "ACCUSE"
                | "REQUEST"
        );
        let metaphor = (at.saturating_sub(3)..at).any(|near| self.clauses.marks(near).any(Marks::METAPHOR));
        metaphor
            || counts.fiction > 0
            || counts.history > 0
            || bodily && (counts.sport > 1 || self.sport)
            || matches!(kind, "ASSAULT" | "COERCE" | "AID" | "THREATEN" | "REQUEST") && counts.court > 1
    }

    /// Whether a type is one whose words are used of other things.
    pub(super) fn is_bodily(&self, kind: &str) -> bool {
        matches!(kind, "ASSAULT" | "PROTEST" | "RETREAT" | "MOBILIZE" | "COERCE" | "SANCTION")
    }

    /// "price war", "charm offensive", "battle of ideas", "attack on poverty": a figure of speech by the words beside it.
    pub(super) fn is_figure(&self, tokens: &Range<usize>, kind: &str, place: &Place) -> bool {
        let reading = self.clauses.reading;
        let bodily = self.is_bodily(kind);
        let before = tokens.start.checked_sub(1).filter(|&before| before >= place.sentence.start);
        let unreal = before.is_some_and(|before| self.clauses.marks(before).any(Marks::UNREAL));
        let end = place.sentence.end.min(tokens.end + 4);
        let preposition = reading.tokens.get(tokens.end).is_some_and(|token| token.is(Classes::PREPOSITION));
        let abstracted = || (tokens.end + 1..end).any(|at| self.clauses.marks(at).any(Marks::ABSTRACT));
        bodily && (unreal || preposition && abstracted())
    }
}

/// What happened more years before the latest day of an article is history.
const LONG_AGO: i16 = 15;
