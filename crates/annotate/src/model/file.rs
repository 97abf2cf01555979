//! The file that carries a model: checked in whole before anything of it is used.
//!
//! `RAPPREAD`, version and length of the header (32 bits each), sum of all that follows (64 bits), the header as JSON,
//! zeros up to a multiple of 64, the data. Numbers are little-endian. `training/export.py` writes it.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use super::features::FNV_START;
use super::gemm::Linear;

const MAGIC: &[u8; 8] = b"RAPPREAD";
/// The version of files that this engine reads.
const VERSION: u32 = 4;
/// Bytes before the header.
const FRONT: usize = 24;

/// Why bytes are no model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelError {
    /// They don't start as one.
    NotAModel,
    /// They are of another version than this engine reads.
    Version(u32),
    /// They end, or go on, where they shouldn't.
    Length {
        /// Bytes that there should be.
        told: usize,
        /// Bytes that there are.
        found: usize,
    },
    /// They are not the bytes that were written.
    Damaged,
    /// A part of them isn't what it should be.
    Part {
        /// Its name.
        name: String,
        /// What is wrong.
        reason: String,
    },
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ModelError::NotAModel => write!(f, "not a reading model: it doesn't start with RAPPREAD"),
            ModelError::Version(found) if *found < VERSION => {
                write!(f, "a reading model of version {found}, older than the version {VERSION} that is read here")
            }
            ModelError::Version(found) => {
                write!(f, "a reading model of version {found}; only version {VERSION} is read here")
            }
            ModelError::Length { told, found } => write!(f, "{found} bytes where the model has {told}"),
            ModelError::Damaged => write!(f, "damaged: its bytes don't add up to the sum that it carries"),
            ModelError::Part { name, reason } => write!(f, "{name}: {reason}"),
        }
    }
}

impl std::error::Error for ModelError {}

/// Something wrong with the part of that name.
pub(super) fn wrong(name: &str, reason: impl fmt::Display) -> ModelError {
    ModelError::Part { name: name.to_owned(), reason: reason.to_string() }
}

#[derive(Deserialize)]
pub(super) struct Header {
    pub(super) kind: String,
    pub(super) config: Config,
    pub(super) decode: Settings,
    taggers: BTreeMap<String, usize>,
    pub(super) names: Vec<String>,
    pub(super) nominals: Vec<String>,
    pub(super) acts: Vec<String>,
    pub(super) channels: Vec<String>,
    /// What of a cue is read in words beside source and content.
    pub(super) spans: Vec<String>,
    /// Distances from a cue, in tokens, at which the buckets of distance start.
    pub(super) distances: Vec<usize>,
    /// Tokens of a window at most.
    pub(super) window: usize,
    /// Tables of hashed word parts; the fast model's.
    #[serde(default)]
    pub(super) hashed: BTreeMap<String, Hashed>,
    /// Word pieces of a token at most; the accurate model's.
    #[serde(default)]
    pub(super) pieces_of_a_token: usize,
    data_bytes: usize,
    tensors: BTreeMap<String, Tensor>,
    tables: BTreeMap<String, Table>,
}

/// Sizes of a model; the first three are the fast one's.
#[derive(Deserialize)]
pub(super) struct Config {
    #[serde(default)]
    pub(super) width: usize,
    #[serde(default)]
    pub(super) hidden: usize,
    #[serde(default)]
    pub(super) dilations: Vec<usize>,
    pub(super) inner: usize,
    pub(super) dot: usize,
}

/// How numbers become statements; chosen with the weights.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Settings {
    /// Taken from the score of being no cue, so that doubtful cues are read too.
    pub(super) candidate_bias: f32,
    /// Confidence under which a statement is dropped.
    pub(super) threshold: f32,
    /// Mean probability of a content without cue from which it is kept.
    pub(super) orphan: f32,
    /// Share of the smaller of two contents that both may hold.
    pub(super) overlap: f32,
    /// Added to the scores of source tokens.
    pub(super) source_bias: f32,
    /// Added to the scores of content tokens.
    pub(super) content_bias: f32,
}

#[derive(Deserialize)]
pub(super) struct Hashed {
    pub(super) kind: u8,
    pub(super) rows: u32,
}

#[derive(Deserialize)]
struct Tensor {
    dtype: String,
    shape: Vec<usize>,
    at: usize,
    scales: Option<usize>,
}

#[derive(Deserialize)]
struct Table {
    at: usize,
    bytes: usize,
}

/// A table of rows of numbers, each row stored as bytes with one scale.
#[derive(Debug)]
pub(super) struct Rows {
    /// Numbers of a row.
    pub(super) width: usize,
    values: Vec<i8>,
    scales: Vec<f32>,
}

impl Rows {
    /// Appends a row to `out`.
    pub(super) fn append(&self, row: usize, out: &mut Vec<f32>) {
        let scale = self.scales[row];
        out.extend(self.values[row * self.width..][..self.width].iter().map(|&value| f32::from(value) * scale));
    }

    /// Adds a row to `sums`.
    pub(super) fn add(&self, row: usize, sums: &mut [f32]) {
        let scale = self.scales[row];
        let values = &self.values[row * self.width..][..self.width];
        sums.iter_mut().zip(values).for_each(|(sum, &value)| *sum += f32::from(value) * scale);
    }
}

/// A checked file.
pub(super) struct File<'b> {
    pub(super) header: Header,
    data: &'b [u8],
}

impl<'b> File<'b> {
    /// Checks magic, version, lengths and sum, and reads the header.
    pub(super) fn new(bytes: &'b [u8]) -> Result<Self, ModelError> {
        if !bytes.starts_with(MAGIC) {
            return Err(ModelError::NotAModel);
        }
        let front = bytes.first_chunk::<FRONT>().ok_or(ModelError::Length { told: FRONT, found: bytes.len() })?;
        let number = |at: usize| u32::from_le_bytes(front[at..at + 4].try_into().expect("four bytes"));
        if number(8) != VERSION {
            return Err(ModelError::Version(number(8)));
        }
        let header_end = FRONT + number(12) as usize;
        let start = header_end.next_multiple_of(64);
        if bytes.len() < start {
            return Err(ModelError::Length { told: start, found: bytes.len() });
        }
        let sum = u64::from_le_bytes(front[16..].try_into().expect("eight bytes"));
        let damaged = checksum(&bytes[FRONT..]) != sum;
        let header: Header = match serde_json::from_slice(&bytes[FRONT..header_end]) {
            Ok(header) => header,
            Err(_) if damaged => return Err(ModelError::Damaged),
            Err(error) => return Err(wrong("header", error)),
        };
        let told = start.saturating_add(header.data_bytes);
        if bytes.len() != told {
            return Err(ModelError::Length { told, found: bytes.len() });
        }
        if damaged {
            return Err(ModelError::Damaged);
        }
        Ok(File { header, data: &bytes[start..] })
    }

    /// Outputs of a tagger.
    pub(super) fn tagger(&self, name: &str) -> Result<usize, ModelError> {
        self.header.taggers.get(name).copied().ok_or_else(|| wrong("taggers", format_args!("no {name}")))
    }

    /// Numbers that must have this shape, as they are stored or from bytes and scales.
    pub(super) fn numbers(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, ModelError> {
        let tensor = self.tensor(name)?;
        if tensor.shape != shape {
            return Err(wrong(name, format_args!("is of shape {:?}, not {shape:?}", tensor.shape)));
        }
        if tensor.dtype != "i8" {
            return self.floats(name, tensor.at, size(shape));
        }
        let (bytes, scales) = self.bytes_and_scales(name)?;
        let mut numbers = Vec::with_capacity(bytes.len());
        for (row, scale) in bytes.chunks_exact(bytes.len().checked_div(scales.len()).unwrap_or(0).max(1)).zip(scales) {
            numbers.extend(row.iter().map(|byte| f32::from(byte.cast_signed()) * scale));
        }
        Ok(numbers)
    }

    /// A layer with a bias.
    pub(super) fn linear(&self, name: &str, inputs: usize, outputs: usize) -> Result<Linear, ModelError> {
        let weights = self.numbers(&format!("{name}.weight"), &[outputs, inputs])?;
        Ok(Linear::new(inputs, &weights, &self.numbers(&format!("{name}.bias"), &[outputs])?))
    }

    /// A convolution with a bias, as a layer over neighbours one after another.
    pub(super) fn convolution(
        &self,
        name: &str,
        inputs: usize,
        outputs: usize,
        places: usize,
    ) -> Result<Linear, ModelError> {
        // Stored output by input by place; laid out place by place, as the neighbours stand.
        let stored = self.numbers(&format!("{name}.weight"), &[outputs, inputs, places])?;
        let mut weights = Vec::with_capacity(stored.len());
        for output in stored.chunks_exact(places * inputs) {
            (0..places).for_each(|place| weights.extend(output.iter().skip(place).step_by(places)));
        }
        Ok(Linear::new(places * inputs, &weights, &self.numbers(&format!("{name}.bias"), &[outputs])?))
    }

    /// A table of that many rows; tensors of more dimensions have the first as their rows.
    pub(super) fn table(&self, name: &str, n_rows: usize) -> Result<Rows, ModelError> {
        let (bytes, scales) = self.bytes_and_scales(name)?;
        if scales.len() != n_rows {
            return Err(wrong(name, format_args!("has {} rows, not {n_rows}", scales.len())));
        }
        let width = bytes.len() / n_rows.max(1);
        Ok(Rows { width, values: bytes.iter().map(|byte| byte.cast_signed()).collect(), scales })
    }

    fn bytes_and_scales(&self, name: &str) -> Result<(&'b [u8], Vec<f32>), ModelError> {
        let tensor = self.tensor(name)?;
        let (Some(scales), "i8", [n_rows, ..]) = (tensor.scales, tensor.dtype.as_str(), tensor.shape.as_slice()) else {
            return Err(wrong(name, "is no table of bytes with scales"));
        };
        Ok((self.slice(name, tensor.at, size(&tensor.shape))?, self.floats(name, scales, *n_rows)?))
    }

    /// The lines of a text.
    pub(super) fn lines(&self, name: &str) -> Result<impl Iterator<Item = &'b str> + use<'b>, ModelError> {
        let table = self.header.tables.get(name).ok_or_else(|| wrong(name, "missing"))?;
        let text = std::str::from_utf8(self.slice(name, table.at, table.bytes)?);
        Ok(text.map_err(|error| wrong(name, error))?.split('\n'))
    }

    fn tensor(&self, name: &str) -> Result<&Tensor, ModelError> {
        self.header.tensors.get(name).ok_or_else(|| wrong(name, "missing"))
    }

    fn floats(&self, name: &str, at: usize, n: usize) -> Result<Vec<f32>, ModelError> {
        let bytes = self.slice(name, at, n.saturating_mul(4))?;
        let values: Vec<f32> = bytes.as_chunks().0.iter().map(|&chunk| f32::from_le_bytes(chunk)).collect();
        if values.iter().all(|value| value.is_finite()) {
            Ok(values)
        } else {
            Err(wrong(name, "has a number that is none"))
        }
    }

    fn slice(&self, name: &str, at: usize, n: usize) -> Result<&'b [u8], ModelError> {
        let end = at.checked_add(n).ok_or_else(|| wrong(name, "is too long"))?;
        self.data.get(at..end).ok_or_else(|| wrong(name, "lies outside of the data"))
    }
}

fn size(shape: &[usize]) -> usize {
    shape.iter().fold(1, |size, &n| size.saturating_mul(n))
}

/// FNV-1a taken over words of 64 bits, the last filled up with zeros, and turned after each product, so that high bits
/// come to count in low ones.
pub(super) fn checksum(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let step =
        |sum: u64, word: &[u8; 8]| (sum ^ u64::from_le_bytes(*word)).wrapping_mul(0x100_0000_01B3).rotate_left(29);
    let sum = words.iter().fold(FNV_START, step);
    if rest.is_empty() { sum } else { step(sum, &last) }
}
