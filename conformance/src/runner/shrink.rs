//! Shrinks a scenario that differs: steps are removed as long as the same kind of difference stays.

use std::time::{Duration, Instant};

use super::play::Difference;

/// How long shrinking may go on.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// Runs at most.
    pub runs: usize,
    /// Time at most.
    pub time: Duration,
}

impl Default for Budget {
    fn default() -> Self {
        Self { runs: 400, time: Duration::from_secs(60) }
    }
}

/// Removes steps, in large pieces first, while `differs` still gives a difference of the same kind.
///
/// # Errors
/// Those of `differs`.
pub fn shrink<S: Clone>(
    steps: &[S],
    found: Difference,
    budget: Budget,
    mut differs: impl FnMut(&[S]) -> anyhow::Result<Option<Difference>>,
) -> anyhow::Result<(Vec<S>, Difference)> {
    let until = Instant::now() + budget.time;
    let mut left = budget.runs;
    let mut best = (steps[..=found.index.min(steps.len() - 1)].to_vec(), found);
    let mut size = best.0.len().div_ceil(2);
    while size > 0 {
        let mut start = 0;
        let mut removed = false;
        while start < best.0.len() {
            if left == 0 || Instant::now() >= until {
                return Ok(best);
            }
            left -= 1;
            let end = (start + size).min(best.0.len());
            let mut tried = best.0.clone();
            tried.drain(start..end);
            match differs(&tried)? {
                Some(difference) if difference.kind == best.1.kind => {
                    tried.truncate(difference.index + 1);
                    best = (tried, difference);
                    removed = true;
                }
                _ => start = end,
            }
        }
        if !(removed && size == 1) {
            size /= 2;
        }
    }
    Ok(best)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runner::play::{Stated, Step};
    use crate::scenario::Action;

    fn steps(marks: &[u64]) -> Vec<Step> {
        marks
            .iter()
            .map(|seconds| Step {
                action: Action::AdvanceClock { seconds: *seconds },
                stated: Stated::Nothing,
            })
            .collect()
    }

    fn mark(step: &Step) -> u64 {
        match step.action {
            Action::AdvanceClock { seconds } => seconds,
            _ => 0,
        }
    }

    /// Differs at the first 9 after a 3 that itself comes after a 5.
    fn differs(steps: &[Step]) -> anyhow::Result<Option<Difference>> {
        let mut wanted = [5, 3, 9].into_iter().peekable();
        for (index, step) in steps.iter().enumerate() {
            if wanted.next_if_eq(&mark(step)).is_some() && wanted.peek().is_none() {
                let (action, text) = ("a".to_owned(), String::new());
                return Ok(Some(Difference { index, action, text, kind: "k".to_owned(), by_case: false }));
            }
        }
        Ok(None)
    }

    #[test]
    fn only_what_the_difference_needs_is_left() {
        let all = steps(&[1, 5, 1, 2, 5, 3, 3, 7, 7, 1, 9, 4, 4]);
        let found = differs(&all).unwrap().unwrap();
        let (left, difference) = shrink(&all, found, Budget::default(), differs).unwrap();
        assert_eq!(left.iter().map(mark).collect::<Vec<_>>(), [5, 3, 9]);
        assert_eq!(difference.index, 2);
    }

    #[test]
    fn a_difference_of_another_kind_is_not_taken_for_the_same() {
        let all = steps(&[1, 2]);
        let found = Difference {
            index: 1,
            action: "a".into(),
            text: String::new(),
            kind: "first".into(),
            by_case: false,
        };
        let (left, _) = shrink(&all, found, Budget::default(), |steps| {
            let kind = if steps.len() == 2 { "first" } else { "second" };
            Ok(Some(Difference {
                index: 0,
                action: "a".into(),
                text: String::new(),
                kind: kind.into(),
                by_case: false,
            }))
        })
        .unwrap();
        assert_eq!(left.len(), 2);
    }

    #[test]
    fn the_budget_is_kept() {
        let all = steps(&[5, 1, 1, 1, 1, 1, 3, 9]);
        let found = differs(&all).unwrap().unwrap();
        let mut runs = 0;
        let budget = Budget { runs: 3, time: Duration::from_secs(9) };
        shrink(&all, found, budget, |steps| {
            runs += 1;
            differs(steps)
        })
        .unwrap();
        assert_eq!(runs, 3);
    }
}
