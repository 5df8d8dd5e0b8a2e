//! The asynchronous client against a scripted device.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../../link/tests/device/mod.rs"]
mod device;

#[macro_use]
#[path = "../../link/tests/device/cases.rs"]
mod cases;

driver_cases!(bancada_dinamo, #[tokio::test], [async], [.await]);

#[tokio::test]
async fn a_cancelled_call_poisons_the_session_instead_of_mixing_replies() {
    let device = Device::start(Fault::Silent);
    let mut session = open(&device).await;
    let call = tokio::time::timeout(Duration::from_millis(30), session.call(Ping)).await;
    assert!(call.is_err(), "the device is silent");
    let error = session.call(GetRandom { length: 4 }).await.unwrap_err();
    assert!(matches!(&error, Error::Misuse(text) if text.contains("open a new session")), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_sessions_run_on_tasks_of_their_own() {
    let device = Device::start(Fault::None);
    let tasks: Vec<_> = (0..16)
        .map(|length| {
            let address = device.address();
            tokio::spawn(async move {
                let mut session = Session::open(&address, &user(), &Options::clear()).await?;
                for _ in 0..50 {
                    assert_eq!(session.call(GetRandom { length }).await?.expose().len(), length as usize);
                }
                session.close().await
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
}
