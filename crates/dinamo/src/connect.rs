//! From an address to an open session: connecting with retries, then the steps `bancada_link` decides.

use std::io;

use bancada_link::client::{Action, Exchange, Opening, Parameters};
use bancada_link::{Address, Credentials, Doing, Error, Options, Result};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::sleep;

use crate::stream::{Stream, limit};

/// What opening leaves: everything a session is made of.
pub(crate) struct Connected {
    pub(crate) stream: Stream,
    pub(crate) exchange: Exchange,
    pub(crate) parameters: Parameters,
    pub(crate) password_expired: bool,
}

/// Opens a session; starts over on a new connection where that is safe and the options allow it.
pub(crate) async fn connect(
    address: &str,
    credentials: &Credentials,
    options: &Options,
) -> Result<Connected> {
    options.client_config().check()?;
    let address: Address = address.parse()?;
    let mut breaks = 0;
    loop {
        let mut opening = Opening::new(credentials, options.is_tls());
        match open(&address, &mut opening, options).await {
            Err(Error::Io { doing: Doing::Send | Doing::Receive, .. })
                if opening.may_restart() && options.client_config().restart_opening(breaks + 1) =>
            {
                breaks += 1;
            }
            outcome => return outcome,
        }
    }
}

async fn open(address: &Address, opening: &mut Opening<'_>, options: &Options) -> Result<Connected> {
    let shown = address.to_string();
    let timeouts = options.client_config();
    let mut tls = options.tls_for(address)?;
    let mut stream = Stream::Clear(tcp(address, options).await?);
    let mut cipher = None;
    let welcome = loop {
        match opening.step()? {
            Action::Send(bytes) => {
                stream
                    .send(bytes, timeouts.send_timeout)
                    .await
                    .map_err(|error| Error::io(Doing::Send, &shown, &error))?;
            }
            Action::Receive(space) => {
                match stream
                    .receive(space, timeouts.recv_timeout)
                    .await
                    .map_err(|error| Error::io(Doing::Receive, &shown, &error))?
                {
                    0 => return Err(Error::ended(Doing::Receive, &shown)),
                    count => opening.received(count),
                }
            }
            Action::StartTls => {
                let Some((config, name)) = tls.take() else {
                    return Err(Error::Misuse("TLS was asked for without a TLS configuration".into()));
                };
                let (tls, agreed) = limit(timeouts.recv_timeout, stream.start_tls(config, name))
                    .await
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

async fn tcp(address: &Address, options: &Options) -> Result<TcpStream> {
    let config = options.client_config();
    let shown = address.to_string();
    let mut failures = 0;
    loop {
        let error = match attempt(address, options).await {
            Ok(stream) => return Ok(stream),
            Err((doing, error)) => Error::io(doing, &shown, &error),
        };
        failures += 1;
        match config.retry_connect(failures) {
            Some(pause) if matches!(error, Error::Io { doing: Doing::Connect, .. }) => sleep(pause).await,
            _ => return Err(error),
        }
    }
}

/// Tries every IP address of the host once.
async fn attempt(address: &Address, options: &Options) -> std::result::Result<TcpStream, (Doing, io::Error)> {
    let config = options.client_config();
    let resolved = lookup_host((address.host(), address.port())).await;
    let none = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    let mut last = (Doing::Resolve, none);
    for candidate in resolved.map_err(|error| (Doing::Resolve, error))? {
        let connected = limit(config.connect_timeout, TcpStream::connect(candidate)).await;
        match connected.and_then(|stream| stream.set_nodelay(true).map(|()| stream)) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = (Doing::Connect, error),
        }
    }
    Err(last)
}
