//! The COBOL entry point of AAL2VerifyMessageSignatureICSF (vendor docs, page AAL2VerifyMessageSignatureICSF, COBOL calling convention): the
//! order of its CALL, `PIC X` fields filled with spaces, binary numbers of 4 bytes.
//!
//! `USAGE BINARY` is big-endian by default in GnuCOBOL too, where C is not. Our choice: when ParmCount makes sense only the other way round,
//! all numbers passed by reference are read and written that way.

use bancada_digipass::message::{MAX_MESSAGE, MessageSignature};
use bancada_digipass::params::FIELD_COUNT;
use bancada_digipass::{KernelParams, ReturnCode};

use super::arg::{BlobPlace, Buffer, FromC, Place, Text, Word, read_fields};
use super::layout::TKernelParms;
use super::message::verify_into;
use super::output::CODE_PLACE;
use super::signature::unsigned;
use super::{KEY_NAME, SIGNATURE, VECTOR};
use crate::backend::Call;

/// Kernel parameters of a COBOL program, and whether its numbers have the other byte order.
pub struct CobolParams {
    params: KernelParams,
    swapped: bool,
}

impl CobolParams {
    /// The parameters.
    #[must_use]
    pub fn params(&self) -> &KernelParams {
        &self.params
    }
}

impl FromC for CobolParams {
    type Raw = *const TKernelParms;

    unsafe fn from_c(raw: Self::Raw) -> Self {
        if raw.is_null() {
            return Self { params: KernelParams::default(), swapped: false };
        }
        let numbers: *const i32 = raw.cast();
        // SAFETY: the caller promises ParmCount.
        let count = unsafe { numbers.read_unaligned() };
        let plausible = |count: i32| usize::try_from(count).is_ok_and(|count| count <= FIELD_COUNT);
        let swapped = !plausible(count) && plausible(count.swap_bytes());
        let order = |number: i32| if swapped { number.swap_bytes() } else { number };
        // SAFETY: the caller promises as many fields as it says.
        let fields = unsafe { read_fields(numbers, order(count)) };
        let fields: Vec<i32> = fields.into_iter().map(order).collect();
        Self { params: KernelParams::from_fields(order(count), &fields), swapped }
    }
}

entries! {
    /// Verifies the signature over an activation message 2 or a request message. The confirmation code is filled with spaces.
    fn AA2VMSIC(
        W_BLOB: BlobPlace,
        W_KERNELPARMS: CobolParams,
        W_STORAGEKEY: Text<KEY_NAME>,
        W_INITVECTOR: Text<VECTOR>,
        W_MESSAGEEXPIRATIONTIME: i32,
        W_SIGNATURE: Text<SIGNATURE>,
        W_SIGNED_MESSAGE: Word<MAX_MESSAGE>,
        W_SIGNATUREDATA: i32,
        W_CONFIRMCODE: Buffer,
        W_CONFCODE_LENGTH: Place<i32>,
    ) {
        let request = MessageSignature {
            expiration_s: W_MESSAGEEXPIRATIONTIME,
            signature: W_SIGNATURE.get(),
            message: W_SIGNED_MESSAGE.get(),
            deferred: unsigned(W_SIGNATUREDATA),
        };
        let order = |number: i32| if W_KERNELPARMS.swapped { number.swap_bytes() } else { number };
        let given = W_CONFCODE_LENGTH.get().and_then(|size| usize::try_from(order(size)).ok());
        let size = given.filter(|size| (1..=CODE_PLACE).contains(size)).unwrap_or(CODE_PLACE);
        let call = Call::service(&W_KERNELPARMS.params, W_STORAGEKEY.get(), W_INITVECTOR.get());
        let tell = |code: &str| W_CONFCODE_LENGTH.set(order(i32::try_from(code.len()).unwrap_or(0)));
        let fits = |code: &str| {
            if W_CONFIRMCODE.is_null() || code.len() <= size {
                return Ok(());
            }
            tell(code);
            Err(ReturnCode::BUFFER_TOO_SMALL)
        };
        let (outcome, code) = verify_into(&call, &W_BLOB, &request, fits)?;
        if let Some(code) = code {
            W_CONFIRMCODE.write(format!("{code:size$}").as_bytes());
            tell(&code);
        }
        outcome
    }
}
