//! What else is read of a cue beside its source and content: what is done by saying it, whether it was said at all, and
//! the words that tell to whom, by what means and through whom.

use std::ops::Range;

use rapporteur_record::{Act, ChannelKind};

use super::decode;
use super::file::{File, ModelError, wrong};
use super::gemm::Linear;
use super::heads::{NEIGHBOURS, mean, softmax};

/// Numbers within.
const WITHIN: usize = 64;
/// Labels of a token: none, and two for each of addressee, channel and via.
pub(super) const LABELS: usize = 7;
/// What the header must say that those labels stand for.
const SPANS: [&str; 3] = ["addressee", "channel", "via"];

#[derive(Debug)]
pub(super) struct Details {
    token: Linear,
    cue: Linear,
    reading: Linear,
    around: Linear,
    spans: Linear,
    of_cue: Linear,
    act: Linear,
    negated: Linear,
    channel: Linear,
    acts: Vec<Act>,
    channels: Vec<ChannelKind>,
    size: usize,
}

/// The scores of one cue.
#[derive(Clone, Debug, Default)]
pub(super) struct DetailScores {
    /// Of every token of the window.
    pub(super) spans: Vec<[f32; LABELS]>,
    pub(super) act: Vec<f32>,
    pub(super) negated: Vec<f32>,
}

/// What is told of a cue, in tokens of its window, each with its probability.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Told {
    pub(super) act: (Act, f32),
    /// Only a probability.
    pub(super) negated: f32,
    pub(super) addressee: Option<(Range<usize>, f32)>,
    pub(super) channel: Option<(Range<usize>, f32, ChannelKind)>,
}

impl DetailScores {
    /// Puts the weighted mean with another model's scores in place of its own.
    pub(super) fn average(&mut self, other: &DetailScores) {
        let own = self.spans.iter_mut().flatten().chain(&mut self.act).chain(&mut self.negated);
        let theirs = other.spans.iter().flatten().chain(&other.act).chain(&other.negated);
        own.zip(theirs).for_each(|(own, theirs)| *own = mean(*own, *theirs));
    }

    /// Of addressee, channel and via each the run with the most weight, and the mean probability of its tokens.
    pub(super) fn best_spans(&self) -> [Option<(Range<usize>, f32)>; SPANS.len()] {
        let mut best = [const { None::<(f32, Range<usize>)> }; SPANS.len()];
        for (run, class) in decode::labelled::<LABELS>(self.spans.len(), |token, label| self.spans[token][label]) {
            let of_token = |token: usize| {
                let scores = &self.spans[token];
                scores[2 * class + 1].max(scores[2 * class + 2]) - scores[0]
            };
            let weight = run.clone().map(of_token).sum();
            if best[class].as_ref().is_none_or(|(most, _)| weight > *most) {
                best[class] = Some((weight, run));
            }
        }
        best.map(|best| {
            let (_, run) = best?;
            let told: f32 = run.clone().map(|token| 1.0 - softmax(&self.spans[token], 0)).sum();
            let probability = told / run.len() as f32;
            Some((run, probability))
        })
    }
}

impl Details {
    /// `size`: numbers of an encoded token; `inner`: of a cue's reading of one.
    pub(super) fn new(file: &File, size: usize, inner: usize) -> Result<Self, ModelError> {
        let header = &file.header;
        if header.spans != SPANS {
            return Err(wrong("spans", format_args!("{:?} are not read here", header.spans)));
        }
        let acts = known("acts", &header.acts, Act::of_word)?;
        let channels = known("channels", &header.channels, ChannelKind::of_word)?;
        let linear = |name: &str, inputs, outputs| file.linear(&format!("heads.details.{name}"), inputs, outputs);
        let plain = |name: &str, inputs| {
            let weights = file.numbers(&format!("heads.details.{name}.weight"), &[WITHIN, inputs])?;
            Ok(Linear::new(inputs, &weights, &[0.0; WITHIN]))
        };
        Ok(Details {
            token: linear("token", size, WITHIN)?,
            cue: plain("cue", size)?,
            reading: plain("reading", inner)?,
            around: file.convolution("heads.details.around", WITHIN, WITHIN, 2 * NEIGHBOURS + 1)?,
            spans: linear("spans", WITHIN, LABELS)?,
            of_cue: linear("of_cue", size, WITHIN)?,
            act: linear("act", WITHIN, acts.len())?,
            negated: linear("negated", WITHIN, 2)?,
            channel: linear("channel", size, channels.len())?,
            acts,
            channels,
            size,
        })
    }

    /// What a window's encoded tokens bring to the reading of any cue.
    pub(super) fn of_tokens(&self, encoded: &[f32]) -> Vec<f32> {
        let mut of_tokens = Vec::new();
        self.token.apply(encoded, &mut of_tokens);
        of_tokens
    }

    /// The scores of a cue, from [`Details::of_tokens`], its reading of the window and the mean of its encoded tokens.
    pub(super) fn scores(&self, of_tokens: &[f32], reading: &[f32], pooled: &[f32]) -> DetailScores {
        let (mut of_cue, mut of_reading, mut around, mut spans) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        self.cue.apply(pooled, &mut of_cue);
        self.reading.apply(reading, &mut of_reading);
        // Zeros stand for the neighbours before the window and after it.
        let margin = NEIGHBOURS * WITHIN;
        let mut within = vec![0.0; of_tokens.len() + 2 * margin];
        let own = margin..margin + of_tokens.len();
        for (z, (token, reading)) in within[own.clone()]
            .chunks_exact_mut(WITHIN)
            .zip(of_tokens.chunks_exact(WITHIN).zip(of_reading.chunks_exact(WITHIN)))
        {
            for (k, z) in z.iter_mut().enumerate() {
                *z = (token[k] + of_cue[k] + reading[k]).max(0.0);
            }
        }
        self.around.apply_every(WITHIN, &within, &mut around);
        around.iter_mut().zip(&within[own]).for_each(|(around, own)| *around = own + around.max(0.0));
        self.spans.apply(&around, &mut spans);
        let spans = spans.chunks_exact(self.spans.width());
        let spans = spans.map(|row| row[..LABELS].try_into().expect("as many labels")).collect();
        let (mut hidden, mut act, mut negated) = (Vec::new(), Vec::new(), Vec::new());
        self.of_cue.apply(pooled, &mut hidden);
        hidden.iter_mut().for_each(|x| *x = x.max(0.0));
        self.act.apply(&hidden, &mut act);
        self.negated.apply(&hidden, &mut negated);
        act.truncate(self.acts.len());
        negated.truncate(2);
        DetailScores { spans, act, negated }
    }

    /// What the scores say; `encoded`: the window's encoded tokens.
    pub(super) fn told(&self, scores: &DetailScores, encoded: &[f32]) -> Told {
        // Too few are annotated for the model to find who passed a statement on.
        let [addressee, channel, _via] = scores.best_spans();
        let act = highest(&scores.act);
        let channel = channel.map(|(run, probability)| {
            let kind = self.channels[highest(&self.channel_scores(&run, encoded))];
            (run, probability, kind)
        });
        let act = (self.acts[act], softmax(&scores.act, act));
        Told { act, negated: softmax(&scores.negated, 1), addressee, channel }
    }

    /// The scores of the kinds of channel that some words may name.
    pub(super) fn channel_scores(&self, run: &Range<usize>, encoded: &[f32]) -> Vec<f32> {
        let mut pooled = vec![0.0; self.size];
        for row in encoded[run.start * self.size..run.end * self.size].chunks_exact(self.size) {
            pooled.iter_mut().zip(row).for_each(|(sum, x)| *sum += x / run.len() as f32);
        }
        let mut scores = Vec::new();
        self.channel.apply(&pooled, &mut scores);
        scores.truncate(self.channels.len());
        scores
    }
}

/// The number of the highest score, of equal ones the first.
fn highest(scores: &[f32]) -> usize {
    (0..scores.len()).rev().max_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap_or(0)
}

/// What the names of a part of the header stand for.
fn known<T>(part: &str, names: &[String], of_word: fn(&str) -> Option<T>) -> Result<Vec<T>, ModelError> {
    if names.is_empty() {
        return Err(wrong(part, "it is empty"));
    }
    names.iter().map(|name| of_word(name).ok_or_else(|| wrong(part, format_args!("no such one: {name:?}")))).collect()
}
