use super::*;
use serde_json::json;

fn record(seq_num: u64, headers: &[[&str; 2]], body: &str) -> serde_json::Value {
    json!({ "seq_num": seq_num, "timestamp": 1, "headers": headers, "body": body })
}

fn contents(records: &[serde_json::Value]) -> Vec<Content> {
    let batch = json!({ "records": records, "tail": { "seq_num": 9, "timestamp": 1 } });
    whole(&batch.to_string()).into_iter().map(|record| record.content).collect()
}

fn whole(text: &str) -> Vec<Record> {
    let batch = read(text);
    assert!(batch.is_whole, "{text}");
    batch.records
}

struct Batch {
    records: Vec<Record>,
    tail: Option<u64>,
    is_whole: bool,
}

fn read(text: &str) -> Batch {
    let mut frames = Vec::new();
    let is_whole = read_batch(text.as_bytes(), &mut frames);
    let mut batch = Batch { records: Vec::new(), tail: None, is_whole };
    for frame in frames {
        match frame {
            Frame::Record(record) => batch.records.push(record),
            Frame::Tail(tail) => batch.tail = Some(tail),
            Frame::Ping | Frame::Done => panic!("{text}"),
        }
    }
    batch
}

fn data(chunk: &str, id: &str) -> Content {
    Content::Data { chunk: chunk.into(), part_id: Some(id.into()) }
}

#[test]
fn c4_a_data_record_gives_the_text_of_its_chunk_untouched() {
    let chunk = r#"{"type":"text-delta","id":"1","delta":"a \"quoted\" \u00e9 😀 }"}"#;
    let body = format!(r#"{{"data":{chunk},"id":"part"}}"#);
    assert_eq!(contents(&[record(0, &[], &body)]), [data(chunk, "part")]);
}

#[test]
fn c4_the_envelope_is_read_in_any_order_and_with_unknown_members() {
    let body = r#" { "x": [1, {}], "id" : "p", "data" : {"type":"start"} } "#;
    assert_eq!(contents(&[record(0, &[], body)]), [data(r#"{"type":"start"}"#, "p")]);
    let without_id = contents(&[record(0, &[], r#"{"data":{"type":"start"},"id":7}"#)]);
    assert!(matches!(&without_id[..], [Content::Data { part_id: None, .. }]));
}

/// Longer than what is looked through.
fn long_chunk() -> String {
    json!({ "type": "tool-output-available", "output": "\"}\\".repeat(LONG_BYTES / 2) }).to_string()
}

#[test]
fn c4_a_long_body_is_taken_apart_from_its_end() {
    let chunk = long_chunk();
    let read = contents(&[record(0, &[], &format!(r#"{{"data":{chunk},"id":"part"}}"#))]);
    assert_eq!(read, [data(&chunk, "part")]);
    let control = format!(r#"{{"type":"trigger:turn-complete","x":{chunk}}}"#);
    let read = contents(&[record(0, &[], &format!(r#"{{"data":{control},"id":"part"}}"#))]);
    assert!(matches!(read[..], [Content::Control(Control::TurnComplete(_))]));
}

#[test]
fn c4_a_long_body_in_another_form_is_read_as_a_short_one() {
    let chunk = long_chunk();
    for body in [
        format!(r#"{{"id":"part","data":{chunk}}}"#),
        format!(r#"{{"data":{chunk},"id":"pa\u0072t"}}"#),
        format!(r#"{{"data":{chunk},"id":"part","at":1}}"#),
        format!(r#"{{"data":{chunk}, "id":"part"}}"#),
    ] {
        assert_eq!(contents(&[record(0, &[], &body)]), [data(&chunk, "part")], "{body}");
    }
}

#[test]
fn c4_what_else_a_long_body_holds_stands_behind_its_chunk() {
    let chunk = long_chunk();
    let body = format!(r#"{{"data":{chunk},"at":{{"id":"x"}},"id":"part"}}"#);
    let [Content::Data { chunk: text, part_id }] = &contents(&[record(0, &[], &body)])[..] else {
        panic!("no data")
    };
    assert_eq!((json::first_value(text), part_id.as_deref()), (&*chunk, Some("part")));
}

#[test]
fn c3_a_record_without_body_or_headers_counts_for_the_cursor() {
    let batch = r#"{"records":[{"seq_num":18446744073709551615,"timestamp":0}]}"#;
    let records = whole(batch);
    assert_eq!(records[0].cursor, Some(Cursor::Seq(u64::MAX)));
    assert_eq!(records[0].content, Content::Skip);
    let null = r#"{"records":[{"seq_num":1,"headers":null,"body":"{\"data\":1}"}]}"#;
    assert!(matches!(whole(null)[0].content, Content::Data { .. }));
}

#[test]
fn c3_command_records_are_skipped() {
    let good = r#"{"data":{"type":"start"},"id":"p"}"#;
    assert_eq!(contents(&[record(3, &[["", "trim"]], good)]), [Content::Skip]);
}

#[test]
fn c3_malformed_json_in_a_record_loses_that_record_only() {
    let good = r#"{"data":{"type":"start"},"id":"p"}"#;
    let read = contents(&[record(0, &[], "{oops"), record(1, &[], good), record(2, &[], "")]);
    assert_eq!(read, [Content::Skip, data(r#"{"type":"start"}"#, "p"), Content::Skip]);
}

#[test]
fn c3_a_malformed_batch_keeps_the_records_before_the_malformed_place() {
    let text = r#"{"records":[{"seq_num":1},{"seq_num":-2},{"seq_num":3}]}"#;
    let batch = read(text);
    assert!(!batch.is_whole && batch.records.len() == 1);
    for bad in ["", "[]", "{}", r#"{"records":7}"#, r#"{"records":[{}]}"#] {
        let batch = read(bad);
        assert!(!batch.is_whole && batch.records.is_empty(), "{bad:?}");
    }
}

#[test]
fn g2_a_batch_tells_how_far_the_stream_is_written() {
    for text in [
        r#"{"records":[{"seq_num":1}],"tail":{"seq_num":9,"timestamp":1}}"#,
        r#"{"tail":{"timestamp":1,"seq_num":9},"records":[{"seq_num":1}]}"#,
    ] {
        let batch = read(text);
        assert_eq!((batch.tail, batch.records.len(), batch.is_whole), (Some(9), 1, true), "{text}");
    }
    for odd in [r#"{"records":[],"tail":null}"#, r#"{"records":[],"tail":{"seq_num":"9"}}"#] {
        assert_eq!(read(odd).tail, None, "{odd}");
    }
}

#[test]
fn c5_control_records_are_told_by_their_headers() {
    let complete = [
        ["trigger-control", "turn-complete"],
        ["public-access-token", "fresh"],
        ["session-in-event-id", "42"],
        ["session-closed", "true"],
        ["session-closed-reason", "done"],
    ];
    let read = contents(&[
        record(0, &complete, ""),
        record(1, &[["trigger-control", "upgrade-required"]], ""),
        record(2, &[["trigger-control", "pending-version"]], ""),
        record(3, &[["trigger-control", "session-closed"]], ""),
        record(4, &[["trigger-control", "from-the-future"]], ""),
    ]);
    let turn = TurnComplete {
        token: Some(Secret::new("fresh")),
        session_in_event_id: Some("42".into()),
        closed: Some(Some("done".into())),
    };
    assert_eq!(turn.committed_input_seq(), Some(42));
    assert_eq!(
        read,
        [
            Content::Control(Control::TurnComplete(turn)),
            Content::Control(Control::UpgradeRequired),
            Content::Control(Control::PendingVersion),
            Content::Control(Control::SessionClosed { reason: None }),
            Content::Control(Control::Unknown),
        ]
    );
}

#[test]
fn c5_older_agents_write_control_records_as_chunks() {
    let legacy = |chunk: &str| chunk_content(chunk.as_bytes(), None);
    let complete = r#"{"publicAccessToken":"fresh","type":"trigger:turn-complete"}"#;
    let token = Some(Secret::new("fresh"));
    let turn = TurnComplete { token, ..TurnComplete::default() };
    assert_eq!(legacy(complete), Content::Control(Control::TurnComplete(turn)));
    let upgrade = legacy(r#"{"type":"trigger:upgrade-required"}"#);
    assert_eq!(upgrade, Content::Control(Control::UpgradeRequired));
    assert_eq!(legacy(r#"{"type":"trigger:else"}"#), Content::Control(Control::Unknown));
    let text = r#"{"type":"text-delta","delta":"\"type\":\"trigger:turn-complete\""}"#;
    assert!(matches!(legacy(text), Content::Data { .. }));
}

#[test]
fn c7_only_a_whole_number_is_an_input_cursor() {
    let turn =
        |id: &str| TurnComplete { session_in_event_id: Some(id.into()), ..TurnComplete::default() };
    assert_eq!(turn("7").committed_input_seq(), Some(7));
    for bad in ["", "+7", "-1", "7x", "7.0", "99999999999999999999"] {
        assert_eq!(turn(bad).committed_input_seq(), None, "{bad:?}");
    }
}
