//! The cases every client of ours must pass, written once: `driver_cases!(crate, #[test attribute], [async], [.await])`.

macro_rules! driver_cases {
    ($driver:ident, #[$test:meta], [$($asyncness:tt)*], [$($wait:tt)*]) => {
        use std::io::ErrorKind;
        use std::time::{Duration, Instant};

        use bancada_wire::frame::OperatingMode;
        use bancada_wire::op::{A_TOKEN_LIST, AToken, GetRandom, ObjExp, Ping, SessionInfo, SymCrypt};
        use bancada_wire::status::Status;
        use bancada_wire::text::ObjectName;
        use $driver::config::ClientConfig;
        use $driver::tls::ServerTrust;
        use $driver::{Credentials, Doing, Error, Opened, Options, Session};

        use crate::device::{Device, Fault, TOKEN_KEY};

        fn user() -> Credentials {
            Credentials::user("master", "12345678").unwrap()
        }

        fn with(config: ClientConfig) -> Options {
            Options::clear().config(config)
        }

        $($asyncness)* fn open(device: &Device) -> Session {
            Session::open(&device.address(), &user(), &Options::clear())$($wait)*.unwrap()
        }

        #[$test]
        $($asyncness)* fn every_kind_of_login_opens() {
            let device = Device::start(Fault::None);
            let token = "bWFzdGVyAAAAAAAAAAAAAAcHBwcHBwcHBwcHBwcHBwc=";
            for credentials in [
                user(),
                Credentials::user_otp("master", "12345678", "123456").unwrap(),
                Credentials::token("master", TOKEN_KEY).unwrap(),
                Credentials::token_text(token).unwrap(),
                Credentials::anonymous(),
            ] {
                for options in [Options::clear(), Options::tls(&ServerTrust::AcceptAny).unwrap()] {
                    let opened = Session::open(&device.address(), &credentials, &options)$($wait)*;
                    let mut session = opened.unwrap_or_else(|error| panic!("{credentials:?}: {error}"));
                    assert_eq!(session.operating_mode(), OperatingMode::Rm1);
                    assert_eq!(session.cipher().is_some(), options.is_tls());
                    session.call(Ping)$($wait)*.unwrap();
                    session.close()$($wait)*.unwrap();
                }
            }
            assert!(device.wait_for(|seen| seen.goodbyes == 10), "every close is told");
        }

        #[$test]
        $($asyncness)* fn every_reply_shape_is_read_however_it_arrives() {
            for fault in [Fault::None, Fault::Trickle] {
                let device = Device::start(fault);
                for options in [Options::clear(), Options::tls(&ServerTrust::AcceptAny).unwrap()] {
                    let mut session =
                        Session::open(&device.address(), &user(), &options)$($wait)*.unwrap();
                    let random = session.call(GetRandom { length: 300 })$($wait)*.unwrap();
                    assert_eq!(random.expose(), (0..300).map(|i| i as u8).collect::<Vec<_>>());
                    let list = AToken { operation: A_TOKEN_LIST, key: [0; 16].into(), expiration: 0 };
                    let tokens = session.call(list)$($wait)*.unwrap();
                    assert_eq!(tokens.0.iter().map(|token| token.expiration).collect::<Vec<_>>(), [0, 1, 2]);
                    let export = ObjExp { name: ObjectName::new("k").unwrap(), flags: 0 };
                    assert_eq!(session.call(export)$($wait)*.unwrap().expose(), [9; 3000]);
                    let refused = session.call(SessionInfo)$($wait)*.unwrap_err();
                    let expected = Error::Device { operation: "SESSION_INFO", status: Status::ERR_INVALID_PAYLOAD };
                    assert_eq!(refused, expected);
                    session.call(Ping)$($wait)*.unwrap();
                }
            }
        }

        #[$test]
        $($asyncness)* fn a_mebibyte_goes_there_and_back() {
            let device = Device::start(Fault::None);
            for options in [Options::clear(), Options::tls(&ServerTrust::AcceptAny).unwrap()] {
                let mut session = Session::open(&device.address(), &user(), &options)$($wait)*.unwrap();
                let data: Vec<u8> = (0..1u32 << 20).map(|i| (i >> 8) as u8 ^ i as u8).collect();
                let crypt = SymCrypt {
                    name: ObjectName::new("k").unwrap(),
                    direction: 0,
                    mode: 0,
                    padding: 0,
                    tag_length: 0,
                    iv_length: 0,
                    iv: [0; 32],
                    aad_length: 0,
                    data: data.clone().into(),
                };
                let echo = session.call(crypt)$($wait)*.unwrap();
                assert!(echo.expose() == data);
                session.call(Ping)$($wait)*.unwrap();
            }
        }

        #[$test]
        $($asyncness)* fn tls_trusts_whom_it_is_told_to() {
            let device = Device::start(Fault::None);
            let other = Device::start(Fault::None);
            for trust in [
                ServerTrust::Pinned(device.certificate.clone()),
                ServerTrust::Roots(vec![other.authority.clone(), device.authority.clone()]),
            ] {
                let options = Options::tls(&trust).unwrap();
                let session = Session::open(&device.address(), &user(), &options)$($wait)*.unwrap();
                let cipher = session.cipher().unwrap();
                assert!(cipher.starts_with("TLS_") && cipher.contains("AES"), "{cipher}");
                // A second session with the same options may resume the first one's TLS.
                let mut again = Session::open(&device.address(), &user(), &options)$($wait)*.unwrap();
                again.call(Ping)$($wait)*.unwrap();
            }
            for trust in [
                ServerTrust::Pinned(other.certificate.clone()),
                ServerTrust::Roots(vec![other.authority.clone()]),
            ] {
                let options = Options::tls(&trust).unwrap();
                let error = Session::open(&device.address(), &user(), &options)$($wait)*.unwrap_err();
                assert_eq!(error.status(), Status::SSL_CONNECT_FAILED, "{error}");
                assert!(error.to_string().contains("ertificate"), "{error}");
            }
            assert_eq!(device.seen(|seen| seen.connections), 6, "a refused certificate is not tried again");
        }

        #[$test]
        $($asyncness)* fn a_wrong_secret_is_refused_by_the_device() {
            let device = Device::start(Fault::None);
            for credentials in [
                Credentials::user("master", "87654321").unwrap(),
                Credentials::user_otp("master", "12345678", "000000").unwrap(),
                Credentials::token("master", [8; 16]).unwrap(),
            ] {
                let opened = Session::open(&device.address(), &credentials, &Options::clear())$($wait)*;
                let expected = Error::Device { operation: "LOGIN", status: Status::ERR_ACCESS_DENIED };
                assert_eq!(opened.unwrap_err(), expected);
            }
            assert_eq!(device.seen(|seen| seen.connections), 3, "a refused login is not tried again");
        }

        #[$test]
        $($asyncness)* fn an_expired_password_can_only_be_changed() {
            let device = Device::start(Fault::Expired);
            let options = Options::clear();
            let error = Session::open(&device.address(), &user(), &options)$($wait)*.unwrap_err();
            assert_eq!(error, Error::Device { operation: "LOGIN", status: Status::ERR_PWD_EXPIRED });

            let opened = Session::open_or_expired(&device.address(), &user(), &options)$($wait)*.unwrap();
            let Opened::PasswordExpired(expired) = opened else { panic!("{opened:?}") };
            let mut session = expired.change_password("new password")$($wait)*.unwrap();
            session.call(Ping)$($wait)*.unwrap();
        }

        #[$test]
        $($asyncness)* fn a_silent_device_runs_into_the_timeout_and_the_session_is_over() {
            let device = Device::start(Fault::Silent);
            let mut session = open(&device)$($wait)*;
            assert_eq!(session.recv_timeout(), None);
            assert!(matches!(session.set_recv_timeout(Some(Duration::ZERO)), Err(Error::Misuse(_))));
            assert!(matches!(session.set_send_timeout(Some(Duration::ZERO)), Err(Error::Misuse(_))));
            session.set_recv_timeout(Some(Duration::from_millis(50))).unwrap();
            session.set_send_timeout(Some(Duration::from_secs(5))).unwrap();
            assert_eq!(session.recv_timeout(), Some(Duration::from_millis(50)));
            assert_eq!(session.send_timeout(), Some(Duration::from_secs(5)));

            let error = session.call(Ping)$($wait)*.unwrap_err();
            assert!(matches!(&error, Error::Io { doing: Doing::Receive, kind: ErrorKind::TimedOut, .. }), "{error}");
            let error = session.call(Ping)$($wait)*.unwrap_err();
            assert!(matches!(&error, Error::Io { kind: ErrorKind::NotConnected, .. }), "{error}");
            session.close()$($wait)*.unwrap();
        }

        #[$test]
        $($asyncness)* fn a_lost_connection_is_not_mended_behind_the_callers_back() {
            let device = Device::start(Fault::CloseOnRequest);
            let mut session = open(&device)$($wait)*;
            let error = session.call(Ping)$($wait)*.unwrap_err();
            assert!(matches!(&error, Error::Io { doing: Doing::Receive, .. }), "{error}");
            let error = session.call(Ping)$($wait)*.unwrap_err();
            assert!(error.to_string().ends_with("Open a new session"), "{error}");
            assert_eq!(device.seen(|seen| seen.connections), 1);
        }

        #[$test]
        $($asyncness)* fn a_device_that_says_too_much_is_not_listened_to() {
            let device = Device::start(Fault::ExtraByte);
            let mut session = open(&device)$($wait)*;
            // The byte may arrive with the reply, or be taken for the head of the next one.
            let first = session.call(Ping)$($wait)*;
            let error = if first.is_ok() { session.call(Ping)$($wait)*.unwrap_err() } else { first.unwrap_err() };
            assert!(matches!(&error, Error::PeerMisbehaved(_)), "{error}");
        }

        #[$test]
        $($asyncness)* fn opening_starts_over_until_the_proof_was_sent() {
            let device = Device::start(Fault::DropHellos(2));
            open(&device)$($wait)*;
            assert_eq!(device.seen(|seen| seen.connections), 3);

            let stubborn = Device::start(Fault::DropHellos(2));
            let once = with(ClientConfig { max_socket_retries: 1, ..ClientConfig::default() });
            let error = Session::open(&stubborn.address(), &user(), &once)$($wait)*.unwrap_err();
            assert_eq!(error.status(), Status::RECV_FAILED);
            assert_eq!(stubborn.seen(|seen| seen.connections), 2);

            let risky = Device::start(Fault::CloseOnProof);
            let error = Session::open(&risky.address(), &user(), &Options::clear())$($wait)*.unwrap_err();
            assert!(matches!(&error, Error::Io { doing: Doing::Receive, .. }), "{error}");
            assert_eq!(risky.seen(|seen| seen.connections), 1, "a login that may count is not repeated");
        }

        #[$test]
        $($asyncness)* fn an_address_without_a_device_is_tried_again_and_named() {
            let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let address = format!("127.0.0.1:{port}");
            let config = ClientConfig { max_connect_retries: 1, ..ClientConfig::default() };
            let started = Instant::now();
            let error = Session::open(&address, &user(), &with(config))$($wait)*.unwrap_err();
            assert!(started.elapsed() >= Duration::from_millis(50));
            assert_eq!(error.status(), Status::CONNECT_FAILED);
            assert!(error.to_string().contains(&address), "{error}");

            let zero = ClientConfig { connect_timeout: Some(Duration::ZERO), ..ClientConfig::default() };
            let error = Session::open(&address, &user(), &with(zero))$($wait)*.unwrap_err();
            assert!(matches!(error, Error::Misuse(_)), "{error}");
        }

        #[$test]
        $($asyncness)* fn a_stream_is_hashed_in_segments() {
            let device = Device::start(Fault::None);
            let mut session = open(&device)$($wait)*;
            let mut hasher = session.hash(4, Some("mac-key"))$($wait)*.unwrap();
            hasher.update(&[1; 1000])$($wait)*.unwrap();
            hasher.update(&[2; 5000])$($wait)*.unwrap();
            hasher.update(&[])$($wait)*.unwrap();
            assert_eq!(hasher.finish()$($wait)*.unwrap(), [0xAB; 32]);
            assert_eq!(device.seen(|seen| seen.segments.clone()), [2048, 2048, 1904]);

            let empty = session.hash(4, None)$($wait)*.unwrap();
            assert_eq!(empty.finish()$($wait)*.unwrap(), [0xAB; 32]);
            assert!(device.seen(|seen| seen.segments.is_empty()));
            let long = "x".repeat(51);
            assert!(matches!(session.hash(4, Some(&long))$($wait)*, Err(Error::Misuse(_))));
        }

        #[$test]
        $($asyncness)* fn a_dropped_session_says_nothing() {
            let device = Device::start(Fault::None);
            drop(open(&device)$($wait)*);
            let session = open(&device)$($wait)*;
            session.close_physically()$($wait)*.unwrap();
            assert!(device.wait_for(|seen| seen.goodbyes == 1));
            assert_eq!(device.seen(|seen| (seen.connections, seen.goodbyes)), (2, 1));
        }
    };
}
