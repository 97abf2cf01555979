//! Opening and closing the file.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::error::{Error, Outcome, Problem};
use crate::lock::Lock;
use crate::pack::{Packer, Unpacker};
use crate::put::Names;
use crate::schema;

/// How long a statement waits for another connection's lock; only a checkpoint or a migration holds one that long.
const PATIENCE: Duration = Duration::from_secs(20);
/// Memory for pages of the file, in KiB; less would read the same pages of an index again and again while writing.
const CACHE_KIB: i64 = 65_536;
/// The same while the file is copied.
const COPY_KIB: i64 = 4_096;

/// The record on disk: one file, written by one process at a time and read by any number.
pub struct Store {
    pub(crate) connection: Connection,
    pub(crate) path: PathBuf,
    pub(crate) packer: Packer,
    pub(crate) names: Names,
    _lock: Option<Lock>,
}

impl Store {
    /// Opens a database to read it. Writers are not kept from writing meanwhile.
    pub fn open(path: &Path) -> Result<Self, Error> {
        Self::opened(path).map_err(|problem| problem.at(path))
    }

    fn opened(path: &Path) -> Outcome<Self> {
        if !path.try_exists()? {
            return Err(Problem::Missing);
        }
        let connection = reader(path)?;
        guard(&connection)?;
        connection.pragma_update(None, "query_only", true)?;
        if schema::check(&connection)? == 0 {
            return Err(Problem::Foreign);
        }
        Ok(Store::of(connection, path, None))
    }

    /// Opens a database to write it, and makes it if there is none. `holder` is what others are told that must wait for
    /// it: "`rapporteur import`, since 16:02".
    ///
    /// # Errors
    /// [`Problem::InUse`] at once if another process has it open to write.
    pub fn open_to_write(path: &Path, holder: &str) -> Result<Self, Error> {
        Self::opened_to_write(path, holder).map_err(|problem| problem.at(path))
    }

    fn opened_to_write(path: &Path, holder: &str) -> Outcome<Self> {
        // A foreign file is found out before anything is put beside it.
        if path.try_exists()? && path.metadata()?.len() > 0 {
            let connection = reader(path)?;
            guard(&connection)?;
            schema::check(&connection)?;
        }
        let lock = match Lock::take(path, holder) {
            Err(Problem::Missing) => return Err(Problem::Denied("its folder does not exist".to_owned())),
            Err(Problem::Denied(reason)) => return Err(Problem::Denied(format!("it cannot be written: {reason}"))),
            taken => taken?,
        };
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path, flags)?;
        guard(&connection)?;
        schema::migrate(&mut connection)?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
        let packer = Packer::of(&connection)?;
        let mut store = Store::of(connection, path, Some(lock));
        store.packer = packer;
        Ok(store)
    }

    fn of(connection: Connection, path: &Path, lock: Option<Lock>) -> Self {
        connection.set_prepared_statement_cache_capacity(64);
        let path = path.to_owned();
        Store { connection, path, packer: Packer::default(), names: Names::default(), _lock: lock }
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What packs documents for this database, on any thread. It gets better once some hundred articles are stored: ask
    /// again after each [`put`](Self::put).
    pub fn packer(&self) -> Packer {
        self.packer.clone()
    }

    /// Moves what was written from the journal beside the file into the file itself, so that a copy of that one file has
    /// it. SQLite does so by itself when nobody reads any longer.
    pub fn settle(&self) -> Result<(), Error> {
        let settled = self.connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        settled.map_err(|error| Problem::from(error).at(&self.path))
    }

    /// Makes the file as small as it can be: articles come in another order than they lie in, and leave gaps behind. Takes
    /// some seconds for a hundred megabytes, and as much room again for that time; worth it when much was added.
    pub fn compact(&mut self) -> Result<(), Error> {
        let index = |table: &str| format!("INSERT INTO {table} ({table}) VALUES ('optimize');");
        let indexes: String = ["statements_text", "articles_text", "names_text"].map(index).concat();
        let compacted = self.connection.execute_batch(&indexes).and_then(|()| {
            // Each page is read and written once: three caches of the usual size would be filled for nothing.
            self.connection.pragma_update(None, "cache_size", -COPY_KIB)?;
            let copied = self.connection.execute_batch("VACUUM");
            self.connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
            copied
        });
        compacted.map_err(|error| Problem::from(error).at(&self.path))
    }

    /// The connection, to ask in SQL what the methods do not. What is opened to read can only read.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    pub(crate) fn snapshot(&self, unpacker: &mut Unpacker, id: i64) -> Outcome<Vec<u8>> {
        let sql = "SELECT dictionary, n_bytes, body FROM snapshots WHERE id = ?";
        let mut query = self.connection.prepare_cached(sql)?;
        let mut rows = query.query([id])?;
        let row = rows.next()?.ok_or_else(|| Problem::Damaged(format!("snapshot {id} is missing")))?;
        let body = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
        unpacker.unpack(&self.connection, row.get(0)?, row.get(1)?, body)
    }

    pub(crate) fn text(&self, unpacker: &mut Unpacker, id: i64) -> Outcome<String> {
        let text = String::from_utf8(self.snapshot(unpacker, id)?);
        text.map_err(|_| Problem::Damaged(format!("snapshot {id} is no text")))
    }
}

/// A connection that only reads. A file in a folder that can't be written has no room for SQLite's notes to other
/// processes; it is then read as one that nobody writes.
fn reader(path: &Path) -> Outcome<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    let version = connection.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0));
    match version.map_err(Problem::from) {
        Err(Problem::Denied(_)) if !beside(path, "-wal").exists() => {
            let flags = flags | OpenFlags::SQLITE_OPEN_URI;
            Ok(Connection::open_with_flags(unchanging(path), flags)?)
        }
        version => version.map(|_| connection),
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// The URI of a file that nobody writes.
fn unchanging(path: &Path) -> String {
    let mut uri = "file:".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => uri.push(*byte as char),
            byte => uri.push_str(&format!("%{byte:02x}")),
        }
    }
    uri + "?immutable=1"
}

/// Nothing that a file says of itself makes us run it.
fn guard(connection: &Connection) -> Outcome<()> {
    connection.busy_timeout(PATIENCE)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    Ok(())
}
