//! Cases as a guest on a device someone owns: temporary keys under names of the run's own, and nothing else.

use super::options::Options;
use crate::case::Case;
use crate::scenario::number::TEMPORARY;
use crate::scenario::{Action, Call, Login, MASTER};

/// Most characters of an object's name.
const NAME_MAX: usize = 32;

/// The case for such a device; `None` when it leaves something behind that a guest cannot take away.
pub(super) fn guest(mut case: Case, options: &Options, mark: &str) -> Option<Case> {
    for step in &mut case.steps {
        match &mut step.action {
            Action::Open { login, aide, .. } => {
                if *aide {
                    return None;
                }
                become_user(login, options);
            }
            Action::Call { call, .. } => {
                if matches!(call, Call::CreateBlob { .. }) {
                    return None;
                }
                if let Call::CreateKey { attributes, .. }
                | Call::ImportKey { attributes, .. }
                | Call::KekImport { attributes, .. }
                | Call::P8Import { attributes, .. } = call
                {
                    *attributes |= TEMPORARY;
                }
                for name in call.object_names_mut().into_iter().filter(|name| !name.is_empty()) {
                    let room = NAME_MAX - mark.len() - 1;
                    *name = format!("{}_{mark}", name.chars().take(room).collect::<String>());
                }
            }
            _ => {}
        }
    }
    Some(case)
}

fn become_user(login: &mut Login, options: &Options) {
    match login {
        Login::Password { user, password } if user == MASTER => {
            user.clone_from(&options.user);
            password.clone_from(&options.password);
        }
        Login::Token { user, .. } if user == MASTER => user.clone_from(&options.user),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    #[test]
    fn a_guest_leaves_nothing_behind() {
        let options =
            Options::parse_from(["x", "--target", "hsm:4433", "--tls-accept-any", "--user", "tester"]);
        let cases = crate::case::all().into_iter().filter(|case| case.harmless);
        let guests: Vec<Case> = cases.filter_map(|case| guest(case, &options, "1f")).collect();
        assert!(guests.len() > 10, "only {} cases are fit for a guest", guests.len());
        for step in guests.iter().flat_map(|case| &case.steps) {
            let text = serde_json::to_string(&step.action).unwrap();
            assert!(!text.contains("\"user\":\"master\""), "{text}");
            assert!(!text.contains("create_blob"), "{text}");
            if let Action::Call { call: Call::CreateKey { name, attributes, .. }, .. } = &step.action {
                assert!(name.ends_with("_1f") && attributes & TEMPORARY != 0, "{text}");
            }
        }
    }
}
