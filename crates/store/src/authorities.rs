//! Who is who, from a file that was imported: a subset of Wikidata, or entities of FollowTheMoney. It gives people ids.

use std::collections::{BTreeMap, BTreeSet};

use rapporteur_record::EntityKind;
use rusqlite::{Transaction, params};
use serde_json::Value;

use crate::codes::{code, value};
use crate::error::{Error, Outcome};
use crate::link::{self, Person};
use crate::{Store, folded};

/// Somebody, or some body, that a file tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// "Q58217"
    pub id: String,
    /// `None` if the file does not say.
    pub kind: Option<EntityKind>,
    /// The label.
    pub name: String,
    /// Labels in all languages, and aliases.
    pub names: Vec<String>,
    /// "Russian diplomat and politician"
    pub description: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// `wikidata` or `ftm`.
    pub source: &'static str,
}

/// By how many times the articles of one must outnumber another's that might have the same id.
const OUTNUMBERS: usize = 10;
/// As many words of a description as the same state is worth.
const STATE: usize = 2;
/// Shorter words of a description tell nothing.
const LEAST_WORD: usize = 4;

impl Authority {
    /// Reads a line: an item of Wikidata as its dumps have it, or with plain lists for labels and aliases; or an entity of
    /// FollowTheMoney. `Ok(None)` if there is nothing on it, as on the first and last of a dump.
    pub fn parse(line: &str) -> Result<Option<Authority>, String> {
        let line = line.trim().trim_end_matches(',');
        if matches!(line, "" | "[" | "]") {
            return Ok(None);
        }
        let entity: Value = serde_json::from_str(line).map_err(|error| format!("no JSON: {error}"))?;
        let id = entity["id"].as_str().filter(|id| !id.trim().is_empty()).ok_or("it has no `id`")?.to_owned();
        if entity["schema"].is_string() { from_ftm(id, &entity) } else { from_wikidata(id, &entity) }.map(Some)
    }
}

fn from_wikidata(id: String, item: &Value) -> Result<Authority, String> {
    let mut names = strings(&item["labels"]);
    names.extend(strings(&item["label"]));
    let name = in_english(&item["labels"]).or_else(|| names.first().cloned()).ok_or("it has no label")?;
    names.extend(strings(&item["aliases"]));
    let description = in_english(&item["descriptions"])
        .or_else(|| item["description"].as_str().map(str::to_owned))
        .or_else(|| strings(&item["descriptions"]).into_iter().next());
    let classes = item["claims"]["P31"].as_array().into_iter().flatten();
    let classes: Vec<&str> =
        classes.filter_map(|claim| claim["mainsnak"]["datavalue"]["value"]["id"].as_str()).collect();
    // Q5 is "human".
    let kind = classes.contains(&"Q5").then_some(EntityKind::Person);
    Ok(Authority { id, kind, name, names, description, country: None, source: "wikidata" })
}

fn from_ftm(id: String, entity: &Value) -> Result<Authority, String> {
    let properties = &entity["properties"];
    let all = |names: &[&str]| names.iter().flat_map(|name| strings(&properties[*name])).collect::<Vec<_>>();
    let names = all(&["name", "alias", "weakAlias", "previousName", "abbreviation"]);
    let caption = entity["caption"].as_str().map(str::to_owned);
    let name = caption.or_else(|| names.first().cloned()).ok_or("it has no name")?;
    let kind = match entity["schema"].as_str().unwrap_or_default() {
        "Person" => Some(EntityKind::Person),
        "Organization" | "Company" | "PublicBody" => Some(EntityKind::Organization),
        _ => None,
    };
    let description = all(&["position", "description", "summary", "notes"]).into_iter().next();
    let countries: BTreeSet<String> =
        all(&["country", "nationality", "citizenship"]).iter().map(|code| code.to_uppercase()).collect();
    let country = countries.into_iter().next().filter(|code| code.len() == 2);
    Ok(Authority { id, kind, name, names, description, country, source: "ftm" })
}

/// All texts in a value: `"a"`, `["a"]`, `{"en": "a"}`, `{"en": {"language": "en", "value": "a"}}`, `{"en": [{"value": "a"}]}`.
fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(values) => values.iter().flat_map(strings).collect(),
        Value::Object(fields) => match fields.get("value") {
            Some(text) => strings(text),
            None => fields.values().flat_map(strings).collect(),
        },
        _ => Vec::new(),
    }
}

fn in_english(value: &Value) -> Option<String> {
    strings(&value["en"]).into_iter().next()
}

impl Store {
    /// Stores authorities, in the place of those with the same ids, and links all people anew.
    pub fn put_authorities(&mut self, authorities: impl IntoIterator<Item = Authority>) -> Result<u64, Error> {
        self.write(|transaction, _| {
            let mut n_stored = 0;
            for authority in authorities {
                put(transaction, &authority)?;
                n_stored += 1;
            }
            link::relink_all(transaction)?;
            Ok(n_stored)
        })
    }
}

fn put(transaction: &Transaction, authority: &Authority) -> Outcome<()> {
    let Authority { id, kind, name, names, description, country, source } = authority;
    transaction.prepare_cached("DELETE FROM authority_names WHERE authority = ?")?.execute([id])?;
    let sql =
        "INSERT OR REPLACE INTO authorities (id, kind, name, description, country, source) VALUES (?, ?, ?, ?, ?, ?)";
    let kind = kind.map(|kind| code(EntityKind::ALL, kind));
    transaction.prepare_cached(sql)?.execute(params![id, kind, name, description, country, source])?;
    for name in names.iter().chain([name]) {
        let sql = "INSERT OR IGNORE INTO authority_names (folded, authority) VALUES (?, ?)";
        let name = folded(name);
        if !name.is_empty() {
            transaction.prepare_cached(sql)?.execute([&name, id])?;
        }
    }
    Ok(())
}

/// Gives the people of a block the ids of authorities: where one name leads to one authority and to one person, or where
/// offices and description tell which.
pub(crate) fn assign(transaction: &Transaction, people: &mut [Person]) -> Outcome<()> {
    let mut claims: BTreeMap<String, Vec<(usize, usize, usize)>> = BTreeMap::new();
    for (at, person) in people.iter().enumerate() {
        if let Some((id, match_)) = claim(transaction, person)? {
            claims.entry(id).or_default().push((match_, person.n_rows(), at));
        }
    }
    for (id, mut claimants) in claims {
        claimants.sort_unstable_by(|one, other| other.cmp(one));
        let settled = match claimants[..] {
            [(first, n_rows, _), (second, n_others, _), ..] => first > second || n_rows >= OUTNUMBERS * n_others,
            _ => true,
        };
        if settled {
            people[claimants[0].2].authority = Some(id);
        }
    }
    Ok(())
}

/// The authority that a person may be, and how much speaks for it: words of its description that offices have, the state.
fn claim(transaction: &Transaction, person: &Person) -> Outcome<Option<(String, usize)>> {
    let words: BTreeSet<&str> = person.words_of_offices().filter(|word| word.len() >= LEAST_WORD).collect();
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for name in &person.calls {
        let sql = "SELECT a.id, a.kind, a.country, a.description FROM authority_names n
                   CROSS JOIN authorities a ON a.id = n.authority WHERE n.folded = ?";
        let mut query = transaction.prepare_cached(sql)?;
        let mut rows = query.query([name])?;
        while let Some(row) = rows.next()? {
            let (kind, country): (Option<i64>, Option<String>) = (row.get(1)?, row.get(2)?);
            let states_differ = country.is_some() && person.country.is_some() && country != person.country;
            if states_differ || !kind.is_none_or(|kind| agrees(kind, person.kind)) {
                continue;
            }
            let description: Option<String> = row.get(3)?;
            let description = folded(&description.unwrap_or_default());
            let n_words = description.split(' ').filter(|word| words.contains(word)).count();
            let state = if country.is_some() && country == person.country { STATE } else { 0 };
            found.insert(row.get(0)?, n_words + state);
        }
    }
    let mut found: Vec<(usize, String)> = found.into_iter().map(|(id, n_words)| (n_words, id)).collect();
    found.sort_unstable_by(|one, other| other.cmp(one));
    Ok(match &found[..] {
        [(n_words, only)] if *n_words > 0 || !person.is_common() => Some((only.clone(), *n_words)),
        [(best, id), (next, _), ..] if best > next => Some((id.clone(), *best)),
        _ => None,
    })
}

/// Groups and bodies are told apart by few.
fn agrees(kind: i64, of: i64) -> bool {
    let body = |kind| matches!(value(EntityKind::ALL, kind), Some(EntityKind::Organization | EntityKind::Group));
    kind == of || body(kind) && body(of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_either_kind_are_read() {
        let dump = r#"{"type":"item","id":"Q90001","labels":{"en":{"language":"en","value":"Ada Quill"},"de":{"language":"de","value":"Ada Kiel"}},
            "aliases":{"en":[{"language":"en","value":"A. Quill"}]},"descriptions":{"en":{"language":"en","value":"Norland senator"}},
            "claims":{"P31":[{"mainsnak":{"datavalue":{"value":{"id":"Q5"}}}}]}},"#;
        let read = Authority::parse(dump).unwrap().unwrap();
        assert_eq!((read.name.as_str(), read.kind), ("Ada Quill", Some(EntityKind::Person)));
        assert_eq!(read.names.len(), 3);
        let plain = r#"{"id":"Q90001","labels":{"en":"Ada Quill"},"aliases":["A. Quill"],"description":"senator"}"#;
        assert_eq!(Authority::parse(plain).unwrap().unwrap().description.unwrap(), "senator");
        let ftm = r#"{"id":"n-17","schema":"Person","properties":{"name":["Ada Quill"],"nationality":["no"],"position":["senator"]}}"#;
        let read = Authority::parse(ftm).unwrap().unwrap();
        assert_eq!((read.country.as_deref(), read.source), (Some("NO"), "ftm"));
    }

    #[test]
    fn lines_that_say_nothing_are_named() {
        assert_eq!(Authority::parse("[").unwrap(), None);
        assert!(Authority::parse("{").unwrap_err().starts_with("no JSON: "));
        assert_eq!(Authority::parse(r#"{"id":"Q1"}"#).unwrap_err(), "it has no label");
        assert_eq!(Authority::parse(r#"{"labels":{"en":"A"}}"#).unwrap_err(), "it has no `id`");
        assert!(Authority::parse("[1]").is_err());
    }
}
