//! Whether a file is the one that was read before.

use std::fs::Metadata;
use std::time::{Duration, SystemTime};

/// What a file looks like from outside, so that it is seen whether it changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) n_bytes: u64,
    pub(crate) changed: String,
}

/// A file that was changed so short a time ago may be changed again without its clock showing it.
const SETTLED: Duration = Duration::from_secs(2);

/// The mark of a file whose records are read in that manner.
pub(super) fn mark(data: &Metadata, manner: &str) -> Mark {
    let modified = data.modified().unwrap_or(SystemTime::UNIX_EPOCH);
    let is_settled = modified.elapsed().is_ok_and(|age| age >= SETTLED);
    let since = modified.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let mut changed = format!("{}.{:09}", since.as_secs(), since.subsec_nanos());
    changed.push_str(&inode(data));
    if !is_settled {
        // Never the same as what a later run sees.
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        changed.push_str(&format!(" seen {}.{:09}", now.as_secs(), now.subsec_nanos()));
    }
    if !manner.is_empty() {
        changed.push_str(&format!(" {manner}"));
    }
    Mark { n_bytes: data.len(), changed }
}

/// When the file's data or name were last touched: no program can set that back.
#[cfg(unix)]
fn inode(data: &Metadata) -> String {
    use std::os::unix::fs::MetadataExt;
    format!(" {}.{:09}", data.ctime(), data.ctime_nsec())
}

#[cfg(not(unix))]
fn inode(_: &Metadata) -> String {
    String::new()
}
