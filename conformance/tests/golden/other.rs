//! The values of the exchanges that name what a device drew.

use bancada_conformance::golden::Exchange;
use bancada_wire::codec::{Items, ShortTail, Tail};
use bancada_wire::op::*;
use bancada_wire::text::{FixedSecret, ObjectName};

use crate::hold::holds;
use crate::session::bytes;

/// `printf ZZZ | sha256sum`
const SHA_256_OF_ZZZ: &str = "71f3e86c42376ed1c9583f0117fad889f5139926594992b3f573e17939cb038f";

pub(crate) fn other(exchange: &Exchange) {
    let tokens = |operation, key: u8| AToken { operation, key: [key; 16].into(), expiration: u64::MAX };
    match exchange.name.as_str() {
        "revoke a token" => holds(exchange, tokens(2, 0x5A), Items(Vec::new())),
        "list two tokens" => {
            let first = AccessToken { key: [0x11; 16].into(), expiration: u64::MAX };
            let second = AccessToken { key: [0x22; 16].into(), expiration: 1_700_000_000_000 };
            holds(exchange, tokens(3, 0), Items(vec![first, second]));
            assert_eq!(exchange.server.len(), 3, "one record for each token, one for the end");
        }
        "list no tokens" => holds(exchange, tokens(3, 0), Items(Vec::new())),
        "start a hash" => {
            let start = HashStart { algorithm: 4, key: ObjectName::EMPTY };
            holds(exchange, start, HashStartResponse { ticket: 1 });
        }
        "feed a hash" => {
            let data = ShortTail::new(b"ZZZ").unwrap();
            holds(exchange, HashCont { ticket: 1, length: 3, data }, ());
        }
        "end a hash" => holds(exchange, HashEnd { ticket: 1 }, Tail(bytes(SHA_256_OF_ZZZ))),
        "recover a secret" => {
            let parts = vec![FixedSecret::from([0x5A; 27]); 2];
            let response = MOfNRecoverResponse { secret: [0xA1; 24].into() };
            holds(exchange, MOfNRecover { parts: Items(parts) }, response);
        }
        name => panic!("no values for {name}"),
    }
}
