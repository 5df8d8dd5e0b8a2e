//! Tests of the seed file: what it means, and where its errors point.

use super::*;

#[test]
fn the_example_uses_every_field() {
    let text = include_str!("../../examples/seed.toml");
    let seed = parse(text).unwrap();
    assert_eq!(seed.mode, Some(OperatingMode::Nrm));
    assert!(seed.users.iter().any(|user| user.expired));
    assert!(seed.users.iter().any(|user| user.blocked));
    assert!(seed.users.iter().any(|user| user.must_change));
    let steps = seed.users.iter().filter_map(|user| user.otp.as_ref()).map(|otp| otp.time_step);
    assert_eq!(steps.collect::<Vec<_>>(), [0, 30], "one generator of each kind");
    assert!(seed.keys.iter().any(|key| key.material.is_none()));
    assert!(seed.keys.iter().filter(|key| key.material.is_some()).count() >= 2, "PEM and hexadecimal");
    assert!(seed.keys.iter().any(|key| key.attributes & 1 != 0));
    assert_eq!(seed.grants[0].acl, 2);
    assert_eq!(seed.policy.unwrap().max_invalid_logins, 5);
    for field in ["usage", "truncation_offset", "t0", "time_step", "exportable", "min_lower", "history"] {
        assert!(text.contains(field), "{field} is not shown");
    }
}

#[test]
fn an_empty_file_asks_for_nothing() {
    let seed = parse("").unwrap();
    assert!(seed.users.is_empty() && seed.keys.is_empty() && seed.policy.is_none());
}

#[test]
fn errors_name_line_and_remedy() {
    let cases = [
        ("mode = \"NRM\"\nmode2 = 1\n", 2, "mode2"),
        ("mode = \"RM9\"\n", 1, "NRM, RM1 or RM2"),
        ("[[user]]\nname = \"a\"\n", 1, "password"),
        (
            "[[user]]\nname = \"abc\"\npassword = \"12345678\"\npermissions = [\n  \"USR_LIST\",\n  \"FLY\"]\n",
            6,
            "FLY",
        ),
        ("[[key]]\nowner = \"a\"\nname = \"k\"\nalgorithm = \"ROT13\"\n", 4, "AES_256"),
        (
            "[[key]]\nowner = \"a\"\nname = \"k\"\nalgorithm = \"AES_128\"\nmaterial = \"zz\"\n",
            5,
            "hexadecimal",
        ),
        ("[[key]]\nowner = \"a\"\nname = \"k\"\nalgorithm = \"AES_128\"\nusage = \"FUN\"\n", 5, "DIG_SIG"),
        ("[policy]\nmin_length = 300\n", 2, "300"),
        ("mode = ", 1, ""),
    ];
    for (text, line, needle) in cases {
        let error = parse(text).unwrap_err();
        assert_eq!(error.line, Some(line), "{text}: {error}");
        assert!(error.to_string().contains(needle), "{text}: {error}");
    }
}

#[test]
fn generators_are_checked() {
    let user =
        |otp: &str| parse(&format!("[[user]]\nname = \"abc\"\npassword = \"12345678\"\notp = {{ {otp} }}\n"));
    let seed = "3132333435363738393031323334353637383930";
    let good = user(&format!("kind = \"totp\", seed = \"{seed}\"")).unwrap();
    assert_eq!(good.users[0].otp.as_ref().map(|otp| (otp.time_step, otp.truncation_offset)), Some((30, 16)));
    for bad in [
        format!("kind = \"sms\", seed = \"{seed}\""),
        "kind = \"totp\", seed = \"31\"".to_owned(),
        format!("kind = \"totp\", seed = \"{seed}\", time_step = 0"),
        format!("kind = \"hotp\", seed = \"{seed}\", time_step = 30"),
    ] {
        assert_eq!(user(&bad).unwrap_err().line, Some(4), "{bad}");
    }
}

#[test]
fn a_file_beyond_the_limit_is_refused_unread() {
    assert!(parse(&"#".repeat(MAX_SEED_BYTES + 1)).unwrap_err().to_string().contains("bytes"));
}
