//! The numbers that stand for words in the tables: a word's place among all of its kind. A number keeps its meaning for
//! ever.

/// The number of a value.
pub(crate) fn code<T: PartialEq>(all: &[T], value: T) -> i64 {
    let at = all.iter().position(|one| *one == value);
    at.expect("all values are among all") as i64
}

/// The value of a number; `None` if there is none.
pub(crate) fn value<T: Copy>(all: &[T], code: i64) -> Option<T> {
    all.get(usize::try_from(code).ok()?).copied()
}

#[cfg(test)]
mod tests {
    use rapporteur_record::{Act, ChannelKind, EntityKind, Quotation, Stance, Status, TimeKind};

    use super::*;

    #[test]
    fn numbers_keep_their_meaning() {
        let words = |all: Vec<&str>| all.join(" ");
        assert_eq!(
            words(Act::ALL.iter().map(|act| act.word()).collect()),
            "assert deny promise demand request offer accuse threaten reject agree ask thank condemn express other"
        );
        assert_eq!(words(Quotation::ALL.iter().map(|one| one.word()).collect()), "direct indirect mixed");
        assert_eq!(
            words(ChannelKind::ALL.iter().map(|one| one.word()).collect()),
            "tweet post call letter speech interview briefing report statement broadcast"
        );
        assert_eq!(
            words(EntityKind::ALL.iter().map(|one| one.word()).collect()),
            "person organization state place group event work other"
        );
        assert_eq!(
            words(Status::ALL.iter().map(|one| one.word()).collect()),
            "past ongoing planned conditional demanded denied cancelled"
        );
        assert_eq!(
            words(Stance::ALL.iter().map(|one| one.word()).collect()),
            "supports opposes demands offers open rejects"
        );
        assert_eq!(words(TimeKind::ALL.iter().map(|one| one.word()).collect()), "DATE TIME DURATION SET");
        assert_eq!((code(Act::ALL, Act::Deny), value(Act::ALL, 1)), (1, Some(Act::Deny)));
        assert_eq!((value(Act::ALL, 15), value(Act::ALL, -1)), (None, None));
    }
}
