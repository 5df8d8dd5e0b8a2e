//! What BLOBs say about their state after a call: their clear bytes, and their properties.

use super::{After, Expect, Prepared, Stage};
use crate::token::call::Operation;
use crate::token::interior::difference;

/// Properties that tell state (vendor header aal2sdk.h 3.10.1; from 0x101 on ours): USE_COUNT, ERROR_COUNT,
/// SYNC_WINDOWS, PIN_ENABLED, DERIVED, VIRTUAL_TOKEN_ENABLED, PRIMARY_TOKEN_ENABLED.
const ALWAYS: [i32; 7] = [2, 17, 19, 21, 0x10c, 0x40, 0x80];
/// LAST_TIME_USED and LAST_TIME_SHIFT.
const TIMED: [i32; 2] = [3, 4];
/// EVENT_VALUE.
const EVENT: [i32; 1] = [18];
/// VIRTUAL_TOKEN_REMAIN_USE.
const BACKUP: [i32; 1] = [13];
/// PIN_CH_ON, PIN_CH_FORCED, PIN_LEN and PIN_MIN_LEN.
const PIN: [i32; 4] = [8, 9, 10, 11];

impl Stage {
    /// The applications a call may have changed.
    pub(super) fn touched(&self, after: &After) -> Vec<usize> {
        match after {
            After::Apps(places) => places.clone(),
            After::Challenge(place) | After::Sealed(place, _) | After::Backup(place, _) => vec![*place],
            After::Activation { .. } => (0..self.apps.len()).collect(),
            After::Licence(_) => self.apps.len().checked_sub(1).into_iter().collect(),
            After::Nothing => Vec::new(),
        }
    }

    /// How BLOBs that a call may have changed differ from the model, if they do.
    #[must_use]
    pub fn state_differs(&self, prepared: &Prepared) -> Option<String> {
        self.touched(&prepared.after).into_iter().find_map(|place| {
            let seat = self.apps.get(place)?;
            let found = difference(&seat.blob, &seat.model, seat.seal.sealer)?;
            Some(format!("application {place}: {found}"))
        })
    }

    /// The calls that ask for the properties of BLOBs that a call may have changed.
    #[must_use]
    pub fn inspections(&self, prepared: &Prepared) -> Vec<Prepared> {
        self.touched(&prepared.after).into_iter().filter_map(|place| self.inspect(place)).collect()
    }

    /// The properties of one application.
    pub(super) fn inspect(&self, app: usize) -> Option<Prepared> {
        let model = &self.apps.get(app)?.model;
        let number = |value: i64| i32::try_from(value).ok();
        let backup = model.backup;
        let mut asked = ALWAYS.to_vec();
        let mut numbers = vec![
            number(i64::from(model.uses))?,
            i32::from(model.errors),
            i32::from(model.waiting),
            i32::from(model.traits.pin && model.pin.enabled),
            i32::from(model.bound.is_some()),
            i32::from(backup.enabled),
            i32::from(model.primary),
        ];
        if model.traits.step_s > 0 {
            asked.extend(TIMED);
            numbers.extend([number(model.last_used)?, number(model.deviation)?]);
        }
        if model.traits.events {
            asked.extend(EVENT);
            numbers.push(number(model.next_event)?);
        }
        if model.traits.backup {
            asked.extend(BACKUP);
            numbers.push(i32::from(backup.uses));
        }
        if model.traits.pin {
            asked.extend(PIN);
            let lengths = [model.pin.text.len(), model.pin.min_len].map(|length| number(length as i64));
            numbers.extend([i32::from(model.pin.change_on), i32::from(model.pin.change_forced)]);
            numbers.extend(lengths.into_iter().flatten());
        }
        let call = self.call(Operation::Get, &[app], Vec::new(), asked);
        let expect = Expect { code: 0, text: None, numbers: Some(numbers) };
        Some(Prepared { call, expect, after: After::Apps(vec![app]) })
    }
}
