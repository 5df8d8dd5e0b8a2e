//! The one crate that names cryptographic libraries: small functions on our key types.
