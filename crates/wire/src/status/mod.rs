//! Status codes: every published return code by name, number and meaning (vendor header dinamo.h, 2021-03-31).
//!
//! Names and numbers are the vendor's. The descriptions are our choice: the vendor's own texts are not in its
//! public header, so they are written from the names and from the behaviour its documentation tells.
//! One list in six files, ordered by number, feeds the constants, the lookups and their documentation.

use std::fmt;

/// A return code: what an operation of the device or of a client library ended with.
///
/// Zero is success. A device may send a number that is not in the published list; it is kept as it came, and
/// [`Status::name`] is then `None`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Status(i32);

/// Which part of the system a status code speaks for; the ranges follow the sections of the vendor header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Family {
    /// −99 to −10: the client's sockets and the choice of a unit.
    ClientNetwork,
    /// 0: success.
    Success,
    /// 1 to 99: the client's TLS layer.
    Tls,
    /// 101 to 999: HTTP requests a client makes to others, such as PIX.
    Http,
    /// 1001 to 1999: the client library itself.
    ClientLibrary,
    /// 2001 to 2999: the client's operating system.
    System,
    /// 3001 to 3999: the client's view of a notice or a stream from the device.
    ServerNotice,
    /// 5000 to 9999: the device.
    Device,
    /// 10000 to 11999: the device, short of a resource.
    Throttling,
    /// 36000 to 37999: replication between nodes.
    Replication,
    /// 47000 to 47999: the device's licence.
    Licence,
}

impl Status {
    /// The second vendor name of 5040; [`Status::name`] answers with the first, `D_ERR_CERTIFICATE_REVOKED`.
    pub const ERR_CERT_REVOKED: Status = Status::ERR_CERTIFICATE_REVOKED;

    /// The status with this number, whether or not it is in the published list.
    #[must_use]
    pub const fn from_code(code: i32) -> Status {
        Status(code)
    }

    /// The number, as the vendor's C functions return it.
    #[must_use]
    pub const fn code(self) -> i32 {
        self.0
    }

    /// Whether the operation succeeded: only zero says so.
    #[must_use]
    pub const fn is_success(self) -> bool {
        self.0 == 0
    }

    /// Whether another replicated change was running (36000 to 36004), so that repeating soon makes sense.
    ///
    /// The same test as the vendor header's `D_IS_REPL_BUSY_ERR`.
    #[must_use]
    pub const fn is_replication_busy(self) -> bool {
        self.0 >= Status::ERR_REPLICATION_BUSY.0 && self.0 <= Status::ERR_REPLICATION_SEC_LAYER_BUSY.0
    }

    /// The vendor's full name, such as `D_ERR_PWD_EXPIRED`; `None` for a number outside the published list.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        self.row().map(|row| row.name)
    }

    /// What happened and what to do next, in one or two sentences; never empty.
    #[must_use]
    pub fn description(self) -> &'static str {
        self.row().map_or(UNKNOWN, |row| row.description)
    }

    /// The status with this full vendor name (`D_…`, upper case), aliases included; `None` for any other text.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Status> {
        let alias = ALIASES.iter().find(|(alias, _)| *alias == name).map(|(_, status)| *status);
        alias.or_else(|| rows().find(|row| row.name == name).map(|row| Status(row.code)))
    }

    /// Every published status once, in ascending order of number.
    pub fn all() -> impl Iterator<Item = Status> {
        rows().map(|row| Status(row.code))
    }

    /// The part of the system this number speaks for; `None` for a number outside every known range.
    #[must_use]
    pub const fn family(self) -> Option<Family> {
        Some(match self.0 {
            -99..=-10 => Family::ClientNetwork,
            0 => Family::Success,
            1..=99 => Family::Tls,
            101..=999 => Family::Http,
            1001..=1999 => Family::ClientLibrary,
            2001..=2999 => Family::System,
            3001..=3999 => Family::ServerNotice,
            5000..=9999 => Family::Device,
            10_000..=11_999 => Family::Throttling,
            36_000..=37_999 => Family::Replication,
            47_000..=47_999 => Family::Licence,
            _ => return None,
        })
    }

    /// The length word of an error reply: the number with bit 31 set (npm @dinamonetworks/hsm-dinamo 4.9.1).
    ///
    /// Negative numbers are made on the client and have no wire form; our choice is to send
    /// [`Status::ERR_UNKNOWN`] for one.
    #[must_use]
    pub const fn to_wire(self) -> u32 {
        let code = if self.0 < 0 { Status::ERR_UNKNOWN.0 } else { self.0 };
        ERROR_BIT | code.cast_unsigned()
    }

    /// The status in the length word of an error reply: the word without bit 31, whatever that bit was.
    #[must_use]
    pub const fn from_wire(word: u32) -> Status {
        Status((word & !ERROR_BIT).cast_signed())
    }

    fn row(self) -> Option<&'static Row> {
        let table = TABLES.get(TABLES.partition_point(|table| ends_before(table, self.0)))?;
        let index = table.binary_search_by_key(&self.0, |row| row.code).ok()?;
        table.get(index)
    }
}

/// `D_ERR_PWD_EXPIRED (5178): The password has expired. …`; an unknown number is shown without a name.
impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.row() {
            Some(row) => write!(f, "{} ({}): {}", row.name, row.code, row.description),
            None => write!(f, "status {}: {UNKNOWN}", self.0),
        }
    }
}

impl fmt::Debug for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.row() {
            Some(row) => write!(f, "Status({} = {})", row.name, row.code),
            None => write!(f, "Status({})", self.0),
        }
    }
}

const ERROR_BIT: u32 = 1 << 31;

const UNKNOWN: &str = "The code is not in the published list. Look at the device's log, and check whether its \
                       firmware is newer than this software.";

/// Vendor names that share their number with another name.
const ALIASES: &[(&str, Status)] = &[("D_ERR_CERT_REVOKED", Status::ERR_CERT_REVOKED)];

/// The files of the list, in ascending order of number.
const TABLES: &[&[Row]] =
    &[client::ROWS, device::ROWS, device_data::ROWS, capacity::ROWS, replication::ROWS, licence::ROWS];

#[derive(Clone, Copy)]
struct Row {
    code: i32,
    name: &'static str,
    description: &'static str,
}

fn rows() -> impl Iterator<Item = &'static Row> {
    TABLES.iter().copied().flatten()
}

fn ends_before(table: &[Row], code: i32) -> bool {
    table.last().is_none_or(|row| row.code < code)
}

/// Turns rows `(NAME, code, "description")` into constants of [`Status`] and the table `ROWS`.
macro_rules! statuses {
    ($(($name:ident, $code:literal, $description:literal))*) => {
        impl super::Status {
            $(
                #[doc = concat!("`D_", stringify!($name), "` (", $code, "): ", $description)]
                pub const $name: super::Status = super::Status($code);
            )*
        }

        pub(super) const ROWS: &[super::Row] = &[$(super::Row {
            code: $code,
            name: concat!("D_", stringify!($name)),
            description: $description,
        }),*];
    };
}

mod capacity;
mod client;
mod device;
mod device_data;
mod licence;
mod replication;

#[cfg(test)]
mod tests;
