//! An authenticator as bytes, so that a tool can keep it between two runs. Our choice throughout; the keys are in clear.

use zeroize::Zeroizing;

use super::{Authenticator, DeviceApplication};
use crate::ReturnCode;
use crate::blob::Profile;

const MAGIC: &[u8; 4] = b"BDA1";

impl Authenticator {
    /// The whole authenticator, with its keys in clear: keep it as you would keep the device.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(Vec::with_capacity(2048));
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&self.serial);
        out.extend_from_slice(&self.clock_shift_s.to_be_bytes());
        out.push(self.sequence);
        out.push(u8::from(self.payload_key.is_some()));
        out.extend_from_slice(self.payload_key.as_ref().map_or(&[0; 16][..], |key| &key[..]));
        out.push(self.applications.len() as u8);
        for app in &self.applications {
            out.extend_from_slice(&app.name);
            out.extend_from_slice(&app.profile.pack());
            out.extend_from_slice(&app.diversifier.to_be_bytes());
            out.extend_from_slice(&app.next_event.to_be_bytes());
            for secret in [&app.key, &app.pin] {
                out.push(secret.len().min(255) as u8);
                out.extend_from_slice(&secret[..secret.len().min(255)]);
            }
        }
        out
    }

    /// The inverse of [`to_bytes`](Self::to_bytes).
    ///
    /// # Errors
    /// [`ReturnCode::INPUT_CORRUPTED`] for bytes it does not make.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ReturnCode> {
        let mut reader = Reader { rest: bytes };
        let device = reader.authenticator().filter(|_| reader.rest.is_empty());
        device.ok_or(ReturnCode::INPUT_CORRUPTED)
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn authenticator(&mut self) -> Option<Authenticator> {
        if self.take::<4>()? != *MAGIC {
            return None;
        }
        let serial = self.take()?;
        let clock_shift_s = i64::from_be_bytes(self.take()?);
        let [sequence, has_payload_key] = self.take()?;
        let payload_key = Zeroizing::new(self.take()?);
        let [count] = self.take()?;
        let applications = (0..count).map(|_| self.application()).collect::<Option<Vec<_>>>()?;
        let payload_key = (has_payload_key == 1).then_some(payload_key);
        Some(Authenticator { serial, applications, clock_shift_s, payload_key, sequence })
    }

    fn application(&mut self) -> Option<DeviceApplication> {
        Some(DeviceApplication {
            name: self.take()?,
            profile: Profile::unpack(&self.take()?)?,
            diversifier: u64::from_be_bytes(self.take()?),
            next_event: u32::from_be_bytes(self.take()?),
            key: self.secret()?,
            pin: self.secret()?,
        })
    }

    fn secret(&mut self) -> Option<Zeroizing<Vec<u8>>> {
        let [len] = self.take()?;
        let (secret, rest) = self.rest.split_at_checked(usize::from(len))?;
        self.rest = rest;
        Some(Zeroizing::new(secret.to_vec()))
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (bytes, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(*bytes)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::authenticator::Prompt;
    use crate::blob::Kind;
    use crate::derive::DerivationFormat;
    use crate::testing::{NOW, RO, definition};

    fn sample() -> Authenticator {
        let definitions =
            [definition(Kind::ResponseOnly, "HOTP-SHA1-6", "ONE"), definition(Kind::ResponseOnly, RO, "TWO")];
        let mut device = Authenticator::new(&definitions).unwrap();
        device.clock_shift_s = -36;
        device.set_pin("1234");
        let prompt = Prompt { now: NOW, ..Prompt::default() };
        device.derivation_code(&prompt, b"phone", None, DerivationFormat::Decimal).unwrap();
        device
    }

    #[test]
    fn a_stored_authenticator_goes_on_where_it_was() {
        let mut device = sample();
        let mut stored = Authenticator::from_bytes(&device.to_bytes()).unwrap();
        for application in ["ONE", "TWO"] {
            let prompt = Prompt { application: Some(application), now: NOW, score: 0 };
            assert_eq!(device.password(&prompt, None), stored.password(&prompt, None));
        }
        assert_eq!(*device.to_bytes(), *stored.to_bytes());
        assert!(!format!("{device:?}").contains("1234"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_an_authenticator_or_refused(place in any::<proptest::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
            let mut bytes = sample().to_bytes();
            let place = place.index(bytes.len());
            bytes[place] = byte;
            if cut {
                bytes.truncate(place);
            }
            if let Ok(device) = Authenticator::from_bytes(&bytes) {
                prop_assert!(!cut);
                let again = Authenticator::from_bytes(&device.to_bytes()).unwrap();
                prop_assert_eq!(&*again.to_bytes(), &*device.to_bytes());
            }
        }
    }
}
