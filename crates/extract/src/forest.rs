//! Small trees, added up: what was learnt by training, read from a table.

/// Learnt trees, by gradient boosting (Friedman 2001): the sum of what they say is log-odds.
pub(crate) struct Forest {
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

impl Forest {
    /// Reads a table that training wrote; `names` are what the numbers are called, in their order.
    pub(crate) fn new(table: &'static str, names: &[&str]) -> Self {
        let mut forest = Forest { base: 0.0, trees: Vec::new() };
        for [what, value, low, high] in crate::tables::rows(table) {
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
                    feature: names.iter().position(|known| *known == name).expect("training knows the names"),
                    threshold: number(value),
                    low: place(low),
                    high: place(high),
                },
            };
            forest.trees.last_mut().expect("a tree begins with its name").push(node);
        }
        forest
    }

    /// The log-odds of what has these numbers.
    pub(crate) fn score(&self, features: &[f32]) -> f32 {
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

    /// Which of several is likeliest, and its log-odds; of equals the first.
    pub(crate) fn best<'a>(&self, each: impl Iterator<Item = &'a [f32]>) -> Option<(usize, f32)> {
        let scores = each.map(|features| self.score(features)).enumerate();
        scores.fold(None, |best: Option<(usize, f32)>, (at, score)| match best {
            Some((_, most)) if most >= score => best,
            _ => Some((at, score)),
        })
    }

    /// Whether every fork leads to later nodes of its tree.
    #[cfg(test)]
    pub(crate) fn is_sound(&self) -> bool {
        let leads = |tree: &Vec<Node>, at: usize, next: usize| next > at && next < tree.len();
        !self.trees.is_empty()
            && self.trees.iter().all(|tree| {
                tree.iter().enumerate().all(|(at, node)| match *node {
                    Node::Leaf(_) => true,
                    Node::Fork { low, high, .. } => leads(tree, at, low) && leads(tree, at, high),
                })
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trees_lead_to_leaves() {
        let tables: [(&'static str, &[&str]); 3] = [
            (include_str!("../models/dates.tsv"), &crate::when::days::NAMES),
            (include_str!("../models/titles.tsv"), &crate::title::claims::NAMES),
            (include_str!("../models/standfirsts.tsv"), &crate::standfirst::lines::NAMES),
        ];
        tables.into_iter().for_each(|(table, names)| assert!(Forest::new(table, names).is_sound()));
    }

    #[test]
    fn the_likeliest_is_found() {
        let forest = Forest::new("base\t-1\ntree\nsize\t2.5\t1\t2\nleaf\t-2\nleaf\t3\n", &["place", "size"]);
        let each: [&[f32]; 3] = [&[0.0, 1.0], &[0.0, 9.0], &[1.0, 3.0]];
        assert_eq!(forest.best(each.into_iter()), Some((1, 2.0)));
        assert_eq!(forest.best([].into_iter()), None);
    }
}
