//! The kernel parameters in force (docs/digipass.md, section 2).

/// Flag of a growing window, and of minutes in SyncWindow.
const HIGH: i32 = 0x7000_0000;
/// Flag of discrete windows in SyncWindow.
const DISCRETE: i32 = 0x0100_0000;

/// Places of the parameters behind ParmCount.
#[expect(missing_docs, reason = "the vendor's names")]
pub mod place {
    pub const I_TIME_WINDOW: usize = 0;
    pub const S_TIME_WINDOW: usize = 1;
    pub const GMT_ADJUST: usize = 3;
    pub const CHECK_CHALLENGE: usize = 4;
    pub const I_THRESHOLD: usize = 5;
    pub const S_THRESHOLD: usize = 6;
    pub const CHK_INACT_DAYS: usize = 7;
    pub const DERIVE_VECTOR: usize = 8;
    pub const SYNC_WINDOW: usize = 9;
    pub const ON_LINE_SG: usize = 10;
    pub const EVENT_WINDOW: usize = 11;
    /// The first of eight.
    pub const DERIVE_KEYS: usize = 15;
}

/// The parameters of a call, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parms(pub [i32; 23]);

impl Default for Parms {
    fn default() -> Self {
        let mut fields = [0; 23];
        fields[place::I_TIME_WINDOW] = 100;
        fields[place::S_TIME_WINDOW] = 24;
        fields[place::CHECK_CHALLENGE] = 1;
        fields[place::SYNC_WINDOW] = 6;
        fields[place::EVENT_WINDOW] = 100;
        fields[14] = 0x7f_ffff;
        Self(fields)
    }
}

impl Parms {
    fn ranged(&self, field: usize, least: i64, most: i64, default: i64) -> i64 {
        let value = i64::from(self.0[field]);
        if (least..=most).contains(&value) { value } else { default }
    }

    fn window(&self, field: usize, most: i64, default: i64) -> (i64, bool) {
        let value = self.0[field];
        let steps = i64::from(value & !HIGH);
        let steps = if (2..=most).contains(&steps) { steps } else { default };
        (steps, value & HIGH == HIGH)
    }

    /// Width of the password window in steps, and whether it grows.
    #[must_use]
    pub fn password_window(&self) -> (i64, bool) {
        self.window(place::I_TIME_WINDOW, 1000, 100)
    }

    /// Width of the signature window in steps, and whether it grows.
    #[must_use]
    pub fn signature_window(&self) -> (i64, bool) {
        self.window(place::S_TIME_WINDOW, 500, 24)
    }

    /// Seconds added to the host's time.
    #[must_use]
    pub fn adjust_s(&self) -> i64 {
        self.ranged(place::GMT_ADJUST, -50_400, 50_400, 0)
    }

    /// CheckChallenge.
    #[must_use]
    pub fn check_challenge(&self) -> i64 {
        self.ranged(place::CHECK_CHALLENGE, 0, 4, 1)
    }

    /// IThreshold, 0 for off.
    #[must_use]
    pub fn i_threshold(&self) -> i64 {
        i64::from(self.0[place::I_THRESHOLD]).max(0)
    }

    /// SThreshold, 0 for off.
    #[must_use]
    pub fn s_threshold(&self) -> i64 {
        i64::from(self.0[place::S_THRESHOLD]).max(0)
    }

    /// ChkInactDays, 0 for off.
    #[must_use]
    pub fn idle_days(&self) -> i64 {
        self.ranged(place::CHK_INACT_DAYS, 1, 1024, 0)
    }

    /// SyncWindow in seconds, and whether it is discrete.
    #[must_use]
    pub fn sync(&self) -> (i64, bool) {
        let value = self.0[place::SYNC_WINDOW];
        let number = i64::from(value & 0x00ff_ffff);
        let minutes = value & HIGH == HIGH;
        let seconds = match number {
            1..=3600 if minutes => number * 60,
            1..=60 if !minutes => number * 3600,
            _ => 6 * 3600,
        };
        (seconds, value & DISCRETE != 0)
    }

    /// OnLineSG.
    #[must_use]
    pub fn online(&self) -> i64 {
        self.ranged(place::ON_LINE_SG, 0, 3, 0)
    }

    /// EventWindow.
    #[must_use]
    pub fn events(&self) -> i64 {
        self.ranged(place::EVENT_WINDOW, 10, 1000, 100)
    }
}
