//! One-time passwords: verification, the virtual token's, challenges (vendor docs, pages AAL2VerifyPassword(Ex), AAL2GenPassword(Ex),
//! AAL2GenerateChallenge(Ex), AAL2SyncTokenAndHost).

use bancada_crypto::random::SystemRandom;
use bancada_digipass::verify::{Password, verify_password};
use bancada_digipass::{ReturnCode, manage, virtual_token};

use super::arg::{BlobPlace, Buffer, Params, Place, Text};
use super::output::{CODE_PLACE, Output};
use super::{CHALLENGE, KEY_NAME, PASSWORD, VECTOR};
use crate::backend::{Call, Outcome};

entries! {
    /// Verifies a password: a response, with the static PIN before it and a new PIN twice behind it where there is one.
    fn AAL2VerifyPassword(DPData: BlobPlace, CallParms: Params, Password: Text<PASSWORD>, Challenge: Text<CHALLENGE>) {
        verify(&Call::software(&CallParms.0), &DPData, Password.get(), Challenge.get(), None)
    }

    /// Verifies a password and gives the code that proves the host to the user, up to 16 characters.
    fn AAL2VerifyPasswordEx(
        DPData: BlobPlace,
        CallParms: Params,
        Password: Text<PASSWORD>,
        Challenge: Text<CHALLENGE>,
        ReturnHostCode: Buffer,
        ReturnHostCodeLength: Place<i32>,
    ) {
        let out = Output { text: &ReturnHostCode, length: &ReturnHostCodeLength, recommended: CODE_PLACE };
        verify(&Call::software(&CallParms.0), &DPData, Password.get(), Challenge.get(), Some(&out))
    }

    /// The same for a BLOB that a named key in an HSM seals.
    fn AAL2VerifyPasswordICSF(
        DPBlob: BlobPlace,
        CallParms: Params,
        aStorageKeyNameIn: Text<KEY_NAME>,
        aInitialVectorIn: Text<VECTOR>,
        aResponseIn: Text<PASSWORD>,
        aChallengeIn: Text<CHALLENGE>,
        ReturnHostCode: Buffer,
        ReturnHostCodeLength: Place<i32>,
    ) {
        let out = Output { text: &ReturnHostCode, length: &ReturnHostCodeLength, recommended: CODE_PLACE };
        let call = Call::service(&CallParms.0, aStorageKeyNameIn.get(), aInitialVectorIn.get());
        verify(&call, &DPBlob, aResponseIn.get(), aChallengeIn.get(), Some(&out))
    }

    /// The password of the virtual token, into a place of 18 bytes; other tokens are refused.
    fn AAL2GenPassword(DPData: BlobPlace, CallParms: Params, Password: Buffer, Challenge: Text<CHALLENGE>) {
        generate(&DPData, &CallParms, &Password, Challenge.get(), None)
    }

    /// The same, and the code with which the host will answer that password, up to 16 characters.
    fn AAL2GenPasswordEx(
        DPData: BlobPlace,
        CallParms: Params,
        Password: Buffer,
        Challenge: Text<CHALLENGE>,
        ReturnHostCode: Buffer,
        ReturnHostCodeLength: Place<i32>,
    ) {
        let out = Output { text: &ReturnHostCode, length: &ReturnHostCodeLength, recommended: CODE_PLACE };
        generate(&DPData, &CallParms, &Password, Challenge.get(), Some(&out))
    }

    /// Makes a challenge, up to 16 characters, and keeps it in the BLOB.
    fn AAL2GenerateChallenge(DPData: BlobPlace, CallParms: Params, Challenge: Buffer, ChallengeLength: Place<i32>) {
        let out = Output { text: &Challenge, length: &ChallengeLength, recommended: CODE_PLACE };
        challenge(&Call::software(&CallParms.0), &DPData, &out, None)
    }

    /// The same, and the message that shows it, into a place of 100 bytes.
    fn AAL2GenerateChallengeEx(
        DPData: BlobPlace,
        CallParms: Params,
        Challenge: Buffer,
        ChallengeLength: Place<i32>,
        ChallengeMessage: Buffer,
    ) {
        let out = Output { text: &Challenge, length: &ChallengeLength, recommended: CODE_PLACE };
        challenge(&Call::software(&CallParms.0), &DPData, &out, Some(&ChallengeMessage))
    }

    /// Learns a token's clock and event from two passwords in a row.
    fn AAL2SyncTokenAndHost(
        DPData: BlobPlace,
        CallParms: Params,
        Password1: Text<PASSWORD>,
        Challenge1: Text<CHALLENGE>,
        Password2: Text<PASSWORD>,
        Challenge2: Text<CHALLENGE>,
    ) {
        let mut blob = DPData.load()?;
        let first = Password { password: Password1.get(), challenge: Challenge1.get() };
        let second = Password { password: Password2.get(), challenge: Challenge2.get() };
        let result =
            Call::software(&CallParms.0).run(|cx| manage::sync_token_and_host(cx, &mut blob, &first, &second));
        DPData.store(&blob);
        result.map(|verified| verified.code())
    }
}

/// The BLOB is left as it was when the host code has no room: the password would be lost.
fn generate(
    place: &BlobPlace,
    params: &Params,
    password: &Buffer,
    challenge: Option<&[u8]>,
    out: Option<&Output<'_>>,
) -> Outcome {
    let mut blob = place.load()?;
    if password.is_null() {
        return Err(ReturnCode::RESPONSE_POINTER);
    }
    let made = Call::software(&params.0).run(|cx| virtual_token::gen_password(cx, &mut blob, challenge))?;
    if let Some(out) = out {
        out.put(&made.host_code)?;
    }
    password.write_text(&made.text);
    place.store(&blob);
    Ok(ReturnCode::SUCCESS)
}

/// The BLOB is left as it was when the challenge has no room.
fn challenge(call: &Call<'_>, place: &BlobPlace, out: &Output<'_>, message: Option<&Buffer>) -> Outcome {
    let mut blob = place.load()?;
    if out.text.is_null() {
        return Err(ReturnCode::CHALLENGE_POINTER);
    }
    if out.length.is_null() {
        return Err(ReturnCode::CHALLENGE_LENGTH_POINTER);
    }
    let (text, shown) = call.run(|cx| {
        let text = manage::generate_challenge(cx, &mut blob, &mut SystemRandom)?;
        let shown = manage::challenge_message(cx, &blob, &text)?;
        Ok((text, shown))
    })?;
    out.put(&text)?;
    if let Some(message) = message {
        message.write_text(&shown);
    }
    place.store(&blob);
    Ok(ReturnCode::SUCCESS)
}

/// The BLOB is left as it was when the host code has no room: the user would otherwise lose the password and get nothing for it.
fn verify(
    call: &Call<'_>,
    place: &BlobPlace,
    password: Option<&[u8]>,
    challenge: Option<&[u8]>,
    out: Option<&Output<'_>>,
) -> Outcome {
    let mut blob = place.load()?;
    let request = Password { password, challenge };
    let result = call.run(|cx| verify_password(cx, &mut blob, &request));
    if let (Ok(verified), Some(out)) = (&result, out) {
        out.put(&verified.host_code)?;
    }
    place.store(&blob);
    result.map(|verified| verified.code())
}
