//! Administration of one application: challenges, reset, PIN, status, unlocking, and what its properties tell.

use super::secrets::name;
use super::{After, Expect, Prepared, Stage};
use crate::token::action::Action;
use crate::token::call::Operation;

/// TOKEN_STATUS.
const STATUS: i32 = 14;
/// VIRTUAL_TOKEN_GRACE_PERIOD.
const DAYS: i32 = 12;
/// VIRTUAL_TOKEN_REMAIN_USE.
const USES: i32 = 13;
/// PIN_SUPPORTED: 1 on, 2 off.
const PIN_SUPPORTED: i32 = 6;

impl Stage {
    /// Administration of one application.
    pub(super) fn administer(&mut self, action: &Action) -> Option<Prepared> {
        let plain = |stage: &Self, operation, app: usize, texts, numbers, code| {
            let call = stage.call(operation, &[app], texts, numbers);
            let expect = Expect { code, ..Expect::default() };
            Some(Prepared { call, expect, after: After::Apps(vec![app]) })
        };
        match action {
            Action::MakeChallenge { app } => {
                let app = self.app(*app)?;
                let model = &self.apps[app].model;
                let code = match (model.traits.passwords, model.enabled(), model.traits.challenge_allowed) {
                    (false, ..) => 132,
                    (true, false, _) => 208,
                    (true, true, false) => 137,
                    (true, true, true) => 0,
                };
                let call = self.call(Operation::Challenge, &[app], Vec::new(), Vec::new());
                let expect = Expect { code, ..Expect::default() };
                Some(Prepared { call, expect, after: After::Challenge(app) })
            }
            Action::Reset { app } => {
                let app = self.app(*app)?;
                self.apps[app].model.reset();
                plain(self, Operation::Reset, app, Vec::new(), Vec::new(), 0)
            }
            Action::Status { app, status } => {
                let app = self.app(*app)?;
                let model = &mut self.apps[app].model;
                // Who has no virtual token cannot have it enabled.
                let code = if *status > 1 && !model.traits.backup { 517 } else { 0 };
                if code == 0 {
                    model.primary = status & 1 != 0;
                    model.backup.enabled = status & 2 != 0;
                }
                plain(self, Operation::Set, app, Vec::new(), vec![STATUS, *status], code)
            }
            Action::BackupLimit { app, days, value } => {
                let app = self.app(*app)?;
                let model = &mut self.apps[app].model;
                let code = if model.traits.backup { 0 } else { 517 };
                if code == 0 && *days {
                    model.backup.limit(self.now as i64, u16::try_from(*value).ok()?);
                } else if code == 0 {
                    // 0 is for any number.
                    model.backup.uses = u8::try_from(*value).ok().filter(|uses| *uses > 0).unwrap_or(255);
                }
                plain(
                    self,
                    Operation::Set,
                    app,
                    Vec::new(),
                    vec![if *days { DAYS } else { USES }, *value],
                    code,
                )
            }
            Action::SetPin { .. } | Action::ClearPin { .. } | Action::PinEnabled { .. } => self.pin(action),
            Action::Unlock { app, device, number } => self.unlock(self.app(*app)?, *device, *number),
            Action::Inspect { app } => self.inspect(self.app(*app)?),
            _ => None,
        }
    }

    fn pin(&mut self, action: &Action) -> Option<Prepared> {
        let (app, operation, texts, numbers) = match action {
            Action::SetPin { app, pin } => {
                let pin = format!("{:04}", pin % 10_000);
                (self.app(*app)?, Operation::SetPin, vec![Some(pin.clone()), Some(pin)], Vec::new())
            }
            Action::ClearPin { app } => (self.app(*app)?, Operation::ClearPin, Vec::new(), Vec::new()),
            Action::PinEnabled { app, enabled } => {
                let value = if *enabled { 1 } else { 2 };
                (self.app(*app)?, Operation::Set, Vec::new(), vec![PIN_SUPPORTED, value])
            }
            _ => return None,
        };
        let model = &mut self.apps[app].model;
        let code = match (model.traits.pin, action) {
            (true, Action::ClearPin { .. }) if !model.pin.change_on => 806,
            (true, _) | (false, Action::PinEnabled { enabled: false, .. }) => 0,
            (false, Action::PinEnabled { .. }) => 517,
            (false, _) => 801,
        };
        match action {
            Action::SetPin { .. } if code == 0 => {
                model.pin.text = texts.first().cloned().flatten().unwrap_or_default();
                model.pin.change_forced = false;
                model.pin.reset = false;
            }
            Action::ClearPin { .. } if code == 0 => model.pin.reset = true,
            Action::PinEnabled { enabled, .. } if code == 0 => model.pin.enabled = *enabled,
            _ => {}
        }
        let call = self.call(operation, &[app], texts, numbers);
        Some(Prepared { call, expect: Expect { code, ..Expect::default() }, after: After::Apps(vec![app]) })
    }

    fn unlock(&mut self, app: usize, device: usize, number: u32) -> Option<Prepared> {
        let model = &self.apps[app].model;
        let device = device.checked_rem(self.devices.len())?;
        let device = self.devices.get_mut(device)?;
        let number = format!("{:08}", number % 100_000_000);
        let same = device.bound == model.bound && device.instance == model.owner.1;
        let (code, text) = if !model.traits.unlock {
            (138, None)
        } else if !model.enabled() {
            (208, None)
        } else if !model.primary {
            (1104, None)
        } else {
            let name = name(model.owner.0);
            let prompt =
                bancada_digipass::authenticator::Prompt { application: Some(&name), now: self.now, score: 0 };
            let shown = device.authenticator.unlock_code(&prompt, &number).ok();
            (0, shown.filter(|_| same))
        };
        let call = self.call(Operation::Unlock, &[app], vec![Some(number)], Vec::new());
        Some(Prepared { call, expect: Expect { code, text, numbers: None }, after: After::Apps(vec![app]) })
    }
}
