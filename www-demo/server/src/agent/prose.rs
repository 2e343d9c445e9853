//! The texts of the demo agent. Words only.

use super::history::shorten;

const QUOTE_LENGTH: usize = 200;

pub(crate) const REASONING: &str = "The user wants to see me think. I should show a few steps, \
weigh them against each other, and then give a short answer.";

pub(crate) const REASONED: &str = "I thought about it, and the answer is **forty-two**.";

pub(crate) const WEATHER: &str =
    "It is **21.5 °C** and clear in Lisbon, and it stays mild until the evening.";

pub(crate) const EMAIL: &str = "I can send that for you. Please look at the draft first.";

pub(crate) const DATA: &str = "The progress above came as a *data part*, beside this text.";

pub(crate) const SLOW: &str = "This answer takes its time so that you can try things while it runs: \
reload the page, open it in a second tab, pull the plug, or press stop. \
Whatever you do, no word of it is going to be lost.";

pub(crate) const EMOJI: &str = "Smiles 😀😃😄, flags 🇵🇹🇯🇵, families 👩‍👩‍👧‍👦, accents naïve façade, \
Ελληνικά, 日本語のテキスト, עברית, and mathematics ∑∫√ 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 end here 🎉.";

const SENTENCES: [&str; 8] = [
    "A conversation is a stream of records, and every record has a number.",
    "Whoever remembers the last number can come back at any time and lose nothing.",
    "The agent writes while the network comes and goes.",
    "A reload is only a reader that starts again from where it was.",
    "Two tabs may read the same stream, since reading changes nothing.",
    "When a turn is over the agent says so in a record of its own.",
    "The end of a connection says nothing about the end of an answer.",
    "So the text that you read here is complete, however it reached you.",
];

/// A friendly answer in Markdown that quotes the question.
pub(crate) fn plain_answer(question: &str) -> String {
    let quote = shorten(question, QUOTE_LENGTH);
    format!(
        "You wrote:\n\n> {quote}\n\nI am the **demo agent**, so I have no opinion on that, \
         but I can show you things:\n\n\
         - `weather` calls a tool\n\
         - `think` reasons first\n\
         - `slow` takes its time\n"
    )
}

/// Paragraphs with headings, about `count` words.
pub(crate) fn long_text(count: usize) -> String {
    let mut text = String::new();
    let mut written = 0;
    for (index, sentence) in SENTENCES.iter().cycle().enumerate() {
        if written >= count {
            break;
        }
        if index % SENTENCES.len() == 0 {
            text.push_str(&format!("\n\n## Part {}\n\n", index / SENTENCES.len() + 1));
        }
        text.push_str(sentence);
        text.push(' ');
        written += sentence.split(' ').count();
    }
    text
}
