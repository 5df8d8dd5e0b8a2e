//! What a person can do about a return code, where its own sentence does not say it already.

use bancada_digipass::ReturnCode;

/// What to do next, by code.
const ADVICE: &[(&[ReturnCode], &str)] = &[
    (
        &[ReturnCode::NOT_VERIFIED],
        "Compare --at with the time the code was made; widen --itime-window or --stime-window; check that the authenticator and the \
             BLOB are of the same token, application and binding.",
    ),
    (
        &[ReturnCode::STATIC_PASSWORD_FAILED],
        "Type the PIN before the response, and a new PIN twice behind it where one is demanded.",
    ),
    (&[ReturnCode::PIN_NOT_SUPPORTED], "Issue the token with --pin."),
    (&[ReturnCode::PIN_CHANGE_MANDATORY], "Type a new PIN twice behind the response."),
    (&[ReturnCode::PIN_TOO_SHORT], "Type a longer PIN, or allow shorter ones with `host set pin_min_len`."),
    (
        &[ReturnCode::APPLICATION_DISABLED],
        "Enable the device with `host set token_status 1`, its backup virtual token with 2, both with 3.",
    ),
    (&[ReturnCode::GRACE_EXPIRED], "Give it more days with `host set virtual_token_grace_period`."),
    (&[ReturnCode::USES_REACHED], "Give it more uses with `host set virtual_token_remain_use`."),
    (
        &[ReturnCode::VIRTUAL_NOT_SUPPORTED],
        "Issue the token with --trait virtual-token or --trait virtual-primary, or take the password from the authenticator.",
    ),
    (&[ReturnCode::UNLOCK_NOT_SUPPORTED], "Issue the token with --trait unlock."),
    (
        &[ReturnCode::CHALLENGE_MISSING, ReturnCode::CHALLENGE_CORRUPTED],
        "Make one with `host challenge` and keep its BLOB, or let --check-challenge 0 take the one passed with --challenge.",
    ),
    (
        &[ReturnCode::TOKEN_TYPE],
        "RO, CR and MM applications give passwords, SG and MM sign, MA starts activations; `inspect` and `activate` show what there is.",
    ),
    (
        &[ReturnCode::FIELD_COUNT],
        "Only suites with QH64 sign several fields, and messages; others sign exactly one.",
    ),
    (&[ReturnCode::CODE_REPLAY], "Use a code only once: wait for the next time step, or the next event."),
    (
        &[ReturnCode::IDENTIFICATION_THRESHOLD, ReturnCode::SIGNATURE_THRESHOLD, ReturnCode::INACTIVE],
        "Reset the application with `host reset`.",
    ),
    (
        &[ReturnCode::DUPLICATE_SIGNATURE, ReturnCode::CHRONOLOGY],
        "Sign again at a later time, or allow it with --online-sg 0.",
    ),
    (
        &[ReturnCode::CHECKSUM_SOFTWARE],
        "Give the --derive-vector and --storage-derive-key the BLOB was made with, and the last BLOB that was printed, whole. \
             One that a key service sealed needs the library.",
    ),
    (
        &[ReturnCode::CHECKSUM_HSM, ReturnCode::HSM_SESSION, ReturnCode::HSM_KEY_NOT_FOUND],
        "This tool opens BLOBs sealed in software only; use the library for those of an HSM, or migrate the BLOB.",
    ),
    (
        &[ReturnCode::DATA_POINTER],
        "A BLOB is written as 496 hexadecimal characters, or @FILE for a file that contains them.",
    ),
    (&[ReturnCode::SERIAL_DIFFERS], "Pass only the BLOBs of one token."),
    (
        &[ReturnCode::UNSUPPORTED_BLOB],
        "See with `inspect` what the application can do: derivation is a trait it is issued with, and a static vector must name the \
             application.",
    ),
    (
        &[ReturnCode::NOT_FOR_SECURE_CHANNEL],
        "Issue the signing application with --trait secure-channel, or in a multi-device licence.",
    ),
    (
        &[ReturnCode::MESSAGE_EXPIRED],
        "Make the message again, verify sooner, or give a longer --expiration, 0 for none.",
    ),
    (
        &[ReturnCode::MESSAGE_VERSION],
        "Is it the right message? Activation messages go to `activate`, requests and deactivations to `message`.",
    ),
    (
        &[ReturnCode::REQUEST_TYPE, ReturnCode::RESPONSE_TYPE],
        "Give the device's answer first and the message it answers with --request; what it sent unasked has no --request.",
    ),
    (
        &[ReturnCode::FOREIGN_VECTOR, ReturnCode::MESSAGE_AUTHENTICITY, ReturnCode::AUTHENTICATION_TAG],
        "Use vectors, payload key, shared secret and authenticator of the same licence, and the message whole.",
    ),
    (&[ReturnCode::SEQUENCE_EXHAUSTED], "Issue a licence with more --instances."),
];

/// What to do next.
pub(crate) fn of(code: ReturnCode) -> Option<&'static str> {
    ADVICE.iter().find(|(codes, _)| codes.contains(&code)).map(|(_, advice)| *advice)
}

/// An error of the kernel as a sentence with its advice.
pub(crate) fn error(code: ReturnCode) -> anyhow::Error {
    let advice = of(code).map(|advice| format!(" {advice}")).unwrap_or_default();
    anyhow::Error::new(code).context(format!("{code}{advice}"))
}
