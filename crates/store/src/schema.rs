//! Whose file it is, and which version wrote it.

use rusqlite::{Connection, TransactionBehavior};

use crate::error::{Outcome, Problem};

/// "RPTR": what `file` and SQLite know the database by.
const APPLICATION: i64 = 0x5250_5452;
/// The version of the schema that this code writes.
pub(crate) const VERSION: i64 = 1;
/// What leads from each version to the next; the first makes an empty file version 1.
const STEPS: [&str; VERSION as usize] = [include_str!("schema.sql")];
/// Bytes a page of the file: rows of two or three kilobytes fill it well.
const PAGE_BYTES: i64 = 32_768;

/// Refuses files that are not ours or newer than this code; returns the version of the file, 0 if it is empty.
pub(crate) fn check(connection: &Connection) -> Outcome<i64> {
    let number = |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let (application, version) = (number("application_id")?, number("user_version")?);
    if application == 0 && version == 0 {
        let n_tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        return if n_tables == 0 { Ok(0) } else { Err(Problem::Foreign) };
    }
    if application != APPLICATION {
        return Err(Problem::Foreign);
    }
    if version > VERSION { Err(Problem::Newer(version)) } else { Ok(version) }
}

/// Brings the file to this version, in one transaction.
pub(crate) fn migrate(connection: &mut Connection) -> Outcome<()> {
    let version = check(connection)?;
    if version == 0 {
        connection.pragma_update(None, "page_size", PAGE_BYTES)?;
    }
    connection.pragma_update(None, "journal_mode", "WAL")?;
    if version == VERSION {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for step in &STEPS[version as usize..] {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()?;
    Ok(())
}
