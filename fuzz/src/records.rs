//! What a device finds in its store, when somebody else wrote it.

use bancada_crypto::seal::SealKey;
use bancada_wire::frame::OperatingMode;
use bancada_wire::op::{
    A_TOKEN_LIST, AToken, EccSign, GetPwdPolicy, ListGrants, ListObjects, ListUsers, ObjectInfo, ServerInfo,
    UserInfo,
};
use bancada_wire::text::{ObjectName, UserName};

use crate::device::{Bench, MASTER_KEY, Records, STATES, store};
use crate::input::Input;

const NONCE_LEN: usize = 12;

/// Which record, how it is changed, then its bytes: as they are, sealed as the device seals them, or edits to the record
/// that is there, three bytes each.
///
/// The seal keeps outsiders out; a record of another version of this program has a right seal too.
pub fn records(data: &[u8]) {
    let mut input = Input::new(data);
    let (durable, volatile) = &STATES[OperatingMode::Nrm.number() as usize];
    let (mut durable, mut volatile) = (durable.clone(), volatile.clone());
    let row = usize::from(input.u8()) % (durable.len() + volatile.len());
    let kept = durable.len();
    let list: &mut Records = if row < kept { &mut durable } else { &mut volatile };
    let (key, value) = &mut list[if row < kept { row } else { row - kept }];
    let how = input.u8();
    match how % 3 {
        0 => *value = input.rest().to_vec(),
        1 => *value = seal(key, input.rest()),
        _ => {
            let Some((nonce, sealed)) = value.split_first_chunk::<NONCE_LEN>() else { return };
            // The one record that is not sealed says which master key the store belongs to.
            let Ok(plain) = SealKey::new(MASTER_KEY).open(*nonce, key, sealed) else { return };
            let mut plain = plain.to_vec();
            edit(&mut plain, input);
            *value = seal(key, &plain);
        }
    }
    let key = key.clone();
    let Some(mut bench) = Bench::open(store(&durable), store(&volatile)) else { return };
    use_everything(&mut bench, &key);
}

fn seal(key: &[u8], plain: &[u8]) -> Vec<u8> {
    let nonce = [9; NONCE_LEN];
    let sealed = SealKey::new(MASTER_KEY).seal(nonce, key, plain).expect("small records are sealed");
    [&nonce[..], &sealed].concat()
}

/// Each edit is an offset, what to do there, and a byte.
fn edit(plain: &mut Vec<u8>, mut input: Input<'_>) {
    while !input.is_empty() && !plain.is_empty() {
        let (at, what, byte) = (usize::from(input.u8()) % plain.len(), input.u8(), input.u8());
        match what % 4 {
            0 => plain[at] ^= byte,
            1 => plain[at] = byte,
            2 => plain.insert(at, byte),
            _ => plain.truncate(at),
        }
    }
}

/// Requests that between them read every kind of record.
fn use_everything(bench: &mut Bench, key: &[u8]) {
    bench.log_in("master", "12345678");
    for name in ["master", "alice", "counter"] {
        let user = UserName::new(name).expect("a short name");
        bench.call(&UserInfo { user });
        bench.call(&ListGrants { user, direction: 1 });
        bench.call(&ListGrants { user, direction: 2 });
    }
    bench.call(&ListUsers { after: UserName::EMPTY, max: 100 });
    bench.call(&ListObjects { partition: UserName::EMPTY, after: ObjectName::EMPTY, max: 100 });
    bench.call(&GetPwdPolicy);
    bench.call(&ServerInfo);
    bench.call(&AToken { operation: A_TOKEN_LIST, key: [0; 16].into(), expiration: 0 });
    let object =
        key.strip_prefix(b"o/master/").and_then(|name| std::str::from_utf8(name).ok()).unwrap_or("aes");
    let name = ObjectName::new(object).expect("names in the store are short");
    bench.call(&ObjectInfo { name });
    let hash = bancada_wire::codec::ShortTail::new(&[5; 32]).expect("a hash fits");
    bench.call(&EccSign { name, hash_algorithm: 4, hash });
}
