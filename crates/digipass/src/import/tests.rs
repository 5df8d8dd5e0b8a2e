use bancada_crypto::random::SeededRandom;
use proptest::prelude::*;

use super::*;
use crate::authenticator::Authenticator;
use crate::blob::{DataField, Kind::*};
use crate::definition::PinRules;
use crate::message::Protection;
use crate::testing::{Bench, CR, RO, SG, definition};
use crate::vector::Template;

const KEY: [u8; 16] = [0x11; 16];

fn sample() -> ImportFile {
    let mut otp = definition(ResponseOnly, RO, "OTP");
    otp.profile.pin = true;
    otp.profile.derivation = true;
    otp.profile.host_code_len = 6;
    otp.pin = Zeroizing::new("1234".to_owned());
    otp.pin_rules = PinRules { enabled: true, change_on: false, change_forced: true, min_len: 5 };
    otp.virtual_uses = 3;
    otp.virtual_days = 30;
    let mut answer = definition(ChallengeResponse, CR, "ANSWER 2");
    answer.profile.fields = vec![DataField { min: 4, max: 8, check_digit: true }];
    let mut other = definition(Signature, SG, "SIGN");
    other.owner = crate::Owner::new("VDS0000002", "SIGN").unwrap();
    other.profile.secure_channel = true;
    other.next_event = 77;
    other.payload_key = Some(Zeroizing::new([5; 16]));
    let template = Template { name: otp.owner.application, profile: otp.profile.clone() };
    ImportFile {
        static_vector: Some(StaticVector::generate(*b"VDS", vec![template], &mut SeededRandom::from_u64(1))),
        message_vector: Some(MessageVector { protection: Protection::Encrypted, customer: [1; 10] }),
        tokens: vec![vec![otp, answer], vec![other]],
    }
}

fn written() -> String {
    write_dpx(&sample(), &KEY, &mut SeededRandom::from_u64(2)).unwrap()
}

#[test]
fn a_dpx_file_is_read_as_written() {
    let (before, text) = (sample(), written());
    let after = read_dpx(&text, &KEY).unwrap();
    assert_eq!(
        (after.static_vector, after.message_vector),
        (before.static_vector.clone(), before.message_vector)
    );
    assert_eq!(before.application_names(), ["OTP", "ANSWER 2", "SIGN"]);
    for (before, after) in before.tokens.iter().flatten().zip(after.tokens.iter().flatten()) {
        assert_eq!(
            (before.owner, &before.profile, &before.key, &before.pin),
            (after.owner, &after.profile, &after.key, &after.pin)
        );
        assert_eq!(
            (before.pin_rules, before.next_event, before.instances),
            (after.pin_rules, after.next_event, after.instances)
        );
        assert_eq!((before.virtual_uses, before.virtual_days), (after.virtual_uses, after.virtual_days));
        assert!(!text.contains(&crate::encoding::to_hex(&before.key)[..16]));
        assert_eq!(before.payload_key, after.payload_key);
    }
    assert_eq!(after.tokens.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
    assert!(!text.contains(&crate::encoding::to_hex(&*before.static_vector.unwrap().master_key)[..8]));
    assert!(read_dpx(&text.replace("\n", "\r\n"), &KEY).is_ok(), "lines may end as on Windows");
}

#[test]
fn wrong_keys_and_changed_files_are_told_apart() {
    let text = written();
    assert_eq!(
        read_dpx(&text, &[0x12; 16]).err().map(|error| error.code()),
        Some(ReturnCode::TRANSPORT_KEY_WRONG)
    );
    assert_eq!(read_dpx(&text, &[0x11; 15]).err(), Some(ImportError::KeyFormat));
    assert_eq!(transport_key("11").err(), Some(ImportError::KeyFormat));
    assert_eq!(transport_key(&"1".repeat(64)).unwrap().len(), 32);
    for (from, to) in
        [("VDS0000002", "VDS0000003"), (" RO ", " CR "), ("INSTANCES", "INSTANCEZ"), ("\nDE ", "\nDX ")]
    {
        let error = read_dpx(&text.replacen(from, to, 1), &KEY).err().unwrap();
        assert_eq!(error.code(), ReturnCode::IMPORT_CONTENT, "{from}: {error}");
    }
    for other in ["", "DH\n", "hello\nworld\n", "DH FILE=\"X\" VERSION=\"1.0\"\nDC DEL=00\n"] {
        assert_eq!(
            read_dpx(other, &KEY).err().map(|error| error.code()),
            Some(ReturnCode::FILE_OPEN),
            "{other}"
        );
    }
}

fn figure(number: u32) -> String {
    let path = format!("{}/tests/data/pskc/figure{number}.xml", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

/// RFC 6030: the key of most figures is the one of RFC 4226, so its values follow.
#[test]
fn figures_of_the_rfc_are_imported() {
    let pre_shared = crate::encoding::from_hex(b"12345678901234567890123456789012").unwrap();
    for (number, key, count) in [
        (3, PskcKey::None, 1),
        (5, PskcKey::None, 1),
        (6, PskcKey::PreShared(&pre_shared), 1),
        (7, PskcKey::Passphrase("qwerty"), 1),
        (10, PskcKey::None, 4),
    ] {
        let file = read_pskc(&figure(number), key).unwrap();
        assert_eq!((file.tokens.len(), file.skipped.len()), (count, 0), "{number}");
        for token in &file.tokens {
            assert_eq!(&**token.definition.key, b"12345678901234567890", "{number}");
            assert_eq!(token.definition.profile.suite.name(), "HOTP-SHA1-8");
            let mut bench = Bench::of(&token.definition);
            // RFC 4226 appendix D gives the values before they are cut: 1284755224 and 1094287082.
            assert_eq!((bench.code("84755224"), bench.code("94287082")), (0, 0), "{number}");
        }
    }
    let file = read_pskc(&figure(10), PskcKey::None).unwrap();
    let token = &file.tokens[2];
    assert_eq!(
        (token.serial.as_deref(), token.definition.owner.serial_text().as_str()),
        (Some("9999999"), "0009999999")
    );
    assert_eq!(token.expiry_date.as_deref(), Some("2006-03-31T00:00:00Z"));
    assert_eq!(token.manufacturer.as_deref(), Some("TokenVendorAcme"));
    let file = read_pskc(&figure(2), PskcKey::None).unwrap();
    assert_eq!(
        (&**file.tokens[0].definition.key, file.tokens[0].definition.owner.application_text()),
        (&b"1234"[..], "12345678".to_owned())
    );
    let file = read_pskc(&figure(5), PskcKey::None).unwrap();
    let definition = &file.tokens[0].definition;
    assert_eq!(
        (definition.pin.as_str(), definition.profile.pin, definition.pin_rules.enabled),
        ("1234", true, false)
    );
    let file = read_pskc(&figure(4), PskcKey::None).unwrap();
    assert!(file.tokens.is_empty() && file.skipped[0].reason.contains("by reference"), "{file:?}");
}

#[test]
fn figures_that_cannot_be_opened_say_why() {
    assert_eq!(read_pskc(&figure(6), PskcKey::None).err(), Some(ImportError::WrongKey));
    assert_eq!(read_pskc(&figure(6), PskcKey::PreShared(&[1; 16])).err(), Some(ImportError::WrongKey));
    assert_eq!(read_pskc(&figure(7), PskcKey::Passphrase("qwertz")).err(), Some(ImportError::WrongKey));
    let error = read_pskc(&figure(8), PskcKey::PreShared(&[1; 16])).err().unwrap();
    assert!(error.to_string().contains("certificate"), "{error}");
    let key = crate::encoding::from_hex(b"12345678901234567890123456789012").unwrap();
    let tampered = figure(6).replace("Su+NvtQf", "Su+NvtQg");
    assert_eq!(read_pskc(&tampered, PskcKey::PreShared(&key)).err(), Some(ImportError::WrongKey));
    let stripped = figure(6).replace("ValueMAC", "OtherMAC");
    let error = read_pskc(&stripped, PskcKey::PreShared(&key)).err().unwrap();
    assert!(error.to_string().contains("ValueMAC is missing"), "{error}");
    for (from, to) in
        [("Version=\"1.0\"", "Version=\"2.0\""), ("KeyContainer", "Other"), ("keyprov:pskc\"", "keyprov:x\"")]
    {
        let error = read_pskc(&figure(2).replace(from, to), PskcKey::None).err().unwrap();
        assert_eq!(error.code(), ReturnCode::FILE_OPEN, "{error}");
    }
    let bomb = "<!DOCTYPE a [<!ENTITY x \"yyyy\">]><KeyContainer>&x;</KeyContainer>";
    assert_eq!(read_pskc(bomb, PskcKey::None).err().unwrap().code(), ReturnCode::FILE_OPEN);
    let rounds = figure(7).replace(">1000<", ">4000000000<");
    assert!(
        read_pskc(&rounds, PskcKey::Passphrase("qwerty"))
            .err()
            .unwrap()
            .to_string()
            .contains("IterationCount")
    );
}

fn key_element(algorithm: &str, parameters: &str, data: &str) -> String {
    format!(
        "<KeyContainer Version=\"1.0\" xmlns=\"urn:ietf:params:xml:ns:keyprov:pskc\"><KeyPackage><DeviceInfo><SerialNo>ab12</SerialNo>\
         </DeviceInfo><Key Id=\"a-b\" Algorithm=\"{algorithm}\"><AlgorithmParameters>{parameters}</AlgorithmParameters><Data><Secret>\
         <PlainValue>MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=</PlainValue></Secret>{data}</Data></Key></KeyPackage></KeyContainer>"
    )
}

#[test]
fn time_and_challenge_keys_are_imported() {
    let format = "<ResponseFormat Encoding=\"DECIMAL\" Length=\"8\"/>";
    let interval = "<TimeInterval><PlainValue>60</PlainValue></TimeInterval>";
    let text = key_element(
        "urn:ietf:params:xml:ns:keyprov:pskc:totp",
        &format!("<Suite>HMAC-SHA256</Suite>{format}"),
        interval,
    );
    let file = read_pskc(&text, PskcKey::None).unwrap();
    let definition = &file.tokens[0].definition;
    assert_eq!(
        (definition.profile.suite.name().as_str(), definition.owner.application_text().as_str()),
        ("TOTP-SHA256-8-T1M", "APPL1")
    );
    assert_eq!(definition.owner.serial_text(), "000000AB12");
    let challenge = "<Suite>OCRA-1:HOTP-SHA1-6:QN08</Suite><ChallengeFormat Encoding=\"DECIMAL\" Min=\"4\" Max=\"8\" CheckDigits=\"true\"/>";
    let text = key_element("urn:ietf:params:xml:ns:keyprov:pskc:ocra", challenge, "");
    let file = read_pskc(&text, PskcKey::None).unwrap();
    let definition = &file.tokens[0].definition;
    assert_eq!(definition.profile.fields, [DataField { min: 4, max: 8, check_digit: true }]);
    let mut device = Authenticator::new(std::slice::from_ref(definition)).unwrap();
    let prompt = crate::authenticator::Prompt::default();
    // RFC 6287 appendix C, but with a check digit demanded: 1111111 has the check digit 9.
    assert_eq!(device.password(&prompt, Some("11111111")).err(), Some(ReturnCode::CHALLENGE_CHECK_DIGIT));
    assert!(device.password(&prompt, Some("11111119")).is_ok());
    let draft = key_element("urn:ietf:params:xml:ns:keyprov:pskc#OCRA-1:HOTP-SHA512-8:C-QN08", "", "");
    assert_eq!(read_pskc(&draft, PskcKey::None).unwrap().tokens.len(), 1);
    for (algorithm, parameters, data, reason) in [
        ("urn:other", "", "", "algorithm is unknown"),
        ("urn:ietf:params:xml:ns:keyprov:pskc:hotp", "<Suite>Clubs</Suite>", "", "Suite is unknown"),
        (
            "urn:ietf:params:xml:ns:keyprov:pskc:hotp",
            "<ResponseFormat Encoding=\"BASE64\" Length=\"8\"/>",
            "",
            "neither decimal",
        ),
        (
            "urn:ietf:params:xml:ns:keyprov:pskc:hotp",
            "",
            "<Counter><PlainValue>-1</PlainValue></Counter>",
            "Counter",
        ),
        (
            "urn:ietf:params:xml:ns:keyprov:pskc:totp",
            "",
            "<TimeInterval><PlainValue>61</PlainValue></TimeInterval>",
            "interval",
        ),
        (
            "urn:ietf:params:xml:ns:keyprov:pskc:ocra",
            "<Suite>OCRA-1:HOTP-SHA1-6:QN08-PSHA1</Suite>",
            "",
            "needs a PIN",
        ),
    ] {
        let file = read_pskc(&key_element(algorithm, parameters, data), PskcKey::None).unwrap();
        assert!(file.tokens.is_empty() && file.skipped[0].reason.contains(reason), "{file:?}");
    }
}

proptest! {
    #[test]
    fn any_text_is_imported_or_refused(text in ".{0,200}", cut in any::<proptest::sample::Index>(), figure_number in 2u32..=10) {
        let _ = read_dpx(&text, &KEY);
        let _ = read_pskc(&text, PskcKey::None);
        let good = figure(figure_number);
        let at = (0..=cut.index(good.len())).rev().find(|at| good.is_char_boundary(*at)).unwrap();
        let damaged = format!("{}{text}{}", &good[..at], &good[at..]);
        let _ = read_pskc(&damaged, PskcKey::PreShared(&[1; 16]));
        let _ = read_pskc(&good[..at], PskcKey::None);
        let good = written();
        let at = cut.index(good.len());
        let _ = read_dpx(&format!("{}{text}{}", &good[..at], &good[at..]), &KEY);
    }

    /// Behind the check value everything may stand, when whoever knows the transport key wrote it.
    #[test]
    fn any_record_is_read_or_refused(line in "(AP|SV|MV|DF|ZZ) [ -~]{0,120}") {
        let file = written();
        let (head, rest) = file.split_once("\nDC ").unwrap();
        let body = rest.split_once('\n').unwrap().1;
        let body = body[..body.rfind("DE ").unwrap()].to_owned() + &line + "\n";
        let text = dpx::with_check(head, &body, &KEY);
        let _ = read_dpx(&text, &KEY);
    }
}
