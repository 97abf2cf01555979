//! Where the parties stand: for each statement the issue that its words name, and the stance that they or its act take.
//!
//! `issues.tsv` names what is negotiated about, `stances.tsv` the words that take sides; where no words do, the act does
//! ("urged", "rejected"). Words that name no issue are about the one that the paragraph named before, or about the article's.
//! The party is the one of whom the statement tells ("Moscow would scale down …"), or else the state or body for which the
//! speaker speaks.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use rapporteur_record::{Act, BlockKind, Document, Entity, EntityKind, Form, Position, Span, Stance, Statement};

use crate::classes::Classes;
use crate::lang::{Lexicon, Strength};

/// The positions of a document whose statements and entities are known, in the order of its statements.
pub(crate) fn find(lexicon: &Lexicon, doc: &Document) -> Vec<Position> {
    let reader = Reader::new(lexicon, doc);
    let mut positions: Vec<Position> = Vec::new();
    // What a statement passes on is the inner one's.
    let holds_other: HashSet<usize> = doc.statements.iter().filter_map(|statement| statement.inside).collect();
    let stands = |statement: &&Statement| {
        !statement.negated && !statement.speakers.is_empty() && !holds_other.contains(&statement.id)
    };
    for statement in doc.statements.iter().filter(stands) {
        let words = words(&doc.article.text, &statement.content);
        let Some((stance, told_at)) = reader.stance(statement, &words) else { continue };
        let Some(issue) = reader.issue(statement, &words, told_at) else { continue };
        let parties = match reader.party_told(statement) {
            Some(party) => vec![party],
            None => {
                let sides = statement.speakers.iter().map(|&speaker| side(doc, speaker));
                sides.filter(|&party| has_name(doc, party)).collect()
            }
        };
        for party in parties.into_iter().filter(|&party| speaks_for_many(doc, party)) {
            let same = |other: &Position| other.party == party && other.issue == issue && other.stance == stance;
            if !positions.iter().rev().take(MAX_BACK).any(|other| same(other) && other.statement == statement.id) {
                positions.push(Position { party, issue: issue.clone(), stance, statement: statement.id });
            }
        }
    }
    positions
}

struct Reader<'d> {
    lexicon: &'d Lexicon,
    doc: &'d Document,
    /// How often each longer word stands in the article.
    often: HashMap<String, usize>,
    /// What the article is about.
    main: Option<&'static str>,
    /// Entities by where they are named, in order.
    named: Vec<(Span, usize, Form)>,
}

impl<'d> Reader<'d> {
    fn new(lexicon: &'d Lexicon, doc: &'d Document) -> Self {
        let text = &doc.article.text;
        let mut often = HashMap::new();
        for word in text.split(|c: char| !(c.is_alphanumeric() || c == '-')).filter(|word| word.len() > 3) {
            *often.entry(word.to_lowercase()).or_default() += 1;
        }
        let mentions = doc
            .entities
            .iter()
            .flat_map(|entity| entity.mentions.iter().map(|mention| (mention.span, entity.id, mention.form)));
        let mut named: Vec<(Span, usize, Form)> = mentions.collect();
        named.sort_by_key(|(span, id, _)| (*span, *id));
        let mut reader = Reader { lexicon, doc, often, main: None, named };
        reader.main = reader.main_issue();
        reader
    }

    /// The issue that the article names most often, the title counting for three.
    fn main_issue(&self) -> Option<&'static str> {
        let mut counts: Vec<(&'static str, usize)> = Vec::new();
        for block in self.doc.article.blocks.iter().take(MAX_BLOCKS) {
            let weight = if block.kind == BlockKind::Title { 3 } else { 1 };
            let words = words(&self.doc.article.text, &[block.span]);
            for at in 0..words.len() {
                let Some(issue) = self.named_at(&words, at, Strength::Strong) else { continue };
                match counts.iter_mut().find(|(name, _)| *name == issue) {
                    Some((_, n)) => *n += weight,
                    None => counts.push((issue, weight)),
                }
            }
        }
        let most = counts.iter().enumerate().max_by_key(|(at, (_, n))| (*n, Reverse(*at)));
        most.filter(|(_, (_, n))| *n > 1).map(|(_, (issue, _))| *issue)
    }

    /// The stance of a statement, and the word after those that tell it.
    fn stance(&self, statement: &Statement, words: &[String]) -> Option<(Stance, usize)> {
        let told = self.lexicon.stances.iter().find_map(|row| {
            let end = row.phrases.iter().find_map(|phrase| Some(found(phrase, words)? + phrase.len()))?;
            Some((row.stance, end))
        });
        let of_act = match statement.act {
            Act::Demand | Act::Request => Stance::Demands,
            Act::Offer | Act::Promise => Stance::Offers,
            Act::Reject => Stance::Rejects,
            Act::Threaten => Stance::Opposes,
            Act::Agree => Stance::Supports,
            Act::Ask => return None,
            // What is denied is nobody's stance, unless it is refused.
            Act::Deny => return told.filter(|(stance, _)| *stance == Stance::Rejects),
            _ => return told,
        };
        // "urged the government to go slow": against what is asked about.
        match told {
            Some((Stance::Opposes, end)) if of_act == Stance::Demands => Some((Stance::Opposes, end)),
            Some((Stance::Supports, end)) if of_act == Stance::Offers => Some((Stance::Supports, end)),
            Some((Stance::Open, end)) if of_act == Stance::Supports => Some((Stance::Open, end)),
            _ => Some((of_act, 0)),
        }
    }

    /// What a statement is about: an issue of the table after the words that take sides, or before them, or what the
    /// paragraph named before, or the article's; or a place, or a noun that the article takes up again.
    fn issue(&self, statement: &Statement, words: &[String], told_at: usize) -> Option<String> {
        let of = |range: std::ops::Range<usize>, strength| {
            range.into_iter().find_map(|at| self.named_at(words, at, strength)).map(str::to_owned)
        };
        // "the deal": what the article is about.
        if let Some(main) = self.main.filter(|_| of(0..words.len(), Strength::Strong).is_none())
            && of(0..words.len(), Strength::Last).is_some()
        {
            return Some(main.to_owned());
        }
        let of_both = |strength| of(told_at..words.len(), strength).or_else(|| of(0..told_at, strength));
        let wills = matches!(statement.act, Act::Demand | Act::Request | Act::Offer | Act::Reject | Act::Threaten);
        of_both(Strength::Strong)
            .or_else(|| self.place(statement).filter(|_| wills))
            .or_else(|| of_both(Strength::Weak).filter(|_| wills))
            .or_else(|| self.before(statement))
            .or_else(|| self.main.map(str::to_owned))
            .or_else(|| of_both(Strength::Last).filter(|_| wills))
            .or_else(|| self.noun(words).filter(|_| wills))
    }

    /// The issue that a word, with those after it, names.
    fn named_at(&self, words: &[String], at: usize, strength: Strength) -> Option<&'static str> {
        let rows = self.lexicon.issues_from(&words[at]).iter().map(|&row| &self.lexicon.issues[row]);
        let mut rows = rows.filter(|row| row.strength == strength);
        rows.find(|row| row.phrases.iter().any(|phrase| stands_at(phrase, words, at))).map(|row| row.name)
    }

    /// The issue that the statement's paragraph names last before it.
    fn before(&self, statement: &Statement) -> Option<String> {
        let start = statement.content.first()?.start();
        let blocks = &self.doc.article.blocks;
        let block = blocks.get(blocks.partition_point(|block| block.span.end() <= start))?;
        let text = &self.doc.article.text;
        let floor = block.span.start().max(start.saturating_sub(MAX_BEFORE)).min(start);
        let floor = (floor..=start).find(|&at| text.is_char_boundary(at))?;
        let words = words(text, &[Span::new(floor, start)]);
        let found = (0..words.len()).rev().find_map(|at| self.named_at(&words, at, Strength::Strong));
        found.map(str::to_owned)
    }

    /// Those who are named from `start` on, in the next bytes.
    fn named_from(&self, start: usize, end: usize) -> impl Iterator<Item = &(Span, usize, Form)> {
        let first = self.named.partition_point(|(span, ..)| span.start() < start);
        self.named[first..].iter().take_while(move |(span, ..)| span.start() < end)
    }

    /// "any discussion of Crimea": a place is what it is about.
    fn place(&self, statement: &Statement) -> Option<String> {
        let content = statement.content.first()?;
        if statement.content.len() > 1 || content.len() >= MAX_SHORT {
            return None;
        }
        let place = |(_, id, _): &(Span, usize, Form)| {
            let entity = &self.doc.entities[*id];
            (entity.kind == EntityKind::Place && entity.country.is_none()).then(|| format!("status of {}", entity.name))
        };
        self.named_from(content.start(), content.end()).find_map(place)
    }

    /// "Moscow would scale down …": the party with which what is said begins.
    fn party_told(&self, statement: &Statement) -> Option<usize> {
        let start = statement.content.first()?.start();
        let owns = |span: Span| self.doc.article.text[span.end()..].starts_with(['\'', '’']);
        let begins = |(span, _, form): &&(Span, usize, Form)| *form != Form::Pronoun && !owns(*span);
        let (_, id, _) = self.named_from(start, start + MAX_OPENER + 1).find(begins)?;
        let party = &self.doc.entities[*id];
        match party.kind {
            EntityKind::State | EntityKind::Group => Some(party.id),
            EntityKind::Organization | EntityKind::Place => state_of(self.doc, party).or(Some(party.id)),
            _ => None,
        }
    }

    /// The nouns that the article takes up most often.
    fn noun(&self, words: &[String]) -> Option<String> {
        let often = |word: &String| self.often.get(word).copied().unwrap_or(0);
        let plain = |word: &&String| word.chars().count() > 3 && self.is_plain(word);
        let candidates = words.iter().enumerate().filter(|(_, word)| plain(word) && often(word) > 1);
        let (at, _) = candidates.max_by_key(|(at, word)| (often(word), Reverse(*at)))?;
        let end = (at + 1..words.len()).find(|&next| !plain(&&words[next])).unwrap_or(words.len());
        Some(words[at..end.min(at + 3)].join(" "))
    }

    fn is_plain(&self, word: &str) -> bool {
        let closed = Classes::CLOSED
            | Classes::OPENER
            | Classes::ADVERB
            | Classes::TIME
            | Classes::VERB
            | Classes::GROUP
            | Classes::ROLE;
        self.lexicon
            .get(word)
            .is_none_or(|known| !known.classes.any(closed) && known.verbs.is_empty() && known.events.forms.is_empty())
    }
}

/// The words of spans in lower case; a comma is a word.
fn words(text: &str, spans: &[Span]) -> Vec<String> {
    let mut words = Vec::new();
    for span in spans {
        let piece = text[*span].to_lowercase().replace(',', " , ");
        let split = piece.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == ','));
        words.extend(split.filter(|word| !word.is_empty()).map(str::to_owned).take(MAX_WORDS));
    }
    words
}

/// Where the words of a phrase stand in a row.
fn found(phrase: &[&str], words: &[String]) -> Option<usize> {
    (0..words.len()).find(|&at| stands_at(phrase, words, at))
}

/// Whether the words from `at` on are those of a phrase; an adverb may stand between them.
fn stands_at(phrase: &[&str], words: &[String], at: usize) -> bool {
    let Some((first, rest)) = phrase.split_first() else { return false };
    if !words.get(at).is_some_and(|word| fits(word, first)) {
        return false;
    }
    let mut next = at + 1;
    rest.iter().all(|pattern| {
        let adverb = words.get(next).is_some_and(|word| word.len() > 4 && word.ends_with("ly") && !fits(word, pattern));
        next += 1 + usize::from(adverb);
        words.get(next - 1).is_some_and(|word| fits(word, pattern))
    })
}

fn fits(word: &str, pattern: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => word.starts_with(start),
        None => word == pattern,
    }
}

/// The state whose seat or body an entity is.
fn state_of(doc: &Document, entity: &Entity) -> Option<usize> {
    let state = |other: &&Entity| other.kind == EntityKind::State && other.country == entity.country;
    doc.entities.iter().take(MAX_ENTITIES).find(state).filter(|_| entity.country.is_some()).map(|state| state.id)
}

/// The state or body for which somebody speaks, or himself.
fn side(doc: &Document, speaker: usize) -> usize {
    let entity = &doc.entities[speaker];
    if matches!(entity.kind, EntityKind::State | EntityKind::Group) {
        return speaker;
    }
    let named = entity.roles.iter().filter_map(|role| role.of.as_ref()).find_map(|of| {
        let body = |other: &&Entity| other.kind != EntityKind::Person && other.name.eq_ignore_ascii_case(of);
        doc.entities.iter().take(MAX_ENTITIES).find(body)
    });
    let side = named.or_else(|| affiliation(doc, entity)).unwrap_or(entity);
    if side.kind == EntityKind::Group {
        return side.id;
    }
    state_of(doc, side).or_else(|| state_of(doc, entity)).unwrap_or(side.id)
}

/// "Adair, who coordinates finance for the Alliance,": the body that is named beside a person's name.
fn affiliation<'d>(doc: &'d Document, person: &Entity) -> Option<&'d Entity> {
    let text = &doc.article.text;
    let named = person.mentions.iter().find(|mention| mention.form == Form::Name)?.span;
    let beside = |span: Span| {
        let near = span.start() > named.end() && span.start() - named.end() < MAX_BESIDE;
        near && text[named.end()..].starts_with(", ") && !text[named.end() + 1..span.start()].contains([',', '.', '\n'])
    };
    let mut bodies = doc.entities.iter().take(MAX_ENTITIES).filter(|entity| entity.kind == EntityKind::Organization);
    let of_person = person.kind == EntityKind::Person;
    bodies.find(|body| of_person && body.mentions.iter().any(|mention| beside(mention.span)))
}

/// "officials" are nobody's party, unless a name says whose.
fn has_name(doc: &Document, party: usize) -> bool {
    doc.entities[party].mentions.iter().any(|mention| mention.form == Form::Name)
}

/// Whether an entity may be a party to something.
fn speaks_for_many(doc: &Document, party: usize) -> bool {
    matches!(doc.entities[party].kind, EntityKind::State | EntityKind::Group | EntityKind::Organization)
}

/// Bodies and states are looked for among so many entities.
const MAX_ENTITIES: usize = 300;

/// An issue is looked for so many bytes before a statement.
const MAX_BEFORE: usize = 600;

/// So many words of a piece are looked at.
const MAX_WORDS: usize = 120;

/// The issue of an article is looked for in so many blocks.
const MAX_BLOCKS: usize = 200;

/// The party of whom a statement tells stands no further from its beginning, in bytes.
const MAX_OPENER: usize = 4;

/// A body that is named beside a person stands no further off, in bytes.
const MAX_BESIDE: usize = 80;

/// A statement that is about a place is no longer, in bytes.
const MAX_SHORT: usize = 60;

/// A position is compared with so many before it.
const MAX_BACK: usize = 8;
