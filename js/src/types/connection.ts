// How a chat's connection fares: what it reads, or what it sends while nothing is read.

/**
 * - `idle`: nothing is sent and no stream is wanted.
 * - `connecting`: the first attempt to send, or to read the answer, is under way.
 * - `live`: the stream is open.
 * - `waiting`: an attempt failed, or the stream was lost; the next attempt waits for its time.
 * - `reconnecting`: that attempt is under way.
 * - `offline`: there is something to send or read, and the device says that it has no network.
 * - `closed`: the session is closed for good.
 */
export type ChatConnectionState =
  | "idle"
  | "connecting"
  | "live"
  | "waiting"
  | "reconnecting"
  | "offline"
  | "closed";

/** What `connection(chatId)` answers: a snapshot. */
export type ChatConnection = {
  state: ChatConnectionState;
  /** Attempts in a row without success, the one under way included; 0 on a live connection. */
  attempt: number;
  /** When the next attempt is made, in Unix milliseconds, while one is waited for. */
  nextRetryAt?: number;
  /** The cursor: the last record that was handed on. */
  lastEventId?: string;
  /** How many records lie between the cursor and the stream's tail, once that is known. */
  behind?: number;
};

/**
 * A chat's connection changed. `onEvent` is told of it too: a callback that wants it says so in its
 * parameter, `(event: ChatTransportEvent | ChatConnectionEvent) => void`.
 */
export type ChatConnectionEvent = {
  type: "connection-changed";
  chatId: string;
  timestamp: number;
  connection: ChatConnection;
};
