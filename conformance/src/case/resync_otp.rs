//! Cases of RESYNC_OTP: finding a generator again.

use bancada_wire::status::Status;

use super::Case;
use super::login_otp::{bind, hotp, one_time};
use super::say::create_user;
use crate::scenario::Call;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "two consecutive passwords far ahead find the generator",
            "vendor header dinamo.h, DOATHResync",
        )
        .aide()
        .ok(0, create_user("alice", "Passw0rd", 0))
        .ok(0, bind("alice", false))
        .refused(1, one_time("alice", hotp(50)), Status::ERR_ACCESS_DENIED)
        .ok(0, resync("alice", 50))
        .login(1, one_time("alice", hotp(52))),
        Case::new(
            "passwords that do not follow each other, or are used up, find nothing",
            "docs/device.md §3",
        )
        .aide()
        .ok(0, create_user("alice", "Passw0rd", 0))
        .fails(0, resync("alice", 50), Status::ERR_ACCESS_DENIED_TOKEN_NOT_NEEDED)
        .ok(0, bind("alice", false))
        .login(1, one_time("alice", hotp(5)))
        .fails(0, resync("alice", 4), Status::ERR_INVALID_SECRET)
        .fails(
            0,
            Call::ResyncOtp { user: "alice".into(), first: hotp(20), second: hotp(22) },
            Status::ERR_INVALID_SECRET,
        )
        .ok(0, resync("alice", 6)),
        Case::new("only an operator, only of a user there is", "docs/device.md §4")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .ok(0, create_user("bob2", "Passw0rd", 0))
            .ok(0, bind("alice", false))
            .open(1, "bob2", "Passw0rd")
            .fails(1, resync("alice", 50), Status::ERR_ACCESS_DENIED)
            .fails(0, resync("nobody", 50), Status::ERR_USR_NOT_FOUND),
    ]
}

fn resync(user: &str, counter: u64) -> Call {
    Call::ResyncOtp { user: user.to_owned(), first: hotp(counter), second: hotp(counter + 1) }
}
