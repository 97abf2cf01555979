//! Character references: numbers, the names of XML and those of HTML, and no others.

use web_atoms::NAMED_ENTITIES;

/// The longest name of HTML has 31 letters.
const LONGEST: usize = 32;

/// What stands for `name` in `&name;`; `None` if nobody knows it.
pub(super) fn resolve(name: &str) -> Option<String> {
    if let Some(number) = name.strip_prefix('#') {
        return numbered(number).map(String::from);
    }
    if name == "apos" {
        return Some("'".to_owned());
    }
    let &(first, second) = NAMED_ENTITIES.get(format!("{};", crate::text::head(name, LONGEST)).as_str())?;
    let chars = [first, second].into_iter().filter(|&code| code != 0).filter_map(char::from_u32);
    Some(chars.collect())
}

fn numbered(number: &str) -> Option<char> {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    // windows-1252 has letters where Unicode has controls, and HTML reads them so.
    if let Ok(byte @ 0x80..=0x9f) = u8::try_from(code) {
        return encoding_rs::WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().next();
    }
    char::from_u32(code).filter(|&c| c != '\0')
}

/// A text with its references resolved once; what is none stays as it is.
pub(super) fn unescaped(text: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let end = after.bytes().take(LONGEST + 1).position(|byte| byte == b';');
        match end.and_then(|end| Some((resolve(&after[..end])?, end))) {
            Some((found, end)) => {
                out.push_str(&found);
                rest = &after[end + 1..];
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers() {
        let text = "&amp;lt; &apos;&quot; &alpha;&oelig;&lang; &#945;&#x3B1;&#X41; &#150; &x; & a &#0; &#xD800; &amp";
        assert_eq!(unescaped(text), "&lt; '\" αœ⟨ ααA – &x; & a &#0; &#xD800; &amp");
        assert_eq!(resolve("NotEqualTilde").as_deref(), Some("≂\u{338}"));
        assert_eq!(resolve(&"é".repeat(100)), None);
    }
}
