//! The table of places that is built in, read as it lies: `places/world.bin`, made by `training/places.py`, which tells
//! its layout. Names are looked up folded: small letters and digits, without marks and spaces.

use unicode_normalization::UnicodeNormalization;

const WORLD: &[u8] = include_bytes!("../../places/world.bin");
const VERSION: u32 = 1;
/// Names in a block; the first of each is written in full.
const BLOCK: usize = 16;
/// Bytes of a country, and of a place.
const COUNTRY: usize = 7;
const PLACE: usize = 8;

/// The places of the world and the names that lead to them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct World {
    countries: &'static [u8],
    /// Where each block of names begins, and the number of its first place.
    index: &'static [u8],
    names: &'static [u8],
    places: &'static [u8],
}

/// A place of the table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Place {
    /// Degrees north.
    pub(crate) lat: f64,
    /// Degrees east.
    pub(crate) lon: f64,
    pub(crate) kind: Kind,
    /// ISO 3166-1 alpha-2; none for a continent.
    pub(crate) country: Option<&'static str>,
    /// The binary logarithm of its people, at most 31.
    pub(crate) size: u8,
    /// The number of the region that it lies in, or is.
    pub(crate) region: Option<u16>,
    /// Whether the name is not the one that it goes by first.
    pub(crate) also: bool,
}

/// What a [`Place`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Country,
    /// Of the first level: a state, a province.
    Region,
    /// Of the second level: a county.
    District,
    City,
    /// Or a part of one.
    Continent,
}

impl World {
    /// The table that is built in.
    pub(crate) fn built_in() -> Self {
        Self::parse(WORLD).expect("the table that is built in is whole")
    }

    fn parse(bytes: &'static [u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(b"RAPPLACE")?;
        let mut take = |n: usize| {
            let (taken, after) = rest.split_at_checked(n)?;
            rest = after;
            Some(taken)
        };
        if number(take(4)?) != VERSION as usize {
            return None;
        }
        let header = number(take(4)?);
        take(header)?;
        let n_countries = number(take(4)?);
        let countries = take(n_countries * COUNTRY)?;
        let counts = take(12)?;
        let [_, n_blocks, names] = [0, 4, 8].map(|at| number(&counts[at..at + 4]));
        let index = take(n_blocks * 8)?;
        let names = take(names)?;
        let n_places = number(take(4)?);
        let places = take(n_places * PLACE)?;
        Some(World { countries, index, names, places })
    }

    /// The middle of the country of a code.
    pub(crate) fn country(&self, code: &str) -> Option<Place> {
        let row = self.countries.chunks_exact(COUNTRY).find(|row| &row[..2] == code.as_bytes())?;
        let (lat, lon) = point(&row[2..6]);
        let country = std::str::from_utf8(&row[..2]).ok();
        Some(Place { lat, lon, kind: Kind::Country, country, size: row[6], region: None, also: false })
    }

    /// The places of a folded name, those that go by it first before the others, the largest first in each.
    pub(crate) fn named(&self, key: &str) -> Vec<Place> {
        self.find(key.as_bytes()).unwrap_or_default()
    }

    fn find(&self, key: &[u8]) -> Option<Vec<Place>> {
        let n_blocks = self.index.len() / 8;
        let (mut low, mut high) = (0, n_blocks);
        while low < high {
            let middle = (low + high) / 2;
            if self.first_name(middle)? <= key { low = middle + 1 } else { high = middle }
        }
        let entry = &self.index[low.checked_sub(1)? * 8..][..8];
        let (mut at, mut first) = (number(&entry[..4]), number(&entry[4..]));
        let mut name = Vec::new();
        for _ in 0..BLOCK {
            let head = self.names.get(at..at + 2)?;
            let (shared, length) = (usize::from(head[0]), usize::from(head[1]));
            name.truncate(shared);
            name.extend_from_slice(self.names.get(at + 2..at + 2 + length)?);
            at += 2 + length;
            let counts = self.names.get(at..at + 2)?;
            let (own, also) = (usize::from(counts[0]), usize::from(counts[1]));
            let others = self.names.get(at + 2..at + 2 + 3 * also)?;
            if name == key {
                let own = (first..first + own).filter_map(|number| self.place(number, false));
                let others = others.chunks_exact(3).filter_map(|three| self.place(number(three), true));
                return Some(own.chain(others).collect());
            }
            at += 2 + 3 * also;
            first += own;
        }
        None
    }

    fn first_name(&self, block: usize) -> Option<&'static [u8]> {
        let at = number(self.index.get(block * 8..block * 8 + 4)?);
        let length = usize::from(*self.names.get(at + 1)?);
        self.names.get(at + 2..at + 2 + length)
    }

    fn place(&self, number: usize, also: bool) -> Option<Place> {
        let row = self.places.get(number * PLACE..(number + 1) * PLACE)?;
        let (lat, lon) = point(&row[..4]);
        let kind = match row[5] >> 5 {
            1 => Kind::Country,
            2 => Kind::Region,
            3 => Kind::District,
            4 => Kind::City,
            _ => Kind::Continent,
        };
        let country = self.countries.get(usize::from(row[4]) * COUNTRY..).and_then(|rest| rest.get(..2));
        let country = country.and_then(|code| std::str::from_utf8(code).ok());
        let region = u16::from_le_bytes([row[6], row[7]]);
        let region = (region != u16::MAX).then_some(region);
        Some(Place { lat, lon, kind, country, size: row[5] & 31, region, also })
    }
}

impl Place {
    /// How far it is to another, in kilometres.
    pub(crate) fn distance(&self, other: &Place) -> f64 {
        let [lat, other_lat] = [self.lat, other.lat].map(f64::to_radians);
        let half_lat = ((other_lat - lat) / 2.0).sin().powi(2);
        let half_lon = ((other.lon - self.lon).to_radians() / 2.0).sin().powi(2);
        2.0 * 6371.0 * (half_lat + lat.cos() * other_lat.cos() * half_lon).sqrt().min(1.0).asin()
    }
}

/// A name as the table has it.
pub(crate) fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for c in name.nfkd() {
        match c {
            'ß' => folded.push_str("ss"),
            'ø' | 'Ø' => folded.push('o'),
            'ł' | 'Ł' => folded.push('l'),
            'æ' | 'Æ' => folded.push_str("ae"),
            'đ' | 'Đ' => folded.push('d'),
            'ı' => folded.push('i'),
            _ if c.is_ascii_alphanumeric() => folded.push(c.to_ascii_lowercase()),
            _ => {}
        }
    }
    folded
}

/// A number of at most 32 bits, little-endian.
fn number(bytes: &[u8]) -> usize {
    bytes.iter().rev().fold(0, |number, &byte| number << 8 | usize::from(byte))
}

fn point(bytes: &[u8]) -> (f64, f64) {
    let hundredths = |at: usize, less: i32| f64::from(i32::from(u16::from_le_bytes([bytes[at], bytes[at + 1]])) - less);
    (hundredths(0, 9000) / 100.0, hundredths(2, 18000) / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leads_to_places_on_the_globe() {
        let world = World::built_in();
        let (mut n_names, mut n_own) = (0, 0);
        for block in 0..world.index.len() / 8 {
            let mut at = number(&world.index[block * 8..][..4]);
            let mut name = Vec::new();
            for _ in 0..BLOCK.min(world.names.len() - at) {
                if at >= world.names.len() {
                    break;
                }
                let (shared, length) = (usize::from(world.names[at]), usize::from(world.names[at + 1]));
                name.truncate(shared);
                name.extend_from_slice(&world.names[at + 2..][..length]);
                at += 2 + length;
                let (own, also) = (usize::from(world.names[at]), usize::from(world.names[at + 1]));
                let places = world.find(&name).unwrap();
                assert_eq!(places.len(), own + also, "{name:?}");
                let fits = |place: &Place| place.lat.abs() <= 90.0 && place.lon.abs() <= 180.0;
                assert!(places.iter().all(fits), "{name:?}");
                at += 2 + 3 * also;
                (n_names, n_own) = (n_names + 1, n_own + own);
            }
        }
        assert!(n_names > 80_000);
        assert_eq!(n_own * PLACE, world.places.len());
    }

    #[test]
    fn names_are_found_in_any_writing() {
        let world = World::built_in();
        let first = |name: &str| world.named(&fold(name)).first().copied();
        let at = |name: &str, lat: f64, lon: f64| {
            let place = first(name).unwrap_or_else(|| panic!("{name} is not there"));
            let there = Place { lat, lon, ..place };
            assert!(place.distance(&there) < 60.0, "{name}: {place:?}");
        };
        at("Kyiv", 50.45, 30.52);
        at("Brasília", -15.78, -47.93);
        at("Port au Prince", 18.54, -72.34);
        at("Malmö", 55.6, 13.0);
        at("bavaria", 48.9, 11.4);
        assert_eq!(first("Nowhere-on-Sea"), None);
        assert_eq!(first(""), None);
        assert_eq!(first("\u{10ffff}"), None);
    }

    #[test]
    fn a_country_is_found_by_its_code() {
        let world = World::built_in();
        assert_eq!(world.country("FR").and_then(|place| place.country), Some("FR"));
        assert_eq!(world.country("XX"), None);
        assert_eq!(world.country("Ukraine"), None);
    }
}
