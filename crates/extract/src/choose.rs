//! Which element holds the article.
//!
//! Each element is scored by how much of the page's running text it holds, times how much of what it holds is running
//! text, times what its tag and class promise. A page's own statement of its text (JSON-LD `articleBody`) is a
//! witness: paragraphs that it has count more, others less.

use web_atoms::local_name;

use crate::blocks::{Layout, roll_up};
use crate::tables::Hints;
use crate::text;
use crate::tree::{Id, Tree};

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
    best.0
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
