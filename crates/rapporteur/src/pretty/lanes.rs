//! A lane for each speaker: the column in the gutter and the colour that are theirs.

use std::collections::BTreeMap;

use rapporteur_record::{Document, Statement};

use super::words;

/// Colours of middling lightness, which can be read on a dark ground and on a light one.
const COLOURS: [u8; N_LANES] = [38, 208, 170, 71, 203, 105, 178, 37];
/// The colour of statements that nobody is named for.
const GREY: u8 = 245;
/// Most lanes that a gutter has; speakers after that share lanes.
pub(super) const N_LANES: usize = 8;

/// Which lane each statement runs in.
#[derive(Debug)]
pub(super) struct Lanes {
    of_statement: Vec<Lane>,
    in_use: Vec<Lane>,
    n_columns: usize,
}

/// A speaker's place in the gutter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lane {
    /// Below [`N_LANES`].
    pub(super) number: usize,
    pub(super) colour: u8,
}

/// Who is taken for one speaker: the same entities, or else the same words.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Voice {
    Entities(Vec<usize>),
    Words(String),
    Nobody,
}

impl Lanes {
    /// Gives each speaker of `document` a lane, in order of appearance, in a gutter of at most `most_columns`.
    pub(super) fn new(document: &Document, most_columns: usize) -> Self {
        let mut numbers = BTreeMap::new();
        let (mut of_statement, mut in_use) = (Vec::new(), Vec::new());
        for statement in &document.statements {
            let voice = voice(document, statement);
            let nobody = voice == Voice::Nobody;
            let n_known = numbers.len();
            let number = *numbers.entry(voice).or_insert(n_known) % N_LANES;
            let lane = Lane { number, colour: if nobody { GREY } else { COLOURS[number] } };
            of_statement.push(lane);
            if number == in_use.len() {
                in_use.push(lane);
            }
        }
        let n_columns = in_use.len().min(most_columns);
        Lanes { of_statement, in_use, n_columns }
    }

    /// The lane of the statement with that index.
    pub(super) fn lane(&self, statement: usize) -> Lane {
        self.of_statement[statement]
    }

    /// How many columns the gutter has.
    pub(super) fn n_columns(&self) -> usize {
        self.n_columns
    }

    /// What stands in each column of the gutter beside a line on which the lanes of `mask` speak.
    pub(super) fn gutter(&self, mask: LaneMask) -> Vec<Option<Lane>> {
        let mut gutter = vec![None; self.n_columns];
        for lane in self.in_use.iter().filter(|lane| mask & bit(**lane) != 0) {
            gutter[lane.number % self.n_columns] = Some(*lane);
        }
        gutter
    }
}

/// A set of lanes, a bit for each.
pub(super) type LaneMask = u8;

/// The set that holds just `lane`.
pub(super) fn bit(lane: Lane) -> LaneMask {
    1 << lane.number
}

fn voice(document: &Document, statement: &Statement) -> Voice {
    let speakers = super::speakers(document, statement);
    if !speakers.is_empty() {
        return Voice::Entities(speakers);
    }
    match words(document, &statement.source) {
        source if source.is_empty() => Voice::Nobody,
        source => Voice::Words(source.to_lowercase()),
    }
}
