//! From an address to an open session: connecting with retries, then the steps `bancada_link` decides.

use std::io;
use std::net::{TcpStream, ToSocketAddrs};
use std::thread::sleep;

use bancada_link::client::{Action, Exchange, Opening, Parameters};
use bancada_link::{Address, Credentials, Doing, Error, Options, Result};

use crate::stream::Stream;

/// What opening leaves: everything a session is made of.
pub(crate) struct Connected {
    pub(crate) stream: Stream,
    pub(crate) exchange: Exchange,
    pub(crate) parameters: Parameters,
    pub(crate) password_expired: bool,
}

/// Opens a session; starts over on a new connection where that is safe and the options allow it.
pub(crate) fn connect(address: &str, credentials: &Credentials, options: &Options) -> Result<Connected> {
    options.client_config().check()?;
    let address: Address = address.parse()?;
    let mut breaks = 0;
    loop {
        let mut opening = Opening::new(credentials, options.is_tls());
        match open(&address, &mut opening, options) {
            Err(Error::Io { doing: Doing::Send | Doing::Receive, .. })
                if opening.may_restart() && options.client_config().restart_opening(breaks + 1) =>
            {
                breaks += 1;
            }
            outcome => return outcome,
        }
    }
}

fn open(address: &Address, opening: &mut Opening<'_>, options: &Options) -> Result<Connected> {
    let shown = address.to_string();
    let mut tls = options.tls_for(address)?;
    let mut stream = Stream::Clear(tcp(address, options)?);
    let mut cipher = None;
    let welcome = loop {
        match opening.step()? {
            Action::Send(bytes) => {
                stream.send(bytes).map_err(|error| Error::io(Doing::Send, &shown, &error))?;
            }
            Action::Receive(space) => {
                match stream.receive(space).map_err(|error| Error::io(Doing::Receive, &shown, &error))? {
                    0 => return Err(Error::ended(Doing::Receive, &shown)),
                    count => opening.received(count),
                }
            }
            Action::StartTls => {
                let Some((config, name)) = tls.take() else {
                    return Err(Error::Misuse("TLS was asked for without a TLS configuration".into()));
                };
                let (tls, agreed) = stream
                    .start_tls(config, name)
                    .map_err(|error| Error::io(Doing::StartTls, &shown, &error))?;
                (stream, cipher) = (tls, Some(agreed));
            }
            Action::Done(welcome) => break welcome,
        }
    };
    let parameters = Parameters::new(shown.clone(), &welcome, cipher, *options.client_config());
    let exchange = Exchange::new(shown);
    Ok(Connected { stream, exchange, parameters, password_expired: welcome.password_expired })
}

fn tcp(address: &Address, options: &Options) -> Result<TcpStream> {
    let config = options.client_config();
    let shown = address.to_string();
    let mut failures = 0;
    loop {
        let error = match attempt(address, options) {
            Ok(stream) => return Ok(stream),
            Err((doing, error)) => Error::io(doing, &shown, &error),
        };
        failures += 1;
        match config.retry_connect(failures) {
            Some(pause) if matches!(error, Error::Io { doing: Doing::Connect, .. }) => sleep(pause),
            _ => return Err(error),
        }
    }
}

/// Tries every IP address of the host once.
fn attempt(address: &Address, options: &Options) -> std::result::Result<TcpStream, (Doing, io::Error)> {
    let config = options.client_config();
    let resolved =
        (address.host(), address.port()).to_socket_addrs().map_err(|error| (Doing::Resolve, error))?;
    let none = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    let mut last = (Doing::Resolve, none);
    for candidate in resolved {
        let connected = match config.connect_timeout {
            Some(timeout) => TcpStream::connect_timeout(&candidate, timeout),
            None => TcpStream::connect(candidate),
        };
        match connected.and_then(|stream| prepare(stream, options)) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = (Doing::Connect, error),
        }
    }
    Err(last)
}

fn prepare(stream: TcpStream, options: &Options) -> io::Result<TcpStream> {
    let config = options.client_config();
    stream.set_nodelay(true)?;
    // A fresh socket has none, so most sessions are spared two system calls.
    if config.send_timeout.is_some() {
        stream.set_write_timeout(config.send_timeout)?;
    }
    if config.recv_timeout.is_some() {
        stream.set_read_timeout(config.recv_timeout)?;
    }
    Ok(stream)
}
