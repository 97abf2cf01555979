//! Bytes made small: zstd, with dictionaries that are learnt from the database's first articles and kept in it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use rapporteur_record::{Document, Moment, Offsets};
use rusqlite::Connection;
use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};

use crate::error::{Outcome, Problem};
use crate::key::article_hash;
use crate::lean;

/// How hard zstd tries, for texts and for records: past these, time grows and sizes hardly shrink.
const TEXT_LEVEL: i32 = 19;
const RECORD_LEVEL: i32 = 12;
/// Nothing longer is unpacked: a forged length must not take the memory.
const MOST_BYTES: i64 = 1 << 30;

/// Makes [`Entry`]s of documents: the part of storing that can be done on many threads. Clones share what they hold.
#[derive(Clone, Default)]
pub struct Packer {
    text: Option<Arc<Dictionary>>,
    record: Option<Arc<Dictionary>>,
}

struct Dictionary {
    id: i64,
    encoder: EncoderDictionary<'static>,
}

/// A document ready to be put.
pub struct Entry {
    pub(crate) document: Document,
    pub(crate) hash: [u8; 16],
    pub(crate) text: Packed,
    pub(crate) record: Packed,
    pub(crate) page: Option<Packed>,
    pub(crate) input: Option<[u8; 16]>,
    pub(crate) seen: Option<Moment>,
}

impl Entry {
    /// Notes when the page was fetched; revisions of one URL are ordered by it.
    pub fn seen(mut self, at: Moment) -> Self {
        self.seen = Some(at);
        self
    }

    /// Notes the raw record that it was made of, so that [`Store::known_input`](crate::Store::known_input) tells of it.
    pub fn input(mut self, hash: [u8; 16]) -> Self {
        self.input = Some(hash);
        self
    }

    /// Bytes that it will take, about.
    pub fn n_bytes(&self) -> usize {
        let page = self.page.as_ref().map_or(0, |page| page.body.len());
        self.document.article.text.len() + self.text.body.len() + self.record.body.len() + page
    }

    /// The document.
    pub fn document(&self) -> &Document {
        &self.document
    }
}

/// One frame, and what it holds.
pub(crate) struct Packed {
    /// BLAKE3 of the bytes; of records not needed, and zero.
    pub(crate) hash: [u8; 32],
    pub(crate) n_bytes: i64,
    /// 0 is none.
    pub(crate) dictionary: i64,
    pub(crate) body: Vec<u8>,
}

impl Packer {
    /// The packer with the newest dictionaries of a database.
    pub(crate) fn of(connection: &Connection) -> Outcome<Self> {
        let newest = |kind: &str, level: i32| -> Outcome<Option<Arc<Dictionary>>> {
            let sql = "SELECT id, bytes FROM dictionaries WHERE kind = ? ORDER BY id DESC LIMIT 1";
            let mut query = connection.prepare_cached(sql)?;
            let mut rows = query.query([kind])?;
            let Some(row) = rows.next()? else { return Ok(None) };
            let encoder = EncoderDictionary::copy(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?, level);
            Ok(Some(Arc::new(Dictionary { id: row.get(0)?, encoder })))
        };
        Ok(Packer { text: newest("text", TEXT_LEVEL)?, record: newest("record", RECORD_LEVEL)? })
    }

    /// Whether it has learnt from articles.
    pub fn is_trained(&self) -> bool {
        self.text.is_some()
    }

    /// Packs a document together with the bytes of its page, if these are to be kept. A page that is the text itself
    /// takes no further room.
    pub fn pack(&self, mut document: Document, page: Option<&[u8]>) -> Entry {
        let hash = article_hash(&document.article);
        let text = std::mem::take(&mut document.article.text);
        let lean = lean::lean(&document.to_json(Offsets::Byte));
        let record = pack(&lean, self.record.as_deref(), RECORD_LEVEL);
        let page = page.filter(|page| *page != text.as_bytes()).map(|page| snapshot(page, self.text.as_deref()));
        let packed = snapshot(text.as_bytes(), self.text.as_deref());
        document.article.text = text;
        Entry { document, hash, text: packed, record, page, input: None, seen: None }
    }
}

fn snapshot(bytes: &[u8], dictionary: Option<&Dictionary>) -> Packed {
    Packed { hash: *blake3::hash(bytes).as_bytes(), ..pack(bytes, dictionary, TEXT_LEVEL) }
}

fn pack(bytes: &[u8], dictionary: Option<&Dictionary>, level: i32) -> Packed {
    let compressor = match dictionary {
        Some(dictionary) => Compressor::with_prepared_dictionary(&dictionary.encoder),
        None => Compressor::new(level),
    };
    let body = compressor.and_then(|mut compressor| compressor.compress(bytes));
    let body = body.expect("compressing into memory fails only without memory");
    let dictionary = dictionary.map_or(0, |dictionary| dictionary.id);
    Packed { hash: [0; 32], n_bytes: bytes.len() as i64, dictionary, body }
}

/// Reads frames again; keeps the dictionaries that it met, and what zstd works with.
#[derive(Default)]
pub(crate) struct Unpacker {
    dictionaries: BTreeMap<i64, &'static DecoderDictionary<'static>>,
    decompressor: Option<(i64, Decompressor<'static>)>,
}

impl Unpacker {
    pub(crate) fn unpack(
        &mut self,
        connection: &Connection,
        dictionary: i64,
        n_bytes: i64,
        body: &[u8],
    ) -> Outcome<Vec<u8>> {
        let n_bytes = Some(n_bytes).filter(|n_bytes| (0..=MOST_BYTES).contains(n_bytes));
        let n_bytes = n_bytes.ok_or_else(|| damaged("a length"))? as usize;
        let bytes = self.decompressor(connection, dictionary)?.decompress(body, n_bytes);
        bytes.ok().filter(|bytes| bytes.len() == n_bytes).ok_or_else(|| damaged("a zstd frame"))
    }

    /// The decompressor with that dictionary.
    fn decompressor(&mut self, connection: &Connection, dictionary: i64) -> Outcome<&mut Decompressor<'static>> {
        let known = match dictionary {
            0 => None,
            id => Some(self.dictionary(connection, id)?),
        };
        let (current, decompressor) = self.decompressor.get_or_insert_with(|| (0, Decompressor::default()));
        if *current != dictionary {
            let set = match known {
                None => decompressor.set_dictionary(&[]),
                Some(known) => decompressor.set_prepared_dictionary(known),
            };
            set.map_err(|_| damaged("a dictionary"))?;
            *current = dictionary;
        }
        Ok(decompressor)
    }

    fn dictionary(&mut self, connection: &Connection, id: i64) -> Outcome<&'static DecoderDictionary<'static>> {
        if let Some(known) = self.dictionaries.get(&id) {
            return Ok(known);
        }
        let sql = "SELECT bytes FROM dictionaries WHERE id = ?";
        let bytes: Vec<u8> = connection.query_row(sql, [id], |row| row.get(0)).map_err(|error| match error {
            rusqlite::Error::QueryReturnedNoRows => damaged("a dictionary is missing"),
            error => error.into(),
        })?;
        let known = shared(&bytes);
        self.dictionaries.insert(id, known);
        Ok(known)
    }
}

/// The dictionary of those bytes, which is kept as long as the process runs: a database has two, and each search would
/// make them anew.
fn shared(bytes: &[u8]) -> &'static DecoderDictionary<'static> {
    type Known = Vec<(blake3::Hash, &'static DecoderDictionary<'static>)>;
    static KNOWN: Mutex<Known> = Mutex::new(Vec::new());
    let hash = blake3::hash(bytes);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, dictionary)) = known.iter().find(|(other, _)| *other == hash) {
        return dictionary;
    }
    let dictionary: &'static _ = Box::leak(Box::new(DecoderDictionary::copy(bytes)));
    known.push((hash, dictionary));
    dictionary
}

fn damaged(what: &str) -> Problem {
    Problem::Damaged(what.to_owned())
}
