//! Goes through web archives and tells what is in them: `archive [--pages] FILES…`

use std::fs::File;
use std::io::Write;

use rapporteur_extract::warc::{Limits, Reader};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::stdout().lock();
    let show = std::env::args().any(|word| word == "--pages");
    for name in std::env::args().skip(1).filter(|word| word != "--pages") {
        let mut reader = Reader::new(File::open(&name)?, Limits::default())?;
        let mut n_bytes = 0;
        for item in reader.by_ref() {
            match item {
                Ok(page) => {
                    n_bytes += page.body.len();
                    if show {
                        let status = page.status.map(|status| status.to_string()).unwrap_or_default();
                        let (kind, date) =
                            (page.content_type.unwrap_or_default(), page.date.map(|date| date.to_string()));
                        let date = date.unwrap_or_default();
                        writeln!(
                            out,
                            "{}\t{}\t{date}\t{status}\t{kind}\t{} bytes\t{}\t{:?}",
                            page.number,
                            page.place,
                            page.body.len(),
                            page.url,
                            page.notes
                        )?;
                    }
                }
                Err(bad) => writeln!(out, "{name}: {bad}")?,
            }
        }
        let (from, to) = (reader.packed_position(), reader.position());
        writeln!(out, "{name}: {from} bytes, unpacked {to}; bodies {n_bytes}; {:?}", reader.tally())?;
    }
    Ok(())
}
