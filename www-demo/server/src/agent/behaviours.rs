//! What the demo agent does, chosen by what the user wrote: one table, read from the top.
//!
//! A phrase matches at the start of a word in any case ("Thinking" holds `think`); `N` is a number.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    prose,
    script::{Script, Step, words},
};

/// A pause that reads like typing.
pub(crate) const TYPING: Duration = Duration::from_millis(25);
const TOOL_TIME: Duration = Duration::from_millis(600);
const SLOW_WORD: Duration = Duration::from_millis(500);
const LONG_WORDS: usize = 1_200;
const MOST_DELTAS: usize = 50_000;
const LONGEST_SILENCE: u64 = 3_600;

/// The question, and a name of this turn from which ids are made.
pub(crate) struct Question<'a> {
    pub(crate) text: &'a str,
    pub(crate) turn: &'a str,
}

pub(crate) struct Behaviour {
    pub(crate) phrase: &'static str,
    pub(crate) shows: &'static str,
    /// The number is the one that stood in for `N`, or 0.
    answer: fn(&Question<'_>, u64) -> Script,
}

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    Behaviour {
        phrase: "N deltas",
        shows: "exactly N small text deltas as fast as possible (at most 50,000)",
        answer: deltas,
    },
    Behaviour {
        phrase: "silent N",
        shows: "N seconds of silence in the middle of a turn",
        answer: silent,
    },
    Behaviour {
        phrase: "send an email",
        shows: "a tool call that waits for your approval",
        answer: email,
    },
    Behaviour {
        phrase: "weather",
        shows: "a tool call with its result, then text",
        answer: weather,
    },
    Behaviour { phrase: "think", shows: "reasoning before the answer", answer: think },
    Behaviour { phrase: "fail", shows: "an error in the middle of a turn", answer: fail },
    Behaviour { phrase: "slow", shows: "about 40 words, one every half second", answer: slow },
    Behaviour { phrase: "long", shows: "about 1,200 words quickly", answer: long },
    Behaviour { phrase: "data", shows: "a data part beside the text", answer: data },
    Behaviour { phrase: "emoji", shows: "text of several bytes a character", answer: emoji },
];

/// The answer of the first behaviour whose phrase the question holds; a plain one otherwise.
pub(crate) fn answer(question: &Question<'_>) -> Vec<Step> {
    let asked: Vec<String> = question
        .text
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let chosen =
        BEHAVIOURS.iter().find_map(|behaviour| Some((behaviour, find(behaviour.phrase, &asked)?)));
    let script = match chosen {
        Some((behaviour, number)) => (behaviour.answer)(question, number),
        None => plain(question),
    };
    script.into_steps()
}

/// What follows the user's decision about an email.
pub(crate) fn after_approval(turn: &str, call: &str, approved: bool, input: &Value) -> Vec<Step> {
    let mut script = Script::default();
    let text = if approved {
        let output =
            json!({ "sent": true, "to": input["to"], "messageId": format!("mail-{turn}") });
        script.wait(TOOL_TIME).write([
            json!({ "type": "tool-output-available", "toolCallId": call, "output": output }),
        ]);
        "Done: the email is on its way."
    } else {
        script.write([json!({ "type": "tool-output-denied", "toolCallId": call })]);
        "All right, I did not send the email."
    };
    script.next_step().text(&text_id(turn), words(text), TYPING);
    script.into_steps()
}

/// What follows a tool result that the client itself brought.
pub(crate) fn after_tool_result(turn: &str) -> Vec<Step> {
    let mut script = Script::default();
    script.text(&text_id(turn), words("Thank you, I have taken that result into account."), TYPING);
    script.into_steps()
}

/// Finds the phrase in the asked words; answers the number that stands for `N`.
fn find(phrase: &str, asked: &[String]) -> Option<u64> {
    let wanted: Vec<&str> = phrase.split(' ').collect();
    asked.windows(wanted.len()).find_map(|window| {
        let mut number = 0;
        for (word, wanted) in window.iter().zip(&wanted) {
            if *wanted == "N" {
                number = word.parse().ok()?;
            } else if !word.starts_with(wanted) {
                return None;
            }
        }
        Some(number)
    })
}

fn text_id(turn: &str) -> String {
    format!("text-{turn}")
}

fn plain(question: &Question<'_>) -> Script {
    let text = prose::plain_answer(question.text);
    let mut script = Script::default();
    script.text(&text_id(question.turn), words(&text), TYPING);
    script
}

fn think(question: &Question<'_>, _: u64) -> Script {
    let mut script = Script::default();
    script
        .reasoning(&format!("reasoning-{}", question.turn), words(prose::REASONING), TYPING)
        .text(&text_id(question.turn), words(prose::REASONED), TYPING);
    script
}

fn weather(question: &Question<'_>, _: u64) -> Script {
    let call = format!("call-{}", question.turn);
    let input = json!({ "city": "Lisbon" });
    let output = json!({
        "city": "Lisbon", "temperature": 21.5, "unit": "°C", "sky": "clear",
        "hours": [{ "at": "12:00", "temperature": 21.5 }, { "at": "18:00", "temperature": 19 }],
    });
    let mut script = Script::default();
    tool_input(&mut script, &call, "getWeather", &input);
    script
        .wait(TOOL_TIME)
        .write([json!({ "type": "tool-output-available", "toolCallId": call, "output": output })])
        .next_step()
        .text(&text_id(question.turn), words(prose::WEATHER), TYPING);
    script
}

fn email(question: &Question<'_>, _: u64) -> Script {
    let call = format!("call-{}", question.turn);
    let input = json!({ "to": "ada@example.com", "subject": "Hello", "body": "Greetings from the demo agent." });
    let mut script = Script::default();
    script.text(&text_id(question.turn), words(prose::EMAIL), TYPING);
    tool_input(&mut script, &call, "sendEmail", &input);
    script.write([json!({
        "type": "tool-approval-request",
        "approvalId": format!("approval-{}", question.turn),
        "toolCallId": call,
    })]);
    script
}

fn tool_input(script: &mut Script, call: &str, tool: &str, input: &Value) {
    script.write([json!({ "type": "tool-input-start", "toolCallId": call, "toolName": tool })]);
    for piece in input.to_string().split_inclusive(',') {
        script
            .write([
                json!({ "type": "tool-input-delta", "toolCallId": call, "inputTextDelta": piece }),
            ])
            .wait(TYPING);
    }
    script.write([json!({
        "type": "tool-input-available", "toolCallId": call, "toolName": tool, "input": input,
    })]);
}

fn long(question: &Question<'_>, _: u64) -> Script {
    let text = prose::long_text(LONG_WORDS);
    let id = text_id(question.turn);
    let all: Vec<&str> = words(&text).collect();
    let mut script = Script::default();
    script.write([json!({ "type": "text-start", "id": id })]);
    for group in all.chunks(20) {
        script
            .write(
                group.iter().map(|word| json!({ "type": "text-delta", "id": id, "delta": word })),
            )
            .wait(Duration::from_millis(10));
    }
    script.write([json!({ "type": "text-end", "id": id })]);
    script
}

fn slow(question: &Question<'_>, _: u64) -> Script {
    let mut script = Script::default();
    script.text(&text_id(question.turn), words(prose::SLOW), SLOW_WORD);
    script
}

fn deltas(question: &Question<'_>, number: u64) -> Script {
    let count = usize::try_from(number).unwrap_or(MOST_DELTAS).min(MOST_DELTAS);
    let mut script = Script::default();
    script.burst(&text_id(question.turn), (1..=count).map(|n| format!("{n} ")));
    script
}

fn data(question: &Question<'_>, _: u64) -> Script {
    let id = format!("progress-{}", question.turn);
    let progress =
        |done: u64| json!({ "type": "data-progress", "id": id, "data": { "done": done, "of": 3 } });
    let mut script = Script::default();
    for done in 1..=3 {
        script.write([progress(done)]).wait(TYPING * 4);
    }
    script.text(&text_id(question.turn), words(prose::DATA), TYPING);
    script
}

fn fail(question: &Question<'_>, _: u64) -> Script {
    let id = text_id(question.turn);
    let mut script = Script::default();
    script.text(&id, words("This is going to go wrong: "), TYPING).write([
        json!({ "type": "error", "errorText": "The demo agent failed because you asked it to." }),
    ]);
    script
}

fn silent(question: &Question<'_>, number: u64) -> Script {
    let id = text_id(question.turn);
    let text = format!("Now I say nothing for {number} seconds. ");
    let mut script = Script::default();
    script
        .text(&id, words(&text), TYPING)
        .silence(Duration::from_secs(number.min(LONGEST_SILENCE)))
        .text(&format!("{id}-after"), words("That was it."), TYPING);
    script
}

fn emoji(question: &Question<'_>, _: u64) -> Script {
    let mut script = Script::default();
    script.text(&text_id(question.turn), words(prose::EMOJI), TYPING);
    script
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunks(text: &str) -> Vec<Value> {
        answer(&Question { text, turn: "1" })
            .into_iter()
            .flat_map(|step| match step {
                Step::Write(chunks) => chunks,
                Step::Wait(_) | Step::Silence(_) => Vec::new(),
            })
            .collect()
    }

    fn kinds(text: &str) -> Vec<String> {
        chunks(text).iter().filter_map(|chunk| chunk["type"].as_str().map(str::to_owned)).collect()
    }

    #[test]
    fn phrases_match_at_word_starts_in_any_case() {
        assert!(kinds("THINKING about it").contains(&"reasoning-start".to_owned()));
        assert!(kinds("What is the Weather?").contains(&"tool-output-available".to_owned()));
        assert!(kinds("please send an email to Ada").contains(&"tool-approval-request".to_owned()));
        assert!(!kinds("we belong together").contains(&"data-progress".to_owned()));
    }

    #[test]
    fn deltas_are_counted_exactly_and_capped() {
        let count = |text: &str| kinds(text).iter().filter(|kind| *kind == "text-delta").count();
        assert_eq!(count("give me 500 deltas"), 500);
        assert_eq!(count("0 deltas"), 0);
        assert_eq!(count("60000 deltas"), 50_000);
    }

    #[test]
    fn the_plain_answer_quotes_the_question() {
        let text: String =
            chunks("Where is Ada?").iter().filter_map(|chunk| chunk["delta"].as_str()).collect();
        assert!(text.contains("Where is Ada?"), "{text}");
    }
}
