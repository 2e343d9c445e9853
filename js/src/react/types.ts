// What the hooks take and give, under the names that applications import.

import type { ChatRequestOptions, FileUIPart, UIMessage } from "ai";
import type {
  InferChatClientData,
  TriggerChatTransport,
  TriggerChatTransportOptions,
} from "../index.js";
import type { AnyTask } from "./task.js";

/** The options of `useTriggerChatTransport<typeof agent>`: `task` is the agent's own id. */
export type UseTriggerChatTransportOptions<TTask extends AnyTask = AnyTask> = Omit<
  TriggerChatTransportOptions<InferChatClientData<TTask>>,
  "task"
> & {
  task: TTask["id"];
  /**
   * The chat that is on the screen, the `id` of `useChat`. When it changes, the chat before it is
   * left: its turn goes on, and coming back resumes it. Unmounting leaves every chat. Not for
   * `Chat` objects that the application keeps: they want to go on reading.
   */
  chatId?: string;
};

/** What an action made by `chat.createLoadTranscriptAction` answers. */
export type LoadTranscriptResult<TUIMessage extends UIMessage = UIMessage> = {
  messages: TUIMessage[];
  cursors?: { lastOutEventId?: string; lastInEventId?: string };
  nextCursor?: string;
};

export type UseLoadTranscriptOptions = {
  /** Its resume cursor for this chat is set to where the loaded transcript ends. */
  transport?: TriggerChatTransport;
  /** The page size that the action is asked for. */
  limit?: number;
};

/** What `steer` and `queue` take: a text, or a text with files as `sendMessage` takes it. */
export type PendingInput = string | { text: string; files?: FileList | FileUIPart[] };

/** A message that is not in the conversation yet. */
export type PendingMessage = {
  id: string;
  text: string;
  /** `steering` was sent into the running turn; `queued` waits here for its end. */
  mode: "steering" | "queued";
  /** Whether the agent took it up in the running turn. */
  injected: boolean;
  /** Whether it did not reach the server. `promoteToSteering` tries again, `discard` drops it. */
  failed: boolean;
  /** All of it. */
  parts: UIMessage["parts"];
};

export type UsePendingMessagesOptions<TUIMessage extends UIMessage = UIMessage> = {
  transport: TriggerChatTransport;
  chatId: string;
  /** These four as `useChat` gives them. */
  status: string;
  messages: TUIMessage[];
  setMessages: (fn: TUIMessage[] | ((prev: TUIMessage[]) => TUIMessage[])) => void;
  sendMessage: (message: { text: string }, options?: ChatRequestOptions) => void;
  /** Goes with every message that is sent here. */
  metadata?: Record<string, unknown>;
};

/** A message as an injection point holds it. */
export type InjectedMessage = { id: string; text: string };

export type UsePendingMessagesReturn = {
  /** What was written during the turn and is not in the conversation yet. */
  pending: PendingMessage[];
  /** Sends a message into the running turn; at rest, as `sendMessage` does. */
  steer: (input: PendingInput) => void;
  /** Keeps a message until the turn has ended; at rest, sends it as `sendMessage` does. */
  queue: (input: PendingInput) => void;
  /** Sends a queued message, or one that failed, into the running turn. */
  promoteToSteering: (id: string) => void;
  /** Drops a message that is queued, or that failed. */
  discard: (id: string) => void;
  /** Whether a part of an answer says that messages were taken up there. */
  isInjectionPoint: (part: unknown) => boolean;
  /** The ids of the messages that were taken up at such a part. */
  getInjectedMessageIds: (part: unknown) => string[];
  /** These messages; the part holds them, so this works at any time. */
  getInjectedMessages: (part: unknown) => InjectedMessage[];
};
