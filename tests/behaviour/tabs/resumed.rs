//! A turn that is read and is nobody's, as after a reload in its middle: it is the reading tab's to lead,
//! if it can have it, and it is read either way (E2, E6).

use trigger_chat_transport::Error;
use trigger_chat_transport::io::{
    ChatInput, Outcome, PersistedSession, SendSource, TabEvent, TabMode, TabWord,
};

use super::origin::Origin;
use crate::world::{complete, control, data, session};

const MODES: [TabMode; 2] = [TabMode::Messages, TabMode::Locks];

/// In the middle of a turn of tab 0 its page is reloaded, and is tab 2 from then on.
fn reloaded(mode: TabMode) -> (Origin, usize) {
    let mut origin = Origin::with(2, mode);
    origin.begin_turn(0);
    origin.happens(0, TabEvent::Left);
    origin.crash(0);
    assert!(!origin.is_read_only(1));
    assert_eq!(origin.open(), 2);
    (origin, 2)
}

/// The tab follows the turn under way; gives the call.
fn follow(origin: &mut Origin, tab: usize) -> u32 {
    let tab = &mut origin.tabs[tab];
    let under_way = PersistedSession { is_streaming: Some(true), ..session() };
    tab.hydrate(PersistedSession { active_input_seq: Some(0), ..under_way });
    let call = tab.reconnect();
    tab.open();
    origin.obey();
    call
}

#[test]
fn e6_a_turn_that_is_resumed_after_a_reload_is_its_tabs_again() {
    for mode in MODES {
        let (mut origin, tab) = reloaded(mode);
        let call = follow(&mut origin, tab);
        assert!(origin.has_claim(2) && origin.is_read_only(1), "{mode:?}");
        origin.tabs[2].records(&[data(0, "a"), complete(1, 0)]);
        origin.obey();
        assert!(origin.tabs[2].is_closed(call));
        assert!(!origin.has_claim(2) && !origin.is_read_only(1));
        let sessions = origin.posted.iter().filter(|said| said.word == TabWord::Session).count();
        assert_eq!(sessions, 1);
    }
}

#[test]
fn e6_a_turn_that_another_tab_has_is_read_without_a_claim() {
    for mode in MODES {
        let mut origin = Origin::with(2, mode);
        origin.submit(0);
        origin.tabs[0].acknowledge(0);
        let call = follow(&mut origin, 1);
        assert!(origin.has_claim(0) && !origin.has_claim(1), "{mode:?}");
        assert_eq!(origin.tabs[1].outcome(call), Some(&Outcome::Stream { repeats: false }));
        origin.tabs[1].records(&[data(0, "a")]);
        assert_eq!(origin.tabs[1].chunks(call), ["\"a\""]);
    }
}

#[test]
fn e2_a_chat_with_nothing_to_follow_claims_nothing() {
    let mut origin = Origin::with(2, TabMode::Locks);
    let said = origin.posted.len();
    let tab = &mut origin.tabs[1];
    tab.hydrate(PersistedSession { is_streaming: Some(true), ..session() });
    let call = tab.reconnect();
    tab.head(trigger_chat_transport::link::ResponseHead { settled: true, ..crate::world::v2(200) });
    tab.bytes(b"data: [DONE]\n\n");
    tab.end();
    origin.obey();
    assert_eq!(origin.tabs[1].outcome(call), Some(&Outcome::NoStream));
    assert_eq!(origin.posted.len(), said);
}

/// The second tab follows a turn whose lock the first has: what that one has said is lost, and from now on
/// it says no more.
fn behind_a_silent_lock() -> Origin {
    let mut origin = Origin::with(2, TabMode::Locks);
    origin.freeze(1);
    origin.submit(0);
    origin.forget_held(1);
    origin.freeze(0);
    follow(&mut origin, 1);
    origin
}

#[test]
fn e4_a_reading_takes_no_lock_from_a_tab_that_stands_still_but_a_send_does() {
    let mut origin = behind_a_silent_lock();
    for _ in 0..5 {
        origin.pass(1_000);
        assert!(!origin.has_claim(1) && !origin.is_read_only(1));
    }
    origin.submit(1);
    assert_eq!(origin.appends(1), 0);
    origin.pass(1_000);
    assert!(origin.has_claim(1));
    assert_eq!(origin.appends(1), 1);
}

#[test]
fn e4_a_reading_has_the_turn_as_soon_as_its_lock_is_free() {
    let mut origin = behind_a_silent_lock();
    assert!(!origin.has_claim(1));
    origin.crash(0);
    origin.pass(1_000);
    assert!(origin.has_claim(1));
}

#[test]
fn e4_a_page_that_stands_still_asks_for_no_turn_and_one_that_comes_back_does() {
    let (mut origin, tab) = reloaded(TabMode::Locks);
    follow(&mut origin, tab);
    origin.happens(2, TabEvent::Left);
    assert!(!origin.has_claim(2) && !origin.is_read_only(1));
    origin.tabs[2].records(&[data(0, "a")]);
    origin.obey();
    assert!(!origin.has_claim(2));
    origin.happens(2, TabEvent::Opened);
    assert!(origin.has_claim(2) && origin.is_read_only(1));
}

/// The second tab sends behind a turn that the first has left in its middle; gives the call.
fn send_behind(origin: &mut Origin) -> u32 {
    let call = origin.submit(1);
    origin.pass(5_000);
    let tab = &mut origin.tabs[1];
    tab.acknowledge(1);
    tab.open();
    call
}

/// The first tab has a turn, reads some of it, and then this happens.
fn left_in_the_middle(how: impl Fn(&mut Origin, u32)) -> Origin {
    let mut origin = Origin::with(2, TabMode::Locks);
    let call = origin.begin_turn(0);
    how(&mut origin, call);
    origin.obey();
    origin
}

type Leaving = (&'static str, fn(&mut Origin, u32));

fn ways_to_leave() -> Vec<Leaving> {
    vec![
        ("its page goes away", |origin, _| origin.happens(0, TabEvent::Left)),
        ("it leaves the chat", |origin, call| origin.tabs[0].tell(ChatInput::Cancel(call))),
        ("it crashes", |origin, _| origin.crash(0)),
        ("it is frozen until its claim has lapsed", |origin, _| {
            origin.freeze(0);
            origin.pass(10_000);
        }),
    ]
}

#[test]
fn e6_the_rest_of_a_turn_that_was_left_is_no_part_of_the_next_answer() {
    for (way, leave) in ways_to_leave() {
        let mut origin = left_in_the_middle(leave);
        let call = send_behind(&mut origin);
        let tab = &mut origin.tabs[1];
        tab.records(&[data(0, "a"), data(1, "b"), complete(2, 0), data(3, "c")]);
        assert_eq!(tab.chunks(call), ["\"c\""], "{way}");
        tab.records(&[complete(4, 1)]);
        assert!(tab.is_closed(call), "{way}");
    }
}

#[test]
fn e6_a_turn_that_was_left_and_never_ends_costs_the_next_answer_nothing() {
    let mut origin = left_in_the_middle(|origin, _| origin.happens(0, TabEvent::Left));
    let call = send_behind(&mut origin);
    let tab = &mut origin.tabs[1];
    tab.records(&[data(0, "a"), data(1, "b")]);
    assert_eq!(tab.chunks(call), [""; 0]);
    tab.records(&[complete(2, 1)]);
    assert_eq!(tab.chunks(call), ["\"a\"", "\"b\""]);
    assert!(tab.is_closed(call));
}

#[test]
fn e6_what_is_held_back_for_another_tab_is_shown_when_the_session_is_closed() {
    let mut origin = left_in_the_middle(|origin, _| origin.happens(0, TabEvent::Left));
    let call = send_behind(&mut origin);
    let tab = &mut origin.tabs[1];
    tab.records(&[data(0, "a"), control(1, &[["trigger-control", "session-closed"]])]);
    assert_eq!(tab.chunks(call), ["\"a\""]);
    assert!(tab.is_closed(call));
}

#[test]
fn e6_behind_a_turn_that_was_finished_nothing_is_held_back() {
    let mut origin = left_in_the_middle(|origin, _| origin.happens(0, TabEvent::Left));
    origin.crash(0);
    let tab = origin.open();
    follow(&mut origin, tab);
    origin.tabs[tab].records(&[data(0, "a"), complete(1, 0)]);
    origin.obey();
    let call = send_behind(&mut origin);
    let tab = &mut origin.tabs[1];
    tab.records(&[data(0, "a"), complete(1, 0), data(2, "b")]);
    assert_eq!(tab.chunks(call), ["\"b\""]);
}

#[test]
fn e6_a_send_waits_for_a_page_that_may_be_loaded_anew() {
    let (mut origin, reloaded) = reloaded(TabMode::Locks);
    let call = origin.submit(1);
    origin.pass(4_900);
    assert_eq!(origin.appends(1), 0);
    follow(&mut origin, reloaded);
    assert_eq!(origin.tabs[1].failure(call), &Error::ActiveElsewhere);
}

/// A turn whose messages were shown to the other tab, at its end.
fn shown_to_its_end() -> Origin {
    let mut origin = Origin::with(2, TabMode::Locks);
    origin.submit(0);
    origin.happens(0, TabEvent::Shown);
    origin.answer(0, 0);
    origin
}

#[test]
fn e6_the_claim_is_kept_until_the_last_words_are_shown() {
    let mut origin = shown_to_its_end();
    // The application may ask again at once; the others wait a moment.
    assert!(!origin.has_claim(0) && origin.is_read_only(1));
    origin.pass(600);
    origin.happens(0, TabEvent::Shown);
    origin.pass(149);
    assert!(origin.is_read_only(1));
    origin.pass(1);
    assert!(!origin.is_read_only(1));
}

#[test]
fn e6_last_words_that_do_not_come_are_waited_for_no_longer_than_a_second() {
    let mut origin = shown_to_its_end();
    origin.pass(999);
    assert!(origin.is_read_only(1));
    origin.pass(1);
    assert!(!origin.is_read_only(1));
}

#[test]
fn e6_a_page_that_goes_away_behind_its_last_words_has_told_where_its_turn_ended() {
    let mut origin = shown_to_its_end();
    origin.happens(0, TabEvent::Left);
    let call = send_behind(&mut origin);
    let tab = &mut origin.tabs[1];
    tab.records(&[data(0, "shown in the other tab"), complete(1, 0), data(2, "b")]);
    assert_eq!(tab.chunks(call), ["\"b\""]);
}

#[test]
fn e6_a_question_behind_the_last_words_keeps_the_claim() {
    let mut origin = shown_to_its_end();
    origin.submit(0);
    assert_eq!(origin.appends(0), 2);
    assert!(origin.has_claim(0) && origin.is_read_only(1));
    origin.pass(1_000);
    assert!(origin.has_claim(0) && origin.is_read_only(1));
}

#[test]
fn e5_a_claim_that_is_made_behind_the_end_of_ones_own_turn_is_heard() {
    let mut origin = shown_to_its_end();
    origin.say(0, TabWord::Claim, "another");
    assert!(origin.is_read_only(0) && !origin.is_read_only(1));
}

#[test]
fn e6_what_is_sent_behind_the_last_words_is_waited_for() {
    let mut origin = shown_to_its_end();
    origin.tabs[0].send(SendSource::Steer);
    origin.obey();
    origin.pass(1_000);
    assert!(origin.has_claim(0) && origin.is_read_only(1));
    origin.tabs[0].acknowledge(1);
    origin.obey();
    origin.pass(1_000);
    assert!(!origin.has_claim(0) && !origin.is_read_only(1));
}

/// A turn into which messages were sent that it does not take up: their `.in` seq begins at 1.
fn steered(messages: u64) -> Origin {
    let mut origin = left_in_the_middle(|origin, _| {
        for seq in 1..=messages {
            origin.tabs[0].send(SendSource::Steer);
            origin.tabs[0].acknowledge(seq);
        }
        origin.tabs[0].records(&[complete(1, 0)]);
    });
    assert!(origin.has_claim(0) && origin.is_read_only(1));
    origin.pass(4_900);
    assert!(origin.is_read_only(1));
    origin
}

/// Reads the turn that answers the first of them.
fn follow_steered(origin: &mut Origin) {
    let tab = &mut origin.tabs[0];
    let under_way = PersistedSession { is_streaming: Some(true), ..session() };
    let last_event_id = Some("1".into());
    tab.hydrate(PersistedSession { active_input_seq: Some(1), last_event_id, ..under_way });
    tab.reconnect();
    tab.open();
    origin.pass(1_000);
    assert!(origin.has_claim(0) && origin.is_read_only(1));
    origin.tabs[0].records(&[data(2, "b"), complete(3, 1)]);
    origin.obey();
}

#[test]
fn e6_the_turn_of_a_steered_message_is_the_tabs_that_sent_it() {
    let mut origin = steered(1);
    follow_steered(&mut origin);
    assert!(!origin.has_claim(0) && !origin.is_read_only(1));
}

#[test]
fn e6_of_two_steered_messages_the_second_has_its_turn_behind_that_of_the_first() {
    let mut origin = steered(2);
    follow_steered(&mut origin);
    assert!(origin.has_claim(0) && origin.is_read_only(1));
    origin.pass(5_000);
    assert!(!origin.has_claim(0) && !origin.is_read_only(1));
}

#[test]
fn e6_a_steered_message_that_nobody_follows_keeps_others_out_for_a_moment_only() {
    let mut origin = steered(1);
    origin.pass(100);
    assert!(!origin.has_claim(0) && !origin.is_read_only(1));
}
