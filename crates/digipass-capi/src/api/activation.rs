//! Activation in one step and in two (vendor docs, pages AAL2GenActivationCodeXErc, AAL2GenMessageActivation1, AAL2VerifyDeviceCode,
//! AAL2GenMessageActivation2, and their ICSF editions).
//!
//! Counts by value and arrays of structures, where the documented prototypes add stars that public callers and the ICSF prototypes lack.

use bancada_crypto::random::SystemRandom;
use bancada_digipass::message::PayloadKeyBlob;
use bancada_digipass::message::activation::{self, Instance};
use bancada_digipass::{Blob, Context, ReturnCode, encoding};
use zeroize::Zeroizing;

use super::arg::{BlobPlace, BlobTable, Buffer, Params, Place, Text, Word};
use super::output::Output;
use super::payload_key::payload_key_blob;
use super::tokens::{TokenPlaces, kinds};
use super::{CHALLENGE, KEY_NAME, MESSAGE, MESSAGE_VECTOR, PAYLOAD_KEY, STATIC_VECTOR, VECTOR};
use crate::backend::{Call, Outcome};

/// Width of an activation vector, device code, and device identifier: more than ours have.
const SHORT: usize = 27;
/// Width of a secret that user and server share.
const SHARED: usize = 513;
/// Bytes of a place for activation message 2.
const ACTIVATION_2_PLACE: usize = 109;

entries! {
    /// The activation data of a single-device licence, into a place of 4143 bytes; the last seven characters of the serial number into a
    /// place of 15, two hexadecimal digits each (the vendor's page gives them 14 characters, and a public caller, the Ruby gem
    /// vacman_controller, reads every second one); `aXERC` stays empty, because the data carries the event counters.
    ///
    /// Our choice: `aAlea` is joined to `aSharedData`, the flags are not used, and the BLOBs do not change.
    fn AAL2GenActivationCodeXErc(
        DPData: BlobTable,
        Appl_Count: i16,
        CallParms: Params,
        aStaticVectorIn: Word<STATIC_VECTOR>,
        aSharedData: Text<SHARED>,
        aAlea: Text<SHARED>,
        _ActivationFlags: Place<i32>,
        aSerialNumberSuffix: Buffer,
        aXFAD: Buffer,
        aXERC: Buffer,
    ) {
        if aXFAD.is_null() {
            return Err(ReturnCode::ACTIVATION_CODE_POINTER);
        }
        let count = i32::from(Appl_Count);
        if !(1..=8).contains(&count) {
            return Err(ReturnCode::APPLICATION_COUNT);
        }
        // Unused places behind the last BLOB are null, as in a derivation; one between BLOBs is a mistake.
        let mut places = DPData.places(count);
        while places.pop_if(|place| place.load().is_err()).is_some() {}
        let blobs = places.iter().map(BlobPlace::load).collect::<Result<Vec<Blob>, _>>()?;
        let first = blobs.first().ok_or(ReturnCode::DATA_POINTER)?;
        let part = |text: Option<&[u8]>| Zeroizing::new(encoding::text(text.unwrap_or_default()).to_vec());
        let shared = Zeroizing::new([part(aSharedData.get()), part(aAlea.get())].map(|part| part.to_vec()).concat());
        let data = Call::software(&CallParms.0)
            .run(|cx| activation::gen_activation_data(cx, &blobs, aStaticVectorIn.get(), &shared))?;
        let serial = first.owner().serial_text();
        aSerialNumberSuffix.write_text(&encoding::to_hex(serial.get(3..).unwrap_or_default().as_bytes()));
        aXFAD.write_text(&data);
        aXERC.write_text("");
        Ok(ReturnCode::SUCCESS)
    }

    /// Activation message 1 of a licence, hexadecimal, into a place of 1071 bytes.
    fn AAL2GenMessageActivation1(
        DPMAData: BlobPlace,
        CallParms: Params,
        Challenge: Text<CHALLENGE>,
        StaticVector: Word<STATIC_VECTOR>,
        MessageVector: Word<MESSAGE_VECTOR>,
        ActivationVector: Text<SHORT>,
        Activation1Message: Buffer,
        Activation1MessageLength: Place<i32>,
    ) {
        let vectors = [StaticVector.get(), MessageVector.get(), ActivationVector.get()];
        let out = Output { text: &Activation1Message, length: &Activation1MessageLength, recommended: MESSAGE };
        message_1(&Call::software(&CallParms.0), &DPMAData, Challenge.get(), vectors, &out)
    }

    /// The same for a BLOB that a named key in an HSM seals.
    fn AAL2GenMessageActivation1ICSF(
        DPMAData: BlobPlace,
        CallParms: Params,
        aStorageKeyNameIn: Text<KEY_NAME>,
        aInitialVectorIn: Text<VECTOR>,
        Challenge: Text<CHALLENGE>,
        StaticVector: Word<STATIC_VECTOR>,
        MessageVector: Word<MESSAGE_VECTOR>,
        ActivationVector: Text<SHORT>,
        Activation1Message: Buffer,
        Activation1MessageLength: Place<i32>,
    ) {
        let vectors = [StaticVector.get(), MessageVector.get(), ActivationVector.get()];
        let out = Output { text: &Activation1Message, length: &Activation1MessageLength, recommended: MESSAGE };
        let call = Call::service(&CallParms.0, aStorageKeyNameIn.get(), aInitialVectorIn.get());
        message_1(&call, &DPMAData, Challenge.get(), vectors, &out)
    }

    /// Verifies a device code and tells the device's identifier, up to 26 characters, and type.
    fn AAL2VerifyDeviceCode(
        DPMAData: BlobPlace,
        CallParms: Params,
        Challenge: Text<CHALLENGE>,
        DeviceCode: Text<SHORT>,
        DeviceID: Buffer,
        DeviceIDLength: Place<i32>,
        pDeviceType: Place<i32>,
    ) {
        let out = Output { text: &DeviceID, length: &DeviceIDLength, recommended: SHORT };
        device_code(&Call::software(&CallParms.0), &DPMAData, [Challenge.get(), DeviceCode.get()], &out, &pDeviceType)
    }

    /// The same for a BLOB that a named key in an HSM seals.
    fn AAL2VerifyDeviceCodeICSF(
        DPMAData: BlobPlace,
        CallParms: Params,
        aStorageKeyNameIn: Text<KEY_NAME>,
        aInitialVectorIn: Text<VECTOR>,
        Challenge: Text<CHALLENGE>,
        DeviceCode: Text<SHORT>,
        DeviceID: Buffer,
        DeviceIDLength: Place<i32>,
        pDeviceType: Place<i32>,
    ) {
        let out = Output { text: &DeviceID, length: &DeviceIDLength, recommended: SHORT };
        let call = Call::service(&CallParms.0, aStorageKeyNameIn.get(), aInitialVectorIn.get());
        device_code(&call, &DPMAData, [Challenge.get(), DeviceCode.get()], &out, &pDeviceType)
    }

    /// Makes the next instance of a licence: activation message 2 into a place of 109 bytes, and up to eight BLOBs with their names,
    /// type and authentication modes. `PKBlob` is null or empty where there is no Secure Channel.
    fn AAL2GenMessageActivation2(
        DPMAData: BlobPlace,
        PKBlob: Text<PAYLOAD_KEY>,
        CallParms: Params,
        StaticVector: Word<STATIC_VECTOR>,
        MessageVector: Word<MESSAGE_VECTOR>,
        DeviceID: Text<SHORT>,
        pSeqNum: Place<i32>,
        TokenType: Buffer,
        Appl_count: Place<i16>,
        Serial_Appli: Buffer,
        AuthMode: Buffer,
        DPData: Buffer,
        Activation2Message: Buffer,
        Activation2MessageLength: Place<i32>,
    ) {
        let request = Activation2 {
            payload_key: PKBlob.get(),
            static_vector: StaticVector.get(),
            message_vector: MessageVector.get(),
            device_id: DeviceID.get(),
        };
        let places = TokenPlaces { token_type: &TokenType, count: &Appl_count, names: &Serial_Appli, modes: &AuthMode, mode_width: 3, blobs: &DPData };
        let out = Output { text: &Activation2Message, length: &Activation2MessageLength, recommended: ACTIVATION_2_PLACE };
        message_2(&Call::software(&CallParms.0), &DPMAData, &request, &pSeqNum, &places, &out)
    }

    /// The same for BLOBs that a named key in an HSM seals. The parameters come in another order.
    fn AAL2GenMessageActivation2ICSF(
        DPMAData: BlobPlace,
        CallParms: Params,
        aStorageKeyNameIn: Text<KEY_NAME>,
        aInitialVectorIn: Text<VECTOR>,
        PKBlob: Text<PAYLOAD_KEY>,
        StaticVector: Word<STATIC_VECTOR>,
        MessageVector: Word<MESSAGE_VECTOR>,
        DeviceID: Text<SHORT>,
        pSeqNum: Place<i32>,
        TokenType: Buffer,
        Appl_count: Place<i16>,
        Serial_Appli: Buffer,
        AuthMode: Buffer,
        DPData: Buffer,
        Activation2Message: Buffer,
        Activation2MessageLength: Place<i32>,
    ) {
        let request = Activation2 {
            payload_key: PKBlob.get(),
            static_vector: StaticVector.get(),
            message_vector: MessageVector.get(),
            device_id: DeviceID.get(),
        };
        let places = TokenPlaces { token_type: &TokenType, count: &Appl_count, names: &Serial_Appli, modes: &AuthMode, mode_width: 3, blobs: &DPData };
        let out = Output { text: &Activation2Message, length: &Activation2MessageLength, recommended: ACTIVATION_2_PLACE };
        let call = Call::service(&CallParms.0, aStorageKeyNameIn.get(), aInitialVectorIn.get());
        message_2(&call, &DPMAData, &request, &pSeqNum, &places, &out)
    }
}

struct Activation2<'a> {
    payload_key: Option<&'a [u8]>,
    static_vector: Option<&'a [u8]>,
    message_vector: Option<&'a [u8]>,
    device_id: Option<&'a [u8]>,
}

fn message_1(
    call: &Call<'_>,
    licence: &BlobPlace,
    challenge: Option<&[u8]>,
    [static_vector, message_vector, activation_vector]: [Option<&[u8]>; 3],
    out: &Output<'_>,
) -> Outcome {
    let licence = licence.load()?;
    let message = call.run(|cx| {
        let vectors = (static_vector, message_vector, activation_vector);
        activation::gen_message_activation1(cx, &licence, challenge, vectors.0, vectors.1, vectors.2)
    })?;
    out.put(&message)?;
    Ok(ReturnCode::SUCCESS)
}

fn device_code(
    call: &Call<'_>,
    place: &BlobPlace,
    [challenge, code]: [Option<&[u8]>; 2],
    out: &Output<'_>,
    device_type: &Place<i32>,
) -> Outcome {
    let mut licence = place.load()?;
    let result = call.run(|cx| activation::verify_device_code(cx, &mut licence, challenge, code));
    if let Ok(device) = &result {
        out.put(&device.device_id)?;
        device_type.set(device.device_type.into());
    }
    place.store(&licence);
    result.map(|device| device.verified.code())
}

/// Nothing changes when the message has no room: an instance is made once.
fn message_2(
    call: &Call<'_>,
    place: &BlobPlace,
    request: &Activation2<'_>,
    sequence: &Place<i32>,
    places: &TokenPlaces<'_>,
    out: &Output<'_>,
) -> Outcome {
    let mut licence = place.load()?;
    let key = payload_key_blob(request.payload_key)?;
    let (instance, kinds) = call.run(|cx| {
        let instance = instance(cx, &mut licence, key.as_ref(), request)?;
        let kinds = kinds(cx, &instance.blobs)?;
        Ok((instance, kinds))
    })?;
    out.check(&instance.message)?;
    places.check(instance.blobs.len())?;
    out.write(&instance.message);
    places.write(&instance.token_type, &instance.blobs, &kinds);
    sequence.set(instance.sequence.into());
    place.store(&licence);
    Ok(ReturnCode::SUCCESS)
}

fn instance(
    cx: &Context<'_>,
    licence: &mut Blob,
    payload_key: Option<&PayloadKeyBlob>,
    request: &Activation2<'_>,
) -> Result<Instance, ReturnCode> {
    let vectors = (request.static_vector, request.message_vector);
    activation::gen_message_activation2(
        cx,
        licence,
        payload_key,
        vectors.0,
        vectors.1,
        request.device_id,
        &mut SystemRandom,
    )
}
