//! What the model knows of a device: its users, sessions, keys, and where the results kept so far came from.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::{PublicRef, Scheme};
use crate::scenario::{Crypt, Slot};

/// Marks one life of a user: a user made again under the same name is another one.
pub(super) type Life = u32;

/// Marks key material: copies of a key share it.
pub(super) type MaterialId = usize;

#[derive(Debug, Clone)]
pub(super) struct User {
    pub(super) life: Life,
    pub(super) password: String,
    /// Earlier passwords, the latest last.
    pub(super) earlier: Vec<String>,
    /// When the password was set.
    pub(super) set_at: u64,
    pub(super) acl: u32,
    pub(super) blocked: bool,
    pub(super) attempts: u32,
    pub(super) generator: Option<Generator>,
    pub(super) objects: BTreeMap<String, Object>,
    pub(super) tokens: Vec<Token>,
    /// What others may do here.
    pub(super) grants: BTreeMap<String, u32>,
}

/// A one-time password generator.
#[derive(Debug, Clone)]
pub(super) struct Generator {
    pub(super) key: Vec<u8>,
    pub(super) totp: bool,
    /// HOTP: the next counter.
    pub(super) counter: u64,
    /// TOTP: the last accepted step, counted from the present one when the clock was at that second.
    pub(super) last: Option<(u64, i64)>,
}

#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) slot: Option<Slot>,
    pub(super) expires: Option<u64>,
}

#[derive(Debug, Clone)]
pub(super) struct Object {
    pub(super) algorithm: u32,
    pub(super) attributes: u32,
    pub(super) blocked: bool,
    pub(super) body: Body,
}

#[derive(Debug, Clone)]
pub(super) enum Body {
    Key(MaterialId),
    Blob(Vec<u8>),
}

/// Key material, as far as it is known.
#[derive(Debug, Clone, Default)]
pub(super) struct Material {
    /// Raw bytes of a symmetric key.
    pub(super) raw: Option<Vec<u8>>,
    /// Its public key.
    pub(super) public: Option<PublicRef>,
}

#[derive(Debug, Clone)]
pub(super) struct Session {
    pub(super) phase: Phase,
    pub(super) kind: u8,
    pub(super) user: String,
    pub(super) life: Life,
    pub(super) tls: Option<bool>,
    pub(super) last_used: u64,
    pub(super) temporary: BTreeMap<String, Object>,
    pub(super) streams: BTreeSet<Slot>,
    /// Streams whose ticket nobody kept.
    pub(super) lost_streams: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Anonymous,
    Expired,
    Full,
    /// The device has closed it; the client finds out at its next call.
    Gone,
}

/// Where the bytes in a slot came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    /// Nothing more is known of them.
    Opaque,
    Signature {
        material: MaterialId,
        scheme: Scheme,
        message: Vec<u8>,
    },
    Public {
        material: MaterialId,
    },
    /// A key exported in clear.
    Exported {
        material: MaterialId,
        algorithm: u32,
    },
    /// A blob.
    Plain(Vec<u8>),
    Envelope {
        material: MaterialId,
        algorithm: u32,
        password: String,
    },
    Wrapped {
        material: MaterialId,
        algorithm: u32,
        kek: MaterialId,
        mode: u8,
        padding: u8,
        iv: Vec<u8>,
    },
    Encrypted {
        material: MaterialId,
        crypt: Crypt,
        message: Vec<u8>,
    },
    Token {
        user: String,
        life: Life,
    },
    Parts {
        secret: SecretOf,
        m: u8,
        n: u8,
    },
    Ticket {
        algorithm: u8,
        key: Option<MaterialId>,
        data: Vec<u8>,
    },
    Agreed {
        pair: [MaterialId; 2],
        derivation: u8,
        length: u16,
        info: Vec<u8>,
    },
    Mac {
        material: MaterialId,
        algorithm: u8,
        message: Vec<u8>,
    },
}

/// A secret that was split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SecretOf {
    Given(Vec<u8>),
    Drawn,
}

impl User {
    pub(super) fn new(life: Life, password: &str, acl: u32, now: u64) -> Self {
        Self {
            life,
            password: password.to_owned(),
            earlier: Vec::new(),
            set_at: now,
            acl,
            blocked: false,
            attempts: 0,
            generator: None,
            objects: BTreeMap::new(),
            tokens: Vec::new(),
            grants: BTreeMap::new(),
        }
    }
}
