//! What a tab takes over from the one that has the turn: where it has read to, and what it shows (C6,
//! E6).

use trigger_chat_transport::io::{
    ChatInput, SendSource, TabAct, TabMessage, TabMode, TabOutput, TabWord,
};
use trigger_chat_transport::{Input, Output};

use super::origin::{Origin, told};
use crate::world::{complete, data};

fn shown(origin: &Origin, tab: usize) -> usize {
    origin.tabs[tab]
        .count(|output| matches!(output, Output::Tab(TabOutput { act: TabAct::Show, .. })))
}

/// The second tab sends behind a turn of the first, and reads on from where it stood itself.
fn behind_another(told: impl Fn(&mut Origin)) -> (Origin, u32) {
    let mut origin = Origin::with(2, TabMode::Locks);
    origin.submit(0);
    origin.answer(0, 0);
    told(&mut origin);
    let call = origin.submit(1);
    origin.tabs[1].acknowledge(1);
    assert_eq!(origin.tabs[1].cursors(), [None]);
    origin.tabs[1].open();
    (origin, call)
}

/// Another program says that it had a turn, and has shown the records up to there.
fn lie(origin: &mut Origin, shown_up_to: u64) {
    origin.say(1, TabWord::Claim, "liar");
    let last_event_id = Some(shown_up_to.to_string());
    origin.feed(1, Input::TabSays(TabMessage { last_event_id, ..told(TabWord::Session, "liar") }));
    origin.say(1, TabWord::Release, "liar");
}

#[test]
fn c6_what_another_tab_has_shown_is_no_part_of_the_next_answer() {
    let (mut origin, call) = behind_another(|_| {});
    let tab = &mut origin.tabs[1];
    tab.records(&[data(0, "a"), complete(1, 0), data(2, "b")]);
    assert_eq!(tab.chunks(call), ["\"b\""]);
    tab.records(&[complete(3, 1)]);
    assert!(tab.is_closed(call));
}

#[test]
fn s8_a_lie_about_what_was_shown_loses_nothing() {
    let (mut origin, call) = behind_another(|origin| lie(origin, u64::MAX));
    let tab = &mut origin.tabs[1];
    tab.records(&[data(0, "a"), complete(1, 0), data(2, "b")]);
    assert_eq!(tab.chunks(call), [""; 0]);
    tab.records(&[complete(3, 1)]);
    assert_eq!(tab.chunks(call), ["\"b\""]);
    assert!(tab.is_closed(call));
    // It is not believed twice.
    let next = origin.submit(1);
    let tab = &mut origin.tabs[1];
    tab.acknowledge(2);
    tab.open();
    tab.records(&[data(4, "c")]);
    assert_eq!(tab.chunks(next), ["\"c\""]);
}

#[test]
fn s8_a_lie_that_ends_within_the_awaited_turn_loses_nothing() {
    let (mut origin, call) = behind_another(|origin| lie(origin, 2));
    let tab = &mut origin.tabs[1];
    tab.records(&[data(0, "a"), complete(1, 0), data(2, "b")]);
    assert_eq!(tab.chunks(call), [""; 0]);
    tab.records(&[data(3, "c")]);
    assert_eq!(tab.chunks(call), ["\"b\"", "\"c\""]);
}

#[test]
fn s8_a_lie_loses_nothing_of_an_answer_that_goes_on_when_the_session_is_closed() {
    let (mut origin, call) = behind_another(|origin| lie(origin, u64::MAX));
    let tab = &mut origin.tabs[1];
    tab.records(&[data(0, "a"), complete(1, 0), data(2, "b")]);
    tab.send(SendSource::Action);
    tab.answer(409, r#"{"code":"session_closed"}"#);
    tab.records(&[complete(3, 1)]);
    assert_eq!(tab.chunks(call), ["\"b\""]);
    assert!(tab.is_closed(call));
}

#[test]
fn c6_a_turn_that_was_left_in_its_middle_is_not_told_as_shown() {
    let mut origin = Origin::with(2, TabMode::Locks);
    let call = origin.begin_turn(0);
    origin.tabs[0].tell(ChatInput::Cancel(call));
    origin.obey();
    assert!(origin.posted.iter().all(|message| message.word != TabWord::Session));
}

#[test]
fn s8_a_stranger_says_nothing_of_what_was_shown() {
    let (mut origin, call) = behind_another(|origin| {
        let last_event_id = Some("500".to_owned());
        let message = TabMessage { last_event_id, ..told(TabWord::Session, "stranger") };
        origin.feed(1, Input::TabSays(message));
    });
    origin.tabs[1].records(&[data(0, "a"), complete(1, 0), data(2, "b")]);
    assert_eq!(origin.tabs[1].chunks(call), ["\"b\""]);
}

#[test]
fn s8_another_tab_moves_no_cursor() {
    let mut origin = Origin::with(2, TabMode::Locks);
    origin.submit(0);
    origin.answer(0, 0);
    assert_eq!(origin.tabs[0].state().last_event_id.as_deref(), Some("1"));
    let changed = |output: &Output| matches!(output, Output::SessionChanged { notify: true, .. });
    assert_eq!(origin.tabs[1].count(changed), 0);
}

#[test]
fn e6_only_what_the_owner_of_the_turn_shows_is_shown() {
    let mut origin = Origin::with(1, TabMode::Locks);
    origin.say(0, TabWord::Messages, "a tab with old history");
    assert_eq!(shown(&origin, 0), 0);
    origin.say(0, TabWord::Claim, "owner");
    origin.say(0, TabWord::Messages, "a tab with old history");
    assert_eq!(shown(&origin, 0), 0);
    origin.say(0, TabWord::Messages, "owner");
    assert_eq!(shown(&origin, 0), 1);
}

#[test]
fn e6_what_the_owner_shows_at_the_end_is_shown_although_its_turn_is_over() {
    let mut origin = Origin::with(1, TabMode::Locks);
    origin.say(0, TabWord::Claim, "owner");
    origin.say(0, TabWord::Release, "owner");
    origin.say(0, TabWord::Messages, "owner");
    assert_eq!(shown(&origin, 0), 1);
}

#[test]
fn e6_a_tab_with_a_turn_of_its_own_shows_nothing_of_others() {
    let mut origin = Origin::with(1, TabMode::Locks);
    origin.say(0, TabWord::Claim, "former");
    origin.say(0, TabWord::Release, "former");
    origin.submit(0);
    origin.say(0, TabWord::Messages, "former");
    origin.answer(0, 0);
    origin.say(0, TabWord::Messages, "former");
    assert_eq!(shown(&origin, 0), 0);
}
