//! Why facts are compared with nothing: the only place that says so.

/// Fact, or prefix of facts ending in `*`, and why nothing compares it. The first row that fits counts.
pub(super) const REASONS: &[(&str, &str)] = &[];
