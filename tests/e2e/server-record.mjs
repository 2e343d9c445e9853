// What the server wrote and received, in the terms of the page: the other side of every comparison.

/** The answers of a log: a turn that goes on with a message adds to its text. */
export function answersIn(log) {
  const answers = new Map();
  let current;
  for (const { chunk } of log) {
    if (chunk?.type === "start") {
      current = answers.get(chunk.messageId) ?? { id: chunk.messageId, text: "" };
      answers.set(chunk.messageId, current);
    }
    if (chunk?.type === "text-delta") current.text += chunk.delta;
  }
  return [...answers.values()];
}

export function turnsEndedIn(log) {
  return log.filter(({ control }) => control === "turn-complete").length;
}

/** An input as one line: what a failed comparison is read in. */
export function described({ chunk }) {
  if (chunk.kind !== "message") return chunk.kind;
  const { trigger, message } = chunk.payload;
  if (!message) return trigger;
  if (message.role === "user") return message.parts.map((part) => part.text).join("");
  return message.parts.map((part) => decisionOf(part)).filter(Boolean).join(", ");
}

function decisionOf({ state, approval }) {
  return state === "approval-responded" && (approval.approved ? "approved" : "denied");
}
