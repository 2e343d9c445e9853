// A chat's session: how it is started, and what an application stores of it.

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
