//! The loopback interface by itself: exchanges of the same sizes between two ends that do nothing else. No protocol over TCP can
//! be faster on this machine, so these rates say how much of a ratio below 1 is the operating system's.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// Bytes of an exchange: those of an ECC_SIGN request and its reply.
const REQUEST: usize = 91;
const REPLY: usize = 80;

/// Exchanges per second between two threads that block.
pub(crate) fn blocking_rate(time: Duration) -> f64 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a listener");
    let address = listener.local_addr().expect("its address");
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        stream.set_nodelay(true).expect("no delay");
        let mut request = [0; REQUEST];
        while stream.read_exact(&mut request).is_ok() {
            stream.write_all(&[0; REPLY]).expect("a reply");
        }
    });
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.set_nodelay(true).expect("no delay");
    let (start, mut count, mut reply) = (Instant::now(), 0u64, [0; REPLY]);
    while start.elapsed() < time {
        stream.write_all(&[0; REQUEST]).expect("a request");
        stream.read_exact(&mut reply).expect("a reply");
        count += 1;
    }
    let rate = count as f64 / start.elapsed().as_secs_f64();
    drop(stream);
    server.join().expect("the server ends");
    rate
}

/// Exchanges per second over `connections` connections, both ends on tokio with a worker thread for each core.
pub(crate) fn tasks_rate(connections: usize, time: Duration) -> f64 {
    let runtime = || tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let (server, client) = (runtime(), runtime());
    let listener = server.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("a listener");
    let address = listener.local_addr().expect("its address");
    server.spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            stream.set_nodelay(true).expect("no delay");
            tokio::spawn(async move {
                let mut request = [0; REQUEST];
                while stream.read_exact(&mut request).await.is_ok()
                    && stream.write_all(&[0; REPLY]).await.is_ok()
                {}
            });
        }
    });
    let stop = Arc::new(AtomicBool::new(false));
    let rate = client.block_on(async {
        let mut tasks = Vec::new();
        for _ in 0..connections {
            let mut stream = tokio::net::TcpStream::connect(address).await.expect("a connection");
            stream.set_nodelay(true).expect("no delay");
            let stop = Arc::clone(&stop);
            tasks.push(tokio::spawn(async move {
                let (mut count, mut reply) = (0u64, [0; REPLY]);
                while !stop.load(Ordering::Relaxed) {
                    stream.write_all(&[0; REQUEST]).await.expect("a request");
                    stream.read_exact(&mut reply).await.expect("a reply");
                    count += 1;
                }
                count
            }));
        }
        tokio::time::sleep(time).await;
        stop.store(true, Ordering::Relaxed);
        let mut total = 0;
        for task in tasks {
            total += task.await.expect("no client fails");
        }
        total as f64 / time.as_secs_f64()
    });
    server.shutdown_background();
    rate
}
