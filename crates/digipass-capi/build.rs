//! Names the shared library to the linker, so that programs linked with it look for `libaal2sdk.so` wherever it was built.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libaal2sdk.so");
    }
}
