//! Where there are locks, two tabs that send in the same instant cannot both win, and neither a crashed
//! nor a frozen tab keeps the others waiting (E4).

use trigger_chat_transport::io::{TabEvent, TabMode, TabWord};
use trigger_chat_transport::{Error, Input};

use super::origin::Origin;
use crate::world::{CHAT, World, session};

#[test]
fn e4_of_two_sends_in_the_same_instant_one_goes_out() {
    let mut origin = Origin::with(2, TabMode::Locks);
    // Neither hears of the other in time.
    let calls = [origin.tabs[0].submit(), origin.tabs[1].submit()];
    origin.obey();
    assert_eq!(origin.appends(0) + origin.appends(1), 1);
    let loser = usize::from(origin.has_claim(0));
    assert_eq!(origin.tabs[loser].failure(calls[loser]), &Error::ActiveElsewhere);
}

#[test]
fn e4_a_crashed_tab_frees_its_claim_at_once() {
    let mut origin = Origin::with(2, TabMode::Locks);
    origin.submit(0);
    origin.crash(0);
    assert!(origin.is_read_only(1));
    origin.submit(1);
    assert_eq!(origin.appends(1), 1);
    assert!(origin.has_claim(1) && !origin.is_read_only(1));
}

#[test]
fn e4_a_frozen_tab_is_replaced_when_its_lease_has_lapsed() {
    let mut origin = Origin::with(2, TabMode::Locks);
    origin.submit(0);
    origin.freeze(0);
    let refused = origin.submit(1);
    assert_eq!(origin.tabs[1].failure(refused), &Error::ActiveElsewhere);
    origin.pass(10_000);
    assert!(!origin.is_read_only(1));
    origin.submit(1);
    assert_eq!(origin.appends(1), 0);
    origin.pass(1_000);
    assert_eq!(origin.appends(1), 1);
    assert!(origin.has_claim(1));
    origin.thaw(0);
    assert!(!origin.has_claim(0) && origin.is_read_only(0));
    assert!(origin.has_claim(1) && !origin.is_read_only(1));
}

#[test]
fn e4_a_tab_whose_clock_is_held_back_keeps_its_claim_if_it_answers() {
    let mut origin = Origin::with(2, TabMode::Locks);
    origin.submit(0);
    origin.tabs[0].acknowledge(0);
    for _ in 0..20 {
        origin.pass_without(0, 4_000);
        assert!(origin.is_read_only(1));
    }
}

#[test]
fn e4_whoever_has_the_lock_and_was_never_heard_of_is_asked_before_it_is_replaced() {
    let mut origin = Origin::with(2, TabMode::Locks);
    // The claim was posted before the second tab listened, and its question was lost, too.
    origin.freeze(1);
    origin.submit(0);
    origin.forget_held(1);
    let call = origin.submit(1);
    assert_eq!(origin.tabs[1].failure(call), &Error::ActiveElsewhere);
    assert!(origin.is_read_only(1) && origin.has_claim(0));
}

#[test]
fn e4_a_send_that_was_given_up_meanwhile_takes_nothing() {
    let mut origin = Origin::with(2, TabMode::Locks);
    origin.submit(0);
    origin.freeze(0);
    origin.pass(10_000);
    let call = origin.submit(1);
    origin.tabs[1].tell(trigger_chat_transport::io::ChatInput::Abort(call));
    origin.pass(5_000);
    assert!(!origin.has_claim(1));
    origin.thaw(0);
    assert!(origin.has_claim(0));
}

#[test]
fn e4_a_refusal_that_comes_when_nobody_asks_any_more_asks_nobody() {
    let mut tab = World::tab(TabMode::Locks, 1);
    tab.hydrate(session());
    tab.submit();
    tab.feed(Input::Dispose);
    let said = tab.outputs.len();
    tab.feed(Input::TabEvent { event: TabEvent::Refused, chat: CHAT.into() });
    assert_eq!(tab.outputs[said..], []);
}

#[test]
fn e4_an_answer_to_a_question_of_long_ago_counts_for_nothing() {
    let mut origin = Origin::with(1, TabMode::Locks);
    for event in [TabEvent::Locked, TabEvent::Refused, TabEvent::Stolen] {
        origin.happens(0, event);
    }
    assert!(!origin.has_claim(0));
    assert!(origin.posted.iter().all(|message| message.word == TabWord::Join));
}
