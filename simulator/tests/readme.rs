//! The README's example, run as it stands there.
#![allow(missing_docs, reason = "a test has no interface")]

use bancada_dinamo::{Credentials, Options, Session};
use bancada_simulator::Cluster;
use bancada_wire::op::GetRandom;

#[tokio::test(flavor = "multi_thread")]
async fn an_application_draws_random_bytes() -> Result<(), Box<dyn std::error::Error>> {
    let cluster = Cluster::builder().nodes(1).user("app", "app-password", 0).start().await?;
    let address = cluster.nodes()[0].address().to_string();
    let app = Credentials::user("app", "app-password")?;
    let mut session = Session::open(&address, &app, &Options::clear()).await?;
    let random = session.call(GetRandom { length: 32 }).await?;
    assert_eq!(random.expose().len(), 32);
    session.close().await?;
    cluster.shutdown().await;
    Ok(())
}

#[test]
fn the_readme_shows_this_very_test() {
    let source = include_str!("readme.rs");
    let start = source.find("#[tokio::test").unwrap();
    let end = source.find("\n#[test]").unwrap();
    assert!(
        include_str!("../../README.md").contains(&source[start..end]),
        "the README shows another example"
    );
}
