//! Hashes and MACs over streams (§6).

use std::collections::BTreeSet;

use bancada_crypto::hash::digest;
use bancada_wire::status::Status;

use super::state::{MaterialId, Origin};
use super::{Fault, Model, fault, require, rules};
use crate::check::{Check, hash_of};
use crate::scenario::{Call, Change, Data, Handle, Slot};

/// Streams that may run in a session (§6).
const MAX_STREAMS: usize = 16;

type Answer = Result<(Check, Option<Origin>), Fault>;

impl Model {
    pub(super) fn stream_call(&mut self, handle: Handle, call: &Call, into: Option<Slot>) -> Answer {
        match call {
            Call::HashStart { algorithm, key } => self.hash_start(handle, *algorithm, key, into),
            Call::HashCont { ticket, data } => {
                let slot = self.running(handle, ticket)?;
                let more = self.known_bytes(data).ok_or(Fault::Unknown)?;
                require(more.len() <= 2048, Status::ERR_INVALID_PAYLOAD)?;
                if let Some(Origin::Ticket { data, .. }) = self.slots.get_mut(&slot) {
                    data.extend_from_slice(&more);
                }
                Ok((Check::Any, None))
            }
            Call::HashEnd { ticket } => {
                let slot = self.running(handle, ticket)?;
                let streams: &mut BTreeSet<Slot> = &mut self.session_mut(handle)?.streams;
                streams.remove(&slot);
                match self.slots.get(&slot) {
                    Some(Origin::Ticket { algorithm, key, data, .. }) => {
                        Ok((self.stream_check(*algorithm, *key, data), None))
                    }
                    _ => Err(Fault::Unknown),
                }
            }
            Call::Hash { algorithm, key, data } => {
                let key = self.stream_key(handle, *algorithm, key)?;
                let session = self.session(handle)?;
                let running = session.streams.len() + session.lost_streams;
                require(running < MAX_STREAMS, Status::ERR_CANNOT_ALLOC_RES)?;
                let data = self.known_bytes(data).ok_or(Fault::Unknown)?;
                Ok((self.stream_check(*algorithm, key, &data), None))
            }
            _ => Err(Fault::Unknown),
        }
    }

    fn hash_start(&mut self, handle: Handle, algorithm: u8, key: &str, into: Option<Slot>) -> Answer {
        let key = self.stream_key(handle, algorithm, key)?;
        let session = self.session_mut(handle)?;
        require(session.streams.len() + session.lost_streams < MAX_STREAMS, Status::ERR_CANNOT_ALLOC_RES)?;
        match into {
            Some(slot) => {
                session.streams.insert(slot);
            }
            None => session.lost_streams += 1,
        }
        Ok((Check::Length(2), Some(Origin::Ticket { algorithm, key, data: Vec::new() })))
    }

    /// The key of a stream, if it is a MAC; mode and number checked.
    fn stream_key(&self, handle: Handle, algorithm: u8, key: &str) -> Result<Option<MaterialId>, Fault> {
        if rules::mac_key_fits(algorithm, 0).is_some() {
            return self.mac_key(handle, key, algorithm).map(Some);
        }
        require(hash_of(algorithm).is_some(), Status::ERR_INVALID_HASH)?;
        let (plain, approved) = (key.is_empty(), rules::hash_approved(algorithm, self.mode));
        match (plain, approved) {
            (true, true) => Ok(None),
            (true, false) => fault(Status::ERR_NON_APPROVED_OPERATION),
            (false, true) => fault(Status::ERR_INVALID_PAYLOAD),
            (false, false) => Err(Fault::Unknown),
        }
    }

    fn stream_check(&self, algorithm: u8, key: Option<MaterialId>, data: &[u8]) -> Check {
        match (key, hash_of(algorithm)) {
            (Some(key), _) => self.mac_check(key, algorithm, data),
            (None, Some(hash)) => Check::Bytes(digest(hash, data).to_vec()),
            (None, None) => Check::Any,
        }
    }

    /// The slot of a stream that runs in this session; 5007 otherwise.
    fn running(&self, handle: Handle, ticket: &Data) -> Result<Slot, Fault> {
        let session = self.session(handle)?;
        match ticket {
            Data::Slot { slot, change: Change::None } if session.streams.contains(slot) => Ok(*slot),
            // Another session's ticket may name one of this session's streams, too.
            _ if session.streams.is_empty() && session.lost_streams == 0 => fault(Status::ERR_INVALID_CTX),
            Data::Bytes(bytes) if bytes == &[0xFF, 0xFF] => fault(Status::ERR_INVALID_CTX),
            _ => Err(Fault::Unknown),
        }
    }
}
