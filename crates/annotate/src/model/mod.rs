//! Reads a text with trained weights: who said what, and which words are names.
//!
//! `text` and `quotation` split it into tokens as in training, `features` and `pieces` look them up, `fast` or
//! `accurate` makes numbers of each token in its window, `heads` scores labels, `decode` chooses. `file` checks the weights, `gemm` and `wide` do
//! the arithmetic. What a window gives depends on nothing but the window: not on the others that are read with it,
//! and not on threads, of which there are none here.

mod accurate;
mod decode;
mod details;
mod fast;
mod features;
mod file;
mod gemm;
mod heads;
mod lstm;
mod norm;
mod pieces;
mod quotation;
#[cfg(test)]
mod tests;
mod text;
mod wide;
mod words;

use std::ops::Range;

use rapporteur_record::{Act, ChannelKind, EntityKind, Span};

use self::accurate::Accurate;
use self::details::Told;
use self::fast::{Fast, HASHED};
use self::features::{N_HASHED, Vocabulary};
pub use self::file::ModelError;
use self::file::{File, Settings, wrong};
use self::heads::{Heads, Positions, Read, Scores, Tagger};
use self::text::Tokens;
use self::words::Words;

/// Windows that go through the encoder together. More gain nothing, and need more memory.
const GROUP: usize = 12;

/// Labels of a token as to names: none, and two for each of seven kinds.
const N_NAME_LABELS: usize = 15;

/// A trained reader. Made once, used for many texts, from any number of threads.
#[derive(Debug)]
pub(crate) struct Model {
    encoder: Encoder,
    heads: Heads,
    vocabulary: Vocabulary,
    settings: Settings,
    names: Vec<NameKind>,
    nominals: Vec<NameKind>,
    window: usize,
}

/// What makes numbers of tokens.
#[derive(Debug)]
enum Encoder {
    Fast(Box<Fast>),
    Accurate(Box<Accurate>),
}

/// What a name or a role noun stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameKind {
    Person,
    Organization,
    Place,
    /// A people, a faith, a party's followers.
    Group,
    Event,
    /// A book, a film, a law.
    Work,
    Other,
}

impl NameKind {
    /// As the record has it.
    pub(crate) fn entity(self) -> EntityKind {
        match self {
            NameKind::Person => EntityKind::Person,
            NameKind::Organization => EntityKind::Organization,
            NameKind::Place => EntityKind::Place,
            NameKind::Group => EntityKind::Group,
            NameKind::Event => EntityKind::Event,
            NameKind::Work => EntityKind::Work,
            NameKind::Other => EntityKind::Other,
        }
    }
}

/// What was found in a text, everything in its order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Found {
    /// By the start of the content.
    pub(crate) statements: Vec<FoundStatement>,
    /// Names.
    pub(crate) names: Vec<(Span, NameKind)>,
    /// Head nouns of phrases that stand for somebody or something, "minister", "ministry".
    pub(crate) nominals: Vec<(Span, NameKind)>,
    /// Words that tell of something that happens, one word each: "attacked", "election".
    pub(crate) events: Vec<Span>,
}

/// Something said, and who says it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FoundStatement {
    /// What is said, in one or several stretches.
    pub(crate) content: Vec<Span>,
    /// The words that say that it is said; `None` where they were not found.
    pub(crate) cue: Option<Span>,
    /// Who says it, if the text tells.
    pub(crate) source: Option<Span>,
    /// 0 to 1: how likely it is a statement with this content.
    pub(crate) confidence: f32,
    /// What else its cue tells; `None` without one.
    pub(crate) details: Option<FoundDetails>,
}

/// What a cue tells beside source and content, each with its probability.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FoundDetails {
    /// What is done by saying it.
    pub(crate) act: (Act, f32),
    /// How likely the cue says that it was not said.
    pub(crate) negated: f32,
    /// To whom it was said.
    pub(crate) addressee: Option<(Span, f32)>,
    /// By what means.
    pub(crate) channel: Option<(Span, f32, ChannelKind)>,
}

/// Tokens of one part of a text.
struct Part {
    start: usize,
    tokens: Tokens,
}

/// What one model reads of a window.
struct Window<'m> {
    heads: &'m Heads,
    encoded: &'m [f32],
    /// Of each candidate.
    read: Vec<Read>,
}

/// What one window gives, in tokens of the window.
#[derive(Default)]
struct WindowFound {
    statements: Vec<(decode::Found, Option<Told>)>,
    names: Vec<(Range<usize>, usize)>,
    nominals: Vec<(usize, usize)>,
    events: Vec<usize>,
}

impl Encoder {
    /// Numbers of a token that come out.
    fn outputs(&self) -> usize {
        match self {
            Encoder::Fast(fast) => fast.outputs(),
            Encoder::Accurate(_) => Accurate::outputs(),
        }
    }
}

impl Model {
    /// A model from the bytes of its file, all of which are checked first.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        let file = File::new(bytes)?;
        let header = &file.header;
        if header.window == 0 || header.window > 4096 {
            return Err(wrong("window", format_args!("{} tokens are not read here", header.window)));
        }
        if 1 + 2 * header.names.len() != N_NAME_LABELS {
            return Err(wrong("names", format_args!("{} kinds are not read here", header.names.len())));
        }
        let encoder = match header.kind.as_str() {
            "fast" => Encoder::Fast(Box::new(Fast::new(&file)?)),
            "accurate" => Encoder::Accurate(Box::new(Accurate::new(&file)?)),
            kind => return Err(wrong("kind", format_args!("{kind:?} is not read here"))),
        };
        Ok(Model {
            heads: Heads::new(&file, encoder.outputs())?,
            encoder,
            vocabulary: vocabulary(&file)?,
            settings: header.decode.clone(),
            names: kinds(&header.names)?,
            nominals: kinds(&header.nominals)?,
            window: header.window,
        })
    }

    /// "fast" or "accurate".
    pub(crate) fn kind(&self) -> &'static str {
        match self.encoder {
            Encoder::Fast(_) => "fast",
            Encoder::Accurate(_) => "accurate",
        }
    }

    /// Reads parts of a text, given in bytes, as texts of their own: no statement reaches from one into another.
    ///
    /// Time and memory grow with their length, whatever they hold.
    pub(crate) fn read(&self, text: &str, parts: &[Range<usize>]) -> Found {
        self.read_grouped(text, parts, GROUP, None)
    }

    /// Reads with another model beside it: where both are of one make of labels and windows, their scores are averaged,
    /// which is better than either alone.
    pub(crate) fn read_with(&self, second: &Model, text: &str, parts: &[Range<usize>]) -> Found {
        let alike = self.names == second.names && self.nominals == second.nominals && self.window == second.window;
        self.read_grouped(text, parts, GROUP, Some(second).filter(|_| alike))
    }

    fn read_grouped(&self, text: &str, ranges: &[Range<usize>], group: usize, second: Option<&Model>) -> Found {
        let part = |range: &Range<usize>| Part { start: range.start, tokens: Tokens::new(&text[range.clone()]) };
        let parts: Vec<Part> = ranges.iter().map(part).collect();
        let mut windows: Vec<(&Part, Range<usize>)> = Vec::new();
        for part in &parts {
            windows.extend(features::windows(&part.tokens, self.window).into_iter().map(|window| (part, window)));
        }
        let mut order: Vec<usize> = (0..windows.len()).collect();
        order.sort_by_key(|&k| std::cmp::Reverse(windows[k].1.len()));
        let mut results: Vec<WindowFound> = windows.iter().map(|_| WindowFound::default()).collect();
        for numbers in order.chunks(group) {
            let items: Vec<(&Part, Range<usize>)> = numbers.iter().map(|&k| windows[k].clone()).collect();
            for (&number, result) in numbers.iter().zip(self.read_windows(text, &items, second)) {
                results[number] = result;
            }
        }
        let mut found = Found::default();
        windows
            .iter()
            .zip(results)
            .for_each(|((part, window), result)| self.gather(part, window.start, result, &mut found));
        found
    }

    fn read_windows(&self, text: &str, items: &[(&Part, Range<usize>)], second: Option<&Model>) -> Vec<WindowFound> {
        let (encoded, places) = self.encode(text, items);
        let mut values = self.heads.scores(&encoded);
        let second = second.map(|second| {
            let (encoded, _) = second.encode(text, items);
            let mut others = second.heads.scores(&encoded);
            self.heads.average(&mut values, &second.heads, &mut others);
            (second, encoded, others)
        });
        let read = |((part, window), place): (&(&Part, Range<usize>), &Range<usize>)| {
            let positions = Positions::new(&part.tokens, window.clone());
            let scores = self.heads.window(&values, place);
            let cues = decode::candidates(scores, &self.settings);
            let encoded = self.of_window(&encoded, place);
            let mut read = self.heads.read(scores, encoded, &cues, &positions);
            let others = second.as_ref().map(|(second, encoded, others)| {
                let scores = second.heads.window(others, place);
                let encoded = second.of_window(encoded, place);
                let read = second.heads.read(scores, encoded, &cues, &positions);
                Window { heads: &second.heads, encoded, read }
            });
            if let Some(others) = &others {
                read.iter_mut().zip(&others.read).for_each(|(read, other)| read.average(other));
            }
            let statements = decode::statements(scores, &cues, &read, &positions, &self.settings);
            let statements = with_details(statements, &Window { heads: &self.heads, encoded, read }, others.as_ref());
            WindowFound { statements, ..self.tagged(scores) }
        };
        items.iter().zip(&places).map(read).collect()
    }

    /// Those of some encoded tokens that are at the place of a window.
    fn of_window<'e>(&self, encoded: &'e [f32], place: &Range<usize>) -> &'e [f32] {
        let size = self.encoder.outputs();
        &encoded[place.start * size..place.end * size]
    }

    /// The numbers of every token of some windows, and which of them are each window's.
    fn encode(&self, text: &str, items: &[(&Part, Range<usize>)]) -> (Vec<f32>, Vec<Range<usize>>) {
        let mut end = 0;
        let place = |(_, window): &(&Part, Range<usize>)| {
            end += window.len();
            end - window.len()..end
        };
        let places: Vec<Range<usize>> = items.iter().map(place).collect();
        let tokens = items.iter().flat_map(|(part, window)| window.clone().map(move |k| (*part, k)));
        let row = |(part, k): (&Part, usize)| self.vocabulary.row(&text[part.start..], &part.tokens, k);
        let encoded = match &self.encoder {
            Encoder::Fast(fast) => fast.encode(&tokens.map(row).collect::<Vec<_>>(), &places),
            Encoder::Accurate(accurate) => {
                let pieces = |(part, k): (&Part, usize)| {
                    let word = &text[part.start..][part.tokens.bytes[k].clone()];
                    accurate.pieces(word, part.tokens.quotation[k].mark())
                };
                let tokens: Vec<_> = tokens.map(|token| (row(token), pieces(token))).collect();
                accurate.encode(&tokens, &places)
            }
        };
        (encoded, places)
    }

    /// What the taggers say of a window.
    fn tagged(&self, scores: Scores) -> WindowFound {
        let best = |token: usize| {
            let scores = scores.of(Tagger::Nominals, token);
            let label = (0..scores.len()).rev().max_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap_or(0);
            (label > 0).then(|| (token, label - 1))
        };
        let happens = |token: usize| {
            let scores = scores.of(Tagger::Events, token);
            scores[1] > scores[0]
        };
        WindowFound {
            statements: Vec::new(),
            names: decode::tagged::<N_NAME_LABELS>(scores, Tagger::Names),
            nominals: (0..scores.len()).filter_map(best).collect(),
            events: (0..scores.len()).filter(|&token| happens(token)).collect(),
        }
    }

    fn gather(&self, part: &Part, first: usize, result: WindowFound, found: &mut Found) {
        let bytes = |token: usize| &part.tokens.bytes[first + token];
        let span =
            |run: &Range<usize>| Span::new(part.start + bytes(run.start).start, part.start + bytes(run.end - 1).end);
        found.statements.extend(result.statements.iter().map(|(statement, told)| FoundStatement {
            content: statement.content.iter().map(span).collect(),
            cue: statement.cue.as_ref().map(span),
            source: statement.source.as_ref().map(span),
            confidence: statement.confidence,
            details: told.as_ref().map(|told| FoundDetails {
                act: told.act,
                negated: told.negated,
                addressee: told.addressee.as_ref().map(|(run, p)| (span(run), *p)),
                channel: told.channel.as_ref().map(|(run, p, kind)| (span(run), *p, *kind)),
            }),
        }));
        found.names.extend(result.names.iter().map(|(run, class)| (span(run), self.names[*class])));
        let nominals = result.nominals.iter().map(|&(token, class)| (span(&(token..token + 1)), self.nominals[class]));
        found.nominals.extend(nominals);
        found.events.extend(result.events.iter().map(|&token| span(&(token..token + 1))));
    }
}

/// Adds to the statements with a cue what else it tells, which is not read of the many candidates that give none.
fn with_details(
    statements: Vec<decode::Found>,
    own: &Window,
    others: Option<&Window>,
) -> Vec<(decode::Found, Option<Told>)> {
    let numbers: Vec<usize> = statements.iter().filter_map(|found| found.candidate).collect();
    let scores = |window: &Window| window.heads.details(numbers.iter().map(|&at| &window.read[at]), window.encoded);
    let mut details = scores(own);
    if let Some(others) = others {
        details.iter_mut().zip(&scores(others)).for_each(|(details, other)| details.average(other));
    }
    let mut told = details.iter().map(|scores| own.heads.details.told(scores, own.encoded));
    let with_details = |found: decode::Found| {
        let told = found.candidate.and_then(|_| told.next());
        (found, told)
    };
    statements.into_iter().map(with_details).collect()
}

fn vocabulary(file: &File) -> Result<Vocabulary, ModelError> {
    let mut cues = Vec::new();
    for line in file.lines("cues")?.filter(|line| !line.is_empty()) {
        let (word, bucket) =
            line.split_once('\t').ok_or_else(|| wrong("cues", format_args!("no bucket in {line:?}")))?;
        let bucket = bucket.parse().ok().filter(|bucket| *bucket < 8);
        cues.push((word, bucket.ok_or_else(|| wrong("cues", format_args!("no such bucket: {line:?}")))?));
    }
    let cues = Words::new(cues.into_iter());
    if file.header.kind != "fast" {
        return Ok(Vocabulary { words: Words::default(), cues, hashed: [(0, 1); N_HASHED] });
    }
    // The tables' names and rows were checked with the encoder.
    let hashed = HASHED.map(|name| file.header.hashed.get(name).map_or((0, 1), |table| (table.kind, table.rows)));
    if hashed.iter().any(|(_, rows)| *rows == 0) {
        return Err(wrong("hashed", "a table without rows"));
    }
    Ok(Vocabulary { words: Words::new(file.lines("static")?.zip(1..)), cues, hashed })
}

fn kinds(names: &[String]) -> Result<Vec<NameKind>, ModelError> {
    let kind = |name: &String| match name.as_str() {
        "person" => Ok(NameKind::Person),
        "organization" => Ok(NameKind::Organization),
        "place" => Ok(NameKind::Place),
        "group" => Ok(NameKind::Group),
        "event" => Ok(NameKind::Event),
        "work" => Ok(NameKind::Work),
        "other" => Ok(NameKind::Other),
        _ => Err(wrong("names", format_args!("no such kind: {name:?}"))),
    };
    names.iter().map(kind).collect()
}
