//! JSON that is safe on a terminal: what JSON leaves as it is and a terminal obeys, is written as a number.

use serde::Serialize;

/// An object on one line.
pub(crate) fn line(object: &impl Serialize) -> serde_json::Result<String> {
    serde_json::to_string(object).map(safe)
}

/// An object, indented.
pub(crate) fn indented(object: &impl Serialize) -> serde_json::Result<String> {
    serde_json::to_string_pretty(object).map(safe)
}

/// The same JSON with such characters, which can only stand in strings, as numbers.
pub(crate) fn safe(json: String) -> String {
    if !json.contains(commands) {
        return json;
    }
    let mut safe = String::with_capacity(json.len() + 16);
    for ch in json.chars() {
        if commands(ch) { safe.push_str(&format!("\\u{:04x}", ch as u32)) } else { safe.push(ch) }
    }
    safe
}

/// Controls beyond those of ASCII, and what turns the direction of writing.
fn commands(ch: char) -> bool {
    matches!(ch, '\u{7f}'..='\u{9f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_a_number() {
        let text = "a\u{1b}[2J\u{9b}2J\u{202e}é";
        let line = line(&text).unwrap();
        assert_eq!(line, r#""a\u001b[2J\u009b2J\u202eé""#);
        assert_eq!(serde_json::from_str::<String>(&line).unwrap(), text);
    }
}
