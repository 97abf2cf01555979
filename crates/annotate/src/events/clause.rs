//! Verb groups, and whether what a clause tells has happened.
//!
//! There is no parse: a group is read leftwards from its verb ("has not | been | seen"), and an infinitive takes the
//! status that the verb before its "to" gives it ("agreed to meet" is planned, "refused to meet" denied, "urged them to
//! meet" demanded).

use std::ops::Range;

use rapporteur_record::{BlockKind, Status};

use super::words::Marks;
use crate::classes::Classes;
use crate::lang::Form;
use crate::names::Names;
use crate::reading::Reading;
use crate::tokens::Case;

/// Looks at clauses.
#[derive(Clone, Copy)]
pub(super) struct Clauses<'r, 'a> {
    pub(super) reading: &'r Reading<'a>,
    pub(super) names: &'r Names,
}

/// A verb with the auxiliaries and adverbs before it.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// Its first token.
    pub(super) start: usize,
    /// Where a subject before it would end.
    pub(super) subject_end: usize,
    pub(super) negated: bool,
    /// The token of a modal.
    pub(super) modal: Option<usize>,
    /// The nearest auxiliary is a form of "be".
    pub(super) be: bool,
    /// There is a form of "have".
    pub(super) have: bool,
    /// There is a form of "do".
    pub(super) does: bool,
    /// An auxiliary is in the past.
    pub(super) past: bool,
    /// The token of the "to" of an infinitive.
    pub(super) to: Option<usize>,
}

impl<'r, 'a> Clauses<'r, 'a> {
    /// What the tables of events say of token `at`, with the words that follow it.
    pub(super) fn marks(&self, at: usize) -> Marks {
        let Some(word) = self.reading.tokens.get(at).and_then(|token| token.word) else { return Marks::default() };
        let mut marks = word.events.marks;
        for (rest, mark) in &word.events.phrases {
            if self.follow(at + 1, rest) {
                marks = marks.or(*mark);
            }
        }
        marks
    }

    /// Whether the tokens from `at` on are these words.
    pub(super) fn follow(&self, at: usize, words: &[&str]) -> bool {
        at + words.len() <= self.reading.tokens.len()
            && words.iter().zip(at..).all(|(word, at)| self.reading.written(at).eq_ignore_ascii_case(word))
    }

    /// The form that token `at` has as a verb, were it one; auxiliaries have none.
    pub(super) fn forms(&self, at: usize) -> Vec<Form> {
        let token = &self.reading.tokens[at];
        if !token.is_word() || token.is(Classes::AUXILIARY) || self.names.at(at).is_some() {
            return Vec::new();
        }
        let mut forms: Vec<Form> = Vec::new();
        if let Some(word) = token.word {
            forms.extend(word.verbs.iter().map(|(_, form)| *form));
            forms.extend(&word.events.forms);
        }
        let written = self.reading.written(at);
        if forms.is_empty() && token.case == Case::Lower && written.len() > 4 {
            if written.ends_with("ed") {
                forms.push(Form::Past);
            } else if written.ends_with("ing") {
                forms.push(Form::Ing);
            } else if token.is(Classes::VERB) {
                forms.push(if written.ends_with('s') { Form::Third } else { Form::Past });
            }
        }
        forms
    }

    /// The group of a verb at `at`, no further left than `floor`.
    pub(super) fn group(&self, at: usize, floor: usize) -> Group {
        let mut group = Group {
            start: at,
            subject_end: at,
            negated: false,
            modal: None,
            be: false,
            have: false,
            does: false,
            past: false,
            to: None,
        };
        let mut left = at;
        let mut nearest = true;
        while left > floor.max(at.saturating_sub(MAX_GROUP)) {
            let token = &self.reading.tokens[left - 1];
            if !token.is_word() || self.names.at(left - 1).is_some() || token.quote != self.reading.tokens[at].quote {
                break;
            }
            let possessive = self.reading.is_possessive(left - 1)
                && !(left >= 2 && self.reading.tokens[left - 2].is(Classes::SUBJECT));
            if token.is(Classes::NEGATION) && !token.is(Classes::DETERMINER) {
                group.negated = true;
            } else if token.is(Classes::AUXILIARY) && !possessive && group.to.is_none() {
                match () {
                    () if token.is(Classes::MODAL) => group.modal = Some(left - 1),
                    () if token.is(Classes::BE) => group.be |= nearest,
                    () if token.is(Classes::HAVE) => group.have = true,
                    () => group.does = true,
                }
                group.past |= self.is_past_auxiliary(left - 1);
                nearest = false;
                group.start = left - 1;
            } else if token.is(Classes::TO) && left == group.start && group.to.is_none() && group.modal.is_none() {
                group.to = Some(left - 1);
                group.start = left - 1;
            } else if !self.is_adverb(left - 1) || group.to.is_some() {
                break;
            }
            left -= 1;
        }
        group.subject_end = left;
        group
    }

    fn is_past_auxiliary(&self, at: usize) -> bool {
        let senses = self.reading.tokens[at].word.map_or(&[][..], |word| word.times.as_slice());
        senses.iter().any(|sense| sense.kind == crate::times::words::Kind::PastVerb)
    }

    fn is_adverb(&self, at: usize) -> bool {
        let token = &self.reading.tokens[at];
        let written = self.reading.written(at);
        let weekday = token.is(Classes::TIME) && at > 0 || token.is(Classes::TIME_ADVERB);
        let on_day =
            token.is(Classes::PREPOSITION) && self.reading.tokens.get(at + 1).is_some_and(|t| t.is(Classes::TIME));
        token.is(Classes::ADVERB) && !token.is(Classes::OTHER_PRONOUN)
            || weekday
            || on_day
            || token.case == Case::Lower && written.len() > 4 && written.ends_with("ly")
    }

    /// Whether an event's verb stands here as a verb: its form fits what is around it.
    pub(super) fn is_verb(&self, at: usize, form: Form, group: &Group, place: &Place) -> bool {
        let tokens = &self.reading.tokens;
        let before = at.checked_sub(1).filter(|&before| before >= place.sentence.start);
        let auxiliary = group.be || group.have || group.does || group.modal.is_some();
        let previous = before.map(|before| &tokens[before]);
        let opened = before.is_some_and(|before| {
            let token = &tokens[before];
            token.is(Classes::OPENER)
                && !token.is(Classes::SUBJECT | Classes::OBJECT | Classes::OTHER_PRONOUN | Classes::WH | Classes::THAT)
                || self.reading.is_possessive(before) && !(before > 0 && tokens[before - 1].is(Classes::SUBJECT))
        });
        let preposition = previous.is_some_and(|token| token.is(Classes::PREPOSITION) && !token.is(Classes::TO));
        let also_noun = self.is_noun(at);
        let next = tokens.get(at + 1).filter(|_| at + 1 < place.sentence.end);
        let object_follows = next.is_some_and(|next| {
            next.is(Classes::OPENER | Classes::OBJECT)
                || self.names.at(at + 1).is_some()
                || next.is(Classes::PREPOSITION) && !next.is(Classes::OF)
                || next.case == Case::Number
        });
        match form {
            _ if group.to.is_some() => {
                form == Form::Base && !(also_noun && !object_follows && self.is_preposition(group))
            }
            Form::Base => {
                group.modal.is_some()
                    || group.does
                    || !auxiliary
                        && next.is_some()
                        && !opened
                        && !preposition
                        && (!also_noun || object_follows && self.surely_subject(before))
                        && (self.may_be_subject(before, true) || place.kind == BlockKind::Title && before.is_some())
            }
            Form::Third => {
                !auxiliary && !opened && !preposition && (!also_noun || object_follows && self.surely_subject(before))
            }
            Form::Past => {
                let attributive = opened || previous.is_some_and(|token| token.is(Classes::HONORIFIC));
                (auxiliary && (group.be || group.have)) || !auxiliary && !attributive && !preposition
            }
            Form::Participle => auxiliary || !opened && previous.is_some_and(|token| token.is_word()) && !preposition,
            Form::Ing => {
                // "within | striking distance", "an agreement on | opening": no act of its own.
                let linked = preposition || previous.is_some_and(|token| token.is(Classes::TO));
                let governed = !linked || before.is_some_and(|before| self.marks(before).any(Marks::GERUND_AFTER));
                !opened && (group.be || !also_noun) && governed
            }
        }
    }

    fn is_preposition(&self, group: &Group) -> bool {
        group.to.is_some_and(|to| to > 0 && !self.reading.tokens[to - 1].is(Classes::BE))
    }

    /// Whether the word before a verb may end its subject.
    fn may_be_subject(&self, before: Option<usize>, plural: bool) -> bool {
        let Some(before) = before else { return false };
        let token = &self.reading.tokens[before];
        let agent = self.marks(before).any(Marks::AGENT.or(Marks::PAIR)) || token.is(Classes::GROUP | Classes::ROLES);
        let named = self.names.at(before).is_some();
        let pronoun = token.is(Classes::SUBJECT) && !(plural && token.is(Classes::MASCULINE | Classes::FEMININE));
        agent || named || pronoun || token.is(Classes::ADVERB) || token.is(Classes::AND)
    }

    /// Whether the word before one that may be a noun is surely its subject.
    fn surely_subject(&self, before: Option<usize>) -> bool {
        let adverb = |before: usize| self.reading.tokens[before].is(Classes::ADVERB | Classes::AND);
        before.is_some_and(|before| !adverb(before)) && self.may_be_subject(before, true)
    }

    /// Whether the tables have the word as an event's noun, too.
    pub(super) fn is_noun(&self, at: usize) -> bool {
        let Some(word) = self.reading.tokens[at].word else { return false };
        let noun = |number: usize| !self.reading.lexicon.trigger(number).verb;
        word.events.triggers.iter().any(|(number, _)| noun(*number))
    }

    /// What a verb's own group says of whether it has happened; `None` for what no finite verb carries.
    pub(super) fn of_verb(&self, at: usize, form: Form, group: &Group, place: &Place) -> Status {
        if let Some(to) = group.to {
            return self.of_infinitive(to, group, place);
        }
        if let Some(status) = self.condition(at, place) {
            return status;
        }
        if let Some(modal) = group.modal {
            let marks = self.marks(modal);
            return match () {
                () if group.negated => Status::Denied,
                () if marks.any(Marks::MUST) => Status::Demanded,
                () if marks.any(Marks::MAYBE) => Status::Conditional,
                () if marks.any(Marks::WOULD) && self.conditional_sentence(at, place) => Status::Conditional,
                () => Status::Planned,
            };
        }
        if group.negated {
            return Status::Denied;
        }
        match form {
            Form::Ing if group.be && group.past && !group.have => Status::Past,
            Form::Ing if group.be => Status::Ongoing,
            Form::Ing => self.of_gerund(at, place),
            Form::Past | Form::Participle if !group.be && self.goes_on(at, group, place) => Status::Ongoing,
            Form::Past | Form::Participle => Status::Past,
            Form::Base | Form::Third if place.kind == BlockKind::Title || place.kind == BlockKind::Standfirst => {
                Status::Past
            }
            Form::Base | Form::Third => Status::Ongoing,
        }
    }

    /// "refused to meet", "is due to meet", "urged both sides to meet", "flew in to meet"
    fn of_infinitive(&self, to: usize, group: &Group, place: &Place) -> Status {
        let floor = place.sentence.start.max(to.saturating_sub(MAX_GOVERNOR));
        let near = to.checked_sub(1).filter(|&near| near >= floor);
        if near.is_some_and(|near| self.reading.tokens[near].is(Classes::BE)) {
            return if group.negated { Status::Denied } else { Status::Planned };
        }
        let quote = self.reading.tokens[to].quote;
        let stop = |at: &usize| {
            let token = &self.reading.tokens[*at];
            token.quote == quote && !token.mark.is_some_and(|mark| ".;:—".contains(mark))
        };
        for at in (floor..to).rev().take_while(stop) {
            let marks = self.marks(at);
            let adjacent = at + 1 == to || at + 2 == to;
            let verb = !self.forms(at).is_empty();
            // "in talks to merge"
            let link = at > floor && !self.may_be_subject(Some(at - 1), true);
            if at + 1 == to
                && self.is_noun(at)
                && link
                && !marks.any(Marks::DEMAND_NOUN.or(Marks::PLAN_NOUN).or(Marks::PROMISE))
            {
                return Status::Conditional;
            }
            if adjacent && marks.any(Marks::DUE) {
                return self.less_sure(Status::Planned, at, place);
            }
            if verb && marks.any(Marks::REFUSE) && adjacent {
                let inner = self.group(at, place.sentence.start);
                return if inner.negated { Status::Past } else { Status::Denied };
            }
            if marks.any(Marks::DEMAND) && verb {
                let passive = self.group(at, place.sentence.start).be;
                return if at + 1 == to && !passive { Status::Planned } else { Status::Demanded };
            }
            if marks.any(Marks::DEMAND_NOUN) && adjacent {
                return Status::Demanded;
            }
            if verb && marks.any(Marks::THREAT) && adjacent {
                return Status::Conditional;
            }
            if (verb && marks.any(Marks::PROMISE) || marks.any(Marks::PLAN_NOUN)) && adjacent {
                return self.less_sure(Status::Planned, at, place);
            }
            if verb && marks.any(Marks::BEGIN) && adjacent {
                let form = self.forms(at).first().copied().unwrap_or(Form::Past);
                let inner = self.group(at, place.sentence.start);
                return if inner.to.is_some() { Status::Planned } else { self.of_verb(at, form, &inner, place) };
            }
            if verb && at + 1 < to && !adjacent {
                break;
            }
        }
        Status::Planned
    }

    /// "were not due to": what the group of the word that looks ahead says.
    fn less_sure(&self, status: Status, at: usize, place: &Place) -> Status {
        let inner = self.group(at, place.sentence.start);
        match () {
            () if inner.negated => Status::Denied,
            () if inner.modal.is_some_and(|modal| self.marks(modal).any(Marks::MAYBE)) => Status::Conditional,
            () => self.condition(at, place).unwrap_or(status),
        }
    }

    /// "while travelling", "accused of strangling": what the verb that governs a gerund says.
    fn of_gerund(&self, at: usize, place: &Place) -> Status {
        let before = at.checked_sub(1).filter(|&before| before >= place.sentence.start);
        let marks = before.map_or(Marks::default(), |before| self.marks(before));
        if marks.any(Marks::BEFORE) {
            return self.of_sentence(at, place, Status::Planned);
        }
        if marks.any(Marks::AFTER) {
            return self.of_sentence(at, place, Status::Past);
        }
        if let Some(before) = before
            && !self.forms(before).is_empty()
            && !self.marks(before).any(Marks::BEGIN)
        {
            if self.marks(before).any(Marks::CEASE.or(Marks::REFUSE)) {
                return Status::Denied;
            }
            if self.marks(before).any(Marks::DENY) {
                return Status::Denied;
            }
        }
        self.of_sentence(at, place, Status::Past)
    }

    /// What the finite verb nearest to the left says, or to the right, or else `otherwise`.
    pub(super) fn of_sentence(&self, at: usize, place: &Place, otherwise: Status) -> Status {
        let quote = self.reading.tokens[at].quote;
        let left = (place.sentence.start.max(at.saturating_sub(MAX_GOVERNOR))..at).rev();
        let right = at + 1..place.sentence.end.min(at + MAX_GOVERNOR);
        let mut around = left.chain(right).filter(|&other| self.reading.tokens[other].quote == quote);
        let found = around.find_map(|other| {
            let group = self.group(other, place.sentence.start);
            let form = self.finite(other, &group, place)?;
            (form != Form::Ing).then(|| self.of_verb(other, form, &group, place))
        });
        found.unwrap_or(otherwise)
    }

    /// The form of a finite verb at `at`.
    pub(super) fn finite(&self, at: usize, group: &Group, place: &Place) -> Option<Form> {
        if group.to.is_some() {
            return None;
        }
        let forms = self.forms(at);
        let auxiliary = group.be || group.have || group.does || group.modal.is_some();
        forms.into_iter().find(|&form| match form {
            Form::Ing => group.be,
            Form::Participle => group.have || group.be,
            Form::Base => group.modal.is_some() || group.does || !auxiliary && self.is_verb(at, form, group, place),
            _ => self.is_verb(at, form, group, place) && (auxiliary || form == Form::Past || form == Form::Third),
        })
    }

    /// "if they meet", "unless it withdraws": a word of condition before the verb in its clause.
    fn condition(&self, at: usize, place: &Place) -> Option<Status> {
        let quote = self.reading.tokens[at].quote;
        let floor = place.sentence.start.max(at.saturating_sub(MAX_CONDITION));
        let left = (floor..at).rev().take_while(|&other| {
            let token = &self.reading.tokens[other];
            token.quote == quote && !token.mark.is_some_and(|mark| ",;:.—".contains(mark))
        });
        left.into_iter().any(|other| self.marks(other).any(Marks::IF)).then_some(Status::Conditional)
    }

    /// Whether a condition stands anywhere in the sentence: "if …", "when …" after the verb.
    fn conditional_sentence(&self, at: usize, place: &Place) -> bool {
        let near = place.sentence.start.max(at.saturating_sub(2 * MAX_GOVERNOR))
            ..place.sentence.end.min(at + 2 * MAX_GOVERNOR);
        near.into_iter().any(|other| {
            let token = &self.reading.tokens[other];
            let when = other > at && token.is(Classes::WH) && token.is(Classes::SUBORDINATOR);
            self.marks(other).any(Marks::IF) || when
        })
    }

    /// "have rallied every Saturday since January"
    fn goes_on(&self, at: usize, group: &Group, place: &Place) -> bool {
        let after = at + 1..place.sentence.end.min(at + MAX_CONDITION);
        let clause = |at: &usize| !self.reading.tokens[*at].mark.is_some_and(|mark| ",;:.".contains(mark));
        group.have && !group.past && after.into_iter().take_while(clause).any(|at| self.marks(at).any(Marks::SINCE))
    }
}

/// Where a trigger stands.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) sentence: Range<usize>,
    pub(super) kind: BlockKind,
}

/// A verb group has no more tokens than this before its verb.
const MAX_GROUP: usize = 10;

/// What governs an infinitive or a noun is looked for in so many tokens.
const MAX_GOVERNOR: usize = 24;

/// A word of condition is looked for in so many tokens.
const MAX_CONDITION: usize = 14;
