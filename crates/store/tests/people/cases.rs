//! The cases of `spec/people`, each by itself, and all together in other orders.

use std::collections::BTreeMap;

use rapporteur_store::Store;

use super::support::folder;
use super::{Named, all, document};

const CASES: &str = include_str!("../../../../spec/people/cases.md");

fn cases() -> Vec<(&'static str, Vec<&'static str>)> {
    let mut cases: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in CASES.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            cases.push((title, Vec::new()));
        } else if line.starts_with("- ") {
            cases.last_mut().unwrap().1.push(line);
        }
    }
    cases
}

/// What is wrong with a case: pairs that are one and should not be, and that are not and should.
fn wrong(title: &str, lines: &[&str]) -> Vec<String> {
    let mut store = Store::open_to_write(&folder(&format!("case {title}")).join("r.db"), "a test").unwrap();
    let mut members: Vec<(Named, Option<i64>)> = Vec::new();
    let mut places = Vec::new();
    for line in lines {
        let (document, named) = document(title, line);
        places.extend(named.into_iter().enumerate().map(|(at, named)| (document.article.id.clone(), at, named)));
        store.put([document]).unwrap();
    }
    store.link().unwrap();
    for (article, ordinal, named) in places {
        let found = store.articles_by_id(&article, 1).unwrap();
        let sql = "SELECT max(person) FROM entities WHERE article = ? AND ordinal = ?";
        let person = store.connection().query_row(sql, [found[0].row, ordinal as i64], |row| row.get(0)).unwrap();
        members.push((named, person));
    }
    let mut wrong = Vec::new();
    for (at, (one, first)) in members.iter().enumerate() {
        for (other, second) in &members[at + 1..] {
            let same = first.is_some() && first == second;
            if same && one.person != other.person && !(one.may_stand_alone && other.may_stand_alone) {
                wrong.push(format!("{title}: {} and {} are one", one.name, other.name));
            }
            if !same && one.person == other.person {
                wrong.push(format!("{title}: {} and {} are two", one.name, other.name));
            }
        }
    }
    wrong
}

#[test]
fn every_case_comes_out_as_it_says() {
    let cases = cases();
    assert!(cases.len() >= 60);
    let wrong: Vec<String> = cases.iter().flat_map(|(title, lines)| wrong(title, lines)).collect();
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn people_do_not_hang_on_the_order_or_the_runs_in_which_articles_came() {
    let lines: Vec<(&str, &str)> = cases()
        .iter()
        .flat_map(|(title, lines)| lines.iter().map(|line| (*title, *line)).collect::<Vec<_>>())
        .collect();
    let open = |name: &str| Store::open_to_write(&folder(name).join("r.db"), "a test").unwrap();
    let mut once = open("order-once");
    once.put(lines.iter().map(|(title, line)| document(title, line).0)).unwrap();
    once.link().unwrap();
    let expected = all(&once);
    assert!(expected.len() > 60);
    let mut reversed = open("order-reversed");
    for chunk in lines.rchunks(7) {
        reversed.put(chunk.iter().rev().map(|(title, line)| document(title, line).0)).unwrap();
        reversed.link().unwrap();
    }
    assert_eq!(all(&reversed), expected);
    // Names, roles and outlets have other numbers now.
    let mut shuffled = open("order-shuffled");
    let mut by_hash: BTreeMap<String, (&str, &str)> = BTreeMap::new();
    for line in &lines {
        by_hash.insert(blake3::hash(format!("{line:?}").as_bytes()).to_hex().to_string(), *line);
    }
    for (at, (title, line)) in by_hash.values().enumerate() {
        shuffled.put([document(title, line).0]).unwrap();
        if at % 10 == 3 {
            shuffled.link().unwrap();
        }
    }
    shuffled.link().unwrap();
    assert_eq!(all(&shuffled), expected);
    assert_eq!(shuffled.link().unwrap().n_articles, 0, "all was linked");
}
