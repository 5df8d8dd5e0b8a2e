//! Lives through the kernel itself, and through kernels with a defect, which must be found.

use std::collections::BTreeMap;

use super::call::{Operation, Reply, Sealer, TokenCall};
use super::driver::TokenDriver;
use super::driver::rust::RustDriver;
use super::generate::life;
use super::model::parms::place;
use super::play::play;

const LIVES: u64 = 400;

/// The kernel behind something that changes calls or answers.
struct Planted {
    driver: RustDriver,
    before: fn(&mut TokenCall),
    after: fn(&TokenCall, &mut Reply),
}

impl Planted {
    fn new(before: fn(&mut TokenCall), after: fn(&TokenCall, &mut Reply)) -> Self {
        Self { driver: RustDriver::default(), before, after }
    }
}

impl TokenDriver for Planted {
    fn home(&self, number: u64) -> Sealer {
        self.driver.home(number)
    }

    fn cannot(&self, _call: &TokenCall) -> Option<&'static str> {
        None
    }

    fn perform(&mut self, call: &TokenCall) -> Result<Reply, String> {
        let mut changed = call.clone();
        (self.before)(&mut changed);
        let mut reply = self.driver.perform(&changed)?;
        (self.after)(call, &mut reply);
        Ok(reply)
    }
}

/// The first difference in so many lives: what was expected and what came.
fn found(driver: &mut dyn TokenDriver) -> Option<String> {
    (0..LIVES).find_map(|number| {
        let drawn = life(1, number).unwrap();
        play(driver, number, &drawn).unwrap().difference.map(|difference| difference.text)
    })
}

#[test]
fn a_window_one_step_too_wide_is_found() {
    let before = |call: &mut TokenCall| {
        let window = &mut call.parms[place::I_TIME_WINDOW];
        if (2..999).contains(window) {
            *window += 2;
        }
    };
    let text = found(&mut Planted::new(before, |_, _| {})).unwrap();
    assert!(text.contains("expected 1, got"), "{text}");
}

#[test]
fn a_missing_replay_check_is_found() {
    let after = |call: &TokenCall, reply: &mut Reply| {
        if call.operation == Operation::Password && reply.code == 201 {
            reply.code = 0;
        }
    };
    let text = found(&mut Planted::new(|_| {}, after)).unwrap();
    assert!(text.contains("expected 201, got 0"), "{text}");
}

#[test]
fn a_change_that_is_not_stored_is_found() {
    let after = |call: &TokenCall, reply: &mut Reply| {
        if call.operation == Operation::Password && reply.code == 0 {
            reply.blobs.clone_from(&call.blobs);
        }
    };
    let text = found(&mut Planted::new(|_| {}, after)).unwrap();
    assert!(text.contains("in the BLOB"), "{text}");
}

#[test]
fn an_event_too_many_is_found() {
    let before = |call: &mut TokenCall| {
        let window = &mut call.parms[place::EVENT_WINDOW];
        if (10..1000).contains(window) {
            *window += 1;
        }
    };
    assert!(found(&mut Planted::new(before, |_, _| {})).is_some());
}

/// The kernel, and how often each operation came to each code.
#[derive(Default)]
struct Counting {
    driver: RustDriver,
    outcomes: BTreeMap<(&'static str, i32), usize>,
}

impl TokenDriver for Counting {
    fn home(&self, number: u64) -> Sealer {
        self.driver.home(number)
    }

    fn cannot(&self, _call: &TokenCall) -> Option<&'static str> {
        None
    }

    fn perform(&mut self, call: &TokenCall) -> Result<Reply, String> {
        let reply = self.driver.perform(call)?;
        *self.outcomes.entry((call.operation.name(), reply.code)).or_default() += 1;
        Ok(reply)
    }
}

/// Outcomes that lives must come to, or they say nothing about the rules behind them.
const OUTCOMES: [(&str, &[i32]); 27] = [
    ("activation-data", &[0, 412]),
    ("challenge", &[0, 137]),
    ("clear-pin", &[0, 801]),
    ("deactivation", &[0]),
    ("derive", &[0, 1, 140, 201, 202, 412, 808, 1114, 1118]),
    ("device-code", &[0, 1]),
    ("dpx", &[100, -14, -15, -20, 19_004]),
    ("first-message", &[0]),
    ("gen-password", &[0, 132, 208, 211]),
    ("gen-signature", &[132, 211]),
    ("get", &[0]),
    ("message", &[0, 1, 203, 1299, 1300, 1337, 1339, 1363, 1364]),
    ("message-properties", &[0]),
    ("migrate", &[0, 908]),
    ("password", &[0, 1, 2, 131, 140, 201, 202, 205, 208, 412, 414, 908, -101, -102, -108, -202, -203, -205]),
    ("payload-key", &[0]),
    ("request", &[0]),
    ("reset", &[0]),
    ("response", &[0, 1361, 5165]),
    ("second-message", &[0, 1]),
    ("set", &[0, 517]),
    ("set-pin", &[0, 801]),
    ("signature", &[0, 1, 141, 203, 204, 205, 206, 207, 208, -101, -102, -108, -202, -203, -205]),
    ("signature", &[10_001, 10_002, 10_003, 10_004, 10_005, 10_006, 10_007]),
    ("synchronise", &[0, 1, 201]),
    ("unlock", &[0, 138]),
    ("password", &[10_006]),
];

#[test]
fn the_kernel_keeps_the_rules_in_every_life_and_lives_come_to_their_outcomes() {
    let mut driver = Counting::default();
    assert_eq!(found(&mut driver), None);
    for (operation, codes) in OUTCOMES {
        for code in codes {
            assert!(driver.outcomes.contains_key(&(operation, *code)), "{operation} never came to {code}");
        }
    }
}
