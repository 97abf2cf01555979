//! Which blocks of a page are the article's: small trees, added up, over what is known of each block.
//!
//! The trees are learnt by `training/blocks.py` from pages whose articles were marked by hand, and stand in
//! `models/blocks.tsv`. What the rules say of a block is one of the things that they look at.

use std::sync::LazyLock;

use rapporteur_record::BlockKind;

use crate::body::{Around, Verdict};
use crate::features::{Features, NAMES, Survey};

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

/// The blocks that are kept, in order.
pub(crate) fn chosen(around: &Around, verdicts: &[Verdict]) -> Vec<usize> {
    let survey = Survey::new(around, verdicts);
    let wanted = |&at: &usize| match (verdicts[at], around.layout.blocks[at].kind) {
        // What is read elsewhere is not read twice.
        (Verdict::Headline | Verdict::Credit | Verdict::Blank, _) => false,
        // The pages to learn from were marked without their captions.
        (verdict, BlockKind::Caption) => verdict == Verdict::Kept,
        _ => FOREST.score(&survey.features(at)) > 0.0,
    };
    (0..verdicts.len()).filter(wanted).collect()
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
