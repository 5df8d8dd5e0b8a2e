//! Kernel parameters that were typed out of their ranges: the kernel takes its default in silence, the command says so (our choice).

use bancada_digipass::KernelParams;
use bancada_digipass::params::{DYNAMIC_WINDOW, SYNC_DISCRETE, SyncWindow};
use clap::{ArgMatches, FromArgMatches as _};

use crate::args::KernelArgs;

/// A parameter with a range.
struct Ranged {
    option: &'static str,
    range: &'static str,
    /// As it was typed, without flags.
    asked: fn(&KernelParams) -> i64,
    /// As the kernel takes it.
    used: fn(&KernelParams) -> i64,
}

const RANGED: &[Ranged] = &[
    Ranged {
        option: "--itime-window",
        range: "2 to 1000, with or without 0x70000000",
        asked: |params| (params.i_time_window & !DYNAMIC_WINDOW).into(),
        used: KernelParams::password_window_steps,
    },
    Ranged {
        option: "--stime-window",
        range: "2 to 500, with or without 0x70000000",
        asked: |params| (params.s_time_window & !DYNAMIC_WINDOW).into(),
        used: KernelParams::signature_window_steps,
    },
    Ranged {
        option: "--sync-window",
        range: "1 to 60 hours, or 1 to 3600 minutes with 0x70000000",
        asked: |params| sync_s(params),
        used: |params| width_s(params),
    },
    Ranged {
        option: "--event-window",
        range: "10 to 1000",
        asked: |params| params.event_window.into(),
        used: |params| params.events().into(),
    },
    Ranged {
        option: "--check-challenge",
        range: "0 to 4",
        asked: |params| params.check_challenge.into(),
        used: |params| params.challenge_check().into(),
    },
    Ranged {
        option: "--online-sg",
        range: "0 to 3",
        asked: |params| params.online_sg.into(),
        used: |params| params.online().into(),
    },
    Ranged {
        option: "--ithreshold",
        range: "0 to 2147483647",
        asked: |params| params.i_threshold.into(),
        used: |params| params.password_threshold().unwrap_or(0).into(),
    },
    Ranged {
        option: "--sthreshold",
        range: "0 to 2147483647",
        asked: |params| params.s_threshold.into(),
        used: |params| params.signature_threshold().unwrap_or(0).into(),
    },
    Ranged {
        option: "--chk-inact-days",
        range: "0 to 1024",
        asked: |params| params.chk_inact_days.into(),
        used: |params| params.idle_days().unwrap_or(0).into(),
    },
    Ranged {
        option: "--gmt-adjust",
        range: "-50400 to 50400 seconds",
        asked: |params| params.gmt_adjust.into(),
        used: KernelParams::clock_adjustment_s,
    },
];

/// What to say about the kernel parameters of a command line: nothing when the command has none.
pub(crate) fn of(matches: &ArgMatches) -> Vec<String> {
    let mut command = matches;
    while let Some((_, deeper)) = command.subcommand() {
        command = deeper;
    }
    // Asking a command for arguments it does not have would panic.
    if command.try_contains_id("itime_window").is_err() {
        return Vec::new();
    }
    let params = KernelArgs::from_arg_matches(command).ok().and_then(|args| args.params().ok());
    params.map_or_else(Vec::new, |params| of_params(&params))
}

fn of_params(params: &KernelParams) -> Vec<String> {
    let out = RANGED.iter().filter(|ranged| (ranged.asked)(params) != (ranged.used)(params));
    out.map(|ranged| {
        let used = match ranged.option {
            "--sync-window" => format!("{} hours", (ranged.used)(params) / 3600),
            _ => (ranged.used)(params).to_string(),
        };
        format!("{} is out of its range, {}; the kernel takes {used}", ranged.option, ranged.range)
    })
    .collect()
}

/// The synchronisation window that was typed, in seconds.
fn sync_s(params: &KernelParams) -> i64 {
    let minutes = params.sync_window & DYNAMIC_WINDOW == DYNAMIC_WINDOW;
    i64::from(params.sync_window & !(DYNAMIC_WINDOW | SYNC_DISCRETE)) * if minutes { 60 } else { 3600 }
}

/// The synchronisation window in force, in seconds.
fn width_s(params: &KernelParams) -> i64 {
    let whole = KernelParams { sync_window: params.sync_window & !SYNC_DISCRETE, ..params.clone() };
    match whole.sync() {
        SyncWindow::Continuous { width_s } => width_s,
        SyncWindow::Discrete { reach_h } => reach_h * 3600,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(change: impl FnOnce(&mut KernelParams)) -> Vec<String> {
        let mut params = KernelParams::default();
        change(&mut params);
        of_params(&params)
    }

    #[test]
    fn every_parameter_out_of_its_range_is_named_with_it() {
        let all = said(|params| {
            *params = KernelParams {
                i_time_window: 1001,
                s_time_window: 1,
                sync_window: 61,
                event_window: 9,
                check_challenge: 5,
                online_sg: 4,
                i_threshold: -1,
                s_threshold: -1,
                chk_inact_days: 1025,
                gmt_adjust: 50_401,
                ..KernelParams::default()
            };
        });
        assert_eq!(all.len(), RANGED.len(), "{all:?}");
        let first =
            "--itime-window is out of its range, 2 to 1000, with or without 0x70000000; the kernel takes 100";
        assert_eq!(all[0], first);
        assert!(all[2].ends_with("takes 6 hours"), "{}", all[2]);
    }

    #[test]
    fn flags_and_limits_are_in_range() {
        for value in [2, 1000, DYNAMIC_WINDOW | 10] {
            assert_eq!(said(|params| params.i_time_window = value), [""; 0], "{value}");
        }
        for value in [1, 60, DYNAMIC_WINDOW | 3600, SYNC_DISCRETE | 12, SYNC_DISCRETE | DYNAMIC_WINDOW | 90] {
            assert_eq!(said(|params| params.sync_window = value), [""; 0], "{value}");
        }
        for value in [0, -1, 61, DYNAMIC_WINDOW | 3601, SYNC_DISCRETE] {
            assert_eq!(said(|params| params.sync_window = value).len(), 1, "{value}");
        }
        for value in [-50_400, 50_400] {
            assert_eq!(said(|params| params.gmt_adjust = value), [""; 0], "{value}");
        }
    }
}
