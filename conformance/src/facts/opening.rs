//! What our client writes when it opens a session, against a device that is a list of answers.

use bancada_link::client::{Action, Opening};
use bancada_link::{Credentials, Result};

/// The bytes of an opening, as far as the answers carried it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Opened {
    /// What the client wrote, write by write.
    pub sent: Vec<Vec<u8>>,
    /// Writes before TLS was to start, `None` when it was not.
    pub tls_after: Option<usize>,
    /// Whether the client is logged in.
    pub done: bool,
}

/// Opens a session; every read of the client takes one of `answers`, and without one it ends.
///
/// # Errors
/// What the client makes of a wrong answer.
pub fn opened(credentials: &Credentials, tls: bool, answers: &[&[u8]]) -> Result<Opened> {
    let mut opening = Opening::new(credentials, tls);
    let mut opened = Opened::default();
    let mut answers = answers.iter();
    loop {
        let count = match opening.step()? {
            Action::Send(bytes) => {
                opened.sent.push(bytes.to_vec());
                continue;
            }
            Action::StartTls => {
                opened.tls_after = Some(opened.sent.len());
                continue;
            }
            Action::Receive(room) => {
                let Some(answer) = answers.next() else { return Ok(opened) };
                let count = room.len().min(answer.len());
                room[..count].copy_from_slice(&answer[..count]);
                count
            }
            Action::Done(_) => {
                opened.done = true;
                return Ok(opened);
            }
        };
        opening.received(count);
    }
}
