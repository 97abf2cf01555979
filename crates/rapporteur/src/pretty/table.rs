//! Who said what, a row for each statement; where the paper is narrow, two lines for each.

use std::collections::BTreeSet;

use rapporteur_record::Document;

use super::fit::{cut, print_cell, shrink};
use super::lanes::Lanes;
use super::row::{Row, rows};
use super::safe::{isolated, n_columns};
use super::style::{Sheet, Style};

/// On narrower paper a row would hold little but "…".
const LEAST_TABLE: usize = 92;
/// From here on, via and channel have a column each.
const WIDE: usize = 120;
/// The most columns that a cell other than the last takes, and the least that it is cut to.
const MOST_CELL: usize = 26;
const LEAST_CELL: usize = 8;
/// The least columns for the first words.
const LEAST_WORDS: usize = 24;
const GAP: &str = "  ";

pub(super) fn print(document: &Document, lanes: &Lanes, width: usize, sheet: &mut Sheet) {
    let rows = rows(document, lanes);
    if !sheet.text.is_empty() {
        sheet.end_line();
    }
    sheet.push(&summary(&rows), Style::BOLD);
    sheet.end_line();
    if rows.is_empty() {
        return;
    }
    sheet.end_line();
    if width < LEAST_TABLE { print_cards(&rows, width, sheet) } else { print_table(&rows, width, sheet) }
}

/// "11 statements by 5 speakers"
fn summary(rows: &[Row]) -> String {
    let speakers: BTreeSet<&str> = rows.iter().map(|row| row.speaker.as_str()).filter(|name| *name != "–").collect();
    match (rows.len(), speakers.len()) {
        (0, _) => "No statements".to_owned(),
        (n_rows, 0) => counted(n_rows, "statement"),
        (n_rows, n_speakers) => format!("{} by {}", counted(n_rows, "statement"), counted(n_speakers, "speaker")),
    }
}

fn counted(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

/// A column of the table: its heading and what it shows of a row.
type Column = (&'static str, fn(&Row) -> String);

const SPEAKER: Column = ("Speaker", |row| format!("{}{}", if row.nested { "↳ " } else { "" }, row.speaker));
const ROLE: Column = ("Role", |row| row.role.clone());
const HOW: Column = ("How", |row| row.how.clone());
const VIA: Column = ("Via", |row| row.via.clone());
const CHANNEL: Column = ("Channel", |row| row.channel.to_owned());
const THROUGH: Column = ("Through", through);

fn print_table(rows: &[Row], width: usize, sheet: &mut Sheet) {
    let mut columns =
        if width < WIDE { vec![SPEAKER, ROLE, HOW, THROUGH] } else { vec![SPEAKER, ROLE, HOW, VIA, CHANNEL] };
    columns.retain(|(_, cell)| rows.iter().any(|row| !cell(row).is_empty()));
    let lead = lead_width(rows, sheet);
    let room = width - lead - columns.len() * GAP.len();
    let mut widths: Vec<usize> = columns.iter().map(|column| natural_width(*column, rows)).collect();
    let speaker = widths[0];
    // The speaker is the last to be cut.
    shrink(&mut widths[1..], room - LEAST_WORDS - speaker, LEAST_CELL + 4);
    shrink(&mut widths, room - LEAST_WORDS, LEAST_CELL);
    let words = room - widths.iter().sum::<usize>();
    print_headings(&columns, &widths, lead, sheet);
    for row in rows {
        print_lead(row, lead, sheet);
        for ((heading, cell), width) in columns.iter().zip(&widths) {
            let style = if *heading == SPEAKER.0 { Style::coloured(row.lane.colour) } else { Style::PLAIN };
            print_cell(&cell(row), *width, style, sheet);
            sheet.push(GAP, Style::PLAIN);
        }
        print_content(row, words, sheet);
    }
}

/// "tweet → AFP (report)": channel and via in one.
fn through(row: &Row) -> String {
    let both = if row.channel.is_empty() || row.via.is_empty() { "" } else { " → " };
    format!("{}{both}{}", row.channel, row.via)
}

fn natural_width((heading, cell): Column, rows: &[Row]) -> usize {
    let widest = rows.iter().map(|row| n_columns(&cell(row))).max();
    widest.unwrap_or(0).clamp(n_columns(heading), MOST_CELL)
}

fn print_headings(columns: &[Column], widths: &[usize], lead: usize, sheet: &mut Sheet) {
    sheet.push(&" ".repeat(lead), Style::PLAIN);
    for ((heading, _), width) in columns.iter().zip(widths) {
        print_cell(heading, *width, Style::DIM, sheet);
        sheet.push(GAP, Style::PLAIN);
    }
    sheet.push("First words", Style::DIM);
    sheet.end_line();
}

/// Columns for the number and the bar.
fn lead_width(rows: &[Row], sheet: &Sheet) -> usize {
    rows.len().to_string().len() + n_columns(bar(sheet))
}

fn print_lead(row: &Row, width: usize, sheet: &mut Sheet) {
    let bar = bar(sheet);
    sheet.push(&format!("{:>1$}", row.number, width - n_columns(bar)), Style::DIM);
    sheet.push(bar, Style::coloured(row.lane.colour));
}

fn bar(sheet: &Sheet) -> &'static str {
    if sheet.colours() { " ▌ " } else { "  " }
}

fn print_content(row: &Row, width: usize, sheet: &mut Sheet) {
    let style = if row.direct { Style::BOLD } else { Style::PLAIN };
    sheet.push(&isolated(cut(&row.content, width)), style);
    sheet.end_line();
}

/// Two lines a statement: who and how, and what.
fn print_cards(rows: &[Row], width: usize, sheet: &mut Sheet) {
    let lead = lead_width(rows, sheet);
    let room = width - lead;
    for row in rows {
        print_lead(row, lead, sheet);
        print_who_and_how(row, room, sheet);
        sheet.push(&" ".repeat(lead), Style::PLAIN);
        print_content(row, room, sheet);
    }
}

/// "Mykhailo Podolyak, aide, Volodymyr Zelensky · said · tweet"; the role has what room the others leave.
fn print_who_and_how(row: &Row, room: usize, sheet: &mut Sheet) {
    let who = cut(&(SPEAKER.1)(row), room);
    let manner =
        [&row.how, &through(row)].map(|part| if part.is_empty() { String::new() } else { format!(" · {part}") });
    let manner = cut(&manner.concat(), room.saturating_sub(n_columns(&who)));
    let left = room.saturating_sub(n_columns(&who) + n_columns(&manner));
    let role = if row.role.is_empty() || left < LEAST_CELL { String::new() } else { format!(", {}", row.role) };
    sheet.push(&isolated(who), Style::coloured(row.lane.colour));
    sheet.push(&isolated(cut(&role, left)), Style::DIM);
    sheet.push(&isolated(manner), Style::PLAIN);
    sheet.end_line();
}
