//! Records under the legacy CBC suites of the simulator.

use bancada_simulator::tls::Identity;
use bancada_simulator::tls::cbc_sha256::TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256;
use rustls::crypto::cipher::{
    AeadKey, InboundOpaqueMessage, MessageDecrypter, MessageEncrypter, OutboundChunks, OutboundPlainMessage,
};
use rustls::{ContentType, ProtocolVersion, SupportedCipherSuite};

use crate::input::Input;

const MAC_KEY: [u8; 32] = [0x4D; 32];
const AES_KEY: [u8; 16] = [0x41; 16];

/// A sequence number, a byte of damage, then a record as it came, and the same bytes as content that is sealed first.
pub fn cbc_record(data: &[u8]) {
    let mut input = Input::new(data);
    let (seq, at, flip) = (input.u64(), input.u16(), input.u8());
    let bytes = input.rest();
    let (mut encrypter, mut decrypter) = pair();
    // No fuzzer guesses a MAC of 32 bytes; whatever it sends is refused.
    assert!(open(&mut *decrypter, seq, bytes).is_none(), "a record with a wrong MAC was accepted");

    let content = &bytes[..bytes.len().min(1 << 14)];
    let mut record = seal(&mut *encrypter, seq, content);
    assert_eq!(open(&mut *decrypter, seq, &record).as_deref(), Some(content));
    assert!(open(&mut *decrypter, seq.wrapping_add(1), &record).is_none(), "another sequence number");
    let at = usize::from(at) % record.len();
    record[at] ^= flip;
    assert_eq!(open(&mut *decrypter, seq, &record).is_some(), flip == 0, "byte {at} damaged");
    record[at] ^= flip;
    record.truncate(at);
    assert!(open(&mut *decrypter, seq, &record).is_none(), "a record cut to {at} bytes");
}

fn pair() -> (Box<dyn MessageEncrypter>, Box<dyn MessageDecrypter>) {
    let SupportedCipherSuite::Tls12(suite) = TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256 else {
        panic!("the suite is one of TLS 1.2")
    };
    let algorithm = suite.aead_alg;
    (
        algorithm.encrypter(AeadKey::from(MAC_KEY), &AES_KEY, &[]),
        algorithm.decrypter(AeadKey::from(MAC_KEY), &AES_KEY),
    )
}

fn seal(encrypter: &mut dyn MessageEncrypter, seq: u64, content: &[u8]) -> Vec<u8> {
    let message = OutboundPlainMessage {
        typ: ContentType::ApplicationData,
        version: ProtocolVersion::TLSv1_2,
        payload: OutboundChunks::Single(content),
    };
    let expected = encrypter.encrypted_payload_len(content.len());
    let sealed = encrypter.encrypt(message, seq).expect("a record of allowed length is sealed");
    let payload = sealed.payload.as_ref().to_vec();
    assert_eq!(payload.len(), expected);
    payload
}

fn open(decrypter: &mut dyn MessageDecrypter, seq: u64, record: &[u8]) -> Option<Vec<u8>> {
    let mut record = record.to_vec();
    let message =
        InboundOpaqueMessage::new(ContentType::ApplicationData, ProtocolVersion::TLSv1_2, &mut record);
    decrypter.decrypt(message, seq).ok().map(|plain| plain.payload.to_vec())
}

/// PEM of a certificate and, behind the first blank line, of its key.
pub fn identity(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (certificate, key) = text.split_once("\n\n").unwrap_or((&text, ""));
    if let Ok(identity) = Identity::from_pem(certificate, key) {
        let again =
            Identity::from_pem(identity.certificate_pem(), key).expect("what was taken is taken again");
        assert_eq!(again.certificate_der(), identity.certificate_der());
    }
}
