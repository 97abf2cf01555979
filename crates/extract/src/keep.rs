//! Which blocks of a page are the article's: small trees, added up, over what is known of each block.
//!
//! The trees are learnt by `training/blocks.py` from pages whose articles were marked by hand, and stand in
//! `models/blocks.tsv` (its card: `models/blocks.md`). What the rules say of a block is one of the things that they
//! look at.

use std::sync::LazyLock;

use rapporteur_record::BlockKind;

use crate::body::{Around, Verdict};
use crate::features::{Features, NAMES};
use crate::survey::Survey;

/// Learnt trees, by gradient boosting (Friedman 2001): the sum of what they say is the log-odds of a block.
#[doc(hidden)]
#[derive(Debug)]
pub struct Trees {
    base: f32,
    /// Where each tree begins, and the least and most that it and those after it can add.
    trees: Vec<(usize, f32, f32)>,
    nodes: Vec<Node>,
}

#[derive(Clone, Copy, Debug)]
enum Node {
    /// Goes to `low` where the number is at most `threshold`, else to `high`; both count from the tree's beginning.
    Fork {
        feature: u8,
        low: u16,
        high: u16,
        threshold: f32,
    },
    Leaf(f32),
}

pub(crate) static TREES: LazyLock<Trees> = LazyLock::new(|| {
    Trees::read(include_str!("../models/blocks.tsv")).expect("training writes trees that can be read")
});

impl Trees {
    /// Reads what `training/blocks.py` wrote; the error is the line that makes no sense.
    pub fn read(table: &str) -> Result<Trees, String> {
        let mut trees = Trees { base: 0.0, trees: Vec::new(), nodes: Vec::new() };
        for row in crate::tables::rows::<4>(table) {
            trees.add(row).ok_or_else(|| row.join(" ").trim_end().to_owned())?;
        }
        trees.bound();
        Ok(trees)
    }

    fn add(&mut self, [what, value, low, high]: [&str; 4]) -> Option<()> {
        match what {
            "base" => self.base = value.parse().ok()?,
            "tree" => self.trees.push((self.nodes.len(), 0.0, 0.0)),
            "leaf" => self.nodes.push(Node::Leaf(value.parse().ok()?)),
            name => {
                let feature = NAMES.iter().position(|known| *known == name)?;
                let [low, high] = [low, high].map(str::parse);
                let (low, high, threshold) = (low.ok()?, high.ok()?, value.parse().ok()?);
                // Ways lead on, so that each walk ends.
                let at = self.nodes.len() - self.trees.last()?.0;
                if usize::from(low) <= at || usize::from(high) <= at {
                    return None;
                }
                self.nodes.push(Node::Fork { feature: u8::try_from(feature).ok()?, low, high, threshold });
            }
        }
        Some(())
    }

    fn bound(&mut self) {
        let (mut end, mut least, mut most) = (self.nodes.len(), 0.0, 0.0);
        for tree in self.trees.iter_mut().rev() {
            let leaves = || {
                self.nodes[tree.0..end].iter().filter_map(|node| match node {
                    Node::Leaf(value) => Some(*value),
                    Node::Fork { .. } => None,
                })
            };
            least += leaves().fold(f32::MAX, f32::min);
            most += leaves().fold(f32::MIN, f32::max);
            end = tree.0;
            (tree.1, tree.2) = (least, most);
        }
    }

    /// Whether the log-odds are over nothing; stops as soon as that is certain.
    fn keeps(&self, features: &Features) -> bool {
        let mut sum = self.base;
        for &(start, least, most) in &self.trees {
            if sum + most <= 0.0 || sum + least > 0.0 {
                break;
            }
            sum += self.leaf(start, features);
        }
        sum > 0.0
    }

    fn leaf(&self, start: usize, features: &Features) -> f32 {
        let mut at = start;
        loop {
            match self.nodes[at] {
                Node::Leaf(value) => return value,
                Node::Fork { feature, threshold, low, high } => {
                    let way = if features[usize::from(feature)] <= threshold { low } else { high };
                    at = start + usize::from(way);
                }
            }
        }
    }
}

/// The blocks that are kept, in order; those of the rules where the trees would leave nothing.
pub(crate) fn chosen(around: &Around, verdicts: &[Verdict]) -> Vec<usize> {
    let survey = Survey::new(around, verdicts);
    let wanted = |&at: &usize| match (verdicts[at], around.layout.blocks[at].kind) {
        // What is read elsewhere is not read twice.
        (Verdict::Headline | Verdict::Credit | Verdict::Blank, _) => false,
        // The pages to learn from were marked without their captions.
        (verdict, BlockKind::Caption) => verdict == Verdict::Kept,
        _ => survey.is_candidate(at) && around.trees.keeps(&survey.features(at)),
    };
    let kept: Vec<usize> = (0..verdicts.len()).filter(wanted).collect();
    if kept.iter().all(|&at| around.layout.blocks[at].kind == BlockKind::Caption) {
        return (0..verdicts.len()).filter(|&at| verdicts[at] == Verdict::Kept).collect();
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_that_lead_nowhere_are_refused() {
        assert!(TREES.trees.len() > 10);
        let read = |rows: &str| Trees::read(&rows.replace(' ', "\t"));
        assert!(read("base 0.5\ntree\nn_words 3 1 2\nleaf -1\nleaf 1").is_ok());
        assert_eq!(read("tree\nn_words 3 0 1\nleaf 1").unwrap_err(), "n_words 3 0 1");
        assert_eq!(read("tree\nunheard 3 1 2\nleaf 1").unwrap_err(), "unheard 3 1 2");
    }

    #[test]
    fn stopping_early_changes_nothing() {
        let whole =
            |features: &Features| TREES.base + TREES.trees.iter().map(|tree| TREES.leaf(tree.0, features)).sum::<f32>();
        let (mut seed, mut kept) = (1u32, 0);
        for round in 0..2000 {
            let most = [0.1, 1.0, 10.0, 100.0][round % 4];
            let mut features: Features = std::array::from_fn(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 16) as f32 / 65_536.0 * most
            });
            features[0] = f32::from(round % 3 == 0);
            assert_eq!(TREES.keeps(&features), whole(&features) > 0.0);
            kept += usize::from(TREES.keeps(&features));
        }
        assert!((1..2000).contains(&kept), "{kept}");
    }
}
