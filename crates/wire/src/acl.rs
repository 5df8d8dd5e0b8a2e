//! Permissions: the `ACL_*` bits of a user's mask.
//!
//! Source: vendor header dinamo.h (2021-03-31).

/// Remove objects.
pub const OBJ_DEL: u32 = 0x1;
/// Use, read and list objects.
pub const OBJ_READ: u32 = 0x2;
/// Create objects.
pub const OBJ_CREATE: u32 = 0x4;
/// Change objects.
pub const OBJ_UPDATE: u32 = 0x8;
/// Create users.
pub const USR_CREATE: u32 = 0x10;
/// Remove users: the same bit as [`USR_CREATE`].
pub const USR_DELETE: u32 = 0x10;
/// Read the audit log.
pub const USR_REMOTE_LOG: u32 = 0x20;
/// List users.
pub const USR_LIST: u32 = 0x40;
/// Operate the device.
pub const SYS_OPERATOR: u32 = 0x80;
/// Make and restore backups.
pub const SYS_BACKUP: u32 = 0x100;
/// Update the device.
pub const SYS_UPDATE_HSM: u32 = 0x200;
/// Partition authorisation.
pub const NS_AUTHORIZATION: u32 = 0x400;
/// Shown by the device for a user that logs in with a certificate.
pub const VIRTUAL_X509_AUTH: u32 = 0x1000_0000;
/// Shown by the device for a user that logs in with a one-time password.
pub const VIRTUAL_OTP_AUTH: u32 = 0x2000_0000;
/// The user must change its password at the next login.
pub const CHANGE_PWD_NEXT_TIME: u32 = 0x4000_0000;
/// Everything an owner may do in its own partition (`ACL_DEFAULT_OWNER`).
pub const DEFAULT_OWNER: u32 = 0xF;
