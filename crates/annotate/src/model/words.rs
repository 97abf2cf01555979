//! Words that stand for numbers: one text, and a table of places in it, made in one pass and never changed.
//!
//! Tens of thousands of words are loaded whenever the program starts; a map of boxed strings would take as long as
//! all the rest of that.

#[derive(Debug, Default)]
pub(super) struct Words {
    /// All of them, one after another.
    text: String,
    entries: Vec<Entry>,
    /// Numbers of entries plus one, 0 where nothing is; a power of two of them, at least half of them empty.
    slots: Vec<u32>,
}

#[derive(Debug)]
struct Entry {
    start: u32,
    end: u32,
    number: u32,
}

impl Words {
    /// The table of these words; of equal ones the first counts.
    pub(super) fn new<'a>(words: impl Iterator<Item = (&'a str, u32)>) -> Self {
        let (mut text, mut entries) = (String::new(), Vec::new());
        let place = |text: &String| u32::try_from(text.len()).expect("a model's words are no 4 GiB");
        for (word, number) in words {
            let start = place(&text);
            text.push_str(word);
            entries.push(Entry { start, end: place(&text), number });
        }
        let mut words = Words { text, slots: vec![0; (2 * entries.len()).next_power_of_two()], entries };
        for (entry, number) in words.entries.iter().zip(1..) {
            let slot = words.slot(words.word(entry));
            if words.slots[slot] == 0 {
                words.slots[slot] = number;
            }
        }
        words
    }

    /// What a word stands for.
    pub(super) fn get(&self, word: &str) -> Option<u32> {
        if self.entries.is_empty() {
            return None;
        }
        let entry = self.slots[self.slot(word)].checked_sub(1)?;
        Some(self.entries[entry as usize].number)
    }

    /// Bytes of the longest.
    pub(super) fn longest(&self) -> usize {
        self.entries.iter().map(|entry| (entry.end - entry.start) as usize).max().unwrap_or(0)
    }

    fn word(&self, entry: &Entry) -> &str {
        &self.text[entry.start as usize..entry.end as usize]
    }

    /// Where a word is, or would be put.
    fn slot(&self, word: &str) -> usize {
        let last = self.slots.len() - 1;
        #[expect(clippy::cast_possible_truncation, reason = "any bits of the hash will do")]
        let mut slot = hash(word.as_bytes()) as usize & last;
        while let Some(entry) = self.slots[slot].checked_sub(1)
            && self.word(&self.entries[entry as usize]) != word
        {
            slot = (slot + 1) & last;
        }
        slot
    }
}

/// Eight bytes at a time; the high bits, which know of all, folded into the low.
fn hash(bytes: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let (whole, rest) = bytes.as_chunks();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let parts = whole.iter().chain([&last]).map(|part| u64::from_le_bytes(*part));
    let sum = parts.fold(bytes.len() as u64, |sum, part| (sum.rotate_left(29) ^ part).wrapping_mul(FACTOR));
    sum ^ (sum >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found() {
        let words: Vec<String> = (0..5000).map(|n| format!("w{}", n * n)).chain(["".into(), "é".into()]).collect();
        let table = Words::new(words.iter().map(String::as_str).zip(0..));
        assert!(words.iter().zip(0..).all(|(word, number)| table.get(word) == Some(number)));
        assert_eq!((table.get("w"), table.get("w2"), table.longest()), (None, None, 9));
        assert_eq!(Words::default().get("w"), None);
        assert_eq!(Words::new([("a", 1), ("a", 2)].into_iter()).get("a"), Some(1));
    }
}
