//! Whom a phrase means: names, lists of names, pronouns, "both sides", "the army", "our minister".

use std::ops::Range;

use rapporteur_record::{EntityKind, Form as Mentioned};

use super::parties::{MAX_DESCRIPTION, MAX_FIGURES, MAX_LEFT, MAX_REACH, Parties, Side};
use super::words::Marks;
use crate::classes::Classes;
use crate::lang::Form;
use crate::phrases::Head;

impl Parties<'_, '_, '_, '_> {
    /// Whom a phrase means.
    pub(super) fn side(&mut self, phrase: &Range<usize>, at: usize) -> Side {
        match self.phrases.head(phrase) {
            Head::Name(name) => {
                let Some(number) = self.resolver.cast.of(name) else { return Side::Thing };
                let figure = &self.resolver.cast.figures[number];
                if matches!(figure.kind, EntityKind::Work | EntityKind::Event) {
                    return Side::Thing;
                }
                let mut all = self.listed(phrase);
                if !all.contains(&number) {
                    all = vec![number];
                }
                Side::Parties(all.into_iter().map(|number| self.resolver.state_of(number)).collect())
            }
            Head::Pronoun(pronoun) => self.pronoun(pronoun, at),
            Head::Noun(noun) => self.noun(phrase, noun),
        }
    }

    /// "Russia and Ukraine", "Greece, Turkey and Britain": all names of a list.
    pub(super) fn listed(&self, phrase: &Range<usize>) -> Vec<usize> {
        let names = self.clauses.names;
        let joined = phrase.clone().any(|at| {
            let and = self.reading().tokens[at].is(Classes::AND);
            and && names.ending_at(at).is_some() && names.starting_at(at + 1).is_some()
        });
        if !joined {
            return Vec::new();
        }
        let inside = names.iter_in(phrase.clone()).filter(|name| !name.demonym);
        inside.filter_map(|name| self.resolver.cast.of(name)).collect()
    }

    fn pronoun(&mut self, pronoun: usize, at: usize) -> Side {
        let marks = self.clauses.marks(pronoun);
        if marks.any(Marks::WE.or(Marks::I)) {
            let Some(speaker) = self.resolver.quoted(pronoun) else { return Side::Somebody };
            let meant = if marks.any(Marks::WE) { self.side_of(speaker) } else { speaker };
            return Side::Parties(vec![meant]);
        }
        if let Some(ours) = self.of_ours(pronoun) {
            return Side::Parties(vec![ours]);
        }
        let content = self.content_of[at].map(|report| self.reports[report as usize].content.clone());
        let content = content.as_deref().unwrap_or(&[]);
        let speaker = self.content_of[at].and_then(|report| self.speaker(report as usize).parties().first().copied());
        // Who speaks in quotation marks is not "he".
        if let Some(speaker) = speaker.filter(|_| self.reading().tokens[pronoun].quote.is_some()) {
            let asked = self.resolver.question(&(pronoun..pronoun + 1), content);
            let found = asked.and_then(|asked| {
                let fits = |one: &&crate::antecedents::Candidate| one.figure != speaker && one.score > asked.least;
                asked.candidates.iter().find(fits).map(|one| one.figure)
            });
            return found.map_or(Side::Somebody, |number| Side::Parties(vec![number]));
        }
        // "Adair said that | she would fly": who says it, where that may be.
        if let Some(speaker) = speaker.filter(|&speaker| self.may_be(pronoun, speaker)) {
            return Side::Parties(vec![speaker]);
        }
        match self.resolver.meant(&(pronoun..pronoun + 1), content) {
            Some(number) => Side::Parties(vec![number]),
            None => Side::Somebody,
        }
    }

    /// Whether a pronoun agrees with an entity.
    fn may_be(&self, pronoun: usize, number: usize) -> bool {
        let token = &self.reading().tokens[pronoun];
        let figure = &self.resolver.cast.figures[number];
        let gender = token.classes & Classes::GENDERS;
        match () {
            () if gender.any(Classes::GENDERS) => {
                let unknown = !figure.gender.any(Classes::GENDERS);
                figure.kind == EntityKind::Person && (unknown || figure.gender.any(gender))
            }
            () if token.is(Classes::PLURAL) => matches!(figure.kind, EntityKind::Group | EntityKind::Organization),
            () => matches!(figure.kind, EntityKind::State | EntityKind::Organization),
        }
    }

    /// “We are sending our foreign minister today. He will …”: who has that office under the one who speaks.
    fn of_ours(&self, pronoun: usize) -> Option<usize> {
        let tokens = &self.reading().tokens;
        let token = &tokens[pronoun];
        if token.quote.is_none() || !token.is(Classes::MASCULINE | Classes::FEMININE) {
            return None;
        }
        let floor = pronoun.saturating_sub(MAX_LEFT);
        let office = (floor..pronoun).rev().take_while(|&at| tokens[at].quote == token.quote).find(|&at| {
            tokens[at].is(Classes::ROLE)
                && (at.saturating_sub(3)..at).any(|ours| {
                    tokens[ours].is(Classes::POSSESSIVE) && self.clauses.marks(ours).any(Marks::WE.or(Marks::I))
                })
        })?;
        let noun = self.reading().written(office).to_lowercase();
        let speaker = self.resolver.quoted(pronoun)?;
        let figures = &self.resolver.cast.figures;
        let country = figures[speaker].country?;
        figures
            .iter()
            .position(|figure| figure.country == Some(country) && figure.roles.iter().any(|office| office.noun == noun))
    }

    /// The state or body that somebody speaks for, or else himself.
    pub(super) fn side_of(&self, number: usize) -> usize {
        let cast = &self.resolver.cast;
        let figure = &cast.figures[number];
        if matches!(figure.kind, EntityKind::State | EntityKind::Group) {
            return number;
        }
        if figure.kind == EntityKind::Person {
            for office in &figure.roles {
                let Some(of) = &office.of else { continue };
                let named = |other: &crate::entities::Figure| {
                    other.kind != EntityKind::Person && other.name.eq_ignore_ascii_case(of)
                };
                if let Some(body) = cast.figures.iter().take(MAX_FIGURES).position(named) {
                    return body;
                }
            }
        }
        let state = |other: &crate::entities::Figure| {
            other.kind == EntityKind::State && other.country.is_some() && other.country == figure.country
        };
        let state = cast.figures.iter().take(MAX_FIGURES).position(state);
        state.or_else(|| self.affiliation(figure)).unwrap_or(number)
    }

    /// "Adair, who coordinates finance for the Alliance": the body that is named beside somebody's name.
    fn affiliation(&self, figure: &crate::entities::Figure) -> Option<usize> {
        let tokens = &self.reading().tokens;
        let mention = figure.mentions.iter().find(|mention| mention.form == Mentioned::Name)?;
        let after = tokens.partition_point(|token| token.span.start() < mention.span.end());
        let comma = figure.kind == EntityKind::Person && tokens.get(after)?.is_mark(',');
        let end = self.reading().sentence_at(after)?.end.min(after + MAX_REACH);
        let mut near = (after + 1..end).filter(|_| comma).take_while(|&at| !tokens[at].is_mark(','));
        near.find_map(|at| {
            let name = self.clauses.names.starting_at(at).filter(|name| name.kind == EntityKind::Organization)?;
            let opener = usize::from(tokens[at - 1].is(Classes::DEFINITE));
            tokens[at - 1 - opener].is(Classes::PREPOSITION).then(|| self.resolver.cast.of(name))?
        })
    }

    fn noun(&mut self, phrase: &Range<usize>, noun: usize) -> Side {
        let marks = self.clauses.marks(noun);
        let token = self.reading().tokens[noun];
        let people = Classes::ROLE | Classes::ROLES | Classes::GROUP | Classes::ORGANIZATION | Classes::SIDE;
        if marks.any(Marks::PAIR) && phrase.len() <= 4 && !self.pair.is_empty() && self.is_pair(phrase) {
            return Side::Parties(self.pair.clone());
        }
        let demonym = (phrase.start..noun)
            .find_map(|at| self.clauses.names.at(at))
            .filter(|name| name.demonym || name.kind == EntityKind::State || name.kind == EntityKind::Group);
        if let Some(name) = demonym
            && marks.any(Marks::FORCES)
        {
            if let Some(country) = name.country.filter(|_| name.kind == EntityKind::State) {
                self.forces = self.resolver.state(country);
                return self.forces.map_or(Side::Somebody, |state| Side::Parties(vec![state]));
            }
            if let Some(number) = self.resolver.cast.of(name) {
                return Side::Parties(vec![number]);
            }
        }
        // "ELN | fighters"
        let owner = self.clauses.names.ending_at(noun).filter(|name| name.tokens.start >= phrase.start);
        let owner = owner.filter(|_| marks.any(Marks::AGENT)).and_then(|name| self.resolver.cast.of(name));
        let body = |number: &usize| {
            matches!(self.resolver.cast.figures[*number].kind, EntityKind::Organization | EntityKind::Group)
        };
        if let Some(number) = owner.filter(body) {
            return Side::Parties(vec![number]);
        }
        // "the army", after "the Sudanese army"
        let bare = phrase.len() <= 2 && self.reading().tokens[phrase.start].is(Classes::DEFINITE);
        // "his side", "their government"
        let first = self.reading().tokens[phrase.start];
        if first.is(Classes::POSSESSIVE) && marks.any(Marks::OURS) && noun <= phrase.start + 2 {
            let speaker =
                self.content_of[noun].and_then(|report| self.speaker(report as usize).parties().first().copied());
            if let Some(speaker) = speaker {
                return Side::Parties(vec![self.side_of(speaker)]);
            }
        }
        if bare
            && marks.any(Marks::FORCES)
            && let Some(state) = self.forces
        {
            return Side::Parties(vec![state]);
        }
        let core = self.phrases.core_end(phrase);
        let end = self.reading().tokens[core - 1].span.end();
        if let Some(&number) = self.known.get(&end) {
            return Side::Parties(vec![number]);
        }
        // "the Albanians", "ethnic Turks"
        if let Some(name) = self.clauses.names.at(noun).filter(|name| name.demonym) {
            let state = name.country.and_then(|country| self.resolver.state(country));
            return state.map_or(Side::Somebody, |state| Side::Parties(vec![state]));
        }
        if marks.any(Marks::ABSTRACT) && !marks.any(Marks::AGENT) {
            return Side::Thing;
        }
        let capital = token.is_capital() && noun > phrase.start;
        if !(marks.any(Marks::AGENT) || token.is(people) && !token.is(Classes::DOCUMENT) || capital) {
            return Side::Thing;
        }
        if phrase.len() > MAX_DESCRIPTION {
            return Side::Somebody;
        }
        let amount = self.clauses.marks(phrase.start).any(Marks::QUANTITY) && phrase.start < noun;
        // "families of soldiers | captured in Mariupol", "four students | in Odal"
        let clause = |&at: &usize| {
            let forms = self.clauses.forms(at);
            let place =
                self.reading().tokens[at].is(Classes::PREPOSITION) && !self.reading().tokens[at].is(Classes::OF);
            at > noun
                && (place
                    || forms.contains(&Form::Past)
                    || forms.contains(&Form::Participle)
                    || forms.contains(&Form::Ing))
        };
        let stop = phrase.clone().find(clause).unwrap_or(phrase.end);
        let phrase = &(phrase.start + usize::from(amount)..stop);
        match self.resolver.meant(phrase, &[]) {
            Some(number) => {
                self.known.insert(end, number);
                Side::Parties(vec![number])
            }
            None => Side::Somebody,
        }
    }

    /// "both sides", "the two countries", "the parties"
    fn is_pair(&self, phrase: &Range<usize>) -> bool {
        let tokens = &self.reading().tokens[phrase.clone()];
        tokens.iter().all(|token| {
            token.is(Classes::OPENER | Classes::COLLECTIVE | Classes::SIDE) || token.is(Classes::OTHER_PRONOUN)
        })
    }
}
