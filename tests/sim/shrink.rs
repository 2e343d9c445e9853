//! Makes a failing schedule small: leaves out kinds of faults and acts while it still fails.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::plan::Plan;
use crate::world::{Ending, Violation, play};

/// Plays a schedule; a panic of the machine is a violation too.
pub(crate) fn play_safely(plan: &Plan) -> Ending {
    catch_unwind(AssertUnwindSafe(|| play(plan, false))).unwrap_or_else(|_| Ending {
        violation: Some(Violation { property: "panic", what: "it panics".into(), at_ms: 0 }),
        ..Ending::default()
    })
}

/// The smallest schedule found that violates the same property.
pub(crate) fn shrink(plan: &Plan, property: &str) -> Plan {
    let fails = |plan: &Plan| {
        play_safely(plan).violation.is_some_and(|violation| violation.property == property)
    };
    let mut smallest = plan.clone();
    let mut again = true;
    while core::mem::take(&mut again) {
        for at in (0..smallest.ops.len()).rev() {
            let mut smaller = smallest.clone();
            smaller.ops.remove(at);
            if fails(&smaller) {
                smallest = smaller;
                again = true;
            }
        }
        for at in (0..smallest.faults.len()).rev() {
            let mut smaller = smallest.clone();
            smaller.faults.remove(at);
            if fails(&smaller) {
                smallest = smaller;
                again = true;
            }
        }
        if smallest.chats > 1 && smallest.ops.iter().all(|op| op.chat == 0) {
            let smaller = Plan { chats: 1, ..smallest.clone() };
            if fails(&smaller) {
                smallest = smaller;
                again = true;
            }
        }
    }
    smallest
}
