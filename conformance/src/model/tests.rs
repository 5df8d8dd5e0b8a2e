//! Tests of the model: what it says of the clauses of `docs/device.md`.
