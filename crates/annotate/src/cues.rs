//! Cues: forms of reporting verbs that may report, with the verb group around them.
//!
//! Only the form and its left neighbours are looked at here ("the reported attack" is no cue, "was told" is passive);
//! whether anything is said, and by whom, is decided in `attribute`.

use std::ops::Range;

use crate::classes::Classes;
use crate::lang::{Cue, Form};
use crate::names::Names;
use crate::reading::Reading;
use crate::tokens::Case;

/// A form of a reporting verb in the text.
#[derive(Clone, Debug)]
pub(crate) struct CueAt<'a> {
    pub(crate) cue: &'a Cue,
    pub(crate) form: Form,
    /// From the first auxiliary to the verb or its particle: "has not said", "called for".
    pub(crate) group: Range<usize>,
    /// Where a subject before it would end: left of adverbs, too.
    pub(crate) subject_end: usize,
    pub(crate) negated: bool,
    pub(crate) passive: bool,
}

/// The cues of tokens `range`, outside quotations.
pub(crate) fn find<'a>(reading: &Reading<'a>, names: &Names, range: Range<usize>, title_case: bool) -> Vec<CueAt<'a>> {
    let finder = Finder { reading, names, range: range.clone(), title_case };
    range.filter_map(|at| finder.cue_at(at)).collect()
}

struct Finder<'r, 'a> {
    reading: &'r Reading<'a>,
    names: &'r Names,
    range: Range<usize>,
    title_case: bool,
}

impl<'a> Finder<'_, 'a> {
    fn cue_at(&self, at: usize) -> Option<CueAt<'a>> {
        let token = &self.reading.tokens[at];
        let word = token.word.filter(|word| !word.verbs.is_empty())?;
        if token.quote.is_some() || self.names.at(at).is_some() || !(token.case == Case::Lower || self.title_case) {
            return None;
        }
        let (index, _) = *word.verbs.iter().find(|(index, _)| self.has_particle(at, *index))?;
        let cue = self.reading.lexicon.cue(index);
        let forms = word.verbs.iter().filter(|(other, _)| *other == index).map(|(_, form)| *form);
        let group = self.group(at);
        let form = forms.into_iter().find(|&form| self.fits(at, form, &group))?;
        let end = at + 1 + usize::from(cue.particle.is_some());
        let passive = group.auxiliary == Some(Classes::BE) && matches!(form, Form::Past | Form::Participle);
        Some(CueAt {
            cue,
            form,
            group: group.start..end,
            subject_end: group.subject_end,
            negated: group.negated,
            passive,
        })
    }

    fn has_particle(&self, at: usize, index: usize) -> bool {
        let Some(particle) = self.reading.lexicon.cue(index).particle else { return true };
        at + 1 < self.range.end && self.reading.written(at + 1).eq_ignore_ascii_case(particle)
    }

    /// The auxiliaries and adverbs before the verb at `at`.
    fn group(&self, at: usize) -> Group {
        let mut group = Group { start: at, subject_end: at, negated: false, auxiliary: None, infinitive: false };
        let mut left = at;
        while left > self.range.start {
            let token = &self.reading.tokens[left - 1];
            if token.quote.is_some() || !token.is_word() || self.names.at(left - 1).is_some() {
                break;
            }
            if token.is(Classes::NEGATION) {
                group.negated = true;
                group.start = left - 1;
            } else if token.is(Classes::AUXILIARY) && !self.is_possessive_s(left - 1) {
                group.auxiliary = group.auxiliary.or(Some(auxiliary_class(token.classes)));
                group.start = left - 1;
            } else if token.is(Classes::TO) && group.auxiliary.is_none() && left == group.start {
                match self.declines(left - 1) {
                    Some(start) => {
                        group.negated = true;
                        group.start = start;
                        group.subject_end = start;
                        left = start;
                        group.auxiliary = Some(Classes::DO);
                        continue;
                    }
                    None => group.infinitive = true,
                }
                break;
            } else if token.is(Classes::PREPOSITION) && self.token_is_time(left) {
                // "Adair | on Monday | said"
            } else if !self.is_adverb(left - 1) {
                break;
            }
            left -= 1;
        }
        group.subject_end = left;
        group
    }

    fn token_is_time(&self, at: usize) -> bool {
        at < self.range.end && self.reading.tokens[at].is(Classes::TIME)
    }

    /// "declined to say": where the verb before "to" begins, if it says that nothing was said.
    fn declines(&self, to: usize) -> Option<usize> {
        let before = to.checked_sub(1).filter(|&at| at >= self.range.start)?;
        self.reading.tokens[before].is(Classes::DECLINING).then_some(before)
    }

    fn is_adverb(&self, at: usize) -> bool {
        let token = &self.reading.tokens[at];
        let written = self.reading.written(at);
        let plain = token.is(Classes::ADVERB | Classes::TIME_ADVERB) && !token.is(Classes::OTHER_PRONOUN);
        plain || token.case == Case::Lower && written.len() > 4 && written.ends_with("ly")
    }

    /// "the minister's | said" is no auxiliary; "he's said" is.
    fn is_possessive_s(&self, at: usize) -> bool {
        let pronoun = at > 0 && self.reading.tokens[at - 1].is(Classes::SUBJECT);
        self.reading.is_possessive(at) && !pronoun
    }

    /// Whether a form may be a verb that reports, by what stands before it.
    fn fits(&self, at: usize, form: Form, group: &Group) -> bool {
        let Some(before) = at.checked_sub(1).filter(|&before| before >= self.range.start) else {
            return self.title_case || form == Form::Ing;
        };
        let previous = &self.reading.tokens[before];
        let noun_before = previous.is(Classes::OPENER | Classes::PREPOSITION) || self.is_possessive_s(before);
        let left = group
            .subject_end
            .checked_sub(1)
            .filter(|&left| left >= self.range.start)
            .map(|left| &self.reading.tokens[left]);
        match form {
            _ if group.infinitive => false,
            Form::Base => match group.auxiliary {
                Some(Classes::MODAL | Classes::DO) => true,
                Some(_) => false,
                None => {
                    !noun_before
                        && left
                            .is_some_and(|left| self.is_plural(group.subject_end - 1) && !left.is(Classes::PREPOSITION))
                }
            },
            Form::Third => {
                group.auxiliary.is_none()
                    && !noun_before
                    && !previous.is(Classes::CLOSED & !Classes::SUBJECT & !Classes::WH & !Classes::AND & !Classes::BUT)
            }
            // "these seemingly | opposed considerations"
            Form::Past => {
                !noun_before
                    && !left.is_some_and(|left| {
                        left.is(Classes::OPENER) && !left.is(Classes::SUBJECT | Classes::OTHER_PRONOUN)
                    })
                    || group.auxiliary.is_some()
            }
            Form::Participle => group.auxiliary.is_some(),
            Form::Ing => {
                (!noun_before || previous.is(Classes::AS))
                    && group.auxiliary.is_none_or(|auxiliary| auxiliary == Classes::BE)
            }
        }
    }

    fn is_plural(&self, at: usize) -> bool {
        let token = &self.reading.tokens[at];
        if token.is(Classes::SUBJECT) {
            return !token.is(Classes::MASCULINE | Classes::FEMININE);
        }
        let written = self.reading.written(at);
        let plural_form = written.ends_with('s') && !written.ends_with("ss");
        let listed = at >= 2 && self.reading.tokens[at - 1].is(Classes::AND);
        token.is(Classes::ROLES | Classes::GROUP)
            || !token.is_word()
            || listed
            || plural_form && token.is_word() && self.names.at(at).is_none_or(|name| name.demonym)
    }
}

struct Group {
    start: usize,
    subject_end: usize,
    negated: bool,
    auxiliary: Option<Classes>,
    infinitive: bool,
}

fn auxiliary_class(classes: Classes) -> Classes {
    let kinds = [Classes::BE, Classes::HAVE, Classes::DO, Classes::MODAL];
    kinds.into_iter().find(|kind| classes.any(*kind)).unwrap_or(Classes::MODAL)
}
