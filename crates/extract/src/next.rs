//! Another article that follows the page's own: pages that go on without end hang one under the other.
//!
//! It stands beside the element that holds the title, in an element that looks the same and has a headline of its own.

use rustc_hash::FxHashMap;
use web_atoms::local_name;

use crate::blocks::{Block, Layout};
use crate::tables::Hints;
use crate::tree::{Id, NONE, Tree};

/// Elements around the title of which each may have such siblings.
const MOST_ABOVE: usize = 24;
/// Less running text, in bytes, is a teaser's.
const LEAST_MASS: f32 = 200.0;
/// The headline is among so many first blocks.
const NEAR: usize = 4;

/// Marks what stands in other articles than that of the title, as furniture too.
pub(crate) fn mark(tree: &Tree, layout: &mut Layout, title: usize) {
    let others = others(tree, layout, layout.blocks[title].node);
    if others.is_empty() {
        return;
    }
    // They are siblings of elements one within the other, and so have nothing in common.
    let mut holder = vec![NONE; tree.len()];
    for &other in &others {
        tree.below(other).for_each(|id| holder[id as usize] = other);
    }
    let mut seen: FxHashMap<Id, (usize, bool)> = FxHashMap::default();
    for block in &layout.blocks {
        let (n_blocks, has_headline) = seen.entry(holder[block.node as usize]).or_default();
        *n_blocks += 1;
        *has_headline |= *n_blocks <= NEAR && is_headline(layout, block);
    }
    let is_article = |other: Id| other != NONE && seen.get(&other).is_some_and(|seen| seen.1);
    layout.next = holder.into_iter().map(is_article).collect();
    layout.dropped.iter_mut().zip(&layout.next).for_each(|(dropped, next)| *dropped |= next);
}

/// Elements after that which holds the title, or after one around it, which look the same and hold as much as an article.
fn others(tree: &Tree, layout: &Layout, title: Id) -> Vec<Id> {
    let (mut at, mut others) = (title, Vec::new());
    for _ in 0..MOST_ABOVE {
        let parent = tree.node(at).parent;
        if parent == NONE {
            break;
        }
        // What holds no text beside the title is not its article.
        if layout.mass[at as usize] >= LEAST_MASS {
            let alike = after(tree, at).filter(|&other| looks_same(tree, at, other));
            others.extend(alike.filter(|&other| layout.mass[other as usize] >= LEAST_MASS));
        }
        at = parent;
    }
    others
}

/// The siblings after an element.
fn after(tree: &Tree, id: Id) -> impl Iterator<Item = Id> + '_ {
    let mut at = tree.node(id).next;
    std::iter::from_fn(move || {
        let now = Some(at).filter(|&at| at != NONE)?;
        at = tree.node(now).next;
        Some(now)
    })
}

fn looks_same(tree: &Tree, id: Id, other: Id) -> bool {
    let name = tree.name(id);
    // The classes of a blog's posts tell their numbers and topics.
    name == tree.name(other) && (name == local_name!("article") || tree.attr(id, "class") == tree.attr(other, "class"))
}

/// Whether a block is a headline: of the first level, or in an element that is called so.
fn is_headline(layout: &Layout, block: &Block) -> bool {
    block.level == 1 || block.level > 0 && layout.hints[block.node as usize].has(Hints::TITLE)
}
