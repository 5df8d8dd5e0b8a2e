//! Golden bytes: our encoder writes them, our decoder reads them back, replies are cut where the vendor's client needs it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::needless_pass_by_value, reason = "expected values are written where they are used")]

mod captured;
mod hold;
mod login;
mod other;
mod session;

use bancada_conformance::golden::{self, Exchange, Stage};

fn each(stage: Stage, hold: fn(&Exchange)) {
    let exchanges: Vec<_> = golden::all().into_iter().filter(|exchange| exchange.stage == stage).collect();
    assert!(!exchanges.is_empty(), "no exchanges of {stage:?}: {:?}", golden::errors());
    exchanges.iter().for_each(hold);
}

#[test]
fn greetings() {
    each(Stage::Greeting, login::greeting);
}

#[test]
fn logins() {
    each(Stage::Login, login::login);
}

#[test]
fn a_session() {
    each(Stage::Session, session::session);
}

#[test]
fn what_no_fresh_session_can_play() {
    each(Stage::Other, other::other);
}

#[test]
fn captured_requests() {
    let captures = golden::captures();
    let known = captures.iter().filter(|capture| captured::capture(capture)).count();
    assert_eq!((captures.len(), known), (48, 31));
}
