//! A turn that is read and is nobody's, as after a reload in its middle: it is the reading tab's to lead,
//! if it can have it, and it is read either way (E2, E6).

use trigger_chat_transport::io::{Outcome, PersistedSession, TabEvent, TabMode, TabWord};

use super::origin::Origin;
use crate::world::{complete, data, session};

const MODES: [TabMode; 2] = [TabMode::Messages, TabMode::Locks];

/// In the middle of a turn of tab 0 its page is reloaded, and is tab 2 from then on.
fn reloaded(mode: TabMode) -> (Origin, usize) {
    let mut origin = Origin::with(2, mode);
    origin.submit(0);
    let tab = &mut origin.tabs[0];
    tab.acknowledge(0);
    tab.open();
    tab.records(&[data(0, "a")]);
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

#[test]
fn e4_a_reading_takes_no_lock_from_a_tab_that_stands_still_but_a_send_does() {
    let mut origin = Origin::with(2, TabMode::Locks);
    origin.freeze(1);
    origin.submit(0);
    // What the first tab has said is lost, and from now on it says no more.
    origin.forget_held(1);
    origin.freeze(0);
    follow(&mut origin, 1);
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
    let mut origin = Origin::with(2, TabMode::Locks);
    origin.freeze(1);
    origin.submit(0);
    origin.forget_held(1);
    origin.freeze(0);
    follow(&mut origin, 1);
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
