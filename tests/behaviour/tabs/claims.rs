//! A send claims, the end of whatever it led to releases, silence lapses (E2, E3, E5).

use trigger_chat_transport::io::{
    Body, ChatInput, Outcome, SendSource, StartFailure, TabAct, TabEvent, TabMode, TabOutput,
    TabWord,
};
use trigger_chat_transport::{Error, Input, Output};

use super::origin::Origin;
use crate::world::{CHAT, World, session};

const MODES: [TabMode; 2] = [TabMode::Messages, TabMode::Locks];

#[test]
fn e2_a_send_claims_and_the_end_of_its_turn_releases() {
    for mode in MODES {
        let mut origin = Origin::with(2, mode);
        origin.submit(0);
        assert!(origin.has_claim(0) && !origin.is_read_only(0), "{mode:?}");
        assert!(origin.is_read_only(1) && !origin.has_claim(1));
        let refused = origin.submit(1);
        assert_eq!(origin.tabs[1].failure(refused), &Error::ActiveElsewhere);
        assert_eq!(origin.appends(1), 0);
        origin.answer(0, 0);
        assert!(!origin.has_claim(0) && !origin.is_read_only(1));
        origin.submit(1);
        assert!(origin.has_claim(1) && origin.is_read_only(0));
        assert_eq!(origin.appends(1), 1);
    }
}

#[test]
fn e2_the_refusal_says_why() {
    assert_eq!(Error::ActiveElsewhere.message(), "This chat is active in another tab");
}

#[test]
fn e2_a_claim_is_told_every_five_seconds_and_lapses_after_ten_of_silence() {
    for mode in MODES {
        let mut origin = Origin::with(2, mode);
        origin.submit(0);
        origin.tabs[0].acknowledge(0);
        origin.pass(29_000);
        let beats =
            origin.posted.iter().filter(|message| message.word == TabWord::Heartbeat).count();
        assert_eq!(beats, 5, "{mode:?}");
        assert!(origin.is_read_only(1));
        origin.freeze(0);
        origin.pass(5_900);
        assert!(origin.is_read_only(1));
        origin.pass(100);
        assert!(!origin.is_read_only(1));
    }
}

#[test]
fn e2_a_page_that_goes_away_releases() {
    for mode in MODES {
        let mut origin = Origin::with(2, mode);
        origin.submit(0);
        origin.happens(0, TabEvent::Left);
        assert!(!origin.is_read_only(1) && !origin.has_claim(0));
        origin.submit(1);
        // With locks it is worth the wait: it may be a reload, which resumes its turn.
        origin.pass(5_000);
        assert_eq!(origin.appends(1), 1);
    }
}

#[test]
fn e2_a_second_send_of_the_owner_needs_no_second_claim() {
    let mut origin = Origin::with(2, TabMode::Locks);
    origin.submit(0);
    origin.submit(0);
    origin.tabs[0].acknowledge(0);
    origin.obey();
    assert_eq!(origin.appends(0), 2);
    let claims = origin.posted.iter().filter(|message| message.word == TabWord::Claim).count();
    assert_eq!(claims, 1);
}

#[test]
fn e2_other_chats_are_other_claims() {
    let mut origin = Origin::with(2, TabMode::Locks);
    origin.submit(0);
    let input = ChatInput::Hydrate { state: session(), notify: false };
    origin.tabs[1].feed(Input::Chat { chat: "other".into(), input });
    origin.tabs[1].send_to("other", SendSource::SubmitMessage);
    origin.obey();
    assert_eq!(origin.appends(1), 1);
}

#[test]
fn e2_what_follows_no_turn_needs_no_claim() {
    let mut origin = Origin::with(2, TabMode::Locks);
    origin.submit(0);
    origin.tabs[1].send(SendSource::Steer);
    origin.tabs[1].send(SendSource::Stop);
    origin.obey();
    assert_eq!(origin.appends(1), 1);
    assert!(!origin.has_claim(1));
}

#[test]
fn e3_without_a_channel_nothing_is_coordinated() {
    let mut origin = Origin::with(2, TabMode::Alone);
    origin.say(1, TabWord::Claim, "another");
    origin.submit(0);
    origin.submit(1);
    assert_eq!((origin.appends(0), origin.appends(1)), (1, 1));
    assert!(origin.posted.is_empty());
    assert!(!origin.has_claim(0) && !origin.is_read_only(1));
}

type Ending = (&'static str, fn(&mut World, u32));

/// What ends a turn, each in its way.
fn endings() -> Vec<Ending> {
    vec![
        ("a refused append", |world, _| world.answer(422, "{}")),
        ("a session that cannot be made again", |world, _| {
            world.answer(404, "{}");
            world.start_failed(StartFailure::NotConfigured);
        }),
        ("a closed session", |world, _| world.answer(409, r#"{"code":"session_closed"}"#)),
        ("an aborted send", |world, call| {
            world.tell(ChatInput::Abort(call));
            world.acknowledge(0);
            world.acknowledge(1);
        }),
        ("a cancelled stream", |world, call| {
            world.acknowledge(0);
            world.tell(ChatInput::Cancel(call));
        }),
        ("a stop", |world, _| {
            world.acknowledge(0);
            world.send(SendSource::Stop);
            world.acknowledge(1);
        }),
        ("a refused subscription", |world, _| {
            world.acknowledge(0);
            world.head(crate::world::v2(404));
        }),
        ("dispose", |world, _| world.feed(Input::Dispose)),
    ]
}

#[test]
fn e5_every_end_of_a_turn_releases() {
    for (name, end) in endings() {
        let mut origin = Origin::with(2, TabMode::Locks);
        let call = origin.submit(0);
        assert!(origin.is_read_only(1), "{name}");
        end(&mut origin.tabs[0], call);
        origin.obey();
        assert!(!origin.is_read_only(1) && !origin.has_claim(0), "{name}");
        origin.submit(1);
        assert_eq!(origin.appends(1), 1, "{name}");
    }
}

#[test]
fn e5_a_head_start_claims_and_releases() {
    let mut origin = Origin::with(2, TabMode::Locks);
    origin.tabs[0].send(SendSource::HeadStart);
    origin.obey();
    assert!(origin.is_read_only(1));
    let asked = |output: &Output| matches!(output, Output::HeadStart { .. });
    assert_eq!(origin.tabs[0].count(asked), 1);
    origin.tabs[0].feed(Input::Dispose);
    origin.obey();
    assert!(!origin.is_read_only(1));
}

#[test]
fn e5_a_tab_that_opens_in_the_middle_of_a_turn_learns_of_it() {
    for mode in MODES {
        let mut origin = Origin::with(1, mode);
        origin.submit(0);
        let late = origin.open();
        assert!(origin.is_read_only(late), "{mode:?}");
    }
}

#[test]
fn e5_a_heartbeat_of_an_unknown_claim_counts_as_one() {
    let mut origin = Origin::with(1, TabMode::Locks);
    origin.say(0, TabWord::Heartbeat, "another");
    assert!(origin.is_read_only(0));
}

#[test]
fn b11_what_waits_for_its_turn_is_taken_back_by_abort_stop_and_dispose() {
    for way in 0..3 {
        let mut world = World::tab(TabMode::Locks, 1);
        world.hydrate(session());
        let call = world.submit();
        assert_eq!(world.outcome(call), None);
        match way {
            0 => world.tell(ChatInput::Abort(call)),
            1 => drop(world.send(SendSource::Stop)),
            _ => world.feed(Input::Dispose),
        }
        let error = if way == 2 { Error::Disposed } else { Error::Aborted };
        assert_eq!(world.outcome(call), Some(&Outcome::Failed(error)));
        assert!(asks_for_lock(&world));
        world.feed(Input::TabEvent { event: TabEvent::Locked, chat: CHAT.into() });
        let messages = |output: &Output| matches!(output, Output::Append { body: Body::Of(of), .. } if *of == call);
        assert_eq!(world.count(messages), 0);
        let unlocked = Output::Tab(about_lock(TabAct::Unlock));
        assert_eq!(world.count(|output| *output == unlocked), 1, "way {way}");
    }
}

#[test]
fn b1_a_steer_does_not_overtake_a_message_that_waits_for_its_turn() {
    let mut world = World::tab(TabMode::Locks, 1);
    world.hydrate(session());
    let message = world.submit();
    let steer = world.send(SendSource::Steer);
    assert!(asks_for_lock(&world));
    assert_eq!(world.count(|output| matches!(output, Output::Append { .. })), 0);
    world.feed(Input::TabEvent { event: TabEvent::Locked, chat: CHAT.into() });
    assert_eq!(first_append(&world), message);
    world.acknowledge(0);
    world.acknowledge(1);
    assert_eq!(world.outcome(steer), Some(&Outcome::Accepted(true)));
}

#[test]
fn b1_a_steer_behind_a_refused_message_is_not_accepted() {
    let mut origin = Origin::with(2, TabMode::Locks);
    origin.submit(0);
    let calls = (origin.tabs[1].submit(), origin.tabs[1].send(SendSource::Steer));
    origin.obey();
    assert_eq!(origin.tabs[1].failure(calls.0), &Error::ActiveElsewhere);
    assert_eq!(origin.tabs[1].outcome(calls.1), Some(&Outcome::Accepted(false)));
}

fn asks_for_lock(world: &World) -> bool {
    world.outputs.contains(&Output::Tab(about_lock(TabAct::Lock)))
}

fn about_lock(act: TabAct) -> TabOutput {
    TabOutput { act, chat: CHAT.into(), last_event_id: None }
}

fn first_append(world: &World) -> u32 {
    let find = |output: &Output| match output {
        Output::Append { body: Body::Of(call), .. } => Some(*call),
        _ => None,
    };
    world.outputs.iter().find_map(find).expect("an append was made")
}
