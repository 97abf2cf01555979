//! The line under the headline.
//!
//! It is a block near the headline that is called so by its element, or that prints the page's own description.

use rapporteur_record::BlockKind;

use crate::blocks::{Block, Layout};
use crate::tables::{self, Hints};
use crate::text::key;
use crate::tree::{NONE, Tree};

/// Blocks after the headline in which it is looked for.
const NEAR: usize = 10;

/// The index of the block that is the standfirst.
pub(crate) fn standfirst(tree: &Tree, layout: &Layout, title: Option<usize>, descriptions: &[&str]) -> Option<usize> {
    let from = title.map_or(0, |at| at + 1);
    let near = || {
        let blocks = layout.blocks.iter().enumerate().skip(from).take(if title.is_some() { NEAR } else { NEAR * 3 });
        blocks.filter(|(_, block)| fits(block))
    };
    let marked = near().find(|(_, block)| is_marked(tree, layout, block));
    let described = || near().find(|(_, block)| prints(block, descriptions));
    described().or(title.and(marked)).map(|(at, _)| at)
}

fn fits(block: &Block) -> bool {
    let words = block.n_words;
    (5..90).contains(&words)
        && block.kind != BlockKind::Caption
        && block.link_density() < 0.3
        && tables::litter(&block.text).is_none()
}

/// Whether its element, or one closely around it that holds nothing else of weight, is called a standfirst.
fn is_marked(tree: &Tree, layout: &Layout, block: &Block) -> bool {
    let (mut at, mut steps) = (block.node, 0);
    while at != NONE && steps < 3 {
        let hints = layout.hints[at as usize];
        let small = layout.mass[at as usize] <= block.mass + 1.0;
        if small && hints.has(Hints::STANDFIRST) && !hints.has(Hints::BODY) {
            return true;
        }
        (at, steps) = (tree.node(at).parent, steps + 1);
    }
    false
}

/// Whether a block prints one of the descriptions.
fn prints(block: &Block, descriptions: &[&str]) -> bool {
    let own = key(&block.text);
    descriptions.iter().any(|description| own == key(description))
}
