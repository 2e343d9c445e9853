// The public types, under the names that applications of `@trigger.dev/sdk/chat` import.

/** Which endpoint a request goes to: `in` appends, `out` is the answer's event stream. */
export type ChatTransportEndpoint = "in" | "out";

/** What `baseURL` and `fetch` are told of a request. */
export type ChatTransportEndpointContext = {
  endpoint: ChatTransportEndpoint;
  chatId: string;
};

/** `baseURL` as a function: the base for one endpoint of one chat. */
export type ChatBaseURLResolver = (ctx: ChatTransportEndpointContext) => string;

/** Stands in for `fetch`: gets the full URL and the init that `fetch` would have got. */
export type ChatFetchOverride = (
  url: string,
  init: RequestInit,
  ctx: ChatTransportEndpointContext,
) => Promise<Response>;

/** What a send was. */
export type ChatTransportSendSource =
  | "submit-message"
  | "regenerate-message"
  | "steer"
  | "action"
  | "stop"
  | "head-start";

/** What happens to a chat, for `onEvent`. Times are in milliseconds. */
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

/** What `accessToken` is called with. */
export type AccessTokenParams = { chatId: string };

/** What `startSession` is called with. */
export type StartSessionParams<TClientData = unknown> = {
  /** The `task` option. */
  taskId: string;
  chatId: string;
  /** The transport's current `clientData`; an empty object where there is none. */
  clientData: TClientData;
};

/** What `startSession` resolves to. */
export type StartSessionResult = {
  /** The token of the session, for reading and writing it. */
  publicAccessToken: string;
  /** Pass on what the server said: the transport then emits `run-pending-version`. */
  pendingVersion?: boolean;
};

/** A session's state, to store and to hand to `sessions` after a reload. */
export type ChatSessionPersistedState = {
  publicAccessToken: string;
  /** The cursor in `.out`: while a turn streams, the one from before its first record. */
  lastEventId?: string;
  /** The `.in` sequence number of the append whose turn is not complete yet. */
  activeInputSeq?: number;
  isStreaming?: boolean;
  closed?: boolean;
  closedReason?: string;
};

type Metadata<TClientData> =
  TClientData extends Record<string, unknown> ? TClientData : Record<string, unknown>;

/** The options of `TriggerChatTransport`. */
export type TriggerChatTransportOptions<TClientData = unknown> = {
  /** The id of the chat agent's task. */
  task: string;
  /** Returns a fresh token for a session that exists; called when the server refuses the old one. */
  accessToken: (params: AccessTokenParams) => string | Promise<string>;
  /** Creates the session, or finds it, on your server. Called once for a chat without a token. */
  startSession?: (
    params: StartSessionParams<Metadata<TClientData>>,
  ) => Promise<StartSessionResult>;
  /** The API's base URL, or a function that picks one. @default "https://api.trigger.dev" */
  baseURL?: string | ChatBaseURLResolver;
  /** @deprecated Give `baseURL` a function. Wins over it for the `out` endpoint. */
  streamBaseURL?: string;
  /** Stands in for `fetch`, read anew for every request. */
  fetch?: ChatFetchOverride;
  /** Told what happens. What it throws is swallowed. */
  onEvent?: (event: ChatTransportEvent) => void;
  /** Headers for every request, under the transport's own. */
  headers?: Record<string, string>;
  /** How long a response waits for records before the server ends it. @default 120 */
  streamTimeoutSeconds?: number;
  /** Sent as `metadata` with everything; the metadata of one call goes over it. */
  clientData?: Metadata<TClientData>;
  /** Sessions stored by `onSessionChange`, by chat id. */
  sessions?: Record<string, ChatSessionPersistedState>;
  /** Told of every change of a session's state, to store it. What it throws is swallowed. */
  onSessionChange?: (chatId: string, session: ChatSessionPersistedState | null) => void;
  /** Keep subscriptions open behind the end of a turn, to follow a chat from outside. */
  watch?: boolean;
};

/** Where an action was processed. */
export type ChatActionSettlement = {
  /** The sequence number of the action's append. */
  inputSeq: number;
  /** The agent's committed `.in` cursor, at or past `inputSeq`. */
  sessionInEventId: string;
  /** The cursor of the record that said so. */
  lastEventId?: string;
};

/** The options of `sendAction`. */
export type ChatActionOptions = {
  abortSignal?: AbortSignal;
  /** Goes over the transport's `clientData`. */
  metadata?: Record<string, unknown>;
  /**
   * Told at most once that the agent has processed the action, before the stream closes. Not after
   * an abort, nor when the stream ends without saying so. What it throws is swallowed.
   */
  onSettled?: (settlement: ChatActionSettlement) => void;
};
