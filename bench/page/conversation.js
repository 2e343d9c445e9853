// One turn with a contestant, in a page or under Node: asks, reads to the end, and says what came.

import { chunkAt, deltaOf, weight } from "../wire/turns.mjs";

/** A transport that knows these chats. */
export function open(createTransport, chatIds, options = {}) {
  const session = { publicAccessToken: "token", isStreaming: false };
  return createTransport({
    task: "agent",
    accessToken: () => "minted",
    sessions: Object.fromEntries(chatIds.map((chatId) => [chatId, session])),
    ...options,
  });
}

export function ask(transport, chatId) {
  const message = { id: "question", role: "user", parts: [{ type: "text", text: "How?" }] };
  return transport.sendMessages({
    trigger: "submit-message",
    chatId,
    messageId: undefined,
    messages: [message],
    abortSignal: undefined,
  });
}

/** Reads to the end and answers the weight of what came; `saw` is told it, chunk by chunk. */
export async function drain(stream, saw) {
  const reader = stream.getReader();
  let sum = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return sum;
    sum += weight(value);
    saw?.(sum);
  }
}

/**
 * Reads to the end, comparing every chunk with what the agent said. A delta may be several deltas of its
 * part, joined. Answers the number of records that were seen.
 */
export async function check(stream, kind) {
  const reader = stream.getReader();
  let n = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return n;
    const joined = deltaOf(value);
    let expected = chunkAt(kind, n);
    n += 1;
    if (!joined) {
      same(value, expected, n);
      continue;
    }
    let text = "";
    for (;;) {
      const delta = deltaOf(expected);
      if (expected.type !== value.type || delta.of !== joined.of) same(value, expected, n);
      text += delta.text;
      if (text.length >= joined.text.length) break;
      expected = chunkAt(kind, n);
      n += 1;
    }
    if (text !== joined.text) same(value, expected, n);
  }
}

function same(chunk, expected, n) {
  const [got, wanted] = [chunk, expected].map((value) => JSON.stringify(value));
  if (got === wanted) return;
  throw new Error(`record ${n}: ${got.slice(0, 300)} instead of ${wanted.slice(0, 300)}`);
}
