//! Dictionaries for zstd, learnt once from the first articles of a database.

use rusqlite::{Transaction, params};

use crate::error::Outcome;
use crate::pack::Unpacker;

/// So many articles are there before dictionaries are learnt, from them.
const N_SAMPLES: i64 = 1000;
/// The most bytes that are taken of one sample, and of all.
const SAMPLE_BYTES: usize = 1 << 15;
const ALL_BYTES: usize = 24 << 20;
/// Bytes of a dictionary.
const TEXT_BYTES: usize = 512 << 10;
const RECORD_BYTES: usize = 112 << 10;

/// Learns and stores dictionaries if there are articles enough; returns whether it did.
pub(crate) fn train(transaction: &Transaction) -> Outcome<bool> {
    let n_articles: i64 =
        transaction
            .query_row("SELECT count(*) FROM (SELECT 1 FROM articles LIMIT ?)", [N_SAMPLES], |row| row.get(0))?;
    if n_articles < N_SAMPLES {
        return Ok(false);
    }
    let texts = "SELECT s.dictionary, s.n_bytes, s.body FROM articles a JOIN snapshots s ON s.id = a.text LIMIT ?";
    let records = "SELECT dictionary, n_bytes, body FROM records LIMIT ?";
    for (kind, sql, n_bytes) in [("text", texts, TEXT_BYTES), ("record", records, RECORD_BYTES)] {
        // Texts too few or too alike to learn from: go on without, and try again when more are there.
        let Some(bytes) = learnt(transaction, sql, n_bytes)? else { return Ok(false) };
        transaction.execute("INSERT INTO dictionaries (kind, bytes) VALUES (?, ?)", params![kind, bytes])?;
    }
    Ok(true)
}

fn learnt(transaction: &Transaction, sql: &str, n_bytes: usize) -> Outcome<Option<Vec<u8>>> {
    let (mut unpacker, mut samples, mut sizes) = (Unpacker::default(), Vec::new(), Vec::new());
    let mut query = transaction.prepare(sql)?;
    let mut rows = query.query([N_SAMPLES])?;
    while let Some(row) = rows.next()? {
        let body = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
        let sample = unpacker.unpack(transaction, row.get(0)?, row.get(1)?, body)?;
        let sample = &sample[..sample.len().min(SAMPLE_BYTES)];
        if samples.len() + sample.len() > ALL_BYTES {
            break;
        }
        samples.extend_from_slice(sample);
        sizes.push(sample.len());
    }
    Ok(zstd::dict::from_continuous(&samples, &sizes, n_bytes).ok())
}
