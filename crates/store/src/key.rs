//! How articles and statements are named: by hashes of content for people and programs, by row numbers inside the file.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use rapporteur_record::{Article, Span};

use crate::spans::Spans;

/// Bits of a statement's number within its article. The search index holds the distances of row numbers, so that a bit
/// fewer makes it smaller.
pub(crate) const ORDINAL_BITS: u32 = 13;
/// The most statements of one article that can be searched; the record holds all.
pub(crate) const MOST_STATEMENTS: usize = 1 << ORDINAL_BITS;
/// Bits of an article's number within its day: a million articles, more than any day has.
pub(crate) const WITHIN_DAY_BITS: u32 = 20;
/// Bits of the number of an article without a day: these have the numbers of all days of the year 0 to themselves.
const UNDATED_BITS: u32 = 28;
/// The first row number of articles that have a day.
pub(crate) const FIRST_DATED: i64 = 366 << WITHIN_DAY_BITS;

/// The name of a statement: 25 bits of its article's hash, and 35 bits of a hash of that and of the places of content,
/// cue and source in it.
///
/// It prints as twelve letters and digits, without i, l, o and u; the first five are those of its article, by which it is
/// found. It is the same on every machine, and after the article was read anew it is the same if the statement stands at
/// the same words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(u64);

const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Letters of a key.
const LENGTH: usize = 12;
/// Letters of an article's hash in a person's id: 50 bits.
const PERSON_LETTERS: u32 = 10;
/// Bits of a key that are of the statement alone.
const OWN_BITS: u32 = 35;

impl Key {
    /// The key of the statement of the article with that hash that has those spans.
    pub(crate) fn of(article: &[u8; 16], spans: &Spans) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(article);
        for spans in [&spans.content, &spans.cue, &spans.source] {
            hasher.update(&(spans.len() as u32).to_le_bytes());
            spans.iter().for_each(|span| add(&mut hasher, *span));
        }
        let hash = hasher.finalize();
        let own = u64::from_be_bytes(hash.as_bytes()[..8].try_into().expect("eight bytes"));
        let article = u32::from_be_bytes(article[..4].try_into().expect("four bytes")) >> 7;
        Key(u64::from(article) << OWN_BITS | own >> (64 - OWN_BITS))
    }

    /// Whether it is one of those from `low` to `high`, both ends included.
    pub(crate) fn is_within(self, (low, high): (i64, i64)) -> bool {
        (low..=high).contains(&(self.0 as i64))
    }

    #[cfg(test)]
    pub(crate) fn from_number(number: i64) -> Self {
        Key(number as u64)
    }
}

fn add(hasher: &mut blake3::Hasher, span: Span) {
    hasher.update(&(span.start() as u32).to_le_bytes());
    hasher.update(&(span.end() as u32).to_le_bytes());
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letter = |at: usize| LETTERS[(self.0 >> (5 * (LENGTH - 1 - at)) & 31) as usize] as char;
        (0..LENGTH).map(letter).collect::<String>().fmt(f)
    }
}

impl FromStr for Key {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (low, high) = range(text)?;
        if low == high { Ok(Key(low as u64)) } else { Err(format!("`{text}` is only the beginning of a key")) }
    }
}

/// The numbers of the keys that begin with `prefix`, both ends included. Case does not count, nor do i, l and o for 1
/// and 0.
pub(crate) fn range(prefix: &str) -> Result<(i64, i64), String> {
    let no_key = || format!("`{prefix}` is no key of a statement: keys have {LENGTH} letters and digits, or begin so");
    if prefix.is_empty() || prefix.len() > LENGTH {
        return Err(no_key());
    }
    let mut number = 0i64;
    for letter in prefix.bytes().map(|byte| byte.to_ascii_lowercase()) {
        let letter = match letter {
            b'i' | b'l' => b'1',
            b'o' => b'0',
            letter => letter,
        };
        let value = LETTERS.iter().position(|&known| known == letter).ok_or_else(no_key)?;
        number = number << 5 | value as i64;
    }
    let rest = 5 * (LENGTH - prefix.len()) as u32;
    Ok((number << rest, (number << rest) | ((1 << rest) - 1)))
}

/// The lowest and the highest hash of articles that have statements with keys from `low` to `high`.
pub(crate) fn articles_of_keys(low: i64, high: i64) -> ([u8; 16], [u8; 16]) {
    let (mut first, mut last) = ([0; 16], [0xFF; 16]);
    first[..4].copy_from_slice(&(((low >> OWN_BITS) as u32) << 7).to_be_bytes());
    last[..4].copy_from_slice(&(((high >> OWN_BITS) as u32) << 7 | 0x7F).to_be_bytes());
    (first, last)
}

/// The 128 bits of `article.id`; of an id that is none, those that its URL and text give.
pub(crate) fn article_hash(article: &Article) -> [u8; 16] {
    parse_article(&article.id).unwrap_or_else(|| {
        let mut hasher = blake3::Hasher::new();
        hasher.update(article.url.as_deref().unwrap_or_default().as_bytes());
        hasher.update(b"\0");
        hasher.update(article.text.as_bytes());
        hasher.finalize().as_bytes()[..16].try_into().expect("16 of 32 bytes")
    })
}

/// `b3:` and 32 digits.
fn parse_article(id: &str) -> Option<[u8; 16]> {
    let digits = id.strip_prefix("b3:").filter(|digits| digits.len() == 32 && digits.is_ascii())?;
    let mut hash = [0; 16];
    for (at, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(hash)
}

/// The id that [`article_hash`] was read from.
pub(crate) fn article_id(hash: &[u8]) -> String {
    let digits: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("b3:{digits}")
}

/// The hashes that begin as `prefix` of an article's id does, as the lowest and the highest.
pub(crate) fn article_range(prefix: &str) -> Result<([u8; 16], [u8; 16]), String> {
    let digits = prefix.strip_prefix("b3:").unwrap_or(prefix).to_ascii_lowercase();
    if digits.is_empty() || digits.len() > 32 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err(format!(
            "`{prefix}` is no id of an article: ids are `b3:` and 32 digits of 0-9 and a-f, or begin so"
        ));
    }
    let end = |filler: &str| parse_article(&format!("b3:{digits}{}", filler.repeat(32 - digits.len())));
    Ok((end("0").expect("32 digits"), end("f").expect("32 digits")))
}

/// What a person is called: `p:`, ten letters and digits of the hash of an article, and the id of an entity there that is
/// this person. Any entity of a person names it; it is shown by the one that was named first.
pub(crate) fn person_id(hash: &[u8; 16], ordinal: i64) -> String {
    let hash = u128::from_be_bytes(*hash);
    let letter = |at: u32| LETTERS[(hash >> (123 - 5 * at) & 31) as usize] as char;
    format!("p:{}-{ordinal}", (0..PERSON_LETTERS).map(letter).collect::<String>())
}

/// The lowest and the highest hash of an article that `id` may mean, and the id of the entity.
pub(crate) fn person_range(id: &str) -> Result<([u8; 16], [u8; 16], i64), String> {
    let none =
        || format!("`{id}` is no id of a person: ids look like p:4h7k2m9qab-3, and `rapporteur who NAME` shows them");
    let (letters, ordinal) = id.strip_prefix("p:").and_then(|rest| rest.split_once('-')).ok_or_else(none)?;
    if letters.is_empty() || letters.len() > 24 {
        return Err(none());
    }
    let mut number = 0u128;
    for letter in letters.bytes().map(|byte| byte.to_ascii_lowercase()) {
        let value = LETTERS.iter().position(|&known| known == letter).ok_or_else(none)?;
        number = number << 5 | value as u128;
    }
    let rest = 128 - 5 * letters.len();
    let low = number << rest;
    let ordinal = ordinal.parse().ok().filter(|ordinal| (0..1 << ORDINAL_BITS).contains(ordinal)).ok_or_else(none)?;
    Ok((low.to_be_bytes(), (low | ((1 << rest) - 1)).to_be_bytes(), ordinal))
}

/// The first row number of articles of that day; of a day before the year 1 it is that of articles without one.
pub(crate) fn first_of_day(day: Date) -> i64 {
    let days = (day - Date::constant(0, 1, 1)).get_days();
    let first = i64::from(days.max(0)) << WITHIN_DAY_BITS;
    if first < FIRST_DATED { 0 } else { first }
}

/// The day of publication of the article in a row; `None` if it is undated.
pub(crate) fn day_of(row: i64) -> Option<Date> {
    let days = row >> WITHIN_DAY_BITS;
    (row >= FIRST_DATED)
        .then(|| Date::constant(0, 1, 1).checked_add(jiff::Span::new().try_days(days).ok()?).ok())
        .flatten()
}

/// The row number at which an article is put if it is free.
pub(crate) fn article_row(article: &Article, hash: &[u8; 16]) -> i64 {
    let first = article.published.map_or(0, |published| first_of_day(published.day()));
    let bits = u32::from_be_bytes(hash[..4].try_into().expect("four bytes"));
    first | i64::from(bits >> (32 - bits_within(first)))
}

fn bits_within(row: i64) -> u32 {
    if row < FIRST_DATED { UNDATED_BITS } else { WITHIN_DAY_BITS }
}

/// The row number after that one, of the same day; after the last comes the first.
pub(crate) fn next_within_day(row: i64) -> i64 {
    let within = (1i64 << bits_within(row)) - 1;
    (row & !within) | ((row + 1) & within)
}

/// The row number of a statement: later ones of an article have lower numbers, so that newest first reads on through it.
pub(crate) fn statement_row(article: i64, ordinal: usize) -> i64 {
    article << ORDINAL_BITS | (MOST_STATEMENTS - 1 - ordinal) as i64
}

/// The statement's id in its document.
pub(crate) fn ordinal(row: i64) -> usize {
    MOST_STATEMENTS - 1 - (row & (MOST_STATEMENTS as i64 - 1)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_twelve_letters_and_comes_back() {
        for number in [0, 1, 0x0123_4567_89AB_CDEF >> 4, (1 << 60) - 1] {
            let key = Key(number);
            assert_eq!(key.to_string().len(), 12);
            assert_eq!(key.to_string().parse(), Ok(key));
            assert_eq!(key.to_string().to_uppercase().parse(), Ok(key));
        }
    }

    #[test]
    fn a_beginning_names_all_keys_that_begin_so() {
        let key = Key(0x0123_4567_89AB_CDEF >> 4);
        let (low, high) = range(&key.to_string()[..5]).unwrap();
        assert!(key.is_within((low, high)) && high - low == (1 << 35) - 1);
        assert!(range("").is_err() && range("abcdefghjkmnp").is_err() && range("é").is_err());
        assert!("abc".parse::<Key>().is_err());
    }

    #[test]
    fn a_key_leads_to_its_article() {
        let spans = Spans { content: vec![Span::new(3, 9)], ..Spans::default() };
        for hash in [[0; 16], [0xFF; 16], *b"any sixteen byte", [0x80; 16]] {
            let key = Key::of(&hash, &spans);
            let (first, last) = articles_of_keys(key.0 as i64, key.0 as i64);
            assert!(first <= hash && hash <= last && first[..3] == last[..3]);
            let (low, high) = range(&key.to_string()[..3]).unwrap();
            let (first, last) = articles_of_keys(low, high);
            assert!(first <= hash && hash <= last);
        }
    }

    #[test]
    fn later_days_have_higher_numbers() {
        let day = |year, month, day| first_of_day(Date::constant(year, month, day));
        assert!(day(2022, 3, 16) < day(2022, 3, 17) && day(1, 1, 1) > 0 && day(-5, 1, 1) == 0);
        assert!(statement_row(day(9999, 12, 31), 0) > statement_row(day(9999, 12, 31), MOST_STATEMENTS - 1));
        assert!(first_of_day(Date::constant(1, 1, 1)) == FIRST_DATED && day(0, 12, 31) == 0);
        assert!(FIRST_DATED >= 1 << UNDATED_BITS && day(9999, 12, 31) << ORDINAL_BITS < 1 << 62);
        assert_eq!(next_within_day(FIRST_DATED + (1 << WITHIN_DAY_BITS) - 1), FIRST_DATED);
        assert_eq!(next_within_day((1 << UNDATED_BITS) - 1), 0);
        assert_eq!(next_within_day(7), 8);
        assert_eq!(ordinal(statement_row(day(2022, 3, 16), 7)), 7);
        assert_eq!(day_of(day(2022, 3, 16) + 1), Some(Date::constant(2022, 3, 16)));
        assert_eq!((day_of(day(9999, 12, 31)), day_of(day(-5, 1, 1))), (Some(Date::MAX), None));
        assert_eq!((day_of(i64::MAX), day_of(-1)), (None, None));
    }

    #[test]
    fn ids_of_people_come_back() {
        let hash = *b"\x01\x23\x45\x67\x89\xab\xcd\xef\xff\x00\x00\x00\x00\x00\x00\x01";
        let id = person_id(&hash, 17);
        assert_eq!(id, "p:04hmasw9nf-17");
        let (low, high, ordinal) = person_range(&id.to_uppercase().replace("P:", "p:")).unwrap();
        assert!(low <= hash && hash <= high && ordinal == 17);
        for wrong in ["", "p:", "p:04hm", "p:-3", "p:u-3", "p:04hm-x", "p:04hm--1", "p:04hm-99999", "p:é-1"] {
            assert!(person_range(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn ids_of_articles_may_be_cut() {
        let hash = parse_article("b3:00112233445566778899aabbccddeeff").unwrap();
        assert_eq!(article_id(&hash), "b3:00112233445566778899aabbccddeeff");
        let (low, high) = article_range("b3:0011").unwrap();
        assert!(low <= hash && hash <= high);
        assert!(article_range("0012").unwrap().0 > hash);
        assert!(article_range("xyz").is_err());
    }
}
