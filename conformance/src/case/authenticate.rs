//! Cases of AUTHENTICATE: logging in by password or token.

use bancada_wire::status::Status;

use super::say::{block_user, create_user, user_info};
use super::{Case, password_login};
use crate::scenario::number::ACL_USR_LIST;
use crate::scenario::{Call, MASTER, MASTER_PASSWORD, Malformed};

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("the factory operator logs in", "vendor docs, Users")
            .harmless()
            .master()
            .ok(1, Call::Ping)
            .close(1),
        Case::new("a wrong password and an unknown user are told the same", "docs/device.md §3")
            .refused(1, password_login(MASTER, "wrong-word"), Status::ERR_ACCESS_DENIED)
            .refused(2, password_login("nobody", MASTER_PASSWORD), Status::ERR_ACCESS_DENIED),
        Case::new("a name that differs in case is another user", "vendor docs, Users").refused(
            1,
            password_login("Master", MASTER_PASSWORD),
            Status::ERR_ACCESS_DENIED,
        ),
        Case::new("a good login sets the count of wrong ones back", "docs/device.md §3")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .refused(1, password_login("alice", "wrong-word"), Status::ERR_ACCESS_DENIED)
            .refused(1, password_login("alice", "wrong-word"), Status::ERR_ACCESS_DENIED)
            .ok(0, user_info("alice"))
            .open(1, "alice", "Passw0rd")
            .ok(0, user_info("alice")),
        seven_wrong_logins(),
        Case::new(
            "a blocked user does not get in, whatever the password",
            "vendor docs, Users; docs/device.md §3",
        )
        .aide()
        .ok(0, create_user("alice", "Passw0rd", ACL_USR_LIST))
        .ok(0, block_user("alice", true))
        .refused(1, password_login("alice", "Passw0rd"), Status::ERR_ACCESS_DENIED_USR_BLOCKED)
        .refused(1, password_login("alice", "wrong-word"), Status::ERR_ACCESS_DENIED_USR_BLOCKED)
        .ok(0, block_user("alice", false))
        .open(2, "alice", "Passw0rd"),
        Case::new("a second login in the same session is refused", "docs/device.md §2")
            .master()
            .malformed(1, Malformed::SecondLogin, Status::ERR_INVALID_OPERATION)
            .ok(1, Call::Ping),
        Case::new("an opcode nobody uses is refused and the session goes on", "docs/device.md §1")
            .master()
            .malformed(
                1,
                Malformed::UnknownOpcode { opcode: 999, payload: vec![1, 2, 3] },
                Status::ERR_INVALID_OPERATION,
            )
            .ok(1, Call::Ping),
        Case::new("a frame that announces more than any carries ends the session", "docs/device.md §1")
            .master()
            .malformed(1, Malformed::Garbage { bytes: vec![0x7F; 64] }, Status::ERR_INVALID_PAYLOAD)
            .gone(1, Call::Ping),
        Case::new("a password of sixteen characters fills its field", "vendor header dinamo.h, MAX_USR_PWD")
            .aide()
            .ok(0, create_user("sixteenLetters16", "sixteen-chars-16", 0))
            .open(1, "sixteenLetters16", "sixteen-chars-16")
            .close(1),
    ]
}

fn seven_wrong_logins() -> Case {
    let case = Case::new("the seventh wrong login blocks the user", "vendor docs, Users: 7 wrong logins")
        .aide()
        .ok(0, create_user("alice", "Passw0rd", 0));
    (0..7)
        .fold(case, |case, _| {
            case.refused(1, password_login("alice", "wrong-word"), Status::ERR_ACCESS_DENIED)
        })
        .refused(1, password_login("alice", "Passw0rd"), Status::ERR_ACCESS_DENIED_USR_BLOCKED)
        .ok(0, user_info("alice"))
}
