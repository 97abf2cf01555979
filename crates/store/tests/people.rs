//! People across documents: who is one, in whatever order articles come, and what is decided by hand.

#[path = "people/cases.rs"]
mod cases;
#[path = "people/decided.rs"]
mod decided;
mod support;

use std::ops::ControlFlow;

use rapporteur_record::{Article, Document, Entity, EntityKind, Form, Mention, Role, Span};
use rapporteur_store::{PersonFound, Store};
use support::folder;

/// An entity of an article, as a case has it.
#[derive(Clone, Debug)]
struct Named {
    kind: EntityKind,
    name: String,
    roles: Vec<String>,
    country: Option<String>,
    /// Who it is.
    person: String,
    /// Whether it may be kept apart from others of the same number.
    may_stand_alone: bool,
}

/// Reads `- day outlet | Name (role; role) [CC] #1 + … | Other, Other`.
fn document(case: &str, line: &str) -> (Document, Vec<Named>) {
    let mut columns = line.trim_start_matches("- ").split(" | ");
    let (day, outlet) = columns.next().unwrap().split_once(' ').unwrap();
    let named: Vec<Named> = columns.next().unwrap().split(" + ").map(named).collect();
    let company = columns.next().into_iter().flat_map(|names| names.split(", "));
    let mut all = named.clone();
    all.extend(company.map(|name| self::named(&format!("{name} #0"))));
    let mut article = Article::from_text(String::new());
    let mut spans = Vec::new();
    for entity in &all {
        let start = article.text.len();
        article.text.push_str(&entity.name);
        spans.push(Span::new(start, article.text.len()));
        article.text.push_str(" spoke. ");
    }
    article.url =
        Some(format!("https://{outlet}.example/{}", blake3::hash(format!("{case}{line}").as_bytes()).to_hex()));
    article.outlet = Some(format!("{outlet}.example"));
    article.published = day.parse().ok();
    let hash = blake3::hash(article.url.as_deref().unwrap().as_bytes());
    article.id = format!("b3:{}", &hash.to_hex()[..32]);
    let mut document = Document::new(article);
    for (id, (entity, span)) in all.iter().zip(spans).enumerate() {
        let role = |role: &String| {
            let (title, of) = role.split_once(", ").map_or((role.as_str(), None), |(title, of)| (title, Some(of)));
            Role { title: title.to_owned(), of: of.map(str::to_owned), span }
        };
        let form = if entity.name.ends_with('!') { Form::Nominal } else { Form::Name };
        document.entities.push(Entity {
            id,
            kind: entity.kind,
            name: entity.name.clone(),
            roles: entity.roles.iter().map(role).collect(),
            country: entity.country.clone(),
            lat: None,
            lon: None,
            wikidata: None,
            members: vec![],
            mentions: vec![Mention { span, form }],
        });
    }
    (document, named)
}

fn named(text: &str) -> Named {
    let (text, person) = text.rsplit_once(" #").unwrap();
    let (text, country) = match text.rsplit_once(" [") {
        Some((text, country)) => (text, Some(country.trim_end_matches(']').to_owned())),
        None => (text, None),
    };
    let (name, roles) = match text.split_once(" (") {
        Some((name, roles)) => (name, roles.trim_end_matches(')').split("; ").map(str::to_owned).collect()),
        None => (text, vec![]),
    };
    let (kind, name) = match name.split_once(':') {
        Some(("org", name)) => (EntityKind::Organization, name),
        Some(("group", name)) => (EntityKind::Group, name),
        Some(("state", name)) => (EntityKind::State, name),
        _ => (EntityKind::Person, name),
    };
    Named {
        kind,
        name: name.to_owned(),
        roles,
        country,
        person: person.trim_end_matches('?').to_owned(),
        may_stand_alone: person.ends_with('?'),
    }
}

/// A linked database of the lines.
fn linked(name: &str, lines: &[&str]) -> Store {
    let mut store = Store::open_to_write(&folder(name).join("r.db"), "a test").unwrap();
    store.put(lines.iter().map(|line| document("", line).0)).unwrap();
    store.link().unwrap();
    store
}

/// Writes `fixtures/schema-1.db`, which later versions must be able to open. Run it when a new schema was released, under
/// a new name: `cargo test -p rapporteur-store --test people -- --ignored writes_a_fixture`.
#[test]
#[ignore = "writes a file of the repository"]
fn writes_a_fixture() {
    let fixtures = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    std::fs::create_dir_all(&fixtures).unwrap();
    let path = fixtures.join("schema-1.db");
    let _ = std::fs::remove_file(&path);
    let mut store = Store::open_to_write(&folder("fixture").join("r.db"), "a test").unwrap();
    let said = |speaker, content| support::Said { speaker, content, via: Some("EFE") };
    let day = |url: &str, day: &str| {
        support::article(url, day, &[said("Inés Quiroga", "the fleet may leave"), said("Quiroga", "nobody was asked")])
    };
    store.put([day("https://a.example/1", "2022-03-16"), day("https://b.example/2", "")]).unwrap();
    store.put(decided::VESK.iter().map(|line| document("", line).0)).unwrap();
    store.link().unwrap();
    let vesk: Vec<String> = store.people("ilmar vesk").unwrap().into_iter().map(|person| person.id).collect();
    store.merge(&vesk[0], &vesk[1], "2026-01-02T03:04:05Z").unwrap();
    // One file without what SQLite keeps beside it, in small pages, since there is little on each.
    let sql = "PRAGMA page_size = 1024; PRAGMA journal_mode = DELETE; VACUUM";
    let backup = path.with_extension("backup");
    store.backup(&backup).unwrap();
    rusqlite::Connection::open(&backup).unwrap().execute_batch(sql).unwrap();
    std::fs::rename(backup, path).unwrap();
}

/// All there is to know of all people, in words.
fn all(store: &Store) -> Vec<String> {
    let mut people: Vec<PersonFound> = Vec::new();
    store
        .all_people(|person| {
            people.push(person);
            ControlFlow::Continue(())
        })
        .unwrap();
    let line = |person: &PersonFound| {
        let (names, roles) = (store.names_of(person).unwrap(), store.roles_of(person).unwrap());
        // Its place hangs on the order in which articles came, and means nothing elsewhere.
        let person = PersonFound { row: 0, ..person.clone() };
        format!("{person:?} {names:?} {roles:?}")
    };
    people.iter().map(line).collect()
}
