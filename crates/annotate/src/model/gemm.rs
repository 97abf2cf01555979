//! Linear layers: products of rows of numbers with a matrix of weights that was laid out for it once.
//!
//! A tile of the result (some rows by some panels of sixteen columns) stays in registers while the inputs go by.
//! Every number of the result is its start plus its products in the order of the inputs, whatever else is computed
//! beside it: a row's result never depends on the other rows.

use super::wide::{self, Work, multiply_add};

/// Columns of a panel; buffers of results are as wide as a multiple of it.
pub(super) const LANES: usize = 16;
/// Rows of a tile: 6 × 16 sums fill twelve of the sixteen registers of AVX2.
const ROWS: usize = 6;
/// Tiles of rows that a panel is kept in the nearest cache for.
const TILES: usize = 8;

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
        for (output, row) in weights.chunks_exact(inputs).enumerate() {
            let (panel, lane) = (output / LANES, output % LANES);
            for (input, &weight) in row.iter().enumerate() {
                panels[(panel * inputs + input) * LANES + lane] = weight;
            }
        }
        let mut bias = bias.to_vec();
        bias.resize(width, 0.0);
        Linear { inputs, width, panels, bias }
    }

    /// Numbers from one row of results to the next: the outputs, and zeros up to a multiple of [`LANES`].
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Replaces `results` by the layer's outputs for the rows of `x`.
    pub(super) fn apply(&self, x: &[f32], results: &mut Vec<f32>) {
        let rows: Vec<usize> = (0..x.len() / self.inputs).collect();
        results.clear();
        for _ in &rows {
            results.extend_from_slice(&self.bias);
        }
        self.add(x, &rows, results);
    }

    /// Adds the products, without bias, of row `k` of `x` to row `rows[k]` of `results`.
    pub(super) fn add(&self, x: &[f32], rows: &[usize], results: &mut [f32]) {
        assert_eq!(x.len(), rows.len() * self.inputs, "a row of inputs for each row of results");
        wide::run(Product { layer: self, x, rows, results });
    }
}

struct Product<'a> {
    layer: &'a Linear,
    x: &'a [f32],
    rows: &'a [usize],
    results: &'a mut [f32],
}

impl Work for Product<'_> {
    #[inline(always)]
    fn run<const FUSED: bool>(self) {
        let Product { layer, x, rows, results } = self;
        let inputs = layer.inputs;
        let mut packed = vec![0.0; inputs * rows.len().min(ROWS * TILES)];
        for (x, rows) in x.chunks(inputs * ROWS * TILES).zip(rows.chunks(ROWS * TILES)) {
            pack(x, inputs, &mut packed);
            let (tiles, rest) = rows.as_chunks::<ROWS>();
            for panel in 0..layer.width / LANES {
                for (tile_rows, a) in tiles.iter().zip(packed.chunks_exact(inputs * ROWS)) {
                    tile::<ROWS, 1, FUSED>(layer, a, panel, tile_rows, results);
                }
            }
            let a = &packed[inputs * ROWS * tiles.len()..];
            // Few rows: several panels at once, so that there are sums enough to keep the multipliers busy.
            match rest.len() {
                1 => band::<1, 4, FUSED>(layer, a, rest, results),
                2 => band::<2, 2, FUSED>(layer, a, rest, results),
                3 => band::<3, 1, FUSED>(layer, a, rest, results),
                4 => band::<4, 1, FUSED>(layer, a, rest, results),
                5 => band::<5, 1, FUSED>(layer, a, rest, results),
                _ => {}
            }
        }
    }
}

/// Rows of inputs, [`ROWS`] (at the end as many as there are) side by side, input by input.
#[inline(always)]
fn pack(x: &[f32], inputs: usize, packed: &mut [f32]) {
    for (x, packed) in x.chunks(inputs * ROWS).zip(packed.chunks_mut(inputs * ROWS)) {
        let n_rows = x.len() / inputs;
        for (row, x) in x.chunks_exact(inputs).enumerate() {
            for (&value, place) in x.iter().zip(packed[row..].iter_mut().step_by(n_rows)) {
                *place = value;
            }
        }
    }
}

/// All panels for `R` rows, `P` panels at a time.
#[inline(always)]
fn band<const R: usize, const P: usize, const FUSED: bool>(
    layer: &Linear,
    a: &[f32],
    rows: &[usize],
    results: &mut [f32],
) {
    let n_panels = layer.width / LANES;
    let rows: &[usize; R] = rows.try_into().expect("the caller counted the rows");
    let mut panel = 0;
    while panel + P <= n_panels {
        tile::<R, P, FUSED>(layer, a, panel, rows, results);
        panel += P;
    }
    while panel < n_panels {
        tile::<R, 1, FUSED>(layer, a, panel, rows, results);
        panel += 1;
    }
}

/// Adds the products of `R` rows with `P` panels to the results.
#[inline(always)]
fn tile<const R: usize, const P: usize, const FUSED: bool>(
    layer: &Linear,
    a: &[f32],
    panel: usize,
    rows: &[usize; R],
    results: &mut [f32],
) {
    let inputs = layer.inputs;
    let a = &a.as_chunks::<R>().0[..inputs];
    let panels: [&[[f32; LANES]]; P] = std::array::from_fn(|p| {
        let start = (panel + p) * inputs * LANES;
        &layer.panels[start..start + inputs * LANES].as_chunks::<LANES>().0[..inputs]
    });
    let mut sums = [[[0.0; LANES]; P]; R];
    for r in 0..R {
        let start = rows[r] * layer.width + panel * LANES;
        for (p, places) in results[start..start + P * LANES].as_chunks::<LANES>().0.iter().enumerate() {
            sums[r][p] = *places;
        }
    }
    for input in 0..inputs {
        for r in 0..R {
            for p in 0..P {
                for lane in 0..LANES {
                    sums[r][p][lane] = multiply_add::<FUSED>(a[input][r], panels[p][input][lane], sums[r][p][lane]);
                }
            }
        }
    }
    for r in 0..R {
        let start = rows[r] * layer.width + panel * LANES;
        for (p, places) in results[start..start + P * LANES].as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
            *places = sums[r][p];
        }
    }
}
