//! The driver of the kernel itself: `bancada-digipass`, its BLOBs sealed in software.

use bancada_crypto::random::SystemRandom;
use bancada_digipass::derive::{Derivation, derive_token_blobs};
use bancada_digipass::manage::{
    generate_challenge, get_property, reset_token_info, set_property, sync_token_and_host, unlock,
};
use bancada_digipass::message::activation::{
    gen_message_activation1, gen_message_activation2, verify_device_code,
};
use bancada_digipass::message::channel::{gen_message_deactivation, gen_message_request};
use bancada_digipass::message::{
    MessageSignature, PayloadKeyBlob, gen_payload_key_blob, verify_message_signature,
};
use bancada_digipass::pin::{change_static_password, reset_static_password};
use bancada_digipass::verify::{Password, SignatureRequest, Verified, verify_password, verify_signature};
use bancada_digipass::{Blob, Context, KernelParams, ReturnCode, Sealing};

use super::TokenDriver;
use crate::token::call::{Operation, Reply, TokenCall};

/// Plays calls through the kernel.
#[derive(Debug, Default)]
pub struct RustDriver;

/// A call taken apart.
struct Made<'a> {
    call: &'a TokenCall,
    blobs: Vec<Blob>,
    reply: Reply,
}

type Result<T> = std::result::Result<T, ReturnCode>;

impl TokenDriver for RustDriver {
    fn begin(&mut self, _number: u64) {}

    fn has_key_service(&self) -> bool {
        false
    }

    fn cannot(&self, _operation: Operation) -> Option<&'static str> {
        None
    }

    fn perform(&mut self, call: &TokenCall) -> std::result::Result<Reply, String> {
        let blobs = call.blobs.iter().map(|hex| Blob::from_hex(hex)).collect::<Result<Vec<_>>>();
        let blobs = blobs.map_err(|code| format!("a BLOB cannot be read: {}", code.text()))?;
        let params = KernelParams::from_fields(23, &call.parms);
        let cx = Context { now: call.now, params: &params, sealing: Sealing::Software };
        let mut made = Made { call, blobs, reply: Reply::default() };
        let code = made.perform(&cx).unwrap_or_else(|code| code);
        made.reply.code = code.0;
        let mut blobs: Vec<String> = made.blobs.iter().map(Blob::to_hex).collect();
        blobs.append(&mut made.reply.blobs);
        Ok(Reply { blobs, ..made.reply })
    }
}

impl Made<'_> {
    fn text(&self, place: usize) -> Option<&[u8]> {
        self.call.texts.get(place).and_then(Option::as_ref).map(String::as_bytes)
    }

    fn number(&self, place: usize) -> i32 {
        self.call.numbers.get(place).copied().unwrap_or_default()
    }

    /// Runs something on the first BLOB, which changes whatever the result.
    fn on_first<T>(&mut self, work: impl FnOnce(&Self, &mut Blob) -> Result<T>) -> Result<T> {
        let mut blob = self.blobs.first().cloned().ok_or(ReturnCode::DATA_POINTER)?;
        let result = work(self, &mut blob);
        if let Some(first) = self.blobs.first_mut() {
            *first = blob;
        }
        result
    }

    fn perform(&mut self, cx: &Context<'_>) -> Result<ReturnCode> {
        match self.call.operation {
            Operation::Import => Ok(ReturnCode::SUCCESS),
            Operation::Password | Operation::Signature | Operation::Message => self.verify(cx),
            Operation::Derive => self.derive(cx),
            Operation::Challenge
            | Operation::Synchronise
            | Operation::Reset
            | Operation::Set
            | Operation::Get
            | Operation::SetPin
            | Operation::ClearPin
            | Operation::Unlock => self.administer(cx),
            _ => self.license(cx),
        }
    }

    fn verify(&mut self, cx: &Context<'_>) -> Result<ReturnCode> {
        let verified = self.on_first(|made, blob| match made.call.operation {
            Operation::Password => {
                verify_password(cx, blob, &Password { password: made.text(0), challenge: made.text(1) })
            }
            Operation::Message => verify_message_signature(
                cx,
                blob,
                &MessageSignature {
                    expiration_s: made.number(0),
                    signature: made.text(0),
                    message: made.text(1),
                    deferred: made.number(1).unsigned_abs(),
                },
            ),
            _ => {
                let fields: Vec<&[u8]> =
                    (1..made.call.texts.len()).map(|place| made.text(place).unwrap_or_default()).collect();
                let deferred = made.number(0).unsigned_abs();
                let request = SignatureRequest { signature: made.text(0), fields: Some(&fields), deferred };
                verify_signature(cx, blob, &request)
            }
        })?;
        self.reply.texts.push(verified.host_code.clone());
        Ok(verified.code())
    }

    fn derive(&mut self, cx: &Context<'_>) -> Result<ReturnCode> {
        let mut blobs: Vec<Option<Blob>> = self.blobs.iter().cloned().map(Some).collect();
        let request = Derivation {
            count: self.number(0),
            challenge: self.text(0),
            code: self.text(1),
            format: self.number(1).unsigned_abs(),
        };
        let result = derive_token_blobs(cx, &mut blobs, &request);
        self.blobs = blobs.into_iter().flatten().collect();
        result.map(|verified| verified.code())
    }

    fn administer(&mut self, cx: &Context<'_>) -> Result<ReturnCode> {
        let mut texts = Vec::new();
        let mut numbers = Vec::new();
        let code = self.on_first(|made, blob| {
            let done = |_: ()| ReturnCode::SUCCESS;
            match made.call.operation {
                Operation::Challenge => {
                    texts.push(generate_challenge(cx, blob, &mut SystemRandom)?);
                    Ok(ReturnCode::SUCCESS)
                }
                Operation::Synchronise => {
                    let password =
                        |place| Password { password: made.text(place), challenge: made.text(place + 1) };
                    sync_token_and_host(cx, blob, &password(0), &password(2))
                        .map(|found: Verified| found.code())
                }
                Operation::Reset => reset_token_info(cx, blob).map(done),
                Operation::Set => set_property(cx, blob, made.number(0), i64::from(made.number(1))).map(done),
                Operation::Get => {
                    for property in &made.call.numbers {
                        let value = get_property(cx, blob, *property)?.number.ok_or(ReturnCode::PROPERTY)?;
                        numbers.push(i32::try_from(value).unwrap_or(i32::MAX));
                    }
                    Ok(ReturnCode::SUCCESS)
                }
                Operation::SetPin => {
                    let pin = |place| made.text(place).unwrap_or_default();
                    change_static_password(cx, blob, pin(0), pin(1)).map(done)
                }
                Operation::ClearPin => reset_static_password(cx, blob).map(done),
                _ => {
                    texts.push(unlock(cx, blob, made.text(0))?);
                    Ok(ReturnCode::SUCCESS)
                }
            }
        });
        self.reply.texts = texts;
        self.reply.numbers = numbers;
        code
    }

    fn license(&mut self, cx: &Context<'_>) -> Result<ReturnCode> {
        let payload = |text: Option<&[u8]>| text.map(PayloadKeyBlob::from_bytes).transpose();
        let needed = |key: Option<PayloadKeyBlob>| key.ok_or(ReturnCode::PAYLOAD_KEY_POINTER);
        let made = match self.call.operation {
            Operation::FirstMessage => {
                let blob = self.blobs.first().ok_or(ReturnCode::DATA_POINTER)?;
                gen_message_activation1(cx, blob, self.text(0), self.text(1), self.text(2), self.text(3))?
            }
            Operation::DeviceCode => {
                let device =
                    self.on_first(|made, blob| verify_device_code(cx, blob, made.text(0), made.text(1)))?;
                self.reply.numbers.push(i32::from(device.device_type));
                self.reply.texts.push(device.device_id);
                return Ok(device.verified.code());
            }
            Operation::SecondMessage => {
                let key = payload(self.text(2))?;
                let instance = self.on_first(|made, blob| {
                    let (vector, messages, id) = (made.text(0), made.text(1), made.text(3));
                    gen_message_activation2(cx, blob, key.as_ref(), vector, messages, id, &mut SystemRandom)
                })?;
                self.reply.numbers.push(i32::from(instance.sequence));
                self.reply.blobs = instance.blobs.iter().map(Blob::to_hex).collect();
                instance.message
            }
            Operation::PayloadKey => {
                let blob = self.blobs.first().ok_or(ReturnCode::DATA_POINTER)?;
                let key = gen_payload_key_blob(cx, blob, self.text(0), &mut SystemRandom)?;
                String::from_utf8_lossy(key.as_bytes()).into_owned()
            }
            Operation::Request => {
                let key = needed(payload(self.text(0))?)?;
                gen_message_request(cx, &key, self.text(1), self.text(2))?
            }
            _ => {
                let key = needed(payload(self.text(0))?)?;
                gen_message_deactivation(cx, &key, self.text(1), self.number(0))?
            }
        };
        self.reply.texts.push(made);
        Ok(ReturnCode::SUCCESS)
    }
}
