//! One process writes at a time, and the others are told which.
//!
//! The lock is the operating system's, on a file beside the database, so that it goes with its process however that
//! ends. The file's content is only words for people.

use std::ffi::OsString;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use crate::error::{Outcome, Problem};

/// Held as long as it lives.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

/// The most that is read of what a holder says of itself.
const LONGEST_HOLDER: u64 = 200;

impl Lock {
    /// Takes the lock of the database at `path` for `holder`, without waiting.
    pub(crate) fn take(path: &Path, holder: &str) -> Outcome<Self> {
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(beside(path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(Problem::InUse(said(&mut file))),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        // Words for people: a disk without room for them is found out by the first real write.
        let _ = file.set_len(0).and_then(|()| writeln!(file, "{holder}, process {}", std::process::id()));
        Ok(Lock { _file: file })
    }
}

fn beside(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(".lock");
    name.into()
}

fn said(file: &mut File) -> String {
    let mut bytes = Vec::new();
    let _ = file.rewind();
    let _ = file.take(LONGEST_HOLDER).read_to_end(&mut bytes);
    let words = String::from_utf8_lossy(&bytes);
    let words: String = words.trim().chars().filter(|ch| !ch.is_control()).collect();
    if words.is_empty() { "another process".to_owned() } else { words }
}
