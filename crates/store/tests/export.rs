//! The record as tables in files: what is in them, where they lie, and what a second export does.

mod support;

#[cfg(feature = "parquet")]
#[path = "export/read_back.rs"]
mod read_back;

use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use rapporteur_record::{
    Addressee, Channel, ChannelKind, Document, Event, Headline, Offsets, Place, Position, Span, Stance, Status, Time,
    TimeKind, Verdict,
};
use rapporteur_store::export::{Column, Exported, Format, Kind, Options, Step, Table, Value, table_writer};
use rapporteur_store::{Problem, Store};
use serde_json::{Value as Json, json};
use support::{Said, article, folder, said};

fn options(format: Format) -> Options {
    Options { format, offsets: Offsets::Codepoint, query: String::new(), overwrite: false }
}

fn all(store: &Store, to: &Path, options: &Options) -> Exported {
    store.export(to, options, |_| ControlFlow::Continue(())).unwrap().unwrap()
}

fn refused(store: &Store, to: &Path, options: &Options) -> String {
    store.export(to, options, |_| ControlFlow::Continue(())).unwrap_err().to_string()
}

/// Everything that a document can have.
fn rich(url: &str, day: &str) -> Document {
    let says = Said { speaker: "Éva \u{0}Tóth", content: "😀 \"the port, =1+1\"\r\nis shut", via: Some("MTI") };
    let mut document = article(url, day, &[says, said()]);
    let span = Span::new(0, 3); // the first quotation mark, one code point
    document.article.title = Some("\u{1b}[31mPort\u{202e} shut\u{feff}".into());
    document.article.byline = vec!["A, B".into(), String::new()];
    document.article.outlet_name = Some(" The Port, Daily".into());
    document.notes = vec!["two dates".into()];
    let channel = Channel { kind: ChannelKind::Letter, span };
    document.statements[0].channel = Some(channel);
    document.statements[0].addressee = Some(Addressee { span, entity: None });
    document.statements[0].via[0].channel = Some(channel);
    document.statements[1].inside = Some(0);
    document.statements[1].speakers = vec![0, 2];
    document.statements[1].speaker = None;
    document.entities[0].members = vec![1, 2];
    document.entities[0].lat = Some(47.497_912);
    let day = |day: &str| Some(day.parse().unwrap());
    let time = Time {
        span,
        kind: TimeKind::Date,
        value: Some("1969-12-31".into()),
        first: day("1969-12-31"),
        end: day("1970-01-01"),
    };
    let open = Time { span, kind: TimeKind::Set, value: None, first: None, end: None };
    document.times = vec![time, open];
    let place = Place { span, entity: None, name: "Győr".into(), country: None, lat: None, lon: Some(17.6) };
    document.events.push(Event {
        id: 0,
        kind: "CONSULT".into(),
        mode: None,
        status: Status::Planned,
        trigger: vec![span, Span::new(3, 7)],
        actors: vec![0, 1],
        recipients: vec![],
        mediators: vec![2],
        place: Some(place),
        when: Some(0),
        asserted_by: Some(1),
    });
    document.positions.push(Position { party: 1, issue: "the port".into(), stance: Stance::Open, statement: 0 });
    document.headline.push(Headline { statement: 0, verdict: Verdict::Partly, supported_by: vec![1] });
    document
}

fn news() -> Vec<Document> {
    let plain = |url, day| article(url, day, &[said()]);
    vec![
        rich("https://a.example/1", "2022-03-16"),
        plain("https://a.example/2", "2022-03-16"),
        plain("https://b.example/3", "2021-12-31"),
        rich("https://b.example/4", ""),
        article("https://b.example/5", "2022-03-01", &[]),
    ]
}

fn store(name: &str, documents: impl IntoIterator<Item = Document>) -> (PathBuf, Store) {
    let folder = folder(&format!("export-{name}"));
    let mut store = Store::open_to_write(&folder.join("r.db"), "a test").unwrap();
    store.put(documents).unwrap();
    (folder, store)
}

/// All files under a folder, by their paths in it.
fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read(path).unwrap());
            }
        }
    }
    found
}

fn lines(files: &BTreeMap<String, Vec<u8>>, path: &str) -> Vec<Json> {
    let text = std::str::from_utf8(&files[path]).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

const UNDATED: &str = "month=__HIVE_DEFAULT_PARTITION__";

#[test]
fn a_month_is_a_folder_and_the_undated_stand_apart() {
    let (folder, store) = store("months", news());
    let to = folder.join("out");
    let exported = all(&store, &to, &options(Format::Jsonl));
    assert_eq!(exported.n_rows[..4], [("articles", 5), ("statements", 6), ("entities", 8), ("mentions", 8)]);
    assert_eq!(exported.n_rows[4..], [("events", 2), ("times", 4), ("positions", 2), ("headlines", 2), ("people", 0)]);
    assert_eq!((exported.files.n_written, exported.files.n_same, exported.files.n_removed), (25, 0, 0));
    let files = files(&to);
    let months: Vec<&str> =
        files.keys().filter_map(|path| path.strip_prefix("articles/")?.strip_suffix("/part-0.jsonl")).collect();
    assert_eq!(months, ["month=2021-12", "month=2022-03", UNDATED]);
    assert_eq!(files.len(), 26);
    let articles = lines(&files, "articles/month=2022-03/part-0.jsonl");
    let days: Vec<&str> = articles.iter().map(|article| article["day"].as_str().unwrap()).collect();
    assert_eq!(days, ["2022-03-01", "2022-03-16", "2022-03-16"]);
    assert!(articles[1]["id"].as_str() < articles[2]["id"].as_str());
    let list: Json = serde_json::from_slice(&files["_export.json"]).unwrap();
    assert_eq!(list["whole"], true);
    assert_eq!(list["files"].as_array().unwrap().len(), 25);
    assert_eq!(
        list["export"],
        json!({"schema": "rapporteur/export/1", "format": "jsonl", "offsets": "codepoint", "query": ""})
    );
}

#[test]
fn tables_say_what_the_document_says() {
    let (folder, store) = store("says", [rich("https://b.example/4", "")]);
    let to = folder.join("out");
    all(&store, &to, &options(Format::Jsonl));
    let files = files(&to);
    let table = |name: &str| lines(&files, &format!("{name}/{UNDATED}/part-0.jsonl"));
    let article = &table("articles")[0];
    let text: Vec<char> = article["text"].as_str().unwrap().chars().collect();
    let words = |span: &Json| {
        let at = |end: usize| span[end].as_u64().unwrap() as usize;
        text[at(0)..at(1)].iter().collect::<String>()
    };
    assert_eq!(article["title"], "\u{1b}[31mPort\u{202e} shut\u{feff}");
    assert_eq!((&article["published"], &article["byline"]), (&Json::Null, &json!(["A, B", ""])));
    let statements = table("statements");
    let [first, second] = &statements[..] else { panic!("{statements:?}") };
    assert_eq!(words(&first["content"][0]), "😀 \"the port, =1+1\"\r\nis shut");
    assert_eq!(words(&first["source"][0]), "Éva \u{0}Tóth");
    assert_eq!(first["speaker_name"], "Éva \u{0}Tóth");
    assert_eq!((&first["speaker_role"], &first["speaker_country"]), (&json!("chief aide, France"), &json!("FR")));
    assert_eq!((&first["via"][0]["name"], words(&first["via"][0]["span"])), (&json!("MTI"), "MTI".to_owned()));
    assert_eq!(first["channel"], json!({"kind": "letter", "span": [0, 1]}));
    assert_eq!((&first["outlet"], &first["confidence"]), (&json!("b.example"), &json!(0.94)));
    assert_eq!((&second["speaker"], &second["speakers"], &second["inside"]), (&Json::Null, &json!([0, 2]), &json!(0)));
    assert_eq!(store.statements_by_key(first["key"].as_str().unwrap(), 2).unwrap().len(), 1);
    let event = &table("events")[0];
    assert_eq!((&event["actor_names"], &event["time"]), (&json!(["Éva \u{0}Tóth", "MTI"]), &json!(0)));
    assert_eq!((&event["first_day"], &event["end_day"]), (&json!("1969-12-31"), &json!("1970-01-01")));
    assert_eq!((&event["place"]["name"], &event["place"]["lon"]), (&json!("Győr"), &json!(17.6)));
    assert_eq!(table("positions")[0]["party_name"], "MTI");
    assert_eq!(table("times")[1]["value"], Json::Null);
    assert_eq!(table("headlines")[0]["verdict"], "partly");
    assert_eq!(table("mentions")[0]["form"], "name");
}

#[test]
fn days_before_the_calendar_are_as_none() {
    let all_of = ["-000005-03-01", "", "0001-01-01", "9999-12-31"]
        .map(|day| article(&format!("https://a.example/{day}"), day, &[said()]));
    let (folder, store) = store("ancient", all_of);
    let to = folder.join("out");
    all(&store, &to, &options(Format::Jsonl));
    let files = files(&to);
    let n_articles = |month: &str| lines(&files, &format!("articles/{month}/part-0.jsonl")).len();
    assert_eq!((n_articles(UNDATED), n_articles("month=0001-01"), n_articles("month=9999-12")), (2, 1, 1));
}

#[test]
fn people_are_in_a_table_of_their_own_and_entities_name_them() {
    let (folder, mut store) = store("people", news());
    store.link().unwrap();
    let table = |to: &Path, path: &str| lines(&files(to), path);
    let to = folder.join("all");
    let n_people = all(&store, &to, &options(Format::Jsonl)).n_rows[8].1 as usize;
    let people = table(&to, "people/part-0.jsonl");
    assert!(n_people > 1 && people.len() == n_people);
    let mut ids: Vec<&str> = people.iter().map(|person| person["id"].as_str().unwrap()).collect();
    for person in &people {
        let found = store.person(person["id"].as_str().unwrap()).unwrap();
        assert_eq!((&json!(found.name), &json!(found.n_articles)), (&person["name"], &person["n_articles"]));
        assert_eq!(person["names"][0]["name"], person["name"]);
    }
    for statement in table(&to, "statements/month=2022-03/part-0.jsonl") {
        if let Some(person) = statement["speaker_person"].as_str() {
            let person = people.iter().find(|one| one["id"] == person).unwrap();
            assert_eq!(person["name"], statement["speaker_name"]);
        }
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), n_people);

    let one = folder.join("one");
    all(&store, &one, &Options { query: "until:2021".into(), ..options(Format::Jsonl) });
    let entities = table(&one, "entities/month=2021-12/part-0.jsonl");
    let named: Vec<&Json> =
        entities.iter().map(|entity| &entity["person"]).filter(|person| !person.is_null()).collect();
    let people = table(&one, "people/part-0.jsonl");
    assert_eq!(people.iter().map(|person| &person["id"]).collect::<Vec<_>>(), named);
    assert_eq!(named.len(), 1, "those alone that are named in what was found");
}

#[test]
fn spans_count_what_is_asked_for() {
    let (folder, store) = store("offsets", [rich("https://b.example/4", "")]);
    for (offsets, end) in [(Offsets::Byte, 3), (Offsets::Codepoint, 1), (Offsets::Utf16, 1)] {
        let to = folder.join(format!("{offsets:?}"));
        all(&store, &to, &Options { offsets, ..options(Format::Jsonl) });
        let times = lines(&files(&to), &format!("times/{UNDATED}/part-0.jsonl"));
        assert_eq!(times[0]["span"], json!([0, end]), "{offsets:?}");
    }
}

#[test]
fn csv_is_read_back_field_by_field() {
    let (folder, store) = store("csv", [rich("https://b.example/4", "2022-03-16")]);
    let to = folder.join("out");
    all(&store, &to, &options(Format::Csv));
    let files = files(&to);
    let csv = std::str::from_utf8(&files["articles/month=2022-03/part-0.csv"]).unwrap();
    assert!(csv.starts_with("id,url,outlet,outlet_name,title,standfirst,byline,published,day,"), "{csv}");
    assert!(csv.contains(",\" The Port, Daily\","), "{csv}");
    assert!(csv.contains(",\"[\"\"A, B\"\",\"\"\"\"]\",2022-03-16,2022-03-16,,"), "{csv}");
    assert!(csv.contains("\"“😀 \"\"the port, =1+1\"\"\r\nis shut”, Éva \u{FFFD}Tóth said, MTI reported. "), "{csv}");
    assert!(csv.ends_with("\r\n") && !csv.contains('\0'));
}

#[test]
fn the_same_record_gives_the_same_bytes_in_whatever_order_it_came() {
    let (folder, one) = store("order-one", news());
    let (_, other) = store("order-other", news().into_iter().rev());
    for format in [Format::Csv, Format::Jsonl, Format::Parquet].into_iter().filter(|format| format.is_built()) {
        let (this, that) = (folder.join(format.word()), folder.join(format!("{}-too", format.word())));
        all(&one, &this, &options(format));
        all(&other, &that, &options(format));
        assert_eq!(files(&this), files(&that), "{format:?}");
    }
}

#[test]
fn a_second_export_replaces_only_what_changed() {
    let (folder, mut store) = store("second", news());
    let to = folder.join("out");
    let jsonl = options(Format::Jsonl);
    all(&store, &to, &jsonl);
    let before = files(&to);
    let when = |path: &str| fs::metadata(to.join(path)).unwrap().modified().unwrap();
    let untouched = when("articles/month=2021-12/part-0.jsonl");
    assert_eq!(all(&store, &to, &jsonl).files.n_same, 25);
    assert_eq!(files(&to), before);
    store.put([article("https://c.example/6", "2022-03-02", &[said()])]).unwrap();
    let exported = all(&store, &to, &jsonl);
    assert_eq!((exported.files.n_written, exported.files.n_same), (4, 21), "articles, statements, entities, mentions");
    assert_eq!(when("articles/month=2021-12/part-0.jsonl"), untouched);
    assert_eq!(lines(&files(&to), "articles/month=2022-03/part-0.jsonl").len(), 4);
}

#[test]
fn other_options_need_to_be_meant_and_then_nothing_old_stays() {
    let (folder, store) = store("overwrite", news());
    let to = folder.join("out");
    all(&store, &to, &options(Format::Jsonl));
    let before = files(&to);
    let march = Options { query: "since:2022-03 until:2022-03".into(), ..options(Format::Csv) };
    let reason = refused(&store, &to, &march);
    assert!(reason.ends_with("name another folder, or replace it with --overwrite"), "{reason}");
    assert_eq!(files(&to), before);
    let exported = all(&store, &to, &Options { overwrite: true, ..march });
    assert_eq!((exported.files.n_written, exported.files.n_removed), (9, 25));
    let left: Vec<String> = files(&to).into_keys().collect();
    assert_eq!(left.len(), 10);
    let is_left = |path: &String| path.ends_with("month=2022-03/part-0.csv") || path == "people/part-0.csv";
    assert!(left[1..].iter().all(is_left), "{left:?}");
    assert!(!to.join("articles/month=2021-12").exists());
}

#[test]
fn nothing_but_an_export_is_ever_touched() {
    let (folder, store) = store("foreign", news());
    let to = folder.join("out");
    fs::create_dir_all(&to).unwrap();
    fs::write(to.join("thesis.tex"), "years of work").unwrap();
    let meant = Options { overwrite: true, ..options(Format::Jsonl) };
    assert!(refused(&store, &to, &meant).contains("it is not empty, and holds no export of Rapporteur"));
    assert_eq!(files(&to).len(), 1);

    let list =
        r#"{"files": [{"path": "thesis.tex"}, {"path": "../r.db"}, {"path": "articles/month=x/../../thesis.tex"}]}"#;
    fs::write(to.join("_export.json"), list).unwrap();
    assert_eq!(all(&store, &to, &meant).files.n_removed, 0);
    assert_eq!(fs::read_to_string(to.join("thesis.tex")).unwrap(), "years of work");
    assert!(folder.join("r.db").exists());

    let file = folder.join("file");
    fs::write(&file, "").unwrap();
    assert!(refused(&store, &file, &meant).starts_with(file.to_str().unwrap()));
    fs::write(to.join("_export.json"), "no list").unwrap();
    assert!(refused(&store, &to, &meant).contains("its _export.json is not one of Rapporteur"));
}

#[test]
fn an_export_that_is_broken_off_leaves_the_last_one_as_it_was() {
    let (folder, mut store) = store("broken", news());
    let to = folder.join("out");
    let jsonl = options(Format::Jsonl);
    let break_after = |store: &Store, n: u64| {
        let see = |step| match step {
            Step::Done(n_done, _) if n_done >= n => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        };
        store.export(&to, &jsonl, see).unwrap()
    };
    assert_eq!(break_after(&store, 3), None);
    assert!(!to.exists(), "it was made for this");
    all(&store, &to, &jsonl);
    let before = files(&to);
    store.put([article("https://c.example/6", "1999-01-01", &[said()])]).unwrap();
    for n in 1..=6 {
        assert_eq!(break_after(&store, n), None);
        assert_eq!(files(&to), before, "{n}");
    }
}

#[test]
fn a_killed_export_is_cleared_away_and_two_at_once_are_refused() {
    let (folder, store) = store("killed", news());
    let to = folder.join("out");
    let half = to.join("_partial/articles/month=2000-01");
    fs::create_dir_all(&half).unwrap();
    fs::write(half.join("part-0.jsonl"), "{\"id\"").unwrap();
    let mut second = None;
    let done = store.export(&to, &options(Format::Jsonl), |_| {
        second.get_or_insert_with(|| refused(&store, &to, &options(Format::Jsonl)));
        ControlFlow::Continue(())
    });
    assert!(done.unwrap().is_some());
    assert!(second.unwrap().contains("in use by another `rapporteur export`"));
    assert!(!to.join("_partial").exists());
    assert_eq!(files(&to).len(), 26);
}

#[test]
fn an_empty_database_gives_an_empty_export() {
    let (folder, store) = store("empty", []);
    let to = folder.join("out");
    let exported = all(&store, &to, &options(Format::Jsonl));
    assert!(exported.n_rows.iter().all(|(_, n_rows)| *n_rows == 0));
    assert_eq!(files(&to).into_keys().collect::<Vec<_>>(), ["_export.json"]);
    assert_eq!(all(&store, &to, &options(Format::Jsonl)), exported);
}

#[test]
fn a_query_chooses_articles_and_a_wrong_one_is_named() {
    let (folder, store) = store("query", news());
    for (query, n_articles) in [("port", 2), ("outlet:b.example", 3), ("since:2022", 3), ("until:2021 via:mti", 0)] {
        let to = folder.join(query.replace(':', "-"));
        let exported = all(&store, &to, &Options { query: query.into(), ..options(Format::Jsonl) });
        assert_eq!(exported.n_rows[0].1, n_articles, "{query}");
    }
    let wrong = Options { query: "spaeker:li".into(), ..options(Format::Jsonl) };
    assert!(refused(&store, &folder.join("wrong"), &wrong).contains("spaeker"));
    assert!(!folder.join("wrong").exists());
}

#[test]
fn a_damaged_article_is_told_of_and_left_out() {
    let (folder, store) = store("damaged", news());
    drop(store);
    let path = folder.join("r.db");
    let connection = rusqlite::Connection::open(&path).unwrap();
    let sql = "UPDATE records SET body = x'00' WHERE article = (SELECT id FROM articles WHERE url LIKE '%/2')";
    assert_eq!(connection.execute(sql, []).unwrap(), 1);
    drop(connection);
    let (mut told, store) = (Vec::new(), Store::open(&path).unwrap());
    let exported = store.export(&folder.join("out"), &options(Format::Jsonl), |step| {
        told.extend(matches!(step, Step::Damaged(_)).then_some(step));
        ControlFlow::Continue(())
    });
    let exported = exported.unwrap().unwrap();
    assert_eq!((exported.n_damaged, told.len(), exported.n_rows[0].1), (1, 1, 4));
}

#[test]
fn a_full_disk_is_told_as_such() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    const ONES: Table = Table { name: "ones", columns: &[Column::one("one", Kind::Count)] };
    for format in [Format::Csv, Format::Jsonl, Format::Parquet].into_iter().filter(|format| format.is_built()) {
        let written = table_writer(format, &ONES, Offsets::Byte, Full).and_then(|mut writer| {
            writer.row(&[Value::Count(1)])?;
            writer.finish()
        });
        assert_eq!(written.unwrap_err().kind(), std::io::ErrorKind::StorageFull, "{format:?}");
    }
}

#[test]
#[cfg(not(feature = "parquet"))]
fn a_build_without_parquet_says_so_before_anything_is_made() {
    let (folder, store) = store("none", news());
    let error =
        store.export(&folder.join("out"), &options(Format::Parquet), |_| ControlFlow::Continue(())).unwrap_err();
    assert!(matches!(&error.problem, Problem::Query(reason) if reason.contains("--features parquet")), "{error}");
    assert!(!folder.join("out").exists());
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let (folder, store) = store("denied", news());
    let error =
        store.export(&folder.join("r.db/out"), &options(Format::Csv), |_| ControlFlow::Continue(())).unwrap_err();
    assert!(matches!(error.problem, Problem::Denied(_)), "{error}");
}
