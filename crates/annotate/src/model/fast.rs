//! The fast encoder: looked-up vectors of each token, two gated convolutions, two layers of LSTMs in both directions.
//!
//! Several windows are encoded together, one after another in every buffer; none sees anything of another.

use std::ops::Range;

use super::features::{N_HASHED, Row};
use super::file::{File, ModelError, Rows, wrong};
use super::gemm::{LANES, Linear};
use super::lstm::Lstm;
use super::norm::Norm;
use super::wide::{self, Work, sigmoid};

/// The hashed tables, in the order of their numbers in the input.
pub(super) const HASHED: [&str; N_HASHED] = ["word", "prefix", "suffix", "tail"];
const SMALL: [(&str, usize); 4] = [("shape", 8), ("cue", 8), ("quote", 6), ("start", 3)];
const EPSILON: f32 = 1e-5;
/// Tokens that a convolution is computed for at once: what it gathers for them stays in the cache.
const BLOCK: usize = 96;

#[derive(Debug)]
pub(super) struct Fast {
    /// Static word vectors: two parts of each row, scaled apart.
    words: [Rows; 2],
    hashed: Vec<Rows>,
    small: Vec<Rows>,
    input: Linear,
    convolutions: Vec<Convolution>,
    /// Layer by layer, forwards and backwards.
    lstms: [[Lstm; 2]; 2],
    width: usize,
}

#[derive(Debug)]
struct Convolution {
    /// Tokens from the middle one to those before and after it.
    reach: usize,
    norm: Norm,
    layer: Linear,
}

impl Fast {
    pub(super) fn new(file: &File) -> Result<Self, ModelError> {
        let config = &file.header.config;
        let width = config.width;
        if config.hidden != width || width == 0 || !width.is_multiple_of(LANES) {
            return Err(wrong("config", format_args!("width {width} and hidden {} are not read here", config.hidden)));
        }
        let n_words = file.lines("static")?.count() + 1;
        let words = [file.table("static.glove.weight", n_words)?, file.table("static.minilm.weight", n_words)?];
        let mut hashed = Vec::new();
        for name in HASHED {
            let rows = file.header.hashed.get(name).ok_or_else(|| wrong("hashed", format_args!("no {name}")))?.rows;
            hashed.push(file.table(&format!("encoder.hashed.{name}.weight"), rows as usize)?);
        }
        let small = SMALL.iter().map(|(name, n)| file.table(&format!("encoder.small.{name}.weight"), *n));
        let small = small.collect::<Result<Vec<_>, _>>()?;
        let total = words.iter().chain(&hashed).chain(&small).map(|rows| rows.width).sum();
        let input = file.linear("encoder.input", total, width)?;
        let convolution = |(number, &reach): (usize, &usize)| Convolution::new(file, number, reach, width);
        let convolutions = config.dilations.iter().enumerate().map(convolution).collect::<Result<_, _>>()?;
        let lstm = |direction: &str, layer: usize| Lstm::new(file, &format!("encoder.{direction}.{layer}"), width);
        let pair = |layer| Ok([lstm("forwards", layer)?, lstm("backwards", layer)?]);
        let lstms = [pair(0)?, pair(1)?];
        Ok(Fast { words, hashed, small, input, convolutions, lstms, width })
    }

    /// Numbers of a token that come out.
    pub(super) fn outputs(&self) -> usize {
        2 * self.width
    }

    /// Encodes windows: `windows` are ranges of `rows`, one after another from the first row to the last.
    pub(super) fn encode(&self, rows: &[Row], windows: &[Range<usize>]) -> Vec<f32> {
        let mut x = self.embed(rows);
        for convolution in &self.convolutions {
            convolution.add(&mut x, windows, self.width);
        }
        let forwards = self.lstms[0][0].run(&x, windows, false);
        let backwards = self.lstms[0][1].run(&x, windows, true);
        for ((x, f), b) in x.iter_mut().zip(&forwards).zip(&backwards) {
            *x += f + b;
        }
        let forwards = self.lstms[1][0].run(&x, windows, false);
        let backwards = self.lstms[1][1].run(&x, windows, true);
        let mut both = Vec::with_capacity(2 * x.len());
        for (f, b) in forwards.chunks_exact(self.width).zip(backwards.chunks_exact(self.width)) {
            both.extend_from_slice(f);
            both.extend_from_slice(b);
        }
        both
    }

    fn embed(&self, rows: &[Row]) -> Vec<f32> {
        let mut x = Vec::with_capacity(rows.len() * self.width);
        let (mut gathered, mut projected) = (Vec::new(), Vec::new());
        for rows in rows.chunks(BLOCK) {
            gathered.clear();
            for row in rows {
                self.words.iter().for_each(|table| table.append(row.word_vector as usize, &mut gathered));
                self.hashed.iter().zip(row.hashed).for_each(|(table, at)| table.append(at as usize, &mut gathered));
                let small = [row.shape, row.cue, row.quotation, row.start];
                self.small.iter().zip(small).for_each(|(table, at)| table.append(at.into(), &mut gathered));
            }
            self.input.apply(&gathered, &mut projected);
            x.extend_from_slice(&projected);
        }
        x
    }
}

impl Convolution {
    fn new(file: &File, number: usize, reach: usize, width: usize) -> Result<Self, ModelError> {
        let norm = Norm::new(file, &format!("encoder.norms.{number}"), width, EPSILON)?;
        let name = format!("encoder.convolutions.{number}");
        Ok(Convolution { reach, norm, layer: file.convolution(&name, width, 2 * width, 3)? })
    }

    /// Adds to each token what the convolution over its normed neighbours lets through.
    fn add(&self, x: &mut [f32], windows: &[Range<usize>], width: usize) {
        let mut normed = x.to_vec();
        self.norm.apply(&mut normed);
        let zeros = vec![0.0; width];
        let (mut gathered, mut outputs) = (Vec::new(), Vec::new());
        for window in windows {
            for start in window.clone().step_by(BLOCK) {
                let block = start..window.end.min(start + BLOCK);
                gathered.clear();
                for token in block.clone() {
                    let before = token.checked_sub(self.reach).filter(|&at| at >= window.start);
                    let after = Some(token + self.reach).filter(|&at| at < window.end);
                    for at in [before, Some(token), after] {
                        gathered.extend_from_slice(at.map_or(&zeros, |at| &normed[at * width..][..width]));
                    }
                }
                self.layer.apply(&gathered, &mut outputs);
                wide::run(Gate { outputs: &outputs, x: &mut x[block.start * width..block.end * width], width });
            }
        }
    }
}

/// Adds the first half of each row of outputs times the sigmoid of the second.
struct Gate<'a> {
    outputs: &'a [f32],
    x: &'a mut [f32],
    width: usize,
}

impl Work for Gate<'_> {
    #[inline(always)]
    fn run<const FUSED: bool, const LONG: bool>(self) {
        let Gate { outputs, x, width } = self;
        for (x, outputs) in x.chunks_exact_mut(width).zip(outputs.chunks_exact(2 * width)) {
            let (values, gates) = outputs.split_at(width);
            for ((x, value), &gate) in x.iter_mut().zip(values).zip(gates) {
                *x += value * sigmoid(gate);
            }
        }
    }
}
