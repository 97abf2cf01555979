//! One LSTM over several windows in one direction.
//!
//! The windows go in step, a token each at a time, so that the weights are fetched once a step for all of them; the
//! shorter ones drop out as they end.

use std::ops::Range;

use super::file::{File, ModelError};
use super::gemm::Linear;
use super::wide::{self, Work, sigmoid, tanh};

/// The parts of a step, in the order of their weights: input, forget, candidate, output.
const GATES: usize = 4;

#[derive(Debug)]
pub(super) struct Lstm {
    width: usize,
    /// From a token to the gates, with the biases of both.
    input: Linear,
    /// From the state before to the gates.
    state: Linear,
}

impl Lstm {
    pub(super) fn new(file: &File, name: &str, width: usize) -> Result<Self, ModelError> {
        let gates = GATES * width;
        let weights = |kind: &str| file.numbers(&format!("{name}.weight_{kind}_l0"), &[gates, width]);
        let bias = |kind: &str| file.numbers(&format!("{name}.bias_{kind}_l0"), &[gates]);
        let both: Vec<f32> = bias("ih")?.iter().zip(bias("hh")?).map(|(a, b)| a + b).collect();
        let input = Linear::new(width, &weights("ih")?, &both);
        Ok(Lstm { width, input, state: Linear::new(width, &weights("hh")?, &vec![0.0; gates]) })
    }

    /// The state after each token; `windows` are ranges of tokens, whose rows in `x` are `width` numbers long.
    pub(super) fn run(&self, x: &[f32], windows: &[Range<usize>], backwards: bool) -> Vec<f32> {
        let mut gates = Vec::new();
        self.input.apply(x, &mut gates);
        let mut by_length: Vec<&Range<usize>> = windows.iter().filter(|window| !window.is_empty()).collect();
        by_length.sort_by_key(|window| std::cmp::Reverse(window.len()));
        let n_steps = by_length.first().map_or(0, |window| window.len());
        let mut states = vec![0.0; by_length.len() * self.width];
        let mut cells = states.clone();
        let mut out = vec![0.0; x.len()];
        let mut tokens = Vec::with_capacity(by_length.len());
        for step in 0..n_steps {
            tokens.clear();
            let going = by_length.iter().take_while(|window| window.len() > step);
            tokens.extend(going.map(|window| if backwards { window.end - 1 - step } else { window.start + step }));
            let n = tokens.len() * self.width;
            if step > 0 {
                self.state.add(&states[..n], &tokens, &mut gates);
            }
            let (states, cells) = (&mut states[..n], &mut cells[..n]);
            wide::run(Step { width: self.width, tokens: &tokens, gates: &gates, states, cells });
            for (&token, state) in tokens.iter().zip(states.chunks_exact(self.width)) {
                out[token * self.width..][..self.width].copy_from_slice(state);
            }
        }
        out
    }
}

/// The new cells and states of one step, from the sums of the gates.
struct Step<'a> {
    width: usize,
    tokens: &'a [usize],
    gates: &'a [f32],
    states: &'a mut [f32],
    cells: &'a mut [f32],
}

impl Work for Step<'_> {
    #[inline(always)]
    fn run<const FUSED: bool, const LONG: bool>(self) {
        let Step { width, tokens, gates, states, cells } = self;
        let rows = states.chunks_exact_mut(width).zip(cells.chunks_exact_mut(width));
        for (&token, (state, cell)) in tokens.iter().zip(rows) {
            let gates = &gates[token * GATES * width..][..GATES * width];
            let (input, forget) = gates[..2 * width].split_at(width);
            let (candidate, output) = gates[2 * width..].split_at(width);
            for k in 0..width {
                let kept = sigmoid(forget[k]) * cell[k] + sigmoid(input[k]) * tanh(candidate[k]);
                cell[k] = kept;
                state[k] = sigmoid(output[k]) * tanh(kept);
            }
        }
    }
}
