//! Where the parties stand: for each statement the issue that its words name, and the stance that they or its act take.
//!
//! `issues.tsv` names what is negotiated about, `stances.tsv` the words that take sides; where no words do, the act does
//! ("urged", "rejected"). The party is the one of whom the statement tells ("Moscow would scale down …"), or else the state
//! or body for which the speaker speaks.

use std::collections::HashMap;

use rapporteur_record::{Act, Document, EntityKind, Form, Position, Span, Stance, Statement};

use crate::classes::Classes;
use crate::lang::Lexicon;

/// The positions of a document whose statements and entities are known, in the order of its statements.
pub(crate) fn find(lexicon: &Lexicon, doc: &Document) -> Vec<Position> {
    let mut positions: Vec<Position> = Vec::new();
    let often = often(&doc.article.text);
    for statement in doc.statements.iter().filter(|statement| !statement.negated) {
        let words = words(&doc.article.text, &statement.content);
        let Some(stance) = stance(lexicon, statement, &words) else { continue };
        let Some(issue) = issue(lexicon, doc, &often, statement, &words) else { continue };
        let parties = match party_told(doc, statement) {
            Some(party) => vec![party],
            None => statement.speakers.iter().map(|&speaker| side(doc, speaker)).collect(),
        };
        for party in parties.into_iter().filter(|&party| speaks_for_many(doc, party)) {
            positions.push(Position { party, issue: issue.clone(), stance, statement: statement.id });
        }
    }
    positions
}

/// How often each word of a text stands in it.
fn often(text: &str) -> HashMap<String, usize> {
    let mut often = HashMap::new();
    for word in text.split(|c: char| !(c.is_alphanumeric() || c == '-')).filter(|word| word.len() > 3) {
        *often.entry(word.to_lowercase()).or_default() += 1;
    }
    often
}

/// The words of a content in lower case; a comma is a word.
fn words(text: &str, content: &[Span]) -> Vec<String> {
    let pieces = content.iter().map(|span| text[*span].to_lowercase().replace(',', " , "));
    let mut words = Vec::new();
    for piece in pieces {
        let split = piece.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == ','));
        words.extend(split.filter(|word| !word.is_empty()).map(str::to_owned));
        if words.len() > MAX_WORDS {
            words.truncate(MAX_WORDS);
            break;
        }
    }
    words
}

fn stance(lexicon: &Lexicon, statement: &Statement, words: &[String]) -> Option<Stance> {
    let told = lexicon.stances.iter().find(|row| row.phrases.iter().any(|phrase| stands_in(phrase, words)));
    let of_act = match statement.act {
        Act::Demand | Act::Request => Some(Stance::Demands),
        Act::Offer => Some(Stance::Offers),
        Act::Promise => Some(Stance::Offers),
        Act::Reject => Some(Stance::Rejects),
        Act::Threaten => Some(Stance::Opposes),
        Act::Agree => Some(Stance::Supports),
        _ => None,
    };
    let told = told.map(|row| row.stance);
    // "urged the government to go slow": an act of will says more than a word, unless the word is against.
    match (of_act, told) {
        (Some(Stance::Demands), Some(Stance::Opposes)) => told,
        (Some(_), _) => of_act,
        _ => told,
    }
}

/// Whether the words of a phrase stand in a row.
fn stands_in(phrase: &[&str], words: &[String]) -> bool {
    words.windows(phrase.len()).any(|window| window.iter().zip(phrase).all(|(word, pattern)| fits(word, pattern)))
}

fn fits(word: &str, pattern: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => word.starts_with(start),
        None => word == pattern,
    }
}

/// The issue whose word stands first; a weak one only where there is no other; else the place or the noun that the
/// statement is about and that the article takes up again.
fn issue(lexicon: &Lexicon, doc: &Document, often: &HashMap<String, usize>, statement: &Statement, words: &[String]) -> Option<String> {
    let of = |word: &String, weak: bool| {
        let rows = lexicon.issues.iter().filter(|row| row.weak == weak);
        rows.into_iter().find(|row| row.words.iter().any(|pattern| fits(word, pattern))).map(|row| row.name.to_owned())
    };
    if let Some(issue) = words.iter().find_map(|word| of(word, false)) {
        return Some(issue);
    }
    let inside = |span: &Span| statement.content.iter().any(|content| content.contains(*span));
    let place = doc.entities.iter().filter(|entity| entity.kind == EntityKind::Place && entity.country.is_none());
    let place = place.filter(|entity| entity.mentions.iter().any(|mention| inside(&mention.span))).map(|place| &place.name).next();
    let weak = || words.iter().find_map(|word| of(word, true));
    let wills = matches!(statement.act, Act::Demand | Act::Request | Act::Offer | Act::Reject);
    let noun = || {
        let common = |word: &&String| {
            let senses = lexicon.get(word);
            let closed = Classes::CLOSED | Classes::OPENER | Classes::ADVERB | Classes::TIME | Classes::VERB | Classes::GROUP | Classes::ROLE;
            let plain = senses.is_none_or(|senses| !senses.classes.any(closed) && senses.verbs.is_empty() && senses.events.forms.is_empty());
            word.chars().count() > 3 && plain && often.get(*word).is_some_and(|&n| n > 1)
        };
        let found = words.iter().enumerate().filter(|(_, word)| common(word));
        let found = found.max_by_key(|(at, word)| (often.get(*word).copied().unwrap_or(0), std::cmp::Reverse(*at)));
        found.map(|(_, word)| word.clone())
    };
    if wills && let Some(place) = place {
        return Some(format!("status of {place}"));
    }
    weak().or_else(|| if wills { noun() } else { None })
}

/// "Moscow would scale down …": the party with which what is said begins.
fn party_told(doc: &Document, statement: &Statement) -> Option<usize> {
    let start = statement.content.first()?.start();
    let begins = |entity: &&rapporteur_record::Entity| {
        entity.mentions.iter().any(|mention| {
            let near = (start..=start + MAX_OPENER).contains(&mention.span.start());
            near && mention.form != Form::Pronoun
        })
    };
    let party = doc.entities.iter().find(begins)?;
    let of_country = |entity: &&rapporteur_record::Entity| entity.kind == EntityKind::State && entity.country == party.country;
    match party.kind {
        EntityKind::State | EntityKind::Group => Some(party.id),
        EntityKind::Organization if party.country.is_none() => Some(party.id),
        _ if party.country.is_some() => doc.entities.iter().find(of_country).map(|state| state.id),
        _ => None,
    }
}

/// The state or body for which somebody speaks, or himself.
pub(crate) fn side(doc: &Document, speaker: usize) -> usize {
    let entity = &doc.entities[speaker];
    if matches!(entity.kind, EntityKind::State | EntityKind::Group) {
        return speaker;
    }
    let named = entity.roles.iter().filter_map(|role| role.of.as_ref()).find_map(|of| {
        let body = |other: &&rapporteur_record::Entity| other.kind != EntityKind::Person && other.name.eq_ignore_ascii_case(of);
        doc.entities.iter().find(body)
    });
    let state = || {
        let of_country = |other: &&rapporteur_record::Entity| other.kind == EntityKind::State && other.country == entity.country;
        doc.entities.iter().find(of_country).filter(|_| entity.country.is_some())
    };
    named.or_else(state).map_or(speaker, |other| other.id)
}

/// Whether an entity may be a party to something.
fn speaks_for_many(doc: &Document, party: usize) -> bool {
    matches!(doc.entities[party].kind, EntityKind::State | EntityKind::Group | EntityKind::Organization)
}

/// So many words of a statement are looked at.
const MAX_WORDS: usize = 120;

/// The party of whom a statement tells stands no further from its beginning, in bytes.
const MAX_OPENER: usize = 4;
