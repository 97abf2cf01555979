//! Prints what speaks for each place that the names in texts may mean, a line of JSON for each text:
//! `place_evidence FILE…` (see `training/places_weights.py`).

#![allow(clippy::print_stdout, reason = "it is a program")]

use rapporteur::annotate::{Annotator, places};
use rapporteur::extract::{Form, Page, article};

fn main() {
    let annotator = Annotator::new();
    println!("{}", serde_json::to_string(places::feature_names()).expect("names are plain data"));
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path).expect("the text can be read");
        let page = Page { bytes: &bytes, form: Form::Text, ..Page::default() };
        let article = article(&page).expect("any text is an article");
        println!("{}", serde_json::to_string(&annotator.place_evidence(&article)).expect("it is plain data"));
    }
}
