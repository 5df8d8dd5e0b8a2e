//! Backends for the device's durable state: memory and an embedded file.
