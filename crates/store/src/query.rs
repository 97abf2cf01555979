//! What is asked for, and how it is typed.
//!
//! `speaker:"Sergey Lavrov" since:2022-03 withdraw OR "full halt" -grain`: words must all occur unless `OR` stands between
//! them, `-` excludes, quotation marks hold words together, a `*` at the end of a word matches what begins so. A field
//! that is given twice wants either. Case and accents do not count.

use std::fmt;

use jiff::civil::Date;
use rapporteur_record::{Act, ChannelKind, Quotation};

use crate::fold::folded;

/// What statements or articles must be like. All that is given must hold; of several values in one list, any.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// Words of the content of statements, or of the text of articles.
    pub words: Words,
    /// Names of speakers, or words of them.
    pub speaker: Vec<String>,
    /// Offices of speakers, "foreign minister".
    pub role: Vec<String>,
    /// Countries of speakers, ISO 3166-1 alpha-2.
    pub country: Vec<String>,
    /// Names or domains of outlets.
    pub outlet: Vec<String>,
    /// Names of those who passed a statement on.
    pub via: Vec<String>,
    /// Names of those to whom it was said.
    pub to: Vec<String>,
    /// Words that content must have together: what it is about.
    pub about: Vec<String>,
    /// What was done by saying it.
    pub act: Vec<Act>,
    /// How much stands in quotation marks.
    pub quotation: Vec<Quotation>,
    /// By what means.
    pub channel: Vec<ChannelKind>,
    /// "did not say"; `None` takes both.
    pub negated: Option<bool>,
    /// The first day of publication. Undated articles are left out if this or `until` is given.
    pub since: Option<Date>,
    /// The last day of publication.
    pub until: Option<Date>,
    /// BCP 47.
    pub language: Vec<String>,
    /// Where the article is.
    pub url: Vec<String>,
    /// The least confidence, from 0 to 1.
    pub min_confidence: Option<f32>,
}

/// Words to be found: for each of `all` one of its alternatives, and none of `none`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Alternatives, one of which must occur; all of these lists must be met.
    pub all: Vec<Vec<Phrase>>,
    /// What must not occur.
    pub none: Vec<Phrase>,
}

/// Words in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// As typed.
    pub words: String,
    /// Whether the last one may go on.
    pub prefix: bool,
}

/// What can be typed before a colon.
pub const FIELDS: &[&str] = &[
    "speaker",
    "role",
    "country",
    "outlet",
    "via",
    "to",
    "about",
    "act",
    "quotation",
    "channel",
    "negated",
    "since",
    "until",
    "language",
    "url",
    "confidence",
];

/// Words, fields and `OR`s of a query; more are refused, since each costs a search.
const MOST_PIECES: usize = 1000;

/// Why a query can't be understood, in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError(String);

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for QueryError {}

impl Words {
    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty() && self.none.is_empty()
    }

    /// An expression of FTS5 for the words, and one for `none` where that is all that there is, since an index finds no
    /// rows by what they lack. Each word is quoted, so that nothing in it commands.
    pub(crate) fn expressions(&self) -> (Option<String>, Option<String>) {
        let any = |phrases: &[Phrase]| {
            let phrases: Vec<String> = phrases.iter().map(Phrase::expression).collect();
            format!("({})", phrases.join(" OR "))
        };
        let all: Vec<String> = self.all.iter().map(|phrases| any(phrases)).collect();
        let none = (!self.none.is_empty()).then(|| any(&self.none));
        match (all.is_empty(), none) {
            (true, none) => (None, none),
            (false, None) => (Some(all.join(" AND ")), None),
            (false, Some(none)) => (Some(format!("({}) NOT {none}", all.join(" AND "))), None),
        }
    }
}

impl Phrase {
    /// Words as typed; `None` if there is no letter or digit among them. A `*` at the end lets the last word go on.
    pub fn new(typed: &str) -> Option<Self> {
        let prefix = typed.ends_with('*') && typed.len() > 1;
        let words = typed.trim_end_matches('*').trim().to_owned();
        words.chars().any(char::is_alphanumeric).then_some(Phrase { words, prefix })
    }

    fn expression(&self) -> String {
        // A null byte would end the expression.
        let words = self.words.replace(['"', '\0'], " ");
        format!("\"{words}\"{}", if self.prefix { " *" } else { "" })
    }
}

impl Query {
    /// The query that was typed.
    pub fn parse(typed: &str) -> Result<Self, QueryError> {
        let mut query = Query::default();
        let mut or = false;
        for piece in pieces(typed)? {
            match piece {
                Piece::Or if query.words.all.is_empty() => {
                    return Err(QueryError("`OR` stands between words, and there is none before it".to_owned()));
                }
                Piece::Or => or = true,
                Piece::Field(_, _) if or => {
                    let reason = "`OR` stands between words; give a field twice to allow either value";
                    return Err(QueryError(reason.to_owned()));
                }
                Piece::Field(field, value) => query.set(&field, &value)?,
                Piece::Words(phrase) if or => {
                    or = false;
                    query.words.all.last_mut().expect("there is one before").push(phrase);
                }
                Piece::Words(phrase) => query.words.all.push(vec![phrase]),
                Piece::Not(phrase) => query.words.none.push(phrase),
            }
        }
        if or { Err(QueryError("`OR` stands between words, and there is none after it".to_owned())) } else { Ok(query) }
    }

    /// Sets a field as if it had been typed: `set("since", "2022-03")`.
    pub fn set(&mut self, field: &str, value: &str) -> Result<(), QueryError> {
        let wrong = |reason: String| QueryError(format!("{field}:{value}: {reason}"));
        if !value.chars().any(char::is_alphanumeric) {
            return Err(wrong("nothing to look for after the colon".to_owned()));
        }
        let text = value.to_owned();
        match field {
            "speaker" => self.speaker.push(text),
            "role" => self.role.push(text),
            "country" => self.country.push(country(value).map_err(wrong)?),
            "outlet" => self.outlet.push(text),
            "via" => self.via.push(text),
            "to" => self.to.push(text),
            "about" => self.about.push(text),
            "language" => self.language.push(text),
            "url" => self.url.push(text),
            "act" => self.act.push(word(Act::ALL, Act::word, value).map_err(wrong)?),
            "quotation" => self.quotation.push(word(Quotation::ALL, Quotation::word, value).map_err(wrong)?),
            "channel" => self.channel.push(word(ChannelKind::ALL, ChannelKind::word, value).map_err(wrong)?),
            "negated" => {
                self.negated = Some(word(&[true, false], |yes| if yes { "yes" } else { "no" }, value).map_err(wrong)?)
            }
            "since" => self.since = Some(days(value).map_err(wrong)?.0),
            "until" => self.until = Some(days(value).map_err(wrong)?.1),
            "confidence" => {
                let number = value.parse().ok().filter(|number| (0.0..=1.0).contains(number));
                self.min_confidence = Some(number.ok_or_else(|| wrong("not a number from 0 to 1".to_owned()))?);
            }
            _ => return Err(unknown(field)),
        }
        Ok(())
    }

    /// What is asked for, piece by piece: each as it would be typed, and as a query of its own. A field that was given
    /// several times is one piece, and so are words with their alternatives.
    pub fn apart(&self) -> Vec<(String, Query)> {
        let mut apart = Vec::new();
        for alternatives in &self.words.all {
            let typed: Vec<String> = alternatives.iter().map(Phrase::to_string).collect();
            let words = Words { all: vec![alternatives.clone()], none: Vec::new() };
            apart.push((typed.join(" OR "), Query { words, ..Query::default() }));
        }
        if !self.words.none.is_empty() {
            let typed: Vec<String> = self.words.none.iter().map(|phrase| format!("-{phrase}")).collect();
            let words = Words { all: Vec::new(), none: self.words.none.clone() };
            apart.push((typed.join(" "), Query { words, ..Query::default() }));
        }
        for (field, values) in self.typed() {
            let mut alone = Query::default();
            let typed: Vec<String> = values.iter().map(|value| format!("{field}:{}", quoted(value))).collect();
            // What was understood before is understood again.
            if !values.is_empty() && values.iter().all(|value| alone.set(field, value).is_ok()) {
                apart.push((typed.join(" "), alone));
            }
        }
        apart
    }

    /// The values of each field, as they would be typed.
    fn typed(&self) -> Vec<(&'static str, Vec<String>)> {
        fn words<T: Copy>(values: &[T], word: fn(T) -> &'static str) -> Vec<String> {
            values.iter().map(|&value| word(value).to_owned()).collect()
        }
        let one = |value: Option<String>| value.into_iter().collect();
        vec![
            ("speaker", self.speaker.clone()),
            ("role", self.role.clone()),
            ("country", self.country.clone()),
            ("outlet", self.outlet.clone()),
            ("via", self.via.clone()),
            ("to", self.to.clone()),
            ("about", self.about.clone()),
            ("act", words(&self.act, Act::word)),
            ("quotation", words(&self.quotation, Quotation::word)),
            ("channel", words(&self.channel, ChannelKind::word)),
            ("negated", one(self.negated.map(|yes| if yes { "yes" } else { "no" }.to_owned()))),
            ("since", one(self.since.map(|day| day.to_string()))),
            ("until", one(self.until.map(|day| day.to_string()))),
            ("language", self.language.clone()),
            ("url", self.url.clone()),
            ("confidence", one(self.min_confidence.map(|least| least.to_string()))),
        ]
    }

    /// Whether it asks for something that only statements have.
    pub(crate) fn asks_of_statements(&self) -> bool {
        let names = [&self.speaker, &self.role, &self.country, &self.via, &self.to, &self.about];
        names.iter().any(|values| !values.is_empty())
            || !self.act.is_empty()
            || !self.quotation.is_empty()
            || !self.channel.is_empty()
            || self.negated.is_some()
            || self.min_confidence.is_some()
    }
}

impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", quoted(&self.words), if self.prefix { "*" } else { "" })
    }
}

/// In quotation marks, where it would be taken for several words else.
fn quoted(value: &str) -> String {
    if value.contains(char::is_whitespace) { format!("\"{value}\"") } else { value.to_owned() }
}

fn unknown(field: &str) -> QueryError {
    let nearest = nearest(&field.to_lowercase(), FIELDS.iter().copied());
    QueryError(format!(
        "no field is called `{field}`: did you mean `{nearest}:`? Fields are {}; put words with a colon in quotation marks",
        FIELDS.join(", ")
    ))
}

fn word<T: Copy>(known: &[T], word: fn(T) -> &'static str, typed: &str) -> Result<T, String> {
    let typed = folded(typed);
    known.iter().copied().find(|&value| word(value) == typed).ok_or_else(|| {
        let words: Vec<&str> = known.iter().map(|&value| word(value)).collect();
        format!("did you mean `{}`? It can be {}", nearest(&typed, words.iter().copied()), words.join(", "))
    })
}

fn country(typed: &str) -> Result<String, String> {
    let is_code = typed.len() == 2 && typed.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_code.then(|| typed.to_uppercase()).ok_or_else(|| "write two letters, as in RU, GB or US (ISO 3166-1)".to_owned())
}

/// The first and the last day of a year, a month or a day.
fn days(typed: &str) -> Result<(Date, Date), String> {
    let wrong = || "no date: write 2022, 2022-03 or 2022-03-16".to_owned();
    let mut numbers = Vec::new();
    for (at, digits) in typed.split('-').enumerate() {
        let fits = digits.len() == if at == 0 { 4 } else { 2 } && digits.bytes().all(|byte| byte.is_ascii_digit());
        numbers.push(digits.parse::<i16>().ok().filter(|_| fits).ok_or_else(wrong)?);
    }
    let date = |month: i16, day: i16| Date::new(numbers[0], month as i8, day as i8).map_err(|_| wrong());
    match numbers[..] {
        [_] => Ok((date(1, 1)?, date(12, 31)?)),
        [_, month] => date(month, 1).map(|first| (first, first.last_of_month())),
        [_, month, day] => date(month, day).map(|day| (day, day)),
        _ => Err(wrong()),
    }
}

enum Piece {
    Or,
    Words(Phrase),
    Not(Phrase),
    Field(String, String),
}

fn pieces(typed: &str) -> Result<Vec<Piece>, QueryError> {
    let mut pieces = Vec::new();
    let mut rest = typed.trim_start();
    while !rest.is_empty() {
        if pieces.len() == MOST_PIECES {
            return Err(QueryError(format!("too many words and fields: more than {MOST_PIECES}")));
        }
        let (minus, after) = rest.strip_prefix('-').map_or((false, rest), |after| (true, after));
        let field = field(after);
        let after = field.map_or(after, |field| &after[field.len() + 1..]);
        let (value, quoted, end) = value(after)?;
        rest = after[end..].trim_start();
        match (field, minus) {
            (Some(field), false) => pieces.push(Piece::Field(field.to_lowercase(), value)),
            (Some(field), true) => {
                return Err(QueryError(format!("`-{field}:` is not understood: only words can be excluded")));
            }
            (None, false) if value == "OR" && !quoted => pieces.push(Piece::Or),
            (None, false) if value == "AND" && !quoted => {}
            // What has neither letter nor digit asks for nothing.
            (None, minus) => {
                let wrap = if minus { Piece::Not } else { Piece::Words };
                pieces.extend(Phrase::new(&value).map(wrap));
            }
        }
    }
    Ok(pieces)
}

/// The letters before a colon.
fn field(text: &str) -> Option<&str> {
    let end = text.find(|ch: char| !ch.is_alphabetic() && ch != '_')?;
    (end > 0 && text[end..].starts_with(':')).then(|| &text[..end])
}

/// A word, or words in quotation marks; whether it was quoted; and how many bytes it took.
fn value(text: &str) -> Result<(String, bool, usize), QueryError> {
    let closing = match text.chars().next() {
        Some('"') => '"',
        Some('“') => '”',
        _ => {
            let end = text.find(char::is_whitespace).unwrap_or(text.len());
            return Ok((text[..end].to_owned(), false, end));
        }
    };
    let start = closing.len_utf8();
    let length = text[start..].find(closing).ok_or_else(|| {
        QueryError(format!("a quotation mark is opened and not closed: {}", text.chars().take(40).collect::<String>()))
    })?;
    let end = start + length + closing.len_utf8();
    let star = text[end..].starts_with('*');
    let words = &text[start..start + length];
    Ok(if star { (format!("{words}*"), true, end + 1) } else { (words.to_owned(), true, end) })
}

/// The known word that takes the fewest changes of letters.
pub(crate) fn nearest<'a>(typed: &str, known: impl Iterator<Item = &'a str>) -> &'a str {
    // A typed word may be of any length; words that are much longer than all known ones are equally far.
    let typed: Vec<char> = typed.chars().take(40).collect();
    known.min_by_key(|word| distance(&typed, word)).unwrap_or_default()
}

/// Levenshtein's distance, where two letters that changed places count once.
pub(crate) fn distance(one: &[char], other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut rows = vec![(0..=other.len()).collect::<Vec<usize>>()];
    for i in 1..=one.len() {
        let mut row = vec![i];
        for j in 1..=other.len() {
            let change = rows[i - 1][j - 1] + usize::from(one[i - 1] != other[j - 1]);
            let mut least = change.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[one.len()][other.len()]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(typed: &str) -> (Option<String>, Option<String>) {
        Query::parse(typed).unwrap().words.expressions()
    }

    #[test]
    fn words_are_quoted_for_the_index() {
        assert_eq!(words("withdraw").0.unwrap(), r#"("withdraw")"#);
        let (all, none) = words(r#"a withdr* OR "full halt" -grain AND NEAR( b^2 don't"#);
        let wanted = r#"(("a") AND ("withdr" * OR "full halt") AND ("NEAR(") AND ("b^2") AND ("don't")) NOT ("grain")"#;
        assert_eq!((all.unwrap().as_str(), none), (wanted, None));
        assert_eq!(words("-grain -\"full halt\""), (None, Some(r#"("grain" OR "full halt")"#.to_owned())));
        assert_eq!(words("* - … \"\""), (None, None));
    }

    #[test]
    fn fields_are_set() {
        let query =
            Query::parse(r#"speaker:"Sergey Lavrov" since:2022-03 until:2022-03 act:deny act:threaten country:ru"#);
        let query = query.unwrap();
        assert_eq!(query.speaker, ["Sergey Lavrov"]);
        assert_eq!(query.act, [Act::Deny, Act::Threaten]);
        assert_eq!(query.country, ["RU"]);
        assert_eq!((query.since, query.until), (Some(Date::constant(2022, 3, 1)), Some(Date::constant(2022, 3, 31))));
    }

    #[test]
    fn a_query_comes_apart_into_what_was_typed() {
        let typed = r#"withdr* OR "full halt" now -grain speaker:"Sergey Lavrov" speaker:Li act:deny since:2022 confidence:0.5"#;
        let apart = Query::parse(typed).unwrap().apart();
        let names: Vec<&str> = apart.iter().map(|(typed, _)| typed.as_str()).collect();
        let wanted = [
            r#"withdr* OR "full halt""#,
            "now",
            "-grain",
            r#"speaker:"Sergey Lavrov" speaker:Li"#,
            "act:deny",
            "since:2022-01-01",
            "confidence:0.5",
        ];
        assert_eq!(names, wanted);
        for (typed, query) in apart {
            assert_eq!(Query::parse(&typed).unwrap(), query, "{typed}");
        }
    }

    #[test]
    fn what_is_mistyped_is_named_with_the_nearest() {
        let reason = |typed: &str| Query::parse(typed).unwrap_err().to_string();
        assert!(reason("speeker:Lavrov").starts_with("no field is called `speeker`: did you mean `speaker:`?"));
        assert!(reason("outelt:BBC").contains("did you mean `outlet:`"));
        assert!(reason("act:denied").starts_with("act:denied: did you mean `deny`? It can be assert, deny,"));
        assert!(reason("since:March").starts_with("since:March: no date: write 2022, 2022-03 or 2022-03-16"));
        assert!(reason("since:2022-02-30").contains("no date"));
        assert!(reason("\"full halt").starts_with("a quotation mark is opened and not closed: \"full halt"));
        assert!(reason("a OR").ends_with("there is none after it"));
        assert!(reason("OR a").ends_with("there is none before it"));
        assert!(reason("a OR speaker:b").contains("twice"));
        assert!(reason("-speaker:b").contains("only words can be excluded"));
        assert!(reason("speaker:").contains("nothing to look for"));
        assert!(reason("country:Russia").starts_with("country:Russia: write two letters"));
        assert!(reason("http://example.org").contains("quotation marks"));
    }

    proptest! {
        #[test]
        fn anything_can_be_typed(typed in ".{0,80}") {
            let _ = Query::parse(&typed);
        }
    }
}
