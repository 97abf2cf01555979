//! Small trees, added up: what was learnt by training, read from a table.

/// Learnt trees, by gradient boosting (Friedman 2001): the sum of what they say is log-odds.
#[derive(Debug, Default)]
pub(crate) struct Forest {
    base: f32,
    trees: Vec<Tree>,
    nodes: Vec<Node>,
}

/// Where a tree begins, and the least and most that it and those after it can add.
#[derive(Clone, Copy, Debug)]
struct Tree {
    start: usize,
    least: f32,
    most: f32,
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

impl Forest {
    /// Reads a table that training wrote; `names` are what the numbers are called, in their order. The error is the row
    /// that makes no sense.
    pub(crate) fn read(table: &str, names: &[&str]) -> Result<Self, String> {
        let mut forest = Forest::default();
        for row in crate::tables::rows::<4>(table) {
            forest.add(row, names).ok_or_else(|| row.join(" ").trim_end().to_owned())?;
        }
        forest.bound();
        Ok(forest)
    }

    /// The same for a table that is part of the program.
    pub(crate) fn built_in(table: &str, names: &[&str]) -> Self {
        Self::read(table, names).expect("training writes trees that can be read")
    }

    fn add(&mut self, [what, value, low, high]: [&str; 4], names: &[&str]) -> Option<()> {
        match what {
            "base" => self.base = value.parse().ok()?,
            "tree" => self.trees.push(Tree { start: self.nodes.len(), least: 0.0, most: 0.0 }),
            "leaf" => self.nodes.push(Node::Leaf(value.parse().ok()?)),
            name => {
                let feature = names.iter().position(|known| *known == name)?;
                let [low, high] = [low, high].map(str::parse);
                let (low, high, threshold) = (low.ok()?, high.ok()?, value.parse().ok()?);
                // Ways lead on, so that each walk ends.
                let at = self.nodes.len() - self.trees.last()?.start;
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
                self.nodes[tree.start..end].iter().filter_map(|node| match node {
                    Node::Leaf(value) => Some(*value),
                    Node::Fork { .. } => None,
                })
            };
            least += leaves().fold(f32::MAX, f32::min);
            most += leaves().fold(f32::MIN, f32::max);
            end = tree.start;
            (tree.least, tree.most) = (least, most);
        }
    }

    /// The log-odds of what has these numbers.
    pub(crate) fn score(&self, features: &[f32]) -> f32 {
        self.base + self.trees.iter().map(|tree| self.leaf(tree.start, features)).sum::<f32>()
    }

    /// A number of the sign that the log-odds have; stops as soon as that is certain.
    pub(crate) fn sign(&self, features: &[f32]) -> f32 {
        let mut sum = self.base;
        for tree in &self.trees {
            if sum + tree.most <= 0.0 || sum + tree.least > 0.0 {
                break;
            }
            sum += self.leaf(tree.start, features);
        }
        sum
    }

    fn leaf(&self, start: usize, features: &[f32]) -> f32 {
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

    /// Which of several is likeliest, and its log-odds; of equals the first.
    pub(crate) fn best<'a>(&self, each: impl Iterator<Item = &'a [f32]>) -> Option<(usize, f32)> {
        let scores = each.map(|features| self.score(features)).enumerate();
        scores.fold(None, |best: Option<(usize, f32)>, (at, score)| match best {
            Some((_, most)) if most >= score => best,
            _ => Some((at, score)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trees_of_the_program_can_be_read() {
        let tables: [(&str, &[&str]); 4] = [
            (include_str!("../models/blocks.tsv"), &crate::features::NAMES),
            (include_str!("../models/dates.tsv"), &crate::when::days::NAMES),
            (include_str!("../models/titles.tsv"), &crate::title::claims::NAMES),
            (include_str!("../models/standfirsts.tsv"), &crate::standfirst::lines::NAMES),
        ];
        tables.into_iter().for_each(|(table, names)| assert!(!Forest::built_in(table, names).trees.is_empty()));
    }

    #[test]
    fn the_likeliest_is_found() {
        let forest = Forest::built_in("base\t-1\ntree\nsize\t2.5\t1\t2\nleaf\t-2\nleaf\t3\n", &["place", "size"]);
        let each: [&[f32]; 3] = [&[0.0, 1.0], &[0.0, 9.0], &[1.0, 3.0]];
        assert_eq!(forest.best(each.into_iter()), Some((1, 2.0)));
        assert_eq!(forest.best([].into_iter()), None);
    }

    #[test]
    fn trees_that_lead_nowhere_are_refused() {
        let read = |rows: &str| Forest::read(&rows.replace(' ', "\t"), &["n_words"]);
        assert!(read("base 0.5\ntree\nn_words 3 1 2\nleaf -1\nleaf 1").is_ok());
        assert_eq!(read("tree\nn_words 3 0 1\nleaf 1").unwrap_err(), "n_words 3 0 1");
        assert_eq!(read("tree\nunheard 3 1 2\nleaf 1").unwrap_err(), "unheard 3 1 2");
    }

    #[test]
    fn stopping_early_changes_no_sign() {
        let forest = Forest::built_in(include_str!("../models/blocks.tsv"), &crate::features::NAMES);
        let (mut seed, mut n_over) = (1u32, 0);
        for round in 0..2000 {
            let most = [0.1, 1.0, 10.0, 100.0][round % 4];
            let mut features: [f32; crate::features::NAMES.len()] = std::array::from_fn(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 16) as f32 / 65_536.0 * most
            });
            features[0] = f32::from(u8::from(round % 3 == 0));
            assert_eq!(forest.sign(&features) > 0.0, forest.score(&features) > 0.0);
            n_over += usize::from(forest.score(&features) > 0.0);
        }
        assert!((1..2000).contains(&n_over), "{n_over}");
    }
}
