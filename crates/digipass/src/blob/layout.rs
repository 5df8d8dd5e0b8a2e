//! The 168 bytes inside a BLOB: 80 in clear, 80 sealed, two checksums of 4. All our choice, version 2.
//!
//! Clear: version 1 byte, sealer 1 (0 software, 1 key service with AES, 2 with triple DES), [`Profile`] 29, key length 1, [`State`] 48.
//! Sealed: diversifier 8, static PIN 8, key 64. Numbers are big-endian.

use std::fmt;

use zeroize::{Zeroize, Zeroizing};

use super::Profile;
use crate::encoding;

/// Version of this layout.
pub(crate) const VERSION: u8 = 2;
/// Bytes of the part in clear.
pub(crate) const CLEAR_LEN: usize = 80;
/// Bytes of the sealed part.
pub(crate) const SEALED_LEN: usize = 80;
/// Bytes at the beginning of the part in clear that stay as they are while a BLOB is not sealed anew.
pub(crate) const FIXED_LEN: usize = STATE_AT;
/// Bytes of a checksum.
pub(crate) const CHECK_LEN: usize = 4;
/// Bytes of the longest key.
pub(crate) const MAX_KEY: usize = 64;

/// The greatest [`State::counter`]: its high bits stand above the flags.
pub(crate) const MAX_COUNTER: u16 = (1 << (24 - FLAGS)) - 1;

const STATE_AT: usize = 32;
const FLAGS: usize = 10;

/// What changes during an application's life, none of it secret.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct State {
    /// The PIN is asked for.
    pub(crate) pin_enabled: bool,
    /// The owner may change the PIN.
    pub(crate) pin_change_on: bool,
    /// The owner must change the PIN with the next password.
    pub(crate) pin_change_forced: bool,
    /// The authenticator itself may be used.
    pub(crate) primary: bool,
    /// The virtual token may be used.
    pub(crate) backup: bool,
    /// Never verified, or reset since: the synchronisation window applies.
    pub(crate) unsynchronised: bool,
    /// Bound to a device.
    pub(crate) derived: bool,
    /// `virtual_grace` is a date.
    pub(crate) grace_started: bool,
    /// The last response accepted was a virtual token's.
    pub(crate) last_was_virtual: bool,
    /// The next password may carry a new PIN in place of the PIN.
    pub(crate) pin_reset: bool,
    /// Length of the static PIN, 0 to 8.
    pub(crate) pin_len: u8,
    /// Least length of a new PIN, 3 to 8.
    pub(crate) pin_min_len: u8,
    /// The stored challenge: up to 16 hexadecimal digits in upper case, empty for none.
    pub(crate) challenge: String,
    /// Successful verifications, at most 999 999.
    pub(crate) use_count: u32,
    /// Wrong codes in a row, at most 32 767.
    pub(crate) error_count: u16,
    /// Time of the last success in seconds since 1970, 0 for never.
    pub(crate) last_time_used: u32,
    /// Deviation of the authenticator's clock in seconds.
    pub(crate) shift_s: i32,
    /// The event expected next.
    pub(crate) next_event: u32,
    /// The latest time step of an accepted password, 0 for none.
    pub(crate) last_step: u32,
    /// The latest time step of an accepted signature, 0 for none.
    pub(crate) last_signature_step: u32,
    /// A digest of the last accepted response; of a master activation: the verified device, 0 for none.
    pub(crate) last_response: [u8; 4],
    /// Number of the instance; of a master activation: instances allowed.
    pub(crate) sequence: u8,
    /// Type of the device.
    pub(crate) device_type: u8,
    /// Uses of the virtual token that remain, 255 for no limit.
    pub(crate) virtual_uses: u8,
    /// Days the virtual token may be used from its first use on, 0 for no limit; after it, the day since 1970 with whose
    /// beginning it ends.
    pub(crate) virtual_grace: u16,
    /// The unlock authentication code expected next, at most [`MAX_COUNTER`]; of a master activation: instances made.
    pub(crate) counter: u16,
}

/// What is sealed. Erased on drop, not printed.
#[derive(Clone)]
pub(crate) struct Secrets {
    /// The device's diversifier, 0 for none.
    pub(crate) diversifier: u64,
    /// The static PIN, filled with zero bytes.
    pub(crate) pin: Zeroizing<[u8; 8]>,
    key: Zeroizing<[u8; MAX_KEY]>,
    key_len: u8,
}

impl Secrets {
    /// Secrets with a key of 1 to 64 bytes, `None` for another length.
    #[must_use]
    pub(crate) fn new(key: &[u8]) -> Option<Self> {
        let mut bytes = Zeroizing::new([0; MAX_KEY]);
        bytes.get_mut(..key.len())?.copy_from_slice(key);
        (!key.is_empty()).then(|| Self {
            diversifier: 0,
            pin: Zeroizing::new([0; 8]),
            key: bytes,
            key_len: key.len() as u8,
        })
    }

    /// The base key, never the one bound to a device.
    #[must_use]
    pub(crate) fn expose_key(&self) -> &[u8] {
        &self.key[..usize::from(self.key_len)]
    }

    /// Length of the base key in bytes.
    pub(crate) fn key_len(&self) -> u8 {
        self.key_len
    }

    /// The form that is sealed.
    pub(crate) fn pack(&self) -> Zeroizing<[u8; SEALED_LEN]> {
        let mut out = Zeroizing::new([0; SEALED_LEN]);
        out[..8].copy_from_slice(&self.diversifier.to_be_bytes());
        out[8..16].copy_from_slice(&*self.pin);
        out[16..].copy_from_slice(&*self.key);
        out
    }

    /// The inverse of [`pack`](Self::pack); `None` for an impossible key length.
    pub(crate) fn unpack(bytes: &[u8; SEALED_LEN], key_len: u8) -> Option<Self> {
        let mut secrets = Self::new(bytes[16..].get(..usize::from(key_len))?)?;
        secrets.diversifier = u64::from_be_bytes(std::array::from_fn(|place| bytes[place]));
        secrets.pin.copy_from_slice(&bytes[8..16]);
        Some(secrets)
    }
}

impl Drop for Secrets {
    fn drop(&mut self) {
        self.diversifier.zeroize();
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(..)")
    }
}

/// The part in clear.
pub(crate) fn pack(profile: &Profile, state: &State, sealer: u8, key_len: u8) -> [u8; CLEAR_LEN] {
    let mut out = [0; CLEAR_LEN];
    out[0] = VERSION;
    out[1] = sealer;
    out[2..31].copy_from_slice(&profile.pack());
    out[31] = key_len;
    let mut writer = Writer { out: &mut out, at: STATE_AT };
    let bits =
        flags(state).into_iter().enumerate().fold(0u16, |bits, (place, on)| bits | u16::from(on) << place);
    let [high, low] = state.counter.min(MAX_COUNTER).to_be_bytes();
    let bits = bits | u16::from(high) << FLAGS;
    writer.put(&bits.to_be_bytes());
    writer.put(&[state.pin_len << 4 | state.pin_min_len & 15, state.challenge.len().min(16) as u8]);
    let mut challenge = [0u8; 8];
    for (place, digit) in state.challenge.bytes().take(16).filter_map(encoding::nibble).enumerate() {
        challenge[place / 2] |= if place % 2 == 0 { digit << 4 } else { digit };
    }
    writer.put(&challenge);
    writer.put(&state.use_count.to_be_bytes());
    writer.put(&state.error_count.to_be_bytes());
    writer.put(&state.last_time_used.to_be_bytes());
    writer.put(&state.shift_s.to_be_bytes());
    writer.put(&state.next_event.to_be_bytes());
    writer.put(&state.last_step.to_be_bytes());
    writer.put(&state.last_signature_step.to_be_bytes());
    writer.put(&state.last_response);
    writer.put(&[state.sequence, state.device_type, state.virtual_uses]);
    writer.put(&state.virtual_grace.to_be_bytes());
    writer.put(&[low]);
    out
}

/// The inverse of [`pack`]: profile, state and key length; `None` for bytes it does not make.
pub(crate) fn unpack(bytes: &[u8; CLEAR_LEN]) -> Option<(Profile, State, u8)> {
    let mut profile = [0; Profile::PACKED];
    profile.copy_from_slice(&bytes[2..31]);
    let profile = Profile::unpack(&profile)?;
    let mut reader = Reader { bytes, at: STATE_AT };
    let bits = u16::from_be_bytes(reader.take());
    let is = |place: u32| bits >> place & 1 == 1;
    let [pins, challenge_len] = reader.take();
    let challenge = reader.take::<8>();
    let challenge = if challenge_len == 0 { String::new() } else { encoding::to_hex(&challenge) };
    let state = State {
        pin_enabled: is(0),
        pin_change_on: is(1),
        pin_change_forced: is(2),
        primary: is(3),
        backup: is(4),
        unsynchronised: is(5),
        derived: is(6),
        grace_started: is(7),
        last_was_virtual: is(8),
        pin_reset: is(9),
        pin_len: (pins >> 4).min(8),
        pin_min_len: pins & 15,
        challenge: challenge.get(..usize::from(challenge_len))?.to_owned(),
        use_count: u32::from_be_bytes(reader.take()),
        error_count: u16::from_be_bytes(reader.take()),
        last_time_used: u32::from_be_bytes(reader.take()),
        shift_s: i32::from_be_bytes(reader.take()),
        next_event: u32::from_be_bytes(reader.take()),
        last_step: u32::from_be_bytes(reader.take()),
        last_signature_step: u32::from_be_bytes(reader.take()),
        last_response: reader.take(),
        sequence: reader.take::<1>()[0],
        device_type: reader.take::<1>()[0],
        virtual_uses: reader.take::<1>()[0],
        virtual_grace: u16::from_be_bytes(reader.take()),
        counter: bits >> FLAGS << 8 | u16::from(reader.take::<1>()[0]),
    };
    Some((profile, state, bytes[31]))
}

fn flags(state: &State) -> [bool; FLAGS] {
    [
        state.pin_enabled,
        state.pin_change_on,
        state.pin_change_forced,
        state.primary,
        state.backup,
        state.unsynchronised,
        state.derived,
        state.grace_started,
        state.last_was_virtual,
        state.pin_reset,
    ]
}

/// The state takes 48 bytes (a test says so), so neither of these runs over the end.
struct Writer<'a> {
    out: &'a mut [u8; CLEAR_LEN],
    at: usize,
}

impl Writer<'_> {
    fn put(&mut self, bytes: &[u8]) {
        self.out[self.at..self.at + bytes.len()].copy_from_slice(bytes);
        self.at += bytes.len();
    }
}

struct Reader<'a> {
    bytes: &'a [u8; CLEAR_LEN],
    at: usize,
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let out = std::array::from_fn(|place| self.bytes[self.at + place]);
        self.at += N;
        out
    }
}
