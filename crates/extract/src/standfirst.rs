//! What stands under the headline and sums up the article: a line, or a few points.
//!
//! What stands near the headline is gathered, a block alone or all that an element holds (`lines`), and learnt trees say
//! which is the standfirst, if any (`models/standfirsts.tsv`, by `training/metadata.py`).

use std::ops::Range;
use std::sync::LazyLock;

use crate::forest::Forest;
use crate::standfirst::lines::{NAMES, Page};

pub(crate) mod lines;

static FOREST: LazyLock<Forest> = LazyLock::new(|| Forest::built_in(include_str!("../models/standfirsts.tsv"), &NAMES));

/// Log-odds below which a line is only the text's first.
const LEAST: f32 = -3.0;

/// So much more is asked of a paragraph that looks as all the others do.
const PLAIN: f32 = 3.0;

/// The blocks that are the standfirst.
pub(crate) fn standfirst(page: &Page) -> Option<Range<usize>> {
    page.title?;
    let lines = lines::lines(page);
    let odds = |line: &lines::Line| FOREST.score(&line.features) - if line.is_plain { PLAIN } else { 0.0 };
    let scored = lines.iter().map(|line| (odds(line), line)).filter(|(odds, _)| *odds > LEAST);
    let best = scored.reduce(|best, next| if next.0 > best.0 { next } else { best });
    let called = || lines.iter().find(|line| line.is_called);
    best.map(|(_, line)| line).or_else(called).map(|line| line.blocks.clone())
}
