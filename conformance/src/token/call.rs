//! One call of the kernel as every driver can make it, and its answer.

/// The named keys of a key service; what stands behind the last is no key.
pub const KEYS: [&str; 4] = ["LIFE_AES256", "LIFE_3DES", "LIFE_AES128", "LIFE_MISSING"];
/// Initial vectors of BLOBs that a named key seals; a missing one is zeros.
pub const VECTORS: [&str; 3] = ["00112233445566FF", "", "0000000000000001"];

/// Who seals the BLOBs of a call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sealer {
    /// The kernel itself, under the call's derive vector and derive keys.
    #[default]
    Software,
    /// A key of [`KEYS`] with a vector of [`VECTORS`].
    Named {
        /// Place of the key.
        key: usize,
        /// Place of the vector.
        vector: usize,
    },
}

impl Sealer {
    /// Name and initial vector of the key, if one seals.
    #[must_use]
    pub fn key(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Software => None,
            Self::Named { key, vector } => Some((KEYS[key % KEYS.len()], VECTORS[vector % VECTORS.len()])),
        }
    }
}

/// What is called. The name is the operation's in the adapter's lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// AAL2DPXInit and AAL2DPXGetTokenBlobsEx: file and transport key in, BLOBs out.
    Dpx,
    /// AAL2MigrateBlobEx, AAL2MigrateBlobICSF: name and vector of the new key in, or derive vector and eight derive keys.
    Migrate,
    /// AAL2VerifyPassword: password and challenge in, host code out.
    Password,
    /// AAL2VerifySignature: signature and fields; deferred value in, host code out.
    Signature,
    /// AAL2VerifyMessageSignature: signature and message; greatest age and deferred value in, confirmation code out.
    Message,
    /// AAL2DeriveTokenBlobs: challenge and code; count and format in.
    Derive,
    /// AAL2GenerateChallenge: challenge out.
    Challenge,
    /// AAL2SyncTokenAndHost: two passwords, each followed by its challenge.
    Synchronise,
    /// AAL2ResetTokenInfo.
    Reset,
    /// AAL2SetTokenProperty: property and value in.
    Set,
    /// AAL2GetTokenProperty for several properties: their numbers in, their values out.
    Get,
    /// AAL2ChangeStaticPassword: the PIN twice.
    SetPin,
    /// AAL2ResetStaticPassword.
    ClearPin,
    /// AAL2Unlock: number in, unlock code out.
    Unlock,
    /// AAL2GenMessageActivation1: challenge and three vectors in, message out.
    FirstMessage,
    /// AAL2VerifyDeviceCode: challenge and device code in; identifier and type of the device out.
    DeviceCode,
    /// AAL2GenMessageActivation2: two vectors, payload key and identifier in; message, number and the instance's BLOBs out.
    SecondMessage,
    /// AAL2GenPayloadKeyBlob: message vector in, payload key BLOB out.
    PayloadKey,
    /// AAL2GenMessageRequest: payload key, message vector and body in, message out.
    Request,
    /// AAL2GenMessageDeactivation: payload key and message vector; instance in, message out.
    Deactivation,
    /// AAL2GenPassword: challenge in, password out.
    GenPassword,
    /// AAL2GenSignature: fields in, and the deferred value; signature out.
    GenSignature,
    /// AAL2GenActivationCodeXErc: static vector and shared secret in, activation data out.
    ActivationData,
    /// AAL2ProcMessageResponse: payload key, response and request in, body out.
    Response,
    /// AAL2GetMessageProperties: message in; serial number, version, type, protection, encrypted and signed out.
    MessageProperties,
}

/// One call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenCall {
    /// What is called.
    pub operation: Operation,
    /// The host's time, seconds since 1970.
    pub now: u64,
    /// The kernel parameters behind ParmCount, in the vendor's order.
    pub parms: [i32; 23],
    /// Who seals the BLOBs.
    pub sealer: Sealer,
    /// BLOBs, as 496 hexadecimal digits.
    pub blobs: Vec<String>,
    /// Texts; `None` is a null pointer.
    pub texts: Vec<Option<String>>,
    /// Numbers.
    pub numbers: Vec<i32>,
}

/// What a call came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reply {
    /// The return code.
    pub code: i32,
    /// The BLOBs as they are now, and behind them those that were made.
    pub blobs: Vec<String>,
    /// Texts that came out.
    pub texts: Vec<String>,
    /// Numbers that came out.
    pub numbers: Vec<i32>,
}

impl Operation {
    /// Its name in the adapter's lines.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Dpx => "dpx",
            Self::Migrate => "migrate",
            Self::GenPassword => "gen-password",
            Self::GenSignature => "gen-signature",
            Self::ActivationData => "activation-data",
            Self::Response => "response",
            Self::MessageProperties => "message-properties",
            Self::Password => "password",
            Self::Signature => "signature",
            Self::Message => "message",
            Self::Derive => "derive",
            Self::Challenge => "challenge",
            Self::Synchronise => "synchronise",
            Self::Reset => "reset",
            Self::Set => "set",
            Self::Get => "get",
            Self::SetPin => "set-pin",
            Self::ClearPin => "clear-pin",
            Self::Unlock => "unlock",
            Self::FirstMessage => "first-message",
            Self::DeviceCode => "device-code",
            Self::SecondMessage => "second-message",
            Self::PayloadKey => "payload-key",
            Self::Request => "request",
            Self::Deactivation => "deactivation",
        }
    }

    /// Whether the C interface takes BLOBs of a key service for it: by an ICSF function, or because no secret is needed, or no BLOB.
    #[must_use]
    pub fn takes_key_service(self) -> bool {
        !matches!(
            self,
            Self::GenPassword | Self::GenSignature | Self::ActivationData | Self::Synchronise | Self::Unlock
        )
    }
}
