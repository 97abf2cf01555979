//! `spec/events/not-events.md`: sentences of sport, courts, films, history and hopes, of which few may give an event that is told
//! as past or ongoing.

use std::fs;
use std::path::Path;

use rapporteur_annotate::Annotator;
use rapporteur_record::{Article, Status};

/// In percent.
const MOST: usize = 10;

#[test]
fn what_is_no_event_gives_few() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec/events/not-events.md");
    let page = fs::read_to_string(page).unwrap();
    let mut inside = false;
    let mut sentences = Vec::new();
    for line in page.lines() {
        match line {
            "```not-events" => inside = true,
            "```" => inside = false,
            sentence if inside => sentences.push(sentence),
            _ => {}
        }
    }
    assert!(sentences.len() >= 80, "only {} sentences", sentences.len());
    for annotator in [Annotator::rules(), Annotator::new()] {
        let mut found = Vec::new();
        for sentence in &sentences {
            let mut article = Article::from_text((*sentence).to_owned());
            article.published = "2024-05-14".parse().ok();
            let doc = annotator.annotate(article);
            let told = doc.events.iter().filter(|event| matches!(event.status, Status::Past | Status::Ongoing));
            let told: Vec<&str> = told.map(|event| event.kind.as_str()).collect();
            if !told.is_empty() {
                found.push(format!("{}: {sentence}", told.join(" ")));
            }
        }
        let told = format!("{} of {}:\n{}", found.len(), sentences.len(), found.join("\n"));
        assert!(found.len() * 100 <= sentences.len() * MOST, "{told}");
    }
}
