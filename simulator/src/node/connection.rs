//! One connection of a node: reads requests, has the device execute them, sends the answers (npm hsm-dinamo 4.9.1).

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bancada_engine::{Env, Hsm, Kind, Request, Session};
use bancada_link::server::{Event, ServerConnection};
use bancada_wire::frame::Hello;
use bancada_wire::op::{Authenticate, Operation};
use bancada_wire::reply::Reply;
use bancada_wire::status::Status;
use rustls::ServerConfig;
use tokio::net::TcpStream;
use tokio::task::block_in_place;

use super::Host;
use super::fault::{Budget, FaultState, Faults};
use super::registry::{About, End, Registered};
use super::transport::{Stop, Transport};
use crate::metrics::Row;
use crate::random::NodeRandom;

/// Bytes a connection keeps for its next reply: most replies fit.
const KEPT_REPLY: usize = 512;
/// How long a closed connection waits for its peer to see the last answer and close too.
const LINGER_MS: u64 = 1000;

/// A connection: what arrives, and what is done about it.
pub(super) struct Connection {
    machine: ServerConnection,
    core: Core,
}

/// Everything but the bytes that are being read.
struct Core {
    host: Arc<Host>,
    hsm: Arc<Hsm>,
    // Before the place: the socket is closed when the registry forgets the connection.
    transport: Transport,
    place: Registered,
    session: Option<Session>,
    /// Cipher suite; empty on a clear connection.
    cipher: &'static str,
    reply: Reply,
    budget: Budget,
    random: NodeRandom,
    /// Whether the login is over.
    settled: bool,
    /// Whether part of a request has arrived and the rest has a deadline.
    mid_frame: bool,
}

impl Connection {
    pub(super) fn new(host: Arc<Host>, place: Registered, stream: TcpStream) -> Self {
        let (hsm, random) = (host.hsm(), host.random.clone());
        let core = Core {
            host,
            hsm,
            place,
            transport: Transport::Clear(stream),
            session: None,
            cipher: "",
            reply: Reply::new(),
            budget: Budget::default(),
            random,
            settled: false,
            mid_frame: false,
        };
        Self { machine: ServerConnection::new(), core }
    }

    /// Serves the connection until it ends.
    pub(super) async fn serve(mut self) {
        let patience = self.core.host.limits.handshake_timeout_ms;
        self.core.set_deadline(Some(patience));
        let Err(stop) = self.run().await;
        self.core.end(stop).await;
    }

    async fn run(&mut self) -> Result<std::convert::Infallible, Stop> {
        loop {
            while let Some(event) = self.machine.poll() {
                let core = &mut self.core;
                match event {
                    Event::Hello(hello) => core.greet(hello).await?,
                    Event::Request { code, flag, payload } => {
                        core.request(Row::of(code), code, Request::Frame { code, flag, payload }).await?;
                        if core.session.as_ref().is_some_and(Session::expects_login_response) {
                            self.machine.challenge_sent();
                        }
                    }
                    Event::LoginResponse(answer) => {
                        let code = Authenticate::SPEC.code;
                        core.request(Row::Login, code, Request::LoginResponse(answer)).await?;
                    }
                    Event::TooLarge { code } => {
                        core.request(Row::of(code), code, Request::TooLarge { code }).await?;
                        return Err(Stop::Done);
                    }
                    Event::Malformed(why) => return Err(Stop::Broke(why.into())),
                    Event::Close => return Err(Stop::Done),
                }
            }
            let mid_frame = self.machine.is_mid_frame();
            self.core.await_bytes(&mut self.machine, mid_frame).await?;
        }
    }
}

impl Core {
    async fn await_bytes(&mut self, machine: &mut ServerConnection, mid_frame: bool) -> Result<(), Stop> {
        if self.settled && mid_frame != self.mid_frame {
            self.mid_frame = mid_frame;
            self.set_deadline(mid_frame.then_some(self.host.limits.request_timeout_ms));
        }
        if mid_frame {
            self.place.entry.work()?;
        }
        let room = machine.read_space();
        match self.transport.read(&self.place.entry, room).await? {
            0 if mid_frame => Err(Stop::Gone("the connection ended in the middle of a request".into())),
            0 => Err(Stop::Done),
            count => {
                machine.advance(count);
                self.host.metrics.bytes_received.add(count as u64);
                Ok(())
            }
        }
    }

    async fn greet(&mut self, hello: Hello) -> Result<(), Stop> {
        let faults = self.host.faults.current();
        if faults.is_some_and(|(_, faults)| faults.drop) {
            return Ok(());
        }
        let tls = match (hello.tls, &self.host.tls) {
            (false, _) => None,
            (true, Some(config)) => Some(Arc::clone(config)),
            (true, None) => {
                return Err(Stop::Broke("TLS was asked for, and this node has it switched off".into()));
            }
        };
        self.send_bytes(&hello.acknowledgement().to_le_bytes(), faults).await?;
        self.cipher = match tls {
            None => "",
            Some(config) => self.start_tls(config).await?,
        };
        let now_ms = self.host.clock.now_ms();
        let mut env = Env { now_ms, random: &mut self.random };
        self.session = Some(self.hsm.session(hello, self.cipher, &mut env));
        self.tell_about();
        Ok(())
    }

    async fn start_tls(&mut self, config: Arc<ServerConfig>) -> Result<&'static str, Stop> {
        let started = self.transport.start_tls(&self.place.entry, config).await;
        started.map_err(|stop| match stop {
            Stop::Gone(why) => {
                self.host.metrics.tls_handshakes_failed.add(1);
                Stop::Broke(format!("the TLS handshake failed: {why}"))
            }
            other => other,
        })
    }

    /// Executes one request and sends its answer.
    async fn request(&mut self, row: Row, code: u32, request: Request<'_>) -> Result<(), Stop> {
        let faults = self.host.faults.current();
        if faults.is_some_and(|(_, faults)| faults.drop) {
            return self.rest(self.host.clock.now_ms());
        }
        self.place.entry.work()?;
        let arrived = Instant::now();
        match self.host.pool(code) {
            None => self.execute(request)?,
            Some(pool) => {
                let pool = Arc::clone(pool);
                // Never closed: it lives as long as the node.
                let _permit = pool.acquire().await.map_err(|_| Stop::Done)?;
                block_in_place(|| self.execute(request))?;
            }
        }
        let status = self.reply.status();
        self.host.metrics.executed(row, status, arrived.elapsed());
        if !self.settled {
            self.follow_login(status);
        }
        let answered_ms = self.send_reply(faults).await?;
        if self.reply.disconnects() { Err(Stop::Done) } else { self.rest(answered_ms) }
    }

    /// Counts idleness from `since_ms` on. Time may have jumped since, before the registry could see that nothing is done here:
    /// whoever has the answer and advances the clock finds the session closed.
    fn rest(&self, since_ms: u64) -> Result<(), Stop> {
        self.place.entry.rest(since_ms);
        match self.place.entry.ends_idle(self.host.clock.now_ms(), self.hsm.idle_timeout_ms()) {
            true => Err(Stop::Told(End::Close)),
            false => Ok(()),
        }
    }

    fn execute(&mut self, request: Request<'_>) -> Result<(), Stop> {
        let now_ms = self.host.clock.now_ms();
        self.reply.clear(KEPT_REPLY);
        let Some(session) = &mut self.session else {
            return Err(Stop::Broke("a request came before the hello was answered".into()));
        };
        let (hsm, reply, random) = (&self.hsm, &mut self.reply, &mut self.random);
        let executed = catch_unwind(AssertUnwindSafe(|| {
            hsm.execute(session, &mut Env { now_ms, random }, request, reply);
        }));
        executed.map_err(|_| {
            tracing::error!(node = %self.host.name, "an operation panicked; its connection is closed");
            Stop::Done
        })
    }

    /// Notes where a login has got to.
    fn follow_login(&mut self, status: Status) {
        let login_over = self.session.as_ref().is_some_and(|session| session.kind().is_some());
        if login_over {
            self.settled = true;
            self.set_deadline(None);
            self.tell_about();
            let (user, kind) = self.session.as_ref().map_or((None, None), |s| (s.user(), s.kind()));
            let kind = kind.map(Kind::name);
            tracing::debug!(node = %self.host.name, peer = %self.place.entry.peer, user, kind, "login");
        } else if status != Status::SUCCESS {
            self.host.metrics.logins_failed.add(1);
        }
    }

    fn tell_about(&self) {
        let Some(session) = &self.session else { return };
        let cipher = self.transport.has_records().then_some(self.cipher);
        self.place.entry.set_about(About {
            session: session.id(),
            user: session.user().map(Into::into),
            kind: session.kind().map_or("login", |kind| kind.name()),
            cipher,
        });
    }

    fn set_deadline(&self, patience_ms: Option<u64>) {
        self.host.registry.set_deadline(&self.place.entry, patience_ms);
    }

    /// Sends the reply; gives the device's time when it was there to be sent.
    async fn send_reply(&mut self, faults: Option<(u64, Faults)>) -> Result<u64, Stop> {
        if let Some(latency) = faults.and_then(|(_, faults)| FaultState::latency(&faults)) {
            let mut sleep = Box::pin(tokio::time::sleep(latency));
            let entry = &self.place.entry;
            poll_fn(|cx| entry.guard(cx, |cx| sleep.as_mut().poll(cx))).await?;
        }
        let answered_ms = self.host.clock.now_ms();
        let reply = std::mem::take(&mut self.reply);
        let sent = if self.transport.has_records() {
            self.send_records(&reply, faults).await
        } else {
            self.send_bytes(reply.bytes(), faults).await
        };
        self.reply = reply;
        sent.map(|()| answered_ms)
    }

    async fn send_records(&mut self, reply: &Reply, faults: Option<(u64, Faults)>) -> Result<(), Stop> {
        for record in reply.records() {
            self.send_bytes(record, faults).await?;
        }
        Ok(())
    }

    async fn send_bytes(&mut self, bytes: &[u8], faults: Option<(u64, Faults)>) -> Result<(), Stop> {
        let cut = faults.and_then(|(version, faults)| self.budget.spend(version, &faults, bytes.len()));
        let bytes = &bytes[..cut.unwrap_or(bytes.len()).min(bytes.len())];
        let Self { host, place, transport, settled, .. } = self;
        let mut stalled = false;
        let stall = || {
            if *settled && !stalled {
                stalled = true;
                host.registry.set_deadline(&place.entry, Some(host.limits.request_timeout_ms));
            }
        };
        transport.write(&place.entry, bytes, stall).await?;
        host.metrics.bytes_sent.add(bytes.len() as u64);
        if stalled {
            self.set_deadline(None);
            self.mid_frame = false;
        }
        match (cut, faults) {
            (Some(_), Some((_, Faults { reset: true, .. }))) => Err(Stop::Told(End::Reset)),
            (Some(_), _) => Err(Stop::Told(End::Close)),
            (None, _) => Ok(()),
        }
    }

    async fn end(mut self, stop: Stop) {
        if let Some(session) = self.session.take() {
            let now_ms = self.host.clock.now_ms();
            self.hsm.close(&session, &mut Env { now_ms, random: &mut self.random });
        }
        let (node, peer) = (&self.host.name, self.place.entry.peer);
        match stop {
            Stop::Told(End::Reset) => self.transport.reset_on_drop(),
            Stop::Told(End::Close) => {}
            Stop::Gone(why) => tracing::debug!(%node, %peer, why, "connection lost"),
            // Worth a look: this is what a client that is set up wrongly does.
            Stop::Broke(why) => tracing::info!(%node, %peer, why, "connection closed"),
            Stop::Done => self.linger().await,
        }
    }

    /// Sends the end of the stream and takes what still comes: closing over unread bytes would reset the connection,
    /// and the peer might lose the last answer.
    async fn linger(&mut self) {
        self.set_deadline(Some(LINGER_MS));
        let lingering = async {
            self.transport.finish(&self.place.entry).await?;
            let mut scrap = [0; 512];
            while self.transport.read(&self.place.entry, &mut scrap).await? > 0 {}
            Ok::<(), Stop>(())
        };
        // The peer may be gone already, or take too long: either way this is the end.
        let _ = tokio::time::timeout(Duration::from_millis(LINGER_MS), lingering).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_idle_connection_is_small() {
        // What the runtime keeps of a waiting connection: all of it but the socket and the read buffer.
        fn size<F: Future>(_: &impl Fn(Connection) -> F) -> usize {
            size_of::<F>()
        }
        let bytes = size(&Connection::serve);
        assert!(bytes < 4096, "{bytes} bytes of state a connection");
    }
}
