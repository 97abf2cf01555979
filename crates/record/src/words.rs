//! How the record spells the values of its enumerations, in one place: what is written, typed and stored goes by it.

use crate::{Act, BlockKind, ChannelKind, EntityKind, Form, Quotation, Stance, Status, TimeKind, Verdict};

macro_rules! words {
    ($type:ident: $($value:ident = $word:literal),+) => {
        impl $type {
            /// All of them. Databases number them by their places here: new ones come last.
            pub const ALL: &'static [$type] = &[$($type::$value),+];

            /// As the record spells it.
            pub fn word(self) -> &'static str {
                match self {
                    $($type::$value => $word),+
                }
            }

            /// The one that the record spells so.
            pub fn of_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.word() == word)
            }
        }
    };
}

words!(Act:
    Assert = "assert", Deny = "deny", Promise = "promise", Demand = "demand", Request = "request", Offer = "offer",
    Accuse = "accuse", Threaten = "threaten", Reject = "reject", Agree = "agree", Ask = "ask", Thank = "thank",
    Condemn = "condemn", Express = "express", Other = "other");

words!(Quotation: Direct = "direct", Indirect = "indirect", Mixed = "mixed");

words!(ChannelKind:
    Tweet = "tweet", Post = "post", Call = "call", Letter = "letter", Speech = "speech", Interview = "interview",
    Briefing = "briefing", Report = "report", Statement = "statement", Broadcast = "broadcast");

words!(EntityKind:
    Person = "person", Organization = "organization", State = "state", Place = "place", Group = "group",
    Event = "event", Work = "work", Other = "other");

words!(Status:
    Past = "past", Ongoing = "ongoing", Planned = "planned", Conditional = "conditional", Demanded = "demanded",
    Denied = "denied", Cancelled = "cancelled");

words!(Stance:
    Supports = "supports", Opposes = "opposes", Demands = "demands", Offers = "offers", Open = "open",
    Rejects = "rejects");

words!(Form: Name = "name", Nominal = "nominal", Pronoun = "pronoun");

words!(Verdict: Yes = "yes", Partly = "partly", No = "no");

words!(BlockKind:
    Title = "title", Standfirst = "standfirst", Heading = "heading", Paragraph = "paragraph", ListItem = "list_item",
    Quote = "quote", Caption = "caption");

words!(TimeKind: Date = "DATE", Time = "TIME", Duration = "DURATION", Set = "SET");

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::*;

    fn spelt<T: Serialize + Copy + PartialEq + std::fmt::Debug>(all: &[T], word: fn(T) -> &'static str) {
        for &value in all {
            assert_eq!(serde_json::to_value(value).unwrap(), word(value));
        }
    }

    #[test]
    fn words_are_those_of_the_json() {
        spelt(Act::ALL, Act::word);
        spelt(Quotation::ALL, Quotation::word);
        spelt(ChannelKind::ALL, ChannelKind::word);
        spelt(EntityKind::ALL, EntityKind::word);
        spelt(Status::ALL, Status::word);
        spelt(Stance::ALL, Stance::word);
        spelt(TimeKind::ALL, TimeKind::word);
        spelt(Form::ALL, Form::word);
        spelt(Verdict::ALL, Verdict::word);
        spelt(BlockKind::ALL, BlockKind::word);
        assert_eq!((Act::of_word("deny"), Act::of_word("Deny")), (Some(Act::Deny), None));
    }
}
