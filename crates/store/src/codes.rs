//! The numbers that stand for words in the tables. A number keeps its meaning for ever: new words come last.

use rapporteur_record::{Act, ChannelKind, EntityKind, Quotation, Stance, Status, TimeKind};

/// Each table names its words in the order of their numbers.
macro_rules! codes {
    ($code:ident, $decode:ident, $word:ident, $type:ty, $table:ident: $($value:path = $name:literal),+) => {
        pub(crate) const $table: &[($type, &str)] = &[$(($value, $name)),+];

        pub(crate) fn $code(value: $type) -> i64 {
            let at = $table.iter().position(|entry| entry.0 == value);
            at.expect("the table has all values") as i64
        }

        #[allow(dead_code, reason = "not every table is read back")]
        pub(crate) fn $decode(code: i64) -> Option<$type> {
            $table.get(usize::try_from(code).ok()?).map(|entry| entry.0)
        }

        #[allow(dead_code, reason = "not every table is typed")]
        pub(crate) fn $word(word: &str) -> Option<$type> {
            $table.iter().find(|entry| entry.1 == word).map(|entry| entry.0)
        }
    };
}

codes!(act_code, act, act_named, Act, ACTS:
    Act::Assert = "assert", Act::Deny = "deny", Act::Promise = "promise", Act::Demand = "demand",
    Act::Request = "request", Act::Offer = "offer", Act::Accuse = "accuse", Act::Threaten = "threaten",
    Act::Reject = "reject", Act::Agree = "agree", Act::Ask = "ask", Act::Thank = "thank",
    Act::Condemn = "condemn", Act::Express = "express", Act::Other = "other");

codes!(quotation_code, quotation, quotation_named, Quotation, QUOTATIONS:
    Quotation::Direct = "direct", Quotation::Indirect = "indirect", Quotation::Mixed = "mixed");

codes!(channel_code, channel, channel_named, ChannelKind, CHANNELS:
    ChannelKind::Tweet = "tweet", ChannelKind::Post = "post", ChannelKind::Call = "call",
    ChannelKind::Letter = "letter", ChannelKind::Speech = "speech", ChannelKind::Interview = "interview",
    ChannelKind::Briefing = "briefing", ChannelKind::Report = "report", ChannelKind::Statement = "statement",
    ChannelKind::Broadcast = "broadcast");

codes!(entity_code, entity, entity_named, EntityKind, ENTITIES:
    EntityKind::Person = "person", EntityKind::Organization = "organization", EntityKind::State = "state",
    EntityKind::Place = "place", EntityKind::Group = "group", EntityKind::Event = "event",
    EntityKind::Work = "work", EntityKind::Other = "other");

codes!(status_code, status, status_named, Status, STATUSES:
    Status::Past = "past", Status::Ongoing = "ongoing", Status::Planned = "planned",
    Status::Conditional = "conditional", Status::Demanded = "demanded", Status::Denied = "denied",
    Status::Cancelled = "cancelled");

codes!(stance_code, stance, stance_named, Stance, STANCES:
    Stance::Supports = "supports", Stance::Opposes = "opposes", Stance::Demands = "demands",
    Stance::Offers = "offers", Stance::Open = "open", Stance::Rejects = "rejects");

codes!(time_code, time, time_named, TimeKind, TIMES:
    TimeKind::Date = "DATE", TimeKind::Time = "TIME", TimeKind::Duration = "DURATION", TimeKind::Set = "SET");
