//! A document with some of its statements.

use crate::{Document, Statement};

impl Document {
    /// Leaves out the statements whose confidence is under `least`, and what hangs on them; see
    /// [`retain_statements`](Self::retain_statements).
    pub fn retain_confident(&mut self, least: f32) {
        self.retain_statements(|statement| statement.confidence >= least);
    }

    /// Keeps the statements for which `keep` holds, and numbers them anew.
    ///
    /// A statement inside one that goes stands inside the next outer one that stays. What only a statement tells goes
    /// with it: positions, claims of the headline, verdicts that stood on it alone, and events, unless an outer
    /// statement tells them, too. Entities stay, since the article names them all the same.
    pub fn retain_statements(&mut self, keep: impl Fn(&Statement) -> bool) {
        let kept: Vec<bool> = self.statements.iter().map(keep).collect();
        if kept.iter().all(|kept| *kept) {
            return;
        }
        let mut n_kept = 0;
        let number = |kept: &bool| {
            n_kept += usize::from(*kept);
            kept.then(|| n_kept - 1)
        };
        let numbers: Vec<Option<usize>> = kept.iter().map(number).collect();
        let new = |old: usize| numbers.get(old).copied().flatten();
        let outer: Vec<Option<usize>> = self.statements.iter().map(|statement| statement.inside).collect();
        // Inside one another in a circle they are in no record of ours; this ends all the same.
        let held_by = |first: Option<usize>| {
            let chain = std::iter::successors(first, |&old| outer.get(old).copied().flatten());
            chain.take(outer.len()).find_map(new)
        };
        self.statements.retain({
            let mut kept = kept.iter();
            move |_| *kept.next().expect("one for each")
        });
        for (id, statement) in self.statements.iter_mut().enumerate() {
            statement.id = id;
            statement.inside = held_by(statement.inside);
        }
        self.events.retain_mut(|event| {
            let told = event.asserted_by.is_some();
            event.asserted_by = held_by(event.asserted_by);
            !told || event.asserted_by.is_some()
        });
        for (id, event) in self.events.iter_mut().enumerate() {
            event.id = id;
        }
        self.positions.retain_mut(|position| new(position.statement).map(|id| position.statement = id).is_some());
        self.headline.retain_mut(|headline| {
            let stood = !headline.supported_by.is_empty();
            headline.supported_by = headline.supported_by.iter().filter_map(|&id| new(id)).collect();
            let stands = !stood || !headline.supported_by.is_empty();
            stands && new(headline.statement).map(|id| headline.statement = id).is_some()
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::*;

    fn statement(id: usize, inside: Option<usize>, confidence: f32) -> Statement {
        Statement {
            id,
            quotation: Quotation::Indirect,
            content: vec![Span::new(id, id + 1)],
            cue: Vec::new(),
            source: Vec::new(),
            speaker: None,
            speakers: Vec::new(),
            addressee: None,
            channel: None,
            via: Vec::new(),
            inside,
            act: Act::Assert,
            negated: false,
            confidence,
        }
    }

    fn event(id: usize, asserted_by: Option<usize>) -> Event {
        Event {
            id,
            kind: "CONSULT".into(),
            mode: None,
            status: Status::Past,
            trigger: Vec::new(),
            actors: Vec::new(),
            recipients: Vec::new(),
            mediators: Vec::new(),
            place: None,
            when: None,
            asserted_by,
        }
    }

    fn headline(statement: usize, supported_by: &[usize]) -> Headline {
        Headline { statement, verdict: Verdict::Partly, supported_by: supported_by.to_vec() }
    }

    /// Five statements: 1 inside 0, 2 inside 1, and 1 and 3 doubtful.
    fn document() -> Document {
        let mut document = Document::new(Article::from_text("abcde".into()));
        let all = [(None, 0.9), (Some(0), 0.3), (Some(1), 0.8), (None, 0.49), (None, 0.5)];
        let all = all.iter().enumerate().map(|(id, &(inside, confidence))| statement(id, inside, confidence));
        document.statements = all.collect();
        document
    }

    #[test]
    fn doubtful_statements_go_and_the_others_are_numbered_anew() {
        let mut document = document();
        document.retain_confident(0.5);
        let found: Vec<_> =
            document.statements.iter().map(|statement| (statement.id, statement.content[0].start())).collect();
        assert_eq!(found, [(0, 0), (1, 2), (2, 4)]);
    }

    #[test]
    fn the_next_outer_statement_holds_what_a_doubtful_one_held() {
        let mut document = document();
        document.retain_confident(0.5);
        assert_eq!(document.statements[1].inside, Some(0));
        document.retain_confident(0.85);
        assert_eq!(document.statements.len(), 1);
    }

    #[test]
    fn events_go_with_the_only_statement_that_tells_them() {
        let mut document = document();
        document.events = vec![event(0, None), event(1, Some(3)), event(2, Some(1)), event(3, Some(4))];
        document.retain_confident(0.5);
        let told: Vec<_> = document.events.iter().map(|event| (event.id, event.asserted_by)).collect();
        assert_eq!(told, [(0, None), (1, Some(0)), (2, Some(2))]);
    }

    #[test]
    fn positions_and_headlines_follow_their_statements() {
        let mut document = document();
        let position = |statement| Position { party: 0, issue: "grain".into(), stance: Stance::Open, statement };
        document.positions = vec![position(1), position(4)];
        document.headline = vec![headline(3, &[0]), headline(0, &[2, 3]), headline(2, &[]), headline(4, &[1, 3])];
        document.retain_confident(0.5);
        assert_eq!(document.positions, [position(2)]);
        assert_eq!(document.headline, [headline(0, &[1]), headline(1, &[])]);
    }

    #[test]
    fn nothing_doubtful_changes_nothing_and_what_is_no_number_goes() {
        let mut document = document();
        document.retain_confident(0.0);
        assert_eq!(document, self::document());
        document.statements[0].confidence = f32::NAN;
        document.retain_confident(0.0);
        assert_eq!(document.statements.len(), 4);
        document.retain_confident(1.0);
        assert!(document.statements.is_empty());
    }

    #[test]
    fn statements_inside_each_other_in_a_circle_end() {
        let mut document = document();
        document.statements[0].inside = Some(1);
        document.statements[0].confidence = 0.1;
        document.retain_confident(0.5);
        assert_eq!(document.statements[0].inside, None);
    }
}
