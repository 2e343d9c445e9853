//! `cargo xtask build`: the npm package, from the crate and js/ to pkg/.

use std::fs::{self, File};
use std::path::PathBuf;

use crate::bindgen;
use crate::freshness::Step;
use crate::process;
use crate::setup;
use crate::step::{self, Done};
use crate::workspace::{CRATE, WASM_TARGET, Workspace};

/// Found by trying: 1 % smaller than what opt-level `z` inlines by itself.
const INLINING: &str = "-Cllvm-args=-inline-threshold=15";

pub(crate) fn build(workspace: &Workspace) -> Result<(), String> {
    let _only_one = lock(workspace)?;
    setup::install_wasm_target(workspace)?;
    setup::install_npm_packages(workspace)?;
    let wasm = compile(workspace)?;
    step::quiet("wasm-bindgen", || bind(workspace, wasm))?;
    assemble(workspace)
}

/// Two builds at once would write the same files. Released when the file is closed.
fn lock(workspace: &Workspace) -> Result<File, String> {
    let path = workspace.path("target/xtask/lock");
    let failed = |error| format!("cannot lock {}: {error}", path.display());
    fs::create_dir_all(workspace.path("target/xtask")).map_err(failed)?;
    let file = File::create(&path).map_err(failed)?;
    if file.try_lock().is_err() {
        println!("waiting for another build to end ...");
        file.lock().map_err(failed)?;
    }
    Ok(file)
}

fn compile(workspace: &Workspace) -> Result<PathBuf, String> {
    step::shown("the crate, for wasm32", || {
        let mut cargo = process::cargo(workspace, "build");
        cargo.args(["--release", "--lib", "--package", CRATE, "--target", WASM_TARGET]);
        let flags = format!("{INLINING} {}", without_this_machines_paths());
        cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags);
        process::run_shown(&mut cargo)
    })?;
    Ok(workspace
        .cargo_target
        .join(WASM_TARGET)
        .join("release")
        .join(format!("{}.wasm", bindgen::STEM)))
}

/// Compiler flags that take the place of this machine's crate sources out of panic messages: what
/// ships must not tell where it was built, nor depend on it.
fn without_this_machines_paths() -> String {
    let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"));
    let cargo_home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo_home = cargo_home.or_else(|| home.map(|home| PathBuf::from(home).join(".cargo")));
    let sources = cargo_home.unwrap_or_default().join("registry").join("src");
    let registries = fs::read_dir(sources).into_iter().flatten().flatten();
    let flag = |folder: fs::DirEntry| format!("--remap-path-prefix={}=", folder.path().display());
    registries.map(flag).collect::<Vec<_>>().join(" ")
}

fn bind(workspace: &Workspace, wasm: PathBuf) -> Result<Done, String> {
    let folder = workspace.bindgen();
    // This program contains wasm-bindgen: another version of it is another program.
    let this_program = std::env::current_exe().unwrap_or_default();
    Step {
        name: "wasm-bindgen",
        inputs: &[wasm.clone(), this_program],
        outputs: std::slice::from_ref(&folder),
    }
    .run(workspace, || bindgen::generate(&wasm, &folder))
}

fn assemble(workspace: &Workspace) -> Result<(), String> {
    let sizes = workspace.path("target/xtask/sizes.txt");
    step::quiet("optimising, bundling, declarations", || {
        Step {
            name: "package",
            inputs: &[
                workspace.bindgen(),
                workspace.path("js"),
                workspace.path("pkg-template"),
                workspace.path("LICENSE"),
                workspace.path("package.json"),
                workspace.path("package-lock.json"),
            ],
            outputs: &[workspace.path("pkg"), sizes.clone()],
        }
        .run(workspace, || {
            let table = process::read(process::node(workspace).arg("js/build.mjs"))?;
            fs::write(&sizes, table)
                .map_err(|error| format!("cannot write {}: {error}", sizes.display()))
        })
    })?;
    let table = fs::read_to_string(&sizes).unwrap_or_default();
    println!("\n{table}\n");
    Ok(())
}
