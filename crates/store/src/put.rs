//! Documents in: rows, search index and watermark in one transaction.

use std::collections::{BTreeSet, HashMap, HashSet};

use rapporteur_record::{
    Act, ChannelKind, Document, Entity, EntityKind, Form, Quotation, Stance, Statement, Status, TimeKind, Via,
};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use crate::codes::code;
use crate::error::{Error, Outcome};
use crate::fold::folded;
use crate::key::{MOST_STATEMENTS, article_row, next_within_day, statement_row};
use crate::log::{self, Fetch, Progress, Skipped};
use crate::pack::{Entry, Packed, Packer};
use crate::spans::Spans;
use crate::train;
use crate::{Store, parts};

/// What is stored together, or not at all.
#[derive(Default)]
pub struct Batch {
    /// Documents.
    pub entries: Vec<Entry>,
    /// Records that gave none.
    pub skipped: Vec<Skipped>,
    /// Records that were not even read, because [`known_input`](Store::known_input) knew them.
    pub n_known: u64,
    /// How far the source is done with them.
    pub progress: Option<Progress>,
    /// Requests to be noted in the log.
    pub fetches: Vec<Fetch>,
}

/// What became of a document that was put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// It is new.
    Added,
    /// Its URL was known with another text; both are kept.
    Revised,
    /// It was there already; nothing changed.
    Known,
}

/// What a [`Store::put`] did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Put {
    /// For each entry, in order.
    pub stored: Vec<Stored>,
    /// Statements that were added.
    pub n_statements: usize,
    /// Statements beyond the 8,192nd of an article: in its document, but not found by queries.
    pub n_beyond: usize,
}

/// Row numbers of names that were used lately.
#[derive(Default)]
pub(crate) struct Names {
    names: HashMap<String, i64>,
    roles: HashMap<String, i64>,
}

/// Past so many the memory starts anew.
const MOST_NAMES: usize = 200_000;
/// So many other names of an entity are kept for one document.
const MOST_OTHER_NAMES: usize = 8;

impl Store {
    /// Stores documents, without the bytes of their pages. Those that are there already change nothing.
    pub fn put(&mut self, documents: impl IntoIterator<Item = Document>) -> Result<Put, Error> {
        let packer = self.packer();
        let entries = documents.into_iter().map(|document| packer.pack(document, None)).collect();
        self.put_batch(&Batch { entries, ..Batch::default() })
    }

    /// Stores a batch in one transaction. After an error nothing of it is stored.
    pub fn put_batch(&mut self, batch: &Batch) -> Result<Put, Error> {
        self.write(|transaction, names| {
            let put = entries(transaction, names, &batch.entries)?;
            if let Some(progress) = &batch.progress {
                log::advance(transaction, progress, &put, batch)?;
            }
            for skipped in &batch.skipped {
                log::skip(transaction, skipped)?;
            }
            batch.fetches.iter().try_for_each(|fetch| log::fetch(transaction, fetch))?;
            Ok(put)
        })
    }

    /// Runs `work` in one transaction that is taken up before anything is read.
    pub(crate) fn write<T>(&mut self, work: impl FnOnce(&Transaction, &mut Names) -> Outcome<T>) -> Result<T, Error> {
        let (mut done, mut trained) = (None, false);
        let written = (|| {
            let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            done = Some(work(&transaction, &mut self.names)?);
            trained = !self.packer.is_trained() && train::train(&transaction)?;
            transaction.commit()?;
            if trained {
                self.packer = Packer::of(&self.connection)?;
            }
            Ok(())
        })();
        if written.is_err() {
            // They may name rows that were rolled back.
            self.names = Names::default();
        }
        written.map_err(|problem: crate::Problem| problem.at(&self.path))?;
        Ok(done.expect("it was done"))
    }
}

fn entries(transaction: &Transaction, names: &mut Names, entries: &[Entry]) -> Outcome<Put> {
    let mut put = Put::default();
    let mut fresh = Vec::new();
    for entry in entries {
        let (stored, row) = article(transaction, names, entry)?;
        if let Some(input) = &entry.input {
            let sql = "INSERT OR IGNORE INTO inputs (hash, article) VALUES (?, ?)";
            transaction.prepare_cached(sql)?.execute(params![input, row])?;
        }
        put.stored.push(stored);
        if stored != Stored::Known {
            let n_statements = entry.document.statements.len();
            put.n_statements += n_statements;
            put.n_beyond += n_statements.saturating_sub(MOST_STATEMENTS);
            fresh.push((row, entry));
        }
    }
    // The index takes rows in ascending order without writing itself out in between.
    fresh.sort_unstable_by_key(|(row, _)| *row);
    index(transaction, &fresh)?;
    Ok(put)
}

/// The article's row, and what became of it.
fn article(transaction: &Transaction, names: &mut Names, entry: &Entry) -> Outcome<(Stored, i64)> {
    let mut known = transaction.prepare_cached("SELECT id FROM articles WHERE hash = ?")?;
    if let Some(row) = known.query_row([&entry.hash], |row| row.get(0)).optional()? {
        return Ok((Stored::Known, row));
    }
    let article = &entry.document.article;
    let mut known = transaction.prepare_cached("SELECT 1 FROM articles WHERE url = ? LIMIT 1")?;
    let stored = if known.exists([&article.url])? { Stored::Revised } else { Stored::Added };
    let row = free_row(transaction, article_row(article, &entry.hash))?;
    let text = snapshot(transaction, &entry.text)?;
    let page = entry.page.as_ref().map(|page| snapshot(transaction, page)).transpose()?;
    let outlet = outlet(transaction, article.outlet.as_deref(), article.outlet_name.as_deref())?;
    let sql = "INSERT INTO articles (id, hash, url, outlet, title, published, modified, seen, language, page, text,
               n_statements) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    transaction.prepare_cached(sql)?.execute(params![
        row,
        entry.hash,
        article.url,
        outlet,
        article.title,
        article.published.map(|moment| moment.to_string()),
        article.modified.map(|moment| moment.to_string()),
        entry.seen.map(|moment| moment.to_string()),
        article.language,
        page,
        text,
        entry.document.statements.len() as i64,
    ])?;
    let sql = "INSERT INTO records (article, n_bytes, dictionary, body) VALUES (?, ?, ?, ?)";
    let record = &entry.record;
    transaction.prepare_cached(sql)?.execute(params![row, record.n_bytes, record.dictionary, record.body])?;
    rows(transaction, names, entry, row)?;
    Ok((stored, row))
}

/// The first free row number from `wanted` on; within the day the numbers wrap around.
fn free_row(transaction: &Transaction, wanted: i64) -> Outcome<i64> {
    let mut taken = transaction.prepare_cached("SELECT 1 FROM articles WHERE id = ?")?;
    let mut row = wanted;
    while taken.exists([row])? {
        row = next_within_day(row);
        if row == wanted {
            return Err(crate::Problem::Denied("more articles of one day than there are numbers for".to_owned()));
        }
    }
    Ok(row)
}

fn snapshot(transaction: &Transaction, packed: &Packed) -> Outcome<i64> {
    let mut known = transaction.prepare_cached("SELECT id FROM snapshots WHERE hash = ?")?;
    if let Some(row) = known.query_row([&packed.hash], |row| row.get(0)).optional()? {
        return Ok(row);
    }
    let sql = "INSERT INTO snapshots (hash, n_bytes, dictionary, body) VALUES (?, ?, ?, ?)";
    let mut insert = transaction.prepare_cached(sql)?;
    Ok(insert.insert(params![packed.hash, packed.n_bytes, packed.dictionary, packed.body])?)
}

fn outlet(transaction: &Transaction, domain: Option<&str>, name: Option<&str>) -> Outcome<Option<i64>> {
    if domain.is_none() && name.is_none() {
        return Ok(None);
    }
    let (domain, name) = (domain.unwrap_or_default(), name.unwrap_or_default());
    let mut known = transaction.prepare_cached("SELECT id FROM outlets WHERE domain = ? AND name = ?")?;
    if let Some(row) = known.query_row([domain, name], |row| row.get(0)).optional()? {
        return Ok(Some(row));
    }
    let sql = "INSERT INTO outlets (domain, name, folded) VALUES (?, ?, ?)";
    let both = folded(&format!("{name} {domain}"));
    Ok(Some(transaction.prepare_cached(sql)?.insert(params![domain, name, both])?))
}

/// The narrow tables of one document.
fn rows(transaction: &Transaction, names: &mut Names, entry: &Entry, article: i64) -> Outcome<()> {
    let document = &entry.document;
    let name_rows = figures(transaction, names, document, article)?;
    for statement in document.statements.iter().take(MOST_STATEMENTS) {
        self::statement(transaction, names, entry, article, statement, &name_rows)?;
    }
    findings(transaction, document, article, &name_rows)
}

/// Of each entity of a document the row of its name; `None` of those that have none.
type NameRows = [Option<i64>];

/// Whom and what the document names, to be linked later, and who else takes part in its statements; returns the row of
/// each one's name. "The building", which is not named and says nothing, is in the document alone.
fn figures(
    transaction: &Transaction,
    names: &mut Names,
    document: &Document,
    article: i64,
) -> Outcome<Vec<Option<i64>>> {
    let spoken = n_spoken(document);
    let taking_part = taking_part(document);
    let mut name_rows = vec![None; document.entities.len()];
    for entity in &document.entities {
        let (others, named) = other_names(document, entity);
        if !named && !taking_part.contains(&entity.id) {
            continue;
        }
        let name = names.name(transaction, &entity.name)?;
        if let Some(row) = name_rows.get_mut(entity.id) {
            *row = Some(name);
        }
        let role = role(entity).map(|role| names.role(transaction, &role)).transpose()?;
        let sql = "INSERT INTO entities (article, ordinal, kind, name, role, country, named, n_statements)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
        transaction.prepare_cached(sql)?.execute(params![
            article,
            entity.id as i64,
            code(EntityKind::ALL, entity.kind),
            name,
            role,
            entity.country,
            named,
            spoken.get(entity.id).copied().unwrap_or(0),
        ])?;
        for other in others {
            let sql = "INSERT INTO other_names (article, ordinal, name) VALUES (?, ?, ?)";
            let other = names.name(transaction, &other)?;
            transaction.prepare_cached(sql)?.execute([article, entity.id as i64, other])?;
        }
    }
    transaction.prepare_cached("INSERT OR IGNORE INTO waiting (article) VALUES (?)")?.execute([article])?;
    Ok(name_rows)
}

/// The entities that speak, pass on or are told, and those that hold positions.
fn taking_part(document: &Document) -> HashSet<usize> {
    let of_statement = |statement: &Statement| {
        let told = statement.addressee.and_then(|addressee| addressee.entity);
        let relays: Vec<usize> = statement.via.iter().filter_map(|via| via.entity).chain(told).collect();
        speakers(statement).chain(relays).collect::<Vec<_>>()
    };
    let parties = document.positions.iter().map(|position| position.party);
    document.statements.iter().flat_map(of_statement).chain(parties).collect()
}

/// How many statements each entity speaks, of those that have rows.
fn n_spoken(document: &Document) -> Vec<i64> {
    let mut spoken = vec![0; document.entities.len()];
    for statement in document.statements.iter().take(MOST_STATEMENTS) {
        for speaker in speakers(statement) {
            if let Some(n) = spoken.get_mut(speaker) {
                *n += 1;
            }
        }
    }
    spoken
}

/// The entities that speak, each once.
fn speakers(statement: &Statement) -> impl Iterator<Item = usize> {
    let one = statement.speaker.filter(|speaker| !statement.speakers.contains(speaker));
    one.into_iter().chain(statement.speakers.iter().copied())
}

/// By what names a document calls an entity other than by words of its fullest, "IRS"; and whether it names it at all.
fn other_names(document: &Document, entity: &Entity) -> (BTreeSet<String>, bool) {
    let full = format!(" {} ", folded(&entity.name));
    let mut named = false;
    let mut others = BTreeSet::new();
    for mention in entity.mentions.iter().filter(|mention| mention.form == Form::Name) {
        named = true;
        let words = document.article.text.get(mention.span.range()).unwrap_or_default();
        let other = folded(words);
        if others.len() < MOST_OTHER_NAMES && !other.is_empty() && !full.contains(&format!(" {other} ")) {
            others.insert(one_line(words));
        }
    }
    (others, named)
}

fn statement(
    transaction: &Transaction,
    names: &mut Names,
    entry: &Entry,
    article: i64,
    statement: &Statement,
    name_rows: &NameRows,
) -> Outcome<()> {
    let document = &entry.document;
    let row = statement_row(article, statement.id);
    let speaker = statement.speaker.and_then(|id| document.entities.get(id));
    let role = speaker.and_then(role).map(|role| names.role(transaction, &role)).transpose()?;
    let name_of = |id: &usize| document.entities.get(*id).map(|entity| one_line(&entity.name));
    let jointly: Option<Vec<String>> = (statement.speaker.is_none() && !statement.speakers.is_empty())
        .then(|| statement.speakers.iter().filter_map(name_of).collect());
    let relays = relays(document, statement);
    let row_of = |entity: usize| name_rows.get(entity).copied().flatten();
    let sql = "INSERT INTO statements (id, speaker, role, country, via, jointly, quotation, act, channel, negated,
               confidence, spans) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    transaction.prepare_cached(sql)?.execute(params![
        row,
        speaker.and_then(|speaker| row_of(speaker.id)),
        role,
        speaker.and_then(|speaker| speaker.country.as_deref()),
        (!relays.is_empty()).then(|| relays.join("\n")),
        jointly.map(|names| names.join("\n")),
        code(Quotation::ALL, statement.quotation),
        code(Act::ALL, statement.act),
        statement.channel.map(|channel| code(ChannelKind::ALL, channel.kind)),
        statement.negated,
        (statement.confidence * 1000.0).round() as i64,
        Spans::of(statement).pack(),
    ])?;
    let sql = "INSERT OR IGNORE INTO parts (name, part, statement, entity) VALUES (?, ?, ?, ?)";
    let mut part = transaction.prepare_cached(sql)?;
    for id in speakers(statement) {
        if let Some(name) = row_of(id) {
            part.execute(params![name, parts::SPEAKS, row, id as i64])?;
        }
    }
    for (relay, via) in relays.iter().zip(&statement.via) {
        let entity = via.entity.filter(|&id| id < name_rows.len()).map(|id| id as i64);
        part.execute(params![names.name(transaction, relay)?, parts::PASSES_ON, row, entity])?;
    }
    let told = statement.addressee.and_then(|addressee| addressee.entity);
    if let Some((id, name)) = told.and_then(|id| Some((id, row_of(id)?))) {
        part.execute(params![name, parts::IS_TOLD, row, id as i64])?;
    }
    Ok(())
}

/// Who passed it on, nearest the speaker first: the entity's name, else the words.
pub(crate) fn relays(document: &Document, statement: &Statement) -> Vec<String> {
    let name = |via: &Via| {
        let entity = via.entity.and_then(|id| document.entities.get(id));
        one_line(entity.map_or(&document.article.text[via.span], |entity| &entity.name))
    };
    statement.via.iter().map(name).collect()
}

/// "foreign minister, Russia; negotiator"
pub(crate) fn role(entity: &Entity) -> Option<String> {
    let mut roles: Vec<String> = Vec::new();
    for role in &entity.roles {
        let role = match &role.of {
            Some(of) => format!("{}, {of}", role.title),
            None => role.title.clone(),
        };
        if !roles.contains(&role) {
            roles.push(role);
        }
    }
    (!roles.is_empty()).then(|| one_line(&roles.join("; ")))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What days are counted from.
const UNIX_DAY: jiff::civil::Date = jiff::civil::Date::constant(1970, 1, 1);

/// Times, events and positions.
fn findings(transaction: &Transaction, document: &Document, article: i64, name_rows: &NameRows) -> Outcome<()> {
    for (at, time) in document.times.iter().enumerate() {
        let Some((first, end)) = time.first.zip(time.end) else { continue };
        let sql = "INSERT INTO times (article, ordinal, kind, value, first, n_days) VALUES (?, ?, ?, ?, ?, ?)";
        let value = time.value.as_deref().filter(|value| *value != first.to_string());
        let (since_1970, n_days) = ((first - UNIX_DAY).get_days(), (end - first).get_days());
        let kind = code(TimeKind::ALL, time.kind);
        transaction.prepare_cached(sql)?.execute(params![article, at as i64, kind, value, since_1970, n_days])?;
    }
    // Statements beyond the last row have none to name.
    let row_of = |id: usize| (id < MOST_STATEMENTS).then(|| statement_row(article, id));
    for event in &document.events {
        let sql = "INSERT INTO events (article, ordinal, kind, mode, status, time, country, asserted_by)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
        transaction.prepare_cached(sql)?.execute(params![
            article,
            event.id as i64,
            event.kind,
            event.mode,
            code(Status::ALL, event.status),
            event.when.map(|time| time as i64),
            event.place.as_ref().and_then(|place| place.country.as_deref()),
            event.asserted_by.and_then(row_of),
        ])?;
    }
    for (at, position) in document.positions.iter().enumerate() {
        let sql = "INSERT INTO positions (article, ordinal, party, issue, stance, statement) VALUES (?, ?, ?, ?, ?, ?)";
        let parts = name_rows.get(position.party).copied().flatten().zip(row_of(position.statement));
        let Some((party, statement)) = parts else { continue };
        let stance = code(Stance::ALL, position.stance);
        let mut insert = transaction.prepare_cached(sql)?;
        insert.execute(params![article, at as i64, party, position.issue, stance, statement])?;
    }
    Ok(())
}

/// The words of what was put, for searching.
fn index(transaction: &Transaction, fresh: &[(i64, &Entry)]) -> Outcome<()> {
    let mut insert = transaction.prepare_cached("INSERT INTO articles_text (rowid, text) VALUES (?, ?)")?;
    for (row, entry) in fresh {
        let article = &entry.document.article;
        match article.title.as_deref().filter(|title| !article.text.contains(title)) {
            Some(title) => insert.execute(params![row, format!("{title}\n\n{}", article.text)])?,
            None => insert.execute(params![row, article.text])?,
        };
    }
    let mut insert = transaction.prepare_cached("INSERT INTO statements_text (rowid, content) VALUES (?, ?)")?;
    for (row, entry) in fresh {
        for statement in entry.document.statements.iter().take(MOST_STATEMENTS).rev() {
            let content = content(&entry.document.article.text, &statement.content);
            insert.execute(params![statement_row(*row, statement.id), content])?;
        }
    }
    Ok(())
}

/// The words of a content, its stretches parted by an ellipsis.
pub(crate) fn content(text: &str, spans: &[rapporteur_record::Span]) -> String {
    let stretches: Vec<&str> = spans.iter().map(|span| text.get(span.range()).unwrap_or_default()).collect();
    stretches.join(" … ")
}

impl Names {
    fn name(&mut self, connection: &Connection, name: &str) -> Outcome<i64> {
        known_or(&mut self.names, name, || {
            let hash = hash(name);
            let mut known = connection.prepare_cached("SELECT id FROM names WHERE hash = ? AND name = ?")?;
            if let Some(row) = known.query_row(params![hash, name], |row| row.get(0)).optional()? {
                return Ok(row);
            }
            let mut insert = connection.prepare_cached("INSERT INTO names (hash, name) VALUES (?, ?)")?;
            let row = insert.insert(params![hash, name])?;
            let mut insert = connection.prepare_cached("INSERT INTO names_text (rowid, name) VALUES (?, ?)")?;
            insert.execute(params![row, name])?;
            Ok(row)
        })
    }

    fn role(&mut self, connection: &Connection, role: &str) -> Outcome<i64> {
        known_or(&mut self.roles, role, || {
            let hash = hash(role);
            let mut known = connection.prepare_cached("SELECT id FROM roles WHERE hash = ? AND role = ?")?;
            if let Some(row) = known.query_row(params![hash, role], |row| row.get(0)).optional()? {
                return Ok(row);
            }
            let mut insert = connection.prepare_cached("INSERT INTO roles (hash, role, folded) VALUES (?, ?, ?)")?;
            Ok(insert.insert(params![hash, role, folded(role)])?)
        })
    }
}

/// What a name or a role is found by.
fn hash(word: &str) -> i32 {
    let hash = blake3::hash(word.as_bytes());
    i32::from_le_bytes(*hash.as_bytes().first_chunk().expect("four of 32 bytes"))
}

fn known_or(known: &mut HashMap<String, i64>, word: &str, find: impl FnOnce() -> Outcome<i64>) -> Outcome<i64> {
    if let Some(&row) = known.get(word) {
        return Ok(row);
    }
    let row = find()?;
    if known.len() >= MOST_NAMES {
        known.clear();
    }
    known.insert(word.to_owned(), row);
    Ok(row)
}
