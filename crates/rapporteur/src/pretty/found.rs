//! What a search found, printed for people: a few lines for each, or a row where the paper is wide.

use rapporteur_record::{Quotation, Span};
use rapporteur_store::{ArticleFound, StatementFound};

use super::excerpt::excerpt;
use super::fit::{cut, print_cell, shrink};
use super::head::joined;
use super::safe::{isolated, n_columns, visible};
use super::style::{Sheet, Style};
use super::{LEAST_WIDTH, MEASURE, Paper};

/// From here on each result has one row.
const LEAST_TABLE: usize = 150;
/// On narrower paper, what surrounds a statement has a line of its own below its speaker.
const LEAST_BESIDE: usize = 92;
const DATE: usize = 10;
const KEY: usize = 12;
/// Digits of an article's id that tell it from all others in any real database, with what stands before them.
const ID: usize = 15;
const GAP: &str = "  ";
/// The most columns of outlet, speaker and manner in a row, and the least that they are cut to.
const MOST_CELLS: [usize; 3] = [20, 40, 28];
const LEAST_CELL: usize = 8;
/// The least columns for how and where a statement was made, beside who made it.
const LEAST_PLACE: usize = 32;
/// The least columns for words in a row.
const LEAST_WORDS: usize = 50;

/// How results are laid out: all in the same way, after the first few.
#[derive(Clone, Debug)]
pub struct Findings {
    paper: Paper,
    /// Columns of outlet, speaker and manner; `None` where a result has several lines.
    cells: Option<[usize; 3]>,
}

impl Findings {
    /// A layout for statements like these.
    pub fn of_statements<'s>(paper: Paper, first: impl IntoIterator<Item = &'s StatementFound>) -> Self {
        let paper = Paper { width: paper.width.max(LEAST_WIDTH), ..paper };
        let cells = (paper.width >= LEAST_TABLE).then(|| {
            let mut widths = ["Outlet", "Speaker", "How"].map(n_columns);
            for found in first {
                let cells = [outlet(&found.article), who_and_role(found), how(found)];
                for ((width, cell), most) in widths.iter_mut().zip(cells).zip(MOST_CELLS) {
                    *width = (*width).max(n_columns(&cell)).min(most);
                }
            }
            let room = paper.width - DATE - KEY - 5 * GAP.len() - LEAST_WORDS;
            shrink(&mut widths, room, LEAST_CELL);
            widths
        });
        Findings { paper, cells }
    }

    /// A layout for articles.
    pub fn of_articles(paper: Paper) -> Self {
        Findings { paper: Paper { width: paper.width.max(LEAST_WIDTH), ..paper }, cells: None }
    }

    /// What stands above the first result: headings, or nothing.
    pub fn heading(&self) -> String {
        let mut sheet = Sheet::new(self.paper.colours);
        if let Some([outlet, speaker, how]) = self.cells {
            let headings = [("Date", DATE), ("Outlet", outlet), ("Speaker", speaker), ("How", how)];
            for (heading, width) in headings.into_iter().chain([("Statement", KEY)]) {
                print_cell(heading, width, Style::DIM, &mut sheet);
                sheet.push(GAP, Style::PLAIN);
            }
            sheet.push("Words", Style::DIM);
            sheet.end_line();
        }
        sheet.text
    }

    /// A statement, in whole lines; `hits` are the words in its content that were looked for.
    pub fn statement(&self, found: &StatementFound, hits: &[Span]) -> String {
        let mut sheet = Sheet::new(self.paper.colours);
        match self.cells {
            Some(cells) => self.row(found, hits, cells, &mut sheet),
            None => self.card(found, hits, &mut sheet),
        }
        sheet.text
    }

    fn row(
        &self,
        found: &StatementFound,
        hits: &[Span],
        [outlet_width, speaker, how_width]: [usize; 3],
        sheet: &mut Sheet,
    ) {
        let words = self.paper.width - DATE - KEY - outlet_width - speaker - how_width - 5 * GAP.len();
        let cells = [
            (day(&found.article), DATE, Style::PLAIN),
            (outlet(&found.article), outlet_width, Style::PLAIN),
            (who_and_role(found), speaker, Style::BOLD),
            (how(found), how_width, Style::PLAIN),
            (found.key.to_string(), KEY, Style::DIM),
        ];
        for (cell, width, style) in cells {
            print_cell(&cell, width, style, sheet);
            sheet.push(GAP, Style::PLAIN);
        }
        said(found, hits, words, sheet.colours()).print_some(1, words, sheet, |_, _| {});
    }

    /// Who, how and where, and under it the words.
    fn card(&self, found: &StatementFound, hits: &[Span], sheet: &mut Sheet) {
        let width = self.paper.width.min(MEASURE);
        let lead = DATE + GAP.len();
        let room = width - lead;
        print_cell(&day(&found.article), DATE, Style::PLAIN, sheet);
        sheet.push(GAP, Style::PLAIN);
        let place = format!("{} · {}", how(found), outlet(&found.article));
        let beside = width >= LEAST_BESIDE;
        let head = room - KEY - GAP.len();
        let who = cut(&who(found), head);
        let role = found.role.as_deref().map_or_else(String::new, |role| format!(", {}", one_line(role)));
        let left = head - n_columns(&who);
        // The place gives way to the role, and keeps enough to tell it by.
        let least = if beside { LEAST_PLACE.min(n_columns(&place) + 3) } else { 0 };
        let role = cut(&role, left.saturating_sub(least));
        let role = if n_columns(&role) < LEAST_CELL { String::new() } else { role };
        let place_beside = if beside { cut(&format!(" · {place}"), left - n_columns(&role)) } else { String::new() };
        let blank = head - n_columns(&who) - n_columns(&role) - n_columns(&place_beside);
        sheet.push(&isolated(who), Style::BOLD);
        sheet.push(&isolated(role), Style::PLAIN);
        sheet.push(&isolated(place_beside), Style::DIM);
        sheet.push(&" ".repeat(blank), Style::PLAIN);
        sheet.push(GAP, Style::PLAIN);
        sheet.push(&found.key.to_string(), Style::DIM);
        sheet.end_line();
        let blank = " ".repeat(lead);
        if !beside {
            sheet.push(&blank, Style::PLAIN);
            sheet.push(&isolated(cut(&place, room)), Style::DIM);
            sheet.end_line();
        }
        let n_rows = if beside { 2 } else { 3 };
        let words = said(found, hits, room * n_rows - room / 4, sheet.colours());
        words.print_some(n_rows, room, sheet, |_, sheet| sheet.push(&blank, Style::PLAIN));
    }

    /// An article, in whole lines: `hits` are the words in its title and in its `text` that were looked for.
    pub fn article(&self, found: &ArticleFound, title_hits: &[Span], text: Option<(&str, &[Span])>) -> String {
        let mut sheet = Sheet::new(self.paper.colours);
        let colours = self.paper.colours;
        let width = self.paper.width.min(MEASURE);
        let lead = DATE + GAP.len();
        let room = width - lead;
        print_cell(&day(found), DATE, Style::PLAIN, &mut sheet);
        sheet.push(GAP, Style::PLAIN);
        let blank = " ".repeat(lead);
        let below = |row: usize, sheet: &mut Sheet| {
            if row > 0 {
                sheet.push(&blank, Style::PLAIN)
            }
        };
        let title = found.title.as_deref().filter(|title| !title.trim().is_empty());
        let title = match title {
            Some(title) => excerpt(title, title_hits, 2 * room - room / 4, Style::BOLD, colours),
            None => excerpt("no title", &[], room, Style::DIM, colours),
        };
        title.print_some(2, room, &mut sheet, below);
        let n = found.n_statements;
        let place = format!("{} · {n} statement{} · ", outlet(found), if n == 1 { "" } else { "s" });
        sheet.push(&blank, Style::PLAIN);
        sheet.push(&isolated(cut(&place, room - ID)), Style::DIM);
        sheet.push(found.id.get(..ID).unwrap_or(&found.id), Style::DIM);
        sheet.end_line();
        if let Some((text, hits)) = text.filter(|(_, hits)| !hits.is_empty()) {
            let words = excerpt(text, hits, 2 * room - room / 4, Style::PLAIN, colours);
            words.print_some(2, room, &mut sheet, |_, sheet| sheet.push(&blank, Style::PLAIN));
        }
        sheet.text
    }
}

/// The words of a statement, in quotation marks if all of it is.
fn said(found: &StatementFound, hits: &[Span], columns: usize, colours: bool) -> super::line::Line {
    if found.quotation != Quotation::Direct {
        return excerpt(&found.content, hits, columns, Style::PLAIN, colours);
    }
    let quoted = format!("“{}”", found.content);
    let shift = '“'.len_utf8();
    let hits: Vec<Span> = hits.iter().map(|hit| Span::new(hit.start() + shift, hit.end() + shift)).collect();
    excerpt(&quoted, &hits, columns, Style::PLAIN, colours)
}

/// Names of those who speak; else the words that name the source, in quotation marks; else a dash.
pub(super) fn who(found: &StatementFound) -> String {
    match (&found.speaker, found.jointly.as_slice(), one_line(&found.source)) {
        (Some(speaker), _, _) => one_line(speaker),
        (None, [], source) if source.is_empty() => "–".to_owned(),
        (None, [], source) => format!("“{source}”"),
        (None, names, _) => joined(&names.iter().map(|name| one_line(name)).collect::<Vec<_>>()),
    }
}

fn who_and_role(found: &StatementFound) -> String {
    let role = found.role.as_deref().map_or_else(String::new, |role| format!(", {}", one_line(role)));
    who(found) + &role
}

/// "deny, direct, tweet, via Interfax and AFP": in the words of a query.
pub(super) fn how(found: &StatementFound) -> String {
    let mut how = vec![found.act.word().to_owned()];
    if found.negated {
        how.push("negated".to_owned());
    }
    how.push(found.quotation.word().to_owned());
    how.extend(found.channel.map(|channel| channel.word().to_owned()));
    if !found.via.is_empty() {
        let names: Vec<String> = found.via.iter().map(|name| one_line(name)).collect();
        how.push(format!("via {}", joined(&names)));
    }
    how.join(", ")
}

/// The domain, which a query finds, or else the name.
pub(super) fn outlet(article: &ArticleFound) -> String {
    article.outlet.as_deref().or(article.outlet_name.as_deref()).map_or_else(|| "–".to_owned(), one_line)
}

pub(super) fn day(article: &ArticleFound) -> String {
    let day = article.published.as_deref().unwrap_or("undated");
    one_line(&day.chars().take(DATE).collect::<String>())
}

/// On one line and safe to print.
pub(super) fn one_line(text: &str) -> String {
    visible(text).split_whitespace().collect::<Vec<_>>().join(" ")
}
