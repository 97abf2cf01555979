//! Whom a pronoun or a role noun may mean: candidates, what speaks for each, and the weights learnt for it.
//!
//! The candidates are the figures that were named or spoke in the sentences before, as far back as [`MAX_TOKENS`].
//! Gender and kind rule out some; each of the others has features, and their learnt weights
//! (`lang/en/antecedents.tsv`, made by `training/coreference.py`) add up to its score. The best is chosen if its score
//! is above that of "nobody whom the article names".

use std::collections::BTreeMap;
use std::ops::Range;

use rapporteur_record::EntityKind;

use crate::classes::Classes;
use crate::entities::{Cast, Office};
use crate::phrases::Phrases;
use crate::reading::Reading;
use crate::resolve::holds;

/// What kind of word stands for somebody: each has weights of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anaphor {
    /// "he", "she"
    Person,
    /// "it"
    Thing,
    /// "they"
    Several,
    /// "the envoy"
    Role,
    /// "the ministry"
    Body,
}

impl Anaphor {
    const NAMES: [&str; 5] = ["person", "thing", "several", "role", "body"];
}

macro_rules! features {
    ($($feature:ident = $name:literal;)*) => {
        /// What may speak for or against a candidate.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Feature { $(#[doc = $name] $feature),* }
        const FEATURES: &[&str] = &[$($name),*];
    };
}

features! {
    Nobody = "nobody";
    SameSentence = "same-sentence";
    SentenceBefore = "sentence-before";
    TwoBefore = "two-sentences-before";
    FewBefore = "3-to-5-sentences-before";
    LongBefore = "6-or-more-sentences-before";
    SameParagraph = "same-paragraph";
    ParagraphBefore = "paragraph-before";
    Nearest = "nearest-of-those-that-fit";
    Second = "second-nearest";
    First = "first-in-order-of-subjects";
    Next = "second-in-order-of-subjects";
    Only = "nobody-else-fits";
    Spoke = "spoke-there";
    SpokeLast = "spoke-last";
    SpokeEver = "spoke-within-reach";
    FirstNamed = "first-named-of-its-sentence";
    FirstNamedHere = "first-named-of-the-same-sentence";
    FirstNamedBefore = "first-named-of-the-sentence-before";
    OpensParagraph = "first-named-of-the-paragraph";
    Owner = "only-says-whose";
    AfterPreposition = "after-a-preposition";
    Listed = "listed-with-another";
    Quoted = "only-in-quotations";
    InContent = "in-what-is-said";
    FullName = "by-full-name";
    Described = "has-no-name";
    GenderKnown = "gender-agrees";
    KindPerson = "person";
    KindOther = "kind-unknown";
    KindBody = "organization";
    KindState = "state";
    KindGroup = "group";
    KindWork = "work";
    Agency = "passes-on-news";
    AgencyToo = "passes-on-news-as-the-noun-says";
    HasRole = "has-a-role";
    NoRole = "has-no-role";
    MentionedOnce = "one-mention";
    MentionedTwice = "two-mentions";
    MentionedOften = "three-or-more-mentions";
    SameRole = "same-role";
    OtherRole = "other-role";
    SameCountry = "same-country";
    OtherCountry = "other-country";
    NounInName = "noun-is-in-its-name";
    Bare = "definite-without-more";
    BeginsAfterFirst = "first-named-of-the-sentence-before-one-that-begins-so";
    BeginsAfterSpeaker = "spoke-last-before-a-sentence-that-begins-so";
    BeginsParagraphAfterSpeaker = "spoke-last-before-a-paragraph-that-begins-so";
    WithinAfterFirst = "first-named-of-the-sentence-and-followed-so";
    WithinAfterSpeaker = "spoke-in-the-same-sentence";
    Modified = "definite-with-more";
    Owned = "not-definite";
}

/// The learnt weights, by feature and anaphor.
#[derive(Debug)]
pub(crate) struct Weights(Vec<[f32; 5]>);

impl Weights {
    /// The table `antecedents.tsv`: a feature a row, an anaphor a column; what is missing weighs nothing.
    ///
    /// # Panics
    /// If the table names a feature or an anaphor that is none: it is part of the program.
    pub(crate) fn parse(table: &str) -> Self {
        let mut rows = table.lines().filter(|line| !line.starts_with('#'));
        let header: Vec<usize> =
            rows.next().into_iter().flat_map(|line| line.split('\t').skip(1)).map(column).collect();
        let mut weights = vec![[0.0; 5]; FEATURES.len()];
        for row in rows {
            let mut cells = row.split('\t');
            let name = cells.next().unwrap_or("");
            let found = FEATURES.iter().position(|feature| *feature == name);
            let feature = found.unwrap_or_else(|| panic!("antecedents.tsv: no feature is called {name}"));
            for (&column, cell) in header.iter().zip(cells) {
                weights[feature][column] = cell.parse().expect("antecedents.tsv: weights are numbers");
            }
        }
        Weights(weights)
    }

    fn score(&self, anaphor: Anaphor, features: &[Feature]) -> f32 {
        features.iter().map(|&feature| self.0[feature as usize][anaphor as usize]).sum()
    }
}

fn column(name: &str) -> usize {
    let found = Anaphor::NAMES.iter().position(|anaphor| *anaphor == name);
    found.unwrap_or_else(|| panic!("antecedents.tsv: no anaphor is called {name}"))
}

/// What is known of a role noun when somebody is looked for.
pub(crate) struct Described<'d> {
    pub(crate) office: &'d Office,
    /// "the agency", "the newspaper"
    pub(crate) passes_on: bool,
    /// "the Turkish diplomat", but not "Adair's aide".
    pub(crate) definite: bool,
    /// "the envoy": nothing but the noun.
    pub(crate) bare: bool,
}

/// What is asked: who of those before token `at` is meant.
pub(crate) struct Question<'q> {
    pub(crate) anaphor: Anaphor,
    pub(crate) at: usize,
    pub(crate) gender: Classes,
    /// The contents of the report whose source it is.
    pub(crate) content: &'q [Range<usize>],
    /// Who can't be meant.
    pub(crate) not: &'q [usize],
    pub(crate) described: Option<Described<'q>>,
}

/// Somebody who may be meant.
#[derive(Debug)]
pub(crate) struct Candidate {
    pub(crate) figure: usize,
    pub(crate) features: Vec<Feature>,
    pub(crate) score: f32,
}

impl Candidate {
    /// "the agency", "the newspaper" after one that passed on news.
    pub(crate) fn agency_too(&self) -> bool {
        self.features.contains(&Feature::AgencyToo)
    }
}

/// What a search found.
#[derive(Debug)]
pub(crate) struct Found {
    #[cfg_attr(not(test), expect(dead_code, reason = "training has weights for each"))]
    pub(crate) anaphor: Anaphor,
    /// Best first; of equals the nearest leads.
    pub(crate) candidates: Vec<Candidate>,
    #[cfg_attr(not(test), expect(dead_code, reason = "training has weights for each"))]
    pub(crate) nobody: Vec<Feature>,
    /// The score that a candidate has to pass.
    pub(crate) least: f32,
}

/// Who was chosen for a source, and whom else it might have been; figures are numbers of the cast.
#[derive(Clone, Debug)]
pub(crate) struct Antecedents {
    /// The tokens of the pronoun or noun phrase.
    pub(crate) phrase: Range<usize>,
    /// The best few with their scores, the chosen one among them.
    pub(crate) candidates: Vec<(usize, f32)>,
}

/// Where a figure was last met, going back.
struct Met {
    figure: usize,
    token: usize,
    sentences_back: usize,
    paragraphs_back: usize,
    spoke: bool,
    spoke_ever: bool,
    first_named: bool,
    opens_paragraph: bool,
    owner: bool,
    preposition: bool,
    listed: bool,
    quoted: bool,
    in_content: bool,
    long: bool,
    agency: bool,
    by_name: bool,
}

/// Finds and scores candidates.
pub(crate) struct Search<'s, 'r, 'a> {
    pub(crate) phrases: &'s Phrases<'r, 'a>,
    pub(crate) cast: &'s Cast,
    /// Those who spoke, by the first token of the source.
    pub(crate) speakers: &'s BTreeMap<usize, Vec<usize>>,
    /// What was said so far, by its first token: its end, and who said it.
    pub(crate) contents: &'s BTreeMap<usize, (usize, Option<usize>)>,
    /// Those of them that are turns of a transcript.
    pub(crate) turns: &'s BTreeMap<usize, (usize, Option<usize>)>,
}

impl Search<'_, '_, '_> {
    /// The candidates with their scores, and the score of nobody.
    pub(crate) fn find(&self, question: &Question, weights: &Weights) -> Found {
        let met = self.met(question);
        let order = order_of_subjects(&met);
        // "Adair recalled that Osk had said …": Adair spoke last.
        let spoke_last = met
            .iter()
            .filter(|met| met.spoke && !self.is_told(met.token, question.at))
            .max_by_key(|met| met.token)
            .map(|met| met.figure);
        let reading = self.phrases.reading;
        let begins = self.begins(question.at);
        let begins_paragraph =
            begins && reading.paragraph_at(question.at).is_some_and(|paragraph| paragraph.tokens.start == question.at);
        let mut candidates: Vec<Candidate> = met
            .iter()
            .enumerate()
            .map(|(rank, one)| {
                let mut features = self.features(question, one);
                let mut note = |holds: bool, feature| features.extend(holds.then_some(feature));
                note(rank == 0, Feature::Nearest);
                note(rank == 1, Feature::Second);
                note(order.first() == Some(&rank), Feature::First);
                note(order.get(1) == Some(&rank), Feature::Next);
                note(met.len() == 1, Feature::Only);
                let speaker = spoke_last == Some(one.figure);
                note(speaker, Feature::SpokeLast);
                note(begins && one.first_named && one.sentences_back == 1, Feature::BeginsAfterFirst);
                note(begins && speaker, Feature::BeginsAfterSpeaker);
                note(begins_paragraph && speaker, Feature::BeginsParagraphAfterSpeaker);
                note(!begins && one.first_named && one.sentences_back == 0, Feature::WithinAfterFirst);
                note(one.spoke && one.sentences_back == 0, Feature::WithinAfterSpeaker);
                let score = weights.score(question.anaphor, &features);
                Candidate { figure: one.figure, features, score }
            })
            .collect();
        candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
        let nobody = nobody(question);
        let least = weights.score(question.anaphor, &nobody);
        Found { anaphor: question.anaphor, candidates, nobody, least }
    }

    /// Whether token `at` stands in what somebody said, and `asked` does not.
    fn is_told(&self, at: usize, asked: usize) -> bool {
        self.contents
            .range(..=at)
            .rev()
            .take(MAX_HOLDING)
            .any(|(start, (end, _))| at < *end && *end <= asked && !self.turns.contains_key(start))
    }

    /// Whether a preposition brings in the name at `at`, with or without an office: "by | the envoy | Adair".
    fn follows_preposition(&self, at: usize, floor: usize) -> bool {
        let tokens = &self.phrases.reading.tokens;
        let title = Classes::ROLE | Classes::HONORIFIC | Classes::OPENER;
        let of_office = |token: usize| tokens[token].is(title) || tokens[token].is_capital();
        let floor = floor.max(at.saturating_sub(MAX_OFFICE));
        let noun = at > floor && tokens[at - 1].is(Classes::ROLE | Classes::HONORIFIC);
        let start = if noun { (floor..at).rev().find(|&token| !of_office(token)) } else { at.checked_sub(1) };
        start.is_some_and(|before| before >= floor && tokens[before].is(Classes::PREPOSITION))
    }

    /// Whether a sentence begins with token `at`, or with a quotation that ends before it.
    fn begins(&self, at: usize) -> bool {
        let reading = self.phrases.reading;
        let Some(sentence) = reading.sentence_at(at) else { return false };
        let quoted = reading.opens_quote(sentence.start).is_some_and(|quote| quote.tokens.end <= at);
        (sentence.start..at).all(|before| {
            let token = &reading.tokens[before];
            quoted && token.quote.is_some() || !token.is_word() || token.is(Classes::CONJUNCTION | Classes::ADVERB)
        })
    }

    /// Those who fit and were met within reach, nearest first.
    fn met(&self, question: &Question) -> Vec<Met> {
        let reading = self.phrases.reading;
        let number = reading.paragraphs.partition_point(|paragraph| paragraph.tokens.end <= question.at);
        let last = number.min(reading.paragraphs.len().saturating_sub(1));
        let floor = question.at.saturating_sub(MAX_TOKENS);
        let (mut met, mut sentences_back): (Vec<Met>, usize) = (Vec::new(), 0);
        for (paragraphs_back, paragraph) in reading.paragraphs[..=last].iter().rev().enumerate().take(MAX_PARAGRAPHS) {
            let before = paragraph.sentences.partition_point(|sentence| sentence.start <= question.at);
            for (number, sentence) in paragraph.sentences[..before].iter().enumerate().rev() {
                if sentence.end <= floor || met.len() >= MAX_CANDIDATES {
                    return met;
                }
                self.meet(question, sentence, (sentences_back, paragraphs_back, number == 0), &mut met);
                sentences_back += 1;
            }
        }
        met
    }

    fn meet(
        &self,
        question: &Question,
        sentence: &Range<usize>,
        (sentences_back, paragraphs_back, leads): (usize, usize, bool),
        met: &mut Vec<Met>,
    ) {
        let reading = self.phrases.reading;
        let names = self.phrases.names;
        let end = sentence.end.min(question.at);
        let in_content = |token: usize| question.content.iter().any(|content| content.contains(&token));
        let spoke: Vec<(usize, usize)> = self
            .speakers
            .range(sentence.start..end.max(sentence.start))
            .flat_map(|(token, numbers)| numbers.iter().map(move |number| (*token, *number)))
            .collect();
        let free = |token: usize| reading.tokens[token].quote.is_none() && !in_content(token);
        let owns = |next: usize| next < reading.tokens.len() && reading.is_possessive(next);
        let first = names
            .iter_in(sentence.start..end)
            .find(|name| !name.demonym && free(name.tokens.start) && !owns(name.tokens.end))
            .map(|name| name.tokens.start);
        let mut here: Vec<Met> = Vec::new();
        for name in names.iter_in(sentence.start..end).filter(|name| !name.demonym) {
            let Some(figure) = self.cast.of(name) else { continue };
            // "the North" is nobody.
            let person = matches!(question.anaphor, Anaphor::Person | Anaphor::Role);
            if person && self.cast.figures[figure].kind == EntityKind::Other && self.follows_definite(name.tokens.start)
            {
                continue;
            }
            let token = name.tokens.start;
            let before = token.checked_sub(1).filter(|before| *before >= sentence.start);
            here.push(Met {
                figure,
                token,
                sentences_back,
                paragraphs_back,
                spoke: false,
                spoke_ever: false,
                first_named: first == Some(token),
                opens_paragraph: leads && first == Some(token),
                owner: owns(name.tokens.end),
                preposition: self.follows_preposition(token, sentence.start),
                listed: before.is_some_and(|before| reading.tokens[before].is(Classes::AND)),
                quoted: reading.tokens[token].quote.is_some(),
                in_content: in_content(token),
                long: name.tokens.len() > 1,
                agency: name.agency,
                by_name: true,
            });
        }
        for &(token, figure) in &spoke {
            match here.iter_mut().find(|other| other.figure == figure && other.token >= token) {
                Some(other) => other.spoke = true,
                None => here.push(Met {
                    figure,
                    token,
                    sentences_back,
                    paragraphs_back,
                    spoke: true,
                    spoke_ever: true,
                    first_named: first.is_none(),
                    opens_paragraph: leads && first.is_none(),
                    owner: false,
                    preposition: false,
                    listed: false,
                    quoted: false,
                    in_content: false,
                    long: false,
                    agency: false,
                    by_name: false,
                }),
            }
        }
        here.sort_by_key(|one| std::cmp::Reverse(one.token));
        for one in here {
            match met.iter_mut().find(|other| other.figure == one.figure) {
                Some(other) => {
                    other.spoke_ever |= one.spoke;
                    other.agency |= one.agency;
                    // Where somebody was last met outside of what is said tells more; so does where they spoke.
                    let freer = (other.quoted || other.in_content) && !(one.quoted || one.in_content);
                    let same = other.sentences_back == sentences_back;
                    if freer || same && (one.spoke || one.first_named) {
                        let (agency, spoke_ever) = (other.agency, other.spoke_ever);
                        let spoke = one.spoke || same && other.spoke;
                        *other = Met { agency, spoke_ever, spoke, ..one };
                    }
                }
                None if self.fits(question, one.figure) => met.push(Met { spoke_ever: one.spoke, ..one }),
                None => {}
            }
        }
    }

    fn follows_definite(&self, at: usize) -> bool {
        at > 0 && self.phrases.reading.tokens[at - 1].is(Classes::DEFINITE)
    }

    fn fits(&self, question: &Question, number: usize) -> bool {
        use EntityKind::{Group, Organization, Other, Person, Place, State, Work};
        let figure = &self.cast.figures[number];
        if question.not.contains(&number) {
            return false;
        }
        let genders = Classes::GENDERS;
        let gender = !question.gender.any(genders)
            || !figure.gender.any(genders)
            || figure.gender.any(question.gender & genders);
        let named = figure.mentions.iter().take(4).any(|mention| mention.form == rapporteur_record::Form::Name);
        match question.anaphor {
            Anaphor::Person | Anaphor::Role => gender && (figure.kind == Person || figure.kind == Other && named),
            Anaphor::Thing => matches!(figure.kind, Organization | State | Work | Place),
            Anaphor::Several => matches!(figure.kind, Group | Organization | State),
            Anaphor::Body => figure.kind == Organization || figure.kind == Other && named,
        }
    }

    fn features(&self, question: &Question, met: &Met) -> Vec<Feature> {
        let figure = &self.cast.figures[met.figure];
        let mut features = vec![
            match met.sentences_back {
                0 => Feature::SameSentence,
                1 => Feature::SentenceBefore,
                2 => Feature::TwoBefore,
                3..=5 => Feature::FewBefore,
                _ => Feature::LongBefore,
            },
            match figure.kind {
                EntityKind::Person => Feature::KindPerson,
                EntityKind::Organization => Feature::KindBody,
                EntityKind::State | EntityKind::Place => Feature::KindState,
                EntityKind::Group => Feature::KindGroup,
                EntityKind::Work => Feature::KindWork,
                _ => Feature::KindOther,
            },
            match figure.mentions.len() {
                0 | 1 => Feature::MentionedOnce,
                2 => Feature::MentionedTwice,
                _ => Feature::MentionedOften,
            },
            if figure.roles.is_empty() { Feature::NoRole } else { Feature::HasRole },
        ];
        let notes = [
            (met.paragraphs_back == 0, Feature::SameParagraph),
            (met.paragraphs_back == 1, Feature::ParagraphBefore),
            (met.spoke, Feature::Spoke),
            (met.spoke_ever, Feature::SpokeEver),
            (met.first_named, Feature::FirstNamed),
            (met.first_named && met.sentences_back == 0, Feature::FirstNamedHere),
            (met.first_named && met.sentences_back == 1, Feature::FirstNamedBefore),
            (met.opens_paragraph, Feature::OpensParagraph),
            (met.owner, Feature::Owner),
            (met.preposition, Feature::AfterPreposition),
            (met.listed, Feature::Listed),
            (met.quoted, Feature::Quoted),
            (met.in_content, Feature::InContent),
            (met.long, Feature::FullName),
            (!met.by_name, Feature::Described),
            (figure.gender.any(question.gender), Feature::GenderKnown),
            (met.agency, Feature::Agency),
        ];
        features.extend(notes.into_iter().filter_map(|(holds, feature)| holds.then_some(feature)));
        if let Some(described) = &question.described {
            let same = holds(figure, described.office);
            let country = described.office.country.zip(figure.country).map(|(a, b)| a == b);
            let noun = figure.name.to_lowercase().split(' ').any(|word| word == described.office.noun);
            let notes = [
                (same, Feature::SameRole),
                (!same && !figure.roles.is_empty(), Feature::OtherRole),
                (country == Some(true), Feature::SameCountry),
                (country == Some(false), Feature::OtherCountry),
                (noun, Feature::NounInName),
                (met.agency && described.passes_on, Feature::AgencyToo),
            ];
            features.extend(notes.into_iter().filter_map(|(holds, feature)| holds.then_some(feature)));
        }
        features
    }
}

/// What speaks for nobody.
fn nobody(question: &Question) -> Vec<Feature> {
    let mut features = vec![Feature::Nobody];
    if let Some(described) = &question.described {
        features.push(match (described.definite, described.bare) {
            (true, true) => Feature::Bare,
            (true, false) => Feature::Modified,
            (false, _) => Feature::Owned,
        });
    }
    features
}

/// The candidates by sentence, going back, and in each first those who spoke and then those named first.
fn order_of_subjects(met: &[Met]) -> Vec<usize> {
    let mut order: Vec<usize> =
        (0..met.len()).filter(|&number| !met[number].quoted && !met[number].owner && !met[number].in_content).collect();
    order.sort_by_key(|&number| (met[number].sentences_back, !met[number].spoke, met[number].token));
    order
}

/// Candidates stand no further back than this, in tokens.
const MAX_TOKENS: usize = 600;

/// Candidates stand no further back than this.
const MAX_PARAGRAPHS: usize = 8;

/// No sentence further back is looked at once there are this many.
const MAX_CANDIDATES: usize = 16;

/// A token is looked for in no more contents that begin before it than this.
const MAX_HOLDING: usize = 8;

/// An office before a name has no more tokens than this.
const MAX_OFFICE: usize = 6;

/// Whether token `at` is the first person: "I", "we".
pub(crate) fn is_first_person(reading: &Reading, at: usize) -> bool {
    reading.tokens[at].is(Classes::FIRST_PERSON)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::io::{BufRead, BufReader, BufWriter, Write};

    use rapporteur_record::{Article, Block, BlockKind, Span};

    use super::*;
    use crate::lang::Lexicon;
    use crate::names::Names;
    use crate::resolve::Resolver;
    use crate::{attribute, quoted};

    #[test]
    fn weights_are_read_by_feature_and_anaphor() {
        let weights = Weights::parse("# about\nfeature\tperson\trole\nnobody\t1.5\t-2\nspoke-last\t0.25\t3\n");
        assert_eq!(weights.score(Anaphor::Person, &[Feature::Nobody, Feature::SpokeLast]), 1.75);
        assert_eq!(weights.score(Anaphor::Role, &[Feature::SpokeLast]), 3.0);
        assert_eq!(weights.score(Anaphor::Thing, &[Feature::SpokeLast]), 0.0);
    }

    /// What a training document asks: the candidates and features of some phrases.
    #[derive(serde::Deserialize)]
    struct Asked {
        text: String,
        /// In bytes.
        paragraphs: Vec<(usize, usize)>,
        /// In bytes, in order.
        phrases: Vec<(usize, usize)>,
    }

    /// The features of training data, for `training/coreference.py`: reads `ANTECEDENTS_IN`, writes `ANTECEDENTS_OUT`,
    /// both a JSON object a line.
    #[test]
    #[ignore = "a step of training, not a test"]
    fn write_features() {
        let path = |name| std::env::var_os(name).unwrap_or_else(|| panic!("{name} is not set"));
        let input = BufReader::new(std::fs::File::open(path("ANTECEDENTS_IN")).unwrap());
        let mut output = BufWriter::new(std::fs::File::create(path("ANTECEDENTS_OUT")).unwrap());
        let lexicon = Lexicon::english();
        for line in input.lines() {
            let asked: Asked = serde_json::from_str(&line.unwrap()).unwrap();
            let answers = answers(&asked, &lexicon);
            serde_json::to_writer(&mut output, &answers).unwrap();
            writeln!(output).unwrap();
        }
    }

    fn answers(asked: &Asked, lexicon: &Lexicon) -> Vec<serde_json::Value> {
        let block = |&(start, end): &(usize, usize)| Block { kind: BlockKind::Paragraph, span: Span::new(start, end) };
        let blocks = asked.paragraphs.iter().map(block).collect();
        let article = Article { text: asked.text.clone(), blocks, ..Article::default() };
        let reading = Reading::new(&article, lexicon);
        let names = Names::find(&reading);
        let phrases = Phrases { reading: &reading, names: &names };
        let mut reports: Vec<_> =
            (0..reading.paragraphs.len()).map(|number| attribute::reports(&reading, &names, number)).collect();
        quoted::link(&phrases, &mut reports);
        let mut reports: Vec<_> = reports.into_iter().flatten().collect();
        reports.sort_by_key(|report| report.source.as_ref().map_or(0, |source| source.start));
        let by_source: HashMap<usize, usize> = reports
            .iter()
            .enumerate()
            .filter_map(|(number, report)| Some((report.source.as_ref()?.start, number)))
            .collect();
        let mut resolver = Resolver::new(&phrases, Cast::gather(&phrases));
        let mut next = 0;
        let mut answers = Vec::new();
        for &(start, end) in &asked.phrases {
            let first = reading.tokens.partition_point(|token| token.span.end() <= start);
            let last = reading.tokens.partition_point(|token| token.span.start() < end);
            while next < reports.len() && reports[next].source.as_ref().is_none_or(|source| source.start < first) {
                resolver.speakers(&reports[next]);
                next += 1;
            }
            let content: &[Range<usize>] = by_source.get(&first).map_or(&[], |&number| &reports[number].content);
            let found = (first < last).then(|| resolver.question(&(first..last), content)).flatten();
            let source = by_source.contains_key(&first);
            answers.push(found.map_or(serde_json::Value::Null, |found| answer(&resolver, &found, source)));
        }
        answers
    }

    fn answer(resolver: &Resolver, found: &Found, source: bool) -> serde_json::Value {
        let names = |features: &[Feature]| -> Vec<&str> {
            features.iter().map(|&feature| FEATURES[feature as usize]).collect()
        };
        let candidate = |candidate: &Candidate| {
            let mentions = &resolver.cast.figures[candidate.figure].mentions;
            let spans: Vec<_> = mentions.iter().map(|mention| (mention.span.start(), mention.span.end())).collect();
            serde_json::json!({"features": names(&candidate.features), "mentions": spans})
        };
        let candidates: Vec<_> = found.candidates.iter().map(candidate).collect();
        let anaphor = Anaphor::NAMES[found.anaphor as usize];
        let nobody = names(&found.nobody);
        serde_json::json!({"anaphor": anaphor, "source": source, "nobody": nobody, "candidates": candidates})
    }
}
