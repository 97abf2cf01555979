//! How fast pages are read, in pages and megabytes per second of CPU on one thread.
//!
//! `speed FOLDER|FILE.jsonl…` takes all files of a folder, or the `html` (or `html_base64`) of each line of a file, into
//! memory, reads all three times over, and prints the best of the three: decoded and parsed only, and read to the end. The
//! system's count of the thread's time is taken (Linux), so that other programs disturb little.

use std::error::Error;
use std::hint::black_box;
use std::io::Write;
use std::path::Path;

use rapporteur_extract::{Page, article, n_nodes};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let mut pages = Vec::new();
    for path in std::env::args().skip(1) {
        take(Path::new(&path), &mut pages)?;
    }
    let n_bytes: usize = pages.iter().map(Vec::len).sum();
    let megabytes = n_bytes as f64 / 1e6;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{} pages, {megabytes:.1} MB", pages.len())?;
    // Tables are made at the first page.
    black_box(article(&Page { bytes: b"<p>One sentence.", ..Page::default() })?);
    let mut report = |what: &str, seconds: f64| {
        let pages = pages.len() as f64;
        writeln!(out, "{what:8} {seconds:.3} s, {:.0} pages/s, {:.0} MB/s", pages / seconds, megabytes / seconds)
    };
    let each = |read: &dyn Fn(&[u8])| best_of_three(|| pages.iter().for_each(|bytes| read(bytes)));
    report(
        "parsed",
        each(&|bytes| {
            black_box(n_nodes(bytes));
        })?,
    )?;
    report("articles", each(&|bytes| drop(black_box(article(&Page { bytes, ..Page::default() }))))?)?;
    Ok(())
}

fn take(path: &Path, pages: &mut Vec<Vec<u8>>) -> Result<()> {
    if path.is_dir() {
        let mut files: Vec<_> = std::fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
        files.sort();
        for file in files.iter().filter(|file| file.is_file()) {
            pages.push(std::fs::read(file)?);
        }
        return Ok(());
    }
    for line in std::fs::read_to_string(path)?.lines() {
        let page: serde_json::Value = serde_json::from_str(line)?;
        match (page["html"].as_str(), page["html_base64"].as_str()) {
            (Some(html), _) => pages.push(html.as_bytes().to_vec()),
            (_, Some(base64)) => pages.push(decoded(base64)),
            _ => return Err(format!("{}: a line has neither html nor html_base64", path.display()).into()),
        }
    }
    Ok(())
}

fn decoded(base64: &str) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut out, mut bits, mut n_bits) = (Vec::new(), 0_u32, 0);
    for value in base64.bytes().filter_map(|byte| LETTERS.iter().position(|&letter| letter == byte)) {
        (bits, n_bits) = (bits << 6 | value as u32, n_bits + 6);
        if n_bits >= 8 {
            n_bits -= 8;
            out.push((bits >> n_bits) as u8);
        }
    }
    out
}

/// Seconds of CPU of the quickest of three runs.
fn best_of_three(run: impl Fn()) -> Result<f64> {
    let mut best = f64::INFINITY;
    for _ in 0..3 {
        let start = cpu_seconds()?;
        run();
        best = best.min(cpu_seconds()? - start);
    }
    Ok(best)
}

fn cpu_seconds() -> Result<f64> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds: f64 = stat.split(' ').next().ok_or("schedstat is empty")?.parse()?;
    Ok(nanoseconds / 1e9)
}
