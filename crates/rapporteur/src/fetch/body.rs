//! The bytes of a page from the body of an answer: unpacked, whole, and not more than a limit.

use std::io::{self, BufRead, BufReader, Read};

use rapporteur_extract::compression::Deflated;

use super::error::Reason;
use super::wire::Incoming;

/// How many bytes are unpacked at a time.
const STEP: usize = 64 << 10;

/// How a body is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Packing {
    None,
    Gzip,
    Deflate,
    Brotli,
}

impl Packing {
    /// By the header `Content-Encoding`. One packing within another is refused.
    fn named(header: Option<&str>) -> Result<Self, Reason> {
        let name = header.unwrap_or_default().trim().to_ascii_lowercase();
        match name.as_str() {
            "" | "identity" | "utf-8" => Ok(Packing::None),
            "gzip" | "x-gzip" => Ok(Packing::Gzip),
            "deflate" => Ok(Packing::Deflate),
            "br" => Ok(Packing::Brotli),
            _ => Err(Reason::Packing(name)),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Packing::None => "plain",
            Packing::Gzip => "gzip",
            Packing::Deflate => "deflate",
            Packing::Brotli => "brotli",
        }
    }
}

/// Reads all of `body` and unpacks it. At most `limit` bytes, as sent and as unpacked.
pub(super) fn read(body: Incoming, packing: Option<&str>, limit: u64) -> Result<Vec<u8>, Reason> {
    let packing = Packing::named(packing)?;
    let mut sent = BufReader::with_capacity(STEP, Sent { body, left: limit, failed: None, limit });
    match unpacked(&mut sent, packing, limit) {
        Ok(bytes) => Ok(bytes),
        // The network's error is the reason, and what the decoder makes of it is not.
        Err(failed) => Err(sent.into_inner().failed.unwrap_or(match failed {
            Failed::TooLong => Reason::TooLong(limit),
            Failed::Broken(_) => Reason::Unpack(packing.name()),
        })),
    }
}

/// Why unpacking ended early.
enum Failed {
    TooLong,
    Broken(#[expect(dead_code, reason = "decoders say little, and `Sent` keeps what the network said")] io::Error),
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        Failed::Broken(error)
    }
}

/// The body as sent. It ends with an error when it is longer than the limit or cut; the reason is kept.
struct Sent {
    body: Incoming,
    left: u64,
    limit: u64,
    failed: Option<Reason>,
}

impl Read for Sent {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.body.read(buffer) {
            Ok(n) if n as u64 > self.left => {
                self.failed = Some(Reason::TooLong(self.limit));
                Err(io::Error::other("too long"))
            }
            Ok(n) => {
                self.left -= n as u64;
                Ok(n)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => {
                self.failed = Some(self.body.reason(error));
                Err(io::Error::other("broken"))
            }
        }
    }
}

fn unpacked(sent: &mut impl BufRead, packing: Packing, limit: u64) -> Result<Vec<u8>, Failed> {
    let mut out = Vec::new();
    match packing {
        Packing::None => append(sent, &mut out, limit)?,
        Packing::Brotli => append(brotli_decompressor::Decompressor::new(sent, STEP), &mut out, limit)?,
        Packing::Deflate => append(Deflated::new(sent), &mut out, limit)?,
        Packing::Gzip => {
            // Several members may follow one another; what is no further member is padding.
            loop {
                append(flate2::bufread::GzDecoder::new(&mut *sent), &mut out, limit)?;
                if sent.fill_buf()?.first() != Some(&0x1f) {
                    break;
                }
            }
        }
    }
    Ok(out)
}

/// Appends all that `from` gives.
fn append(from: impl Read, out: &mut Vec<u8>, limit: u64) -> Result<(), Failed> {
    let room = limit.saturating_sub(out.len() as u64);
    let n = from.take(room.saturating_add(1)).read_to_end(out)?;
    if n as u64 > room { Err(Failed::TooLong) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    const LIMIT: u64 = 1 << 20;

    fn text() -> Vec<u8> {
        (0..20_000_u32).flat_map(|n| format!("{} said no. ", n.wrapping_mul(2_654_435_761)).into_bytes()).collect()
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn raw(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn read(packed: &[u8], packing: Packing) -> Option<Vec<u8>> {
        unpacked(&mut BufReader::with_capacity(1000, packed), packing, LIMIT).ok()
    }

    #[test]
    fn what_was_packed_comes_back() {
        let text = text();
        assert_eq!(read(&gzip(&text), Packing::Gzip), Some(text.clone()));
        assert_eq!(read(&zlib(&text), Packing::Deflate), Some(text.clone()));
        assert_eq!(read(&raw(&text), Packing::Deflate), Some(text.clone()));
        assert_eq!(read(&text, Packing::None), Some(text));
        assert_eq!(read(&gzip(b""), Packing::Gzip), Some(Vec::new()));
    }

    #[test]
    fn gzip_members_follow_one_another_and_padding_is_dropped() {
        let mut packed = [gzip(b"one "), gzip(b"two")].concat();
        assert_eq!(read(&packed, Packing::Gzip).unwrap(), b"one two");
        packed.extend([0; 100]);
        assert_eq!(read(&packed, Packing::Gzip).unwrap(), b"one two");
    }

    /// Whatever is missing, half of a page is none.
    #[test]
    fn what_was_cut_is_refused() {
        let text = text();
        for (packed, packing) in
            [(gzip(&text), Packing::Gzip), (zlib(&text), Packing::Deflate), (raw(&text), Packing::Deflate)]
        {
            for n_missing in [1, 2, 5, 9, 100, packed.len() / 2, packed.len() - 1, packed.len()] {
                assert_eq!(read(&packed[..packed.len() - n_missing], packing), None, "{packing:?} {n_missing}");
            }
        }
    }

    #[test]
    fn brotli_is_unpacked_and_its_cut_form_refused() {
        // "The road is open, she said." and a newline, in a form that can be written by hand.
        let packed = BROTLI;
        assert_eq!(read(packed, Packing::Brotli).unwrap(), b"The road is open, she said.\n");
        for n in 0..packed.len() {
            assert_eq!(read(&packed[..n], Packing::Brotli), None, "{n}");
        }
    }

    /// Stored, not compressed: a header, the length, the bytes, and an empty last block.
    const BROTLI: &[u8] = b"\x8b\x0d\x80The road is open, she said.\n\x03";

    #[test]
    fn bombs_go_off_at_the_limit() {
        let zeros = vec![0; LIMIT as usize + 1];
        for (packed, packing) in [(gzip(&zeros), Packing::Gzip), (zlib(&zeros), Packing::Deflate)] {
            let got = unpacked(&mut &packed[..], packing, LIMIT);
            assert!(matches!(got, Err(Failed::TooLong)), "{packing:?}");
            assert!(unpacked(&mut &packed[..], packing, LIMIT + 1).is_ok(), "{packing:?}");
        }
    }

    #[test]
    fn packings_have_names_and_are_not_nested() {
        assert_eq!(Packing::named(None), Ok(Packing::None));
        assert_eq!(Packing::named(Some(" GZip ")), Ok(Packing::Gzip));
        for unknown in ["gzip, br", "gzip,gzip", "zstd", "compress", "dcb"] {
            assert_eq!(Packing::named(Some(unknown)), Err(Reason::Packing(unknown.into())));
        }
    }
}
