//! Deltas of one part that come one behind the other, made one: each chunk costs its consumer a render,
//! and after a reload a long answer comes back in thousands of them.
//!
//! Works on the chunks' JSON text and builds nothing. What is not plainly such a delta stays as it is.

use super::json::Scanner;

/// Fewer chunks at once are left alone: an answer that is being written is shown as it was written.
const MANY: usize = 16;

/// The chunks that `useChat` adds to the end of what it has.
const DELTAS: [&[u8]; 3] = [br#""text-delta""#, br#""reasoning-delta""#, br#""tool-input-delta""#];

/// Joins what was read at once, if it is much: chunks that differ in their delta alone.
pub fn join_deltas(chunks: Vec<String>) -> Vec<String> {
    if chunks.len() < MANY {
        return chunks;
    }
    let mut joined: Vec<String> = Vec::new();
    // Up to where the next chunk must be as the last one is.
    let mut head = None;
    for chunk in chunks {
        if let Some((last, head)) = joined.last_mut().zip(head)
            && last.get(..head) == chunk.get(..head)
            && let Some(more) = delta_behind(&chunk, head)
        {
            // Without its quote and bracket, which `more` has.
            last.truncate(last.len().saturating_sub(2));
            last.push_str(more);
        } else {
            head = head_of_delta(&chunk);
            joined.push(chunk);
        }
    }
    joined
}

/// The length of what stands before a delta's text, if the text is the last in its chunk.
fn head_of_delta(chunk: &str) -> Option<usize> {
    let mut scanner = Scanner::new(chunk.as_bytes());
    let mut is_delta = false;
    let mut first = true;
    scanner.open(b'{')?;
    while scanner.more(&mut first, b'}')? {
        match &*scanner.key()? {
            b"delta" | b"inputTextDelta" if is_delta && scanner.is_at(b'"') => {
                let head = scanner.position().saturating_add(1);
                return delta_behind(chunk, head).map(|_| head);
            }
            b"type" => is_delta = DELTAS.contains(&scanner.value()?),
            _ => drop(scanner.value()?),
        }
    }
    None
}

/// The rest of a chunk behind the opening quote of its last text, if it is that and nothing else. One
/// that `JSON.parse` would refuse is to be lost alone (C3).
fn delta_behind(chunk: &str, head: usize) -> Option<&str> {
    let mut scanner = Scanner::at(chunk.as_bytes(), head.checked_sub(1)?);
    scanner.skip_valid_string()?;
    let rest = chunk.get(scanner.position()..)?;
    if rest == "}" { chunk.get(head..) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn delta(kind: &str, id: &str, text: &str) -> String {
        match kind {
            "tool-input-delta" => json!({ "type": kind, "toolCallId": id, "inputTextDelta": text }),
            _ => json!({ "type": kind, "id": id, "delta": text }),
        }
        .to_string()
    }

    /// As agents write them: the delta last.
    fn ordered(kind: &str, id: &str, text: &str) -> String {
        let text = json!(text);
        match kind {
            "tool-input-delta" => {
                format!(r#"{{"type":"{kind}","toolCallId":"{id}","inputTextDelta":{text}}}"#)
            }
            _ => format!(r#"{{"type":"{kind}","id":"{id}","delta":{text}}}"#),
        }
    }

    /// What a consumer has in the end: the texts of parts, and everything else, in order.
    fn shown(chunks: &[String]) -> Vec<(Value, String)> {
        let mut shown: Vec<(Value, String)> = Vec::new();
        for chunk in chunks {
            // What is no JSON is lost alone.
            let Ok(mut chunk) = serde_json::from_str::<Value>(chunk) else { continue };
            let is_delta = chunk["type"].as_str().is_some_and(|kind| kind.ends_with("-delta"));
            let text = chunk.as_object_mut().filter(|_| is_delta).and_then(|members| {
                let name = ["delta", "inputTextDelta"];
                let name = name.into_iter().find(|name| members.contains_key(*name))?;
                Some(members.remove(name)?.as_str()?.to_owned())
            });
            match (text, shown.last_mut()) {
                (Some(text), Some((last, whole))) if *last == chunk => whole.push_str(&text),
                (text, _) => shown.push((chunk, text.unwrap_or_default())),
            }
        }
        shown
    }

    #[test]
    fn a_few_deltas_stay_as_they_are() {
        let few: Vec<_> = (1..MANY).map(|n| ordered("text-delta", "t", &n.to_string())).collect();
        assert_eq!(join_deltas(few.clone()), few);
    }

    #[test]
    fn many_deltas_of_a_part_become_one() {
        let texts = ["a ", "\"", "\\", "ü\n"].repeat(8);
        let mut chunks = vec![r#"{"type":"text-start","id":"t"}"#.to_owned()];
        chunks.extend(texts.iter().map(|text| ordered("text-delta", "t", text)));
        chunks.push(r#"{"type":"text-end","id":"t"}"#.to_owned());
        let joined = join_deltas(chunks.clone());
        let delta = ordered("text-delta", "t", &texts.concat());
        assert_eq!(joined, [&chunks[0], &delta, &chunks[33]].map(Clone::clone));
    }

    #[test]
    fn what_is_not_plainly_a_delta_stays_as_it_is() {
        let chunks: Vec<_> = [
            r#"{"type":"text-delta","id":"u","delta":"a","providerMetadata":{}}"#,
            r#"{"type":"text-delta","id":"u","delta":"a" }"#,
            r#"{"type":"text-delta","id":"u","delta":1}"#,
            r#"{"type":"data-delta","id":"u","delta":"a"}"#,
            r#"{"delta":"a"}"#,
            r#"{"type":"text-delta","id":"u","delta":"\x"}"#,
            "{\"type\":\"text-delta\",\"id\":\"u\",\"delta\":\"\n\"}",
            r#"{"type":"text-delta","id":"u","delta":"a"#,
        ]
        .iter()
        .flat_map(|chunk| [*chunk, *chunk])
        .map(str::to_owned)
        .collect();
        assert_eq!(join_deltas(chunks.clone()), chunks);
    }

    #[test]
    fn a_half_character_finds_its_other_half() {
        let halves = [r"\ud83d", r"\ude00"].repeat(8);
        let chunk = |half: &&str| format!(r#"{{"type":"text-delta","id":"t","delta":"{half}"}}"#);
        let joined = join_deltas(halves.iter().map(chunk).collect());
        let joined: Value = serde_json::from_str(&joined[0]).unwrap();
        assert_eq!(joined["delta"], "😀".repeat(8));
    }

    fn chunk() -> impl Strategy<Value = String> {
        let kinds = ["text-delta", "reasoning-delta", "tool-input-delta"];
        let part = || (prop::sample::select(kinds.to_vec()), "[tu]", ".{0,4}");
        prop_oneof![
            8 => part().prop_map(|(kind, id, text)| ordered(kind, &id, &text)),
            2 => part().prop_map(|(kind, id, text)| delta(kind, &id, &text)),
            1 => Just(r#"{"type":"text-end","id":"t"}"#.to_owned()),
            1 => r#"\{"type":"text-delta","id":"t","delta": ?"[\\"nu0\x00-\x20]{0,3}" ?\}?"#,
        ]
    }

    proptest! {
        #[test]
        fn what_is_shown_is_the_same(chunks in prop::collection::vec(chunk(), 0..60)) {
            prop_assert_eq!(shown(&join_deltas(chunks.clone())), shown(&chunks));
        }

        #[test]
        fn no_chunks_make_it_panic(
            chunks in prop::collection::vec(r#"[{}",:\\a-e é]{0,30}"#, MANY..30)
        ) {
            join_deltas(chunks);
        }
    }
}
