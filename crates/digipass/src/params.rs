//! The kernel parameters of a call: 19 integers, 23 since version 4.0, with defaults and ranges.
//!
//! Fields, order, defaults and ranges: vendor docs, pages TKernelParms and Runtime Parameters of the 4.0 Programmer's Guide, the
//! vendor header aal2sdk.h 3.10.1 for the flags, and the Radiator documentation for ranges. Our choice: GMTAdjust counts
//! seconds; a value outside its range counts as the default, never as an error (public 64-bit callers rely on that).

/// Flag of [`KernelParams::i_time_window`] and [`KernelParams::s_time_window`]: the window grows while the token is idle.
pub const DYNAMIC_WINDOW: i32 = 0x7000_0000;
/// Flag of [`KernelParams::sync_window`]: the value counts minutes instead of hours.
pub const SYNC_MINUTES: i32 = 0x7000_0000;
/// Flag of [`KernelParams::sync_window`]: separate windows at whole hours, for clocks that follow daylight saving time.
pub const SYNC_DISCRETE: i32 = 0x0100_0000;

/// The number of fields after `ParmCount` since version 4.0.
pub const FIELD_COUNT: usize = 23;

const HOUR_S: i64 = 3600;

/// The parameters as the caller wrote them. Accessors of the same meaning give what is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KernelParams {
    /// ITimeWindow: full width of the window for one-time passwords, in time steps; 2 to 1000, default 100.
    pub i_time_window: i32,
    /// STimeWindow: the same for signatures; 2 to 500, default 24.
    pub s_time_window: i32,
    /// DiagLevel: accepted and not used.
    pub diag_level: i32,
    /// GMTAdjust: seconds added to the host time (our choice of unit); beyond 14 hours either way it counts as 0.
    pub gmt_adjust: i32,
    /// CheckChallenge: 0 to 4, default 1 (the default is our choice, after the vendor's own server).
    pub check_challenge: i32,
    /// IThreshold: number of wrong passwords in a row from which all are refused; 0 is off.
    pub i_threshold: i32,
    /// SThreshold: the same for signatures.
    pub s_threshold: i32,
    /// ChkInactDays: number of idle days after which a token must be reset; 0 is off, at most 1024.
    pub chk_inact_days: i32,
    /// DeriveVector: diversifies the software key of the BLOB.
    pub derive_vector: i32,
    /// SyncWindow: width of the window at first use and after a reset, in hours (1 to 60) or minutes, default 6 hours.
    pub sync_window: i32,
    /// OnLineSG: 0 to 3, default 0.
    pub online_sg: i32,
    /// EventWindow: number of events looked ahead; 10 to 1000, default 100.
    pub event_window: i32,
    /// HSMSlotId: for the key service; not used by the kernel.
    pub hsm_slot_id: i32,
    /// StorageKeyId: for the key service; not used by the kernel.
    pub storage_key_id: i32,
    /// TransportKeyId: for the key service; not used by the kernel.
    pub transport_key_id: i32,
    /// StorageDeriveKey1 to 8: diversify the software key of the BLOB. 5 to 8 came with version 4.0.
    pub storage_derive_keys: [i32; 8],
}

impl Default for KernelParams {
    fn default() -> Self {
        Self {
            i_time_window: 100,
            s_time_window: 24,
            diag_level: 0,
            gmt_adjust: 0,
            check_challenge: 1,
            i_threshold: 0,
            s_threshold: 0,
            chk_inact_days: 0,
            derive_vector: 0,
            sync_window: 6,
            online_sg: 0,
            event_window: 100,
            hsm_slot_id: 0,
            storage_key_id: 0,
            transport_key_id: 0x007f_ffff,
            storage_derive_keys: [0; 8],
        }
    }
}

/// The window at first use and after a reset, in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyncWindow {
    /// One window of this full width, in seconds.
    Continuous {
        /// Full width in seconds.
        width_s: i64,
    },
    /// One ordinary window at each whole hour up to this many hours from the host time, either way.
    Discrete {
        /// Greatest distance in hours.
        reach_h: i64,
    },
}

impl KernelParams {
    /// From the integers that follow `ParmCount`, in the vendor's order: no more than `parm_count` are read, and no more
    /// than there are. What is not given has its default.
    #[must_use]
    pub fn from_fields(parm_count: i32, fields: &[i32]) -> Self {
        let mut params = Self::default();
        let count = usize::try_from(parm_count).unwrap_or(0).min(FIELD_COUNT);
        for (index, value) in fields.iter().take(count).enumerate() {
            if let Some(field) = params.field_mut(index) {
                *field = *value;
            }
        }
        params
    }

    /// The integers that follow `ParmCount`, in the vendor's order.
    #[must_use]
    pub fn to_fields(&self) -> [i32; FIELD_COUNT] {
        let mut copy = self.clone();
        std::array::from_fn(|index| copy.field_mut(index).map_or(0, |field| *field))
    }

    /// Width of the password window in steps.
    #[must_use]
    pub fn password_window_steps(&self) -> i64 {
        window_steps(self.i_time_window, 1000, 100)
    }

    /// Width of the signature window in steps.
    #[must_use]
    pub fn signature_window_steps(&self) -> i64 {
        window_steps(self.s_time_window, 500, 24)
    }

    /// Whether the password window grows while the token is idle.
    #[must_use]
    pub fn password_window_is_dynamic(&self) -> bool {
        self.i_time_window & DYNAMIC_WINDOW == DYNAMIC_WINDOW
    }

    /// Whether the signature window grows while the token is idle.
    #[must_use]
    pub fn signature_window_is_dynamic(&self) -> bool {
        self.s_time_window & DYNAMIC_WINDOW == DYNAMIC_WINDOW
    }

    /// The window at first use and after a reset.
    #[must_use]
    pub fn sync(&self) -> SyncWindow {
        let value = i64::from(self.sync_window & 0x00ff_ffff);
        let minutes = self.sync_window & SYNC_MINUTES == SYNC_MINUTES;
        let width_s = match (minutes, value) {
            (true, 1..=3600) => value * 60,
            (false, 1..=60) => value * HOUR_S,
            _ => 6 * HOUR_S,
        };
        if self.sync_window >= 0 && self.sync_window & SYNC_DISCRETE != 0 {
            SyncWindow::Discrete { reach_h: width_s / HOUR_S / 2 }
        } else {
            SyncWindow::Continuous { width_s }
        }
    }

    /// Number of events looked at.
    #[must_use]
    pub fn events(&self) -> u32 {
        u32::try_from(self.event_window).ok().filter(|n| (10..=1000).contains(n)).unwrap_or(100)
    }

    /// CheckChallenge, 0 to 4.
    #[must_use]
    pub fn challenge_check(&self) -> i32 {
        if (0..=4).contains(&self.check_challenge) { self.check_challenge } else { 1 }
    }

    /// OnLineSG, 0 to 3.
    #[must_use]
    pub fn online(&self) -> i32 {
        if (0..=3).contains(&self.online_sg) { self.online_sg } else { 0 }
    }

    /// The number of idle days allowed, if there is a limit.
    #[must_use]
    pub fn idle_days(&self) -> Option<u32> {
        u32::try_from(self.chk_inact_days).ok().filter(|n| (1..=1024).contains(n))
    }

    /// The threshold for passwords, if there is one.
    #[must_use]
    pub fn password_threshold(&self) -> Option<u32> {
        u32::try_from(self.i_threshold).ok().filter(|n| *n > 0)
    }

    /// The threshold for signatures, if there is one.
    #[must_use]
    pub fn signature_threshold(&self) -> Option<u32> {
        u32::try_from(self.s_threshold).ok().filter(|n| *n > 0)
    }

    /// Seconds to add to the host time.
    #[must_use]
    pub fn clock_adjustment_s(&self) -> i64 {
        let seconds = i64::from(self.gmt_adjust);
        if seconds.abs() <= 14 * HOUR_S { seconds } else { 0 }
    }

    fn field_mut(&mut self, index: usize) -> Option<&mut i32> {
        Some(match index {
            0 => &mut self.i_time_window,
            1 => &mut self.s_time_window,
            2 => &mut self.diag_level,
            3 => &mut self.gmt_adjust,
            4 => &mut self.check_challenge,
            5 => &mut self.i_threshold,
            6 => &mut self.s_threshold,
            7 => &mut self.chk_inact_days,
            8 => &mut self.derive_vector,
            9 => &mut self.sync_window,
            10 => &mut self.online_sg,
            11 => &mut self.event_window,
            12 => &mut self.hsm_slot_id,
            13 => &mut self.storage_key_id,
            14 => &mut self.transport_key_id,
            _ => return self.storage_derive_keys.get_mut(index - 15),
        })
    }
}

fn window_steps(value: i32, most: i64, default: i64) -> i64 {
    let steps = i64::from(value & !DYNAMIC_WINDOW);
    if (2..=most).contains(&steps) { steps } else { default }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_read_than_the_count_says_or_than_there_is() {
        let all: [i32; 23] = std::array::from_fn(|i| i as i32 + 50);
        let params = KernelParams::from_fields(2, &all);
        assert_eq!((params.i_time_window, params.s_time_window, params.diag_level), (50, 51, 0));
        assert_eq!(params.sync_window, 6);
        assert_eq!(KernelParams::from_fields(23, &all).to_fields(), all);
        assert_eq!(KernelParams::from_fields(i32::MAX, &all).storage_derive_keys[7], 72);
        assert_eq!(KernelParams::from_fields(19, &all).storage_derive_keys, [65, 66, 67, 68, 0, 0, 0, 0]);
        assert_eq!(KernelParams::from_fields(-1, &all), KernelParams::default());
        assert_eq!(KernelParams::from_fields(19, &all[..1]).s_time_window, 24);
    }

    /// Callers compiled with 8-byte integers: every other field is zero and the rest stands in the wrong place.
    #[test]
    fn fields_of_double_width_are_survived() {
        let wide: [i32; 19] = [0, 100, 0, 24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 1, 0, 0, 0];
        let params = KernelParams::from_fields(19, &wide);
        assert_eq!((params.password_window_steps(), params.signature_window_steps()), (100, 100));
        assert_eq!((params.clock_adjustment_s(), params.events()), (24, 100));
        assert_eq!(params.sync(), SyncWindow::Continuous { width_s: 6 * 3600 });
    }

    #[test]
    fn values_out_of_range_count_as_defaults() {
        for (given, steps) in
            [(1, 100), (2, 2), (1000, 1000), (1001, 100), (-1, 100), (DYNAMIC_WINDOW | 10, 10)]
        {
            let params = KernelParams { i_time_window: given, ..KernelParams::default() };
            assert_eq!(params.password_window_steps(), steps, "{given}");
        }
        for (given, steps) in [(500, 500), (501, 24), (0, 24)] {
            let params = KernelParams { s_time_window: given, ..KernelParams::default() };
            assert_eq!(params.signature_window_steps(), steps, "{given}");
        }
        let params = KernelParams {
            check_challenge: 5,
            online_sg: 4,
            event_window: 9,
            gmt_adjust: 60_000,
            ..KernelParams::default()
        };
        assert_eq!((params.challenge_check(), params.online(), params.events()), (1, 0, 100));
        assert_eq!(
            (params.clock_adjustment_s(), params.idle_days(), params.password_threshold()),
            (0, None, None)
        );
    }

    #[test]
    fn the_synchronisation_window_has_units_and_a_discrete_form() {
        let sync = |value| KernelParams { sync_window: value, ..KernelParams::default() }.sync();
        assert_eq!(sync(0), SyncWindow::Continuous { width_s: 21_600 });
        assert_eq!(sync(2), SyncWindow::Continuous { width_s: 7200 });
        assert_eq!(sync(SYNC_MINUTES | 30), SyncWindow::Continuous { width_s: 1800 });
        assert_eq!(sync(3 | SYNC_DISCRETE), SyncWindow::Discrete { reach_h: 1 });
        assert_eq!(sync(5 | SYNC_DISCRETE), SyncWindow::Discrete { reach_h: 2 });
        assert_eq!(sync(-1), SyncWindow::Continuous { width_s: 21_600 });
    }
}
