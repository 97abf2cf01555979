//! Statements and articles found, newest first or best first, one at a time.
//!
//! One table drives each search: the index of words if words are asked for, else the table of parts if a name is, else
//! the articles of an outlet, else all. What drives gives row numbers, in order and cut at the limit; only these rows are
//! then joined with names and articles, since a join inside would keep the index from stopping early.

use std::ops::ControlFlow;
use std::sync::Arc;

use rapporteur_record::{Act, ChannelKind, Quotation};
use rusqlite::types::Value;
use rusqlite::{Row, params_from_iter};

use crate::error::{Error, Outcome, Problem};
use crate::fold::folded;
use crate::key::{self, Key, MOST_STATEMENTS, ORDINAL_BITS, first_of_day};
use crate::pack::Unpacker;
use crate::query::{Phrase, Query, Words};
use crate::spans::Spans;
use crate::{Store, codes, parts, people, put};

/// In which order, from where, and how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Newest or best first.
    pub order: Order,
    /// Only what comes after this one, which a result before named as its `row`. Newest first only.
    pub after: Option<i64>,
    /// At most so many; `None` is all.
    pub limit: Option<usize>,
}

/// What comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The last day of publication; within a day, the order of hashes. Undated articles come last.
    #[default]
    Newest,
    /// The best match by BM25. Needs words.
    Best,
}

/// An article, without its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArticleFound {
    /// Its place in the order, for [`Page::after`]. It is of this file and means nothing elsewhere.
    pub row: i64,
    /// `article.id`
    pub id: String,
    /// Where it is.
    pub url: Option<String>,
    /// The registrable domain.
    pub outlet: Option<String>,
    /// The outlet's name.
    pub outlet_name: Option<String>,
    /// The headline.
    pub title: Option<String>,
    /// When it was published, as in the record.
    pub published: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// How many statements it has.
    pub n_statements: usize,
    /// Row of the snapshot of its text.
    pub(crate) text: i64,
    pub(crate) page: Option<i64>,
}

impl ArticleFound {
    /// Whether the page was kept as it came.
    pub fn has_page(&self) -> bool {
        self.page.is_some()
    }
}

/// A statement, with the words that it is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct StatementFound {
    /// Its place in the order, for [`Page::after`]. It is of this file and means nothing elsewhere.
    pub row: i64,
    /// What it is called.
    pub key: Key,
    /// Its id in the document: its index in `statements`.
    pub id: usize,
    /// Where it stands.
    pub article: ArticleFound,
    /// The speaker's fullest name in the article.
    pub speaker: Option<String>,
    /// Names of all who speak jointly; else empty.
    pub jointly: Vec<String>,
    /// The speaker's offices, "foreign minister, Russia".
    pub role: Option<String>,
    /// The speaker's country.
    pub country: Option<String>,
    /// Who passed it on, nearest the speaker first.
    pub via: Vec<String>,
    /// How much stands in quotation marks.
    pub quotation: Quotation,
    /// What was done by saying it.
    pub act: Act,
    /// By what means.
    pub channel: Option<ChannelKind>,
    /// "did not say"
    pub negated: bool,
    /// From 0 to 1, to a thousandth.
    pub confidence: f32,
    /// What was said; stretches are parted by " … ".
    pub content: String,
    /// The words of saying.
    pub cue: String,
    /// The words that name the source.
    pub source: String,
    /// Where these words stand, in bytes of `text`.
    pub spans: Spans,
    /// The article's text, which all statements of an article share.
    pub text: Arc<str>,
}

/// The article whose statements are being read, and its text.
#[derive(Default)]
pub(crate) struct Held {
    unpacker: Unpacker,
    article: Option<(ArticleFound, Arc<str>)>,
}

/// A piece of SQL and what is bound to it.
#[derive(Default)]
pub(crate) struct Sql {
    pub(crate) text: String,
    pub(crate) values: Vec<Value>,
}

impl Sql {
    fn and(&mut self, condition: &str, values: impl IntoIterator<Item = Value>) {
        self.text.push_str(if self.text.is_empty() { " WHERE " } else { " AND " });
        self.text.push_str(condition);
        self.values.extend(values);
    }
}

impl Store {
    /// Hands the statements that `query` asks for to `see`, until it breaks; memory does not grow with their number.
    pub fn statements(
        &self,
        query: &Query,
        page: Page,
        mut see: impl FnMut(StatementFound) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        self.each_statement(query, page, &mut see).map_err(|problem| problem.at(&self.path))
    }

    /// Hands the articles that `query` asks for to `see`, until it breaks. Fields of statements ask for articles with
    /// such a statement; words are looked for in the whole text.
    pub fn articles(
        &self,
        query: &Query,
        page: Page,
        mut see: impl FnMut(ArticleFound) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        self.each_article(query, page, &mut see).map_err(|problem| problem.at(&self.path))
    }

    /// How many statements `query` asks for.
    pub fn count_statements(&self, query: &Query) -> Result<u64, Error> {
        self.count_statements_to(query, None)
    }

    /// How many articles `query` asks for.
    pub fn count_articles(&self, query: &Query) -> Result<u64, Error> {
        self.count_articles_to(query, None)
    }

    /// The same, where counting stops at `most`: that is quick at any size.
    pub fn count_statements_to(&self, query: &Query, most: Option<usize>) -> Result<u64, Error> {
        let page = Page { limit: most, ..Page::default() };
        self.count(statement_rows(query, page)).map_err(|problem| problem.at(&self.path))
    }

    /// The same for articles.
    pub fn count_articles_to(&self, query: &Query, most: Option<usize>) -> Result<u64, Error> {
        let page = Page { limit: most, ..Page::default() };
        self.count(article_rows(query, page)).map_err(|problem| problem.at(&self.path))
    }

    fn count(&self, rows: Outcome<Sql>) -> Outcome<u64> {
        let rows = rows?;
        let sql = format!("SELECT count(*) FROM ({})", rows.text);
        let mut query = self.connection.prepare_cached(&sql)?;
        Ok(query.query_row(params_from_iter(rows.values), |row| row.get::<_, i64>(0))? as u64)
    }

    /// The statements whose key begins with `prefix`, of any number of articles, at most `limit`.
    pub fn statements_by_key(&self, prefix: &str, limit: usize) -> Result<Vec<StatementFound>, Error> {
        let found = (|| {
            let (low, high) = key::range(prefix).map_err(Problem::Query)?;
            let (first, last) = key::articles_of_keys(low, high);
            let text = format!(
                "SELECT s.id AS id FROM articles a CROSS JOIN statements s
                 ON s.id BETWEEN a.id << {ORDINAL_BITS} AND (a.id + 1 << {ORDINAL_BITS}) - 1
                 WHERE a.hash BETWEEN ? AND ?"
            );
            let rows = Sql { text, values: vec![first.to_vec().into(), last.to_vec().into()] };
            let mut found = Vec::new();
            self.join_statements(rows, "", &mut |statement| {
                if found.len() < limit && statement.key.is_within((low, high)) {
                    found.push(statement);
                }
                if found.len() < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            })?;
            found.sort_by_key(|statement| (statement.key, statement.row));
            Ok(found)
        })();
        found.map_err(|problem: Problem| problem.at(&self.path))
    }

    /// The articles whose id begins with `prefix`, at most `limit`.
    pub fn articles_by_id(&self, prefix: &str, limit: usize) -> Result<Vec<ArticleFound>, Error> {
        let found = (|| {
            let (low, high) = key::article_range(prefix).map_err(Problem::Query)?;
            let sql = format!("{ARTICLES} WHERE a.hash BETWEEN ? AND ? ORDER BY a.hash LIMIT {limit}");
            let mut query = self.connection.prepare_cached(&sql)?;
            let rows = query.query_map([low, high], article)?;
            Ok(rows.collect::<Result<Vec<_>, _>>()?)
        })();
        found.map_err(|problem: Problem| problem.at(&self.path))
    }

    /// All statements of an article, in the order of its text.
    pub fn statements_in(&self, article: &ArticleFound) -> Result<Vec<StatementFound>, Error> {
        let rows = Sql {
            text: "SELECT id FROM statements WHERE id BETWEEN ? AND ?".to_owned(),
            values: vec![(article.row << ORDINAL_BITS).into(), (((article.row + 1) << ORDINAL_BITS) - 1).into()],
        };
        let mut found = Vec::with_capacity(article.n_statements.min(MOST_STATEMENTS));
        let joined = self.join_statements(rows, "ORDER BY f.id DESC", &mut |statement| {
            found.push(statement);
            ControlFlow::Continue(())
        });
        joined.map_err(|problem| problem.at(&self.path))?;
        Ok(found)
    }

    fn each_statement(
        &self,
        query: &Query,
        page: Page,
        see: &mut dyn FnMut(StatementFound) -> ControlFlow<()>,
    ) -> Outcome<()> {
        let order = match page.order {
            Order::Newest => "ORDER BY f.id DESC",
            Order::Best => "ORDER BY f.score, f.id DESC",
        };
        self.join_statements(statement_rows(query, page)?, order, see)
    }

    fn join_statements(
        &self,
        rows: Sql,
        order: &str,
        see: &mut dyn FnMut(StatementFound) -> ControlFlow<()>,
    ) -> Outcome<()> {
        self.join_held_statements(rows, order, &mut Held::default(), see)
    }

    fn join_held_statements(
        &self,
        rows: Sql,
        order: &str,
        held: &mut Held,
        see: &mut dyn FnMut(StatementFound) -> ControlFlow<()>,
    ) -> Outcome<()> {
        let sql = format!(
            "SELECT s.id, a.hash, n.name, s.jointly, r.role, s.country, s.via, s.quotation, s.act, s.channel, s.negated,
             s.confidence, s.spans FROM ({}) f CROSS JOIN statements s ON s.id = f.id
             CROSS JOIN articles a ON a.id = s.id >> {ORDINAL_BITS}
             LEFT JOIN names n ON n.id = s.speaker LEFT JOIN roles r ON r.id = s.role {order}",
            rows.text
        );
        let mut query = self.connection.prepare_cached(&sql)?;
        let mut rows = query.query(params_from_iter(rows.values))?;
        let Held { unpacker, article: held } = held;
        while let Some(row) = rows.next()? {
            let id: i64 = row.get(0)?;
            let of = id >> ORDINAL_BITS;
            if held.as_ref().is_none_or(|(article, _)| article.row != of) {
                let article = self.article_at(of)?;
                let text = self.text(unpacker, article.text)?;
                *held = Some((article, text.into()));
            }
            let (article, text) = held.as_ref().expect("it was just read");
            if see(statement(row, article, text)?).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Hands the statement of a row to `see`; `held` keeps the text for the next one.
    pub(crate) fn statement_at(
        &self,
        row: i64,
        held: &mut Held,
        see: &mut dyn FnMut(StatementFound) -> ControlFlow<()>,
    ) -> Outcome<ControlFlow<()>> {
        let mut seen = ControlFlow::Continue(());
        let rows = Sql { text: "SELECT ? AS id".to_owned(), values: vec![row.into()] };
        self.join_held_statements(rows, "", held, &mut |statement| {
            seen = see(statement);
            seen
        })?;
        Ok(seen)
    }

    pub(crate) fn article_at(&self, row: i64) -> Outcome<ArticleFound> {
        let mut query = self.connection.prepare_cached(&format!("{ARTICLES} WHERE a.id = ?"))?;
        query.query_row([row], article).map_err(|error| match error {
            rusqlite::Error::QueryReturnedNoRows => Problem::Damaged(format!("article {row} is missing")),
            error => error.into(),
        })
    }

    fn each_article(
        &self,
        query: &Query,
        page: Page,
        see: &mut dyn FnMut(ArticleFound) -> ControlFlow<()>,
    ) -> Outcome<()> {
        let rows = article_rows(query, page)?;
        let order = match page.order {
            Order::Newest => "f.id DESC",
            Order::Best => "f.score, f.id DESC",
        };
        let sql = format!(
            "SELECT {ARTICLE_COLUMNS} FROM ({}) f CROSS JOIN articles a ON a.id = f.id
             LEFT JOIN outlets o ON o.id = a.outlet ORDER BY {order}",
            rows.text
        );
        let mut query = self.connection.prepare_cached(&sql)?;
        let mut rows = query.query(params_from_iter(rows.values))?;
        while let Some(row) = rows.next()? {
            if see(article(row)?).is_break() {
                break;
            }
        }
        Ok(())
    }
}

const ARTICLE_COLUMNS: &str =
    "a.id, a.hash, a.url, o.domain, o.name, a.title, a.published, a.language, a.n_statements, a.text, a.page";
pub(crate) const ARTICLES: &str = "SELECT a.id, a.hash, a.url, o.domain, o.name, a.title, a.published, a.language,
    a.n_statements, a.text, a.page FROM articles a LEFT JOIN outlets o ON o.id = a.outlet";

pub(crate) fn article(row: &Row) -> rusqlite::Result<ArticleFound> {
    let known = |text: Option<String>| text.filter(|text| !text.is_empty());
    Ok(ArticleFound {
        row: row.get(0)?,
        id: key::article_id(row.get_ref(1)?.as_blob()?),
        url: row.get(2)?,
        outlet: known(row.get(3)?),
        outlet_name: known(row.get(4)?),
        title: row.get(5)?,
        published: row.get(6)?,
        language: row.get(7)?,
        n_statements: row.get::<_, i64>(8)? as usize,
        text: row.get(9)?,
        page: row.get(10)?,
    })
}

fn statement(row: &Row, article: &ArticleFound, text: &Arc<str>) -> Outcome<StatementFound> {
    let id: i64 = row.get(0)?;
    let damaged = |what: &str| Problem::Damaged(format!("{what} of statement {id}"));
    let lines = |text: Option<String>| text.map_or_else(Vec::new, |text| text.lines().map(str::to_owned).collect());
    let spans = row.get_ref(12)?.as_blob().map_err(rusqlite::Error::from)?;
    let spans = Spans::unpack(spans).filter(|spans| spans.iter().all(|span| text.get(span.range()).is_some()));
    let spans = spans.ok_or_else(|| damaged("the spans"))?;
    let channel: Option<i64> = row.get(9)?;
    Ok(StatementFound {
        row: id,
        key: Key::of(&row.get(1)?, &spans),
        id: key::ordinal(id),
        article: article.clone(),
        speaker: row.get(2)?,
        jointly: lines(row.get(3)?),
        role: row.get(4)?,
        country: row.get(5)?,
        via: lines(row.get(6)?),
        quotation: codes::value(Quotation::ALL, row.get(7)?).ok_or_else(|| damaged("the quotation"))?,
        act: codes::value(Act::ALL, row.get(8)?).ok_or_else(|| damaged("the act"))?,
        channel: channel
            .map(|code| codes::value(ChannelKind::ALL, code).ok_or_else(|| damaged("the channel")))
            .transpose()?,
        negated: row.get(10)?,
        confidence: row.get::<_, i64>(11)? as f32 / 1000.0,
        content: put::content(text, &spans.content),
        cue: put::content(text, &spans.cue),
        source: put::content(text, &spans.source),
        spans,
        text: Arc::clone(text),
    })
}

/// SQL that gives the row numbers of statements, in order and cut at the limit: as `id`, and `score` if ranked.
fn statement_rows(query: &Query, page: Page) -> Outcome<Sql> {
    let (all, none) = statement_words(query).expressions();
    let mut rows = Sql::default();
    let has_rows = needs_rows(query);
    let joined = if has_rows { " CROSS JOIN statements s ON s.id = " } else { "" };
    let (head, id) = if let Some(all) = all {
        rows.and("statements_text MATCH ?", [all.into()]);
        let score = if page.order == Order::Best { ", f.rank AS score" } else { "" };
        let join = if has_rows { format!("{joined}f.rowid") } else { String::new() };
        (format!("SELECT f.rowid AS id{score} FROM statements_text f{join}"), "f.rowid")
    } else if let Some((part, id)) = driving_person(query) {
        let (condition, values) = people::of_person(part, id)?;
        rows.and(&condition, values);
        let join = if has_rows { format!("{joined}p.statement") } else { String::new() };
        (format!("SELECT DISTINCT p.statement AS id FROM {}{join}", people::taking_part()), "p.statement")
    } else if let Some((part, names)) = driving_part(query) {
        rows.and("p.part = ?", [part.into()]);
        let (condition, values) = named("p.name", names)?;
        rows.and(&condition, values);
        let join = if has_rows { format!("{joined}p.statement") } else { String::new() };
        (format!("SELECT DISTINCT p.statement AS id FROM parts p{join}"), "p.statement")
    } else if !query.outlet.is_empty() || !query.url.is_empty() {
        where_they_are(&mut rows, query, "a.");
        let between = format!("s.id BETWEEN a.id << {ORDINAL_BITS} AND (a.id + 1 << {ORDINAL_BITS}) - 1");
        (format!("SELECT s.id AS id FROM articles a CROSS JOIN statements s ON {between}"), "s.id")
    } else {
        ("SELECT s.id AS id FROM statements s".to_owned(), "s.id")
    };
    if page.order == Order::Best && !head.contains("score") {
        return Err(Problem::Query("ranking needs words to look for: newest first needs none".to_owned()));
    }
    bounds(&mut rows, query, page, id, ORDINAL_BITS)?;
    part_conditions(&mut rows, query, id)?;
    statement_conditions(&mut rows, query);
    without(&mut rows, "statements_text", id, none);
    article_conditions(&mut rows, query, &format!("({id} >> {ORDINAL_BITS})"), head.contains("articles a"));
    Ok(ordered(head, rows, page, id))
}

/// What a statement is about is looked for among its words.
fn statement_words(query: &Query) -> Words {
    let mut words = query.words.clone();
    let about: Vec<Phrase> = query.about.iter().filter_map(|words| Phrase::new(words)).collect();
    if !about.is_empty() {
        words.all.push(about);
    }
    words
}

/// The part, and the names, that drive a search without words.
fn driving_part(query: &Query) -> Option<(i64, &[String])> {
    let parts = [(parts::SPEAKS, &query.speaker), (parts::PASSES_ON, &query.via), (parts::IS_TOLD, &query.to)];
    let driving = parts.into_iter().find(|(_, names)| !names.is_empty() && !names.iter().any(|name| is_person(name)));
    driving.map(|(part, names)| (part, names.as_slice()))
}

/// The same, if a value is the id of a person: its entities drive.
fn driving_person(query: &Query) -> Option<(i64, &str)> {
    let parts = [(parts::SPEAKS, &query.speaker), (parts::PASSES_ON, &query.via), (parts::IS_TOLD, &query.to)];
    parts.into_iter().find_map(|(part, values)| match values.as_slice() {
        [id] if is_person(id) => Some((part, id.as_str())),
        _ => None,
    })
}

/// Whether a name is the id of a person, "p:4h7k2m9qab-3".
fn is_person(name: &str) -> bool {
    name.starts_with("p:")
}

/// Whether a condition looks into rows of statements.
fn needs_rows(query: &Query) -> bool {
    !query.act.is_empty()
        || !query.quotation.is_empty()
        || !query.channel.is_empty()
        || !query.role.is_empty()
        || !query.country.is_empty()
        || query.negated.is_some()
        || query.min_confidence.is_some()
}

/// A condition on a column of `names.id`.
fn named(column: &str, names: &[String]) -> Outcome<(String, Vec<Value>)> {
    let phrases: Vec<Phrase> = names.iter().filter_map(|name| Phrase::new(name)).collect();
    let words = Words { all: vec![phrases], none: Vec::new() };
    let (expression, _) = words.expressions();
    let condition = format!("{column} IN (SELECT rowid FROM names_text WHERE names_text MATCH ?)");
    Ok((condition, vec![expression.expect("it has words").into()]))
}

/// A condition on a column of `outlets.id`: all words of a value occur in name or domain.
fn outlets(column: &str, values: &[String]) -> (String, Vec<Value>) {
    let (condition, values) = holding("folded", values);
    (format!("{column} IN (SELECT id FROM outlets WHERE {condition})"), values)
}

/// Whether a folded column holds one of the values as whole words.
fn holding(column: &str, values: &[String]) -> (String, Vec<Value>) {
    let conditions = vec![format!("instr(' ' || {column} || ' ', ?) > 0"); values.len()].join(" OR ");
    let values = values.iter().map(|value| format!(" {} ", folded(value)).into()).collect();
    (format!("({conditions})"), values)
}

/// The names that do not drive, as sets of statements.
fn part_conditions(rows: &mut Sql, query: &Query, id: &str) -> Outcome<()> {
    let driving = driving_person(query).map(|(part, _)| part).or(driving_part(query).map(|(part, _)| part));
    let driving = driving.filter(|_| id == "p.statement");
    let parts = [(parts::SPEAKS, &query.speaker), (parts::PASSES_ON, &query.via), (parts::IS_TOLD, &query.to)];
    for (part, names) in parts {
        if names.is_empty() || driving == Some(part) {
            continue;
        }
        let (ids, names): (Vec<String>, Vec<String>) = names.iter().cloned().partition(|name| is_person(name));
        let (mut either, mut bound) = (Vec::new(), Vec::new());
        if !names.is_empty() {
            let (condition, values) = named("name", &names)?;
            either.push(format!("+{id} IN (SELECT statement FROM parts WHERE part = {part} AND {condition})"));
            bound.extend(values);
        }
        for person in &ids {
            let (condition, values) = people::of_person(part, person)?;
            let table = people::taking_part();
            either.push(format!("+{id} IN (SELECT p.statement FROM {table} WHERE {condition})"));
            bound.extend(values);
        }
        rows.and(&format!("({})", either.join(" OR ")), bound);
    }
    Ok(())
}

fn statement_conditions(rows: &mut Sql, query: &Query) {
    let list = |codes: Vec<i64>| codes.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    let acts: Vec<i64> = query.act.iter().map(|&act| codes::code(Act::ALL, act)).collect();
    let quotations: Vec<i64> =
        query.quotation.iter().map(|&quotation| codes::code(Quotation::ALL, quotation)).collect();
    let channels: Vec<i64> = query.channel.iter().map(|&channel| codes::code(ChannelKind::ALL, channel)).collect();
    for (column, codes) in [("act", acts), ("quotation", quotations), ("channel", channels)] {
        if !codes.is_empty() {
            rows.and(&format!("s.{column} IN ({})", list(codes)), []);
        }
    }
    if let Some(negated) = query.negated {
        rows.and("s.negated = ?", [i64::from(negated).into()]);
    }
    if let Some(least) = query.min_confidence {
        rows.and("s.confidence >= ?", [((f64::from(least) * 1000.0).round() as i64).into()]);
    }
    if !query.country.is_empty() {
        let marks = vec!["?"; query.country.len()].join(", ");
        rows.and(&format!("s.country IN ({marks})"), query.country.iter().map(|country| country.clone().into()));
    }
    if !query.role.is_empty() {
        let (condition, values) = holding("folded", &query.role);
        rows.and(&format!("s.role IN (SELECT id FROM roles WHERE {condition})"), values);
    }
}

/// Conditions on the article with the row number `id`, except for those by which articles drive if `driven`.
fn article_conditions(rows: &mut Sql, query: &Query, id: &str, driven: bool) {
    let anywhere = query.outlet.is_empty() && query.url.is_empty();
    if !(driven || anywhere) {
        let mut inner = Sql::default();
        where_they_are(&mut inner, query, "");
        rows.and(&format!("{id} IN (SELECT id FROM articles{})", inner.text), inner.values);
    }
    if !query.language.is_empty() {
        // Looked up row by row: most articles are of one language, and a list of them would hold nearly all.
        let marks = vec!["?"; query.language.len()].join(", ");
        let condition = format!("(SELECT language FROM articles WHERE id = {id}) IN ({marks})");
        rows.and(&condition, query.language.iter().map(|value| value.clone().into()));
    }
}

/// Conditions that the indices of articles know.
fn where_they_are(rows: &mut Sql, query: &Query, table: &str) {
    if !query.outlet.is_empty() {
        let (condition, values) = outlets(&format!("{table}outlet"), &query.outlet);
        rows.and(&condition, values);
    }
    if !query.url.is_empty() {
        let marks = vec!["?"; query.url.len()].join(", ");
        rows.and(&format!("{table}url IN ({marks})"), query.url.iter().map(|value| value.clone().into()));
    }
}

/// Leaves out what the index finds; where words are asked for, the index leaves it out itself.
fn without(rows: &mut Sql, index: &str, id: &str, none: Option<String>) {
    if let Some(none) = none {
        rows.and(&format!("+{id} NOT IN (SELECT rowid FROM {index} WHERE {index} MATCH ?)"), [none.into()]);
    }
}

/// Days and the place after which to go on, as bounds of row numbers.
fn bounds(rows: &mut Sql, query: &Query, page: Page, id: &str, bits: u32) -> Outcome<()> {
    let after_undated = (query.until.is_some() && query.since.is_none()).then_some(jiff::civil::Date::MIN);
    if let Some(since) = query.since.or(after_undated) {
        let first = first_of_day(since).max(key::FIRST_DATED);
        rows.and(&format!("{id} >= ?"), [(first << bits).into()]);
    }
    let until = query.until.and_then(|until| until.tomorrow().ok()).map(|day| first_of_day(day) << bits);
    if page.after.is_some() && page.order == Order::Best {
        return Err(Problem::Query("what is ranked cannot be gone on with: ask for more at once".to_owned()));
    }
    if let Some(below) = [until, page.after].into_iter().flatten().min() {
        rows.and(&format!("{id} < ?"), [below.into()]);
    }
    Ok(())
}

fn ordered(head: String, rows: Sql, page: Page, id: &str) -> Sql {
    let order = match page.order {
        Order::Newest => format!("{id} DESC"),
        Order::Best => format!("f.rank, {id} DESC"),
    };
    let limit = page.limit.map_or(String::new(), |limit| format!(" LIMIT {limit}"));
    Sql { text: format!("{head}{} ORDER BY {order}{limit}", rows.text), values: rows.values }
}

/// The same for articles.
pub(crate) fn article_rows(query: &Query, page: Page) -> Outcome<Sql> {
    let (all, none) = query.words.expressions();
    let mut rows = Sql::default();
    let (head, id) = match all {
        Some(all) => {
            rows.and("articles_text MATCH ?", [all.into()]);
            let score = if page.order == Order::Best { ", f.rank AS score" } else { "" };
            (format!("SELECT f.rowid AS id{score} FROM articles_text f"), "f.rowid")
        }
        None if page.order == Order::Best => {
            return Err(Problem::Query("ranking needs words to look for: newest first needs none".to_owned()));
        }
        None => ("SELECT a.id AS id FROM articles a".to_owned(), "a.id"),
    };
    bounds(&mut rows, query, page, id, 0)?;
    if query.asks_of_statements() {
        let of_statements = Query { words: Words::default(), ..query.clone() };
        let inner = statement_rows(&of_statements, Page::default())?;
        rows.and(&format!("+{id} IN (SELECT id >> {ORDINAL_BITS} FROM ({}))", inner.text), inner.values);
    }
    without(&mut rows, "articles_text", id, none);
    article_conditions(&mut rows, query, id, false);
    Ok(ordered(head, rows, page, id))
}
