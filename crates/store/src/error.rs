//! What can go wrong with a database file.

use std::fmt;
use std::path::{Path, PathBuf};

use rusqlite::ffi::ErrorCode;

/// A failure, and the file that it happened to. It prints as one line that says what to do.
#[derive(Debug)]
pub struct Error {
    /// The database.
    pub path: PathBuf,
    /// What is wrong.
    pub problem: Problem,
}

/// What can be wrong.
#[derive(Debug)]
#[non_exhaustive]
pub enum Problem {
    /// There is no such file, and it was opened to be read.
    Missing,
    /// The file is something else.
    Foreign,
    /// The file was written by a newer version; holds its schema version.
    Newer(i64),
    /// Another process writes it; holds what that one said of itself.
    InUse(String),
    /// The disk, or the quota, is full. What was acknowledged before is kept.
    Full,
    /// The file, its folder or the system does not let it be read or written.
    Denied(String),
    /// The file breaks its own rules; holds where.
    Damaged(String),
    /// A query that can't be understood; holds why.
    Query(String),
    /// Anything else that SQLite says.
    Sqlite(rusqlite::Error),
}

pub(crate) type Outcome<T> = Result<T, Problem>;

impl Problem {
    pub(crate) fn at(self, path: &Path) -> Error {
        Error { path: path.to_owned(), problem: self }
    }
}

impl From<rusqlite::Error> for Problem {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error::SqliteFailure;
        match &error {
            SqliteFailure(cause, words) => match cause.code {
                ErrorCode::NotADatabase => Problem::Foreign,
                ErrorCode::DiskFull => Problem::Full,
                ErrorCode::ReadOnly => Problem::Denied("it is read-only".to_owned()),
                ErrorCode::PermissionDenied => Problem::Denied("permission denied".to_owned()),
                ErrorCode::CannotOpen => {
                    Problem::Denied("it cannot be opened: look at the rights of the file and of its folder".to_owned())
                }
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Problem::InUse("another program".to_owned()),
                ErrorCode::DatabaseCorrupt => Problem::Damaged(words.clone().unwrap_or_default()),
                // A write that the system cuts short at a quota or a size limit.
                ErrorCode::SystemIoFailure if cause.extended_code == rusqlite::ffi::SQLITE_IOERR_WRITE => Problem::Full,
                _ => Problem::Sqlite(error),
            },
            _ => Problem::Sqlite(error),
        }
    }
}

impl From<std::io::Error> for Problem {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::NotFound => Problem::Missing,
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Problem::Full,
            std::io::ErrorKind::PermissionDenied => Problem::Denied("permission denied".to_owned()),
            _ => Problem::Denied(error.to_string()),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Problem::Query(reason) = &self.problem {
            return f.write_str(reason);
        }
        write!(f, "{}: {}", self.path.display(), self.problem)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Missing => write!(f, "no such database; `rapporteur import` makes one"),
            Problem::Foreign => write!(f, "not a database of Rapporteur; name another file, this one is left as it is"),
            Problem::Newer(version) => write!(
                f,
                "written by a newer Rapporteur (schema {version}, and this one knows {}): update Rapporteur",
                crate::schema::VERSION
            ),
            Problem::InUse(holder) => {
                write!(f, "in use by {holder}: one at a time can write; try again when it is done")
            }
            Problem::Full => {
                write!(
                    f,
                    "the disk or the quota is full; what was reported as stored is kept: make room and run it again"
                )
            }
            Problem::Denied(reason) => write!(f, "{reason}"),
            Problem::Damaged(place) => write!(f, "the file is damaged ({place}): restore a backup, or import again"),
            Problem::Query(reason) => write!(f, "{reason}"),
            Problem::Sqlite(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for Error {}
