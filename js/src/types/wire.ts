// What travels to an agent through its session's `.in`, for code that names these types: the
// inferred type of an agent, and servers that write to a session themselves.

import type { ModelMessage, UIMessage } from "ai";

/** What an agent is given: at most one message, and what it is to do with it. */
export type ChatTaskWirePayload<TMessage extends UIMessage = UIMessage, TMetadata = unknown> = {
  chatId: string;
  /** `handover-prepare` is the agent's half of a head start: it boots and waits for the handover. */
  trigger:
    | "submit-message"
    | "regenerate-message"
    | "preload"
    | "close"
    | "action"
    | "handover-prepare";
  /** The new user message, or the assistant message whose tool calls were answered. */
  message?: TMessage;
  /** The whole history, with `handover-prepare` alone: nothing is stored of a new chat yet. */
  headStartMessages?: TMessage[];
  messageId?: string;
  /** The client data. */
  metadata?: TMetadata;
  /** The action, with `trigger: "action"`. */
  action?: unknown;
  /** Where the action comes from; `client` where nothing is said. */
  actionSource?: "client" | "webhook" | "channel";
  /** What a channel (Slack, say) delivered, instead of `message`. */
  channelEvent?: {
    connectorId: string;
    /** As the provider sent it. */
    event: unknown;
    source: string;
    headers: Record<string, string>;
    /** Another one when the delivery is replayed, the same one when it is retried. */
    deliveryId: string;
    /** The provider's own id, which replays share. */
    externalDeliveryId?: string;
  };
  /** Whether an earlier run of this chat has ended. */
  continuation?: boolean;
  /** That run. */
  previousRunId?: string;
  idleTimeoutInSeconds?: number;
  /** The session's own id, where the chat's is its external one. */
  sessionId?: string;
};

/** One record of `.in`. */
export type ChatInputChunk<TMessage extends UIMessage = UIMessage, TMetadata = unknown> =
  | { kind: "message"; payload: ChatTaskWirePayload<TMessage, TMetadata> }
  | {
      kind: "stop";
      /** Why. */
      message?: string;
    }
  | {
      /** A head start's first step is done; the agent goes on from it. */
      kind: "handover";
      partialAssistantMessage: ModelMessage[];
      /** The id under which the browser already shows the answer. */
      messageId?: string;
      /** Whether the first step was the whole answer. */
      isFinal: boolean;
    }
  /** A head start failed before it had anything to hand over: the agent ends. */
  | { kind: "handover-skip" };
