//! Administration of applications, and what provokes each of its codes.
//!
//! The public copies of some pages end in their tables, so the lists are what the C, ICSF and HSM editions show together.

use bancada_digipass::authenticator::{Authenticator, Prompt};
use bancada_digipass::blob::Kind;
use bancada_digipass::manage::{
    authorize_unlock, gen_unlock_auth_code, get_property, id, reset_token_info, set_property, unlock,
};
use bancada_digipass::pin::{change_static_password, reset_static_password};
use bancada_digipass::verify::{Password, verify_password};
use bancada_digipass::virtual_token::gen_password;
use bancada_digipass::{Blob, Context, Definition, KernelParams, ReturnCode, Sealing};

use crate::{NOW, RO, Rows, Section, code, damaged, definition, sealed, suite};

const CR: &str = "OCRA-1:HOTP-SHA256-8:QN08-T36S";
const MEMORY: (i32, &str) =
    (-1501, "nothing: no input decides how much is allocated; a process without memory ends");

const CHANGE_CODES: &[i32] =
    &[0, 130, 412, 413, 414, 510, 801, 803, 804, 805, 900, 908, 951, 1000, 1103, 1118, -1501];
const RESET_PIN_CODES: &[i32] = &[0, 412, 413, 414, 510, 801, 806, 900, 908, 951, 1000, 1103, 1118, -1501];
const RESET_CODES: &[i32] = &[0, 412, 413, 414, 510, 900, 908, 951, 1103, 1118, -1501];
const PROPERTY_CODES: &[i32] = &[0, 412, 413, 414, 510, 514, 518, 900, 908, 951, 1118, -1501];
const SET_CODES: &[i32] = &[0, 412, 413, 414, 510, 517, 518, 900, 908, 951, 1118];
const GENERATE_CODES: &[i32] = &[
    0, 130, 131, 132, 140, 202, 208, 209, 210, 211, 412, 413, 414, 510, 900, 908, 951, 1103, 1116, 1117,
    1118, -101, -102, -103, -105, -106, -107, -108, -1501,
];
const UNLOCK_CODES: &[i32] = &[
    0, 133, 134, 138, 208, 209, 210, 412, 413, 414, 510, 900, 908, 951, 1000, 1104, 1116, 1117, 1118, -1501,
];
const AUTHORIZE_CODES: &[i32] = &[0, 134, 138, 208, 412, 413, 414, 510, 814, 900, 908, 951, 1104, 1118];

const GENERATE_EXPLAINED: &[(i32, &str)] = &[(130, "C interface: no place for the password"), MEMORY];
const PROPERTY_EXPLAINED: &[(i32, &str)] = &[(514, "C interface: no place for the value"), MEMORY];
const UNLOCK_EXPLAINED: &[(i32, &str)] = &[
    (134, "C interface: no place for the code"),
    (209, "nothing: an unlock code is for a device, not for its virtual token"),
    (210, "nothing: as 209"),
    (1116, "nothing: unlock codes have their own form, whatever responses look like"),
    (1117, "nothing: as 1116"),
    MEMORY,
];

/// The functions.
pub(crate) fn sections() -> Vec<Section> {
    let section = |title, codes, rows, explained| Section { title, codes, rows, explained };
    vec![
        section("AAL2ChangeStaticPassword (change_static_password)", CHANGE_CODES, change_rows(), &[MEMORY]),
        section(
            "AAL2ResetStaticPassword (reset_static_password)",
            RESET_PIN_CODES,
            reset_pin_rows(),
            &[MEMORY],
        ),
        section("AAL2ResetTokenInfo (reset_token_info)", RESET_CODES, reset_rows(), &[MEMORY]),
        section(
            "AAL2GetTokenProperty, AAL2GetTokenInfoEx (get_property)",
            PROPERTY_CODES,
            property_rows(),
            PROPERTY_EXPLAINED,
        ),
        section(
            "AAL2SetTokenProperty (set_property), as far as its table is public",
            SET_CODES,
            set_rows(),
            &[],
        ),
        section("AAL2GenPassword and Ex (gen_password)", GENERATE_CODES, generate_rows(), GENERATE_EXPLAINED),
        section("AAL2Unlock (unlock)", UNLOCK_CODES, unlock_rows(), UNLOCK_EXPLAINED),
        section(
            "AAL2AuthorizeUnlock (authorize_unlock), as far as its table is public",
            AUTHORIZE_CODES,
            authorize_rows(),
            &[(134, "C interface: no place for the code")],
        ),
    ]
}

/// What a changed PIN after a right response comes to, for AAL2VerifyPassword.
pub(crate) fn new_pin_rows() -> Rows {
    let host = Host::new(Kind::ResponseOnly, RO, with_pin);
    let mut device = Authenticator::new(std::slice::from_ref(&host.definition)).unwrap();
    let prompt = Prompt { application: None, now: NOW, score: 0 };
    let response = device.password(&prompt, None).unwrap().text;
    let verify = |blob: &Blob, behind: &str| {
        let text = format!("1234{response}{behind}");
        let request = Password { password: Some(text.as_bytes()), challenge: None };
        code(verify_password(&host.cx(), &mut blob.clone(), &request), |verified| verified.code())
    };
    let mut forced = host.blob.clone();
    set_property(&host.cx(), &mut forced, id::PIN_CH_FORCED, 1).unwrap();
    vec![
        (802, "PIN_CH_FORCED, and no new PIN behind the right response", verify(&forced, "")),
        (803, "a new PIN of 2 characters behind it", verify(&host.blob, "1212")),
        (804, "a new PIN of 9 characters behind it", verify(&host.blob, "123456789123456789")),
    ]
}

/// A host with one application.
struct Host {
    params: KernelParams,
    definition: Definition,
    blob: Blob,
}

impl Host {
    fn new(kind: Kind, name: &str, change: impl FnOnce(&mut Definition)) -> Self {
        let mut definition = definition(kind, name, "OTP");
        change(&mut definition);
        let params = KernelParams { check_challenge: 0, ..KernelParams::default() };
        let cx = Context { now: NOW, params: &params, sealing: Sealing::Software };
        let blob = definition.blob(&cx).unwrap();
        Self { params, definition, blob }
    }

    fn cx(&self) -> Context<'_> {
        Context { now: NOW, params: &self.params, sealing: Sealing::Software }
    }

    /// Its BLOB with a property set.
    fn with(&self, property: i32, value: i64) -> Blob {
        let mut blob = self.blob.clone();
        set_property(&self.cx(), &mut blob, property, value).unwrap();
        blob
    }

    /// The rows of every function that opens a BLOB.
    fn opened(&self, call: impl Fn(&Context<'_>, Blob) -> i32) -> Rows {
        let version = damaged(&self.blob, 24, b'/');
        let mut rows = vec![
            (0, "the right call", call(&self.cx(), self.blob.clone())),
            (1118, "a version that does not exist", call(&self.cx(), version)),
        ];
        rows.extend(sealed::rows(&self.params, &self.blob, call));
        rows
    }
}

fn with_pin(definition: &mut Definition) {
    definition.profile.pin = true;
    "1234".clone_into(&mut definition.pin);
}

fn done<T>(result: Result<T, ReturnCode>) -> i32 {
    code(result, |_| ReturnCode::SUCCESS)
}

/// The code of a call for a new application of some kind.
fn of_kind(kind: Kind, call: impl Fn(&Context<'_>, Blob) -> i32) -> i32 {
    let host = Host::new(kind, RO, |_| {});
    call(&host.cx(), host.blob.clone())
}

fn change_rows() -> Rows {
    let host = Host::new(Kind::ResponseOnly, RO, with_pin);
    let change = |cx: &Context<'_>, mut blob: Blob, new: Option<&str>, again: Option<&str>| {
        let [new, again] = [new, again].map(|text| text.map(str::as_bytes));
        done(change_static_password(cx, &mut blob, new, again))
    };
    let to = |new, again| change(&host.cx(), host.blob.clone(), new, again);
    let call = |cx: &Context<'_>, blob: Blob| change(cx, blob, Some("5678"), Some("5678"));
    let mut rows = vec![
        (130, "the second entry is missing", to(Some("5678"), None)),
        (801, "an application without static PIN", of_kind(Kind::ResponseOnly, call)),
        (803, "a new PIN of 2 characters", to(Some("12"), Some("12"))),
        (804, "a new PIN of 9 characters", to(Some("123456789"), Some("123456789"))),
        (805, "two entries that differ", to(Some("5678"), Some("5679"))),
        (1000, "a BLOB of kind EM", of_kind(Kind::EmvCap, call)),
        (1103, "a BLOB of kind UL", of_kind(Kind::UnlockV2, call)),
    ];
    rows.extend(host.opened(call));
    rows
}

fn reset_pin_rows() -> Rows {
    let host = Host::new(Kind::ResponseOnly, RO, with_pin);
    let call = |cx: &Context<'_>, mut blob: Blob| done(reset_static_password(cx, &mut blob));
    let fixed = Host::new(Kind::ResponseOnly, RO, |definition| {
        with_pin(definition);
        definition.pin_rules.change_on = false;
    });
    let mut rows = vec![
        (801, "an application without static PIN", of_kind(Kind::ResponseOnly, call)),
        (806, "its user may not change the PIN", call(&fixed.cx(), fixed.blob.clone())),
        (1000, "a BLOB of kind EM", of_kind(Kind::EmvCap, call)),
        (1103, "a BLOB of kind UL", of_kind(Kind::UnlockV2, call)),
    ];
    rows.extend(host.opened(call));
    rows
}

fn reset_rows() -> Rows {
    let call = |cx: &Context<'_>, mut blob: Blob| done(reset_token_info(cx, &mut blob));
    let mut rows = vec![(1103, "a BLOB of kind UL", of_kind(Kind::UnlockV2, call))];
    rows.extend(Host::new(Kind::ResponseOnly, RO, |_| {}).opened(call));
    rows
}

fn property_rows() -> Rows {
    let host = Host::new(Kind::ResponseOnly, RO, |_| {});
    let mut rows =
        vec![(518, "a property that does not exist", done(get_property(&host.cx(), &host.blob, 99)))];
    rows.extend(host.opened(|cx, blob| done(get_property(cx, &blob, id::TOKEN_MODEL))));
    rows
}

fn set_rows() -> Rows {
    let host = Host::new(Kind::ResponseOnly, RO, |_| {});
    let set = |cx: &Context<'_>, mut blob: Blob, property, value| {
        done(set_property(cx, &mut blob, property, value))
    };
    let to = |property, value| set(&host.cx(), host.blob.clone(), property, value);
    let mut rows = vec![
        (517, "ERROR_COUNT 1", to(id::ERROR_COUNT, 1)),
        (517, "PIN_ENABLED 2 where there is no PIN", to(id::PIN_ENABLED, 2)),
        (518, "PIN_CH_ON, which is only read", to(id::PIN_CH_ON, 1)),
    ];
    rows.extend(host.opened(|cx, blob| set(cx, blob, id::ERROR_COUNT, 0)));
    rows
}

/// What a virtual token with a challenge answers after a change, with CheckChallenge 0.
fn generated(challenge: Option<&str>, change: impl FnOnce(&mut Definition)) -> i32 {
    let host = Host::new(Kind::ChallengeResponse, CR, |definition| {
        definition.profile.virtual_primary = true;
        change(definition);
    });
    done(gen_password(&host.cx(), &mut host.blob.clone(), challenge.map(str::as_bytes)))
}

fn generate_rows() -> Rows {
    let asked = Some("12345678");
    let checked = |d: &mut Definition| d.profile.fields[0].check_digit = true;
    let mut rows = vec![
        (131, "a primary one, and no challenge", generated(None, |_| {})),
        (132, "an application that signs", generated(asked, |d| d.profile.kind = Kind::Signature)),
        (132, "a BLOB of kind EM", generated(asked, |d| d.profile.kind = Kind::EmvCap)),
        (1103, "a BLOB of kind UL", generated(asked, |d| d.profile.kind = Kind::UnlockV2)),
        (211, "an application of a device only", generated(asked, |d| d.profile.virtual_primary = false)),
        (1118, "a suite without challenge", generated(asked, |d| suite(d, RO))),
        (-101, "a challenge of 3 characters", generated(Some("123"), |d| d.profile.fields[0].min = 4)),
        (-102, "a challenge of 9 characters", generated(Some("123456789"), |_| {})),
        (-103, "a challenge with a wrong check digit", generated(asked, checked)),
        (-108, "a letter in a decimal challenge", generated(Some("1234567A"), |_| {})),
        (
            -105,
            "the challenge's least length is above its greatest",
            generated(asked, |d| d.profile.fields[0].min = 9),
        ),
        (-106, "the challenge is longer than the suite's", generated(asked, |d| d.profile.fields[0].max = 9)),
        (-107, "two challenges", generated(asked, |d| d.profile.fields.extend_from_within(..))),
    ];
    rows.push((
        1116,
        "hexadecimal responses with a check digit",
        generated(asked, |d| {
            suite(d, "BANCADA-1:HOTP-SHA256-8H:QN08-T36S");
            d.profile.response_check_digit = true;
        }),
    ));
    rows.push((
        1117,
        "an alphanumeric challenge with a check digit",
        generated(asked, |d| {
            suite(d, "OCRA-1:HOTP-SHA256-8:QA08-T36S");
            checked(d);
        }),
    ));
    rows.extend(backup_rows());
    rows
}

fn backup_rows() -> Rows {
    let mut host = Host::new(Kind::ResponseOnly, RO, |d| d.profile.virtual_token = true);
    let call = |cx: &Context<'_>, mut blob: Blob| done(gen_password(cx, &mut blob, None));
    let enabled = host.with(id::TOKEN_STATUS, 3);
    let mut once = host.with(id::VIRTUAL_TOKEN_REMAIN_USE, 1);
    set_property(&host.cx(), &mut once, id::TOKEN_STATUS, 3).unwrap();
    gen_password(&host.cx(), &mut once, None).unwrap();
    let mut days = host.with(id::VIRTUAL_TOKEN_GRACE_PERIOD, 1);
    set_property(&host.cx(), &mut days, id::TOKEN_STATUS, 3).unwrap();
    let later = Context { now: NOW + 3 * 86_400, ..host.cx() };
    let mut rows = vec![
        (208, "TOKEN_STATUS 1: only the device", call(&host.cx(), host.with(id::TOKEN_STATUS, 1))),
        (209, "VIRTUAL_TOKEN_GRACE_PERIOD 1, three days later", call(&later, days)),
        (210, "VIRTUAL_TOKEN_REMAIN_USE 1, the second time", call(&host.cx(), once)),
    ];
    host.blob = enabled;
    rows.extend(host.opened(call));
    let mut wrong = host.blob.clone();
    let request = Password { password: Some(b"00000000"), challenge: None };
    verify_password(&host.cx(), &mut wrong, &request).unwrap_err();
    host.params.i_threshold = 1;
    rows.push((202, "IThreshold 1, after one wrong response", call(&host.cx(), wrong)));
    let mut asking = Host::new(Kind::ChallengeResponse, CR, |d| d.profile.virtual_primary = true);
    asking.params.check_challenge = 1;
    let asked = done(gen_password(&asking.cx(), &mut asking.blob.clone(), Some(b"12345678")));
    rows.push((140, "a primary one with CheckChallenge 1, and the BLOB holds none", asked));
    rows
}

/// Rows of both functions that unlock.
fn locked_rows(call: impl Fn(&Context<'_>, Blob) -> i32) -> Rows {
    let host = Host::new(Kind::ResponseOnly, RO, |d| {
        d.profile.unlock = true;
        d.profile.virtual_token = true;
    });
    let mut rows = vec![
        (138, "an application that cannot be unlocked", of_kind(Kind::ResponseOnly, &call)),
        (208, "TOKEN_STATUS 0", call(&host.cx(), host.with(id::TOKEN_STATUS, 0))),
        (
            1104,
            "TOKEN_STATUS 2: only the backup virtual token",
            call(&host.cx(), host.with(id::TOKEN_STATUS, 2)),
        ),
    ];
    rows.extend(host.opened(call));
    rows
}

fn unlock_rows() -> Rows {
    let call = |cx: &Context<'_>, blob: Blob| done(unlock(cx, &blob, Some(b"1234567")));
    let host = Host::new(Kind::UnlockV2, RO, |_| {});
    let mut rows = locked_rows(call);
    rows.push((0, "a BLOB of kind UL", call(&host.cx(), host.blob.clone())));
    rows.push((133, "no number", done(unlock(&host.cx(), &host.blob, None))));
    rows.push((1000, "a BLOB of kind EM", of_kind(Kind::EmvCap, call)));
    rows
}

fn authorize_rows() -> Rows {
    let call = |cx: &Context<'_>, mut blob: Blob| {
        let auth = gen_unlock_auth_code(cx, &blob, 0).map(|auth| auth.code);
        done(auth.and_then(|auth| authorize_unlock(cx, &mut blob, Some(auth.as_bytes()), Some(b"1234567"))))
    };
    let host = Host::new(Kind::UnlockV2, RO, |_| {});
    let mut blob = host.blob.clone();
    let long = done(authorize_unlock(&host.cx(), &mut blob, Some(b"123456789"), Some(b"1234567")));
    let mut rows = locked_rows(call);
    rows.push((814, "an authentication code of 9 digits", long));
    rows
}
