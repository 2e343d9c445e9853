//! Appends that fail: which are tried again, how soon, for how long (B6, B9).

use trigger_chat_transport::io::{AppendOutcome, ChatInput, Outcome, SendSource, Wake};
use trigger_chat_transport::link::ResponseHead;
use trigger_chat_transport::{Error, Input, Output};

use crate::world::World;

/// The part ids and tokens of every append so far.
fn appends(world: &World) -> Vec<(&str, &str)> {
    let appends = world.outputs.iter().filter_map(|output| match output {
        Output::Append { part_id, token, .. } => Some((part_id.as_str(), token.expose())),
        _ => None,
    });
    appends.collect()
}

fn answer(world: &mut World, head: ResponseHead) {
    let request = world.append_request();
    let outcome = AppendOutcome::Answer(head, String::new());
    world.tell(ChatInput::Appended { request, outcome });
}

/// How long an append waits that was answered so.
fn waits_ms(head: ResponseHead) -> u64 {
    let mut world = World::started();
    world.submit();
    answer(&mut world, head);
    world.pass()
}

#[test]
fn b9_statuses_that_may_pass_are_tried_again_under_the_same_part_id() {
    for status in [408, 429, 500, 502, 503, 504, 599] {
        let mut world = World::started();
        let call = world.submit();
        world.answer(status, "");
        assert!(world.pass() <= 500, "{status}");
        world.acknowledge(0);
        assert_eq!(world.outcome(call), Some(&Outcome::Stream { repeats: false }), "{status}");
        let appends = appends(&world);
        assert!(appends.len() == 2 && appends[0] == appends[1], "{status}");
    }
}

#[test]
fn b9_the_server_says_how_long_to_wait() {
    let head = |status| ResponseHead { status, ..ResponseHead::default() };
    let after = |seconds: &str| ResponseHead { retry_after: Some(seconds.into()), ..head(429) };
    assert_eq!(waits_ms(after("7")), 7_000);
    assert_eq!(waits_ms(ResponseHead { status: 503, ..after("7") }), 7_000);
    assert_eq!(waits_ms(after("86400")), 30_000, "capped by the time in which it is to succeed");
    assert!(waits_ms(after("0")) >= 250, "our own backoff is the least");
    // World's clock starts at one million.
    let reset = ResponseHead { ratelimit_reset: Some("1004000".into()), ..head(429) };
    assert_eq!(waits_ms(reset), 4_000);
}

#[test]
fn b9_failures_are_borne_for_thirty_seconds_and_then_told() {
    let mut world = World::started();
    let call = world.submit();
    let began_ms = world.now_ms;
    while world.outcome(call).is_none() {
        world.answer(503, "overloaded");
        if world.outcome(call).is_none() {
            assert!(world.pass() <= 5_000);
        }
    }
    let took_ms = world.now_ms - began_ms;
    assert!((20_000..=30_000).contains(&took_ms), "{took_ms}");
    assert_eq!(world.failure(call).status(), Some(503));
    assert!(world.failure(call).to_string().contains("overloaded"));
    let appends = appends(&world);
    assert!(appends.len() >= 6 && appends.iter().all(|append| *append == appends[0]));
    assert!(world.is_quiet());
}

#[test]
fn b9_a_network_that_stays_away_is_a_network_error() {
    let mut world = World::started();
    let call = world.submit();
    while world.outcome(call).is_none() {
        world.append_failed();
        if world.outcome(call).is_none() {
            world.pass();
        }
    }
    let error = world.failure(call);
    assert!(matches!(error, Error::Network { .. }) && error.to_string().contains("network"));
    assert!(error.cause().is_some());
}

#[test]
fn b9_a_duplicate_acknowledged_is_a_success() {
    let mut world = World::started();
    let call = world.submit();
    world.append_failed();
    world.pass();
    world.answer(200, r#"{"ok":true,"duplicate":true}"#);
    assert_eq!(world.outcome(call), Some(&Outcome::Stream { repeats: false }));
    assert_eq!(world.cursors(), [None]);
}

#[test]
fn b6_401_and_403_renew_the_token_for_every_kind_of_send() {
    use trigger_chat_transport::io::SendSource::{Action, RegenerateMessage, Steer, Stop};
    for source in [RegenerateMessage, Action, Steer, Stop] {
        for status in [401, 403] {
            let mut world = World::started();
            let call = world.send(source);
            world.answer(status, "");
            world.minted("fresh");
            world.acknowledge(0);
            let [(first, old), (second, new)] = appends(&world)[..] else { panic!("two appends") };
            assert_eq!((first, old, new), (second, "token", "fresh"));
            let settled = world.outcome(call).expect("settled");
            assert!(!matches!(settled, Outcome::Failed(_) | Outcome::Accepted(false)));
        }
    }
}

#[test]
fn b6_a_session_created_again_is_sent_to_with_its_token_and_the_same_part_id() {
    let mut world = World::started();
    let call = world.submit();
    world.answer(404, "");
    world.session_started("second");
    let [(first, _), (second, token)] = appends(&world)[..] else { panic!("two appends") };
    assert_eq!((first, token), (second, "second"));
    world.answer(404, "");
    assert_eq!(world.failure(call).status(), Some(404), "once only");
}

#[test]
fn b6_a_conflict_that_is_no_close_leaves_the_session_open() {
    let mut world = World::started();
    let call = world.submit();
    world.answer(409, r#"{"code":"something_else"}"#);
    assert_eq!(world.failure(call).code(), Some("something_else"));
    let next = world.submit();
    world.acknowledge(0);
    assert_eq!(world.outcome(next), Some(&Outcome::Stream { repeats: false }));
}

#[test]
fn b11_an_abort_behind_an_answer_that_may_hide_a_write_sends_a_stop() {
    for status in [408, 500, 503] {
        let mut world = World::started();
        let call = world.submit();
        world.answer(status, "");
        world.tell(ChatInput::Abort(call));
        assert_eq!(*world.failure(call), Error::Aborted);
        let [(message, _), (stop, _)] = appends(&world)[..] else { panic!("{status}: no stop") };
        assert_ne!(message, stop);
    }
}

#[test]
fn c13_a_page_in_place_of_an_acknowledgement_is_an_error_that_says_so() {
    let mut world = World::started();
    let call = world.submit();
    let content_type = Some("Text/HTML; charset=utf-8".into());
    answer(&mut world, ResponseHead { status: 200, content_type, ..ResponseHead::default() });
    let text = world.failure(call).to_string();
    assert!(text.contains("Text/HTML") && text.contains("baseURL"), "{text}");
    assert!(world.is_quiet() && world.cursors().is_empty());
}

#[test]
fn p7_a_storm_of_wakes_is_no_storm_of_appends() {
    let mut world = World::started();
    world.submit();
    world.append_failed();
    let began_ms = world.now_ms;
    let mut appends = 1;
    while world.now_ms < began_ms + 10_000 {
        world.now_ms += 10;
        world.feed(Input::Wake(Wake::Reconnect));
        let made = world.count(|output| matches!(output, Output::Append { .. }));
        if made > appends {
            assert!(appends > 1 || world.now_ms == began_ms + 10, "the first wake tries at once");
            appends = made;
            world.append_failed();
        }
    }
    assert!((3..=9).contains(&appends), "{appends} appends");
}

#[test]
fn p7_many_sends_that_fail_once_each_are_no_storm_of_appends() {
    let mut world = World::started();
    let calls: Vec<_> = (0..30).map(|_| world.send(SendSource::Steer)).collect();
    let mut again_ms = Vec::new();
    for (seq, call) in (0..).zip(calls) {
        world.append_failed();
        let failed = world.append_request();
        while world.append_request() == failed {
            world.pass();
        }
        again_ms.push(world.now_ms);
        world.acknowledge(seq);
        assert_eq!(world.outcome(call), Some(&Outcome::Accepted(true)));
    }
    assert!(again_ms[2] - again_ms[0] <= 1_000, "the first three come by their own backoff");
    for window in again_ms.windows(9) {
        assert!(window[8] - window[0] > 10_000, "{window:?}");
    }
}
