//! What is decided by hand, and ids from files.

use rapporteur_store::{Authority, Part, Problem, Store};

use super::{all, document, linked};

const AT: &str = "2026-01-02T03:04:05Z";

pub(super) const VESK: [&str; 5] = [
    "- 2021-03-01 a | Ilmar Vesk (foreign minister, Norland) [NO] #1 | Ada Quill",
    "- 2021-03-02 b | Ilmar Vesk (striker) #2 | Karl Oss",
    "- 2021-03-03 c | Dora Halden (envoy) #3",
    "- 2021-03-04 c | Dora Halden (envoy; poet) #3",
    "- 2021-03-05 d | org:Vesk Steel #4",
];

fn ids(store: &Store, name: &str) -> Vec<String> {
    store.people(name).unwrap().into_iter().map(|person| person.id).collect()
}

fn reason(error: rapporteur_store::Error) -> String {
    assert!(matches!(error.problem, Problem::Query(_)), "{error}");
    error.to_string()
}

#[test]
fn two_are_made_one_and_two_again() {
    let mut store = linked("merged", &VESK);
    let before = all(&store);
    let vesk = ids(&store, "ilmar vesk");
    let dora = ids(&store, "dora halden");
    assert_eq!((vesk.len(), dora.len()), (2, 1));
    assert_eq!(store.merge(&vesk[0], &vesk[1], AT).unwrap(), 1);
    assert_eq!(ids(&store, "ilmar vesk").len(), 1);
    let one = store.person(&vesk[1]).unwrap();
    assert_eq!((one.n_articles, &one), (2, &store.person(&vesk[0]).unwrap()), "both ids name the one");
    // Of another name, and so of another block.
    assert_eq!(store.merge(&dora[0], &vesk[0], AT).unwrap(), 2);
    assert_eq!(store.person(&dora[0]).unwrap().n_articles, 4);
    assert_eq!(store.undo(1, AT).unwrap(), 3);
    assert_eq!(store.person(&dora[0]).unwrap().n_articles, 3, "the second merge still holds");
    assert_eq!(store.undo(2, AT).unwrap(), 4);
    assert_eq!(all(&store), before);
    assert_eq!(store.undo(4, AT).unwrap(), 5);
    assert_eq!(store.person(&dora[0]).unwrap().n_articles, 3, "undone, and done again");
    let log: Vec<(String, bool)> =
        store.decisions().unwrap().into_iter().map(|decision| (decision.act, decision.undone)).collect();
    let log: Vec<(&str, bool)> = log.iter().map(|(act, undone)| (act.as_str(), *undone)).collect();
    assert_eq!(log, [("merge", true), ("merge", false), ("undo", false), ("undo", true), ("undo", false)]);
    assert_eq!(store.check(|flaw| panic!("{flaw:?}")).unwrap(), 0);
}

#[test]
fn one_is_made_two_and_one_again() {
    let mut store = linked("parted", &VESK);
    let before = all(&store);
    let dora = ids(&store, "dora halden");
    let part = Part { role: Some("Poet".into()), ..Part::default() };
    assert_eq!(store.split(&dora[0], &part, AT).unwrap(), 1);
    assert_eq!(ids(&store, "dora halden").len(), 2);
    // An article that comes later, and of which the same holds, is of the same part.
    store.put([document("", "- 2021-03-09 e | Dora Halden (poet) #3").0]).unwrap();
    store.link().unwrap();
    let counts: Vec<u64> = store.people("dora halden").unwrap().iter().map(|person| person.n_articles).collect();
    assert_eq!(counts.iter().sum::<u64>(), 3);
    store.undo(1, AT).unwrap();
    let mut plain = linked("parted-plain", &VESK);
    assert_eq!(all(&plain), before);
    plain.put([document("", "- 2021-03-09 e | Dora Halden (poet) #3").0]).unwrap();
    plain.link().unwrap();
    assert_eq!(all(&store), all(&plain), "as if nothing had been decided");
}

#[test]
fn what_is_parted_by_article_day_name_state_and_outlet() {
    let store = linked("parts", &VESK);
    let article = store.articles_by_id(&document("", VESK[3]).0.article.id, 1).unwrap()[0].id.clone();
    let day = |day: &str| Some(day.parse().unwrap());
    for part in [
        Part { articles: vec![article], ..Part::default() },
        Part { since: day("2021-03-04"), ..Part::default() },
        Part { until: day("2021-03-03"), ..Part::default() },
        Part { role: Some("poet".into()), outlet: Some("c.example".into()), ..Part::default() },
    ] {
        let mut store = linked("parts-each", &VESK);
        let dora = ids(&store, "dora halden");
        store.split(&dora[0], &part, AT).unwrap();
        assert_eq!(ids(&store, "dora halden").len(), 2, "{part:?}");
    }
}

#[test]
fn what_cannot_be_decided_is_refused_and_changes_nothing() {
    let mut store = linked("refused", &VESK);
    let before = all(&store);
    let vesk = ids(&store, "ilmar vesk");
    let steel = ids(&store, "vesk steel");
    assert!(reason(store.merge(&vesk[0], &vesk[0], AT).unwrap_err()).contains("are one already"));
    assert!(reason(store.merge(&vesk[0], &steel[0], AT).unwrap_err()).contains("only people of one kind"));
    assert!(reason(store.merge(&vesk[0], "p:zzzzzzzzzz-0", AT).unwrap_err()).starts_with("nobody has the id"));
    assert!(reason(store.merge(&vesk[0], "Vesk", AT).unwrap_err()).contains("is no id of a person"));
    assert!(reason(store.split(&vesk[0], &Part::default(), AT).unwrap_err()).starts_with("say which"));
    let part = Part { country: Some("SE".into()), ..Part::default() };
    assert!(reason(store.split(&vesk[0], &part, AT).unwrap_err()).starts_with("nothing would change"));
    assert!(reason(store.undo(1, AT).unwrap_err()).starts_with("there is no decision 1"));
    assert_eq!((store.decisions().unwrap().len(), all(&store)), (0, before));
}

#[test]
fn decisions_hold_when_more_articles_come() {
    let mut store = linked("hold", &VESK[..2]);
    let vesk = ids(&store, "ilmar vesk");
    store.merge(&vesk[0], &vesk[1], AT).unwrap();
    // Named earlier, and so what the person is called by from now on.
    store.put([document("", "- 2020-03-01 a | Ilmar Vesk (foreign minister, Norland) [NO] #1 | Ada Quill").0]).unwrap();
    store.link().unwrap();
    let now = store.people("ilmar vesk").unwrap();
    assert_eq!((now.len(), now[0].n_articles), (1, 3));
    assert!(!vesk.contains(&now[0].id));
    assert_eq!(store.person(&vesk[0]).unwrap().id, now[0].id, "old ids stay good");
}

#[test]
fn a_file_gives_ids_where_one_name_leads_to_one() {
    let mut store = linked("authorities", &VESK);
    let authority = |line: &str| Authority::parse(line).unwrap().unwrap();
    let stored = store.put_authorities([
        authority(r#"{"id":"Q1","labels":{"en":"Dora Halden"},"description":"diplomat"}"#),
        authority(r#"{"id":"Q2","labels":{"en":"Ilmar Vesk"},"description":"Norlandic foreign minister"}"#),
        authority(r#"{"id":"Q3","labels":{"en":"Nobody Here"}}"#),
        authority(r#"{"id":"n-4","schema":"Company","properties":{"name":["Vesk Steel"]}}"#),
    ]);
    assert_eq!(stored.unwrap(), 4);
    let ids = |name: &str| {
        let people = store.people(name).unwrap();
        people.into_iter().map(|person| (person.country, person.authority)).collect::<Vec<_>>()
    };
    assert_eq!(ids("dora halden"), [(None, Some("Q1".to_owned()))]);
    assert_eq!(ids("vesk steel"), [(None, Some("n-4".to_owned()))]);
    let mut vesk = ids("ilmar vesk");
    vesk.sort();
    assert_eq!(vesk, [(None, None), (Some("NO".to_owned()), Some("Q2".to_owned()))], "the minister, not the striker");
}
