//! Which element holds the article.
//!
//! Each element is scored by how much of the page's running text it holds, times how much of what it holds is running
//! text, times what its tag and class promise. A page's own statement of its text (JSON-LD `articleBody`) is a
//! witness: paragraphs that it has count more, others less.

use web_atoms::local_name;

use crate::blocks::{Block, Layout, roll_up};
use crate::tables::Hints;
use crate::text;
use crate::tree::{Id, NONE, Tree};

/// How steeply a container loses by what is no running text.
const PURITY: f32 = 0.6;

/// A block this long, in characters of its key, can be looked for in the witness.
const WITNESS_KEY: usize = 30;

/// The element that holds the article, given the key of the text that the page states in JSON-LD.
pub(crate) fn container(tree: &Tree, layout: &Layout, witness: &str) -> Id {
    let mut good = vec![0.0; tree.len()];
    let mut all = vec![0.0; tree.len()];
    for block in layout.blocks.iter().filter(|block| !layout.is_dropped(block)) {
        good[block.node as usize] += block.mass * weight(&block.text, witness);
        all[block.node as usize] += block.text.len() as f32;
    }
    roll_up(tree, &layout.order, &mut good);
    roll_up(tree, &layout.order, &mut all);
    let mut best = (0, 0.0);
    for &id in &layout.order {
        let at = id as usize;
        let purity = good[at] / (all[at] + 100.0);
        let score = good[at] * purity.powf(PURITY) * promise(tree, id, layout.hints[at]);
        if score > best.1 {
            best = (id, score);
        }
    }
    around_one(tree, layout, best.0, &all)
}

/// Where an element is but one paragraph, the nearest around it that holds more, or that is called the article: in a short
/// article one paragraph may be all that looks like running text.
fn around_one(tree: &Tree, layout: &Layout, container: Id, all: &[f32]) -> Id {
    let is_one = |block: &&Block| block.node == container && block.text.len() as f32 == all[container as usize];
    if !layout.blocks.iter().any(|block| is_one(&block)) {
        return container;
    }
    let mut at = container;
    while promise(tree, at, layout.hints[at as usize]) == 1.0
        && all[at as usize] == all[container as usize]
        && tree.node(at).parent != NONE
    {
        at = tree.node(at).parent;
    }
    at
}

fn weight(block: &str, witness: &str) -> f32 {
    if witness.is_empty() {
        return 1.0;
    }
    let key: String = text::key(block).chars().take(WITNESS_KEY).collect();
    if key.len() >= WITNESS_KEY && witness.contains(&key) { 2.0 } else { 0.4 }
}

fn promise(tree: &Tree, id: Id, hints: Hints) -> f32 {
    let is_body = tree.attr(id, "itemprop").is_some_and(|property| property.eq_ignore_ascii_case("articlebody"));
    if is_body {
        return 1.3;
    }
    if hints.has(Hints::BODY) {
        return 1.15;
    }
    match tree.name(id) {
        local_name!("article") => 1.1,
        local_name!("main") => 1.02,
        _ => 1.0,
    }
}
