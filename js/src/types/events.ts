// What an application hears of its chats. Times are in milliseconds.

/** What a send was. */
export type ChatTransportSendSource =
  | "submit-message"
  | "regenerate-message"
  | "steer"
  | "action"
  | "stop"
  | "head-start";

/**
 * What happens to a chat, for `onEvent`. The union is the published one, so that a `switch` that
 * names every member stays exhaustive; `ChatConnectionEvent` is not in it.
 */
export type ChatTransportEvent = { chatId: string; timestamp: number } & (
  | {
      /** The server acknowledged a send, after any refresh of the token. */
      type: "message-sent";
      messageId?: string;
      source: ChatTransportSendSource;
      durationMs: number;
      /** The idempotency key of the append. */
      partId?: string;
      bodyBytes?: number;
    }
  | {
      /** A send failed for good. */
      type: "message-send-failed";
      messageId?: string;
      source: ChatTransportSendSource;
      error: Error;
      status?: number;
      durationMs: number;
      partId?: string;
      bodyBytes?: number;
    }
  | {
      /** The subscription is open. */
      type: "stream-connected";
      resumed: boolean;
      /** The cursor it connected from. */
      lastEventId?: string;
      messageId?: string;
    }
  | {
      /** The first chunk of a turn. */
      type: "first-chunk";
      chunkType?: string;
      lastEventId?: string;
      messageId?: string;
      /** Since the last message was acknowledged: the time to the first token. */
      sinceSendMs?: number;
    }
  | {
      /** The agent completed the turn. */
      type: "turn-completed";
      lastEventId?: string;
      /** The agent's committed `.in` cursor. */
      sessionInEventId?: string;
      messageId?: string;
      sinceSendMs?: number;
    }
  | {
      /** The stream failed for good. */
      type: "stream-error";
      error: Error;
      status?: number;
    }
  | {
      /** The session is closed for good. */
      type: "session-closed";
      reason?: string;
      /** Whether a record told it or a refused append. */
      source: "stream" | "append";
    }
  | {
      /** The run waits for its deployment; messages are kept and answered when it lands. */
      type: "run-pending-version";
      source: "start" | "send" | "head-start" | "upgrade";
    }
);
