//! Parquet files read back by a reader that is not ours.

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, Row};

use super::*;

/// A field as the JSON lines have it.
fn json(field: &Field) -> Json {
    match field {
        Field::Null => Json::Null,
        Field::Bool(flag) => json!(flag),
        Field::UInt(number) => json!(number),
        Field::Float(number) => json!(number),
        Field::Double(number) => json!(number),
        Field::Str(text) => json!(text),
        Field::Date(days) => {
            json!((jiff::civil::Date::constant(1970, 1, 1) + jiff::Span::new().days(*days)).to_string())
        }
        Field::Group(row) if is_span(row) => row.get_column_iter().map(|(_, field)| json(field)).collect(),
        Field::Group(row) => object(row),
        Field::ListInternal(list) => list.elements().iter().map(json).collect(),
        field => panic!("no such type: {field:?}"),
    }
}

fn is_span(row: &Row) -> bool {
    row.get_column_iter().map(|(name, _)| name.as_str()).eq(["start", "end"])
}

fn object(row: &Row) -> Json {
    row.get_column_iter().map(|(name, field)| (name.clone(), json(field))).collect()
}

fn reader(path: &Path) -> SerializedFileReader<fs::File> {
    SerializedFileReader::new(fs::File::open(path).unwrap()).unwrap()
}

fn rows(path: &Path) -> Vec<Json> {
    reader(path).get_row_iter(None).unwrap().map(|row| object(&row.unwrap())).collect()
}

/// Fractions are of 32 bits in Parquet and printed short in JSON.
fn to_32_bits(mut row: Json) -> Json {
    if let Some(confidence) = row.get_mut("confidence") {
        *confidence = json!(confidence.as_f64().unwrap() as f32);
    }
    row
}

#[test]
fn parquet_holds_what_json_holds() {
    let (folder, mut store) = store("round", news());
    let n_people = store.link().unwrap().n_people as usize;
    let (this, that) = (folder.join("parquet"), folder.join("jsonl"));
    assert_eq!(
        all(&store, &this, &options(Format::Parquet)).n_rows,
        all(&store, &that, &options(Format::Jsonl)).n_rows
    );
    let mut n_rows = 0;
    for path in files(&that).keys().filter(|path| path.ends_with(".jsonl")) {
        let wanted: Vec<Json> = lines(&files(&that), path).into_iter().map(to_32_bits).collect();
        assert_eq!(rows(&this.join(path.replace("jsonl", "parquet"))), wanted, "{path}");
        n_rows += wanted.len();
    }
    assert_eq!(n_rows, 5 + 6 + 8 + 8 + 2 + 4 + 2 + 2 + n_people);
}

#[test]
fn the_file_names_its_version_and_the_unit_of_its_spans() {
    let (folder, store) = store("about", news());
    let to = folder.join("out");
    all(&store, &to, &Options { offsets: Offsets::Utf16, ..options(Format::Parquet) });
    let reader = reader(&to.join("times/month=2022-03/part-0.parquet"));
    let about = reader.metadata().file_metadata().key_value_metadata().unwrap();
    let about: Vec<(&str, &str)> =
        about.iter().map(|pair| (pair.key.as_str(), pair.value.as_deref().unwrap())).collect();
    assert_eq!(about, [("rapporteur.schema", "rapporteur/export/1"), ("rapporteur.offsets", "utf16")]);
}

#[test]
fn long_articles_make_small_row_groups() {
    const LONG: Table = Table {
        name: "long",
        columns: &[
            Column::one("text", Kind::Text),
            Column::list("spans", Kind::Span),
            Column::maybe("none", Kind::Day),
        ],
    };
    let path = folder("export-groups").join("long.parquet");
    let mut writer = table_writer(Format::Parquet, &LONG, Offsets::Byte, fs::File::create(&path).unwrap()).unwrap();
    let spans = |n: usize| (0..n % 7).map(|at| Span::new(at, n)).collect::<Vec<_>>();
    for n in 0..300 {
        let text = format!("{n} ").repeat(25_000);
        writer.row(&[text.into(), Value::list(spans(n)), Value::None]).unwrap();
    }
    writer.finish().unwrap();
    let reader = reader(&path);
    assert!(reader.num_row_groups() > 2, "{}", reader.num_row_groups());
    let rows = rows(&path);
    assert_eq!(rows.len(), 300);
    for (n, row) in rows.iter().enumerate() {
        assert!(row["text"].as_str().unwrap().starts_with(&format!("{n} ")));
        assert_eq!(row["spans"].as_array().unwrap().len(), spans(n).len());
    }
}
