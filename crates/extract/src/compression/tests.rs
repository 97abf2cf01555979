use std::io::Write;

use flate2::write::GzEncoder;
use proptest::prelude::*;

use super::*;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut writer = lzma_rust2::XzWriter::new(Vec::new(), lzma_rust2::XzOptions::default()).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn unpacked(packed: &[u8]) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    Inflater::new(packed, Limits::default())?.read_to_end(&mut out).map(|_| out)
}

/// Text that packs, but not to nothing.
fn text() -> Vec<u8> {
    (0..20_000).map(|n| format!("line {n} of {}\n", n * n % 977)).collect::<String>().into_bytes()
}

/// A stream that gives one byte at a time.
struct Slow<'a>(&'a [u8]);

impl Read for Slow<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.0.len().min(out.len()).min(1);
        out[..n].copy_from_slice(&self.0[..n]);
        self.0 = &self.0[n..];
        Ok(n)
    }
}

#[test]
fn every_packing_is_known_and_undone() {
    let text = text();
    for (packed, form) in [
        (text.clone(), Compression::None),
        (gzip(&text), Compression::Gzip),
        (zstd(&text), Compression::Zstd),
        (xz(&text), Compression::Xz),
    ] {
        assert_eq!(Compression::of(&packed), form);
        assert_eq!(unpacked(&packed).unwrap(), text, "{form:?}");
        let mut out = Vec::new();
        let mut slow = Inflater::new(Slow(&packed), Limits::default()).unwrap();
        slow.read_to_end(&mut out).unwrap();
        assert_eq!(out, text, "{form:?}");
        assert_eq!((slow.position(), slow.packed_position()), (text.len() as u64, packed.len() as u64), "{form:?}");
    }
}

#[test]
fn members_frames_and_streams_are_read_one_after_another() {
    let skippable = b"\x50\x2a\x4d\x18\x03\0\0\0abc";
    let zeros = [0; 700];
    assert_eq!(unpacked(&[gzip(b"one "), gzip(b""), gzip(b"two"), zeros.to_vec()].concat()).unwrap(), b"one two");
    assert_eq!(unpacked(&[&skippable[..], &zstd(b"one "), skippable, &zstd(b"two")].concat()).unwrap(), b"one two");
    assert_eq!(unpacked(&[xz(b"one "), xz(b"two")].concat()).unwrap(), b"one two");
}

#[test]
fn a_stream_that_is_cut_off_says_where() {
    let text = text();
    for packed in [gzip(&text), zstd(&text), xz(&text)] {
        let half = &packed[..packed.len() / 2];
        let error = unpacked(half).unwrap_err().to_string();
        assert!(error.ends_with(&format!("unexpected end at byte {}", half.len())), "{error}");
    }
}

#[test]
fn a_broken_stream_is_an_error_every_time_it_is_asked() {
    let mut packed = gzip(&text());
    let middle = packed.len() / 2;
    packed[middle..middle + 200].fill(0xff);
    let mut stream = Inflater::new(&packed[..], Limits::default()).unwrap();
    let first = stream.read_to_end(&mut Vec::new()).unwrap_err().to_string();
    assert!(first.starts_with("gzip: ") && first.contains(" at byte "), "{first}");
    assert_eq!(stream.read(&mut [0; 9]).unwrap_err().to_string(), first);
    for mut packed in [zstd(&text()), xz(&text())] {
        let middle = packed.len() / 2;
        packed[middle..middle + 200].fill(0xff);
        assert!(unpacked(&packed).unwrap_err().to_string().contains(" at byte "));
    }
    let junk = [gzip(b"a"), b"junk".to_vec()].concat();
    assert_eq!(unpacked(&junk).unwrap_err().to_string(), "gzip: bytes that are no gzip follow at byte 21");
}

#[test]
fn output_ends_at_its_limit() {
    let zeros = vec![0; 320 << 10];
    for packed in [zeros.clone(), gzip(&zeros), zstd(&zeros), xz(&zeros)] {
        let limits = |output| Limits { output, ..Limits::default() };
        let exact = Inflater::new(&packed[..], limits(320 << 10)).unwrap().read_to_end(&mut Vec::new());
        assert_eq!(exact.unwrap(), 320 << 10);
        let mut out = Vec::new();
        let error = Inflater::new(&packed[..], limits(64 << 10)).unwrap().read_to_end(&mut out).unwrap_err();
        assert!(error.to_string().contains("it unpacks to more than 65536 bytes"), "{error}");
        assert!(out.len() <= 64 << 10);
    }
}

#[test]
fn a_window_beyond_the_limit_is_refused() {
    let window = Limits { window: 1 << 16, ..Limits::default() };
    let packed = xz(&text());
    let error = Inflater::new(&packed[..], window).unwrap().read_to_end(&mut Vec::new()).unwrap_err();
    assert!(error.to_string().contains("memory"), "{error}");
    // A frame header that asks for 3.75 TiB.
    let frame = b"\x28\xb5\x2f\xfd\x00\xff\x01\0\0";
    assert!(unpacked(frame).unwrap_err().to_string().to_lowercase().contains("window"));
}

#[test]
fn a_hundred_thousand_members_of_nothing_are_nothing() {
    assert_eq!(unpacked(&gzip(b"").repeat(100_000)).unwrap(), b"");
}

proptest! {
    #[test]
    fn any_bytes_end(bytes: Vec<u8>, magic in 0usize..5) {
        let start: &[u8] = [&b""[..], b"\x1f\x8b\x08\0", b"\x28\xb5\x2f\xfd", b"\xfd7zXZ\0", b"\x50\x2a\x4d\x18"][magic];
        let limits = Limits { output: 1 << 20, window: 1 << 20 };
        let packed = [start, &bytes].concat();
        if let Ok(stream) = Inflater::new(&packed[..], limits) {
            let mut out = Vec::new();
            let _ = stream.take(1 << 21).read_to_end(&mut out);
            prop_assert!(out.len() <= 1 << 20);
        }
    }

    #[test]
    fn damaged_streams_end(at in 0usize..400, byte: u8, form in 0usize..3) {
        let text = &text()[..2000];
        let mut packed = vec![gzip(text), zstd(text), xz(text)].swap_remove(form);
        let at = at % packed.len();
        packed[at] = byte;
        let mut out = Vec::new();
        let stream = Inflater::new(&packed[..], Limits { output: 1 << 20, window: 16 << 20 });
        if let Ok(mut stream) = stream {
            let _ = stream.read_to_end(&mut out);
        }
    }
}
