//! Every operation: bytes to value and back, and hostile payloads.

use super::*;
use crate::codec::{Items, ShortTail, Tail};
use crate::for_each_operation;
use crate::text::{FixedText, ObjectName};
use proptest::prelude::*;

macro_rules! hostile {
    ($($module:ident $operation:ident,)*) => {
        /// Decodes `payload` as the request and the response of the operation in `row`; what decodes must
        /// encode to the same bytes again.
        fn round_trip(row: usize, payload: &[u8], flag: bool) {
            let mut at = 0;
            $({
                if at == row {
                    if let Ok(request) = decode_request::<$operation>(payload, flag) {
                        let mut frame = Vec::new();
                        encode_request(&request, &mut frame);
                        assert_eq!(&frame[HEADER_LEN..], payload, "{}", $operation::SPEC.name);
                        assert_eq!(Header::from_bytes(*frame.first_chunk().unwrap()).flag(), flag);
                        assert!(decode_request::<$operation>(&frame[HEADER_LEN..], flag).is_ok());
                    }
                    if let Ok(response) = codec::decode::<<$operation as Operation>::Response>(payload) {
                        let mut bytes = Vec::new();
                        codec::encode(&response, &mut bytes);
                        assert_eq!(bytes, payload, "{}", $operation::SPEC.name);
                    }
                }
                at += 1;
            })*
            assert!(row < at);
        }
    };
}
for_each_operation!(hostile);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]
    #[test]
    fn any_bytes_decode_or_err(
        row in 0..SPECS.len(),
        payload in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..400),
            prop::collection::vec(any::<u8>(), 2100..2200),
        ],
        flag: bool,
    ) {
        round_trip(row, &payload, flag);
    }
}

#[test]
fn every_fixed_length_decodes_at_its_own_length() {
    for (row, _) in SPECS.iter().enumerate() {
        for length in 0..2300 {
            round_trip(row, &vec![0; length], false);
            round_trip(row, &vec![0; length], true);
        }
    }
}

#[test]
fn create_key_stands_as_the_vendors_client_writes_it() {
    let mut frame = Vec::new();
    let name = ObjectName::new("k1").unwrap();
    encode_request(&CreateKey { algorithm: 6, attributes: 5, name }, &mut frame);
    let mut expected = vec![2, 0, 0, 0, 58, 0, 0, 0, 6, 0, 0, 0, 5, 0, 0, 0, b'k', b'1'];
    expected.resize(8 + 58, 0);
    assert_eq!(frame, expected);
}

#[test]
fn ecc_sign_sets_bit_31() {
    let mut frame = Vec::new();
    let hash = ShortTail::new(&[9; 32]).unwrap();
    encode_request(&EccSign { name: ObjectName::new("k").unwrap(), hash_algorithm: 4, hash }, &mut frame);
    assert_eq!(frame[..8], [31, 0, 0, 0, 83, 0, 0, 0x80]);
    assert!(decode_request::<EccSign>(&frame[8..], false).is_err());
    assert!(decode_request::<EccSign>(&frame[8..], true).is_ok());
}

#[test]
fn a_certification_request_may_leave_its_hash_out() {
    let csr = P10Csr {
        name: ObjectName::new("k").unwrap(),
        version: 0,
        subject: FixedText::new("/CN=x").unwrap(),
        hash: ShortTail::new(&[]).unwrap(),
    };
    let mut frame = Vec::new();
    encode_request(&csr, &mut frame);
    assert_eq!(frame.len(), 8 + 50 + 1 + 2049);
    assert_eq!(decode_request::<P10Csr>(&frame[8..], false).unwrap(), csr);
}

#[test]
fn a_public_key_export_carries_its_form_in_bit_31() {
    let mut frame = Vec::new();
    encode_request(&AsymExp { name: ObjectName::new("k").unwrap(), x509: true }, &mut frame);
    assert_eq!(frame[..8], [9, 0, 0, 0, 50, 0, 0, 0x80]);
    assert!(decode_request::<AsymExp>(&frame[8..], true).unwrap().x509);
}

#[test]
fn a_token_list_is_cut_into_one_record_each() {
    let list = AToken { operation: A_TOKEN_LIST, key: [0; 16].into(), expiration: A_TOKEN_INFINITE };
    assert_eq!(list.reply_shape(), ReplyShape::Records { size: 24 });
    assert_eq!(codec::decode::<Items<AccessToken, 2>>(&[0; 48]).unwrap().0.len(), 2);
    let _: Tail = codec::decode(&[1, 2]).unwrap();
}

#[test]
fn opcodes_are_found_and_private_ones_are_marked() {
    assert_eq!(spec(2).unwrap().name, "CREATE_KEY");
    assert!(spec(3).is_none());
    for spec in SPECS {
        assert_eq!(spec.origin == Origin::Ours, spec.code >= PRIVATE_RANGE, "{}", spec.name);
    }
}
