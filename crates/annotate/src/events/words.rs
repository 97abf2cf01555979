//! What the tables say of a word where events are looked for: what it triggers, and what it says of those near it.

use crate::lang::Form;

/// A row of `events.tsv` for one of its words.
#[derive(Clone, Debug)]
pub(crate) struct Trigger {
    /// The type of event.
    pub(crate) kind: &'static str,
    pub(crate) mode: Option<&'static str>,
    pub(crate) verb: bool,
    frame: &'static str,
    /// One of these must stand near; empty where none must.
    pub(crate) with: Vec<&'static str>,
    /// The words after the first.
    pub(crate) rest: Vec<&'static str>,
}

impl Trigger {
    /// A row's word.
    pub(crate) fn new(row: [&'static str; 5], rest: Vec<&'static str>) -> Self {
        let [kind, mode, form, frame, with] = row;
        let with = with.split('|').filter(|word| !word.is_empty()).collect();
        Trigger { kind, mode: Some(mode).filter(|mode| !mode.is_empty()), verb: form == "v", frame, with, rest }
    }

    /// Whether the row has one of the letters that `events.tsv` explains.
    pub(crate) fn takes(&self, letter: char) -> bool {
        self.frame.contains(letter)
    }
}

/// What the tables of events say of one word.
#[derive(Clone, Debug, Default)]
pub(crate) struct Senses {
    /// By number in the lexicon, those of more words first.
    pub(crate) triggers: Vec<(usize, Form)>,
    pub(crate) marks: Marks,
    /// Marks that need the words that follow.
    pub(crate) phrases: Vec<(Vec<&'static str>, Marks)>,
    /// What forms of verbs it is.
    pub(crate) forms: Vec<Form>,
}

impl Senses {
    /// Notes that the word is this form of a verb, if it is one.
    pub(crate) fn note_form(&mut self, form: Form, verb: bool) {
        if verb && !self.forms.contains(&form) {
            self.forms.push(form);
        }
    }
}

/// A set of what a word says of those near it, as in `event_words.tsv`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks(u64);

impl Marks {
    /// Whether the two share a mark.
    pub(crate) fn any(self, other: Marks) -> bool {
        self.0 & other.0 != 0
    }

    /// Both.
    pub(crate) const fn or(self, other: Marks) -> Marks {
        Marks(self.0 | other.0)
    }
}

macro_rules! marks {
    ($($constant:ident = $name:literal;)*) => {
        marks!(@bits 0u32; $($constant)*);
        const NAMED: &[(&str, Marks)] = &[$(($name, Marks::$constant)),*];
    };
    (@bits $bit:expr; $constant:ident $($rest:ident)*) => {
        impl Marks {
            #[doc = "A mark of words, as in `event_words.tsv`."]
            pub(crate) const $constant: Marks = Marks(1 << ($bit));
        }
        marks!(@bits $bit + 1; $($rest)*);
    };
    (@bits $bit:expr;) => {};
}

marks! {
    AGENT = "agent";
    FORCES = "forces";
    PAIR = "pair";
    HEAD_OF_STATE = "head_of_state";
    SPORT = "sport";
    COURT = "court";
    FICTION = "fiction";
    HISTORY = "history";
    ABSTRACT = "abstract";
    UNREAL = "unreal";
    METAPHOR = "metaphor";
    CANCEL = "cancel";
    DEMAND = "demand";
    DEMAND_NOUN = "demand_noun";
    PROMISE = "promise";
    DUE = "due";
    PLAN_NOUN = "plan_noun";
    NEXT = "next";
    REFUSE = "refuse";
    CEASE = "cease";
    BEGIN = "begin";
    GO_ON = "go_on";
    END = "end";
    THREAT = "threat";
    IF = "if";
    MAYBE = "maybe";
    WOULD = "would";
    MUST = "must";
    WILL = "will";
    DENY = "deny";
    NO = "no";
    AFTER = "after";
    BEFORE = "before";
    DURING = "during";
    BETWEEN = "between";
    WITH = "with";
    AGAINST = "against";
    FROM = "from";
    PLACE_IN = "place_in";
    PLACE_TO = "place_to";
    WE = "we";
    I = "i";
    THAT = "that";
    WHO = "who";
    AND = "and";
    QUANTITY = "quantity";
    GERUND_AFTER = "gerund_after";
    LISTENER = "listener";
    THERE = "there";
    PLACE_NOUN = "place_noun";
    LIGHT = "light";
    SINCE = "since";
    PROSPECT = "prospect";
    CALLED_OFF = "called_off";
    OURS = "ours";
    UNION = "union";
    MEDIATOR = "mediator";
}

impl Marks {
    /// The mark that a table calls by `name`.
    ///
    /// # Panics
    /// If no mark has that name: the tables are part of the program.
    pub(crate) fn named(name: &str) -> Marks {
        let found = NAMED.iter().find(|(known, _)| *known == name);
        found.unwrap_or_else(|| panic!("event_words.tsv: no mark is called {name}")).1
    }
}
