//! What the page says of itself, above the text.

use jiff::civil::Date;
use rapporteur_record::{Article, BlockKind, Moment};

use super::print_paragraph;
use super::style::{Sheet, Style};

/// Prints outlet, date, language, byline and address; then title and standfirst, where the text doesn't begin with
/// them itself.
pub(super) fn print(article: &Article, width: usize, sheet: &mut Sheet) {
    for (text, style) in [
        (imprint(article), Style::PLAIN),
        (byline(article), Style::PLAIN),
        (article.url.clone().unwrap_or_default(), Style::DIM),
    ] {
        print_unless_empty(&text, style, width, sheet);
    }
    for (text, kind, style) in
        [(&article.title, BlockKind::Title, Style::BOLD), (&article.standfirst, BlockKind::Standfirst, Style::ITALIC)]
    {
        if article.blocks.iter().any(|block| block.kind == kind) {
            continue;
        }
        if let Some(text) = text {
            sheet.end_line();
            print_unless_empty(text, style, width, sheet);
        }
    }
}

fn print_unless_empty(text: &str, style: Style, width: usize, sheet: &mut Sheet) {
    if !text.trim().is_empty() {
        print_paragraph(text, style, width, sheet);
    }
}

/// "Outlook India · 16 March 2022, 18:20 +05:30 · en"
fn imprint(article: &Article) -> String {
    let modified = article.modified.map(|moment| format!("changed {}", spoken(moment)));
    let credit = article.credit.as_ref().map(|agency| format!("by way of {agency}"));
    let parts = [
        article.outlet_name.clone().or(article.outlet.clone()),
        article.published.map(spoken),
        modified,
        article.language.clone(),
        credit,
        article.dateline.clone(),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn byline(article: &Article) -> String {
    match article.byline.as_slice() {
        [] => String::new(),
        names => format!("By {}", joined(names)),
    }
}

/// "A", "A and B", "A, B and C"
pub(super) fn joined(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [name] => name.clone(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    }
}

/// "16 March 2022, 18:20 +05:30"
fn spoken(moment: Moment) -> String {
    match moment {
        Moment::Day(date) => day(date),
        Moment::Instant(at, offset) => {
            let there = offset.to_datetime(at);
            format!("{}, {:02}:{:02} {}", day(there.date()), there.hour(), there.minute(), zone(offset.seconds()))
        }
    }
}

fn day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

fn zone(n_seconds: i32) -> String {
    let sign = if n_seconds < 0 { '-' } else { '+' };
    let n_minutes = n_seconds.abs() / 60;
    if n_minutes == 0 { "UTC".to_owned() } else { format!("{sign}{:02}:{:02}", n_minutes / 60, n_minutes % 60) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_spoken() {
        assert_eq!(spoken("2022-03-16".parse().unwrap()), "16 March 2022");
        assert_eq!(spoken("2022-03-16T18:20:00+05:30".parse().unwrap()), "16 March 2022, 18:20 +05:30");
        assert_eq!(spoken("2022-03-01T09:05:00Z".parse().unwrap()), "1 March 2022, 09:05 UTC");
    }

    #[test]
    fn names_are_joined_by_and() {
        let names = ["Li", "Ngo", "Roe"].map(String::from);
        assert_eq!([joined(&names[..1]), joined(&names[..2]), joined(&names)], ["Li", "Li and Ngo", "Li, Ngo and Roe"]);
    }
}
