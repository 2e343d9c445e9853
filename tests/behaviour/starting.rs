//! A session is started once, and a first send waits for it (A4, A5).

use trigger_chat_transport::io::{Outcome, PersistedSession, StartFailure};
use trigger_chat_transport::{Error, Output, Secret};

use crate::world::{World, cause, session};

fn starts(world: &World) -> usize {
    world.count(|output| matches!(output, Output::StartSession { .. }))
}

fn mints(world: &World) -> usize {
    world.count(|output| matches!(output, Output::MintToken { .. }))
}

#[test]
fn a4_calls_at_the_same_time_share_one_start() {
    let mut world = World::new();
    let calls = [world.start(), world.start()];
    assert!(matches!(world.outputs[0], Output::StartSession { .. }));
    assert_eq!(world.count(|output| matches!(output, Output::Append { .. })), 0);
    world.session_started("fresh");
    for call in calls {
        let Some(Outcome::Session(state)) = world.outcome(call) else { panic!("not settled") };
        assert_eq!(state.token.expose(), "fresh");
    }
    let later = world.start();
    assert!(matches!(world.outcome(later), Some(Outcome::Session(_))));
    assert_eq!(starts(&world), 1);
}

#[test]
fn a4_a_failed_start_is_not_kept() {
    let mut world = World::new();
    let first = world.start();
    world.start_failed(StartFailure::Failed(Error::Callback(cause())));
    assert!(matches!(world.failure(first), Error::Callback(_)));
    world.start();
    assert_eq!(starts(&world), 2);
}

#[test]
fn a4_without_start_session_start_says_what_to_configure() {
    let mut world = World::new();
    let call = world.start();
    world.start_failed(StartFailure::NotConfigured);
    assert!(world.failure(call).to_string().contains("startSession"));
}

#[test]
fn a5_the_first_send_starts_the_session_and_then_leaves() {
    let mut world = World::new();
    world.submit();
    assert!(matches!(world.outputs[0], Output::StartSession { .. }));
    assert_eq!(world.count(|output| matches!(output, Output::Append { .. })), 0);
    world.session_started("fresh");
    let Some(Output::Append { token, .. }) = world.outputs.last() else { panic!("no append") };
    assert_eq!(token.expose(), "fresh");
}

#[test]
fn a5_without_start_session_the_token_comes_from_access_token() {
    let mut world = World::new();
    world.submit();
    world.start_failed(StartFailure::NotConfigured);
    assert_eq!(mints(&world), 1);
    world.minted("minted");
    let Some(Output::Append { token, .. }) = world.outputs.last() else { panic!("no append") };
    assert_eq!(token.expose(), "minted");
    assert_eq!(world.state().is_streaming, None);
}

#[test]
fn a5_a_callback_that_fails_one_send_is_asked_again_for_the_next() {
    let mut world = World::new();
    let (first, second) = (world.submit(), world.submit());
    world.start_failed(StartFailure::NotConfigured);
    world.answer_mint(Err(Error::Callback(cause())));
    assert!(matches!(world.failure(first), Error::Callback(_)));
    world.start_failed(StartFailure::NotConfigured);
    assert_eq!(mints(&world), 2);
    world.minted("minted");
    world.acknowledge(1);
    assert_eq!(world.outcome(second), Some(&Outcome::Stream { repeats: false }));
}

#[test]
fn a5_a_hydrated_token_skips_both() {
    let mut world = World::started();
    world.submit();
    assert_eq!((starts(&world), mints(&world)), (0, 0));
    world.append_request();
}

#[test]
fn a6_a_seeded_cursor_waits_for_the_session_and_never_moves_one_backward() {
    use trigger_chat_transport::io::ChatInput::SeedCursor;
    let mut world = World::new();
    world.tell(SeedCursor("7".into()));
    world.submit();
    world.session_started("fresh");
    world.acknowledge(0);
    assert_eq!(world.cursors(), [Some("7")]);

    let mut world = World::new();
    world.hydrate(session());
    world.tell(SeedCursor("7".into()));
    assert_eq!(world.state().last_event_id.as_deref(), Some("7"));
    world.tell(SeedCursor("5".into()));
    assert_eq!(world.state().last_event_id.as_deref(), Some("7"));
}

#[test]
fn b12_a_chat_id_that_cannot_be_a_path_segment_is_refused() {
    use trigger_chat_transport::Input;
    use trigger_chat_transport::io::ChatInput;
    for chat in ["", ".", ".."] {
        let mut world = World::new();
        let input = ChatInput::Start { call: 1 };
        world.feed(Input::Chat { chat: chat.into(), input });
        assert_eq!(*world.failure(1), Error::BadChatId);
        assert_eq!(world.outputs.len(), 1);
    }
}

#[test]
fn a6_a_cursor_seeded_before_the_first_record_of_a_turn_is_where_a_reload_resumes() {
    use trigger_chat_transport::io::ChatInput::SeedCursor;
    let (mut world, _) = World::streaming(0);
    world.tell(SeedCursor("7".into()));
    assert_eq!(world.state().last_event_id.as_deref(), Some("7"));
}

#[test]
fn a4_an_empty_token_is_no_session() {
    let mut world = World::new();
    world.hydrate(PersistedSession { token: Secret::new(""), ..session() });
    let call = world.start();
    assert_eq!(starts(&world), 1);
    world.session_started("fresh");
    let Some(Outcome::Session(state)) = world.outcome(call) else { panic!("not settled") };
    assert_eq!(state.token.expose(), "fresh");
}
