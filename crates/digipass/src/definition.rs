//! One application of one authenticator as it is issued or imported: what the host's BLOB and the authenticator are both made from.

use std::fmt;

use bancada_crypto::random::Random;
use zeroize::Zeroizing;

use crate::blob::{Application, Owner, Profile, Secrets, State};
use crate::message::{PayloadKey, PayloadKeyBlob};
use crate::{Blob, Context, ReturnCode, virtual_token};

/// One application, with its secret key in clear.
#[derive(Clone)]
pub struct Definition {
    /// Serial number and application name.
    pub owner: Owner,
    /// What the application is and can do.
    pub profile: Profile,
    /// The secret key, 1 to 64 bytes.
    pub key: Zeroizing<Vec<u8>>,
    /// The event expected next.
    pub next_event: u32,
    /// The static PIN, empty for none.
    pub pin: Zeroizing<String>,
    /// How the PIN is used.
    pub pin_rules: PinRules,
    /// The payload key of an authenticator that has a Secure Channel from the factory. The first that has one counts.
    pub payload_key: Option<Zeroizing<[u8; 16]>>,
    /// Instances a multi-device licence allows, 1 to 99; 0 for other applications.
    pub instances: u8,
    /// Uses of the virtual token, 255 for no limit.
    pub virtual_uses: u8,
    /// Days of the virtual token from its first use, 0 for no limit.
    pub virtual_days: u16,
}

/// How the static PIN is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PinRules {
    /// The PIN is asked for.
    pub enabled: bool,
    /// The user may change it.
    pub change_on: bool,
    /// The user must change it with the next password.
    pub change_forced: bool,
    /// Least length of a new PIN, 3 to 8.
    pub min_len: u8,
}

impl Default for PinRules {
    fn default() -> Self {
        Self { enabled: true, change_on: true, change_forced: false, min_len: 3 }
    }
}

impl Definition {
    /// An application with a key and nothing optional.
    #[must_use]
    pub fn new(owner: Owner, profile: Profile, key: &[u8]) -> Self {
        Self {
            owner,
            profile,
            key: Zeroizing::new(key.to_vec()),
            next_event: 0,
            pin: Zeroizing::new(String::new()),
            pin_rules: PinRules::default(),
            payload_key: None,
            instances: 0,
            virtual_uses: virtual_token::UNLIMITED,
            virtual_days: 0,
        }
    }

    /// An application with a new random key as long as the suite's digest.
    #[must_use]
    pub fn generate(owner: Owner, profile: Profile, random: &mut dyn Random) -> Self {
        let mut key = Zeroizing::new(vec![0; profile.suite.hash.alg().output_len()]);
        random.fill(&mut key);
        Self::new(owner, profile, &key)
    }

    /// The BLOB a host keeps, as it is right after import: never used, not bound, enabled.
    ///
    /// # Errors
    /// [`ReturnCode::IMPORT_CONTENT`] for a key of 0 or more than 64 bytes, a PIN of more than 8 characters, or a suite with session
    /// data; the codes of the key service.
    pub fn blob(&self, cx: &Context<'_>) -> Result<Blob, ReturnCode> {
        self.application()?.seal(cx)
    }

    /// The payload key BLOB of an authenticator that has a Secure Channel from the factory, if this is one.
    ///
    /// # Errors
    /// The codes of the key service.
    pub fn payload_key_blob(&self, cx: &Context<'_>) -> Result<Option<PayloadKeyBlob>, ReturnCode> {
        let payload =
            self.payload_key.as_ref().map(|key| PayloadKey { serial: self.owner.serial, key: key.clone() });
        payload.map(|payload| payload.seal(cx)).transpose()
    }

    pub(crate) fn application(&self) -> Result<Application, ReturnCode> {
        let mut secrets = Secrets::new(&self.key).ok_or(ReturnCode::IMPORT_CONTENT)?;
        let pin = self.pin.as_bytes();
        secrets.pin.get_mut(..pin.len()).ok_or(ReturnCode::IMPORT_CONTENT)?.copy_from_slice(pin);
        if self.profile.suite.session.is_some() {
            return Err(ReturnCode::IMPORT_CONTENT);
        }
        let state = State {
            pin_enabled: self.profile.pin && self.pin_rules.enabled,
            pin_change_on: self.pin_rules.change_on,
            pin_change_forced: self.pin_rules.change_forced,
            primary: true,
            unsynchronised: true,
            pin_len: pin.len() as u8,
            pin_min_len: self.pin_rules.min_len.clamp(3, 8),
            next_event: self.next_event,
            sequence: self.instances,
            virtual_uses: self.virtual_uses,
            virtual_grace: self.virtual_days,
            ..State::default()
        };
        let profile = self.profile.clone();
        Ok(Application::new(self.owner, profile, state, secrets))
    }
}

impl fmt::Debug for Definition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Definition")
            .field("serial", &self.owner.serial_text())
            .field("application", &self.owner.application_text())
            .field("profile", &self.profile)
            .finish_non_exhaustive()
    }
}
