//! Tests of the login: the bytes of each kind, every split of the replies, and what a wrong device may answer.

use super::*;
use bancada_wire::frame::{HELLO_OK_AT, NOTIFY_OK_RM2};
use bancada_wire::op::LoginChallengeResponse;
use bancada_wire::reply::Reply;
use proptest::prelude::*;

/// What a scripted device answers to each thing sent.
struct Device {
    answers: Vec<Vec<u8>>,
    sent: Vec<Vec<u8>>,
    tls_after: Option<usize>,
}

/// Opens against a device that answers each message with the next of `answers`, `piece` bytes at a time.
fn open(credentials: &Credentials, tls: bool, answers: &[&[u8]], piece: usize) -> (Result<Welcome>, Device) {
    let mut device =
        Device { answers: answers.iter().rev().map(|a| a.to_vec()).collect(), sent: vec![], tls_after: None };
    let mut opening = Opening::new(credentials, tls);
    let mut incoming: Vec<u8> = Vec::new();
    let outcome = loop {
        match opening.step() {
            Err(error) => break Err(error),
            Ok(Action::Done(welcome)) => break Ok(welcome),
            Ok(Action::StartTls) => {
                assert!(incoming.is_empty(), "clear bytes left before TLS");
                device.tls_after = Some(device.sent.len());
            }
            Ok(Action::Send(bytes)) => {
                device.sent.push(bytes.to_vec());
                incoming.extend(device.answers.pop().unwrap_or_default());
            }
            Ok(Action::Receive(space)) => {
                let count = space.len().min(incoming.len()).min(piece);
                if count == 0 {
                    break Err(Error::ended(crate::Doing::Receive, "hsm"));
                }
                space[..count].copy_from_slice(&incoming[..count]);
                incoming.drain(..count);
                opening.received(count);
            }
        }
    };
    (outcome, device)
}

const ACK: [u8; 4] = *b"OLEH";
const OK: [u8; 8] = [0; 8];

/// A challenge of the bytes 0 to 15 from a device in the mode with this NOTIFY code.
fn challenge(id: u32) -> Vec<u8> {
    [&Header { id, len: 16 }.to_bytes()[..], &std::array::from_fn::<u8, 16, _>(|i| i as u8)].concat()
}

fn user() -> Credentials {
    Credentials::user("master", "12345678").unwrap()
}

#[test]
fn a_password_login_sends_what_the_vendors_client_sends() {
    for piece in [1, 3, 8, 100] {
        let (outcome, device) = open(&user(), true, &[&ACK, &challenge(NOTIFY_OK_RM2), &OK], piece);
        assert_eq!(outcome, Ok(Welcome { mode: OperatingMode::Rm2, password_expired: false }));
        assert_eq!(device.tls_after, Some(1), "TLS starts after the hello");
        assert_eq!(device.sent[0], [0x4F, 0x4C, 0x45, 0x48, 1, 0, 1, 0]);
        assert_eq!(device.sent[1], [17, 0, 0, 0, 0xF3, 0xFF, 0xFF, 0xFF]);
        // Python's hashlib: md5(md5(b"12345678".ljust(16, b"\0")).digest() + bytes(range(16))).
        let proof: [u8; 16] = 0xF559_9792_4C56_9DDE_9136_640F_07E3_DB5A_u128.to_be_bytes();
        assert_eq!(device.sent[2], [&proof[..], b"master\0\0\0\0\0\0\0\0\0\0"].concat());
    }
}

#[test]
fn an_acknowledgement_of_eight_bytes_is_accepted() {
    let long = [&HELLO_OK_AT.to_le_bytes()[..], &[1, 2, 3, 4]].concat();
    let (outcome, _) = open(&user(), false, &[&long, &challenge(NOTIFY_OK), &OK], 8);
    assert!(outcome.is_ok());
}

#[test]
fn a_token_login_announces_itself_and_proves_the_key() {
    let token = Credentials::token("master", [1; 16]).unwrap();
    let (outcome, device) = open(&token, false, &[b"TAKO", &challenge(NOTIFY_OK), &OK], 100);
    assert!(outcome.is_ok());
    assert_eq!(device.sent[0], [0x4F, 0x4C, 0x45, 0x48, 0, 0x40, 1, 0]);
    let user = *b"master\0\0\0\0\0\0\0\0\0\0";
    let proof = token_cmac(&[1; 16], &user, &std::array::from_fn(|i| i as u8)).unwrap();
    assert_eq!(device.sent[2], [proof, user].concat());
}

#[test]
fn a_login_with_one_time_password_uses_the_operations_of_ours() {
    let credentials = Credentials::user_otp("master", "12345678", "123456").unwrap();
    let mut first = Reply::new();
    let challenge = LoginChallengeResponse { mode: 1, challenge: std::array::from_fn(|i| i as u8) };
    first.ok(&challenge, LoginChallenge::SPEC.reply);
    for piece in [1, 100] {
        let (outcome, device) = open(&credentials, false, &[&ACK, first.bytes(), &OK], piece);
        assert_eq!(outcome, Ok(Welcome { mode: OperatingMode::Rm1, password_expired: false }));
        assert_eq!(device.sent[1], [0x03, 0, 0xB4, 0, 0, 0, 0, 0]);
        assert_eq!(device.sent[2][..8], [0x04, 0, 0xB4, 0, 48, 0, 0, 0]);
        assert_eq!(device.sent[2][40..], *b"123456\0\0\0\0\0\0\0\0\0\0");
    }
}

#[test]
fn an_anonymous_login_is_one_exchange() {
    let reply = [&Header { id: NOTIFY_OK, len: 4 }.to_bytes()[..], &[2, 0, 0, 0]].concat();
    let (outcome, device) = open(&Credentials::anonymous(), false, &[&ACK, &reply], 1);
    assert_eq!(outcome, Ok(Welcome { mode: OperatingMode::Rm2, password_expired: false }));
    assert_eq!(device.sent.len(), 2);
}

#[test]
fn an_expired_password_opens_and_every_other_refusal_does_not() {
    let refuse = |status| Header::error(status).to_bytes();
    let expired = refuse(Status::ERR_PWD_EXPIRED);
    let (outcome, _) = open(&user(), false, &[&ACK, &challenge(NOTIFY_OK), &expired], 100);
    assert_eq!(outcome, Ok(Welcome { mode: OperatingMode::Nrm, password_expired: true }));

    let device = |status| Err(Error::Device { operation: "LOGIN", status });
    let denied = refuse(Status::ERR_ACCESS_DENIED);
    for answers in [vec![&denied[..]], vec![&ACK, &denied], vec![&ACK, &challenge(0), &denied]] {
        let (outcome, _) = open(&user(), false, &answers, 1);
        assert_eq!(outcome, device(Status::ERR_ACCESS_DENIED));
    }
    // Before the proof was checked, an expired password is no welcome.
    let (outcome, _) = open(&user(), false, &[&ACK, &expired], 100);
    assert_eq!(outcome, device(Status::ERR_PWD_EXPIRED));
}

#[test]
fn other_services_are_told_apart_from_devices() {
    let short = Header { id: NOTIFY_OK, len: 15 }.to_bytes();
    let odd = Header { id: 9, len: 16 }.to_bytes();
    let long = Header { id: NOTIFY_OK, len: 1 }.to_bytes();
    let cases: [(&[&[u8]], &str); 4] = [
        (&[b"HTTP/1.1 400 Bad Request"], "acknowledges nothing"),
        (&[&ACK, &short], "15 bytes where 16 belong"),
        (&[&ACK, &odd], "the code 0x00000009"),
        (&[&ACK, &challenge(0), &long], "1 bytes where 0 belong"),
    ];
    for (answers, expected) in cases {
        let error = open(&user(), false, answers, 100).0.unwrap_err();
        assert!(matches!(&error, Error::PeerMisbehaved(text) if text.contains(expected)), "{error}");
    }
}

#[test]
fn opening_restarts_only_before_the_proof() {
    let credentials = user();
    let mut opening = Opening::new(&credentials, false);
    let mut answers = [ACK.to_vec(), challenge(NOTIFY_OK)].into_iter();
    let mut sent = 0;
    while sent < 3 {
        assert!(opening.may_restart(), "{sent} messages sent");
        match opening.step().unwrap() {
            Action::Send(_) => sent += 1,
            Action::Receive(space) => {
                let answer = answers.next().unwrap();
                space[..answer.len()].copy_from_slice(&answer);
                opening.received(answer.len());
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(!opening.may_restart());
}

proptest! {
    #[test]
    fn garbage_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..80), known in 0usize..3, piece in 1usize..40) {
        let challenge = challenge(NOTIFY_OK);
        let mut answers: Vec<&[u8]> = [&ACK[..], &challenge][..known.min(2)].to_vec();
        answers.push(&bytes);
        for credentials in [user(), Credentials::anonymous(), Credentials::user_otp("u", "p", "1").unwrap()] {
            let _ = open(&credentials, false, &answers, piece);
        }
    }
}
