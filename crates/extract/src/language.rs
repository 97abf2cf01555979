//! The language of a text.
//!
//! A page's own word is taken unless its text is clearly in another language, or the page says nothing.

use whatlang::Lang;

/// A text with fewer bytes is too short to overrule what the page says.
const CLEAR: usize = 400;

/// At most so many bytes are looked at.
const SAMPLE: usize = 1200;

/// The language as BCP 47, given what the page declares.
pub(crate) fn language(text: &str, declared: Option<&str>) -> Option<String> {
    let declared = declared.and_then(tag);
    let sample = crate::text::head(text, SAMPLE);
    let seen = whatlang::detect(sample).filter(|seen| seen.is_reliable() && text.len() > 60);
    let seen = seen.and_then(|seen| code(seen.lang()));
    match (declared, seen) {
        (Some(declared), Some(seen)) if text.len() > CLEAR && !is_same(&declared, seen) => Some(seen.to_owned()),
        (Some(declared), _) => Some(declared),
        (None, seen) => seen.map(str::to_owned),
    }
}

/// The language of a declared tag, "en" of "en-GB": the region is the outlet's, not the text's.
fn tag(declared: &str) -> Option<String> {
    let first = declared.trim().split(['-', '_', ',', ';']).next()?.to_ascii_lowercase();
    let fits = (2..=3).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_lowercase());
    fits.then_some(first)
}

/// Whether a declared tag can stand for a language that was seen.
fn is_same(declared: &str, seen: &str) -> bool {
    // Close relatives, which trigrams do not tell apart.
    const RELATIVES: &[&[&str]] = &[
        &["no", "nb", "nn", "da", "sv"],
        &["hr", "sr", "bs", "sl", "mk"],
        &["id", "ms", "jv"],
        &["es", "ca", "gl", "pt"],
        &["cs", "sk"],
        &["ru", "uk", "be", "bg"],
        &["hi", "mr", "ne"],
        &["fa", "ar", "ur"],
        &["nl", "af"],
        &["tr", "az"],
    ];
    declared == seen || RELATIVES.iter().any(|family| family.contains(&declared) && family.contains(&seen))
}

/// ISO 639-1 of a language.
fn code(lang: Lang) -> Option<&'static str> {
    let rows = crate::tables::rows(include_str!("../tables/languages.tsv"));
    rows.into_iter().find(|row: &[&str; 2]| row[0] == lang.code()).map(|row| row[1])
}
