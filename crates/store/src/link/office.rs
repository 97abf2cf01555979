//! What somebody is called by office, taken apart so that two can be compared.

use super::tables::{Classes, Families, TABLES};
use crate::folded;

/// An office: "former foreign minister, Russia".
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Office {
    /// As the record has it.
    pub(super) words: String,
    /// Folded, without "former" and the like: what is the same here is the same office.
    pub(super) key: String,
    /// To which families it belongs; 0 if it tells nothing: "spokesman", "friend".
    pub(super) families: Families,
}

impl Office {
    /// The offices of an entity, as `put` writes them: "foreign minister, Russia; negotiator".
    pub(super) fn all(joined: &str) -> Vec<Office> {
        joined.split("; ").filter(|words| !words.is_empty()).map(Office::new).collect()
    }

    fn new(words: &str) -> Office {
        let plain = folded(words);
        let bare = plain.split(' ').skip_while(|word| TABLES.of(word).any(Classes::QUALIFIER)).collect::<Vec<_>>();
        Office { words: words.to_owned(), key: bare.join(" "), families: families(words) }
    }
}

impl Office {
    /// Whether it tells one holder from another: "friend" does not, "spokesman, White House" does.
    pub(super) fn tells(&self) -> bool {
        self.families != 0 || self.words.contains(", ")
    }
}

/// The noun decides: what stands last before "of" or a comma, or else the next one before it.
fn families(words: &str) -> Families {
    let title = words.split(", ").next().unwrap_or_default().to_lowercase();
    let before_link: Vec<&str> =
        title.split_whitespace().take_while(|word| !TABLES.of(word).any(Classes::LINK)).collect();
    for at in (0..before_link.len()).rev() {
        let two = before_link[at.saturating_sub(1)..=at].join(" ");
        let noun = before_link[at].rsplit_once('-').map_or(before_link[at], |(_, noun)| noun);
        let found = [two.as_str(), before_link[at], noun].map(|noun| TABLES.family(noun));
        if let Some(family) = found.into_iter().find(|family| *family != 0) {
            return family;
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_noun_tells_the_family() {
        let family = |words: &str| Office::all(words).iter().fold(0, |all, office| all | office.families);
        let [politics, law, sport] = ["senator", "judge", "striker"].map(|noun| TABLES.family(noun));
        assert_eq!(family("Secretary of State"), politics);
        assert_eq!(family("Attorney General, Ohio"), politics);
        assert_eq!(family("federal judge; striker"), law | sport);
        assert_eq!(family("spokesman"), 0);
        assert_eq!(Office::new("former President, France").key, "president france");
    }
}
