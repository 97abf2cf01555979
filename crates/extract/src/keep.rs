//! Which blocks of a page are the article's: small trees, added up, over what is known of each block.
//!
//! The trees are learnt by `training/blocks.py` from pages whose articles were marked by hand, and stand in
//! `models/blocks.tsv`. What the rules say of a block is one of the things that they look at.

use std::sync::LazyLock;

use rapporteur_record::BlockKind;

use crate::body::{Around, Verdict};
use crate::features::{Features, NAMES, Survey};
use crate::{tables, text};

/// Learnt trees, by gradient boosting (Friedman 2001): the sum of what they say is the log-odds of a block.
struct Forest {
    base: f32,
    trees: Vec<Vec<Node>>,
}

enum Node {
    /// Goes to `low` where the number is at most `threshold`, else to `high`.
    Fork {
        feature: usize,
        threshold: f32,
        low: usize,
        high: usize,
    },
    Leaf(f32),
}

static FOREST: LazyLock<Forest> = LazyLock::new(|| {
    let mut forest = Forest { base: 0.0, trees: Vec::new() };
    for [what, value, low, high] in crate::tables::rows(include_str!("../models/blocks.tsv")) {
        let number = |text: &str| text.parse::<f32>().expect("training writes numbers");
        let place = |text: &str| text.parse::<usize>().expect("training writes places");
        let node = match what {
            "base" => {
                forest.base = number(value);
                continue;
            }
            "tree" => {
                forest.trees.push(Vec::new());
                continue;
            }
            "leaf" => Node::Leaf(number(value)),
            name => Node::Fork {
                feature: NAMES.iter().position(|known| *known == name).expect("training knows the names"),
                threshold: number(value),
                low: place(low),
                high: place(high),
            },
        };
        forest.trees.last_mut().expect("a tree begins with its name").push(node);
    }
    forest
});

impl Forest {
    /// The log-odds that a block is the article's.
    fn score(&self, features: &Features) -> f32 {
        let leaf = |tree: &[Node]| {
            let mut at = 0;
            loop {
                match tree[at] {
                    Node::Leaf(value) => return value,
                    Node::Fork { feature, threshold, low, high } => {
                        at = if features[feature] <= threshold { low } else { high };
                    }
                }
            }
        };
        self.base + self.trees.iter().map(|tree| leaf(tree)).sum::<f32>()
    }
}

/// With more words than this, a line that has a phrase of litter may be a sentence.
const LONG_LITTER: usize = 12;

/// The log-odds that each block is the article's, as the trees have it; `None` where the verdict settles it.
pub(crate) fn log_odds(around: &Around, verdicts: &[Verdict]) -> Vec<Option<f32>> {
    let survey = Survey::new(around, verdicts);
    let is_asked = |at: usize| match verdicts[at] {
        // What is read elsewhere is not read twice.
        Verdict::Headline | Verdict::Credit | Verdict::Blank => false,
        // Each of these rules is surer than the trees, but that a sentence may speak of what litter is about.
        Verdict::Next | Verdict::Time | Verdict::Post => false,
        Verdict::Litter => {
            let text = &around.layout.blocks[at].text;
            text::n_words(text) > LONG_LITTER && !tables::is_sure_litter(text)
        }
        // The pages to learn from were marked without their captions.
        _ => around.layout.blocks[at].kind != BlockKind::Caption,
    };
    (0..verdicts.len()).map(|at| is_asked(at).then(|| FOREST.score(&survey.features(at)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trees_lead_to_leaves() {
        assert!(FOREST.trees.len() > 10);
        for tree in &FOREST.trees {
            for (at, node) in tree.iter().enumerate() {
                if let Node::Fork { low, high, .. } = *node {
                    assert!(low > at && high > at && low < tree.len() && high < tree.len());
                }
            }
        }
    }
}
