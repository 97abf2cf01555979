//! Classes of words, as sets: "that" is a determiner, a subordinator and more.

use std::ops::{BitAnd, BitOr, BitOrAssign, Not};

/// A set of word classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Classes(u64);

macro_rules! classes {
    ($($constant:ident = $name:literal;)*) => {
        classes!(@bits 0u32; $($constant)*);
        /// The classes that `words.tsv` may name.
        const NAMED: &[(&str, Classes)] = &[$(($name, Classes::$constant)),*];
    };
    (@bits $bit:expr; $constant:ident $($rest:ident)*) => {
        impl Classes {
            #[doc = "A class of words, as in `words.tsv`."]
            pub(crate) const $constant: Classes = Classes(1 << ($bit));
        }
        classes!(@bits $bit + 1; $($rest)*);
    };
    (@bits $bit:expr;) => {};
}

classes! {
    DETERMINER = "determiner";
    POSSESSIVE = "possessive";
    SUBJECT = "pronoun_subject";
    OBJECT = "pronoun_object";
    OTHER_PRONOUN = "pronoun_other";
    MASCULINE = "masculine";
    FEMININE = "feminine";
    PLURAL = "plural";
    PREPOSITION = "preposition";
    CONJUNCTION = "conjunction";
    SUBORDINATOR = "subordinator";
    WH = "wh";
    BE = "be";
    HAVE = "have";
    DO = "do";
    MODAL = "modal";
    NEGATION = "negation";
    ADVERB = "adverb";
    TIME = "time";
    TIME_ADVERB = "time_adverb";
    VERB = "verb";
    HONORIFIC = "honorific";
    ABBREVIATION = "abbreviation";
    NAME_PARTICLE = "name_particle";
    ORGANIZATION = "organization";
    MEDIA = "media";
    DOCUMENT = "document";
    COMMUNICATION = "communication";
    GROUP = "group";
    COLLECTIVE = "collective";
    ROLE = "role";
    ROLES = "roles";
    FIRST_NAME = "first_name";
    ARTICLE = "article";
    DEFINITE = "definite";
    LINK = "link";
    LOCATIVE = "locative";
    ORIGIN = "origin";
    THAT = "that";
    TO = "to";
    BY = "by";
    AS = "as";
    OF = "of";
    AND = "and";
    BUT = "but";
    COMPLEMENT = "complement";
    TOPIC = "topic";
    SAYING = "saying";
    ACCORDING = "according";
    CITING = "citing";
    QUOTED = "quoted";
    REPORTED = "reported";
    SINGULAR_VERB = "singular_verb";
    TO_WHOM = "to_whom";
    DECLINING = "declining";
    ANSWERING = "answering";
    HEARING = "hearing";
    HEARD = "heard";
    AUTHOR = "author";
    CIRCUMSTANCE = "circumstance";
    FIRST_PERSON = "first_person";
    SIDE = "side";
}

impl Classes {
    /// "am", "have", "did", "will": what a verb group begins with.
    pub(crate) const AUXILIARY: Classes = Classes(Classes::BE.0 | Classes::HAVE.0 | Classes::DO.0 | Classes::MODAL.0);
    /// Words that a noun phrase can't go on over.
    pub(crate) const CLOSED: Classes = Classes(
        Classes::AUXILIARY.0
            | Classes::PREPOSITION.0
            | Classes::CONJUNCTION.0
            | Classes::SUBORDINATOR.0
            | Classes::WH.0
            | Classes::NEGATION.0
            | Classes::SUBJECT.0
            | Classes::OBJECT.0,
    );
    /// The grammatical genders.
    pub(crate) const GENDERS: Classes = Classes(Classes::MASCULINE.0 | Classes::FEMININE.0);
    /// Words that open a noun phrase.
    pub(crate) const OPENER: Classes = Classes(Classes::DETERMINER.0 | Classes::POSSESSIVE.0);

    /// The class that a table calls by `name`.
    ///
    /// # Panics
    /// If no class has that name: the tables are part of the program.
    pub(crate) fn named(name: &str) -> Classes {
        let found = NAMED.iter().find(|(known, _)| *known == name);
        found.unwrap_or_else(|| panic!("words.tsv: no class is called {name}")).1
    }

    /// The class of a gender column: "m", "f" or nothing.
    pub(crate) fn gender(column: &str) -> Classes {
        match column {
            "m" => Classes::MASCULINE,
            "f" => Classes::FEMININE,
            _ => Classes::default(),
        }
    }

    /// Whether the two share a class.
    pub(crate) fn any(self, other: Classes) -> bool {
        self.0 & other.0 != 0
    }
}

impl BitOr for Classes {
    type Output = Classes;

    fn bitor(self, other: Classes) -> Classes {
        Classes(self.0 | other.0)
    }
}

impl BitOrAssign for Classes {
    fn bitor_assign(&mut self, other: Classes) {
        self.0 |= other.0;
    }
}

impl BitAnd for Classes {
    type Output = Classes;

    fn bitand(self, other: Classes) -> Classes {
        Classes(self.0 & other.0)
    }
}

impl Not for Classes {
    type Output = Classes;

    fn not(self) -> Classes {
        Classes(!self.0)
    }
}
