//! Tabs that run the published package, and messages from anybody (E1, E5, S8).

use trigger_chat_transport::io::{TabAct, TabMessage, TabMode, TabOutput, TabWord};
use trigger_chat_transport::{Error, Input, Output};

use super::origin::{Origin, told};
use crate::world::CHAT;

#[test]
fn e1_a_claim_of_the_published_package_is_kept() {
    let mut origin = Origin::with(1, TabMode::Locks);
    origin.say(0, TabWord::Claim, "published");
    let call = origin.submit(0);
    assert_eq!(origin.tabs[0].failure(call), &Error::ActiveElsewhere);
    origin.say(0, TabWord::Release, "published");
    origin.submit(0);
    assert_eq!(origin.appends(0), 1);
}

#[test]
fn e1_a_tab_of_the_published_package_that_knew_of_no_claim_is_told_again() {
    let mut origin = Origin::with(1, TabMode::Locks);
    origin.submit(0);
    origin.say(0, TabWord::Claim, "published");
    let claims = origin.posted.iter().filter(|message| message.word == TabWord::Claim).count();
    assert_eq!(claims, 2);
    assert!(origin.has_claim(0) && !origin.is_read_only(0));
}

#[test]
fn e5_a_release_by_somebody_else_releases_nothing() {
    let mut origin = Origin::with(1, TabMode::Locks);
    origin.say(0, TabWord::Claim, "owner");
    origin.say(0, TabWord::Release, "another");
    assert!(origin.is_read_only(0));
}

#[test]
fn e5_messages_of_an_odd_size_are_dropped() {
    let odd = [
        TabMessage { tab: "t".repeat(129), ..told(TabWord::Claim, "") },
        TabMessage { chat: "c".repeat(1_025), ..told(TabWord::Claim, "tab") },
        TabMessage { chat: String::new(), ..told(TabWord::Claim, "tab") },
        told(TabWord::Claim, ""),
    ];
    for message in odd {
        let mut origin = Origin::with(1, TabMode::Messages);
        origin.feed(0, Input::TabSays(message));
        assert!(!origin.is_read_only(0));
    }
    let mut origin = Origin::with(1, TabMode::Messages);
    let message = TabMessage { tab: "t".repeat(128), ..told(TabWord::Claim, "") };
    origin.feed(0, Input::TabSays(message));
    assert!(origin.is_read_only(0));
}

#[test]
fn s9_of_a_message_that_is_dropped_for_its_size_nothing_is_kept() {
    let long = "x".repeat(1 << 20);
    let odd = [
        TabMessage { tab: long.clone(), ..told(TabWord::Claim, "") },
        TabMessage { chat: long.clone(), ..told(TabWord::Claim, "tab") },
        TabMessage { last_event_id: Some(long), ..told(TabWord::Session, "tab") },
    ];
    let mut origin = Origin::with(1, TabMode::Messages);
    for message in odd {
        origin.feed(0, Input::TabSays(message));
    }
    assert!(origin.tabs[0].trace().len() < 4_096);
}

#[test]
fn e5_claims_beyond_any_number_of_chats_are_passed_over() {
    let mut origin = Origin::with(1, TabMode::Messages);
    flood(&mut origin);
    origin.say(0, TabWord::Claim, "forger");
    origin.submit(0);
    assert_eq!(origin.appends(0), 1);
}

#[test]
fn e5_a_flood_of_claims_keeps_others_out_only_for_as_long_as_it_lasts() {
    let mut origin = Origin::with(1, TabMode::Messages);
    flood(&mut origin);
    origin.say(0, TabWord::Claim, "published");
    let act = TabAct::ReadOnly(true);
    let heard = Output::Tab(TabOutput { act, chat: CHAT.into(), last_event_id: None });
    assert_eq!(origin.tabs[0].count(|output| *output == heard), 0);
    // It lapses.
    origin.pass(10_000);
    origin.say(0, TabWord::Claim, "published");
    assert_eq!(origin.tabs[0].count(|output| *output == heard), 1);
}

#[test]
fn e5_tabs_that_fall_silent_together_are_asked_once() {
    let mut origin = Origin::with(1, TabMode::Messages);
    flood(&mut origin);
    let asked = origin.posted.len();
    origin.pass(9_000);
    assert_eq!(origin.posted.len(), asked + 1);
    assert_eq!(origin.posted[asked].word, TabWord::Join);
}

/// As many claims as are kept.
fn flood(origin: &mut Origin) {
    for chat in 0..1_000 {
        let message =
            TabMessage { chat: format!("forged {chat}"), ..told(TabWord::Claim, "forger") };
        origin.feed(0, Input::TabSays(message));
    }
}

#[test]
fn e5_no_token_is_told_to_other_tabs() {
    let mut origin = Origin::with(2, TabMode::Locks);
    origin.submit(0);
    origin.answer(0, 0);
    assert!(origin.posted.len() >= 4);
    assert!(!format!("{:?}", origin.posted).contains("token"));
}
