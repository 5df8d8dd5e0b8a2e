//! Keeps web pages away from the admin API: a browser on the same machine reaches loopback too.
//!
//! A page can send requests here by naming the address (refused by `Origin`) or by pointing a name of its own at
//! loopback (DNS rebinding; refused by `Host`). Fetch standard, "Origin" header; RFC 9110 §7.2.

use std::net::IpAddr;

use axum::extract::Request;
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::error::Failure;

/// Lets a request through that does not come from somebody else's web page.
pub(super) async fn refuse_web_pages(request: Request, next: Next) -> Response {
    match refused(request.headers()) {
        None => next.run(request).await,
        Some(why) => Failure::new(StatusCode::FORBIDDEN, why).into_response(),
    }
}

fn refused(headers: &HeaderMap) -> Option<&'static str> {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let Some(host) = text(HOST).filter(|host| is_loopback(host)) else {
        return Some("the Host header must name a loopback address: use http://127.0.0.1 and the port");
    };
    match text(ORIGIN) {
        Some(origin) if origin.strip_prefix("http://") != Some(host) => {
            Some("requests of web pages are refused: use `simulator ctl`, curl, or a program")
        }
        _ => None,
    }
}

/// Whether an authority (`host`, `host:port`, `[v6]:port`) is this machine.
fn is_loopback(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split_once(']').map_or("", |(host, _)| host),
        None => authority.split_once(':').map_or(authority, |(host, _)| host),
    };
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(host: &str, origin: Option<&str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(ORIGIN, origin.parse().unwrap());
        }
        headers
    }

    #[test]
    fn programs_on_this_machine_get_in() {
        for host in ["127.0.0.1:8080", "localhost:1", "LOCALHOST", "[::1]:80", "127.1.2.3"] {
            assert_eq!(refused(&headers(host, None)), None, "{host}");
        }
        assert_eq!(refused(&headers("127.0.0.1:80", Some("http://127.0.0.1:80"))), None);
    }

    #[test]
    fn web_pages_do_not() {
        for host in ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "", "10.0.0.1", "[::1"] {
            assert!(refused(&headers(host, None)).is_some(), "{host}");
        }
        assert!(refused(&HeaderMap::new()).is_some());
        for origin in ["http://evil.example", "null", "https://127.0.0.1:80", "http://127.0.0.1:81"] {
            assert!(refused(&headers("127.0.0.1:80", Some(origin))).is_some(), "{origin}");
        }
    }
}
