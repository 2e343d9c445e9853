//! What a hostile page may post.

use trigger_chat_transport::io::{TabMessage, TabWord};

use super::super::choices::Choices;
use super::CHATS;

const WORDS: [TabWord; 8] = [
    TabWord::Claim,
    TabWord::Unfinished,
    TabWord::Release,
    TabWord::Heartbeat,
    TabWord::Messages,
    TabWord::Session,
    TabWord::Left,
    TabWord::Join,
];

/// Cursors that are too far ahead, too odd or too long.
const CURSORS: [&str; 10] = [
    "0",
    "1",
    "3",
    "900000",
    "18446744073709551615",
    "99999999999999999999",
    "-1",
    "",
    "x y",
    "\r\n",
];

/// Any message. `names` are those of the tabs, whom it may pretend to be.
pub(super) fn message<'a>(
    names: impl ExactSizeIterator<Item = &'a str>,
    choices: &mut Choices<'_>,
) -> TabMessage {
    let (what, who, where_to) = (choices.byte(), choices.byte(), choices.byte());
    let word = WORDS[usize::from(what) % WORDS.len()];
    let chat = match what / 8 {
        0..=15 => CHATS[0].to_owned(),
        16..=21 => CHATS[1].to_owned(),
        22..=25 => "forged".to_owned(),
        26 => String::new(),
        27 => "c".repeat(1_024),
        28 => "c".repeat(1_025),
        29 => "\0\u{202e}\u{1f600}\"\\".to_owned(),
        _ => "c".repeat(2_000),
    };
    let tab = match who % 16 {
        0..=7 => "forger".to_owned(),
        8..=11 => nth(names, usize::from(who) / 16),
        12 => String::new(),
        13 => "t".repeat(128),
        14 => "t".repeat(129),
        _ => "\0\u{202e}\u{1f600}\"\\".to_owned(),
    };
    let last_event_id = match usize::from(where_to) % 16 {
        0 => None,
        1 => Some("9".repeat(200)),
        2 => Some("0".repeat(200)),
        at => Some(CURSORS[at % CURSORS.len()].to_owned()),
    };
    TabMessage { word, chat, tab, locked: where_to < 0x80, last_event_id }
}

fn nth<'a>(mut names: impl ExactSizeIterator<Item = &'a str>, at: usize) -> String {
    let count = names.len();
    names.nth(at % count).unwrap_or_default().to_owned()
}

/// So many claims that not all of them can be kept. Ids of many lengths are quicker to tell apart.
pub(super) fn flood() -> impl Iterator<Item = TabMessage> {
    (0..1_010).map(|at: usize| TabMessage {
        word: TabWord::Claim,
        chat: format!("{}{:02}", "f".repeat(at / 16), at % 16),
        tab: "forger".to_owned(),
        locked: at.is_multiple_of(2),
        last_event_id: None,
    })
}

/// The claim of a tab and a chat of which nobody has heard.
pub(super) fn newcomer() -> TabMessage {
    TabMessage {
        word: TabWord::Claim,
        chat: "new".to_owned(),
        tab: "newcomer".to_owned(),
        locked: true,
        last_event_id: None,
    }
}
