//! The blocking client against a scripted device.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../../link/tests/device/mod.rs"]
mod device;

#[macro_use]
#[path = "../../link/tests/device/cases.rs"]
mod cases;

driver_cases!(bancada_dinamo_blocking, #[test], [], []);

/// A session moves between threads; that two use it at once does not compile, as calls take it exclusively.
#[test]
fn a_session_can_be_handed_to_another_thread() {
    let device = Device::start(Fault::None);
    let mut session = open(&device);
    session.call(Ping).unwrap();
    std::thread::spawn(move || session.call(Ping)).join().unwrap().unwrap();
}
