//! Tabs that run the published package, and messages from anybody (E1, E5, S8).

use trigger_chat_transport::io::{TabMessage, TabMode, TabWord};
use trigger_chat_transport::{Error, Input};

use super::origin::{Origin, told};

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
fn e5_claims_beyond_any_number_of_chats_are_passed_over() {
    let mut origin = Origin::with(1, TabMode::Messages);
    for chat in 0..1_000 {
        let message =
            TabMessage { chat: format!("forged {chat}"), ..told(TabWord::Claim, "forger") };
        origin.feed(0, Input::TabSays(message));
    }
    origin.say(0, TabWord::Claim, "forger");
    origin.submit(0);
    assert_eq!(origin.appends(0), 1);
}

#[test]
fn e5_no_token_is_told_to_other_tabs() {
    let mut origin = Origin::with(2, TabMode::Locks);
    origin.submit(0);
    origin.answer(0, 0);
    assert!(origin.posted.len() >= 4);
    assert!(!format!("{:?}", origin.posted).contains("token"));
}
