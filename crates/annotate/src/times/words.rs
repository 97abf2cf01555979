//! What a word can mean in an expression of time: the senses of `times.tsv`.

/// One sense of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sense {
    pub(crate) kind: Kind,
    /// A TIMEX3 code or a rule, as the kind asks.
    pub(crate) code: &'static str,
    /// The code as a number; 0 if it is none.
    pub(crate) number: i32,
}

impl Sense {
    /// A row's sense and value.
    ///
    /// # Panics
    /// If no sense has that name: the tables are part of the program.
    pub(crate) fn parse(sense: &str, value: &'static str) -> Sense {
        Sense { kind: Kind::named(sense), code: value, number: value.parse().unwrap_or(0) }
    }
}

macro_rules! kinds {
    ($($kind:ident = $name:literal;)*) => {
        /// A kind of sense, as in `times.tsv`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Kind {
            $(#[doc = concat!("`", $name, "`")] $kind,)*
        }

        impl Kind {
            fn named(name: &str) -> Kind {
                match name {
                    $($name => Kind::$kind,)*
                    _ => panic!("times.tsv: no sense is called {name}"),
                }
            }
        }
    };
}

kinds! {
    Month = "month";
    Weekday = "weekday";
    Short = "short";
    Doubtful = "doubtful";
    Season = "season";
    Plural = "plural";
    Unit = "unit";
    Units = "units";
    Fortnight = "fortnight";
    Number = "number";
    Scale = "scale";
    Few = "few";
    FewPhrase = "few_phrase";
    Couple = "couple";
    Dozen = "dozen";
    Half = "half";
    HalfA = "half_a";
    Ordinal = "ordinal";
    OrdinalSuffix = "ordinal_suffix";
    DecadeSuffix = "decade_suffix";
    Decade = "decade";
    Part = "part";
    Overnight = "overnight";
    Day = "day";
    Tonight = "tonight";
    Shift = "shift";
    Last = "last";
    Latest = "latest";
    That = "that";
    Relative = "relative";
    Ago = "ago";
    Later = "later";
    Earlier = "earlier";
    Hence = "hence";
    Corresponding = "corresponding";
    Period = "period";
    Fiscal = "fiscal";
    The = "the";
    Indefinite = "indefinite";
    Of = "of";
    OfOnly = "of_only";
    To = "to";
    YearBefore = "year_before";
    Approx = "approx";
    Edge = "edge";
    EdgeOf = "edge_of";
    Mid = "mid";
    Each = "each";
    Set = "set";
    YearEnd = "year_end";
    PeriodAgo = "period_ago";
    Old = "old";
    Noon = "noon";
    Midnight = "midnight";
    Am = "am";
    Pm = "pm";
    OClock = "o_clock";
    At = "at";
    Zone = "zone";
    Reference = "reference";
    Current = "current";
    Recent = "recent";
    Holiday = "holiday";
    NameAfter = "name_after";
    NameBefore = "name_before";
    AgeBefore = "age_before";
    PastSuffix = "past_suffix";
    PastVerb = "past_verb";
    FutureVerb = "future_verb";
    Plan = "plan";
    PresentVerb = "present_verb";
    Have = "have";
    ToInfinitive = "to_infinitive";
    Done = "done";
    Past = "past";
    Then = "then";
    By = "by";
    Since = "since";
    On = "on";
}
