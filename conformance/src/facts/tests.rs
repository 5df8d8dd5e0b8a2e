//! The comparison itself: that it sees a difference of every kind.

use super::ledger::Ledger;
use super::*;

fn files() -> Files {
    Files::read().unwrap_or_else(|(name, error)| panic!("{name}: {error}"))
}

fn differing(compare: impl FnOnce(&mut Ledger)) -> Vec<String> {
    let mut ledger = Ledger::default();
    compare(&mut ledger);
    let left_out = [("*", "not in this test")];
    let report = ledger.close(&left_out);
    report.differences.into_iter().map(|difference| difference.fact).filter(|fact| fact != "*").collect()
}

#[test]
fn a_wrong_number_is_seen_whichever_side_has_it() {
    let mut files = files();
    files.statuses.status[20].code += 1;
    let name = files.statuses.status[20].name.clone();
    let differences = differing(|ledger| status::compare(&files.statuses, ledger));
    assert!(differences.contains(&format!("status/{name}")), "{differences:?}");

    let gone = files.statuses.status.remove(30).name;
    let differences = differing(|ledger| status::compare(&files.statuses, ledger));
    assert!(differences.contains(&format!("status/{gone}")), "{differences:?}");
}

#[test]
fn a_wrong_constant_or_range_is_seen() {
    let mut files = files();
    for group in &mut files.constants.group {
        for constant in &mut group.constants {
            if ["ALG_AES_192", "ALG_ECC_SECP192K1", "AUP_KeK"].contains(&constant.name.as_str()) {
                constant.value = file::Value::Number(99);
            }
        }
        group.constants.retain(|constant| constant.name != "ACL_USR_LIST");
    }
    let differences = differing(|ledger| constant::compare(&files.constants, ledger));
    assert_eq!(
        differences,
        [
            "constants/acl/ACL_USR_LIST",
            "constants/ecc/ALG_ECC_SECP192K1",
            "constants/key-usage-profile/AUP_KeK",
            "constants/symmetric/ALG_AES_192"
        ]
    );
}

#[test]
fn a_layout_that_is_wrong_in_one_way_is_seen() {
    let wrong = |operation: &str, change: fn(&mut file::OperationFact)| {
        let mut files = files();
        // Encoding four megabytes for each of these changes takes its time.
        files.operations.operation.iter_mut().filter(|fact| fact.name.starts_with("EdDSA")).for_each(
            |fact| {
                payload(fact).iter_mut().for_each(|field| field.max = None);
            },
        );
        let fact = files.operations.operation.iter_mut().find(|fact| fact.name == operation).unwrap();
        change(fact);
        differing(|ledger| operation::compare(&files.operations, ledger))
    };
    fn payload(fact: &mut file::OperationFact) -> &mut Vec<file::Field> {
        fact.payload.as_mut().unwrap()
    }
    let expected = |place: &str| vec![format!("operations/{place}")];
    assert_eq!(wrong("CREATE_KEY", |fact| payload(fact).swap(0, 1)), expected("CREATE_KEY/payload"));
    assert_eq!(wrong("CREATE_KEY", |fact| payload(fact)[2].width = Some(49)), expected("CREATE_KEY/payload"));
    assert_eq!(wrong("DELETE_USR", |fact| payload(fact).swap(0, 1)), expected("DELETE_USR/payload"));
    assert_eq!(wrong("RSA_SIGN", |fact| payload(fact).swap(1, 2)), expected("RSA_SIGN/payload"));
    let dropped = wrong("CREATE_USR", |fact| drop(payload(fact).pop()));
    assert_eq!(dropped, expected("CREATE_USR/payload"));
    let flag = wrong("ECC_SIGN", |fact| fact.fqn_flag = None);
    assert_eq!(flag, expected("ECC_SIGN/flag"));
    let max = wrong("ECC_SIGN", |fact| payload(fact)[2].max = Some(65));
    assert_eq!(max, expected("ECC_SIGN/hash/max"));
    let reply = wrong("M_OF_N_SPLIT", |fact| fact.reply.as_mut().unwrap().swap(0, 1));
    assert_eq!(reply, expected("M_OF_N_SPLIT/reply"));
    let value = wrong("KEK_WRAP_OBJ", |fact| payload(fact)[0].values = Some(vec![1]));
    assert_eq!(value, expected("KEK_WRAP_OBJ/operation/value/2"));
    let opcode = wrong("PIX_SIGN", |fact| fact.opcode = 2);
    assert!(opcode.contains(&"operations/PIX_SIGN/opcode".to_owned()), "{opcode:?}");
}

#[test]
fn wrong_frames_variables_and_captures_are_seen() {
    let mut files = files();
    files.wire.transport.port = 4434;
    files.wire.size[0].bytes = 9;
    files.wire.layout.iter_mut().find(|layout| layout.name == "close").unwrap().fields[0].value = Some(1);
    let differences = differing(|ledger| frame::compare(&files.wire, ledger));
    assert_eq!(differences, ["wire/layout/close", "wire/size/AAP_HDR_LEN", "wire/transport/port"]);

    let retries =
        files.environment.variable.iter_mut().find(|it| it.name == "HSM_MAX_CONNECT_RETRIES").unwrap();
    retries.max = Some(15);
    let differences = differing(|ledger| environment::compare(&files.environment, ledger));
    assert_eq!(differences, ["env/HSM_MAX_CONNECT_RETRIES"]);

    let capture = &mut files.captures.capture[0].request;
    *capture = capture.replacen("02000000", "03000000", 1);
    let login = &mut files.captures.login[0].answer;
    *login = login.replacen("f5", "f6", 1);
    let differences = differing(|ledger| capture::compare(&files.captures, &files.operations, ledger));
    let call = format!("captures/{}/opcode", files.captures.capture[0].call);
    assert_eq!(differences, [call.as_str(), "captures/login/password", "wire/rule/password-hash"]);
}

#[test]
fn what_nobody_looks_at_needs_a_reason_and_a_reason_a_fact() {
    let mut ledger = Ledger::default();
    ledger.same("a/compared", 1, 1);
    ledger.leave("a/left");
    ledger.leave("b/left");
    let report = ledger.close(&[("a/left", "because"), ("a/compared", "stale"), ("c/*", "stale")]);
    assert_eq!(report.checked, 1);
    assert_eq!(report.unchecked, [Unchecked { fact: "a/left".to_owned(), reason: "because" }]);
    let facts: Vec<_> = report.differences.iter().map(|difference| difference.fact.as_str()).collect();
    assert_eq!(facts, ["a/compared", "b/left", "c/*"]);
}
