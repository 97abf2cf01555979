//! Layer norm, and sums in an order that vectors can keep.

use super::file::{File, ModelError};
use super::wide::{self, Work};

/// Brings each row to a mean of 0 and a variance of 1, then scales and shifts it.
#[derive(Debug)]
pub(super) struct Norm {
    scale: Vec<f32>,
    bias: Vec<f32>,
    /// Added to the variance.
    epsilon: f32,
}

impl Norm {
    pub(super) fn new(file: &File, name: &str, width: usize, epsilon: f32) -> Result<Self, ModelError> {
        let numbers = |kind: &str| file.numbers(&format!("{name}.{kind}"), &[width]);
        Ok(Norm { scale: numbers("weight")?, bias: numbers("bias")?, epsilon })
    }

    /// Norms each row of `x`, in place.
    pub(super) fn apply(&self, x: &mut [f32]) {
        wide::run(Rows { norm: self, x });
    }
}

struct Rows<'a> {
    norm: &'a Norm,
    x: &'a mut [f32],
}

impl Work for Rows<'_> {
    #[inline(always)]
    fn run<const FUSED: bool, const LONG: bool>(self) {
        let Norm { scale, bias, epsilon } = self.norm;
        let n = scale.len() as f32;
        for row in self.x.chunks_exact_mut(scale.len()) {
            let mean = sum(row, |x| x) / n;
            let variance = sum(row, |x| (x - mean) * (x - mean)) / n;
            let factor = 1.0 / (variance + epsilon).sqrt();
            for ((x, scale), bias) in row.iter_mut().zip(scale).zip(bias) {
                *x = (*x - mean) * factor * scale + bias;
            }
        }
    }
}

/// The sum over a row in eight sums side by side; rows are multiples of sixteen long.
#[inline(always)]
pub(super) fn sum(row: &[f32], of: impl Fn(f32) -> f32) -> f32 {
    let mut sums = [0.0; 8];
    for chunk in row.as_chunks::<8>().0 {
        for (sum, &x) in sums.iter_mut().zip(chunk) {
            *sum += of(x);
        }
    }
    sums.iter().sum()
}
