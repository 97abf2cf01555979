//! The accurate encoder: MiniLM over word pieces, with what is known of a token added to its first piece.
//!
//! Several windows are encoded together, one after another in every buffer and without padding; a piece attends to
//! the pieces of its own window only.

use std::ops::Range;

use super::features::Row;
use super::file::{File, ModelError, Rows, wrong};
use super::gemm::{LANES, Linear};
use super::norm::Norm;
use super::pieces::{OfToken, PIECES, Pieces};
use super::wide::{self, Work, erf, exp};

/// Numbers of a piece.
const SIZE: usize = 384;
const HEADS: usize = 12;
/// Numbers of a piece for one head.
const HEAD: usize = SIZE / HEADS;
/// Numbers of a piece within a layer.
const INNER: usize = 1536;
const N_LAYERS: usize = 6;
/// Pieces of a window at most, those at its ends among them; what is beyond is not seen, and its tokens are given the
/// last one's numbers.
const LIMIT: usize = 512;
const SMALL: [(&str, usize); 4] = [("shape", 9), ("cue", 9), ("quote", 7), ("start", 4)];
const EPSILON: f32 = 1e-12;
/// Pieces that go through a layer at once after they have attended: what is made of them stays in the cache.
const BLOCK: usize = 96;

#[derive(Debug)]
pub(super) struct Accurate {
    pieces: Pieces,
    words: Rows,
    positions: Rows,
    small: Vec<Rows>,
    norm: Norm,
    layers: Vec<Layer>,
}

#[derive(Debug)]
struct Layer {
    /// Queries, keys and values of all heads.
    attended: Linear,
    out: Linear,
    norms: [Norm; 2],
    up: Linear,
    down: Linear,
}

impl Accurate {
    pub(super) fn new(file: &File) -> Result<Self, ModelError> {
        if file.header.pieces_of_a_token != PIECES {
            return Err(wrong(
                "pieces_of_a_token",
                format_args!("{} are not read here", file.header.pieces_of_a_token),
            ));
        }
        let table = |name: &str, n_rows: usize| {
            let table = file.table(&format!("encoder.{name}.weight"), n_rows)?;
            let told = format_args!("has rows of {}, not {SIZE}", table.width).to_string();
            if table.width == SIZE { Ok(table) } else { Err(wrong(&format!("encoder.{name}.weight"), told)) }
        };
        Ok(Accurate {
            pieces: Pieces::new(file)?,
            words: table("words", file.lines("pieces")?.count())?,
            positions: table("positions", LIMIT)?,
            small: SMALL.iter().map(|(name, n)| table(&format!("small.{name}"), *n)).collect::<Result<_, _>>()?,
            norm: Norm::new(file, "encoder.norm", SIZE, EPSILON)?,
            layers: (0..N_LAYERS).map(|number| Layer::new(file, number)).collect::<Result<_, _>>()?,
        })
    }

    /// Numbers of a token that come out.
    pub(super) const fn outputs() -> usize {
        SIZE
    }

    /// The word pieces of a token, given the quotation mark that it is.
    pub(super) fn pieces(&self, word: &str, mark: Option<&str>) -> OfToken {
        self.pieces.of(word, mark)
    }

    /// Encodes windows: `windows` are ranges of `tokens`, one after another from the first token to the last.
    pub(super) fn encode(&self, tokens: &[(Row, OfToken)], windows: &[Range<usize>]) -> Vec<f32> {
        let (mut x, mut firsts, mut places) = (Vec::new(), Vec::with_capacity(tokens.len()), Vec::new());
        for window in windows {
            let start = x.len() / SIZE;
            self.embed(&tokens[window.clone()], &mut x, &mut firsts);
            places.push(start..x.len() / SIZE);
        }
        self.norm.apply(&mut x);
        for layer in &self.layers {
            layer.apply(&mut x, &places);
        }
        let mut encoded = Vec::with_capacity(tokens.len() * SIZE);
        firsts.iter().for_each(|&first| encoded.extend_from_slice(&x[first * SIZE..][..SIZE]));
        encoded
    }

    /// Appends a window's pieces to `x`, and where in it the first piece of each token is to `firsts`.
    fn embed(&self, tokens: &[(Row, OfToken)], x: &mut Vec<f32>, firsts: &mut Vec<usize>) {
        let [begins, ends] = self.pieces.bounds;
        let start = x.len() / SIZE;
        let mut n = 0;
        let mut add = |number: u32| {
            if n < LIMIT {
                self.words.append(number as usize, x);
                self.positions.add(n, &mut x[(start + n) * SIZE..]);
            }
            n += 1;
            n
        };
        let mut next = add(begins);
        for (_, pieces) in tokens {
            firsts.push(start + next.min(LIMIT - 1));
            for &number in pieces.numbers() {
                next = add(number);
            }
        }
        add(ends);
        let of_window = firsts.len() - tokens.len();
        for ((row, _), &first) in tokens.iter().zip(&firsts[of_window..]) {
            let small = [row.shape, row.cue, row.quotation, row.start];
            for (table, value) in self.small.iter().zip(small) {
                table.add(usize::from(value) + 1, &mut x[first * SIZE..][..SIZE]);
            }
        }
    }
}

impl Layer {
    fn new(file: &File, number: usize) -> Result<Self, ModelError> {
        let name = |part: &str| format!("encoder.layers.{number}.{part}");
        let norm = |part: &str| Norm::new(file, &name(part), SIZE, EPSILON);
        Ok(Layer {
            attended: file.linear(&name("qkv"), SIZE, 3 * SIZE)?,
            out: file.linear(&name("out"), SIZE, SIZE)?,
            norms: [norm("norm1")?, norm("norm2")?],
            up: file.linear(&name("up"), SIZE, INNER)?,
            down: file.linear(&name("down"), INNER, SIZE)?,
        })
    }

    fn apply(&self, x: &mut [f32], windows: &[Range<usize>]) {
        let (mut attended, mut inner, mut outputs) = (Vec::new(), Vec::new(), Vec::new());
        self.attended.apply(x, &mut attended);
        let mut gathered = vec![0.0; x.len()];
        for window in windows {
            let own = 3 * SIZE * window.start..3 * SIZE * window.end;
            attend(&attended[own], &mut gathered[SIZE * window.start..SIZE * window.end]);
        }
        for (x, gathered) in x.chunks_mut(BLOCK * SIZE).zip(gathered.chunks(BLOCK * SIZE)) {
            self.out.apply(gathered, &mut outputs);
            x.iter_mut().zip(&outputs).for_each(|(x, output)| *x += output);
            self.norms[0].apply(x);
            self.up.apply(x, &mut inner);
            wide::run(Gelu(&mut inner));
            self.down.apply(&inner, &mut outputs);
            x.iter_mut().zip(&outputs).for_each(|(x, output)| *x += output);
            self.norms[1].apply(x);
        }
    }
}

/// What each piece of a window gathers from all of them, head by head.
fn attend(attended: &[f32], gathered: &mut [f32]) {
    let n = gathered.len() / SIZE;
    let width = n.next_multiple_of(LANES);
    let share = 1.0 / (HEAD as f32).sqrt();
    let bias = vec![0.0; n];
    let (mut queries, mut keys, mut values) = (Vec::new(), Vec::new(), Vec::new());
    let (mut shares, mut sums) = (Vec::new(), Vec::new());
    for head in 0..HEADS {
        let start = head * HEAD;
        [&mut queries, &mut keys, &mut values].into_iter().for_each(Vec::clear);
        for row in attended.chunks_exact(3 * SIZE) {
            queries.extend(row[start..][..HEAD].iter().map(|query| query * share));
            keys.extend_from_slice(&row[SIZE + start..][..HEAD]);
            values.extend_from_slice(&row[2 * SIZE + start..][..HEAD]);
        }
        values.resize(width * HEAD, 0.0);
        Linear::new(HEAD, &keys, &bias).apply(&queries, &mut shares);
        wide::run(Shares { scores: &mut shares, n, width });
        Linear::by_inputs(HEAD, &values).apply(&shares, &mut sums);
        for (row, sum) in gathered.chunks_exact_mut(SIZE).zip(sums.chunks_exact(HEAD)) {
            row[start..][..HEAD].copy_from_slice(sum);
        }
    }
}

/// Turns the first `n` scores of each row into shares that sum to 1, the rest into zeros.
struct Shares<'a> {
    scores: &'a mut [f32],
    n: usize,
    width: usize,
}

impl Work for Shares<'_> {
    #[inline(always)]
    fn run<const FUSED: bool, const LONG: bool>(self) {
        for row in self.scores.chunks_exact_mut(self.width) {
            row[self.n..].fill(f32::NEG_INFINITY);
            let chunks = row.as_chunks_mut::<LANES>().0;
            let mut most = [f32::NEG_INFINITY; LANES];
            for chunk in &*chunks {
                for (most, &score) in most.iter_mut().zip(chunk) {
                    *most = most.max(score);
                }
            }
            let most = most.into_iter().fold(f32::NEG_INFINITY, f32::max);
            let mut sums = [0.0; LANES];
            for chunk in &mut *chunks {
                for (score, sum) in chunk.iter_mut().zip(&mut sums) {
                    *score = exp(*score - most);
                    *sum += *score;
                }
            }
            let share = 1.0 / sums.iter().sum::<f32>();
            for score in chunks.as_flattened_mut() {
                *score *= share;
            }
        }
    }
}

/// Each number times the probability that a normal one is smaller.
struct Gelu<'a>(&'a mut [f32]);

impl Work for Gelu<'_> {
    #[inline(always)]
    fn run<const FUSED: bool, const LONG: bool>(self) {
        for x in self.0 {
            *x = 0.5 * *x * (1.0 + erf(*x * std::f32::consts::FRAC_1_SQRT_2));
        }
    }
}
