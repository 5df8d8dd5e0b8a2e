//! Frames: the eight-byte header, the hello and its acknowledgements, and the NOTIFY codes of replies.
//!
//! Source: npm `@dinamonetworks/hsm-dinamo` 4.9.1 (`hsm/constants`, `utils/aap`, `hsm/hsm`).

use crate::status::Status;

/// Bytes of a header: `id` then `len`, both little-endian.
pub const HEADER_LEN: usize = 8;

/// First word of a hello, `OLEH` on the wire.
pub const HELLO: u32 = 0x4845_4C4F;
/// Acknowledgement that names no authentication kind (`OKNT`).
pub const HELLO_OK_NT: u32 = 0x4F4B_4E54;
/// Acknowledgement of a hello that announces access-token login (`OKAT`).
pub const HELLO_OK_AT: u32 = 0x4F4B_4154;
/// Protocol version in the upper half of the hello's second word.
pub const HELLO_VERSION: u32 = 1;
/// Bit of the hello's second word that announces access-token login.
pub const HELLO_TOKEN: u32 = 1 << 14;
/// Bit of the hello's second word that asks for TLS on this connection.
pub const HELLO_TLS: u32 = 1;
/// Bytes of an acknowledgement.
pub const HELLO_ACK_LEN: usize = 4;

/// Bit of a request's length word: names have their full width, or the operation's own choice.
pub const FLAG: u32 = 1 << 31;
/// Length word of an AUTHENTICATE request, which carries no payload.
pub const NOTIFY_CID: u32 = 0xFFFF_FFF3;
/// Header id that ends a connection; its length word is 0.
pub const NOTIFY_CLOSE: u32 = 0xFFFF_FFFE;
/// Header id of an error reply; its length word is the status with bit 31 set.
pub const NOTIFY_ERR: u32 = 0xFFFF_FFFF;
/// Header id of a success reply.
pub const NOTIFY_OK: u32 = 0;
/// Success reply to AUTHENTICATE by a device in mode RM1.
pub const NOTIFY_OK_RM1: u32 = 0xFFFF_FFFB;
/// Success reply to AUTHENTICATE by a device in mode RM2.
pub const NOTIFY_OK_RM2: u32 = 0xFFFF_FFF1;
/// Length word that ends a reply of many records (`LAST_OBJ_LEN_MARKER`).
pub const LAST_RECORD: u32 = 0x7FFF_FFFF;

/// A header as it stands on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Opcode of a request, NOTIFY code of a reply.
    pub id: u32,
    /// Length of the payload, flags and special values included.
    pub len: u32,
}

impl Header {
    /// Reads a header.
    #[must_use]
    pub fn from_bytes(bytes: [u8; HEADER_LEN]) -> Self {
        let [a, b, c, d, e, f, g, h] = bytes;
        Self { id: u32::from_le_bytes([a, b, c, d]), len: u32::from_le_bytes([e, f, g, h]) }
    }

    /// The header's bytes.
    #[must_use]
    pub fn to_bytes(self) -> [u8; HEADER_LEN] {
        let [a, b, c, d] = self.id.to_le_bytes();
        let [e, f, g, h] = self.len.to_le_bytes();
        [a, b, c, d, e, f, g, h]
    }

    /// The header of an error reply.
    #[must_use]
    pub fn error(status: Status) -> Self {
        Self { id: NOTIFY_ERR, len: status.to_wire() }
    }

    /// The status of an error reply, `None` for any other header.
    #[must_use]
    pub fn status(self) -> Option<Status> {
        (self.id == NOTIFY_ERR).then(|| Status::from_wire(self.len))
    }

    /// Payload bytes of a request with this header.
    #[must_use]
    pub fn request_len(self) -> usize {
        (self.len & !FLAG) as usize
    }

    /// Whether bit 31 of a request's length word is set.
    #[must_use]
    pub fn flag(self) -> bool {
        self.len & FLAG != 0
    }
}

/// What a client asks for in its hello.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hello {
    /// TLS starts right after the acknowledgement.
    pub tls: bool,
    /// The login will be by access token.
    pub token: bool,
}

impl Hello {
    /// Reads a hello; `None` when this is no AAP client or not version 1.
    #[must_use]
    pub fn from_header(header: Header) -> Option<Self> {
        let known = HELLO_TOKEN | HELLO_TLS | (0xFFFF << 16);
        (header.id == HELLO && header.len >> 16 == HELLO_VERSION && header.len & !known == 0)
            .then_some(Self { tls: header.len & HELLO_TLS != 0, token: header.len & HELLO_TOKEN != 0 })
    }

    /// The hello's bytes.
    #[must_use]
    pub fn to_header(self) -> Header {
        let mut len = HELLO_VERSION << 16;
        if self.tls {
            len |= HELLO_TLS;
        }
        if self.token {
            len |= HELLO_TOKEN;
        }
        Header { id: HELLO, len }
    }

    /// The acknowledgement a device gives. Which of the three it picks is our choice: `OKAT` for access
    /// tokens, the hello's own word otherwise.
    #[must_use]
    pub fn acknowledgement(self) -> u32 {
        if self.token { HELLO_OK_AT } else { HELLO }
    }
}

/// Whether a word acknowledges a hello.
#[must_use]
pub fn is_acknowledgement(word: u32) -> bool {
    matches!(word, HELLO | HELLO_OK_NT | HELLO_OK_AT)
}

/// The device's operating mode: which algorithms and operations it approves (vendor docs, Operating modes).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum OperatingMode {
    /// Non-restricted: every algorithm. The factory default.
    #[default]
    Nrm,
    /// Restricted mode 1: ITI MCT-7 and FIPS 140-2 level 3.
    Rm1,
    /// Restricted mode 2: FIPS 140-2 level 3.
    Rm2,
}

impl OperatingMode {
    /// Every mode.
    pub const ALL: [Self; 3] = [Self::Nrm, Self::Rm1, Self::Rm2];

    /// NOTIFY code with which a login challenge names the mode.
    #[must_use]
    pub fn notify_code(self) -> u32 {
        match self {
            Self::Nrm => NOTIFY_OK,
            Self::Rm1 => NOTIFY_OK_RM1,
            Self::Rm2 => NOTIFY_OK_RM2,
        }
    }

    /// The mode a success reply names.
    #[must_use]
    pub fn from_notify_code(id: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.notify_code() == id)
    }

    /// Number of the mode in operations of ours. The vendor's `DN_HSM_OP_*` values are not public: our choice.
    #[must_use]
    pub fn number(self) -> u32 {
        match self {
            Self::Nrm => 0,
            Self::Rm1 => 1,
            Self::Rm2 => 2,
        }
    }

    /// The mode with this number.
    #[must_use]
    pub fn from_number(number: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.number() == number)
    }

    /// The vendor's name: NRM, RM1, RM2.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Nrm => "NRM",
            Self::Rm1 => "RM1",
            Self::Rm2 => "RM2",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hello_bytes_are_those_of_the_vendors_client() {
        let hello = Hello { tls: true, token: false };
        assert_eq!(hello.to_header().to_bytes(), [0x4F, 0x4C, 0x45, 0x48, 1, 0, 1, 0]);
        assert_eq!(Hello::from_header(hello.to_header()), Some(hello));
        assert_eq!(Hello::from_header(Header { id: HELLO, len: 2 << 16 }), None);
        assert_eq!(Hello::from_header(Header { id: HELLO, len: (1 << 16) | 2 }), None);
    }

    #[test]
    fn an_error_reply_names_its_status() {
        let header = Header::from_bytes([0xFF, 0xFF, 0xFF, 0xFF, 0x9E, 0x13, 0x00, 0x80]);
        assert_eq!(header.status(), Some(Status::ERR_OBJ_ALREADY_EXISTS));
        assert_eq!(Header::error(Status::ERR_OBJ_ALREADY_EXISTS), header);
    }
}
