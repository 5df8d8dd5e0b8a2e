//! The C interface of the Digipass kernel: `libaal2sdk.so`, whose header is aal2sdk.h.
//!
//! [`api`] holds the entry points under the vendor's documented names and turns pointers into values; what they do is safe code
//! over `bancada_digipass`. The clock, the randomness and the key service of this process come in here: the kernel takes them as arguments.
//!
//! Ours, read from the environment at every call:
//!
//! | variable | meaning |
//! |---|---|
//! | `BANCADA_DIGIPASS_TIME` | the host's time, as seconds since 1970 or RFC 3339; without it, the system's clock |
//! | `BANCADA_DIGIPASS_TRACE` | a file that gets one line per call (time, function, result); `stderr` for standard error |
//! | `BANCADA_DIGIPASS_HSM` | host and port of the Dinamo HSM, or simulator, whose named keys the ICSF functions use |
//! | `BANCADA_DIGIPASS_HSM_USER`, `BANCADA_DIGIPASS_HSM_PASSWORD` | who logs in there |
//! | `BANCADA_DIGIPASS_HSM_CERTIFICATE` | file of the device's certificate, PEM or DER; `any` for any; `none` for clear text |
//! | `BANCADA_DIGIPASS_KEYS` | without an HSM: a file of named keys that stands in for it |

#[expect(unsafe_code, reason = "a C caller's memory: pointers become values here and nowhere else")]
pub mod api;
mod backend;
