//! The corpus that fuzzing begins with: the vectors. Operation lists need none: every byte is one.

use std::fs;
use std::io;
use std::path::Path;

#[path = "../../tests/vectors/suite/file.rs"]
#[expect(dead_code, reason = "seeds need no names and no expectations")]
mod file;

const EVENTS: &[&str] = &[
    include_str!("../../tests/vectors/data/fields.json"),
    include_str!("../../tests/vectors/data/comments.json"),
    include_str!("../../tests/vectors/data/line-ends.json"),
    include_str!("../../tests/vectors/data/byte-order-marks.json"),
    include_str!("../../tests/vectors/data/ids.json"),
    include_str!("../../tests/vectors/data/retry.json"),
    include_str!("../../tests/vectors/data/text.json"),
];
const BATCHES: &str = include_str!("../../tests/vectors/data/batches.json");

/// Writes the seeds of a target into a folder.
pub(crate) fn write(target: &str, folder: &Path) -> io::Result<()> {
    let seeds = match target {
        "events" => EVENTS.iter().flat_map(|file| streams(file)).collect(),
        "records" => batches(),
        _ => Vec::new(),
    };
    for (nth, seed) in seeds.iter().enumerate() {
        fs::write(folder.join(format!("vector-{nth}")), seed)?;
    }
    Ok(())
}

fn streams(file: &str) -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for case in file::cases(file) {
        let stream = file::bytes(&case["stream"]);
        seeds.extend(file::line_ends(file).iter().map(|end| file::with_line_ends(&stream, end)));
    }
    seeds
}

/// As `records` takes them: a first byte that says how, and the text.
fn batches() -> Vec<Vec<u8>> {
    let text = |case: &serde_json::Value| match case.get("batch") {
        Some(batch) => Some(batch.to_string()),
        None => Some(case.get("data")?.as_str()?.to_owned()),
    };
    let texts = file::cases(BATCHES).iter().filter_map(text).collect::<Vec<_>>();
    texts.into_iter().map(|text| [b"\x06", text.as_bytes()].concat()).collect()
}
