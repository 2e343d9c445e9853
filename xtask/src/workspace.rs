//! Where things are: the paths that more than one verb uses.

use std::path::{Path, PathBuf};

pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";
pub(crate) const CRATE: &str = "trigger-chat-transport";
pub(crate) const SERVER: &str = "session-server";

pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    /// Where cargo puts what it builds.
    pub(crate) cargo_target: PathBuf,
}

impl Workspace {
    /// Asked of cargo at run time: a tree that was copied with its target folder is another one.
    pub(crate) fn locate() -> Result<Workspace, String> {
        let root = std::env::var_os("CARGO_MANIFEST_DIR")
            .and_then(|xtask| Path::new(&xtask).parent().map(Path::to_path_buf))
            .ok_or("run this tool as `cargo xtask`")?;
        let cargo_target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(elsewhere) => root.join(elsewhere),
            None => root.join("target"),
        };
        Ok(Workspace { root, cargo_target })
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// The glue and the wasm as wasm-bindgen leaves them. `#core` in package.json names this
    /// folder, so it does not follow `CARGO_TARGET_DIR`.
    pub(crate) fn bindgen(&self) -> PathBuf {
        self.path("target/bindgen")
    }

    /// The session server's program.
    pub(crate) fn server(&self) -> PathBuf {
        let name = format!("{SERVER}{}", std::env::consts::EXE_SUFFIX);
        self.cargo_target.join("debug").join(name)
    }
}
