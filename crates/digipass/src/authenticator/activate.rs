//! Activation on the device's side, and its end of the Secure Channel.
//!
//! The counterpart of [`crate::message::activation`] and [`crate::message::channel`]; layouts are described there.

use std::fmt;

use zeroize::Zeroizing;

use super::{Authenticator, DeviceApplication};
use crate::ReturnCode;
use crate::message::activation::{
    Device, NONCE_LEN, NewInstance, activation_1_key, activation_2_key, activation_data_key,
    device_code_roles, device_proof, token_type, write_device_code,
};
use crate::message::channel::{ANYONE, RequestBody};
use crate::message::{Header, MessageBytes, MessageType, Protection, seal};
use crate::role::{Key, derive};
use crate::vector::StaticVector;

/// A device between the two activation messages of a multi-device licence.
pub struct PendingActivation {
    vector: StaticVector,
    serial: [u8; 10],
    root: Key,
    challenge: Zeroizing<Vec<u8>>,
    device: Device,
}

/// What a request asks of the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedRequest {
    /// Name of the application that is to sign, if a signature is wanted.
    pub application: Option<String>,
    /// What the user is shown.
    pub text: Vec<u8>,
}

impl Authenticator {
    /// Activates a single-device licence in one step from its activation data.
    ///
    /// # Errors
    /// The codes of vectors and messages; [`ReturnCode::MESSAGE_AUTHENTICITY`] when the static vector or the shared secret is not the
    /// one the data was made with.
    pub fn activate(static_vector: &str, activation_data: &str, shared: &[u8]) -> Result<Self, ReturnCode> {
        let vector = StaticVector::parse(Some(static_vector.as_bytes()))?;
        let message = MessageBytes::parse_activation_data(Some(activation_data.as_bytes()))?;
        let key = activation_data_key(&vector, &message.header.serial, shared);
        let body = message.open_activation(MessageType::ACTIVATION_DATA, &key)?;
        let (count, mut rest) = body.split_first().ok_or(ReturnCode::MESSAGE_LENGTH)?;
        let mut applications = Vec::new();
        for _ in 0..*count {
            let (application, after) = read_application(&vector, rest)?;
            applications.push(application);
            rest = after;
        }
        if applications.is_empty() || !rest.is_empty() {
            return Err(ReturnCode::MESSAGE_LENGTH);
        }
        Ok(Self {
            serial: message.header.serial,
            applications,
            clock_shift_s: 0,
            payload_key: None,
            sequence: 0,
        })
    }

    /// Begins the activation of a multi-device licence from activation message 1, on a device of this fingerprint and type (0 to 99).
    ///
    /// # Errors
    /// As for [`activate`](Self::activate); [`ReturnCode::PROPERTY_VALUE`] for an impossible type.
    pub fn begin_activation(
        static_vector: &str,
        activation_message_1: &str,
        fingerprint: &[u8],
        device_type: u8,
    ) -> Result<PendingActivation, ReturnCode> {
        if device_type > 99 {
            return Err(ReturnCode::PROPERTY_VALUE);
        }
        let vector = StaticVector::parse(Some(static_vector.as_bytes()))?;
        let message = MessageBytes::parse(Some(activation_message_1.as_bytes()))?;
        let serial = message.header.serial;
        let body = message.open_activation(MessageType::ACTIVATION_1, &activation_1_key(&vector, &serial))?;
        let (root, challenge) = body.split_at_checked(32).ok_or(ReturnCode::MESSAGE_LENGTH)?;
        let digest = derive(fingerprint, "bancada digipass device identifier 1", &[&serial]);
        let id = u32::from_be_bytes(std::array::from_fn(|place| digest[place])).max(1);
        Ok(PendingActivation {
            vector,
            serial,
            root: Zeroizing::new(root.to_vec()),
            challenge: Zeroizing::new(challenge.to_vec()),
            device: Device { id, device_type },
        })
    }

    /// What a request asks, if it was made with this authenticator's payload key.
    ///
    /// # Errors
    /// The codes of messages; [`ReturnCode::FOREIGN_VECTOR`] for another serial number, or a protected message without payload key;
    /// [`ReturnCode::INPUT_CORRUPTED`] for a body of another make; [`ReturnCode::PROPERTY`] for an application there is not.
    pub fn open_request(&self, request: &str) -> Result<OpenedRequest, ReturnCode> {
        let message = MessageBytes::parse(Some(request.as_bytes()))?;
        if message.header.message_type != MessageType::REQUEST {
            return Err(ReturnCode::MESSAGE_VERSION);
        }
        let body = RequestBody::parse(&message.open(self.key_for(&message)?, &[])?)?;
        let application = match usize::from(body.application) {
            0 => None,
            place => Some(self.applications().into_iter().nth(place - 1).ok_or(ReturnCode::PROPERTY)?),
        };
        Ok(OpenedRequest { application, text: body.text })
    }

    /// The response message to a request: a body, or with `Err` a refusal, whose first byte is the error code the host is told.
    ///
    /// # Errors
    /// As for [`open_request`](Self::open_request); 1339 for a body of more than 512 bytes.
    pub fn respond_to(
        &self,
        request: &str,
        now: u64,
        body: Result<&[u8], &[u8]>,
    ) -> Result<String, ReturnCode> {
        let message = MessageBytes::parse(Some(request.as_bytes()))?;
        let key = self.key_for(&message)?;
        message.open(key, &[])?;
        let (message_type, body) = match body {
            Ok(body) => (MessageType::RESPONSE, body),
            Err(reason) => (MessageType::RESPONSE_ERROR, reason),
        };
        let header = self.header(message_type, message.header.protection, now);
        seal(&header, key, &message.bytes, body)
    }

    /// An information message, sent unasked.
    ///
    /// # Errors
    /// [`ReturnCode::FOREIGN_VECTOR`] without payload key; 1339 for a body of more than 512 bytes.
    pub fn inform(&self, now: u64, body: &[u8]) -> Result<String, ReturnCode> {
        let key = self.payload_key.as_ref().ok_or(ReturnCode::FOREIGN_VECTOR)?;
        seal(&self.header(MessageType::INFORMATION, Protection::Encrypted, now), &**key, &[], body)
    }

    /// Obeys a deactivation message: the authenticator forgets its keys. One for another instance is refused.
    ///
    /// # Errors
    /// The codes of messages; [`ReturnCode::MESSAGE_AUTHENTICITY`] when it is not protected or not for this instance.
    pub fn deactivate(&mut self, message: &str) -> Result<(), ReturnCode> {
        let message = MessageBytes::parse(Some(message.as_bytes()))?;
        if message.header.message_type != MessageType::DEACTIVATION {
            return Err(ReturnCode::MESSAGE_VERSION);
        }
        message.open(self.key_for(&message)?, &[])?;
        if message.header.protection == Protection::None || message.header.instance != self.sequence {
            return Err(ReturnCode::MESSAGE_AUTHENTICITY);
        }
        self.applications.clear();
        self.payload_key = None;
        Ok(())
    }

    /// The key of a message; unprotected ones need none, and may be for any device.
    fn key_for(&self, message: &MessageBytes) -> Result<&[u8], ReturnCode> {
        let own = message.header.serial == self.serial;
        if message.header.protection == Protection::None {
            let meant = own || message.header.serial == ANYONE;
            return if meant { Ok(&[]) } else { Err(ReturnCode::FOREIGN_VECTOR) };
        }
        let key = self.payload_key.as_ref().filter(|_| own);
        key.map(|key| &key[..]).ok_or(ReturnCode::FOREIGN_VECTOR)
    }

    fn header(&self, message_type: MessageType, protection: Protection, now: u64) -> Header {
        let time = now.saturating_add_signed(self.clock_shift_s);
        let time = Some(u32::try_from(time).unwrap_or(u32::MAX));
        Header { message_type, protection, serial: self.serial, time, instance: self.sequence }
    }
}

impl PendingActivation {
    /// The device code to type in, reporting a score.
    #[must_use]
    pub fn device_code(&self, score: u8) -> String {
        let key = device_code_roles(&self.root).response(score & 7);
        write_device_code(&self.device, device_proof(&key, &self.device, &self.challenge))
    }

    /// The name of the application that must sign activation message 2, if the static vector names one.
    #[must_use]
    pub fn post_activation_application(&self) -> Option<String> {
        self.vector.post_activation_application()
    }

    /// Finishes the activation with activation message 2. The activation is for this device alone.
    ///
    /// # Errors
    /// The codes of messages; [`ReturnCode::FOREIGN_VECTOR`] for another licence's message;
    /// [`ReturnCode::MESSAGE_AUTHENTICITY`] for another device's.
    pub fn complete(&self, activation_message_2: &str) -> Result<Authenticator, ReturnCode> {
        let message = MessageBytes::parse(Some(activation_message_2.as_bytes()))?;
        if message.header.serial != self.serial {
            return Err(ReturnCode::FOREIGN_VECTOR);
        }
        let key = activation_2_key(&self.root, self.device.id);
        let body = message.open_activation(MessageType::ACTIVATION_2, &key)?;
        let (flag, rest) = body.split_first().ok_or(ReturnCode::MESSAGE_LENGTH)?;
        let (payload, nonce) = rest.split_first_chunk::<16>().ok_or(ReturnCode::MESSAGE_LENGTH)?;
        let nonce: &[u8; NONCE_LEN] = nonce.try_into().map_err(|_| ReturnCode::MESSAGE_LENGTH)?;
        let sequence = message.header.instance;
        let new = NewInstance { root: &self.root, device_id: self.device.id, sequence, nonce };
        let application = |template: &crate::vector::Template| {
            let mut profile = template.profile.clone();
            profile.model = token_type(self.device.device_type);
            DeviceApplication {
                name: template.name,
                profile,
                key: new.key(&template.name),
                diversifier: 0,
                next_event: 0,
                pin: Zeroizing::default(),
            }
        };
        Ok(Authenticator {
            serial: self.serial,
            applications: self.vector.applications.iter().map(application).collect(),
            clock_shift_s: 0,
            payload_key: (*flag == 1).then(|| Zeroizing::new(*payload)),
            sequence,
        })
    }
}

impl fmt::Debug for PendingActivation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingActivation")
            .field("serial", &String::from_utf8_lossy(&self.serial))
            .field("device_id", &self.device.id)
            .finish_non_exhaustive()
    }
}

fn read_application<'a>(
    vector: &StaticVector,
    bytes: &'a [u8],
) -> Result<(DeviceApplication, &'a [u8]), ReturnCode> {
    let (name, rest) = bytes.split_first_chunk::<12>().ok_or(ReturnCode::MESSAGE_LENGTH)?;
    let (event, rest) = rest.split_first_chunk().ok_or(ReturnCode::MESSAGE_LENGTH)?;
    let (len, rest) = rest.split_first().ok_or(ReturnCode::MESSAGE_LENGTH)?;
    let (key, rest) = rest.split_at_checked(usize::from(*len)).ok_or(ReturnCode::MESSAGE_LENGTH)?;
    let template = vector.applications.iter().find(|template| template.name == *name);
    let template = template.ok_or(ReturnCode::UNSUPPORTED_BLOB)?;
    let application = DeviceApplication {
        name: *name,
        profile: template.profile.clone(),
        key: Zeroizing::new(key.to_vec()),
        diversifier: 0,
        next_event: u32::from_be_bytes(*event),
        pin: Zeroizing::default(),
    };
    Ok((application, rest))
}
