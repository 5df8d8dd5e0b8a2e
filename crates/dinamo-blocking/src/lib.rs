//! Blocking client for Dinamo HSMs and the Bancada simulator: std::net, no threads.
