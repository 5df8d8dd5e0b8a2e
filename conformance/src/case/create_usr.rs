//! Cases of CREATE_USR: creating users.

use bancada_wire::status::Status;

use super::Case;
use super::say::{change_password, create_user, user_info};
use crate::scenario::Call;
use crate::scenario::number::*;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("an operator creates users, and they log in", "npm hsm-dinamo 4.9.1, User.create")
            .aide()
            .master()
            .ok(1, create_user("alice", "Passw0rd", ACL_USR_LIST))
            .ok(0, user_info("alice"))
            .open(2, "alice", "Passw0rd")
            .close(2),
        Case::new(
            "names have 3 to 16 letters and digits",
            "vendor docs, Users; npm hsm-dinamo 4.9.1, MIN_USR_LEN",
        )
        .master()
        .ok(1, create_user("abc", "Passw0rd", 0))
        .ok(1, create_user("sixteenLetters16", "Passw0rd", 0))
        .fails(1, create_user("with_line", "Passw0rd", 0), Status::ERR_INVALID_USR_NAME)
        .fails(1, create_user("with-dash", "Passw0rd", 0), Status::ERR_INVALID_USR_NAME),
        Case::new("a name of two letters is too short", "npm hsm-dinamo 4.9.1, MIN_USR_LEN").aide().fails(
            0,
            create_user("ab", "Passw0rd", 0),
            Status::ERR_INVALID_USR_NAME,
        ),
        Case::new("a name that is taken is refused", "vendor header dinamo.h, D_ERR_USR_ALREADY_EXISTS")
            .master()
            .fails(1, create_user("master", "Passw0rd", 0), Status::ERR_USR_ALREADY_EXISTS),
        Case::new("a password has at least eight characters", "vendor docs, Users").aide().fails(
            0,
            create_user("alice", "seven77", 0),
            Status::ERR_PWD_BLOCKED_BY_POLICY,
        ),
        Case::new("a user without the permission creates none", "vendor docs, Users")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", ACL_USR_LIST))
            .open(1, "alice", "Passw0rd")
            .fails(1, create_user("bob2", "Passw0rd", 0), Status::ERR_ACCESS_DENIED),
        Case::new("a user gives no system permission it does not hold", "docs/device.md §4")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", ACL_USR_CREATE | ACL_USR_LIST))
            .open(1, "alice", "Passw0rd")
            .ok(1, create_user("bob2", "Passw0rd", ACL_USR_LIST))
            .fails(1, create_user("carol", "Passw0rd", ACL_SYS_OPERATOR), Status::ERR_ACCESS_DENIED)
            .fails(1, create_user("carol", "Passw0rd", ACL_USR_REMOTE_LOG), Status::ERR_ACCESS_DENIED),
        Case::new("a mask of something else than permissions is refused", "docs/device.md §4")
            .master()
            .fails(1, create_user("alice", "Passw0rd", NO_ACL), Status::ERR_INVALID_PAYLOAD)
            .fails(1, create_user("alice", "Passw0rd", ACL_VIRTUAL_OTP), Status::ERR_INVALID_PAYLOAD),
        Case::new(
            "a user may be created with a password to be changed at once",
            "vendor header dinamo.h, ACL_CHANGE_PWD_NEXT_TIME",
        )
        .aide()
        .ok(0, create_user("alice", "Passw0rd", ACL_CHANGE_PWD_NEXT_TIME))
        .refused(1, super::password_login("alice", "Passw0rd"), Status::ERR_PWD_EXPIRED)
        .ok(1, change_password("n3w-Password"))
        .ok(1, Call::Ping),
    ]
}
