//! Plays a life through a driver, call by call, and compares each answer with the model.

use super::action::{Action, Life};
use super::call::Reply;
use super::driver::TokenDriver;
use super::stage::{Expect, Prepared, Stage};
use crate::runner::play::Difference;

/// What playing came to.
#[derive(Debug, Default)]
pub struct Played {
    /// Calls compared.
    pub compared: usize,
    /// Calls the driver has no way to make.
    pub unexpressed: usize,
    /// The first difference.
    pub difference: Option<Difference>,
}

/// Plays a life.
///
/// # Errors
/// When the life cannot be issued, or the driver does not answer at all.
pub fn play(driver: &mut dyn TokenDriver, number: u64, life: &Life) -> anyhow::Result<Played> {
    let mut stage = Stage::new(life, driver.home(number)).map_err(anyhow::Error::msg)?;
    let mut played = Played::default();
    for number in 0.. {
        let Some(prepared) = stage.opening(number, life.import) else { break };
        played.compared += 1;
        played.difference = step(driver, &mut stage, &prepared, 0)?;
        if played.difference.is_some() {
            return Ok(played);
        }
    }
    for (index, action) in life.actions.iter().enumerate() {
        let mut next = stage.clone();
        if let Some(prepared) = next.prepare(action) {
            if driver.cannot(&prepared.call).is_some() {
                played.unexpressed += 1;
                continue;
            }
            played.compared += 1;
            played.difference = step(driver, &mut next, &prepared, index)?;
            if played.difference.is_some() {
                break;
            }
        }
        stage = next;
    }
    Ok(played)
}

fn step(
    driver: &mut dyn TokenDriver,
    stage: &mut Stage,
    prepared: &Prepared,
    index: usize,
) -> anyhow::Result<Option<Difference>> {
    let reply = driver.perform(&prepared.call).map_err(anyhow::Error::msg)?;
    let name = prepared.call.operation.name();
    let mut found = differs(&prepared.expect, &reply).or_else(|| {
        let taken = stage.take(prepared, &reply);
        taken.err().map(|text| (text, "of no use".to_owned()))
    });
    if found.is_none() {
        found = stage.state_differs(prepared).map(|text| (text, "state".to_owned()));
    }
    if found.is_none() {
        found = inspect(driver, stage, prepared)?;
    }
    Ok(found.map(|(text, kind)| Difference {
        index,
        action: name.to_owned(),
        text: format!("the model: {name}: {text}"),
        kind: format!("{name} {kind}"),
        by_case: false,
    }))
}

/// Asks for the properties of what a call may have changed.
fn inspect(
    driver: &mut dyn TokenDriver,
    stage: &Stage,
    prepared: &Prepared,
) -> anyhow::Result<Option<(String, String)>> {
    for inspection in stage.inspections(prepared) {
        if driver.cannot(&inspection.call).is_some() {
            continue;
        }
        let reply = driver.perform(&inspection.call).map_err(anyhow::Error::msg)?;
        if let Some((text, kind)) = differs(&inspection.expect, &reply) {
            let asked = &inspection.call.numbers;
            return Ok(Some((
                format!("then the properties {asked:?}: {text}"),
                format!("properties {kind}"),
            )));
        }
    }
    Ok(None)
}

/// The difference in words, and its kind.
fn differs(expect: &Expect, reply: &Reply) -> Option<(String, String)> {
    if expect.code != reply.code {
        let kind = format!("{} {}", expect.code, reply.code);
        return Some((format!("expected {}, got {}", expect.code, reply.code), kind));
    }
    if let Some(text) = expect.text.as_ref().filter(|text| reply.texts.first() != Some(text)) {
        return Some((format!("expected the text {text:?}, got {:?}", reply.texts), "text".to_owned()));
    }
    if let Some(numbers) = expect.numbers.as_ref().filter(|numbers| **numbers != reply.numbers) {
        let text = format!("expected the numbers {numbers:?}, got {:?}", reply.numbers);
        return Some((text, "numbers".to_owned()));
    }
    None
}

/// The life with other actions.
#[must_use]
pub fn with_actions(life: &Life, actions: &[Action]) -> Life {
    Life { actions: actions.to_vec(), ..life.clone() }
}
