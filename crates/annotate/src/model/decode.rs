//! From scores to statements and names: best paths of labels, the choice among statements that overlap, and contents
//! whose cue was missed. The rules are those of `training/decode.py`.

use std::ops::Range;

use super::file::Settings;
use super::heads::JOINT;
use super::heads::{Candidate, Positions, Read, Scores, Tagger, softmax};

type Run = Range<usize>;

/// A statement, in tokens of its window.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    pub(super) content: Vec<Run>,
    pub(super) cue: Option<Run>,
    pub(super) source: Option<Run>,
    pub(super) confidence: f32,
    /// The number of its cue among the candidates.
    pub(super) candidate: Option<usize>,
}

impl Found {
    fn n_tokens(&self) -> usize {
        self.content.iter().map(Run::len).sum()
    }

    fn n_shared(&self, other: &Found) -> usize {
        let shared = |a: &Run, b: &Run| a.end.min(b.end).saturating_sub(a.start.max(b.start));
        self.content.iter().flat_map(|a| other.content.iter().map(move |b| shared(a, b))).sum()
    }

    fn touches(&self, run: &Run) -> bool {
        self.content.iter().chain(&self.source).chain(&self.cue).any(|own| own.start < run.end && run.start < own.end)
    }
}

/// Cues worth reading for: scores lean to them by the candidate bias.
pub(super) fn candidates(scores: Scores, settings: &Settings) -> Vec<Candidate> {
    let bias = settings.candidate_bias;
    let score = |token, label| scores.of(Tagger::Cue, token)[label] - if label == 0 { bias } else { 0.0 };
    let of_run = |tokens: Run| {
        let probability = mean(tokens.clone().map(|token| scores.probability(Tagger::Cue, token)));
        Candidate { tokens, probability }
    };
    runs(&best_path::<3>(scores.len(), score)).into_iter().map(|(tokens, _)| of_run(tokens)).collect()
}

/// The statements of a window in the order of their contents.
pub(super) fn statements(
    scores: Scores,
    cues: &[Candidate],
    read: &[Read],
    positions: &Positions,
    settings: &Settings,
) -> Vec<Found> {
    let numbered = cues.iter().zip(read).enumerate();
    let read = numbered.filter_map(|(number, (cue, read))| {
        let found = statement(cue, read.joint.clone(), settings)?;
        Some(Found { candidate: Some(number), ..found })
    });
    let mut found: Vec<Found> = read.filter(|found| found.confidence >= settings.threshold).collect();
    found.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let mut kept: Vec<Found> = Vec::new();
    for one in found {
        let too_much =
            |other: &Found| one.n_shared(other) as f32 > settings.overlap * one.n_tokens().min(other.n_tokens()) as f32;
        if !kept.iter().any(too_much) {
            kept.push(one);
        }
    }
    kept.extend(orphans(scores, &kept, positions, settings));
    kept.sort_by_key(|found| (found.content[0].start, found.content[0].end));
    kept
}

/// What one cue says, if it says anything.
fn statement(cue: &Candidate, mut joint: Vec<[f32; JOINT]>, settings: &Settings) -> Option<Found> {
    for (token, scores) in joint.iter_mut().enumerate() {
        scores[1..3].iter_mut().for_each(|score| *score += settings.source_bias);
        scores[3..].iter_mut().for_each(|score| *score += settings.content_bias);
        if cue.tokens.contains(&token) {
            scores[1..].fill(FORBIDDEN);
        }
    }
    let runs = runs(&best_path::<JOINT>(joint.len(), |token, label| joint[token][label]));
    let content: Vec<Run> = runs.iter().filter(|(_, class)| *class == 1).map(|(run, _)| run.clone()).collect();
    if content.is_empty() {
        return None;
    }
    let weight = |run: &Run| -> f32 { joint[run.clone()].iter().map(|s| s[1].max(s[2]) - s[0]).sum() };
    let sources = runs.into_iter().filter(|(_, class)| *class == 0).map(|(run, _)| (weight(&run), run));
    let source = sources.max_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, run)| run);
    let told = content.iter().flat_map(Run::clone).map(|token| 1.0 - softmax(&joint[token], 0));
    let confidence = cue.probability * mean(told);
    Some(Found { content, cue: Some(cue.tokens.clone()), source, confidence, candidate: None })
}

/// Contents whose cue was missed: kept where a source that nobody uses stands in the same sentence.
fn orphans(scores: Scores, kept: &[Found], positions: &Positions, settings: &Settings) -> Vec<Found> {
    let free = |run: &Run| !kept.iter().any(|found| found.touches(run));
    let mut sources = tagged::<3>(scores, Tagger::Source);
    sources.retain(|(run, _)| free(run));
    let mut orphans = Vec::new();
    for (content, _) in tagged::<3>(scores, Tagger::Content) {
        let probability = mean(content.clone().map(|token| scores.probability(Tagger::Content, token)));
        if !free(&content) || probability < settings.orphan {
            continue;
        }
        let sentences = positions.sentence(content.start)..=positions.sentence(content.end - 1);
        let near =
            sources.iter().enumerate().filter(|(_, (run, _))| sentences.contains(&positions.sentence(run.start)));
        // Tokens between the two; none if they touch.
        let gap = |run: &Run| content.start.saturating_sub(run.end).max(run.start.saturating_sub(content.end));
        let Some(nearest) = near.min_by_key(|(_, (run, _))| gap(run)).map(|(k, _)| k) else { continue };
        let (source, _) = sources.remove(nearest);
        let source = Some(source);
        orphans.push(Found {
            content: vec![content],
            cue: None,
            source,
            confidence: 0.5 * probability,
            candidate: None,
        });
    }
    orphans
}

/// Runs that one tagger finds, with their classes. `LABELS`: none, and two for each class.
pub(super) fn tagged<const LABELS: usize>(scores: Scores, tagger: Tagger) -> Vec<(Run, usize)> {
    labelled::<LABELS>(scores.len(), |token, label| scores.of(tagger, token)[label])
}

/// Runs that some scores of labels give, with their classes.
pub(super) fn labelled<const LABELS: usize>(n_tokens: usize, score: impl Fn(usize, usize) -> f32) -> Vec<(Run, usize)> {
    runs(&best_path::<LABELS>(n_tokens, score))
}

/// The score of what can't be.
const FORBIDDEN: f32 = -1e9;

/// The labels with the highest sum of scores, where an even label but 0 goes on from the one before it or itself; of
/// equal ones the lower.
fn best_path<const LABELS: usize>(n_tokens: usize, score: impl Fn(usize, usize) -> f32) -> Vec<u8> {
    let goes_on = |label: usize| label > 0 && label.is_multiple_of(2);
    let best_of = |sums: &[f32; LABELS], labels: Range<usize>| {
        labels
            .fold((0, f32::NEG_INFINITY), |best, label| if sums[label] > best.1 { (label, sums[label]) } else { best })
    };
    if n_tokens == 0 {
        return Vec::new();
    }
    let mut sums: [f32; LABELS] =
        std::array::from_fn(|label| score(0, label) + if goes_on(label) { FORBIDDEN } else { 0.0 });
    let mut back = vec![[0u8; LABELS]; n_tokens];
    for (token, back) in back.iter_mut().enumerate().skip(1) {
        let any = best_of(&sums, 0..LABELS);
        let mut next = [0.0; LABELS];
        for label in 0..LABELS {
            let (from, sum) = if goes_on(label) { best_of(&sums, label - 1..label + 1) } else { any };
            back[label] = narrow(from);
            next[label] = sum + score(token, label);
        }
        sums = next;
    }
    let mut label = best_of(&sums, 0..LABELS).0;
    let mut path = vec![0; n_tokens];
    for token in (0..n_tokens).rev() {
        path[token] = narrow(label);
        label = back[token][label].into();
    }
    path
}

fn narrow(label: usize) -> u8 {
    u8::try_from(label).expect("labels are few")
}

/// Runs of a path with their classes: odd labels begin one, even ones go on.
fn runs(path: &[u8]) -> Vec<(Run, usize)> {
    let mut runs: Vec<(Run, usize)> = Vec::new();
    for (token, &label) in path.iter().enumerate().filter(|(_, label)| **label > 0) {
        match runs.last_mut() {
            Some((run, _)) if label % 2 == 0 && run.end == token => run.end += 1,
            _ => runs.push((token..token + 1, usize::from((label - 1) / 2))),
        }
    }
    runs
}

fn mean(values: impl Iterator<Item = f32>) -> f32 {
    let (sum, n) = values.fold((0.0, 0), |(sum, n), value| (sum + value, n + 1));
    sum / n as f32
}
