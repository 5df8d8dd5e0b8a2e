//! What an administrator does: properties, static PINs, unlocking, virtual tokens.

use super::{Life, STEP, text};

#[test]
fn administrators_set_properties_and_pins() {
    let mut life = Life::single_device(&["--pin", "1234"]);
    let host = |words: &[&'static str]| [&["host"][..], words, &["--blob", "@OTP.blob", "--store"]].concat();
    let otp = life.otp();
    assert_eq!(life.verify_password(&otp), -202);
    let shown = life.ok(&host(&["set", "pin_enabled", "off"]));
    assert_eq!((&shown["code"], &shown["pin_enabled"]), (&0.into(), &false.into()));
    assert_eq!(life.verify_password(&otp), 0);
    life.now += STEP;
    life.ok(&host(&["set", "pin_enabled", "on"]));
    assert_eq!(life.refused(&host(&["set", "pin_min_len", "9"])), 517);
    assert_eq!(life.refused(&host(&["set", "event_value", "5"])), 517);
    assert_eq!(life.refused(&host(&["pin", "--new", "1"])), 803);
    assert_eq!(life.refused(&host(&["pin", "--new", "1234567890"])), 804);
    life.ok(&host(&["pin", "--new", "p/9"]));
    assert_eq!(life.verify_password(&format!("123{}", life.otp())), 2);
    assert_eq!(life.verify_password(&format!("p/9{}", life.otp())), 0);
    life.now += STEP;
    life.ok(&host(&["pin", "--reset"]));
    assert_eq!(life.verify_password(&format!("{}43214321", life.otp())), 0);
    life.now += STEP;
    life.ok(&host(&["set", "pin_ch_forced", "on"]));
    assert_eq!(life.verify_password(&format!("4321{}", life.otp())), 802);
    assert_eq!(life.ok(&host(&["set", "last_time_shift", "-72"]))["last_time_shift"], -72);
    life.ok(&host(&["set", "token_status", "0"]));
    assert_eq!(life.verify_password(&format!("4321{}", life.otp())), 208);

    // Mistakes are the user's, not the kernel's.
    for (words, told) in [
        (&["set", "use_count", "1"][..], "token_status"),
        (&["set", "error_count", "none"], "on or off"),
        (&["pin"], "--new"),
        (&["pin", "--reset", "--new", "1234"], "--reset"),
    ] {
        let output = life.command(&host(words)).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(told), "{words:?}");
    }
}

#[test]
fn mistakes_that_the_kernel_would_not_name_are_named() {
    let life = Life::single_device(&[]);
    let (status, report) = life.run(&["otp", "--state", "phone", "--app", "NOPE"]);
    assert_eq!((status, &report["code"]), (1, &518.into()));
    assert_eq!(report["error"], "the authenticator has no application `NOPE`; it has OTP, SIGN");

    let otp = life.otp();
    let verify = ["verify", "--blob", "@OTP.blob", "--password", &otp, "--itime-window", "1"];
    let warning =
        "--itime-window is out of its range, 2 to 1000, with or without 0x70000000; the kernel takes 100";
    let (status, report) = life.run(&verify);
    assert_eq!((status, &report["code"]), (0, &0.into()));
    assert_eq!(report["warnings"], serde_json::json!([warning]));
    let (_, report) = life.run(&[&verify[..], &["--blob", "junk"]].concat());
    assert_eq!(report["warnings"], serde_json::json!([warning]), "with an error too");
    let output = life.command(&verify).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), format!("warning: {warning}\n"));
    assert!(!String::from_utf8_lossy(&output.stdout).contains("warning"));
}

#[test]
fn a_primary_virtual_token_has_no_device_to_activate() {
    let mut life = Life::new();
    let app = ["--app", "OTP:RO:TOTP-SHA1-6-T36S", "--pin", "1234", "--pin-min", "4"];
    let primary = ["issue", "--serial", "VDP0000001", "--trait", "virtual-primary"];
    let issued = life.ok(&[&primary[..], &app].concat());
    assert_eq!(issued.get("static_vector"), None);
    life.write_blobs(&issued["tokens"][0]["applications"]);
    let blob = ["--blob", "@OTP.blob", "--store"];
    assert_eq!(life.refused(&[&["host", "pin", "--new", "321"][..], &blob].concat()), 803);
    let otp = text(&life.ok(&[&["host", "virtual"][..], &blob].concat()), "otp").to_owned();
    assert_eq!(life.verify_password(&format!("1234{otp}")), 0);
    life.now += STEP;
    let file = ["--dpx", "t.dpx", "--transport-key", "11111111111111111111111111111111"];
    life.ok(&[&primary[..], &app, &file].concat());
    let read = life.ok(&["import", "t.dpx", "--transport-key", file[3]]);
    assert_eq!((read.get("static_vector"), read["tokens"].as_array().map(Vec::len)), (None, Some(1)));
}

#[test]
fn locked_devices_and_virtual_tokens() {
    let mut life = Life::single_device(&["--trait", "unlock,virtual-token"]);
    let host = |words: &[&str]| {
        let mut all = vec!["host".to_owned()];
        all.extend(words.iter().map(|word| (*word).to_owned()));
        all.extend(["--blob", "@OTP.blob", "--store"].map(str::to_owned));
        all
    };
    let ok = |life: &Life, words: &[&str]| {
        let words = host(words);
        life.ok(&words.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let refused = |life: &Life, words: &[&str]| {
        let words = host(words);
        life.refused(&words.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let code = ok(&life, &["unlock", "--number", "12345678"])["unlock_code"].clone();
    let auth = ok(&life, &["auth-code", "--index", "2"]);
    assert_eq!(auth["counter"], 2);
    let auth = text(&auth, "unlock_auth_code").to_owned();
    assert_eq!(ok(&life, &["unlock", "--number", "12345678", "--auth", &auth])["unlock_code"], code);
    assert_eq!(refused(&life, &["unlock", "--number", "12345678", "--auth", &auth]), 1);
    assert_eq!(refused(&life, &["virtual"]), 208);
    ok(&life, &["set", "token_status", "3"]);
    ok(&life, &["set", "virtual_token_remain_use", "1"]);
    let otp = text(&ok(&life, &["virtual"]), "otp").to_owned();
    assert_eq!(life.verify_password(&otp), 0);
    life.now += STEP;
    assert_eq!(refused(&life, &["virtual"]), 210);
}
