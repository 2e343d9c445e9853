// What programs name beside the server-side `AgentChat` and `ChatStream`, which are not here.

import type { InferChatClientData } from "./agents.js";
import type { ChatBaseURLResolver, ChatFetchOverride } from "./requests.js";

/** What a server stores of a chat between requests. */
export type ChatSession = {
  /** The cursor in `.out`. */
  lastEventId?: string;
};

/** A tool call of an answer. */
export type ChatToolCall = {
  toolName: string;
  toolCallId: string;
  input: unknown;
};

/** A tool call's result. */
export type ChatToolResult = {
  toolCallId: string;
  output: unknown;
};

/** A whole answer. */
export type ChatStreamResult = {
  text: string;
  toolCalls: ChatToolCall[];
  toolResults: ChatToolResult[];
};

/** How the runs of a session are started. */
type TriggerConfig = {
  basePayload: Record<string, unknown>;
  machine?:
    | "micro"
    | "small-1x"
    | "small-2x"
    | "medium-1x"
    | "medium-2x"
    | "large-1x"
    | "large-2x"
    | undefined;
  queue?: string | undefined;
  concurrency?: string[] | undefined;
  concurrencyKey?: string | undefined;
  tags?: string[] | undefined;
  maxAttempts?: number | undefined;
  maxDuration?: number | undefined;
  lockToVersion?: string | undefined;
  /** `null` opts out of being pinned to a version. */
  externalDeploymentId?: string | null;
  region?: string | undefined;
  idleTimeoutInSeconds?: number | undefined;
  ttl?: string | number | undefined;
};

/** The options of the server-side `AgentChat` of `@trigger.dev/sdk/chat`. */
export type AgentChatOptions<TAgent = unknown> = {
  /** The id of the agent's task. */
  agent: string;
  /** The chat's id. @default crypto.randomUUID() */
  id?: string;
  clientData?: InferChatClientData<TAgent>;
  /** What was stored of the chat. */
  session?: ChatSession;
  /** Told when the session is started. */
  onTriggered?: (event: { runId: string; chatId: string }) => void | Promise<void>;
  /** Told at the end of a turn, to store the cursor. */
  onTurnComplete?: (event: { chatId: string; lastEventId?: string }) => void | Promise<void>;
  /** @default 120 */
  streamTimeoutSeconds?: number;
  triggerConfig?: TriggerConfig;
  baseURL?: string | ChatBaseURLResolver;
  fetch?: ChatFetchOverride;
};
