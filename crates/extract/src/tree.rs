//! A page as a tree: nodes in one arena, linked by index.
//!
//! An arena has nothing that drops or walks recursively, so no page is too deep for it. Node 0 is the document.

use html5ever::{Attribute, LocalName, local_name};

/// Index of a node in its [`Tree`].
pub(crate) type Id = u32;

/// No node.
pub(crate) const NONE: Id = u32::MAX;

/// What a node is.
pub(crate) enum Data {
    Document,
    Element { name: LocalName, attrs: Vec<Attribute> },
    Text(String),
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
}

/// A step of a walk over the tree.
pub(crate) enum Step {
    Enter(Id),
    Leave(Id),
}

impl Tree {
    pub(crate) fn new() -> Self {
        let mut tree = Tree { nodes: Vec::with_capacity(4096) };
        tree.add(Data::Document);
        tree
    }

    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(crate) fn node(&self, id: Id) -> &Node {
        &self.nodes[id as usize]
    }

    pub(crate) fn node_mut(&mut self, id: Id) -> &mut Node {
        &mut self.nodes[id as usize]
    }

    pub(crate) fn add(&mut self, data: Data) -> Id {
        let id = Id::try_from(self.nodes.len()).expect("a page of at most 256 MB has fewer than 2^32 nodes");
        self.nodes.push(Node { parent: NONE, prev: NONE, next: NONE, first: NONE, last: NONE, data });
        id
    }

    pub(crate) fn detach(&mut self, id: Id) {
        let Node { parent, prev, next, .. } = self.nodes[id as usize];
        if prev != NONE {
            self.node_mut(prev).next = next;
        } else if parent != NONE {
            self.node_mut(parent).first = next;
        }
        if next != NONE {
            self.node_mut(next).prev = prev;
        } else if parent != NONE {
            self.node_mut(parent).last = prev;
        }
        let node = self.node_mut(id);
        (node.parent, node.prev, node.next) = (NONE, NONE, NONE);
    }

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

    pub(crate) fn attrs(&self, id: Id) -> &[Attribute] {
        match &self.node(id).data {
            Data::Element { attrs, .. } => attrs,
            _ => &[],
        }
    }

    /// The value of an attribute.
    pub(crate) fn attr(&self, id: Id, wanted: &str) -> Option<&str> {
        self.attrs(id).iter().find(|attr| &*attr.name.local == wanted).map(|attr| &*attr.value)
    }

    pub(crate) fn remove_attr(&mut self, id: Id, unwanted: &str) {
        if let Data::Element { attrs, .. } = &mut self.node_mut(id).data {
            attrs.retain(|attr| &*attr.name.local != unwanted);
        }
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
        for id in self.below(root) {
            match &self.node(id).data {
                Data::Text(text) if !self.is_code(self.node(id).parent) => crate::text::push_folded(&mut out, text),
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
        id != NONE && matches!(self.name(id), local_name!("script") | local_name!("style") | local_name!("noscript"))
    }
}
