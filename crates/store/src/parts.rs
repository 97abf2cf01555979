//! Which part a name takes in a statement: the numbers of the table `parts`.

pub(crate) const SPEAKS: i64 = 0;
pub(crate) const PASSES_ON: i64 = 1;
pub(crate) const IS_TOLD: i64 = 2;
