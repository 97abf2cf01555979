//! Why: how each statement came about.
//!
//! The steps leave a [`Trace`] of what the record doesn't tell: by which form the rules found a statement, how sure
//! the model was of it, what kind of words its source is, what was left out. [`tell`] joins the trace with the finished
//! document, from which the rest can be read: whom a pronoun was taken for, and who else was in reach.

use std::cmp::Reverse;
use std::ops::Range;

use rapporteur_record::{Act, ChannelKind, Document, Entity, EntityKind, Form, Offsets, Quotation, Span, Statement};
use serde::Serialize;

use crate::attribute::{Pattern, Report, Taken};
pub use crate::merge::Loss;
use crate::merge::Lost;
use crate::phrases::Head;
use crate::reading::Reading;
use crate::resolve::Resolver;
use crate::statements;

/// How the statements of a document came about.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Why {
    /// Whose weights were read with; `None` for rules alone.
    pub reader: Option<Reader>,
    /// One for each statement of the document, in its order.
    pub statements: Vec<Explanation>,
    /// What was found and left out, in the order of the text.
    pub dropped: Vec<Dropped>,
}

/// Whose weights find something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reader {
    /// The fast ones, which are built in.
    Fast,
    /// The accurate ones.
    Accurate,
    /// Those of a file that the caller named.
    Given,
}

/// Some words of the article, and where they stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Words {
    /// The words.
    pub text: String,
    /// Where they stand.
    pub span: Span,
}

/// How one statement came about.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// The statement's id.
    pub statement: usize,
    /// What is said.
    pub content: Vec<Words>,
    /// How much of it stands in quotation marks.
    pub quotation: Quotation,
    /// The words that say that it is said.
    pub cue: Vec<Words>,
    /// What is done by saying it.
    pub act: Act,
    /// Whether the cue says that it was not said.
    pub negated: bool,
    /// The rule that found it; `None` if only the model did.
    pub rule: Option<Rule>,
    /// What the model made of it; `None` if only the rules found it.
    pub model: Option<Learned>,
    /// Who says it, and how that is known.
    pub speaker: Speaker,
    /// To whom it is said.
    pub addressee: Option<Party>,
    /// By what means.
    pub channel: Option<Means>,
    /// Who passed it on, nearest the speaker first.
    pub via: Vec<Party>,
    /// The statement that this one stands in.
    pub inside: Option<usize>,
    /// How sure it is, from 0 to 1.
    pub confidence: f32,
    /// Where that number comes from.
    pub measured: Measure,
}

/// A form by which the rules find statements.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Rule {
    /// A short name, "that".
    pub name: &'static str,
    /// What the form is, in words.
    pub form: &'static str,
    /// How often content and source are right, from 0 to 1, as measured.
    pub reliability: f32,
}

/// What a model made of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Learned {
    /// Whose weights.
    pub reader: Reader,
    /// How likely it took it to be a statement with this content, from 0 to 1.
    pub confidence: f32,
    /// Whether it moved the ends of the content that the rules saw.
    pub moved_content: bool,
    /// Whether it chose another source than the rules.
    pub moved_source: bool,
    /// Whether it told the act, of which no rule knew.
    pub told_act: bool,
    /// Whether it told to whom, where no rule did.
    pub told_addressee: bool,
    /// Whether it told by what means, where no rule did.
    pub told_channel: bool,
}

/// Where a confidence comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// It is the model's.
    Model,
    /// It is how often the rule is right.
    Rule,
    /// It is how often a statement inside another is right.
    Inside,
}

/// Who says something, and how that is known.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Speaker {
    /// The words that name the source.
    pub source: Vec<Words>,
    /// What kind of words they are.
    pub form: SourceForm,
    /// Who is behind them: none if it can't be told, several if they speak jointly.
    pub entities: Vec<Named>,
    /// The last words before the source that name the speaker, where the source itself is no name.
    pub antecedent: Option<Words>,
    /// Who else could have been meant, the nearest first.
    pub against: Vec<Rival>,
    /// Who could have been meant with what score, the best first; empty where nothing is scored.
    pub antecedents: Vec<(String, f32)>,
}

/// What kind of words name a source, which decides how its speaker is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceForm {
    /// There are none.
    #[default]
    Nobody,
    /// "Lavrov"
    Name,
    /// "Kyiv", of what Ukraine says.
    Capital,
    /// "he"
    Pronoun,
    /// "the minister", of somebody who has a name elsewhere.
    RoleNoun,
    /// "a Turkish diplomat", of somebody who has no name.
    Description,
    /// "Britain and France", "both sides"
    Jointly,
    /// A headline's "official": whoever makes the same claim in the body.
    Headline,
}

/// An entity by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Named {
    /// The entity's id.
    pub entity: usize,
    /// Its name.
    pub name: String,
}

/// Somebody else who could have been meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rival {
    /// Who.
    #[serde(flatten)]
    pub who: Named,
    /// The last words before the source that name them, or the first at all.
    pub mention: Words,
}

/// To whom something is said, or who passes it on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Party {
    /// The words that name them.
    pub words: Words,
    /// Who they are, where it can be told.
    pub entity: Option<Named>,
    /// The words that say that they pass it on.
    pub cue: Vec<Words>,
    /// By what means.
    pub channel: Option<Means>,
}

/// By what means something is said.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Means {
    /// What it is.
    pub kind: ChannelKind,
    /// The words that say so.
    pub words: Words,
}

/// What was found and is no statement of the document.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Dropped {
    /// What would be said.
    pub content: Vec<Words>,
    /// The words that would say so.
    pub cue: Option<Words>,
    /// The words that would name the source.
    pub source: Option<Words>,
    /// The rule that found it; `None` if the model did.
    pub rule: Option<Rule>,
    /// How sure the model was of it, if it found it.
    pub confidence: Option<f32>,
    /// Why it was left out.
    pub reason: Loss,
    /// The statement that has most of its words.
    pub kept: Option<usize>,
}

impl Why {
    /// What is told, as one JSON object, indented; its spans are counted in `offsets` in the text of `document`.
    pub fn to_json_pretty(&self, document: &Document, offsets: Offsets) -> String {
        #[derive(Serialize)]
        struct Printed<'a> {
            schema: &'static str,
            offsets: Offsets,
            article: Head<'a>,
            #[serde(flatten)]
            why: &'a Why,
            notes: &'a [String],
        }
        #[derive(Serialize)]
        struct Head<'a> {
            id: &'a str,
            url: Option<&'a str>,
            title: Option<&'a str>,
        }
        let mut copy = self.clone();
        let mut spans = Vec::new();
        copy.for_each_words(|words| spans.push(words.span));
        offsets.convert(&document.article.text, &mut spans);
        let mut converted = spans.into_iter();
        copy.for_each_words(|words| words.span = converted.next().expect("one for each"));
        let article = &document.article;
        let printed = Printed {
            schema: SCHEMA,
            offsets,
            article: Head { id: &article.id, url: article.url.as_deref(), title: article.title.as_deref() },
            why: &copy,
            notes: &document.notes,
        };
        serde_json::to_string_pretty(&printed).expect("it has only strings for keys and nothing that fails to print")
    }

    /// Only what concerns one statement; `None` if there is none with that id.
    pub fn of(&self, statement: usize) -> Option<Why> {
        let explanation = self.statements.get(statement)?.clone();
        let dropped = self.dropped.iter().filter(|dropped| dropped.kept == Some(statement)).cloned().collect();
        Some(Why { reader: self.reader, statements: vec![explanation], dropped })
    }

    fn for_each_words(&mut self, mut see: impl FnMut(&mut Words)) {
        for explanation in &mut self.statements {
            explanation.for_each_words(&mut see);
        }
        for dropped in &mut self.dropped {
            dropped.content.iter_mut().chain(&mut dropped.cue).chain(&mut dropped.source).for_each(&mut see);
        }
    }
}

impl Explanation {
    fn for_each_words(&mut self, mut see: &mut impl FnMut(&mut Words)) {
        self.content.iter_mut().chain(&mut self.cue).for_each(&mut see);
        let speaker = &mut self.speaker;
        speaker.source.iter_mut().chain(&mut speaker.antecedent).for_each(&mut see);
        speaker.against.iter_mut().for_each(|rival| see(&mut rival.mention));
        self.channel.iter_mut().for_each(|channel| see(&mut channel.words));
        for party in self.addressee.iter_mut().chain(&mut self.via) {
            see(&mut party.words);
            party.cue.iter_mut().for_each(&mut see);
            party.channel.iter_mut().for_each(|channel| see(&mut channel.words));
        }
    }
}

/// The name and version of the JSON form.
const SCHEMA: &str = "rapporteur/why/1";

/// What the steps leave for [`tell`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Trace {
    pub(crate) reader: Option<Reader>,
    /// The parts of the text, in bytes, that the accurate model read after the fast one.
    pub(crate) read_again: Vec<Range<usize>>,
    /// One for each statement.
    pub(crate) reasons: Vec<Reason>,
    pub(crate) lost: Vec<LostWords>,
}

/// How one statement came about, as far as the record doesn't tell.
#[derive(Clone, Debug)]
pub(crate) struct Reason {
    pattern: Pattern,
    learned: Option<f32>,
    taken: Taken,
    form: SourceForm,
    /// The noun of a role, in lower case.
    noun: Option<String>,
    /// Who could have been meant with what score, for a resolver that scores them.
    antecedents: Vec<(String, f32)>,
}

/// A report that is no statement, in spans.
#[derive(Clone, Debug)]
pub(crate) struct LostWords {
    content: Vec<Span>,
    cue: Option<Span>,
    source: Option<Span>,
    pattern: Pattern,
    confidence: Option<f32>,
    loss: Loss,
}

/// How a report's statement came about: `speakers` were found for it, from the `headline`'s claim or by its source, which
/// may be `described` there for the first time.
pub(crate) fn reason(
    resolver: &Resolver,
    report: &Report,
    speakers: &[usize],
    headline: bool,
    described: bool,
) -> Reason {
    let mut reason = Reason {
        pattern: report.pattern,
        learned: report.model,
        taken: report.taken,
        form: SourceForm::Nobody,
        noun: None,
        antecedents: Vec::new(),
    };
    let source = report.named.as_ref().or(report.source.as_ref());
    let within = |phrase: &Range<usize>| source.is_some_and(|s| s.start <= phrase.start && phrase.end <= s.end);
    if let Some(asked) = resolver.antecedents.iter().rev().take(4).find(|asked| within(&asked.phrase)) {
        let named = |(figure, score): &(usize, f32)| (resolver.cast.figures[*figure].name.clone(), *score);
        reason.antecedents = asked.candidates.iter().map(named).collect();
    }
    let head = source.map(|source| resolver.phrases.head(source));
    reason.form = match head {
        _ if headline => SourceForm::Headline,
        None => SourceForm::Nobody,
        _ if speakers.len() > 1 => SourceForm::Jointly,
        Some(Head::Name(name)) => {
            let of_name = resolver.cast.of(name);
            let another = speakers.first().is_some_and(|speaker| Some(*speaker) != of_name);
            let atlas = &resolver.phrases.reading.lexicon.atlas;
            let state = |called: &str| name.kind == EntityKind::State && atlas.names_state(called);
            let of_state = of_name.is_some_and(|figure| state(&resolver.cast.figures[figure].name));
            let capital = of_state && !state(resolver.phrases.reading.words(&name.tokens)) && name.country.is_some();
            if another || capital { SourceForm::Capital } else { SourceForm::Name }
        }
        Some(Head::Pronoun(_)) => SourceForm::Pronoun,
        Some(Head::Noun(at)) => {
            reason.noun = Some(resolver.phrases.reading.written(at).to_lowercase());
            let named = |number: &usize| {
                resolver.cast.figures[*number].mentions.iter().any(|mention| mention.form == Form::Name)
            };
            let new = described || !speakers.first().is_some_and(named);
            if new { SourceForm::Description } else { SourceForm::RoleNoun }
        }
    };
    reason
}

/// A lost report in spans.
pub(crate) fn lost(reading: &Reading, lost: &Lost) -> LostWords {
    let report = &lost.report;
    LostWords {
        content: report.content.iter().map(|range| reading.span(range)).collect(),
        cue: report.cue.as_ref().map(|range| reading.span(range)),
        source: report.source.as_ref().map(|range| reading.span(range)),
        pattern: report.pattern,
        confidence: report.confidence,
        loss: lost.loss,
    }
}

/// Puts what the steps left beside what came out.
pub(crate) fn tell(document: &Document, trace: Trace) -> Why {
    let teller = Teller { document, trace: &trace };
    let statements = document.statements.iter().zip(&trace.reasons);
    let statements = statements.map(|(statement, reason)| teller.explanation(statement, reason)).collect();
    let mut dropped: Vec<Dropped> = trace.lost.iter().map(|lost| teller.dropped(lost)).collect();
    dropped.sort_by_key(|dropped| dropped.content.first().map(|words| words.span));
    Why { reader: trace.reader, statements, dropped }
}

struct Teller<'a> {
    document: &'a Document,
    trace: &'a Trace,
}

impl Teller<'_> {
    fn words(&self, span: Span) -> Words {
        Words { text: self.document.article.text[span].to_owned(), span }
    }

    fn all(&self, spans: &[Span]) -> Vec<Words> {
        spans.iter().map(|span| self.words(*span)).collect()
    }

    fn named(&self, entity: usize) -> Named {
        Named { entity, name: self.document.entities[entity].name.clone() }
    }

    fn explanation(&self, statement: &Statement, reason: &Reason) -> Explanation {
        let means =
            |channel: &rapporteur_record::Channel| Means { kind: channel.kind, words: self.words(channel.span) };
        let addressee = statement.addressee.map(|addressee| Party {
            words: self.words(addressee.span),
            entity: addressee.entity.map(|entity| self.named(entity)),
            cue: Vec::new(),
            channel: None,
        });
        let via = statement.via.iter().map(|via| Party {
            words: self.words(via.span),
            entity: via.entity.map(|entity| self.named(entity)),
            cue: self.all(&via.cue),
            channel: via.channel.as_ref().map(means),
        });
        Explanation {
            statement: statement.id,
            content: self.all(&statement.content),
            quotation: statement.quotation,
            cue: self.all(&statement.cue),
            act: statement.act,
            negated: statement.negated,
            rule: rule(reason.pattern),
            model: self.learned(statement, reason),
            speaker: self.speaker(statement, reason),
            addressee,
            channel: statement.channel.as_ref().map(means),
            via: via.collect(),
            inside: statement.inside,
            confidence: statement.confidence,
            measured: match (statement.inside, reason.learned) {
                (Some(_), _) => Measure::Inside,
                (None, Some(_)) => Measure::Model,
                (None, None) => Measure::Rule,
            },
        }
    }

    fn learned(&self, statement: &Statement, reason: &Reason) -> Option<Learned> {
        let at = statement.content.first()?.start();
        let again = self.trace.read_again.iter().any(|part| part.contains(&at));
        Some(Learned {
            reader: if again { Reader::Accurate } else { self.trace.reader? },
            confidence: reason.learned?,
            moved_content: reason.taken.content,
            moved_source: reason.taken.source,
            told_act: reason.taken.act,
            told_addressee: reason.taken.addressee,
            told_channel: reason.taken.channel,
        })
    }

    fn speaker(&self, statement: &Statement, reason: &Reason) -> Speaker {
        let hangs = matches!(reason.form, SourceForm::Pronoun | SourceForm::RoleNoun | SourceForm::Headline);
        let speaker = statement.speaker.filter(|_| hangs);
        Speaker {
            source: self.all(&statement.source),
            form: reason.form,
            entities: statement.speakers.iter().map(|&speaker| self.named(speaker)).collect(),
            antecedent: speaker
                .and_then(|speaker| antecedent(&self.document.entities[speaker], start(statement)))
                .filter(|span| !statement.source.iter().any(|source| source.overlaps(*span)))
                .map(|span| self.words(span)),
            against: self.against(statement, reason),
            antecedents: reason.antecedents.clone(),
        }
    }

    /// Who else has the role that a source names, where the speaker was found by the role alone.
    fn against(&self, statement: &Statement, reason: &Reason) -> Vec<Rival> {
        let by_role = reason.form == SourceForm::RoleNoun && reason.antecedents.is_empty();
        let Some(noun) = reason.noun.as_ref().filter(|_| by_role) else { return Vec::new() };
        let here = start(statement);
        let fits = |entity: &&Entity| {
            entity.roles.iter().any(|role| role.title.to_lowercase().split(' ').next_back() == Some(noun))
        };
        let others = self.document.entities.iter().filter(|entity| !statement.speakers.contains(&entity.id));
        let mut rivals: Vec<(Span, usize)> =
            others.filter(fits).filter_map(|entity| Some((antecedent(entity, here)?, entity.id))).collect();
        rivals.sort_by_key(|(span, id)| (here.abs_diff(span.start()), Reverse(*id)));
        rivals.truncate(MOST_RIVALS);
        rivals.into_iter().map(|(span, id)| Rival { who: self.named(id), mention: self.words(span) }).collect()
    }

    fn dropped(&self, lost: &LostWords) -> Dropped {
        let n_bytes: usize = lost.content.iter().map(|span| span.len()).sum();
        let shared = |statement: &Statement| -> usize {
            let overlap = |a: Span, b: Span| a.end().min(b.end()).saturating_sub(a.start().max(b.start()));
            statement.content.iter().map(|a| lost.content.iter().map(|b| overlap(*a, *b)).sum::<usize>()).sum()
        };
        let kept = self.document.statements.iter().map(|statement| (shared(statement), Reverse(statement.id))).max();
        Dropped {
            content: self.all(&lost.content),
            cue: lost.cue.map(|span| self.words(span)),
            source: lost.source.map(|span| self.words(span)),
            rule: rule(lost.pattern),
            confidence: lost.confidence,
            reason: lost.loss,
            kept: kept.filter(|(n_shared, _)| 2 * n_shared > n_bytes).map(|(_, Reverse(id))| id),
        }
    }
}

/// Where a statement's source begins.
fn start(statement: &Statement) -> usize {
    let first = statement.source.first().or(statement.cue.first()).or(statement.content.first());
    first.map_or(0, |span| span.start())
}

/// The last name of an entity that begins before `here`, else its last mention before it, else its first.
fn antecedent(entity: &Entity, here: usize) -> Option<Span> {
    let before = &entity.mentions[..entity.mentions.partition_point(|mention| mention.span.start() < here)];
    let name = before.iter().rev().find(|mention| mention.form == Form::Name);
    name.or(before.last()).or(entity.mentions.first()).map(|mention| mention.span)
}

/// More than these who could have been meant are not listed.
const MOST_RIVALS: usize = 4;

/// A form in words; `None` for what has no form.
fn rule(pattern: Pattern) -> Option<Rule> {
    let (name, form) = match pattern {
        Pattern::Quotation => ("quotation", "words in quotation marks, and a verb of saying beside them"),
        Pattern::That => ("that", "a verb of saying, and a clause with its conjunction"),
        Pattern::Clause => ("clause", "a verb of saying, and a clause without a conjunction"),
        Pattern::After => ("after", "a clause, and after it who says so"),
        Pattern::According => ("according", "a source that a preposition brings in"),
        Pattern::Question => ("question", "a verb of asking, and an indirect question"),
        Pattern::Infinitive => ("infinitive", "a verb of saying, and an infinitive"),
        Pattern::Noun => ("noun", "a verb of saying, and a noun for what is said"),
        Pattern::Turn => ("turn", "a label and a colon or quotation, as in a transcript or a headline"),
        Pattern::Learned => return None,
    };
    Some(Rule { name, form, reliability: statements::confidence(pattern) })
}

#[cfg(test)]
mod tests {
    use rapporteur_record::Article;

    use super::*;
    use crate::Annotator;

    fn explained(text: &str) -> (Document, Why) {
        Annotator::rules().explain(Article::from_text(text.to_owned()))
    }

    #[test]
    fn explaining_changes_nothing() {
        let text = "Mira Adair met Rolf Holt. He said that the road was open. The port, she added, was not.";
        for annotator in [Annotator::rules(), Annotator::new()] {
            let (document, why) = annotator.explain(Article::from_text(text.to_owned()));
            assert_eq!(document, annotator.annotate(Article::from_text(text.to_owned())));
            assert_eq!(why.statements.len(), document.statements.len());
        }
    }

    #[test]
    fn a_pronoun_tells_whom_it_was_taken_for_and_who_else_was_near() {
        let (_, why) = explained("Tom Adair met Rolf Holt. He said that the road was open.");
        let speaker = &why.statements[0].speaker;
        assert_eq!((speaker.form, speaker.entities[0].name.as_str()), (SourceForm::Pronoun, "Tom Adair"));
        assert_eq!(speaker.antecedent.as_ref().unwrap().text, "Tom Adair");
        let scored: Vec<&str> = speaker.antecedents.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(scored, ["Tom Adair", "Rolf Holt"]);
        assert!(speaker.antecedents[0].1 > speaker.antecedents[1].1);
    }

    #[test]
    fn sources_are_told_by_their_form() {
        let form = |text: &str| explained(text).1.statements[0].speaker.form;
        assert_eq!(form("Mira Adair said that it rained."), SourceForm::Name);
        assert_eq!(form("A diplomat said that it rained."), SourceForm::Description);
        assert_eq!(form("Foreign minister Mira Adair came. The minister said that it rained."), SourceForm::RoleNoun);
        assert_eq!(form("Britain and France said that it rained."), SourceForm::Jointly);
    }

    #[test]
    fn rules_say_how_often_they_are_right() {
        let (_, why) = explained("Mira Adair said that it rained.");
        let explanation = &why.statements[0];
        assert_eq!((explanation.rule.unwrap().name, explanation.measured), ("that", Measure::Rule));
        assert_eq!(explanation.rule.unwrap().reliability, explanation.confidence);
        assert_eq!(explanation.model, None);
    }

    #[test]
    fn spans_are_printed_in_the_unit_asked_for() {
        let (document, why) = explained("😀 Mira Adair said that it rained.");
        let json = why.to_json_pretty(&document, Offsets::Codepoint);
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(value["statements"][0]["speaker"]["source"][0]["span"], serde_json::json!([2, 12]));
        assert_eq!(value["schema"], SCHEMA);
    }
}
