use crate::blob::Kind::*;
use crate::testing::{Bench, RO, SG};

const DATA: &[&str] = &["ab.12", "99999.00"];

#[test]
fn signatures_cover_their_fields() {
    let mut bench = Bench::new(Signature, SG);
    let signature = bench.sign_at(0, DATA);
    assert_eq!(bench.sign_code(&signature, &["ab.12", "99999.01"], 0), 1);
    assert_eq!(bench.sign_code(&signature, &["ab.1", "299999.00"], 0), 1);
    assert_eq!(bench.sign_code(&signature, &["AB.12 ", "99999.00\0x"], 0), 0, "upper case, padding cut");
    for (data, code) in [
        (&["", "1"][..], -101),
        (&["12345678901234567"], -102),
        (&["1#"], -108),
        (&[], 141),
        (&["1"; 9], 141),
    ] {
        assert_eq!(bench.sign_code(&signature, data, 0), code, "{data:?}");
    }
    let mut bench = Bench::new(ResponseOnly, RO);
    assert_eq!(bench.sign_code("12345678", DATA, 0), 132);
    let mut bench = Bench::new(MultiMode, SG);
    let signature = bench.sign_at(0, DATA);
    assert_eq!(bench.sign_code(&signature, DATA, 0), 0);
    let otp = bench.otp();
    assert_eq!(bench.code(&otp), 0);
    assert_ne!(signature, otp);
    let answer = bench.answer("ABCDEF");
    bench.params.check_challenge = 0;
    assert_eq!(bench.code_with(&answer, "abcdef"), 0);
}

#[test]
fn one_field_signs_as_the_rfc_says() {
    let mut definition = crate::testing::definition(Signature, "OCRA-1:HOTP-SHA256-8:QA08", "RFC");
    definition.key = zeroize::Zeroizing::new(b"12345678901234567890123456789012".to_vec());
    let mut bench = Bench::of(&definition);
    assert_eq!(bench.sign_code("31331128", &["SIG12000"], 0), 0);
    assert_eq!(bench.sign_code("31331128", &["SIG12000", "1"], 0), 141);
    for online in 1..=3 {
        bench.params.online_sg = online;
        assert_eq!(bench.sign_code("53095496", &["SIG10000"], 0), 0);
        assert_eq!(bench.sign_code("53095496", &["SIG10000"], 0), 204, "{online}");
        assert_eq!(bench.sign_code("04110475", &["SIG11000"], 0), 0);
    }
}

#[test]
fn on_line_sg_decides_about_order_and_repetition() {
    // (OnLineSG, same signature again, another one of the same step, one of an earlier step)
    for (online, same, beside, earlier) in
        [(0, 0, 0, 0), (1, 204, 0, 206), (2, 204, 204, 206), (3, 204, 0, 0)]
    {
        let mut bench = Bench::new(Signature, SG);
        bench.params.online_sg = online;
        let signature = bench.sign_at(0, DATA);
        assert_eq!(bench.sign_code(&signature, DATA, 0), 0);
        assert_eq!(bench.sign_code(&signature, DATA, 0), same, "{online}");
        let signature = bench.sign_at(0, &["1"]);
        assert_eq!(bench.sign_code(&signature, &["1"], 0), beside, "{online}");
        let signature = bench.sign_at(-36, DATA);
        assert_eq!(bench.sign_code(&signature, DATA, 0), earlier, "{online}");
        assert_eq!(bench.app().state.last_time_used != 0, online != 0, "{online}");
    }
}

#[test]
fn deferred_signatures_are_for_offline_modes() {
    for (online, code) in [(0, 0), (1, 207), (2, 207), (3, 0)] {
        let mut bench = Bench::new(Signature, SG);
        bench.params.online_sg = online;
        bench.edit(|app| app.state.unsynchronised = false);
        let signature = bench.sign_at(-864_000, DATA);
        let deferred = (bench.now - 864_000) as u32;
        assert_eq!(bench.sign_code(&signature, DATA, deferred), code, "{online}");
        if code == 0 {
            assert_eq!(bench.sign_code(&signature, DATA, 0), 1);
        }
    }
}

#[test]
fn only_online_signatures_teach_the_clock_after_the_first() {
    for (online, first, second) in [(0, 0, 0), (1, 7200, 7236), (2, 7200, 7236), (3, 7200, 7200)] {
        let mut bench = Bench::new(Signature, SG);
        bench.params.online_sg = online;
        let signature = bench.sign_at(7200, DATA);
        assert_eq!(bench.sign_code(&signature, DATA, 0), 0, "the first may be hours off");
        assert_eq!(bench.app().state.shift_s, first, "{online}");
        assert_eq!(bench.app().state.unsynchronised, online == 0, "{online}");
        bench.now += 360;
        let signature = bench.sign_at(7236, DATA);
        assert_eq!(bench.sign_code(&signature, DATA, 0), 0);
        assert_eq!(bench.app().state.shift_s, second, "{online}");
    }
}

/// Neither the host's adjustment nor the deviation is added to what the device's own clock said.
#[test]
fn deferred_times_are_the_device_s_own() {
    for online in [0, 3] {
        let mut bench = Bench::new(Signature, SG);
        bench.params.online_sg = online;
        bench.edit(|app| {
            app.state.unsynchronised = false;
            app.state.shift_s = 7200;
        });
        bench.params.gmt_adjust = 3600;
        let signature = bench.sign_at(-864_000, DATA);
        let device = bench.now - 864_000;
        assert_eq!(bench.sign_code(&signature, DATA, device as u32), 0, "{online}");
        assert_eq!(bench.sign_code(&signature, DATA, (device - 7200) as u32), 1, "{online}");
        assert_eq!(bench.sign_code(&signature, DATA, (device - 10_800) as u32), 1, "{online}");
        assert_eq!(bench.app().state.shift_s, 7200, "a deferred signature teaches no deviation");
    }
}

/// What was accepted online is not accepted again because an older signature came in late between.
#[test]
fn a_late_signature_does_not_make_used_ones_fresh() {
    let mut bench = Bench::new(Signature, SG);
    let (early, late) = (bench.sign_at(-36, DATA), bench.sign_at(0, DATA));
    let mut check = |online, signature: &str| {
        bench.params.online_sg = online;
        bench.sign_code(signature, DATA, 0)
    };
    assert_eq!(check(1, &late), 0);
    assert_eq!(check(3, &early), 0);
    assert_eq!(check(3, &early), 204);
    assert_eq!(check(1, &early), 206);
    assert_eq!(check(2, &late), 204);
}

/// Vendor docs, Event-based algorithms and Offline mode: replays within the window are not told.
#[test]
fn offline_events_are_accepted_again() {
    for suite in ["OCRA-1:HOTP-SHA1-6:C-QH64", "OCRA-1:HOTP-SHA1-6:C-QH64-T36S"] {
        for (online, again) in [(0, 0), (1, 1), (2, 1), (3, 0)] {
            let mut bench = Bench::new(Signature, suite);
            bench.params.online_sg = online;
            let signature = bench.sign_at(0, DATA);
            assert_eq!(bench.sign_code(&signature, DATA, 0), 0);
            assert_eq!(bench.sign_code(&signature, DATA, 0), again, "{suite} {online}");
        }
    }
}

#[test]
fn signature_events_may_come_out_of_order_offline() {
    let mut bench = Bench::new(Signature, "OCRA-1:HOTP-SHA1-6:C-QH64");
    bench.params.event_window = 10;
    let signatures: Vec<String> = (0..40).map(|_| bench.sign_at(0, DATA)).collect();
    bench.edit(|app| app.state.next_event = 21);
    for (event, code) in [(15, 1), (16, 0), (20, 0), (26, 1), (25, 0), (16, 1)] {
        assert_eq!(bench.sign_code(&signatures[event], DATA, 0), code, "{event}");
    }
    assert_eq!(bench.app().state.next_event, 26);
    assert_eq!(bench.sign_code(&signatures[3], DATA, 3), 0, "deferred: around the event that is named");
    assert_eq!(bench.app().state.next_event, 26);
    bench.params.online_sg = 1;
    for (event, code) in [(25, 1), (26, 0), (26, 1), (37, 1), (36, 0)] {
        assert_eq!(bench.sign_code(&signatures[event], DATA, 0), code, "{event}");
    }
}

#[test]
fn signatures_have_their_own_threshold() {
    let mut bench = Bench::new(Signature, SG);
    bench.params.i_threshold = 1;
    bench.params.s_threshold = 2;
    let signature = bench.sign_at(0, DATA);
    assert_eq!(bench.sign_code(&Bench::wrong(&signature), DATA, 0), 1);
    assert_eq!(bench.sign_code(&Bench::wrong(&signature), DATA, 0), 1);
    assert_eq!(bench.sign_code(&signature, DATA, 0), 203);
    assert_eq!(bench.app().state.error_count, 3);
}
