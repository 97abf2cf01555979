//! The timeline: what has happened, what goes on, what is to come, and what is denied, with who says so.

use rapporteur_record::{Document, Event, Status};

use super::fit::{print_cell, shrink};
use super::safe::{n_columns, visible};
use super::style::{Sheet, Style};
use super::words;

const GAP: &str = "  ";
/// The most columns that a cell takes, and the least that it is cut to.
const MOST_CELL: usize = 30;
const LEAST_CELL: usize = 6;

/// A row of the timeline.
struct Row {
    day: String,
    what: String,
    who: String,
    place: String,
    says: String,
}

pub(super) fn print(document: &Document, width: usize, sheet: &mut Sheet) {
    let groups: [(&str, &[Status]); 5] = [
        ("Past", &[Status::Past]),
        ("Now", &[Status::Ongoing]),
        ("Planned", &[Status::Planned]),
        ("Asked for or possible", &[Status::Demanded, Status::Conditional]),
        ("Denied or called off", &[Status::Denied, Status::Cancelled]),
    ];
    if document.events.is_empty() {
        return;
    }
    sheet.end_line();
    let n_events = document.events.len();
    sheet.push(&format!("{n_events} event{}", if n_events == 1 { "" } else { "s" }), Style::BOLD);
    sheet.end_line();
    let rows = |statuses: &[Status]| -> Vec<Row> {
        let mut events: Vec<&Event> = document.events.iter().filter(|event| statuses.contains(&event.status)).collect();
        events.sort_by_key(|event| (first_day(document, event).is_none(), first_day(document, event), event.id));
        events.into_iter().map(|event| row(document, event)).collect()
    };
    let groups: Vec<(&str, Vec<Row>)> = groups.map(|(name, statuses)| (name, rows(statuses))).into_iter().collect();
    let all = || groups.iter().flat_map(|(_, rows)| rows);
    let cells: [fn(&Row) -> &String; 5] =
        [|row| &row.day, |row| &row.what, |row| &row.who, |row| &row.place, |row| &row.says];
    let mut widths: Vec<usize> =
        cells.iter().map(|cell| all().map(|row| n_columns(cell(row))).max().unwrap_or(0).min(MOST_CELL)).collect();
    let n_gaps = widths.iter().filter(|width| **width > 0).count();
    shrink(
        &mut widths[1..],
        width.saturating_sub(widths_day(&all().collect::<Vec<_>>()) + n_gaps * GAP.len()),
        LEAST_CELL,
    );
    for (name, rows) in groups.iter().filter(|(_, rows)| !rows.is_empty()) {
        sheet.end_line();
        sheet.push(name, Style::DIM);
        sheet.end_line();
        for row in rows {
            for (cell, width) in cells.iter().zip(&widths).filter(|(_, width)| **width > 0) {
                sheet.push(GAP, Style::PLAIN);
                print_cell(cell(row), *width, Style::PLAIN, sheet);
            }
            sheet.end_line();
        }
    }
}

fn widths_day(rows: &[&Row]) -> usize {
    rows.iter().map(|row| n_columns(&row.day)).max().unwrap_or(0).min(MOST_CELL)
}

fn first_day(document: &Document, event: &Event) -> Option<jiff::civil::Date> {
    document.times.get(event.when?)?.first
}

fn row(document: &Document, event: &Event) -> Row {
    let name = |id: &usize| document.entities.get(*id).map(|entity| visible(&entity.name).into_owned());
    let names = |ids: &[usize]| ids.iter().filter_map(name).collect::<Vec<_>>().join(", ");
    let mut who = names(&event.actors);
    if !event.recipients.is_empty() {
        who = format!("{who} → {}", names(&event.recipients)).trim_start().to_owned();
    }
    if !event.mediators.is_empty() {
        let through = names(&event.mediators);
        who = if who.is_empty() { format!("by {through}") } else { format!("{who} (by {through})") };
    }
    let time = event.when.and_then(|when| document.times.get(when));
    let day = time.map_or_else(String::new, |time| match time.first {
        Some(day) => day.strftime("%-d %b %Y").to_string(),
        None => words(document, &[time.span]),
    });
    let statement = event.asserted_by.and_then(|id| document.statements.get(id));
    let says = statement.map_or_else(String::new, |statement| {
        let speakers = super::speakers(document, statement);
        let who = if speakers.is_empty() { words(document, &statement.source) } else { names(&speakers) };
        if who.is_empty() { format!("[{}]", statement.id + 1) } else { format!("[{}] {who}", statement.id + 1) }
    });
    let kind = visible(&event.kind).to_lowercase();
    let place = event.place.as_ref().map_or_else(String::new, |place| visible(&place.name).into_owned());
    Row { day, what: format!("{kind}: {}", words(document, &event.trigger)), who, place, says }
}
