//! Our own example pages, and seeds of the fuzzer, spoilt in some hundred ways: what must hold for any bytes holds for
//! them. The same ways each time; the fuzzer itself finds others (`fuzz/README.md`).

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

#[path = "../../../fuzz/checks.rs"]
mod checks;

/// So many times each file is spoilt, at most; a slow machine stops earlier.
const ROUNDS: u64 = 60;
const LONGEST: Duration = Duration::from_secs(8);

/// Numbers that look like chance and are the same on each machine (splitmix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }
}

/// One change: a byte, a cut, a repetition, a piece of something else.
fn spoil(bytes: &mut Vec<u8>, pieces: &[Vec<u8>], chance: &mut Chance) {
    let at = chance.below(bytes.len());
    let end = (at + 1 + chance.below(60)).min(bytes.len());
    match chance.below(6) {
        0 if !bytes.is_empty() => bytes[at] = chance.next() as u8,
        1 => drop(bytes.drain(at..end)),
        2 => bytes.truncate(at),
        3 => {
            let piece = bytes[at..end].repeat(1 + chance.below(40));
            bytes.splice(at..at, piece);
        }
        4 => {
            let other = chance.below(bytes.len());
            let piece = bytes[at..end].to_vec();
            bytes.splice(other..other, piece);
        }
        _ => {
            let piece = pieces[chance.below(pieces.len())].clone();
            bytes.splice(at..at, piece);
        }
    }
}

/// The words of a dictionary of the fuzzer, one in a line: `"<p class=\"x\">\xc2\xa0"`.
fn dictionary(path: &Path) -> Vec<Vec<u8>> {
    let text = fs::read_to_string(path).unwrap();
    let words = text.lines().filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'));
    words.map(|word| unescaped(word.as_bytes())).collect()
}

fn unescaped(word: &[u8]) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).unwrap() as u8;
    let (mut out, mut rest) = (Vec::new(), word);
    while let [first, after @ ..] = rest {
        let (byte, after) = match (first, after) {
            (b'\\', [b'x', high, low, after @ ..]) => (digit(*high) << 4 | digit(*low), after),
            (b'\\', [escaped, after @ ..]) => (*escaped, after),
            _ => (*first, after),
        };
        out.push(byte);
        rest = after;
    }
    out
}

fn files(folders: &[PathBuf]) -> Vec<Vec<u8>> {
    let mut paths: Vec<PathBuf> = folders
        .iter()
        .flat_map(|folder| fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect();
    paths.sort();
    paths.into_iter().map(|path| fs::read(path).unwrap()).collect()
}

fn check(seeds: &[PathBuf], words: &str, holds: fn(&[u8])) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let seeds = files(&seeds.iter().map(|seed| root.join(seed)).collect::<Vec<_>>());
    let words = dictionary(&root.join("fuzz").join(words));
    assert!(!seeds.is_empty() && !words.is_empty());
    seeds.iter().for_each(|seed| holds(seed));
    let start = Instant::now();
    for round in 0..ROUNDS {
        for (number, seed) in seeds.iter().enumerate() {
            if start.elapsed() > LONGEST {
                return;
            }
            let mut chance = Chance(round << 32 | number as u64);
            let mut bytes = seed.clone();
            for _ in 0..=chance.below(8) {
                spoil(&mut bytes, &words, &mut chance);
            }
            holds(&bytes);
        }
    }
}

#[test]
fn spoilt_pages_are_read_or_refused() {
    check(&["examples".into(), "fuzz/seeds/page".into()], "html.dict", checks::page);
}

#[test]
fn spoilt_texts_come_back_as_they_are() {
    check(&["examples/gold".into(), "fuzz/seeds/text".into()], "text.dict", checks::text);
}
