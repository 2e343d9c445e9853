// The model of the tests: it answers by the last thing that was said, and says what it was shown.
// It knows nothing of chats, streams or transports.

import { MockLanguageModelV4, simulateReadableStream } from "ai/test";

/** A model that speaks `script({ said, results, prompt, step })`, a list of stream parts. */
export function scriptedModel(script) {
  let steps = 0;
  return new MockLanguageModelV4({
    doStream: async ({ prompt, abortSignal }) => {
      steps += 1;
      const parts = script({ ...heard(prompt), step: steps });
      const finish = { type: "finish", finishReason: reason(parts), usage: USAGE };
      const chunks = [{ type: "stream-start", warnings: [] }, ...parts, finish];
      const isHeld = parts.includes(HOLD);
      return { stream: isHeld ? heldStream(chunks, abortSignal) : simulateReadableStream({ chunks }) };
    },
  });
}

/** In a list of parts: nothing more is said until the caller aborts. */
export const HOLD = { type: "hold" };

export function text(words, id = "t1") {
  const deltas = words.split(/(?<= )/).map((delta) => ({ type: "text-delta", id, delta }));
  return [{ type: "text-start", id }, ...deltas, { type: "text-end", id }];
}

export function thought(words, id = "r1") {
  return [
    { type: "reasoning-start", id },
    { type: "reasoning-delta", id, delta: words },
    { type: "reasoning-end", id },
  ];
}

export function call(toolName, input, toolCallId) {
  return { type: "tool-call", toolCallId, toolName, input: JSON.stringify(input) };
}

const USAGE = {
  inputTokens: { total: 10, noCache: 10, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: 10, text: 10, reasoning: undefined },
};

function reason(parts) {
  const unified = parts.some(({ type }) => type === "tool-call") ? "tool-calls" : "stop";
  return { unified, raw: unified };
}

/** What the prompt ends with: the user's last words, and the tool results after them. */
function heard(prompt) {
  const at = prompt.findLastIndex(({ role }) => role === "user");
  const said = at < 0 ? "" : prompt[at].content.map((part) => part.text ?? "").join("");
  const after = prompt.slice(at + 1).filter(({ role }) => role === "tool");
  const results = after.flatMap(({ content }) => content).filter(({ type }) => type === "tool-result");
  return { said, results, prompt };
}

function heldStream(chunks, abortSignal) {
  const parts = chunks.slice(0, chunks.indexOf(HOLD));
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      abortSignal.addEventListener("abort", () => controller.error(abortSignal.reason), { once: true });
    },
  });
}
