// Sub-agents as an application sees them: what arrives, and what is made of it.

import type { UIMessage, UIMessageChunk } from "ai";

/** A part of what a sub-agent streams, for one tool call of its parent. */
export type SubAgentChunkBatch = {
  /** The parent's tool call that the sub-agent works for. */
  toolCallId: string;
  /** The batch's place in the sub-agent's stream, from 0. */
  seq: number;
  chunks: UIMessageChunk[];
};

/** The chunk of the parent's stream that carries a batch. `useChat` hands it to `onData`. */
export type SubAgentDataChunk = {
  type: "data-subagent";
  data: SubAgentChunkBatch;
  transient: true;
};

/** The options of `createSubAgentMessages`. */
export type SubAgentMessagesOptions = {
  /** How long chunks are collected before a message is built again. @default 100 */
  throttleMs?: number;
  /** Told when messages have changed. What it throws is swallowed. */
  onChange?: () => void;
};

/** The messages of the sub-agents that are at work in a chat. */
export type SubAgentMessages<TUIMessage extends UIMessage = UIMessage> = {
  /** For `useChat({ onData })`: takes every data part, and passes over those of others. */
  onData: (part: { type: string; data?: unknown }) => void;
  /** The message so far of the sub-agent behind a tool call; the same object until it changes. */
  get: (toolCallId: string) => TUIMessage | undefined;
  /** Drops every message and takes no more parts. */
  dispose: () => void;
};
