//! What is read off the encoded tokens: labels of each token alone, and for each cue what its source and content are.

use std::ops::Range;

use super::details::{DetailScores, Details};
use super::file::{File, ModelError, wrong};
use super::gemm::Linear;
use super::text::Tokens;
use super::wide::{self, Work, exp};

/// Labels of a token for one cue: none, source begins, source goes on, content begins, content goes on.
pub(super) const JOINT: usize = 5;
/// Tokens on either side whose inner numbers a token's reading sees.
pub(super) const NEIGHBOURS: usize = 2;
/// How far apart in sentences, paragraphs and quotation marks a token and a cue can be told.
const STEPS: [(&str, i32); 3] = [("sentence", 3), ("paragraph", 2), ("marks", 4)];

/// The labellings of single tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tagger {
    Source = 0,
    Cue = 1,
    Content = 2,
    Names = 3,
    Nominals = 4,
    SentenceEnds = 5,
    Events = 6,
}

/// All of them, in the order of their numbers.
pub(super) const TAGGERS: [(Tagger, &str); 7] = [
    (Tagger::Source, "source"),
    (Tagger::Cue, "cue"),
    (Tagger::Content, "content"),
    (Tagger::Names, "names"),
    (Tagger::Nominals, "nominals"),
    (Tagger::SentenceEnds, "sentence_ends"),
    (Tagger::Events, "events"),
];

#[derive(Debug)]
pub(super) struct Heads {
    /// For a token: its part in `inner`, its keys for source and content, its scores of every tagger.
    token: Linear,
    /// Where each tagger's scores stand among those.
    taggers: [Range<usize>; TAGGERS.len()],
    /// For a cue: its part in `inner`, its queries for source and content.
    cue: Linear,
    /// Rows of `inner` numbers for each bucket of distance.
    distance: Vec<f32>,
    /// Bucket of each distance, in tokens, up to a window's length.
    buckets: Vec<usize>,
    steps: [Vec<f32>; STEPS.len()],
    /// For the first cue between, and for those beyond it.
    between: [Vec<f32>; 2],
    /// From the inner numbers of a token and of its [`NEIGHBOURS`] to what is added to its own.
    around: Linear,
    out: Linear,
    scale: Vec<f32>,
    pub(super) details: Details,
    inner: usize,
    dot: usize,
    size: usize,
}

/// What is read for one cue.
#[derive(Debug)]
pub(super) struct Read {
    /// The scores of the labels of every token of the window.
    pub(super) joint: Vec<[f32; JOINT]>,
    /// The inner numbers of every token that they come from.
    inner: Vec<f32>,
    /// The mean of the cue's encoded tokens.
    pooled: Vec<f32>,
}

impl Read {
    /// Puts the weighted mean with another model's scores in place of its own.
    pub(super) fn average(&mut self, other: &Read) {
        let pairs = self.joint.iter_mut().flatten().zip(other.joint.iter().flatten());
        pairs.for_each(|(score, other)| *score = mean(*score, *other));
    }
}

/// A cue that may be one, in tokens of its window.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Candidate {
    pub(super) tokens: Range<usize>,
    /// Mean probability of its tokens being in a cue.
    pub(super) probability: f32,
}

/// Scores of the tokens of one window.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scores<'a> {
    heads: &'a Heads,
    values: &'a [f32],
}

impl<'a> Scores<'a> {
    /// Tokens.
    pub(super) fn len(&self) -> usize {
        self.values.len() / self.heads.token.width()
    }

    /// A token's scores of one tagger's labels.
    pub(super) fn of(&self, tagger: Tagger, token: usize) -> &'a [f32] {
        &self.all(token)[self.heads.taggers[tagger as usize].clone()]
    }

    /// The probability of a token's having any label of a tagger.
    pub(super) fn probability(&self, tagger: Tagger, token: usize) -> f32 {
        1.0 - softmax(self.of(tagger, token), 0)
    }

    fn all(&self, token: usize) -> &'a [f32] {
        &self.values[token * self.heads.token.width()..][..self.heads.token.width()]
    }

    fn key(&self, token: usize, role: usize) -> &'a [f32] {
        &self.all(token)[self.heads.inner + role * self.heads.dot..][..self.heads.dot]
    }
}

/// The share of the second model in what two say together; chosen on PolNeAR's development part.
const SECOND: f32 = 0.3;

/// What two models say together.
pub(super) fn mean(score: f32, second: f32) -> f32 {
    score + SECOND * (second - score)
}

/// The share of one label's score among all.
pub(super) fn softmax(scores: &[f32], label: usize) -> f32 {
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    exp(scores[label] - most) / scores.iter().map(|score| exp(score - most)).sum::<f32>()
}

/// How many sentences, paragraphs and quotation marks have begun, up to each token of a window.
pub(super) struct Positions(pub(super) Vec<[i32; STEPS.len()]>);

impl Positions {
    pub(super) fn new(tokens: &Tokens, window: Range<usize>) -> Self {
        let mut counts = [0; STEPS.len()];
        let count = |token: usize| {
            counts[0] += i32::from(tokens.starts_sentence[token]);
            counts[1] += i32::from(tokens.starts_paragraph[token]);
            counts[2] += i32::from(tokens.quotation[token].mark().is_some());
            counts
        };
        Positions(window.map(count).collect())
    }

    /// The number of a token's sentence in its window.
    pub(super) fn sentence(&self, token: usize) -> i32 {
        self.0[token][0]
    }
}

impl Heads {
    pub(super) fn new(file: &File, size: usize) -> Result<Self, ModelError> {
        let (inner, dot) = (file.header.config.inner, file.header.config.dot);
        if inner == 0 || !inner.is_multiple_of(super::gemm::LANES) {
            return Err(wrong("config", format_args!("inner {inner} is not read here")));
        }
        let (token, taggers) = token_layer(file, size, inner, dot)?;
        let mut weights = file.numbers("heads.cue.weight", &[inner, size])?;
        weights.extend(file.numbers("heads.query.weight", &[2 * dot, size])?);
        let mut bias = vec![0.0; inner];
        bias.extend(file.numbers("heads.query.bias", &[2 * dot])?);
        let cue = Linear::new(size, &weights, &bias);
        let distances = &file.header.distances;
        let table = |name: &str, rows: usize| file.numbers(&format!("heads.relative.{name}.weight"), &[rows, inner]);
        let step = |k: usize| table(STEPS[k].0, 2 * STEPS[k].1.unsigned_abs() as usize + 1);
        let pairs = file.numbers("heads.between.weight", &[inner, 2])?;
        let between = [0, 1].map(|k| pairs.iter().skip(k).step_by(2).copied().collect());
        Ok(Heads {
            token,
            taggers,
            cue,
            distance: table("distance", 2 * distances.len() + 1)?,
            buckets: (0..=file.header.window).map(|d| distances.iter().filter(|&&start| start <= d).count()).collect(),
            steps: [step(0)?, step(1)?, step(2)?],
            between,
            around: file.convolution("heads.around", inner, inner, 2 * NEIGHBOURS + 1)?,
            out: file.linear("heads.out", inner, JOINT)?,
            scale: file.numbers("heads.scale", &[2])?,
            details: Details::new(file, size, inner)?,
            inner,
            dot,
            size,
        })
    }

    /// Scores of encoded tokens; [`Heads::window`] looks into them.
    pub(super) fn scores(&self, encoded: &[f32]) -> Vec<f32> {
        let mut values = Vec::new();
        self.token.apply(encoded, &mut values);
        values
    }

    /// Puts the weighted mean of two models' scores of every tagger in place of both.
    pub(super) fn average(&self, values: &mut [f32], second: &Heads, others: &mut [f32]) {
        let rows = values.chunks_exact_mut(self.token.width()).zip(others.chunks_exact_mut(second.token.width()));
        for (row, other) in rows {
            for (own, theirs) in self.taggers.iter().zip(&second.taggers) {
                for (score, other) in row[own.clone()].iter_mut().zip(&mut other[theirs.clone()]) {
                    *score = mean(*score, *other);
                    *other = *score;
                }
            }
        }
    }

    /// The scores of the window that has these tokens.
    pub(super) fn window<'a>(&'a self, scores: &'a [f32], tokens: &Range<usize>) -> Scores<'a> {
        let width = self.token.width();
        Scores { heads: self, values: &scores[tokens.start * width..tokens.end * width] }
    }

    /// What is read for each cue in turn.
    pub(super) fn read(&self, scores: Scores, encoded: &[f32], cues: &[Candidate], positions: &Positions) -> Vec<Read> {
        let begins: Vec<f32> = (0..scores.len()).map(|token| softmax(scores.of(Tagger::Cue, token), 1)).collect();
        let counts: Vec<f32> = begins
            .iter()
            .scan(0.0, |sum, begin| {
                *sum += begin;
                Some(*sum)
            })
            .collect();
        let mut parts = Vec::new();
        let pooled = self.pooled(encoded, cues);
        self.cue.apply(&pooled, &mut parts);
        // Zeros stand for the neighbours before the window and after it.
        let margin = NEIGHBOURS * self.inner;
        let mut inner = vec![0.0; scores.len() * self.inner + 2 * margin];
        let own = margin..inner.len() - margin;
        let mut outputs = Vec::new();
        let parts = parts.chunks_exact(self.cue.width());
        let read = |((cue, pooled), part): ((&Candidate, &[f32]), &[f32])| {
            let of_cue = &part[..self.inner];
            wide::run(Inner {
                heads: self,
                scores,
                positions,
                cue,
                of_cue,
                begins: &begins,
                counts: &counts,
                inner: &mut inner[own.clone()],
            });
            let mut around = Vec::new();
            self.around.apply_every(self.inner, &inner, &mut around);
            around.iter_mut().zip(&inner[own.clone()]).for_each(|(around, own)| *around = own + around.max(0.0));
            self.out.apply(&around, &mut outputs);
            let outputs = outputs.chunks_exact(self.out.width()).enumerate();
            let joint = outputs.map(|(token, out)| self.with_priors(scores, token, out, &part[self.inner..])).collect();
            Read { joint, inner: around, pooled: pooled.to_vec() }
        };
        cues.iter().zip(pooled.chunks_exact(self.size)).zip(parts).map(read).collect()
    }

    /// The scores of what else is told of some cues of a window with these encoded tokens.
    pub(super) fn details<'r>(&self, read: impl IntoIterator<Item = &'r Read>, encoded: &[f32]) -> Vec<DetailScores> {
        let mut read = read.into_iter().peekable();
        let of_tokens = if read.peek().is_some() { self.details.of_tokens(encoded) } else { Vec::new() };
        read.map(|read| self.details.scores(&of_tokens, &read.inner, &read.pooled)).collect()
    }

    /// The mean of each cue's encoded tokens.
    fn pooled(&self, encoded: &[f32], cues: &[Candidate]) -> Vec<f32> {
        let mut pooled = vec![0.0; cues.len() * self.size];
        for (cue, pooled) in cues.iter().zip(pooled.chunks_exact_mut(self.size)) {
            let share = 1.0 / cue.tokens.len() as f32;
            for row in encoded[cue.tokens.start * self.size..cue.tokens.end * self.size].chunks_exact(self.size) {
                pooled.iter_mut().zip(row).for_each(|(sum, x)| *sum += x * share);
            }
        }
        pooled
    }

    fn with_priors(&self, scores: Scores, token: usize, out: &[f32], queries: &[f32]) -> [f32; JOINT] {
        let mut joint: [f32; JOINT] = out[..JOINT].try_into().expect("as many outputs");
        for (role, tagger) in [Tagger::Source, Tagger::Content].into_iter().enumerate() {
            let query = &queries[role * self.dot..][..self.dot];
            let dot = query.iter().zip(scores.key(token, role)).map(|(q, k)| q * k).sum::<f32>();
            let told = scores.of(tagger, token);
            for label in [1, 2] {
                joint[2 * role + label] += (told[label] - told[0]) * self.scale[role] + dot / (self.dot as f32).sqrt();
            }
        }
        joint
    }
}

/// The layer over tokens and where its taggers' scores stand.
fn token_layer(
    file: &File,
    size: usize,
    inner: usize,
    dot: usize,
) -> Result<(Linear, [Range<usize>; TAGGERS.len()]), ModelError> {
    let (mut weights, mut bias, mut taggers) = (Vec::new(), Vec::new(), [const { 0..0 }; TAGGERS.len()]);
    let mut add = |name: &str, outputs: usize| -> Result<Range<usize>, ModelError> {
        weights.extend(file.numbers(&format!("{name}.weight"), &[outputs, size])?);
        bias.extend(file.numbers(&format!("{name}.bias"), &[outputs])?);
        Ok(bias.len() - outputs..bias.len())
    };
    add("heads.token", inner)?;
    add("heads.key", 2 * dot)?;
    for (tagger, name) in TAGGERS {
        let told = match tagger {
            Tagger::Names => 1 + 2 * file.header.names.len(),
            Tagger::Nominals => 1 + file.header.nominals.len(),
            Tagger::SentenceEnds | Tagger::Events => 2,
            Tagger::Source | Tagger::Cue | Tagger::Content => 3,
        };
        if file.tagger(name)? != told {
            return Err(wrong("taggers", format_args!("{name} has {} labels, not {told}", file.tagger(name)?)));
        }
        taggers[tagger as usize] = add(&format!("heads.taggers.{name}"), told)?;
    }
    Ok((Linear::new(size, &weights, &bias), taggers))
}

/// The inner numbers of every token for one cue.
struct Inner<'a> {
    heads: &'a Heads,
    scores: Scores<'a>,
    positions: &'a Positions,
    cue: &'a Candidate,
    of_cue: &'a [f32],
    /// Probability of a cue's beginning at each token, and its sum up to each.
    begins: &'a [f32],
    counts: &'a [f32],
    inner: &'a mut [f32],
}

impl Work for Inner<'_> {
    #[inline(always)]
    fn run<const FUSED: bool, const LONG: bool>(self) {
        let Inner { heads, scores, positions, cue, of_cue, begins, counts, inner } = self;
        let width = heads.inner;
        let (first, last) = (cue.tokens.start, cue.tokens.end - 1);
        let [one, more] = heads.between.each_ref().map(|part| &part[..width]);
        for (token, z) in inner.chunks_exact_mut(width).enumerate() {
            let (distance, n) = if token < first {
                let n = counts[first] - begins[first] - counts[token] + begins[token];
                (heads.distance.len() / width / 2 + heads.buckets[first - token], n)
            } else if token > last {
                (heads.buckets[token - last], counts[token] - counts[last])
            } else {
                (0, 0.0)
            };
            let n = n.max(0.0);
            let (n_one, n_more) = (n.min(1.0), (n - 1.0).clamp(0.0, 3.0));
            let distance = &heads.distance[distance * width..][..width];
            let steps: [&[f32]; STEPS.len()] = std::array::from_fn(|k| {
                let bound = STEPS[k].1;
                let step = (positions.0[token][k] - positions.0[first][k]).clamp(-bound, bound) + bound;
                &heads.steps[k][step.unsigned_abs() as usize * width..][..width]
            });
            let (of_token, of_cue) = (&scores.all(token)[..width], &of_cue[..width]);
            for k in 0..width {
                let relations =
                    distance[k] + steps[0][k] + steps[1][k] + steps[2][k] + n_one * one[k] + n_more * more[k];
                z[k] = (of_token[k] + of_cue[k] + relations).max(0.0);
            }
        }
    }
}
