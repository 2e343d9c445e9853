//! The fuzzer's program: libFuzzer calls the target that `FUZZ_TARGET` names. `cargo xtask fuzz` builds
//! and starts it.
#![no_main]

mod allocation;
mod novelty;
mod seeds;
mod targets;

use std::sync::{Mutex, OnceLock};

use novelty::Novelty;
use targets::{TARGETS, Target};

static TARGET: OnceLock<Target> = OnceLock::new();
static NOVELTY: Mutex<Novelty> = Mutex::new(Novelty::new());

libfuzzer_sys::fuzz_target!(
    init: {
        let name = std::env::var("FUZZ_TARGET").expect("FUZZ_TARGET names a target");
        let target = TARGETS.iter().find(|target| target.name == name);
        // libFuzzer reads the corpus behind this.
        if let Some(folder) = std::env::var_os("FUZZ_SEEDS") {
            seeds::write(&name, folder.as_ref()).expect("seeds can be written");
        }
        TARGET.get_or_init(|| *target.expect("there is such a target"));
    },
    |bytes: &[u8]| {
        let target = TARGET.get().expect("it was set at the start");
        let peak = allocation::peak_of(|| (target.run)(bytes));
        assert!(peak <= target.most_bytes, "{peak} bytes were held at once");
        // The empty input libFuzzer only tries.
        if !bytes.is_empty() {
            NOVELTY.lock().expect("nobody else has it").judge();
        }
    }
);
