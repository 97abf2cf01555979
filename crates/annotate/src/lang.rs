//! What the engine knows of a language: the tables of `lang/<code>/`, ready to be asked.
//!
//! Code never spells a word of a language; it asks a [`Lexicon`] what classes a word has, whether it is a form of a
//! reporting verb, or whether some tokens are the name of a state or an agency.

use std::collections::HashMap;

use rapporteur_record::{Act, ChannelKind, EntityKind, Stance};

use crate::antecedents::Weights;
use crate::classes::Classes;
use crate::events::words::{Marks, Senses, Trigger};
use crate::kinds::Kinds;
use crate::places::{Atlas, PlaceWords};
use crate::times::words::Sense;

/// The tables of one language.
#[derive(Debug)]
pub(crate) struct Lexicon {
    words: HashMap<String, Word>,
    names: HashMap<&'static str, Vec<KnownName>>,
    cues: Vec<Cue>,
    triggers: Vec<Trigger>,
    /// What is negotiated about, in the order of the table.
    pub(crate) issues: Vec<IssueWords>,
    /// Rows of `issues` by the first letters of a phrase.
    issue_starts: HashMap<&'static str, Vec<usize>>,
    /// What takes sides, in the order of the table.
    pub(crate) stances: Vec<StanceWords>,
    /// The name of a state by its code.
    states: HashMap<&'static str, &'static str>,
    /// What speaks for those whom a pronoun may mean.
    pub(crate) antecedents: Weights,
    /// What tells that somebody is what a noun says.
    pub(crate) kinds: Kinds,
    /// What may be on the map.
    pub(crate) atlas: Atlas,
}

/// What the tables say of one word, in lower case.
#[derive(Clone, Debug, Default)]
pub(crate) struct Word {
    pub(crate) classes: Classes,
    /// Reporting verbs that this is a form of, those with a particle first.
    pub(crate) verbs: Vec<(usize, Form)>,
    pub(crate) channel: Option<ChannelKind>,
    /// What it can mean in an expression of time.
    pub(crate) times: Vec<Sense>,
    /// Expressions of several words that begin with it, the longest first: the words after it, and what they mean.
    pub(crate) time_phrases: Vec<(Vec<&'static str>, Sense)>,
    /// What it says of events.
    pub(crate) events: Senses,
}

/// An issue, and the words that name it.
#[derive(Clone, Debug)]
pub(crate) struct IssueWords {
    pub(crate) name: &'static str,
    pub(crate) strength: Strength,
    /// In a row; "*" at the end stands for any ending.
    pub(crate) phrases: Vec<Vec<&'static str>>,
}

/// What goes before an issue's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strength {
    Strong,
    /// Strong ones.
    Weak,
    /// These and the issue of the whole article.
    Last,
}

/// A stance, and the words in a row that take it.
#[derive(Clone, Debug)]
pub(crate) struct StanceWords {
    pub(crate) stance: Stance,
    pub(crate) phrases: Vec<Vec<&'static str>>,
}

/// A reporting verb, perhaps with a particle: "call for".
#[derive(Clone, Debug)]
pub(crate) struct Cue {
    pub(crate) particle: Option<&'static str>,
    pub(crate) act: Act,
    frames: &'static str,
}

impl Cue {
    /// What stands for a cue that is no verb: "according to".
    pub(crate) const ACCORDING: Cue = Cue { particle: None, act: Act::Assert, frames: "" };

    /// Whether the verb takes one of the frames: letters explained in `cues.tsv`.
    pub(crate) fn takes(&self, frame: char) -> bool {
        self.frames.contains(frame)
    }
}

/// A form of a verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// "say"
    Base,
    /// "says"
    Third,
    /// "said", also as a participle
    Past,
    /// "written", only a participle
    Participle,
    /// "saying"
    Ing,
}

/// A name that the tables hold.
#[derive(Clone, Debug)]
pub(crate) struct KnownName {
    /// Its words after the first.
    pub(crate) rest: Vec<&'static str>,
    /// The form that the entity goes by: "Ukraine" for "Ukrainian".
    pub(crate) name: &'static str,
    pub(crate) kind: Known,
    pub(crate) country: Option<&'static str>,
}

/// What a [`KnownName`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// An entity of this kind.
    Entity(EntityKind),
    /// "Ukrainian": says to what state something belongs.
    Demonym,
    /// "Kyiv": a place, and as one who speaks its state.
    Capital,
    /// An agency or outlet that passes statements on.
    Agency,
}

const WORDS: &str = include_str!("../lang/en/words.tsv");
const CUES: &str = include_str!("../lang/en/cues.tsv");
const ROLES: &str = include_str!("../lang/en/roles.tsv");
const CHANNELS: &str = include_str!("../lang/en/channels.tsv");
const STATES: &str = include_str!("../lang/en/states.tsv");
const AGENCIES: &str = include_str!("../lang/en/agencies.tsv");
const METONYMS: &str = include_str!("../lang/en/metonyms.tsv");
const ANTECEDENTS: &str = include_str!("../lang/en/antecedents.tsv");
const KINDS: &str = include_str!("../lang/en/kinds.tsv");
const TIMES: &str = include_str!("../lang/en/times.tsv");
const EVENTS: &str = include_str!("../lang/en/events.tsv");
const EVENT_WORDS: &str = include_str!("../lang/en/event_words.tsv");
const ISSUES: &str = include_str!("../lang/en/issues.tsv");
const STANCES: &str = include_str!("../lang/en/stances.tsv");
const IRREGULAR: &str = include_str!("../lang/en/irregular.tsv");
const PLACES: &str = include_str!("../lang/en/places.tsv");
const FIRST_NAMES: &str = include_str!("../lang/en/first_names.tsv");

impl Lexicon {
    /// The tables of English.
    pub(crate) fn english() -> Self {
        let mut lexicon = Lexicon {
            words: HashMap::new(),
            names: HashMap::new(),
            cues: Vec::new(),
            triggers: Vec::new(),
            issues: Vec::new(),
            issue_starts: HashMap::new(),
            stances: Vec::new(),
            states: HashMap::new(),
            antecedents: Weights::parse(ANTECEDENTS),
            kinds: Kinds::new(rows(KINDS)),
            atlas: Atlas::new(PlaceWords::new(rows(PLACES)), state_names()),
        };
        for [class, words] in rows(WORDS) {
            for word in words.split(' ') {
                lexicon.mark(word, Classes::named(class));
            }
        }
        for [noun, gender] in rows(ROLES) {
            lexicon.mark(noun, Classes::ROLE | Classes::gender(gender));
            lexicon.mark(&plural(noun), Classes::ROLES);
        }
        for [gender, names] in rows(FIRST_NAMES) {
            for name in names.split(' ') {
                lexicon.mark(&name.to_lowercase(), Classes::FIRST_NAME | Classes::gender(gender));
            }
        }
        for [word, kind] in rows(CHANNELS) {
            lexicon.word(word).channel =
                Some(ChannelKind::of_word(kind).expect("channels.tsv names kinds of the record"));
        }
        lexicon.add_times();
        lexicon.add_cues();
        lexicon.add_events();
        lexicon.add_positions();
        lexicon.add_names();
        lexicon
    }

    /// What the tables say of a word in lower case.
    pub(crate) fn get(&self, word: &str) -> Option<&Word> {
        self.words.get(word)
    }

    /// The state of a code: "Ukraine" for "UA".
    pub(crate) fn state(&self, code: &str) -> Option<&'static str> {
        self.states.get(code).copied()
    }

    /// The reporting verb of an index in [`Word::verbs`].
    pub(crate) fn cue(&self, index: usize) -> &Cue {
        &self.cues[index]
    }

    /// What a number in [`Senses::triggers`] stands for.
    pub(crate) fn trigger(&self, number: usize) -> &Trigger {
        &self.triggers[number]
    }

    /// Rows of `issues` that may have a phrase which begins with `word`, in order.
    pub(crate) fn issues_from(&self, word: &str) -> &[usize] {
        self.issue_starts.get(start_of(word)).map_or(&[], Vec::as_slice)
    }

    /// Known names that begin with `word`, as spelt, the longest first.
    pub(crate) fn names_from(&self, word: &str) -> &[KnownName] {
        self.names.get(word).map_or(&[], Vec::as_slice)
    }

    fn word(&mut self, word: &str) -> &mut Word {
        self.words.entry(word.to_owned()).or_default()
    }

    fn mark(&mut self, word: &str, classes: Classes) {
        self.word(word).classes |= classes;
    }

    fn add_times(&mut self) {
        for [sense, value, words] in rows(TIMES) {
            let sense = Sense::parse(sense, value);
            for written in words.split('|') {
                let mut pieces = written.split(' ');
                let first = self.word(pieces.next().expect("splitting gives at least one piece"));
                let rest: Vec<_> = pieces.collect();
                if rest.is_empty() {
                    first.times.push(sense);
                } else {
                    let at = first.time_phrases.partition_point(|(other, _)| other.len() >= rest.len());
                    first.time_phrases.insert(at, (rest, sense));
                }
            }
        }
    }

    fn add_cues(&mut self) {
        for [verb, act_name, frames, irregular] in rows(CUES) {
            let (base, particle) = match verb.split_once(' ') {
                Some((base, particle)) => (base, Some(particle)),
                None => (verb, None),
            };
            let index = self.cues.len();
            self.cues.push(Cue {
                particle,
                act: Act::of_word(act_name).expect("cues.tsv names acts of the record"),
                frames,
            });
            for (word, form) in inflect(base, irregular) {
                let verbs = &mut self.word(&word).verbs;
                let at = if particle.is_some() { 0 } else { verbs.len() };
                verbs.insert(at, (index, form));
            }
        }
    }

    fn add_events(&mut self) {
        let irregular: HashMap<&str, (&str, &str)> =
            rows(IRREGULAR).map(|[verb, past, participle]| (verb, (past, participle))).collect();
        let forms = |first: &'static str, form: &str| match form {
            "v" => match irregular.get(first) {
                Some((past, participle)) => inflect(first, &format!("{past},{participle}")),
                None => inflect(first, ""),
            },
            "n" => vec![(first.to_owned(), Form::Base), (plural(first), Form::Third)],
            _ => vec![(first.to_owned(), Form::Base)],
        };
        for [kind, mode, form, frame, with, words] in rows(EVENTS) {
            for written in words.split('|') {
                let mut pieces = written.split(' ');
                let first = pieces.next().expect("splitting gives at least one piece");
                let rest: Vec<_> = pieces.collect();
                let (number, n_words) = (self.triggers.len(), rest.len());
                self.triggers.push(Trigger::new([kind, mode, form, frame, with], rest));
                for (word, inflected) in forms(first, if form == "v" { "v" } else { "x" }) {
                    let shorter = |triggers: &[Trigger], other: usize| triggers[other].rest.len() < n_words;
                    let senses = &mut self.words.entry(word).or_default().events;
                    let at = senses.triggers.iter().position(|(other, _)| shorter(&self.triggers, *other));
                    senses.triggers.insert(at.unwrap_or(senses.triggers.len()), (number, inflected));
                    senses.note_form(inflected, form == "v");
                }
            }
        }
        for [mark, form, words] in rows(EVENT_WORDS) {
            let mark = Marks::named(mark);
            for written in words.split('|') {
                let mut pieces = written.split(' ');
                let first = pieces.next().expect("splitting gives at least one piece");
                let rest: Vec<_> = pieces.collect();
                for (word, inflected) in forms(first, form) {
                    let senses = &mut self.words.entry(word).or_default().events;
                    senses.note_form(inflected, form == "v");
                    if rest.is_empty() {
                        senses.marks = senses.marks.or(mark);
                    } else {
                        senses.phrases.push((rest.clone(), mark));
                    }
                }
            }
        }
    }

    fn add_positions(&mut self) {
        for [name, strength, words] in rows(ISSUES) {
            let strength = match strength {
                "" => Strength::Strong,
                "weak" => Strength::Weak,
                _ => Strength::Last,
            };
            for phrase in words.split('|') {
                let rows = self.issue_starts.entry(start_of(phrase)).or_default();
                if rows.last() != Some(&self.issues.len()) {
                    rows.push(self.issues.len());
                }
            }
            let phrases = words.split('|').map(|phrase| phrase.split(' ').collect()).collect();
            self.issues.push(IssueWords { name, strength, phrases });
        }
        for [stance, phrases] in rows(STANCES) {
            let stance = stance_named(stance);
            let phrases = phrases.split('|').map(|phrase| phrase.split(' ').collect()).collect();
            self.stances.push(StanceWords { stance, phrases });
        }
    }

    fn add_names(&mut self) {
        for [code, name, aliases, demonyms, capital] in rows(STATES) {
            self.states.insert(code, name);
            for state in list(aliases).chain([name]) {
                self.name(state, name, Known::Entity(EntityKind::State), code);
            }
            for demonym in list(demonyms) {
                self.name(demonym, name, Known::Demonym, code);
            }
            for city in list(capital) {
                self.name(city, city, Known::Capital, code);
            }
        }
        for [name, country, aliases] in rows(AGENCIES) {
            for agency in list(aliases).chain([name]) {
                self.name(agency, name, Known::Agency, country);
            }
        }
        for [name, kind, country] in rows(METONYMS) {
            self.name(name, name, Known::Entity(entity_kind(kind)), country);
        }
    }

    /// Adds a name; of those with the same first word the longest come first.
    fn name(&mut self, spelt: &'static str, name: &'static str, kind: Known, country: &'static str) {
        // A token ends before "'s": "People | 's | Republic of China".
        let mut words = spelt.split(' ').flat_map(|word| match word.strip_suffix("'s") {
            Some(owner) => vec![owner, "'s"],
            None => vec![word],
        });
        let first = words.next().expect("splitting gives at least one piece");
        let rest: Vec<_> = words.collect();
        let country = Some(country).filter(|code| !code.is_empty());
        let names = self.names.entry(first).or_default();
        let at = names.partition_point(|other| other.rest.len() >= rest.len());
        names.insert(at, KnownName { rest, name, kind, country });
    }
}

/// The names in a field of a table.
fn list(field: &'static str) -> impl Iterator<Item = &'static str> {
    field.split('|').filter(|name| !name.is_empty())
}

/// All names of states, with their codes.
fn state_names() -> impl Iterator<Item = (&'static str, &'static str)> {
    rows(STATES).flat_map(|[code, name, aliases]| list(aliases).chain([name]).map(move |name| (name, code)))
}

/// The rows of a table as arrays of `N` fields; lines with `#` and the header are left out, missing fields are empty.
fn rows<const N: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    let lines = table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.skip(1).map(|line| {
        let mut fields = line.split('\t');
        std::array::from_fn(|_| fields.next().unwrap_or(""))
    })
}

/// The forms of a verb; `irregular` is "past,participle" or empty.
fn inflect(base: &'static str, irregular: &str) -> Vec<(String, Form)> {
    let mut forms = vec![(base.to_owned(), Form::Base), (third(base), Form::Third), (ing(base), Form::Ing)];
    match irregular.split_once(',') {
        Some((past, participle)) => {
            forms.push((past.to_owned(), Form::Past));
            forms.extend((participle != past).then(|| (participle.to_owned(), Form::Participle)));
        }
        None => forms.push((past(base), Form::Past)),
    }
    forms.dedup();
    forms
}

fn third(base: &str) -> String {
    match base {
        _ if ends_in_consonant_y(base) => format!("{}ies", &base[..base.len() - 1]),
        _ if ["s", "x", "z", "ch", "sh", "go"].iter().any(|end| base.ends_with(end)) => format!("{base}es"),
        _ => format!("{base}s"),
    }
}

fn ing(base: &str) -> String {
    match base.strip_suffix('e') {
        Some(stem) if !base.ends_with("ee") => format!("{stem}ing"),
        _ => format!("{}ing", doubled(base)),
    }
}

fn past(base: &str) -> String {
    match base {
        _ if base.ends_with('e') => format!("{base}d"),
        _ if ends_in_consonant_y(base) => format!("{}ied", &base[..base.len() - 1]),
        _ => format!("{}ed", doubled(base)),
    }
}

fn plural(noun: &str) -> String {
    match noun.strip_suffix("man") {
        Some(stem) => format!("{stem}men"),
        None => third(noun),
    }
}

fn ends_in_consonant_y(base: &str) -> bool {
    base.ends_with('y') && !base.ends_with(|c| c != 'y') && !["ay", "ey", "oy", "uy"].iter().any(|v| base.ends_with(v))
}

/// "slam" → "slamm": a last consonant after one vowel is doubled, in words of one syllable and where it is stressed.
fn doubled(base: &str) -> String {
    let letters: Vec<char> = base.chars().rev().take(3).collect();
    let vowel = |c: char| "aeiou".contains(c);
    let closed = matches!(letters[..], [last, middle, before]
        if !vowel(last) && !"wxy".contains(last) && vowel(middle) && !vowel(before));
    let short = base.chars().filter(|&c| vowel(c)).count() == 1 || ["admit", "rebut", "refer"].contains(&base);
    if closed && short { format!("{base}{}", letters[0]) } else { base.to_owned() }
}

fn entity_kind(name: &str) -> EntityKind {
    match name {
        "state" => EntityKind::State,
        "group" => EntityKind::Group,
        "place" => EntityKind::Place,
        _ => EntityKind::Organization,
    }
}

/// The first three letters of a word: what rows of issues are found by.
fn start_of(word: &str) -> &str {
    word.char_indices().nth(3).map_or(word, |(at, _)| &word[..at])
}

fn stance_named(name: &str) -> Stance {
    match name {
        "supports" => Stance::Supports,
        "opposes" => Stance::Opposes,
        "demands" => Stance::Demands,
        "offers" => Stance::Offers,
        "open" => Stance::Open,
        "rejects" => Stance::Rejects,
        _ => panic!("stances.tsv: no stance is called {name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_are_inflected() {
        let forms = |base, irregular| inflect(base, irregular).into_iter().map(|(form, _)| form).collect::<Vec<_>>();
        assert_eq!(forms("deny", ""), ["deny", "denies", "denying", "denied"]);
        assert_eq!(forms("slam", ""), ["slam", "slams", "slamming", "slammed"]);
        assert_eq!(forms("write", "wrote,written"), ["write", "writes", "writing", "wrote", "written"]);
        assert_eq!(forms("say", "said,said"), ["say", "says", "saying", "said"]);
        assert_eq!(forms("agree", ""), ["agree", "agrees", "agreeing", "agreed"]);
        assert_eq!(forms("stress", ""), ["stress", "stresses", "stressing", "stressed"]);
        assert_eq!(forms("report", ""), ["report", "reports", "reporting", "reported"]);
    }

    #[test]
    fn every_row_has_its_fields() {
        let n_fields = |table: &'static str, n: usize| {
            let lines = table.lines().filter(|line| !line.starts_with('#'));
            lines.for_each(|line| assert_eq!(line.split('\t').count(), n, "{line}"));
        };
        for (table, n) in [
            (WORDS, 2),
            (CUES, 4),
            (ROLES, 2),
            (KINDS, 2),
            (CHANNELS, 2),
            (STATES, 5),
            (AGENCIES, 3),
            (METONYMS, 3),
            (TIMES, 3),
            (EVENTS, 6),
            (EVENT_WORDS, 3),
            (IRREGULAR, 3),
            (PLACES, 2),
            (ISSUES, 3),
            (STANCES, 2),
        ] {
            n_fields(table, n);
        }
    }
}
