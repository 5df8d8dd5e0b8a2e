//! The record protection against HMAC and AES of aws-lc-rs, put together here a second time and with every padding.

use aws_lc_rs::cipher::EncryptionContext;
use proptest::prelude::*;
use rustls::crypto::cipher::OutboundChunks;

use super::*;

const MAC_KEY: [u8; MAC_LEN] = [0x4d; MAC_LEN];
const AES_KEY: [u8; KEY_LEN] = [0x41; KEY_LEN];
const IV: [u8; IV_LEN] = [0x49; IV_LEN];
const SEQ: u64 = 0x0102_0304_0506_0708;

fn opener() -> Opener {
    Opener::new(&MAC_KEY, &AES_KEY)
}

/// The content that `opener` finds in `record`.
fn open(record: &[u8]) -> Result<Vec<u8>, Error> {
    open_as(SEQ, ContentType::ApplicationData, record)
}

fn open_as(seq: u64, typ: ContentType, record: &[u8]) -> Result<Vec<u8>, Error> {
    let mut record = record.to_vec();
    let msg = InboundOpaqueMessage::new(typ, ProtocolVersion::TLSv1_2, &mut record);
    opener().decrypt(msg, seq).map(|plain| plain.payload.to_vec())
}

fn seal(content: &[u8]) -> Vec<u8> {
    let msg = OutboundPlainMessage {
        typ: ContentType::ApplicationData,
        version: ProtocolVersion::TLSv1_2,
        payload: OutboundChunks::Single(content),
    };
    let mut sealer = Sealer::new(&MAC_KEY, &AES_KEY);
    let expected_len = sealer.encrypted_payload_len(content.len());
    let payload = sealer.encrypt(msg, SEQ).unwrap().payload.as_ref().to_vec();
    assert_eq!(payload.len(), expected_len);
    payload
}

fn mac_of(content: &[u8]) -> [u8; MAC_LEN] {
    let mut message = SEQ.to_be_bytes().to_vec();
    message.extend_from_slice(&[23, 3, 3]);
    message.extend_from_slice(&(content.len() as u16).to_be_bytes());
    message.extend_from_slice(content);
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &MAC_KEY), &message);
    tag.as_ref().try_into().unwrap()
}

/// The record that decrypts to `fragment`, whatever that is.
fn encrypted(mut fragment: Vec<u8>) -> Vec<u8> {
    let key = EncryptingKey::cbc(UnboundCipherKey::new(&AES_128, &AES_KEY).unwrap()).unwrap();
    key.less_safe_encrypt(&mut fragment, EncryptionContext::Iv128(IV.into())).unwrap();
    [&IV[..], &fragment].concat()
}

/// Content, its right MAC and right padding of `padding_len` bytes before the length byte, which equals them.
fn fragment(content: &[u8], padding_len: u8) -> Vec<u8> {
    let mut fragment = [content, &mac_of(content)].concat();
    fragment.extend(std::iter::repeat_n(padding_len, usize::from(padding_len) + 1));
    fragment
}

/// The paddings that fill the last block for content of this length.
fn paddings(content_len: usize) -> impl Iterator<Item = u8> {
    (0..=255_u8)
        .filter(move |&padding| (content_len + MAC_LEN + 1 + usize::from(padding)).is_multiple_of(BLOCK_LEN))
}

fn content(len: usize) -> Vec<u8> {
    (0..len).map(|i| (i * 31 + len) as u8).collect()
}

#[test]
fn what_is_sealed_opens() {
    for len in (0..200).chain([1000, 4096, MAX_FRAGMENT_LEN - 1, MAX_FRAGMENT_LEN]) {
        assert_eq!(open(&seal(&content(len))).unwrap(), content(len), "{len} bytes");
    }
}

#[test]
fn sealed_records_take_chunks_and_a_fresh_iv_each() {
    let chunks = [&b"first "[..], b"second ", b"third"];
    let msg = |payload| OutboundPlainMessage {
        typ: ContentType::ApplicationData,
        version: ProtocolVersion::TLSv1_2,
        payload,
    };
    let mut sealer = Sealer::new(&MAC_KEY, &AES_KEY);
    let mut seal =
        || sealer.encrypt(msg(OutboundChunks::new(&chunks)), SEQ).unwrap().payload.as_ref().to_vec();
    let (one, other) = (seal(), seal());
    assert_eq!(open(&one).unwrap(), b"first second third");
    assert_ne!(one[..IV_LEN], other[..IV_LEN]);
}

#[test]
fn every_padding_a_peer_may_choose_opens() {
    for len in (0..=330).chain([1000, 16_000]) {
        for padding in paddings(len) {
            let record = encrypted(fragment(&content(len), padding));
            assert_eq!(open(&record).unwrap(), content(len), "{len} bytes, padding {padding}");
        }
    }
}

#[test]
fn every_wrong_byte_of_the_padding_is_refused() {
    for len in [0, 11, 300] {
        for padding in paddings(len) {
            let right = fragment(&content(len), padding);
            // The last byte, the length, is not among them: another right padding may result.
            for at in right.len() - 1 - usize::from(padding)..right.len() - 1 {
                let mut wrong = right.clone();
                wrong[at] ^= 0x10;
                assert_eq!(
                    open(&encrypted(wrong)),
                    Err(Error::DecryptError),
                    "{len} bytes, padding {padding}, byte {at}"
                );
            }
        }
    }
}

#[test]
fn every_wrong_length_byte_is_refused() {
    let padding = paddings(300).next().unwrap();
    let right = fragment(&content(300), padding);
    for last in (0..=255).filter(|&last| last != padding) {
        let mut wrong = right.clone();
        *wrong.last_mut().unwrap() = last;
        assert_eq!(open(&encrypted(wrong)), Err(Error::DecryptError), "{last}");
    }
}

#[test]
fn padding_may_not_reach_into_the_mac_space() {
    // 48 bytes that are all padding: well formed but for the missing MAC.
    for value in [15, 16, 47, 48, 255] {
        assert_eq!(open(&encrypted(vec![value; 48])), Err(Error::DecryptError), "{value}");
    }
}

#[test]
fn a_right_mac_without_padding_is_refused() {
    for len in [16, 32, 320, 1024] {
        let record = encrypted([content(len), mac_of(&content(len)).to_vec()].concat());
        assert_eq!(open(&record), Err(Error::DecryptError), "{len} bytes");
    }
}

#[test]
fn every_changed_byte_on_the_wire_is_refused() {
    let record = seal(&content(100));
    for at in 0..record.len() {
        let mut changed = record.clone();
        changed[at] ^= 1;
        assert_eq!(open(&changed), Err(Error::DecryptError), "byte {at}");
    }
}

#[test]
fn every_changed_bit_of_the_mac_is_refused() {
    let right = fragment(&content(20), 11);
    for bit in 0..MAC_LEN * 8 {
        let mut wrong = right.clone();
        wrong[20 + bit / 8] ^= 1 << (bit % 8);
        assert_eq!(open(&encrypted(wrong)), Err(Error::DecryptError), "bit {bit}");
    }
}

#[test]
fn a_record_counts_in_its_place_and_kind_only() {
    let record = seal(b"once");
    assert!(open_as(SEQ, ContentType::ApplicationData, &record).is_ok());
    assert_eq!(open_as(SEQ + 1, ContentType::ApplicationData, &record), Err(Error::DecryptError));
    assert_eq!(open_as(SEQ, ContentType::Alert, &record), Err(Error::DecryptError));
}

#[test]
fn lengths_that_cannot_be_are_refused() {
    let record = seal(&content(100));
    for len in (0..record.len()).filter(|&len| len < IV_LEN + MAC_LEN + BLOCK_LEN || len % BLOCK_LEN != 0) {
        assert_eq!(open(&record[..len]), Err(Error::DecryptError), "{len} bytes");
    }
}

#[test]
fn authentic_but_oversized_content_is_named_so() {
    let content = content(MAX_FRAGMENT_LEN + 1);
    let padding = paddings(content.len()).next().unwrap();
    assert_eq!(open(&encrypted(fragment(&content, padding))), Err(Error::PeerSentOversizedRecord));
}

#[test]
fn the_work_depends_on_the_length_on_the_wire_only() {
    let blocks = |record: &[u8]| {
        let opener = opener();
        let before = mac::COMPRESSED.get();
        let mut record = record.to_vec();
        let _ = opener.open(SEQ, ContentType::ApplicationData, ProtocolVersion::TLSv1_2, &mut record);
        mac::COMPRESSED.get() - before
    };
    for len in [48, 64, 304, 320, 1024, 16_448] {
        let worst = blocks(&encrypted(vec![0xff; len]));
        assert!(worst > len.saturating_sub(300) / 64, "{len}");
        for padding in 0..=255_u8 {
            let Some(content_len) = len.checked_sub(MAC_LEN + 1 + usize::from(padding)) else { break };
            let right = encrypted(fragment(&content(content_len), padding));
            assert_eq!(blocks(&right), worst, "{len} bytes, padding {padding}");
        }
    }
}

/// The key block of RFC 5246 §6.3 for these suites: 2 × 32 bytes of MAC keys, 2 × 16 of AES keys, no IV.
#[test]
fn the_key_block_is_that_of_the_rfc() {
    let shape = Aes128CbcHmacSha256.key_block_shape();
    assert_eq!((shape.enc_key_len, shape.fixed_iv_len, shape.explicit_nonce_len), (32, 16, 0));
}

proptest! {
    #[test]
    fn any_bytes_are_refused(record in proptest::collection::vec(any::<u8>(), 0..2048)) {
        prop_assert_eq!(open(&record), Err(Error::DecryptError));
    }

    #[test]
    fn any_plaintext_is_refused(blocks in proptest::collection::vec(any::<[u8; BLOCK_LEN]>(), 1..40)) {
        prop_assert_eq!(open(&encrypted(blocks.concat())), Err(Error::DecryptError));
    }

    #[test]
    fn any_content_and_padding_opens(
        content in proptest::collection::vec(any::<u8>(), 0..2048),
        choice in any::<prop::sample::Index>(),
    ) {
        let choices = paddings(content.len()).collect::<Vec<_>>();
        let record = encrypted(fragment(&content, choices[choice.index(choices.len())]));
        prop_assert_eq!(open(&record).unwrap(), content);
    }
}
