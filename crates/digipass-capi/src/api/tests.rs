use bancada_crypto::random::SeededRandom;
use bancada_digipass::blob::{Kind, Profile};
use bancada_digipass::message::activation;
use bancada_digipass::vector::{ActivationVector, MessageVector, StaticVector, Template};
use bancada_digipass::{Context, Definition, KernelParams, Owner, Sealing};
use proptest::prelude::*;

use super::cobol::*;
use super::harness::{Arguments, Memory, call_everything};
use super::info::*;
use super::*;

/// BLOBs of every kind, as starting points for damage.
fn blobs() -> Vec<Vec<u8>> {
    let random = &mut SeededRandom::from_u64(3);
    let kinds = [
        (Kind::ResponseOnly, "TOTP-SHA256-8-T36S"),
        (Kind::ChallengeResponse, "OCRA-1:HOTP-SHA256-8:QN08-T36S"),
        (Kind::Signature, "OCRA-1:HOTP-SHA256-8:QH64-T36S"),
        (Kind::MasterActivation, "OCRA-1:HOTP-SHA256-8:QH16"),
        (Kind::UnlockV2, "OCRA-1:HOTP-SHA256-8:QN08"),
        (Kind::MultiMode, "OCRA-1:HOTP-SHA256-8:QH64-T36S"),
    ];
    let params = KernelParams::default();
    let cx = Context { now: 1_700_000_000, params: &params, sealing: Sealing::Software };
    let blob = |(kind, suite): (Kind, &str)| {
        let mut profile = Profile::new(*b"MOB30", kind, suite.parse().unwrap());
        (profile.pin, profile.unlock, profile.virtual_token) = (true, true, true);
        (profile.derivation, profile.secure_channel) = (true, true);
        profile.virtual_primary = kind == Kind::MultiMode;
        let owner = Owner::new("VDS0000001", kind.code()).unwrap();
        let mut definition = Definition::generate(owner, profile, random);
        definition.instances = u8::from(kind == Kind::MasterActivation);
        definition.blob(&cx).unwrap().as_bytes().to_vec()
    };
    kinds.into_iter().map(blob).collect()
}

/// Bytes that are nothing, text of the characters that are looked for, or text without an end.
fn hostile(room: usize) -> BoxedStrategy<Vec<u8>> {
    prop_oneof![
        3 => "[0-9]{0,27}\0",
        2 => "[0-9A-F]{0,120}\0 {0,8}",
        1 => " {0,80}",
    ]
    .prop_map(String::into_bytes)
    .boxed()
    .prop_union(proptest::collection::vec(any::<u8>(), 0..=room).boxed())
    .boxed()
}

fn parms() -> impl Strategy<Value = Vec<u8>> {
    let count = prop_oneof![4 => 0..24i32, 1 => any::<i32>(), 1 => (0..24i32).prop_map(i32::swap_bytes)];
    let field = prop_oneof![2 => Just(0), 2 => 0..1001i32, 1 => any::<i32>()];
    (count, proptest::collection::vec(field, 23))
        .prop_map(|(count, fields)| std::iter::once(count).chain(fields).flat_map(i32::to_ne_bytes).collect())
}

prop_compose! {
    fn caller()(
        kind in 0..blobs().len(),
        damage in proptest::option::of((0..248usize, any::<u8>())),
        parms in parms(),
        texts in proptest::array::uniform4(hostile(42)),
        long in proptest::array::uniform2(hostile(4096)),
        key in hostile(65),
        vector in hostile(17),
        length in prop_oneof![-2..20i32, any::<i32>()],
        other in prop_oneof![-2..10i32, any::<i32>()],
        missing in prop_oneof![2 => Just(0), 2 => (0..20u32).prop_map(|place| 1 << place), 1 => any::<u32>()],
        numbers in proptest::array::uniform3(prop_oneof![-1..30i32, any::<i32>()]),
    ) -> Arguments {
        let mut blob = blobs()[kind].clone();
        if let Some((place, byte)) = damage {
            blob[place] = byte;
        }
        Arguments { blob, parms, texts, long, key, vector, length, other, missing, numbers }
    }
}

/// How many callers: `PROPTEST_CASES`, or as many as fit a second.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(300)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    /// Null, short, unterminated and meaningless arguments: a code, no panic, and nothing written beyond the documented room.
    #[test]
    fn every_function_survives_every_caller(caller in caller()) {
        call_everything(&caller);
    }
}

/// The hostile caller leaves no function of the header out, and the header none that it calls.
#[test]
fn the_hostile_caller_calls_every_function_of_the_header() {
    let calls = |text: &'static str| -> std::collections::BTreeSet<&str> {
        let names = text
            .split('(')
            .map(|before| before.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default());
        names.filter(|name| name.starts_with("AAL2") || name.starts_with("AA2")).collect()
    };
    let header = calls(include_str!("../../aal2sdk.h"));
    assert!(header.len() > 60, "{header:?}");
    assert_eq!(calls(include_str!("harness.rs")), header);
}

/// Texts without an end are read to their width and no byte more.
#[test]
fn unterminated_texts_are_read_to_their_width_only() {
    let memory: [u8; 32] = std::array::from_fn(|place| b'A' + place as u8);
    // SAFETY: 32 bytes, of which no text reads more than 20.
    let (text, fields) = unsafe {
        let text = <arg::Text<17> as arg::FromC>::from_c(memory.as_ptr().cast());
        (text, <arg::Fields as arg::FromC>::from_c(memory.as_ptr().cast()).get(1).unwrap())
    };
    assert_eq!(text.get().unwrap(), &memory[..17]);
    assert_eq!(fields[0].as_slice(), &memory[..20]);
    // SAFETY: the text ends at its zero byte.
    let text = unsafe { <arg::Text<17> as arg::FromC>::from_c(c"12".as_ptr()) };
    assert_eq!(text.get().unwrap(), b"12");
    // SAFETY: the text ends at its space.
    let word = unsafe { <arg::Word<1071> as arg::FromC>::from_c(c"AB ".as_ptr()) };
    assert_eq!(word.get().unwrap(), b"AB");
}

#[test]
fn a_panic_is_a_code_and_the_library_lives_on() {
    let code = enter("test", || panic!("on purpose"));
    assert_eq!(code, 19_099);
    assert_eq!(enter("test", || Ok(bancada_digipass::ReturnCode::SUCCESS)), 0);
    let mut text = [0; 100];
    // SAFETY: the place has 100 bytes.
    unsafe { AAL2GetErrorMsg(19_099, text.as_mut_ptr()) };
    assert!(text[0] != 0 && text.contains(&0));
}

/// Every code has a sentence that fits, with its zero byte, the 100 bytes callers have.
#[test]
fn every_code_has_a_sentence() {
    for row in bancada_digipass::ReturnCode::TABLE {
        let mut memory = Memory::new(&[], 100);
        // SAFETY: the place has 100 bytes.
        let returned = unsafe { AAL2GetErrorMsg(row.code.0, memory.at()) };
        assert_eq!(returned, memory.at());
        let end = memory.bytes.iter().position(|byte| *byte == 0).unwrap();
        assert!(memory.intact() && end < 100);
        assert_eq!(&memory.bytes[..end], row.text.as_bytes());
    }
}

/// No more fields are read than ParmCount says, and none when it makes no sense.
#[test]
fn parameters_are_read_as_far_as_their_count() {
    for count in [i32::MIN, -1, 0, 1, 2, 19, 23, 24, i32::MAX] {
        let mut numbers = [77; 24];
        numbers[0] = count;
        // SAFETY: ParmCount and 23 fields.
        let params = unsafe { <arg::Params as arg::FromC>::from_c(numbers.as_ptr().cast()) };
        let expected = usize::try_from(count).ok().filter(|count| *count <= 23).unwrap_or(0);
        let fields = params.0.to_fields();
        let defaults = KernelParams::default().to_fields();
        assert!(fields[..expected].iter().all(|field| *field == 77), "{count}");
        assert_eq!(fields[expected..], defaults[expected..], "{count}");
    }
}

/// A COBOL program's numbers are big-endian on every machine, unless it says otherwise.
#[test]
fn cobol_parameters_in_either_byte_order() {
    let native: [i32; 4] = [3, 10, 11, 12];
    for swap in [false, true] {
        let numbers = native.map(|number| if swap { number.swap_bytes() } else { number });
        // SAFETY: ParmCount and three fields.
        let params = unsafe { <CobolParams as arg::FromC>::from_c(numbers.as_ptr().cast()) };
        assert!(params.params().i_time_window == 10 && params.params().diag_level == 12, "{swap}");
    }
}

/// An activation message 2 of the kernel fits the place callers have for it.
#[test]
fn messages_fit_the_documented_places() {
    let params = KernelParams { check_challenge: 0, ..KernelParams::default() };
    let cx = Context { now: 1_700_000_000, params: &params, sealing: Sealing::Software };
    let random = &mut SeededRandom::from_u64(9);
    let suite = "OCRA-1:HOTP-SHA256-8:QH16".parse().unwrap();
    let owner = Owner::new("VDS0000001", "MA").unwrap();
    let mut licence =
        Definition::generate(owner, Profile::new(*b"MOB30", Kind::MasterActivation, suite), random);
    licence.instances = 1;
    let template = |place: usize| Template {
        name: Owner::new("VDS0000001", &format!("APPLICATION{place}")).unwrap().application,
        profile: Profile::new(*b"MOB30", Kind::ResponseOnly, "TOTP-SHA256-8-T36S".parse().unwrap()),
    };
    let vector = StaticVector::generate(*b"VDS", (1..=8).map(template).collect(), random).to_hex();
    assert!(vector.len() < STATIC_VECTOR);
    let message_vector =
        MessageVector { protection: bancada_digipass::message::Protection::Encrypted, customer: [1; 10] }
            .to_hex();
    let message = activation::gen_message_activation1(
        &cx,
        &licence.blob(&cx).unwrap(),
        None,
        Some(vector.as_bytes()),
        Some(message_vector.as_bytes()),
        Some(ActivationVector::of(&licence).to_hex().as_bytes()),
    )
    .unwrap();
    assert!(message.len() < MESSAGE && message_vector.len() < MESSAGE_VECTOR);
}
