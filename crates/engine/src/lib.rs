//! The simulated HSM: users, objects, policy, operating modes, the order of checks and the audit log.
