//! Which places the names of an article were taken for, in one line below the table.

use rapporteur_record::{Document, Entity, EntityKind};

use super::print_paragraph;
use super::style::{Sheet, Style};

/// More places than this are only counted.
const MOST: usize = 8;

pub(super) fn print(document: &Document, width: usize, sheet: &mut Sheet) {
    let places: Vec<String> = document.entities.iter().filter_map(place).collect();
    if places.is_empty() {
        return;
    }
    let more = if places.len() > MOST { format!(" · and {} more", places.len() - MOST) } else { String::new() };
    let listed = places.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join(" · ");
    sheet.end_line();
    print_paragraph(&format!("On the map: {listed}{more}"), Style::DIM, width, sheet);
}

/// "Paris (US 33.66, -95.56)": country, degrees north, degrees east. States are where everybody knows.
fn place(entity: &Entity) -> Option<String> {
    let (lat, lon) = (entity.lat?, entity.lon?);
    let country = entity.country.as_deref().map_or(String::new(), |code| format!("{code} "));
    (entity.kind == EntityKind::Place).then(|| format!("{} ({country}{lat:.2}, {lon:.2})", entity.name))
}
