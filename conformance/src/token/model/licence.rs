//! The licence behind several devices (docs/digipass.md, section 11).

/// State of a multi-device licence on the host.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Licence {
    /// Errors in a row.
    pub errors: u16,
    /// A device's code was verified, and no instance was made for it yet.
    pub verified: bool,
    /// Instances made.
    pub made: u8,
    /// Instances allowed.
    pub allowed: u8,
}

impl Licence {
    /// The code of verifying a device code.
    pub fn device_code(&mut self, threshold: i64, right: bool) -> i32 {
        if threshold > 0 && i64::from(self.errors) >= threshold {
            self.errors += 1;
            return 202;
        }
        if !right {
            self.errors += 1;
            return 1;
        }
        self.errors = 0;
        self.verified = true;
        0
    }

    /// The code of making an instance.
    pub fn instance(&mut self) -> i32 {
        if !self.verified {
            return 1;
        }
        if self.made >= self.allowed {
            return 19_002;
        }
        self.verified = false;
        self.made += 1;
        0
    }
}
