//! The signature over a message, and what provokes each of its codes.

use bancada_crypto::random::SeededRandom;
use bancada_digipass::authenticator::{Authenticator, Prompt};
use bancada_digipass::blob::{DataField, Kind};
use bancada_digipass::manage::{id, set_property};
use bancada_digipass::message::channel::gen_message_request;
use bancada_digipass::message::{
    MessageSignature, Protection, gen_payload_key_blob, verify_message_signature,
};
use bancada_digipass::vector::MessageVector;
use bancada_digipass::{Blob, Context, Definition, KernelParams, Sealing};

use crate::fields::configurations;
use crate::{NOW, RO, Rows, SCORES, code, definition, sealed, suite};

const SG: &str = "OCRA-1:HOTP-SHA256-8:QH64-T36S";

/// Every row.
pub(crate) fn rows() -> Rows {
    [signature_state_rows(), signature_input_rows(), signature_configuration_rows(), signature_sealing_rows()]
        .concat()
}

/// A host, a device and a request message to sign.
struct Signer {
    params: KernelParams,
    now: u64,
    blob: Blob,
    device: Authenticator,
    message: String,
    deferred: u32,
    expiration_s: i32,
}

impl Signer {
    fn new(change: impl FnOnce(&mut Definition)) -> Self {
        let mut definition = definition(Kind::Signature, SG, "SIGN");
        definition.profile.secure_channel = true;
        change(&mut definition);
        let params = KernelParams { s_time_window: 10, ..KernelParams::default() };
        let cx = Context { now: NOW, params: &params, sealing: Sealing::Software };
        let licence =
            crate::definition(Kind::MasterActivation, "OCRA-1:HOTP-SHA256-8:QH16", "MA").blob(&cx).unwrap();
        let vector = MessageVector { protection: Protection::Encrypted, customer: [0; 10] }.to_hex();
        let vector = Some(vector.as_bytes());
        let key = gen_payload_key_blob(&cx, &licence, vector, &mut SeededRandom::from_u64(9)).unwrap();
        let message = gen_message_request(&cx, &key, vector, Some(b"0101")).unwrap();
        let blob = definition.blob(&cx).unwrap();
        let device = Authenticator::new(&[definition]).unwrap();
        Self { now: NOW, blob, device, message, deferred: 0, expiration_s: 0, params }
    }

    fn sign(&mut self, seconds: i64, score: u8) -> String {
        let prompt = Prompt { application: None, now: self.now.saturating_add_signed(seconds), score };
        self.device.sign_message(&prompt, &self.message).unwrap().text
    }

    fn verify(&mut self, signature: &str) -> i32 {
        let params = self.params.clone();
        self.verify_in(
            &Context { now: self.now, params: &params, sealing: Sealing::Software },
            Some(signature),
            true,
        )
    }

    fn verify_in(&mut self, cx: &Context<'_>, signature: Option<&str>, with_message: bool) -> i32 {
        let message = self.message.clone();
        let request = MessageSignature {
            expiration_s: self.expiration_s,
            signature: signature.map(str::as_bytes),
            message: with_message.then_some(message.as_bytes()),
            deferred: self.deferred,
        };
        code(verify_message_signature(cx, &mut self.blob, &request), |verified| verified.code())
    }

    fn set(&mut self, property: i32, value: i64) {
        let params = self.params.clone();
        let cx = Context { now: self.now, params: &params, sealing: Sealing::Software };
        set_property(&cx, &mut self.blob, property, value).unwrap();
    }
}

/// The code of a signature of the right form, after a change of the application.
fn signed(change: impl FnOnce(&mut Definition)) -> i32 {
    Signer::new(change).verify("12345678")
}

fn of_message(message: &str) -> i32 {
    let mut signer = Signer::new(|_| {});
    signer.message = message.to_owned();
    signer.verify("12345678")
}

fn signature_configuration_rows() -> Rows {
    let field = |check_digit| vec![DataField { min: 1, max: 16, check_digit }; 8];
    let mut rows = configurations(|change| signed(change));
    rows.extend([
        (132, "the application has passwords only", signed(|d| d.profile.kind = Kind::ResponseOnly)),
        (1103, "a BLOB of kind UL", signed(|d| d.profile.kind = Kind::UnlockV2)),
        (1309, "the application may not sign messages", signed(|d| d.profile.secure_channel = false)),
        (
            141,
            "the application takes three data fields; a message is four",
            signed(|d| d.profile.fields.truncate(3)),
        ),
        (
            -102,
            "its second field takes 15 characters; a message's have 16",
            signed(|d| d.profile.fields[1].max = 15),
        ),
        (
            -103,
            "its fields end with check digits; a message's do not",
            signed(|d| d.profile.fields = field(true)),
        ),
        (
            -108,
            "its fields are decimal; a message's are hexadecimal",
            signed(|d| suite(d, "OCRA-1:HOTP-SHA256-8:QN64-T36S")),
        ),
        (
            1117,
            "alphanumeric fields with a check digit",
            signed(|d| {
                suite(d, "OCRA-1:HOTP-SHA256-8:QA64-T36S");
                d.profile.fields = field(true);
            }),
        ),
        (1118, "a suite that takes no challenge", signed(|d| suite(d, RO))),
    ]);
    rows
}

fn signature_input_rows() -> Rows {
    let mut signer = Signer::new(|_| {});
    let cx_params = signer.params.clone();
    let cx = Context { now: NOW, params: &cx_params, sealing: Sealing::Software };
    let mut rows = vec![
        (139, "no signature", signer.verify_in(&cx, None, true)),
        (1301, "no message", signer.verify_in(&cx, Some("12345678"), false)),
        (-202, "a digit too few", signer.verify("1234567")),
        (-203, "a digit too many", signer.verify("123456789")),
        (-205, "a letter in a decimal signature", signer.verify("1234567A")),
        (1299, "a letter above F in the message", of_message("03Z0")),
        (1300, "a message with an odd number of characters", of_message("030")),
        (1337, "protocol version 3", of_message("0303010000000000000000")),
        (1339, "a message that ends in its header", of_message("030201")),
    ];
    let mut hex = Signer::new(|d| suite(d, "BANCADA-1:HOTP-SHA256-8H:QH64-T36S"));
    rows.push((-206, "a letter above F in a hexadecimal signature", hex.verify("1234567G")));
    let mut checked = Signer::new(|d| d.profile.response_check_digit = true);
    let right = checked.sign(0, 0);
    let last = if right.ends_with('0') { "1" } else { "0" };
    rows.push((-204, "a wrong check digit", checked.verify(&format!("{}{last}", &right[..8]))));
    signer.expiration_s = -1;
    rows.push((1363, "MessageExpirationTime -1", signer.verify("12345678")));
    signer.expiration_s = 60;
    signer.now += 61;
    rows.push((1364, "a message 61 seconds old, 60 allowed", signer.verify("12345678")));
    rows
}

fn signature_state_rows() -> Rows {
    let mut rows = Rows::new();
    let mut signer = Signer::new(|_| {});
    let right = signer.sign(0, 0);
    rows.push((1, "the right signature with its last digit changed", {
        let last = if right.ends_with('0') { "1" } else { "0" };
        signer.verify(&format!("{}{last}", &right[..7]))
    }));
    signer.params.s_threshold = 1;
    rows.push((203, "SThreshold 1, after one wrong signature", signer.verify(&right)));
    signer.params.s_threshold = 0;
    rows.push((0, "the right signature", signer.verify(&right)));
    signer.params.online_sg = 2;
    assert_eq!(signer.verify(&right), 0);
    rows.push((204, "OnLineSG 2, the same signature again", signer.verify(&right)));
    let earlier = signer.sign(-36, 0);
    rows.push((206, "OnLineSG 2, a signature of the step before", signer.verify(&earlier)));
    signer.deferred = NOW as u32;
    rows.push((207, "OnLineSG 2 with deferred data", signer.verify(&right)));
    signer.deferred = 0;
    signer.params.chk_inact_days = 1;
    signer.now += 100_000;
    rows.push((205, "ChkInactDays 1, 100 000 seconds later", signer.verify(&right)));
    signer.set(id::TOKEN_STATUS, 0);
    rows.push((208, "TOKEN_STATUS set to 0", signer.verify(&right)));
    for (score, how) in (1..8).zip(SCORES) {
        let mut scored = Signer::new(|d| d.profile.score = true);
        let signature = scored.sign(0, score);
        rows.push((10_000 + i32::from(score), how, scored.verify(&signature)));
    }
    rows
}

fn signature_sealing_rows() -> Rows {
    let mut signer = Signer::new(|_| {});
    let right = signer.sign(0, 0);
    let message = Some(signer.message.as_bytes());
    let request =
        MessageSignature { expiration_s: 0, signature: Some(right.as_bytes()), message, deferred: 0 };
    sealed::rows(&signer.params, &signer.blob, |cx, mut blob| {
        code(verify_message_signature(cx, &mut blob, &request), |verified| verified.code())
    })
}
