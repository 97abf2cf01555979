//! How many documents a second the step that finds expressions of time takes, without the splitting into tokens.
//!
//! `cargo run --release -p rapporteur-annotate --example times_speed -- FILE.txt…`

use std::time::Instant;
use std::{env, fs};

use rapporteur_annotate::Annotator;
use rapporteur_record::Article;

const ROUNDS: usize = 20;

#[expect(clippy::print_stdout, reason = "its figure is what it is for")]
fn main() -> std::io::Result<()> {
    let annotator = Annotator::rules();
    let texts = env::args().skip(1).map(fs::read_to_string).collect::<Result<Vec<String>, _>>()?;
    let articles: Vec<Article> = texts
        .into_iter()
        .map(|text| Article { published: "1998-03-06".parse().ok(), ..Article::from_text(text) })
        .collect();
    let run = |rounds: usize| {
        let start = Instant::now();
        let n_times: usize = articles.iter().map(|article| annotator.times_again(article, rounds)).sum();
        (start.elapsed().as_secs_f64(), n_times)
    };
    run(1);
    let ((once, n_times), (often, _)) = (run(1), run(1 + ROUNDS));
    let seconds = (often - once) / ROUNDS as f64;
    println!(
        "{} documents, {n_times} times: {:.0} documents a second",
        articles.len(),
        articles.len() as f64 / seconds
    );
    Ok(())
}
