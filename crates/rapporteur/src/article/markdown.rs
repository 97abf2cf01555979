//! An article as Markdown (CommonMark).

use rapporteur_record::{Article, BlockKind};

use super::{blocks, known};

/// Prints an article as CommonMark; `header` puts before it what is known of the article, as YAML between two lines of
/// hyphens. No character of the text is taken for markup.
pub fn markdown(article: &Article, header: bool) -> String {
    let mut out = if header { front_matter(article) } else { String::new() };
    let mut before = None;
    for (kind, text) in blocks(article) {
        let same_list = kind == BlockKind::ListItem && before == Some(BlockKind::ListItem);
        if before.is_some() && !same_list {
            out.push('\n');
        }
        push_block(&mut out, kind, text);
        before = Some(kind);
    }
    out
}

fn front_matter(article: &Article) -> String {
    let known = known(article);
    if known.is_empty() {
        return String::new();
    }
    // A string of JSON is one of YAML.
    let line = |(name, value): (&str, String)| format!("{name}: {}\n", serde_json::Value::String(value));
    format!("---\n{}---\n\n", known.into_iter().map(line).collect::<String>())
}

fn push_block(out: &mut String, kind: BlockKind, text: &str) {
    let (before, after, next_line) = match kind {
        BlockKind::Title => ("# ", "", " "),
        BlockKind::Standfirst => ("**", "**", "  \n"),
        BlockKind::Heading => ("## ", "", " "),
        BlockKind::Paragraph => ("", "", "  \n"),
        BlockKind::ListItem => ("- ", "", "  \n  "),
        BlockKind::Quote => ("> ", "", "  \n> "),
        BlockKind::Caption => ("*", "*", "  \n"),
    };
    out.push_str(before);
    for (n, line) in text.lines().enumerate() {
        if n > 0 {
            out.push_str(next_line);
        }
        push_escaped(out, line.trim());
    }
    out.push_str(after);
    out.push('\n');
}

/// One line, its markup taken for what it is: characters.
fn push_escaped(out: &mut String, line: &str) {
    let n_digits = line.bytes().take_while(u8::is_ascii_digit).count();
    for (at, c) in line.char_indices() {
        let first = at == 0 && matches!(c, '#' | '>' | '+' | '-' | '=' | '~' | '|');
        let number = at == n_digits && at > 0 && matches!(c, '.' | ')');
        let anywhere = matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '&');
        if first || number || anywhere {
            out.push('\\');
        }
        out.push(if c.is_control() { char::REPLACEMENT_CHARACTER } else { c });
    }
}
