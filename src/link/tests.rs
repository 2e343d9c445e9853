use super::*;

const OK: u16 = 200;

fn head(status: u16) -> ResponseHead {
    ResponseHead { status, ..ResponseHead::default() }
}

fn open(now_ms: u64) -> Link {
    let mut link = Link::new(Pace::Turn, Jitter::new(7), Recent::default());
    link.start(now_ms);
    assert_eq!(link.head(now_ms, &head(OK)), Step::Wait);
    link
}

/// Lets the wait pass and opens the next connection; the time it took.
fn reopen(link: &mut Link, now_ms: &mut u64) -> u64 {
    let until_ms = link.deadline_ms().unwrap();
    let waited_ms = until_ms - *now_ms;
    *now_ms = until_ms;
    assert_eq!(link.tick(*now_ms), Step::Connect);
    assert_eq!(link.head(*now_ms, &head(OK)), Step::Wait);
    waited_ms
}

#[test]
fn d1_an_attempt_without_a_head_is_given_up_after_30_s() {
    let mut link = Link::new(Pace::Turn, Jitter::new(7), Recent::default());
    assert_eq!(link.start(0), Step::Connect);
    assert_eq!(link.tick(29_999), Step::Wait);
    assert_eq!(link.tick(30_000), Step::Disconnect);
    assert!(link.deadline_ms().unwrap() <= 31_000);
}

#[test]
fn d2_the_reconnection_time_of_the_stream_is_waited_for_and_then_kept() {
    let mut link = open(0);
    link.hint(Some(8_000));
    link.hint(None);
    link.failed(0);
    assert_eq!(link.deadline_ms(), Some(8_000));
    link.hint(Some(u64::MAX));
    let mut now_ms = 0;
    reopen(&mut link, &mut now_ms);
    link.failed(now_ms);
    assert!(link.deadline_ms().is_some_and(|at_ms| at_ms <= now_ms + 30_000));
}

#[test]
fn d2_a_link_awaits_a_token_only_between_a_refusal_and_the_next_attempt() {
    let mut link = Link::new(Pace::Turn, Jitter::new(7), Recent::default());
    assert!(!link.awaits_token());
    link.start(0);
    assert!(!link.awaits_token());
    assert_eq!(link.head(0, &head(401)), Step::Authorize);
    assert!(link.awaits_token());
    link.start(10);
    assert!(!link.awaits_token());
}

#[test]
fn d1_without_pings_a_minute_without_records_is_a_stall_and_the_sixth_is_the_end() {
    let mut now_ms = 0;
    let mut link = open(now_ms);
    for _ in 0..5 {
        link.bytes(now_ms + 59_000);
        now_ms += 60_000;
        assert_eq!(link.tick(now_ms), Step::Disconnect);
        reopen(&mut link, &mut now_ms);
    }
    assert_eq!(link.tick(now_ms + 60_000), Step::GiveUp(GaveUp::Stalled));
}

#[test]
fn d1_a_stream_that_pings_is_never_given_up_for_want_of_records() {
    let mut link = open(0);
    for now_ms in (0..3_600_000).step_by(10_000) {
        assert_eq!(link.tick(now_ms), Step::Wait);
        link.ping(now_ms);
    }
}

#[test]
fn d1_silence_of_a_stream_that_has_pinged_is_a_dead_socket() {
    let mut link = open(0);
    link.ping(1_000);
    assert_eq!(link.tick(25_999), Step::Wait);
    assert_eq!(link.tick(26_000), Step::Disconnect);
}

#[test]
fn d1_a_full_consumer_is_not_silence() {
    let mut link = open(0);
    link.ping(1_000);
    link.hold();
    assert_eq!(link.deadline_ms(), None);
    assert_eq!(link.tick(600_000), Step::Wait);
    link.bytes(600_000);
    assert_eq!(link.tick(624_999), Step::Wait);
    assert_eq!(link.tick(625_000), Step::Disconnect);
}

#[test]
fn d2_backoff_doubles_to_five_seconds_and_is_reset_by_records_not_by_heads() {
    let mut now_ms = 0;
    let mut link = open(now_ms);
    for full_ms in [1_000, 2_000, 4_000, 5_000, 5_000] {
        assert_eq!(link.failed(now_ms), Step::Disconnect);
        let waited_ms = reopen(&mut link, &mut now_ms);
        assert!(waited_ms >= full_ms / 2 && waited_ms <= full_ms, "{waited_ms} of {full_ms}");
    }
    link.record(now_ms);
    assert_eq!(link.failed(now_ms), Step::Disconnect);
    assert!(reopen(&mut link, &mut now_ms) <= 300);
    assert_eq!(link.failed(now_ms), Step::Disconnect);
    assert!(reopen(&mut link, &mut now_ms) <= 1_000);
}

#[test]
fn d2_retry_after_is_honoured_and_capped() {
    let asked = |seconds: &str| {
        let mut link = Link::new(Pace::Turn, Jitter::new(7), Recent::default());
        link.start(0);
        link.head(0, &ResponseHead { retry_after: Some(seconds.into()), ..head(503) });
        link.deadline_ms().unwrap()
    };
    assert_eq!(asked("7"), 7_000);
    assert_eq!(asked("3600"), 30_000);
    assert!(asked("0") >= 500, "our own backoff is the least");
}

#[test]
fn d2_a_refused_token_is_renewed_once_for_each_connection() {
    let mut link = Link::new(Pace::Turn, Jitter::new(7), Recent::default());
    link.start(0);
    assert_eq!(link.head(0, &head(401)), Step::Authorize);
    link.start(0);
    assert_eq!(link.head(0, &head(403)), Step::GiveUp(GaveUp::Refused(403)));
    let mut link = open(0);
    link.record(0);
    link.failed(0);
    link.start(1_000);
    assert_eq!(link.head(1_000, &head(401)), Step::Authorize);
}

#[test]
fn d3_five_ends_without_a_record_are_borne_and_any_record_earns_them_anew() {
    let mut now_ms = 0;
    let mut link = open(now_ms);
    for round in 0..2 {
        for full_ms in [100, 200, 400, 800, 1_600] {
            assert_eq!(link.ended(now_ms), Step::Disconnect);
            let waited_ms = reopen(&mut link, &mut now_ms);
            assert!(waited_ms >= full_ms / 2 && waited_ms <= full_ms, "{waited_ms} of {full_ms}");
        }
        if round == 0 {
            link.record(now_ms);
            link.ended(now_ms);
            reopen(&mut link, &mut now_ms);
        }
    }
    assert_eq!(link.ended(now_ms), Step::GiveUp(GaveUp::EndedEarly));
}

#[test]
fn d3_quiet_windows_that_pinged_cost_nothing() {
    let mut now_ms = 0;
    let mut link = open(now_ms);
    for _ in 0..20 {
        link.ping(now_ms);
        now_ms += 20_000;
        assert_eq!(link.ended(now_ms), Step::Disconnect);
        reopen(&mut link, &mut now_ms);
    }
}

#[test]
fn d3_a_settled_end_is_final() {
    let mut link = Link::new(Pace::Turn, Jitter::new(7), Recent::default());
    link.start(0);
    link.head(0, &ResponseHead { settled: true, ..head(OK) });
    link.done();
    assert_eq!(link.ended(0), Step::GiveUp(GaveUp::Settled));
    assert_eq!(link.deadline_ms(), None);
}

#[test]
fn d3_a_settled_end_that_may_be_a_cut_is_believed_the_third_time() {
    let mut link = Link::new(Pace::Turn, Jitter::new(7), Recent::default());
    for (at_ms, longest_ms) in [(0, 100), (100, 200)] {
        link.start(at_ms);
        link.head(at_ms, &ResponseHead { settled: true, ..head(OK) });
        assert_eq!(link.ended(at_ms), Step::Disconnect);
        assert!(link.deadline_ms().is_some_and(|until_ms| until_ms <= at_ms + longest_ms));
    }
    link.start(300);
    link.head(300, &ResponseHead { settled: true, ..head(OK) });
    assert_eq!(link.ended(300), Step::GiveUp(GaveUp::Settled));
}

#[test]
fn d4_wake_events_cut_a_wait_short_or_replace_a_connection() {
    let mut link = open(0);
    assert_eq!(link.retry_now(10), Step::Wait);
    assert_eq!(link.reconnect(10), Step::Connect);
    link.failed(20);
    assert_eq!(link.retry_now(30), Step::Connect);
}

#[test]
fn d4_behind_a_pause_a_connection_that_shows_no_life_within_a_second_is_replaced() {
    let mut link = open(0);
    link.check(5_000);
    assert_eq!(link.deadline_ms(), Some(6_000));
    assert_eq!(link.tick(5_999), Step::Wait);
    assert_eq!(link.tick(6_000), Step::Connect);
}

#[test]
fn d4_behind_a_pause_any_byte_shows_that_a_connection_lives() {
    let mut link = open(0);
    link.check(5_000);
    link.bytes(5_500);
    assert_eq!(link.tick(6_000), Step::Wait);
    assert_eq!(link.deadline_ms(), Some(60_000));
}

#[test]
fn d4_a_pause_proves_nothing_about_a_connection_that_is_not_read() {
    let mut link = open(0);
    link.hold();
    link.check(5_000);
    assert_eq!(link.deadline_ms(), None);
    assert_eq!(link.tick(60_000), Step::Wait);
}

#[test]
fn p7_there_are_at_most_twelve_attempts_in_any_ten_seconds() {
    let mut link = open(1);
    let mut began_ms = vec![1];
    let mut now_ms = 1;
    while began_ms.len() < 40 {
        link.record(now_ms);
        link.failed(now_ms);
        now_ms = link.deadline_ms().unwrap();
        if link.tick(now_ms) == Step::Connect {
            began_ms.push(now_ms);
            link.head(now_ms, &head(OK));
        }
    }
    for window in began_ms.windows(13) {
        assert!(window[12] - window[0] > 10_000, "{window:?}");
    }
    assert!(began_ms[1] <= 301, "the first of them is not late");
}

#[test]
fn p7_a_wake_does_not_give_up_what_may_live_for_a_turn_in_the_queue() {
    let mut link = open(1);
    for now_ms in 2..=12 {
        assert_eq!(link.reconnect(now_ms), Step::Connect);
        link.head(now_ms, &head(OK));
    }
    assert_eq!(link.reconnect(13), Step::Wait);
    assert_eq!(link.stage(), Stage::Open);
    assert_eq!(link.reconnect(10_002), Step::Connect);
}

#[test]
fn p7_the_attempts_of_one_link_count_for_the_next() {
    let mut link = open(1);
    for now_ms in 2..=12 {
        link.reconnect(now_ms);
    }
    let mut next = Link::new(Pace::Turn, Jitter::new(7), link.recent());
    assert_eq!(next.start(13), Step::Disconnect);
    assert_eq!(next.deadline_ms(), Some(10_002));
}
