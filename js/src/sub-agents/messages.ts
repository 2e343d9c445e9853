// The messages of sub-agents, built from the batches that `chat.forwardSubAgent` writes into the
// parent's stream. Knows no framework and no transport.

import type { UIMessage, UIMessageChunk } from "ai";
import { build } from "./build.js";
import { append } from "./chunks.js";
import type { SubAgentChunkBatch, SubAgentMessages, SubAgentMessagesOptions } from "./types.js";

/** The type of the data parts that carry the batches. */
export const SUB_AGENT_DATA_TYPE = "data-subagent";

const THROTTLE_MS = 100;

type SubAgent = {
  /** The number of the batch that comes next: others are repeats. */
  next: number;
  /** What has come since the message was finished, or from the start. */
  chunks: UIMessageChunk[];
  /** The finished message, whose chunks are gone. */
  finished?: UIMessage;
  message?: UIMessage;
  /** Whether chunks came that the message does not hold. */
  stale: boolean;
};

/** Follows sub-agents: hand every data part of the chat to `onData`, read messages with `get`. */
export function createSubAgentMessages<TUIMessage extends UIMessage = UIMessage>(
  options: SubAgentMessagesOptions = {},
): SubAgentMessages<TUIMessage> {
  const { throttleMs = THROTTLE_MS, onChange } = options;
  const subAgents = new Map<string, SubAgent>();
  let disposed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let building = false;

  function schedule(): void {
    if (timer === undefined && !building && !disposed) timer = setTimeout(rebuild, throttleMs);
  }

  async function rebuild(): Promise<void> {
    timer = undefined;
    building = true;
    let changed = false;
    try {
      for (const subAgent of subAgents.values()) {
        if (subAgent.stale && (await update(subAgent))) changed = true;
      }
    } finally {
      building = false;
    }
    if (disposed) return;
    if ([...subAgents.values()].some(({ stale }) => stale)) schedule();
    if (changed) observed(onChange);
  }

  return {
    onData(part) {
      if (disposed || part.type !== SUB_AGENT_DATA_TYPE || !isBatch(part.data)) return;
      const { toolCallId, seq, chunks } = part.data;
      const subAgent = subAgents.get(toolCallId) ?? { next: 0, chunks: [], stale: false };
      subAgents.set(toolCallId, subAgent);
      if (seq !== subAgent.next) return;
      subAgent.next += 1;
      for (const chunk of chunks.filter(isChunk)) append(subAgent.chunks, chunk);
      subAgent.stale = true;
      schedule();
    },
    get: (toolCallId) => subAgents.get(toolCallId)?.message as TUIMessage | undefined,
    dispose() {
      disposed = true;
      clearTimeout(timer);
      subAgents.clear();
    },
  };
}

/** Builds the message from what has come. Whether there is a new one. */
async function update(subAgent: SubAgent): Promise<boolean> {
  subAgent.stale = false;
  const message = await build(subAgent.chunks, subAgent.finished);
  if (!message) return false;
  subAgent.message = message;
  const over = subAgent.chunks.some(({ type }) => type === "finish");
  if (over && !subAgent.stale) {
    subAgent.finished = message;
    subAgent.chunks = [];
  }
  return true;
}

function isBatch(data: unknown): data is SubAgentChunkBatch {
  const { toolCallId, chunks } = (data ?? {}) as Partial<SubAgentChunkBatch>;
  return typeof toolCallId === "string" && Array.isArray(chunks);
}

function isChunk(chunk: unknown): boolean {
  return typeof (chunk as UIMessageChunk | null)?.type === "string";
}

/** An observer must never break the chat. */
function observed(observe: (() => void) | undefined): void {
  try {
    observe?.();
  } catch {
    // Its own failure is its own affair.
  }
}
