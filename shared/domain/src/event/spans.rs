//! Stretches of time and their sums: what counts twice must count once, and what is taken out must be gone.

use serde::{Deserialize, Serialize};

/// From one second up to another, in seconds since 1970; the last one isn't part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// Its first second.
    pub from: i64,
    /// The second after its last.
    pub to: i64,
}

impl Span {
    /// How long it is, in seconds; 0 if it ends before it begins.
    pub fn seconds(self) -> u64 {
        u64::try_from(self.to.saturating_sub(self.from)).unwrap_or(0)
    }

    /// Whether both have a second in common.
    pub fn meets(self, other: Span) -> bool {
        self.from.max(other.from) < self.to.min(other.to)
    }
}

/// The same time with each second once: in order, apart from each other, none empty.
pub fn union(spans: impl IntoIterator<Item = Span>) -> Vec<Span> {
    let mut sorted: Vec<Span> = spans.into_iter().filter(|span| span.seconds() > 0).collect();
    sorted.sort_unstable();
    sorted.dedup_by(|span, last| {
        let touches = span.from <= last.to;
        if touches {
            last.to = last.to.max(span.to);
        }
        touches
    });
    sorted
}

/// What lies within a window.
pub fn within(spans: &[Span], window: Span) -> Vec<Span> {
    let cut = |span: &Span| Span { from: span.from.max(window.from), to: span.to.min(window.to) };
    spans.iter().map(cut).filter(|span| span.seconds() > 0).collect()
}

/// What is left when others are taken out. Both as [`union`] gives them.
pub fn minus(spans: &[Span], taken: &[Span]) -> Vec<Span> {
    let mut left = Vec::with_capacity(spans.len());
    for span in spans {
        let mut from = span.from;
        for out in taken.iter().filter(|out| out.meets(*span)) {
            if out.from > from {
                left.push(Span { from, to: out.from });
            }
            from = from.max(out.to);
        }
        if from < span.to {
            left.push(Span { from, to: span.to });
        }
    }
    left
}

/// What both have in common. Both as [`union`] gives them.
pub fn common(one: &[Span], other: &[Span]) -> Vec<Span> {
    let mut both = Vec::with_capacity(one.len());
    let (mut here, mut there) = (0, 0);
    while let (Some(a), Some(b)) = (one.get(here), other.get(there)) {
        let span = Span { from: a.from.max(b.from), to: a.to.min(b.to) };
        if span.seconds() > 0 {
            both.push(span);
        }
        if a.to <= b.to { here += 1 } else { there += 1 }
    }
    both
}

/// The sum of spans that are apart from each other.
pub fn seconds(spans: &[Span]) -> u64 {
    spans.iter().map(|span| span.seconds()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_spans() -> impl Strategy<Value = Vec<Span>> {
        proptest::collection::vec((0i64..200, 0i64..200).prop_map(|(from, to)| Span { from, to }), 0..12)
    }

    fn holds(spans: &[Span], second: i64) -> bool {
        spans.iter().any(|span| (span.from..span.to).contains(&second))
    }

    proptest! {
        #[test]
        fn what_two_have_in_common_is_what_is_in_both(one in any_spans(), other in any_spans()) {
            let both = common(&union(one.iter().copied()), &union(other.iter().copied()));
            let expected = (0..200).filter(|second| holds(&one, *second) && holds(&other, *second)).count();
            prop_assert_eq!(seconds(&both), u64::try_from(expected).unwrap());
            prop_assert_eq!(union(both.iter().copied()), both);
        }

        #[test]
        fn each_second_counts_once_and_only_where_it_should(sessions in any_spans(), breaks in any_spans()) {
            let window = Span { from: 20, to: 150 };
            let (sessions, breaks) = (union(sessions), union(breaks));
            let left = minus(&within(&sessions, window), &breaks);
            let expected = |second: &i64| {
                (20..150).contains(second) && holds(&sessions, *second) && !holds(&breaks, *second)
            };
            prop_assert_eq!(seconds(&left), u64::try_from((0..200).filter(expected).count()).unwrap());
            prop_assert!(left.windows(2).all(|pair| pair[0].to <= pair[1].from));
        }
    }
}
