//! Sets that grow together.

/// Disjoint sets of the numbers below some bound; each is called by its least member.
pub(super) struct Union {
    parents: Vec<usize>,
}

impl Union {
    pub(super) fn new(n_members: usize) -> Self {
        Union { parents: (0..n_members).collect() }
    }

    pub(super) fn root(&mut self, mut member: usize) -> usize {
        while self.parents[member] != member {
            self.parents[member] = self.parents[self.parents[member]];
            member = self.parents[member];
        }
        member
    }

    pub(super) fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.parents[one.max(other)] = one.min(other);
    }

    /// All that are in one set with `member`.
    pub(super) fn members(&mut self, member: usize) -> Vec<usize> {
        let root = self.root(member);
        (0..self.parents.len()).filter(|&at| self.root(at) == root).collect()
    }
}
