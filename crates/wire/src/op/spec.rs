//! What the device has to know about an operation before it reads its payload.

use crate::frame::OperatingMode;

/// First opcode of the operations that are ours.
pub const PRIVATE_RANGE: u32 = 0x00B4_0000;

/// Who defined an operation's opcode and layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The vendor: seen in its public client.
    Vendor,
    /// This project: the C API documents the function, its wire form is not public.
    Ours,
}

/// The least a session must be for an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Auth {
    /// Part of the login: no session yet.
    Login,
    /// Any session, an anonymous one included.
    Anonymous,
    /// A session whose password may have expired.
    ExpiredPassword,
    /// A session of an authenticated user with a valid password.
    User,
}

/// Whether an operation changes durable state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Changes nothing that outlives the session.
    Read,
    /// Durable before the reply is sent.
    Write,
}

/// Whether a client may send an operation again after the connection broke before the reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// A second run has the same outcome.
    Safe,
    /// The first run may have taken effect.
    Unsafe,
}

/// Where an operation runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cost {
    /// Where it arrives.
    Light,
    /// On a bounded pool: key generation and the like.
    Heavy,
}

/// What bit 31 of the request's length word means for an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlagUse {
    /// Clear; a set bit is a malformed request.
    Never,
    /// Set: the names in the payload have their full width. A clear bit is a malformed request.
    Always,
    /// Part of the request's meaning.
    Choice,
}

/// How a success reply is cut into records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplyShape {
    /// Header and payload in one record.
    Single,
    /// The header in a record of its own, then the payload.
    SplitHeader,
    /// One frame for every `size` bytes of payload, then a frame whose length word is
    /// [`LAST_RECORD`](crate::frame::LAST_RECORD).
    Records {
        /// Payload bytes of each frame.
        size: usize,
    },
}

/// The operating modes an operation is available in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Modes(u8);

impl Modes {
    /// Every mode.
    pub const ALL: Self = Self(0b111);
    /// Only the non-restricted mode.
    pub const NRM: Self = Self(0b001);
    /// NRM and RM1.
    pub const NRM_RM1: Self = Self(0b011);

    /// Whether `mode` is among them.
    #[must_use]
    pub const fn contains(self, mode: OperatingMode) -> bool {
        self.0 & (1 << mode as u8) != 0
    }
}

/// Everything about an operation but its payload.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// Opcode.
    pub code: u32,
    /// Name: the vendor's constant without its prefix, or ours.
    pub name: &'static str,
    /// Who defined it.
    pub origin: Origin,
    /// The least a session must be.
    pub auth: Auth,
    /// System permissions (`ACL_*`) of which the user must hold every bit; 0 for none.
    pub permission: u32,
    /// Operating modes it is available in.
    pub modes: Modes,
    /// Whether it changes durable state.
    pub effect: Effect,
    /// Whether a client may repeat it.
    pub retry: Retry,
    /// Where it runs.
    pub cost: Cost,
    /// What bit 31 of the length word means.
    pub flag: FlagUse,
    /// How its reply is cut into records.
    pub reply: ReplyShape,
    /// Largest request payload in bytes.
    pub max_request: usize,
    /// Where its facts come from.
    pub clause: &'static str,
}

impl Spec {
    const fn new(code: u32, name: &'static str, origin: Origin, clause: &'static str) -> Self {
        Self {
            code,
            name,
            origin,
            auth: Auth::User,
            permission: 0,
            modes: Modes::ALL,
            effect: Effect::Read,
            retry: Retry::Safe,
            cost: Cost::Light,
            flag: FlagUse::Never,
            reply: ReplyShape::Single,
            max_request: 8 << 10,
            clause,
        }
    }

    /// An operation of the vendor's: for users, in every mode, light, without effect, until said otherwise.
    #[must_use]
    pub const fn vendor(code: u32, name: &'static str, clause: &'static str) -> Self {
        Self::new(code, name, Origin::Vendor, clause)
    }

    /// An operation of ours, `offset` into the private range.
    #[must_use]
    pub const fn ours(offset: u32, name: &'static str, clause: &'static str) -> Self {
        Self::new(PRIVATE_RANGE + offset, name, Origin::Ours, clause)
    }

    /// Sets who may call it.
    #[must_use]
    pub const fn auth(self, auth: Auth) -> Self {
        Self { auth, ..self }
    }

    /// Sets the system permissions it needs.
    #[must_use]
    pub const fn permission(self, permission: u32) -> Self {
        Self { permission, ..self }
    }

    /// Sets the operating modes it is available in.
    #[must_use]
    pub const fn modes(self, modes: Modes) -> Self {
        Self { modes, ..self }
    }

    /// Marks it as changing durable state; a client must not repeat it blindly.
    #[must_use]
    pub const fn writes(self) -> Self {
        Self { effect: Effect::Write, retry: Retry::Unsafe, ..self }
    }

    /// Marks it as safe to repeat although it writes.
    #[must_use]
    pub const fn repeatable(self) -> Self {
        Self { retry: Retry::Safe, ..self }
    }

    /// Marks it as tied to this very session: a client cannot repeat it on another one.
    #[must_use]
    pub const fn of_the_session(self) -> Self {
        Self { retry: Retry::Unsafe, ..self }
    }

    /// Sends it to the bounded pool.
    #[must_use]
    pub const fn heavy(self) -> Self {
        Self { cost: Cost::Heavy, ..self }
    }

    /// Sets the meaning of bit 31.
    #[must_use]
    pub const fn flag(self, flag: FlagUse) -> Self {
        Self { flag, ..self }
    }

    /// Sets how its reply is cut.
    #[must_use]
    pub const fn reply(self, reply: ReplyShape) -> Self {
        Self { reply, ..self }
    }

    /// Sets the largest request payload in bytes.
    #[must_use]
    pub const fn max_request(self, max_request: usize) -> Self {
        Self { max_request, ..self }
    }
}
