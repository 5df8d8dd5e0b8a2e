//! The driver of the kernel itself: `bancada-digipass`, its BLOBs sealed in software.

use bancada_crypto::cipher::SymAlg;
use bancada_crypto::random::SystemRandom;
use bancada_digipass::derive::{Derivation, derive_token_blobs};
use bancada_digipass::import::{read_dpx, transport_key};
use bancada_digipass::keys::{InProcessKeys, InitialVector};
use bancada_digipass::manage::{
    generate_challenge, get_property, migrate_blob, reset_token_info, set_property, sync_token_and_host,
    unlock,
};
use bancada_digipass::message::activation::{
    gen_activation_data, gen_message_activation1, gen_message_activation2, verify_device_code,
};
use bancada_digipass::message::channel::{
    gen_message_deactivation, gen_message_request, proc_message_response,
};
use bancada_digipass::message::{
    Header, MessageSignature, PayloadKeyBlob, Protection, gen_payload_key_blob, verify_message_signature,
};
use bancada_digipass::pin::{change_static_password, reset_static_password};
use bancada_digipass::vector::ActivationVector;
use bancada_digipass::verify::{Password, SignatureRequest, Verified, verify_password, verify_signature};
use bancada_digipass::virtual_token::{gen_password, gen_signature};
use bancada_digipass::{Blob, Context, KernelParams, ReturnCode, Sealing};

use super::TokenDriver;
use crate::token::call::{KEYS, Operation, Reply, Sealer, TokenCall};
use crate::token::model::parms::place;

/// Plays calls through the kernel, with named keys in this process.
#[derive(Debug)]
pub struct RustDriver {
    keys: InProcessKeys,
}

impl Default for RustDriver {
    fn default() -> Self {
        let keys = InProcessKeys::new(Box::new(SystemRandom));
        let algorithms = [SymAlg::Aes256, SymAlg::Des3_168, SymAlg::Aes128];
        for (name, algorithm) in KEYS.into_iter().zip(algorithms) {
            let value: Vec<u8> = (1..=algorithm.key_len()).map(|place| place as u8 * 3).collect();
            // A key that is not there makes its calls fail with 908, which every life would show.
            let _ = keys.add(name, algorithm, &value, true);
        }
        Self { keys }
    }
}

/// A call taken apart.
struct Made<'a> {
    call: &'a TokenCall,
    keys: &'a InProcessKeys,
    blobs: Vec<Blob>,
    reply: Reply,
}

fn sealing<'a>(keys: &'a InProcessKeys, key: Option<(&'a str, &str)>) -> Result<Sealing<'a>> {
    Ok(match key {
        None => Sealing::Software,
        Some((key, vector)) => {
            Sealing::Service { service: keys, key, iv: InitialVector::parse(Some(vector.as_bytes()))? }
        }
    })
}

type Result<T> = std::result::Result<T, ReturnCode>;

impl TokenDriver for RustDriver {
    /// Every fourth life begins under a named key: all operations go with one here.
    fn home(&self, number: u64) -> Sealer {
        match number % 4 {
            3 => Sealer::Named { key: (number / 4 % 3) as usize, vector: 1 },
            _ => Sealer::Software,
        }
    }

    fn cannot(&self, _call: &TokenCall) -> Option<&'static str> {
        None
    }

    fn perform(&mut self, call: &TokenCall) -> std::result::Result<Reply, String> {
        let blobs = call.blobs.iter().map(|hex| Blob::from_hex(hex)).collect::<Result<Vec<_>>>();
        let blobs = blobs.map_err(|code| format!("a BLOB cannot be read: {}", code.text()))?;
        let params = KernelParams::from_fields(23, &call.parms);
        let sealing = sealing(&self.keys, call.sealer.key()).map_err(|code| code.text().to_owned())?;
        let cx = Context { now: call.now, params: &params, sealing };
        let mut made = Made { call, keys: &self.keys, blobs, reply: Reply::default() };
        let code = made.perform(&cx).unwrap_or_else(|code| code);
        made.reply.code = code.0;
        let mut blobs: Vec<String> = made.blobs.iter().map(Blob::to_hex).collect();
        blobs.append(&mut made.reply.blobs);
        Ok(Reply { blobs, ..made.reply })
    }
}

impl<'a> Made<'a> {
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
            Operation::Dpx => self.import(cx),
            Operation::Migrate => self.migrate(cx),
            Operation::GenPassword | Operation::GenSignature => self.generate(cx),
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

    fn import(&mut self, cx: &Context<'_>) -> Result<ReturnCode> {
        let text = |place| self.call.texts.get(place).cloned().flatten().unwrap_or_default();
        let key = transport_key(&text(1)).map_err(|error| error.code())?;
        let file = read_dpx(&text(0), &key).map_err(|error| error.code())?;
        let token = file.tokens.first().ok_or(ReturnCode::END_OF_FILE)?;
        let licence = token.iter().find(|application| application.instances > 0);
        let vector = licence.map(|licence| ActivationVector::of(licence).to_hex()).unwrap_or_default();
        self.reply.texts.push(vector);
        let instances = licence.map_or(0, |licence| i32::from(licence.instances));
        self.reply.numbers = vec![i32::try_from(file.tokens.len()).unwrap_or(i32::MAX), instances];
        self.blobs = token.iter().map(|application| application.blob(cx)).collect::<Result<_>>()?;
        Ok(ReturnCode::TOKEN_DELIVERED)
    }

    fn migrate(&mut self, cx: &Context<'_>) -> Result<ReturnCode> {
        let texts: Vec<&str> = self.call.texts.iter().flatten().map(String::as_str).collect();
        let key = texts.first().map(|key| (*key, texts.get(1).copied().unwrap_or_default()));
        let sealing = sealing(self.keys, key)?;
        let mut fields = self.call.parms;
        if let (None, [vector, keys @ ..]) = (key, &self.call.numbers[..]) {
            fields[place::DERIVE_VECTOR] = *vector;
            fields[place::DERIVE_KEYS..].copy_from_slice(keys.get(..8).ok_or(ReturnCode::INPUT_CORRUPTED)?);
        }
        let params = KernelParams::from_fields(23, &fields);
        let to = Context { params: &params, sealing, ..*cx };
        self.on_first(|_, blob| migrate_blob(cx, &to, blob))?;
        Ok(ReturnCode::SUCCESS)
    }

    fn generate(&mut self, cx: &Context<'_>) -> Result<ReturnCode> {
        let text = self.on_first(|made, blob| match made.call.operation {
            Operation::GenPassword => Ok(gen_password(cx, blob, made.text(0))?.text),
            _ => {
                let fields: Vec<&[u8]> =
                    (0..made.call.texts.len()).map(|place| made.text(place).unwrap_or_default()).collect();
                Ok(gen_signature(cx, blob, Some(&fields), made.number(0).unsigned_abs())?.text)
            }
        })?;
        self.reply.texts.push(text);
        Ok(ReturnCode::SUCCESS)
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
        blobs.resize(blobs.len().max(8), None);
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
                Operation::SetPin => change_static_password(cx, blob, made.text(0), made.text(1)).map(done),
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
            Operation::ActivationData => {
                gen_activation_data(cx, &self.blobs, self.text(0), self.text(1).unwrap_or_default())?
            }
            Operation::Response => {
                let key = needed(payload(self.text(0))?)?;
                proc_message_response(cx, &key, self.text(1), self.text(2))?
            }
            Operation::MessageProperties => {
                let header = Header::of_message(self.text(0))?;
                let protection = header.protection;
                let numbers = [header.version(), header.message_type.0, protection.number()];
                let flags = [protection == Protection::Encrypted, protection != Protection::None];
                self.reply.numbers = numbers.map(i32::from).into_iter().chain(flags.map(i32::from)).collect();
                String::from_utf8_lossy(&header.serial).into_owned()
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
