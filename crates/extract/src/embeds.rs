//! Posts of others that a page embeds, and block quotes that name their author: one quotation each.
//!
//! A post is cut into its text, its author and its date, which are blocks of their own and read like litter when they
//! stand alone. They become one block, whose last line is the author's as it is printed.

use std::sync::LazyLock;

use rapporteur_record::BlockKind;

use crate::blocks::Block;
use crate::tables::{self, rows};
use crate::text;
use crate::tree::{Id, NONE};

static WORDS: LazyLock<Vec<[&str; 2]>> = LazyLock::new(|| rows(include_str!("../lang/en/posts.tsv")).collect());

/// Whether a line or word begins as the table says of `what`.
fn begins_as(text: &str, what: &str) -> bool {
    let start = text::head(text, 40).to_lowercase();
    WORDS.iter().any(|[begin, of]| *of == what && start.starts_with(begin))
}

/// A longer text, in bytes, is no post whatever its element is called.
const LONGEST_POST: usize = 4000;
/// A longer line, in bytes, names no author.
const LONGEST_AUTHOR: usize = 160;

/// Makes one quotation of the blocks from `start` on, which the post `node` holds; a post without words is left out.
pub(crate) fn join_post(blocks: &mut Vec<Block>, start: usize, node: Id) {
    let length: usize = blocks[start..].iter().map(|block| block.text.len()).sum();
    if start == blocks.len() || length > LONGEST_POST {
        return;
    }
    let parts: Vec<Block> = blocks.drain(start..).collect();
    let lines = parts.iter().flat_map(|block| block.text.lines()).map(without_picture);
    let lines: Vec<&str> =
        lines.filter(|line| !line.is_empty() && (names_poster(line) || tables::litter(line).is_none())).collect();
    if lines.iter().any(|line| !names_poster(line)) {
        let mut post = parts[0].clone();
        (post.kind, post.level, post.text) = (BlockKind::Quote, 0, lines.join("\n"));
        (post.n_link, post.node, post.row) = (0, node, NONE);
        blocks.push(post);
    }
}

/// Joins the last of the blocks from `start` on, which a block quote holds, to the one before if it names the author;
/// `author` is the block whose element says so.
pub(crate) fn join_author(blocks: &mut Vec<Block>, start: usize, author: Option<usize>) {
    let last = blocks.len().saturating_sub(1);
    let is_short = |text: &str| text.len() < LONGEST_AUTHOR && !text::ends_sentence(text);
    let names = |block: &Block| is_author(&block.text) || author == Some(last) && is_short(&block.text);
    if last <= start || !blocks.last().is_some_and(names) {
        return;
    }
    if let Some(author) = blocks.pop()
        && let Some(quote) = blocks.last_mut()
    {
        quote.text.push('\n');
        quote.text.push_str(&author.text);
    }
}

/// Whether a line of a post only says whose it is.
fn names_poster(line: &str) -> bool {
    is_author(line) || begins_as(line, "poster") || line.starts_with('@') && !line.contains(' ')
}

/// Whether a line reads "— Ida Holm, mayor".
fn is_author(line: &str) -> bool {
    let name = line.trim_start_matches(['—', '–', '―', '-', '~', ' ']);
    let is_led = name.len() < line.len() && !line.starts_with("- ");
    is_led && line.len() < LONGEST_AUTHOR && name.starts_with(char::is_uppercase) && !text::ends_sentence(line)
}

/// A line of a post without the addresses of its pictures at the end.
fn without_picture(line: &str) -> &str {
    let mut rest = line.trim();
    while let Some((before, last)) = rest.rsplit_once(' ').or((!rest.is_empty()).then_some(("", rest))) {
        if !begins_as(last, "picture") {
            break;
        }
        rest = before.trim_end();
    }
    rest
}
