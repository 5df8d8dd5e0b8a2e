//! Lives through the kernel itself, and through kernels with a defect, which must be found.

use super::call::{Operation, Reply, Sealer, TokenCall};
use super::driver::TokenDriver;
use super::driver::rust::RustDriver;
use super::generate::life;
use super::model::parms::place;
use super::play::play;

const LIVES: u64 = 150;

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
fn the_kernel_keeps_the_rules_in_every_life() {
    assert_eq!(found(&mut RustDriver::default()), None);
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
    // A kernel that forgets a success accepts it again.
    let after = |call: &TokenCall, reply: &mut Reply| {
        if call.operation == Operation::Password && reply.code == 0 {
            reply.blobs.clone_from(&call.blobs);
        }
    };
    let text = found(&mut Planted::new(|_| {}, after)).unwrap();
    assert!(text.contains("expected"), "{text}");
    let replayed = (0..LIVES).any(|number| {
        let drawn = life(1, number).unwrap();
        let played = play(&mut Planted::new(|_| {}, after), number, &drawn).unwrap();
        played.difference.is_some_and(|difference| difference.text.contains("expected 201, got 0"))
    });
    assert!(replayed);
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
