use proptest::prelude::*;

use super::*;

const KEY: &[u8] = b"1234567890123456789012345678901234567890123456789012345678901234";

fn respond(name: &str, key: &[u8], counter: u64, challenge: &str, step: u64) -> String {
    let suite: Suite = name.parse().unwrap();
    let question = suite.question.map_or([0; 128], |q| question(q.format, challenge.as_bytes()).unwrap());
    ocra(&suite, key, &Inputs { counter, question: &question, pin: b"1234", session: &[], step })
}

/// RFC 4226 appendix D.
#[test]
fn hotp_values() {
    let expected = "755224 287082 359152 969429 338314 254676 287922 162583 399871 520489";
    for (counter, expected) in expected.split(' ').enumerate() {
        assert_eq!(respond("HOTP-SHA1-6", &KEY[..20], counter as u64, "", 0), expected);
    }
}

/// RFC 6238 appendix B.
#[test]
fn totp_values() {
    for (time, sha1, sha256, sha512) in [
        (59, "94287082", "46119246", "90693936"),
        (1_111_111_109, "07081804", "68084774", "25091201"),
        (1_111_111_111, "14050471", "67062674", "99943326"),
        (1_234_567_890, "89005924", "91819424", "93441116"),
        (2_000_000_000, "69279037", "90698825", "38618901"),
        (20_000_000_000, "65353130", "77737706", "47863826"),
    ] {
        assert_eq!(respond("TOTP-SHA1-8-T30S", &KEY[..20], 0, "", time / 30), sha1);
        assert_eq!(respond("TOTP-SHA256-8-T30S", &KEY[..32], 0, "", time / 30), sha256);
        assert_eq!(respond("TOTP-SHA512-8-T30S", KEY, 0, "", time / 30), sha512);
    }
}

/// RFC 6287 appendix C: suite, length of the key, challenges (a number alone: the counter too), responses.
const OCRA: &[(&str, usize, &str, &str)] = &[
    (
        "OCRA-1:HOTP-SHA1-6:QN08",
        20,
        "00000000 11111111 22222222 33333333 44444444 55555555 66666666 77777777 88888888 99999999",
        "237653 243178 653583 740991 608993 388898 816933 224598 750600 294470",
    ),
    (
        "OCRA-1:HOTP-SHA256-8:C-QN08-PSHA1",
        32,
        "12345678 12345678 12345678 12345678 12345678 12345678 12345678 12345678 12345678 12345678",
        "65347737 86775851 78192410 71565254 10104329 65983500 70069104 91771096 75011558 08522129",
    ),
    (
        "OCRA-1:HOTP-SHA256-8:QN08-PSHA1",
        32,
        "00000000 11111111 22222222 33333333 44444444",
        "83238735 01501458 17957585 86776967 86807031",
    ),
    (
        "OCRA-1:HOTP-SHA512-8:C-QN08",
        64,
        "00000000 11111111 22222222 33333333 44444444 55555555 66666666 77777777 88888888 99999999",
        "07016083 63947962 70123924 25341727 33203315 34205738 44343969 51946085 20403879 31409299",
    ),
    (
        "OCRA-1:HOTP-SHA512-8:QN08-T1M",
        64,
        "00000000 11111111 22222222 33333333 44444444",
        "95209754 55907591 22048402 24218844 36209546",
    ),
    (
        "OCRA-1:HOTP-SHA256-8:QA08",
        32,
        "CLI22220SRV11110 CLI22221SRV11111 CLI22222SRV11112 CLI22223SRV11113 CLI22224SRV11114",
        "28247970 01984843 65387857 03351211 83412541",
    ),
    (
        "OCRA-1:HOTP-SHA256-8:QA08",
        32,
        "SRV11110CLI22220 SRV11111CLI22221 SRV11112CLI22222 SRV11113CLI22223 SRV11114CLI22224",
        "15510767 90175646 33777207 95285278 28934924",
    ),
    (
        "OCRA-1:HOTP-SHA512-8:QA08",
        64,
        "CLI22220SRV11110 CLI22221SRV11111 CLI22222SRV11112 CLI22223SRV11113 CLI22224SRV11114",
        "79496648 76831980 12250499 90856481 12761449",
    ),
    (
        "OCRA-1:HOTP-SHA512-8:QA08-PSHA1",
        64,
        "SRV11110CLI22220 SRV11111CLI22221 SRV11112CLI22222 SRV11113CLI22223 SRV11114CLI22224",
        "18806276 70020315 01600026 18951020 32528969",
    ),
    (
        "OCRA-1:HOTP-SHA256-8:QA08",
        32,
        "SIG10000 SIG11000 SIG12000 SIG13000 SIG14000",
        "53095496 04110475 31331128 76028668 46554205",
    ),
    (
        "OCRA-1:HOTP-SHA512-8:QA10-T1M",
        64,
        "SIG1000000 SIG1100000 SIG1200000 SIG1300000 SIG1400000",
        "77537423 31970405 10235557 95213541 65360607",
    ),
];

#[test]
fn ocra_values() {
    let mut count = 0;
    for (suite, key_len, challenges, responses) in OCRA {
        for (counter, (challenge, response)) in challenges.split(' ').zip(responses.split(' ')).enumerate() {
            let got = respond(suite, &KEY[..*key_len], counter as u64, challenge, 0x0132_d0b6);
            assert_eq!(&got, response, "{suite} {challenge}");
            count += 1;
        }
    }
    assert_eq!(count, 70);
}

#[test]
fn challenges_are_written_as_the_rfc_does() {
    let numeric = question(QuestionFormat::Numeric, b"11111111").unwrap();
    assert_eq!(numeric[..4], [0xa9, 0x8a, 0xc7, 0]);
    assert_eq!(question(QuestionFormat::Numeric, b"1234").unwrap()[..2], [0x4d, 0x20]);
    assert_eq!(question(QuestionFormat::Numeric, b"0000").unwrap(), [0; 128]);
    assert_eq!(question(QuestionFormat::Hex, b"abC").unwrap()[..2], [0xab, 0xc0]);
    assert_eq!(question(QuestionFormat::Hex, b"0g"), None);
    assert_eq!(question(QuestionFormat::Numeric, b"1a"), None);
    assert_eq!(question(QuestionFormat::Alphanumeric, &[b'a'; 129]), None);
}

/// Zero digits: the whole HMAC. Checked against HMAC-SHA-1 of the data input, which is the name, a zero and 128 bytes.
#[test]
fn without_truncation_the_whole_hmac_is_given() {
    let mut data = b"OCRA-1:HOTP-SHA1-0:QN08\0".to_vec();
    data.extend_from_slice(&[0; 128]);
    let expected = bancada_crypto::mac::hmac(HashAlg::Sha1, &KEY[..20], &data);
    assert_eq!(respond("OCRA-1:HOTP-SHA1-0:QN08", &KEY[..20], 0, "00000000", 0), encoding_hex(&expected));
}

fn encoding_hex(bytes: &[u8]) -> String {
    crate::encoding::to_hex(bytes)
}

#[test]
fn longer_and_hexadecimal_responses_are_ours_and_named_so() {
    for (name, len) in
        [("BANCADA-1:HOTP-SHA1-16", 16), ("BANCADA-1:HOTP-SHA256-16H", 16), ("BANCADA-1:HOTP-SHA1-4H", 4)]
    {
        for counter in 0..200 {
            let response = respond(name, &KEY[..20], counter, "", 0);
            assert_eq!(response.len(), len, "{name}");
            let suite: Suite = name.parse().unwrap();
            assert_eq!(suite.write(suite.read(response.as_bytes()).unwrap()), response);
        }
    }
    assert!("HOTP-SHA1-16".parse::<Suite>().is_err());
    assert!("OCRA-1:HOTP-SHA256-8H:QN08".parse::<Suite>().is_err());
    assert!("BANCADA-1:HOTP-SHA1-6".parse::<Suite>().is_err());
}

/// Computed apart from this code with Python's `hmac`; counters 3 and 4 of SHA-1 are those whose offset meets the end of the digest.
#[test]
fn longer_and_hexadecimal_responses_have_these_values() {
    for (name, key_len, counter, expected) in [
        ("BANCADA-1:HOTP-SHA1-16", 20, 3, "2436728758359337"),
        ("BANCADA-1:HOTP-SHA1-16", 20, 4, "5199415389580572"),
        ("BANCADA-1:HOTP-SHA1-12H", 20, 3, "C28227D03A2D"),
        ("BANCADA-1:HOTP-SHA1-12H", 20, 4, "61C5938A8E15"),
        ("BANCADA-1:HOTP-SHA256-12", 32, 7, "368924324685"),
        ("BANCADA-1:HOTP-SHA512-12H", 64, 8, "462F4BC0DD0E"),
    ] {
        assert_eq!(respond(name, &KEY[..key_len], counter, "", 0), expected, "{name} {counter}");
    }
}

#[test]
fn names_are_read_and_written() {
    for name in [
        "HOTP-SHA1-6",
        "TOTP-SHA256-8-T30S",
        "TOTP-SHA512-10-T36S",
        "OCRA-1:HOTP-SHA1-6:QN08",
        "OCRA-1:HOTP-SHA512-8:C-QN08-PSHA1",
        "OCRA-1:HOTP-SHA256-6:QA64-T48H",
        "OCRA-1:HOTP-SHA256-6:C-QH64-PSHA512-S512-T59M",
        "BANCADA-1:HOTP-SHA256-16H:QH64-T36S",
        "BANCADA-1:TOTP-SHA256-12-T36S",
        "BANCADA-1:HOTP-SHA256-8U:QN08",
    ] {
        let suite: Suite = name.parse().unwrap();
        assert_eq!(suite.name(), name);
        if suite.session.is_none() {
            assert_eq!(Suite::unpack(&suite.pack()), Some(suite));
        }
    }
    for bad in [
        "",
        "HOTP",
        "HOTP-MD5-6",
        "HOTP-SHA1-3",
        "TOTP-SHA1-6",
        "TOTP-SHA1-6-T0S",
        "TOTP-SHA1-6-T60S",
        "TOTP-SHA1-6-T05S",
        "OCRA-1:HOTP-SHA1-6",
        "OCRA-1:HOTP-SHA1-6:",
        "OCRA-1:HOTP-SHA1-6:T1M",
        "OCRA-1:HOTP-SHA1-6:QN08-C",
        "OCRA-2:HOTP-SHA1-6:QN08",
        "OCRA-1:HOTP-SHA1-6:QN03",
        "OCRA-1:HOTP-SHA1-6:QN65",
        "OCRA-1:HOTP-SHA1-6:QN8",
        "OCRA-1:HOTP-SHA1-6:QN08-S513",
        "OCRA-1:HOTP-SHA1-6:QN08-T49H",
        "OCRA-1:HOTP-SHA1-11:QN08",
        "OCRA-1:TOTP-SHA1-6:QN08",
        "OCRA-1:HOTP-SHA1-6:QN08-QN08",
    ] {
        let error = bad.parse::<Suite>().unwrap_err().to_string();
        assert!(error.contains("is not a suite"), "{error}");
    }
}

#[test]
fn responses_are_read_only_in_their_own_form() {
    let decimal: Suite = "HOTP-SHA1-6".parse().unwrap();
    assert_eq!(decimal.read(b"001234"), Some(1234));
    for bad in [&b"12345"[..], b"1234567", b"12345a", b"+12345", b""] {
        assert_eq!(decimal.read(bad), None);
    }
    let hex: Suite = "BANCADA-1:HOTP-SHA1-6H".parse().unwrap();
    assert_eq!(hex.read(b"00fFaA"), Some(0xffaa));
    assert_eq!(hex.write(0xffaa), "00FFAA");
}

proptest! {
    #[test]
    fn no_name_panics(name in "(OCRA-1:|BANCADA-1:)?[HT]OTP-SHA[0-9]{1,3}-[0-9]{0,3}[HU]?:?[CQPSTANH0-9SM-]{0,20}") {
        if let Ok(suite) = name.parse::<Suite>() {
            prop_assert_eq!(suite.name().parse::<Suite>().unwrap(), suite);
        }
    }

    #[test]
    fn any_text_is_a_suite_or_refused(name in ".{0,60}") {
        let _ = name.parse::<Suite>();
    }

    #[test]
    fn any_bytes_are_a_suite_or_refused(bytes in any::<[u8; 10]>()) {
        if let Some(suite) = Suite::unpack(&bytes) {
            let response = ocra(&suite, KEY, &Inputs { counter: 1, question: &[0; 128], pin: b"", session: &[], step: 1 });
            prop_assert!(!response.is_empty());
        }
    }
}
