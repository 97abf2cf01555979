//! The spans of a statement in a few bytes: counts and distances, each in base 128, low part first.

use rapporteur_record::{Span, Statement};

/// Where the parts of a statement stand in the text, in bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spans {
    /// What was said.
    pub content: Vec<Span>,
    /// The words of saying.
    pub cue: Vec<Span>,
    /// The words that name the source.
    pub source: Vec<Span>,
}

impl Spans {
    pub(crate) fn of(statement: &Statement) -> Self {
        let Statement { content, cue, source, .. } = statement;
        Spans { content: content.clone(), cue: cue.clone(), source: source.clone() }
    }

    pub(crate) fn pack(&self) -> Vec<u8> {
        let (mut packed, mut before) = (Vec::with_capacity(12), 0i64);
        for spans in [&self.content, &self.cue, &self.source] {
            push(&mut packed, spans.len() as u64);
            for span in spans {
                // Zigzag: a cue may stand before its content.
                let step = span.start() as i64 - before;
                push(&mut packed, ((step << 1) ^ (step >> 63)) as u64);
                push(&mut packed, span.len() as u64);
                before = span.end() as i64;
            }
        }
        packed
    }

    /// `None` if the bytes are not what [`pack`](Self::pack) makes.
    pub(crate) fn unpack(packed: &[u8]) -> Option<Self> {
        let (mut rest, mut before) = (packed, 0i64);
        let mut list = || -> Option<Vec<Span>> {
            let n_spans = take(&mut rest)?;
            let mut spans = Vec::new();
            for _ in 0..n_spans {
                let zigzag = take(&mut rest)?;
                let start = before.checked_add((zigzag >> 1) as i64 ^ -((zigzag & 1) as i64))?;
                let end = start.checked_add_unsigned(take(&mut rest)?)?;
                if start < 0 || end > i64::from(u32::MAX) {
                    return None;
                }
                spans.push(Span::new(start as usize, end as usize));
                before = end;
            }
            Some(spans)
        };
        let spans = Spans { content: list()?, cue: list()?, source: list()? };
        rest.is_empty().then_some(spans)
    }

    /// All of them: those of the content, of the cue, of the source.
    pub fn iter(&self) -> impl Iterator<Item = Span> {
        self.content.iter().chain(&self.cue).chain(&self.source).copied()
    }
}

fn push(packed: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        packed.push(number as u8 | 0x80);
        number >>= 7;
    }
    packed.push(number as u8);
}

fn take(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..63).step_by(7) {
        let (&byte, after) = rest.split_first()?;
        *rest = after;
        number |= u64::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn spans() -> impl Strategy<Value = Vec<Span>> {
        let span = (0..u32::MAX / 2, 0..u32::MAX / 2);
        proptest::collection::vec(span.prop_map(|(start, len)| Span::new(start as usize, (start + len) as usize)), 0..5)
    }

    proptest! {
        #[test]
        fn spans_come_back(content in spans(), cue in spans(), source in spans()) {
            let spans = Spans { content, cue, source };
            prop_assert_eq!(Spans::unpack(&spans.pack()), Some(spans));
        }

        #[test]
        fn any_bytes_are_taken_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = Spans::unpack(&bytes);
        }
    }
}
