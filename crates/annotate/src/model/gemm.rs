//! Linear layers: products of rows of numbers with a matrix of weights that was laid out for it once.
//!
//! A tile of the result (some rows by some panels of sixteen columns) stays in registers while the inputs go by.
//! Every number of the result is its start plus its products in the order of the inputs, whatever else is computed
//! beside it: a row's result never depends on the other rows, nor on the shape of the tile.

use super::wide::{self, Work, multiply_add};

/// Columns of a panel; buffers of results are as wide as a multiple of it.
pub(super) const LANES: usize = 16;
/// Rows of a tile: 6 × 16 sums fill twelve of the sixteen registers of AVX2, 6 × 32 as many of AVX-512's.
const ROWS: usize = 6;
/// Tiles of rows that a panel is kept in the nearest cache for.
const TILES: usize = 16;

/// `y = w·x + b` for rows `x`.
#[derive(Debug)]
pub(super) struct Linear {
    inputs: usize,
    width: usize,
    /// Panel by panel, in each input by input, for each the weights of sixteen outputs.
    panels: Vec<f32>,
    bias: Vec<f32>,
}

impl Linear {
    /// A layer from its weights, a row for each output, and its bias; both may be of several layers, one after another.
    pub(super) fn new(inputs: usize, weights: &[f32], bias: &[f32]) -> Self {
        let outputs = bias.len();
        assert_eq!(weights.len(), inputs * outputs, "a row of weights for each output");
        let width = outputs.next_multiple_of(LANES);
        let mut panels = vec![0.0; inputs * width];
        for (panel, rows) in panels.chunks_exact_mut(inputs * LANES).zip(weights.chunks(inputs * LANES)) {
            for (lane, row) in rows.chunks_exact(inputs).enumerate() {
                panel.as_chunks_mut::<LANES>().0.iter_mut().zip(row).for_each(|(place, &weight)| place[lane] = weight);
            }
        }
        let mut bias = bias.to_vec();
        bias.resize(width, 0.0);
        Linear { inputs, width, panels, bias }
    }

    /// A layer without bias from its weights input by input, `outputs` (a multiple of [`LANES`]) numbers for each.
    pub(super) fn by_inputs(outputs: usize, weights: &[f32]) -> Self {
        assert!(outputs.is_multiple_of(LANES), "whole panels of outputs");
        let mut panels = Vec::with_capacity(weights.len());
        for panel in 0..outputs / LANES {
            let of_panel = weights.chunks_exact(outputs).map(|row| &row[panel * LANES..][..LANES]);
            of_panel.for_each(|weights| panels.extend_from_slice(weights));
        }
        Linear { inputs: weights.len() / outputs, width: outputs, panels, bias: vec![0.0; outputs] }
    }

    /// Numbers from one row of results to the next: the outputs, and zeros up to a multiple of [`LANES`].
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Replaces `results` by the layer's outputs for the rows of `x`.
    pub(super) fn apply(&self, x: &[f32], results: &mut Vec<f32>) {
        self.apply_every(self.inputs, x, results);
    }

    /// The same for rows that start every `stride` numbers, so that they may share numbers with the next.
    pub(super) fn apply_every(&self, stride: usize, x: &[f32], results: &mut Vec<f32>) {
        let n_rows = if x.len() < self.inputs { 0 } else { (x.len() - self.inputs) / stride + 1 };
        let rows: Vec<usize> = (0..n_rows).collect();
        results.clear();
        for _ in &rows {
            results.extend_from_slice(&self.bias);
        }
        wide::run(Product { layer: self, x, stride, rows: &rows, results });
    }

    /// Adds the products, without bias, of row `k` of `x` to row `rows[k]` of `results`.
    pub(super) fn add(&self, x: &[f32], rows: &[usize], results: &mut [f32]) {
        assert_eq!(x.len(), rows.len() * self.inputs, "a row of inputs for each row of results");
        wide::run(Product { layer: self, x, stride: self.inputs, rows, results });
    }
}

struct Product<'a> {
    layer: &'a Linear,
    x: &'a [f32],
    stride: usize,
    rows: &'a [usize],
    results: &'a mut [f32],
}

impl Work for Product<'_> {
    // Loops, no closures: these would be functions of their own, and not compiled for the processor of the caller.
    #[inline(always)]
    fn run<const FUSED: bool, const LONG: bool>(mut self) {
        let n_panels = self.layer.width / LANES;
        for first in (0..self.rows.len()).step_by(ROWS * TILES) {
            let end = self.rows.len().min(first + ROWS * TILES);
            let rest = first + (end - first) / ROWS * ROWS;
            let mut panel = 0;
            while LONG && panel + 2 <= n_panels {
                for row in (first..rest).step_by(ROWS) {
                    self.tile::<ROWS, 2, FUSED>(row, panel);
                }
                panel += 2;
            }
            while panel < n_panels {
                for row in (first..rest).step_by(ROWS) {
                    self.tile::<ROWS, 1, FUSED>(row, panel);
                }
                panel += 1;
            }
            // Few rows: several panels at once, so that there are sums enough to keep the multipliers busy.
            match end - rest {
                1 => self.band::<1, 4, FUSED>(rest),
                2 => self.band::<2, 2, FUSED>(rest),
                3 if LONG => self.band::<3, 4, FUSED>(rest),
                4 if LONG => self.band::<4, 2, FUSED>(rest),
                5 if LONG => self.band::<5, 2, FUSED>(rest),
                3 => self.band::<3, 1, FUSED>(rest),
                4 => self.band::<4, 1, FUSED>(rest),
                5 => self.band::<5, 1, FUSED>(rest),
                _ => {}
            }
        }
    }
}

impl Product<'_> {
    /// All panels for `R` rows, `P` panels at a time.
    #[inline(always)]
    fn band<const R: usize, const P: usize, const FUSED: bool>(&mut self, first: usize) {
        let n_panels = self.layer.width / LANES;
        let mut panel = 0;
        while panel + P <= n_panels {
            self.tile::<R, P, FUSED>(first, panel);
            panel += P;
        }
        while panel < n_panels {
            self.tile::<R, 1, FUSED>(first, panel);
            panel += 1;
        }
    }

    /// Adds the products of `R` rows with `P` panels to the results.
    #[inline(always)]
    fn tile<const R: usize, const P: usize, const FUSED: bool>(&mut self, first: usize, panel: usize) {
        let Linear { inputs, width, ref panels, .. } = *self.layer;
        let rows: [usize; R] = std::array::from_fn(|r| self.rows[first + r]);
        let x: [&[f32]; R] = std::array::from_fn(|r| &self.x[(first + r) * self.stride..][..inputs]);
        let panels: [&[[f32; LANES]]; P] = std::array::from_fn(|p| {
            &panels[(panel + p) * inputs * LANES..][..inputs * LANES].as_chunks::<LANES>().0[..inputs]
        });
        let mut sums = [[[0.0; LANES]; P]; R];
        for r in 0..R {
            let start = rows[r] * width + panel * LANES;
            for (p, places) in self.results[start..start + P * LANES].as_chunks::<LANES>().0.iter().enumerate() {
                sums[r][p] = *places;
            }
        }
        for input in 0..inputs {
            // Written out, for the compiler stops short of it: all sums must be in registers.
            macro_rules! products {
                ($($r:literal)*) => {$(
                    if $r < R {
                        let a = x[$r][input];
                        for p in 0..P {
                            let (b, sums) = (&panels[p][input], &mut sums[$r][p]);
                            for lane in 0..LANES {
                                sums[lane] = multiply_add::<FUSED>(a, b[lane], sums[lane]);
                            }
                        }
                    }
                )*};
            }
            products!(0 1 2 3 4 5 6 7);
        }
        for r in 0..R {
            let start = rows[r] * width + panel * LANES;
            for (p, places) in self.results[start..start + P * LANES].as_chunks_mut::<LANES>().0.iter_mut().enumerate()
            {
                *places = sums[r][p];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(n: usize) -> Vec<f32> {
        (0..n).map(|k| ((k * 37 + 11) % 101) as f32 / 50.0 - 1.0).collect()
    }

    #[test]
    fn shapes_of_tiles_change_nothing() {
        for (inputs, outputs) in [(5, 3), (64, 80), (7, 33)] {
            let layer = Linear::new(inputs, &values(inputs * outputs), &values(outputs));
            let x = values(inputs * 137);
            let mut all = Vec::new();
            layer.apply(&x, &mut all);
            for n in 1..14 {
                for (x, told) in x.chunks(inputs * n).zip(all.chunks(layer.width() * n)) {
                    let mut found = Vec::new();
                    layer.apply(x, &mut found);
                    assert_eq!(found, told, "{inputs} inputs, {outputs} outputs, {n} rows");
                }
            }
            let product = |long: bool| {
                let rows: Vec<usize> = (0..137).collect();
                let mut results = vec![0.5; all.len()];
                let work = Product { layer: &layer, x: &x, stride: inputs, rows: &rows, results: &mut results };
                if long {
                    work.run::<true, true>()
                } else {
                    work.run::<true, false>()
                }
                results
            };
            assert_eq!(product(true), product(false), "{inputs} inputs, {outputs} outputs");
        }
    }

    #[test]
    fn layers_by_inputs_and_over_shared_rows() {
        let (inputs, outputs) = (6, 32);
        let weights = values(inputs * outputs);
        let turned: Vec<f32> = (0..inputs * outputs).map(|k| weights[k % outputs * inputs + k / outputs]).collect();
        let (one, other) = (Linear::new(inputs, &weights, &[0.0; 32]), Linear::by_inputs(outputs, &turned));
        let x = values(30);
        let (mut a, mut b) = (Vec::new(), Vec::new());
        one.apply(&x, &mut a);
        other.apply(&x, &mut b);
        assert_eq!(a, b);
        one.apply_every(2, &x, &mut a);
        let shared: Vec<f32> = (0..13).flat_map(|row| x[2 * row..][..inputs].to_vec()).collect();
        one.apply(&shared, &mut b);
        assert_eq!(a, b);
        one.apply_every(2, &x[..5], &mut a);
        assert!(a.is_empty());
    }
}
