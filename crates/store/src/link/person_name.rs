//! The name of a person, taken apart so that two can be compared: titles off, family name and given names apart.

use super::tables::{Classes, TABLES};
use crate::folded;

/// A name of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PersonName {
    /// Folded, family name last; what is the same here is the same name.
    pub(super) joined: String,
    /// Without titles: what it is shown as.
    pub(super) shown: String,
    /// Whether more stood behind it: "Kerry and Lavrov", "Dan Coats of Indiana".
    pub(super) is_cut: bool,
    /// Spellings of one family name are one here.
    pub(super) family: String,
    spelt_family: String,
    given: Vec<String>,
    suffix: Option<String>,
}

/// How far two names agree that may be one person's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Agreement {
    /// "J. Biden", "Joe Biden"
    Initial,
    /// "Robert Kennedy Jr.", "Robert Kennedy"
    Suffix,
    /// "Joe Biden", "Joseph Biden"; "Tayyip Erdogan", "Recep Tayyip Erdogan"
    Form,
    /// "Sergei Lavrov", "Sergey Lavrov"; "Robert Mueller", "Robert S. Mueller"
    Same,
}

/// A longer one is a heap of words that was taken for a name.
const MOST_WORDS: usize = 6;

impl PersonName {
    /// `None` if it can't be a person's name that is worth comparing: "Sen.", "D-Calif", "anti-Trump".
    pub(super) fn parse(name: &str) -> Option<Self> {
        if let Some(handle) = name.strip_prefix('@') {
            let family = format!("@{}", handle.to_lowercase());
            let shown = name.to_owned();
            return Some(PersonName {
                joined: family.clone(),
                shown,
                is_cut: false,
                spelt_family: family.clone(),
                family,
                given: vec![],
                suffix: None,
            });
        }
        let words = core(name);
        let is_cut = tail(name).is_some();
        let (mut tokens, mut suffix) = (Vec::new(), None);
        for (at, word) in words.iter().enumerate() {
            let folded = folded(word);
            let classes = TABLES.of(&folded);
            if at > 0 && classes.any(Classes::ACADEMIC) {
                continue;
            }
            if at > 0 && classes.any(Classes::SUFFIX) {
                suffix = Some(folded);
                continue;
            }
            if is_particle(word, &folded, at == 0) || is_nickname(word) {
                continue;
            }
            push_tokens(&mut tokens, word);
        }
        if words.len() == 1 && is_compound(words[0]) || tokens.len() > MOST_WORDS {
            return None;
        }
        family_last(&mut tokens, &words);
        let spelt_family = tokens.pop().filter(|family| family.chars().filter(|c| c.is_alphabetic()).count() > 1)?;
        let joined = format!("{} {spelt_family} {}", tokens.concat(), suffix.as_deref().unwrap_or_default());
        let joined = joined.trim().to_owned();
        let family = skeleton(&spelt_family);
        Some(PersonName { joined, shown: words.join(" "), is_cut, family, spelt_family, given: tokens, suffix })
    }

    /// Whether it has more than a family name.
    pub(super) fn is_full(&self) -> bool {
        !self.given.is_empty()
    }

    /// Whether only the first letters of given names are told.
    pub(super) fn has_initials_only(&self) -> bool {
        self.given.iter().all(|name| name.chars().count() == 1)
    }

    /// An account rather than a name.
    pub(super) fn is_handle(&self) -> bool {
        self.joined.starts_with('@')
    }

    /// Whether so many people are called so that the name alone does not tell one from another.
    pub(super) fn is_common(&self) -> bool {
        self.has_common_family() && self.given.first().is_some_and(|name| TABLES.is_common_given(name))
    }

    pub(super) fn has_common_family(&self) -> bool {
        TABLES.of(&self.spelt_family).any(Classes::COMMON_FAMILY)
    }

    /// Whether the family names are the same letter by letter.
    pub(super) fn is_spelt_as(&self, other: &PersonName) -> bool {
        self.spelt_family == other.spelt_family
    }

    /// How far two full names agree; `None` if they are not one person's.
    pub(super) fn agreement(&self, other: &PersonName) -> Option<Agreement> {
        if self.family != other.family {
            return None;
        }
        let suffixes = match (&self.suffix, &other.suffix) {
            (None, None) => Agreement::Same,
            (Some(one), Some(other)) if one == other => Agreement::Same,
            (Some(_), Some(_)) => return None,
            _ => Agreement::Suffix,
        };
        let [(first, one), (second, two)] = [&self.given, &other.given].map(|given| (given.first(), given.as_slice()));
        let (first, second) = (first?, second?);
        let given = match alike(first, second) {
            Some(level) if agree(&one[1..], &two[1..]) => level,
            Some(_) => return None,
            // "Tayyip", "Recep Tayyip"
            None => later(one, two).or_else(|| later(two, one))?,
        };
        let spelling = if self.spelt_family == other.spelt_family { Agreement::Same } else { Agreement::Form };
        Some(suffixes.min(given).min(spelling))
    }
}

/// The words of a name without titles before it and what follows it.
fn core(name: &str) -> Vec<&str> {
    let mut words: Vec<&str> = name.split_whitespace().map(|word| word.trim_end_matches(',')).collect();
    words.truncate(tail(name).unwrap_or(words.len()));
    let is_title = |word: &&str| TABLES.of(&folded(word)).any(Classes::TITLE);
    // "Guam Gov. Eddie Calvo": what stands before an abbreviated title is no name either.
    let abbreviated = words.iter().rposition(|word| word.ends_with('.') && is_title(word));
    let abbreviated = abbreviated.filter(|at| at + 1 < words.len()).map_or(0, |at| at + 1);
    words.drain(..abbreviated);
    let titles = words.iter().take_while(|word| is_title(word) || is_titles(word)).count();
    // "Paul Speaker" keeps its last word, "Sen." has none.
    words.drain(..titles);
    words
}

/// The place of the word with which a name is over.
fn tail(name: &str) -> Option<usize> {
    let is_tail =
        |word: &str| word.chars().next().is_some_and(char::is_lowercase) && TABLES.of(&folded(word)).any(Classes::TAIL);
    name.split_whitespace().skip(1).position(is_tail).map(|at| at + 1)
}

/// "then-Deputy", "Editor-in-Chief": hyphened words, the last of which is a title.
fn is_titles(word: &str) -> bool {
    word.rsplit_once('-').is_some_and(|(_, last)| TABLES.of(&folded(last)).any(Classes::TITLE))
}

fn is_particle(word: &str, folded: &str, first: bool) -> bool {
    let classes = TABLES.of(folded);
    let lower = word.chars().next().is_some_and(char::is_lowercase);
    classes.any(Classes::PARTICLE) || classes.any(Classes::LOOSE_PARTICLE) && (!first || lower)
}

/// “Chuck” in quotation marks or brackets.
fn is_nickname(word: &str) -> bool {
    word.starts_with(['“', '"', '(', '‘', '\''])
}

/// "Obama-era", "anti-Trump", "D-Calif": words made of a name, or of a party and a state.
fn is_compound(word: &str) -> bool {
    let Some((first, last)) = word.split_once('-') else {
        return word.chars().next().is_some_and(char::is_lowercase);
    };
    let lower = |part: &str| part.chars().next().is_some_and(char::is_lowercase);
    let classes = TABLES.of(&folded(first));
    first.chars().count() == 1
        || !classes.any(Classes::PARTICLE.or(Classes::LOOSE_PARTICLE)) && (lower(first) || lower(last))
}

/// "H.W." is two tokens, "al-Assad" and "Ki-moon" are one.
fn push_tokens(tokens: &mut Vec<String>, word: &str) {
    let letters: Vec<&str> = word.split('.').filter(|part| !part.is_empty()).collect();
    if letters.iter().all(|letter| letter.chars().count() == 1) {
        tokens.extend(letters.iter().map(|letter| folded(letter)).filter(|letter| !letter.is_empty()));
        return;
    }
    let bare = match word.split_once(['-', '’', '\'']) {
        Some((particle, rest)) if is_particle(particle, &folded(particle), false) && rest.chars().count() > 1 => rest,
        _ => word,
    };
    let token: String = folded(bare).split(' ').collect();
    if !token.is_empty() {
        tokens.push(token);
    }
}

/// Puts the family name last where it stands first: "Xi Jinping", "Kim Jong-un".
fn family_last(tokens: &mut Vec<String>, words: &[&str]) {
    let Some(classes) = tokens.first().filter(|_| tokens.len() > 1).map(|first| TABLES.of(first)) else { return };
    let long = tokens.len() == 3 || words.get(1).is_some_and(|word| word.contains('-'));
    if classes.any(Classes::FAMILY_FIRST) || long && classes.any(Classes::FAMILY_FIRST_LONG) {
        let family = tokens.remove(0);
        *tokens = vec![tokens.concat(), family];
    }
}

/// Whether two given names may be one.
fn alike(one: &str, other: &str) -> Option<Agreement> {
    let initial = |one: &str, other: &str| one.chars().count() == 1 && other.starts_with(one);
    if one == other {
        Some(Agreement::Same)
    } else if initial(one, other) || initial(other, one) {
        Some(Agreement::Initial)
    } else if TABLES.same_given(one, other) || one.len() > 3 && skeleton(one) == skeleton(other) {
        Some(Agreement::Form)
    } else {
        None
    }
}

/// Whether middle names agree as far as both tell them: "H. W." and "W." do not.
fn agree(one: &[String], other: &[String]) -> bool {
    one.iter().zip(other).all(|(one, other)| alike(one, other).is_some())
}

/// Whether `short` begins with a later name of `long`.
fn later(short: &[String], long: &[String]) -> Option<Agreement> {
    let first = short.first().filter(|first| first.len() > 2)?;
    let at = long.iter().skip(1).position(|name| name == first)? + 1;
    agree(&short[1..], &long[at + 1..]).then_some(Agreement::Form)
}

/// A name without what spellings of it differ in: "Zelenskyy", "Zelenskiy" and "Zelensky" are one.
pub(super) fn skeleton(name: &str) -> String {
    let mut plain = name.replace('y', "i");
    for (from, to) in [
        ("tch", "ch"),
        ("tsch", "ch"),
        ("sch", "sh"),
        ("kh", "h"),
        ("gh", "g"),
        ("ph", "f"),
        ("ck", "k"),
        ("x", "ks"),
        ("ou", "u"),
        ("oo", "u"),
        ("ee", "i"),
        ("dj", "j"),
        ("zh", "j"),
        ("w", "v"),
    ] {
        plain = plain.replace(from, to);
    }
    if plain.ends_with("ij") {
        plain.pop();
    }
    let mut letters = String::with_capacity(plain.len());
    for letter in plain.chars() {
        if !letters.ends_with(letter) {
            letters.push(letter);
        }
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(name: &str) -> (String, String) {
        PersonName::parse(name).map(|name| (name.given.join(" "), name.spelt_family)).unwrap_or_default()
    }

    fn agreement(one: &str, other: &str) -> Option<Agreement> {
        PersonName::parse(one).unwrap().agreement(&PersonName::parse(other).unwrap())
    }

    #[test]
    fn titles_and_tails_are_no_part_of_a_name() {
        for (name, given, family) in [
            ("Sen. Ada Quill", "ada", "quill"),
            ("House Speaker Tom A. Berg", "tom a", "berg"),
            ("Oregon Gov. Rita Sole", "rita", "sole"),
            ("then-Deputy Attorney General Kay Moss", "kay", "moss"),
            ("Lena Ford of Ohio", "lena", "ford"),
            ("Sen.", "", ""),
            ("D-Calif", "", ""),
            ("anti-Berg", "", ""),
            ("Berg-era", "", ""),
            ("President Berg", "", "berg"),
            ("Omar al-Masri", "omar", "masri"),
            ("al-Masri", "", "masri"),
            ("Al Berg", "al", "berg"),
            ("Ben Berg", "ben", "berg"),
            ("Rosa de Vega", "rosa", "vega"),
            ("Karl J.R. Berg, Jr.", "karl j r", "berg"),
            ("Ann “Bo” Berg", "ann", "berg"),
            ("Kim Sol-woo", "solwoo", "kim"),
            ("Kim Sol Woo", "solwoo", "kim"),
            ("Kim Berg", "kim", "berg"),
            ("Liu Anming", "anming", "liu"),
        ] {
            assert_eq!(parsed(name), (given.to_owned(), family.to_owned()), "{name}");
        }
    }

    #[test]
    fn names_agree_as_far_as_they_tell() {
        use Agreement::{Form, Initial, Same, Suffix};
        for (one, other, expected) in [
            ("Ada Quill", "Ada M. Quill", Some(Same)),
            ("Ada N. Quill", "Ada M. Quill", None),
            ("Ada Quill", "Eva Quill", None),
            ("Bill Berg", "William J. Berg", Some(Form)),
            ("Sergei Ladov", "Sergey Ladov", Some(Form)),
            ("Petro Zalenskyy", "Petro Zalensky", Some(Form)),
            ("Tamer Ozgul", "Rafet Tamer Ozgul", Some(Form)),
            ("A. Quill", "Ada Quill", Some(Initial)),
            ("B. Quill", "Ada Quill", None),
            ("Karl Berg Jr.", "Karl Berg", Some(Suffix)),
            ("Karl Berg Jr.", "Karl Berg III", None),
            ("Karl H. W. Berg", "Karl W. Berg", None),
            ("Daniel Berg", "Daniela Berg", None),
        ] {
            assert_eq!(agreement(one, other), expected, "{one}, {other}");
            assert_eq!(agreement(other, one), expected, "{other}, {one}");
        }
    }
}
