//! The vectors' files: cases, and texts in pieces. The form is described in `tests/vectors/README.md`.

use serde_json::Value as Json;

/// The cases of a file.
pub(crate) fn cases(file: &str) -> Vec<Json> {
    let file: Json = serde_json::from_str(file).expect("a file of vectors is JSON");
    let Some(Json::Array(cases)) = file.get("cases") else { panic!("there are no cases") };
    assert!(!cases.is_empty());
    cases.clone()
}

/// What each LF of a file's streams stands for.
pub(crate) fn line_ends(file: &str) -> &'static [&'static str] {
    let file: Json = serde_json::from_str(file).expect("a file of vectors is JSON");
    match file.get("line_ends").and_then(Json::as_str) {
        Some("all") => &["\n", "\r\n", "\r"],
        None => &["\n"],
        Some(other) => panic!("line ends {other}"),
    }
}

pub(crate) fn name(case: &Json) -> &str {
    case["name"].as_str().expect("a case has a name")
}

/// The bytes of a text.
pub(crate) fn bytes(text: &Json) -> Vec<u8> {
    let mut all = Vec::new();
    append(text, &mut all);
    all
}

/// A text that is one.
pub(crate) fn text(text: &Json) -> String {
    String::from_utf8(bytes(text)).expect("what is expected is text")
}

fn append(text: &Json, all: &mut Vec<u8>) {
    match text {
        Json::String(text) => all.extend_from_slice(text.as_bytes()),
        Json::Array(pieces) => pieces.iter().for_each(|piece| append(piece, all)),
        Json::Object(piece) if piece.contains_key("repeat") => {
            let times = piece["times"].as_u64().expect("a number of times") as usize;
            all.extend(bytes(&piece["repeat"]).repeat(times));
        }
        Json::Object(piece) => {
            let digits = piece["hex"].as_str().expect("hexadecimal digits");
            all.extend((0..digits.len()).step_by(2).map(|at| {
                u8::from_str_radix(&digits[at..at + 2], 16).expect("two hexadecimal digits")
            }));
        }
        other => panic!("{other} is no text"),
    }
}

/// `stream` with another line end for each LF.
pub(crate) fn with_line_ends(stream: &[u8], end: &str) -> Vec<u8> {
    let lines: Vec<_> = stream.split(|&byte| byte == b'\n').collect();
    lines.join(end.as_bytes())
}
