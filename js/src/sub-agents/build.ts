// From chunks to the message that they build, with the AI SDK's own reducer.

import { createUIMessageStream } from "ai";
import type { UIMessage, UIMessageChunk } from "ai";
import { isVisible } from "./chunks.js";

/** How many chunks are reduced before the page may do something else. */
const CHUNKS_AT_ONCE = 256;

/**
 * The message, or `undefined` while there is nothing to show. A malformed chunk ends it: what came
 * before is kept. `before` is the message that the chunks go on with.
 */
export async function build(
  chunks: readonly UIMessageChunk[],
  before?: UIMessage,
): Promise<UIMessage | undefined> {
  for (let end = chunks.length; chunks.slice(0, end).some(isVisible); ) {
    const { message, taken } = await reduce(chunks.slice(0, end), before);
    if (taken === end) return message;
    end = taken;
  }
  return undefined;
}

/**
 * Asks for the message at the stream's end only: a copy after each chunk, as `readUIMessageStream`
 * makes it, costs the square of the message's length. `taken` says how many chunks were well.
 */
async function reduce(
  chunks: readonly UIMessageChunk[],
  before: UIMessage | undefined,
): Promise<{ message?: UIMessage; taken: number }> {
  let message: UIMessage | undefined;
  let write: (chunk: UIMessageChunk) => void = () => {};
  let end = () => {};
  const reader = createUIMessageStream({
    generateId: () => "",
    ...(before && { originalMessages: [before] }),
    execute({ writer }) {
      write = (chunk) => writer.write(chunk);
      return new Promise<void>((resolve) => (end = resolve));
    },
    onFinish({ responseMessage }) {
      message = responseMessage;
    },
  }).getReader();
  let taken = 0;
  try {
    for (const chunk of chunks) {
      // A copy: the SDK writes into chunks, and makes message parts of them.
      write({ ...chunk });
      await reader.read();
      taken += 1;
      if (taken % CHUNKS_AT_ONCE === 0) await new Promise((resolve) => setTimeout(resolve));
    }
    end();
    await reader.read();
  } catch {
    return { taken };
  }
  // Another copy: the parts hold the chunks' own values, which the next build uses again.
  return { message: structuredClone(message), taken };
}
