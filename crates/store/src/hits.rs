//! Where the words that a query asks for stand in a text, so that they can be marked.

use std::ops::Range;

use rapporteur_record::Span;
use unicode_normalization::char::is_combining_mark;

use crate::fold::folded;
use crate::{Phrase, Query};

impl Query {
    /// Where words that are looked for stand in `text`, in bytes; in order, not overlapping. Case and accents do not
    /// count, as in the search itself.
    pub fn hits(&self, text: &str) -> Vec<Span> {
        let about: Vec<Phrase> = self.about.iter().filter_map(|words| Phrase::new(words)).collect();
        let phrases = self.words.all.iter().flatten().chain(&about);
        let wanted: Vec<Wanted> = phrases.map(Wanted::of).filter(|wanted| !wanted.words.is_empty()).collect();
        if wanted.is_empty() {
            return Vec::new();
        }
        let words: Vec<(Range<usize>, String)> =
            words(text).map(|range| (range.clone(), folded(&text[range]))).collect();
        let (mut hits, mut at) = (Vec::new(), 0);
        while at < words.len() {
            let longest = wanted.iter().filter(|wanted| wanted.begins(&words[at..])).map(|wanted| wanted.words.len());
            match longest.max() {
                Some(n_words) => {
                    hits.push(Span::new(words[at].0.start, words[at + n_words - 1].0.end));
                    at += n_words;
                }
                None => at += 1,
            }
        }
        hits
    }
}

/// A phrase as it is compared.
struct Wanted {
    words: Vec<String>,
    prefix: bool,
}

impl Wanted {
    fn of(phrase: &Phrase) -> Self {
        let words = words(&phrase.words).map(|range| folded(&phrase.words[range])).collect();
        Wanted { words, prefix: phrase.prefix }
    }

    fn begins(&self, text: &[(Range<usize>, String)]) -> bool {
        let last = self.words.len() - 1;
        let fits = |at: usize, word: &str| {
            let wanted = self.words[at].as_str();
            word == wanted || (at == last && self.prefix && word.starts_with(wanted))
        };
        text.len() > last && text.iter().take(last + 1).enumerate().all(|(at, (_, word))| fits(at, word))
    }
}

/// The words of a text as the index cuts it: runs of letters and digits with the marks on them.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let belongs = |ch: char| ch.is_alphanumeric() || is_combining_mark(ch);
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(belongs)?;
        at = text[start..].find(|ch| !belongs(ch)).map_or(text.len(), |length| start + length);
        Some(start..at)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hits<'a>(typed: &str, text: &'a str) -> Vec<&'a str> {
        let hits = Query::parse(typed).unwrap().hits(text);
        hits.into_iter().map(|span| &text[span]).collect()
    }

    #[test]
    fn words_phrases_and_beginnings_are_found() {
        let text = "Withdrawal? We’ll WITHDRÁW, said Li: a full  halt, fully.";
        assert_eq!(hits("withdraw", text), ["WITHDRÁW"]);
        assert_eq!(hits("withdr*", text), ["Withdrawal", "WITHDRÁW"]);
        assert_eq!(hits("\"full halt\" OR full", text), ["full  halt"]);
        assert_eq!(hits("\"a full\"* about:li", text), ["Li", "a full"]);
        assert_eq!(hits("we’ll -said speaker:halt", text), ["We’ll"]);
        assert_eq!(hits("", text), [""; 0]);
    }

    proptest! {
        #[test]
        fn hits_are_in_the_text_and_in_order(typed in "[a-cÀ-Ý*]{1,3}", text in ".{0,60}|[a-cÀ-Ý ́]{0,60}") {
            let hits = Query { about: vec![typed], ..Query::default() }.hits(&text);
            for pair in hits.windows(2) {
                prop_assert!(pair[0].end() <= pair[1].start());
            }
            for hit in hits {
                prop_assert!(text.get(hit.range()).is_some());
            }
        }
    }
}
