//! A page as a tree: nodes in one arena, linked by index; their texts in one string.
//!
//! An arena has nothing that drops or walks recursively, so no page is too deep for it. Node 0 is the document.

use std::ops::Range;

use web_atoms::{LocalName, local_name};

/// Index of a node in its [`Tree`].
pub(crate) type Id = u32;

/// No node.
pub(crate) const NONE: Id = u32::MAX;

/// A piece of the tree's text, in bytes; [`Tree::str`] reads it.
pub(crate) type Piece = Range<u32>;

/// What a node is.
pub(crate) enum Data {
    Document,
    /// Its attributes are those of [`Tree::attrs`].
    Element {
        name: LocalName,
        attrs: Range<u32>,
    },
    Text(Piece),
}

/// An attribute of an element.
struct Attr {
    name: Piece,
    value: Piece,
}

/// One node and its neighbours.
pub(crate) struct Node {
    pub(crate) parent: Id,
    pub(crate) prev: Id,
    pub(crate) next: Id,
    pub(crate) first: Id,
    pub(crate) last: Id,
    pub(crate) data: Data,
}

/// All nodes of a page.
pub(crate) struct Tree {
    nodes: Vec<Node>,
    attrs: Vec<Attr>,
    /// What all texts and attributes are pieces of.
    text: String,
    /// The length of the page.
    n_bytes: usize,
}

/// A step of a walk over the tree.
pub(crate) enum Step {
    Enter(Id),
    Leave(Id),
}

impl Tree {
    /// A tree for a page of so many bytes.
    pub(crate) fn new(n_bytes: usize) -> Self {
        let mut tree = Tree {
            nodes: Vec::with_capacity(n_bytes / 64 + 16),
            attrs: Vec::with_capacity(n_bytes / 64),
            text: String::with_capacity(n_bytes / 4),
            n_bytes,
        };
        tree.add(Data::Document);
        tree
    }

    /// How many bytes the page has that it is the tree of.
    pub(crate) fn n_bytes(&self) -> usize {
        self.n_bytes
    }

    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(crate) fn node(&self, id: Id) -> &Node {
        &self.nodes[id as usize]
    }

    fn node_mut(&mut self, id: Id) -> &mut Node {
        &mut self.nodes[id as usize]
    }

    pub(crate) fn add(&mut self, data: Data) -> Id {
        let id = Id::try_from(self.nodes.len()).expect("a page of at most 256 MB has fewer than 2^32 nodes");
        self.nodes.push(Node { parent: NONE, prev: NONE, next: NONE, first: NONE, last: NONE, data });
        id
    }

    pub(crate) fn detach(&mut self, id: Id) {
        let Node { parent, prev, next, .. } = self.nodes[id as usize];
        if parent == NONE {
            return;
        }
        if prev != NONE {
            self.node_mut(prev).next = next;
        } else {
            self.node_mut(parent).first = next;
        }
        if next != NONE {
            self.node_mut(next).prev = prev;
        } else {
            self.node_mut(parent).last = prev;
        }
        let node = self.node_mut(id);
        (node.parent, node.prev, node.next) = (NONE, NONE, NONE);
    }

    /// Moves a node to the end of another.
    pub(crate) fn append(&mut self, parent: Id, child: Id) {
        self.detach(child);
        let last = self.node(parent).last;
        let node = self.node_mut(child);
        (node.parent, node.prev) = (parent, last);
        if last == NONE {
            self.node_mut(parent).first = child;
        } else {
            self.node_mut(last).next = child;
        }
        self.node_mut(parent).last = child;
    }

    /// Moves a node before another.
    pub(crate) fn insert_before(&mut self, sibling: Id, child: Id) {
        self.detach(child);
        let Node { parent, prev, .. } = *self.node(sibling);
        let node = self.node_mut(child);
        (node.parent, node.prev, node.next) = (parent, prev, sibling);
        self.node_mut(sibling).prev = child;
        if prev != NONE {
            self.node_mut(prev).next = child;
        } else if parent != NONE {
            self.node_mut(parent).first = child;
        }
    }

    /// The name of an element, the empty name of anything else.
    pub(crate) fn name(&self, id: Id) -> LocalName {
        match &self.node(id).data {
            Data::Element { name, .. } => name.clone(),
            _ => local_name!(""),
        }
    }

    /// Whether it is an element of that name.
    pub(crate) fn is(&self, id: Id, wanted: &LocalName) -> bool {
        matches!(&self.node(id).data, Data::Element { name, .. } if name == wanted)
    }

    /// Names, in lower case, and values.
    pub(crate) fn attrs(&self, id: Id) -> impl Iterator<Item = (&str, &str)> {
        let range = match &self.node(id).data {
            Data::Element { attrs, .. } => attrs.start as usize..attrs.end as usize,
            _ => 0..0,
        };
        self.attrs[range].iter().map(|attr| (self.str(&attr.name), self.str(&attr.value)))
    }

    /// The value of an attribute.
    pub(crate) fn attr(&self, id: Id, wanted: &str) -> Option<&str> {
        self.attrs(id).find(|attr| attr.0 == wanted).map(|attr| attr.1)
    }

    /// What a piece says.
    pub(crate) fn str(&self, piece: &Piece) -> &str {
        &self.text[piece.start as usize..piece.end as usize]
    }

    /// The step after `step` of a walk below `root`, or `None` at its end.
    pub(crate) fn next_step(&self, root: Id, step: &Step) -> Option<Step> {
        match *step {
            Step::Enter(id) if self.node(id).first != NONE => Some(Step::Enter(self.node(id).first)),
            Step::Enter(id) => Some(Step::Leave(id)),
            Step::Leave(id) if id == root => None,
            Step::Leave(id) if self.node(id).next != NONE => Some(Step::Enter(self.node(id).next)),
            Step::Leave(id) if self.node(id).parent != NONE => Some(Step::Leave(self.node(id).parent)),
            Step::Leave(_) => None,
        }
    }

    /// `root` and everything below it, in the order of the page.
    pub(crate) fn below(&self, root: Id) -> impl Iterator<Item = Id> + '_ {
        let mut at = Some(Step::Enter(root));
        std::iter::from_fn(move || {
            while let Some(step) = at.take() {
                at = self.next_step(root, &step);
                if let Step::Enter(id) = step {
                    return Some(id);
                }
            }
            None
        })
    }

    /// The text below a node with white space folded, cut off after `most` bytes.
    pub(crate) fn text(&self, root: Id, most: usize) -> String {
        let mut out = String::new();
        let mut at = Some(Step::Enter(root));
        while let Some(step) = at {
            at = match step {
                Step::Enter(id) if id != root && self.is_code(id) => Some(Step::Leave(id)),
                _ => self.next_step(root, &step),
            };
            let Step::Enter(id) = step else { continue };
            match &self.node(id).data {
                Data::Text(text) => {
                    let most = most.saturating_mul(4).saturating_add(1000);
                    crate::text::push_folded(&mut out, crate::text::head(self.str(text), most));
                }
                Data::Element { name, .. } if crate::tables::is_block(name) || *name == local_name!("br") => {
                    crate::text::push_folded(&mut out, " ");
                }
                _ => {}
            }
            if out.len() > most {
                break;
            }
        }
        out.truncate(out.trim_end().len());
        out
    }

    /// Whether an element holds what is never shown as text.
    fn is_code(&self, id: Id) -> bool {
        matches!(self.name(id), local_name!("script") | local_name!("style") | local_name!("noscript"))
    }
}

/// What building needs.
impl Tree {
    /// Appends to the text of all nodes; gives the piece that was added.
    pub(crate) fn write(&mut self, write: impl FnOnce(&mut String)) -> Piece {
        let start = self.text.len();
        write(&mut self.text);
        offset(start)..offset(self.text.len())
    }

    pub(crate) fn n_attrs(&self) -> u32 {
        offset(self.attrs.len())
    }

    /// Takes an attribute from an element.
    pub(crate) fn remove_attr(&mut self, id: Id, unwanted: &str) {
        let Data::Element { attrs, .. } = &self.node(id).data else { return };
        for at in attrs.start as usize..attrs.end as usize {
            if self.str(&self.attrs[at].name) == unwanted {
                self.attrs[at].name = 0..0;
            }
        }
    }

    /// Adds an attribute to those of the element that comes next.
    pub(crate) fn add_attr(&mut self, name: &str, value: Piece) {
        let is_small = !name.bytes().any(|byte| byte.is_ascii_uppercase());
        let name =
            self.write(|out| if is_small { out.push_str(name) } else { out.push_str(&name.to_ascii_lowercase()) });
        self.attrs.push(Attr { name, value });
    }

    /// Adds an attribute to an element that is there, unless it has very many.
    pub(crate) fn add_attr_to(&mut self, id: Id, name: &str, value: Piece) {
        let Data::Element { attrs, .. } = &self.node(id).data else { return };
        let (old, start) = (attrs.clone(), self.n_attrs());
        if old.len() >= 64 {
            return;
        }
        for at in old {
            let Attr { name, value } = &self.attrs[at as usize];
            let copy = Attr { name: name.clone(), value: value.clone() };
            self.attrs.push(copy);
        }
        self.add_attr(name, value);
        let end = self.n_attrs();
        if let Data::Element { attrs, .. } = &mut self.node_mut(id).data {
            *attrs = start..end;
        }
    }

    /// Lengthens a text by the piece that follows it; whether that could be done.
    pub(crate) fn extend_text(&mut self, id: Id, piece: &Piece) -> bool {
        match self.nodes.get_mut(id as usize).map(|node| &mut node.data) {
            Some(Data::Text(text)) if text.end == piece.start => {
                text.end = piece.end;
                true
            }
            _ => false,
        }
    }

    /// Gives the children of a node to another that has none.
    pub(crate) fn adopt(&mut self, from: Id, to: Id) {
        let Node { first, last, .. } = *self.node(from);
        let mut child = first;
        while child != NONE {
            self.node_mut(child).parent = to;
            child = self.node(child).next;
        }
        (self.node_mut(from).first, self.node_mut(from).last) = (NONE, NONE);
        (self.node_mut(to).first, self.node_mut(to).last) = (first, last);
    }
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).expect("a page of at most 256 MB has less than 4 GB of text")
}
