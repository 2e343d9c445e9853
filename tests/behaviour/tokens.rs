//! Tokens are renewed when they are refused and never shown (C6, D2, S3, S5).

use trigger_chat_transport::{Error, Output};

use crate::world::{World, cause, data, v2};

fn mints(world: &World) -> usize {
    world.count(|output| matches!(output, Output::MintToken { .. }))
}

#[test]
fn d2_a_refused_subscription_renews_the_token_once_per_connection() {
    let mut world = World::started();
    let call = world.submit();
    world.acknowledge(0);
    world.head(v2(401));
    world.minted("second");
    world.open();
    world.records(&[data(0, "a")]);
    world.break_off();
    world.pass();
    world.head(v2(403));
    world.minted("third");
    world.head(v2(403));
    assert_eq!(mints(&world), 2);
    assert_eq!(world.stream_error(call).and_then(Error::status), Some(403));
}

#[test]
fn d2_a_callback_that_fails_ends_the_stream_with_its_own_error() {
    let mut world = World::started();
    let call = world.submit();
    world.acknowledge(0);
    world.head(v2(401));
    world.answer_mint(Err(Error::Callback(cause())));
    assert!(matches!(world.stream_error(call), Some(Error::Callback(_))));
    assert!(world.is_quiet());
}

#[test]
fn s5_an_append_and_a_subscription_share_one_renewal() {
    let (mut world, _) = World::streaming(0);
    world.break_off();
    world.pass();
    world.head(v2(401));
    world.send(trigger_chat_transport::io::SendSource::Steer);
    world.answer(401, "");
    assert_eq!(mints(&world), 1);
    world.minted("fresh");
    let fresh = |output: &Output| match output {
        Output::Append { token, .. } | Output::Connect { token, .. } => token.expose() == "fresh",
        _ => false,
    };
    assert_eq!(world.count(fresh), 2);
}

#[test]
fn s3_no_token_is_printed() {
    let mut world = World::started();
    world.submit();
    world.answer(401, "");
    world.minted("token");
    world.acknowledge(0);
    world.open();
    let turn = [["trigger-control", "turn-complete"], ["public-access-token", "token"]];
    world.records(&[crate::world::control(0, &turn)]);
    let text = format!("{:?}", world.outputs);
    assert!(text.contains("••••") && !text.contains("\"token\""), "{text}");
}
