//! Which blocks of a page are the article's: small trees, added up, over what is known of each block.
//!
//! The trees are learnt by `training/blocks.py` from pages whose articles were marked by hand, and stand in
//! `models/blocks.tsv` (its card: `models/blocks.md`). What the rules say of a block is one of the things that they
//! look at.

use std::sync::LazyLock;

use rapporteur_record::BlockKind;

use crate::body::{Around, Verdict};
use crate::features::{Features, NAMES};
use crate::forest::Forest;
use crate::survey::Survey;
use crate::tables;

/// The trees that choose blocks.
#[doc(hidden)]
#[derive(Debug)]
pub struct Trees(Forest);

pub(crate) static TREES: LazyLock<Trees> = LazyLock::new(|| {
    Trees::read(include_str!("../models/blocks.tsv")).expect("training writes trees that can be read")
});

impl Trees {
    /// Reads what `training/blocks.py` wrote; the error is the line that makes no sense.
    pub fn read(table: &str) -> Result<Trees, String> {
        Forest::read(table, &NAMES).map(Trees)
    }
}

/// With more words than this, a line that has a phrase of litter may be a sentence.
const LONG_LITTER: usize = 12;

/// The log-odds that each block is the article's, as the trees have it; `None` where the verdict settles it. Unless
/// `exactly` is asked for, only their sign is right.
pub(crate) fn log_odds(around: &Around, verdicts: &[Verdict], exactly: bool) -> Vec<Option<f32>> {
    let (survey, Trees(forest)) = (Survey::new(around, verdicts), around.trees);
    let odds = |features: &Features| if exactly { forest.score(features) } else { forest.sign(features) };
    let all: Vec<Option<f32>> =
        (0..verdicts.len()).map(|at| is_asked(&survey, at).then(|| odds(&survey.features(at)))).collect();
    // Where the trees would leave nothing, the rules have their way.
    let leaves_any = all.iter().flatten().any(|odds| *odds > 0.0);
    if leaves_any { all } else { vec![None; verdicts.len()] }
}

/// Whether the trees are asked about a block.
pub(crate) fn is_asked(survey: &Survey, at: usize) -> bool {
    let block = &survey.around.layout.blocks[at];
    match survey.verdicts[at] {
        // What is read elsewhere is not read twice.
        Verdict::Headline | Verdict::Credit | Verdict::Blank => false,
        // Each of these rules is surer than the trees, but that a sentence may speak of what litter is about.
        Verdict::Next | Verdict::Time | Verdict::Post => false,
        Verdict::Litter => block.n_words > LONG_LITTER && !tables::is_sure_litter(&block.text),
        // The pages to learn from were marked without their captions.
        _ => block.kind != BlockKind::Caption && survey.is_candidate(at),
    }
}
