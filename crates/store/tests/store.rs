//! Documents in, found, and out again.

mod support;

use std::ops::ControlFlow;

use rapporteur_record::{Document, Offsets};
use rapporteur_store::{Order, Page, Problem, Query, Store, Stored, Verdict, check_citation};
use support::{Said, article, folder, said};

fn news() -> Vec<Document> {
    let said = |speaker, content| Said { speaker, content, ..said() };
    vec![
        article(
            "https://a.example/1",
            "2022-03-16",
            &[
                said("Sergéi Lavrin", "the army may withdraw from the coast"),
                Said { via: Some("EFE"), ..said("Inés Quiroga", "a full halt of the fleet is near") },
            ],
        ),
        article("https://b.example/2", "2022-03-17", &[said("Lavrin", "nobody will withdraw the full fleet")]),
        article("https://a.example/3", "", &[said("Inés Quiroga", "the grain ships wait at the coast")]),
    ]
}

fn contents(store: &Store, typed: &str, order: Order) -> Vec<String> {
    let mut found = Vec::new();
    let page = Page { order, ..Page::default() };
    store
        .statements(&Query::parse(typed).unwrap(), page, |statement| {
            found.push(statement.content);
            ControlFlow::Continue(())
        })
        .unwrap();
    found
}

#[test]
fn a_document_comes_back_as_it_was_put() {
    let folder = folder("comes-back");
    let mut store = Store::open_to_write(&folder.join("r.db"), "a test").unwrap();
    let put = store.put(news()).unwrap();
    assert_eq!(put.stored, [Stored::Added; 3]);
    assert_eq!(put.n_statements, 4);
    for document in news() {
        let found = store.articles_by_id(&document.article.id[..12], 9).unwrap();
        let back = store.document(&found[0]).unwrap();
        assert_eq!(back.to_json(Offsets::Codepoint), document.to_json(Offsets::Codepoint));
    }
    assert_eq!(store.check(|flaw| panic!("{flaw:?}")).unwrap(), 0);
}

#[test]
fn putting_twice_changes_nothing() {
    let folder = folder("twice");
    let mut store = Store::open_to_write(&folder.join("r.db"), "a test").unwrap();
    store.put(news()).unwrap();
    let before = store.stats().unwrap();
    let put = store.put(news().into_iter().chain(news())).unwrap();
    assert_eq!(put.stored, [Stored::Known; 6]);
    assert_eq!(store.stats().unwrap(), before);
}

#[test]
fn statements_are_found_by_words_and_fields() {
    let folder = folder("found");
    let mut store = Store::open_to_write(&folder.join("r.db"), "a test").unwrap();
    store.put(news()).unwrap();
    let first = |typed: &str| {
        let found = contents(&store, typed, Order::Newest);
        found.iter().map(|content| content.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
    };
    assert_eq!(first("withdraw"), ["nobody will", "the army"], "newest first");
    assert_eq!(first("WITHDRÁW coast OR grain"), ["the army"]);
    assert_eq!(first("\"full halt\" OR grain"), ["a full", "the grain"], "undated last");
    assert_eq!(first("withdr* -nobody"), ["the army"]);
    assert_eq!(first("-withdraw"), ["a full", "the grain"]);
    assert_eq!(first("speaker:lavrin"), ["nobody will", "the army"]);
    assert_eq!(first("speaker:\"sergei lavrin\""), ["the army"]);
    assert_eq!(first("speaker:quiroga coast"), ["the grain"]);
    assert_eq!(first("via:efe"), ["a full"]);
    assert_eq!(first("via:efe speaker:lavrin"), [""; 0]);
    assert_eq!(first("speaker:ines speaker:sergei"), ["the army", "a full", "the grain"].map(str::to_owned));
    assert_eq!(first("outlet:b.example"), ["nobody will"]);
    assert_eq!(first("outlet:a.example since:2022"), ["the army", "a full"]);
    assert_eq!(first("url:https://a.example/1 halt"), ["a full"]);
    assert_eq!(first("url:https://a.example/1 outlet:a"), ["the army", "a full"]);
    assert_eq!(first("url:https://a.example/1 outlet:b"), [""; 0]);
    assert_eq!((first("language:en"), first("-halt language:en")), (vec![], vec![]));
    assert_eq!(first("since:2022-03-17"), ["nobody will"]);
    assert_eq!(first("until:2022-03-16"), ["the army", "a full"]);
    assert_eq!(first("about:\"the coast\""), ["the army", "the grain"]);
    assert_eq!(first("act:deny"), [""; 0]);
    assert_eq!(
        first("act:assert quotation:direct country:FR role:aide fleet confidence:0.5"),
        ["nobody will", "a full"]
    );
    assert_eq!(contents(&store, "withdraw", Order::Best).len(), 2);
    assert_eq!(contents(&store, "the", Order::Newest).len(), 4);
    let query = Query::parse("speaker:quiroga").unwrap();
    assert_eq!((store.count_statements(&query).unwrap(), store.count_articles(&query).unwrap()), (2, 2));
}

#[test]
fn a_search_goes_on_where_a_page_ended() {
    let folder = folder("pages");
    let mut store = Store::open_to_write(&folder.join("r.db"), "a test").unwrap();
    store.put(news()).unwrap();
    for typed in ["", "the OR a OR will", "speaker:lavrin speaker:quiroga"] {
        let query = Query::parse(typed).unwrap();
        let whole = contents(&store, typed, Order::Newest);
        let (mut parts, mut after) = (Vec::new(), None);
        loop {
            let mut n_found = 0;
            let page = Page { after, limit: Some(1), ..Page::default() };
            store
                .statements(&query, page, |statement| {
                    (n_found, after) = (n_found + 1, Some(statement.row));
                    parts.push(statement.content);
                    ControlFlow::Continue(())
                })
                .unwrap();
            if n_found == 0 {
                break;
            }
        }
        assert_eq!(parts, whole, "{typed}");
        assert_eq!(parts.len(), 4, "{typed}");
    }
}

#[test]
fn a_statement_is_cited_and_shown_by_the_beginning_of_its_key() {
    let folder = folder("cited");
    let mut store = Store::open_to_write(&folder.join("r.db"), "a test").unwrap();
    store.put(news()).unwrap();
    let mut keys = Vec::new();
    store
        .statements(&Query::default(), Page::default(), |statement| {
            keys.push(statement.key.to_string());
            ControlFlow::Continue(())
        })
        .unwrap();
    for key in keys {
        let found = store.statements_by_key(&key[..8], 9).unwrap();
        assert_eq!(found.len(), 1);
        let citation = store.cite(&found[0]).unwrap();
        let text = store.article_text(&found[0].article).unwrap();
        assert_eq!(check_citation(&citation, &text), Verdict::Holds);
        let gone = text.replace(&found[0].content, "something else");
        assert_eq!(check_citation(&citation, &gone), Verdict::Orphan { stretch: 0 });
    }
    assert!(matches!(store.statements_by_key("u", 9).unwrap_err().problem, Problem::Query(_)));
}

#[test]
fn ids_do_not_hang_on_the_order_of_arrival() {
    let folder = folder("order");
    let mut one = Store::open_to_write(&folder.join("one.db"), "a test").unwrap();
    let mut other = Store::open_to_write(&folder.join("other.db"), "a test").unwrap();
    one.put(news()).unwrap();
    for document in news().into_iter().rev() {
        other.put([document]).unwrap();
    }
    let all = |store: &Store| {
        let mut all = Vec::new();
        store
            .statements(&Query::default(), Page::default(), |statement| {
                all.push((statement.row, statement.key, statement.content));
                ControlFlow::Continue(())
            })
            .unwrap();
        all
    };
    assert_eq!(all(&one), all(&other));
}
