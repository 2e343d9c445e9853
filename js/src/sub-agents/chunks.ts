// The chunks of a sub-agent, as few as will do: a message is built from all of them again and again.

import type { UIMessageChunk } from "ai";

/** Adds a chunk. One that goes on with the text of the last is joined with it. */
export function append(chunks: UIMessageChunk[], chunk: UIMessageChunk): void {
  const last = chunks.at(-1);
  const joined = last && join(last, chunk);
  if (joined) chunks[chunks.length - 1] = joined;
  else chunks.push(chunk);
}

/** One chunk that does what the two do, or nothing if there is none. */
function join(first: UIMessageChunk, second: UIMessageChunk): UIMessageChunk | undefined {
  if (first.type === "text-delta" || first.type === "reasoning-delta") {
    if (second.type !== first.type || second.id !== first.id) return undefined;
    const providerMetadata = second.providerMetadata ?? first.providerMetadata;
    return { ...first, delta: first.delta + second.delta, ...(providerMetadata && { providerMetadata }) };
  }
  if (first.type === "tool-input-delta" && second.type === "tool-input-delta") {
    if (second.toolCallId !== first.toolCallId) return undefined;
    return { ...first, inputTextDelta: first.inputTextDelta + second.inputTextDelta };
  }
  return undefined;
}

/** Whether the AI SDK shows a message once it has this chunk; the others wait for one that does. */
export function isVisible(chunk: UIMessageChunk): boolean {
  switch (chunk.type) {
    case "start":
      return chunk.messageId != null || chunk.messageMetadata != null;
    case "finish":
    case "message-metadata":
      return chunk.messageMetadata != null;
    case "start-step":
    case "finish-step":
    case "error":
    case "abort":
      return false;
    default:
      return !("transient" in chunk && chunk.transient === true);
  }
}
