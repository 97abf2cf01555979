//! Puts the pieces of a page that was sent in pieces where they belong.
//!
//! React sends what is late as `<div hidden id="S:1">` at the end of the page, and a script puts it in place of
//! `<template id="B:1">`. Nothing here runs scripts, so this does it.

use std::collections::BTreeMap;

use web_atoms::local_name;

use crate::tree::{Id, NONE, Tree};

/// At most so many pieces are moved.
const MOST: usize = 256;

/// Moves each piece to its place; a piece whose place is unknown stays, and is shown.
pub(crate) fn joined(tree: &mut Tree) {
    let templates = tree.below(0).filter(|&id| tree.is(id, &local_name!("template")));
    let places: BTreeMap<String, Id> =
        templates.filter_map(|id| Some((number(tree, id, "B:")?.to_owned(), id))).collect();
    if places.is_empty() {
        return;
    }
    let pieces = tree.below(0).filter_map(|id| Some((id, number(tree, id, "S:")?.to_owned())));
    let pieces: Vec<(Id, String)> = pieces.filter(|&(id, _)| tree.attr(id, "hidden").is_some()).take(MOST).collect();
    for (piece, number) in pieces {
        tree.remove_attr(piece, "hidden");
        if let Some(&place) = places.get(&number)
            && !stands_in(tree, place, piece)
        {
            tree.detach(piece);
            tree.insert_before(place, piece);
        }
    }
}

/// What follows `prefix` in an element's id.
fn number<'a>(tree: &'a Tree, id: Id, prefix: &str) -> Option<&'a str> {
    let number = tree.attr(id, "id")?.strip_prefix(prefix)?;
    (!number.is_empty() && number.len() < 12 && number.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(number)
}

/// Whether `id` is below `above`, or is it.
fn stands_in(tree: &Tree, id: Id, above: Id) -> bool {
    let mut at = id;
    while at != NONE {
        if at == above {
            return true;
        }
        at = tree.node(at).parent;
    }
    false
}

#[cfg(test)]
mod tests {
    use crate::{Page, article};

    fn text(html: &str) -> String {
        article(&Page { bytes: html.as_bytes(), ..Page::default() }).map(|read| read.text).unwrap_or_default()
    }

    const FIRST: &str = "<p>The harbour will stay closed until the divers have looked at the wreck, the port's master said on Monday.</p>";
    const SECOND: &str = "<p>Two ferries were sent to the next bay, and buses take the passengers over the hills, he said, which takes an hour.</p>";

    #[test]
    fn late_pieces_come_to_their_places() {
        let plain = text(&format!("<html><body><h1>Harbour closed</h1><div>{FIRST}{SECOND}</div></body></html>"));
        let late = format!(
            "<html><body><h1>Harbour closed</h1><div>{FIRST}<template id='B:a'></template></div><footer>Imprint</footer>\
             <div hidden id='S:a'>{SECOND}</div><script>$RC('B:a','S:a')</script></body></html>"
        );
        assert!(plain.contains("over the hills"));
        assert_eq!(text(&late), plain);
    }

    #[test]
    fn a_piece_in_itself_stays() {
        let page = format!("<div hidden id='S:1'><template id='B:1'></template>{FIRST}</div>{SECOND}");
        assert!(text(&page).contains("harbour"));
    }
}
