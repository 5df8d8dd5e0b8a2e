//! What the entry points share in safe code: who seals the BLOBs of a call, what time it is, and what is written about it.

pub(crate) mod clock;
pub(crate) mod hsm;
pub(crate) mod imports;
pub(crate) mod keys;
pub(crate) mod trace;

use bancada_digipass::keys::InitialVector;
use bancada_digipass::{Context, KernelParams, ReturnCode, Sealing, encoding};

/// What an entry point ends with: the code of a success, which may carry a warning, or of a failure.
pub(crate) type Outcome = Result<ReturnCode, ReturnCode>;

/// What this library returns when it fails in itself, which is a defect (our choice of number).
pub(crate) const INTERNAL: ReturnCode = ReturnCode(19_099);
/// The sentence for [`INTERNAL`].
pub(crate) const INTERNAL_TEXT: &str = "The library failed in itself: please report what was called.";

/// One call of the kernel: its parameters, and who seals its BLOBs.
pub(crate) struct Call<'a> {
    params: &'a KernelParams,
    sealer: Sealer<'a>,
}

enum Sealer<'a> {
    Software,
    Service { key: Option<&'a [u8]>, iv: Option<&'a [u8]> },
}

impl<'a> Call<'a> {
    /// A call whose BLOBs this library seals.
    pub(crate) fn software(params: &'a KernelParams) -> Self {
        Self { params, sealer: Sealer::Software }
    }

    /// A call whose BLOBs a named key in an HSM seals.
    pub(crate) fn service(params: &'a KernelParams, key: Option<&'a [u8]>, iv: Option<&'a [u8]>) -> Self {
        Self { params, sealer: Sealer::Service { key, iv } }
    }

    /// Runs work of the kernel at the time it is now.
    ///
    /// # Errors
    /// 143 for a fixed time that cannot be read; 149 for an initial vector, 908 for a missing key name, 900 when there is no key
    /// service; the errors of the work.
    pub(crate) fn run<T>(
        &self,
        work: impl FnOnce(&Context<'_>) -> Result<T, ReturnCode>,
    ) -> Result<T, ReturnCode> {
        let now = clock::now()?;
        match self.sealer {
            Sealer::Software => work(&Context { now, params: self.params, sealing: Sealing::Software }),
            Sealer::Service { key, iv } => {
                let iv = InitialVector::parse(iv)?;
                let key = std::str::from_utf8(encoding::text(key.unwrap_or_default())).unwrap_or_default();
                if key.is_empty() {
                    return Err(ReturnCode::HSM_KEY_NOT_FOUND);
                }
                let service = keys::service()?;
                let sealing = Sealing::Service { service: &*service, key, iv };
                work(&Context { now, params: self.params, sealing })
            }
        }
    }
}

/// The sentence for a return code, ours for every number.
pub(crate) fn text(code: i32) -> &'static str {
    if code == INTERNAL.0 { INTERNAL_TEXT } else { ReturnCode(code).text() }
}
