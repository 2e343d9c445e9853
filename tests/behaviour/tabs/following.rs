//! What a tab takes over from the one that has the turn: where it has read to, and what it shows (C6,
//! E6).

use trigger_chat_transport::Output;
use trigger_chat_transport::io::{TabInput, TabMessage, TabMode, TabOutput, TabWord};

use super::origin::{Origin, told};

fn shown(origin: &Origin, tab: usize) -> usize {
    origin.tabs[tab].count(|output| matches!(output, Output::Tab(TabOutput::Show { .. })))
}

#[test]
fn c6_the_other_tabs_are_told_how_far_a_turn_was_read() {
    let mut origin = Origin::with(2, TabMode::Locks);
    origin.submit(0);
    origin.answer(0, 0);
    assert_eq!(origin.tabs[1].state().last_event_id.as_deref(), Some("1"));
    origin.submit(1);
    origin.tabs[1].acknowledge(1);
    assert_eq!(origin.tabs[1].cursors(), [Some("1")]);
}

#[test]
fn c6_a_cursor_is_followed_forward_only_and_only_from_who_had_the_turn() {
    let mut origin = Origin::with(2, TabMode::Locks);
    origin.submit(0);
    origin.answer(0, 0);
    let owner = origin.posted.iter().find(|message| message.word == TabWord::Claim);
    let owner = owner.expect("a claim").tab.clone();
    for (tab, cursor) in [(owner.as_str(), "0"), ("a stranger", "500"), (&owner, ""), (&owner, "é")]
    {
        let last_event_id = Some(cursor.to_owned());
        let message = TabMessage { last_event_id, ..told(TabWord::Session, tab) };
        origin.feed(1, TabInput::Message(message));
        assert_eq!(origin.tabs[1].state().last_event_id.as_deref(), Some("1"), "{tab} {cursor}");
    }
}

#[test]
fn c6_the_cursor_of_a_reader_is_never_moved() {
    let mut origin = Origin::with(2, TabMode::Messages);
    origin.say(0, TabWord::Claim, "another");
    origin.say(0, TabWord::Release, "another");
    origin.submit(0);
    origin.tabs[0].acknowledge(0);
    let message =
        TabMessage { last_event_id: Some("7".into()), ..told(TabWord::Session, "another") };
    origin.feed(0, TabInput::Message(message));
    assert_eq!(origin.tabs[0].state().last_event_id, None);
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
