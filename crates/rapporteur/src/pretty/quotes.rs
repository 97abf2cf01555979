//! Which words stand in quotation marks, so that they can look like speech.

use rapporteur_record::Span;

/// Opening marks, each with what closes it.
const PAIRS: [(char, &str); 10] = [
    ('“', "”"),
    ('„', "“”"),
    ('«', "»"),
    ('‹', "›"),
    ('「', "」"),
    ('『', "』"),
    ('‘', "’"),
    ('‚', "‘’"),
    ('"', "\""),
    ('\'', "'"),
];

/// `span` together with the quotation marks that it stands in.
pub(super) fn with_marks(text: &str, span: Span) -> Span {
    let before = text[..span.start()].chars().next_back().filter(|&mark| closers(mark).is_some());
    let closes = |mark: char| PAIRS.iter().any(|(_, closers)| closers.contains(mark));
    let after = text[span.end()..].chars().next().filter(|&mark| closes(mark));
    let n_bytes = |mark: Option<char>| mark.map_or(0, char::len_utf8);
    Span::new(span.start() - n_bytes(before), span.end() + n_bytes(after))
}

/// The parts of `span` that stand in quotation marks, marks included.
pub(super) fn quoted(text: &str, span: Span) -> Vec<Span> {
    let (mut parts, mut open) = (Vec::new(), None);
    let mut before = ' ';
    for (at, c) in text[span].char_indices() {
        let (start, end) = (span.start() + at, span.start() + at + c.len_utf8());
        match open {
            Some((from, closers)) if str::contains(closers, c) && !is_apostrophe(text, c, end) => {
                parts.push(Span::new(from, end));
                open = None;
            }
            // "Workers' Party": no word ends where a quotation starts.
            None if !before.is_alphanumeric() => open = closers(c).map(|closers| (start, closers)),
            _ => {}
        }
        before = c;
    }
    parts
}

fn closers(mark: char) -> Option<&'static str> {
    PAIRS.iter().find(|(opening, _)| *opening == mark).map(|(_, closers)| *closers)
}

/// "the ‘people’s war’": a letter follows.
fn is_apostrophe(text: &str, c: char, end: usize) -> bool {
    matches!(c, '’' | '\'') && text[end..].starts_with(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<&str> {
        quoted(text, Span::new(0, text.len())).into_iter().map(|span| &text[span]).collect()
    }

    #[test]
    fn quoted_words_are_found() {
        assert_eq!(
            parts("it “left the door open” and “the kettle on,” too"),
            ["“left the door open”", "“the kettle on,”"]
        );
        assert_eq!(parts("\"one\" and \"two\""), ["\"one\"", "\"two\""]);
        assert_eq!(parts("the ‘people’s war’ goes on"), ["‘people’s war’"]);
    }

    #[test]
    fn apostrophes_quote_nothing() {
        assert_eq!(parts("the Workers' Party won't say what the miners' union wants"), [""; 0]);
        assert_eq!(parts("“never closed"), [""; 0]);
    }

    #[test]
    fn marks_go_with_what_they_quote() {
        let text = "“Never,” said Li.";
        let marked = |words: &str| {
            let start = text.find(words).unwrap();
            &text[with_marks(text, Span::new(start, start + words.len()))]
        };
        assert_eq!([marked("Never,"), marked("said")], ["“Never,”", "said"]);
    }
}
