//! What an application is and can do: the part of a BLOB that never changes.

use crate::suite::Suite;

/// The most data fields an application signs (vendor docs, page E-signature generation).
pub const MAX_FIELDS: usize = 8;

/// The kind of an application, as the two characters callers see (vendor docs, Digipass data model).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// RO: one-time passwords without a challenge.
    ResponseOnly,
    /// CR: one-time passwords that answer a challenge.
    ChallengeResponse,
    /// SG: signatures over data fields.
    Signature,
    /// MM: all three.
    MultiMode,
    /// UL: unlocking, version 2.
    UnlockV2,
    /// MA: the master activation of a multi-device licence.
    MasterActivation,
    /// EM: EMV-CAP, which this kernel knows and does not compute.
    EmvCap,
}

/// What an application is and can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The authenticator's type, 5 characters of `A-Z0-9`.
    pub model: [u8; 5],
    /// The kind.
    pub kind: Kind,
    /// The algorithm.
    pub suite: Suite,
    /// Whether responses end with a check digit, in addition to the suite's digits.
    pub response_check_digit: bool,
    /// Characters of the host code (confirmation code), 0 for none.
    pub host_code_len: u8,
    /// The data fields; a challenge is the first of them. More than [`MAX_FIELDS`] make the application unusable; the limits of those
    /// beyond are not kept.
    pub fields: Vec<DataField>,
    /// Whether the application can be bound to a device.
    pub derivation: bool,
    /// Whether responses carry a score.
    pub score: bool,
    /// Whether the application can have a static PIN.
    pub pin: bool,
    /// Whether locked devices can be unlocked.
    pub unlock: bool,
    /// Whether Secure Channel messages can be signed.
    pub secure_channel: bool,
    /// Whether a virtual token can stand in for the device (backup).
    pub virtual_token: bool,
    /// Whether the BLOB itself is the authenticator: a primary virtual token, which has no device.
    pub virtual_primary: bool,
}

/// The limits of one data field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DataField {
    /// Least number of characters, 1 to 16.
    pub min: u8,
    /// Greatest number of characters, 1 to 16.
    pub max: u8,
    /// Whether the last character is a check digit.
    pub check_digit: bool,
}

impl Kind {
    const ALL: [Self; 7] = [
        Self::ResponseOnly,
        Self::ChallengeResponse,
        Self::Signature,
        Self::MultiMode,
        Self::UnlockV2,
        Self::MasterActivation,
        Self::EmvCap,
    ];

    /// The two characters.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ResponseOnly => "RO",
            Self::ChallengeResponse => "CR",
            Self::Signature => "SG",
            Self::MultiMode => "MM",
            Self::UnlockV2 => "UL",
            Self::MasterActivation => "MA",
            Self::EmvCap => "EM",
        }
    }

    /// The kind of two characters.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether one-time passwords can be verified.
    #[must_use]
    pub const fn has_passwords(self) -> bool {
        matches!(self, Self::ResponseOnly | Self::ChallengeResponse | Self::MultiMode)
    }

    /// Whether signatures can be verified.
    #[must_use]
    pub const fn has_signatures(self) -> bool {
        matches!(self, Self::Signature | Self::MultiMode)
    }
}

impl Profile {
    /// Length of the packed form in bytes.
    pub(crate) const PACKED: usize = 29;

    /// An application of this kind and suite with nothing optional: a challenge of exactly the suite's length for CR and MM
    /// (at most 16 characters), and as many fields of up to 16 characters for signatures as the suite can take.
    #[must_use]
    pub fn new(model: [u8; 5], kind: Kind, suite: Suite) -> Self {
        let max = suite.question.map_or(16, |question| question.max.min(16));
        let signs_many = kind.has_signatures() && suite.question.is_some_and(|question| question.max == 64);
        let fields = match kind {
            Kind::ChallengeResponse | Kind::MasterActivation => {
                vec![DataField { min: max, max, check_digit: false }]
            }
            Kind::Signature | Kind::MultiMode => {
                vec![DataField { min: 1, max, check_digit: false }; if signs_many { MAX_FIELDS } else { 1 }]
            }
            _ => Vec::new(),
        };
        Self {
            model,
            kind,
            suite,
            response_check_digit: false,
            host_code_len: 0,
            fields,
            derivation: false,
            score: false,
            pin: false,
            unlock: false,
            secure_channel: false,
            virtual_token: false,
            virtual_primary: false,
        }
    }

    /// Characters of a response, with its check digit.
    #[must_use]
    pub fn response_len(&self) -> usize {
        usize::from(self.suite.digits) + usize::from(self.response_check_digit)
    }

    /// The largest score to look for.
    pub(crate) fn top_score(&self) -> u8 {
        if self.score { 7 } else { 0 }
    }

    /// The stored form: model 5, kind 1, suite 10, traits 2, host code length 1, field count 1, limits of 8 fields (least and
    /// greatest length minus 1, half a byte each), bits of the fields with check digits 1.
    pub(crate) fn pack(&self) -> [u8; Self::PACKED] {
        let mut out = [0; Self::PACKED];
        out[..5].copy_from_slice(&self.model);
        out[5] = Kind::ALL.iter().position(|kind| *kind == self.kind).map_or(0, |place| place as u8 + 1);
        out[6..16].copy_from_slice(&self.suite.pack());
        let traits = self
            .traits()
            .into_iter()
            .enumerate()
            .fold(0u16, |bits, (place, on)| bits | u16::from(on) << place);
        out[16..18].copy_from_slice(&traits.to_be_bytes());
        out[18] = self.host_code_len;
        out[19] = u8::try_from(self.fields.len()).unwrap_or(u8::MAX);
        for (place, field) in self.fields.iter().take(MAX_FIELDS).enumerate() {
            out[20 + place] = (field.min.wrapping_sub(1) & 15) << 4 | (field.max.wrapping_sub(1) & 15);
            out[28] |= u8::from(field.check_digit) << place;
        }
        out
    }

    /// The inverse of [`pack`](Self::pack); `None` for bytes it does not make.
    pub(crate) fn unpack(bytes: &[u8; Self::PACKED]) -> Option<Self> {
        let mut model = [0; 5];
        model.copy_from_slice(&bytes[..5]);
        let kind = *Kind::ALL.get(usize::from(bytes[5]).checked_sub(1)?)?;
        let mut suite = [0; Suite::PACKED];
        suite.copy_from_slice(&bytes[6..16]);
        let traits = u16::from_be_bytes([bytes[16], bytes[17]]);
        let is = |place: u32| traits >> place & 1 == 1;
        let field = |place: usize| match place {
            0..MAX_FIELDS => DataField {
                min: (bytes[20 + place] >> 4) + 1,
                max: (bytes[20 + place] & 15) + 1,
                check_digit: bytes[28] >> place & 1 == 1,
            },
            _ => DataField { min: 1, max: 16, check_digit: false },
        };
        Some(Self {
            model,
            kind,
            suite: Suite::unpack(&suite)?,
            response_check_digit: is(0),
            host_code_len: bytes[18],
            fields: (0..usize::from(bytes[19])).map(field).collect(),
            derivation: is(1),
            score: is(2),
            pin: is(3),
            unlock: is(4),
            secure_channel: is(5),
            virtual_token: is(6),
            virtual_primary: is(7),
        })
    }

    fn traits(&self) -> [bool; 8] {
        [
            self.response_check_digit,
            self.derivation,
            self.score,
            self.pin,
            self.unlock,
            self.secure_channel,
            self.virtual_token,
            self.virtual_primary,
        ]
    }
}
