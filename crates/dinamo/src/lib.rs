//! Asynchronous client for Dinamo HSMs and the Bancada simulator.
