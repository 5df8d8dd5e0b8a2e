//! Which keys start with a prefix, as the bounds of an ordered range.

use std::ops::{Bound, RangeBounds};

/// Bounds of the keys that start with a prefix and are greater than `after`.
pub(crate) struct PrefixRange {
    lower: Bound<Vec<u8>>,
    upper: Bound<Vec<u8>>,
}

impl PrefixRange {
    /// The range; `None` when no key can lie in it.
    pub(crate) fn new(prefix: &[u8], after: Option<&[u8]>) -> Option<Self> {
        let upper = successor(prefix).map_or(Bound::Unbounded, Bound::Excluded);
        let lower = match after {
            Some(after) if after >= prefix => Bound::Excluded(after.to_vec()),
            _ => Bound::Included(prefix.to_vec()),
        };
        // A range that starts after its end is an error to an ordered map, not an empty range.
        if let (Bound::Excluded(after), Bound::Excluded(end)) = (&lower, &upper)
            && after >= end
        {
            return None;
        }
        Some(Self { lower, upper })
    }

    /// The bounds, borrowed.
    pub(crate) fn bounds(&self) -> (Bound<&[u8]>, Bound<&[u8]>) {
        (as_slice(&self.lower), as_slice(&self.upper))
    }
}

impl RangeBounds<Vec<u8>> for PrefixRange {
    fn start_bound(&self) -> Bound<&Vec<u8>> {
        self.lower.as_ref()
    }

    fn end_bound(&self) -> Bound<&Vec<u8>> {
        self.upper.as_ref()
    }
}

/// The smallest key greater than every key with the prefix; `None` when there is none.
fn successor(prefix: &[u8]) -> Option<Vec<u8>> {
    let last = prefix.iter().rposition(|byte| *byte != u8::MAX)?;
    let mut end = prefix[..=last].to_vec();
    end[last] += 1;
    Some(end)
}

fn as_slice(bound: &Bound<Vec<u8>>) -> Bound<&[u8]> {
    match bound {
        Bound::Included(key) => Bound::Included(key),
        Bound::Excluded(key) => Bound::Excluded(key),
        Bound::Unbounded => Bound::Unbounded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_prefix_of_highest_bytes_has_no_end() {
        assert_eq!(successor(b""), None);
        assert_eq!(successor(&[0xff, 0xff]), None);
        assert_eq!(successor(&[0x01, 0xff]), Some(vec![0x02]));
        assert_eq!(successor(b"user/"), Some(b"user0".to_vec()));
    }

    proptest! {
        #[test]
        fn the_range_holds_exactly_the_keys_with_the_prefix(
            prefix in key(), key in key(), after in proptest::option::of(key()),
        ) {
            let wanted = key.starts_with(&prefix) && after.as_ref().is_none_or(|after| key > *after);
            let found = PrefixRange::new(&prefix, after.as_deref()).is_some_and(|range| range.contains(&key));
            prop_assert_eq!(found, wanted);
        }
    }

    fn key() -> impl Strategy<Value = Vec<u8>> {
        proptest::collection::vec(prop_oneof![Just(0u8), Just(1), Just(0xfe), Just(0xff)], 0..4)
    }
}
