//! What the fuzz targets once failed for: every file of `fuzz/artifacts/<target>/`, for ever.
#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::path::Path;

#[path = "../fuzz/src/targets/mod.rs"]
mod targets;

#[test]
fn no_target_fails_again_for_what_it_failed_for() {
    let artifacts = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/artifacts");
    for target in targets::TARGETS {
        let mut files: Vec<_> = fs::read_dir(artifacts.join(target.name))
            .into_iter()
            .flatten()
            .map(|entry| entry.expect("an entry").path())
            .collect();
        files.sort();
        for file in files {
            println!("{}", file.display());
            (target.run)(&fs::read(&file).expect("a file"));
        }
    }
}

#[test]
fn every_target_runs() {
    for target in targets::TARGETS {
        for seed in 0..2_000_u32 {
            let bytes: Vec<_> = (0..seed % 97).map(|at| (seed * 31 + at * at * 7) as u8).collect();
            (target.run)(&bytes);
        }
    }
}
