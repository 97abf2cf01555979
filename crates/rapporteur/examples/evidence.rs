//! Prints what rules and model find in texts, a line of JSON for each: `evidence MODEL FILE…` (see `training/joining.py`).

#![allow(clippy::print_stdout, reason = "it is a program")]

use rapporteur::annotate::Annotator;
use rapporteur::extract::{Form, Page, article};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().expect("a model");
    let weights = std::fs::read(&path).expect("the model can be read");
    let annotator = if path.ends_with("accurate.rapmodel") {
        Annotator::with_accurate(&weights)
    } else {
        Annotator::with_model(&weights)
    };
    let annotator = annotator.expect("the model is sound");
    for path in arguments {
        let bytes = std::fs::read(&path).expect("the text can be read");
        let page = Page { bytes: &bytes, form: Form::Text, ..Page::default() };
        let article = article(&page).expect("any text is an article");
        println!("{}", serde_json::to_string(&annotator.evidence(&article)).expect("it is plain data"));
    }
}
